"""A scenario's forecast: a flat batch of runs, and the range of its probabilities over defensible inputs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Unpack

from sim.analysis import nested, rival_rules
from sim.batch import running
from sim.batch.running import Margin, RunOptions
from sim.ensemble.ensemble import Ensemble, open_ensemble
from sim.ensemble.parquet_store import Parts
from sim.scenario.scenario import Scenario

Design = tuple[int, int]
"""Draws of the inputs, and runs of each, behind a range over inputs."""
InputsRange = dict[str, nested.GroupRange]
"""By group, what :func:`sim.analysis.nested.nested` returns."""

TheoryRanges = dict[str, rival_rules.TheoryRange]
"""By group, what :func:`sim.analysis.rival_rules.theory_range` returns."""

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


def usual_theory(engine: str, runs: int | None) -> int:
    """Return the default runs under each rival rule: none where a batch has no nested design by default either."""
    return rival_rules.RUNS if any(usual_design(engine, runs)) else 0


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


def stored_theory(folder: Path, runs: int | None) -> TheoryRanges | None:
    """Return the range over rival rules stored in a folder, if it has ``runs`` runs a rule or that is None."""
    try:
        standing: TheoryRanges | None = Parts(folder).manifest.get("theory_range")
    except (FileNotFoundError, ValueError):
        return None
    if standing is None or runs is None:
        return standing
    return standing if runs == next(iter(standing.values()))["runs"] else None


def forecast(
    scenario: Scenario,
    folder: Path,
    runs: int | None,
    seed: int,
    *,
    design: Design = NO_DESIGN,
    standing: InputsRange | None = None,
    theory: int = 0,
    standing_theory: TheoryRanges | None = None,
    stage: Callable[[str], None] | None = None,
    flat: FlatOptions | None = None,
    **options: Unpack[RunOptions],
) -> Ensemble:
    """Return the ensemble of a scenario in its folder, with a range over inputs and one over rival rules.

    Parameters
    ----------
    folder, runs, seed
        As for :func:`sim.batch.running.run`; the batch continues from the parts in the folder.
    design
        The design behind the range; no range for :data:`NO_DESIGN`.
    standing
        A range to store instead of computing one.
    theory, standing_theory
        The runs under each rival rule, 0 for no range over them; a range to store instead of computing one.
    stage
        Called with what is about to be worked out, in a few words.
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
    stage = stage or _unheard
    stage("runs")
    running.run(scenario, runs, seed, out=folder, **batch)
    if any(design):
        stage("inputs, draw by draw")
    over = standing or inputs_range(scenario, design, seed, **options)
    if over:
        Parts(folder).amend(inputs_range=over)
    rules = standing_theory
    if theory and not rules:
        stage("rival rules, one by one")
        own = open_ensemble(folder)
        rules = rival_rules.theory_range(scenario, theory, seed, own=own, **options)
    if rules:
        Parts(folder).amend(theory_range=rules)
    return open_ensemble(folder, runs if batch["until"] is None else None)


def _unheard(_: str) -> None:
    """Do nothing with a message."""
