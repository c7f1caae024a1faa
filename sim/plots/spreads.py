"""What distributions over runs are drawn from: the values of a column by scenario and group, their bins and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.columns import RUN_COLUMNS
from sim.ensemble.ensemble import Ensemble
from sim.plots.shares import stamp_sentence
from sim.plots.style import in_reader_words
from sim.reading.plain_data import named as kind_of
from sim.words import label

Ensembles = Ensemble | Sequence[Ensemble] | Mapping[str, Ensemble]
"""One, several, or several by the words that name them."""
Floats = NDArray[np.float64]

ALIASES = {"weeks": "deployed_week", "contributors": "states", "size": "troops"}
"""What people call a column, and its name."""
WORDS = {
    "troops": "troops of the first deployed force when it formed (thousand)",
    "european_troops": "European troops of the first deployed force when it formed (thousand)",
    "pledged_troops": "troops pledged at the horizon (thousand)",
    "troops_at_horizon": "troops in the field at the horizon (thousand)",
    "states": "states that contribute to the first deployed force",
    "ceasefire_week": "week of the first ceasefire, from the start",
    "deployed_week": "week in which a deployed force formed, from the start",
    "european_week": "week in which a European force formed, from the start",
    "observer_week": "week in which observers deployed, from the start",
    "training_week": "week in which training began, from the start",
}
"""Words of the axis; other columns have their meaning."""
THOUSANDS = frozenset(name for name, words in WORDS.items() if words.endswith("(thousand)"))
NUMBERS = tuple(
    name for name, column in RUN_COLUMNS.items() if column.holds.startswith(("number", "count")) and name != "reached"
)
"""Columns that spread over numbers."""
GROUPS = tuple(
    name for name, column in RUN_COLUMNS.items() if column.holds in ("outcome", "mission", "rung", "consent", "flag")
)
"""Columns by which they may be split."""
BINS, MOST_GROUPS = 24, 6
ALL_RUNS = "Shares are of all runs, with a value or without."


class Spread(NamedTuple):
    """The values of some runs, under a name, and how many runs they are of."""

    name: str
    group: str
    values: Floats
    of: int

    @property
    def share(self) -> float:
        """What share of the runs has a value."""
        return len(self.values) / self.of if self.of else 0.0


def named(ensembles: Ensembles) -> dict[str, Ensemble]:
    """Return ensembles by the words that name them, which are those of their scenarios unless they are given.

    Raises
    ------
    ValueError
        If there is none.
    TypeError
        If one is no ensemble.
    """
    several = [ensembles] if isinstance(ensembles, Ensemble) else _values_of(ensembles)
    if isinstance(ensembles, Mapping):
        by_name = dict(zip(map(str, ensembles), several, strict=True))
    else:
        names = [label(str(each.manifest["scenario"])) for each in several]
        again = {name for name in names if names.count(name) > 1}
        by_name = {
            f"{name}, number {at + 1}" if name in again else name: each
            for at, (name, each) in enumerate(zip(names, several, strict=True))
        }
    if not by_name:
        raise ValueError("a distribution needs at least one ensemble, such as sim.run('baseline')")
    return by_name


def _values_of(ensembles: Sequence[Ensemble] | Mapping[str, Ensemble]) -> list[Ensemble]:
    many = isinstance(ensembles, Iterable) and not isinstance(ensembles, str | pd.DataFrame)
    several: list[object] = (
        list(ensembles.values() if isinstance(ensembles, Mapping) else ensembles) if many else [ensembles]
    )
    strange = [each for each in several if not isinstance(each, Ensemble)]
    if strange:
        raise TypeError(f"a distribution is that of ensembles, such as sim.run('baseline'), got {kind_of(strange[0])}")
    return [each for each in several if isinstance(each, Ensemble)]


def column_of(what: str, by: str | None = None) -> str:
    """Return the column of a number, which may go by an alias.

    Raises
    ------
    ValueError
        If it is no number of a run, or ``by`` is nothing to split by.
    """
    name = ALIASES.get(what, what) if isinstance(what, str) else what
    if not isinstance(what, str) or name not in NUMBERS:
        raise ValueError(f"{what!r} is no number of a run; allowed: {', '.join((*ALIASES, *NUMBERS))}")
    if by is not None and by not in GROUPS:
        raise ValueError(f"by={by!r} is nothing to split by; allowed: {', '.join(GROUPS)}")
    return name


def spreads_of(known: Mapping[str, Ensemble], name: str, by: str | None) -> list[Spread]:
    """Return the values by scenario, and by group within each, the group that is most frequent in all of them first."""
    tables = {words: _table(ensemble, name, by) for words, ensemble in known.items()}
    if by is None:
        return [Spread(words, "", _values(table, name), len(known[words])) for words, table in tables.items()]
    order = pd.concat([table["group"] for table in tables.values()]).value_counts().index.tolist()
    kept = order[: MOST_GROUPS if len(order) <= MOST_GROUPS else MOST_GROUPS - 1]
    spreads = []
    for words, table in tables.items():
        groups = table["group"].where(table["group"].isin(kept), "others")
        every = [*kept, *(["others"] if len(order) > len(kept) else [])]
        spreads += [Spread(words, each, _values(table[groups == each], name), len(known[words])) for each in every]
    return spreads


def _table(ensemble: Ensemble, name: str, by: str | None) -> pd.DataFrame:
    """Return the runs that have a value, with the group of each in words."""
    table = ensemble.read([name, *([by] if by and by != name else [])])
    table = table[table[name].notna()]
    return table if by is None else table.assign(group=[_group(ensemble, by, value) for value in table[by]])


def _group(ensemble: Ensemble, by: str, value: object) -> str:
    if RUN_COLUMNS[by].holds == "flag":
        return f"{label(by)}: {'yes' if value else 'no'}"
    if not isinstance(value, str):
        return "none"
    return in_reader_words(value, ensemble.called(value))


def values_of(ensemble: Ensemble, name: str) -> Floats:
    """Return the values of a column, of the runs that have one."""
    return _values(_table(ensemble, name, None), name)


def _values(table: pd.DataFrame, name: str) -> Floats:
    values = table[name].to_numpy(dtype=np.float64)
    return values / 1000.0 if name in THOUSANDS else values


def bin_edges(several: Iterable[Floats]) -> Floats:
    """Return the edges of bins: whole numbers where all values are whole and few, else rounded steps."""
    values = np.concatenate(list(several))
    low, high = float(values.min()), float(values.max())
    if bool(np.all(values == np.round(values))) and high - low <= 2 * BINS:
        return np.arange(low - 0.5, high + 1.0)
    rough = max((high - low) / BINS, 1e-9)
    scale = 10.0 ** np.floor(np.log10(rough))
    step = float(scale * next(each for each in (1, 2, 2.5, 5, 10) if each * scale >= rough))
    return np.arange(np.floor(low / step) * step, high + 1.5 * step, step)


def axis_words(name: str) -> str:
    """Return what a column is called along an axis."""
    return WORDS.get(name) or RUN_COLUMNS[name].meaning.partition(" (missing")[0]


def title_words(name: str) -> str:
    """Return what a column is called in a title."""
    return axis_words(name).partition(" (")[0].partition(", from")[0]


def note_of_runs(known: Mapping[str, Ensemble], means: str) -> str:
    """Return the note below a figure of several ensembles: their runs, then what is drawn."""
    each = "; ".join(
        f"{len(ensemble):,} runs of “{ensemble.manifest['scenario']}”, seed {ensemble.manifest['seed']}"
        for ensemble in list(known.values())[:4]
    )
    more = f"; {len(known) - 4} more" if len(known) > 4 else ""
    stamps = " ".join(dict.fromkeys(filter(None, (stamp_sentence(every.stamp) for every in known.values()))))
    return " ".join(filter(None, (stamps, f"{each}{more}.", means)))
