"""Phase 1, compiled: the battlefield drifts, dated events happen, moods and posture move."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import chance, learning
from sim.rules import news as rule


@jit
def news(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.news`."""
    now, fixed, luck = state.now, state.fixed, state.luck
    shock = now.battlefield_sd * luck.battlefield
    now.battlefield = chance.drifted(now.battlefield, fixed.battlefield_mean, now.battlefield_kept, shock)
    # Events add up from nothing every week: subtracting and adding changes would leave a rounding error behind.
    state.shift[:] = 0.0
    for at in range(plan.shape.events):
        if now.week >= state.event_week[at]:
            state.shift[plan.event_quantity[at]] += state.event_change[at]
    _brood(plan, state)
    # Luck is drawn for every stream and round, used or not: a turn that happens shifts nobody else's luck.
    if luck.turn < now.turn_chance:
        upward = luck.turn_direction < fixed.broker_turn_upward
        size = fixed.broker_turn_size if upward else -fixed.broker_turn_size
        now.posture = rule.turned_posture(now.posture, fixed.broker_start, size)
        now.cap = min(queries.TOP_RUNG, now.cap + 1) if upward else now.cap
    _learn(plan, state)


@jit
def _brood(plan: Record, state: Record) -> None:
    """Let moods drift; those who have no luck of their own have none."""
    mood, kept, sd = state.seat.mood, state.now.mood_kept, state.now.mood_sd
    for at in range(plan.shape.lanes):
        drifted = chance.drifted(mood[at], 0.0, kept, sd * state.luck.mood[at])
        mood[at] = drifted if plan.actor_flag.moody[at] else 0.0


@jit
def _learn(plan: Record, state: Record) -> None:
    """Let all sides learn from the week's fighting; without learning they misjudge every week alike."""
    now, fixed, field = state.now, state.fixed, queries.fighting(state)
    if plan.shape.beliefs == 0:
        now.host_belief = learning.belief(now.host_belief, field, now.host_gain)
    else:
        now.host_belief = field - fixed.host_optimism
    for at in range(plan.shape.opponents):
        side = state.side[at]
        if plan.shape.beliefs == 0:
            side.belief = learning.belief(side.belief, field, side.gain)
        else:
            side.belief = field + state.opponent[at].optimism
