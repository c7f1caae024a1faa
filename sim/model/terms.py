"""What both sides would settle for: with the mission on the table, or bare, with the force that may follow."""

from __future__ import annotations

from sim import vocabulary
from sim.model.parties import Parties
from sim.model.situation import Asked, Deal, Situation
from sim.rules import foresight, truces


def look(situation: Situation, parties: Parties) -> None:
    """Note the guarantee that the host sees, and the chance that a force follows a truce."""
    situation.deals = []
    situation.guarantee_seen = parties.host.guarantee(situation.mission, situation.sufficiency)
    situation.follows = _follows(situation)


def _follows(situation: Situation) -> float:
    """Return the chance that a force follows a truce signed now, as all can read it from last week's facts."""
    if situation.force is not None:
        return 1.0
    if situation.mission < 0:
        return 0.0
    rule = situation.rule
    gates = [gate for gate in vocabulary.GATES if gate != "truce"]
    ready = 0.0
    for gate in gates:
        ready += float(situation.met[gate])
    return foresight.follows(
        situation.sufficiency,
        ready / len(gates),
        rule.truce_follow_base,
        rule.truce_follow_pledged,
        rule.truce_follow_ready,
    )


def with_mission(situation: Situation, parties: Parties) -> float:
    """Work out what both sides would settle for under the mission on the table; return the overlap."""
    host = parties.host
    situation.most = host.concedes(situation.guarantee_seen) + host.mood_in_terms
    for opponent in parties.opponents:
        required = opponent.requires(opponent.provoked(situation.mission), opponent.rewards)
        opponent.least = required - opponent.mood_in_terms
    situation.least = parties.opponent.least
    _note(situation, parties, situation.mission, situation.guarantee_seen)
    return situation.most - situation.least


def bare(situation: Situation, parties: Parties) -> float:
    """Work out what both sides would settle for without an agreed force, given the one that may follow."""
    host, follows = parties.host, situation.follows
    guarantee = foresight.foreseen(
        host.guarantee(-1, 0.0), host.guarantee(situation.mission, 1.0), host.foresight, follows
    )
    situation.most = host.concedes(guarantee) + host.mood_in_terms
    for opponent in parties.opponents:
        provoked = foresight.foreseen(0.0, opponent.provoked(situation.mission), opponent.foresight, follows)
        opponent.least = opponent.requires(provoked, opponent.rewards) - opponent.mood_in_terms
    situation.least = parties.opponent.least
    _note(situation, parties, -1, guarantee)
    return situation.most - situation.least


def _note(situation: Situation, parties: Parties, mission: int, guarantee: float) -> None:
    """Remember a deal as it was weighed, so that an explanation can tell it; nothing in a run reads it."""
    host = parties.host
    situation.deals.append(
        Deal(
            mission=mission,
            guarantee=guarantee,
            follows=situation.follows,
            host=host.terms,
            host_mood=host.mood_in_terms,
            most=situation.most,
            asked=tuple(Asked(each.terms, each.mood_in_terms, each.least) for each in parties.opponents),
            least=situation.least,
        )
    )


def best(situation: Situation, parties: Parties) -> tuple[float, int]:
    """Return the overlap and the mission of the deal within reach: with the mission if enough is pledged, or bare.

    All sides remember the terms of that deal, so that a story can tell what held them apart, and each opponent by how
    much it is the one that does.
    """
    host = parties.host
    without = bare(situation, parties)
    most, weighed = situation.most, (host.terms, [(each.terms, each.least) for each in parties.opponents])
    overlap = with_mission(situation, parties)
    if situation.mission >= 0 and situation.sufficiency >= 1.0 and (overlap >= 0.0 or overlap >= without):
        for opponent in parties.opponents:
            opponent.gap = -(situation.most - opponent.least)
        return overlap, situation.mission
    host.terms = weighed[0]
    for opponent, (terms, least) in zip(parties.opponents, weighed[1], strict=True):
        opponent.terms, opponent.gap = terms, -(most - least)
    return without, -1


def spoken(situation: Situation, parties: Parties) -> float:
    """Return the concession that the host speaks of while there is no truce: its most, in this week's mood."""
    most = situation.most + (0.0 if situation.world.terms else parties.host.mood)
    return truces.concession(most, most)
