"""The answer that README quotes is the one that its command prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

HOME = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_answer_that_the_readme_quotes_is_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quoted = re.findall(r"^> (On information to .*)$", (HOME / "README.md").read_text("utf-8"), re.MULTILINE)
    printed = CliRunner().invoke(app, ["run", "baseline"], env={"COLUMNS": "100"}).stdout.splitlines()
    assert len(quoted) == 1
    assert quoted[0] in printed
