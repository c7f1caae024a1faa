"""Settlement rules: where bargaining over one issue ends, given actors' positions, power and salience.

They are rivals to the rule by which a mission is tabled; ``sim backtest`` scores them on real decisions. The weighted
mean and median are those of :mod:`sim.rules.tabling`; the challenge model is in :mod:`sim.validation.challenge`.
"""

from math import log


def condorcet(places: list[float], weights: list[float]) -> list[float]:
    r"""Return the chance of each place to be the settlement in a probabilistic Condorcet vote over all places.

    .. math:: P(j \succ k) = \frac{\sum_i w_i\,[d_{ik} - d_{ij}]_+}{\sum_i w_i\,|d_{ik} - d_{ij}|},
       \qquad p_j \propto \prod_{k \ne j} P(j \succ k)

    Places that coincide take no votes from each other. If no place has a chance, all get the same share. Source:
    Condorcet (1785); the probabilistic form, with votes by weight times what is at stake, is that of Wise, Lester and
    Efird (2015), An introduction to the Kapsarc toolkit for behavioral analysis.

    >>> condorcet([0.0, 100.0], [3.0, 1.0])
    [0.75, 0.25]
    """
    chances: list[float] = []
    total = 0.0
    for place in places:
        chance = 1.0
        for other in places:
            chance *= _beats(place, other, places, weights)
        chances.append(chance)
        total += chance
    shares: list[float] = []
    for chance in chances:
        shares.append(chance / total if total > 0.0 else 1.0 / len(places))
    return shares


def _beats(place: float, other: float, places: list[float], weights: list[float]) -> float:
    """Return the share of the votes that ``place`` gets against ``other``; 1 where they coincide."""
    above = both = 0.0
    for at in range(len(places)):
        vote = weights[at] * (abs(places[at] - other) - abs(places[at] - place))
        above += max(0.0, vote)
        both += abs(vote)
    return above / both if both > 0.0 else 1.0


def gain(place: float, ideal: float, reference: float, cost: float) -> float:
    r"""Return what an actor gains from a settlement over breakdown, with single-peaked linear utility.

    .. math:: g_i(x) = c + |r - x_i| - |x - x_i|

    Breakdown leaves the ``reference`` point r in force and costs everybody ``cost`` c. With c = 0 it is the textbook's
    disagreement point. Source: Achen (2006), in Thomson et al., The European Union Decides, ch. 4: Nash's solution
    fits such decisions only where failing is worse than any proposal; c is then the length of the scale.

    >>> gain(40.0, ideal=100.0, reference=0.0, cost=0.0)
    40.0
    """
    return cost + abs(reference - ideal) - abs(place - ideal)


def nash(places: list[float], weights: list[float], reference: float, cost: float) -> float:
    r"""Return the asymmetric Nash bargaining solution, :math:`\arg\max_x \prod_i g_i(x)^{w_i}`; see :func:`gain`.

    Where no settlement leaves everybody with weight better off, the ``reference`` point stands. Source: Nash (1950),
    The bargaining problem; Harsanyi and Selten (1972) for the weights. The product is concave in its logarithm, so a
    ternary search between the least and the greatest place finds it.

    >>> round(nash([0.0, 100.0], [1.0, 1.0], reference=50.0, cost=100.0), 3)
    50.0
    """
    low, high = _range(places)
    for _ in range(80):
        first, second = low + (high - low) / 3.0, high - (high - low) / 3.0
        if _product(first, places, weights, reference, cost) < _product(second, places, weights, reference, cost):
            low = first
        else:
            high = second
    best = 0.5 * (low + high)
    return best if _product(best, places, weights, reference, cost) > -_FAR else reference


_FAR = 1.0e6
"""Stands for minus infinity. A loss is subtracted too, so that the search can climb out of a region of losses."""


def _product(place: float, places: list[float], weights: list[float], reference: float, cost: float) -> float:
    """Return the logarithm of the product of gains; where somebody loses, the worst loss less :data:`_FAR`."""
    total = 0.0
    worst = 1.0
    for at in range(len(places)):
        if weights[at] > 0.0:
            won = gain(place, places[at], reference, cost)
            worst = min(worst, won)
            total += weights[at] * log(won) if won > 1.0e-9 else 0.0
    return total if worst > 1.0e-9 else worst - _FAR


def kalai_smorodinsky(places: list[float], weights: list[float], reference: float, cost: float) -> float:
    r"""Return the settlement at which the smallest share of the best possible gain is largest.

    .. math:: \arg\max_x \min_i \frac{g_i(x)}{g_i(x_i)}

    Only actors with weight count; if nobody has any, the ``reference`` point stands. The reference point leaves nobody
    worse off, so it is the solution where it is somebody's ideal and breakdown costs nothing. Source: Kalai and
    Smorodinsky (1975), Other solutions to Nash's bargaining problem; weights have no other effect.

    >>> round(kalai_smorodinsky([0.0, 100.0], [1.0, 1.0], reference=100.0, cost=100.0), 6)
    66.666667
    """
    low, high = _range(places)
    if _least_share(reference, places, weights, reference, cost) >= 1.0:
        return reference
    for _ in range(80):
        first, second = low + (high - low) / 3.0, high - (high - low) / 3.0
        if _least_share(first, places, weights, reference, cost) < _least_share(
            second, places, weights, reference, cost
        ):
            low = first
        else:
            high = second
    return 0.5 * (low + high)


def _least_share(place: float, places: list[float], weights: list[float], reference: float, cost: float) -> float:
    least = 1.0
    for at in range(len(places)):
        most = gain(places[at], places[at], reference, cost)
        won = gain(place, places[at], reference, cost)
        if weights[at] > 0.0:
            least = min(least, won / most if most > 0.0 else won)
    return least


def _range(places: list[float]) -> tuple[float, float]:
    low = high = places[0]
    for place in places:
        low, high = min(low, place), max(high, place)
    return low, high


def openness(most: float, salience: float) -> float:
    r"""Return the susceptibility of an actor, :math:`a_i = a\,(1 - s_i)`: the more it cares, the less others move it.

    ``most`` a is the susceptibility of an actor of no salience, ``salience`` s is in [0, 1]. Source: the anchor of
    Friedkin and Johnsen (1990); that it grows with salience, linearly, is ours.

    >>> openness(0.4, salience=0.75)
    0.1
    """
    return most * (1.0 - salience)


def focal(settlement: float, tabled: list[float], reach: float) -> float:
    """Return the settlement, or the nearest place on the table if that is within ``reach``.

    Source: focal points, Schelling (1960), The Strategy of Conflict, ch. 3: actors who nearly agree settle on what
    somebody has proposed.

    >>> focal(61.0, [0.0, 50.0, 70.0], reach=10.0), focal(35.0, [0.0, 50.0], reach=10.0)
    (70.0, 35.0)
    """
    nearest = tabled[0]
    for place in tabled:
        if abs(place - settlement) < abs(nearest - settlement):
            nearest = place
    return nearest if abs(nearest - settlement) <= reach else settlement
