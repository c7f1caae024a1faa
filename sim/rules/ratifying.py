"""Phase 8, ratify: whether a pledge survives at home."""


def domestic_support(support: float, weight: float, coalition: float, parliament: float, public: float) -> float:
    r"""Return the domestic term of a contributor, drawn once a run; lower where more of them hold it back.

    .. math:: D = s - \delta\,(c + p + v)/3

    Source: Putnam (1988) on two-level games, Auerswald and Saideman (2014) on coalitions at war; claims
    ``002.europe.parliaments_voters``, ``000.mathers.publics_probably_accept``.

    >>> round(domestic_support(0.2, 0.6, 0.5, 0.5, 0.0), 6)
    0.0
    """
    return support - weight * (coalition + parliament + public) / 3.0


def passes(readiness: float, domestic: float, pledged_from: float, margin: float) -> bool:
    """Return whether a pledge is ratified: readiness and domestic support together still carry it.

    >>> passes(1.1, -0.2, pledged_from=1.0, margin=0.3)
    True
    """
    return readiness + domestic >= pledged_from - margin
