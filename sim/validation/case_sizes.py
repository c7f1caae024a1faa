"""How many troops a case speaks of (rule 9)."""

from __future__ import annotations

from typing import Any

from sim.validation import case_numbers as numbers
from sim.validation.case_format import Case
from sim.validation.case_numbers import Triple, likely, number


def discussed(case: Case) -> float:
    """Return the likely size of the largest mission of a case."""
    return max(_target(case, kind).likely for kind in case.missions)


def target(case: Case, kind: str) -> dict[str, Any] | None:
    """Return the size of a mission as a theatre states it; None where the base's figure for the kind stands."""
    if _given(case) is None:
        return None
    size = case.troops_discussed
    coded = ", ".join(f"{name} {value:,.0f}" for name, value in _coded(case).items())
    return number(_target(case, kind), f"{coded} discussed, by {size.seen} (rule 9).")


def _coded(case: Case) -> dict[str, float]:
    size = case.troops_discussed
    figures = {"low": size.low, "likely": size.likely, "high": size.high}
    return {name: value for name, value in figures.items() if value is not None}


def _given(case: Case) -> Triple | None:
    """Return the size discussed, its missing figures filled in from the others."""
    coded = _coded(case)
    if not coded:
        return None
    middle = coded.get("likely", sum(coded.values()) / len(coded))
    low = coded.get("low", numbers.LOW_SHARE * middle)
    return Triple(low, middle, coded.get("high", numbers.HIGH_SHARE * middle))


def _target(case: Case, kind: str) -> Triple:
    given = _given(case)
    if given is None:
        raw = numbers.missions()[kind]["target_troops"]
        return Triple(float(raw["low"]), likely(raw), float(raw["high"]))
    if kind == "observer":
        return Triple(*(min(numbers.MOST_OBSERVERS, max(1.0, each)) for each in given))
    return Triple(*(max(numbers.LEAST_DEPLOYED, each) for each in given))
