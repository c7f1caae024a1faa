"""Phase 1, news: the battlefield drifts, optimism decays in stalemate, US posture may turn."""

from math import exp, log


def optimism_left(optimism: float, decay: float, battlefield: float, weeks: float) -> float:
    r"""Return a side's optimism after a round; it decays as long as the line hardly moves.

    .. math:: o' = o\,(1-\delta)^{w \exp(-|a|)}

    with a the advantage on the battlefield: fighting without movement teaches both sides what they can win.
    Source: Slantchev (2003), The principle of convergence in wartime negotiations; claim
    ``003.russia.thinks_winning``. The exponential in the advantage is ours.

    >>> round(optimism_left(1.0, decay=0.01, battlefield=0.0, weeks=1.0), 6)
    0.99
    """
    if decay >= 1.0:
        return 0.0
    return optimism * exp(weeks * exp(-abs(battlefield)) * log(1.0 - decay))


def turned_posture(posture: float, start: float, step: float) -> float:
    """Return the US posture after a turn by ``step``, within two steps of where it started.

    Source: claim ``004.kellogg.options_open``; the bound is ours: posture may turn, not wander off.

    >>> turned_posture(1.5, start=0.0, step=1.0)
    2.0
    """
    reach = 2.0 * abs(step)
    return min(start + reach, max(start - reach, posture + step))
