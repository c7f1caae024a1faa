"""The phases of a round, as Mesa plays them: who asks whom, what is gathered, and which rule decides.

Updates within a phase are simultaneous; phases 3 to 6 read last week's pledges and consent.
"""

from __future__ import annotations

from sim import vocabulary
from sim.model import actors, fielding, menu, supply
from sim.model.parties import Parties
from sim.model.situation import Situation
from sim.rules import chance, guarantees, holding, lobbying, truces


def news(situation: Situation, parties: Parties) -> None:
    """Phase 1: the battlefield drifts, dated events happen, moods and posture move."""
    luck = situation.luck(situation.world.stream.battlefield)
    situation.battlefield = chance.ar1(
        situation.battlefield,
        situation.rule.battlefield_mean,
        situation.battlefield_kept,
        situation.battlefield_sd,
        luck,
    )
    situation.shifts = _shifts(situation)
    for actor in parties.states:
        actor.news()


def _shifts(situation: Situation) -> dict[str, float]:
    event, shifts = situation.world.event, dict[str, float]()
    for quantity, week, change in zip(event.quantity, event.week, event.change, strict=True):
        if situation.week >= situation.row[week]:
            name = vocabulary.EVENT_QUANTITIES[quantity]
            shifts[name] = shifts.get(name, 0.0) + situation.row[change]
    return shifts


def lobby(situation: Situation, parties: Parties) -> None:
    """Phase 2: incentives shift payoffs, persuasion pulls positions, gates open or shut; all at once."""
    for actor in parties.states:
        actor.plan()
    incentives = [actor.incentives() for actor in parties.states]
    positions = [actor.pulled() for actor in parties.states]
    situation.threat = _threat(situation, parties)
    for actor, incentive, position in zip(parties.states, incentives, positions, strict=True):
        actor.payoff = lobbying.payoff(actor.payoff, situation.adjustment, incentive)
        actor.position = position
    situation.aid_cut = max(0.0, parties.host.payoff)


def _threat(situation: Situation, parties: Parties) -> float:
    total = 0.0
    for tie in parties.sanctions:
        if actors.passes_gate(situation, tie):
            total += tie.strength * tie.source.willing(tie)
    return min(1.0, total)


def table(situation: Situation, parties: Parties) -> None:
    """Phase 3: a mission is tabled; what stands is fixed while a truce holds or a force is in the field."""
    if situation.truce or situation.force is not None:
        situation.rounds_standing += 1
        return
    chosen = situation.world.impose if situation.world.impose >= 0 else menu.choose(situation, parties)
    if chosen == situation.mission:
        situation.rounds_standing += 1
        return
    situation.mission, situation.rounds_standing, situation.ready_rounds = chosen, 0, 0
    supply.count(situation, parties)


def offer(situation: Situation, parties: Parties) -> None:
    """Phase 4: Washington puts a rung on offer."""
    parties.broker.make_offer()


def truce(situation: Situation, parties: Parties) -> None:
    """Phase 5: a truce begins where what both sides would settle for overlaps for some weeks; or it breaks."""
    situation.broke = False
    situation.guarantee_seen = parties.host.guarantee(situation.mission, situation.sufficiency)
    if situation.truce:
        _terms(situation, parties)
        _may_break(situation, parties)
        return
    overlap, mission = _best_terms(situation, parties)
    situation.gap = -overlap
    situation.concession = truces.concession(situation.most, situation.most)
    situation.overlap_rounds = truces.rounds_of_overlap(situation.overlap_rounds, overlap)
    if truces.talked_long_enough(situation.overlap_rounds, situation.round_weeks, situation.rule.truce_overlap_weeks):
        _sign(situation, parties, overlap, mission)


def _terms(situation: Situation, parties: Parties) -> float:
    """Work out what both sides would settle for under the mission on the table; return the overlap."""
    situation.most = parties.host.concedes(situation.guarantee_seen)
    situation.least = parties.opponent.requires(situation.mission)
    return situation.most - situation.least


def _best_terms(situation: Situation, parties: Parties) -> tuple[float, int]:
    """Return the overlap and the mission of the deal within reach: with the mission if enough is pledged, or bare."""
    bare = parties.host.concedes(parties.host.guarantee(-1, 0.0)) - parties.opponent.requires(-1)
    overlap = _terms(situation, parties)
    if situation.mission >= 0 and situation.sufficiency >= 1.0 and (overlap >= 0.0 or overlap >= bare):
        return overlap, situation.mission
    return bare, -1


def _sign(situation: Situation, parties: Parties, overlap: float, mission: int) -> None:
    if mission < 0:
        situation.most = parties.host.concedes(parties.host.guarantee(-1, 0.0))
        situation.least = parties.opponent.requires(-1)
    situation.truce, situation.signed = True, mission
    situation.truces += 1
    situation.concession = truces.concession(situation.most, situation.least)
    situation.imposed = truces.imposed(parties.host.pressure + parties.opponent.payoff, overlap)


def _may_break(situation: Situation, parties: Parties) -> None:
    rule = situation.rule
    rate = truces.break_rate(
        rule.truce_break_hazard,
        rule.truce_break_guarantee * _field_guarantee(situation, parties),
        rule.truce_break_imposed * situation.imposed,
        rule.truce_break_threat * situation.threat,
    )
    if situation.luck(situation.world.stream.truce_break) < chance.per_round(rate, situation.round_weeks):
        situation.truce, situation.signed, situation.imposed = False, -1, 0.0
        situation.broken += 1
        situation.overlap_rounds, situation.gap = 0, -(situation.most - situation.least)
        situation.concession = truces.concession(situation.most, situation.most)
        situation.broke = True


def _field_guarantee(situation: Situation, parties: Parties) -> float:
    if situation.force is None:
        return 0.0
    rule, kind = situation.rule, situation.missions[situation.force.mission]
    there = min(1.0, situation.force.troops / kind.minimum)
    promise = guarantees.promised(parties.opponent.credence, situation.answer_to_attack(situation.force.mission))
    return guarantees.guarantee(
        rule.truce_force_weight * kind.worth * there, rule.truce_promise_weight * promise * there, 0.0
    )


def consent(situation: Situation, parties: Parties) -> None:
    """Phase 6: Moscow refuses, tolerates or accepts the mission on the table."""
    parties.opponent.answer()


def pledge(situation: Situation, parties: Parties) -> None:
    """Phase 7: contributors promise troops, if there is a truce; all see last week's pledges."""
    situation.sidelined = _sidelined(situation, parties)
    supply.count(situation, parties)
    stages = [contributor.consider() for contributor in parties.contributors]
    for contributor, stage in zip(parties.contributors, stages, strict=True):
        contributor.move(stage)
    supply.count(situation, parties)


def _sidelined(situation: Situation, parties: Parties) -> float:
    """Return how far Europe is left out of a settlement that takes shape: the standing of others at the table."""
    if situation.force is not None or not (situation.truce or situation.overlap_rounds > 0):
        return 0.0
    total = europe = 0.0
    for actor in parties.states:
        weight = actor.weight_at_table()
        total += weight
        europe += weight if actor.european and actor.contributes else 0.0
    return 1.0 - europe / total if total > 0.0 else 0.0


def ratify(situation: Situation, parties: Parties) -> None:
    """Phase 8: pledges come before parliaments."""
    for contributor in parties.contributors:
        contributor.ratify()


def form(situation: Situation, parties: Parties) -> None:
    """Phase 9: a force forms when every requirement has held long enough; training needs no truce."""
    situation.ended = False
    situation.ceiling = supply.ceiling(situation)
    fielding.check_requirements(situation, parties)
    if situation.force is not None:
        fielding.field(situation, parties, situation.force.mission)
        situation.formed = False
    else:
        held = situation.mission >= 0 and all(situation.met.values())
        situation.ready_rounds = situation.ready_rounds + 1 if held else 0
        situation.formed = held and situation.ready_rounds * situation.round_weeks >= situation.rule.form_weeks
        if situation.formed:
            fielding.field(situation, parties, situation.mission)
    fielding.train(situation, parties)


def hold(situation: Situation, parties: Parties) -> None:
    """Phase 10: a force in the field, not just formed, may be attacked; it is reinforced, shrinks, or leaves."""
    situation.tested = situation.attacked = situation.reinforced = False
    if situation.force is None or situation.formed:
        return
    rate = fielding.attack_rate(situation, parties)
    situation.attacked = situation.luck(situation.world.stream.attack) < chance.per_round(rate, situation.round_weeks)
    situation.tested = situation.attacked or situation.broke
    if situation.tested:
        honoured = situation.luck_once(situation.world.stream.honoured) < parties.broker.honoured
        situation.reinforced = honoured and situation.answer_to_attack(situation.force.mission) > 0.0
        if not situation.reinforced:
            fielding.some_leave(situation, parties)
    if situation.force is not None and holding.ends(
        situation.force.troops, situation.missions[situation.force.mission].minimum
    ):
        fielding.end(situation, parties)
