"""A search for what hardly any run shows: unbiased, honest about its noise, and able to show a run that has it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.analysis import could as module
from sim.analysis.could import Could, could, most_runs
from sim.analysis.could_tables import chance
from sim.analysis.mission_steps import Runs
from sim.analysis.nearness import HIT, nearness
from sim.analysis.rare_events import DEFENCE, Player, Way, estimate, learn, search_block
from sim.ensemble.events import event
from sim.scenario.scenario import Scenario
from sim.story.drawn_run import read_drawn_run
from sim.story.replay import replay
from sim.world import building
from tests.worlds import tiny

RARE = 1e-5


def arms_alone() -> tuple[Scenario, str]:
    """Return a world in which Kyiv's arms at the horizon are one triangular number, and an event of chance 1e-5."""
    arms = {"low": 0.2, "likely": 0.3, "high": 0.8}
    world = tiny().change({"network.usa->ukr/military_aid": None, "actors.ukr.arms": arms})
    return world, f"arms >= {float(0.8 - np.sqrt(RARE * 0.6 * 0.5))!r}"


def arms_and_offer() -> tuple[Scenario, str]:
    """Return a world with an event that takes a rare word, of chance 1%, and a rare number, of chance 1e-3."""
    world, _ = arms_alone()
    offers = {"at_least": {"none": 0.99, "assurance": 0.01}, "at_most": "none"}
    world = world.change({"actors.usa.posture.turns": 0, "actors.usa.backstop.offers": offers})
    limit = float(0.8 - np.sqrt(1e-3 * 0.6 * 0.5))
    return world, f"rung_at_horizon = assurance and arms >= {limit!r}"


def searched(scenario: Scenario, of: str, seeds: range, runs: int) -> list[Could]:
    return [could(scenario, of, runs, seed, workers=1) for seed in seeds]


@pytest.mark.parametrize("world", [arms_alone, arms_and_offer])
def test_a_search_finds_what_one_run_in_a_hundred_thousand_shows(world: object) -> None:
    results = searched(*world(), range(1, 4), 600)  # type: ignore[operator]
    assert all(result.method == "weighed" and result.ordinary_hits == 0 for result in results)
    assert sum(result.low <= RARE <= result.high for result in results) >= 2
    assert np.median([result.high / result.low for result in results]) < 4.0


@pytest.mark.slow
@pytest.mark.parametrize("world", [arms_alone, arms_and_offer])
def test_an_event_of_one_in_a_hundred_thousand_is_weighed_without_bias(world: object) -> None:
    results = searched(*world(), range(1, 11), 600)  # type: ignore[operator]
    each = np.array([result.probability for result in results])
    assert all(result.method == "weighed" for result in results)
    assert abs(each.mean() - RARE) < 4.0 * each.std(ddof=1) / np.sqrt(len(each))
    assert np.median(each) == pytest.approx(RARE, rel=0.3)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("world", [arms_alone, arms_and_offer])
def test_its_interval_covers_as_often_as_it_says(world: object) -> None:
    results = searched(*world(), range(100, 160), 600)  # type: ignore[operator]
    covered = sum(result.low <= RARE <= result.high for result in results)
    assert covered >= 53  # of 60; a 95% interval has fewer once in a hundred


def test_weights_undo_the_mixture() -> None:
    world = building.build(tiny())
    player = Player(world, event("ceasefire", ("blue",)))
    push = np.zeros(player.directions)
    push[[0, 5, len(world.names.inputs) + 2]] = (1.0, -0.7, 1.3)
    blocks = [search_block(player, [Way(push)], 512, np.random.default_rng([7, at])) for at in range(12)]
    weights = np.concatenate([block.weights for block in blocks])
    assert weights.max() <= 1.0 / DEFENCE
    assert weights.mean() == pytest.approx(1.0, abs=4.0 * weights.std() / np.sqrt(len(weights)))
    varied = np.concatenate([block.quantiles[:, 0] for block in blocks])
    assert (weights @ varied) / len(varied) == pytest.approx(0.5, abs=0.03)
    assert varied.mean() > 0.6


def test_a_pilot_learns_the_input_that_leads_there() -> None:
    scenario, of = arms_alone()
    player = Player(building.build(scenario), event(of, scenario.parts.missions))
    way, level, _ = learn(player, 1, 0, 600, lambda _: None)
    assert player.world.names.inputs[int(np.argmax(np.abs(way.push)))] == "actors.ukr.arms"
    assert level == HIT


def test_what_many_runs_show_is_counted() -> None:
    result = could(tiny(), "ceasefire", 600, workers=1)
    assert result.method == "counted" and result.hits == result.ordinary_hits >= 30 and result.runs == 600
    assert result.example_run is not None
    assert replay(tiny(), 1, result.example_run).weekly["truces"].max() >= 1


def test_what_cannot_happen_is_bounded_and_tells_what_stood_in_the_way() -> None:
    world = tiny().change({"actors.ukr.worth_floor": 1.0})
    result = could(world, "watch", 400, workers=1)
    assert result.method == "not_seen" and result.probability == 0.0 and result.example is None
    assert result.high == result.at_most == pytest.approx(1.0 - 0.05 ** (1 / 400))
    assert f"{world.names.host} would host it ({world.parts.missions['watch'].name})" in result.sentence
    assert set(result.table.columns) == {"mission", "needs", "best", "had"}


def test_the_example_is_a_run_that_shows_it(tmp_path: Path) -> None:
    scenario, of = arms_and_offer()
    result = could(scenario, of, 600, workers=1)
    assert result.example is not None and result.story
    result.example.write(tmp_path / "kept.json")
    weekly = replay(scenario, drawn=read_drawn_run(tmp_path / "kept.json", scenario)).weekly
    assert weekly["arms"].iloc[-1] >= float(of.rpartition(" ")[2]) and weekly["rung"].iloc[-1] == 4


def test_what_happens_is_told_in_the_words_of_the_scenario() -> None:
    world = tiny()
    steps = set(could(world, "ceasefire", 600, workers=1).table["step"])
    assert {"“Blue helmets” is on the table", "Follower has pledged at the horizon"} <= steps
    assert f"{world.names.broker} offers air cover from outside or more, in some week" in steps
    assert f"the first force forms without {world.names.opponent}'s consent or toleration" in steps


def test_the_inputs_that_lead_there_are_named() -> None:
    scenario, of = arms_and_offer()
    shared = could(scenario, of, 600, workers=1).inputs
    assert {"actors.ukr.arms", "actors.usa.backstop.offers.at_least"} <= set(shared.index)
    assert shared.loc["actors.usa.backstop.offers.at_least", "hits"] == "assurance"


def test_workers_change_nothing() -> None:
    scenario, of = arms_alone()
    one, two = (could(scenario, of, 600, workers=workers) for workers in (1, 2))
    assert one.facts() == two.facts() and one.table.equals(two.table) and one.inputs.equals(two.inputs)


def test_what_ordinary_runs_show_counts_where_pilots_saw_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(player: Player, *_: object) -> tuple[Way, float, int]:
        push = np.zeros(player.directions)
        push[player.world.names.inputs.index("actors.ukr.disposition")] = -3.0
        return Way(push), 0.0, 0

    counted = could(tiny(), "ceasefire", 2_000, workers=1)
    monkeypatch.setattr(module, "ENOUGH", 10_000)
    monkeypatch.setattr(module, "learn", lost)
    astray = could(tiny(), "ceasefire", 2_000, workers=1)
    assert astray.method == "weighed" and astray.low <= counted.probability <= astray.high


def test_progress_ends_where_it_was_announced() -> None:
    scenario, of = arms_alone()
    seen = list[int]()
    could(scenario, of, 600, workers=1, progress=seen.append)
    assert sum(seen) == most_runs(600)


@pytest.mark.parametrize("of", ["watch", "reassurance", "european and troops >= 5000", "not ceasefire", "truces >= 3",
                                "tabled_blue > 0 or rung = troops", "training", "attacks > 2"])  # fmt: skip
def test_any_event_has_a_nearness_that_only_hits_pass(of: str) -> None:
    world = building.build(tiny())
    player = Player(world, event(of, tiny().parts.missions))
    block = search_block(player, [], 300, np.random.default_rng(3))
    near = nearness(player.asked, Runs(world, block.inputs.values, block.played))
    table = Runs(world, block.inputs.values, block.played).table()
    hits = player.asked.mask(table).to_numpy()
    assert (near[hits] == HIT).all() and (near[~hits] <= 1.0).all() and (near >= 0.0).all()


def test_intervals_of_equal_weights_are_those_of_counts() -> None:
    counted = estimate(np.ones(4), 1_000)
    assert (counted.low, counted.high) == pytest.approx((0.00109, 0.01024), abs=1e-5)
    nothing = estimate(np.ones(0), 1_000, largest=1.0)
    assert (nothing.low, nothing.high) == (0.0, pytest.approx(0.00369, abs=1e-5))


def test_small_chances_read_as_one_says_them() -> None:
    assert [chance(each) for each in (0.0, 0.25, 3e-4, 2.4e-5, 7e-8)] == [
        "0", "25%", "0.03%", "24 in a million", "70 in a billion",
    ]  # fmt: skip


def test_a_search_takes_more_than_one_run() -> None:
    with pytest.raises(ValueError, match="at least 2 runs"):
        could(tiny(), "ceasefire", 1)
