"""Tables into figures. Nothing here runs or saves; every function returns a closed figure, shown once, where returned.

Intervals are run noise and say so, unless a plot says what else they are.
"""

from sim.plots.certainty import convergence, survival, widths
from sim.plots.flows import flows
from sim.plots.given import given
from sim.plots.independence import independence
from sim.plots.levers import enough, steps
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
from sim.plots.sensitivity import tornado, variance
from sim.plots.story import story
from sim.plots.sweep import sweep
from sim.plots.when import limits, tradeoff
from sim.plots.why import blockers, together

__all__ = [
    "Plots",
    "blockers",
    "convergence",
    "differences",
    "enough",
    "flows",
    "formation",
    "funnel",
    "given",
    "independence",
    "joiners",
    "limits",
    "network",
    "outcomes",
    "stances",
    "stances_over_time",
    "steps",
    "story",
    "survival",
    "sweep",
    "together",
    "tornado",
    "tradeoff",
    "troops",
    "variance",
    "widths",
]
