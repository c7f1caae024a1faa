"""Tests of scenarios as documents: written out and read back, chained, and changed as a slow reading of edits says.

The slow reading works on plain nested maps and knows nothing of layers, leaves or places.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.cli import application
from tests.generated import seeded
from tests.worlds import TINY, tiny, write_tiny

FRESH = count()
IN_FOLDER = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

SHARES = st.sampled_from(["0%", "15%", "40%", 0.75, {"low": 0.2, "high": 0.6}, {"low": 0, "likely": "50%", "high": 1}])
TROOPS = st.sampled_from([2500, {"low": 2000, "high": 5000}, {"low": 1000, "likely": 1500, "high": 9000}])
STANCES = st.sampled_from(["open", "hesitant", {"open": "25%", "pledged": "75%"}, {"opposed": 0.5, "open": 0.5}])
EVENTS = st.sampled_from([{"week": 3, "quantity": "battlefield", "change": 0.4}])
EDITS = {
    "horizon_weeks": st.integers(4, 30),
    "actors.alba.credence": SHARES,
    "actors.alba.capacity_troops": TROOPS,
    "actors.alba.stance": STANCES,
    "actors.alba": st.fixed_dictionaries(
        {"credence": SHARES, "needs": st.just({"company": {"at_least": 0.6, "firmness": 0.5}})}
    ),
    "actors.borea": st.none() | st.fixed_dictionaries({}, optional={"capacity_troops": TROOPS, "credence": SHARES}),
    "actors.borea.needs": st.fixed_dictionaries({"company": st.fixed_dictionaries({"firmness": SHARES})}),
    "actors.corvia": st.none() | st.fixed_dictionaries({"capacity_troops": TROOPS}),
    "actors.corvia.stance": STANCES,
    "rules.hold": st.fixed_dictionaries({"attack_hazard": SHARES}, optional={"forward_loss": SHARES}),
    "rules.hold.attack_hazard": SHARES,
    "network.alba->borea/troop_example": st.none(),
    "network.usa->ukr/military_aid": st.none() | st.fixed_dictionaries({"strength": SHARES}),
    "missions.blue": st.none() | st.fixed_dictionaries({"worth": SHARES}),
    "events.raid": EVENTS,
}
"""By path, the values to which the tiny world may be changed; null takes a thing away."""
CHANGES = st.lists(
    st.sampled_from(sorted(EDITS)).flatmap(lambda path: st.tuples(st.just(path), EDITS[path])), min_size=1, max_size=6
)


# --- the slow reading ------------------------------------------------------------------------------------------------


def is_number(value: Any) -> bool:
    """Return whether a map is one number or choice, which is replaced whole."""
    return bool({"low", "high"} & value.keys() or {"opposed", "hesitant", "open", "pledged"} & value.keys())


def laid_over(base: Any, new: Any) -> Any:
    """Return maps merged key by key, and all else replaced."""
    if not (isinstance(base, dict) and isinstance(new, dict)) or is_number(base) or is_number(new):
        return deepcopy(new)
    return base | {key: laid_over(base.get(key), value) for key, value in new.items()}


def edited(document: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a document with one edit made in it."""
    after = deepcopy(dict(document))
    *above, last = path.split(".")
    inner = after
    for key in above:
        inner = inner.setdefault(key, {})
    if value is not None:
        inner[last] = laid_over(inner.get(last), value)
        return after
    del inner[last]
    return without(after, last) if above == ["actors"] else after


def without(document: dict[str, Any], actor: str) -> dict[str, Any]:
    """Return a document with no edge from or to an actor, and no mission that names it."""
    edges = document["network"]
    document["network"] = {key: edge for key, edge in edges.items() if actor not in key.split("/")[0].split("->")}
    for mission in document["missions"].values():
        for role in mission.keys() & {"leads", "eligible"}:
            mission[role] = [name for name in mission[role] if name != actor]
    return document


def fitting(changes: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the changes that can be made one after another: nothing is taken away twice, or changed once it is gone."""
    gone: set[str] = set()
    for path, value in changes:
        ends = path.removeprefix("network.").split("/")[0].split("->")
        around = {path, *(f"actors.{end}" for end in ends), ".".join(path.split(".")[:2])}
        if not around & gone:
            gone |= {path} if value is None else set()
            yield path, value


def read_slowly(changes: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(TINY)
    for path, value in changes:
        document = edited(document, path, value)
    return document


# --- files -----------------------------------------------------------------------------------------------------------


def write(folder: Path, document: Mapping[str, Any]) -> Path:
    """Write a document, or one that extends another: its assumption is told apart, as no sentence may stand twice."""
    at = next(FRESH)
    path = folder / f"scenario_{at}.yaml"
    if document.get("assumption") == "ours":
        document = {**document, "assumption": f"ours of {at}"}
    path.write_text(yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def chained(folder: Path, changes: list[tuple[str, Any]]) -> sim.Scenario:
    """Return the last of a chain of files, of which each extends the one before and makes one change."""
    path = write_tiny(folder)
    for at, value in changes:
        path = write(folder, {"extends": path.name, "assumption": "ours", "change": {at: value}})
    return sim.load(path)


def same(one: sim.Scenario, other: sim.Scenario) -> None:
    """Hold that two scenarios say the same, number by number."""
    assert one.differences(other) == {}
    assert one.hash == other.hash
    assert {path: leaf.prior for path, leaf in one.leaves.items()} == {
        path: leaf.prior for path, leaf in other.leaves.items()
    }
    assert one.parts.actors.keys() == other.parts.actors.keys()
    assert one.parts.network.keys() == other.parts.network.keys()


# --- edits -----------------------------------------------------------------------------------------------------------


@IN_FOLDER
@given(CHANGES)
def test_a_chain_of_scenarios_says_what_a_slow_reading_of_its_changes_says(
    tmp_path: Path, changes: list[tuple[str, Any]]
) -> None:
    in_turn = list(fitting(changes))
    same(chained(tmp_path, in_turn), sim.load(write(tmp_path, read_slowly(in_turn))))


@IN_FOLDER
@given(CHANGES)
def test_changes_say_the_same_in_a_chain_of_files_in_one_file_and_in_python(
    tmp_path: Path, changes: list[tuple[str, Any]]
) -> None:
    in_turn = list(fitting(list(dict(changes).items())))
    chain, in_python = chained(tmp_path, in_turn), tiny()
    for path, value in in_turn:
        in_python = in_python.change({path: value})
    same(chain, in_python)
    same(chain, tiny().change(dict(in_turn)))
    same(chain, sim.load(write(tmp_path, {"extends": "tiny.yaml", "assumption": "ours", "change": dict(in_turn)})))


@settings(IN_FOLDER, max_examples=4)
@given(CHANGES)
def test_the_option_set_says_what_a_slow_reading_says(tmp_path: Path, changes: list[tuple[str, Any]]) -> None:
    in_turn = list(fitting(list(dict(changes).items())))
    words = [word for path, value in in_turn for word in ("--set", f"{path}={json.dumps(value)}")]
    out, config = tmp_path / str(next(FRESH)), write_tiny(tmp_path)
    command = ["run", str(config), "--runs", "1", "--engine", "mesa", "--nested", "none", "--out", str(out), *words]
    done = CliRunner().invoke(application(), command)
    assert done.exit_code == 0, done.output
    about = sim.open_ensemble(out).manifest
    assert about["hash"] == sim.load(write(tmp_path, read_slowly(in_turn))).hash
    assert sim.load(write(tmp_path, about["config"])).hash == about["hash"]


@IN_FOLDER
@given(CHANGES)
def test_a_change_leaves_what_it_is_made_to_as_it_was_and_differs_by_what_it_names(
    tmp_path: Path, changes: list[tuple[str, Any]]
) -> None:
    before = tiny().as_dict()
    for path, value in changes:
        after = tiny().change({path: value})
        differing = tiny().differences(after)
        assert {name: pair[::-1] for name, pair in differing.items()} == after.differences(tiny())
        assert (after.hash == tiny().hash) == (not differing)
        if value is not None:
            assert all(name == path or name.startswith(f"{path}.") for name in differing)
    assert tiny().as_dict() == before


LEAVES = sorted(path for path, leaf in tiny().leaves.items() if leaf.prior.allowed == (0.0, 1.0))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.sampled_from(LEAVES), st.floats(0.31, 0.39))
def test_every_number_is_part_of_what_a_scenario_is_known_by(path: str, value: float) -> None:
    after = tiny().change({path: value})
    assert after.hash != tiny().hash
    assert set(tiny().differences(after)) == {path}
    assert after.change({path: {"likely": value, "assumption": "said otherwise"}}).hash == after.hash


def shuffled(random: Random, document: Any) -> Any:
    """Return maps with their keys in another order."""
    if not isinstance(document, dict):
        return document
    keys = random.sample(list(document), len(document))
    return {key: shuffled(random, document[key]) for key in keys}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_keys_changes_nothing(seed: int, tmp_path: Path) -> None:
    same(sim.load(write(tmp_path, shuffled(Random(seed), yaml.safe_load(TINY)))), tiny())


# --- which word holds ------------------------------------------------------------------------------------------------

VALUES = {"extends": 0.11, "own": 0.22, "include": 0.33, "change": 0.44}
"""Where a file may say a number, the later before the earlier, and what it says there."""


@pytest.mark.parametrize("where", [[name for at, name in enumerate(VALUES) if mask >> at & 1] for mask in range(16)])
def test_a_change_holds_before_an_included_file_that_before_own_keys_and_these_before_what_is_extended(
    where: list[str], tmp_path: Path
) -> None:
    hazard = {name: {"hold": {"attack_hazard": VALUES[name]}} for name in VALUES}
    write_tiny(tmp_path)
    base: dict[str, Any] = {"extends": "tiny.yaml", "assumption": "theirs"}
    base |= {"change": {"rules": hazard["extends"]}} if "extends" in where else {}
    mine: dict[str, Any] = {"extends": write(tmp_path, base).name, "assumption": "ours"}
    mine |= {"change": {"rules.hold.attack_hazard": VALUES["change"]}} if "change" in where else {}
    part = write(tmp_path, {"assumption": "its"} | hazard["include"]).name
    mine |= {"include": {"rules": part}} if "include" in where else {}
    mine |= {"rules": hazard["own"]} if "own" in where else {}
    leaf = sim.load(write(tmp_path, mine)).leaves["rules.hold.attack_hazard"]
    if where:
        assert leaf.prior.low == pytest.approx(VALUES[where[-1]])
        whose = {"extends": "theirs", "include": "its"}.get(where[-1], "ours")
        assert (leaf.reasons.assumption or "").startswith(whose)
    else:
        assert leaf.prior == tiny().leaves["rules.hold.attack_hazard"].prior


@pytest.mark.parametrize("length", [2, 5, 9])
def test_of_a_chain_of_scenarios_the_last_that_names_a_number_holds(length: int, tmp_path: Path) -> None:
    for silent in range(length):
        path = write_tiny(tmp_path)
        for at in range(length):
            change = {} if at == silent else {"change": {"actors.alba.credence": (at + 1) / 10}}
            path = write(tmp_path, {"extends": path.name, "assumption": f"word of {at}", **change})
        last = length - 2 if silent == length - 1 else length - 1
        leaf = sim.load(path).leaves["actors.alba.credence"]
        assert (leaf.prior.low, leaf.reasons.assumption) == ((last + 1) / 10, f"word of {last}")


# --- written out and read back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(5))
def test_a_made_up_scenario_written_out_and_read_back_is_itself(at: int, tmp_path: Path) -> None:
    scenario = seeded(5)[at].scenario
    again = sim.load(write(tmp_path, scenario.as_dict()))
    same(again, scenario)
    for path, leaf in scenario.leaves.items():
        assert (again.leaves[path].reasons.assumption or "").startswith(leaf.reasons.assumption or "")
        assert again.leaves[path].reasons.because == leaf.reasons.because
    third = sim.load(write(tmp_path, again.as_dict()))
    assert third.as_dict() == again.as_dict()


@pytest.mark.parametrize("at", range(2))
def test_a_scenario_written_out_plays_the_same_runs(at: int, tmp_path: Path) -> None:
    scenario = seeded(7)[5 + at].scenario
    again = sim.load(write(tmp_path, json.loads(json.dumps(scenario.as_dict()))))
    mine, theirs = (sim.run(each, 12, 3, engine="mesa", workers=1) for each in (scenario, again))
    assert mine.runs.equals(theirs.runs)
    assert mine.inputs.equals(theirs.inputs)


@pytest.mark.parametrize("name", sim.names())
def test_a_shipped_scenario_keeps_every_claim_when_it_is_written_out(name: str, tmp_path: Path) -> None:
    scenario = sim.load(name)
    again = sim.load(write(tmp_path, scenario.as_dict()))
    assert again.hash == scenario.hash
    for path, leaf in scenario.leaves.items():
        kept = again.leaves[path].reasons
        assert (kept.because, kept.see, kept.against) == (leaf.reasons.because, leaf.reasons.see, leaf.reasons.against)


# --- where a mistake stands ------------------------------------------------------------------------------------------


@settings(IN_FOLDER, max_examples=40)
@given(
    st.integers(0, 3), st.integers(1, 5), st.integers(1, 9), st.booleans(),
    st.sampled_from(["soon", "[1, 2]", "-3", "{a: 1}", "true", "2", "{low: 0.9, high: 0.1}"]),
)  # fmt: skip
def test_a_wrong_number_is_refused_at_the_line_and_column_of_its_value(
    tmp_path: Path, lines: int, indent: int, gap: int, quoted: bool, value: str
) -> None:
    write_tiny(tmp_path)
    key = '"actors.alba.credence"' if quoted else "actors.alba.credence"
    head = "extends: tiny.yaml\nassumption: ours\n" + "# a remark: with a colon\n" * lines + "change:\n"
    path = tmp_path / f"wrong_{next(FRESH)}.yaml"
    path.write_text(f"{head}{' ' * indent}{key}:{' ' * gap}{value}  # why\n", encoding="utf-8")
    with pytest.raises(sim.InputError) as refused:
        sim.load(path)
    for fault in refused.value.faults:
        assert fault.path.startswith("actors.alba.credence")
        assert (fault.place.file, fault.place.line) == (str(path), 4 + lines)
        assert fault.place.column >= indent + len(key) + 1 + gap + 1
        assert str(fault).startswith(f"{path}:{fault.place.line}:{fault.place.column}: actors.alba.credence")
    first = min(fault.place.column for fault in refused.value.faults)
    assert first == indent + len(key) + 1 + gap + 1 or value.startswith("{")


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_mistake_in_a_file_that_is_extended_is_told_once_in_that_file(depth: int, tmp_path: Path) -> None:
    path = write_tiny(tmp_path, wrong="extends: tiny.yaml\nassumption: ours\nchange:\n  actors.alba.credence: 7\n")
    wrong = path
    for _ in range(depth):
        path = write(tmp_path, {"extends": path.name, "assumption": "ours", "change": {"table.impose": "watch"}})
    with pytest.raises(sim.InputError) as refused:
        sim.load(path)
    (fault,) = refused.value.faults
    assert str(fault).startswith(f"{wrong}:4:25: actors.alba.credence: ")


def test_a_mistake_that_a_later_file_mends_is_no_mistake(tmp_path: Path) -> None:
    wrong = write_tiny(tmp_path, wrong="extends: tiny.yaml\nassumption: ours\nchange:\n  actors.alba.credence: 7\n")
    mended = {"extends": wrong.name, "assumption": "ours", "change": {"actors.alba.credence": 0.7}}
    assert sim.load(write(tmp_path, mended)).leaves["actors.alba.credence"].prior.low == pytest.approx(0.7)
