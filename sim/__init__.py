"""Negotiation simulator: how likely a foreign force in Ukraine is after a ceasefire, and what would change that.

>>> import sim
>>> baseline = sim.load("baseline")
>>> firm = baseline.change({"actors.us.backstop.offers": {"at_least": "air_cover"}})

``sim.run(baseline, runs=20_000, seed=1)`` gives an :class:`~sim.ensemble.Ensemble`, ``sim.compare(baseline, firm)`` the
paired differences. Names are resolved when first used, so that ``import sim`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import plots as plots
    from sim.analysis.backtest import backtest as backtest
    from sim.analysis.certainty import certainty as certainty
    from sim.analysis.compare import compare as compare
    from sim.analysis.compare import comparisons as comparisons
    from sim.analysis.enough import enough as enough
    from sim.analysis.flows import flows as flows
    from sim.analysis.independence import independence as independence
    from sim.analysis.levers import levers as levers
    from sim.analysis.replay import replay as replay
    from sim.analysis.sensitivity import sensitivity as sensitivity
    from sim.analysis.sweep import sweep as sweep
    from sim.analysis.typical import surprising as surprising
    from sim.analysis.typical import typical as typical
    from sim.analysis.uncertainty import nested as nested
    from sim.analysis.when import when as when
    from sim.analysis.why import why as why
    from sim.batch import run as run
    from sim.config import Scenario as Scenario
    from sim.config import load as load
    from sim.config import names as names
    from sim.ensemble import Ensemble as Ensemble
    from sim.ensemble import open_ensemble as open_ensemble
    from sim.explorer import explore as explore
    from sim.network import leverage as leverage
    from sim.reading import InputError as InputError

_HOMES = {
    "load": "sim.config",
    "names": "sim.config",
    "Scenario": "sim.config",
    "InputError": "sim.reading",
    "run": "sim.batch",
    "compare": "sim.analysis.compare",
    "comparisons": "sim.analysis.compare",
    "backtest": "sim.analysis.backtest",
    "flows": "sim.analysis.flows",
    "independence": "sim.analysis.independence",
    "nested": "sim.analysis.uncertainty",
    "enough": "sim.analysis.enough",
    "levers": "sim.analysis.levers",
    "replay": "sim.analysis.replay",
    "surprising": "sim.analysis.typical",
    "typical": "sim.analysis.typical",
    "why": "sim.analysis.why",
    "certainty": "sim.analysis.certainty",
    "when": "sim.analysis.when",
    "sweep": "sim.analysis.sweep",
    "sensitivity": "sim.analysis.sensitivity",
    "Ensemble": "sim.ensemble",
    "open_ensemble": "sim.ensemble",
    "leverage": "sim.network",
    "explore": "sim.explorer",
}
__all__ = sorted((*_HOMES, "plots"))


def __getattr__(name: str) -> Any:
    if name == "plots":
        return import_module("sim.plots")
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
