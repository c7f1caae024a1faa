"""Contracts of what is handed out: nothing that a user does to a table, an array, a dict or a list changes an answer.

The walk goes over the public surface: it asks for everything that an object hands out, edits what it got in place, at
any depth, asks again, and compares.
"""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from pydantic import BaseModel

import sim
from sim import evidence, world
from sim.ensemble import results
from sim.ensemble.handing_out import HandsOutCopies, handed_out
from sim.evidence import literature, targets
from sim.reading.files import parse_yaml, read_yaml, shipped_folder
from sim.reading.read_only import read_only
from tests.worlds import tiny

RUNS = 120
DEEP = 4
COSTLY = ("plot", "export", "save", "with_ranges", "actor_weeks", "copy", "model_dump_json", "to_html", "ensemble")
"""What draws, writes or plays; an ensemble of selected runs is made anew each time."""
ASSIGNED = ("inputs_range", "theory_range")
"""What an ensemble lets be replaced as a whole: whoever computes it notes it there."""


@pytest.fixture(scope="module")
def ensemble() -> sim.Ensemble:
    made = sim.run(tiny(), RUNS, 4, workers=1, keep=("weekly",))
    made.inputs_range = {"european": {"p10": 0.1, "p90": 0.4}}
    return made


def opened(ensemble: sim.Ensemble, folder: Path) -> sim.Ensemble:
    return sim.open_ensemble(ensemble.save(folder / "kept"))


def compared() -> results.Differences:
    return sim.compare(tiny(), tiny().change({"actors.alba.capacity_troops": 3000}), RUNS, design=None)


SURFACE: dict[str, Callable[[sim.Ensemble, Path], Any]] = {
    "scenario": lambda ensemble, folder: tiny(),
    "shipped scenario": lambda ensemble, folder: sim.load("baseline"),
    "world": lambda ensemble, folder: world.build(tiny()),
    "ensemble in memory": lambda ensemble, folder: ensemble,
    "ensemble in a folder": opened,
    "comparison": lambda ensemble, folder: compared(),
    "condition": lambda ensemble, folder: ensemble.given("ceasefire by week 12"),
    "why": lambda ensemble, folder: sim.why(ensemble),
    "flows": lambda ensemble, folder: sim.flows(ensemble, ensemble),
    "independence": lambda ensemble, folder: sim.independence(ensemble),
    "replay": lambda ensemble, folder: sim.replay(tiny(), 3),
    "evidence": lambda ensemble, folder: evidence.load(),
    "literature": lambda ensemble, folder: literature.load(),
    "targets": lambda ensemble, folder: targets.load_targets(),
    "file": lambda ensemble, folder: read_yaml(shipped_folder("configs") / "baseline.yaml"),
}


def ours(value: Any) -> bool:
    """Return whether a value is of a class of this package, or a record of one."""
    return type(value).__module__.partition(".")[0] == "sim" and not isinstance(value, type)


def surface(thing: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what an object hands out: public attributes, and public methods that need nothing."""
    for name in dir(thing):
        if name.startswith(("_", "model_")) or name in COSTLY or (isinstance(thing, tuple) and hasattr(tuple, name)):
            continue
        if isinstance(thing, BaseModel) and hasattr(BaseModel, name):
            continue
        value = getattr(type(thing), name, None)
        if not inspect.isfunction(value) and not inspect.ismethod(value):
            yield name, lambda name=name: getattr(thing, name)
        elif not any(
            each.default is each.empty and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
            for each in list(inspect.signature(getattr(thing, name)).parameters.values())
        ):
            yield name, lambda name=name: getattr(thing, name)()


def asked(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except (ValueError, TypeError, LookupError) as error:
        return str(error)


def picture(value: Any, deep: int = 0) -> Any:
    """Return all that can be seen of a value, to be compared."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.to_csv()
    if isinstance(value, np.ndarray):
        return value.tobytes(), value.shape
    if isinstance(value, dict):
        return {str(key): picture(inner, deep) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, list | tuple) and not ours(value):
        return [picture(inner, deep) for inner in value]
    if ours(value) and deep < DEEP and not callable(value):
        return {name: picture(asked(get), deep + 1) for name, get in surface(value)}
    return repr(value) if isinstance(value, str | int | float | bool | type(None)) else type(value).__name__


def edit(value: Any, deep: int = 0) -> None:
    """Change a value in place in every way there is; what refuses may."""
    if isinstance(value, pd.DataFrame):
        edit_table(value)
    elif isinstance(value, pd.Series):
        edit(value.to_numpy())
        value.iloc[:] = value.iloc[::-1].to_numpy()
    elif isinstance(value, np.ndarray):
        with suppress(ValueError, TypeError):
            value[...] = value[::-1] + 1 if value.dtype.kind in "iuf" else value[::-1]
    elif isinstance(value, dict):
        each(value.values(), deep)
        for work in (value.clear, lambda: value.update(edited=1), lambda: value.__ior__({"edited": 1})):
            with suppress(TypeError):
                work()
    elif isinstance(value, list | set):
        each(value, deep)
        for work in (value.clear, lambda: value.append("edited") if isinstance(value, list) else value.add("edited")):
            with suppress(TypeError):
                work()
    elif isinstance(value, tuple) and not ours(value):
        each(value, deep)
    elif ours(value) and deep < DEEP and not callable(value):
        edit_object(value, deep)


def each(values: Any, deep: int) -> None:
    for inner in list(values):
        edit(inner, deep + 1)


def edit_table(table: pd.DataFrame) -> None:
    for name in list(table.columns):
        for cell in table[name]:
            edit(cell, DEEP)
        edit(table[name].to_numpy())
    edit(table.to_numpy())
    if len(table) and len(table.columns):
        table.iloc[:, 0] = table.iloc[::-1, 0].to_numpy()
    for name in list(table.columns):
        table[name] = 0


def edit_object(thing: Any, deep: int) -> None:
    for _, get in surface(thing):
        edit(asked(get), deep + 1)
    methods = [name for name, _ in inspect.getmembers(type(thing), inspect.isroutine)]
    for name in [name for name, _ in surface(thing) if name not in (*ASSIGNED, *methods)]:
        with suppress(AttributeError, FrozenInstanceError, TypeError, ValueError):
            setattr(thing, name, "edited")


@pytest.mark.parametrize("name", SURFACE)
def test_nothing_that_is_done_to_what_is_handed_out_changes_an_answer(
    name: str, ensemble: sim.Ensemble, tmp_path: Path
) -> None:
    thing = SURFACE[name](ensemble, tmp_path)
    before = {at: picture(asked(get), 1) for at, get in surface(thing)}
    assert before
    for _, get in surface(thing):
        edit(asked(get), 1)
    edit(thing)
    after = {at: picture(asked(get), 1) for at, get in surface(thing)}
    assert {at for at in before if before[at] != after[at]} == set()


def test_what_is_loaded_again_is_what_was_loaded_before(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("extends: baseline\nassumption: ours\nchange:\n  actors.uk.capacity_troops: {low: 1, high: 2}\n")
    first, raw = sim.load(file), read_yaml(file)
    number = sim.load("baseline").leaves["actors.uk.capacity_troops"]
    for thing in (first, raw, sim.load("baseline"), evidence.load()):
        edit(thing)
    assert sim.load("baseline").leaves["actors.uk.capacity_troops"] == number
    assert sim.load(file).hash == first.hash and read_yaml(file) == raw


def test_every_result_hands_out_copies() -> None:
    kinds = [kind for _, kind in inspect.getmembers(results, inspect.isclass) if kind.__module__ == results.__name__]
    assert kinds and all(issubclass(kind, HandsOutCopies) for kind in kinds)


def test_cells_lists_and_arrays_of_a_result_are_copies_or_refuse() -> None:
    cells = pd.DataFrame({"levers": [{"a": 1}, {"b": 2}], "share": [0.5, 0.25]})
    cells["levers"].iloc[0]
    cells_out = handed_out(cells)
    cells_out["levers"].iloc[0]["a"] = 5
    assert cells["levers"].iloc[0] == {"a": 1}
    array = np.array([1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        handed_out(array)[0] = 3.0
    assert array.flags.writeable


def test_a_result_goes_through_pickle_and_back() -> None:
    made = results.Result(pd.DataFrame({"share": [0.5]}), "half")
    again = pickle.loads(pickle.dumps(made))
    assert again.sentence == "half" and again.table.equals(made.table)


SHARED = {"a": [1, {"b": 2}], "c": "d"}


@pytest.mark.parametrize(
    "work",
    [
        lambda it: it.update(a=1),
        lambda it: it.pop("a"),
        lambda it: it["a"].append(3),
        lambda it: it["a"][1].clear(),
        lambda it: it["a"].sort(),
        lambda it: it.__setitem__("c", "e"),
    ],
)
def test_read_only_data_says_how_to_change_a_copy(work: Callable[[Any], Any]) -> None:
    shared = read_only(SHARED)
    with pytest.raises(TypeError, match=r"read-only.*copy\.deepcopy"):
        work(shared)
    assert shared == SHARED


def test_read_only_data_is_plain_data_to_whoever_reads_it() -> None:
    shared = read_only(SHARED)
    assert json.dumps(shared) == json.dumps(SHARED)
    assert pickle.loads(pickle.dumps(shared)) == SHARED
    own = copy.deepcopy(shared)
    own["a"][1]["b"] = 3
    assert type(own) is dict and shared == SHARED
    assert yaml.safe_dump(shared) == yaml.dump(shared) == yaml.safe_dump(SHARED)


def test_a_scenario_says_how_it_is_changed() -> None:
    scenario = tiny()
    with pytest.raises(AttributeError, match=r"change\(\{path: value\}\)"):
        scenario.name = "another"


def test_a_scenario_as_a_dict_is_ones_own_to_edit_and_to_write() -> None:
    scenario = sim.load("baseline")
    document = scenario.as_dict()
    document["actors"]["uk"].clear()
    assert scenario.as_dict()["actors"]["uk"]
    assert parse_yaml(yaml.safe_dump(scenario.as_dict()), "whole").data == scenario.as_dict()
