"""What stories and explanations say, in every kind of event and term, is what ``tests/golden/shown/told.txt`` keeps.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/story/test_as_told.py

writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sim.scenario.scenario import Scenario
from sim.story.decision import Decision, Number
from sim.story.explain import explain
from sim.story.narrative import _merged, events, tell
from sim.story.round_view import Event
from tests import kept_output
from tests.worlds import baseline, tiny

SEED = 3
KEEN = {"actors.ukr.disposition": 3, "actors.alba.disposition": 1.5}
WARY = {"actors.alba.disposition": -0.5, "actors.corvia.disposition": -1, "actors.rus.disposition": 1}
WORLDS = {"tiny": tiny, "keen": lambda: tiny().change(KEEN), "wary": lambda: tiny().change(WARY), "baseline": baseline}
ENDINGS = {"tiny": 40, "wary": 30, "baseline": 4}
RUNS = {"tiny": 24, "keen": 8, "baseline": 2}
EXPLAINED = [
    *(("tiny", actor, 9) for actor in ("usa", "rus", "ukr", "alba", "borea", "corvia")),
    ("tiny", "borea", 1),
    *(("keen", actor, 14) for actor in ("usa", "rus", "ukr", "alba", "borea")),
    *(("baseline", actor, 30) for actor in ("us", "russia", "ukraine", "germany")),
]


def kinds(scenario: Scenario, runs: int) -> Iterator[str]:
    """Yield the first event of each kind: its parts and its sentence."""
    known = set()
    for run in range(runs):
        for row in events(scenario, SEED, run).to_dict("records"):
            kind = (row["phase"], row["event"], re.sub(r"\d+", "#", str(row["detail"])))
            if kind not in known:
                known.add(kind)
                when, what = f"{run} {row['week']:g}", f"{row['phase']} {row['event']} [{row['detail']}]"
                yield f"{when} {what} {row['actor']}: {row['text']}"


def words(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def decided(each: Decision) -> Iterator[str]:
    """Yield a decision as lines: its terms with all that they saw and read, its outcome, what it was held against."""
    yield f"{each.decision} in {each.phase}, {each.says}: {each.total:.4f}"
    for term in each.terms:
        sees = ", ".join(f"{name} {words(value)}" for name, value in term.sees.items())
        yield f"  {term.term}, {term.says}: {term.value:.4f}; sees {sees}; reads {' '.join(term.numbers)}"
    yield "  so " + ", ".join(f"{name} {words(value)}" for name, value in each.outcome.items())
    yield "  against " + " ".join(each.numbers)


def number(path: str, each: Number) -> str:
    behind = " ".join(f"{one.cited} {one.id} {one.document} {one.paragraph}" for one in each.sources)
    return f"{path} {each.path} {words(each.value)} {each.prior} {each.kind} {each.inherited} {behind}"


def endings(scenario: Scenario, runs: int) -> Iterator[str]:
    """Yield how runs end, why, and what was missing: the first sentence of each kind."""
    known = set()
    for run in range(runs):
        text = tell(scenario, SEED, run)
        for each in re.split(r"(?<=\.) (?=[A-Z])", " ".join(text.partition("\n\n")[2].rpartition("\n\n")[2].split())):
            kind = re.sub(r"\d+", "#", each)
            if kind not in known:
                known.add(kind)
                yield f"{run} {each}"


@pytest.mark.parametrize("name", ENDINGS)
def test_runs_end_as_kept(name: str) -> None:
    text = "\n".join(endings(WORLDS[name](), ENDINGS[name]))
    assert kept_output.differs("told", text, f"endings of {name}") == ""


@pytest.mark.parametrize("name", RUNS)
def test_every_kind_of_event_is_told_as_kept(name: str) -> None:
    text = "\n".join(kinds(WORLDS[name](), RUNS[name]))
    assert kept_output.differs("told", text, f"events of {name}") == ""


@pytest.mark.parametrize(("name", "run"), [("tiny", 0), ("tiny", 5), ("keen", 1), ("keen", 2)])
def test_a_run_is_told_as_kept(name: str, run: int) -> None:
    assert kept_output.differs("told", tell(WORLDS[name](), SEED, run), f"{name} {run}") == ""


@pytest.mark.parametrize(("name", "actor", "week"), EXPLAINED)
def test_a_decision_is_explained_as_kept(name: str, actor: str, week: int) -> None:
    why = explain(WORLDS[name](), actor, week, 1, SEED)
    lines = [line for each in why.decisions for line in decided(each)]
    lines += [number(path, each) for path, each in list(why.numbers.items())[::8]]
    assert kept_output.differs("told", "\n".join([why.sentence, *lines]), f"{name} {actor} {week}") == ""


def test_what_is_alike_in_a_week_is_one_sentence_whatever_the_names() -> None:
    def happened(actor: str, event: str, text: str) -> Event:
        return Event(3.0, "any", actor, event, "", text)

    week = [
        happened("", "met", "Requirement met: the consent of A: B."),
        happened("", "met", "Requirement met: C: D pledges."),
        happened("alba", "warmed", "Lead: from open to pledged: it waits no more."),
        happened("borea", "warmed", "Follower: from open to pledged: it waits no more."),
        happened("borea", "cooled", "Follower: from pledged to open."),
        happened("", "truce", "A truce begins."),
    ]
    assert list(_merged(tiny(), week)) == [
        "Requirement met: the consent of A: B; C: D pledges.",
        "Lead and Follower: from open to pledged: it waits no more.",
        "Follower: from pledged to open.",
        "A truce begins.",
    ]
