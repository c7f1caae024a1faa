"""What actors weighed, as the rules return it: parts of readiness, of the offer, of a truce's terms, of consent."""

from __future__ import annotations

from sim.model.contributor import Contributor
from sim.model.negotiation import Negotiation
from sim.rules import pledging

Terms = dict[str, float]
"""Named parts of a sum: what spoke for (above 0) and against (below 0) something."""


def readiness_terms(contributor: Contributor) -> Terms:
    """Return the parts of a contributor's readiness; ``leaning`` was drawn, and of demands the least met binds."""
    leaning, weighed = _leaning(contributor), contributor.circumstances
    return {
        "stance": contributor.disposed - leaning - contributor.centre,
        "leaning": leaning,
        "threats": contributor.payoff,
        "mood": contributor.mood,
        **_binding(contributor.unmet, weighed.unmet),
        "exposure": weighed.exposure,
        "guard": weighed.home_guard,
        "sidelining": weighed.sidelining,
        "fatigue": weighed.fatigue,
        "fear": weighed.fear,
        "call": weighed.call,
    }


def _leaning(contributor: Contributor) -> float:
    common = contributor.model.european_mood if contributor.european else 0.0
    return contributor.duty + contributor.disposition + common


def _binding(unmet: pledging.Unmet, held_back: float) -> Terms:
    """Return what holds a state back under the demand that is least met, and 0 under the others."""
    demands = unmet._asdict()
    binds = max(demands, key=lambda name: demands[name])
    return {name: held_back if name == binds else 0.0 for name in demands}


def offer_terms(model: Negotiation) -> Terms:
    """Return the parts of the broker's inclination when it last made an offer."""
    terms = model.broker.terms
    return {
        "posture": terms.posture,
        "lure": terms.pressure,
        "sharing": terms.pledges,
        "consent": terms.consent,
        "leaning": terms.turn + terms.disposition,
        "mood": terms.mood,
    }


def overlap_terms(model: Negotiation) -> Terms:
    """Return the parts of the overlap of the terms that both sides weighed last."""
    host, opponent = model.host.terms, model.opponent.terms
    return {
        "guarantee": host.guarantee,
        "pressure_host": host.pressure,
        "pressure_opponent": -opponent.pressure,
        "relief": -opponent.relief,
        "optimism": host.advantage - opponent.advantage,
        "memory": host.memory,
        "provocation": -opponent.provocation,
        "claims": -opponent.claims,
        "leaning_host": host.disposition,
        "leaning_opponent": -opponent.disposition,
        "mood": model.host.mood_in_terms + model.opponent.mood_in_terms,
    }


def consent_terms(model: Negotiation) -> Terms:
    """Return the parts of the opponent's consent to the mission on the table."""
    opponent, terms = model.opponent, model.opponent.asked
    return {
        "concession": model.concession,
        "provocation": -terms.provocation,
        "claims": -terms.claims,
        "battlefield": -terms.advantage,
        "pressure": -terms.pressure,
        "leaning": -terms.disposition,
        "mood": opponent.mood,
    }
