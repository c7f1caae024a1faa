"""Phase 1, news: the broker's posture may turn, and aid that is cut turns the war.

What the fighting teaches stands in :mod:`sim.rules.learning`.
"""


def unarmed(weight: float, arms: float, cut: float) -> float:
    r"""Return by how much the war turns the opponent's way because aid to the host is cut, in units of advantage.

    .. math:: \Delta w = \lambda_s\, s\, \min(1, P_U^+)

    ``arms`` are those that the host would hold and ``cut`` the share that is withheld. Both sides see it at once and
    ask for terms that fit, so that it moves the terms rather than the chance of a truce. Source: Fearon (1995) and
    Powell (2006) on shifts of power that both sides know of; claims ``003.us.support_may_shrink``,
    ``001.author.trump_quick_end_aid_cut_fear``.

    >>> unarmed(1.0, arms=0.75, cut=0.5), unarmed(1.0, arms=0.75, cut=2.0)
    (0.375, 0.75)
    """
    return weight * arms * min(1.0, cut)


def turned_posture(posture: float, start: float, step: float) -> float:
    """Return the broker's posture after a turn by ``step``, within two steps of where it started.

    Source: claim ``004.kellogg.options_open``; the bound is ours: posture may turn, not wander off.

    >>> turned_posture(1.5, start=0.0, step=1.0)
    2.0
    """
    reach = 2.0 * abs(step)
    return min(start + reach, max(start - reach, posture + step))
