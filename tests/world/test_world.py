"""Tests of worlds and draws: everything sorted, every number in its column, order and neighbours never matter."""

import random
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import vocabulary, world
from sim.reading.files import parse_yaml
from sim.scenario import priors
from sim.scenario.layers import Layer
from sim.scenario.scenario import Scenario
from sim.world import Inputs, Luck, World, build, columns, draw, streams
from tests.worlds import TINY, baseline, tiny, with_new_weights

ROOT = Path(__file__).resolve().parents[2]

CREDENCE = "actors.alba.credence"
CAPACITY = "actors.alba.capacity_troops"
STANCE = "actors.alba.stance"


@pytest.fixture(scope="module")
def tiny_world() -> World:
    return build(tiny())


@pytest.fixture(scope="module")
def drawn(tiny_world: World) -> tuple[Inputs, Luck]:
    return draw(tiny_world, 3, 0)


@pytest.fixture(scope="module")
def baseline_world() -> World:
    return build(baseline())


@pytest.fixture(scope="module")
def baseline_drawn(baseline_world: World) -> tuple[Inputs, Luck]:
    return draw(baseline_world, 1, 0)


def same(one: Any, other: Any) -> bool:
    """Return whether two worlds, or parts of them, are equal to the last bit."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def shuffled(scenario: Scenario, seed: int) -> Scenario:
    """Return a scenario whose entries stand in another order, down to the keys of its numbers."""
    entries = list(scenario.layer.entries.items())
    random.Random(seed).shuffle(entries)
    turned = [
        (route, entry._replace(value=dict(reversed(entry.value.items()))) if isinstance(entry.value, dict) else entry)
        for route, entry in entries
    ]
    return Scenario(scenario.name, Layer(dict(turned), scenario.layer.places))


def by_path(structure: World, inputs: Inputs) -> dict[str, Any]:
    return {path: inputs.values[:, at] for at, path in enumerate(structure.names.inputs)}


def by_stream(structure: World, luck: Luck) -> dict[str, Any]:
    return {name: luck.values[at] for at, name in enumerate(structure.names.streams)}


def test_actors_missions_inputs_and_streams_are_sorted_by_name(baseline_world: World) -> None:
    for names in baseline_world.names[1:5]:
        assert list(names) == sorted(names)
        assert len(set(names)) == len(names)


def test_edges_are_sorted_by_target_source_and_channel(baseline_world: World) -> None:
    edge, actors = baseline_world.edge, baseline_world.names.actors
    keys = [
        (actors[target], actors[source], vocabulary.CHANNELS[channel])
        for target, source, channel in zip(edge.target, edge.source, edge.channel, strict=True)
    ]
    assert keys == sorted(keys)
    assert {f"{s}->{t}/{c}" for t, s, c in keys} == set(baseline().parts.network)


def test_every_number_stands_in_the_column_of_its_path(tiny_world: World) -> None:
    at = {name: position for position, name in enumerate(tiny_world.names.actors)}
    inputs = tiny_world.names.inputs
    assert inputs[tiny_world.actor.credence[at["alba"]]] == CREDENCE
    assert inputs[tiny_world.actor.stance[at["borea"]]] == "actors.borea.governments.outgoing.stance"
    assert inputs[tiny_world.actor.stance_incoming[at["borea"]]] == "actors.borea.governments.incoming.stance"
    assert inputs[tiny_world.actor.stance_incoming[at["alba"]]] == STANCE
    assert inputs[tiny_world.broker.honoured] == "actors.usa.backstop.honoured"
    assert inputs[tiny_world.opponents[0].light_firmness] == "actors.rus.vetoes.light_missions.firmness"
    assert inputs[tiny_world.scale.guarantee[2]] == "scales.guarantee.air_cover"
    assert [inputs[column] for column in tiny_world.rule] == [f"rules.{name}" for name in columns.RULES]


def test_the_record_of_weights_follows_from_their_classes() -> None:
    tool = SimpleNamespace(**runpy.run_path(str(ROOT / "tools" / "rule_names.py")))
    assert tool.RECORD.read_text("utf-8") == tool.source(), "run python tools/rule_names.py"


def test_a_weight_that_the_tiny_world_leaves_out_has_its_shipped_value() -> None:
    assert with_new_weights(TINY) == TINY
    without = TINY.replace("domestic: 0.6, ", "").replace("  moods: {persistence: 90%, weekly_sd: 0.25}\n", "")
    rules = parse_yaml(with_new_weights(without), "tiny.yaml").data["rules"]
    shipped = {path: baseline().leaves[f"rules.{path}"].prior.numbers for path in columns.RULES}
    assert rules["ratify"]["domestic"] in shipped["ratify.domestic"]
    assert rules["moods"]["persistence"] in shipped["moods.persistence"]


def test_every_leaf_enters_the_world(baseline_world: World) -> None:
    used: set[int] = set()

    def collect(part: Any) -> None:
        if isinstance(part, np.ndarray):
            used.update(int(value) for value in part.ravel())
        elif isinstance(part, int):
            used.add(part)

    flags = {"contributor", "european", "eu_member", "states", "great_power", "eligible", "leads"}
    for part in (baseline_world.actor, baseline_world.broker, baseline_world.host, *baseline_world.opponents):
        for name, value in part._asdict().items():
            if name not in flags:
                collect(value)
    for name in ("profile", "worth", "provocation", "exposure", "target", "reserves"):
        collect(getattr(baseline_world.mission, name))
    for name in ("strength", "willingness", "open"):
        collect(getattr(baseline_world.edge, name))
    for value in (*baseline_world.scale, *baseline_world.event[1:], baseline_world.rule):
        collect(value)
    for name in ("european_mood", "us_turn", "credence_tilt", "firmness_tilt", "capacity_tilt"):
        collect(getattr(baseline_world, name))
    unread = [path for at, path in enumerate(baseline_world.names.inputs) if at not in used]
    assert unread == []


def test_a_number_that_an_actor_lacks_points_at_the_column_of_zeros(
    tiny_world: World, drawn: tuple[Inputs, Luck]
) -> None:
    corvia = tiny_world.names.actors.index("corvia")
    assert tiny_world.actor.credence[corvia] == tiny_world.absent
    assert tiny_world.actor.handover[corvia] == tiny_world.absent
    assert not drawn[0].values[:, tiny_world.absent].any()


def test_flags_say_who_may_join_and_lead(tiny_world: World) -> None:
    actors, missions = tiny_world.names.actors, tiny_world.names.missions
    eligible = {
        mission: {actors[at] for at in np.flatnonzero(tiny_world.mission.eligible[position])}
        for position, mission in enumerate(missions)
    }
    assert eligible == {
        "blue": {"alba", "borea", "corvia"},
        "reassurance": {"alba", "borea", "corvia"},
        "watch": {"alba", "borea", "corvia"},
    }
    assert {actors[at] for at in np.flatnonzero(tiny_world.mission.leads.sum(axis=0))} == {"alba"}


@pytest.mark.parametrize(
    ("entry", "joined"),
    [("nato", {"alba"}), ("not_nato", {"borea", "corvia"}), ("european", {"alba", "borea"}), ("corvia", {"corvia"})],
)
def test_who_is_eligible_follows_from_tags_and_names(entry: str, joined: set[str]) -> None:
    structure = build(tiny().change({"missions.watch.eligible": [entry]}))
    row = structure.mission.eligible[structure.names.missions.index("watch")]
    assert {structure.names.actors[at] for at in np.flatnonzero(row)} == joined


def test_incentives_have_signs_and_other_channels_have_none(tiny_world: World) -> None:
    signs = {
        vocabulary.CHANNELS[channel]: int(sign)
        for channel, sign in zip(tiny_world.edge.channel, tiny_world.edge.sign, strict=True)
    }
    assert signs == {
        "military_aid": 1, "bank_sanctions": 1, "normalisation": -1, "escalation_threat": -1,
        "persuasion": 0, "troop_example": 0, "security_guarantee": 0, "eu_decision": 0,
        "security_council_veto": 0,
    }  # fmt: skip


def test_readiness_is_centred_on_reassurance_or_else_on_a_european_or_any_mission() -> None:
    def reference(scenario: Scenario) -> str:
        structure = build(scenario)
        return structure.names.missions[structure.reference_mission]

    assert reference(tiny()) == "reassurance"
    assert reference(tiny().change({"missions.reassurance": None})) == "blue"


def test_there_is_a_round_for_every_part_of_a_week() -> None:
    assert build(tiny()).rounds == 16
    assert build(tiny().change({"rounds_per_week": 2})).rounds == 32


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_entries_does_not_matter(
    seed: int, baseline_world: World, baseline_drawn: tuple[Inputs, Luck]
) -> None:
    other = build(shuffled(baseline(), seed))
    assert same(baseline_world, other)
    assert same(baseline_drawn, draw(other, 1, 0))


def test_without_ireland_the_draws_of_all_others_are_the_same(
    baseline_world: World, baseline_drawn: tuple[Inputs, Luck]
) -> None:
    smaller = build(baseline().change({"actors.ireland": None}))
    inputs, luck = draw(smaller, 1, 0)
    there, here = by_path(baseline_world, baseline_drawn[0]), by_path(smaller, inputs)
    assert {path for path in set(there) - set(here) if "ireland" not in path} == set()
    assert all(np.array_equal(there[path], here[path]) for path in here)
    there, here = by_stream(baseline_world, baseline_drawn[1]), by_stream(smaller, luck)
    assert set(there) - set(here) == {"ireland/mood", "ireland/pledge"}
    assert all(np.array_equal(there[name], here[name]) for name in here)


def test_a_longer_horizon_continues_the_same_luck(baseline_world: World, baseline_drawn: tuple[Inputs, Luck]) -> None:
    longer = build(baseline().change({"horizon_weeks": 104}))
    inputs, luck = draw(longer, 1, 0)
    assert longer.rounds == 104 == luck.values.shape[1]
    assert np.array_equal(inputs.values, baseline_drawn[0].values)
    assert np.array_equal(luck.values[:, :52], baseline_drawn[1].values)


def test_each_input_is_drawn_from_its_prior_by_a_stream_of_its_own(
    tiny_world: World, drawn: tuple[Inputs, Luck]
) -> None:
    for at, path in enumerate(tiny_world.names.inputs):
        uniform = streams.uniforms(3, f"input/{path}", 0, 1)[0]
        assert np.array_equal(drawn[0].values[:, at], priors.quantile(tiny_world.names.priors[at], uniform))


def test_what_we_do_not_know_and_what_could_go_either_way_are_named_apart(tiny_world: World) -> None:
    assert not any(name.startswith("input/") for name in tiny_world.names.streams)
    assert {"battlefield/news", "table/proposer", "alba/pledge", "usa/mood", "usa/turn"} <= set(
        tiny_world.names.streams
    )
    assert "usa/pledge" not in tiny_world.names.streams


def test_a_seed_and_a_block_have_draws_of_their_own(tiny_world: World, drawn: tuple[Inputs, Luck]) -> None:
    for seed, block in ((4, 0), (3, 1)):
        inputs, luck = draw(tiny_world, seed, block)
        assert not np.array_equal(inputs.values, drawn[0].values)
        assert not np.array_equal(luck.values, drawn[1].values)


def test_quantiles_replace_the_luck_of_an_input_row_by_row(tiny_world: World, drawn: tuple[Inputs, Luck]) -> None:
    table = pd.DataFrame({CAPACITY: [0.0, 0.5]})
    inputs, luck = draw(tiny_world, 3, 0, quantiles=table)
    there, here = by_path(tiny_world, drawn[0]), by_path(tiny_world, inputs)
    prior = tiny_world.names.priors[tiny_world.names.inputs.index(CAPACITY)]
    assert here[CAPACITY][:2].tolist() == priors.quantile(prior, np.array([0.0, 0.5])).tolist()
    assert np.array_equal(here[CAPACITY][2:], there[CAPACITY][2:])
    assert all(np.array_equal(here[path], there[path]) for path in here if path != CAPACITY)
    assert same(luck, drawn[1])


def test_values_may_be_numbers_or_words(tiny_world: World) -> None:
    inputs, _ = draw(tiny_world, 3, 0, values=pd.DataFrame({CREDENCE: ["10%", 0.9], STANCE: ["open", "pledged"]}))
    here = by_path(tiny_world, inputs)
    assert here[CREDENCE][:2].tolist() == [0.1, 0.9]
    assert here[STANCE][:2].tolist() == [2.0, 3.0]


def test_a_luck_column_gives_a_row_the_luck_of_another_run(tiny_world: World, drawn: tuple[Inputs, Luck]) -> None:
    inputs, luck = draw(tiny_world, 3, 0, quantiles=pd.DataFrame({CAPACITY: [0.5, 0.5], "luck": [7, 7]}))
    assert np.array_equal(luck.values[:, :, 0], drawn[1].values[:, :, 7])
    assert np.array_equal(luck.values[:, :, 1], drawn[1].values[:, :, 7])
    assert np.array_equal(luck.values[:, :, 2:], drawn[1].values[:, :, 2:])
    assert by_path(tiny_world, inputs)[CREDENCE][0] == by_path(tiny_world, drawn[0])[CREDENCE][7]


def test_luck_of_another_block_may_be_asked_for(tiny_world: World) -> None:
    _, luck = draw(tiny_world, 3, 0, values=pd.DataFrame({"luck": [streams.BLOCK + 5]}))
    assert np.array_equal(luck.values[:, :, 0], draw(tiny_world, 3, 1)[1].values[:, :, 5])


def test_a_table_reaches_into_later_blocks(tiny_world: World) -> None:
    rows = streams.BLOCK + 2
    inputs, _ = draw(tiny_world, 3, 1, values=pd.DataFrame({CREDENCE: np.full(rows, 0.125)}))
    own = by_path(tiny_world, draw(tiny_world, 3, 1)[0])[CREDENCE]
    here = by_path(tiny_world, inputs)[CREDENCE]
    assert here[:2].tolist() == [0.125, 0.125]
    assert np.array_equal(here[2:], own[2:])


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 511))
def test_the_luck_that_a_run_draws_itself_and_is_given_are_one(run: int) -> None:
    structure = build(tiny())
    own, luck = draw(structure, 3, 0)
    table = world.input_quantiles(structure, 3, run + 1).iloc[[run]].assign(luck=run)
    again, relucked = draw(structure, 3, 0, quantiles=table)
    assert np.array_equal(again.values[0], own.values[run])
    assert np.array_equal(relucked.values[:, :, 0], luck.values[:, :, run])


@pytest.mark.parametrize("which", ["quantiles", "values"])
def test_a_column_that_is_no_input_is_refused_with_the_nearest(tiny_world: World, which: str) -> None:
    table = pd.DataFrame({"actors.alba.credense": [0.5]})
    with pytest.raises(
        ValueError, match=r"'actors.alba.credense' is not an input; did you mean 'actors.alba.credence'"
    ):
        draw(tiny_world, 3, 0, **{which: table})


@pytest.mark.parametrize(
    ("path", "value"), [(STANCE, "opne"), (STANCE, 9), (CREDENCE, "much"), (CREDENCE, float("nan"))]
)
def test_a_value_that_does_not_fit_its_input_is_refused(tiny_world: World, path: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"\bnot?\b"):
        draw(tiny_world, 3, 0, values=pd.DataFrame({path: [value]}))


@pytest.mark.parametrize("quantile", [1.0, -0.1, 2.0, float("nan")])
def test_a_quantile_outside_its_range_is_refused(tiny_world: World, quantile: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        draw(tiny_world, 3, 0, quantiles=pd.DataFrame({CREDENCE: [quantile]}))


@pytest.mark.parametrize("value", [-5.0, 7.0])
def test_a_value_outside_the_bounds_of_its_input_is_refused(tiny_world: World, value: float) -> None:
    with pytest.raises(ValueError, match="allowed"):
        draw(tiny_world, 3, 0, values=pd.DataFrame({CREDENCE: [value]}))


@pytest.mark.parametrize("number", [-1, 0.5, float("nan"), "two"])
def test_a_luck_that_is_no_number_of_a_run_is_refused(tiny_world: World, number: object) -> None:
    with pytest.raises(ValueError, match="number of a run"):
        draw(tiny_world, 3, 0, quantiles=pd.DataFrame({CREDENCE: [0.5], "luck": [number]}))


def test_two_tables_that_name_the_same_luck_are_taken_together(tiny_world: World) -> None:
    capacity = pd.DataFrame({CAPACITY: [0.25], "luck": [7]})
    credence = pd.DataFrame({CREDENCE: [0.5], "luck": [7]})
    inputs, _ = draw(tiny_world, 3, 0, quantiles=capacity, values=credence)
    alone, _ = draw(tiny_world, 3, 0, quantiles=capacity)
    column = {name: at for at, name in enumerate(tiny_world.names.inputs)}
    assert inputs.values[0, column[CREDENCE]] == 0.5
    assert inputs.values[0, column[CAPACITY]] == alone.values[0, column[CAPACITY]]


def test_two_tables_that_name_different_luck_are_refused(tiny_world: World) -> None:
    one, other = (pd.DataFrame({CREDENCE: [0.5], "luck": [number]}) for number in (1, 2))
    with pytest.raises(ValueError, match="different luck"):
        draw(tiny_world, 3, 0, quantiles=one, values=other)
