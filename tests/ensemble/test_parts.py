"""Tests of an ensemble's folder in parts: gone on with after a kill, checked, never mixed up with another."""

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim.ensemble import arrow_tables, atomic_files, parquet_store
from sim.ensemble import writer as writing
from sim.ensemble.atomic_files import Refused
from sim.ensemble.parquet_store import Parts
from sim.ensemble.writer import Writer
from sim.world import streams

SIZE = 8
ABOUT = {"seed": 1, "engine": "mesa", "relaxed": [], "versions": {"sim": "0.1"}, "config": {"a": {"b": 0.5, "c": "x"}}}


def tables(first: int, runs: int) -> dict[str, pa.Table]:
    """Return made-up tables of some runs; run 13 failed."""
    number = np.arange(first, first + runs)
    luck = np.random.default_rng(first).random(runs)
    there = number[number != 13]
    found = {
        "runs": pd.DataFrame({"run": there, "word": [f"w{each % 3}" for each in there], "value": luck[number != 13]}),
        "actors": pd.DataFrame({"run": np.repeat(there, 2), "actor": ["a", "b"] * len(there)}),
        "failures": pd.DataFrame({"run": number[number == 13], "error": ["it broke"] * int((number == 13).sum())}),
    }
    return {name: arrow_tables.arrow(table) for name, table in found.items() if len(table)}


def write(folder: Path, runs: int, about: Mapping[str, Any] = ABOUT, **options: Any) -> Writer:
    with writing.writing(folder, about, runs, part_runs=SIZE, **options) as writer:
        for span in writer.spans:
            if not writer.finished(span.number, span.runs):
                writer.write(*span, tables(span.first, span.runs))
        writer.finish()
    return writer


def files(folder: Path) -> dict[str, bytes]:
    """Return all that was written but when."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != "_run.log"}


def times(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("0*")}


def test_a_part_is_sixteen_blocks_of_luck() -> None:
    assert parquet_store.PART_RUNS == 16 * streams.BLOCK == 8192


def test_an_ensemble_lies_in_parts_with_a_record_each(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    assert sorted(files(tmp_path / "out")) == [
        ".lock",
        *(f"_actors/0000{number}.parquet" for number in range(3)),
        "_failures/00001.parquet",
        "_manifest.json",
        *(f"_parts/0000{number}.json" for number in range(3)),
        *(f"runs/0000{number}.parquet" for number in range(3)),
    ]
    record = json.loads((tmp_path / "out" / "_parts" / "00001.json").read_text())
    assert (record["first"], record["runs"]) == (8, 8)
    assert {name: stamp["rows"] for name, stamp in record["tables"].items()} == {"runs": 7, "actors": 14, "failures": 1}
    manifest = json.loads((tmp_path / "out" / "_manifest.json").read_text())
    assert {name: manifest[name] for name in ABOUT} == ABOUT
    assert (manifest["runs"], manifest["failed"], manifest["complete"]) == (20, 1, True)
    assert manifest["parts"][1] == record


def test_an_ensemble_that_was_moved_while_it_is_open_is_said_to_be_gone(tmp_path: Path) -> None:
    write(tmp_path / "here", 20)
    parts = Parts(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    with pytest.raises(ValueError, match=r"here/runs is gone: if the ensemble was moved, open it where it is now"):
        parts.files("runs")


def test_no_bit_of_a_manifest_can_be_turned_without_a_word(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    path = tmp_path / "out" / "_manifest.json"
    sound, written = Parts(tmp_path / "out"), path.read_bytes()
    refused = 0
    for at in range(len(written)):
        torn = bytearray(written)
        torn[at] ^= 1 << at % 8
        path.write_bytes(torn)
        try:
            now = Parts(tmp_path / "out")
        except (FileNotFoundError, ValueError):
            refused += 1
            continue
        # What turned was the name of the checksum: all that it stands for is as it was.
        assert (now.records, now.runs) == (sound.records, sound.runs)
        assert {name: now.manifest.get(name) for name in sound.manifest} == sound.manifest, at
    assert refused > 0.95 * len(written)


def without_checksum(folder: Path, **changes: Any) -> None:
    """Make the manifest of a folder one of before manifests had a checksum, with some entries changed."""
    path = folder / "_manifest.json"
    about = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({name: value for name, value in about.items() if name != "sha256"}, indent=1) + "\n")


def test_a_manifest_from_before_there_was_a_checksum_is_read_and_gone_on_with(tmp_path: Path) -> None:
    write(tmp_path / "new", 20)
    write(tmp_path / "old", 20)
    without_checksum(tmp_path / "old")
    assert Parts(tmp_path / "old").manifest == Parts(tmp_path / "new").manifest
    assert write(tmp_path / "old", 20).taken_up == 3
    assert files(tmp_path / "old") == files(tmp_path / "new")


@pytest.mark.parametrize("change", [{"part": 1}, {"runs": 9}, {"first": 9}])
def test_a_record_that_such_a_manifest_lists_is_held_against_its_own_checksum(
    change: dict[str, int], tmp_path: Path
) -> None:
    write(tmp_path / "out", 20)
    parts = json.loads((tmp_path / "out" / "_manifest.json").read_text())["parts"]
    for number, reason in ((0, "holds no finished part"), (2, "_manifest.json is damaged: 'parts' are not those of")):
        without_checksum(tmp_path / "out", parts=[*parts[:number], parts[number] | change, *parts[number + 1 :]])
        with pytest.raises(ValueError, match=reason):
            Parts(tmp_path / "out")


def test_a_damaged_manifest_is_neither_gone_on_with_nor_saved_over(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    path = tmp_path / "out" / "_manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"b": 0.5', b'"b": 0.4'))
    before = files(tmp_path / "out")
    with pytest.raises(Refused, match=r"out/_manifest.json is damaged \(checksum\)"):
        write(tmp_path / "out", 20)
    with pytest.raises(Refused, match=r"out/_manifest.json is damaged \(checksum\)"):
        write(tmp_path / "out", 20, ABOUT | {"config": {"a": {"b": 0.4, "c": "x"}}})
    assert files(tmp_path / "out") == before


def test_sql_reads_each_file_that_it_asks_for_once_for_its_checksum_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "out", 20)
    parts, looked_at, stamp = Parts(tmp_path / "out"), list[str](), atomic_files.stamp

    def noting(path: Path) -> dict[str, Any]:
        looked_at.append(str(path.relative_to(tmp_path / "out")))
        return stamp(path)

    monkeypatch.setattr(atomic_files, "stamp", noting)
    for _ in range(2):
        assert parts.query("select count(*) as many from RUNS")["many"][0] == 19
    assert looked_at == [f"runs/0000{number}.parquet" for number in range(3)]
    parts.query("select count(*) from actors join runs using (run)")
    assert looked_at[3:] == [f"_actors/0000{number}.parquet" for number in range(3)]
    (tmp_path / "out" / "_actors" / "00001.parquet").unlink()
    for asked in ("runs", "actors"):  # sizes are looked at each time, and of all tables
        with pytest.raises(ValueError, match=r"_actors/00001.parquet is missing or damaged \(missing\)"):
            parts.query(f"select count(*) from {asked}")


def test_sql_names_a_damaged_file_of_a_table_that_it_does_not_ask_for(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    path = tmp_path / "out" / "_actors" / "00000.parquet"
    path.write_bytes(path.read_bytes()[:-4] + b"RAP1")
    with pytest.raises(ValueError, match=r"_actors/00000.parquet is missing or damaged \(checksum\)"):
        Parts(tmp_path / "out").query("select count(*) from runs")


def test_the_same_ensemble_written_twice_has_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a", 20)
    write(tmp_path / "b", 20)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_bytes_follow_from_what_a_table_says_and_not_from_how_it_was_made(tmp_path: Path) -> None:
    words, numbers = ["b", None, "a"], [1.0, None, 3.0]
    one = pa.table({"word": pa.array(words), "number": pa.array(numbers), "none": pa.array([None] * 3, pa.string())})
    other = pa.table(
        {
            "word": pa.chunked_array([pa.array(words[:1], pa.large_string()), pa.array(words[1:], pa.large_string())]),
            "number": pa.array([1.0, float("nan"), 3.0], from_pandas=False),
            "none": pa.nulls(3),
        }
    )
    third = pa.table({**{name: one[name] for name in one.column_names}, "word": one["word"].dictionary_encode()})
    for number, table in enumerate((one, other.replace_schema_metadata({"made": "elsewhere"}), third)):
        with writing.writing(tmp_path / str(number), ABOUT, 3) as writer:
            writer.write(0, 0, 3, {"runs": table})
    assert len({(tmp_path / str(number) / "runs" / "00000.parquet").read_bytes() for number in range(3)}) == 1


def test_what_is_finished_is_taken_up(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    before, content = times(tmp_path / "out"), files(tmp_path / "out")
    again = write(tmp_path / "out", 20)
    assert (again.written, again.taken_up) == (0, 3)
    assert times(tmp_path / "out") == before
    assert files(tmp_path / "out") == content


KILLED = """
    import sys, time
    from pathlib import Path
    from sim.ensemble import parquet_store, writer
    sys.path.insert(0, sys.argv[2])
    import test_parts

    put = parquet_store.write_parquet
    def slow(table, handle):
        put(table, handle)
        if test_parts.times(Path(sys.argv[1])).keys() >= {"_parts/00002.json", "runs/00002.parquet"}:
            print("in the middle of part 3", flush=True)
            time.sleep(60)
    parquet_store.write_parquet = slow
    test_parts.write(Path(sys.argv[1]), 40)
"""


def test_a_batch_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(folder), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "in the middle of part 3\n"
        with pytest.raises(Refused, match="another batch is writing to"):
            write(folder, 40)
        killed.send_signal(signal.SIGKILL)
    (left_over,) = folder.glob("*/.*")
    assert left_over.parent.name == "runs" and left_over.name.startswith(".00003.parquet.")
    assert Parts(folder).runs == 24
    before = times(folder)
    again = write(folder, 40)
    assert (again.written, again.taken_up) == (2, 3)
    assert {name: when for name, when in times(folder).items() if name in before} == before
    write(tmp_path / "undisturbed", 40)
    assert files(folder) == files(tmp_path / "undisturbed") and not left_over.exists()
    stages = [line.split(" ", 1)[1] for line in (folder / "_run.log").read_text().splitlines()]
    assert [stage.split(";")[0] for stage in stages] == ["started, 40 runs", "started, 40 runs", "finished"]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "damage", "told"),
    [
        ("runs/00001.parquet", flip, "checksum"),
        ("_actors/00001.parquet", lambda path: os.truncate(path, 100), "100 bytes of "),
        ("runs/00001.parquet", Path.unlink, "missing"),
        ("_parts/00001.json", lambda path: os.truncate(path, 20), "not as it was written"),
        (
            "_parts/00001.json",
            lambda path: path.write_text(path.read_text().replace('"rows": 7', '"rows": 8')),
            "not as",
        ),
    ],
)
def test_a_damaged_file_is_named_and_its_part_made_again(
    name: str, damage: Callable[[Path], Any], told: str, tmp_path: Path
) -> None:
    write(tmp_path / "out", 20)
    whole, lines = files(tmp_path / "out"), list[str]()
    damage(tmp_path / "out" / name)
    again = write(tmp_path / "out", 20, tell=lines.append)
    assert (again.written, again.taken_up) == (1, 2)
    assert len(lines) == 1
    assert lines[0].startswith(f"part 00001: {name} is damaged ({told}")
    assert lines[0].endswith("; computed again")
    assert files(tmp_path / "out") == whole


def test_a_part_whose_record_is_gone_is_not_finished(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    (tmp_path / "out" / "_parts" / "00001.json").unlink()
    assert write(tmp_path / "out", 20).written == 1


def test_more_runs_leave_what_stands_but_for_a_last_part_that_was_short(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    before = {name: when for name, when in times(tmp_path / "out").items() if "00002" not in name}
    again = write(tmp_path / "out", 30)
    assert (again.written, again.taken_up) == (2, 2)
    assert {name: when for name, when in times(tmp_path / "out").items() if name in before} == before
    write(tmp_path / "long", 30)
    assert files(tmp_path / "out") == files(tmp_path / "long")


def test_fewer_runs_than_stand_there_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    whole = files(tmp_path / "out")
    with pytest.raises(Refused, match="holds 20 runs already, more than the 15 asked for"):
        write(tmp_path / "out", 15)
    assert files(tmp_path / "out") == whole


def test_fewer_runs_than_were_asked_for_end_an_unfinished_ensemble(tmp_path: Path) -> None:
    with writing.writing(tmp_path / "out", ABOUT, 1000, part_runs=SIZE) as writer:
        writer.write(0, 0, 8, tables(0, 8))
    write(tmp_path / "out", 20)
    write(tmp_path / "undisturbed", 20)
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 2}, "seed: 1 there, 2 here"),
        ({"engine": "compiled"}, 'engine: "mesa" there, "compiled" here'),
        ({"relaxed": ["truce"]}, r'relaxed: \[\] there, \["truce"\] here'),
        ({"versions": {"sim": "0.2"}}, 'versions.sim: "0.1" there, "0.2" here'),
        ({"design": {"sha256": "0" * 80}}, r"design.sha256: nothing there, .0{56}\.\.\. here"),
        (
            {"seed": 2, "config": {"a": {"b": 0.6}}},
            'seed: 1 there, 2 here; config.a.b: 0.5 there, 0.6 here; config.a.c: "x" there, nothing here',
        ),
        ({"config": {"a": {str(at): at for at in range(9)}}}, "config.a.b: 0.5 there, nothing here; .*; and 6 more"),
    ],
)
def test_another_ensemble_is_refused_and_what_differs_is_named(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    write(tmp_path / "out", 20)
    whole = files(tmp_path / "out")
    with pytest.raises(Refused, match=f"^.*out holds another ensemble: {said}$"):
        write(tmp_path / "out", 20, ABOUT | change)
    assert files(tmp_path / "out") == whole


def test_parts_of_another_size_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    with (
        pytest.raises(Refused, match="part_runs: 8 there, 8192 here"),
        writing.writing(tmp_path / "out", ABOUT, 20),
    ):
        pass


def test_what_follows_from_the_runs_is_no_difference(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    about = ABOUT | {"runs": 99, "failed": 3, "inputs_range": {"p10": 0.1}, "complete": False, "parts": []}
    assert write(tmp_path / "out", 20, about).taken_up == 3


@pytest.mark.parametrize(
    ("name", "words"),
    [("chapter.txt", "words"), ("_manifest.json", "words"), ("_manifest.json", '{"short_name": "app"}')],
)
def test_a_folder_that_holds_something_else_is_left_alone(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / name).write_text(words, encoding="utf-8")
    for path in ("thesis", f"thesis/{name}"):
        with pytest.raises(Refused, match="holds something else than an ensemble"):
            write(tmp_path / path, 20)
    assert files(tmp_path) == {f"thesis/{name}": words.encode()}


def test_a_second_writer_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    first = writing.writing(tmp_path / "out", ABOUT, 20, part_runs=SIZE)
    with first, pytest.raises(Refused, match=r"another batch is writing to .*out"):
        write(tmp_path / "out", 20)
    write(tmp_path / "out", 20)


def test_of_an_interrupted_ensemble_the_first_parts_are_read(tmp_path: Path) -> None:
    with (
        contextlib.suppress(KeyboardInterrupt),
        writing.writing(tmp_path / "out", ABOUT, 40, part_runs=SIZE) as writer,
    ):
        for number in (0, 1, 3):
            writer.write(number, 8 * number, 8, tables(8 * number, 8))
        raise KeyboardInterrupt
    found = Parts(tmp_path / "out")
    assert (found.runs, found.rows("runs"), found.rows("failures")) == (16, 15, 1)
    assert [table.num_rows for table in found.tables("runs", ["value"])] == [8, 7]
    assert not found.manifest["complete"]
    assert "stopped (KeyboardInterrupt); 3 parts written" in (tmp_path / "out" / "_run.log").read_text()


def test_a_short_part_before_others_ends_what_is_read(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    with writing.writing(tmp_path / "out", ABOUT, 40, part_runs=SIZE) as writer:
        writer.write(3, 24, 8, tables(24, 8))
    assert Parts(tmp_path / "out").runs == 20


def test_an_ensemble_without_a_finished_part_is_not_opened(tmp_path: Path) -> None:
    with writing.writing(tmp_path / "out", ABOUT, 20, part_runs=SIZE):
        pass
    with pytest.raises(ValueError, match="holds no finished part"):
        Parts(tmp_path / "out")


def test_an_ensemble_from_before_there_were_parts_is_not_opened_or_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "_manifest.json").write_text(json.dumps(ABOUT), encoding="utf-8")
    with pytest.raises(ValueError, match="of another format"):
        Parts(tmp_path)
    with pytest.raises(Refused, match="format: nothing there, 3 here"):
        write(tmp_path, 20)


def test_an_ensemble_is_not_finished_while_a_part_is_missing(tmp_path: Path) -> None:
    with writing.writing(tmp_path / "out", ABOUT, 20, part_runs=SIZE) as writer:
        writer.write(0, 0, 8, tables(0, 8))
        writer.write(2, 16, 4, tables(16, 4))
        with pytest.raises(ValueError, match=r"part 00001 of .* is not finished"):
            writer.finish()
    assert Parts(tmp_path / "out").runs == 8


@pytest.mark.parametrize("span", [(0, 0, 9), (1, 9, 8), (2, 16, 8), (3, 24, 8)])
def test_a_part_that_the_ensemble_does_not_have_is_not_written(span: tuple[int, int, int], tmp_path: Path) -> None:
    held = writing.writing(tmp_path / "out", ABOUT, 20, part_runs=SIZE)
    with held as writer, pytest.raises(ValueError, match="no part of 20 runs has the number"):
        writer.write(*span, tables(span[1], span[2]))


def test_a_read_of_a_damaged_file_says_which(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    content = (tmp_path / "out" / "runs" / "00001.parquet").read_bytes()
    (tmp_path / "out" / "runs" / "00001.parquet").write_bytes(content[:40] + b"\x00" * 20 + content[60:])
    with pytest.raises(ValueError, match=r"runs/00001\.parquet is missing or damaged"):
        list(Parts(tmp_path / "out").tables("runs"))


def full(table: pa.Table, handle: BinaryIO) -> None:
    handle.write(b"half of it")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_told_with_the_file_and_leaves_what_was_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "out", 20)
    with monkeypatch.context() as patched:
        patched.setattr(parquet_store, "write_parquet", full)
        with pytest.raises(OSError, match=r"No space left on device.*runs/00002") as told:
            write(tmp_path / "out", 30)
    assert told.value.errno == errno.ENOSPC
    assert not list((tmp_path / "out").rglob("*.new"))
    assert Parts(tmp_path / "out").runs == 20
    write(tmp_path / "out", 30)
    write(tmp_path / "undisturbed", 30)
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")


SMALL = """
    import resource, sys
    from pathlib import Path
    from sim.ensemble import parquet_store, writer
    sys.path.insert(0, sys.argv[2])
    import test_parts

    with writer.writing(sys.argv[1], test_parts.ABOUT, 2000, part_runs=1000) as written:
        written.write(0, 0, 1000, test_parts.tables(0, 1000))
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
        try:
            written.write(1, 1000, 1000, test_parts.tables(1000, 1000))
        except OSError as error:
            print(error, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes cannot be limited there")
def test_a_file_that_the_system_refuses_leaves_no_trace(tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(SMALL), str(tmp_path / "out"), str(Path(__file__).parent)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert "File too large" in said
    assert "runs/00001.parquet" in said
    assert not list((tmp_path / "out").rglob("*.new"))
    assert Parts(tmp_path / "out").runs == 1000


def test_a_rename_that_fails_leaves_a_part_that_is_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "out", 20)
    replace = os.replace

    def fails(old: Path, new: Path) -> None:
        if Path(new).name == "00002.parquet" and Path(new).parent.name == "_actors":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(new))
        replace(old, new)

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", fails)
        with pytest.raises(OSError, match="_actors/00002"):
            write(tmp_path / "out", 30)
    assert not list((tmp_path / "out").rglob("*.new"))
    assert Parts(tmp_path / "out").runs == 16
    assert write(tmp_path / "out", 30).taken_up == 2


def test_entries_of_the_manifest_may_come_later(tmp_path: Path) -> None:
    write(tmp_path / "out", 20)
    Parts(tmp_path / "out").amend(inputs_range={"deployed": {"p10": 0.1}})
    found = Parts(tmp_path / "out").manifest
    assert found["inputs_range"] == {"deployed": {"p10": 0.1}}
    assert found["complete"]
    assert write(tmp_path / "out", 20).taken_up == 3
    with pytest.raises(ValueError, match="'seed' does not follow from the runs"):
        Parts(tmp_path / "out").amend(seed=2)
