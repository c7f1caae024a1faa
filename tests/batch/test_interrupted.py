"""Tests of batches that are stopped, torn and gone on with: whatever happened, what is left at last is the same bytes.

They play the tiny world on the real engines, in parts of one block of luck.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.batch import run as run_batch
from sim.cli import application
from sim.ensemble import Ensemble, open_ensemble, parquet_store
from sim.world import streams
from tests.worlds import tiny, write_tiny

PART = streams.BLOCK
RUNS = 3 * PART + 77
SEED = 6
FRESH = count()
QUICK = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make parts short, and bring nothing down to the disk: no test here takes the power away."""
    monkeypatch.setattr(parquet_store, "PART_RUNS", PART)
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet_store, "PART_RUNS", PART)
        folder = tmp_path_factory.mktemp("undisturbed") / "out"
        play(RUNS, folder)
    return content(folder)


@pytest.fixture(scope="module")
def whole() -> Ensemble:
    return play(RUNS)


def play(runs: int, out: Path | None = None, **options: Any) -> Ensemble:
    return run_batch(tiny(), runs, SEED, out=out, **{"workers": 1} | options)


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of an ensemble, by file, but for its log and its lock."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in ("_run.log", ".lock"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def standing(folder: Path) -> int:
    """Return how many runs of a folder can be read: those that any reader gets; 0 if it is refused in plain words."""
    try:
        ensemble = open_ensemble(folder)
    except (FileNotFoundError, ValueError):
        return 0
    return len(ensemble.runs)


# --- run k never depends on the rest ---------------------------------------------------------------------------------


@QUICK
@given(st.integers(1, RUNS), st.integers(1, 3))
def test_a_shorter_batch_has_the_first_runs_of_a_longer_one(whole: Ensemble, runs: int, workers: int) -> None:
    short = play(runs, workers=workers)
    for name in ("runs", "inputs", "actors"):
        table = whole.read(table=name)
        pd.testing.assert_frame_equal(short.read(table=name), table[table["run"] < runs])


def test_fewer_runs_of_a_damaged_batch_are_refused_where_they_are_read_and_mended_by_all_of_its_runs(
    whole: Ensemble, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    play(2 * PART, folder)
    (folder / "runs" / "00000.parquet").unlink()
    fewer = play(PART, folder)
    pd.testing.assert_frame_equal(fewer.actors, whole.actors[whole.actors["run"] < PART])
    with pytest.raises(ValueError, match=r"missing or damaged \(missing\); run the batch again, with all of its runs"):
        fewer.runs  # noqa: B018
    assert len(play(2 * PART, folder).runs) == 2 * PART and len(fewer.runs) == PART


def test_every_run_is_there_once_and_in_order_in_every_table(whole: Ensemble) -> None:
    assert list(whole.runs["run"]) == list(whole.inputs["run"]) == list(range(RUNS))
    seats = whole.actors.groupby("run")["actor"].agg(list)
    assert list(seats.index) == list(range(RUNS))
    assert {tuple(actors) for actors in seats} == {("alba", "borea", "corvia")}


def test_another_seed_draws_other_inputs_for_every_run(whole: Ensemble) -> None:
    other = run_batch(tiny(), 200, SEED + 1, workers=1).inputs.drop(columns="run")
    mine = whole.inputs.head(200).drop(columns="run")
    uncertain = [name for name in mine if mine[name].nunique() > 50]
    assert uncertain
    assert (mine[uncertain] != other[uncertain]).all(axis=None)
    assert not mine[uncertain].duplicated().any()


@pytest.mark.parametrize("gate", ["truce", "backstop", "russian_consent"])
def test_a_gate_held_open_is_met_in_every_run_and_draws_nothing_anew(gate: str, whole: Ensemble) -> None:
    relaxed = play(300, relaxed=[gate])
    pd.testing.assert_frame_equal(relaxed.inputs, whole.inputs.head(300))
    assert not relaxed.runs[f"missing_{gate}"].any()
    assert relaxed.manifest["relaxed"] == [gate]


# --- stopped, and gone on with ---------------------------------------------------------------------------------------


@QUICK
@given(st.lists(st.tuples(st.integers(1, RUNS), st.integers(0, 4), st.integers(1, 3)), max_size=3))
def test_a_batch_stopped_anywhere_and_gone_on_with_leaves_the_bytes_of_an_undisturbed_one(
    undisturbed: dict[str, bytes], tmp_path: Path, stops: list[tuple[int, int, int]]
) -> None:
    folder, before = tmp_path / str(next(FRESH)), 0
    for runs, chunks, workers in sorted(stops):
        left = iter(range(chunks))

        def stop(_: int, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            play(max(runs, before), folder, workers=workers, progress=stop)
        assert standing(folder) >= before - PART  # a last part that was short may be under way again
        before = max(before, standing(folder))
    play(RUNS, folder)
    assert content(folder) == undisturbed


def flip(path: Path, random: Random) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    path.write_bytes(damaged)


def cut(path: Path, random: Random) -> None:
    os.truncate(path, random.randrange(path.stat().st_size))


def lose(path: Path, _: Random) -> None:
    path.unlink()


@QUICK
@given(st.integers(0, 10**6), st.sampled_from([flip, cut, lose]), st.integers(1, 3))
def test_whatever_files_of_parts_are_torn_the_same_batch_mends_them(
    undisturbed: dict[str, bytes], tmp_path: Path, seed: int, tear: Callable[[Path, Random], None], times: int
) -> None:
    folder, random, lines = tmp_path / str(next(FRESH)), Random(seed), list[str]()
    for name, data in undisturbed.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    torn = random.sample(sorted(name for name in undisturbed if name != "_manifest.json"), times)
    for name in torn:
        tear(folder / name, random)
    play(RUNS, folder, tell=lines.append)
    assert content(folder) == undisturbed
    parts = {Path(name).stem for name in torn}
    named = {number for number in parts if any(f"part {number}" in line for line in lines)}
    lost_records = {Path(name).stem for name in torn if name.startswith("parts/") and tear is lose}
    assert named >= parts - lost_records
    assert not any(
        f"part {number:05d}" in line for number in range(9) for line in lines if f"{number:05d}" not in parts
    )


def test_a_record_with_any_bit_of_it_turned_is_no_record(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    play(RUNS, tmp_path / "out")
    record = tmp_path / "out" / "_parts" / "00001.json"
    for place in range(3, len(undisturbed["_parts/00001.json"]), 29):
        torn = bytearray(undisturbed["_parts/00001.json"])
        torn[place] ^= 1
        record.write_bytes(torn)
        lines: list[str] = []
        play(RUNS, tmp_path / "out", tell=lines.append)
        assert len(lines) == 1 and lines[0].startswith("part 00001: _parts/00001.json is damaged"), (place, lines)
    assert content(tmp_path / "out") == undisturbed


@contextmanager
def failing_at(place: int, patched: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let the call of that number fail, of all that rename a file or bring it down to the disk; yield those made."""
    calls: list[str] = []

    def breaking(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*about: Any, **options: Any) -> Any:
            calls.append(name)
            if len(calls) == place:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*about, **options)

        return call

    with patched.context() as inner:
        for name in ("replace", "fsync"):
            inner.setattr(os, name, breaking(name))
        yield calls


def test_a_disk_that_fills_up_at_any_step_leaves_finished_parts_and_the_batch_goes_on(
    undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_at(0, monkeypatch) as calls:
        play(RUNS, tmp_path / "counted")
    steps = len(calls)
    assert steps > 4 * 4  # each part has tables and a record
    for place in Random(1).sample(range(1, steps + 1), 8):
        folder = tmp_path / str(place)
        with failing_at(place, monkeypatch), pytest.raises(OSError, match="No space left on device"):
            play(RUNS, folder)
        assert not list(folder.rglob("*.new"))
        assert standing(folder) % PART == 0 or standing(folder) == RUNS
        play(RUNS, folder)
        assert content(folder) == undisturbed


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"config": {}}', b"\x00\xff", b'"manifest"'])
def test_a_folder_whose_manifest_is_torn_is_neither_opened_nor_written_over(
    damage: bytes, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    play(PART, tmp_path / "out")
    (tmp_path / "out" / "_manifest.json").write_bytes(damage)
    before = content(tmp_path / "out")
    with pytest.raises((ValueError, FileNotFoundError)):
        open_ensemble(tmp_path / "out")
    with pytest.raises(ValueError, match="out"):
        play(RUNS, tmp_path / "out")
    assert content(tmp_path / "out") == before


# --- a worker that is killed -----------------------------------------------------------------------------------------

MORTAL = """
import os, signal
from pathlib import Path
from sim.model import Contributor

class Mortal(Contributor):
    def consider(self):
        if not Path(os.environ["CURED"]).exists():
            os.kill(os.getpid(), signal.SIGKILL)
        return super().consider()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no process can be killed there")
def test_a_worker_that_is_killed_ends_the_batch_in_one_line_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(70, engine="mesa", workers=2)  # whose workers stay, and know nothing of what comes now
    (tmp_path / "mortal.py").write_text(MORTAL, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name, value in {"SIM_AGENTS": "mortal", "CURED": str(tmp_path / "cured")}.items():
        monkeypatch.setenv(name, value)
    command = ["run", str(write_tiny(tmp_path)), "--set", "actors.alba.agent=mortal:Mortal", "--runs", "70"]
    command += ["--nested", "none", "--workers", "2", "--out"]
    killed = CliRunner().invoke(application(), [*command, str(tmp_path / "out")])
    assert (killed.exit_code, isinstance(killed.exception, SystemExit)) == (1, True), killed.output
    assert "a worker process was killed" in killed.output
    (tmp_path / "cured").touch()
    for folder in ("out", "whole"):
        done = CliRunner().invoke(application(), [*command, str(tmp_path / folder)])
        assert done.exit_code == 0, done.output
    assert content(tmp_path / "out") == content(tmp_path / "whole")
