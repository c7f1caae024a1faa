"""Broker, leads and contributors of a case as actors of a theatre (rules 5 to 7, 9, 13 and 14)."""

from __future__ import annotations

from typing import Any

from sim import vocabulary
from sim.validation import case_numbers as numbers
from sim.validation.case_format import Broker, Case, Sender
from sim.validation.case_names import words_of
from sim.validation.case_numbers import Triple, number
from sim.validation.case_parties import OTHERS, Parties
from sim.validation.case_sides import positions
from sim.validation.case_sizes import discussed

_FIRM = {"russian_consent": "firm_on_consent", "company": "firm_on_company", "us_backstop": "firm_on_backstop"}
"""The pool of who names a demand itself."""
_STATES_THAT_FOLLOW = 4


def senders(case: Case, parties: Parties) -> dict[str, Any]:
    """Return leads, contributors and the others who may follow as actors, by key."""
    own = {key: _sender(case, parties, key, sender) for key, sender in parties.senders.items()}
    return {**own, OTHERS: _others(case)}


def _sender(case: Case, parties: Parties, key: str, sender: Sender) -> dict[str, Any]:
    does_lead = key in parties.leads
    asked = demands(case, parties, key, sender)
    share = numbers.LEAD if does_lead else numbers.FOLLOWER
    pools = [_FIRM[demand] for demand in asked if demand in _FIRM]
    pools += ["leads"] * does_lead + ["prior_vote"] * _asks_a_vote(sender)
    usual = ["russian_consent"] if does_lead else ["russian_consent", "company"]
    about: dict[str, Any] = {"name": sender.name, "roles": ["contributor"], "european": True}
    about |= {"pools": pools} if pools else {}
    about |= _stance(sender, asked)
    about["needs"] = dict.fromkeys([*usual, *(demand for demand in asked if demand not in usual)], "inherited")
    about["capacity_troops"] = _capacity(case, share, f"{sender.name}, {'a lead' if does_lead else 'no lead'}")
    if does_lead:
        about["positions"] = positions(case.missions, f"{sender.name} would have what is discussed (rule 13).")
    return about


def _stance(sender: Sender, asked: list[str]) -> dict[str, Any]:
    """Return the stance, read as what a state would do with its condition met, and what was missing when it spoke."""
    missing = ["truce"] * _waits_for_a_truce(sender) + asked
    on_terms = bool(missing) or _asks_a_vote(sender)
    shares = (numbers.STANCES_ON_TERMS if on_terms else numbers.STANCES)[sender.stance]
    return {
        "stance": {**shares, "assumption": _stance_reason(sender, on_terms)},
        **({"given": missing} if missing else {}),
    }


def _stance_reason(sender: Sender, on_terms: bool) -> str:
    waits = f"waiting for “{sender.condition}”" if sender.condition else "waiting for nothing named"
    read = "read with its condition met" if on_terms else "read as it stands"
    return f"{sender.name} is coded {sender.stance}, {waits}, by {sender.seen}, and {read} (rules 6 and 7)."


def _others(case: Case) -> dict[str, Any]:
    why = "States that nobody named yet: in most coalitions more serve than were heard of at first (rule 6)."
    return {
        "name": "others who may follow",
        "roles": ["contributor"],
        "states": _STATES_THAT_FOLLOW,
        "stance": {**numbers.FOLLOWERS, "assumption": why},
        "needs": {"russian_consent": "inherited", "company": "inherited"},
        "capacity_troops": _capacity(case, numbers.OTHERS, "all others together"),
    }


def _capacity(case: Case, share: Triple, who: str) -> dict[str, Any]:
    size = discussed(case)
    return number(share.times(size), f"{who}, as a share of the {size:,.0f} discussed (rule 9).")


def demands(case: Case, parties: Parties, key: str, sender: Sender) -> list[str]:
    """Return the demands that a condition names; a broker asks for no backstop of its own."""
    known, condition = numbers.words(), words_of(sender.condition)
    named = [demand for demand in ("russian_consent", "company", "definition") if condition & set(known[demand])]
    if parties.broker not in (None, key):
        backing = set(known["us_backstop"]) | _called(parties.names[str(parties.broker)])
        named += ["us_backstop"] * bool(condition & backing)
    return named


def _called(broker: str) -> set[str]:
    """Return the words by which a broker is called: those of its name that are not small, and others on a list."""
    own = {word for word in words_of(broker) if len(word) > 3 and word not in ("with", "united", "states", "union")}
    also = numbers.words()["also_called"]
    return own | {word for name, words in also.items() if name in broker.casefold() for word in words}


def _waits_for_a_truce(sender: Sender) -> bool:
    return bool(words_of(sender.condition) & set(numbers.words()["truce"]))


def _asks_a_vote(sender: Sender) -> bool:
    return bool(words_of(sender.condition) & set(numbers.words()["vote"]))


def broker(case: Case, parties: Parties, sender: dict[str, Any]) -> dict[str, Any]:
    """Return the broker as an actor; ``sender`` is what it is as a contributor, if it is one."""
    power = case.broker
    if power is None or parties.broker is None:
        raise ValueError("the case has no broker")
    about = {**sender, "name": power.name, "roles": ["broker", *sender.get("roles", [])], "great_power": True}
    about["positions"] = positions(case.missions, f"{power.name} would have what is discussed (rule 13).")
    about["backstop"] = {"offers": _offers(power)}
    return about


def _offers(power: Broker) -> dict[str, Any]:
    under_conditions = bool(words_of(power.note) & set(numbers.words()["conditional"]))
    rungs = vocabulary.RUNGS
    at = rungs.index(power.backing)
    low, high = rungs[max(0, at - 1)], rungs[min(len(rungs) - 1, at + 1)]
    least = {"none": "100%"} if at == 0 else {low: "20%", power.backing: "80%"}
    if under_conditions and at:
        least = {"none": "50%", power.backing: "50%"}
    most = {"none": "70%", high: "30%"} if at == 0 else {power.backing: "80%", high: "20%"}
    most = {power.backing: "100%"} if high == power.backing else most
    why = f"Backing is coded {power.backing}{', under conditions' * under_conditions}, by {power.seen} (rule 5)."
    return {"assumption": why, "at_least": least, "at_most": most}
