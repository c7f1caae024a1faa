"""A force and a training mission in the field: when they form, what they hold, and when they end."""

from __future__ import annotations

from sim import vocabulary
from sim.model import supply
from sim.model.contributor import Contributor
from sim.model.parties import Parties
from sim.model.situation import Force, Situation
from sim.model.state import PLEDGED
from sim.rules import forming, holding


def check_requirements(situation: Situation, parties: Parties) -> None:
    """Note which requirements of the mission on the table are met; relaxed ones test true."""
    if situation.mission < 0:
        situation.met = {gate: gate in situation.relaxed for gate in vocabulary.GATES}
        situation.met["truce"] = situation.truce or "truce" in situation.relaxed
        situation.pledged_troops = situation.ratified_troops = 0.0
        return
    kind, eligible = situation.missions[situation.mission], parties.eligible[situation.mission]
    pledged = [contributor for contributor in eligible if contributor.stage >= PLEDGED]
    ratified = [contributor for contributor in pledged if contributor.ratified]
    situation.pledged_troops, situation.ratified_troops = supply.troops_of(pledged), supply.troops_of(ratified)
    reach = min(situation.pledged_troops, situation.ceiling) if kind.western else situation.pledged_troops
    leads = {contributor.at for contributor in (pledged if "ratification" in situation.relaxed else ratified)}
    states = supply.states_of(pledged)
    met = {
        "truce": situation.truce or not kind.waits_for_truce,
        "host_consent": (situation.truce and situation.signed == situation.mission)
        or not parties.host.blocks(kind.worth),
        "russian_consent": situation.consent >= kind.consent_word,
        "council": not kind.un_mandate or (parties.council_agrees() and not situation.vetoed),
        "backstop": _backed(situation, eligible) >= kind.minimum,
        "lead": not kind.leads or bool(leads & kind.leads),
        "troops": reach >= kind.minimum and states >= 3,
        "ratification": forming.ratified_enough(
            situation.ratified_troops, situation.pledged_troops, kind.minimum, supply.states_of(ratified), states
        ),
    }
    situation.met = {gate: met[gate] or gate in situation.relaxed for gate in vocabulary.GATES}


def _backed(situation: Situation, eligible: list[Contributor]) -> float:
    total = 0.0
    for contributor in eligible:
        total += contributor.kept if contributor.stage >= PLEDGED or contributor.demand_met() else 0.0
    return total


def field(situation: Situation, parties: Parties, mission: int) -> None:
    """Put into the field what is ratified (pledged, if ratification is relaxed), under the ceiling."""
    kind = situation.missions[mission]
    unratified = "ratification" in situation.relaxed
    members = [c for c in parties.eligible[mission] if c.stage >= PLEDGED and (c.ratified or unratified)]
    for contributor in parties.contributors:
        contributor.in_force = contributor in members
    supplied = supply.troops_of(members)
    most = situation.ceiling if kind.western else supplied
    troops = forming.contingent(supplied, most, kind.target)
    share = (
        supply.troops_of([contributor for contributor in members if contributor.european]) / supplied
        if supplied > 0.0
        else 0.0
    )
    lead = any(contributor.european and contributor.at in kind.leads for contributor in members)
    european = bool(situation.world.mission.european[mission]) and forming.mostly_european(lead, share * troops, troops)
    was = situation.force.european if situation.force is not None else european
    situation.force = Force(mission, troops, share * troops, was, supply.states_of(members))


def serve(situation: Situation, parties: Parties) -> None:
    """Count the weeks that states serve in a force; past their first tour they can keep less in this or another."""
    for each in parties.contributors:
        each.serve(situation.round_weeks if each.in_force else 0.0)


def train(situation: Situation, parties: Parties) -> None:
    """Begin, keep or end the training mission, which stands beside the table."""
    at = situation.world.training_mission
    if at < 0:
        return
    kind, rule = situation.missions[at], situation.rule
    war = 0.0 if situation.truce else rule.form_training_war
    ready = [c for c in parties.eligible[at] if c.readiness - war >= situation.stage_from[2]]
    trainers = rule.form_training_share * supply.troops_of(ready)
    free = situation.force is None and (situation.truce or not kind.waits_for_truce)
    situation.training_rounds = situation.training_rounds + 1 if free and trainers >= kind.minimum else 0
    if situation.training:
        situation.training = free and not holding.ends(trainers, kind.minimum)
    else:
        situation.training = (
            situation.training_rounds > 0 and situation.training_rounds * situation.round_weeks >= rule.form_weeks
        )


def attack_rate(situation: Situation, parties: Parties) -> float:
    """Return the chance a week that the force in the field is attacked."""
    assert situation.force is not None
    rule, kind = situation.rule, situation.missions[situation.force.mission]
    promise = parties.promise_to_opponents()
    return holding.attack_rate(
        rule.hold_attack_hazard,
        rule.hold_exposure * kind.exposure,
        rule.hold_consent * situation.consent_value,
        rule.hold_promise * promise,
        rule.hold_worth * kind.worth * min(1.0, situation.force.troops / kind.minimum),
        1.0 if situation.truce else rule.hold_war_factor,
    )


def some_leave(situation: Situation, parties: Parties) -> None:
    """Let those leave the force whose readiness does not outlast the shock of a test without the broker's answer."""
    assert situation.force is not None
    rule, kind = situation.rule, situation.missions[situation.force.mission]
    for contributor in parties.contributors:
        shock = rule.hold_attack_shock * kind.exposure
        if (
            contributor.in_force
            and not contributor.committed
            and holding.leaves(contributor.readiness, shock, situation.stage_from[2], rule.pledge_margin)
        ):
            contributor.withdraw()
    field(situation, parties, situation.force.mission)


def end(situation: Situation, parties: Parties) -> None:
    """Take the force out of the field."""
    situation.force = None
    situation.ended = True
    situation.ready_rounds = 0
    for contributor in parties.contributors:
        contributor.in_force = False
