"""What actors learn in a run: belligerents from the fighting, everybody from what the broker does."""

from math import sqrt


def gain(weekly_sd: float, doubt: float, weeks: float) -> float:
    r"""Return the share of the gap between belief and what is observed that a side closes in a round.

    .. math:: K = \tfrac12\bigl(\sqrt{\psi^2 + 4\psi} - \psi\bigr), \quad \psi = (w\,\sigma / d)^2

    The steady gain of a Kalman filter for an advantage that drifts by ``weekly_sd`` a week, of which a week's fighting
    is a reading with the error ``doubt``; over a round of ``weeks`` the drift grows and the error shrinks with the
    square root of its length. A moving front teaches faster than a still one. Source: Muth (1960) for the gain;
    Slantchev (2003) and Powell (2004) on learning by fighting; claim ``003.russia.thinks_winning``.

    >>> round(gain(0.06, doubt=2.0, weeks=1.0), 4), gain(0.0, 2.0, 1.0), gain(0.1, 0.0, 1.0)
    (0.0296, 0.0, 1.0)
    """
    if doubt <= 0.0:
        return 1.0
    drift = weeks * weekly_sd / doubt
    ratio = drift * drift
    return 0.5 * (sqrt(ratio * ratio + 4.0 * ratio) - ratio)


def belief(before: float, observed: float, gain: float) -> float:
    """Return a side's belief about the lasting advantage after a round in which it observed ``observed``.

    Source: Slantchev (2003), The principle of convergence in wartime negotiations.

    >>> round(belief(0.8, observed=0.4, gain=0.25), 6)
    0.7
    """
    return before + gain * (observed - before)


def credence(prior: float, weight: float, kept: float, broken: float) -> float:
    r"""Return how likely an actor thinks that the broker's promise is kept, after what the broker did.

    .. math:: \hat q = \frac{\nu \hat q_0 + a}{\nu + a + b}

    The mean of a Beta belief that began as ``prior`` with ``weight`` observations behind it; ``kept`` and ``broken``
    are the observations since, for and against. Source: Beta-binomial updating; claims
    ``000.melvin.us_guarantee_may_not_hold``, ``001.author.doubts_about_us_commitment``.

    >>> credence(0.5, 4.0, 0.0, 0.0), credence(0.5, 4.0, 0.0, 1.0)
    (0.5, 0.4)
    """
    total = weight + kept + broken
    return (weight * prior + kept) / total if total > 0.0 else prior
