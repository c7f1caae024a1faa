"""Host and opponents of a case as actors of a theatre, and the battlefield between them (rules 3, 4, 10, 11 and 13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim import vocabulary
from sim.validation import case_numbers as numbers
from sim.validation.case_format import Belligerent, Case
from sim.validation.case_names import is_one_party
from sim.validation.case_numbers import Triple, around, likely, number
from sim.validation.case_parties import Parties

_NEAR = 0.1
"""How far an ideal point may lie from the mean profile of missions, either way."""


def host(case: Case, parties: Parties) -> dict[str, Any]:
    """Return the host as an actor, by its key."""
    side = parties.host_side
    about: dict[str, Any] = {"name": side.name, "roles": ["belligerent"], "host": True, "pools": ["host"]}
    about["positions"] = positions(_best_kinds(case, side), f"{side.name} would have what it answers best (rule 13).")
    if side.consent == "refuses":
        about["resists_pressure"] = number(numbers.HOST_RESISTS, f"{side.name} {_coded(side)} (rule 4).")
    if side.consent == "unknown":
        about["worth_floor"] = number(numbers.HOST_UNKNOWN_FLOOR, f"What {side.name} would host is not known (rule 4).")
    if case.ceasefire_at_reference:
        leaning = around(numbers.TRUCE_LEANING, numbers.HALF_WIDTH["page"])
        why = f"A ceasefire is in force, so {side.name} took its terms (rule 10)."
        about["disposition"] = number(leaning, why)
    return {parties.host: about}


def opponents(case: Case, parties: Parties) -> dict[str, Any]:
    """Return the opponents as actors, by key."""
    return {key: _opponent(case, parties, side) for key, side in parties.opponents.items()}


def _opponent(case: Case, parties: Parties, side: Belligerent) -> dict[str, Any]:
    half = numbers.HALF_WIDTH["unknown" if side.consent == "unknown" else side.seen]
    why = f"{side.name} {_coded(side)} (rule 3)."
    about = {
        "name": side.name,
        "roles": ["belligerent"],
        "pools": ["opponent"],
        "disposition": number(around(numbers.LEANING[side.consent], half), why),
        "positions": positions(_best_kinds(case, side), f"{side.name} would have what it answers best (rule 13)."),
    }
    return {**about, "vetoes": {"light_missions": "inherited"}} if _may_veto(case, parties) else about


def _may_veto(case: Case, parties: Parties) -> bool:
    """Return whether some mission that needs acceptance provokes enough for a veto to bite."""
    light = [kind for kind in case.missions if numbers.missions()[kind].get("needs_consent") == "accepts"]
    words = {side.word(kind) for side in parties.opponents.values() for kind in light}
    return not words.isdisjoint(("refuses", "unknown"))


def _coded(side: Belligerent) -> str:
    if side.consent == "unknown":
        return "has no known answer to the force as proposed"
    return f"is coded as one that {side.consent} the force as proposed, by {side.seen}"


def _best_kinds(case: Case, side: Belligerent) -> list[str]:
    """Return the missions discussed to which a side gives its best word."""
    rank = {kind: numbers.READINESS.index(side.word(kind)) for kind in case.missions}
    return [kind for kind in case.missions if rank[kind] == max(rank.values())]


def positions(kinds: Iterable[str], why: str) -> dict[str, Any]:
    """Return the ideal point of who would have the mean of some kinds of mission."""
    profiles = [numbers.missions()[kind]["profile"] for kind in dict.fromkeys(kinds)]
    points: dict[str, Any] = {"assumption": why}
    for issue in vocabulary.ISSUES:
        mean = sum(likely(profile[issue]) for profile in profiles) / len(profiles)
        points[issue] = dict(around(mean, _NEAR, 0.0, 1.0)._asdict())
    return points


def battlefield(case: Case) -> dict[str, Any]:
    """Return the opponents' advantage on the battlefield, long-run mean, with its reason."""
    words = f"{case.battlefield.state.replace('_', ' ')}, ahead: {case.battlefield.ahead or 'nobody'}"
    return number(advantage(case), f"Coded as {words} (rule 11).")


def advantage(case: Case) -> Triple:
    """Return how far the opponents are ahead; negative if the host is."""
    ahead, plus = case.battlefield.ahead or "", numbers.ADVANTAGE
    sides = {role: [side.name for side in case.belligerents if side.role == role] for role in ("host", "opponent")}
    up = any(is_one_party(ahead, name) for name in [*sides["opponent"], *case.opponents])
    down = any(is_one_party(ahead, name) for name in [*sides["host"], case.host])
    if case.battlefield.state == "stalemate" or up == down:
        return numbers.STALEMATE
    return plus if up else Triple(-plus.high, -plus.likely, -plus.low)
