"""``sim run``: a scenario many times, and the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim import vocabulary
from sim.cli import ensemble_folder
from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import fail, say, say_json, tell
from sim.cli.ensemble_folder import Request
from sim.cli.options import Cluster, Config, Engine, Inputs, Json, Out, Runs, Seed, Set, Workers, at_least
from sim.ensemble.addresses import shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.analysis.forecast import Design
    from sim.batch.running import Margin
    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario

More = Annotated[
    int | None, typer.Option(metavar="N", parser=at_least(1), help="Extend the ensemble that stands by N runs.")
]
Until = Annotated[
    float | None, typer.Option(metavar="HALF", help="Run until the 95% interval is +-HALF, e.g. 0.005; --runs at most.")
]
Asked = Annotated[
    str | None,
    typer.Option(
        "--of",
        metavar="EVENT",
        help="An event to count too, such as 'european and troops >= 25000'; with --until-margin, whose interval.",
    ),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Replace the ensemble that stands there, not go on with it.")]
Keep = Annotated[
    list[str],
    typer.Option(metavar="inputs|weekly", help="Keep every week; the inputs beyond 200,000 runs; may be repeated."),
]
Nested = Annotated[
    str | None,
    typer.Option(
        metavar="DRAWSxLUCK",
        help="Design of the range over inputs, or none; default 1600x25, none for mesa and below 2,000 runs.",
    ),
]
Theory = Annotated[
    str | None,
    typer.Option(
        metavar="RUNS",
        help="Runs under each rival rule, or none; default 5000, none for mesa and below 2,000 runs.",
    ),
]
Relaxed = Annotated[list[str], typer.Option(metavar="GATE", help=f"Hold a gate open: {', '.join(vocabulary.GATES)}.")]


def run(
    config: Config,
    runs: Runs = None,
    more: More = None,
    until_margin: Until = None,
    of: Asked = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    engine: Engine = None,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    fresh: Fresh = False,
    keep: Keep = [],  # noqa: B006
    nested: Nested = None,
    theory: Theory = None,
    relaxed: Relaxed = [],  # noqa: B006
    inputs: Inputs = None,
    as_json: Json = False,
) -> None:
    """Run a scenario many times, and print the answer."""
    if more is not None and (runs is not None or until_margin is not None or fresh):
        fail("--more goes without --runs, --until-margin and --fresh")
    scenario = read(config, sets)
    what = scenario.names.of_group(require_event(of, scenario.parts.missions)) if of else ""
    until = _until(until_margin, of)
    kept = ensemble_folder.plausible_inputs(inputs, scenario)
    parts: dict[str, Any] = {"engine": engine, "relaxed": relaxed, "keep": keep}
    folder = out if out is not None else ensemble_folder.default_folder(scenario, seed, kept, **parts)
    options = {"workers": workers, "relaxed": relaxed, "cluster": cluster, "plausible": kept}
    request = Request(
        scenario, folder, fresh, engine, seed, runs, more, until, design(nested), keep, options, _theory(theory)
    )
    ensemble = ensemble_folder.complete(request)
    verb = "the ensemble stands in" if ensemble_folder.is_cut(ensemble) else "ensemble written to"
    tell(f"{verb} {shown(folder)}")
    _tell_failures(ensemble)
    if as_json:
        say_json(ensemble.summary() | ({"asked": _asked(ensemble, of, what)} if of else {}))
        return
    _report(ensemble, scenario, of or "european")


def design(nested: str | None) -> Design | None:
    """Return what ``--nested`` asks for: (draws, runs of each), zeros for none; None where the user leaves it open.

    Raises
    ------
    typer.Exit
        With status 2, after a message, if it is neither ``none`` nor two numbers of at least 2.
    """
    from sim.analysis.forecast import NO_DESIGN

    if nested in (None, "none"):
        return NO_DESIGN if nested else None
    shape = re.fullmatch(r"(\d{1,6})x(\d{1,6})", nested or "")
    if shape is None or min(int(shape[1]), int(shape[2])) < 2:
        fail(f"--nested: {nested!r} is neither none nor DRAWSxLUCK, both at least 2, such as 1600x25")
    return int(shape[1]), int(shape[2])


def _theory(runs: str | None) -> int | None:
    """Return what ``--theory`` asks for: runs under each rival rule, 0 for none; None where the user leaves it open."""
    if runs in (None, "none"):
        return 0 if runs else None
    if not re.fullmatch(r"[1-9]\d{0,7}", runs or ""):
        fail(f"--theory: {runs!r} is neither none nor a number of runs under each rival rule, such as 5000")
    return int(runs or "")


def _until(half: float | None, of: str | None) -> Margin | None:
    if half is None:
        return None
    from sim.batch.running import Margin

    return Margin(half, of or "european")


def _tell_failures(ensemble: Ensemble) -> None:
    if ensemble.failed:
        first = ensemble.failures.iloc[0]
        every = len(ensemble) + ensemble.failed
        what = f"{ensemble.failed:,} of {every:,} runs failed and are left out"
        tell(f"{what}; the first, run {first['run']}: {first['error']}")


def _asked(ensemble: Ensemble, of: str, what: str) -> dict[str, Any]:
    """Return the share of an event that was asked for, as ``--json`` prints it."""
    share = ensemble.share(of)
    ends = {"probability": share.probability, "run_noise_low": share.low, "run_noise_high": share.high} if share else {}
    return {"of": of, "what": what, "count": share.hits if share else 0, **ends}


def _report(ensemble: Ensemble, scenario: Scenario, of: str) -> None:
    from sim.analysis.movers import WORTH_TELLING, movers
    from sim.cli import answer_tables
    from sim.ensemble import answer
    from sim.ensemble.likelihood_words import words_of_likelihood
    from sim.scenario import evidence_use

    ensemble_folder.head_of(ensemble)
    for line in (answer.sentence, answer.strength, answer.kind, answer.noise, answer.inputs, answer.theory):
        say(line(ensemble))
    held_open = (f"held open: {gate}" for gate in ensemble.manifest["relaxed"])
    if of != "european":
        say(answer.asked(ensemble, of))
    for note in filter(None, (*ensemble.manifest["notes"], ensemble.stamp, *held_open)):
        say(f"Note: {note}.")
    tables = (answer_tables.horizons, answer_tables.outcomes, answer_tables.joiners, answer_tables.missing)
    parts: list[RenderableType] = [table(ensemble) for table in tables]
    parts[2:2] = [answer_tables.apart(ensemble), answer.troops_left(ensemble)]
    if len(ensemble) >= WORTH_TELLING:  # a tenth of fewer runs shows nothing
        assumed = [path for path, leaf in scenario.leaves.items() if evidence_use.kind(leaf.reasons) == "assumed"]
        parts.append(answer_tables.movers(movers(ensemble, of, assumed)))
    say()
    say(*parts, f"Words (ICD 203): {words_of_likelihood()}.")
