"""Phase 3, table: who proposes, what it likes best, and whose veto stands in the way."""

from typing import Final

from sim.rules.elementary import log

NO_DEAL: Final = -1e30
"""Below every weighted product of gains: a bundle that somebody would refuse."""


def weighted_mean(places: list[float], weights: list[float]) -> float:
    r"""Return the mean of positions by weight, :math:`\sum w x / \sum w`; the mean of all where all weights are 0.

    Source: the compromise model, Van den Bos (1991); a rival to the proposer.

    >>> weighted_mean([0.0, 1.0], [3.0, 1.0])
    0.25
    """
    total = moment = plain = 0.0
    for at in range(len(places)):
        total += weights[at]
        moment += weights[at] * places[at]
        plain += places[at]
    return moment / total if total > 0.0 else plain / len(places)


def weighted_median(places: list[float], weights: list[float]) -> float:
    """Return the position with half of the weight on either side (the lower one, if two).

    Source: Black (1948); a rival to the proposer.

    >>> weighted_median([0.0, 0.4, 1.0], [1.0, 1.0, 1.5])
    0.4
    """
    total = 0.0
    for weight in weights:
        total += weight
    best = places[0]
    for place in places:
        best = max(best, place)
    for place in places:
        below = 0.0
        for at in range(len(places)):
            below += weights[at] if places[at] <= place else 0.0
        if below >= 0.5 * total and place < best:
            best = place
    return best


def standing(own: float, raise_by_pledges: float, pledged: float) -> float:
    r"""Return a European proposer's weight at the table, which grows with what Europe has pledged.

    .. math:: S = S_0\,(1 + \rho \min(1, n))

    Source: claims ``003.author.leverage`` and ``001.european_capitals.deployment_buys_role``: pledges buy a seat.

    >>> standing(0.5, raise_by_pledges=1.0, pledged=0.4)
    0.7
    """
    return own * (1.0 + raise_by_pledges * min(1.0, pledged))


def loss(
    mandate: float, place: float, flag: float, salience_mandate: float, salience_place: float, salience_flag: float
) -> float:
    """Return the loss from a mission at these distances from the ideal point: quadratic, weighted by salience.

    Source: the spatial model (Enelow and Hinich 1984).

    >>> round(loss(0.5, 0.0, 0.1, 1.0, 1.0, 2.0), 6)
    0.27
    """
    return salience_mandate * mandate * mandate + salience_place * place * place + salience_flag * flag * flag


def host_blocks(worth: float, floor: float, relief: float, pressure: float) -> bool:
    """Return whether the host refuses to host a mission worth too little; under pressure it is less demanding.

    Source: veto players, Tsebelis (2002); claims ``003.zelensky.guarantees_required``,
    ``004.zelensky.ukraine_must_take_part``.

    >>> host_blocks(0.10, floor=0.25, relief=0.1, pressure=0.5)
    True
    """
    return worth < floor - relief * pressure


def veto_stands(firmness: float, pressure: float) -> bool:
    """Return whether a veto of this firmness holds under this pressure.

    >>> veto_stands(0.6, pressure=0.2)
    True
    """
    return pressure <= firmness


def too_few(supply: float, minimum: float, share: float) -> bool:
    """Return whether the troops in sight are far below a mission's minimum, so that its sponsors drop it.

    Source: claims ``001.european_official.no_200k_available``, ``000.melvin.hundreds_of_thousands_unrealistic``.

    >>> too_few(20.0, minimum=60.0, share=0.6)
    True
    """
    return supply < share * minimum


WITHOUT_A_FORCE: Final = 0.5
"""What a truce without a force is worth to those who table missions, of the best force's 1; ours."""


def agreed(most: float, least: float, host: float, opponent: float) -> float:
    r"""Return the concession that splits an overlap by weight: the host's ``host`` against the opponent's ``opponent``.

    .. math:: \kappa = \underline\kappa + \frac{S_R}{S_U + S_R}\,(\bar\kappa - \underline\kappa)

    It maximises :math:`(\bar\kappa - \kappa)^{S_U} (\kappa - \underline\kappa)^{S_R}`. Source: Nash (1950), Harsanyi
    and Selten (1972).

    >>> round(agreed(0.8, 0.4, host=1.0, opponent=3.0), 6)
    0.7
    """
    total = host + opponent
    return least + (opponent / total if total > 0.0 else 0.5) * (most - least)


def weighed_gain(gain: float, weight: float) -> float:
    r"""Return a party's factor in the weighted Nash product as a logarithm, :math:`S \log g`; nobody takes a loss.

    Source: Harsanyi and Selten (1972).

    >>> weighed_gain(1.0, 2.0), weighed_gain(0.0, 1.0)
    (0.0, -1e+30)
    """
    return weight * log(gain) if gain > 0.0 else NO_DEAL


def broker_gain(spare: float, relief: float) -> float:
    """Return the broker's gain from a bundle: a deal, the inclination it has to spare at its rung, less what it pays.

    >>> broker_gain(0.5, relief=0.25)
    1.25
    """
    return 1.0 + spare - relief


def mission_gain(loss: float, salience_mandate: float, salience_place: float, salience_flag: float) -> float:
    """Return what a mission is worth to one who tables missions: 1 at its ideal point, 0 as far off as can be.

    >>> mission_gain(0.5, 1.0, 0.5, 0.5)
    0.75
    """
    most = salience_mandate + salience_place + salience_flag
    return 1.0 - loss / most if most > 0.0 else 1.0
