"""Draw the inputs and the luck of a block of runs; both engines read these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.reading.errors import suggestion
from sim.scenario import priors
from sim.world import streams
from sim.world.columns import BlockLuck, Fill, Floats, Inputs, Ints, Luck, World

LUCK_COLUMN = "luck"


class Means(NamedTuple):
    """How an engine draws: ``fill`` gives luck, ``quantiles`` the values of priors. All engines draw the same.

    With ``as_it_plays`` the luck of a whole block is not drawn before somebody asks for it: the engine draws it itself.
    """

    fill: Fill
    quantiles: Callable[[Sequence[priors.Prior], Floats], Floats]
    as_it_plays: bool = False


REFERENCE = Means(streams.fill, priors.quantiles)


def draw(
    world: World,
    seed: int,
    block: int,
    quantiles: pd.DataFrame | None = None,
    values: pd.DataFrame | None = None,
    means: Means = REFERENCE,
    *,
    cycled: bool = False,
) -> tuple[Inputs, Luck]:
    """Return inputs and luck of one block of :data:`sim.world.streams.BLOCK` runs.

    ``quantiles`` (in [0, 1)) or ``values`` (numbers, or words for choices) replace inputs: a column for an input path,
    a row for a run. The optional column ``luck`` holds the number of the run whose luck a row gets. Runs beyond the
    table keep their own inputs and luck; with ``cycled`` quantiles, run r takes row r modulo rows instead. ``means``
    are an engine's way of drawing.

    Raises
    ------
    ValueError
        If a column is no input path, a value does not fit it, or the two tables differ in ``luck``.
    """
    first = block * streams.BLOCK
    given, fixed = _here(world, quantiles, first, cycled), _here(world, values, first)
    luck_rows = _luck_rows(first, given, fixed)
    uniform = _inputs_luck(world, seed, luck_rows, means.fill)
    column = {name: at for at, name in enumerate(world.names.inputs)}
    if given is not None:
        _check_quantiles(given)
        for name in given.columns.drop(LUCK_COLUMN, errors="ignore"):
            uniform[column[name], : len(given)] = given[name].to_numpy(dtype=np.float64)
    drawn = streams.empty((streams.BLOCK, len(world.names.inputs) + 1))
    drawn[:, :-1], drawn[:, -1] = means.quantiles(world.names.priors, uniform).T, 0.0
    if fixed is not None:
        for name in fixed.columns.drop(LUCK_COLUMN, errors="ignore"):
            coded = [priors.code_of(world.names.priors[column[name]], value) for value in fixed[name]]
            drawn[: len(coded), column[name]] = coded
    return Inputs(drawn), luck_of(world, seed, luck_rows, means)


def luck_of(world: World, seed: int, runs: Ints, means: Means = REFERENCE) -> Luck:
    """Return the luck of runs by their numbers; that of a block is not drawn yet where the engine does it itself."""
    if means.as_it_plays and _is_block(runs):
        return BlockLuck(seed, world.names.streams, int(runs[0]) // streams.BLOCK, world.rounds, means.fill)
    return Luck(gather(seed, world.names.streams, world.rounds, runs, means.fill))


def inputs_at(world: World, quantiles: Floats, means: Means = REFERENCE) -> Inputs:
    """Return the inputs of runs at quantiles of shape (inputs, runs)."""
    drawn = np.zeros((quantiles.shape[1], len(world.names.inputs) + 1))
    drawn[:, :-1] = means.quantiles(world.names.priors, quantiles).T
    return Inputs(drawn)


def quantiles_of(world: World, seed: int, runs: Ints, means: Means = REFERENCE) -> Floats:
    """Return the quantiles at which runs of any numbers draw their inputs, of shape (inputs, runs)."""
    return _inputs_luck(world, seed, runs, means.fill)


def _luck_rows(first: int, *tables: pd.DataFrame | None) -> Ints:
    """Return the numbers of the runs whose luck the runs of a block get: their own, but for what a table says."""
    luck_rows = np.arange(first, first + streams.BLOCK)
    numbered = [table[LUCK_COLUMN] for table in tables if table is not None and LUCK_COLUMN in table.columns]
    if len(numbered) == 2 and not numbered[0].equals(numbered[1]):
        raise ValueError(f"quantiles and values name different {LUCK_COLUMN}; one of them is enough")
    for rows in numbered[:1]:
        luck_rows[: len(rows)] = _run_numbers(rows)
    return luck_rows


def _here(world: World, table: pd.DataFrame | None, first: int, cycled: bool = False) -> pd.DataFrame | None:
    """Return the rows of a table that belong to a block; of a ``cycled`` one, its rows over and over."""
    if table is None:
        return None
    check_table(world, table)
    if cycled:
        return table.iloc[np.arange(first, first + streams.BLOCK) % len(table)]
    return table.iloc[first : first + streams.BLOCK]


def check_table(world: World, table: pd.DataFrame) -> None:
    """Check that every column of a table of quantiles or values is an input of ``world``, or ``luck``.

    Raises
    ------
    ValueError
        If a column is neither.
    """
    for name in table.columns:
        if name != LUCK_COLUMN and name not in world.names.inputs:
            raise ValueError(f"{name!r} is not an input; {suggestion(name, world.names.inputs)[:200]}")


def _run_numbers(rows: pd.Series) -> Ints:
    numbers = pd.to_numeric(rows, errors="coerce").to_numpy(dtype=np.float64)
    if not ((numbers >= 0.0) & (numbers < 2.0**53) & (numbers == np.floor(numbers))).all():
        raise ValueError(f"{LUCK_COLUMN} is the number of a run: whole, 0 or more")
    return numbers.astype(np.int64)


def _check_quantiles(table: pd.DataFrame) -> None:
    numbers = table.drop(columns=LUCK_COLUMN, errors="ignore").to_numpy(dtype=np.float64)
    if not ((numbers >= 0.0) & (numbers < 1.0)).all():
        raise ValueError("a quantile lies in [0, 1): 0 or more and below 1")


def input_quantiles(world: World, seed: int, runs: int) -> pd.DataFrame:
    """Return the quantiles at which runs 0 to ``runs`` - 1 draw their inputs: a row a run, a column an input."""
    uniform = _inputs_luck(world, seed, np.arange(runs), REFERENCE.fill)
    return pd.DataFrame(uniform.T, columns=list(world.names.inputs))


def _inputs_luck(world: World, seed: int, rows: Ints, fill: Fill) -> Floats:
    return gather(seed, input_streams(world.names.inputs), 1, rows, fill)[:, 0, :]


@lru_cache(maxsize=8)
def input_streams(inputs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the streams that inputs are drawn from, by their paths."""
    return tuple(f"input/{path}" for path in inputs)


def _is_block(rows: Ints) -> bool:
    """Return whether the numbers of runs are those of one block, in their order."""
    return bool(rows[0] % streams.BLOCK == 0 and np.array_equal(rows, rows[0] + np.arange(streams.BLOCK)))


def gather(seed: int, names: Sequence[str], rounds: int, rows: Ints, fill: Fill) -> Floats:
    """Return the luck of runs by their numbers, shape (names, rounds, runs), from any blocks."""
    if _is_block(rows):
        return fill(seed, names, int(rows[0]) // streams.BLOCK, rounds)
    blocks = np.unique(rows // streams.BLOCK)
    luck = np.empty((len(rows), rounds, len(names)))  # a run lies together, as compiled code draws and reads it
    for block in blocks:
        here = np.flatnonzero(rows // streams.BLOCK == block)
        luck[here] = fill(seed, names, int(block), rounds).transpose(2, 1, 0)[rows[here] % streams.BLOCK]
    return luck.transpose(2, 1, 0)
