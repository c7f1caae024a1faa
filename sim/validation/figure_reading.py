"""Compare a second reading of published figures, and of the orders that documents state, with the numbers of a config.

The second reader had the records, the documents and the brief (``seeds/recoded/brief_figures.md``), but no value of the
configs and no reason for one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import pandas as pd
from pydantic import Field, model_validator

from sim.ensemble.shares import share
from sim.reading.files import read_yaml, shipped_folder
from sim.reading.pydantic_errors import Entry, validated
from sim.scenario.priors import Prior
from sim.scenario.scenario import Leaf, Scenario

NEITHER = "neither"


class _Figure(Entry):
    number: str
    low: float | None = None
    likely: float | None = None
    high: float | None = None
    shares: dict[str, float] | None = None
    bears: Literal["well", "partly", "hardly"]
    note: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> _Figure:
        if (self.shares is None) == (None in (self.low, self.likely, self.high)):
            raise ValueError("a figure has low, likely and high, or shares of words")
        return self


class _Order(Entry):
    pair: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    more: str
    note: str | None = None


class _Settled(Entry):
    why: str


class _Settlements(Entry):
    settled: dict[str, _Settled]


class _Reading(Entry):
    figures: dict[str, _Figure]
    orders: dict[str, _Order]


class Agreement(NamedTuple):
    """How far two readings agree: tables of figures and of orders, and a sentence."""

    figures: pd.DataFrame
    orders: pd.DataFrame
    sentence: str


def agreement(scenario: Scenario, folder: Path | None = None) -> Agreement:
    """Return how far the second reading agrees with ``scenario``, by default the one shipped.

    Figures have the columns ``number``, ``first`` and ``second`` (the two readings), ``bears`` (how far the second
    reader thought that the records bear on it), ``overlap`` (what both intervals share of what either holds; of words,
    the shares in common), ``inside`` (whether each likely value lies in the other's interval) and ``settled`` (how a
    difference was settled). Orders have ``number``, ``other``, ``first`` and ``second`` (the one that either reading
    calls more) and ``agrees``. Numbers that are no longer anchored, or orders no longer stated, are left out.

    Raises
    ------
    InputError
        If the file cannot be read or has faults.
    """
    home = folder or shipped_folder("seeds") / "recoded"
    read, settled = (
        validated(_Reading, read_yaml(home / "figures.yaml")),
        validated(_Settlements, read_yaml(home / "settled_figures.yaml")).settled,
    )
    stated = {leaf.inherited or leaf.path: leaf for leaf in scenario.leaves.values()}
    figures = pd.DataFrame(
        [_figure(each, stated[each.number]) for each in read.figures.values() if _is_anchored(stated, each.number)]
    )
    figures["settled"] = [settled[number].why if number in settled else None for number in figures["number"]]
    orders = pd.DataFrame([row for each in read.orders.values() for row in _order(scenario, each)])
    return Agreement(figures, orders, _sentence(figures, orders))


def _is_anchored(stated: dict[str, Leaf], number: str) -> bool:
    return number in stated and bool(stated[number].reasons.anchor)


def _figure(read: _Figure, leaf: Leaf) -> dict[str, object]:
    about = {"number": read.number, "first": str(leaf.prior), "bears": read.bears}
    if read.shares is not None:
        second = {word: read.shares.get(word, 0.0) for word in leaf.prior.words}
        common = sum(min(mine, its) for mine, its in zip(leaf.prior.numbers, second.values(), strict=True))
        shown = " / ".join(f"{word} {each:.0%}" for word, each in second.items() if each)
        return {**about, "second": shown, "overlap": common, "inside": common >= 0.5}
    low, likely, high = (float(bound or 0.0) for bound in (read.low, read.likely, read.high))
    mine = _interval(leaf.prior)
    inside = mine[0] <= likely <= mine[2] and low <= mine[1] <= high
    return {**about, "second": f"{low:g} .. {likely:g} .. {high:g}", "overlap": _overlap(mine, low, high),
            "inside": inside}  # fmt: skip


def _interval(prior: Prior) -> tuple[float, float, float]:
    middle = prior.numbers[1] if len(prior.numbers) == 3 else (prior.low + prior.high) / 2.0
    return prior.low, middle, prior.high


def _overlap(mine: tuple[float, float, float], low: float, high: float) -> float:
    """Return what two intervals share over what either holds; 1 for the same point."""
    either = max(mine[2], high) - min(mine[0], low)
    both = min(mine[2], high) - max(mine[0], low)
    return max(0.0, both) / either if either > 0.0 else 1.0


def _order(scenario: Scenario, read: _Order) -> list[dict[str, object]]:
    """Return the row of an order that the scenario states between the two numbers, if it states one."""
    for number, other in (read.pair, read.pair[::-1]):
        leaf = scenario.leaves.get(number)
        if leaf is None or other not in (*leaf.reasons.more_than, *leaf.reasons.less_than):
            continue
        more = number if other in leaf.reasons.more_than else other
        return [{"number": number, "other": other, "first": more, "second": read.more, "agrees": read.more == more}]
    return []


def _sentence(figures: pd.DataFrame, orders: pd.DataFrame) -> str:
    inside = share(int(figures["inside"].sum()), len(figures))
    agree = share(int(orders["agrees"].sum()), len(orders))
    against = int((~orders["agrees"] & (orders["second"] != NEITHER)).sum())
    return (
        f"Of {inside.of} numbers with published figures, a second reader's likely value and ours lie in each other's "
        f"range for {inside.probability:.0%} ({inside.low:.0%} to {inside.high:.0%}), and the ranges share "
        f"{figures['overlap'].median():.0%} at the median; of {agree.of} orders the reader has {agree.probability:.0%} "
        f"({agree.low:.0%} to {agree.high:.0%}) the same way, {against} the other way, and no order in the rest."
    )
