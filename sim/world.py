"""A scenario turned into arrays, and the draws; read by both engines.

:class:`World` is the structure of a batch and fixed for it: who is there, who leans on whom, and in which column of the
inputs each number stands. :func:`draw` gives one block of runs its inputs and its luck. Names stand apart in
:class:`Names`; everything else is numbers, so that compiled code can read it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim import priors, streams
from sim.building import PROCEDURES, build
from sim.columns import (
    RULES,
    ActorColumns,
    BrokerColumns,
    EdgeColumns,
    EventColumns,
    Floats,
    HostColumns,
    Inputs,
    Ints,
    Luck,
    MissionColumns,
    Names,
    OpponentColumns,
    RuleNames,
    ScaleColumns,
    StreamRows,
    World,
)

__all__ = [
    "LUCK_COLUMN",
    "PROCEDURES",
    "RULES",
    "ActorColumns",
    "BrokerColumns",
    "EdgeColumns",
    "EventColumns",
    "Floats",
    "HostColumns",
    "Inputs",
    "Ints",
    "Luck",
    "MissionColumns",
    "Names",
    "OpponentColumns",
    "RuleNames",
    "ScaleColumns",
    "StreamRows",
    "World",
    "build",
    "check_table",
    "draw",
    "input_quantiles",
]

LUCK_COLUMN = "luck"


def draw(
    world: World,
    seed: int,
    block: int,
    quantiles: pd.DataFrame | None = None,
    values: pd.DataFrame | None = None,
) -> tuple[Inputs, Luck]:
    """Return inputs and luck of one block of :data:`sim.streams.BLOCK` runs.

    ``quantiles`` (in [0, 1)) or ``values`` (numbers, or words for choices) replace inputs: a column for an input path,
    a row for a run, and, if wanted, the column ``luck`` with the number of the run whose luck it gets. Rows beyond the
    table keep their own inputs and luck.

    Raises
    ------
    ValueError
        If a column is no input path, or a value does not fit it.
    """
    first = block * streams.BLOCK
    given = {"quantiles": _here(world, quantiles, first), "values": _here(world, values, first)}
    _check_quantiles(given["quantiles"])
    luck_rows = np.arange(first, first + streams.BLOCK)
    numbered = [table[LUCK_COLUMN] for table in given.values() if LUCK_COLUMN in table.columns]
    if len(numbered) == 2 and not numbered[0].equals(numbered[1]):
        raise ValueError(f"quantiles and values name different {LUCK_COLUMN}; one of them is enough")
    for rows in numbered[:1]:
        luck_rows[: len(rows)] = _run_numbers(rows)
    uniform = _inputs_luck(world, seed, luck_rows)
    drawn = np.zeros((streams.BLOCK, len(world.names.inputs) + 1))
    for column, (name, prior) in enumerate(zip(world.names.inputs, world.names.priors, strict=True)):
        if name in given["quantiles"].columns:
            uniform[column, : len(given["quantiles"])] = given["quantiles"][name].to_numpy(dtype=np.float64)
        drawn[:, column] = priors.quantile(prior, uniform[column])
        if name in given["values"].columns:
            coded = [priors.coded(prior, value) for value in given["values"][name]]
            drawn[: len(coded), column] = coded
    return Inputs(drawn), Luck(_gather(seed, world.names.streams, world.rounds, luck_rows))


def _here(world: World, table: pd.DataFrame | None, first: int) -> pd.DataFrame:
    """Return the rows of a table that fall to a block."""
    if table is None:
        return pd.DataFrame()
    check_table(world, table)
    return table.iloc[first : first + streams.BLOCK]


def check_table(world: World, table: pd.DataFrame) -> None:
    """Check that every column of a table of quantiles or values is an input of ``world``, or ``luck``."""
    from sim.reading import suggestion

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
    uniform = _inputs_luck(world, seed, np.arange(runs))
    return pd.DataFrame(uniform.T, columns=list(world.names.inputs))


def _inputs_luck(world: World, seed: int, rows: Ints) -> Floats:
    return _gather(seed, tuple(f"input/{path}" for path in world.names.inputs), 1, rows)[:, 0, :]


def _gather(seed: int, names: Sequence[str], rounds: int, rows: Ints) -> Floats:
    found = np.empty((len(names), rounds, len(rows)))
    for block in np.unique(rows // streams.BLOCK):
        here = np.flatnonzero(rows // streams.BLOCK == block)
        inside = rows[here] % streams.BLOCK
        whole = len(here) == streams.BLOCK and bool((np.diff(inside) == 1).all())
        for at, name in enumerate(names):
            luck = streams.uniforms(seed, name, int(block), rounds)
            found[at][:, here] = luck if whole else luck[:, inside]
    return found
