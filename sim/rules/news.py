"""Phase 1, news: US posture may turn; what the fighting teaches stands in :mod:`sim.rules.learning`."""


def turned_posture(posture: float, start: float, step: float) -> float:
    """Return the US posture after a turn by ``step``, within two steps of where it started.

    Source: claim ``004.kellogg.options_open``; the bound is ours: posture may turn, not wander off.

    >>> turned_posture(1.5, start=0.0, step=1.0)
    2.0
    """
    reach = 2.0 * abs(step)
    return min(start + reach, max(start - reach, posture + step))
