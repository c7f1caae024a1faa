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


@jit
def take_down(plan: Record, state: Record, into: Floats) -> None:
    """Write the state into a round's row of the record, of shape (WEEKLY,)."""
    _store(into, _weekly_row(plan, state))


@jit
def take_down_actors(plan: Record, state: Record, into: Floats) -> None:
    """Write the actors' states into a round's rows of the record, of shape (actors, ACTOR_WEEKLY)."""
    supplied = 0.0
    for at in range(plan.shape.actors):
        supplied += state.seat[at].kept if state.seat[at].in_force else 0.0
    for at in range(plan.shape.actors):
        seat = state.seat[at]
        share = seat.kept / supplied if seat.in_force and supplied > 0.0 else 0.0
        row = ActorWeeklyRow(
            stage=seat.stage,
            readiness=seat.readiness,
            ratified=seat.ratified,
            in_force=seat.in_force,
            troops=share * state.now.force_troops,
        )
        _store(into[at], row)


@jit
def _weekly_row(plan: Record, state: Record) -> WeeklyRow:
    now, met, broker, hardest = state.now, state.met, plan.shape.broker, queries.hardest(plan, state)
    posture, pressure = (queries.posture_now(state), state.seat[broker].payoff) if broker >= 0 else (0.0, 0.0)
    return WeeklyRow(
        week=now.week,
        battlefield=queries.battlefield_now(plan, state),
        optimism_opponent=queries.opponent_view(plan, state, hardest) - queries.battlefield_now(plan, state),
        optimism_host=queries.battlefield_now(plan, state) - queries.host_view(plan, state),
        posture=posture,
        cap=now.cap,
        offer=now.offer,
        rung=now.rung,
        pressure_broker=pressure,
        pressure_host=queries.host_pressure(plan, state),
        pressure_opponent=state.seat[plan.opponent_flag[hardest].at].payoff,
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
        relief=state.side[hardest].rewards,
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
