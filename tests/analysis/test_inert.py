"""Tests of which numbers move nothing: known cases, paired luck, verdicts, and columns that are compared."""

import numpy as np
import pandas as pd
import pytest

from sim import batch
from sim.analysis import end_pairs, input_groups
from sim.analysis.end_pairs import Scales, Sums
from sim.analysis.inert import estimate, inert, verdict
from sim.analysis.run_measures import measures
from sim.batch.designs import uncertain
from sim.plots import inert as draw
from sim.scenario.scenario import Scenario
from tests.worlds import baseline, tiny

IDLE = "rules.hold.tour_weeks"
"""No tour ends within the horizon of the tiny world, 16 weeks, so that it cannot matter how long one is."""
STRONG = "actors.ukr.disposition"


def with_an_idle_number() -> Scenario:
    return tiny().change({IDLE: {"low": 30, "high": 40, "assumption": "longer than the horizon, for a test"}})


def test_a_number_that_cannot_matter_is_inert_and_one_that_does_moves() -> None:
    result = inert(with_an_idle_number(), 700, inputs=[IDLE, STRONG])
    assert result.table["verdict"].to_dict() == {IDLE: "inert", STRONG: "moves"}
    assert result.table.loc[IDLE, ["difference", "changed"]].tolist() == [0.0, 0.0]
    assert 0.0 < result.table.loc[IDLE, "reach"] <= 1.0
    assert abs(result.table.loc[STRONG, "difference"]) > result.table.loc[STRONG, "noise"]
    assert result.sentence.startswith("Of 2 uncertain numbers, 1 makes a difference somewhere")
    assert "and 1 makes none (" in result.sentence and "for 0, 700 pairs" in result.sentence


def test_too_few_pairs_decide_nothing_about_an_idle_number() -> None:
    assert inert(with_an_idle_number(), 50, inputs=[IDLE]).table.loc[IDLE, "verdict"] == "undecided"


def test_verdicts_of_the_baseline_are_those_that_its_rules_give() -> None:
    paths = ["actors.russia.disposition", "actors.turkey.hesitancy.public"]
    result = inert(baseline(), 600, inputs=paths)
    assert result.table.index[0] == paths[0] and result.table["verdict"].iloc[0] == "moves"
    assert result.table.loc[paths[1], "changed"] < 0.1 < result.table.loc[paths[0], "changed"]
    assert result.by("kind").to_numpy().sum() == len(paths)
    assert set(result.by("part").index) == {"actors.*.disposition", "actors.*.hesitancy"}


def test_a_pair_differs_in_the_one_number_alone() -> None:
    scenario, pairs = tiny(), 60
    columns = end_pairs.scales(scenario, pairs, 1, {})
    sums = end_pairs.play(scenario, [STRONG, "actors.alba.stance"], pairs, 1, columns, {})[STRONG]
    ends = [
        batch.run(scenario, pairs, 1, values=pd.DataFrame({STRONG: np.full(pairs, value)})) for value in (0.15, 2.85)
    ]
    low, high = (measures(each).astype(np.float64) for each in ends)
    plain = [name for name in columns.names if "held open" not in name]
    size = columns.size[: len(plain)]
    assert sums.total[: len(plain)] == pytest.approx((high - low)[plain].sum().to_numpy() / size, abs=1e-6)
    assert sums.pairs == pairs


def test_how_many_are_played_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = uncertain(tiny())[:3]
    columns = end_pairs.scales(tiny(), 40, 1, {})
    whole = end_pairs.play(tiny(), paths, 40, 1, columns, {})
    monkeypatch.setattr(end_pairs, "AT_ONCE", 24)
    parts = end_pairs.play(tiny(), paths, 40, 1, columns, {})
    for path in paths:
        assert parts[path].total == pytest.approx(whole[path].total) and parts[path][2:] == whole[path][2:]


def test_with_the_truce_held_open_there_are_more_forces_to_move() -> None:
    columns = end_pairs.scales(baseline(), 500, 1, {})
    size = dict(zip(columns.names, columns.size, strict=True))
    assert size["troops (truce held open)"] > size["troops"]
    assert {"stage of france", "france ratified", "france deployed", "outcome=no_ceasefire"} <= set(columns.names)


def test_numbers_are_set_low_and_high_and_choices_to_their_first_and_last_word() -> None:
    stance = baseline().leaves["actors.france.stance"].prior
    low, high = end_pairs.quantiles_at_ends(stance)
    values = batch.run(
        baseline(), 2, 1, quantiles=pd.DataFrame({"actors.france.stance": [low, high], "luck": [0, 0]})
    ).inputs["actors.france.stance"]
    assert values.tolist() == [stance.low, stance.high]


@pytest.mark.parametrize(
    ("mean", "spread", "expected"),
    [
        (0.0, 0.1, "inert"),
        (0.03, 0.1, "inert"),
        (0.045, 0.3, "moves"),
        (0.5, 1.0, "moves"),
        (0.02, 1.0, "undecided"),
    ],
)
def test_a_number_is_inert_if_surely_small_and_moves_if_surely_not_nothing(
    mean: float, spread: float, expected: str
) -> None:
    pairs = 2_000
    sums = Sums(np.array([mean * pairs]), np.array([pairs * (spread**2 + mean**2)]), pairs, pairs)
    assert verdict(sums, Scales(["troops"], ["sd"], np.ones(1), np.ones(1, dtype=np.bool_)), 600)["verdict"] == expected


def test_noise_alone_seldom_moves_anything_or_hides_that_it_is_noise() -> None:
    """Of numbers without an effect whose runs change at random, hardly one in twenty tables has one that moves."""
    rng, pairs, columns = np.random.default_rng(4), 1_000, 50
    scales = Scales(
        [f"{at}" for at in range(columns)], ["sd"] * columns, np.ones(columns), np.ones(columns, dtype=bool)
    )
    wrong = 0
    for _ in range(100):
        gaps = rng.standard_normal((20, pairs, columns))
        rows = [verdict(Sums(each.sum(0), (each**2).sum(0), pairs, pairs), scales, 20) for each in gaps]
        wrong += any(row["verdict"] == "moves" for row in rows)
    assert wrong <= 12


def test_the_interval_stays_open_where_no_pair_differs() -> None:
    mean, error = estimate(Sums(np.zeros(1), np.zeros(1), 998, 0))
    assert mean[0] == 0.0 and error[0] == pytest.approx(np.sqrt(2.0) / 1_000)


@pytest.mark.parametrize(
    ("pairs", "inputs", "words"),
    [
        (1, None, "between 2 and 65,536, got 1"),
        (10, ["actors.ukr.dispositon"], "'actors.ukr.dispositon' is no uncertain"),
    ],
)
def test_what_cannot_be_asked_is_refused(pairs: int, inputs: list[str] | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        inert(tiny(), pairs, inputs=inputs)


def test_every_column_of_runs_and_contributors_is_a_number() -> None:
    ensemble = batch.run(tiny(), 40)
    table = measures(ensemble)
    runs, actors = ensemble.runs, ensemble.actors
    assert len(table) == 40 and not table.isna().any(axis=None)
    assert (table["outcome=no_ceasefire"].to_numpy() == (runs["outcome"] == "no_ceasefire").to_numpy()).all()
    assert (table["ceasefire_week"] == 16).sum() >= runs["ceasefire_week"].isna().sum() > 0
    assert (table["alba ratified"].to_numpy() == actors[actors["actor"] == "alba"]["ratified"].to_numpy()).all()
    assert (table["consent_at_formation"].to_numpy() == -1).sum() == runs["deployed_week"].isna().sum()


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("actors.france.needs.company.firmness", "actors.*.needs"),
        ("missions.tripwire.worth", "missions.*.worth"),
        ("scales.consent.tolerates", "scales.consent"),
        ("rules.hold.exposure", "rules.hold"),
    ],
)
def test_a_part_is_a_path_without_names(path: str, part: str) -> None:
    assert input_groups.part(path) == part


def test_a_figure_has_a_bar_for_every_part() -> None:
    result = inert(tiny(), 50, inputs=[STRONG, "common.us_turn"])
    axes = draw(result)
    assert {label.get_text() for label in axes.get_yticklabels()} == {"any actor: disposition", "common"}
    assert sum(bar.get_width() for bar in axes.patches) == 2
