"""``sim run``: a scenario many times, and the answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim import vocabulary
from sim.cli import ensembles
from sim.cli.common import Config, Json, fail, say, say_json, tell
from sim.cli.edits import scenario as read
from sim.cli.ensembles import Asked, Design

if TYPE_CHECKING:
    from sim.batch import Margin
    from sim.config import Scenario
    from sim.ensemble import Ensemble

Runs = Annotated[int | None, typer.Option(help="How many runs; default 20,000, with --engine mesa 2,000.")]
More = Annotated[int | None, typer.Option(metavar="N", min=1, help="Extend the ensemble that stands by N runs.")]
Until = Annotated[
    float | None, typer.Option(metavar="HALF", help="Run until the 95% interval is +-HALF, e.g. 0.005; --runs at most.")
]
Of = Annotated[
    Literal["european", "deployed", "ceasefire"] | None, typer.Option(help="Whose interval; default european.")
]
Seed = Annotated[
    int, typer.Option(metavar="S", min=0, max=2**63 - 1, help="Root seed; run K of a seed is always the same.")
]
Set = Annotated[list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change one value; may be repeated.")]
Engine = Annotated[
    Literal["compiled", "mesa"] | None,
    typer.Option(help="Default compiled, unless the scenario needs Mesa. Results are the same."),
]
Workers = Annotated[int | None, typer.Option(help="Threads, or processes of Mesa; default one a core. Same results.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Run on the workers of a dask scheduler there.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the ensemble; default runs/SCENARIO-HASH.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Replace the ensemble that stands there, not go on with it.")]
Keep = Annotated[
    list[str],
    typer.Option(metavar="inputs|weekly", help="Keep every week; the inputs beyond 200,000 runs; may be repeated."),
]
Nested = Annotated[
    str | None,
    typer.Option(
        metavar="DRAWSxLUCK",
        help="Design of the range over inputs, or none; default 200x200, none for mesa and below 2,000 runs.",
    ),
]
Relaxed = Annotated[list[str], typer.Option(metavar="GATE", help=f"Hold a gate open: {', '.join(vocabulary.GATES)}.")]


def run(
    config: Config,
    runs: Runs = None,
    more: More = None,
    until_margin: Until = None,
    of: Of = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    engine: Engine = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    fresh: Fresh = False,
    keep: Keep = [],  # noqa: B006
    nested: Nested = None,
    relaxed: Relaxed = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Run a scenario many times, and tell the answer."""
    if more is not None and (runs is not None or until_margin is not None or fresh):
        fail("--more goes without --runs, --until-margin and --fresh")
    until = _until(until_margin, of)
    scenario = read(config, sets)
    folder = out if out is not None else ensembles.default_folder(scenario)
    options = {"workers": workers, "relaxed": relaxed, "cluster": cluster}
    asked = Asked(scenario, folder, fresh, engine, seed, runs, more, until, design(nested), keep, options)
    ensemble = ensembles.computed(asked)
    tell(f"ensemble written to {folder}")
    _tell_failures(ensemble)
    say_json(ensemble.summary()) if as_json else _report(ensemble, scenario)


def design(nested: str | None) -> Design | None:
    """Return what ``--nested`` asks for: (draws, runs of each), zeros for none; None where nothing was said."""
    if nested in (None, "none"):
        return ensembles.NO_DESIGN if nested else None
    shape = re.fullmatch(r"(\d{1,6})x(\d{1,6})", nested or "")
    if shape is None or min(int(shape[1]), int(shape[2])) < 2:
        fail(f"--nested: {nested!r} is neither none nor DRAWSxLUCK, both at least 2, such as 200x200")
    return int(shape[1]), int(shape[2])


def _until(half: float | None, of: str | None) -> Margin | None:
    if half is None:
        return fail("--of goes with --until-margin") if of else None
    from sim.batch import Margin

    return Margin(half, of or "european")


def _tell_failures(ensemble: Ensemble) -> None:
    if ensemble.failed:
        first = ensemble.failures.iloc[0]
        every = len(ensemble) + ensemble.failed
        what = f"{ensemble.failed:,} of {every:,} runs failed and are left out"
        tell(f"{what}; the first, run {first['run']}: {first['error']}")


def _report(ensemble: Ensemble, scenario: Scenario) -> None:
    from sim import answer, coverage, tables
    from sim.analysis.movers import WORTH_TELLING, movers

    say(answer.sentence(ensemble))
    say(answer.strength(ensemble))
    say(answer.noise(ensemble))
    say(answer.inputs(ensemble))
    for note in (*ensemble.manifest["notes"], *(f"held open: {gate}" for gate in ensemble.manifest["relaxed"])):
        say(f"Note: {note}.")
    for table in (tables.horizons, tables.outcomes, tables.joiners, tables.missing):
        say()
        say(table(ensemble))
    say()
    if len(ensemble) >= WORTH_TELLING:  # a tenth of fewer runs shows nothing
        assumed = [path for path, leaf in scenario.leaves.items() if coverage.kind(leaf.reasons) == "assumed"]
        say(tables.movers(movers(ensemble, "european", assumed)))
        say()
    say(f"Words (ICD 203): {tables.words_of_likelihood()}.")
