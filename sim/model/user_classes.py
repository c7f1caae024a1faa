"""Python classes that a scenario names (``agent: module:Class``): none is run that the user did not vouch for.

Importing a module runs its code, and a config may come from anybody. So a module is imported only if the environment
variable ``SIM_AGENTS`` names it (several with commas), or if this process has imported it already.
"""

from __future__ import annotations

import importlib
import os
import re
import sys

from sim.reading.errors import Fault, InputError, fault
from sim.scenario.scenario import Scenario

VOUCHED = "SIM_AGENTS"


def check(scenario: Scenario) -> None:
    """Refuse classes that are not written as ``module:Class``, or whose code nobody vouched for.

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
        extends = _extends(named_class(agent))
    except ValueError as error:
        return str(error)
    return "" if extends else f"{agent!r} is no class that extends one of sim.model, such as Contributor"


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
        hint = "; import Contributor and its like from sim.model" if "sim.actors" in str(error) else ""
        why = str(error) if isinstance(error, ImportError | AttributeError | SyntaxError) else repr(error)
        raise ValueError(f"{agent!r} cannot be found (module:Class); {why}{hint}") from error


def _extends(named: object) -> bool:
    from sim.model.actors import State  # imports Mesa, which a scenario without such classes does without

    return isinstance(named, type) and issubclass(named, State)


def _fault(scenario: Scenario, actor: str, wrong: str) -> Fault:
    route = ("actors", actor, "agent")
    return fault(scenario.layer.entries[route].place, route, wrong)
