"""What commands say with ``--json`` of a tiny world is what ``tests/golden/shown/json.txt`` keeps, a line each value.

SIM_RENEW_GOLDEN=1 python -m pytest tests/cli/test_as_json.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app, figures
from sim.ensemble.ensemble import Ensemble
from tests import kept_output
from tests.cli.test_as_printed import COMMANDS, EASIER, folder  # noqa: F401
from tests.plots.test_as_drawn import a_box

FEW = ("--runs", "50", "--workers", "1")
SAID: dict[str, tuple[str, ...]] = {
    "run": ("run", "tiny.yaml", "--runs", "60", "--nested", "3x8", "--theory", "10", "--out", "json"),
    "compare": ("compare", "tiny.yaml", "--edit", EASIER, "--nested", "3x4", *FEW),
    "compare_many": ("compare", "tiny.yaml", "other.yaml", "judged.yaml", "--of", "ceasefire", *FEW),
    "disagree": ("disagree", "tiny.yaml", "other.yaml", "--of", "ceasefire", *FEW),
    "sensitivity": ("sensitivity", "tiny.yaml", "--base", "8", "--trajectories", "2"),
    "sensitivity_shares": ("sensitivity", "tiny.yaml", "--of", "ceasefire", "--shares", "--runs", "300"),
    "sensitivity_inert": ("sensitivity", "tiny.yaml", "--of", "ceasefire", "--inert", "--runs", "10"),
    "sweep": ("sweep", "tiny.yaml", "actors.ukr.disposition=0:3:2", "--runs", "30", "--of", "ceasefire"),
    "sure": ("sure", "tiny.yaml", "--of", "deployed", "--runs", "100", "--draws", "3", "--luck", "8"),
    "levers": ("levers", "toy.yaml", "--runs", "100", "--target", "0.9"),
    "update": ("update", "tiny.yaml", "seen.yaml", "--of", "ceasefire", "--runs", "200"),
    "watch": ("watch", "tiny.yaml", "seen.yaml", "--of", "ceasefire", "--runs", "200"),
    "why": ("why", "one", "--most", "2"),
    "cases": ("cases", "cases", "--runs", "8", "--theory", "2"),
    "match": (
        "match", "tiny.yaml", "--targets", "targets.yaml", "--draws", "12", "--luck", "8", "--waves", "2",
        "--keep", "10", "--runs", "100",
    ),
    **{
        name: COMMANDS[name]
        for name in (
            "given", "independence", "score", "score_series", "backtest", "could", "could_seen", "could_rare",
            "levers_list", "levers_short", "list", "show_why", "run_of", "disagree_actors",
            "evidence_list", "evidence_records", "evidence_claim", "evidence_record", 
            "validate", "explain", "explain_host", "explain_broker", "explain_opponent",
            
        )
    },
}  # fmt: skip
"""The commands, without ``--json``."""
MOST = 2
"""Rows of a list that are kept; the others are counted."""


def lines(value: Any, at: str = "") -> Iterator[str]:
    """Yield each value of JSON with its place, a flat row in one line; of a list of rows the first ones."""
    if isinstance(value, dict) and value:
        flat = {name: each for name, each in value.items() if not isinstance(each, dict | list)}
        if flat:
            yield f"{at}: " + ", ".join(f"{name} {written(each)}" for name, each in flat.items())
        for name, each in value.items():
            if name not in flat:
                yield from lines(each, f"{at}.{name}")
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        yield f"{at}: {len(value)} rows"
        for number, each in enumerate(value[:MOST]):
            yield from lines(each, f"{at}[{number}]")
    elif isinstance(value, list):
        yield f"{at}: {len(value)} values, {' '.join(map(written, value[:MOST]))}"
    else:
        yield f"{at}: {written(value)}"


def written(value: Any) -> str:
    return f"{round(value, 12) + 0.0:.6g}" if isinstance(value, float) else repr(value)


@pytest.mark.parametrize("name", SAID)
def test_a_command_says_in_json_what_is_kept(name: str, folder: Path) -> None:  # noqa: F811
    result = CliRunner().invoke(app, [*SAID[name], "--json"])
    assert result.exit_code == 0, result.output
    text = "\n".join(lines(json.loads(result.stdout))).replace(str(folder), "FOLDER")
    text = kept_output.without_hashes(text)
    text = re.sub(r"date '[^']*', bytes \d+", "date WHEN, bytes SIZE", text)
    assert kept_output.differs("json", text, name) == ""


WRITTEN = {
    "theatre": ("new", "theatre", "austria", "--start", "2025-03-20"),
    "actor": ("new", "actor", "austria"),
    "actor like another": ("new", "actor", "austria", "--like", "estonia"),
    "scenario": ("new", "scenario", "austria"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_new_file_is_written_as_kept(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, list(WRITTEN[name]))
    assert result.exit_code == 0, result.output
    text = f"{result.stdout}\n{(tmp_path / 'austria.yaml').read_text('utf-8')}"
    assert kept_output.differs("new", text, name) == ""


@pytest.mark.parametrize("more", [(), ("--json",), ("-o", "f.svg")])
def test_a_box_is_printed_and_drawn_as_kept(
    more: tuple[str, ...],
    folder: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search itself takes runs by the thousand; here it finds a box that is made up."""
    asked = {"of": "ceasefire", "inputs": 7, "density": 0.25}
    drawn: list[str] = []

    def found(ensemble: Ensemble, of: str, inputs: int, *, density: float, progress: Any) -> Any:
        assert {"of": of, "inputs": inputs, "density": density} == asked and len(ensemble) == 200
        return a_box()

    monkeypatch.setattr("sim.analysis.when.when", found)
    monkeypatch.setattr(figures, "save", lambda axes, file: drawn.append(f"{file}\n{kept_output.described(axes)}"))
    words = ("when", "one", "--runs", "200", "--of", "ceasefire", "--inputs", "7", "--density", "0.25", *more)
    result = CliRunner().invoke(app, list(words))
    text = "\n".join([result.stdout, f"--- beside it, and {result.exit_code}", result.stderr, *drawn])
    assert kept_output.differs("printed/when", text.replace(str(folder), "FOLDER"), " ".join(more)) == ""
