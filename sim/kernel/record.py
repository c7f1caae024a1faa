"""The state at the end of a round, written by name into the rows of ``sim.ensemble.columns``."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.ensemble.columns import ActorWeeklyRow, WeeklyRow
from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.world.columns import Floats

_STAGE, _READINESS, _RATIFIED, _IN_FORCE, _TROOPS = (
    ActorWeeklyRow._fields.index(name) for name in ("stage", "readiness", "ratified", "in_force", "troops")
)


@jit
def take_down(plan: Record, state: Record, into: Floats) -> None:
    """Write the state into a round's row of the record, of shape (WEEKLY,)."""
    _store(into, _weekly_row(plan, state))


@jit
def take_down_actors(plan: Record, state: Record, into: Floats) -> None:
    """Write the actors' states into a round's part of the record, of shape (ACTOR_WEEKLY, actors)."""
    supplied = 0.0
    for at in range(plan.shape.actors):
        supplied += state.seat.kept[at] if state.seat.in_force[at] else 0.0
    for at in range(plan.shape.lanes):
        seat = state.seat
        share = seat.kept[at] / supplied if seat.in_force[at] and supplied > 0.0 else 0.0
        into[_STAGE, at] = seat.stage[at]
        into[_READINESS, at] = seat.readiness[at]
        into[_RATIFIED, at] = seat.ratified[at]
        into[_IN_FORCE, at] = seat.in_force[at]
        into[_TROOPS, at] = share * state.now.force_troops


@jit
def _weekly_row(plan: Record, state: Record) -> WeeklyRow:
    now, shape, met = state.now, plan.shape, state.met
    return WeeklyRow(
        week=now.week,
        battlefield=queries.battlefield_now(plan, state),
        optimism_opponent=queries.opponent_view(plan, state) - queries.battlefield_now(plan, state),
        optimism_host=queries.battlefield_now(plan, state) - queries.host_view(plan, state),
        posture=queries.posture_now(state),
        cap=now.cap,
        offer=now.offer,
        rung=now.rung,
        pressure_broker=state.seat.payoff[shape.broker],
        pressure_host=queries.host_pressure(plan, state),
        pressure_opponent=state.seat.payoff[shape.opponent],
        threat=now.threat,
        mission=now.mission,
        concedes=now.most,
        requires=now.least,
        concession=now.concession,
        truce=now.truce,
        truces=now.truces,
        broken=now.broken,
        signed=now.signed,
        imposed=now.imposed,
        arms=queries.arms(plan, state),
        guarantee=now.guarantee_seen,
        consent_index=now.consent_index,
        consent=now.consent,
        sufficiency=now.sufficiency,
        pledged_troops=now.pledged_troops,
        ratified_troops=now.ratified_troops,
        ceiling=now.ceiling,
        met_truce=met[queries.TRUCE],
        met_host_consent=met[queries.HOST_CONSENT],
        met_russian_consent=met[queries.RUSSIAN_CONSENT],
        met_council=met[queries.COUNCIL],
        met_backstop=met[queries.BACKSTOP],
        met_lead=met[queries.LEAD],
        met_troops=met[queries.TROOPS],
        met_ratification=met[queries.RATIFICATION],
        force=now.force,
        force_european=now.force_is_european,
        troops=now.force_troops,
        european_troops=now.force_european_troops,
        states=now.force_states,
        tested=now.tested,
        attacked=now.attacked,
        reinforced=now.reinforced,
        ended=now.ended,
        training=now.training,
        follows=now.follows,
        relief=now.relief,
        escalated=now.escalated,
        strained=now.strained,
    )


@intrinsic
def _written(typing_context: Any, into: Any, row: Any) -> Any:
    """Write every field of a row into an array of one dimension, as floats.

    A loop over the fields would not compile where some are whole numbers, and would choose among them at every step.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, fields = signature.args
        start = context.make_array(array)(context, builder, arguments[0]).data
        for at, kind in enumerate(fields):
            value = context.cast(builder, builder.extract_value(arguments[1], at), kind, types.float64)
            builder.store(value, builder.gep(start, [ir.Constant(ir.IntType(64), at)]))
        return context.get_dummy_value()

    return types.void(into, row), generate


_store: Any = _written
