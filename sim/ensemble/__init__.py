"""Open, query and describe what came out of a batch; nothing here knows a simulator.

Names are resolved when first used, since commands that only look for a folder do without pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble, open_ensemble
    from sim.ensemble.shares import Z95, Share, share
    from sim.ensemble.summary import APART, GROUPS

_HOMES = {
    **dict.fromkeys(("Ensemble", "open_ensemble"), "ensemble"),
    **dict.fromkeys(("Z95", "Share", "share"), "shares"),
    **dict.fromkeys(("APART", "GROUPS"), "summary"),
}
__all__ = ["APART", "GROUPS", "Z95", "Ensemble", "Share", "open_ensemble", "share"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.ensemble' has no attribute {name!r}")
    return getattr(import_module(f"sim.ensemble.{_HOMES[name]}"), name)
