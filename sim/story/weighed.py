"""What actors weighed, as named parts that add up: readiness, the offer, terms for a truce, consent."""

from __future__ import annotations

from sim import vocabulary
from sim.model.contributor import Contributor
from sim.model.negotiation import Negotiation
from sim.rules import pledging

Terms = dict[str, float]
"""Named parts of a sum: what spoke for (above 0) and against (below 0) something."""


def terms(me: pledging.Contributor, sees: pledging.Sight) -> Terms:
    """Return the parts of :func:`sim.rules.pledging.circumstances`, by name; they add up to it.

    Of two demands the one that is less met holds back; ``consent`` is what it adds to what the backstop already costs.
    """
    joined = min(1.0, sees.sufficiency)
    alone = pledging.backstop_shortfall(sees.promise, me.demanded, 0.0)
    together = pledging.backstop_shortfall(sees.promise, me.demanded, me.autonomy * joined)
    refused = me.weight_consent * max(0.0, me.wanted_consent - sees.consent)
    held = me.weight_backstop * together
    return {
        "backstop": -me.weight_backstop * alone,
        "autonomy": me.weight_backstop * alone - held,
        "consent": held - pledging.unmet(held, refused),
        "company": me.weight_company * sees.company,
        "exposure": -me.weight_exposure * sees.exposure,
        "guard": -me.weight_guard * joined,
        "settlement": -me.weight_settlement * max(0.0, sees.conceded - me.decent),
        "definition": -me.weight_definition * (1.0 - sees.defined),
        "sidelining": me.weight_sidelining * sees.sidelined,
        "fatigue": me.weight_fatigue * sees.fatigue,
    }


def readiness_terms(contributor: Contributor, sees: pledging.Sight) -> Terms:
    """Return the parts of a contributor's readiness; circumstances count from week 0, ``leaning`` is what was drawn."""
    leaning = _leaning(contributor)
    now, first = terms(contributor.wants, sees), _first_terms(contributor)
    own = {
        "stance": contributor.disposed - leaning,
        "leaning": leaning,
        "threats": contributor.payoff,
        "mood": contributor.mood,
    }
    return own | {name: now[name] - first[name] for name in now}


def _leaning(contributor: Contributor) -> float:
    common = contributor.model.european_mood if contributor.european else 0.0
    return contributor.duty + contributor.disposition + common


def _first_terms(contributor: Contributor) -> Terms:
    model = contributor.model
    exposure = model.missions[model.world.reference_mission].exposure
    company = 0.0 if not contributor.examples else _first_company(contributor)
    return terms(contributor.wants, pledging.Sight(0.0, 0.0, 0.0, company, exposure, 0.0, 0.0, 0.0, 0.0))


def _first_company(contributor: Contributor) -> float:
    """Return the company seen at week 0: the example of leads alone."""
    example = 0.0
    for source, weight in contributor.examples:
        example += weight * source.first / (len(vocabulary.STANCES) - 1) if isinstance(source, Contributor) else 0.0
    return pledging.company(0.0, example, contributor.model.rule.pledge_example)


def at_first(contributor: Contributor) -> Terms:
    """Return readiness at week 0 as the documented stance alone: a first move then shows what the draws add."""
    return {"stance": contributor.model.stance_values[contributor.first]}


def offer_terms(model: Negotiation, sufficiency: float, consent: float) -> Terms:
    """Return the parts of the broker's inclination, given what it saw of pledges and consent."""
    broker = model.broker
    return {
        "posture": broker.posture_now,
        "lure": broker.payoff,
        "sharing": broker.burden_sharing * min(1.0, sufficiency),
        "consent": broker.consent_ease * consent,
        "leaning": broker.common_turn + broker.disposition,
        "mood": broker.mood,
    }


def overlap_terms(model: Negotiation) -> Terms:
    """Return the parts of the overlap of truce terms: under the mission on the table or bare, whichever counted."""
    host, opponent, rule = model.host, model.opponent, model.rule
    bare = host.guarantee(-1, 0.0)
    with_mission = not _bare(model, bare)
    optimism = max(0.0, host.optimism + model.shift("ukrainian_optimism"))
    optimism += max(0.0, opponent.optimism + model.shift("russian_optimism"))
    return {
        "guarantee": host.guarantee_worth * (model.guarantee_seen if with_mission else bare),
        "pressure_host": host.pressure,
        "pressure_opponent": opponent.payoff,
        "optimism": -rule.battlefield_terms_weight * optimism,
        "memory": -(host.memory + rule.truce_memory_step * model.broken),
        "provocation": -opponent.provoked(model.mission) if with_mission else 0.0,
        "claims": -opponent.claims,
        "leaning_host": host.disposition,
        "leaning_opponent": opponent.disposition,
        "mood": host.mood + opponent.mood,
    }


def _bare(model: Negotiation, guarantee: float) -> bool:
    """Return whether the deal nearest to both sides was one without a mission."""
    if model.truce:
        return model.signed < 0
    bare = model.host.concedes(guarantee) - model.opponent.requires(-1)
    return model.mission < 0 or model.gap == -bare


def consent_terms(model: Negotiation) -> Terms:
    """Return the parts of the opponent's consent to the mission on the table."""
    opponent, weight = model.opponent, model.rule.battlefield_terms_weight
    optimism = max(0.0, opponent.optimism + model.shift("russian_optimism"))
    return {
        "concession": model.concession,
        "provocation": -opponent.provoked(model.mission),
        "claims": -opponent.claims,
        "battlefield": -weight * (model.battlefield_now + optimism),
        "pressure": opponent.payoff,
        "leaning": opponent.disposition,
        "mood": opponent.mood,
    }
