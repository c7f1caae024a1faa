"""How a number spreads over the runs of one scenario or of several: histograms, cumulative shares, ridges.

``sim.plots.distribution([a, b, c], "troops", by="mission")`` is all it takes. What is drawn is a share of all runs, so
that a scenario with few forces has a low curve, but for ridges, which show shapes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble.columns import RUN_COLUMNS
from sim.ensemble.ensemble import Ensemble
from sim.plots.colours import STAGES, ink, mixed
from sim.plots.style import (
    Look,
    PanelLook,
    Panels,
    canvas,
    in_reader_words,
    on_own_figure,
    outcome_words,
    panel_plot,
    panels,
    plot,
    stamp_sentence,
)
from sim.reading.plain_data import named as kind_of
from sim.words import label, listed

Ensembles = Ensemble | Sequence[Ensemble] | Mapping[str, Ensemble]
"""One, several, or several by the words that name them."""
Kind = Literal["histogram", "ecdf", "ridgeline"]
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
BINS, MOST_GROUPS, MOST_RIDGES = 24, 6, 24
MOST_WITHIN = 4
"""Entries of a legend that has room within the axes."""
FEWEST = 5
"""Runs from which on a ridge is drawn."""


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


@plot
def distribution(
    ensembles: Ensembles,
    what: str = "troops",
    by: str | None = None,
    kind: Kind = "histogram",
    **look: Unpack[Look],
) -> Axes:
    """Draw how a number spreads over the runs of one or several scenarios.

    Parameters
    ----------
    ensembles
        One ensemble, a list of them, or a mapping from words to ensembles.
    what
        A column of the table of runs (:data:`NUMBERS`), or ``weeks`` (of deployment), ``contributors``, ``size``.
    by
        A column of words or of yes and no by which to split, such as ``mission`` (:data:`GROUPS`): beyond the six most
        frequent, values count as others.
    kind
        ``histogram``: shares of all runs, stacked for one scenario that is split, else as outlines. ``ecdf``: the share
        of all runs with at most so much. ``ridgeline``: a row a scenario (and value of ``by``), each as high as any
        other, with its median; its share of the runs stands beside it.

    Raises
    ------
    ValueError
        If a name is unknown, or there is no ensemble.
    """
    known = named(ensembles)
    name = _column(what, by)
    if kind not in _KINDS:
        raise ValueError(f"kind {kind!r}: allowed are {', '.join(_KINDS)}")
    spreads = _spreads(known, name, by)
    beside = kind != "ridgeline" and len(spreads) > MOST_WITHIN
    size = {"height": _height(kind, len(spreads)), "width": 12.0 if beside else 9.0}
    axes = canvas(_title(known, name), _note(known, kind), **size)
    if not any(len(each.values) for each in spreads):
        axes.text(0.5, 0.5, "no run has one", ha="center", va="center", transform=axes.transAxes, color=ink.dark)
        axes.set_xlabel(_words(name))
        return axes
    _KINDS[kind](axes, spreads, by)
    axes.set_xlabel(_words(name))
    return axes


@panel_plot
def multiples(ensembles: Ensembles, what: str = "outcome", columns: int = 3, **look: Unpack[PanelLook]) -> Panels:
    """Draw many scenarios as small multiples, a panel each, all on the same scale, the first in grey behind the others.

    ``what`` is ``outcome`` (shares of runs by outcome), or a column as in :func:`distribution`.

    Raises
    ------
    ValueError
        If a name is unknown, or there is no ensemble.
    """
    known = named(ensembles)
    name = what if what == "outcome" else _column(what, None)
    rows = -(-len(known) // columns)
    bars = len(next(iter(known.values())).outcomes()) if what == "outcome" else 0
    high = 1.4 + rows * (0.5 + 0.22 * bars if bars else 2.2)
    first = next(iter(known))
    title = f"{_up(_of(name))}, {len(known)} scenarios" + (f" beside “{first}” (grey)" if len(known) > 1 else "")
    more = {"sharex": True, "sharey": True}
    across = min(columns, len(known))
    grid = panels(title, _note(known, "outcome" if bars else "histogram"), rows=rows, across=across, height=high,
                  width=3.4 * across + 1.0 * bool(bars), **more)  # fmt: skip
    draw = _outcome_panel if what == "outcome" else _histogram_panel(known, name)
    for axes, (words, ensemble) in zip(grid, known.items(), strict=False):
        draw(axes, ensemble, known[first] if words != first else None)
        share = ensemble.share("deployed")
        axes.set_title(f"{words}\nany force {share.probability:.0%}" if share else words, fontsize="medium")
    for axes in grid[len(known) :]:
        axes.remove()
    for axes in grid[max(0, len(known) - across) : len(known)]:
        axes.xaxis.set_tick_params(labelbottom=True)
        axes.set_xlabel("share of runs (%)" if bars else _words(name).replace(" when", "\nwhen").replace(", ", ",\n"))
    if not bars:
        grid[0].set_ylim(bottom=0)
    for axes in grid[::across]:
        axes.set_ylabel("" if bars else "share of runs (%)")
    return grid[: len(known)]


def _column(what: str, by: str | None) -> str:
    name = ALIASES.get(what, what) if isinstance(what, str) else what
    if not isinstance(what, str) or name not in NUMBERS:
        raise ValueError(f"{what!r} is no number of a run; allowed: {', '.join((*ALIASES, *NUMBERS))}")
    if by is not None and by not in GROUPS:
        raise ValueError(f"by={by!r} is nothing to split by; allowed: {', '.join(GROUPS)}")
    return name


def _spreads(known: Mapping[str, Ensemble], name: str, by: str | None) -> list[Spread]:
    """Return the values by scenario, and by group within, the most frequent of all scenarios first."""
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


def _values(table: pd.DataFrame, name: str) -> Floats:
    values = table[name].to_numpy(dtype=np.float64)
    return values / 1000.0 if name in THOUSANDS else values


def _edges(spreads: Iterable[Spread]) -> Floats:
    """Return the edges of bins: whole numbers where all values are whole and few, else rounded steps."""
    values = np.concatenate([each.values for each in spreads])
    low, high = float(values.min()), float(values.max())
    if bool(np.all(values == np.round(values))) and high - low <= 2 * BINS:
        return np.arange(low - 0.5, high + 1.0)
    rough = max((high - low) / BINS, 1e-9)
    scale = 10.0 ** np.floor(np.log10(rough))
    step = float(scale * next(each for each in (1, 2, 2.5, 5, 10) if each * scale >= rough))
    return np.arange(np.floor(low / step) * step, high + 1.5 * step, step)


def _histogram(axes: Axes, spreads: Sequence[Spread], by: str | None) -> None:
    edges = _edges(spreads)
    lone = len({each.name for each in spreads}) == 1
    colours = _colours(spreads, by)
    if lone:
        weights = [np.full(len(each.values), 100.0 / each.of) for each in spreads]
        axes.hist(
            [each.values for each in spreads], bins=list(edges), weights=weights, stacked=True, color=colours,
            edgecolor=ink.paper, linewidth=0.6, label=[_legend(each) for each in spreads],
        )  # fmt: skip
    else:
        for each, colour, line in zip(spreads, colours, _lines(spreads), strict=True):
            counts, _ = np.histogram(each.values, edges)
            axes.stairs(
                100.0 * counts / each.of, edges, color=colour, linewidth=1.8, linestyle=line, label=_legend(each)
            )
    axes.set_ylabel("share of all runs (%)")
    axes.set_ylim(bottom=0)
    _add_legend(axes, lone and by is None)


def _ecdf(axes: Axes, spreads: Sequence[Spread], by: str | None) -> None:
    right = max(float(each.values.max()) for each in spreads if len(each.values))
    left = min(float(each.values.min()) for each in spreads if len(each.values))
    for each, colour, line in zip(spreads, _colours(spreads, by), _lines(spreads), strict=True):
        across = np.concatenate([[left], np.sort(each.values), [right]])
        up = 100.0 * np.concatenate([[0.0], np.arange(1, len(each.values) + 1), [len(each.values)]]) / each.of
        axes.step(across, up, where="post", color=colour, linewidth=1.8, linestyle=line, label=_legend(each))
        # Massart's constant (1990) in the bound of Dvoretzky, Kiefer and Wolfowitz, over all runs.
        half = 100.0 * np.sqrt(np.log(2.0 / 0.05) / (2.0 * each.of))
        axes.fill_between(
            across, np.clip(up - half, 0.0, 100.0), up + half, step="post", color=colour, alpha=0.12, linewidth=0
        )
    axes.set_ylabel("share of all runs with\nat most so much (%)")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    _add_legend(axes, len(spreads) == 1)


def _ridgeline(axes: Axes, spreads: Sequence[Spread], by: str | None) -> None:
    rows = [each for each in spreads if by is None or len(each.values) >= FEWEST][:MOST_RIDGES]
    rows = rows or list(spreads[:1])
    edges = _edges(spreads)
    fine = np.linspace(edges[0], edges[-1], 240)
    colours = dict(zip(map(id, spreads), _colours(spreads, by), strict=True))
    for at, each in enumerate(rows):
        floor, colour = float(len(rows) - 1 - at), colours[id(each)]
        if len(each.values) >= FEWEST:
            curve = 0.9 * _smooth(each.values, fine, float(edges[1] - edges[0]))
            axes.fill_between(fine, floor, floor + curve, color=mixed(colour, ink.paper, 0.45), linewidth=0, zorder=-at)
            axes.plot(fine, floor + curve, color=colour, linewidth=1.5, zorder=-at)
            middle = float(np.median(each.values))
            top = floor + float(np.interp(middle, fine, curve))
            axes.plot([middle, middle], [floor, top], color=ink.dark, linewidth=1.2, zorder=-at)
        axes.text(
            1.01, floor + 0.1, f"{each.share:.1%} of runs", transform=axes.get_yaxis_transform(), fontsize="small"
        )
    axes.set_yticks(range(len(rows)), [_row(each) for each in reversed(rows)])
    axes.set_ylim(-0.1, len(rows) + 0.05)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


_KINDS: dict[str, Callable[[Axes, Sequence[Spread], str | None], None]] = {
    "histogram": _histogram,
    "ecdf": _ecdf,
    "ridgeline": _ridgeline,
}


def _smooth(values: Floats, fine: Floats, step: float) -> Floats:
    """Return a Gaussian kernel estimate, its highest place 1; the width is Silverman's (1986), at least half a bin."""
    spread = min(float(values.std()), float(np.subtract(*np.percentile(values, [75, 25]))) / 1.34 or np.inf)
    width = max(0.9 * spread * len(values) ** -0.2, 0.5 * step)
    counts, edges = np.histogram(values, bins=np.linspace(fine[0], fine[-1], 481))
    middles = (edges[1:] + edges[:-1]) / 2
    curve = np.exp(-0.5 * ((fine[:, None] - middles[None, :]) / width) ** 2) @ counts
    return np.asarray(curve / curve.max(), dtype=np.float64)


def _colours(spreads: Sequence[Spread], by: str | None) -> list[str]:
    """Return a colour for each: by group where they are split, else by scenario."""
    keys = [each.group if by else each.name for each in spreads]
    if by in ("rung_at_formation", "consent_at_formation", "rung", "consent", "rung_highest"):
        order = [label(word) for word in (*vocabulary.RUNGS, *vocabulary.CONSENTS)]
        ranked = sorted(dict.fromkeys(keys), key=lambda key: order.index(key) if key in order else -1)
        if len(ranked) <= len(STAGES):
            return [STAGES[ranked.index(key)] for key in keys]
    different = list(dict.fromkeys(keys))
    colours = ink.series(len(different))
    return [colours[different.index(key)] for key in keys]


def _lines(spreads: Sequence[Spread]) -> list[str]:
    """Return a style of line for each scenario where they are split by something, whose groups have the colours."""
    names = list(dict.fromkeys(each.name for each in spreads))
    split = any(each.group for each in spreads)
    styles = ("-", "--", ":", "-.")
    return [styles[names.index(each.name) % len(styles)] if split else "-" for each in spreads]


def _legend(each: Spread) -> str:
    return f"{_row(each)} ({each.share:.1%} of runs)"


def _row(each: Spread) -> str:
    return ": ".join(filter(None, (each.name, each.group)))


def _add_legend(axes: Axes, lone: bool) -> None:
    """Add a legend: within the Axes where it is short, else beside those of a figure of their own."""
    if lone:
        return
    if len(axes.get_legend_handles_labels()[1]) <= MOST_WITHIN or not on_own_figure():
        axes.legend(frameon=False, fontsize="small")
    else:
        axes.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.0)


def _outcome_panel(axes: Axes, ensemble: Ensemble, reference: Ensemble | None) -> None:
    counts = ensemble.outcomes()
    order = [*(name for name in counts if name not in vocabulary.OUTCOMES_WITHOUT_FORCE)]
    order += [name for name in vocabulary.OUTCOMES_WITHOUT_FORCE if name in counts]
    groups = ensemble.manifest["groups"]
    colours = [
        ink.blue if "european" in groups.get(name, ()) else ink.sky if "deployed" in groups.get(name, ()) else ink.grey
        for name in order
    ]
    height = np.arange(len(order))[::-1]
    if reference is not None:
        before = reference.outcomes()
        shares = [100.0 * before.get(name, 0) / max(1, len(reference)) for name in order]
        axes.barh(height, shares, color=mixed(ink.grey, ink.paper, 0.4), height=0.85)
    shares = [100.0 * counts[name] / max(1, len(ensemble)) for name in order]
    axes.barh(height, shares, color=colours, height=0.45)
    axes.set_yticks(height, [outcome_words(ensemble, name).replace("\n", " ") for name in order], fontsize="small")
    axes.set_xlim(0, 100)


def _histogram_panel(known: Mapping[str, Ensemble], name: str) -> Callable[[Axes, Ensemble, Ensemble | None], None]:
    values = {id(each): _values(_table(each, name, None), name) for each in known.values()}
    whole = [Spread("", "", each, 1) for each in values.values() if len(each)]
    edges = _edges(whole) if whole else np.array([0.0, 1.0])

    def draw(axes: Axes, ensemble: Ensemble, reference: Ensemble | None) -> None:
        if reference is not None:
            counts, _ = np.histogram(values[id(reference)], edges)
            shares = 100.0 * counts / max(1, len(reference))
            axes.stairs(shares, edges, fill=True, color=mixed(ink.grey, ink.paper, 0.4))
        counts, _ = np.histogram(values[id(ensemble)], edges)
        axes.stairs(100.0 * counts / max(1, len(ensemble)), edges, color=ink.blue, linewidth=1.6)

    return draw


def _words(name: str) -> str:
    return WORDS.get(name) or RUN_COLUMNS[name].meaning.partition(" (missing")[0]


def _of(name: str) -> str:
    return "outcomes" if name == "outcome" else _words(name).partition(" (")[0].partition(", from")[0]


def _title(known: Mapping[str, Ensemble], name: str) -> str:
    if len(known) == 1:
        return f"{_up(_of(name))}: {next(iter(known))}"
    several = listed(known) if len(known) <= 3 else f"{len(known)} scenarios"
    return f"{_up(_of(name))}: {several}"


def _note(known: Mapping[str, Ensemble], kind: str) -> str:
    each = "; ".join(
        f"{len(ensemble):,} runs of “{ensemble.manifest['scenario']}”, seed {ensemble.manifest['seed']}"
        for ensemble in list(known.values())[:4]
    )
    more = f"; {len(known) - 4} more" if len(known) > 4 else ""
    stamps = " ".join(dict.fromkeys(filter(None, (stamp_sentence(every.stamp) for every in known.values()))))
    return " ".join(filter(None, (stamps, f"{each}{more}.", _MEANS[kind])))


_MEANS = {
    "histogram": "Shares are of all runs, with a value or without.",
    "ecdf": "Shares are of all runs, with a value or without. Bands: 95% run noise of the whole curve (Dvoretzky, "
    "Kiefer and Wolfowitz).",
    "ridgeline": "Each row is scaled to its own highest place: compare shapes, not heights. Line: the median of runs "
    "that have a value. Smoothed with a Gaussian kernel; a row of fewer than five runs is left out or flat.",
    "outcome": "Each run has one outcome. Blue: European, light blue: other deployed force; grey bars: none.",
}


def _height(kind: str, rows: int) -> float:
    return 1.6 + 0.55 * min(rows, MOST_RIDGES) if kind == "ridgeline" else 4.6


def _up(words: str) -> str:
    return words[0].upper() + words[1:]
