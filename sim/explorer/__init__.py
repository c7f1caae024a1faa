"""See one scenario as a page, move its levers, hand on what comes of it: in a browser or a notebook's cell.

What a page asks is kept in :mod:`~sim.explorer.session`, what is worked out for it goes through one queue
(:mod:`~sim.explorer.jobs`), and only :mod:`~sim.explorer.page` and :mod:`~sim.explorer.serve` know Panel.
"""

from sim.explorer.opening import explore, needed

__all__ = ["explore", "needed"]
