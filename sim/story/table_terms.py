"""Who tabled a mission in one week and why this one: the weights at the table, and how each mission pleased."""

from __future__ import annotations

from collections.abc import Iterator

from sim import vocabulary
from sim.model import menu
from sim.model.negotiation import Negotiation
from sim.model.state import State
from sim.rules import tabling
from sim.story.decision import Decision, Term, Value
from sim.story.inputs_read import InputsRead


def seat(model: Negotiation, actor: State) -> Decision:
    """Return the weight of an actor at the table, and whether it proposes this week: phase 3, before it is played."""
    read, proposers = InputsRead(model), menu.at_table(model.parties)
    total = actor.weight_at_table()
    weights = [each.weight_at_table() for each in proposers]
    proposes = bool(proposers) and menu.proposer_of(model, proposers) is actor
    raised = read.rules("table.pledges_raise_standing") if actor.european and actor.contributes else ()
    return Decision(
        decision="seat",
        says="its weight among those who may table a mission",
        phase="table",
        total=total,
        terms=(
            Term("standing", "its standing", actor.standing, {}, read.at(model.world.actor.standing[actor.at])),
            Term("pledges", "what European pledges add to it", total - actor.standing,
                 {"sufficiency": model.sufficiency}, raised),
        ),
        outcome={
            "share": total / sum(weights) if sum(weights) > 0.0 else 0.0,
            "proposes": proposes,
            "procedure": vocabulary.PROCEDURES[model.world.procedure],
            "stands": bool(model.truce or model.force is not None),
        },
        numbers=(),
    )  # fmt: skip


def likings(model: Negotiation, actor: State) -> Iterator[Decision]:
    """Yield, for every mission that may come to the table, how little an actor would lose by it; the least is best."""
    for at, kind in enumerate(model.missions):
        if not kind.training:
            yield _liking(model, actor, at)


def _liking(model: Negotiation, actor: State, at: int) -> Decision:
    read, kind, own = InputsRead(model), model.missions[at], model.world.actor
    standing = at == model.mission
    bonus = model.rule.table_bonus_standing if standing else 0.0
    issues = [_issue(model, actor, at, issue, read) for issue in range(len(vocabulary.ISSUES))]
    outcome: dict[str, Value] = {
        "mission": kind.name,
        "objection": menu.objection(model, model.parties, at) or None,
        "on_the_table": standing,
    }
    return Decision(
        decision=f"loss_from_{kind.name}",
        says=f"what it would lose by the mission {kind.name}; the least among those without an objection is tabled",
        phase="table",
        total=actor.dislikes(at) - bonus,
        terms=(
            *issues,
            Term("standing", "the bonus of what stands on the table already", -bonus, {"on_the_table": standing},
                 read.rules("table.bonus_standing")),
        ),
        outcome=outcome,
        numbers=read.at(own.susceptibility[actor.at]),
    )  # fmt: skip


def _issue(model: Negotiation, actor: State, at: int, issue: int, read: InputsRead) -> Term:
    gap = actor.position[issue] - model.missions[at].profile[issue]
    part = [(gap if each == issue else 0.0) for each in range(len(vocabulary.ISSUES))]
    own, world = model.world.actor, model.world
    name = vocabulary.ISSUES[issue]
    paths = read.at(own.position[actor.at][issue], own.salience[actor.at][issue], world.mission.profile[at][issue])
    return Term(
        name,
        f"how far the mission lies from its ideal in {name}, by how much it cares",
        tabling.loss(part[0], part[1], part[2], actor.salience[0], actor.salience[1], actor.salience[2]),
        {"position": actor.position[issue], "profile": model.missions[at].profile[issue],
         "salience": actor.salience[issue]},
        (*paths, *read.edges(actor.at, ("persuasion",))),
    )  # fmt: skip
