"""Draw tables: every plot takes and returns Axes as matplotlib and pandas do, and neither runs nor saves anything.

The rule for all of them: a plot draws on ``ax=`` (one of several panels: in ``figure=``), or on a new figure, and
returns the Axes that it drew on (an array of Axes, as ``plt.subplots`` does). ``title=``, ``labels=``, ``color=`` and
``palette=`` replace its words and colours, and your style (``plt.style``, ``rcParams``) holds:
:class:`sim.plots.style.Look`. Intervals are run noise and say so, unless a plot says what else they are;
:func:`caption` returns the note.
"""

import sim.plots.backend  # noqa: F401  (before any other, as each of them imports matplotlib)
from sim.plots.animation import Film, film
from sim.plots.certainty import convergence, survival, widths
from sim.plots.comparison import differences
from sim.plots.contributors import joiners, stances
from sim.plots.disagree import disagree
from sim.plots.distribution import distribution
from sim.plots.flows import flows
from sim.plots.given import given
from sim.plots.independence import independence
from sim.plots.levers import enough, steps
from sim.plots.living import calendar, indicators, living, reliability
from sim.plots.matching import learning, optical_depth, plausible_forecast, targets
from sim.plots.multiples import multiples
from sim.plots.network import network
from sim.plots.numbers import inert, number_shares
from sim.plots.outcomes import formation, funnel, outcomes, troops
from sim.plots.replay import story
from sim.plots.sensitivity import tornado, variance
from sim.plots.style import caption
from sim.plots.sweep import heatmap, scatter, sweep
from sim.plots.when import limits, tradeoff
from sim.plots.why import blockers, together

__all__ = [
    "Film",
    "blockers",
    "calendar",
    "caption",
    "convergence",
    "differences",
    "disagree",
    "distribution",
    "enough",
    "film",
    "flows",
    "formation",
    "funnel",
    "given",
    "heatmap",
    "independence",
    "indicators",
    "inert",
    "joiners",
    "learning",
    "limits",
    "living",
    "multiples",
    "network",
    "number_shares",
    "optical_depth",
    "outcomes",
    "plausible_forecast",
    "reliability",
    "scatter",
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
