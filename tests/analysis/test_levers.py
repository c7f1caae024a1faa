"""Levers: declared and checked, ranked by paired effect, and a search with known answers."""

from __future__ import annotations

from itertools import product
from math import inf
from pathlib import Path

import pytest

from sim.analysis import enough as analysis
from sim.analysis.cheapest_combinations import Step, Steps, combinations, rank, search
from sim.analysis.levers import bench_of, levers
from sim.plots import levers as plots
from sim.plots.style import title_of
from sim.reading.errors import InputError
from sim.reading.files import parse_yaml
from sim.scenario import levers as steps
from sim.scenario import loading
from sim.scenario.json_schema import schema
from sim.scenario.layers import Reasons, flatten
from sim.scenario.levers import misfits, move
from sim.scenario.scenario import Scenario
from tests import worlds
from tests.analysis.test_why import EAGER

TOY = """\
levers:
  votes:
    name: Votes at home
    held_by: [alba, borea, corvia]
    group: at home
    assumption: made up, all vote at once
    steps:
      - label: at once
        change:
          actors.alba.ratification.weeks: 0
          actors.borea.ratification.weeks: 0
          actors.corvia.ratification.weeks: 0
  wartime:
    name: A force in wartime
    held_by: [alba]
    group: mission
    assumption: made up, no truce is waited for
    steps:
      - {label: considered, change: {rules.form.weeks: 2}}
      - {label: decided, change: {missions.reassurance.waits_for_truce: false}}
  idle:
    name: A lever that moves nothing
    held_by: [corvia]
    group: mission
    assumption: made up, it touches what no run asks
    steps:
      - {label: nothing, change: {rules.form.training_share: 0.1}}
"""


@pytest.fixture(scope="module")
def toy() -> Scenario:
    document = parse_yaml(worlds.TINY + TOY, "toy.yaml")
    whole = Scenario("toy", flatten(document, document.data, (), (), Reasons()))
    return whole.change(EAGER, name="toy", assumption="all are eager")


def write_toy(folder: Path, text: str = TOY) -> Path:
    path = folder / "toy.yaml"
    path.write_text(worlds.TINY + text, encoding="utf-8")
    return path


def test_two_levers_that_do_nothing_alone_are_found_together(toy: Scenario) -> None:
    found = analysis.enough(toy, 0.9, runs=200, seed=2)
    assert found.combinations["levers"].tolist() == [{"votes": 1, "wartime": 2}]
    row = found.combinations.iloc[0]
    assert row["reaches"] and row["probability"] == 1.0 and row["cost"] == 3.0
    assert row["moved_by"] == ("Lead", "Follower", "Outsider")
    assert (found.steps.table["difference"] == 0.0).all()
    assert found.searched == ["votes", "wartime"]
    assert "the cheapest combination that was tried costs 3" in found.sentence


def test_costs_of_ones_own_change_what_is_cheapest(toy: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "costs.yaml"
    file.write_text("wartime: [0.5, 0.2]\nvotes: 2\n", encoding="utf-8")
    costs = steps.costs(toy, file)
    assert costs["wartime"] == (0.5, 0.7) and costs["votes"] == (2.0,) and costs["idle"] == (1.0,)
    assert analysis.enough(toy, 0.9, runs=200, seed=2, costs=costs).combinations["cost"].tolist() == [2.7]


def test_a_target_out_of_reach_is_said_plainly_with_the_best_found(toy: Scenario) -> None:
    blocked = toy.change({"missions.reassurance.target_troops": 900_000})
    found = analysis.enough(blocked, 0.5, runs=100, seed=2)
    assert found.sentence.startswith("Not enough: ") and not found.combinations["reaches"].any()


def test_a_target_that_stands_reached_needs_no_lever(toy: Scenario) -> None:
    free = move(toy, {"votes": 1, "wartime": 2})
    found = analysis.enough(free, 0.5, runs=100, seed=2)
    assert found.combinations["levers"].tolist() == [{}]
    assert "reached already" in found.sentence


def test_the_search_is_an_enumeration_with_as_many_tries() -> None:
    toy = [[Step(1, 0.3), Step(2, 0.5)], [Step(1, 0.2)], [Step(2, 0.9)]]

    def value(steps: Steps) -> float:
        return sum(weight * step for weight, step in zip((0.1, 0.25, 0.3), steps, strict=True))

    every = list(product(range(3), range(2), range(2)))
    cost = {steps: steps[0] + steps[1] + 2 * steps[2] for steps in every}
    enough = [steps for steps in every if value(steps) >= 0.5]
    least = min(cost[steps] for steps in enough)
    found = search(toy, 0.5, value, tries=100)
    assert found.enough == {steps: value(steps) for steps in enough if cost[steps] == least}
    assert [level.combinations for level in found.levels] == [sum(c == k for c in cost.values()) for k in (1, 2, 3)]


def test_what_is_not_confirmed_does_not_count() -> None:
    found = search([[Step(1, 1.0), Step(2, 2.0)]], 0.5, lambda steps: 0.6, lambda steps: 0.4 if steps == (1,) else 0.7)
    assert found.enough == {(2,): 0.7}


def test_the_ranking_of_combinations_is_that_of_sums() -> None:
    toy = [[Step(1, 0.5), Step(2, 0.6)], [Step(1, 0.4)], [Step(1, -inf)]]
    assert rank(toy, 1)[2.0] == [(0.9, (1, 1, 0))]
    assert sum(combinations(toy).values()) == 3 * 2 * 2


def test_levers_change_no_result_and_no_hash(toy: Scenario) -> None:
    document = parse_yaml(worlds.TINY, "tiny.yaml")
    bare = Scenario("bare", flatten(document, document.data, (), (), Reasons())).change(EAGER)
    assert bare.hash == toy.hash and not bare.differences(toy)
    assert set(bare.leaves) == set(toy.leaves) and "levers" not in toy.as_dict()


def test_the_table_of_levers_is_what_controls_are_made_of() -> None:
    found = levers(worlds.baseline())
    assert 12 <= found.index.get_level_values("lever").nunique() <= 20
    assert (found["fits"] == "").all() and (found["cost"] >= 1).all()
    assert found["claims"].map(len).min() > 0 and found["assumption"].notna().all()
    for row in found.itertuples():
        assert worlds.baseline().change(row.change).hash != worlds.baseline().hash, row.Index


def test_a_lever_whose_object_is_gone_is_left_out_and_told() -> None:
    without = worlds.baseline().change({"actors.slovakia": None})
    assert "eu_unanimity" not in without.parts.levers
    firm = worlds.baseline().change({"actors.spain": None})
    found = misfits(firm)
    assert set(found) == {("hesitant_states", 1)} and "spain" in found[("hesitant_states", 1)].message


def test_steps_stand_for_themselves(toy: Scenario) -> None:
    assert move(toy, {}).hash == toy.hash
    assert move(toy, {"wartime": 2}).parts.rules.form.weeks == toy.parts.rules.form.weeks
    for wrong in ({"wartime": 3}, {"wartimes": 1}):
        with pytest.raises(ValueError, match="wartime"):
            move(toy, wrong)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("held_by: [corvia]", "held_by: [corvo]", "toy.yaml:165:14: levers.idle.held_by: no actor 'corvo'"),
        ("{label: nothing, change:", "{lable: nothing, change:", "levers.idle.steps.0.lable"),
        ("rules.form.training_share:", "question:", "a lever changes what enters runs"),
        ("    assumption: made up, no truce is waited for\n", "", None),
    ],
)
def test_a_wrong_declaration_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str | None) -> None:
    path = write_toy(tmp_path, TOY.replace(old, new))
    if told is None:
        loading.load(path)  # the assumption of the whole file holds
        return
    with pytest.raises(InputError) as caught:
        loading.load(path)
    faults = caught.value.faults
    assert len(faults) >= 1 and all("toy.yaml:" in str(found) for found in faults)
    assert told.partition(": ")[2] in str(caught.value) or told in str(caught.value)


def test_a_lever_without_a_reason_is_refused(tmp_path: Path) -> None:
    parts = tmp_path / "levers.yaml"
    parts.write_text("x: {name: X, held_by: [us], group: g, steps: [{label: a, change: {table.impose: nato}}]}\n")
    path = tmp_path / "own.yaml"
    path.write_text("question: What?\nextends: baseline\ninclude: {levers: levers.yaml}\n")
    with pytest.raises(InputError, match="a lever needs because"):
        loading.load(path)


def test_the_schema_knows_levers() -> None:
    import jsonschema

    check = jsonschema.Draft202012Validator(schema("levers"))
    path = Path(str(loading.find("baseline", Path("."), None))).parent / "levers.yaml"  # type: ignore[arg-type]
    assert not list(check.iter_errors(parse_yaml(path.read_text(encoding="utf-8"), "levers.yaml").data))
    assert not check.is_valid({"x": {"name": "X", "holder": "us"}})


@pytest.mark.parametrize("text", ["votes: 0\n", "votes: [1, 2]\n", "voters: 1\n", "[1]\n", "votes: many\n"])
def test_costs_that_do_not_fit_are_refused(toy: Scenario, tmp_path: Path, text: str) -> None:
    file = tmp_path / "costs.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"costs\.yaml"):
        steps.costs(toy, file)


@pytest.mark.parametrize("asked", [{"target": 0.0}, {"target": 1.0}, {"of": "peace"}, {"tries": 0}])
def test_what_cannot_be_asked_is_told(toy: Scenario, asked: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"got|allowed"):
        analysis.enough(toy, **asked)  # type: ignore[arg-type]


def test_a_scenario_without_levers_says_so() -> None:
    with pytest.raises(ValueError, match="declares no levers"):
        analysis.enough(worlds.tiny())


def test_pictures_say_what_was_found(toy: Scenario) -> None:
    found = analysis.enough(toy, 0.9, runs=100, seed=2)
    assert plots.steps(found.steps).get_xlabel() == "change in the share of runs (percentage points)"
    axes = plots.enough(found)
    assert title_of(axes).startswith("At a cost of 3, a European force reaches 90% of runs")


def test_runs_are_doubled_until_every_step_is_known_closely_enough(toy: Scenario) -> None:
    wide = toy.change({"actors.alba.ratification.weeks": {"low": 0, "high": 40, "assumption": "a test"}})
    loose, close = (analysis.enough(wide, 0.9, "ceasefire", 100, within=half) for half in (0.4, 0.03))
    assert loose.steps.runs == 100
    table = close.steps.table
    assert ((table["high"] - table["low"]) / 2).max() <= 0.03
    plain = analysis.enough(wide, 0.9, "ceasefire", close.steps.runs)
    assert close.steps.table["difference"].tolist() == plain.steps.table["difference"].tolist()
    assert close.sentence == plain.sentence
    with pytest.raises(ValueError, match="half-width"):
        analysis.enough(wide, within=0.0)


def test_measuring_more_runs_is_measuring_all_of_them_at_once(toy: Scenario) -> None:
    grown, whole = (bench_of(toy, "ceasefire", runs, 3, {}) for runs in (100, 250))
    steps: dict[str, int] = {"wartime": 2}
    grown.measure([{}, steps])
    grown.extend(250)
    for each in ({}, steps):
        assert grown.came(each).tolist() == whole.came(each).tolist()
        assert grown.came(each).index.tolist() == list(range(250))


def test_levers_moved_by_one_change_make_the_scenario_that_they_make_one_by_one() -> None:
    baseline = worlds.baseline()
    steps = {name: len(lever.steps) for name, lever in baseline.parts.levers.items()}
    bench = bench_of(baseline, "european", 100, 1, {})
    assert bench.moved(steps).hash == move(baseline, steps).hash != baseline.hash


def test_levers_moved_together_make_the_scenario_that_a_chain_of_changes_makes() -> None:
    together = chained = worlds.baseline()
    steps = {name: len(lever.steps) for name, lever in together.parts.levers.items()}
    for name, lever in together.parts.levers.items():
        chosen = lever.steps[-1]
        chained = chained.change(chosen.change, name=chained.name, assumption=f"lever {name}: {chosen.label}")
    together = move(together, steps)
    assert together.hash == chained.hash
    assert together.leaves == chained.leaves  # the reasons too
    assert (together.name, together.notes) == (chained.name, chained.notes)
    assert together.written.changed == chained.written.changed


def test_levers_whose_changes_meet_are_moved_one_by_one(toy: Scenario) -> None:
    both = toy.change({"levers.idle.steps": [{"label": "more", "change": {"actors.alba.ratification.weeks": 3}}]})
    moved = bench_of(both, "european", 100, 1, {}).moved({"votes": 1, "idle": 1})
    assert moved.hash == move(both, {"votes": 1, "idle": 1}).hash
