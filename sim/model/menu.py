"""What may be tabled and what is: who proposes, whose objection counts, and which mission is chosen."""

from __future__ import annotations

from sim import vocabulary
from sim.model import supply
from sim.model.parties import Parties
from sim.model.situation import Situation
from sim.model.state import HESITANT, State
from sim.rules import tabling, truces

PROPOSER, PACKAGE = (vocabulary.PROCEDURES.index(name) for name in ("proposer", "package"))


def choose(situation: Situation, parties: Parties) -> int:
    """Return the mission that is tabled (-1: none): the proposer's favourite, or the nearest to a compromise."""
    menu = [at for at in range(len(situation.missions)) if not objection(situation, parties, at)]
    proposers = at_table(parties)
    if not (menu and proposers):
        return -1
    if situation.world.procedure == PACKAGE:
        bundled = _best_bundle(situation, parties, menu)
        if bundled >= 0:
            return bundled
    if situation.world.procedure in (PROPOSER, PACKAGE):
        proposer = proposer_of(situation, proposers)
        losses = [proposer.dislikes(at) for at in menu]
    else:
        ideal = _compromise(situation, proposers)
        losses = [_distance(ideal, situation.missions[at].profile) for at in menu]
    best, least = menu[0], float("inf")
    for at, loss in zip(menu, losses, strict=True):
        bonus = situation.rule.table_bonus_standing if at == situation.mission else 0.0
        if loss - bonus < least:
            best, least = at, loss - bonus
    return best


def _best_bundle(situation: Situation, parties: Parties, menu: list[int]) -> int:
    """Return the mission of the bundle that all prefer most, and note its rung.

    -1 if a truce without a force, or no deal, is best.
    """
    offered, mission, rung, most = situation.rung, -1, -1, _product(situation, parties, -1)
    for at in menu:
        for step in range(parties.broker.floor, parties.broker.cap + 1):
            situation.rung = step
            product = _product(situation, parties, at)
            if product > most:
                mission, rung, most = at, step, product
    situation.rung, situation.bundled_rung = offered, rung
    return mission


def _product(situation: Situation, parties: Parties, mission: int) -> float:
    """Return the weighted product of gains over no deal, as a logarithm, of a mission (-1: none) at the rung tried."""
    host, opponents = parties.host, parties.opponents
    most = truces.most_conceded(host.weigh(host.guarantee(mission, 1.0 if mission >= 0 else 0.0)))
    leasts = [truces.least_taken(each.weigh(each.provoked(mission), each.rewards)) for each in opponents]
    least, weight = leasts[0], opponents[0].standing
    for asks, opponent in zip(leasts[1:], opponents[1:], strict=True):
        if asks > least:
            least, weight = asks, opponent.standing
    agreed = tabling.agreed(most, least, host.standing, weight)
    product = tabling.weighed_gain(most - agreed, host.standing)
    for asks, opponent in zip(leasts, opponents, strict=True):
        product += tabling.weighed_gain(agreed - asks, opponent.standing)
    for actor in parties.states:
        weight = actor.weight_at_table()
        if weight > 0.0 and actor is not host and actor not in opponents:
            product += tabling.weighed_gain(_gain(situation, parties, actor, mission), weight)
    return max(product, tabling.NO_DEAL)


def _gain(situation: Situation, parties: Parties, actor: State, mission: int) -> float:
    """Return what a third party gains: the broker by how far it stays within its inclination, others by the mission."""
    if actor is parties.broker:
        spare = 1.0 if mission < 0 else min(1.0, parties.broker.offer - situation.offered_from[situation.rung])
        return tabling.broker_gain(spare, parties.opponent.rewards)
    if mission < 0:
        return tabling.WITHOUT_A_FORCE
    return tabling.mission_gain(actor.dislikes(mission), actor.salience[0], actor.salience[1], actor.salience[2])


def at_table(parties: Parties) -> list[State]:
    """Return the actors that may propose a mission."""
    return [actor for actor in parties.states if actor.standing > 0.0]


def proposer_of(situation: Situation, proposers: list[State]) -> State:
    """Return who proposes: drawn once a run, in proportion to weights that may change."""
    weights = [actor.weight_at_table() for actor in proposers]
    total = 0.0
    for weight in weights:
        total += weight
    point = situation.luck_once(situation.world.stream.proposer) * total
    reached = 0.0
    for actor, weight in zip(proposers, weights, strict=True):
        reached += weight
        if point < reached:
            return actor
    return proposers[-1]


def _compromise(situation: Situation, proposers: list[State]) -> list[float]:
    ideal = []
    for issue in range(len(vocabulary.ISSUES)):
        places = [actor.position[issue] for actor in proposers]
        weights = [actor.weight_at_table() * actor.salience[issue] for actor in proposers]
        mean = situation.world.procedure == 1
        ideal.append(tabling.weighted_mean(places, weights) if mean else tabling.weighted_median(places, weights))
    return ideal


def _distance(ideal: list[float], profile: tuple[float, ...]) -> float:
    gaps = [mine - its for mine, its in zip(ideal, profile, strict=True)]
    return tabling.loss(gaps[0], gaps[1], gaps[2], 1.0, 1.0, 1.0)


def objection(situation: Situation, parties: Parties, at: int) -> str:
    """Return whose objection keeps a mission off the table: a part, ``troops`` that sponsors lack, or nobody's ("").

    ``training`` stands beside the table, and is never on it. A mandate that a shut gate of the Council rules out is
    not asked for: who sets an agenda foresees the veto (Romer and Rosenthal 1978, Tsebelis 2002).
    """
    kind, broker = situation.missions[at], parties.broker
    if kind.training:
        return "training"
    if kind.un_mandate and situation.vetoed and "council" not in situation.relaxed:
        return "council"
    if parties.host.blocks(kind.worth):
        return "host"
    if any(opponent.blocks(at) for opponent in parties.opponents):
        return "opponent"
    if kind.nato_flag and broker.has_nato_veto and tabling.veto_stands(broker.nato_veto, broker.payoff):
        return "broker"
    few = tabling.too_few(_foreseeable(situation, parties, at), kind.minimum, situation.rule.table_supply_share)
    return "troops" if few else ""


def _foreseeable(situation: Situation, parties: Parties, at: int) -> float:
    """Return the troops (persons) of those that may join a mission and do not rule it out, under the ceiling."""
    total = 0.0
    for contributor in parties.eligible[at]:
        total += contributor.kept if contributor.stage >= HESITANT else 0.0
    return min(total, supply.ceiling(situation)) if situation.missions[at].western else total
