"""The phases of a round, as Mesa plays them: who asks whom, what is gathered, and which rule decides.

Updates within a phase are simultaneous; phases 3 to 6 read last week's pledges and consent.
"""

from __future__ import annotations

from sim.model import fielding, menu, supply, terms
from sim.model.parties import Parties
from sim.model.situation import Situation
from sim.model.state import passes_gate
from sim.rules import chance, guarantees, holding, lobbying, tabling, truces


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
    shifts = dict[str, float]()
    for quantity, week, change in situation.events:
        if situation.week >= week:
            shifts[quantity] = shifts.get(quantity, 0.0) + change
    return shifts


def lobby(situation: Situation, parties: Parties) -> None:
    """Phase 2: incentives shift payoffs, persuasion pulls positions, gates open or shut; all at once."""
    for actor in parties.states:
        actor.wanting = actor.shortfall()
    for actor in parties.states:
        actor.plan()
    incentives = [actor.incentives() for actor in parties.states]
    positions = [actor.pulled() for actor in parties.states]
    situation.threat = _threat(situation, parties)
    reliefs = [opponent.relief() for opponent in parties.opponents]
    for actor, incentive, position in zip(parties.states, incentives, positions, strict=True):
        actor.payoff = lobbying.payoff(actor.payoff, situation.adjustment, incentive)
        actor.position = position
    if not situation.truce:  # what was held out for signing is paid unchanged while the truce holds
        for opponent, relief in zip(parties.opponents, reliefs, strict=True):
            opponent.rewards = lobbying.payoff(opponent.rewards, situation.adjustment, relief)
    situation.aid_cut = max(0.0, parties.host.payoff)


def _threat(situation: Situation, parties: Parties) -> float:
    """Return how far opponents are threatened with sanctions, added up by opponent, then over all; at most 1."""
    total = 0.0
    for opponent in parties.opponents:
        pressed = 0.0
        for tie in parties.sanctions:
            if tie.target is opponent and passes_gate(situation, tie):
                pressed += tie.strength * tie.source.willing(tie)
        total += pressed
    return min(1.0, total)


def table(situation: Situation, parties: Parties) -> None:
    """Phase 3: a mission is tabled; what was signed with a truce, or is in the field, is fixed."""
    situation.bundled_rung = -1
    if situation.settled:
        situation.rounds_standing += 1
        return
    chosen = situation.world.impose if situation.world.impose >= 0 else menu.choose(situation, parties)
    if chosen == situation.mission:
        situation.rounds_standing += 1
        return
    situation.mission, situation.rounds_standing, situation.ready_rounds = chosen, 0, 0
    supply.count(situation, parties)


def offer(situation: Situation, parties: Parties) -> None:
    """Phase 4: the broker puts a rung on offer."""
    parties.broker.make_offer()


def truce(situation: Situation, parties: Parties) -> None:
    """Phase 5: a truce begins where what both sides would settle for overlaps for some weeks; or it breaks."""
    terms.look(situation, parties)
    situation.broke = False
    if situation.truce:
        agreed = situation.mission >= 0 and situation.signed == situation.mission
        if situation.force is not None or agreed:
            terms.with_mission(situation, parties)
        else:
            terms.bare(situation, parties)
        _may_break(situation, parties)
        return
    if situation.world.begins_in_truce and situation.round == 0:
        _sign(situation, parties, terms.bare(situation, parties), -1)
        return
    overlap, mission = terms.best(situation, parties)
    situation.gap = -overlap
    situation.concession = terms.spoken(situation, parties)
    situation.overlap_rounds = truces.rounds_of_overlap(situation.overlap_rounds, overlap)
    if truces.talked_long_enough(situation.overlap_rounds, situation.round_weeks, situation.rule.truce_overlap_weeks):
        _sign(situation, parties, overlap, mission)


def _sign(situation: Situation, parties: Parties, overlap: float, mission: int) -> None:
    if mission < 0:
        terms.bare(situation, parties)
    situation.truce, situation.signed = True, mission
    situation.truces += 1
    if situation.world.procedure == menu.PACKAGE:
        agreed = tabling.agreed(situation.most, situation.least, parties.host.standing, parties.opponent.standing)
        situation.concession = truces.concession(agreed, agreed)
    else:
        situation.concession = truces.concession(situation.most, situation.least)
    situation.imposed = truces.imposed(parties.host.pressure + parties.opponent.payoff, overlap)


def _may_break(situation: Situation, parties: Parties) -> None:
    rule = situation.rule
    rate = truces.break_rate(
        rule.truce_break_hazard,
        rule.truce_break_guarantee * _field_guarantee(situation, parties),
        rule.truce_break_imposed * situation.imposed,
        rule.truce_break_threat * situation.threat,
        rule.truce_break_regret * truces.regret(situation.most, situation.least),
        rule.truce_break_provoked * _unwanted(situation, parties),
    )
    if situation.luck(situation.world.stream.truce_break) < chance.per_round(rate, situation.round_weeks):
        _end_truce(situation, parties)
        situation.broke = True


def _end_truce(situation: Situation, parties: Parties) -> None:
    """Let the truce be over: talks begin anew from this week's terms, and the host speaks of its most again."""
    situation.gap = -(situation.most - situation.least)
    for opponent in parties.opponents:
        opponent.gap = -(situation.most - opponent.least)
    situation.concession = terms.spoken(situation, parties)
    situation.end_truce()


def _unwanted(situation: Situation, parties: Parties) -> float:
    """Return what a Western force provokes that stands while the opponent refuses it."""
    force = situation.force
    if force is None or situation.consent > 0 or not situation.missions[force.mission].western:
        return 0.0
    return parties.opponent.provoked(force.mission)


def _field_guarantee(situation: Situation, parties: Parties) -> float:
    """Return the guarantee that keeps a truce: the host's arms, the force and the promise there."""
    rule, force = situation.rule, situation.force
    arms = rule.truce_arms_weight * parties.host.arms
    if force is None:
        return guarantees.guarantee(0.0, 0.0, arms)
    kind = situation.missions[force.mission]
    there = min(1.0, force.troops / kind.minimum)
    promise = parties.promise_to_opponents()
    return guarantees.guarantee(
        rule.truce_force_weight * kind.worth * there, rule.truce_promise_weight * promise * there, arms
    )


def consent(situation: Situation, parties: Parties) -> None:
    """Phase 6: opponents refuse, tolerate or accept the mission on the table; the least of their answers counts."""
    for opponent in parties.opponents:
        opponent.answer()
    situation.consent_index, situation.consent = parties.opponents[0].consent_index, parties.opponents[0].consent
    for opponent in parties.opponents[1:]:
        situation.consent_index = min(situation.consent_index, opponent.consent_index)
        situation.consent = min(situation.consent, opponent.consent)


def pledge(situation: Situation, parties: Parties) -> None:
    """Phase 7: contributors promise troops, if there is a truce; all see last week's pledges."""
    situation.sidelined = _sidelined(situation, parties)
    supply.count(situation, parties)
    situation.in_sight = situation.shared_sight()
    stages = [contributor.consider() for contributor in parties.contributors]
    situation.in_sight = None
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
    fielding.serve(situation, parties)
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
    """Phase 10: a force that has stood a week may be attacked; it hits back, is reinforced, shrinks or leaves."""
    situation.tested = situation.attacked = situation.reinforced = False
    situation.escalated = situation.strained = False
    if situation.force is None or situation.formed:
        return
    luck = situation.luck(situation.world.stream.attack)
    risk = chance.per_round(fielding.attack_rate(situation, parties), situation.round_weeks)
    situation.attacked = luck < risk
    situation.escalated = holding.answers_fire(luck, risk, situation.rule.hold_retaliates)
    situation.tested = situation.attacked or situation.broke
    if situation.tested:
        _test(situation, parties)
    if situation.escalated and situation.truce:
        _end_truce(situation, parties)
    if situation.force is not None and holding.ends(
        situation.force.troops, situation.missions[situation.force.mission].minimum
    ):
        fielding.end(situation, parties)


def _test(situation: Situation, parties: Parties) -> None:
    """Let the broker answer or not; all learn from it, and without an answer or a fight of their own some leave."""
    assert situation.force is not None
    kind = situation.missions[situation.force.mission]
    promised = situation.answer_to_attack > 0.0
    honoured = promised and situation.luck_once(situation.world.stream.honoured) < parties.broker.honoured
    situation.reinforced = honoured
    situation.strained = kind.western and not kind.nato_flag and not honoured
    if promised:
        situation.learn_of_promise(honoured, situation.rule.learning_promise_tells)
    if not (situation.reinforced or situation.escalated):
        fielding.some_leave(situation, parties)
