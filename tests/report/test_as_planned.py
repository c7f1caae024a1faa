"""How many runs a report says beforehand that it plays, by what it shows; each part of it has a share of the usual.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/report/test_as_planned.py

writes ``tests/golden/shown/planned.txt`` anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import batch
from sim.ensemble import Ensemble
from sim.report import living_rows
from sim.report.gathering import runs_of_pair, runs_played
from sim.report.grounds import likeliest
from tests import kept_output
from tests.plots.test_as_drawn import an_update
from tests.worlds import baseline, tiny

SEEN = "- {week: 2025-03-10, rung: none}\n- {week: 2025-03-24, ceasefire: none}\n"
BOTH = "european and troops >= 9000"
ASKED = (
    ("tiny", "european", 3),
    ("tiny", "european", 1_500),
    ("tiny", BOTH, 50_000),
    ("with ranges", "european", 50_000),
    ("baseline", "european", 50_000),
)
"""An ensemble, its event, and its runs: fewer than any share of the usual, more than some, more than all."""


def test_a_report_says_how_many_runs_it_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seen.yaml").write_text(SEEN, "utf-8")
    made = {"tiny": batch.run(tiny(), 30, 5, workers=1), "baseline": batch.run(baseline(), 30, 5, workers=1)}
    known = batch.run(tiny(), 30, 5, workers=1)
    known.inputs_range = {"european": {"draws": 9, "runs_per_draw": 7}}
    known.theory_range = {"european": {"runs": 11}}
    made["with ranges"] = known
    lines, seen = [], tmp_path / "seen.yaml"
    for name, of, size in ASKED:
        with monkeypatch.context() as patch:
            patch.setattr(Ensemble, "__len__", lambda _, size=size: size)
            ways = {
                "full": runs_played(made[name], of=of),
                "brief": runs_played(made[name], of=of, brief=True),
                "with what was seen": runs_played(made[name], of=of, observations=seen),
            }
        lines += [f"{name}, {size} runs, {of}, {way}: {runs}" for way, runs in ways.items()]
    lines.append(f"two: {runs_of_pair(made['tiny'], known)} {runs_of_pair(made['tiny'], made['tiny'])}")
    assert kept_output.differs("planned", "\n".join(lines)) == ""


def test_before_any_observation_nothing_was_expected() -> None:
    table = living_rows.living(an_update())
    assert [row[2] for row in table] == ["", "60%", "90%", "4%"]
    assert table[0][:2] == ("2025-03-03", "before any")


def test_the_likeliest_words_of_a_prior_come_first() -> None:
    priors = ("hesitant 30% / open 55% / pledged 15%", "open 10% / hesitant 90%", "opposed 80% / open 20%")
    assert [likeliest(prior) for prior in priors] == ["open or hesitant", "hesitant", "opposed"]
    assert [likeliest(prior) for prior in ("opposed", "1 .. 2")] == ["opposed", "1 .. 2"]
