"""Open, query and describe what came out of a batch; nothing here knows a simulator."""

from sim.ensemble.ensemble import Ensemble, open_ensemble
from sim.ensemble.shares import Z95, Share, share
from sim.ensemble.summary import APART, GROUPS

__all__ = ["APART", "GROUPS", "Z95", "Ensemble", "Share", "open_ensemble", "share"]
