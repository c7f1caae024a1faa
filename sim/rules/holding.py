"""Phase 10, hold: a force in place is tested; it is reinforced, shrinks, or leaves."""

from typing import Final

from sim.rules.elementary import exp

MOST: Final = 700.0
"""Exponents beyond this are no numbers; the chance is 1 long before."""


def attack_rate(base: float, exposure: float, consent: float, promise: float, worth: float, war: float) -> float:
    r"""Return the chance a week that the force is attacked.

    .. math:: \lambda = \lambda_0 \exp(h_m - \beta_a k - \beta_g \hat q_R g(b) - \beta_v v_m \min(1, N/N_m))
              \cdot \omega

    the terms already weighted; ``war`` is 1 under a truce. Source: Fortna (2008), Schelling (1966); claims
    ``000.havlicek.constant_risk_of_fire``, ``000.melvin.russia_may_target_troops``.

    >>> attack_rate(0.02, 0.0, 0.0, 0.0, 0.0, 1.0)
    0.02
    """
    return min(1.0, base * war * exp(min(MOST, exposure - consent - promise - worth)))


def sustained(capacity: float, weeks: float, tour: float, rotation: float) -> float:
    """Return the troops that a state keeps in a force ``weeks`` after it sent them.

    What can be sent at once is more than what can be kept: after the first tour only one of ``rotation`` units is in
    the field. Source: force generation, Biscop and Coelmont (2011) on what can be kept of what can
    be sent; claim ``000.melvin.sustaining_30000_unclear``.

    >>> sustained(8000.0, 10.0, tour=26.0, rotation=4.0), sustained(8000.0, 26.0, tour=26.0, rotation=4.0)
    (8000.0, 2000.0)
    """
    return capacity / max(1.0, rotation) if weeks >= tour else capacity


def bound(serves: bool, weeks: float, tour: float, truce: bool) -> bool:
    """Return whether a state in the field is held to its word: under a truce, until its first tour of ``weeks`` ends.

    Soldiers are sent for a tour under a mandate, so that a change of mood does not bring them home; a test of the force
    may (:func:`leaves`), as may the return of war. Source: Tago (2009), partners who left a force in the field did so
    at elections, hardly ever from week to week.

    >>> bound(True, 10.0, tour=26.0, truce=True), bound(True, 26.0, tour=26.0, truce=True)
    (True, False)
    """
    return serves and truce and weeks < tour


def answers_fire(luck: float, chance: float, retaliates: float) -> bool:
    """Return whether an attack ends in an exchange of fire: the attack happens and the force hits back.

    ``luck`` is the uniform that decided on the attack, below ``chance``; the force hits back in a share ``retaliates``
    of attacks. Source: claims ``001.author.attack_forces_response``, ``001.military_experts.nato_russia_war_risk``.

    >>> answers_fire(0.01, chance=0.1, retaliates=0.2), answers_fire(0.05, chance=0.1, retaliates=0.2)
    (True, False)
    """
    return luck < chance * retaliates


def leaves(readiness: float, shock: float, pledged_from: float, margin: float) -> bool:
    """Return whether a contributor pulls out of a force that was tested and not reinforced.

    Source: Tago (2009), When are democratic friends unreliable?; claim ``002.grand.not_soft_target``.

    >>> leaves(1.2, shock=0.6, pledged_from=1.0, margin=0.3)
    True
    """
    return readiness - shock < pledged_from - margin


def ends(troops: float, minimum: float) -> bool:
    """Return whether a force is too small to stay: below half its minimum.

    >>> ends(5.0, minimum=12.0)
    True
    """
    return troops < 0.5 * minimum
