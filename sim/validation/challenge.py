"""The challenge model: actors challenge each other, concede by expected utility, and settle at the median voter.

Source: Bueno de Mesquita (1994), Political forecasting: an expected utility method, as reconstructed by Scholz, Calbert
and Smith (2011), Unravelling Bueno de Mesquita's group decision model, Proc. ICAART, pp. 18-30; equations and the
steps of their appendix are cited below.

There are two readings, and ``tabled`` selects one. False is the printed text. It does not reproduce their own table of
medians by round. True reproduces the table except for one round: a chance is a share of the votes of all pairs (in eq.
30, of its own pair), the voter's risk enters the votes, both utilities of a pair use the judge's own risk, and of
several compromises an actor takes the one with the lowest weighted mean (not the least move). That last step treats the
two ends of the scale differently.
"""

from math import exp, log
from typing import NamedTuple


class Contest(NamedTuple):
    """The constants of one issue over all rounds.

    ``weights`` are capability x salience, ``salience`` is in [0, 1], ``span`` is the range of the initial places,
    ``still`` is the chance Q that nothing changes without a challenge (1 or 0.5), ``tabled`` the reading.
    """

    weights: list[float]
    salience: list[float]
    span: float
    still: float
    tabled: bool


def median_voter(places: list[float], weights: list[float]) -> float:
    """Return the place that no other beats in pairwise votes of weight x distance gained (appendix, step 3).

    >>> median_voter([4.0, 7.0, 10.0], [1.0, 0.5, 1.2])
    7.0
    """
    winner = places[0]
    for rival in places:
        votes = 0.0
        for at in range(len(places)):
            votes += weights[at] * (abs(places[at] - winner) - abs(places[at] - rival))
        if votes > 0.0:
            winner = rival
    return winner


def utility(gain: float, risk: float) -> float:
    r"""Return the utility :math:`2 - 4\,[\tfrac12 - \tfrac12 g]^r` of a gain in [-1, 1], as a share of the range.

    With g the distance d it is that of success (eq. 15), with -d of failure (eq. 16), with 0 of the status quo (eq.
    24), and with half the sum of the distances to median and rival of a turn for better (eq. 22) or, negative, worse.

    >>> utility(0.0, 1.0), utility(0.5, 1.0), utility(-1.0, 2.0)
    (0.0, 1.0, -2.0)
    """
    return 2.0 - 4.0 * _power(0.5 - 0.5 * gain, risk)


def risk_exponent(danger: float, least: float, most: float) -> float:
    r"""Return an actor's risk exponent, in [0.5, 2], from the utility that others expect of challenging it.

    .. math:: R = \frac{2 D - D_{max} - D_{min}}{D_{max} - D_{min}}, \qquad r = \frac{1 - R/3}{1 + R/3}

    Source: eqs. 32-34. Where all are in the same danger, 1.

    >>> risk_exponent(0.0, least=-1.0, most=1.0), round(risk_exponent(1.0, least=-1.0, most=1.0), 6)
    (1.0, 0.5)
    """
    if most <= least:
        return 1.0
    basis = (2.0 * danger - most - least) / (most - least)
    return (1.0 - basis / 3.0) / (1.0 + basis / 3.0)


def expected_gain(chance: float, distance: float, salience: float, risk: float, otherwise: float) -> float:
    r"""Return the expected utility of challenging a rival at this ``distance``, less that of leaving it alone.

    .. math:: E = s\,[P\,U_s + (1 - P)\,U_f] + (1 - s)\,U_s - U_{nc}

    ``salience`` s is the rival's: a rival that does not care does not resist. Source: eqs. 5-7.

    >>> expected_gain(0.5, distance=0.5, salience=1.0, risk=1.0, otherwise=0.0)
    0.0
    """
    won, lost = utility(distance, risk), utility(-distance, risk)
    return salience * (chance * won + (1.0 - chance) * lost) + (1.0 - salience) * won - otherwise


def utility_of_leaving(distance: float, to_median: float, risk: float, still: float) -> float:
    r"""Return the utility of leaving a rival alone, :math:`Q\,U_{sq} + (1-Q)\,(T\,U_b + (1-T)\,U_w)`.

    T is 1 if the median voter is nearer than the rival, who is thought to move there. Source: eqs. 7 and 20-24.

    >>> utility_of_leaving(0.5, to_median=0.1, risk=1.0, still=1.0)
    0.0
    """
    moved = 0.5 * (to_median + distance)
    turn = utility(moved if to_median < distance else -moved, risk)
    return still * utility(0.0, risk) + (1.0 - still) * turn


def offer(own: float, rival: float, mine: float, theirs: float) -> tuple[int, float]:
    """Return the kind of offer that a rival makes to an actor at ``own``, and the place to which the actor moves.

    ``mine`` is the expected utility of challenging the rival, ``theirs`` that of being challenged. Kinds are 0: a
    conflict that the actor loses; 1: a compromise; 2: it gives in; 3: no offer. Source: section 6, figure 6, eq. 36.

    >>> offer(0.0, 10.0, mine=-0.5, theirs=1.0), offer(0.0, 10.0, mine=-1.0, theirs=0.5)
    ((1, 5.0), (2, 10.0))
    """
    if own == rival or theirs <= 0.0 or mine == 0.0 or mine >= theirs:
        return 3, own
    if mine > 0.0:
        return 0, rival
    if theirs > -mine:
        return 1, own + (rival - own) * (-mine / theirs)
    return 2, rival


def concessions(places: list[float], contest: Contest) -> list[float]:
    """Return the places after a round: each actor takes the offer of the lowest kind, and among these the least move.

    Source: appendix, steps 3 to 11, and section 6.2.

    >>> concessions([0.0, 0.0], Contest([1.0, 1.0], [1.0, 1.0], 1.0, 1.0, False))
    [0.0, 0.0]
    """
    flat: list[float] = []
    for _ in places:
        flat.append(1.0)
    chances = _chances(places, flat, contest)
    risks = _risks(_table(places, flat, chances, contest, False))
    if contest.tabled:
        chances = _chances(places, risks, contest)
    mine = _table(places, risks, chances, contest, False)
    theirs = _table(places, risks, chances, contest, True) if contest.tabled else mine
    conceded: list[float] = []
    for at in range(len(places)):
        conceded.append(_best(at, places, mine, theirs, contest.tabled))
    return conceded


def medians(places: list[float], contest: Contest, rounds: int, enough: float) -> list[float]:
    """Return the median voter's initial place and that after each round; the last is the settlement.

    It stops after ``rounds``, or once the median moves by less than ``enough`` of the span; 0 never stops early. The
    sources give no rule ("when the median stabilises"), so this one is ours.

    >>> medians([5.0, 5.0], Contest([1.0, 2.0], [1.0, 1.0], 1.0, 1.0, False), rounds=3, enough=0.01)
    [5.0, 5.0]
    """
    by_round = [median_voter(places, contest.weights)]
    for _ in range(rounds):
        places = concessions(places, contest)
        by_round.append(median_voter(places, contest.weights))
        if abs(by_round[-1] - by_round[-2]) < enough * contest.span:
            break
    return by_round


def _power(base: float, exponent: float) -> float:
    return exp(exponent * log(base)) if base > 0.0 else 0.0


def _chances(places: list[float], risks: list[float], contest: Contest) -> list[list[float]]:
    """Return by pair (i, j) the chance that i prevails: the share of votes for it (eq. 31)."""
    count = len(places)
    far: list[list[float]] = []
    for k in range(count):
        row: list[float] = []
        for place in places:
            row.append(_power(abs(places[k] - place) / contest.span, risks[k]) if contest.span > 0.0 else 0.0)
        far.append(row)
    above: list[list[float]] = []
    total = 0.0
    for i in range(count):
        row = []
        for j in range(count):
            won, cast = _votes(i, j, far, contest.weights)
            total += cast
            row.append(won if contest.tabled else won / cast if cast > 0.0 else 0.5)
        above.append(row)
    return _shares(above, total) if contest.tabled and total > 0.0 else above


def _shares(above: list[list[float]], total: float) -> list[list[float]]:
    table: list[list[float]] = []
    for row in above:
        shares: list[float] = []
        for won in row:
            shares.append(won / total)
        table.append(shares)
    return table


def _votes(i: int, j: int, far: list[list[float]], weights: list[float]) -> tuple[float, float]:
    won = cast = 0.0
    for k in range(len(weights)):
        vote = weights[k] * (far[k][j] - far[k][i])
        if vote > 0.0:
            won += vote
            cast += vote
        else:
            cast -= vote
    return won, cast


def _table(
    places: list[float], risks: list[float], chances: list[list[float]], contest: Contest, as_rival: bool
) -> list[list[float]]:
    """Return by pair (i, j) what i expects of challenging j, with the risk of j if ``as_rival``."""
    count, span = len(places), contest.span if contest.span > 0.0 else 1.0
    median = median_voter(places, contest.weights)
    utilities: list[list[float]] = []
    for i in range(count):
        row: list[float] = []
        for j in range(count):
            risk = risks[j] if as_rival else risks[i]
            distance = abs(places[i] - places[j]) / span
            otherwise = utility_of_leaving(distance, abs(places[i] - median) / span, risk, contest.still)
            row.append(expected_gain(chances[i][j], distance, contest.salience[j], risk, otherwise))
        utilities.append(row)
    return utilities


def _risks(table: list[list[float]]) -> list[float]:
    dangers: list[float] = []
    for at in range(len(table)):
        danger = 0.0
        for rival in range(len(table)):
            danger += table[rival][at] if rival != at else 0.0
        dangers.append(danger)
    least = most = dangers[0]
    for danger in dangers:
        least, most = min(least, danger), max(most, danger)
    exponents: list[float] = []
    for danger in dangers:
        exponents.append(risk_exponent(danger, least, most))
    return exponents


def _best(at: int, places: list[float], mine: list[list[float]], theirs: list[list[float]], tabled: bool) -> float:
    """Return where an actor moves: to the offer of the lowest kind, and among these the least move."""
    own = places[at]
    lowest, rank, target = 3, 0.0, own
    for rival in range(len(places)):
        a, b = mine[at][rival], theirs[rival][at]
        kind, place = offer(own, places[rival], a, b)
        effort = abs(place - own)
        if tabled and kind == 1:
            effort = (abs(a) * own + abs(b) * places[rival]) / (abs(a) + abs(b))
        if kind < lowest or (kind == lowest and kind < 3 and effort < rank):
            lowest, rank, target = kind, effort, place
    return target
