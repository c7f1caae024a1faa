"""The phases of a round, as Mesa plays them: who asks whom, what is gathered, and which rule decides.

Updates within a phase are simultaneous; phases 3 to 6 read last week's pledges and consent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import vocabulary
from sim.model.situation import Force
from sim.rules import chance, forming, guarantees, holding, lobbying, tabling, truces

if TYPE_CHECKING:
    from sim.model.actors import State
    from sim.model.contributor import Contributor
    from sim.model.negotiation import Negotiation

_PLEDGED = 3


def news(model: Negotiation) -> None:
    """Phase 1: the battlefield drifts, dated events happen, moods and posture move."""
    luck = model.luck(model.world.stream.battlefield)
    model.battlefield = chance.ar1(
        model.battlefield, model.rule.battlefield_mean, model.battlefield_kept, model.battlefield_sd, luck
    )
    model.shifts = _shifts(model)
    for actor in model.states:
        actor.news()


def _shifts(model: Negotiation) -> dict[str, float]:
    event, found = model.world.event, dict[str, float]()
    for quantity, week, change in zip(event.quantity, event.week, event.change, strict=True):
        if model.week >= model.row[week]:
            name = vocabulary.EVENT_QUANTITIES[quantity]
            found[name] = found.get(name, 0.0) + model.row[change]
    return found


def lobby(model: Negotiation) -> None:
    """Phase 2: incentives shift payoffs, persuasion pulls positions, gates open or shut; all at once."""
    for actor in model.states:
        actor.plan()
    incentives = [actor.incentives() for actor in model.states]
    positions = [actor.pulled() for actor in model.states]
    model.threat = _threat(model)
    for actor, incentive, position in zip(model.states, incentives, positions, strict=True):
        actor.payoff = lobbying.payoff(actor.payoff, model.adjustment, incentive)
        actor.position = position


def _threat(model: Negotiation) -> float:
    total = 0.0
    for tie in model.sanctions:
        if model.passes_gate(tie):
            total += tie.strength * tie.source.willing(tie)
    return min(1.0, total)


def table(model: Negotiation) -> None:
    """Phase 3: a mission is tabled; what stands is fixed while a truce holds or a force is in the field."""
    if model.truce or model.force is not None:
        model.rounds_standing += 1
        return
    chosen = model.world.impose if model.world.impose >= 0 else _choose(model)
    if chosen == model.mission:
        model.rounds_standing += 1
        return
    model.mission, model.rounds_standing, model.ready_rounds = chosen, 0, 0
    _count(model)


def _choose(model: Negotiation) -> int:
    menu = [at for at in range(len(model.missions)) if not _kept_off(model, at)]
    proposers = [actor for actor in model.states if actor.standing > 0.0]
    if not (menu and proposers):
        return -1
    if model.world.procedure == 0:
        proposer = _proposer(model, proposers)
        losses = [proposer.dislikes(at) for at in menu]
    else:
        ideal = _compromise(model, proposers)
        losses = [_distance(ideal, model.missions[at].profile) for at in menu]
    best, least = menu[0], float("inf")
    for at, loss in zip(menu, losses, strict=True):
        bonus = model.rule.table_bonus_standing if at == model.mission else 0.0
        if loss - bonus < least:
            best, least = at, loss - bonus
    return best


def _proposer(model: Negotiation, proposers: list[State]) -> State:
    weights = [actor.weight_at_table() for actor in proposers]
    total = 0.0
    for weight in weights:
        total += weight
    point = model.luck_once(model.world.stream.proposer) * total
    reached = 0.0
    for actor, weight in zip(proposers, weights, strict=True):
        reached += weight
        if point < reached:
            return actor
    return proposers[-1]


def _compromise(model: Negotiation, proposers: list[State]) -> list[float]:
    ideal = []
    for issue in range(len(vocabulary.ISSUES)):
        places = [actor.position[issue] for actor in proposers]
        weights = [actor.weight_at_table() * actor.salience[issue] for actor in proposers]
        mean = model.world.procedure == 1
        ideal.append(tabling.weighted_mean(places, weights) if mean else tabling.weighted_median(places, weights))
    return ideal


def _distance(ideal: list[float], profile: tuple[float, ...]) -> float:
    gaps = [mine - its for mine, its in zip(ideal, profile, strict=True)]
    return tabling.loss(gaps[0], gaps[1], gaps[2], 1.0, 1.0, 1.0)


def _kept_off(model: Negotiation, at: int) -> bool:
    """Return whether a mission cannot be tabled: training stands beside, vetoes block, sponsors lack troops."""
    kind, broker = model.missions[at], model.broker
    if kind.training or model.host.blocks(kind.worth) or model.opponent.blocks(at):
        return True
    if kind.nato_flag and broker.has_nato_veto and tabling.veto_stands(broker.nato_veto, broker.payoff):
        return True
    return tabling.too_few(_foreseeable(model, at), kind.minimum, model.rule.table_supply_share)


def _foreseeable(model: Negotiation, at: int) -> float:
    supply = 0.0
    for contributor in _eligible(model, at):
        supply += contributor.capacity if contributor.stage >= 1 else 0.0
    return min(supply, _ceiling(model)) if model.missions[at].western else supply


def _eligible(model: Negotiation, at: int) -> list[Contributor]:
    may = model.world.mission.eligible[at]
    return [contributor for contributor in model.contributors if may[contributor.at]]


def _ceiling(model: Negotiation) -> float:
    rule = model.rule
    loss = rule.form_hub_loss if model.hub_shut else 0.0
    enabling = model.enabling_of[model.broker.rung]
    return forming.ceiling(rule.form_ceiling_alone, rule.form_ceiling_enablers, enabling, rule.form_berlin_plus, loss)


def offer(model: Negotiation) -> None:
    """Phase 4: Washington puts a rung on offer."""
    model.broker.make_offer()


def truce(model: Negotiation) -> None:
    """Phase 5: a truce begins where what both sides would settle for overlaps for some weeks; or it breaks."""
    model.broke = False
    model.guarantee_seen = model.host.guarantee(model.mission, model.sufficiency)
    if model.truce:
        _terms(model)
        _may_break(model)
        return
    overlap, mission = _best_terms(model)
    model.gap = -overlap
    model.concession = truces.concession(model.most, model.most)
    model.overlap_rounds = truces.rounds_of_overlap(model.overlap_rounds, overlap)
    if truces.talked_long_enough(model.overlap_rounds, model.round_weeks, model.rule.truce_overlap_weeks):
        _sign(model, overlap, mission)


def _terms(model: Negotiation) -> float:
    """Work out what both sides would settle for under the mission on the table; return the overlap."""
    model.most = model.host.concedes(model.guarantee_seen)
    model.least = model.opponent.requires(model.mission)
    return model.most - model.least


def _best_terms(model: Negotiation) -> tuple[float, int]:
    """Return the overlap and the mission of the deal within reach: with the mission if enough is pledged, or bare."""
    bare = model.host.concedes(model.host.guarantee(-1, 0.0)) - model.opponent.requires(-1)
    overlap = _terms(model)
    if model.mission >= 0 and model.sufficiency >= 1.0 and (overlap >= 0.0 or overlap >= bare):
        return overlap, model.mission
    return bare, -1


def _sign(model: Negotiation, overlap: float, mission: int) -> None:
    if mission < 0:
        model.most = model.host.concedes(model.host.guarantee(-1, 0.0))
        model.least = model.opponent.requires(-1)
    model.truce, model.signed = True, mission
    model.truces += 1
    model.concession = truces.concession(model.most, model.least)
    model.imposed = truces.imposed(model.host.pressure + model.opponent.payoff, overlap)


def _may_break(model: Negotiation) -> None:
    rule = model.rule
    rate = truces.break_rate(
        rule.truce_break_hazard,
        rule.truce_break_guarantee * _field_guarantee(model),
        rule.truce_break_imposed * model.imposed,
        rule.truce_break_threat * model.threat,
    )
    if model.luck(model.world.stream.truce_break) < chance.per_round(rate, model.round_weeks):
        model.truce, model.signed, model.imposed = False, -1, 0.0
        model.broken += 1
        model.overlap_rounds, model.gap = 0, -(model.most - model.least)
        model.concession = truces.concession(model.most, model.most)
        model.broke = True


def _field_guarantee(model: Negotiation) -> float:
    if model.force is None:
        return 0.0
    rule, kind = model.rule, model.missions[model.force.mission]
    there = min(1.0, model.force.troops / kind.minimum)
    promise = guarantees.promised(model.opponent.credence, model.answer_to_attack(model.force.mission))
    return guarantees.guarantee(
        rule.truce_force_weight * kind.worth * there, rule.truce_promise_weight * promise * there, 0.0
    )


def consent(model: Negotiation) -> None:
    """Phase 6: Moscow refuses, tolerates or accepts the mission on the table."""
    model.opponent.answer()


def pledge(model: Negotiation) -> None:
    """Phase 7: contributors promise troops, if there is a truce; all see last week's pledges."""
    model.sidelined = _sidelined(model)
    _count(model)
    stages = [contributor.consider() for contributor in model.contributors]
    for contributor, stage in zip(model.contributors, stages, strict=True):
        contributor.move(stage)
    _count(model)


def _sidelined(model: Negotiation) -> float:
    """Return how far Europe is left out of a settlement that takes shape: the standing of others at the table."""
    if model.force is not None or not (model.truce or model.overlap_rounds > 0):
        return 0.0
    total = europe = 0.0
    for actor in model.states:
        weight = actor.weight_at_table()
        total += weight
        europe += weight if actor.european and actor.contributes else 0.0
    return 1.0 - europe / total if total > 0.0 else 0.0


def _count(model: Negotiation) -> None:
    """Count the troops pledged (in the field, once formed) for the mission on the table."""
    eligible = _eligible(model, model.mission) if model.mission >= 0 else []
    counted = [c for c in eligible if (c.in_force if model.force is not None else c.stage >= _PLEDGED)]
    model.minimum = model.missions[model.mission].minimum if model.mission >= 0 else 0.0
    model.counted = frozenset(counted)
    model.counted_troops = 0.0
    for contributor in counted:
        model.counted_troops += contributor.capacity
    in_reach = model.counted_troops if model.force is None else model.force.troops
    model.sufficiency = in_reach / model.minimum if model.minimum > 0.0 else 0.0


def ratify(model: Negotiation) -> None:
    """Phase 8: pledges come before parliaments."""
    for contributor in model.contributors:
        contributor.ratify()


def form(model: Negotiation) -> None:
    """Phase 9: a force forms when every requirement has held long enough; training needs no truce."""
    model.ended = False
    model.ceiling = _ceiling(model)
    _check_requirements(model)
    if model.force is not None:
        _field(model, model.force.mission)
        model.formed = False
    else:
        held = model.mission >= 0 and all(model.met.values())
        model.ready_rounds = model.ready_rounds + 1 if held else 0
        model.formed = held and model.ready_rounds * model.round_weeks >= model.rule.form_weeks
        if model.formed:
            _field(model, model.mission)
    _train(model)


def _check_requirements(model: Negotiation) -> None:
    """Note which requirements of the mission on the table are met; relaxed ones test true."""
    if model.mission < 0:
        model.met = {gate: gate in model.relaxed for gate in vocabulary.GATES}
        model.met["truce"] = model.truce or "truce" in model.relaxed
        model.pledged_troops = model.ratified_troops = 0.0
        return
    kind, eligible = model.missions[model.mission], _eligible(model, model.mission)
    pledged = [contributor for contributor in eligible if contributor.stage >= _PLEDGED]
    ratified = [contributor for contributor in pledged if contributor.ratified]
    model.pledged_troops, model.ratified_troops = _troops(pledged), _troops(ratified)
    reach = min(model.pledged_troops, model.ceiling) if kind.western else model.pledged_troops
    leads = {contributor.at for contributor in (pledged if "ratification" in model.relaxed else ratified)}
    states = _states(pledged)
    met = {
        "truce": model.truce or not kind.waits_for_truce,
        "host_consent": (model.truce and model.signed == model.mission) or not model.host.blocks(kind.worth),
        "russian_consent": model.consent >= kind.consent_word,
        "council": not kind.un_mandate or (model.consent == 2 and not model.vetoed),
        "backstop": _backed(model, eligible) >= kind.minimum,
        "lead": not kind.leads or bool(leads & kind.leads),
        "troops": reach >= kind.minimum and states >= 3,
        "ratification": forming.ratified_enough(
            model.ratified_troops, model.pledged_troops, kind.minimum, _states(ratified), states
        ),
    }
    model.met = {gate: met[gate] or gate in model.relaxed for gate in vocabulary.GATES}


def _troops(contributors: list[Contributor]) -> float:
    total = 0.0
    for contributor in contributors:
        total += contributor.capacity
    return total


def _states(contributors: list[Contributor]) -> int:
    total = 0
    for contributor in contributors:
        total += contributor.states if contributor.capacity > 0.0 else 0
    return total


def _backed(model: Negotiation, eligible: list[Contributor]) -> float:
    total = 0.0
    for contributor in eligible:
        total += contributor.capacity if contributor.stage >= _PLEDGED or contributor.demand_met() else 0.0
    return total


def _field(model: Negotiation, mission: int) -> None:
    """Put into the field what is ratified (pledged, if ratification is relaxed), under the ceiling."""
    kind = model.missions[mission]
    unratified = "ratification" in model.relaxed
    members = [c for c in _eligible(model, mission) if c.stage >= _PLEDGED and (c.ratified or unratified)]
    for contributor in model.contributors:
        contributor.in_force = contributor in members
    supplied = _troops(members)
    most = model.ceiling if kind.western else supplied
    troops = forming.contingent(supplied, most, kind.minimum, model.rule.form_filled_up_to)
    share = (
        _troops([contributor for contributor in members if contributor.european]) / supplied if supplied > 0.0 else 0.0
    )
    lead = any(contributor.european and contributor.at in kind.leads for contributor in members)
    european = bool(model.world.mission.european[mission]) and forming.mostly_european(lead, share * troops, troops)
    was = model.force.european if model.force is not None else european
    model.force = Force(mission, troops, share * troops, was, _states(members))


def _train(model: Negotiation) -> None:
    at = model.world.training_mission
    if at < 0:
        return
    kind, rule = model.missions[at], model.rule
    war = 0.0 if model.truce else rule.form_training_war
    ready = [c for c in _eligible(model, at) if c.readiness - war >= model.stage_from[2]]
    trainers = rule.form_training_share * _troops(ready)
    free = model.force is None and (model.truce or not kind.waits_for_truce)
    model.training_rounds = model.training_rounds + 1 if free and trainers >= kind.minimum else 0
    if model.training:
        model.training = free and not holding.ends(trainers, kind.minimum)
    else:
        model.training = model.training_rounds > 0 and model.training_rounds * model.round_weeks >= rule.form_weeks


def hold(model: Negotiation) -> None:
    """Phase 10: a force in the field, not just formed, may be attacked; it is reinforced, shrinks, or leaves."""
    model.tested = model.attacked = model.reinforced = False
    if model.force is None or model.formed:
        return
    rate = _attack_rate(model)
    model.attacked = model.luck(model.world.stream.attack) < chance.per_round(rate, model.round_weeks)
    model.tested = model.attacked or model.broke
    if model.tested:
        honoured = model.luck_once(model.world.stream.honoured) < model.broker.honoured
        model.reinforced = honoured and model.answer_to_attack(model.force.mission) > 0.0
        if not model.reinforced:
            _some_leave(model)
    if model.force is not None and holding.ends(model.force.troops, model.missions[model.force.mission].minimum):
        _end(model)


def _attack_rate(model: Negotiation) -> float:
    assert model.force is not None
    rule, kind = model.rule, model.missions[model.force.mission]
    promise = guarantees.promised(model.opponent.credence, model.answer_to_attack(model.force.mission))
    return holding.attack_rate(
        rule.hold_attack_hazard,
        rule.hold_exposure * kind.exposure,
        rule.hold_consent * model.consent_value,
        rule.hold_promise * promise,
        rule.hold_worth * kind.worth * min(1.0, model.force.troops / kind.minimum),
        1.0 if model.truce else rule.hold_war_factor,
    )


def _some_leave(model: Negotiation) -> None:
    assert model.force is not None
    rule, kind = model.rule, model.missions[model.force.mission]
    for contributor in model.contributors:
        shock = rule.hold_attack_shock * kind.exposure
        if contributor.in_force and holding.leaves(
            contributor.readiness, shock, model.stage_from[2], rule.pledge_margin
        ):
            contributor.withdraw()
    _field(model, model.force.mission)


def _end(model: Negotiation) -> None:
    model.force = None
    model.ended = True
    model.ready_rounds = 0
    for contributor in model.contributors:
        contributor.in_force = False
