"""Phase 2, lobby: incentives shift payoffs, influence pulls positions, gates open or shut. Three kinds, never mixed."""


def shortfall(gap: float) -> float:
    """Return how much there is still to gain from a target, in [0, 1]: its distance ``gap`` from what is wanted of it.

    >>> shortfall(0.4), shortfall(-1.0), shortfall(7.0)
    (0.4, 0.0, 1.0)
    """
    return min(1.0, max(0.0, gap))


def effort(wanting: float, total: float, budget: float) -> float:
    r"""Return how far an edge is used in a week: up to its shortfall, as long as its source's budget lasts.

    .. math:: e = D\,\min\bigl(1,\, B / \textstyle\sum s D\bigr)

    An edge of strength s that is used up to its shortfall D costs s D of effort; ``total`` is that sum over the
    source's edges. What is spent is thus in proportion to strength x shortfall, and an edge gains nothing from being
    alone. Source: a limited agenda, claim ``001.author.us_pivot_indo_pacific``; the form is ours (decision 0018).

    >>> effort(0.5, total=0.8, budget=1.0), effort(0.5, total=1.0, budget=0.25)
    (0.5, 0.125)
    """
    return wanting * budget / total if total > budget and total > 0.0 else wanting


def broker_willingness(willingness: float, turn: float, drawn: float) -> float:
    """Return the broker's willingness to use an edge: more after an upward turn, less as normal relations draw it.

    Source: claims ``000.mathers.us_eager_to_restore_ties`` and ``000.ki.trump_willing_to_press``.

    >>> round(broker_willingness(0.3, turn=0.1, drawn=0.2), 6)
    0.2
    """
    return min(1.0, max(0.0, willingness + turn - drawn))


def payoff(before: float, adjustment: float, incentives: float) -> float:
    r"""Return a target's payoff from incentives, which follows what its sources do with a lag.

    .. math:: P = (1-d)\,P^- + d \sum \pm\, s\,u\,e

    >>> payoff(0.0, adjustment=0.2, incentives=0.5)
    0.1
    """
    return (1.0 - adjustment) * before + adjustment * incentives


def position(now: float, anchor: float, others: float, susceptibility: float, speed: float) -> float:
    r"""Return a position after a round of influence, pulled towards others and held by its anchor.

    .. math:: x = x^- + v\,[(1-a)\,x_0 + a\,\bar x - x^-]

    Source: Friedkin and Johnsen (1990), Social influence and opinions; without the anchor all would converge.

    >>> position(0.5, anchor=0.5, others=1.0, susceptibility=0.4, speed=0.5)
    0.6
    """
    goal = (1.0 - susceptibility) * anchor + susceptibility * others
    return now + speed * (goal - now)
