"""The settlement rules by id; each forecasts how an issue is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.rules import lobbying, tabling
from sim.validation import bargaining, challenge
from sim.validation.decision_table import Issue
from sim.world import streams

Floats = NDArray[np.float64]

SCALE: Final = 100.0
BREAKDOWN: Final = SCALE
"""The cost of breakdown to everybody, on top of the reference point: the scale's length, as we read Achen (2006)."""
ROUNDS, ENOUGH, STILL = 10, 0.01, 1.0
"""The challenge model: most rounds; the move of the median, as a share of the range, below which it stops; Q."""

SUSCEPTIBILITY: Final = 0.4
BY_STRENGTH: Final = 0.7
BY_CAMP: Final = 0.15
REACH: Final = 12.0
"""The four parameters of :func:`leverage`: the susceptibility of an actor of no salience; the concentration of the
bargaining weights, in proportion to power x salience (A) and equal for every camp (B); the distance, in points, within
which talks settle on a place on the table. Fitted on the fit part of the open half of DEU III; see docs/backtest.md."""
DRAWS: Final = 2_000
SEED: Final = 1
SETTLED: Final = 1e-6


def weighted_mean(issue: Issue) -> float:
    """Return the mean of places by power x salience. Source: the compromise model, Van den Bos (1991); Achen (2006)."""
    return tabling.weighted_mean(issue.places, issue.weights)


def mean(issue: Issue) -> float:
    """Return the mean of places; every actor counts the same."""
    return tabling.weighted_mean(issue.places, [1.0] * len(issue.places))


def median(issue: Issue) -> float:
    """Return the median of places, midway between two; every actor counts the same. Source: Black (1948)."""
    return _middle(issue.places, [1.0] * len(issue.places))


def weighted_median(issue: Issue) -> float:
    """Return the median of places by power x salience, midway between two. Source: Black (1948)."""
    return _middle(issue.places, issue.weights)


def _middle(places: list[float], weights: list[float]) -> float:
    low = tabling.weighted_median(places, weights)
    high = -tabling.weighted_median([-place for place in places], weights)
    return 0.5 * (low + high)


def challenge_model(issue: Issue) -> float:
    """Return where the challenge model ends, in the reading that reproduces the table of Scholz, Calbert and Smith."""
    return _challenge(issue, tabled=True)


def challenge_model_by_text(issue: Issue) -> float:
    """Return where the challenge model ends, in the reading of their text; see :mod:`sim.validation.challenge`."""
    return _challenge(issue, tabled=False)


def _challenge(issue: Issue, tabled: bool) -> float:
    span = max(issue.places) - min(issue.places)
    salience = [each / SCALE for each in issue.salience]
    contest = challenge.Contest(issue.weights, salience, span, STILL, tabled)
    return challenge.medians(issue.places, contest, ROUNDS, ENOUGH)[-1]


def condorcet(issue: Issue) -> float:
    """Return the expected winner of a probabilistic Condorcet vote; see :func:`sim.validation.bargaining.condorcet`."""
    places = sorted(set(issue.places))
    strength = [sum(w for w, x in zip(issue.weights, issue.places, strict=True) if x == place) for place in places]
    return tabling.weighted_mean(places, bargaining.condorcet(places, strength))


def nash(issue: Issue) -> float:
    """Return the Nash solution by power x salience, with a costly breakdown at the reference point.

    Raises
    ------
    ValueError
        If the issue has no reference point.
    """
    return bargaining.nash(issue.places, issue.weights, _reference(issue), BREAKDOWN)


def kalai_smorodinsky(issue: Issue) -> float:
    """Return the Kalai-Smorodinsky solution, with a costly breakdown at the reference point.

    Raises
    ------
    ValueError
        If the issue has no reference point.
    """
    return bargaining.kalai_smorodinsky(issue.places, issue.weights, _reference(issue), BREAKDOWN)


def _reference(issue: Issue) -> float:
    if issue.reference is None:
        raise ValueError(f"issue {issue.id!r} has no reference point")
    return issue.reference


def leverage(issue: Issue) -> Floats:
    r"""Return equally likely settlements, shape (:data:`DRAWS`,): influence first, then an uncertain settlement.

    All actors influence each other, by power x salience; the less an actor cares, the further it moves from its own
    position (:func:`positions_at_rest`). Then camps, the actors that began at the same place, divide the outcome by
    bargaining weights of which only the expectation is known,

    .. math:: \omega \sim \text{Dirichlet}(A\,W_k + B), \qquad x = \sum_k \omega_k \bar x_k,

    with W the camp's share of power x salience, and talks that end near a place on the table settle on it. Sources:
    Friedkin and Johnsen (1990); the compromise model for the settlement; Schelling (1960) for the last step. The
    draw of the weights, and its distribution, are ours.
    """
    places, now = sorted(set(issue.places)), positions_at_rest(issue)
    camps = [[at for at, began in enumerate(issue.places) if began == place] for place in places]
    weights = issue.weights
    strength = np.array([sum(weights[at] for at in camp) for camp in camps])
    share = strength / strength.sum() if strength.sum() > 0.0 else np.full(len(camps), 1.0 / len(camps))
    ends = [tabling.weighted_mean([now[at] for at in camp], [weights[at] for at in camp]) for camp in camps]
    drawn = _generator(issue.id).dirichlet(BY_STRENGTH * share + BY_CAMP, DRAWS).tolist()
    return np.array([bargaining.focal(tabling.weighted_mean(ends, each), places, REACH) for each in drawn])


def positions_at_rest(issue: Issue) -> list[float]:
    """Return the positions to which mutual influence leads in the long run, one an actor.

    It is the rule of phase 2, :func:`sim.rules.lobbying.position`, in a network in which everybody is linked.
    """
    now, gap = list(issue.places), SCALE
    weights = issue.weights
    others = [[*weights[:at], 0.0, *weights[at + 1 :]] for at in range(len(now))]
    most = [SUSCEPTIBILITY if any(pull) else 0.0 for pull in others]
    open_to = [bargaining.openness(a, salience / SCALE) for a, salience in zip(most, issue.salience, strict=True)]
    while gap > SETTLED:
        pulled = [tabling.weighted_mean(now, pull) for pull in others]
        after = [lobbying.position(*each, 1.0) for each in zip(now, issue.places, pulled, open_to, strict=True)]
        gap = max(abs(there - here) for there, here in zip(after, now, strict=True))
        now = after
    return now


def _generator(name: str) -> np.random.Generator:
    """Return a random generator that depends on the issue's name alone."""
    key = np.array([SEED, streams.key(f"backtest/{name}")], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


POINTS: Final[dict[str, Callable[[Issue], float]]] = {
    "weighted_mean": weighted_mean,
    "mean": mean,
    "median": median,
    "weighted_median": weighted_median,
    "challenge": challenge_model,
    "challenge_text": challenge_model_by_text,
    "condorcet": condorcet,
    "nash": nash,
    "kalai_smorodinsky": kalai_smorodinsky,
}
"""Rules that forecast a point."""
DISTRIBUTIONS: Final[dict[str, Callable[[Issue], Floats]]] = {"leverage": leverage}
"""Rules that forecast a distribution: equally likely settlements."""
RULES: Final = (*POINTS, *DISTRIBUTIONS)
NEED_A_REFERENCE: Final = ("nash", "kalai_smorodinsky")
