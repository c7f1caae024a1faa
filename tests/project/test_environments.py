"""A few of the environments of ``benchmarks/environments.py``, with a quick command; all are in ``make thorough``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).parents[2]
PAGE = HOME / "docs" / "environments.md"
CHEAP = (
    "unknown user", "all read-only", "folder that was removed", "COLUMNS=0", "LANG=C, no UTF-8 mode",
    "PYTHONOPTIMIZE=2", "PYTHONWARNINGS=error", "all streams closed", "full standard output",
    "yaml.py and random.py there, python -m",
)  # fmt: skip


def printed(*arguments: str) -> str:
    command = [sys.executable, str(HOME / "benchmarks" / "environments.py"), *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(command, cwd=HOME, env=kept, capture_output=True, text=True, check=False).stdout


def tried(*arguments: str) -> list[dict[str, Any]]:
    table: list[dict[str, Any]] = json.loads(printed("--json", *arguments))["table"]
    return table


def faults(table: list[dict[str, Any]]) -> list[str]:
    rows = [row for row in table if row["verdict"].startswith("fault")]
    return [f"{row['environment']}: {row['command']}: {row['verdict']}: {row['last']}" for row in rows]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="boxes are made of what Linux has")
def test_a_command_answers_or_refuses_in_a_line_in_odd_environments() -> None:
    table = tried("--commands", "check", "--environments", *CHEAP)
    assert faults(table) == []
    assert {row["environment"] for row in table} == {"plain", *CHEAP}


def result(environment: str, command: str, verdict: str, last: str = "") -> dict[str, Any]:
    return {
        "environment": environment,
        "command": command,
        "status": 0,
        "seconds": 0.5,
        "verdict": verdict,
        "last": last,
    }


def kept(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "results.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_what_is_kept_is_not_tried_again_but_for_faults(tmp_path: Path) -> None:
    file = kept(
        tmp_path,
        result("COLUMNS=0", "help", "fault: other words"),
        result("COLUMNS=wide", "help", "refused", "kept"),
        result("plain", "help", "same"),
    )
    tried("--commands", "help", "--environments", "COLUMNS=0", "COLUMNS=wide", "--keep", str(file))
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    again = [(row["environment"], row["verdict"]) for row in rows[3:]]
    assert again == [("plain", "same"), ("COLUMNS=0", "same")]


def test_no_command_begins_when_the_time_is_over(tmp_path: Path) -> None:
    assert tried("--commands", "help", "--environments", "COLUMNS=0", "--minutes", "0") == []


def test_the_table_of_the_page_is_printed_from_what_is_kept(tmp_path: Path) -> None:
    file = kept(
        tmp_path,
        result("| head -1", "check", "same"),
        result("plain", "show", "fault: silent"),
        result("plain", "help", "same"),
        result("plain", "check", "same"),
        result("plain", "show", "refused", "no | here"),
    )
    assert printed("--docs", "--keep", str(file)).splitlines() == [
        "| environment | verdicts |",
        "| --- | --- |",
        "| plain | help, check: same; show: refused (no \\| here) |",
        "| \\| head -1 | check: same |",
    ]


def verdicts() -> dict[str, str]:
    """Return the cells of the page's table of what was seen, by environment."""
    part = PAGE.read_text("utf-8").partition("## What was seen")[2].partition("\n## ")[0]
    lines = [line[2:-2].replace("\\|", "\0") for line in part.splitlines() if line.startswith("| ")]
    cells = [[cell.replace("\0", "|") for cell in line.split(" | ")] for line in lines[2:]]
    return dict(cells)


def test_the_page_says_what_every_command_did_in_every_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HOME / "benchmarks"))
    boxes = import_module("boxes").BOXES
    seen = verdicts()
    assert {box.name for box in boxes} <= set(seen)
    for box in boxes:
        named = re.findall(r"(?:^|; )((?:\w+, )*\w+): (?:same|refused|not tried)", seen[box.name])
        assert Counter(", ".join(named).split(", ")) == Counter(box.commands), box.name


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="boxes are made of what Linux has")
def test_every_command_answers_or_refuses_in_a_line_in_every_environment() -> None:
    table = tried()
    assert faults(table) == []
    assert len(table) >= 100
