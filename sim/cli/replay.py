"""``sim replay``: one run as a story or a figure, and why an actor decided as it did in one week of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import figures
from sim.cli.changes import scenario as read
from sim.cli.common import fail, progress, refusals, say, say_json, screen_width, tell
from sim.cli.decision_tables import lines_of
from sim.cli.ensemble_folder import default_folder
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Set

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario
    from sim.story.drawn_run import DrawnRun

LOOKED_AT = 5_000
Which = Annotated[
    int | None, typer.Option("--run", metavar="K", help="Number of the run, from 0.", min=0, max=99_999_999)
]
Typical = Annotated[str | None, typer.Option(metavar="OUTCOME", help="The most typical run of an outcome.")]
Surprising = Annotated[bool, typer.Option("--surprising", help="The run whose outcome its inputs made least likely.")]
Drawn = Annotated[Path | None, typer.Option("--drawn", metavar="FILE", help="A run that sim could --example kept.")]
Explain = Annotated[
    str | None, typer.Option("--explain", metavar="ACTOR", help="Tell what ACTOR decided, term by term; with --week.")
]
Week = Annotated[float | None, typer.Option("--week", metavar="W", help="The week to explain, from 1.")]
Seed = Annotated[
    int | None,
    typer.Option(metavar="S", min=0, max=2**63 - 1, help="Root seed; default 1, or that of the ensemble looked at."),
]


def replay(
    config: Config,
    number: Which = None,
    typical: Typical = None,
    surprising: Surprising = False,
    drawn: Drawn = None,
    explain: Explain = None,
    week: Week = None,
    seed: Seed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    figure: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Tell one run as a story, week by week, or draw it; or explain what an actor decided in a week of it.

    --typical and --surprising look among the runs that stand in runs/SCENARIO-HASH-seedS, or else among 5,000 new ones.
    """
    if sum((number is not None, typical is not None, surprising, drawn is not None)) != 1:
        fail("expected one of --run K, --typical OUTCOME, --surprising and --drawn FILE")
    if wrong := _mismatches(explain, week, figure, as_json):
        fail(*wrong)
    figures.check(figure)
    scenario = read(config, sets)
    kept = _kept(drawn, scenario) if drawn is not None else None
    if number is None and kept is None:
        number, seed = _choose(scenario, typical, seed, quiet=as_json)
    run = number or 0, 1 if seed is None else seed, kept
    if explain is not None and week is not None:
        _explain(scenario, explain, week, *run, as_json)
        return
    _story(scenario, *run, figure)


def _mismatches(explain: str | None, week: float | None, figure: Path | None, as_json: bool) -> list[str]:
    """Return what options lack each other, or do not go together."""
    wrong = []
    if explain is not None and week is None:
        wrong.append("--explain: expected --week W beside it")
    if week is not None and explain is None:
        wrong.append("--week: goes with --explain ACTOR")
    if as_json and explain is None:
        wrong.append("--json: goes with --explain ACTOR --week W")
    if figure is not None and explain is not None:
        wrong.append("--figure: draws a whole run; leave --explain out")
    return wrong


def _kept(file: Path, scenario: Scenario) -> DrawnRun:
    from sim.story.drawn_run import read_drawn_run

    with refusals():
        return read_drawn_run(file, scenario)


def _choose(scenario: Scenario, outcome: str | None, seed: int | None, quiet: bool) -> tuple[int, int]:
    from sim.analysis import typical_runs

    with refusals():
        ensemble = _batch(scenario, seed)
        ranking = typical_runs.typical(ensemble, outcome) if outcome is not None else typical_runs.surprising(ensemble)
    if quiet:
        tell(ranking.sentence)
    else:
        say(ranking.sentence)
        say()
    return ranking.first, int(ensemble.manifest["seed"])


def _batch(scenario: Scenario, seed: int | None) -> Ensemble:
    """Return the ensemble of a scenario that stands in its folder, if it can be looked at, or a new one in memory."""
    from sim.batch import from_manifest, running
    from sim.ensemble.ensemble import open_ensemble

    folder = default_folder(scenario, 1 if seed is None else seed)
    try:
        standing = open_ensemble(folder)
        same = from_manifest.replayable(standing).hash == scenario.hash and not standing.manifest["relaxed"]
        if same and seed in (None, standing.manifest["seed"]):
            tell(f"looking among the {len(standing):,} runs in {folder}")
            return standing
    except (FileNotFoundError, NotADirectoryError, ValueError):
        pass  # what stands there cannot be looked at, so that new runs are
    with progress(LOOKED_AT, "runs") as advance:
        return running.run(scenario, LOOKED_AT, 1 if seed is None else seed, progress=advance, tell=tell)


def _story(scenario: Scenario, number: int, seed: int, drawn: DrawnRun | None, figure: Path | None) -> None:
    from sim.story import narrative

    with refusals():
        text = narrative.tell(scenario, seed, number, drawn, screen_width() or narrative.WIDTH)
    if figure is not None:
        _draw(scenario, number, seed, drawn, figure)
    which = f"run {number}, seed {seed}" if drawn is None else "a run drawn by sim could"
    say(f"{scenario.name}: {which}.", text.rstrip("\n"))


def _draw(scenario: Scenario, number: int, seed: int, drawn: DrawnRun | None, figure: Path) -> None:
    from sim.plots.replay import story
    from sim.story.replay import replay as again

    with refusals():
        play = again(scenario, seed, number, drawn)
    figures.save(story(play), figure)


def _explain(
    scenario: Scenario, actor: str, week: float, number: int, seed: int, drawn: DrawnRun | None, as_json: bool
) -> None:
    from sim.story.explain import explain

    with refusals():
        why = explain(scenario, actor, week, number, seed, drawn)
    if as_json:
        say_json(why.facts())
        return
    say(why.sentence)
    for decision in why.decisions:
        say()
        say(*lines_of(decision, why.numbers, scenario.mission_names))
