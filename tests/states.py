"""States that a run can reach, asked of the model: what made-up worlds have to bring about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim import vocabulary
from sim.model import PLEDGED, Negotiation, menu
from sim.model.contributor import Contributor
from sim.model.state import passes_gate
from sim.rules import offering


def watch(model: Negotiation) -> set[str]:
    """Play a run to its end, and return which of :data:`STATES` it reached."""
    reached: set[str] = set()
    while model.round < model.world.rounds:
        model.step()
        reached |= {name for name, holds in STATES.items() if holds(model)}
    model.play()
    return reached


def _on_the_table(model: Negotiation, flag: str) -> bool:
    return model.mission >= 0 and bool(getattr(model.missions[model.mission], flag))


def _sanctions(model: Negotiation, passing: bool) -> bool:
    return any(tie.source.at in model.held_up and passes_gate(model, tie) == passing for tie in model.parties.sanctions)


def _western(model: Negotiation, mission: int) -> bool:
    return model.missions[mission].western


def _met(model: Negotiation) -> int:
    """Return the highest rung that Washington would offer by itself: what it is inclined to, under its cap."""
    met = sum(int(threshold <= model.broker.offer) for threshold in model.offered_from[1:])
    return offering.rung(met, model.broker.floor, model.broker.cap)


def _any(model: Negotiation, of: Callable[[Contributor], bool]) -> bool:
    return any(of(contributor) for contributor in model.contributors)


def _without(gate: str) -> Callable[[Negotiation], bool]:
    return lambda model: model.mission >= 0 and not model.met[gate]


STATES: Mapping[str, Callable[[Negotiation], bool]] = {
    "a truce with a mission": lambda m: m.truce and m.signed >= 0,
    "a truce without a mission": lambda m: m.truce and m.signed < 0,
    "an imposed truce": lambda m: m.imposed > 0.0,
    "a truce broken": lambda m: m.broke,
    "a second truce": lambda m: m.truces > 1,
    "a truce broken over a force": lambda m: m.broke and m.tested,
    "a force formed": lambda m: m.formed,
    "a force without a truce": lambda m: m.force is not None and not m.truce,
    "a European force": lambda m: m.force is not None and m.force.european,
    "a force cut by the ceiling": lambda m: m.force is not None and m.force.troops == m.ceiling,
    "a force below its minimum": lambda m: m.force is not None and m.force.troops < m.missions[m.force.mission].minimum,
    "attacked": lambda m: m.attacked,
    "reinforced": lambda m: m.reinforced,
    "not reinforced": lambda m: m.tested and not m.reinforced,
    "a force ended": lambda m: m.ended,
    "fire exchanged": lambda m: m.escalated,
    "fire exchanged in a truce": lambda m: m.escalated and m.truces > 0 and m.broken == m.truces,
    "the alliance strained": lambda m: m.strained,
    "a force that Moscow refuses": lambda m: m.force is not None and _western(m, m.force.mission) and not m.consent,
    "a force past its first tour": lambda m: _any(m, lambda who: who.in_force and who.kept < who.capacity),
    "a truce regretted": lambda m: m.truce and m.least > m.most,
    "a promise kept": lambda m: m.promises_kept > 0.0,
    "a promise broken": lambda m: m.promises_broken > 0.0,
    "a force foreseen": lambda m: not m.truce and m.follows > 0.5,
    "paid for signing": lambda m: any(each.rewards > 0.0 for each in m.parties.opponents),
    "a rung in a package": lambda m: m.bundled_rung > 0,
    "a rung beyond what Washington is inclined to": lambda m: m.bundled_rung == m.rung > _met(m),
    "effort short of what is wanted": lambda m: any(who.wanted_effort > who.budget for who in m.states),
    "training": lambda m: m.training,
    "training in wartime": lambda m: m.training and not m.truce,
    "nothing on the table": lambda m: m.mission < 0,
    "another mission tabled": lambda m: m.round > 0 and m.rounds_standing == 0,
    "another mission tabled in a truce": lambda m: m.truce and m.round > 0 and m.rounds_standing == 0,
    "troops called for": lambda m: _any(m, lambda who: who.seen.called > 0.0),
    "a mandate that is not to be had": lambda m: any(
        menu.objection(m, m.parties, at) == "council" for at in range(len(m.missions))
    ),
    "barred": lambda m: _any(m, lambda who: who.barred_weeks > 0.0),
    "ratified": lambda m: _any(m, lambda who: who.ratified),
    "handed over": lambda m: _any(m, lambda who: who.handover is not None and m.week >= who.handover),
    "a commitment binds": lambda m: _any(m, lambda who: who.committed),
    "an example seen": lambda m: _any(m, lambda who: bool(who.examples)),
    "a cover counted": lambda m: _any(m, lambda who: who.believed() > 0.0),
    "a patron without troops": lambda m: any(type(who).__name__ == "State" for who in m.states),
    "the Council vetoed": lambda m: _on_the_table(m, "un_mandate") and m.consent == 2 and m.vetoed,
    "the hub shut": lambda m: m.hubs_shut > 0.0 and _on_the_table(m, "western"),
    "the EU's gate shut": lambda m: _sanctions(m, False),
    "the EU's gate opened": lambda m: _sanctions(m, True),
    "aid cut altogether": lambda m: m.host.payoff > 1.0,
    "sanctions threatened": lambda m: 0.0 < m.threat < 1.0,
    "persuaded": lambda m: any(who.position != who.anchor for who in m.states),
    "posture turned": lambda m: m.broker.posture != m.broker.start,
    "the cap raised": lambda m: m.broker.cap > int(m.row[m.world.broker.at_most]),
    "promised more than the cap": lambda m: m.broker.rung > m.broker.cap,
    "an event happened": lambda m: bool(m.shifts),
    "NATO's flag blocked": lambda m: m.broker.payoff <= m.broker.nato_veto and any(one.nato_flag for one in m.missions),
    "a light mission blocked": lambda m: any(m.opponent.blocks(at) for at in range(len(m.missions))),
    "a host that blocks": lambda m: any(m.host.blocks(kind.worth) for kind in m.missions),
    "another opponent asks for most": lambda m: m.opponent is not m.parties.opponents[0],
    "one of several opponents refuses": lambda m: m.consent < max(each.consent for each in m.parties.opponents),
    "a broker that pledges": lambda m: _any(m, lambda who: who is m.broker and who.stage == PLEDGED),
    "no broker": lambda m: m.world.broker_at < 0,
    "a truce from the beginning": lambda m: m.round == 1 and m.truce and bool(m.world.begins_in_truce),
    **{f"without {gate}": _without(gate) for gate in vocabulary.GATES},
}  # fmt: skip
"""What may happen in a run, as asked of the model at the end of a round."""
