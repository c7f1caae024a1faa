"""Every batch that an analysis plays has the seed, the workers and the gates held open that it was asked with.

Which batches those are, and how far progress counts, is what ``tests/golden/shown/run_options.txt`` keeps; what an
answer holds, every field and the names, kinds and numbers of its tables, stands in ``answers.txt`` beside it.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/analysis/test_run_options.py

writes it anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.analysis import certainty, could, enough, forecast, inert, nested, number_shares, rival_rules, tornado
from sim.batch import block, workers
from sim.batch.workers import threads
from tests import kept_output
from tests.analysis.test_levers import write_toy
from tests.worlds import TARGETS, tiny

HASH = re.compile(r"\b[0-9a-f]{12,}\b")
SEED, WORKERS, GATE = 5, 3, "council"
KEEN = {"actors.ukr.disposition": 3}
SEEN = "- {week: 2025-03-10, actor: alba, stage: at least open, source: invented}\n"

Call = Callable[[Path, dict[str, Any], dict[str, Any]], Any]
"""Asks an analysis, given a folder, the options of batches, and those of them that every analysis takes."""

ASKED: dict[str, Call] = {
    "run": lambda _, every, few: sim.run(tiny(), 40, SEED, **every),
    "nested": lambda _, every, few: nested.nested(tiny(), 4, 5, SEED, **every),
    "forecast": lambda at, every, few: forecast.forecast(
        tiny(), at / "out", 40, SEED, design=(3, 4), theory=10, **every
    ),
    "compare": lambda _, every, few: sim.compare(tiny(), tiny().change(KEEN), 40, SEED, design=(3, 4), **few),
    "comparisons": lambda _, every, few: sim.comparisons(
        [tiny(), tiny().change(KEEN)], 40, SEED, of="ceasefire", design=(3, 4), **every
    ),
    "certainty": lambda _, every, few: certainty.certainty(tiny(), "ceasefire", 40, SEED, draws=3, luck=4, **every),
    "sensitivity": lambda _, every, few: sim.sensitivity(tiny(), "ceasefire", 8, SEED, trajectories=2, top=3, **every),
    "ends": lambda _, every, few: tornado.ends(
        tiny(), ["actors.ukr.disposition", "common.us_turn"], "ceasefire", 20, SEED, **every
    ),
    "number_shares": lambda _, every, few: number_shares.number_shares(tiny(), "ceasefire", 300, SEED, **every),
    "inert": lambda _, every, few: inert.inert(tiny(), 8, SEED, ["common.us_turn"], **every),
    "structures": lambda _, every, few: rival_rules.structures(tiny(), 10, SEED, "ceasefire", **every),
    "enough": lambda at, every, few: enough.enough(at / "toy.yaml", 0.4, "deployed", 40, SEED, tries=3, **every),
    "sweep": lambda _, every, few: sim.sweep(
        tiny(), {"actors.ukr.disposition": [0, 3]}, "ceasefire", 20, SEED, **every
    ),
    "disagree": lambda _, every, few: sim.disagree(tiny(), tiny().change(KEEN), "ceasefire", 20, SEED, **few),
    "match": lambda at, every, few: sim.match(
        tiny(), at / "targets.yaml", 12, 8, SEED, waves=2, keep=6, runs=20, **every
    ),
    "update": lambda at, every, few: sim.living_forecast(tiny(), at / "seen.yaml", "ceasefire", 100, SEED, **few),
    "watch": lambda at, every, few: sim.watch(tiny(), at / "seen.yaml", "ceasefire", 4, 100, SEED, **few),
    "could": lambda _, every, few: sim.could(tiny(), "arms >= 0.5", 60, SEED, **few),
    "why": lambda _, every, few: sim.why(sim.run(tiny(), 60, SEED, workers=WORKERS), "ceasefire", most=2, **few),
    "holding_back": lambda _, every, few: sim.holding_back(tiny(), "alba", 40, SEED, **few),
}


@pytest.mark.parametrize("name", ASKED)
def test_all_that_is_played_is_played_as_asked(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played, asked, done, spoken = Counter[str](), set[Any](), list[int](), list[str]()
    made = block.Job.__new__

    def noted(kind: Any, *given: Any, **fields: Any) -> Any:
        job = made(kind, *given, **fields)
        played[f"seed {job.seed}, {job.engine}, {' '.join(job.relaxed)} open"] += 1
        return job

    def alone(workers: int | None) -> int:
        asked.add(workers)
        return 1

    monkeypatch.setattr(block.Job, "__new__", noted)
    monkeypatch.setattr(workers, "at_most", alone)
    monkeypatch.setattr(could, "threads", lambda workers: threads(alone(workers)))
    write_toy(tmp_path)
    (tmp_path / "seen.yaml").write_text(SEEN, "utf-8")
    (tmp_path / "targets.yaml").write_text(TARGETS, "utf-8")
    few: dict[str, Any] = {"workers": WORKERS, "progress": done.append}
    answer = ASKED[name](tmp_path, {**few, "relaxed": (GATE,), "tell": spoken.append}, few)
    assert asked == {WORKERS}
    lines = [f"{job}: {times}" for job, times in sorted(played.items())]
    lines += [f"counted {sum(done)}", *spoken]
    assert kept_output.differs("run_options", "\n".join(lines), name) == ""
    held = "\n".join(kept_output.in_full(answer)).replace(str(tmp_path), "FOLDER")
    assert kept_output.differs("answers", HASH.sub("HASH", held), name) == ""
