"""The scenario that a command is about: its config, and what ``--set`` changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.common import fail

if TYPE_CHECKING:
    from sim.ensemble.events import Titled
    from sim.reading.errors import Fault, Route
    from sim.scenario.scenario import Scenario


def place(what: str) -> Path:
    """Return the file or folder that a command names; at an address only an ensemble can stand.

    Raises
    ------
    Refused
        If it is an address that nothing can stand at, or ``~`` means nothing here.
    """
    from sim.ensemble import atomic_files

    is_config = what.lower().endswith((".yaml", ".yml"))
    return (atomic_files.place if is_config else atomic_files.place_of_ensemble)(what)


def scenario(config: str, sets: list[str] | None = None, option: str = "--set") -> Scenario:
    """Return the scenario with the changes of ``--set`` made; all that is wrong with them is reported at once.

    ``option`` is the name of the option that brought them, for messages.

    Raises
    ------
    sim.reading.errors.InputError
        If the config or a change of it is wrong, with every fault and its place.
    """
    from sim.cli.common import refusals
    from sim.ensemble import disk, part_records
    from sim.scenario.loading import load

    where = place(config)
    if disk.current().is_folder(where) and part_records.manifest_of(where) is not None:  # an ensemble
        from sim.batch.from_manifest import scenario_of
        from sim.ensemble.ensemble import open_ensemble

        with refusals():
            loaded = scenario_of(open_ensemble(where))
    else:
        loaded = load(str(where) if config.startswith("~") else config)
    return _changed(loaded, sets, option) if sets else loaded


def scenarios(configs: list[str], sets: list[str]) -> list[Scenario]:
    """Return the scenarios that a command compares, each with the changes of ``--set`` made.

    One config alone is compared with itself so changed: it comes first as it stands, then changed.

    Raises
    ------
    sim.reading.errors.InputError
        If a config or a change of it is wrong, with every fault and its place.
    """
    if len(configs) == 1 and sets:
        return [scenario(configs[0]), scenario(configs[0], sets)]
    return [scenario(config, sets) for config in configs]


def require_event(of: str, missions: Iterable[str] | Mapping[str, Titled], option: str = "--of") -> str:
    """Return the words for an event, before anything runs; ``missions`` are those of the scenario.

    Raises
    ------
    sim.reading.errors.InputError
        If it is no event, with every mistake and its column.
    """
    from sim.ensemble.events import event

    return event(of, missions, option).phrase


def require_path(scenario: Scenario, route: Route) -> None:
    """Make sure that the scenario has something at ``route``.

    Raises
    ------
    typer.Exit
        With status 2, after a message that names what is allowed, if it has nothing there.
    """
    from sim.reading.errors import suggestion
    from sim.scenario.layers import keys_below

    for end in range(len(route)):
        keys = sorted(keys_below(scenario.layer, route[:end]))
        if route[end] not in keys:
            where = ".".join(route[:end]) or scenario.name
            allowed = suggestion(route[end], keys) if keys else "it is one value"
            if not end and (below := [key for key in keys if route[0] in keys_below(scenario.layer, (key,))]):
                allowed = f"did you mean {below[0]}.{'.'.join(route)}?"
            fail(f"{'.'.join(route)}: {where} has no {route[end]!r}; {allowed}")


def _changed(loaded: Scenario, sets: list[str], option: str) -> Scenario:
    from sim.reading.errors import InputError

    edits, faults = _edits(sets, option)
    try:
        changed = loaded.change(edits, assumption="command line")
    except InputError as error:
        faults += error.faults
        changed = loaded
    if faults:
        raise InputError([*faults, *_faults_alone(loaded, edits)])
    return changed


def _edits(sets: list[str], option: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of an option such as ``--set`` by path, and what cannot be read."""
    from sim.reading.errors import Fault, InputError, Place
    from sim.reading.files import parse_yaml

    edits: dict[str, Any] = {}
    faults: list[Fault] = []
    for text in sets:
        path, sign, value = text.partition("=")
        wrong = "expected PATH=VALUE (null removes)" if not (path and sign and value.strip()) else ""
        wrong = f"{path} is given twice" if path in edits else wrong
        if wrong:
            faults.append(Fault(Place(option), text, wrong))
            continue
        try:
            edits[path] = parse_yaml(value, f"{option} {path}").data
        except InputError as error:
            faults += error.faults
    return edits, faults


def _faults_alone(loaded: Scenario, edits: dict[str, Any]) -> list[Fault]:
    """Return the faults of each edit made alone: together one kind of fault may hide another."""
    from sim.reading.errors import InputError

    faults: list[Fault] = []
    for path, value in edits.items():
        try:
            loaded.change({path: value}, assumption="command line")
        except InputError as error:
            faults += error.faults
    return faults
