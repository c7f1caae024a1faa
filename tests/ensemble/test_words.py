"""Words of sentences: how names of tables, paths, parties, sizes and weeks read, each in every way that it stands."""

from __future__ import annotations

import pytest

from sim import vocabulary, words
from sim.words import NEUTRAL, Names
from tests import kept_output
from tests.worlds import tiny

FIGURES = ["0", "0.000123", "1.23", "1,234", "123,457", "-0.5"]
HERE = Names(host="Alba", opponent="Borea", broker="Corvia", place="Albaland", group="Littoral")
NOBODY = Names(broker="nobody", group="Ionian")
CALLED = {"reassurance": "coalition by consent", "blue": ""}
NAMES = ("un_blue_helmets", "nato", "eu_force", "us", "uk", "no_ceasefire", "as_is", "x1_force", "central_lands", "xyz",
         "a",          "at_us", "european", "ceasefire", "un")  # fmt: skip
PATHS = ("actors.us.disposition", "actors.*.disposition", "actors", "actors.", "missions.blue_helmets.worth",
         "common.us_turn",
         "network.us->uk/military_aid.strength", "network.us->uk", "rules.pledge.move", "rules.pledge", "words.place",
         "actors.us turn.x", "actors.us", "network.central_lands->xyz/persuasion", "scales.stance.open")  # fmt: skip
QUANTITIES = (
    "european",
    "outcome.blue",
    "outcome.reassurance",
    "outcome.no_ceasefire",
    "pledged.us",
    "troops",
    "deployed_week",
)


def test_every_word_reads_as_kept() -> None:
    lines = [
        f"{name}: {words.label(name)}, {words.label(name, proper=True)}, {words.named(CALLED, name)}" for name in NAMES
    ]
    lines += [f"{path}: {words.path_words(path)}" for path in (*PATHS, *list(tiny().leaves)[::9])]
    lines += [f"{name}: {words.quantity(name, CALLED)}" for name in QUANTITIES]
    lines += [
        f"{name}: {words.called({'blue': {'name': 'Blue'}, 'red': {}}, name)}" for name in ("blue", "red", "training")
    ]
    for names in (NEUTRAL, HERE, NOBODY):
        lines += [
            f"{names.a_group} force in {names.place}",
            names.say("{host}, {opponent}, {broker}, {place}, {group}"),
        ]
        for gate in vocabulary.GATES:
            lines.append(f"{names.gate(gate)}; {words.requirements_in_short(gate, names)}")
        lines += [names.apart(name) for name in words.APART_WORDS]
        lines += [names.of_group(text) for text in ("a European force", "any deployment", "European troops")]
    lines += [
        words.requirements_in_short("truce + russian_consent"),
        words.requirements_in_short("lead + host_consent", HERE),
    ]
    assert kept_output.differs("words", "\n".join(lines)) == ""


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (iter("ab"), "a and b")],
)
def test_items_are_listed(items: list[str], text: str) -> None:
    assert words.listed(items) == text
    assert words.listed(["a", "b"], "or") == "a or b"


def test_names_of_several_states_have_an_article() -> None:
    names = ("United Islands", "United", "Netherlands", "Baltic states", "Gulf States", "Alba", "Statesland")
    assert [words.the(name) for name in names] == [
        "the United Islands", "United", "the Netherlands", "the Baltic states", "the Gulf States", "Alba", "Statesland",
    ]  # fmt: skip


def test_numbers_of_troops_and_weeks_are_rounded() -> None:
    assert [words.troops(size) for size in (0.0, 49.0, 51.0, 951.0, 12_345.0, 1e6)] == [
        "0", "0", "100", "1,000", "12,300", "1,000,000",
    ]  # fmt: skip
    assert [words.figure(value) for value in (0.0, 0.000123456, 1.23456, 1234.5, 123456.7, -0.5)] == FIGURES
    assert [words.weeks(many) for many in (0.0, 0.25, 1.0, 1.04, 2.5, 10.0)] == [
        "0 weeks", "0.2 weeks", "1 week", "1 weeks", "2.5 weeks", "10 weeks",
    ]  # fmt: skip


def test_a_stamp_begins_a_sentence() -> None:
    assert words.stamped("Under this, so much.", "") == "Under this, so much."
    assert words.stamped("Under This.", "not baseline") == "Not baseline: under This."
    assert (words.sentence(""), words.sentence("a B")) == ("", "A B")
    assert (words.none_of(1), words.none_of(3)) == ("none by itself", "none of up to 3")
    assert (words.no_set(1), words.no_set(3)) == ("no requirement by itself", "no set of up to 3 requirements")


def test_a_day_is_written_out() -> None:
    assert [words.day(text) for text in ("2025-03-03", "2025-12-31")] == ["3 March 2025", "31 December 2025"]
