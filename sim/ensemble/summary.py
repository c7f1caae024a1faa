"""Numbers that describe an ensemble: shares, outcomes, weeks, contributors, what was missing, and the plain summary."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import aggregates, force_kind, shares
from sim.ensemble.aggregates import Condition, Question
from sim.ensemble.columns import HORIZONS
from sim.ensemble.event_grammar import check_text
from sim.ensemble.events import Event, event
from sim.ensemble.force_kind import ForceKind
from sim.ensemble.shares import Share
from sim.ensemble.table_store import TableStore, check_columns
from sim.words import Names, called

GROUPS = ("deployed", "european")
APART = (
    "in_place_at_horizon",
    "held",
    "truce_broke",
    "with_russian_consent",
    "without_russian_consent",
    "escalated",
    "alliance_strained",
)
"""What is reported apart from the outcomes."""

_BY_WEEK = {"first_ceasefire": "ceasefire", "deployed": "deployed", "european": "european"}
_WITHOUT: Question = (Condition("in_place_at_horizon", "no"),)
_MISSING: dict[str, Question] = {gate: (*_WITHOUT, Condition(f"missing_{gate}", "yes")) for gate in vocabulary.GATES}
_WITH_TROOPS: Question = (Condition("troops", "known"),)
_IN_PLACE: Question = (Condition("in_place_at_horizon", "yes"),)


def question(what: str, columns: Collection[str], missions: Iterable[str], by_week: float | None = None) -> Question:
    """Return the question whether an event came about, of runs with these columns, under a scenario's missions.

    Raises
    ------
    InputError
        If it is no event, with every mistake and what is allowed.
    """
    check_text(what)
    if what in aggregates.EVENTS or what in columns:
        return aggregates.came_about(what, by_week)
    return (event(what, missions, by_week=by_week),)


class _Mission(NamedTuple):
    name: str


class Summary:
    """Counts runs of an ensemble piece by piece; of tables that never change, it remembers what it counted.

    Parameters
    ----------
    store
        The tables.
    manifest
        What was run; ``horizon_weeks`` and ``groups``, by mission, are read from it.
    """

    def __init__(self, store: TableStore, manifest: dict[str, Any]) -> None:
        self._store, self._manifest = store, manifest
        self._remembered: dict[Any, Any] = {}

    def share(
        self, what: str, given: str | None = None, by_week: float | None = None, given_by_week: float | None = None
    ) -> Share | None:
        """Return the share of runs in which ``what`` came about, by a week, among those with ``given``, by a week.

        None if there are no such runs.

        Raises
        ------
        InputError
            If one of them is no event, with every mistake and what is allowed.
        ValueError
            If a week is no number, or before the first.
        """
        for week in (by_week, given_by_week):
            if week is not None and (isinstance(week, bool) or not isinstance(week, Real) or not week >= 0):
                raise ValueError(f"a week is a number, such as 12, got {week!r}")
        among = self.question(given, given_by_week) if given else ()
        both = (*among, *self.question(what, by_week))
        counts = self.counts([both, among])
        return shares.share(counts[both], counts[among]) if counts[among] else None

    def event(self, text: str, by_week: float | None = None) -> Event:
        """Return the event that a text means for the missions of these runs; see :func:`sim.ensemble.events.event`."""
        names = Names(**self._manifest.get("names", {}))
        config = self._manifest.get("config", {}).get("missions", {})
        missions = {mission: _Mission(called(config, mission)) for mission in self._manifest.get("groups", ())}
        return event(text, missions, by_week=by_week, names=names)

    def question(self, what: str, by_week: float | None = None) -> Question:
        """Return the question whether an event came about, by a week if one is given.

        A single name is an event or a column; anything else is an expression.
        """
        return question(what, self._store.columns("runs"), tuple(self._manifest.get("groups", ())), by_week)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain summary, without the range over inputs; see ``docs/reference/json.md``.

        Raises
        ------
        ValueError
            If there are no runs.
        """
        about, runs = self._manifest, self._store.rows("runs")
        return {
            "scenario": about["scenario"],
            "runs": runs,
            "seed": about["seed"],
            "engine": about["engine"],
            "horizon_weeks": about["horizon_weeks"],
            "groups": {group: self._group(group) for group in GROUPS},
            "outcomes": {name: _counted(shares.share(count, runs)) for name, count in self.outcomes().items()},
            "ceasefire": _interval(self.share("ceasefire")),
            "weekly": self.by_week(),
            "apart": {name: _counted(self.share(name)) for name in APART},
            "contributors": self.contributors().to_dict("index"),
            "troops": self.troops(),
            "troops_at_horizon": self.troops_at_horizon(),
            "force_kind": force_kind.as_dict(self.force_kind()),
        }

    def outcomes(self) -> dict[str, int]:
        """Return the number of runs by outcome, every possible outcome named; they sum to the number of runs."""
        asked = self._outcomes()
        counts = self.counts(asked.values())
        return {name: counts[question] for name, question in asked.items()}

    def by_week(self) -> dict[str, list[int] | list[float]]:
        """Return the share of runs in which a ceasefire, a deployment, a European force had begun by each week."""
        weeks, runs = self._weeks(), self._store.rows("runs")
        counts = self.counts(aggregates.came_about(what, week) for what in _BY_WEEK.values() for week in weeks)
        table: dict[str, list[int] | list[float]] = {"week": weeks}
        for name, what in _BY_WEEK.items():
            table[name] = [counts[aggregates.came_about(what, week)] / runs for week in weeks]
        return table

    def contributors(self) -> pd.DataFrame:
        """Return, by actor, the share of runs in which it is pledged at the horizon, and was in a deployed force."""
        flags = ["pledged", "deployed"]

        def count() -> pd.DataFrame:
            return aggregates.shares(self._store.tables("actors", ["actor", *flags], ["actor"]), "actor", flags)

        table: pd.DataFrame = self._once("contributors", count)
        return table.copy()

    def missing(self) -> pd.Series:
        """Return, by gate, the share of runs without a force at the horizon that lack it; most often missing first."""
        counts = self.counts([_WITHOUT, *_MISSING.values()])
        without = max(1, counts[_WITHOUT])
        by_gate = {gate: counts[question] / without for gate, question in _MISSING.items()}
        return pd.Series(by_gate, name="missing").sort_values(ascending=False, kind="stable")

    def troops(self) -> dict[str, float] | None:
        """Return median, p10 and p90 of the troops of forces that formed; None if none did."""
        forces = self.counts([_WITH_TROOPS])[_WITH_TROOPS]
        if not forces:
            return None
        sizes = self._once("troops", lambda: aggregates.quantiles(self._sizes, forces, (0.5, 0.1, 0.9)))
        return dict(zip(("median", "p10", "p90"), sizes, strict=True))

    def troops_at_horizon(self) -> dict[str, float] | None:
        """Return median, p10 and p90 of the troops in the field at the horizon, where there is a force; else None."""
        forces = self.counts([_IN_PLACE])[_IN_PLACE]
        if not forces:
            return None
        places = (0.5, 0.1, 0.9)
        sizes = self._once("troops_at_horizon", lambda: aggregates.quantiles(self._sizes_at_horizon, forces, places))
        return dict(zip(("median", "p10", "p90"), sizes, strict=True))

    def force_kind(self) -> ForceKind:
        """Return what European forces are like when they form."""
        kind: ForceKind = self._once("force_kind", lambda: force_kind.force_kind(self._store))
        return kind

    def counts(self, asked: Iterable[Question]) -> dict[Question, int]:
        """Return how many runs meet each of some questions, and perhaps others.

        Of tables that never change, the first pass counts all that is usual, and every count is remembered.

        Raises
        ------
        ValueError
            If a question is about a column that the table of runs does not have.
        """
        counts: dict[Any, Any] = self._remembered if self._store.unchanging else {}
        counts[()] = self._store.rows("runs")
        new = {question for question in asked if question not in counts}
        if new:
            new |= self._usual() if self._store.unchanging else set()
            columns = sorted({name for question in new for name in aggregates.columns_of(question)})
            check_columns(self._store, "runs", columns)
            counts |= aggregates.count(self._store.tables("runs", columns), new)
        return counts

    def _usual(self) -> set[Question]:
        """Return all that a summary and the tables of a report ask."""
        weeks = self._weeks()
        asked = {*self._outcomes().values(), *_MISSING.values(), _WITHOUT, _IN_PLACE, _WITH_TROOPS}
        asked |= {aggregates.came_about(name) for name in (*GROUPS, *APART)}
        asked |= {aggregates.came_about(what, week) for what in _BY_WEEK.values() for week in weeks}
        for week in (None, *(week for week in weeks if week in (*HORIZONS.values(), weeks[-1]))):
            ceasefire = aggregates.came_about("ceasefire", week)
            asked |= {ceasefire, *((*ceasefire, *aggregates.came_about(group, week)) for group in GROUPS)}
        return asked

    def _once(self, name: str, compute: Callable[[], Any]) -> Any:
        """Return what is computed; of tables that never change, it is remembered."""
        if not self._store.unchanging:
            return compute()
        if name not in self._remembered:
            self._remembered[name] = compute()
        return self._remembered[name]

    def _weeks(self) -> list[int]:
        return list(range(1, int(self._manifest["horizon_weeks"]) + 1))

    def _outcomes(self) -> dict[str, Question]:
        missions = [name for name, groups in self._manifest["groups"].items() if "deployed" in groups]
        names = (*missions, *vocabulary.OUTCOMES_WITHOUT_FORCE)
        return {name: (Condition("outcome", "is", name),) for name in names}

    def _group(self, group: str) -> dict[str, Any]:
        given = self.share(group, given="ceasefire")
        return {**_interval(self.share(group)), "given_ceasefire": _interval(given) if given else None}

    def _sizes(self) -> Iterator[NDArray[np.float64]]:
        for table in self._store.tables("runs", ["troops"]):
            yield table["troops"].drop_null().to_numpy()

    def _sizes_at_horizon(self) -> Iterator[NDArray[np.float64]]:
        for table in self._store.tables("runs", ["troops_at_horizon", "in_place_at_horizon"]):
            yield table.filter(table["in_place_at_horizon"])["troops_at_horizon"].to_numpy()


def _interval(share: Share | None) -> dict[str, float]:
    if share is None:
        raise ValueError("there are no runs")
    return shares.interval(share)


def _counted(share: Share | None) -> dict[str, float]:
    return {"count": share.hits if share else 0, **_interval(share)}
