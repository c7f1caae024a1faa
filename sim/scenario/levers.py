"""Levers: what actors could do otherwise, in steps, as a scenario declares them; which fit it, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.reading.errors import Fault, InputError, Place, fault, suggestion
from sim.reading.files import Document, read_yaml
from sim.scenario.loading import find, load
from sim.scenario.scenario import Scenario

MOST_COST = 100.0
Costs = Mapping[str, tuple[float, ...]]
"""By lever, what each of its steps costs, counted from where the scenario stands."""


def moved(scenario: Scenario, steps: Mapping[str, int]) -> Scenario:
    """Return a scenario with levers moved, {lever: step, counted from 1}; 0 leaves one where it stands.

    Where two levers change the same path, the one that the scenario declares later holds.

    Raises
    ------
    ValueError
        If there is no such lever or step.
    InputError
        If a step does not fit the scenario.
    """
    for name in steps:
        if name not in scenario.parts.levers:
            raise ValueError(f"{name!r} is not a lever; {suggestion(name, scenario.parts.levers)}")
    found = scenario
    for name, lever in scenario.parts.levers.items():
        step = steps.get(name, 0)
        if not 0 <= step <= len(lever.steps):
            raise ValueError(f"lever {name} has steps 0 to {len(lever.steps)}, got {step!r}")
        if step:
            said = lever.steps[step - 1]
            found = found.change(said.change, name=scenario.name, assumption=f"lever {name}: {said.label}")
    return found


def misfits(scenario: Scenario) -> dict[tuple[str, int], Fault]:
    """Return the steps that do not fit a scenario, by lever and step, each with the first thing wrong in it.

    What a scenario takes away (an actor, a demand) can be changed no more, so a lever inherited may fit no longer.
    """
    found = {}
    for name, lever in scenario.parts.levers.items():
        for step in range(1, len(lever.steps) + 1):
            try:
                moved(scenario, {name: step})
            except InputError as error:
                route = ("levers", name, "steps", str(step - 1), "change")
                first = error.faults[0]
                wrong = fault(_place(scenario, route), route, f"{first.path}: {first.message}")
                found[(name, step)] = wrong
    return found


def inherited(config: str | Path) -> set[str]:
    """Return the levers whose steps a config takes over unchanged from the one it extends."""
    path = find(config, Path.cwd(), Place(str(config)))
    document = read_yaml(path)
    if "extends" not in document.data:
        return set()
    place = document.place(("extends",))
    older = load(find(document.data["extends"], path.parent, place)).parts.levers
    mine = load(config).parts.levers
    return {name for name in mine.keys() & older.keys() if older[name].steps == mine[name].steps}


def costs(scenario: Scenario, given: Path | None = None) -> dict[str, tuple[float, ...]]:
    """Return what the steps of every lever cost, from where the scenario stands: of step k, the sum of steps 1 to k.

    A step costs 1, as no document knows what it costs, unless the declaration or the file ``given`` says otherwise: a
    YAML map of levers, each with one number for all of its steps or a list with one a step.

    Raises
    ------
    InputError
        If the file does not fit.
    """
    single = {name: [step.cost for step in lever.steps] for name, lever in scenario.parts.levers.items()}
    if given is not None:
        single |= _read(read_yaml(given), single)
    return {name: tuple(sum(each[: at + 1]) for at in range(len(each))) for name, each in single.items()}


def _read(document: Document, known: Mapping[str, list[float]]) -> dict[str, list[float]]:
    if not isinstance(document.data, dict):
        raise InputError([Fault(document.place(()), "", "expected a map of lever: cost of a step, or a list of them")])
    found, faults = {}, []
    for name, said in document.data.items():
        wrong = _wrong(name, said, known)
        if wrong:
            faults.append(fault(document.place((name,)), (name,), wrong))
        else:
            found[name] = [float(cost) for cost in (said if isinstance(said, list) else [said] * len(known[name]))]
    if faults:
        raise InputError(faults)
    return found


def _wrong(name: str, said: Any, known: Mapping[str, list[float]]) -> str:
    if name not in known:
        return f"{name!r} is not a lever; {suggestion(name, known)}"
    numbers = said if isinstance(said, list) else [said]
    if isinstance(said, list) and len(said) != len(known[name]):
        return f"expected one number, or one for each of its {len(known[name])} steps"
    is_cost = (
        isinstance(cost, int | float) and not isinstance(cost, bool) and 0 < cost <= MOST_COST for cost in numbers
    )
    return "" if all(is_cost) else f"a step costs above 0 and up to {MOST_COST:g}, got {said!r}"


def _place(scenario: Scenario, route: tuple[str, ...]) -> Any:
    return Document(None, scenario.layer.places).place(route)
