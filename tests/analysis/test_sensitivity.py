"""Tests of what moves a headline: indices that are known, groups that partition the inputs, and what is said."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd
import pytest

from sim import batch, vocabulary, world
from sim.analysis import crossed_runs, input_groups
from sim.analysis.morris import morris
from sim.analysis.optional_libraries import needed
from sim.analysis.sensitivity import sensitivity, shares_of_variance
from sim.analysis.sobol import Indices, indices
from sim.analysis.tornado import ends
from sim.batch.arms import Arm
from sim.batch.designs import outcome, uncertain
from sim.plots.sensitivity import tornado, variance
from sim.plots.style import caption
from sim.world import draws
from tests.worlds import baseline, tiny

ISHIGAMI_FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
ISHIGAMI_TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}
"""With a = 7, b = 0.1: Saltelli et al. (2008), Global sensitivity analysis: the primer."""


def ishigami(table: pd.DataFrame) -> np.ndarray:
    x = np.pi * (2.0 * table[["x1", "x2", "x3"]].to_numpy() - 1.0)
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def either(table: pd.DataFrame) -> np.ndarray:
    """Say yes if both coins fall high: of the variance 3/16, each coin has 1/16 alone and 1/8 in all."""
    return ((table["a"] >= 0.5) & (table["b"] >= 0.5)).to_numpy(dtype=np.float64)


def bases(names: str, rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(20250303)
    one, other = (pd.DataFrame(rng.random((rows, len(names.split()))), columns=names.split()) for _ in range(2))
    return one, other


def sobol(
    outcome: Callable[[pd.DataFrame], np.ndarray], one: pd.DataFrame, other: pd.DataFrame, groups: dict[str, list[str]]
) -> Indices:
    crossed = [one.assign(**{name: other[name] for name in columns}) for columns in groups.values()]
    return indices(np.column_stack([outcome(table) for table in (one, *crossed, other)]), groups)


def test_the_indices_of_ishigami_are_those_known() -> None:
    found = sobol(ishigami, *bases("x1 x2 x3", 16_384), {name: [name] for name in ("x1", "x2", "x3")}).table
    for name in found.index:
        assert found.loc[name, "first"] == pytest.approx(ISHIGAMI_FIRST[name], abs=0.04)
        assert found.loc[name, "total"] == pytest.approx(ISHIGAMI_TOTAL[name], abs=0.04)
        assert found.loc[name, "first_low"] < ISHIGAMI_FIRST[name] < found.loc[name, "first_high"]
        assert found.loc[name, "total_low"] < ISHIGAMI_TOTAL[name] < found.loc[name, "total_high"]


def test_a_group_has_what_its_inputs_have_together() -> None:
    groups = {"1 and 3": ["x1", "x3"], "2": ["x2"]}
    found = sobol(ishigami, *bases("x1 x2 x3", 16_384), groups).table
    assert found.loc["1 and 3", "first"] == pytest.approx(1 - ISHIGAMI_FIRST["x2"], abs=0.04)
    assert found.loc["2", "total"] == pytest.approx(ISHIGAMI_TOTAL["x2"], abs=0.04)


def test_the_indices_of_a_yes_or_no_are_those_of_its_variance() -> None:
    found = sobol(either, *bases("a b", 16_384), {"a": ["a"], "b": ["b"]})
    assert found.mean == pytest.approx(0.25, abs=0.01)
    assert found.table["first"].to_numpy() == pytest.approx([1 / 3, 1 / 3], abs=0.03)
    assert found.table["total"].to_numpy() == pytest.approx([2 / 3, 2 / 3], abs=0.03)


def test_intervals_hold_the_known_index_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(60):
        one, other = (pd.DataFrame(rng.random((512, 2)), columns=["a", "b"]) for _ in range(2))
        row = sobol(either, one, other, {"a": ["a"]}).table.loc["a"]
        held += row["total_low"] <= 2 / 3 <= row["total_high"]
    assert 51 <= held <= 60


def test_rows_of_which_a_run_failed_are_left_out() -> None:
    def sometimes(table: pd.DataFrame) -> np.ndarray:
        return np.where(table["a"] > 0.9, np.nan, either(table))

    found = sobol(sometimes, *bases("a b", 4096), {"b": ["b"]})
    assert 0.85 * 4096 * 0.9 < found.rows < 0.85 * 4096
    assert found.table.notna().all(axis=None)


def test_an_outcome_that_never_differs_has_no_variance_to_share_out() -> None:
    with pytest.raises(ValueError, match="no variance"):
        sobol(lambda table: np.zeros(len(table)), *bases("a b", 64), {"a": ["a"]})


def test_only_the_inputs_of_a_group_are_crossed(monkeypatch: pytest.MonkeyPatch) -> None:
    arms: list[Arm] = []

    def came(asked: Iterable[Arm], events: list[str], seed: int) -> Iterator[dict[str, np.ndarray]]:
        arms.extend(asked)
        return ({events[0]: np.random.default_rng(at).random(8)} for at in range(len(arms)))

    monkeypatch.setattr(crossed_runs, "came_about", came)
    path, paths = "actors.ukr.disposition", uncertain(tiny())
    crossed_runs.Crossed(tiny(), "ceasefire", paths, 8, 3, {}).indices({"one": [path], "chance": [draws.LUCK_COLUMN]})
    drawn = draws.input_quantiles(world.build(tiny()), 3, 16)[paths]
    whole, one, chance, other = arms
    assert whole.quantiles is None and list(whole.luck) == list(one.luck) == list(range(8))
    assert one.quantiles is not None and one.quantiles[path].tolist() == drawn[path][8:].tolist()
    assert list(one.quantiles) == [path]
    assert chance.quantiles is not None and list(chance.luck) == list(range(8, 16))
    assert chance.quantiles.equals(drawn[:8])
    assert other.quantiles is None and list(other.luck) == list(range(8, 16))


def test_screening_ranks_inputs_of_a_sum_by_their_weights() -> None:
    def weighted(table: pd.DataFrame) -> np.ndarray:
        return np.asarray(3.0 * table["a"] - 1.0 * table["b"] + 0.0 * table["c"])

    found = morris(weighted, ["c", "b", "a"], trajectories=10)
    assert list(found.index) == ["a", "b", "c"]
    assert found["mu_star"].to_numpy() == pytest.approx([3 * 0.75, 0.75, 0.0])
    assert found["mu"].to_numpy() == pytest.approx([3 * 0.75, -0.75, 0.0])
    assert found["sigma"].to_numpy() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_a_trajectory_has_one_luck_and_quantiles_that_can_be_drawn() -> None:
    seen: list[pd.DataFrame] = []

    def look(table: pd.DataFrame) -> np.ndarray:
        seen.append(table)
        return np.asarray(table["a"])

    morris(look, ["a", "b"], trajectories=4)
    assert seen[0][draws.LUCK_COLUMN].tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert seen[0][["a", "b"]].to_numpy().min() >= 0.0 and seen[0][["a", "b"]].to_numpy().max() < 1.0


@pytest.mark.parametrize("group", [input_groups.by_reasons, input_groups.by_actor, input_groups.by_phase])
def test_groups_partition_the_inputs(group: Callable[..., dict[str, list[str]]]) -> None:
    paths = uncertain(baseline())
    assert sorted(path for each in group(baseline(), paths).values() for path in each) == sorted(paths)


def test_every_number_of_the_baseline_has_a_phase() -> None:
    assert set(input_groups.by_phase(baseline(), baseline().leaves)) == set(vocabulary.PHASES)


def test_inputs_belong_to_the_phase_that_the_model_tells() -> None:
    known = {
        "rules.truce.break_hazard": "truce",
        "rules.battlefield.mean": "news",
        "actors.us.disposition": "offer",
        "actors.russia.disposition": "truce",
        "actors.france.disposition": "pledge",
        "actors.germany.hesitancy.parliament": "ratify",
        "missions.reassurance.target_troops": "form",
        "actors.russia.doubt": "news",
        "actors.ukraine.foresight": "truce",
        "rules.learning.offer_tells": "offer",
        "rules.learning.promise_tells": "hold",
        "common.european_mood": "pledge",
    }
    assert {path: input_groups.phase(baseline(), path) for path in known} == known


def test_an_outcome_plays_the_rows_it_is_given() -> None:
    quantiles = world.input_quantiles(world.build(tiny()), 1, 40).assign(luck=np.arange(40))
    plain = batch.run(tiny(), 40).happened("ceasefire").to_numpy(dtype=float)
    assert (outcome(tiny(), "ceasefire")(quantiles) == plain).all()
    assert (outcome(tiny(), "ceasefire")(quantiles[::-1]) == plain[::-1]).all()


def test_an_analysis_is_about_a_headline_or_refused() -> None:
    with pytest.raises(ValueError, match=r"event:1:1: 'peace' is no name; .*allowed: ceasefire"):
        outcome(tiny(), "peace")


def test_shares_of_variance_sum_to_one_and_name_what_they_rest_on() -> None:
    result = shares_of_variance(tiny(), 512, of="ceasefire")
    found = result.table
    assert list(found.index) == ["documented", "documented value, assumed spread", "assumed", "chance", "together"]
    assert found["first"].sum() == pytest.approx(1.0)
    assert (found.loc["documented", ["first", "total", "inputs"]] == 0.0).all()
    assert found.loc["assumed", "inputs"] == len(uncertain(tiny()))
    assert (found["first_low"] <= found["first_high"]).all()
    assert "chance alone accounts for" in result.sentence and result.base == 512


def test_without_luck_inputs_would_explain_all() -> None:
    found = shares_of_variance(tiny(), 1024, of="ceasefire").table
    assert found.loc["assumed", "first"] + found.loc["chance", "total"] == pytest.approx(1.0, abs=0.15)


def test_what_moves_it_tells_groups_single_inputs_and_ends() -> None:
    found = sensitivity(tiny(), "ceasefire", base=256, trajectories=4, top=3)
    assert set(found.groups["kind"]) == {"reasons", "actor", "phase"}
    assert len(found.inputs) == 3 and len(found.ends.table) == 3
    assert set(found.inputs.index) <= set(uncertain(tiny()))
    assert found.sentence.startswith("Whether a ceasefire comes about in a run: chance accounts for ")
    assert "Sobol indices" in caption(variance(found))
    assert tornado(found.ends).lines


def test_a_design_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="base must be between 8 and 65,536, got 4"):
        shares_of_variance(tiny(), 4)


def test_an_end_is_what_a_fixed_number_gives() -> None:
    path = "actors.ukr.disposition"
    result = ends(tiny(), [path], "ceasefire", runs=200)
    found = result.table
    assert result.sentence.startswith(f"Of 1 inputs, {path} matters most for a ceasefire: ")
    fixed = batch.run(tiny().change({path: 3.0}), 200).happened("ceasefire").mean()
    assert found.loc[path, "at_high"] == fixed
    assert (found.loc[path, "low"], found.loc[path, "high"]) == ("0", "3")
    assert found.loc[path, "difference"] == pytest.approx(found.loc[path, "at_high"] - found.loc[path, "at_low"])


def test_a_library_that_is_missing_is_named_with_what_to_do() -> None:
    with pytest.raises(
        ValueError, match=r"needs no_such_library, which is not installed; pip install -e '.\[analysis\]'"
    ):
        needed("no_such_library.analyze")


def test_trajectories_in_parts_give_what_all_of_them_give() -> None:
    def product(table: pd.DataFrame) -> np.ndarray:
        return np.asarray(table["a"] * table["b"])

    found = morris(product, ["a", "b", "c"], trajectories=60)
    assert found.loc["a", "mu_star"] == pytest.approx(0.75 * 0.5, abs=0.06)
    assert found.loc["a", "mu_star_low"] < 0.75 * 0.5 < found.loc["a", "mu_star_high"]
    assert found.loc["c", "mu_star"] == found.loc["c", "sigma"] == 0.0
    assert found.loc["a", "sigma"] > 0.1


def test_a_precision_that_is_asked_for_makes_as_many_rows_as_it_takes() -> None:
    loose = sensitivity(tiny(), "ceasefire", trajectories=2, within=0.2)
    close = sensitivity(tiny(), "ceasefire", trajectories=2, within=0.06)
    assert loose.base <= 512 < close.base <= 65_536
    actors = close.groups[close.groups["kind"] == "actor"]
    assert ((actors["total_high"] - actors["total_low"]) / 2).max() < 0.08
    plain = sensitivity(tiny(), "ceasefire", close.base, trajectories=2)
    pd.testing.assert_frame_equal(plain.groups, close.groups)
    with pytest.raises(ValueError, match="half-width"):
        sensitivity(tiny(), within=0.5)
