"""Tests of the corpus of bad input in `tests/bad`: each is refused with status 2 and what its expectation says.

A file's expectation is its first line, `# expect: ...`, or stands beside it in `NAME.expected`. What is told is the
expectation somewhere in it, in lines of bounded length that move nothing on a terminal. `commands.txt` has commands.
"""

import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim import evidence
from sim.cli import application
from sim.ensemble import part_records
from sim.reading.errors import InputError
from sim.reading.files import shipped_folder
from sim.scenario.loading import load
from tests import grown, kept_output
from tests.worlds import TINY, tiny, write_tiny

BAD = Path(__file__).parents[1] / "bad"
SECONDS, BYTES = 5, 1_000_000_000
LONGEST = 2_000
BOMBS = ("bomb", "bomb_of_itself")
"""Configs that, with those of :mod:`tests.grown`, would take time, memory or the stack: read in a process apart."""


def corpus(folder: str) -> list[Path]:
    return sorted(path for path in (BAD / folder).iterdir() if path.suffix != ".expected")


def named(path: Path) -> str:
    return path.stem


def expected(path: Path) -> str:
    beside = path.with_name(f"{path.name}.expected")
    if beside.exists():
        return beside.read_text(encoding="utf-8").strip()
    with path.open(encoding="utf-8") as lines:
        return lines.readline().removeprefix("# expect: ").rstrip("\n")


def refused(expectation: str, *words: str) -> str:
    """Hold that a command ends with status 2, tells what is expected, and leaves no traceback; return its output."""
    done = CliRunner().invoke(application(), list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code == 2, done.output
    check_report(expectation, done.output)
    return done.output


def check_kept(kind: str, name: str, text: str) -> None:
    """Hold that a report is to the letter what ``tests/golden/shown`` keeps; SIM_RENEW_GOLDEN=1 writes it anew."""
    for folder, stands_for in ((BAD, "BAD"), (Path.cwd(), "HERE")):
        text = text.replace(str(folder), stands_for)
    text = re.sub(r"([xy])\1{20,}.*", r"\1...", text)  # a long line is cut, where depends on the folder's own length
    assert kept_output.differs(f"refused_{kind}", text, name) == ""


def check_report(expectation: str, text: str) -> None:
    assert " ".join(expectation.split()) in " ".join(text.replace("│", " ").split())
    assert "Traceback" not in text
    assert all(len(line) <= LONGEST for line in text.splitlines())
    assert all(each.isprintable() for line in text.splitlines() for each in line)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIM_AGENTS", raising=False)
    write_tiny(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", [path for path in corpus("configs") if path.stem not in BOMBS], ids=named)
def test_a_bad_config_is_refused(here: Path, path: Path) -> None:
    shutil.copy(path, here)
    check_kept("configs", path.stem, refused(expected(path), "check", path.name))
    assert not (here / "PWNED").exists()


@pytest.mark.parametrize("name", [*BOMBS, *grown.CONFIGS])
def test_a_config_that_would_take_time_or_memory_is_refused_within_limits(here: Path, name: str) -> None:
    path = here / f"{name}.yaml"
    if name in BOMBS:
        shutil.copy(BAD / "configs" / path.name, path)
    else:
        expectation, text = grown.CONFIGS[name]
        path.write_text(f"# expect: {expectation}\n{text()}", encoding="utf-8")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))

    done = subprocess.run(
        [sys.executable, "-m", "sim", "check", path.name], cwd=here, preexec_fn=limit, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(sim.__file__).parents[1])}, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    check_report(expected(path), done.stderr)


@pytest.mark.parametrize("path", corpus("evidence"), ids=named)
def test_bad_evidence_is_refused(here: Path, path: Path) -> None:
    seeds = shutil.copytree(shipped_folder("seeds"), here / "seeds")
    target = path.read_text(encoding="utf-8").splitlines()[1].removeprefix("# in the place of: ")
    shutil.copy(path, seeds / target)
    with pytest.raises(InputError) as error:
        evidence.load(seeds)
    text = "\n".join(map(str, error.value.faults[:100]))
    check_report(expected(path), text)
    check_kept("evidence", path.stem, "\n".join(text.splitlines()[:3]))
    assert not (here / "PWNED").exists()


@pytest.mark.parametrize("path", corpus("costs"), ids=named)
def test_bad_costs_of_levers_are_refused(here: Path, path: Path) -> None:
    check_kept("costs", path.stem, refused(expected(path), "levers", "baseline", "--list", "--cost", str(path)))


@pytest.mark.parametrize("path", corpus("records"), ids=named)
def test_a_bad_record_is_refused(path: Path) -> None:
    text = refused(f"{path}: {expected(path)}", "score", str(path), "ceasefire_without_force")
    check_kept("records", path.stem, text)


@pytest.mark.parametrize("path", corpus("points"), ids=named)
def test_bad_points_of_a_sweep_are_refused(here: Path, path: Path) -> None:
    text = refused(expected(path), "sweep", "baseline", "--csv", str(path), "--runs", "4")
    check_kept("points", path.stem, text)


@pytest.mark.parametrize("name", grown.POINTS)
def test_points_of_a_sweep_that_are_far_too_many_are_refused(here: Path, name: str) -> None:
    expectation, text = grown.POINTS[name]
    (here / f"{name}.csv").write_text(text(), encoding="utf-8")
    refused(expectation, "sweep", "baseline", "--csv", f"{name}.csv", "--runs", "4")


@pytest.mark.parametrize("path", corpus("issues"), ids=named)
def test_a_bad_table_of_issues_is_refused(path: Path) -> None:
    check_kept("issues", path.stem, refused(expected(path), "backtest", str(path), "--resamples", "10"))


COMMANDS = [line.split(" => ") for line in (BAD / "commands.txt").read_text().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(("command", "expectation"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_bad_command_line_is_refused(here: Path, command: str, expectation: str) -> None:
    text = refused(expectation, *shlex.split(command))
    check_kept("commands", command, text)
    assert "--cluster" in command or [path.name for path in here.iterdir()] == ["tiny.yaml"]


def test_a_scenario_that_extends_too_many_in_a_row_is_refused(here: Path) -> None:
    for number in range(40):
        (here / f"s{number}.yaml").write_text(f"extends: s{number + 1}.yaml\n")
    refused("s20.yaml:1:10: extends: more than the 20 scenarios that may extend one another", "check", "s0.yaml")


def test_symbolic_links_in_a_circle_and_pipes_are_no_files(here: Path) -> None:
    (here / "a.yaml").symlink_to(here / "b.yaml")
    (here / "b.yaml").symlink_to(here / "a.yaml")
    os.mkfifo(here / "pipe.yaml")
    (here / "link.yaml").symlink_to(here / "again.yaml")
    (here / "again.yaml").write_text("extends: link.yaml\n")
    for name, what in (("a", "a.yaml:1:1: no such file"), ("pipe", "not a file"), ("again", "cannot extend itself")):
        refused(what, "check", f"{name}.yaml")


@pytest.mark.parametrize(
    "content", ["name: [Germany\n", "- a\n", "", "null\n", "{}\n", "!!set {a}\n", "\tx\n", "a: b: c\n"]
)
def test_a_fault_in_an_actors_file_is_reported_once_and_not_at_what_names_the_actor(here: Path, content: str) -> None:
    configs = shutil.copytree(shipped_folder("configs"), here / "configs")
    (configs / "actors" / "germany.yaml").write_text(content)
    done = CliRunner().invoke(application(), ["check", "configs/baseline.yaml"])
    (text,) = done.output.splitlines()
    assert "germany.yaml:" in text


def test_an_actor_that_is_not_there_is_reported_once_for_all_its_edges(here: Path) -> None:
    configs = shutil.copytree(shipped_folder("configs"), here / "configs")
    (configs / "actors" / "germany.yaml").unlink()
    done = CliRunner().invoke(application(), ["check", "configs/baseline.yaml"])
    edges = [key for key in load("baseline").parts.network if "germany" in key.partition("/")[0].split("->")]
    assert f"no actor 'germany' ({len(edges) - 1} more edges, " in done.output
    assert done.output.count("'germany'") == 1


def in_manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def damage(folder: Path) -> None:
        path = folder / "_manifest.json"
        manifest = json.loads(path.read_text())
        change(manifest)
        part_records.put_manifest(folder, manifest)

    return damage


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[200] ^= 255
    path.write_bytes(content)


def edit_manifest(folder: Path) -> None:
    path = folder / "_manifest.json"
    path.write_text(path.read_text().replace('"seed": 1,', '"seed": 3,'))


RUNS = "runs/00000.parquet"
DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "manifest cut": (lambda folder: (folder / "_manifest.json").write_text("{"), "no ensemble stands here"),
    "manifest deep": (lambda folder: (folder / "_manifest.json").write_text("[" * 100_000), "no ensemble stands here"),
    "manifest edited": (edit_manifest, "_manifest.json is damaged (checksum)"),
    "manifest binary": (lambda f: (f / "_manifest.json").write_bytes(bytes(range(256))), "no ensemble stands here"),
    "no parts": (in_manifest(lambda about: about.pop("parts")), "holds no finished part"),
    "parts a number": (in_manifest(lambda about: about.update(parts=3)), "holds no finished part"),
    "parts empty": (in_manifest(lambda about: about.update(parts=[{}])), "holds no finished part"),
    "no groups": (in_manifest(lambda about: about.pop("groups")), "_manifest.json is damaged: 'groups' is missing"),
    "horizon": (in_manifest(lambda about: about.update(horizon_weeks=10**12)), "damaged: 'horizon_weeks' is missing"),
    "config": (in_manifest(lambda about: about.update(config=3)), "_manifest.json is damaged: 'config' is missing"),
    "format": (in_manifest(lambda about: about.update(format=99)), "holds an ensemble of another format"),
    "no file": (lambda folder: (folder / RUNS).unlink(), f"{RUNS} is missing or damaged (missing)"),
    "empty file": (lambda folder: (folder / RUNS).write_bytes(b""), f"{RUNS} is missing or damaged (0 bytes of"),
    "a flipped byte": (lambda folder: flip(folder / RUNS), f"{RUNS} is missing or damaged (checksum)"),
}


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ensemble") / "sound"
    sim.run(tiny(), 1_000, out=folder)
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", ["given", "why", "when", "independence", "record"])
def test_a_damaged_ensemble_is_refused(here: Path, ensemble: Path, damage: str, command: str) -> None:
    folder = shutil.copytree(ensemble, here / "bad")
    do, expectation = DAMAGES[damage]
    do(folder)
    if damage == "a flipped byte" and command in ("why", "when"):
        expectation = f"{RUNS} is missing or damaged (could not verify page"
    refused(expectation, command, "bad", *(["ceasefire"] if command == "given" else []))


GOOD = {"tiny.yaml": TINY, "mine.yaml": "extends: tiny.yaml\nassumption: ours\nchange: {actors.alba.credence: 30%}\n"}
WORDS = (
    ".nan",
    ".inf",
    "1e999",
    "-1",
    "0",
    "null",
    "{}",
    "[]",
    "'', ''",
    "&a [*a]",
    "!!python/object:os.x",
    "\t",
    "\x07",
    "é",
    "a: b: c",
)
PLAIN = st.none() | st.booleans() | st.integers(-3, 10**30) | st.floats() | st.text(max_size=5)
KEYS = st.text(max_size=3) | st.sampled_from(["low", "high", "alba"])
VALUES = st.recursive(
    PLAIN | st.sampled_from(["none", "alba", "40%"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)


def read_or_refused(path: Path) -> None:
    """Hold that a config is read, or refused by faults that each stand somewhere; any other error is a failure."""
    try:
        load(path)
    except InputError as error:
        check_report("", "\n".join(map(str, error.faults)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(GOOD)), st.floats(0, 1), st.integers(0, 20), st.binary(max_size=4) | st.sampled_from(WORDS))
def test_a_config_with_changed_bytes_is_read_or_refused(
    here: Path, name: str, at: float, gone: int, put: bytes | str
) -> None:
    for each, text in GOOD.items():
        (here / each).write_text(text)
    whole = GOOD[name].encode()
    place = int(at * len(whole))
    (here / name).write_bytes(whole[:place] + (put if isinstance(put, bytes) else put.encode()) + whole[place + gone :])
    read_or_refused(here / "mine.yaml")


def routes(tree: Any, route: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [
        *([route] if route else []),
        *(inner_route for key, value in inner for inner_route in routes(value, (*route, key))),
    ]


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_config_with_a_changed_value_is_read_or_refused(here: Path, data: st.DataObject) -> None:
    tree = yaml.safe_load(TINY)
    for route in data.draw(st.lists(st.sampled_from(routes(tree)), min_size=1, max_size=2)):
        inner = tree
        for key in route[:-1]:
            inner = inner[key] if isinstance(inner, dict | list) and _has(inner, key) else {}
        if isinstance(inner, dict | list) and _has(inner, route[-1]):
            inner[route[-1]] = data.draw(VALUES)
    (here / "mutant.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8", errors="replace")
    read_or_refused(here / "mutant.yaml")


def _has(tree: Any, key: Any) -> bool:
    return key in tree if isinstance(tree, dict) else isinstance(key, int) and key < len(tree)
