"""Tests of batches: the same rows whoever plays them, parts that stand, and runs that fail kept as data."""

import errno
import importlib
import json
import os
import pickle
import re
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Collection
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import batch, world
from sim.batch import Margin, block, engines, manifest
from sim.batch.engines import BatchFailed
from sim.batch.workers import in_order, processes, threads
from sim.ensemble import Ensemble, disk, open_ensemble, parquet_store, part_writing, share
from sim.ensemble.real_disk import RealDisk
from sim.ensemble.run_table import Played
from sim.model.contributor import Contributor
from sim.reading.errors import InputError
from sim.world import Inputs, Luck, World, draws, streams
from tests.worlds import tiny

ROOT = Path(__file__).resolve().parents[2]
PART = 2 * streams.BLOCK
BANK = 48


@lru_cache(maxsize=1)
def bank() -> Played:
    """Return a few runs of the tiny world, which a fake engine deals out."""
    structure = world.build(tiny())
    return engines.mesa(structure, *world.draw(structure, 4, 0), BANK, weekly=True)


def dealt(
    structure: World, inputs: Inputs, luck: Luck, runs: int, relaxed: Collection[str] = (), weekly: bool = False
) -> Played:
    """Leave, for each run, what one of the bank left: an engine quick enough for tests."""
    at = (luck.values[0, 0, :runs] * BANK).astype(int)
    known = bank()
    return Played(known.rows[at], known.seats[at], known.weekly[at] if weekly else None, None)  # type: ignore[index]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "compiled", dealt)
    monkeypatch.setattr(parquet_store, "PART_RUNS", PART)


def failing(when: Callable[[float], bool], kind: type[BaseException], *about: object) -> engines.Engine:
    """Return an engine that fails where a run's first luck is such."""

    def play(structure: World, inputs: Inputs, luck: Luck, runs: int, *options: Any) -> Played:
        if any(when(first) for first in luck.values[0, 0, :runs]):
            raise kind(*about)
        return dealt(structure, inputs, luck, runs, *options)

    return play


def same(one: Ensemble, other: Ensemble) -> None:
    for name in ("runs", "inputs", "actors"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.weekly is None) == (other.weekly is None)
    if one.weekly is not None:
        pd.testing.assert_frame_equal(one.weekly, other.weekly)


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of an ensemble, by file, but for its log."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("_run.log", ".lock")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


class Fragile(Contributor):
    """A state that does not live through every run."""

    def consider(self) -> int:
        """Fail, with some luck."""
        if self.model.round == 3 and self.model.luck(0) < 0.3:
            raise ArithmeticError(f"{self.name} is lost")
        return super().consider()


# --- the same rows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_rows_are_the_same_for_any_number_of_workers_in_memory_and_on_disk(workers: int, tmp_path: Path) -> None:
    whole = batch.run(tiny(), 2 * PART + 700, 5, workers=1, keep=("weekly",))
    same(batch.run(tiny(), 2 * PART + 700, 5, workers=workers, keep=("weekly",)), whole)
    same(batch.run(tiny(), 2 * PART + 700, 5, workers=workers, keep=("weekly",), out=tmp_path / "out"), whole)


def test_threads_and_one_worker_write_the_same_bytes(tmp_path: Path) -> None:
    for workers in (1, 3):
        batch.run(tiny(), PART + 300, 5, workers=workers, out=tmp_path / str(workers))
    assert content(tmp_path / "1") == content(tmp_path / "3")


def test_processes_of_mesa_write_the_same_bytes_as_one(tmp_path: Path) -> None:
    for workers in (1, 2):
        batch.run(tiny(), 130, 5, engine="mesa", workers=workers, out=tmp_path / str(workers))
    assert content(tmp_path / "1") == content(tmp_path / "2")


def test_chunks_of_a_block_are_drawn_as_the_block_is() -> None:
    job = block.Job(world.build(tiny()), 5, "compiled")
    whole, part = block.play(job, 512, 512), block.play(job, 512 + 64, 64)
    assert np.array_equal(part.inputs, whole.inputs[64:128])  # type: ignore[index]
    assert np.array_equal(part.played.rows, whole.played.rows[64:128], equal_nan=True)
    assert list(part.numbers) == list(whole.numbers[64:128])


def test_a_table_of_inputs_gives_each_run_its_own_row_whoever_draws() -> None:
    numbers = np.linspace(0.2, 0.8, 600)
    design = pd.DataFrame({"actors.alba.credence": numbers, "luck": np.arange(600) % 7})
    compiled = batch.run(tiny(), values=design)
    assert len(compiled) == 600
    assert np.array_equal(compiled.inputs["actors.alba.credence"], numbers)
    first = design.head(70)
    same(
        batch.run(tiny(), engine="mesa", workers=2, values=first),
        batch.run(tiny(), engine="mesa", workers=1, values=first),
    )


def test_tables_of_inputs_are_told_apart_by_a_checksum() -> None:
    tables = [pd.DataFrame({"luck": numbers}) for numbers in ([1, 2], [2, 1], [1.0, 2.0])]
    one, other, as_floats = (batch.run(tiny(), values=table).manifest["design"]["values"] for table in tables)
    assert one["sha256"] != other["sha256"]
    assert one == as_floats
    words = [pd.DataFrame({"network.borea->alba/eu_decision.open": [word]}) for word in ("yes", "no")]
    assert len({manifest.fingerprint(table)["sha256"] for table in words}) == 2


def test_progress_tells_every_run_once_those_that_stand_as_well(tmp_path: Path) -> None:
    for runs in (PART, 2 * PART + 10):
        told: list[int] = []
        batch.run(tiny(), runs, 5, out=tmp_path, progress=told.append)
        assert sum(told) == runs


# --- parts that stand ------------------------------------------------------------------------------------------------


def test_a_longer_batch_in_the_same_folder_leaves_what_one_long_batch_leaves(tmp_path: Path) -> None:
    for runs in (PART + 100, PART + 700, 3 * PART + 5):
        batch.run(tiny(), runs, 5, out=tmp_path / "grown")
    batch.run(tiny(), 3 * PART + 5, 5, out=tmp_path / "long")
    assert content(tmp_path / "grown") == content(tmp_path / "long")


def test_finished_parts_are_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.run(tiny(), 2 * PART, 5, out=tmp_path)
    played: list[int] = []

    def noted(structure: World, inputs: Inputs, luck: Luck, runs: int, *options: Any) -> Played:
        played.append(runs)
        return dealt(structure, inputs, luck, runs, *options)

    monkeypatch.setattr(engines, "compiled", noted)
    assert len(batch.run(tiny(), 2 * PART, 5, out=tmp_path)) == 2 * PART
    assert played == []
    batch.run(tiny(), 2 * PART + 20, 5, out=tmp_path)
    assert played == [20]


def test_a_damaged_part_is_named_and_played_again(tmp_path: Path) -> None:
    batch.run(tiny(), 3 * PART, 5, out=tmp_path)
    before = content(tmp_path)
    (tmp_path / "runs" / "00001.parquet").write_bytes(b"no such thing")
    told: list[str] = []
    batch.run(tiny(), 3 * PART, 5, out=tmp_path, tell=told.append)
    assert content(tmp_path) == before
    assert len(told) == 1
    assert "part 00001: runs/00001.parquet is damaged" in told[0]


@pytest.mark.parametrize(
    ("options", "differs"),
    [({"seed": 6}, "seed: 5 there, 6 here"), ({"engine": "mesa"}, "engine"), ({"keep": ["weekly"]}, "keep")],
)
def test_an_ensemble_that_asks_something_else_is_not_taken_up(
    options: dict[str, Any], differs: str, tmp_path: Path
) -> None:
    batch.run(tiny(), 40, 5, out=tmp_path)
    with pytest.raises(ValueError, match=differs):
        batch.run(tiny(), 40, **{"seed": 5, **options}, out=tmp_path)


def killed(folder: Path, after: int) -> None:
    """Run a batch without an end into a folder in a process of its own, and kill it when so many parts stand."""
    script = "from tests.batch import test_batch; test_batch.batch_without_end(__import__('sys').argv[1])"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", script, str(folder)], cwd=ROOT, env=environment)
    until = monotonic() + 300
    try:
        while len(list(folder.glob("_parts/*.json"))) < after:
            assert child.poll() is None and monotonic() < until
            sleep(0.02)
    finally:
        child.kill()
        child.wait()


def batch_without_end(folder: str) -> None:
    """Run a slow batch that never comes to its last part, however late anybody looks."""
    played: list[int] = []

    def slow(*drawn: Any) -> Played:
        sleep(0.2)
        made = dealt(*drawn)
        played.append(len(made.rows))
        while sum(played) > 5 * PART:
            sleep(1)
        return made

    engines.compiled, parquet_store.PART_RUNS = slow, PART
    batch.run(tiny(), 6 * PART + 50, 5, workers=1, out=folder)


@pytest.mark.slow
def test_a_batch_that_is_killed_goes_on_and_leaves_what_it_would_have_left(tmp_path: Path) -> None:
    killed(tmp_path / "killed", after=2)
    stood = {path: path.stat().st_mtime_ns for path in (tmp_path / "killed").glob("*/00000.parquet")}
    assert len(open_ensemble(tmp_path / "killed")) < 6 * PART
    batch.run(tiny(), 6 * PART + 50, 5, out=tmp_path / "killed")
    batch.run(tiny(), 6 * PART + 50, 5, out=tmp_path / "whole")
    assert content(tmp_path / "killed") == content(tmp_path / "whole")
    assert {path: path.stat().st_mtime_ns for path in stood} == stood


def test_an_interrupted_batch_leaves_its_finished_parts_and_no_thread(tmp_path: Path) -> None:
    told: list[int] = []

    def stop(runs: int) -> None:
        told.append(runs)
        if sum(told) > 2 * PART:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.run(tiny(), 20 * PART, 5, workers=2, out=tmp_path, progress=stop)
    assert len(open_ensemble(tmp_path)) == 2 * PART
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sim")]


def test_many_threads_write_their_parts_themselves_and_few_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads_of_writers: set[str] = set()
    write_part = part_writing.write_part

    def noted(*given: Any) -> Any:
        threads_of_writers.add(threading.current_thread().name)
        return write_part(*given)

    monkeypatch.setattr(part_writing, "write_part", noted)
    for workers, alone in ((2, True), (6, False)):
        threads_of_writers.clear()
        batch.run(tiny(), 12 * PART + 5, 5, workers=workers, out=tmp_path / str(workers))
        assert (threads_of_writers == {threading.main_thread().name}) == alone
    assert len(threads_of_writers) > 1 and content(tmp_path / "2") == content(tmp_path / "6")


def test_threads_that_write_parts_use_the_disk_that_is_set_and_end_with_its_error(tmp_path: Path) -> None:
    class Full(RealDisk):
        def replace(self, old: Path, new: Path) -> None:
            if new.name == "00007.json":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(new))
            super().replace(old, new)

    with disk.used(Full()), pytest.raises(OSError, match="No space left"):
        batch.run(tiny(), 20 * PART, 5, workers=6, out=tmp_path)
    assert len(open_ensemble(tmp_path)) == 7 * PART and not list(tmp_path.rglob("*.new"))
    batch.run(tiny(), 20 * PART, 5, workers=6, out=tmp_path)
    batch.run(tiny(), 20 * PART, 5, workers=1, out=tmp_path.with_name("alone"))
    assert content(tmp_path) == content(tmp_path.with_name("alone"))


# --- until the interval is narrow enough -----------------------------------------------------------------------------


def half_width(ensemble: Ensemble, runs: int) -> float:
    found = share(int(ensemble.happened("european").head(runs).sum()), runs)
    return (found.high - found.low) / 2


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_batch_ends_at_the_first_part_at_which_the_interval_is_narrow_enough(on_disk: bool, tmp_path: Path) -> None:
    long = batch.run(tiny(), 8 * PART, 5)
    margin = (half_width(long, 3 * PART) + half_width(long, 4 * PART)) / 2
    out = tmp_path / "out" if on_disk else None
    found = batch.run(tiny(), 8 * PART, 5, until=Margin(margin), out=out)
    assert len(found) == found.manifest["runs"] == 4 * PART
    pd.testing.assert_frame_equal(found.runs, long.runs.head(4 * PART))
    assert found.manifest["until"] == {"half_width": margin, "of": "european"}


def test_the_rows_of_a_batch_that_ended_early_are_those_of_one_of_as_many_runs(tmp_path: Path) -> None:
    found = batch.run(tiny(), seed=5, until=Margin(0.02), out=tmp_path / "until")
    assert half_width(found, len(found)) <= 0.02 < half_width(found, len(found) - PART)
    batch.run(tiny(), len(found), 5, out=tmp_path / "plain")
    one, other = content(tmp_path / "until"), content(tmp_path / "plain")
    assert {name for name in one if one[name] != other[name]} == {"_manifest.json"}


def test_a_batch_that_is_nowhere_narrow_enough_has_the_most_runs_allowed() -> None:
    assert len(batch.run(tiny(), PART + 9, 5, until=Margin(0.0001, of="deployed"))) == PART + 9


def test_runs_that_stand_already_are_not_given_up_for_an_interval_that_they_make_narrower(tmp_path: Path) -> None:
    batch.run(tiny(), 2 * PART + 70, 5, out=tmp_path)
    assert len(batch.run(tiny(), seed=5, until=Margin(0.4), out=tmp_path)) == 3 * PART


def test_a_batch_that_ended_early_can_be_gone_on_with(tmp_path: Path) -> None:
    first = batch.run(tiny(), seed=5, until=Margin(0.4), out=tmp_path / "out")
    assert len(first) == PART
    narrower = batch.run(tiny(), seed=5, until=Margin(0.02), out=tmp_path / "out")
    assert len(narrower) > PART
    plain = batch.run(tiny(), len(narrower) + 3, 5, out=tmp_path / "out")
    assert "until" not in plain.manifest
    same(plain, batch.run(tiny(), len(narrower) + 3, 5))


@pytest.mark.parametrize(
    ("until", "said"),
    [(Margin(0.0), "between 0 and 0.5"), (Margin(0.1, of="weather"), "event:1:1: 'weather' is no name")],
)
def test_a_margin_that_is_none_is_refused(until: Margin, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        batch.run(tiny(), 10, until=until)


# --- runs that fail --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_run_that_fails_is_left_out_and_kept_as_data(
    on_disk: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = batch.run(tiny(), 700, 5, keep=("weekly",))
    monkeypatch.setattr(engines, "compiled", failing(lambda first: first < 0.01, ZeroDivisionError, "no troops"))
    found = batch.run(tiny(), 700, 5, keep=("weekly",), out=tmp_path / "out" if on_disk else None)
    gone = found.failures["run"]
    assert 0 < len(gone) < 30
    assert found.failed == found.manifest["failed"] == len(gone)
    assert found.manifest["runs"] == 700
    for name in ("runs", "actors", "inputs", "weekly"):
        table, before = getattr(found, name), getattr(whole, name)
        pd.testing.assert_frame_equal(table, before[~before["run"].isin(gone)].reset_index(drop=True))


def test_a_failure_says_what_happened_where_and_with_which_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = batch.run(tiny(), 300, 5)
    monkeypatch.setattr(engines, "compiled", failing(lambda first: first < 0.05, ZeroDivisionError, "no troops"))
    row = batch.run(tiny(), 300, 5).failures.iloc[0]
    assert row["error"] == "ZeroDivisionError: no troops"
    assert row["config_hash"] == tiny().hash
    assert re.search(r"test_batch\.py:\d+ play: raise kind", row["traceback"])
    assert str(ROOT) not in row["traceback"]
    assert json.loads(row["inputs"]) == whole.inputs.drop(columns="run").loc[row["run"]].to_dict()


def test_a_failing_run_of_mesa_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = tiny().change({"actors.alba.agent": f"{__name__}:Fragile"})
    found = batch.run(scenario, 70, 5, workers=1)
    assert 0 < found.failed < 70
    assert set(found.failures["error"]) == {"ArithmeticError: alba is lost"}
    assert sorted([*found.runs["run"], *found.failures["run"]]) == list(range(70))


class Leaving(Contributor):
    """Ends the process, as a script does when it is done; and says so."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        print("good bye")
        raise SystemExit(0)


def test_a_class_that_leaves_fails_its_runs_and_what_it_prints_stands_beside_what_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = tiny().change({"actors.alba.agent": f"{__name__}:Leaving"})
    with pytest.raises(BatchFailed, match="all 5 runs failed, the first by SystemExit: 0"):
        batch.run(scenario, 5, workers=1)
    printed = capsys.readouterr()
    assert "good bye" in printed.err and printed.out == ""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("import nosuchthing", "No module named 'nosuchthing'"),
        ("import sys; sys.exit(0)", r"SystemExit\(0\)"),
        ("1 / 0", r"ZeroDivisionError\('division by zero'\)"),
        ("def (", "invalid syntax"),
        ("class Other: pass", "module 'unread' has no attribute 'Alba'"),
        ("class Alba: pass", "is no class that extends one of sim.model, such as Contributor"),
    ],
)
def test_a_class_that_cannot_play_is_refused_before_anything_is_written(
    body: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("SIM_AGENTS", "unread")
    monkeypatch.delitem(sys.modules, "unread", raising=False)
    (tmp_path / "unread.py").write_text(f"{body}\n")
    with pytest.raises(InputError, match=rf"actors\.alba\.agent: 'unread:Alba' .*{why}"):
        batch.run(tiny().change({"actors.alba.agent": "unread:Alba"}), 5, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    sys.modules.pop("unread", None)


def test_a_part_of_which_every_run_fails_does_not_end_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    structure = world.build(tiny())
    first = set(world.draw(structure, 5, 0)[1].values[0, 0]) | set(world.draw(structure, 5, 1)[1].values[0, 0])
    monkeypatch.setattr(engines, "compiled", failing(lambda luck: luck in first, ValueError, "odd"))
    found = batch.run(tiny(), PART + 40, 5, out=tmp_path)
    assert (len(found), found.failed) == (40, PART)
    assert len(found.inputs) == 40


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_batch_of_which_every_run_fails_fails(on_disk: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "compiled", failing(lambda _: True, ValueError, "odd"))
    with pytest.raises(BatchFailed, match="all 30 runs failed, the first by ValueError: odd"):
        batch.run(tiny(), 30, out=tmp_path / "out" if on_disk else None)


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt, InputError, BatchFailed])
def test_what_is_no_fault_of_a_run_ends_the_batch(error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "compiled", failing(lambda first: first < 0.05, error, []))
    with pytest.raises(error):
        batch.run(tiny(), 100, 5)


# --- engines, and what is kept ---------------------------------------------------------------------------------------


def test_a_class_of_ones_own_runs_on_mesa_and_says_so() -> None:
    told: list[str] = []
    scenario = tiny().change({"actors.alba.agent": f"{__name__}:Fragile"})
    assert batch.run(scenario, 3, workers=1, tell=told.append).manifest["engine"] == "mesa"
    assert told == ["actors.alba.agent names a Python class, so this scenario runs on Mesa"]
    assert batch.default_runs(scenario) < batch.default_runs(tiny()) == batch.DEFAULT_RUNS
    with pytest.raises(ValueError, match=r"actors\.alba\.agent names a Python class.*not on the engine compiled"):
        batch.run(scenario, 3, engine="compiled")
    told.clear()
    batch.run(scenario, 3, engine="mesa", workers=1, tell=told.append)
    assert told == []


def test_the_file_of_a_class_of_ones_own_is_part_of_what_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    scenario, seen = tiny().change({"actors.alba.agent": "mine:Alba"}), set()
    for body in ("pass", "patience = 2"):
        (tmp_path / "mine.py").write_text(f"from sim.model import Contributor\nclass Alba(Contributor):\n    {body}\n")
        seen.add(manifest.manifest(scenario, 1, 1)["agents"]["alba"])
    assert len(seen) == 2
    assert manifest.manifest(tiny(), 1, 1)["agents"] == {}


def in_mine(name: str) -> int:
    """Return a number that the module ``mine`` holds in the process that is asked."""
    return int(getattr(importlib.import_module("mine"), name))


def write_mine(folder: Path, number: int) -> None:
    text = f"from sim.model import Contributor\nclass Alba(Contributor):\n    pass\nNUMBER = {number}\n"
    (folder / "mine.py").write_text(text)


def test_processes_do_not_go_on_with_a_file_that_was_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("SIM_AGENTS", "mine")
    for number in (1, 22, 333):
        write_mine(tmp_path, number)
        with processes(1) as submit:
            assert submit(in_mine, "NUMBER").result() == number
            pid = submit(os.getpid).result()
        with processes(1) as submit:
            assert submit(os.getpid).result() == pid, "nothing was edited, so the process stays"


def test_a_class_whose_file_was_edited_runs_once_it_is_loaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    write_mine(tmp_path, 1)
    mine = importlib.import_module("mine")
    monkeypatch.setitem(sys.modules, "mine", mine)
    scenario = tiny().change({"actors.alba.agent": "mine:Alba"})
    batch.run(scenario, 2, workers=1)
    write_mine(tmp_path, 22)
    with pytest.raises(InputError, match=r"'mine:Alba' was edited since it ran first; importlib\.reload"):
        batch.run(scenario, 2, workers=1)
    importlib.reload(mine)
    assert batch.run(scenario, 2, workers=1).failed == 0


def test_the_manifest_says_which_engine_played_and_which_code_wrote() -> None:
    for engine, code in (("mesa", r"sim [\d.]+"), ("compiled", r"sim [\d.]+, kernel \w+")):
        about = batch.run(tiny(), 3, 5, engine=engine, workers=1).manifest
        assert about["engine"] == engine
        assert re.fullmatch(code, about["writer"])
        assert json.dumps(about, allow_nan=False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"engine": "steam"}, "'steam' is not an engine; allowed: compiled, mesa"),
        ({"keep": ["everything"]}, "'everything' is not what can be kept; allowed: inputs, weekly"),
        ({"relaxed": ["trcue"]}, "'trcue' is not a gate"),
        ({"values": pd.DataFrame({"actors.alba.credance": [1]})}, "'actors.alba.credance' is not an input"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_run(options: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        batch.run(tiny(), 3, out=tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_inputs_of_the_first_runs_are_kept_and_of_all_if_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(block, "INPUTS_KEPT", PART - 10)
    assert len(batch.run(tiny(), PART, 5).inputs) == PART
    assert len(batch.run(tiny(), 2 * PART, 5).inputs) == PART
    assert len(batch.run(tiny(), 2 * PART, 5, keep=["inputs"]).inputs) == 2 * PART
    for runs in (PART, 2 * PART):
        batch.run(tiny(), runs, 5, out=tmp_path / "grown")
    batch.run(tiny(), 2 * PART, 5, out=tmp_path / "long")
    assert content(tmp_path / "grown") == content(tmp_path / "long")


# --- memory ----------------------------------------------------------------------------------------------------------


def test_inputs_of_a_batch_in_memory_are_drawn_when_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(engines, "compiled", failing(lambda first: first < 0.1, ValueError, "no"))
    drawn = list[int]()
    inputs_at = draws.inputs_at
    monkeypatch.setattr(draws, "inputs_at", lambda *rest: (drawn.append(1), inputs_at(*rest))[1])
    ours, written = batch.run(tiny(), PART + 70), batch.run(tiny(), PART + 70, out=tmp_path / "out")
    assert ours.rows("inputs") == written.rows("inputs") < PART + 70, "runs that fail have no inputs"
    assert ours.columns("inputs") == written.columns("inputs") and "inputs" in ours.tables
    assert ours.share("ceasefire") and not drawn, "who asks for no inputs waits for none"
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(ours)).inputs, written.inputs)
    before = len(drawn)
    pd.testing.assert_frame_equal(ours.inputs, written.inputs)
    edited = ours.inputs
    edited.iloc[:, 1:] = 0.0
    pd.testing.assert_frame_equal(ours.inputs, written.inputs)
    assert len(drawn) == before + 3, "each block is drawn once, and then stands"


def test_a_table_of_inputs_that_is_edited_afterwards_changes_no_inputs() -> None:
    name = world.build(tiny()).names.inputs[0]
    table = pd.DataFrame({name: [0.2, 0.9]})
    ours = batch.run(tiny(), quantiles=table)
    before = ours.inputs
    table[name] = 0.5
    pd.testing.assert_frame_equal(ours.inputs, before)
    assert before[name].nunique() == 2


def peak_megabytes(runs: int, folder: Path) -> float:
    """Return by how much a process grows while it writes so many runs with their weeks, after a first few."""
    script = "from tests.batch import test_batch; test_batch.batch_of(*__import__('sys').argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", script, str(runs), str(folder)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def batch_of(runs: str, folder: str) -> None:
    engines.compiled, parquet_store.PART_RUNS = dealt, PART
    batch.run(tiny(), int(runs), 5, workers=2, keep=("weekly",), out=folder)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_runs(tmp_path: Path) -> None:
    few, many = peak_megabytes(2 * PART, tmp_path / "few"), peak_megabytes(16 * PART, tmp_path / "many")
    assert many < few + 40


def test_results_are_taken_in_order_and_never_far_ahead() -> None:
    begun: list[int] = []

    def number(at: int) -> int:
        sleep(0.01 * (at % 3))
        begun.append(at)
        return at

    with threads(3) as submit:
        results = in_order(submit, number, ((at,) for at in range(40)), 5)
        for at in range(10):
            assert next(results) == at
            sleep(0.02)
            assert max(begun) < at + 5
        results.close()
    assert len(begun) < 20
