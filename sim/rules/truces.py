"""Phase 5, truce: what each side would settle for, when that overlaps, and when a truce breaks.

All in units of concession.
"""

from typing import Final, NamedTuple

from sim.rules.elementary import exp

MOST: Final = 700.0
"""Exponents beyond this are no numbers; the chance is 1 long before."""


class HostTerms(NamedTuple):
    """What the most that the host concedes is made of, in units of concession; below 0 where it concedes less."""

    guarantee: float
    pressure: float
    advantage: float
    memory: float
    disposition: float


class OpponentTerms(NamedTuple):
    """What the least that the opponent takes is made of, in units of concession; below 0 where it takes less."""

    provocation: float
    claims: float
    advantage: float
    pressure: float
    relief: float
    disposition: float


def peace_kept(loss: float, war_without: float, war_with: float) -> float:
    r"""Return what a guarantee is worth to the host: the war it keeps off, times what that war would cost.

    .. math:: L\,(H(h_0) - H(h_G))

    ``war_without`` and ``war_with`` are chances of renewed war (:func:`sim.rules.foresight.renewed_war`). A guarantee
    that does not keep the peace buys no concession. Source: Walter (2002), Fortna (2004), Werner (1999); claims
    ``002.kyiv.deal_if_guarantees``, ``003.ukraine.new_invasion``.

    >>> peace_kept(4.0, war_without=0.75, war_with=0.5), peace_kept(4.0, 0.75, 0.75)
    (1.0, 0.0)
    """
    return loss * (war_without - war_with)


def most_conceded(terms: HostTerms) -> float:
    r"""Return the most that the host concedes.

    .. math:: \bar\kappa_U = L\,\Delta H + P_U + \lambda\, b_U - \mu_U + \varepsilon_U

    ``advantage`` is the host's belief about the opponent's lasting advantage, already weighted. Source: Fearon (1995),
    Walter (2002), Powell (2004); claims ``002.kyiv.deal_if_guarantees``, ``003.ukrainian_officials.broken_accords``.

    >>> most_conceded(HostTerms(1.0, 0.25, -0.25, -1.0, 0.5))
    0.5
    """
    return terms.guarantee + terms.pressure + terms.advantage + terms.memory + terms.disposition


def least_taken(terms: OpponentTerms) -> float:
    r"""Return the least that the opponent takes.

    .. math:: \underline\kappa_R = \phi f' + c + \lambda\, b_R - P_R - R_R - \varepsilon_R

    ``provocation`` is that of the force agreed or foreseen, ``advantage`` the opponent's belief, weighted, ``relief``
    what it is paid for signing. Source: Fearon (1995), Powell (2006); claims ``003.russia.thinks_winning``,
    ``004.lavrov.four_regions``.

    >>> least_taken(OpponentTerms(0.5, 0.25, 0.75, -0.5, -0.25, 0.25))
    1.0
    """
    return terms.provocation + terms.claims + terms.advantage + terms.pressure + terms.relief + terms.disposition


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


def break_rate(
    base: float, guarantee: float, imposed_by: float, threat: float, regret: float, provoked: float
) -> float:
    r"""Return the chance a week that a truce breaks.

    .. math:: h = h_0 \exp(-\beta_G G + \beta_I I - \beta_T D_T + \beta_r (\underline\kappa_R - \bar\kappa_U)^+
              + \beta_p\, \phi f'), \quad h \le 1

    G the guarantee, I how far the truce was imposed, D threatened sanctions, then by how much terms no longer overlap,
    and the provocation of a Western force that stands while the opponent refuses it; each already weighted. A truce is
    kept as long as it is wanted. Source: Fortna (2004), Werner and Yuen (2005), Werner (1999) on terms that no longer
    fit; claims ``000.diplomat.sanctions_for_violation``, ``001.russia.foreign_troops_legitimate_target``.

    >>> break_rate(0.02, 0.0, 0.0, 0.0, 0.0, 0.0)
    0.02
    """
    return min(1.0, base * exp(min(MOST, imposed_by + regret + provoked - guarantee - threat)))


def regret(most: float, least: float) -> float:
    """Return by how much terms no longer overlap, at least 0: how far a truce is no longer wanted.

    >>> regret(0.25, least=0.75), regret(0.5, least=0.25)
    (0.5, 0.0)
    """
    return max(0.0, least - most)
