"""Open, query and describe what came out of a batch; nothing here knows a simulator."""

from sim.ensemble.ensemble import Ensemble, open_ensemble
from sim.ensemble.shares import Share, share

__all__ = ["Ensemble", "Share", "open_ensemble", "share"]
