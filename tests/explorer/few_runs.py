"""Lets a page answer from few runs, so that a test waits for seconds only."""

from __future__ import annotations

import pytest

from sim.explorer import forecast_jobs, observations_view, run_cache, session, why_view
from sim.explorer.why_view import Extent

FIRST = 300


def answer_from_few_runs(
    patch: pytest.MonkeyPatch,
    updates: tuple[observations_view.Extent, ...],
    *,
    most: int = 600,
    design: tuple[int, int] = (10, 10),
    rival_runs: int = 100,
    why: tuple[Extent, Extent] = (Extent(50, 1, 50, " Being refined ..."), Extent(100, 2, 100, "")),
) -> None:
    """Set the runs of a page's answers: those of the forecast from 300 to ``most``, and those of each other answer."""
    for where in (run_cache, forecast_jobs, session):
        patch.setattr(where, "FIRST", FIRST)
    patch.setattr(run_cache, "STEPS", (FIRST, most))
    patch.setattr(run_cache, "DESIGN", design)
    patch.setattr(run_cache, "RIVAL_RUNS", rival_runs)
    patch.setattr(session, "MOST_RUNS", most)
    for name, extent in zip(("QUICK", "FULL"), why, strict=True):
        patch.setattr(why_view, name, extent)
    patch.setattr(observations_view, "LADDER", updates)
