"""The folder of an ensemble: finding one, and filling one with the runs that it lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from sim.cli.changes import place
from sim.cli.common import fail, head, interruptible, is_of_disk, progress, refusals, tell
from sim.ensemble import atomic_files, disk, part_records
from sim.ensemble.addresses import address_of, shown

if TYPE_CHECKING:
    from sim.analysis.forecast import Design
    from sim.batch.input_design import InputDesign
    from sim.batch.running import Margin
    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario

RUNS = Path("runs")
_LOCK = (".lock", ".writer")
_TABLES = ("inputs", "actors", "weekly", "failures")
_BEFORE = ("parts", *_TABLES, "run.log", part_records.OLD_MANIFEST)
"""The files of an ensemble in formats before the third."""
_OURS = (part_records.PARTS, "runs", *map(part_records.table_folder, _TABLES), part_records.LOG, part_records.MANIFEST)
"""Everything that an ensemble consists of; the manifest, which marks a folder as one, is removed last."""


class Request(NamedTuple):
    """What a command asks for; None where the user leaves it open.

    ``design`` is (draws, runs a draw) of the range over inputs, zeros for no range; ``keep`` and ``options`` are those
    of :func:`sim.batch.running.run`, ``keep`` for the flat batch alone; ``theory`` is how many runs there are under
    each rival rule, 0 for none.
    """

    scenario: Scenario
    folder: Path
    fresh: bool
    engine: str | None
    seed: int
    runs: int | None
    more: int | None
    until: Margin | None
    design: Design | None
    keep: list[str]
    options: dict[str, Any]
    theory: int | None = 0


def default_folder(
    scenario: Scenario,
    seed: int,
    inputs: InputDesign | None = None,
    *,
    engine: str | None = None,
    relaxed: Iterable[str] = (),
    keep: Iterable[str] = (),
) -> Path:
    """Return the default folder of an ensemble; its name differs for whatever makes the ensemble a different one."""
    parts = [f"{plain_name(scenario.name)}-{scenario.hash}-seed{seed}"]
    parts += [f"plausible-{inputs.fingerprint()['sha256'][:8]}"] if inputs else []
    parts += ["mesa"] if engine == "mesa" else []
    parts += [f"open-{'-'.join(sorted(set(relaxed)))}"] if relaxed else []
    parts += [f"keep-{'-'.join(sorted(set(keep)))}"] if keep else []
    return RUNS / "-".join(parts)


def plausible_inputs(folder: Path | None, scenario: Scenario) -> InputDesign | None:
    """Return the draws of the inputs that stand in a folder, of which ``--inputs`` gives the name; None without one.

    Raises
    ------
    typer.Exit
        With status 2, after a message, if none stand there, they are damaged, or those of another config.
    """
    if folder is None:
        return None
    from sim.batch.input_design import read_design

    with refusals():
        kept = read_design(folder)
        kept.check(scenario)
    return kept


def plain_name(name: str) -> str:
    """Return the name of a scenario as a name of a file.

    >>> plain_name("baseline, changed")
    'baseline-changed'
    """
    return re.sub(r"[^\w.-]+", "-", name).strip("-")


def complete(request: Request) -> Ensemble:
    """Return the ensemble of a request, in its folder; it keeps the runs and the range that already stand there."""
    from sim.analysis.forecast import (
        NO_DESIGN,
        forecast,
        stored_range,
        stored_theory,
        usual_design,
        usual_theory,
    )
    from sim.analysis.rival_rules import count
    from sim.batch import engines
    from sim.world import building

    folder = request.folder
    with refusals():
        engine = engines.choose(building.build(request.scenario).names, request.engine, tell)
    standing, over = (0, None) if request.fresh else (_runs_standing(folder), stored_range(folder, request.design))
    rules = None if request.fresh or request.theory == 0 else stored_theory(folder, request.theory)
    runs = _runs(request, standing, engines.DEFAULT_RUNS[engine])
    design = NO_DESIGN if over else request.design or usual_design(engine, runs)
    theory = 0 if rules else usual_theory(engine, runs) if request.theory is None else request.theory
    rivals = count(request.scenario) + (runs is not None and runs < theory) if theory else 0
    total = None if runs is None else runs + design[0] * design[1] + rivals * theory
    options = request.options | {"engine": engine, "tell": tell}
    alone = interruptible() if engine == "mesa" else nullcontext()
    with _explain_how_to_continue(request, runs), refusals(), alone, progress(total, "runs") as advance:
        fewer = runs is not None and request.until is None and runs < standing
        what = f"reading the first {runs:,} of the" if fewer else "taking up"
        message = f"{what} {standing:,} runs that stand in {shown(folder)}"
        first_advance = _message_at_first(message, advance) if standing else advance
        if request.fresh:
            _remove(folder)
        flat = {"keep": request.keep, "until": request.until, "progress": first_advance}
        options |= {"design": design, "standing": over, "flat": flat, "progress": advance}
        options |= {"theory": theory, "standing_theory": rules, "stage": advance.stage}
        return forecast(request.scenario, folder, runs, request.seed, **options)


def _runs_standing(folder: Path) -> int:
    from sim.ensemble.parquet_store import runs_standing

    return runs_standing(folder)


def _remove(folder: Path) -> None:
    """Remove an earlier ensemble, if one stands there; fail if anything else stands beside it."""
    from sim.ensemble import writer

    if not _holds_a_manifest(folder):
        return
    names = [name for name in disk.current().names(folder) if not atomic_files.is_aside(name)]
    others = [name for name in names if name not in (*_OURS, *_BEFORE, *_LOCK)]
    if others or not {part_records.LOG, "run.log"} & set(names):
        what = others[0] if others else next(name for name in names if name.endswith("manifest.json"))
        fail(f"--fresh: {shown(folder)} holds {what}, which is not of an ensemble of this version; remove it yourself")
    writer.remove(folder, (*_BEFORE, *_OURS))


def _holds_a_manifest(folder: Path) -> bool:
    return bool({part_records.MANIFEST, part_records.OLD_MANIFEST} & set(disk.current().names(folder)))


def _runs(request: Request, standing: int, usual: int) -> int | None:
    """Return how many runs the ensemble is to have; None for as many as it takes."""
    if request.more is not None:
        return standing + request.more if standing else fail(f"--more: no ensemble stands in {shown(request.folder)}")
    if request.runs is not None or request.until is not None:
        return request.runs
    return max(usual, standing)


def _message_at_first(message: str, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Return ``advance`` that prints a message at its first call, when it is sure that the batch goes on."""
    waiting = [message]

    def hear(runs: int) -> None:
        while waiting:
            tell(waiting.pop())
        advance(runs)

    return hear


@contextmanager
def _explain_how_to_continue(request: Request, runs: int | None) -> Iterator[None]:
    """If a batch is interrupted, refused or out of disk, tell the user what is kept and how to continue."""
    from sim.ensemble.atomic_files import Refused

    command = "the same command"
    if request.more is not None:
        command += f", with --runs {runs} in place of --more,"
    if request.fresh:
        command += " without --fresh"
    try:
        yield
    except Refused as refusal:
        fail(f"{refusal} (--out names another folder, --fresh replaces an earlier ensemble)")
    except (KeyboardInterrupt, OSError) as error:
        if isinstance(error, OSError) and not is_of_disk(error):
            raise
        why = "interrupted" if isinstance(error, KeyboardInterrupt) else f"{error.filename}: {error.strerror}"
        tell(f"{why}; {_runs_standing(request.folder):,} runs stand in {shown(request.folder)}; {command} goes on")
        raise typer.Exit(130 if isinstance(error, KeyboardInterrupt) else 1) from None


def opened(
    what: str | None, runs: int | None = None, seed: int | None = None, sets: Sequence[str] = ()
) -> tuple[Ensemble, Path]:
    """Return the ensemble that a command is about, and its folder.

    Parameters
    ----------
    what
        The folder of an ensemble; or a config, whose ensemble at hand is taken, and else run; None for the ensemble
        written last. The manifest is written whenever runs are finished or added, so that is the one with the newest.
    runs
        How many runs are looked at, from the first on; of a config, those that are lacking are played.
    seed, sets
        The root seed of a config, None for any at hand or else 1, and the changes of ``--set``.

    Raises
    ------
    typer.Exit
        With status 2, after a message, if no ensemble stands there or it cannot be read.
    InputError
        If the config has mistakes.
    """
    from sim.ensemble.ensemble import open_ensemble

    folder = latest() if what is None else place(what)
    if what is not None and _is_config(folder, what):
        return _of_config(what, runs, seed, list(sets))
    if sets or seed is not None:
        fail(f"--set and --seed go with a CONFIG, and {shown(folder)} is the folder of an ensemble")
    try:
        return open_ensemble(folder, runs), folder
    except (FileNotFoundError, NotADirectoryError):
        fail(f"{shown(folder)}: no ensemble stands here; sim run CONFIG --out {shown(folder)} writes one")
    except ValueError as error:
        fail(f"{shown(folder)}: {error}")


def _is_config(folder: Path, what: str) -> bool:
    """Return whether a word names a scenario rather than a folder."""
    from sim.scenario.loading import names

    if address_of(folder) or folder.is_dir():
        return False
    return folder.is_file() or what in names() or folder.suffix.lower() in (".yaml", ".yml")


def _of_config(config: str, runs: int | None, seed: int | None, sets: list[str]) -> tuple[Ensemble, Path]:
    """Return the ensemble of a config: the stored one, with the runs that it lacks, or else a new one."""
    from sim.analysis.forecast import NO_DESIGN
    from sim.cli.changes import scenario as read

    scenario = read(config, sets)
    folder = _at_hand(scenario, seed) or default_folder(scenario, 1 if seed is None else seed)
    manifest = part_records.manifest_of(folder)
    seed = (manifest["seed"] if manifest else 1) if seed is None else seed
    runs = runs or _runs_standing(folder) or None
    ensemble = complete(Request(scenario, folder, False, None, seed, runs, None, None, NO_DESIGN, [], {}))
    tell(f"the ensemble is {folder}")
    return ensemble, folder


def _at_hand(scenario: Scenario, seed: int | None) -> Path | None:
    """Return the folder of an ensemble of a scenario as it stands, of a seed or of any, the one with most runs."""
    from sim.batch.manifest import writer

    fitting = []
    for folder, about in standing_ensembles():
        same = about.get("hash") == scenario.hash and seed in (None, about.get("seed"))
        as_it_is = not about.get("relaxed") and not about.get("design") and not about.get("keep")
        if same and as_it_is and about.get("engine") == "compiled" and about.get("writer") == writer("compiled"):
            fitting.append((_runs_standing(folder), folder.name, folder))
    return max(fitting)[2] if fitting else None


def standing_ensembles() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the folders of ensembles under ``runs`` with their manifests, by name."""
    for path in sorted(RUNS.glob(f"*/{part_records.MANIFEST}")):
        about = None
        try:
            about = part_records.manifest_of(path.parent)
        except atomic_files.Refused as refusal:
            tell(str(refusal))
        if about:
            yield path.parent, about


def latest() -> Path:
    """Return the folder of the ensemble written last under ``runs``.

    Raises
    ------
    typer.Exit
        With status 2, after a message, if there is none.
    """
    manifests = RUNS.glob(f"*/{part_records.MANIFEST}")
    written = sorted(manifests, key=lambda path: (path.stat().st_mtime_ns, path.parent.name))
    return written[-1].parent if written else fail("no ensemble stands under runs; sim run CONFIG writes one there")


def is_cut(ensemble: Ensemble) -> bool:
    """Return whether an ensemble is the first runs of one that has more."""
    parts = ensemble.manifest.get("parts") or [{"first": 0, "runs": 0}]
    return int(ensemble.manifest["runs"]) < int(parts[-1]["first"] + parts[-1]["runs"])


def head_of(ensemble: Ensemble) -> None:
    """Print the first line of what is said of an ensemble: its scenario, runs and seed."""
    head(ensemble.manifest["scenario"], ensemble.manifest["seed"], len(ensemble) + ensemble.failed)


def about(ensemble: Ensemble) -> dict[str, Any]:
    """Return the scenario of an ensemble, its root seed, and the stamp of a scenario that is no baseline."""
    return {key: ensemble.manifest[key] for key in ("scenario", "seed")} | {"not_baseline": ensemble.stamp or None}
