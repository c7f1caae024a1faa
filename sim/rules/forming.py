"""Phase 9, form: how many troops can be fielded, and whether all requirements hold together."""


def ceiling(alone: float, with_enablers: float, enabling: float, berlin_plus: float, hub_loss: float) -> float:
    r"""Return the most troops that a Western force can field with the enablers on offer.

    .. math:: C = (C_0 + C_1 \max(e(b), p))(1 - \ell)

    ``berlin_plus`` p: the enabling power of NATO planning that the EU may use without an American offer (claim
    ``002.grand.berlin_plus``). ``hub_loss`` is 0 while the logistics hubs are open. Source: force planning after
    O'Hanlon; claims ``000.melvin.up_to_30000_just_possible``, ``001.experts.integrated_command_needed``.

    >>> ceiling(12.0, 40.0, 0.5, 0.1, 0.0)
    32.0
    """
    return (alone + with_enablers * max(enabling, berlin_plus)) * (1.0 - hub_loss)


def contingent(supplied: float, most: float, minimum: float, filled_up_to: float) -> float:
    r"""Return the troops that go: what is supplied, under the ceiling, and no more than planners ask for.

    .. math:: N = \min(S,\; C,\; \max(1, u)\, N_m)

    ``filled_up_to`` u: a mission is filled up to a multiple of its minimum, or observers would come in divisions.
    Source: force planning after O'Hanlon; the multiple is ours.

    >>> contingent(35.0, 50.0, 10.0, 2.5)
    25.0
    """
    return min(supplied, most, max(1.0, filled_up_to) * minimum)


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
