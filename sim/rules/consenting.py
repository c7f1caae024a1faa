"""Phase 6, consent: whether the opponent refuses, tolerates or accepts the mission on the table."""


def consent_index(conceded: float, required: float) -> float:
    """Return by how much what the host concedes exceeds an opponent requires under the mission; below 0 it falls short.

    Source: claim ``003.ukrainian_officials.concessions``.

    >>> consent_index(0.5, required=0.8)
    -0.30000000000000004
    """
    return conceded - required


def consent(index: float, tolerance: float, signed: bool) -> int:
    """Return 2 (accepts), 1 (tolerates) or 0 (refuses): the position among the words of consent.

    Source: Tsebelis (2002); claims ``000.lavrov.no_nato_personnel``, ``000.havlicek.kremlin_refuses_for_now``.

    >>> consent(0.1, 0.5, False), consent(-0.3, 0.5, False), consent(-0.6, 0.5, False), consent(-0.6, 0.5, True)
    (2, 1, 0, 2)
    """
    if signed or index >= 0.0:
        return 2
    return 1 if index >= -tolerance else 0
