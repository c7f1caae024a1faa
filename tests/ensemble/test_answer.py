"""Tests of the answer in words: likelihoods, rounding, and the sentence to quote."""

from math import nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import batch, vocabulary
from sim.ensemble import Ensemble, answer
from sim.ensemble.likelihood_words import ICD_203, in_words, likelihood, one_in, percent, span
from sim.ensemble.shares import worded
from sim.words import SHORT_WORDS_OF_GATES, WORDS_OF_GATES
from tests.worlds import tiny

probabilities = st.floats(0.0, 1.0)


@pytest.fixture(scope="module")
def found() -> Ensemble:
    return batch.run(tiny(), 60, 4, engine="mesa", workers=1)


def with_range(found: Ensemble) -> Ensemble:
    """Return the ensemble as if a nested design had been run."""
    there = Ensemble(found.runs, found.inputs, found.actors, found.manifest)
    ends = {"p10_low": 0.005, "p10_high": 0.02, "p90_low": 0.4, "p90_high": 0.5}
    european = {"p10": 0.01, "p90": 0.44, **ends, "draws": 1200, "runs_per_draw": 50}
    there.inputs_range = {"european": {**european, "given_ceasefire": {"p10": 0.21, "p90": 0.7}}}
    return there


@pytest.mark.parametrize(
    ("upper", "word", "following"),
    [
        (0.05, "remote", "very unlikely"),
        (0.20, "very unlikely", "unlikely"),
        (0.45, "unlikely", "roughly even chance"),
        (0.55, "roughly even chance", "likely"),
        (0.80, "likely", "very likely"),
        (0.95, "very likely", "almost certain"),
    ],
)
def test_a_word_of_likelihood_ends_where_the_next_begins(upper: float, word: str, following: str) -> None:
    assert likelihood(nextafter(upper, 0.0)) == word
    assert likelihood(upper) == following


def test_nothing_and_everything_have_words_too() -> None:
    assert likelihood(0.0) == "remote"
    assert likelihood(1.0) == "almost certain"


@given(probabilities, probabilities)
def test_words_of_likelihood_rise_with_the_probability(one: float, other: float) -> None:
    words = [word for _, word in ICD_203]
    low, high = sorted((one, other))
    assert words.index(likelihood(low)) <= words.index(likelihood(high))


def test_a_probability_in_words_has_a_word_and_one_percentage_and_a_small_one_its_natural_frequency() -> None:
    assert in_words(0.3) == "unlikely (about 30%)"
    assert in_words(0.0162) == "remote (about 2%, 1 in 60)"


@given(st.floats(1e-6, 1.0))
def test_one_in_so_many_is_never_far_from_the_share_it_stands_for(probability: float) -> None:
    number = int(one_in(probability).removeprefix("1 in ").replace(",", ""))
    assert abs(number - 1.0 / probability) <= max(0.5, 0.13 * number) + 1e-9


@given(probabilities, probabilities)
def test_a_headline_in_percent_never_falls_as_the_probability_rises(one: float, other: float) -> None:
    order = {"under 1%": 0, **{f"{at}%": at for at in range(1, 100)}, "over 99%": 100}
    low, high = sorted((one, other))
    assert order[percent(low)] <= order[percent(high)]


@given(probabilities)
def test_a_headline_in_percent_is_within_its_rounding(probability: float) -> None:
    text = percent(probability)
    if text.endswith("%") and text[0].isdigit():
        assert (
            abs(int(text.removesuffix("%")) - 100 * probability) <= (2.5 if 0.1 <= probability <= 0.9 else 0.5) + 1e-9
        )
    else:
        assert (probability < 0.01, probability > 0.99) == (text == "under 1%", text == "over 99%")


def test_a_range_within_one_per_cent_reads_as_such() -> None:
    assert (span(0.0, 0.0), span(0.0, 0.06), span(0.121, 0.124)) == ("under 1%", "under 1% to 6%", "about 10%")


def test_the_sentence_has_all_its_parts(found: Ensemble) -> None:
    said = answer.sentence(found)
    european, deployed = found.share("european"), found.share("deployed")
    given_truce = found.share("european", given="ceasefire")
    assert european is not None and deployed is not None and given_truce is not None
    first, second = found.missing().index[:2]
    assert said.count("\n") == 0
    assert said.startswith("On information to 3 March 2025, a European force in Ukraine within 4 months is ")
    for part in (
        worded(european),
        "a European-led force of about ",
        "of 25,000 or more with air cover from Washington: ",
        f"Any foreign deployment is {worded(deployed)}",
        "range over defensible inputs: not computed",
        f"If a ceasefire comes first, a European force is {worded(given_truce)}",
        f"most often missing is {found.names.gate(first)}, then {found.names.gate(second)}.",
    ):
        assert part in said


def test_the_sentence_tells_the_range_over_inputs_once_it_is_computed(found: Ensemble) -> None:
    said = answer.sentence(with_range(found))
    assert "range over defensible inputs: 1 to 45% in 8 of 10 draws (upper end 40 to 50%, 95%). If" in said
    assert said.index("), range 20 to 70%. Without a force") > said.index("If a ceasefire comes first")


def test_the_range_over_inputs_is_told_with_how_well_it_is_known(found: Ensemble) -> None:
    said = answer.inputs(with_range(found))
    assert "from 1.0% (95%: 0.5% to 2.0%) to 44.0% (95%: 40.0% to 50.0%)" in said
    assert said.endswith("10th to 90th percentile of 1,200 draws of 50 runs, run noise removed.")


def test_an_end_of_nothing_is_as_fine_as_the_runs_of_a_draw_are_many(found: Ensemble) -> None:
    there = with_range(found)
    nothing = {"p10": 0.0, "p10_low": 0.0, "p10_high": 0.0}
    there.inputs_range = {"european": {**dict(there.inputs_range["european"]), **nothing}}  # type: ignore[index]
    assert "ranges from 0% (none of a draw's 50 runs) to 44.0% (95%: 40.0% to 50.0%)" in answer.inputs(there)
    assert answer.inputs(found) == "How much the inputs matter was not worked out; sim sure does that."


def test_where_a_few_draws_of_the_inputs_hold_the_chance_the_range_says_so(found: Ensemble) -> None:
    there = with_range(found)
    assert there.inputs_range is not None
    few = {"p10": 0.0, "p90": 0.004, "mean": 0.016, "half_in": 3 / 200}
    there.inputs_range = {"european": {**there.inputs_range["european"], **few}}
    half = "half of the chance comes from 1 in 65 draws"
    both = f"{half}; upper end 40 to 50%, 95%"
    assert f"range over defensible inputs: under 1% in 8 of 10 draws ({both}). " in answer.sentence(there)
    assert answer.inputs(there).endswith(f"; {half}.")


def test_an_answer_above_its_range_over_inputs_says_so_though_the_mean_of_draws_lies_within(
    found: Ensemble,
) -> None:
    there = with_range(found)
    assert there.inputs_range is not None
    european = found.share("european")
    assert european is not None
    below = {"p10": 0.0, "p90": european.probability / 2, "mean": european.probability / 3, "half_in": 0.025}
    there.inputs_range = {"european": {**there.inputs_range["european"], **below}}
    assert "half of the chance comes from 1 in 40 draws" in answer.sentence(there)
    above = {**below, "p90": european.probability + 0.01}
    there.inputs_range = {"european": {**there.inputs_range["european"], **above}}
    assert "half of the chance" not in answer.sentence(there)


def test_rival_rules_are_given_from_the_least_to_the_most_each_by_name(found: Ensemble) -> None:
    there = with_range(found)
    rows = {"as_configured": 0.016, "package": 0.012, "stances_as_spoken": 0.066}
    rules = {
        name: {"says": name, "probability": share, "run_noise_low": share / 2, "run_noise_high": share * 2}
        for name, share in rows.items()
    }
    ends = {"low": 0.012, "high": 0.066, "least": "package", "most": "stances_as_spoken", "runs": 5_000}
    there.theory_range = {"european": {**ends, "rules": rules}}
    assert ", over rival rules: 1 to 7%. " in answer.sentence(there)
    assert answer.theory(there) == (
        "Over 3 sets of rival rules, a European force ranges from 1.2% (95% run noise: 0.6% to 2.4%) to 6.6% (95% run "
        "noise: 3.3% to 13.2%), 5,000 runs each with the same inputs and luck. In order: package 1.2%, as configured "
        "1.6%, stances as spoken 6.6%."
    )
    assert answer.theory(found) == "How much the rules of the model matter was not worked out; sim sure does that."
    assert "rival rules" not in answer.sentence(found)


def test_without_a_ceasefire_in_the_nested_design_no_range_is_told_for_it(found: Ensemble) -> None:
    there = with_range(found)
    assert there.inputs_range is not None
    there.inputs_range = {"european": {**there.inputs_range["european"], "given_ceasefire": None}}
    assert ", range " not in answer.sentence(there)


def test_the_sentence_says_when_no_run_saw_a_ceasefire() -> None:
    barren = batch.run(tiny().change({"actors.ukr.disposition": -9}), 3, engine="mesa", workers=1)
    assert "No run saw a ceasefire" in answer.sentence(barren)


def test_the_strength_of_the_evidence_is_counted(found: Ensemble) -> None:
    said = answer.strength(found)
    numbers = len(tiny().leaves)
    assert said.startswith("Evidence: no documents, and published figures. ")
    assert f"Of {numbers} inputs, {numbers} are our assumptions. Directions" in said
    assert "imposed, not found" in said


def test_the_run_noise_is_called_so(found: Ensemble) -> None:
    group = found.summary()["groups"]["european"]
    said = answer.noise(found)
    assert said.startswith("Chance alone, in 60 runs: ")
    assert f"{group['run_noise_low']:.1%} to {group['run_noise_high']:.1%}" in said


def test_every_requirement_has_words() -> None:
    assert set(WORDS_OF_GATES) == set(SHORT_WORDS_OF_GATES) == set(vocabulary.GATES)
