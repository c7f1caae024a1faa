"""Commands that run scenarios: run, compare, replay."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim import vocabulary
from sim.cli.common import Config, Json, fail, interruptible, progress, refusals, say, say_json, tell

if TYPE_CHECKING:
    from sim.config import Scenario
    from sim.ensemble import Ensemble

RUNS = 2000

Runs = Annotated[int, typer.Option(help="How many runs.")]
Seed = Annotated[
    int, typer.Option(metavar="S", min=0, max=2**63 - 1, help="Root seed; run K of a seed is always the same.")
]
Set = Annotated[list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change one value; may be repeated.")]
Workers = Annotated[int | None, typer.Option(help="Processes; by default one a core. They change no result.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the ensemble; default runs/SCENARIO-HASH.")]
Relaxed = Annotated[list[str], typer.Option(metavar="GATE", help=f"Hold a gate open: {', '.join(vocabulary.GATES)}.")]
Nested = Annotated[str | None, typer.Option(metavar="DRAWSxLUCK", help="Range over inputs, e.g. 200x200; takes long.")]


def run(
    config: Config,
    runs: Runs = RUNS,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    engine: Annotated[
        Literal["mesa", "compiled"], typer.Option(help="Engine; compiled is not part of this version.")
    ] = "mesa",
    workers: Workers = None,
    out: Out = None,
    keep: Annotated[Literal["weekly"] | None, typer.Option(help="Keep every week of every run.")] = None,
    nested: Nested = None,
    relaxed: Relaxed = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Run a scenario many times, and tell the answer."""
    if engine == "compiled":
        fail("--engine: the compiled engine is not part of this version; allowed: mesa")
    design = _design(nested)
    scenario = _scenario(config, sets)
    folder = out if out is not None else Path("runs") / f"{_slug(scenario.name)}-{scenario.hash}"
    _make_sure_of(folder)
    ensemble = _ensemble(scenario, runs, seed, design, workers=workers, relaxed=relaxed, keep_weekly=keep is not None)
    replaced = folder.exists()
    _save(ensemble, folder)
    tell(f"ensemble written to {folder}{', replacing an earlier one' if replaced else ''}")
    say_json(ensemble.summary()) if as_json else _report(ensemble)


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="Scenario to compare with.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Scenario compared.")],
    runs: Runs = RUNS,
    seed: Seed = 1,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Tell what changes from A to B, run by run under the same luck."""
    from sim import tables
    from sim.analysis import compare as analysis

    first, second = _scenario(a), _scenario(b)
    with refusals(), interruptible(), progress(2 * runs, "runs") as advance:
        table = analysis.compare(first, second, runs, seed, workers=workers, progress=advance)
    if as_json:
        about = {"a": first.name, "b": second.name, "runs": runs, "seed": seed, "sentence": table.attrs["sentence"]}
        say_json({**about, "quantities": table.to_dict("index")})
        return
    say(table.attrs["sentence"])
    say()
    say(tables.differences(table, first.name, second.name))


def replay(
    config: Config,
    number: Annotated[
        int, typer.Option("--run", metavar="K", help="Number of the run, from 0.", min=0, max=99_999_999)
    ],
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006
) -> None:
    """Tell one run as a story, week by week."""
    from sim import story

    scenario = _scenario(config, sets)
    with refusals():
        told = story.tell(scenario, seed, number)
    say(told.rstrip("\n"))


def _scenario(config: str, sets: list[str] | None = None) -> Scenario:
    """Return the scenario with the changes of ``--set`` made; all that is wrong with them is told at once."""
    from sim.config import load

    scenario = load(config)
    return _changed(scenario, sets) if sets else scenario


def _changed(scenario: Scenario, sets: list[str]) -> Scenario:
    from sim.reading import InputError

    edits, faults = _edits(sets)
    try:
        changed = scenario.change(edits, assumption="command line")
    except InputError as error:
        faults += error.faults
        changed = scenario
    if faults:
        raise InputError([*faults, *_faults_alone(scenario, edits)])
    return changed


def _edits(sets: list[str]) -> tuple[dict[str, Any], list[Any]]:
    """Return the values of ``--set`` by path, and what cannot be read."""
    from sim.reading import Fault, InputError, Place, parse_yaml

    edits: dict[str, Any] = {}
    faults: list[Fault] = []
    for text in sets:
        path, given, value = text.partition("=")
        wrong = "expected PATH=VALUE (null removes)" if not (path and given and value.strip()) else ""
        wrong = f"{path} is given twice" if path in edits else wrong
        if wrong:
            faults.append(Fault(Place("--set"), text, wrong))
            continue
        try:
            edits[path] = parse_yaml(value, f"--set {path}").data
        except InputError as error:
            faults += error.faults
    return edits, faults


def _faults_alone(scenario: Scenario, edits: dict[str, Any]) -> list[Any]:
    """Return the faults of each edit made alone: together one kind of fault may hide another."""
    from sim.reading import InputError

    faults: list[Any] = []
    for path, value in edits.items():
        try:
            scenario.change({path: value}, assumption="command line")
        except InputError as error:
            faults += error.faults
    return faults


def _design(nested: str | None) -> tuple[int, int] | None:
    if nested is None:
        return None
    shape = re.fullmatch(r"(\d{1,6})x(\d{1,6})", nested)
    if shape is None or min(int(shape[1]), int(shape[2])) < 2:
        fail(f"--nested: {nested!r} is not DRAWSxLUCK, both at least 2, such as 200x200")
    return int(shape[1]), int(shape[2])


def _ensemble(scenario: Scenario, runs: int, seed: int, design: tuple[int, int] | None, **options: Any) -> Ensemble:
    from sim import batch

    draws, luck = design or (0, 0)
    with refusals(), interruptible(), progress(max(0, runs) + draws * luck, "runs") as advance:
        ensemble = batch.run(scenario, runs, seed, progress=advance, **options)
        if design is not None:
            from sim.analysis import uncertainty

            workers = options["workers"]
            found = uncertainty.nested(scenario, draws, luck, seed, workers=workers, progress=advance)
            ensemble.inputs_range = ensemble.manifest["inputs_range"] = found
    return ensemble


def _make_sure_of(folder: Path) -> None:
    """Fail before any run if the ensemble could not be written to ``folder``."""
    if folder.exists() and not (folder / "manifest.json").is_file() and (not folder.is_dir() or any(folder.iterdir())):
        fail(f"--out: {folder} exists and holds no ensemble; allowed: a new or empty folder, or an earlier ensemble")
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        fail(f"--out: {folder} cannot be written: {above} is no folder that you may write to")


def _save(ensemble: Ensemble, folder: Path) -> None:
    try:
        ensemble.save(folder.resolve())
    except OSError as error:
        fail(f"--out: {folder} cannot be written: {error.strerror or error}")


def _slug(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-")


def _report(ensemble: Ensemble) -> None:
    from sim import answer, tables

    say(answer.sentence(ensemble))
    say(answer.strength(ensemble))
    say(answer.noise(ensemble))
    for note in (*ensemble.manifest["notes"], *(f"held open: {gate}" for gate in ensemble.manifest["relaxed"])):
        say(f"Note: {note}.")
    for table in (tables.horizons, tables.outcomes, tables.joiners, tables.missing):
        say()
        say(table(ensemble))
    say()
    say(f"Words (ICD 203): {tables.words_of_likelihood()}.")
