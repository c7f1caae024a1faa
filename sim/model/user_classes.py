"""Python classes that a scenario names (``agent: module:Class``): none is run that the user did not vouch for.

Importing a module runs its code, and a config may come from anybody. So a module is imported only if the environment
variable ``SIM_AGENTS`` names it (several with commas), or if this process has imported it already.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TypeGuard
from weakref import WeakKeyDictionary

from sim.reading.errors import Fault, InputError, fault
from sim.scenario.scenario import Scenario

VOUCHED = "SIM_AGENTS"
_AT_FIRST = WeakKeyDictionary[type, str]()
"""By class, the checksum of its file when it was first run."""


def check(scenario: Scenario) -> None:
    """Refuse classes that are not written as ``module:Class``, or whose code nobody vouched for.

    A class whose file was edited since it first ran is refused too: Python would go on with the old one, and the
    manifest would name the new file.

    Raises
    ------
    InputError
        Holding a fault for each of them, at its place.
    """
    named = {name: actor.agent for name, actor in scenario.parts.actors.items() if actor.agent}
    faults = [_fault(scenario, actor, wrong) for actor, agent in named.items() if (wrong := _wrong(agent))]
    if faults:
        raise InputError(faults)


def _wrong(agent: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", agent):
        return f"{agent!r} is not a Python class; allowed: module:Class"
    module = agent.partition(":")[0]
    if module not in sys.modules and module not in os.environ.get(VOUCHED, "").split(","):
        return f"{agent!r} would run the code of the module {module}; if you trust it, set {VOUCHED}={module}"
    try:
        its_class, now = named_class(agent), digest(module)
    except ValueError as error:
        return str(error)
    if not _extends(its_class):
        return f"{agent!r} is no class that extends one of sim.model, such as Contributor"
    if _AT_FIRST.setdefault(its_class, now) != now:
        return f"the file of {agent!r} was edited since it ran first; importlib.reload its module, or start afresh"
    return ""


def named_class(agent: str) -> object:
    """Return what ``module:Class`` names, its module imported if it is not yet.

    Raises
    ------
    ValueError
        If there is none, or the module cannot be imported, whatever its code does.
    """
    module, _, name = agent.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (Exception, SystemExit) as error:
        old_home = re.search(r"sim\.(model\.)?actors", str(error))
        hint = "; import Contributor and its like from sim.model" if old_home else ""
        why = str(error) if isinstance(error, ImportError | AttributeError | SyntaxError) else repr(error)
        raise ValueError(f"{agent!r} cannot be found (module:Class); {why}{hint}") from error


def _extends(named: object) -> TypeGuard[type]:
    from sim.model.state import State  # imports Mesa, which a scenario without such classes does without

    return isinstance(named, type) and issubclass(named, State)


def digest(module: str) -> str:
    """Return a checksum of the file that defines a module; that of nothing where there is no such file."""
    return hashlib.sha256(b"".join(_source(module))).hexdigest()


def digests() -> dict[str, str]:
    """Return, by module, the checksum of its file: of all that are vouched for or define a class of one's own."""
    from sim.model.state import State

    named = {name for name in os.environ.get(VOUCHED, "").split(",") if name}
    own = {kind.__module__ for kind in _below(State) if not kind.__module__.startswith("sim.")}
    return {module: digest(module) for module in sorted(named | own)}


def _below(kind: type) -> Iterator[type]:
    each: type
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _source(module: str) -> Iterator[bytes]:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return
    if spec is not None and spec.origin is not None and Path(spec.origin).is_file():
        yield Path(spec.origin).read_bytes()


def _fault(scenario: Scenario, actor: str, wrong: str) -> Fault:
    route = ("actors", actor, "agent")
    return fault(scenario.layer.entries[route].place, route, wrong)
