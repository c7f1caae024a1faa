"""What commands print and draw of a tiny world is what ``tests/golden/shown`` keeps; a change of it is made on purpose:

SIM_RENEW_GOLDEN=1 python -m pytest tests/cli/test_as_printed.py
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app, figures
from tests import kept_output
from tests.analysis.test_levers import write_toy
from tests.worlds import TARGETS, write_tiny

DATA = Path(__file__).parents[1]
EASIER = "actors.ukr.disposition=3"
OTHER = """\
question: What if Kyiv were keener, and Washington too?
extends: tiny.yaml
assumption: made up by the other analyst
change: {actors.ukr.disposition: 3, actors.usa.disposition: 1, actors.usa.burden_sharing: 0.9}
"""
SEEN = """\
- {week: 2025-03-10, actor: alba, stage: at least open, source: invented}
- {week: 2025-03-31, ceasefire: none, reliability: 90%}
"""
SMALL = ("--runs", "100", "--workers", "1")
FIRST = (
    ("run", "tiny.yaml", "--runs", "300", "--nested", "none", "--out", "one"),
    ("record", "one", "--date", "2025-03-10", "-o", "kept.json"),
    ("update", "tiny.yaml", "seen.yaml", *SMALL, "--record", "kept_series.json", "--date", "2025-03-11"),
)
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "tiny.yaml", "--runs", "300", "--nested", "5x20", "--theory", "40", "--out", "again"),
    "run_of": ("run", "tiny.yaml", *SMALL, "--nested", "none", "--of", "ceasefire and arms >= 0.5", "--set", EASIER),
    "compare": ("compare", "tiny.yaml", "--edit", EASIER, *SMALL),
    "compare_nested": ("compare", "tiny.yaml", "--edit", EASIER, "--nested", "4x6", *SMALL),
    "disagree": ("disagree", "tiny.yaml", "other.yaml", "--of", "ceasefire", *SMALL, "-o", "f.svg"),
    "given": ("given", "one", "ceasefire"),
    "given_list": ("given", "--list"),
    "independence": ("independence", "one"),
    "record": ("record", "one", "--date", "2025-03-10", "-o", "forecast.json"),
    "score": ("score", "kept.json", "blue"),
    "replay": ("replay", "tiny.yaml", "--typical", "no_ceasefire", "-o", "f.svg"),
    "explain": ("replay", "tiny.yaml", "--run", "3", "--explain", "alba", "--week", "4"),
    "explain_host": ("replay", "tiny.yaml", "--run", "3", "--explain", "ukr", "--week", "4"),
    "explain_broker": ("replay", "tiny.yaml", "--run", "3", "--explain", "usa", "--week", "4"),
    "could": ("could", "tiny.yaml", "arms >= 0.5", *SMALL),
    "why": ("why", "one", "--most", "2", "-o", "f.svg"),
    "levers": ("levers", "toy.yaml", "--runs", "100", "--target", "0.9", "-o", "f.svg"),
    "levers_list": ("levers", "toy.yaml", "--list"),
    "sensitivity": ("sensitivity", "tiny.yaml", "--base", "16", "--trajectories", "2", "-o", "f.svg"),
    "sensitivity_shares": ("sensitivity", "tiny.yaml", "--of", "ceasefire", "--shares", "--runs", "400", "-o", "f.svg"),
    "sensitivity_inert": ("sensitivity", "tiny.yaml", "--of", "ceasefire", "--inert", "--runs", "10", "-o", "f.svg"),
    "sweep": ("sweep", "tiny.yaml", "actors.ukr.disposition=0:3:4", "--runs", "50", "--of", "ceasefire", "-o", "f.svg"),
    "sweep_two": (
        "sweep", "tiny.yaml", "actors.usa.backstop.offers.at_least=none,troops", "actors.ukr.disposition=0:3:2",
        "--runs", "50", "-o", "f.svg",
    ),
    "sure": ("sure", "tiny.yaml", "--of", "deployed", "--runs", "300", "--draws", "5", "--luck", "10", "-o", "f.svg"),
    "match": (
        "match", "tiny.yaml", "--targets", "targets.yaml", "--draws", "20", "--luck", "16", "--waves", "2",
        "--keep", "30", "--runs", "200", "-o", "f.svg",
    ),
    "update": ("update", "tiny.yaml", "seen.yaml", "--of", "ceasefire", "--runs", "300", "-o", "f.svg"),
    "watch": ("watch", "tiny.yaml", "seen.yaml", "--of", "ceasefire", "--runs", "300", "-o", "f.svg"),
    "score_series": ("score", "kept_series.json", "european=no"),
    "backtest": ("backtest", "issues.csv", "--resamples", "10"),
    "cases": ("cases", "cases", "--runs", "20", "--theory", "2"),
    "export": ("export", "one", "--to", "csv"),
    "check": ("check", "tiny.yaml"),
    "show": ("show", "tiny.yaml", "actors.alba"),
    "diff": ("diff", "tiny.yaml", "other.yaml"),
    "question": ("question", "tiny.yaml"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    where = tmp_path_factory.mktemp("printed")
    write_toy(where)
    shutil.copy(DATA / "data" / "issues.csv", where)
    shutil.copytree(DATA / "validation" / "cases", where / "cases")
    write_tiny(where, other=OTHER, seen=SEEN, targets=TARGETS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(where)
        for command in FIRST:
            done = CliRunner().invoke(app, list(command))
            assert done.exit_code == 0, done.output
        yield where


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_and_draws_what_is_kept(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(figures, "save", lambda axes, file: drawn.append(f"{file}\n{kept_output.described(axes)}"))
    result = CliRunner().invoke(app, list(COMMANDS[name]))
    shown = [
        f"$ sim {' '.join(COMMANDS[name])}",
        result.stdout,
        f"--- beside it, and {result.exit_code}",
        result.stderr,
    ]
    text = re.sub(r"\b[0-9a-f]{12,}\b", "HASH", "\n".join([*shown, *drawn]).replace(str(folder), "FOLDER"))
    assert kept_output.differs(f"printed/{name}", text) == ""
