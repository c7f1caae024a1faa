"""A few of the environments of ``benchmarks/environments.py``, with a quick command; all are in ``make thorough``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).parents[2]
CHEAP = (
    "unknown user", "all read-only", "folder that was removed", "COLUMNS=0", "LANG=C, no UTF-8 mode",
    "PYTHONOPTIMIZE=2", "PYTHONWARNINGS=error", "all streams closed", "full standard output",
    "yaml.py and random.py there, python -m",
)  # fmt: skip


def tried(*arguments: str) -> list[dict[str, Any]]:
    command = [sys.executable, str(HOME / "benchmarks" / "environments.py"), "--json", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(command, cwd=HOME, env=kept, capture_output=True, text=True, check=False)
    table: list[dict[str, Any]] = json.loads(done.stdout)["table"]
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


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="boxes are made of what Linux has")
def test_every_command_answers_or_refuses_in_a_line_in_every_environment() -> None:
    table = tried()
    assert faults(table) == []
    assert len(table) >= 100
