"""Phase 4, offer: the backstop that the broker puts on offer."""

from typing import NamedTuple


class Inclination(NamedTuple):
    """What draws the broker up or down the ladder, on its latent scale."""

    posture: float
    pressure: float
    pledges: float
    consent: float
    turn: float
    disposition: float
    mood: float


def inclination(terms: Inclination) -> float:
    r"""Return how far the broker is inclined to back a force, on the latent scale of the ladder.

    .. math:: y_A = p_A + P_A + \theta_n \min(1, n) + \theta_k k + \tau + \varepsilon_A + M_A

    Source: Snyder (1984) on abandonment; Olson and Zeckhauser (1966) on burden sharing.

    >>> inclination(Inclination(0.25, -0.5, 0.25, 0.25, 0.0, 0.5, -0.25))
    0.5
    """
    return terms.posture + terms.pressure + terms.pledges + terms.consent + terms.turn + terms.disposition + terms.mood


def persuaded(burden_sharing: float, pledged: float) -> float:
    r"""Return what European pledges add to the broker's inclination, :math:`\theta_n \min(1, n)`.

    ``burden_sharing`` is mostly positive: that European effort persuades the broker is a European hope
    (``002.author.aim_show_washington``); below zero it lets the broker leave
    (``001.analysts.us_aims_to_cut_commitments``).

    >>> persuaded(0.5, pledged=0.5), persuaded(-0.5, pledged=2.0)
    (0.25, -0.5)
    """
    return burden_sharing * min(1.0, pledged)


def rung(thresholds_met: int, floor: int, cap: int) -> int:
    """Return the rung on offer: the thresholds met, not above the cap, not below what is promised anyway.

    Source: claims ``001.hegseth.no_article_5``, ``004.us.no_troops``: some rungs are ruled out for now.

    >>> rung(4, floor=0, cap=3), rung(0, floor=2, cap=1)
    (3, 2)
    """
    return max(floor, min(cap, thresholds_met))
