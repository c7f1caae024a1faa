"""A scenario's forecast: a flat batch of runs, and the range of its probabilities over defensible inputs."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Unpack

from sim.analysis import nested
from sim.batch import running
from sim.batch.running import Margin, RunOptions
from sim.ensemble.ensemble import Ensemble, open_ensemble
from sim.ensemble.parquet_store import Parts
from sim.scenario.scenario import Scenario

Design = tuple[int, int]
"""Draws of the inputs, and runs of each, behind a range over inputs."""
InputsRange = dict[str, nested.GroupRange]
"""By group, what :func:`sim.analysis.nested.nested` returns."""

NO_DESIGN: Design = (0, 0)


class FlatOptions(RunOptions, total=False):
    """Options of :func:`sim.batch.running.run` for a flat batch alone."""

    keep: Collection[str]
    until: Margin | None


def usual_design(engine: str, runs: int | None, large: Design | None = None) -> Design:
    """Return the default design of a batch: none if Mesa plays it or it has few runs, else ``large``.

    ``runs`` is None for a batch that ends once its interval is narrow; ``large`` is by default that of
    :func:`sim.analysis.nested.nested`.
    """
    few = runs is not None and runs < nested.WORTH_A_DESIGN
    return NO_DESIGN if engine == "mesa" or few else large or (nested.DRAWS, nested.LUCK)


def inputs_range(scenario: Scenario, design: Design, seed: int, **options: Unpack[RunOptions]) -> InputsRange | None:
    """Return the range over inputs of a design; None for :data:`NO_DESIGN`.

    ``options`` are those of :func:`sim.analysis.nested.nested`.

    Raises
    ------
    ValueError
        If the design has one draw or one run a draw, or too many of its runs failed.
    """
    draws, luck = design
    return nested.nested(scenario, draws, luck, seed, **options) if any(design) else None


def stored_range(folder: Path, design: Design | None) -> InputsRange | None:
    """Return the range over inputs stored in a folder, if its design is ``design`` or that is None."""
    try:
        standing: InputsRange | None = Parts(folder).manifest.get("inputs_range")
    except (FileNotFoundError, ValueError):
        return None
    if standing is None or design is None:
        return standing
    about = next(iter(standing.values()))
    return standing if design == (about["draws"], about["runs_per_draw"]) else None


def forecast(
    scenario: Scenario,
    folder: Path,
    runs: int | None,
    seed: int,
    *,
    design: Design = NO_DESIGN,
    standing: InputsRange | None = None,
    flat: FlatOptions | None = None,
    **options: Unpack[RunOptions],
) -> Ensemble:
    """Return the ensemble of a scenario in its folder, with a range over inputs.

    Parameters
    ----------
    folder, runs, seed
        As for :func:`sim.batch.running.run`; the batch continues from the parts in the folder.
    design
        The design behind the range; no range for :data:`NO_DESIGN`.
    standing
        A range to store instead of computing one.
    flat
        Options of :func:`sim.batch.running.run` for the flat batch alone, such as ``keep`` and ``until``.
    options
        Options of both the flat batch and the design.

    Raises
    ------
    ValueError, BatchFailed
        As :func:`sim.batch.running.run` and :func:`inputs_range`.
    """
    batch: FlatOptions = {"keep": (), "until": None, **options}
    if flat:
        batch = {**batch, **flat}
    running.run(scenario, runs, seed, out=folder, **batch)
    over = standing or inputs_range(scenario, design, seed, **options)
    if over:
        Parts(folder).amend(inputs_range=over)
    return open_ensemble(folder)
