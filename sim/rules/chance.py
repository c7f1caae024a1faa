"""How chance and time enter: rates a week into rounds, uniforms into normal shocks, and slow moods.

Standard results; the inverse normal CDF is Wichura's algorithm AS 241 (1988), accurate to about 1e-16.
"""

from math import sqrt
from typing import Final

from sim.rules.elementary import exp, log, log_of_finite

TINY: Final = 5.551115123125783e-17
FAR: Final = 5.0
"""A distance from the middle that one in a hundred thousand million exceeds."""


def tilted(share: float, tilt: float) -> float:
    r"""Return a share whose odds are multiplied by (1 + t) / (1 - t), for a tilt t from -1 to 1.

    .. math:: s' = \frac{s (1 + t)}{s (1 + t) + (1 - s)(1 - t)}

    None and all stay what they are, and so does everything at a tilt of 0: an error that several judgements share moves
    those in the middle most.

    >>> tilted(0.5, 0.5), tilted(0.25, 0.0), tilted(0.0, 0.5), tilted(1.0, -0.5)
    (0.75, 0.25, 0.0, 1.0)
    """
    up, down = share * (1.0 + tilt), (1.0 - share) * (1.0 - tilt)
    return up / (up + down) if up + down > 0.0 else share


def per_round(rate: float, weeks: float) -> float:
    r"""Return the chance that something with weekly chance ``rate`` happens within ``weeks`` (the length of a round).

    .. math:: p = 1 - (1 - r)^{w}

    >>> round(per_round(0.36, 0.5), 6)
    0.2
    """
    if rate >= 1.0:
        return 1.0
    return 1.0 - exp(weeks * log(1.0 - rate))


def kept(persistence: float, weeks: float) -> float:
    """Return the share of a deviation that is left after ``weeks``, of which ``persistence`` is left after one.

    >>> kept(0.81, 0.5)
    0.9
    """
    if persistence <= 0.0:
        return 0.0
    return exp(weeks * log(persistence))


def shock_sd(weekly_sd: float, persistence: float, weeks: float) -> float:
    r"""Return the standard deviation of an AR(1)'s shock over a round, such that its long-run spread stays the same.

    .. math:: \sigma_w = \sigma \sqrt{(1 - \rho^{2w}) / (1 - \rho^2)}

    >>> shock_sd(0.25, 0.9, 1.0)
    0.25
    """
    if persistence >= 1.0:
        return weekly_sd * sqrt(weeks)
    left = kept(persistence, weeks)
    return weekly_sd * sqrt((1.0 - left * left) / (1.0 - persistence * persistence))


def ar1(value: float, mean: float, persistence: float, sd: float, luck: float) -> float:
    """Return the next value of a first-order autoregression around ``mean``; ``luck`` is a uniform.

    ``persistence`` and ``sd`` are those of a round (:func:`kept`, :func:`shock_sd`).

    >>> ar1(1.0, 0.0, 0.5, 2.0, luck=0.5)
    0.5
    """
    return drifted(value, mean, persistence, sd * normal(luck))


def drifted(value: float, mean: float, persistence: float, shock: float) -> float:
    """Return the next value of a first-order autoregression around ``mean``, after a shock.

    >>> drifted(1.0, 0.0, 0.5, shock=0.25)
    0.75
    """
    return mean + persistence * (value - mean) + shock


def normal(luck: float) -> float:
    """Return the standard normal deviate below which a share ``luck`` of its distribution lies.

    Source: Wichura (1988), Applied Statistics 37, algorithm AS 241 (PPND16).

    >>> round(normal(0.975), 9)
    1.959963985
    """
    return middle_normal(luck) if is_middle(luck) else _tail_normal(luck)


def is_middle(luck: float) -> bool:
    """Return whether luck lies in the middle of a distribution, as seven times out of eight.

    >>> is_middle(0.1), is_middle(0.05)
    (True, False)
    """
    return abs(luck - 0.5) <= 0.425


def is_far(luck: float) -> bool:
    """Return whether luck may lie beyond ``FAR``, as hardly ever; all that does is among it.

    >>> is_far(1e-9), is_far(1e-11), is_far(1.0 - 1e-11)
    (False, True, True)
    """
    return abs(luck - 0.5) > 0.5 - 1e-10


def middle_normal(luck: float) -> float:
    """Return the standard normal deviate of luck in the middle; elsewhere it means nothing.

    Without a branch or a logarithm, so that a compiler can take several at a time.

    >>> middle_normal(0.5), middle_normal(0.75) == normal(0.75)
    (0.0, True)
    """
    q = luck - 0.5
    return q * _middle(0.180625 - q * q)


def _tail_normal(luck: float) -> float:
    size = distance(luck)
    size = shoulder(size) if size <= FAR else _far(size - FAR)
    return -size if luck < 0.5 else size


def distance(luck: float) -> float:
    """Return how far luck lies from the middle, as the approximations of its tails take it; up to ``FAR`` a shoulder.

    >>> distance(0.0625) == distance(0.9375) < FAR < distance(1e-12)
    True
    """
    tail = luck if luck < 0.5 else 1.0 - luck
    return sqrt(-log_of_finite(max(tail, TINY)))


def _middle(r: float) -> float:
    above = 2.5090809287301226727e3
    above = above * r + 3.3430575583588128105e4
    above = above * r + 6.7265770927008700853e4
    above = above * r + 4.5921953931549871457e4
    above = above * r + 1.3731693765509461125e4
    above = above * r + 1.9715909503065514427e3
    above = above * r + 1.3314166789178437745e2
    above = above * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3
    below = below * r + 2.8729085735721942674e4
    below = below * r + 3.9307895800092710610e4
    below = below * r + 2.1213794301586595867e4
    below = below * r + 5.3941960214247511077e3
    below = below * r + 6.8718700749205790830e2
    below = below * r + 4.2313330701600911252e1
    below = below * r + 1.0
    return above / below if below > 0.0 else 0.0  # above 0 throughout the middle


def shoulder(away: float) -> float:
    """Return the size of the standard normal deviate at a distance of up to ``FAR``; beyond, it means nothing.

    >>> shoulder(distance(0.975)) == normal(0.975)
    True
    """
    r = away - 1.6
    above = 7.74545014278341407640e-4
    above = above * r + 2.27238449892691845833e-2
    above = above * r + 2.41780725177450611770e-1
    above = above * r + 1.27045825245236838258e0
    above = above * r + 3.64784832476320460504e0
    above = above * r + 5.76949722146069140550e0
    above = above * r + 4.63033784615654529590e0
    above = above * r + 1.42343711074968357734e0
    below = 1.05075007164441684324e-9
    below = below * r + 5.47593808499534494600e-4
    below = below * r + 1.51986665636164571966e-2
    below = below * r + 1.48103976427480074590e-1
    below = below * r + 6.89767334985100004550e-1
    below = below * r + 1.67638483018380384940e0
    below = below * r + 2.05319162663775882187e0
    below = below * r + 1.0
    return above / below if below > 0.0 else 0.0  # above 0 wherever it is asked for


def _far(r: float) -> float:
    above = 2.01033439929228813265e-7
    above = above * r + 2.71155556874348757815e-5
    above = above * r + 1.24266094738807843860e-3
    above = above * r + 2.65321895265761230930e-2
    above = above * r + 2.96560571828504891230e-1
    above = above * r + 1.78482653991729133580e0
    above = above * r + 5.46378491116411436990e0
    above = above * r + 6.65790464350110377720e0
    below = 2.04426310338993978564e-15
    below = below * r + 1.42151175831644588870e-7
    below = below * r + 1.84631831751005468180e-5
    below = below * r + 7.86869131145613259100e-4
    below = below * r + 1.48753612908506148525e-2
    below = below * r + 1.36929880922735805310e-1
    below = below * r + 5.99832206555887937690e-1
    return above / (below * r + 1.0)
