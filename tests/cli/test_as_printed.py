"""What commands print and draw of a tiny world is what ``tests/golden/shown`` keeps; a change of it is made on purpose:

SIM_RENEW_GOLDEN=1 python -m pytest tests/cli/test_as_printed.py
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
JUDGED = """\
extends: tiny.yaml
assumption: made up, two people judge
change:
  horizon_weeks: 5
  actors.ukr.disposition: {by: {dove: {low: 2, high: 4}, hawk: -5}, weights: {dove: 3, hawk: 1}}
  actors.corvia.stance: {by: {ann: opposed, ben: {open: 40%, pledged: 60%}}}
"""
IDLE = """\
extends: tiny.yaml
assumption: made up
change:
  actors.alba.disposition: {low: -1, high: 1, assumption: one sentence for two numbers}
  actors.borea.disposition: {low: -1, high: 1, assumption: one sentence for two numbers}
  actors.usa.posture.turns: 0
  missions.watch.worth: 0
"""
POINTS = "actors.ukr.disposition,actors.usa.backstop.offers.at_least\n0,none\n3,none\n3,troops\n"
SMALL = ("--runs", "100", "--workers", "1")
FIRST = (
    ("run", "other.yaml", "--runs", "150", "--nested", "none"),
    ("run", "tiny.yaml", "--runs", "50", "--nested", "none", "--out", "more"),
    ("could", "tiny.yaml", "deployed", "--runs", "20", "--workers", "1", "--example", "drawn.json"),
    ("run", "tiny.yaml", "--runs", "300", "--nested", "none", "--out", "one"),
    ("record", "one", "--date", "2025-03-10", "-o", "kept.json"),
    ("update", "tiny.yaml", "seen.yaml", *SMALL, "--record", "kept_series.json", "--date", "2025-03-11"),
)
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "tiny.yaml", "--runs", "300", "--nested", "5x20", "--theory", "40", "--out", "again"),
    "run_of": ("run", "tiny.yaml", *SMALL, "--nested", "none", "--of", "ceasefire and arms >= 0.5", "--set", EASIER,
               "--out", "of"),
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
    "check_notes": ("check", "idle.yaml"),
    "check_judged": ("check", "judged.yaml"),
    "show_tree": ("show", "tiny.yaml"),
    "show_shipped": ("show", "baseline", "actors.estonia"),
    "show_number": ("show", "baseline", "actors.germany.needs.russian_consent.firmness"),
    "show_inherited": ("show", "baseline", "actors.estonia.credence"),
    "show_judged": ("show", "judged.yaml", "actors.ukr.disposition"),
    "show_why": ("show", "tiny.yaml", "actors.alba", "--why", "--runs", "100"),
    "list": ("list",),
    "evidence_list": ("evidence", "list", "--actor", "germany", "--topic", "russian_consent"),
    "evidence_records": ("evidence", "list", "--literature", "--topic", "talks"),
    "evidence_claim": ("evidence", "show", "000.merz.if_russia_consents"),
    "evidence_record": ("evidence", "show", "min_2020_negotiation"),
    "evidence_trace": ("evidence", "trace", "baseline", "rules.truce.overlap_weeks"),
    "evidence_coverage": ("evidence", "coverage", "tiny.yaml"),
    "evidence_agreement": ("evidence", "agreement"),
    "validate": ("validate", "--only", "no_backstop_no_force", "--only", "poland_refuses_whatever_the_us_offers",
                 "--runs", "30", "--workers", "1"),
    "observe": ("observe", "tiny.yaml", "noted.yaml", "{week: 2025-03-10, rung: none, source: invented}"),
    "run_weekly": ("run", "tiny.yaml", *SMALL, "--nested", "none", "--keep", "weekly", "--relaxed", "council",
                   "--seed", "3", "--out", "weekly"),
    "run_more": ("run", "tiny.yaml", "--more", "20", "--nested", "none", "--theory", "none", "--out", "more"),
    "run_until": ("run", "tiny.yaml", "--until-margin", "0.2", "--nested", "none", "--theory", "none", "--out", "wide",
                  "--set", "horizon_weeks=4"),
    "given_latest": ("given", "ceasefire by week 8", "--of", "deployed"),
    "sensitivity_judged": ("sensitivity", "judged.yaml", "--of", "ceasefire", "--base", "8", "--trajectories", "2"),
    "sensitivity_within": ("sensitivity", "tiny.yaml", "--of", "ceasefire", "--within", "20", "--trajectories", "2",
                           "--set", "horizon_weeks=4"),
    "sweep_file": ("sweep", "tiny.yaml", "points.csv", "--runs", "40", "-o", "f.svg"),
    "sweep_cube": ("sweep", "tiny.yaml", "actors.ukr.disposition=0:3", "actors.rus.disposition=-1:1", "--lhs", "5",
                   "--runs", "40", "-o", "f.csv"),
    "could_seen": ("could", "tiny.yaml", "deployed", "--runs", "60", "--workers", "1", "--example", "example.json"),
    "could_rare": ("could", "tiny.yaml", "troops >= 14000", "--runs", "200", "--workers", "1"),
    "replay_drawn": ("replay", "tiny.yaml", "--drawn", "drawn.json"),
    "replay_standing": ("replay", "other.yaml", "--typical", "no_ceasefire"),
    "replay_surprising": ("replay", "other.yaml", "--surprising"),
    "explain_opponent": ("replay", "tiny.yaml", "--run", "3", "--explain", "rus", "--week", "4"),
    "levers_short": ("levers", "toy.yaml", "--runs", "100", "--target", "0.99", "--cost", "costs.yaml", "--tries", "2"),
    "levers_within": ("levers", "toy.yaml", "--runs", "100", "--within", "20", "--tries", "2"),
    "disagree_actors": ("disagree", "tiny.yaml", "other.yaml", "--by", "actor", "--permutations", "12", *SMALL),
    "why_within": ("why", "one", "--of", "deployed", "--most", "2", "--within", "20"),
    "watch_soon": ("watch", "tiny.yaml", "seen.yaml", "--weeks", "5", *SMALL),
    "update_no_widths": ("update", "tiny.yaml", "seen.yaml", "--of", "deployed", "--no-widths", *SMALL),
    "report": ("report", "other.yaml", "--runs", "20", "--brief", "--author", "A. N. Author", "--date", "2025-03-05"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    where = tmp_path_factory.mktemp("printed")
    write_toy(where)
    shutil.copy(DATA / "data" / "issues.csv", where)
    shutil.copytree(DATA / "validation" / "cases", where / "cases")
    write_tiny(where, other=OTHER, seen=SEEN, targets=TARGETS, judged=JUDGED, idle=IDLE, costs="{votes: 2, idle: 1}")
    (where / "points.csv").write_text(POINTS, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(where)
        patch.setattr("sim.scenario.loading.names", lambda: ("baseline", "two_years"))  # reading all takes a second
        for command in FIRST:
            done = CliRunner().invoke(app, list(command))
            assert done.exit_code == 0, done.output
        yield where


class Bars:
    """Stands in for the bars of commands; keeps of each its words, its end, and how far it came."""

    kept: list[list[Any]]

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def add_task(self, what: str, total: int | None) -> int:
        self.kept.append([what, total, 0])
        return len(self.kept) - 1

    def advance(self, task: int, runs: int) -> None:
        self.kept[task][2] += runs

    def update(self, task: int, description: str) -> None:
        self.kept[task].append(description)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_and_draws_what_is_kept(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    Bars.kept = []
    monkeypatch.setattr("rich.progress.Progress", Bars)
    for command in ("show", "evidence"):  # the folder's name must not decide where a line of a table ends
        monkeypatch.setattr(f"sim.cli.{command}.near", lambda at: f"{Path(at.file).name}:{at.line}")
    monkeypatch.setattr(figures, "save", lambda axes, file: drawn.append(f"{file}\n{kept_output.described(axes)}"))
    result = CliRunner().invoke(app, list(COMMANDS[name]))
    bars = [f"bar {words!r} to {total}: {done}, {then}" for words, total, done, *then in Bars.kept]
    shown = [
        f"$ sim {' '.join(COMMANDS[name])}",
        result.stdout,
        f"--- beside it, and {result.exit_code}",
        result.stderr,
        *bars,
    ]
    text = "\n".join([*shown, *drawn]).replace(str(folder), "FOLDER")
    text = kept_output.without_hashes(text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d +\d+\.\d$", "WHEN  SIZE", text, flags=re.MULTILINE)
    assert kept_output.differs(f"printed/{name}", text) == ""
