"""The missions that a case discusses, as a theatre states them over the base's (rules 3, 4, 8 and 9)."""

from __future__ import annotations

from typing import Any

from sim.validation import case_numbers as numbers
from sim.validation.case_format import KINDS, Case
from sim.validation.case_numbers import number
from sim.validation.case_parties import OTHERS, Parties
from sim.validation.case_sizes import target


def missions(case: Case, parties: Parties) -> dict[str, Any]:
    """Return the menu: what a case says of each mission discussed, and null for the others."""
    return {kind: _mission(case, parties, kind) if kind in case.missions else None for kind in KINDS}


def needs_mandate(case: Case, kind: str) -> bool:
    """Return whether a mission needs a mandate of the Council."""
    return kind == "un_blue_helmets" or case.mandate.unsc in numbers.SOUGHT


def _mission(case: Case, parties: Parties, kind: str) -> dict[str, Any]:
    answers = {side.name: side.word(kind) for side in parties.opponents.values()}
    least = min(answers.values(), key=numbers.READINESS.index)
    who = next(name for name, word in answers.items() if word == least)
    about: dict[str, Any] = {"un_mandate": needs_mandate(case, kind)}
    if kind not in numbers.LEDBY_UN:
        about["leads"] = list(parties.leads) or [*parties.senders, OTHERS]
    about["provocation"] = number(numbers.PROVOCATION[least], f"{who}: {least} a {_words(kind)} (rule 3).")
    if parties.host_side.word(kind) == "refuses":
        why = f"{parties.host_side.name} refuses a {_words(kind)}, so that it is worth nothing to it (rule 4)."
        about["worth"] = number(numbers.REFUSED_WORTH, why)
    size = target(case, kind)
    return about if size is None else {**about, "target_troops": size}


def _words(kind: str) -> str:
    return f"mission of the kind {kind}"
