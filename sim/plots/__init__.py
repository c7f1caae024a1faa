"""Draw tables as figures: every function returns a closed figure, shown once, and neither runs nor saves anything.

Intervals are run noise and say so, unless a plot says what else they are.
"""

from sim.plots.certainty import convergence, survival, widths
from sim.plots.comparison import differences
from sim.plots.contributors import joiners, stances
from sim.plots.disagree import disagree
from sim.plots.flows import flows
from sim.plots.given import given
from sim.plots.independence import independence
from sim.plots.levers import enough, steps
from sim.plots.living import indicators, living
from sim.plots.matching import learning, optical_depth, plausible_forecast, targets
from sim.plots.network import network
from sim.plots.numbers import inert, number_shares
from sim.plots.outcomes import formation, funnel, outcomes, troops
from sim.plots.replay import story
from sim.plots.sensitivity import tornado, variance
from sim.plots.sweep import sweep
from sim.plots.when import limits, tradeoff
from sim.plots.why import blockers, together

__all__ = [
    "blockers",
    "convergence",
    "differences",
    "disagree",
    "enough",
    "flows",
    "formation",
    "funnel",
    "given",
    "independence",
    "indicators",
    "inert",
    "joiners",
    "learning",
    "limits",
    "living",
    "network",
    "number_shares",
    "optical_depth",
    "outcomes",
    "plausible_forecast",
    "stances",
    "steps",
    "story",
    "survival",
    "sweep",
    "targets",
    "together",
    "tornado",
    "tradeoff",
    "troops",
    "variance",
    "widths",
]
