"""The leverage network of a case: pressure, patrons, threats, examples, cover, the Council (rules 3, 7, 8 and 12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.validation import case_numbers as numbers
from sim.validation.case_format import Case, Lever
from sim.validation.case_missions import needs_mandate
from sim.validation.case_numbers import number
from sim.validation.case_parties import COUNCIL, OTHERS, Parties
from sim.validation.case_senders import demands

_CHANNELS = {
    ("opponent", "offered"): "normalisation",
    ("opponent", "pressed"): "bank_sanctions",
    ("host", "offered"): "patronage",
    ("host", "pressed"): "military_aid",
}
INHERITED = "inherited"


def network(case: Case, parties: Parties) -> dict[str, Any]:
    """Return the edges of a case by key; of several with one key the last stands."""
    return {
        **dict(_patrons(case, parties)),
        **dict(_levers(case, parties)),
        **dict(_threats(case, parties)),
        **dict(_examples(parties)),
        **dict(_cover(case, parties)),
        **dict(_council(case, parties)),
    }


def has_council(case: Case) -> bool:
    """Return whether some mission discussed needs a mandate, so that the Council has a say."""
    return any(needs_mandate(case, kind) for kind in case.missions)


def _patrons(case: Case, parties: Parties) -> Iterator[tuple[str, Any]]:
    for patron in case.patrons:
        source = parties.source(patron.name)
        for client in parties.belligerents(patron.over):
            if client != source:
                yield f"{source}->{client}/patronage", INHERITED


def _levers(case: Case, parties: Parties) -> Iterator[tuple[str, Any]]:
    for lever in case.leverage:
        source = parties.source(lever.by)
        for target in parties.belligerents(lever.against):
            if target != source:
                part = "host" if target == parties.host else "opponent"
                channel = _CHANNELS[part, "offered" if lever.status == "offered" else "pressed"]
                yield f"{source}->{target}/{channel}", {"willingness": _willingness(lever)}


def _willingness(lever: Lever) -> dict[str, Any]:
    why = f"{lever.means} by {lever.by}, coded as {lever.status}, by {lever.seen} (rule 12)."
    return number(numbers.WILLINGNESS[lever.status], why)


def _threats(case: Case, parties: Parties) -> Iterator[tuple[str, Any]]:
    sides = {parties.host: parties.host_side, **parties.opponents}
    for key, side in sides.items():
        if side.consent == "refuses":
            yield from ((f"{key}->{sender}/escalation_threat", INHERITED) for sender in [*parties.senders, OTHERS])


def _examples(parties: Parties) -> Iterator[tuple[str, Any]]:
    for lead in parties.leads:
        followers = [key for key in parties.senders if key not in parties.leads]
        yield from ((f"{lead}->{key}/troop_example", INHERITED) for key in [*followers, OTHERS])


def _cover(case: Case, parties: Parties) -> Iterator[tuple[str, Any]]:
    for key, sender in parties.senders.items():
        if "us_backstop" in demands(case, parties, key, sender):
            yield f"{parties.broker}->{key}/security_guarantee", INHERITED


def _council(case: Case, parties: Parties) -> Iterator[tuple[str, Any]]:
    if has_council(case):
        gate = numbers.COUNCIL.get(case.mandate.unsc)
        why = f"A mandate of the Council is coded {case.mandate.unsc}, by {case.mandate.seen} (rule 8)."
        edge = {"open": {**gate, "assumption": why}} if gate else INHERITED
        yield f"{COUNCIL}->{parties.host}/security_council_veto", edge
