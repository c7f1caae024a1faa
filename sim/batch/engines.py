"""What plays the runs of a block: Mesa, the reference, or its compiled twin. Both leave the same rows.

An engine plays the first ``runs`` runs of what was drawn, with some gates held open (``relaxed``), and keeps every week
if asked to (``weekly``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from sim.ensemble import run_table
from sim.ensemble.run_table import Played
from sim.world.columns import Inputs, Luck, Names, World
from sim.world.draws import REFERENCE, Means

Engine = Callable[[World, Inputs, Luck, int, Collection[str], bool], Played]
DEFAULT = "compiled"
DEFAULT_RUNS = {"compiled": 20_000, "mesa": 2_000}
"""Runs of a batch that asks for no number, by engine."""


class BatchFailed(RuntimeError):
    """A batch cannot go on: not a run of it has failed, but all of them, or what plays them."""


def choose(names: Names, asked: str | None, tell: Callable[[str], None]) -> str:
    """Return the name of the engine that plays a world: the one asked for, else the default.

    An actor of a Python class of one's own (``agent:``) plays on Mesa alone.

    Raises
    ------
    ValueError
        If there is no such engine, or it cannot play this world.
    """
    if asked is not None and asked not in DEFAULT_RUNS:
        raise ValueError(f"{asked!r} is not an engine; allowed: {', '.join(DEFAULT_RUNS)}")
    own = [actor for actor, agent in zip(names.actors, names.agents, strict=True) if agent]
    if not own:
        return asked or DEFAULT
    why = f"actors.{own[0]}.agent names a Python class, so this scenario runs on Mesa"
    if asked == "compiled":
        raise ValueError(f"{why}, not on the engine compiled")
    if asked is None:
        tell(why)
    return "mesa"


def means(name: str) -> Means:
    """Return an engine's way of drawing."""
    if name != "compiled":
        return REFERENCE
    from sim.kernel import draws

    return draws.MEANS


def announce(name: str, tell: Callable[[str], None]) -> None:
    """Say that there will be a wait, if an engine has to be compiled first."""
    if name != "compiled":
        return
    from sim.kernel import kept_code

    if not kept_code.is_warm():
        tell("compiling the engine, once for this version; it takes some twenty seconds")


def engine_of(name: str) -> Engine:
    """Return an engine by its name."""
    return compiled if name == "compiled" else mesa


def mesa(
    structure: World, inputs: Inputs, luck: Luck, runs: int, relaxed: Collection[str] = (), weekly: bool = False
) -> Played:
    """Play runs one after another with Mesa."""
    from sim.model.negotiation import Negotiation

    trajectories = [Negotiation(structure, inputs, luck, run, relaxed).play() for run in range(runs)]
    numbers = [run_table.numbers(structure.missions, one.weekly, one.actors, one.at_start) for one in trajectories]
    return Played(
        np.array([row for row, _ in numbers]),
        np.array([seats for _, seats in numbers]),
        np.array([one.weekly for one in trajectories]) if weekly else None,
        np.array([one.actors for one in trajectories]) if weekly else None,
    )


def compiled(
    structure: World, inputs: Inputs, luck: Luck, runs: int, relaxed: Collection[str] = (), weekly: bool = False
) -> Played:
    """Play runs with the compiled kernel, which gives up the interpreter's lock.

    Raises
    ------
    BatchFailed
        If the kernel cannot be compiled.
    """
    from sim.kernel.kept_code import CannotCompile
    from sim.kernel.play import play

    try:
        return play(structure, inputs, luck, runs, relaxed, weekly)
    except CannotCompile as error:
        raise BatchFailed(f"the engine cannot be compiled here: {error}") from error
