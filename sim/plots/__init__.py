"""Tables into figures. Nothing here runs or saves; every function returns a closed figure, shown once, where returned.

Intervals are run noise and say so, unless a plot says what else they are.
"""

from sim.plots.outcomes import (
    Plots,
    differences,
    formation,
    funnel,
    joiners,
    network,
    outcomes,
    stances,
    stances_over_time,
    troops,
)

__all__ = [
    "Plots",
    "differences",
    "formation",
    "funnel",
    "joiners",
    "network",
    "outcomes",
    "stances",
    "stances_over_time",
    "troops",
]
