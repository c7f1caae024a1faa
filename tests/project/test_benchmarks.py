"""Every benchmark is one command that prints one JSON object, here at its smallest size."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).parents[2]
BENCHMARKS = HOME / "benchmarks"
SHARED = {"measuring", "boxes"}
"""What others import."""
SMALLEST = {
    "throughput": ("--runs", "64", "--mesa-runs", "4", "--pairs", "1"),
    "shell": ("import", "batch", "--runs", "64", "--repeats", "1"),
    "memory": ("--runs", "64", "128", "--repeats", "1"),
    "cluster": ("--workers", "1", "--parts", "1", "3", "--part-runs", "64", "--ways", "workers, folder"),
    "growth": ("--runs", "8", "16", "--weeks", "4", "8", "--actors", "10", "12", "--edges", "10", "100",
               "--batch", "8", "--repeats", "1"),
    "phases": ("--repeats", "1"),
    "calibration": ("--truths", "8", "--seeds", "1", "--runs", "1024"),
    "explorer_memory": ("--requests", "80", "--every", "10"),
    "explorer_load": ("--sessions", "3", "--minutes", "0.05", "--pause", "1", "--checks", "2"),
    "rare_events": ("--of", "deployed", "--runs", "100"),
    "analyses": ("levers", "why", "--runs", "100"),
    "processors": ("--rows", "one_thread"),
    "environments": ("--environments", "COLUMNS=0", "--commands", "help"),
    "power_cuts": ("--histories", "10", "--every", "20"),
    "faults": ("--kills", "5", "--others", "1", "--cluster", "0", "--runs", "2048"),
}  # fmt: skip
SLOW = (
    "shell",
    "explorer_memory",
    "rare_events",
)
THOROUGH = ("phases", "processors", "cluster", "faults", "analyses", "throughput", "memory", "explorer_load")
"""Not for CI: ``phases`` compiles every phase by itself, and what the others measure has tests of its own."""


def printed(name: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), *arguments, "--json"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout, parse_constant=pytest.fail)
    assert isinstance(found, dict)
    return found


def numbers(found: dict[str, Any]) -> list[float]:
    inner = [number for value in found.values() if isinstance(value, dict) for number in numbers(value)]
    return inner + [value for value in found.values() if isinstance(value, float)]


def test_every_benchmark_is_tried_here() -> None:
    assert {path.stem for path in BENCHMARKS.glob("*.py")} - SHARED == set(SMALLEST)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[*[pytest.mark.slow] * (name in SLOW), *[pytest.mark.thorough] * (name in THOROUGH)])
        for name in SMALLEST
    ],
)
def test_a_benchmark_prints_json_that_names_the_processors_and_has_numbers(name: str) -> None:
    found = printed(name, *SMALLEST[name])
    assert found["processors"] >= 1
    assert numbers(found)


def test_growth_saves_a_figure(tmp_path: Path) -> None:
    figure = tmp_path / "growth.png"
    nothing = ("--weeks", "--actors", "--edges")
    printed("growth", "--runs", "8", "16", *nothing, "--repeats", "1", "--plot", str(figure))
    assert figure.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("shell", ("imports",), "'imports' is not a command; allowed: batch"),
        ("memory", ("--runs", "0"), "expected a whole number of at least 1, got '0'"),
        ("explorer_memory", ("--requests", "7"), "--requests: expected at least 8 times --every, got 7 and 500"),
        ("growth", ("--actors", "5", "20"), "--actors: expected two sizes or more, actors from 10"),
        ("throughput", ("--mesa-runs", "2"), "--mesa-runs: expected more than 2, got 2"),
    ],
)
def test_a_benchmark_refuses_a_size_that_it_cannot_have(name: str, arguments: tuple[str, ...], told: str) -> None:
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), *arguments]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert told in done.stderr
