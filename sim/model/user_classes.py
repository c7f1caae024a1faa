"""Python classes that a scenario names (``agent: module:Class``): none is run that the user did not vouch for.

Importing a module runs its code, and a config may come from anybody. So a module is imported only if the environment
variable ``SIM_AGENTS`` names it (several with commas), or if this process has imported it already.
"""

from __future__ import annotations

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
    module, _, name = agent.partition(":")
    if module in sys.modules:
        extends = _extends(getattr(sys.modules[module], name, None))
        return "" if extends else f"{agent!r} is no class that extends one of sim.model, such as Contributor"
    if module in os.environ.get(VOUCHED, "").split(","):
        return ""
    return f"{agent!r} would run the code of the module {module}; if you trust it, set {VOUCHED}={module}"


def _extends(named: object) -> bool:
    from sim.model.actors import State  # imports Mesa, which a scenario without such classes does without

    return isinstance(named, type) and issubclass(named, State)


def _fault(scenario: Scenario, actor: str, wrong: str) -> Fault:
    route = ("actors", actor, "agent")
    return fault(scenario.layer.entries[route].place, route, wrong)
