"""Phase 9, form: how many troops can be fielded, and whether all requirements hold together."""


def hubs_shut(served: int, reached: int) -> float:
    """Return the share of states with a logistics hub to whom none is open.

    ``served`` states have a hub, ``reached`` of them an open one. A hub that opens beside others only adds a way.
    Source: claim ``001.tusk.logistical_political_support``; the form is ours.

    >>> hubs_shut(4, 3), hubs_shut(0, 0)
    (0.25, 0.0)
    """
    return (served - reached) / served if served > 0 else 0.0


def ceiling(alone: float, with_enablers: float, enabling: float, berlin_plus: float, hub_loss: float) -> float:
    r"""Return the most troops that a Western force can field with the enablers on offer.

    .. math:: C = (C_0 + C_1 \max(e(b), p))(1 - \ell)

    ``berlin_plus`` p: the enabling power of NATO planning that the EU may use without the broker's offer (claim
    ``002.grand.berlin_plus``). ``hub_loss``: what shut logistics hubs cost (:func:`hubs_shut`).
    Source: force planning after O'Hanlon; claims ``000.melvin.up_to_30000_just_possible``,
    ``001.experts.integrated_command_needed``.

    >>> ceiling(12.0, 40.0, 0.5, 0.1, 0.0)
    32.0
    """
    return (alone + with_enablers * max(enabling, berlin_plus)) * (1.0 - hub_loss)


def least_worth_sending(target: float, share: float, deployed: bool) -> float:
    r"""Return the troops below which a mission does not form: a share of its target, and never nothing.

    .. math:: N_m = \max(\underline N,\; \mu N^*_m)

    with :math:`\underline N` a thousand of a deployment and one of any other mission. No document names a minimum; the
    share is assumed.

    >>> least_worth_sending(30000.0, 0.6, True), least_worth_sending(1000.0, 0.6, True)
    (18000.0, 1000.0)
    >>> least_worth_sending(500.0, 0.6, False), least_worth_sending(500.0, 0.0, False)
    (300.0, 1.0)
    """
    return max(1000.0 if deployed else 1.0, share * target)


def contingent(supplied: float, most: float, target: float) -> float:
    r"""Return the troops that go: what is supplied, under the ceiling, and no more than planners ask for.

    .. math:: N = \min(S,\; C,\; N^*_m)

    Source: force planning after O'Hanlon; the target is the size that is spoken of, claims
    ``001.paris_london.force_30_to_40k``, ``000.washington_post.25000_to_30000``.

    >>> contingent(35.0, 50.0, 30.0)
    30.0
    """
    return min(supplied, most, target)


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
