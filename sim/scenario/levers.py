"""Move the levers that a scenario declares (what actors could do otherwise, in steps), and read their costs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.reading.errors import Fault, InputError, fault, suggestion
from sim.reading.files import Document, nearest_place, read_yaml
from sim.scenario.loading import base_of, load
from sim.scenario.scenario import Scenario

MOST_COST = 100.0
Costs = Mapping[str, tuple[float, ...]]
"""By lever, the cost of each of its steps, counted from step 0."""


def move(scenario: Scenario, steps: Mapping[str, int]) -> Scenario:
    """Return the scenario with its levers at ``steps``, {lever: step, counted from 1}; 0 leaves a lever alone.

    Where two levers change the same path, the one that the scenario declares later holds.

    Raises
    ------
    ValueError
        If there is no such lever or step.
    InputError
        If what the steps make together does not fit the scenario.
    """
    chosen = edits(scenario, steps)
    return scenario.change_in_turn(chosen) if chosen else scenario


def edits(scenario: Scenario, steps: Mapping[str, int]) -> list[tuple[Mapping[str, Any], str]]:
    """Return what levers at ``steps`` change, in the order of their declaration, each with the assumption that it is.

    Raises
    ------
    ValueError
        If there is no such lever or step.
    """
    for name in steps:
        if name not in scenario.parts.levers:
            raise ValueError(f"{name!r} is not a lever; {suggestion(name, scenario.parts.levers)}")
    chosen: list[tuple[Mapping[str, Any], str]] = []
    for name, lever in scenario.parts.levers.items():
        step = steps.get(name, 0)
        if not 0 <= step <= len(lever.steps):
            raise ValueError(f"lever {name} has steps 0 to {len(lever.steps)}, got {step!r}")
        if step:
            chosen.append((lever.steps[step - 1].change, f"lever {name}: {lever.steps[step - 1].label}"))
    return chosen


def misfits(scenario: Scenario) -> dict[tuple[str, int], Fault]:
    """Return the first fault of every step that does not fit a scenario, by (lever, step).

    An inherited lever may not fit: its step may change an actor or a demand that the scenario removed.
    """
    faults = {}
    for name, lever in scenario.parts.levers.items():
        for step in range(1, len(lever.steps) + 1):
            try:
                move(scenario, {name: step})
            except InputError as error:
                route = ("levers", name, "steps", str(step - 1), "change")
                first = error.faults[0]
                wrong = fault(nearest_place(scenario.layer.places, route), route, f"{first.path}: {first.message}")
                faults[(name, step)] = wrong
    return faults


def inherited_levers(config: str | Path, changed: Scenario | None = None) -> set[str]:
    """Return the levers whose steps a config takes unchanged from the one it extends.

    ``changed`` is the config with changes made to it: then the levers that they leave alone are those inherited.

    Raises
    ------
    InputError
        If the config, or the one that it extends, is missing or has mistakes.
    """
    below = base_of(config) if changed is None else load(config)
    if below is None:
        return set()
    older, mine = below.parts.levers, (changed or load(config)).parts.levers
    return {name for name in mine.keys() & older.keys() if older[name].steps == mine[name].steps}


def costs(scenario: Scenario, given: Path | None = None) -> dict[str, tuple[float, ...]]:
    """Return by lever the cumulative cost of its steps: entry k is the cost of moving it from step 0 to step k + 1.

    A step costs 1 by assumption, since no document gives a cost. The declaration, or the YAML file ``given``, may set
    other costs: there, a lever has one number for all of its steps, or a list with a number for each.

    Raises
    ------
    InputError
        If the file names a lever that does not exist, or a cost is not allowed.
    """
    single = {name: [step.cost for step in lever.steps] for name, lever in scenario.parts.levers.items()}
    if given is not None:
        single |= _read(read_yaml(given), single)
    return {name: tuple(sum(each[: at + 1]) for at in range(len(each))) for name, each in single.items()}


def _read(document: Document, known: Mapping[str, list[float]]) -> dict[str, list[float]]:
    if not isinstance(document.data, dict):
        raise InputError([Fault(document.place(()), "", "expected a map of lever: cost of a step, or a list of them")])
    steps, faults = {}, []
    for name, raw in document.data.items():
        wrong = _wrong(name, raw, known)
        if wrong:
            faults.append(fault(document.place((name,)), (name,), wrong))
        else:
            steps[name] = [float(cost) for cost in (raw if isinstance(raw, list) else [raw] * len(known[name]))]
    if faults:
        raise InputError(faults)
    return steps


def _wrong(name: str, raw: Any, known: Mapping[str, list[float]]) -> str:
    if name not in known:
        return f"{name!r} is not a lever; {suggestion(name, known)}"
    numbers = raw if isinstance(raw, list) else [raw]
    if isinstance(raw, list) and len(raw) != len(known[name]):
        return f"expected one number, or one for each of its {len(known[name])} steps"
    is_cost = (
        isinstance(cost, int | float) and not isinstance(cost, bool) and 0 < cost <= MOST_COST for cost in numbers
    )
    return "" if all(is_cost) else f"a step costs above 0 and up to {MOST_COST:g}, got {raw!r}"
