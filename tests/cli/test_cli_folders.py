"""Tests of where ensembles stand, what is at hand, what a command accepts, and the first line of what it prints."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

import sim as package
from sim.cli import ensemble_folder, options
from sim.ensemble import open_ensemble, part_writing
from sim.scenario import loading
from tests.commands import sim
from tests.object_stores import fetched_into, forget_stores
from tests.worlds import write_tiny

FLAT = ("--nested", "none", "--theory", "none")


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)


def done(*words: str) -> Result:
    result = sim(*words)
    assert result.exit_code == 0, result.output
    return result


def folders() -> list[str]:
    return sorted(path.name for path in Path("runs").iterdir())


def test_seeds_and_sizes_just_work() -> None:
    short = loading.load("tiny.yaml").hash
    done("run", "tiny.yaml", "--runs", "40", *FLAT)
    whole = open_ensemble(f"runs/tiny-{short}-seed1").runs
    fewer = done("run", "tiny.yaml", "--runs", "12", *FLAT)
    assert f"reading the first 12 of the 40 runs that stand in runs/tiny-{short}-seed1" in fewer.stderr
    assert fewer.stdout.startswith("tiny: 12 runs, seed 1.\n")
    more = done("run", "tiny.yaml", "--runs", "50", *FLAT)
    assert more.stdout.startswith("tiny: 50 runs, seed 1.\n")
    pd.testing.assert_frame_equal(open_ensemble(f"runs/tiny-{short}-seed1").runs[:40], whole)
    assert done("run", "tiny.yaml", "--runs", "20", "--seed", "2", *FLAT).stdout.startswith("tiny: 20 runs, seed 2.\n")
    done("run", "tiny.yaml", "--runs", "20", "--keep", "weekly", *FLAT)
    done("run", "tiny.yaml", "--runs", "20", "--relaxed", "truce", *FLAT)
    ends = ("-open-truce", "", "-keep-weekly")
    assert folders() == sorted([f"tiny-{short}-seed2", *(f"tiny-{short}-seed1{end}" for end in ends)])


def test_fewer_runs_are_what_a_shorter_batch_leaves() -> None:
    long, short = (
        package.run("tiny.yaml", 9000, out="long"),
        package.run("tiny.yaml", 8500, out="short"),
    )
    part = open_ensemble("long", 8500)
    assert (len(part), part.manifest["runs"], len(long)) == (8500, 8500, 9000)
    for table in ("runs", "actors", "inputs"):
        pd.testing.assert_frame_equal(part.read(table=table), short.read(table=table))
        assert part.rows(table) == short.rows(table)
    count = "select count(*) as runs, max(run) as last from runs"
    assert part.sql(count).equals(short.sql(count)) and part.summary() == short.summary()
    part.save("saved")
    pd.testing.assert_frame_equal(open_ensemble("saved").runs, short.runs)
    with pytest.raises(ValueError, match="holds 9,000 runs, so not the first 9,001"):
        open_ensemble("long", 9001)


def test_fewer_runs_of_another_scenario_are_refused() -> None:
    package.run("tiny.yaml", 20, out="x")
    result = sim("run", "tiny.yaml", "--runs", "10", "--seed", "9", "--out", "x", *FLAT)
    assert result.exit_code == 2 and "x holds another ensemble: seed: 1 there, 9 here" in result.stderr


def test_what_is_kept_may_be_one_word() -> None:
    assert package.run("tiny.yaml", 5, keep="weekly").weekly is not None


def test_a_config_stands_for_its_ensemble_which_is_run_if_none_is_at_hand() -> None:
    first = done("independence", "tiny.yaml", "--runs", "300")
    assert first.stdout.startswith("tiny: 300 runs, seed 1.\n")
    again = done("independence", "tiny.yaml")
    assert again.stdout == first.stdout and "taking up 300 runs" in again.stderr
    assert done("given", "tiny.yaml", "truces > 0", "--runs", "250").stdout.startswith("tiny: 250 runs, seed 1.\n")
    done("run", "tiny.yaml", "--runs", "400", "--seed", "5", *FLAT)
    assert done("independence", "tiny.yaml").stdout.startswith("tiny: 400 runs, seed 5.\n"), "the one with most runs"
    changed = done("independence", "tiny.yaml", "--set", "horizon_weeks=10", "--runs", "300")
    assert changed.stdout.startswith("tiny, changed: 300 runs, seed 1.\n") and len(folders()) == 3
    folder = f"runs/{folders()[0]}"
    assert "go with a CONFIG" in sim("independence", folder, "--seed", "1").stderr
    assert "nothing: no ensemble stands here" in sim("independence", "nothing").stderr


def test_what_takes_a_config_takes_the_folder_of_an_ensemble() -> None:
    done("run", "tiny.yaml", "--runs", "10", "--set", "horizon_weeks=9", "--out", "x", *FLAT)
    assert done("show", "tiny.yaml", "horizon_weeks").exit_code == 0
    assert (
        "to 2025-05-05" in done("replay", "x", "--run", "3").stdout
        or "9 weeks" in done("replay", "x", "--run", "3").stdout
    )


@pytest.mark.parametrize(
    ("what", "config"),
    [
        ("baseline", True), ("folder/baseline", False), ("folder/tiny.yaml", False), ("tiny.yaml", True),
        ("nowhere.YML", True), ("nowhere", False), ("plain", True),
    ],
)  # fmt: skip
def test_a_word_names_a_config_unless_a_folder_of_that_name_stands_there(
    what: str, config: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("baseline", "tiny.yaml"):
        Path("folder", folder).mkdir(parents=True)
    Path("plain").write_text("", encoding="utf-8")
    assert ensemble_folder._is_config(Path(what), what) is config
    monkeypatch.setattr(ensemble_folder, "address_of", lambda _: "s3://bucket")
    assert not ensemble_folder._is_config(Path(what), what)


def test_what_is_at_hand_is_listed() -> None:
    assert "No ensembles at hand" in done("list").stdout
    done("run", "tiny.yaml", "--runs", "20", *FLAT)
    done("run", "baseline", "--runs", "8", "--seed", "3", "--set", "actors.us.disposition=1", *FLAT)
    listed = json.loads(done("list", "--json").stdout)
    assert [each["name"] for each in listed["scenarios"]] == loading.names()
    tiny, baseline = listed["ensembles"]
    assert (tiny["scenario"], tiny["runs"], tiny["seed"], tiny["complete"]) == ("tiny", 20, 1, True)
    assert baseline["changes"] == ["actors.us.disposition"] and baseline["seed"] == 3 and baseline["bytes"] > 1000
    text = done("list").stdout
    assert re.search(r" actors\.us\..*\n.* disposition", text) and "us_article5" in text  # a path breaks at a dot


@pytest.mark.parametrize(
    ("text", "number"),
    [("20000", 20_000), ("20_000", 20_000), ("20,000", 20_000), ("10k", 10_000), ("1e6", 10**6), ("1.5M", 1_500_000)],
)
def test_numbers_of_runs_are_read_as_people_write_them(text: str, number: int) -> None:
    assert options.count(text) == number


@pytest.mark.parametrize("text", ["many", "1.5", "1e-3", "k", "", "1e999"])
def test_what_is_no_number_of_runs_is_refused(text: str) -> None:
    result = sim("run", "tiny.yaml", "--runs", text)
    assert result.exit_code == 2 and "such as 20000, 20_000, 20k or 1e6" in " ".join(
        result.output.replace("│", " ").split()
    )


def test_the_version_is_told_and_h_helps_everywhere() -> None:
    assert done("--version").stdout == f"sim {package.__version__}\n"
    for words in ((), ("run",), ("evidence",), ("evidence", "show"), ("list",), ("export",)):
        assert "Usage" in done(*words, "-h").stdout


# --- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("why", "tiny.yaml", "-o", "s3://bucket/x.svg"),
        ("report", "tiny.yaml", "-o", "gs://bucket/x.html"),
        ("export", "tiny.yaml", "-o", "s3://bucket/x.xlsx"),
        ("run", "s3://bucket/x.yaml"),
    ],
)
def test_an_address_is_refused_at_once(words: tuple[str, ...]) -> None:
    result = sim(*words)
    assert result.exit_code == 2 and "://bucket/x" in result.stderr and "is an address" in result.stderr
    assert not Path("runs").exists() and not list(Path().glob("*:*"))


def test_an_ensemble_can_stand_at_an_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    fetched_into(monkeypatch, tmp_path / "cache")
    address = "memory://bucket/x"  # a store of this process
    assert f"ensemble written to {address}" in done("run", "tiny.yaml", "--runs", "5", "--out", address, *FLAT).stderr
    assert "taking up 5 runs that stand in" in done("run", address, "--runs", "9", "--out", address, *FLAT).stderr
    done("export", address, "--to", "csv", "-o", "tables")
    assert (Path("tables") / "runs.csv").is_file() and not list(Path().glob("*:*"))
    assert "9 runs" in done("run", "tiny.yaml", "--runs", "9", "--fresh", "--out", address, *FLAT).stdout
    missing = sim("given", "memory://bucket/nothing", "troops >= 0")
    assert missing.exit_code == 2 and "memory://bucket/nothing: no ensemble stands here" in missing.stderr
    refused = sim("run", "tiny.yaml", "--out", "https://host/x")
    assert refused.exit_code == 2 and "https://host/x" in refused.stderr and "allowed: s3" in refused.stderr


def test_a_bucket_without_keys_is_refused_with_what_gives_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("s3fs")
    fetched_into(monkeypatch, tmp_path / "cache")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # as on a machine that is none of Amazon's
    for words in (("run", "tiny.yaml", "--out", "s3://bucket/x"), ("given", "s3://bucket/x", "ceasefire")):
        forget_stores()
        result = sim(*words)
        assert result.exit_code == 2, result.stderr
        assert "s3://bucket/x" in result.stderr and "no keys for this store" in result.stderr
        assert "AWS_ACCESS_KEY_ID" in result.stderr and len(result.stderr.splitlines()) == 1


def test_a_batch_killed_while_its_workers_looked_for_the_folder_is_gone_on_with_and_replaced() -> None:
    done("run", "tiny.yaml", "--runs", "5", "--out", "mine", *FLAT)
    kept = sorted(path.name for path in Path("mine").iterdir())
    for words in (("--runs", "9"), ("--runs", "9", "--seed", "2", "--fresh")):
        marks = part_writing.marked(Path("mine").absolute())
        marks.__enter__()  # and never left, as by a kill
        done("run", "tiny.yaml", *words, "--out", "mine", *FLAT)
        assert sorted(path.name for path in Path("mine").iterdir()) == kept


def test_a_home_folder_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    done("run", "~/../tiny.yaml", "--runs", "5", "--out", "~/mine", *FLAT)
    assert len(open_ensemble("~/mine")) == 5 and (tmp_path / "home" / "mine").is_dir() and not Path("~").exists()
    assert "no home folder" in sim("run", "tiny.yaml", "--out", "~nobody-knows/x").stderr


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    for words in (("why", "tiny.yaml", "-o", "x.svg"), ("report", "tiny.yaml"), ("export", "tiny.yaml")):
        result = sim(*words, *(("--runs", "20") if words[0] == "export" else ()))
        assert result.exit_code == 2 and "nothing can be written into this folder" in result.stderr


def in_process(environment: dict[str, str | None], *words: str) -> "subprocess.CompletedProcess[bytes]":
    kept = {name: value for name, value in (os.environ | environment).items() if value is not None}
    kept["PYTHONPATH"] = os.pathsep.join(
        [environment.get("PYTHONPATH") or "", str(Path(loading.__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    )
    return subprocess.run([sys.executable, "-m", "sim", *words], env=kept, capture_output=True, timeout=300)


def test_a_command_that_asks_with_sql_says_nothing_of_its_libraries_at_the_end() -> None:
    done("run", "tiny.yaml", "--runs", "300", "--out", "mine", *FLAT)
    ended = in_process({}, "given", "mine", "truces >= 0")
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("words", [("run", "nowhere"), ("run", "--nonsense")])
@pytest.mark.parametrize("into", ["a pipe that nobody reads", "a full disk"])
def test_wrong_input_ends_with_status_2_also_where_nobody_can_be_told(words: tuple[str, ...], into: str) -> None:
    if into == "a full disk":
        errors = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, errors = os.pipe()
        os.close(reader)
    path = os.pathsep.join([str(Path(loading.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    command, environment = [sys.executable, "-m", "sim", *words], {**os.environ, "PYTHONPATH": path}
    ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=errors, timeout=300, check=False)
    os.close(errors)
    assert (ended.returncode, ended.stdout) == (2, b"")


def test_an_answer_is_printed_where_nobody_reads_messages() -> None:
    path = os.pathsep.join([str(Path(loading.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    words = ("run", "tiny.yaml", "--runs", "20", "--out", "mine", *FLAT)
    with open("/dev/full", "wb") as errors:
        ended = subprocess.run(
            [sys.executable, "-m", "sim", *words], env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE,
            stderr=errors, timeout=300, check=False,
        )  # fmt: skip
    assert ended.returncode == 0 and ended.stdout.startswith(b"tiny: 20 runs, seed 1.")


def test_an_ending_that_excel_would_refuse_is_refused() -> None:
    done("run", "tiny.yaml", "--runs", "20", "--out", "mine", *FLAT)
    refused = sim("export", "mine", "-o", "mine.xls")
    assert refused.exit_code == 2 and "mine.xls: .xls is not written; allowed: .xlsx, .csv" in refused.stderr


NO_LOCKS = """
import errno, fcntl, os
def _no_locks(*_):
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
fcntl.flock = _no_locks
"""


@pytest.mark.slow
def test_a_file_system_without_locks_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "no_locks").mkdir()
    (tmp_path / "no_locks" / "sitecustomize.py").write_text(NO_LOCKS)
    here = {"PYTHONPATH": str(tmp_path / "no_locks")}
    first = in_process(here, "run", "tiny.yaml", "--runs", "20", "--out", "x", *FLAT)
    assert first.returncode == 0, first.stderr
    assert len(open_ensemble("x")) == 20 and not Path("x/.writer").exists()
    Path("x/.writer").write_text("elsewhere 7")
    refused = in_process(here, "run", "tiny.yaml", "--runs", "30", "--out", "x", *FLAT)
    assert refused.returncode == 2 and b"x/.writer says (elsewhere 7)" in refused.stderr


TERMINALS: dict[str, dict[str, str | None]] = {
    "no home": {"HOME": None},
    "narrow": {"COLUMNS": "20"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "no compiling": {"NUMBA_DISABLE_JIT": "1"},
    "odd backend": {"MPLBACKEND": "nonsense"},
    "windows": {"MPLBACKEND": "TkAgg", "DISPLAY": None},
}
TRIED = ("ascii", "no compiling", "windows")
"""Those that differ most; ``tests/project/test_environments.py`` plays a sample of many more."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in TRIED else pytest.mark.thorough) for name in TERMINALS]
)
def test_no_terminal_brings_a_traceback_or_loses_a_digit(name: str) -> None:
    text = Path("tiny.yaml").read_text(encoding="utf-8")
    assert "question:" in text
    done("run", "tiny.yaml", "--runs", "300", *FLAT)
    for words in (("run", "tiny.yaml", "--runs", "300", *FLAT), ("why", "tiny.yaml", "--most", "1", "-o", "x.svg")):
        usual, here = in_process({}, *words), in_process(TERMINALS[name], *words)
        assert here.returncode == 0 and b"Traceback" not in here.stderr, here.stderr
        digits = [sorted(each for each in str(out.stdout) if each.isdigit()) for out in (usual, here)]
        assert digits[0] == digits[1]
    shown = in_process(TERMINALS[name], "question", "tiny.yaml")
    assert shown.returncode == 0 and b"Traceback" not in shown.stderr


@pytest.mark.slow
def test_a_question_in_another_script_is_shown_with_replacements(tmp_path: Path) -> None:
    Path("theirs.yaml").write_text(
        'question: "Що буде, якщо Мадрид погодиться?"\nextends: baseline\nassumption: приклад\n'
        "change:\n  actors.spain.stance: open\n",
        encoding="utf-8",
    )
    shown = in_process({"PYTHONIOENCODING": "cp1252"}, "question", "theirs.yaml")
    assert shown.returncode == 0 and b"Question: ?? ????, ???? ??????" in shown.stdout


def test_colours_asked_for_make_no_screen_of_a_pipe() -> None:
    words = ("run", "tiny.yaml", "--runs", "40", *FLAT)
    coloured = in_process({"FORCE_COLOR": "1", "TTY_COMPATIBLE": "1", "COLUMNS": "60"}, *words, "--out", "a")
    plain = in_process({"FORCE_COLOR": None, "COLUMNS": "60"}, *words, "--out", "b")
    assert coloured.returncode == 0 and b"\x1b[?25l" not in coloured.stderr and b"0/40" not in coloured.stderr
    sentence = plain.stdout.splitlines()[1]
    assert len(sentence) > 200 and sentence in coloured.stdout
