"""Phase 9, form: how many troops can be fielded, and whether all requirements hold together."""


def ceiling(alone: float, with_enablers: float, enabling: float, hub_loss: float) -> float:
    r"""Return the most troops that a Western force can field with the enablers on offer.

    .. math:: C = (C_0 + C_1\,e(b))(1 - \ell)

    ``hub_loss`` is 0 while the logistics hubs are open. Source: force planning after O'Hanlon; claims
    ``000.melvin.30000_at_most``, ``001.experts.needs_air_support_and_command``.

    >>> ceiling(12.0, 40.0, 0.5, 0.0)
    32.0
    """
    return (alone + with_enablers * enabling) * (1.0 - hub_loss)


def ratified_enough(ratified: float, pledged: float, minimum: float, states_ratified: int, states_pledged: int) -> bool:
    """Return whether enough of what was pledged is ratified, in troops and in states (three, or all that pledged).

    >>> ratified_enough(12.0, 20.0, 12.0, 3, 5), ratified_enough(12.0, 20.0, 15.0, 3, 5)
    (True, False)
    """
    return pledged > 0.0 and ratified >= min(pledged, minimum) and states_ratified >= min(states_pledged, 3)


def mostly_european(lead: bool, european_troops: float, troops: float) -> bool:
    """Return whether a force counts as European: a European lead and at least half European troops.

    >>> mostly_european(True, 6.0, 12.0), mostly_european(True, 5.0, 12.0)
    (True, False)
    """
    return lead and 2.0 * european_troops >= troops
