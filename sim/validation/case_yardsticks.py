"""Yardsticks for the engine: simple forecasts that use only a little of each case."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.validation.case_runs import CaseForecast

Floats = NDArray[np.float64]

YARDSTICKS = {
    "one_half": "always one half",
    "base_rate": "the base rate of the other cases",
    "lead_pledged": "whether a lead had pledged, by the other cases",
    "lead_pledged_in_sample": "whether a lead had pledged, its own outcome counted",
}
"""By name, what each forecast that knows no engine says; shares have half a case on either side (Jeffreys)."""


def yardsticks(known: Sequence[CaseForecast], came: Floats) -> dict[str, Floats]:
    """Return what each yardstick says of each case."""
    pledged = np.array([any(lead.stance == "pledged" for lead in each.coded.case.leads) for each in known])
    one = np.ones(len(came))
    alike = [pledged == each for each in pledged]
    return {
        "one_half": one / 2.0,
        "base_rate": (came.sum() - came + 0.5) / len(came),
        "lead_pledged": np.array(
            [(came[same].sum() - own + 0.5) / same.sum() for same, own in zip(alike, came, strict=True)]
        ),
        "lead_pledged_in_sample": np.array([(came[same].sum() + 0.5) / (same.sum() + 1.0) for same in alike]),
    }
