"""Negotiation simulator: how likely a foreign force is after a ceasefire, and what would change that.

>>> import sim
>>> baseline = sim.load("baseline")
>>> firm = baseline.change({"actors.us.backstop.offers": {"at_least": "air_cover"}})

``sim.run(baseline, runs=20_000, seed=1)`` gives an :class:`~sim.notebook.Ensemble`, ``sim.compare(baseline,
firm)`` the paired differences. Names are resolved when first used, so that ``import sim`` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from sim import plots as plots
    from sim.analysis.certainty import certainty as certainty
    from sim.analysis.compare import comparisons as comparisons
    from sim.analysis.could import could as could
    from sim.analysis.disagree import disagree as disagree
    from sim.analysis.enough import enough as enough
    from sim.analysis.flows import flows as flows
    from sim.analysis.holding_back import holding_back as holding_back
    from sim.analysis.independence import independence as independence
    from sim.analysis.levers import levers as levers
    from sim.analysis.living_forecast import living_forecast as living_forecast
    from sim.analysis.matching import match as match
    from sim.analysis.nested import nested as nested
    from sim.analysis.sensitivity import sensitivity as sensitivity
    from sim.analysis.sweep import sweep as sweep
    from sim.analysis.typical_runs import surprising as surprising
    from sim.analysis.typical_runs import typical as typical
    from sim.analysis.watching import watch as watch
    from sim.analysis.when import when as when
    from sim.analysis.why import why as why
    from sim.explorer import explore as explore
    from sim.explorer.sliders import play as play
    from sim.notebook import Ensemble as Ensemble
    from sim.notebook import compare as compare
    from sim.notebook import given as given
    from sim.notebook import open_ensemble as open_ensemble
    from sim.notebook import run as run
    from sim.reading.errors import InputError as InputError
    from sim.report.shown import replay as replay
    from sim.report.shown import report as report
    from sim.scenario.loading import load as load
    from sim.scenario.loading import names as names
    from sim.scenario.scenario import Scenario as Scenario
    from sim.story.explain import explain as explain
    from sim.validation.backtest import backtest as backtest
    from sim.validation.cases import cases as cases
    from sim.world.network import leverage as leverage

_HOMES = {
    "load": "sim.scenario.loading",
    "names": "sim.scenario.loading",
    "Scenario": "sim.scenario.scenario",
    "InputError": "sim.reading.errors",
    "run": "sim.notebook",
    "compare": "sim.notebook",
    "given": "sim.notebook",
    "report": "sim.report.shown",
    "play": "sim.explorer.sliders",
    "comparisons": "sim.analysis.compare",
    "could": "sim.analysis.could",
    "disagree": "sim.analysis.disagree",
    "backtest": "sim.validation.backtest",
    "cases": "sim.validation.cases",
    "flows": "sim.analysis.flows",
    "independence": "sim.analysis.independence",
    "match": "sim.analysis.matching",
    "nested": "sim.analysis.nested",
    "enough": "sim.analysis.enough",
    "levers": "sim.analysis.levers",
    "holding_back": "sim.analysis.holding_back",
    "living_forecast": "sim.analysis.living_forecast",
    "explain": "sim.story.explain",
    "replay": "sim.report.shown",
    "surprising": "sim.analysis.typical_runs",
    "typical": "sim.analysis.typical_runs",
    "why": "sim.analysis.why",
    "certainty": "sim.analysis.certainty",
    "watch": "sim.analysis.watching",
    "when": "sim.analysis.when",
    "sweep": "sim.analysis.sweep",
    "sensitivity": "sim.analysis.sensitivity",
    "Ensemble": "sim.notebook",
    "open_ensemble": "sim.notebook",
    "leverage": "sim.world.network",
    "explore": "sim.explorer",
}
_LONG = frozenset((
    "run", "compare", "comparisons", "disagree", "enough", "match", "nested", "sensitivity",
    "sweep", "certainty", "why", "living_forecast", "watch", "could", "holding_back",
))  # fmt: skip
"""What shows a bar in a notebook while it runs."""
__all__ = sorted((*_HOMES, "plots"))


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("sim.batch.manifest").sim_version()
    if name == "plots":
        return import_module("sim.plots")
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    return (
        import_module("sim.batch.notebook_bar").with_bar(value) if name in _LONG and "IPython" in sys.modules else value
    )


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
