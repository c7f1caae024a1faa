"""What belligerents foresee: the force that would follow a truce, and how long peace would last."""

from typing import Final

from sim.rules.elementary import exp

MOST: Final = 50.0
"""Logits beyond this are certainty in floating point."""


def follows(pledged: float, ready: float, base: float, by_pledged: float, by_ready: float) -> float:
    r"""Return the chance that a force follows a truce signed now, as anyone could read it from public facts.

    .. math:: \pi = \frac{1}{1 + \exp(-(c_0 + c_n \min(1, n) + c_r\, r))}

    ``pledged`` n: troops promised over the minimum; ``ready`` r: the share of the other requirements in place, a lead
    among them. The weights are conventions, chosen so that the foresight of agents is calibrated
    inside the model: ``docs/verification.md``. Source: Fearon (1995), Powell (2006) on commitment problems.

    >>> round(follows(1.0, 0.5, base=-2.0, by_pledged=1.0, by_ready=2.0), 6)
    0.5
    """
    logit = base + by_pledged * min(1.0, pledged) + by_ready * ready
    return 1.0 / (1.0 + exp(-max(-MOST, min(MOST, logit))))


def foreseen(without: float, with_force: float, foresight: float, follows: float) -> float:
    r"""Return what a side expects of a truce without an agreed force, given the force that may follow.

    .. math:: x = (1 - \chi \pi)\, x_0 + \chi \pi\, x_m

    >>> foreseen(0.0, 1.0, foresight=0.5, follows=0.5)
    0.25
    """
    share = foresight * follows
    return (1.0 - share) * without + share * with_force


def renewed_war(rate: float, weeks: float) -> float:
    r"""Return the chance that a truce which breaks at ``rate`` a week is broken within ``weeks``.

    .. math:: H(h) = 1 - e^{-h t}

    >>> round(renewed_war(0.02, 52.0), 6)
    0.646545
    """
    return 1.0 - exp(-rate * weeks)
