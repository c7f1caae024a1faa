"""What a batch writes down of itself, and what it says while it plays: manifests, parts, rows and refusals, as kept.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/batch/test_as_kept.py

writes ``tests/golden/shown/batches.txt`` anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.batch import designs, from_manifest, running
from sim.batch.design_points import kept
from sim.ensemble.ensemble import open_ensemble
from tests import kept_output
from tests.worlds import tiny

HOST = "actors.ukr.disposition"
VERSIONS = ("versions", "writer", "arithmetic", "kernel")


def plain(folder: Path) -> Any:
    """Return the manifest of a batch with much that can be asked, without versions, and the files beside it."""
    lines: list[str] = []
    options: dict[str, Any] = {"keep": ("inputs", "weekly"), "relaxed": ("council", "truce"), "tell": lines.append}
    made = sim.run(tiny().change({HOST: 2}), 40, 7, workers=1, out=folder / "out", **options)
    manifest = {key: value for key, value in made.manifest.items() if key not in (*VERSIONS, "config")}
    files = sorted(path.relative_to(folder).as_posix() for path in (folder / "out").rglob("*"))
    return manifest, dict.fromkeys(files), lines


def gone_on(folder: Path) -> Any:
    """Return the parts of a batch that was gone on with twice, once with the other engine, and how far it counted."""
    done: list[int] = []
    for runs, engine in ((10, "compiled"), (25, "compiled"), (25, "compiled")):
        running.run(tiny(), runs, 7, workers=1, out=folder / "out", engine=engine, progress=done.append)
    again = open_ensemble(folder / "out")
    return again.manifest["parts"], len(again), done


def by_mesa(_: Path) -> Any:
    made = sim.run(tiny(), 6, 7, workers=1, engine="mesa", keep=("weekly",))
    return {key: made.manifest[key] for key in ("engine", "seed", "keep", "relaxed")}, made.runs


def designed(_: Path) -> Any:
    done: list[int] = []
    nested = designs.nested_outcomes(tiny(), 3, 4, 7, ["european", "ceasefire"], workers=1, progress=done.append)
    return nested, done


def played_once_more(_: Path) -> Any:
    made = sim.run(tiny(), 12, 7, workers=1)
    return made.actor_weeks([3, 5]), from_manifest.replayable(made).name


def points(folder: Path) -> Any:
    """Return what is kept of the batches of an analysis, and that they are taken up again."""
    opened = []
    for _ in range(2):
        with kept(folder / "work") as work:
            sim.sweep(tiny(), {HOST: [0, 3]}, "ceasefire", 20, 7)
            opened.append((work.opened if work else 0, list(work.failures()) if work else []))
    files = sorted(path.relative_to(folder).as_posix() for path in (folder / "work").rglob("*") if path.is_file())
    return opened, [re.sub(r"[0-9a-f]{8,}", "HASH", name) for name in files]


def refused(folder: Path) -> Any:
    """Return the words with which a batch is refused."""
    tries: dict[str, Callable[[], Any]] = {
        "no runs": lambda: sim.run(tiny(), 0),
        "too many": lambda: sim.run(tiny(), 10**9),
        "half a run": lambda: sim.run(tiny(), 2.5),  # type: ignore[arg-type]
        "no workers": lambda: sim.run(tiny(), 3, workers=0),
        "too many workers": lambda: sim.run(tiny(), 3, workers=2000),
        "a seed below 0": lambda: sim.run(tiny(), 3, -1),
        "no engine": lambda: sim.run(tiny(), 3, engine="fast"),
        "no gate": lambda: sim.run(tiny(), 3, relaxed=("door",)),
        "nothing to keep": lambda: sim.run(tiny(), 3, keep=("all",)),
        "one draw": lambda: sim.nested(tiny(), 1, 5),
        "one run a draw": lambda: sim.nested(tiny(), 5, 1),
        "another seed": lambda: [sim.run(tiny(), 5, seed, workers=1, out=folder / "same") for seed in (1, 2)],
        "another world": lambda: [
            sim.run(each, 5, 1, workers=1, out=folder / "world") for each in (tiny(), tiny().change({HOST: 3}))
        ],
        "fewer than stand": lambda: [sim.run(tiny(), runs, 1, workers=1, out=folder / "fewer") for runs in (9, 4)],
    }
    words = {}
    for name, attempt in tries.items():
        try:
            attempt()
            words[name] = "taken"
        except (ValueError, OSError, TypeError) as error:
            words[name] = f"{type(error).__name__}: {error}".replace(str(folder), "FOLDER")  # before it is cut short
    return words


KEPT: dict[str, Callable[[Path], Any]] = {
    "plain": plain,
    "gone on with": gone_on,
    "by Mesa": by_mesa,
    "designed": designed,
    "played once more": played_once_more,
    "points": points,
    "refused": refused,
}


@pytest.mark.parametrize("name", KEPT)
def test_a_batch_writes_and_says_what_is_kept(name: str, tmp_path: Path) -> None:
    text = "\n".join(kept_output.in_full(KEPT[name](tmp_path))).replace(str(tmp_path), "FOLDER")
    text = kept_output.without_hashes(text)
    text = re.sub(r"sim \d[\w.]*|(?<=\['bytes'\]: )\d+", "SOME", text)  # versions, and how well libraries pack
    assert kept_output.differs("batches", text, name) == ""
