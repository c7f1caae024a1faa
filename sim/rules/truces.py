"""Phase 5, truce: what each side would settle for, when that overlaps, and when a truce breaks.

All in units of concession.
"""

from math import exp
from typing import Final

MOST: Final = 700.0
"""Exponents beyond this are no numbers; the chance is 1 long before."""


def most_conceded(
    worth: float, guarantee: float, pressure: float, advantage: float, optimism: float, memory: float
) -> float:
    r"""Return the most that Kyiv concedes, before its disposition.

    .. math:: \bar\kappa_U = \gamma G + P_U + \lambda (w - o_U) - \mu_U

    ``advantage`` and ``optimism`` are already weighted by lambda. Source: Fearon (1995), Walter (2002); claims
    ``002.kyiv.deal_if_guarantees``, ``003.ukrainian_officials.broken_accords``.

    >>> most_conceded(2.0, 0.5, 0.25, 0.25, 0.5, 1.0)
    0.0
    """
    return worth * guarantee + pressure + (advantage - optimism) - memory


def least_taken(provocation: float, claims: float, advantage: float, optimism: float, pressure: float) -> float:
    r"""Return the least that Moscow takes, before its disposition.

    .. math:: \underline\kappa_R = \phi f' + c + \lambda (w + o_R) - P_R

    Source: Fearon (1995), Powell (2006); claims ``003.russia.thinks_winning``, ``004.lavrov.four_regions``.

    >>> least_taken(0.5, 0.25, 0.25, 0.5, 0.5)
    1.0
    """
    return provocation + claims + (advantage + optimism) - pressure


def rounds_of_overlap(before: int, overlap: float) -> int:
    """Return for how many rounds terms have overlapped, on balance: a round apart takes one off.

    So that the length of a round does not decide: with shorter rounds a passing mood is seen oftener, and one look at
    terms apart would undo weeks of talks. The form is ours.

    >>> rounds_of_overlap(2, 0.1), rounds_of_overlap(2, -0.1), rounds_of_overlap(0, -0.1)
    (3, 1, 0)
    """
    return before + 1 if overlap >= 0.0 else max(0, before - 1)


def talked_long_enough(rounds: int, weeks: float, wanted: float) -> bool:
    """Return whether terms have overlapped for the weeks wanted, counted from the round in which they first did.

    >>> talked_long_enough(3, 1.0, wanted=2.0), talked_long_enough(4, 0.5, wanted=2.0)
    (True, False)
    """
    return (rounds - 1) * weeks >= wanted


def concession(most: float, least: float) -> float:
    """Return the concession agreed on: the midpoint of the overlap, in [0, 1].

    >>> concession(0.6, 0.2)
    0.4
    """
    return min(1.0, max(0.0, 0.5 * (most + least)))


def imposed(pressure: float, overlap: float) -> float:
    """Return how far a truce was imposed: the pressure without which there would have been no overlap, at least 0.

    Source: Werner and Yuen (2005), Making and keeping peace; claim ``001.author.kyiv_weak_incentive_to_comply``.

    >>> imposed(0.5, overlap=0.2), imposed(0.1, overlap=0.4)
    (0.3, 0.0)
    """
    return max(0.0, max(0.0, pressure) - max(0.0, overlap))


def break_rate(base: float, guarantee: float, imposed_by: float, threat: float) -> float:
    r"""Return the chance a week that a truce breaks.

    .. math:: h = h_0 \exp(-a G + b I - c D), \quad h \le 1

    G the guarantee of the force in the field, I how far the truce was imposed, D threatened sanctions, each already
    weighted. Source: Fortna (2004), Werner and Yuen (2005); claim ``000.diplomat.sanctions_for_violation``.

    >>> break_rate(0.02, 0.0, 0.0, 0.0)
    0.02
    """
    return min(1.0, base * exp(min(MOST, imposed_by - guarantee - threat)))
