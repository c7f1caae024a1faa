"""Phase 4, offer: the backstop that Washington puts on offer."""


def inclination(
    posture: float, pressure: float, burden_sharing: float, pledged: float, consent_ease: float, consent: float
) -> float:
    r"""Return how far Washington is inclined to back a force, on the latent scale of the ladder, before its mood.

    .. math:: y_A = p_A + P_A + \theta_n \min(1, n) + \theta_k k

    ``burden_sharing`` is mostly positive: that European effort persuades Washington is a European hope
    (``002.author.aim_show_washington``); below zero it lets Washington leave
    (``001.analysts.us_aims_to_cut_commitments``). Source: Snyder (1984) on abandonment; Olson and Zeckhauser (1966)
    on burden sharing.

    >>> round(inclination(0.1, -0.2, 0.5, 0.4, 0.4, 0.5), 6)
    0.3
    """
    return posture + pressure + burden_sharing * min(1.0, pledged) + consent_ease * consent


def rung(thresholds_met: int, floor: int, cap: int) -> int:
    """Return the rung on offer: the thresholds met, not above the cap, not below what is promised anyway.

    Source: claims ``001.hegseth.no_article_5``, ``004.us.no_troops``: some rungs are ruled out for now.

    >>> rung(4, floor=0, cap=3), rung(0, floor=2, cap=1)
    (3, 2)
    """
    return max(floor, min(cap, thresholds_met))
