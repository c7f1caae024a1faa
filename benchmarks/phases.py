"""The budget of a run of the compiled engine, in nanoseconds by phase, and the draws: `python benchmarks/phases.py`.

Each phase is called some times over on states that runs pass through, each in another week, in which it finds about the
work that it has in a run; what is left of the whole after all phases is the record, the row of the run, and calling.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import measuring
import numba
import numpy as np

import sim
from sim import vocabulary, world
from sim.kernel import draws, play, start
from sim.kernel import luck as lucky
from sim.kernel.compiling import jit
from sim.kernel.luck_source import FOUR, Space, source, space
from sim.kernel.run_record import fresh
from sim.kernel.world_record import plan, sizes
from sim.world import streams

PHASES: dict[str, Callable[[Any, Any], None]] = {
    name: getattr(import_module(f"sim.kernel.{name}"), name) for name in vocabulary.PHASES
}
LAST = len(PHASES)
AGAIN = 50
STATES = 104


def caller(phase: Callable[..., None]) -> Callable[..., None]:
    """Return a compiled function that calls a phase on each of many states."""

    def call(plans: Any, states: Any) -> None:
        for at in range(len(states)):
            for _ in range(AGAIN):
                phase(plans[0], states[at])

    compiled: Callable[..., None] = numba.njit(call)
    return compiled


def _then(before: Callable[..., None], number: int, phase: Callable[..., None]) -> Callable[..., None]:
    """Return the function that plays the phases before this one, and this one if its number is below ``stop``."""

    def some(planned: Any, state: Any, stop: int) -> None:
        before(planned, state, stop)
        if stop > number:
            phase(planned, state)

    return jit(some)


@jit
def _begin_round(planned: Any, state: Any, stop: int) -> None:
    state.now.week = (state.now.round + 1) * state.now.round_weeks


_some = _begin_round
for _number, _phase in enumerate(PHASES.values()):
    _some = _then(_some, _number, _phase)


@numba.njit
def _states(plans: Any, states: Any, inputs: Any, source: Any, luck: Space, before: int) -> None:
    """Leave in ``states`` runs as they stand before phase number ``before`` of a round of their own."""
    for run in range(len(states)):
        start.start(plans[0], states[run], inputs[run])
        if run % FOUR == 0:
            lucky.draw(source, run, luck)
        lucky.take(states[run].first_luck, luck.luck[run % FOUR, 0])
        for now in range(run % plans[0].shape.rounds + 1):
            lucky.take(states[run].luck, luck.luck[run % FOUR, now])
            stop = before if now == run % plans[0].shape.rounds else LAST
            _some(plans[0], states[run], stop)
            states[run].now.round += 1


def budget(scenario: str, repeats: int) -> dict[str, float]:
    """Return nanoseconds a run by phase, for the draws, for everything, and what is left."""
    structure = world.build(sim.load(scenario))
    inputs, luck = world.draw(structure, 1, 0, means=draws.MEANS)
    size, rounds, luck_of = sizes(structure), structure.rounds, source(structure, luck)
    planned = plan(structure, size)
    found: dict[str, float] = {}
    for number, name in enumerate(vocabulary.PHASES):
        states = np.concatenate([fresh(size) for _ in range(STATES)])
        _states(planned, states, inputs.values, luck_of, space(luck_of, rounds), number)
        call, calls = caller(PHASES[name]), AGAIN * STATES
        found[name] = rounds * _best(lambda call=call, states=states: call(planned, states), repeats) / calls
    found["beginning"] = _best(lambda: _begin(planned, fresh(size), inputs.values), repeats) / streams.BLOCK
    whole = _best(lambda: play(structure, inputs, luck, streams.BLOCK), repeats) / streams.BLOCK
    found["luck"] = _best(lambda: _draw(luck_of, space(luck_of, rounds)), repeats) / streams.BLOCK
    found["record, row"] = whole - sum(found.values())
    found["inputs drawn"] = _best(lambda: world.draw(structure, 1, 0, means=draws.MEANS), repeats) / streams.BLOCK
    return found | {"whole": whole + found["inputs drawn"]}


@numba.njit
def _begin(plans: Any, states: Any, inputs: Any) -> None:
    for run in range(512):
        start.start(plans[0], states[0], inputs[run])


@numba.njit
def _draw(source: Any, luck: Space) -> None:
    for run in range(0, 512, FOUR):
        lucky.draw(source, run, luck)


def _best(work: Callable[[], Any], repeats: int) -> float:
    """Return the least processor time of the work, in nanoseconds, after a first go to compile."""
    work()
    taken = []
    for _ in range(repeats):
        begun = time.thread_time_ns()
        work()
        taken.append(time.thread_time_ns() - begun)
    return float(min(taken))


def main() -> None:
    """Print the budget."""
    parser = measuring.parser(__doc__)
    parser.add_argument("scenario", nargs="?", default="baseline")
    parser.add_argument("--repeats", type=measuring.positive, default=7)
    asked = parser.parse_args()
    found = budget(asked.scenario, asked.repeats)
    if asked.json:
        measuring.tell({"scenario": asked.scenario, "nanoseconds_a_run": found}, as_json=True)
        return
    print(f"processors {measuring.processors()}; one is used")
    for name, nanoseconds in found.items():
        print(f"{name:22} {nanoseconds:10,.0f} ns  {nanoseconds / found['whole']:6.1%}")


if __name__ == "__main__":
    main()
