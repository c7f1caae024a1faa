"""What a force and a promise are worth, and what they provoke; shared by several phases."""


def mission_worth(
    worth: float, forward_loss: float, forward_forces: float, reserve_gain: float, reserves: float
) -> float:
    r"""Return what a mission deters, weakened by the opponent's forces at the line and helped by reserves outside.

    .. math:: v' = v\,(1 - \ell\,F) + \rho\,R\,(1 - v)

    Source: claims ``000.shea.russian_withdrawal_matters``, ``004.washington_post.reserve_abroad``.

    >>> round(mission_worth(0.5, forward_loss=0.2, forward_forces=0.5, reserve_gain=0.2, reserves=0.5), 6)
    0.5
    """
    return worth * (1.0 - forward_loss * forward_forces) + reserve_gain * reserves * (1.0 - worth)


def guarantee(force: float, promise: float, arms: float) -> float:
    r"""Return the guarantee that the host sees: 1 less what force, promise and its own arms together leave uncovered.

    .. math:: G = 1 - (1 - F)(1 - B)(1 - S)

    each in [0, 1]: a force, the broker's promise and arms. Each layer covers part of what the others leave. Source:
    claims ``003.zelensky.guarantees_required``, ``004.zelensky.air_defence``.

    >>> guarantee(0.5, 0.5, 0.0)
    0.75
    """
    return 1.0 - (1.0 - force) * (1.0 - promise) * (1.0 - arms)


def provocation(own: float, western: bool, promise_provokes: float, rung_guarantee: float) -> float:
    r"""Return what a mission provokes in the opponent; the broker's promise behind a Western force adds to it.

    .. math:: f' = f + \phi_b\,g(b)

    Source: claims ``003.zakharova.unacceptable``, ``003.zakharova.escalation``.

    >>> provocation(0.65, True, 0.2, 0.5), provocation(0.15, False, 0.2, 0.5)
    (0.75, 0.15)
    """
    return own + promise_provokes * rung_guarantee if western else own


def promised(belief: float, rung_guarantee: float) -> float:
    """Return what a promise is worth to whom believes with ``belief`` that it is kept.

    Source: claim ``000.melvin.us_guarantee_may_not_hold``; the documents give no scale for doubt: we discount linearly.

    >>> promised(0.4, 0.5)
    0.2
    """
    return belief * rung_guarantee
