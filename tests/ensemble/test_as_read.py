"""What a reader gets of an ensemble: tables, sentences, events, ranges in words and files, kept in full.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/ensemble/test_as_read.py

writes ``tests/golden/shown/read.txt`` anew. Memory and folder say the same, but for how an interval is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.ensemble import Ensemble, answer, force_kind, handing_on, likelihood_words, run_table, share, shares
from sim.ensemble.ensemble import open_ensemble
from sim.ensemble.event_names import names
from sim.ensemble.events import event
from sim.reading.errors import InputError
from tests import kept_output
from tests.worlds import baseline, tiny

CHANCES = (0.0, 4e-7, 0.00004, 0.0005, 0.0041, 0.01, 0.0499, 0.05, 0.0999, 0.1, 0.12, 0.31, 0.5, 0.55, 0.9, 0.91, 0.99,
           0.9951, 0.99996, 1.0)  # fmt: skip
PAIRS = (
    (0.0, 0.0),
    (0.0, 0.0041),
    (0.0, 1.0),
    (0.04, 0.06),
    (0.1, 0.31),
    (0.5, 0.5),
    (0.97, 0.995),
    (0.99, 1.0),
    (1.0, 1.0),
)
EVENTS = (
    "european", "ceasefire and arms >= 0.5", "troops >= 25000 or not deployed", "rung >= air_cover",
    "consent < accepts", "10 <= deployed_week", "not (truce_broke or escalated)", "outcome = blue",
    "outcome != no_ceasefire", "reassurance", "rung_at_horizon = none and consent_at_horizon = refuses",
    "tabled_blue > 3 and (states >= 2 or attacks = 0)",
    "european_week <= 5", "missing_truce", "truces > 1 and concession < 0.25", "rung_highest > assurance",
    "not not held", "reached >= 0.5",
)  # fmt: skip
"""Every kind of condition, in each of the ways in which they are joined."""
WRONG = (
    "", " ", "european and", "and european", "(european", "european)", "europaen", "troops", "troops >=",
    "troops >= many", "troops >= 5 weeks", "rung >= air", "rung >= 3", "outcome < blue", "outcome = bleu",
    "european >= 3", "5", "5 < 6", "troops > 1 > 2", "not", "european ceasefire", "european & deployed",
    "european && deployed", "troops => 3",
    "troops >= 1e999", "troops >= nan", "run = 5", "tabled_red > 1", "missing_all", "consent between a and b",
    "european or or deployed", "a" * 3000, "(" * 300 + "european" + ")" * 300, "troops >= 1,00", "25000 <= troops <= 1",
)  # fmt: skip


@cache
def ensemble(rounds: bool = False) -> Ensemble:
    made = sim.run(tiny(), 200, 5, workers=1, keep=("inputs", "weekly"))
    if rounds:
        made.inputs_range, made.theory_range = INPUTS_RANGE, THEORY_RANGE
    return made


ENDS = {"p10": 0.01, "p90": 0.24, "p10_low": 0.0, "p10_high": 0.02, "p90_low": 0.2, "p90_high": 0.5}
INPUTS_RANGE = {"european": {**ENDS, "mean": 0.3, "half_in": 0.02, "draws": 1200, "runs_per_draw": 50,
                             "given_ceasefire": {"p10": 0.21, "p90": 0.7}}}  # fmt: skip
RULES = {"as_configured": 0.3, "no_pressure": 0.1, "all_keen": 0.6}
THEORY_RANGE = {"european": {
    "runs": 500, "low": 0.1, "high": 0.6, "least": "no_pressure", "most": "all_keen",
    "rules": {name: {"probability": at, "run_noise_low": at / 2, "run_noise_high": at + 0.1}
              for name, at in RULES.items()},
}}  # fmt: skip
NOWHERE = {"european": {**THEORY_RANGE["european"], "low": 0.0, "high": 0.0}}


def sentences(of: Ensemble) -> dict[str, Any]:
    lines = (
        answer.sentence,
        answer.kind,
        answer.strength,
        answer.noise,
        answer.inputs,
        answer.theory,
        answer.troops_left,
    )
    return {each.__name__: each(of) for each in lines}


def shipped() -> Ensemble:
    return sim.run(baseline(), 40, 5, workers=1)


def sources() -> dict[str, Any]:
    """Return what an answer says that its numbers rest on, by the kinds of reason that they have."""
    every = (*answer.KINDS, "unexplained")
    known = {kind: _With({kind: 2}, {"a": {"stance": {"because": []}}}) for kind in every}
    known |= {f"{kind}, cited nowhere": _With({kind: 1}, {"a": {"stance": {"see": []}}}) for kind in every}
    known["ordered deep inside"] = _With({"ordered": 1}, {"a": {"b": {"c": {"order": []}}}})
    return {name: (answer._sources(each), answer.rests_on(each.manifest["evidence"])) for name, each in known.items()}


class _With:
    """Stands in for an ensemble whose numbers have reasons of some kinds."""

    def __init__(self, evidence: dict[str, int], actors: dict[str, Any]) -> None:
        self.manifest = {"evidence": evidence, "config": {"actors": actors}}


def without_force() -> Any:
    never = sim.run(tiny().change({"actors.ukr.disposition": -5}), 30, 5, workers=1)
    never.inputs_range = {"european": {**ENDS, "p90": 0.0, "p90_high": 0.0, "mean": 0.0, "half_in": None, "draws": 9,
                                       "runs_per_draw": 4}}  # fmt: skip
    never.theory_range = NOWHERE
    return sentences(never), never.summary(), answer.apart(never), answer.given_ceasefire(never, "european", 9)


def in_words() -> dict[str, Any]:
    ways = (likelihood_words.likelihood, likelihood_words.percent, likelihood_words.exactly, likelihood_words.in_words)
    two = (
        likelihood_words.likelihood_between,
        likelihood_words.between,
        likelihood_words.span,
        likelihood_words.points,
    )
    noisy = [likelihood_words.in_words(middle, noise, 300) for middle, noise in
             ((0.0, (0.0, 0.0126)), (1.0, (0.987, 1.0)), (0.05, (0.04, 0.06)), (0.5, (0.5, 0.5)))]  # fmt: skip
    gaps = ((0.0, 0.0), (0.003, 0.005), (-0.004, 0.016), (0.05, 0.072), (-0.072, -0.05), (0.0, 0.03), (-0.03, 0.0))
    return {
        **{way.__name__: {chance: way(chance) for chance in CHANCES} for way in ways},
        "one_in": {chance: (likelihood_words.one_in(chance), likelihood_words.one_in(chance, at_most=True))
                   for chance in CHANCES[1:12]},
        **{way.__name__: {pair: way(*pair) for pair in PAIRS} for way in two},
        "noisy": dict(enumerate(noisy)),
        "difference": {(before, gap): likelihood_words.difference("peace", before, before + sum(gap) / 2, *gap)
                       for before, gap in product((0.0, 0.2, 0.9), gaps)},
        "words": likelihood_words.words_of_likelihood(),
        "shares": {hits: (shares.worded(share(hits, 300)), share(hits, 300)) for hits in (0, 1, 14, 15, 150, 299, 300)},
    }  # fmt: skip


def files(folder: Path) -> dict[str, Any]:
    """Return what every kind of file holds that an ensemble is handed on to, its first lines where it is text."""
    for kind in handing_on.KINDS:
        sim.run(tiny(), 5, 5, workers=1).export(folder / f"as.{kind}", kind, ("runs", "actors", "events", "inputs"))
    book = pd.read_excel(folder / "as.xlsx", sheet_name=None)
    book["about"] = book["about"][~book["about"]["name"].str.startswith("version")]
    text = {path.name: path.read_text("utf-8").splitlines()[:4] for path in sorted((folder / "as.csv").iterdir())}
    whole = (folder / "as.json").read_text("utf-8")
    kept = [path for path in sorted((folder / "as.parquet").iterdir()) if path.stem != "about"]
    columns = {path.name: pd.read_parquet(path) for path in kept}
    return {"workbook": book, "texts": {name: "\n".join(lines) for name, lines in text.items()}, "columns": columns,
            "json": whole[:150], "json lines": len(whole.splitlines())}  # fmt: skip


def tables() -> dict[str, Any]:
    of = ensemble()
    every = {name: of.read(table=name) for name in of.tables}
    asked = [of.share(what, given, week, then) for what, given, week, then in (
        ("european", None, None, None), ("deployed", "ceasefire", 9, 5),
        ("european and troops >= 9000", "held", 9, None)
    )]  # fmt: skip
    return {
        **every, "events": of.events, "outcomes": of.outcomes(), "by week": of.by_week(), "gates": of.missing(),
        "contributors": of.contributors(), "asked": asked, "ranked": answer.ranked_contributors(of),
        "ranked outcomes": answer.ranked_outcomes(of), "kind": force_kind.as_dict(of.force_kind()),
        "some": of.read(["run", "outcome"], "truces > 0", runs=50), "first": of.first(20).runs, "names": of.names,
        "numbers": of.numbers(["run", "arms"], 30), "happened": of.happened("european and troops >= 9000"),
        "sql": of.sql("select outcome, count(*) n from runs group by all order by all"),
        "columns": {name: of.columns(name) for name in of.tables},
        "rows": {name: of.rows(name) for name in of.tables}, "records": run_table.records(of.runs.iloc[:2]),
    }  # fmt: skip


def meanings() -> dict[str, Any]:
    """Return what every kind of event means: its words, its columns, its SQL; and whether it needs a force."""
    known = {text: event(text, ("blue", "reassurance", "watch"), by_week=None) for text in EVENTS}
    meant = {text: (each.phrase, each.columns, each.sql, each.needs_force) for text, each in known.items()}
    in_time = {f"{text} by week 9": event(text, ("blue",), by_week=9).sql for text in ("european", "deployed and held")}
    return {**meant, **in_time}


READ: dict[str, Callable[[Path], Any]] = {
    "sentences": lambda _: sentences(ensemble()),
    "sentences with ranges": lambda _: sentences(ensemble(True)),
    "sentences of the shipped scenario": lambda _: sentences(shipped()),
    "without a force": lambda _: without_force(),
    "sources": lambda _: sources(),
    "summary": lambda _: ensemble(True).summary(),
    "tables": lambda _: tables(),
    "words of chance": lambda _: in_words(),
    "files": files,
    "events": lambda _: meanings(),
    "names": lambda _: names(("blue", "watch"), ("Blue helmets", "Observers")),
    "labels": lambda _: handing_on.labels(ensemble().manifest),
    "codebook": lambda _: handing_on.codebook({name: ensemble().columns(name) for name in ensemble().tables}),
}


@pytest.mark.parametrize("name", READ)
def test_what_a_reader_gets_is_what_is_kept(name: str, tmp_path: Path) -> None:
    text = "\n".join(kept_output.in_full(READ[name](tmp_path))).replace(str(tmp_path), "FOLDER")
    text = kept_output.without_hashes(text)
    assert kept_output.differs("read", text, name) == ""


def test_a_wrong_event_is_refused_in_the_words_that_are_kept() -> None:
    lines = []
    for text in WRONG:
        with pytest.raises(InputError) as refused:
            event(text, ("blue", "reassurance", "watch"))
        lines += [f"{text[:40]!r}:", *(str(fault)[:300] for fault in refused.value.faults[:3])]
    assert kept_output.differs("read", "\n".join(lines), "wrong events") == ""


def test_a_folder_is_read_as_memory_is(tmp_path: Path) -> None:
    ensemble().save(tmp_path / "kept")
    again = open_ensemble(tmp_path / "kept")
    for name in ("runs", "actors", "inputs", "weekly"):
        there = again.read(table=name)
        pd.testing.assert_frame_equal(there, ensemble().read(table=name), check_dtype=True)
    assert again.summary() == ensemble().summary()
    assert np.array_equal(again.numbers(["run", "arms"], 30), ensemble().numbers(["run", "arms"], 30))
