"""``sim replay``: one run as a story, and as one figure; of a batch, the most typical run or the most surprising."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import figures
from sim.cli.changes import scenario as read
from sim.cli.common import fail, progress, refusals, say, tell
from sim.cli.ensemble_folder import default_folder
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Set

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario

LOOKED_AT = 5_000
Number = Annotated[
    int | None, typer.Option("--run", metavar="K", help="Number of the run, from 0.", min=0, max=99_999_999)
]
Typical = Annotated[str | None, typer.Option(metavar="OUTCOME", help="The most typical run of an outcome.")]
Surprising = Annotated[bool, typer.Option("--surprising", help="The run whose outcome its inputs made least likely.")]
Seed = Annotated[
    int | None,
    typer.Option(metavar="S", min=0, max=2**63 - 1, help="Root seed; default 1, or that of the ensemble looked at."),
]


def replay(
    config: Config,
    number: Number = None,
    typical: Typical = None,
    surprising: Surprising = False,
    seed: Seed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    figure: FigureFile = None,
) -> None:
    """Tell one run as a story, week by week, or draw it.

    --typical and --surprising look among the runs that stand in runs/SCENARIO-HASH-seedS, or else among 5,000 new ones.
    """
    from sim.story import narrative

    if sum((number is not None, typical is not None, surprising)) != 1:
        fail("expected one of --run K, --typical OUTCOME and --surprising")
    figures.check(figure)
    scenario = read(config, sets)
    if number is None:
        number, seed = _choose(scenario, typical, seed)
    seed = 1 if seed is None else seed
    with refusals():
        text = narrative.tell(scenario, seed, number)
    if figure is not None:
        _draw(scenario, seed, number, figure)
    say(f"{scenario.name}: run {number}, seed {seed}.", "", text.rstrip("\n"))


def _choose(scenario: Scenario, outcome: str | None, seed: int | None) -> tuple[int, int]:
    from sim.analysis import typical_runs

    with refusals():
        ensemble = _batch(scenario, seed)
        ranking = typical_runs.typical(ensemble, outcome) if outcome is not None else typical_runs.surprising(ensemble)
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


def _draw(scenario: Scenario, seed: int, number: int, figure: Path) -> None:
    from sim.plots.replay import story
    from sim.story.replay import replay as again

    with refusals():
        play = again(scenario, seed, number)
    figures.save(story(play), figure)
