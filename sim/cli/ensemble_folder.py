"""The ensemble that a command writes: its folder, what stands in it, and the runs that it lacks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from sim.analysis.forecast import NO_DESIGN, Design, _range_standing
from sim.cli.common import fail, interruptible, is_of_disk, progress, refusals, tell
from sim.ensemble.parquet_store import _standing

if TYPE_CHECKING:
    from sim.batch.running import Margin
    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario

_LOCK = ".lock"
_OURS = ("parts", "runs", "inputs", "actors", "weekly", "failures", "run.log", "manifest.json")
"""What an ensemble consists of; the manifest, which tells that it is one, goes last."""


class Asked(NamedTuple):
    """What a command was asked for; None where nothing was said.

    ``design`` is (draws, runs a draw) of the range over inputs, zeros for no range; ``keep`` and ``options`` are those
    of :func:`sim.batch.running.run`, ``keep`` for the flat batch alone.
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


def default_folder(scenario: Scenario) -> Path:
    """Return where the ensemble of a scenario stands if no other folder is named."""
    return Path("runs") / f"{plain_name(scenario.name)}-{scenario.hash}"


def plain_name(name: str) -> str:
    """Return the name of a scenario as a name of a file.

    >>> plain_name("baseline, changed")
    'baseline-changed'
    """
    return re.sub(r"[^\w.-]+", "-", name).strip("-")


def computed(asked: Asked) -> Ensemble:
    """Return the ensemble asked for, in its folder; the runs and the range that stand there are taken up."""
    from sim.analysis import nested
    from sim.batch import engines, running
    from sim.ensemble.ensemble import open_ensemble
    from sim.ensemble.parquet_store import Parts
    from sim.world import building

    folder = asked.folder
    with refusals():
        engine = engines.choose(building.build(asked.scenario).names, asked.engine, tell)
    stood, over = (0, None) if asked.fresh else (_standing(folder), _range_standing(folder, asked.design))
    runs = _runs(asked, stood, engines.DEFAULT_RUNS[engine])
    looks_around = runs is not None and runs < nested.WORTH_A_DESIGN
    default = NO_DESIGN if engine == "mesa" or looks_around else (nested.DRAWS, nested.LUCK)
    draws, luck = NO_DESIGN if over else asked.design or default
    total = None if runs is None else runs + draws * luck
    options = asked.options | {"engine": engine, "tell": tell}
    alone = interruptible() if engine == "mesa" else nullcontext()
    with _told_how_to_go_on(asked, runs), refusals(), alone, progress(total, "runs") as advance:
        hears = _first_told(f"taking up {stood:,} runs that stand in {folder}", advance) if stood else advance
        if asked.fresh:
            _remove(folder)
        flat: dict[str, Any] = {"out": folder, "keep": asked.keep, "until": asked.until, "progress": hears}
        running.run(asked.scenario, runs, asked.seed, **flat, **options)
        if draws:
            over = nested.nested(asked.scenario, draws, luck, asked.seed, progress=advance, **options)
        if over:
            Parts(folder).amend(inputs_range=over)
    return open_ensemble(folder)


def _remove(folder: Path) -> None:
    """Remove an earlier ensemble, if one stands there; fail if anything else stands beside it."""
    from sim.ensemble import atomic_files

    if not (folder / "manifest.json").is_file():
        return
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in (*_OURS, _LOCK))
    if others or not (folder / "run.log").is_file():
        what = others[0] if others else "manifest.json"
        fail(f"--fresh: {folder} holds {what}, which is not of an ensemble of this version; remove it yourself")
    with atomic_files.locked(folder):
        for name in _OURS:
            shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink(missing_ok=True)


def _runs(asked: Asked, stood: int, usual: int) -> int | None:
    """Return how many runs the ensemble is to have; None for as many as it takes."""
    if asked.more is not None:
        return stood + asked.more if stood else fail(f"--more: no ensemble stands in {asked.folder}")
    if asked.runs is not None or asked.until is not None:
        return asked.runs
    return max(usual, stood)


def _first_told(message: str, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Return ``advance`` with a message told when it is first called: once it is sure that the batch goes on."""
    told: list[str] = []

    def hear(runs: int) -> None:
        if not told:
            told.append(message)
            tell(message)
        advance(runs)

    return hear


@contextmanager
def _told_how_to_go_on(asked: Asked, runs: int | None) -> Iterator[None]:
    """Tell, where a batch is interrupted, refused or out of disk, what stands and what to do."""
    from sim.ensemble.atomic_files import Refused

    again = "the same command"
    if asked.more is not None:
        again += f", with --runs {runs} in place of --more,"
    if asked.fresh:
        again += " without --fresh"
    try:
        yield
    except Refused as refused:
        fail(f"{refused} (--out names another folder, --fresh replaces an earlier ensemble)")
    except (KeyboardInterrupt, OSError) as error:
        if isinstance(error, OSError) and not is_of_disk(error):
            raise
        why = "interrupted" if isinstance(error, KeyboardInterrupt) else f"{error.filename}: {error.strerror}"
        tell(f"{why}; {_standing(asked.folder):,} runs stand in {asked.folder}; {again} goes on")
        raise typer.Exit(130 if isinstance(error, KeyboardInterrupt) else 1) from None


RUNS = Path("runs")


def opened(folder: Path | None) -> tuple[Ensemble, Path]:
    """Return the ensemble in ``folder``, or the one written last, and where it stands; fail in a line if there is none.

    The last is the one whose manifest was written last: it is, whenever runs are finished or added.
    """
    from sim.ensemble.ensemble import open_ensemble

    folder = latest() if folder is None else folder
    try:
        return open_ensemble(folder), folder
    except (FileNotFoundError, NotADirectoryError):
        fail(f"{folder}: no ensemble stands here; sim run CONFIG --out {folder} writes one")
    except ValueError as error:
        fail(f"{folder}: {error}")


def latest() -> Path:
    """Return the folder of the ensemble written last under ``runs``; fail if there is none."""
    written = sorted(RUNS.glob("*/manifest.json"), key=lambda path: (path.stat().st_mtime_ns, path.parent.name))
    return written[-1].parent if written else fail("no ensemble stands under runs; sim run CONFIG writes one there")


def about(ensemble: Ensemble) -> dict[str, Any]:
    """Return what an ensemble is of: its scenario, its root seed, and the mark of a scenario that is no baseline."""
    return {key: ensemble.manifest[key] for key in ("scenario", "seed")} | {"not_baseline": ensemble.stamp or None}
