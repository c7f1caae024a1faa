"""Events by what they are: read as plain Python would, counted alike in memory, on disk and by SQL, faults located."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import batch, vocabulary
from sim.ensemble.columns import RUN_COLUMNS
from sim.ensemble.ensemble import Ensemble, open_ensemble
from sim.ensemble.event_names import names
from sim.ensemble.events import event
from sim.reading.errors import Fault, InputError
from tests.worlds import tiny

MISSIONS = ("blue", "reassurance", "watch")
OUTCOMES = (*MISSIONS, *vocabulary.OUTCOMES_WITHOUT_FORCE)
SIGNS = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
FLIPPED = {"<": ">", "<=": ">=", "=": "=", "==": "==", "!=": "!=", ">=": "<=", ">": "<"}
EVENTS = ("ceasefire", "deployed", "european", "observer", "training")
FLAGS = ("held", "truce_broke", "escalated", "with_russian_consent", "missing_truce")
NUMBERS = ("troops", "european_troops", "states", "attacks", "concession", "european_week", "tabled_blue")
SCALES = {
    "rung": ("rung_at_formation", vocabulary.RUNGS),
    "rung_at_formation": ("rung_at_formation", vocabulary.RUNGS),
    "rung_at_horizon": ("rung", vocabulary.RUNGS),
    "rung_highest": ("rung_highest", vocabulary.RUNGS),
    "consent": ("consent_at_formation", vocabulary.CONSENTS),
    "consent_at_horizon": ("consent", vocabulary.CONSENTS),
}
"""Names of ordered words, each with its column and its scale, written out anew: the reference reads no list of ours."""

Row = Mapping[str, Any]
Reading = tuple[str, Callable[[Row], bool]]
"""An event as text, and what it means of a run, in plain Python."""


def compared(value: Any, sign: str, other: Any) -> bool:
    return value is not None and other is not None and bool(SIGNS[sign](value, other))


def by_week(name: str, week: int) -> Reading:
    return f"{name} by week {week}", lambda row: compared(row[f"{name}_week"], "<=", week)


def ever(name: str) -> Reading:
    return name, lambda row: row[f"{name}_week"] is not None


def flag(name: str) -> Reading:
    return name, lambda row: row[name]


def number(name: str, sign: str, value: int, first: bool) -> Reading:
    text = f"{name} {sign} {value:,}" if first else f"{value} {FLIPPED[sign]} {name}"
    return text, lambda row: compared(row[name], sign, value)


def numbers(name: str, sign: str, other: str) -> Reading:
    return f"{name}{sign}{other}", lambda row: compared(row[name], sign, row[other])


def word(name: str, sign: str, at: int) -> Reading:
    column, scale = SCALES[name]
    at %= len(scale)
    return (
        f"{name} {sign} {scale[at]}",
        lambda row: row[column] is not None and compared(scale.index(row[column]), sign, at),
    )


def outcome(name: str, sign: str) -> Reading:
    return f"outcome {sign} {name}", lambda row: compared(row["outcome"], sign, name)


def bare_outcome(name: str) -> Reading:
    return name, lambda row: row["outcome"] == name


def negated(inner: Reading) -> Reading:
    return f"not {inner[0]}", lambda row: not inner[1](row)


def joined(parts: list[list[Reading]]) -> Reading:
    text = " or ".join(" and ".join(text for text, _ in part) for part in parts)
    return f"({text})", lambda row: any(all(holds(row) for _, holds in part) for part in parts)


signs = st.sampled_from(sorted(SIGNS))
singles = st.one_of(
    st.builds(ever, st.sampled_from(EVENTS)),
    st.builds(by_week, st.sampled_from(EVENTS), st.integers(0, 20)),
    st.builds(flag, st.sampled_from(FLAGS)),
    st.builds(number, st.sampled_from(NUMBERS), signs, st.sampled_from((0, 1, 3, 10, 25_000)), st.booleans()),
    st.builds(numbers, st.sampled_from(NUMBERS), signs, st.sampled_from(NUMBERS)),
    st.builds(word, st.sampled_from(sorted(SCALES)), signs, st.integers(0, 5)),
    st.builds(outcome, st.sampled_from(OUTCOMES), st.sampled_from(("=", "==", "!="))),
    st.builds(bare_outcome, st.sampled_from([name for name in OUTCOMES if name not in EVENTS])),
)
readings = st.recursive(
    singles,
    lambda inner: (
        st.builds(negated, inner)
        | st.builds(joined, st.lists(st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3))
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def played() -> Ensemble:
    """Runs with values drawn at random, a third of them missing where they may be, so that every comparison bites."""
    ensemble, rng = batch.run(tiny(), 240, workers=1), np.random.default_rng(3)
    runs = ensemble.runs.copy()
    for name, column in RUN_COLUMNS.items():
        gone = rng.random(len(runs)) < 1 / 3
        if column.holds.endswith("_or_missing"):
            drawn = rng.choice([0, 1, 3, 8, 10, 25_000, 30_000], len(runs))
            runs[name] = pd.Series(drawn).astype(runs[name].dtype).mask(gone)
        elif column.holds == "flag":
            runs[name] = gone
        elif column.holds in ("rung", "consent"):
            words = pd.Series(rng.choice(vocabulary.SCALES[column.holds], len(runs))).astype(runs[name].dtype)
            runs[name] = words.mask(gone) if name.endswith("_at_formation") else words
    runs["outcome"] = pd.Series(rng.choice(OUTCOMES, len(runs))).astype(runs["outcome"].dtype)
    runs["attacks"] = rng.integers(0, 5, len(runs))
    return Ensemble(runs, None, ensemble.actors, ensemble.manifest)


@pytest.fixture(scope="module")
def stored(played: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    return open_ensemble(played.save(tmp_path_factory.mktemp("events") / "played"))


@pytest.fixture(scope="module")
def rows(played: Ensemble) -> list[dict[str, Any]]:
    """The runs as plain values, what is missing as None."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in played.runs.to_dict("records")
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reading=readings)
def test_an_event_means_what_plain_python_reads_in_it(
    reading: Reading, played: Ensemble, stored: Ensemble, rows: list[dict[str, Any]]
) -> None:
    text, holds = reading
    expected = [holds(row) for row in rows]
    assert played.event(text).mask(played.runs).tolist() == expected
    assert stored.happened(text).tolist() == expected
    share = stored.share(text)
    assert share is not None and (share.hits, share.of) == (sum(expected), len(expected))
    assert share == played.share(text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reading=readings)
def test_its_sql_selects_the_same_runs(reading: Reading, stored: Ensemble, rows: list[dict[str, Any]]) -> None:
    text, holds = reading
    chosen = stored.sql(f"select run from runs where {stored.event(text).sql} order by run")["run"].tolist()
    assert chosen == [row["run"] for row in rows if holds(row)]


@given(reading=readings)
def test_its_phrase_is_one_line_of_words(reading: Reading) -> None:
    phrase = event(reading[0], MISSIONS).phrase
    assert phrase and "{" not in phrase and phrase == " ".join(phrase.split())


@given(reading=readings)
def test_an_event_that_needs_a_force_never_holds_where_none_formed(reading: Reading) -> None:
    text, holds = reading
    empty = dict.fromkeys([*RUN_COLUMNS, "tabled_blue"], None) | dict.fromkeys(FLAGS, False)
    calm = empty | {"outcome": "no_ceasefire", "attacks": 0, "concession": 1.0, "tabled_blue": 3.0}
    if event(text, MISSIONS).needs_force:
        assert not holds(calm | {"rung": "troops", "rung_highest": "troops", "consent": "accepts"})


@settings(max_examples=300)
@given(st.text(alphabet="()<>=!andornotby week5.,'\"heldtroops ", max_size=40))
def test_any_text_is_an_event_or_is_refused_with_its_columns(text: str) -> None:
    faults: list[Fault] = []
    try:
        event(text, MISSIONS)
    except InputError as error:
        faults = error.faults
    assert all(1 <= fault.place.column <= len(text) + 1 for fault in faults)


@pytest.mark.parametrize("name", ["ceasefire", "deployed", "european", "held", "truce_broke", "missing_truce"])
def test_a_single_name_gives_the_numbers_it_always_gave(name: str, played: Ensemble) -> None:
    column = played.runs[f"{name}_week"].notna() if name in EVENTS else played.runs[name]
    share = played.share(name)
    assert share is not None and share.hits == int(column.sum())
    assert played.share(f"({name})") == share


def test_a_week_for_the_whole_goes_to_events_without_one(played: Ensemble) -> None:
    text = "european and (ceasefire by week 3 or not held)"
    outright = "european by week 10 and (ceasefire by week 3 or not held)"
    assert played.share(text, by_week=10) == played.share(outright)
    assert played.share("european and held", given="deployed and troops >= 3", given_by_week=8) == played.share(
        "european and held", given="deployed by week 8 and troops >= 3"
    )
    with pytest.raises(InputError, match="a week goes with an event"):
        played.share("held and troops >= 3", by_week=4)


def test_months_are_weeks() -> None:
    assert event("ceasefire by month 6").condition == event("ceasefire by month 6").condition
    assert event("ceasefire by month 6").sql == event("ceasefire by week 26").sql
    assert event("ceasefire by month 12").sql == event("ceasefire by week 52").sql


def test_missing_values_meet_no_comparison() -> None:
    runs = pd.DataFrame({"troops": pd.array([None, 5.0], dtype="Float64"), "rung_at_formation": [None, "none"]})
    assert event("troops != 7").mask(runs).tolist() == [False, True]
    assert event("not troops = 7").mask(runs).tolist() == [True, True]
    assert event("rung != air_cover").mask(runs).tolist() == [False, True]


FAULTS = {
    "": ["event:1:1: expected a name or a number, got the end"],
    "europaen and troop >= 2": [
        "event:1:1: 'europaen' is no name; did you mean 'european'? allowed: ceasefire,",
        "event:1:14: 'troop' is no name; did you mean 'troops'? allowed: outcome,",
    ],
    "rung >= aircover or outcome = tripwir": [
        "event:1:9: 'aircover' is no word of rung; did you mean 'air_cover'? allowed: none, logistics,",
        "event:1:31: 'tripwir' is no word of outcome; allowed: blue, reassurance, watch,",
    ],
    "outcome > blue": ["event:1:9: the words of outcome have no order; allowed: =, !="],
    "held = yes": ["event:1:1: 'held' is yes or no: write held or not held"],
    "european >= 20": ["event:1:1: 'european' is yes or no: write european or not european; for its week:"],
    "troops": ["event:1:1: 'troops' is a number: compare it, such as troops >= 1"],
    "air_cover": ["event:1:1: 'air_cover' is a word of rung, rung_highest,"],
    "rung": ["event:1:1: 'rung' is a word: compare it, such as rung >= none"],
    "troops => 5": ["event:1:8: '=>' is no comparison; did you mean '>='?"],
    "troops >= 25k": ["event:1:11: '25k' is no number;"],
    "troops >= rung": ["event:1:11: 'rung' is no number and names none;"],
    "european troops >= 5": ["event:1:10: expected and, or, or the end, got 'troops'"],
    "1 < troops < 3": ["event:1:12: a comparison has two sides; join two with and"],
    "3 > 2": ["event:1:5: 2 is compared with a number; allowed: a name on one side"],
    "held by week 3": ["event:1:6: a week goes with an event; allowed: ceasefire, deployed, european,"],
    "european by 26": ["event:1:10: expected by week N or by month N"],
    "(held and (european": ["event:1:1: this parenthesis is not closed", "event:1:11: this parenthesis is not closed"],
    "held)": ["event:1:5: ')' closes nothing"],
    "not": ["event:1:4: expected a name or a number, got the end"],
    "held; drop": [
        "event:1:5: ';' is nothing that an event is made of;",
        "event:1:7: 'drop' is no name;",
        "event:1:7: expected and, or, or the end, got 'drop'",
    ],
    "(" * 60: ["event:1:51: more than 50 parentheses and nots inside each other"],
    "held " * 500: ["event:1:1: an event has at most 2,000 characters, this one has 2,500"],
}


@pytest.mark.parametrize("text", FAULTS, ids=lambda text: str(text)[:30])
def test_every_mistake_is_told_with_its_column_and_what_is_allowed(text: str) -> None:
    with pytest.raises(InputError) as caught:
        event(text, MISSIONS)
    said = [str(fault) for fault in caught.value.faults]
    assert len(said) == len(FAULTS[text]), said
    for start in FAULTS[text]:
        assert any(line.startswith(start) for line in said), said


def test_a_column_that_an_older_ensemble_lacks_is_named(played: Ensemble) -> None:
    older = Ensemble(played.runs.drop(columns="escalated"), None, played.actors, played.manifest)
    with pytest.raises(ValueError, match="runs has no column 'escalated'"):
        older.share("european and escalated")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("european", "a European force"),
        ("not ceasefire", "no ceasefire"),
        ("not truce_broke", "no truce that broke"),
        (
            "european and troops >= 25000 and rung >= air_cover",
            "a European force with at least 25,000 troops and a rung of at least air cover when the force formed",
        ),
        ("attacks >= 1", "at least 1 round of attack on a force"),
        (
            "held and consent = refuses",
            "a force that held to the horizon with an opponent's consent of “refuses” when the",
        ),
        ("ceasefire by month 3 or (held and european)", "a ceasefire by week 13 or (a force that held to the horizon"),
        ("outcome = no_ceasefire", "the outcome no ceasefire"),
    ],
)
def test_an_event_reads_as_a_phrase(text: str, phrase: str) -> None:
    assert event(text, MISSIONS).phrase.startswith(phrase)


def test_every_column_of_runs_has_a_name_and_every_name_a_column(played: Ensemble) -> None:
    known = names(MISSIONS)
    assert {about.column for about in known.values()} == {*played.runs.columns} - {"run"}
    assert all(about.meaning and about.phrase for about in known.values())


def test_an_event_calls_a_mission_as_its_config_does() -> None:
    missions = tiny().parts.missions
    said = {
        "blue": "the outcome “Blue helmets”",
        "mission = reassurance": "the mission “Reassurance force”",
        "tabled_blue >= 3": "at least 3 weeks with Blue helmets on the table",
    }
    for text, words in said.items():
        assert event(text, missions).phrase == words
    assert event("blue", tuple(missions)).phrase == "the outcome “blue”"
    assert batch.run(tiny(), 4, 1, workers=1).event("blue").phrase == "the outcome “Blue helmets”"
