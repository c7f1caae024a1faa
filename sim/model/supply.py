"""What troops there are: who may join a mission, what is pledged for it, and how many can be fielded."""

from __future__ import annotations

from sim.model.contributor import Contributor
from sim.model.parties import Parties
from sim.model.situation import Situation
from sim.model.state import PLEDGED
from sim.rules import forming


def ceiling(situation: Situation) -> float:
    """Return the most troops that can be fielded (persons), at the rung on offer."""
    rule = situation.rule
    loss = rule.form_hub_loss * situation.hubs_shut
    enabling = situation.enabling_of[situation.rung]
    return forming.ceiling(rule.form_ceiling_alone, rule.form_ceiling_enablers, enabling, rule.form_berlin_plus, loss)


def count(situation: Situation, parties: Parties) -> None:
    """Count the troops pledged (in the field, once formed) for the mission on the table."""
    may_join = parties.eligible[situation.mission] if situation.mission >= 0 else []
    counted = [c for c in may_join if (c.in_force if situation.force is not None else c.stage >= PLEDGED)]
    situation.minimum = situation.missions[situation.mission].minimum if situation.mission >= 0 else 0.0
    situation.counted = frozenset(contributor.at for contributor in counted)
    situation.counted_troops = 0.0
    for contributor in counted:
        situation.counted_troops += contributor.kept
    in_reach = situation.counted_troops if situation.force is None else situation.force.troops
    situation.sufficiency = in_reach / situation.minimum if situation.minimum > 0.0 else 0.0


def troops_of(contributors: list[Contributor]) -> float:
    """Return what some contributors can have in a force together (persons): all that they can send, then what lasts."""
    total = 0.0
    for contributor in contributors:
        total += contributor.kept
    return total


def states_of(contributors: list[Contributor]) -> int:
    """Return how many states some contributors stand for, those without troops left out."""
    total = 0
    for contributor in contributors:
        total += contributor.states if contributor.kept > 0.0 else 0
    return total
