"""Tests of the second reading: it covers what it should, every difference is settled, and alpha is as in the book."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim import evidence
from sim.cli import app
from sim.reading.errors import InputError
from sim.reading.files import shipped_folder
from sim.scenario.scenario import Leaf
from sim.validation import second_reading
from sim.validation.second_reading import alphas
from sim.vocabulary import STANCES
from tests.worlds import baseline

READINGS = second_reading.agreement(baseline())


def test_every_claim_with_a_number_or_a_word_of_sureness_was_read_again() -> None:
    claims = evidence.load().claims
    numbered = {id for id, c in claims.items() if c.says and {c.says.value, c.says.low, c.says.high} != {None}}
    sure = {id for id, c in claims.items() if c.says and c.says.sure}
    read = READINGS.groupby("asks")["claim"].agg(set)
    assert read["number"] == numbered
    assert read["sure"] == sure


def test_every_claim_behind_where_a_state_stands_was_read_again() -> None:
    behind = {
        (claim, leaf.path.split(".")[1])
        for leaf in baseline().leaves.values()
        if leaf.path.endswith(".stance")
        for claim in leaf.reasons.because
    }
    stances = READINGS[READINGS["asks"] == "stance"]
    assert set(zip(stances["claim"], stances["actor"], strict=True)) == behind


def test_every_difference_is_settled_in_writing_and_nothing_else_is() -> None:
    assert READINGS.loc[~READINGS["agrees"], "settled"].notna().all()
    assert READINGS.loc[READINGS["agrees"], "settled"].isna().all()


def leaf_behind(unit: pd.Series) -> Leaf:
    """Return the number of the baseline that answers a unit's question."""
    ending = second_reading._ENDINGS[unit["asks"]]
    numbers = [leaf for leaf in baseline().leaves.values() if leaf.path.endswith(ending)]
    resting = [leaf for leaf in numbers if unit["claim"] in leaf.reasons.because]
    (leaf,) = [leaf for leaf in resting or numbers if leaf.path.split(".")[1] == unit["actor"]]
    return leaf


def test_the_first_reading_leaves_open_only_rungs_that_the_config_calls_its_own() -> None:
    missing = READINGS[READINGS["first"] == second_reading.UNCLEAR]
    assert set(missing["asks"]) == {"rung_needed", "rung_most"}
    for _, unit in missing.iterrows():
        reasons = leaf_behind(unit).reasons
        assert not reasons.because
        assert "ours" in str(reasons.assumption)


def test_a_state_with_its_demands_met_is_no_less_ready_than_its_words_unless_by_a_tie() -> None:
    """Stances are conditional, and the reader was asked where a state stood: demands can only hold it back."""
    stances = READINGS[READINGS["asks"] == "stance"]
    below = stances[stances["first"].map(STANCES.index) < stances["second"].map(STANCES.index)]
    assert set(below["actor"]) == {"germany"}
    for _, unit in below.iterrows():
        prior = leaf_behind(unit).prior
        shares = dict(zip(prior.words, prior.numbers, strict=True))
        assert shares[unit["first"]] == shares[unit["second"]] == max(shares.values())


def test_readers_agree_well_enough_to_conclude_something() -> None:
    """Krippendorff asks for 0.8, and 0.667 where conclusions are tentative."""
    scales = alphas(READINGS)
    assert scales.loc["number", "agrees"] > 0.9
    assert scales.loc["stance", "alpha"] > 0.8
    assert scales.loc["sure", "alpha"] > 0.667


def test_alpha_is_that_of_the_published_example() -> None:
    """Krippendorff (2011), Computing alpha, example A: binary data, two observers, ten units, alpha 0.095."""
    first, second = "0100000000", "1110010010"
    asks = pd.DataFrame({"asks": "number", "first": list(first), "second": list(second)})
    asks["agrees"] = asks["first"] == asks["second"]
    assert alphas(asks).loc["number", "alpha"] == pytest.approx(0.095, abs=0.001)


def test_a_reading_of_a_claim_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    for file in (shipped_folder("seeds") / "recoded").glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("000.ki.rules_stumbling_block", "000.ki.nothing")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"reading\.yaml: '000\.ki\.nothing' is not a claim"):
        second_reading.agreement(baseline(), tmp_path)


def test_a_question_that_nobody_asked_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "reading.yaml").write_text("readings:\n  u1: {claim: 000.x.y, asks: mood, read: {mood: good}}\n")
    (tmp_path / "settled.yaml").write_text("settled: {}\n")
    with pytest.raises(InputError, match=r"reading\.yaml:2:\d+.*mood"):
        second_reading.agreement(baseline(), tmp_path)


def test_the_command_tells_agreement_and_differences() -> None:
    result = CliRunner().invoke(app, ["evidence", "agreement"])
    assert result.exit_code == 0
    assert result.output.startswith("Two readings agree on ")
    assert result.output.count("\nu") == int((~READINGS["agrees"]).sum())
