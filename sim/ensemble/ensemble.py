"""What came out of a batch: documented tables in memory and on disk, and their plain summary.

Reading needs nothing of the simulator. Tables: ``runs`` (a row a run), ``inputs`` (a row a run, a column an input),
``actors`` (a row a run and contributor), ``weekly`` (a row a run and round, if kept), ``failures`` (a row a run that
failed). ``manifest`` says what was run.
"""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import aggregates, atomic_files, parquet_store
from sim.ensemble import writer as writing
from sim.ensemble.aggregates import Condition, Question
from sim.ensemble.columns import HORIZONS
from sim.ensemble.memory_store import Frames, frame
from sim.ensemble.parquet_store import Parts
from sim.ensemble.shares import Share, share
from sim.ensemble.sql import query
from sim.ensemble.writer import holds_something_else

GROUPS = ("deployed", "european")
APART = ("in_place_at_horizon", "held", "truce_broke", "with_russian_consent", "without_russian_consent")
"""What is reported apart from the outcomes."""

_OPTIONAL = ("inputs", "weekly")
_ABOUT = {"scenario": str, "hash": str, "config": dict, "seed": int, "engine": str, "relaxed": list, "notes": list,
          "groups": dict, "horizon_weeks": int, "start": str, "versions": dict}  # fmt: skip
"""What a manifest holds at least, and of which type."""
_MOST_WEEKS = 520
_BY_WEEK = {"first_ceasefire": "ceasefire", "deployed": "deployed", "european": "european"}
_WITHOUT: Question = (Condition("in_place_at_horizon", "no"),)
_MISSING: dict[str, Question] = {gate: (*_WITHOUT, Condition(f"missing_{gate}", "yes")) for gate in vocabulary.GATES}
_WITH_TROOPS: Question = (Condition("troops", "known"),)


Kind = TypeVar("Kind", bound="Ensemble")


class Ensemble:
    """The result of a batch: tables and counts. :class:`sim.notebook.Ensemble` adds plots, conditions and the answer.

    Its tables are in memory, or in a folder in parts (:mod:`sim.ensemble.parquet_store`). Those of a folder are read
    anew each time they are asked for and never kept; numbers are counted part by part, so that a folder may be larger
    than memory.

    Attributes
    ----------
    manifest
        Config in full, hash, seed, runs, versions.
    inputs_range
        From a nested design: per group the 10th and 90th percentile over inputs; None if not computed.
    """

    def __init__(
        self,
        runs: pd.DataFrame,
        inputs: pd.DataFrame | None,
        actors: pd.DataFrame,
        manifest: dict[str, Any],
        weekly: pd.DataFrame | None = None,
        failures: pd.DataFrame | None = None,
    ) -> None:
        tables = {"runs": runs, "inputs": inputs, "actors": actors, "weekly": weekly, "failures": failures}
        self._hold(Frames({name: table for name, table in tables.items() if table is not None}), manifest)

    def _hold(self, store: Frames | Parts, manifest: dict[str, Any]) -> None:
        self._store, self.manifest = store, manifest
        self.inputs_range: dict[str, Any] | None = manifest.get("inputs_range")
        self._known: dict[Any, Any] = {}

    def as_kind(self, kind: type[Kind]) -> Kind:
        """Return an ensemble of a class that extends this one, with the same tables, manifest and range over inputs."""
        same = kind.__new__(kind)
        same.__dict__.update(self.__dict__)
        return same

    def __len__(self) -> int:
        return self._store.rows("runs")

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run."""
        return self.read()

    @property
    def inputs(self) -> pd.DataFrame:
        """A row a run, a column an input; of a large ensemble perhaps its first runs only.

        Raises
        ------
        ValueError
            If inputs were not kept.
        """
        return self.read(table="inputs")

    @property
    def actors(self) -> pd.DataFrame:
        """A row a run and contributor."""
        return self.read(table="actors")

    @property
    def weekly(self) -> pd.DataFrame | None:
        """A row a run and round; None if weeks were not kept."""
        return self.read(table="weekly") if "weekly" in self._store.names else None

    @property
    def failures(self) -> pd.DataFrame:
        """A row a run that failed, and so is in no other table: run, error, traceback, and what else was noted."""
        if "failures" not in self._store.names:
            return pd.DataFrame({"run": [], "error": [], "traceback": []}).astype({"run": "int64"})
        return self.read(table="failures")

    @property
    def failed(self) -> int:
        """How many runs failed."""
        return self._store.rows("failures")

    @property
    def stamp(self) -> str:
        """What sets it apart from the baseline's information, as "not baseline (...)"; empty if nothing does."""
        return next((note for note in self.manifest.get("notes", ()) if note.startswith("not baseline")), "")

    def read(self, columns: Sequence[str] | None = None, where: str | None = None, table: str = "runs") -> pd.DataFrame:
        """Return some columns of a table, and the rows that fit a pandas query, e.g. ``"truces > 0"``.

        Of a folder only these columns are read, and only such rows are held.

        Raises
        ------
        ValueError
            If there is no such table or column, or the query is wrong.
        """
        known = self._checked(table, columns or ())
        # A column that the query names by chance only is read for nothing, and does no harm.
        needed = [name for name in known if columns is None or name in columns or name in (where or "")]
        pieces = [piece if where is None else _fitting(piece, where) for piece in self._pieces(table, needed)]
        whole = pieces[0] if len(pieces) == 1 else pd.concat(pieces)
        return whole if columns is None else whole[list(columns)]

    def sql(self, select: str) -> pd.DataFrame:
        """Return what a SELECT finds in the views runs, actors, inputs, weekly and failures, as far as they exist.

        The dialect is DuckDB's, e.g. ``"select outcome, count(*) from runs group by all"``. It reads these tables and
        nothing else, changes nothing, and takes at most 512 MB beside its result.

        Raises
        ------
        ValueError
            If the SQL is wrong, or more than a SELECT.
        """
        store = self._store
        if isinstance(store, Parts):
            named = select.lower()  # as DuckDB reads names; it skips checksums
            asked = {name: store.verified(name) for name in store.names if name in named}
            return query(select, asked | {name: store.files(name) for name in store.names}, store.folder)
        return query(select, {name: parquet_store.arrow(table) for name, table in store.frames.items()}, None)

    def happened(self, what: str) -> pd.Series:
        """Return, for every run, whether it came about: ceasefire, deployed, european, or a column of yes and no."""
        (condition,) = aggregates.came_about(what)
        self._checked("runs", [condition.column])
        pieces = self._store.tables("runs", [condition.column])
        found = [aggregates.meets(piece[condition.column], condition) for piece in pieces]
        index = self._store.frames["runs"].index if isinstance(self._store, Frames) else None
        return pd.Series(np.concatenate(found), index=index, name=condition.column)

    def share(
        self, what: str, given: str | None = None, by_week: float | None = None, given_by_week: float | None = None
    ) -> Share | None:
        """Return the share of runs in which ``what`` came about, by a week, among those with ``given``, by a week.

        None if there are no such runs.
        """
        among = aggregates.came_about(given, given_by_week) if given else ()
        both = (*among, *aggregates.came_about(what, by_week))
        counts = self._counts([both, among])
        return share(counts[both], counts[among]) if counts[among] else None

    def summary(self) -> dict[str, Any]:
        """Return the plain summary that ``sim run --json`` prints; see ``docs/reference/json.md``."""
        about = self.manifest
        return {
            "scenario": about["scenario"],
            "runs": len(self),
            "seed": about["seed"],
            "engine": about["engine"],
            "horizon_weeks": about["horizon_weeks"],
            "groups": {group: self._group(group) for group in GROUPS},
            "outcomes": {name: _counted(share(count, len(self))) for name, count in self.outcomes().items()},
            "ceasefire": _interval(self.share("ceasefire")),
            "weekly": self.by_week(),
            "apart": {name: _counted(self.share(name)) for name in APART},
            "contributors": self.contributors().to_dict("index"),
            "troops": self._troops(),
            "inputs_range": self.inputs_range,
            **({"not_baseline": self.stamp} if self.stamp else {}),
        }

    def outcomes(self) -> dict[str, int]:
        """Return the number of runs by outcome, every possible outcome named; they sum to the number of runs."""
        asked = self._outcomes()
        counts = self._counts(asked.values())
        return {name: counts[question] for name, question in asked.items()}

    def by_week(self) -> dict[str, list[int] | list[float]]:
        """Return the share of runs in which a ceasefire, a deployment, a European force had begun by each week."""
        weeks, of = self._weeks(), len(self)
        counts = self._counts(aggregates.came_about(what, week) for what in _BY_WEEK.values() for week in weeks)
        table: dict[str, list[int] | list[float]] = {"week": weeks}
        for name, what in _BY_WEEK.items():
            table[name] = [counts[aggregates.came_about(what, week)] / of for week in weeks]
        return table

    def contributors(self) -> pd.DataFrame:
        """Return, by actor, the share of runs in which it is pledged at the horizon, and was in a deployed force."""
        flags = ["pledged", "deployed"]

        def counted() -> pd.DataFrame:
            return aggregates.shares(self._store.tables("actors", ["actor", *flags], ["actor"]), "actor", flags)

        found: pd.DataFrame = self._once("contributors", counted)
        return found.copy()

    def missing(self) -> pd.Series:
        """Return, by gate, the share of runs without a force at the horizon that lack it; most often missing first."""
        counts = self._counts([_WITHOUT, *_MISSING.values()])
        without = max(1, counts[_WITHOUT])
        shares = {gate: counts[question] / without for gate, question in _MISSING.items()}
        return pd.Series(shares, name="missing").sort_values(ascending=False, kind="stable")

    def save(self, folder: Path | str) -> Path:
        """Write the ensemble into ``folder``, whole or not at all, and return the folder.

        Into the folder that it was opened from, its manifest alone is written.

        Raises
        ------
        FileExistsError
            If something stands there that is no ensemble.
        """
        target = Path(folder).resolve()
        if target == Path.cwd().resolve():
            raise FileExistsError(f"{folder} is the current folder; name a folder of its own")
        if holds_something_else(target):
            raise FileExistsError(f"{target} exists and holds no ensemble")
        if isinstance(self._store, Parts) and self._store.folder == target:
            self._store.amend(inputs_range=self.inputs_range)
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            self._write(aside)
            with atomic_files.locked(target) if target.exists() else nullcontext():
                _put_in_place(aside, target)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        return target

    def _write(self, folder: Path) -> None:
        # In memory the manifest knows of runs that failed; a folder may be unfinished, and holds less than it says.
        in_memory = isinstance(self._store, Frames)
        runs = max(self._store.runs, int(self.manifest["runs"]) if in_memory else 0)
        size = parquet_store.PART_RUNS if in_memory else int(self.manifest["part_runs"])
        with writing.writing(folder, self.manifest, runs, part_runs=size) as writer:
            for span in writer.spans:
                writer.write(*span, self._store.part(span.first, span.runs))
            writer.finish(inputs_range=self.inputs_range)
        os.chmod(folder, 0o755)

    def _checked(self, table: str, columns: Sequence[str]) -> list[str]:
        """Return the columns of a table, which has to exist and to hold these."""
        if table not in self._store.names:
            hint = f"run with --keep {table}" if table in _OPTIONAL else f"tables: {', '.join(self._store.names)}"
            raise ValueError(f"{table} {'were' if table == 'inputs' else 'was'} not kept; {hint}")
        known = self._store.columns(table)
        for name in columns:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                raise ValueError(f"{table} has no column {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return known

    def _pieces(self, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield a table in pieces, their index going on from one to the next."""
        if isinstance(self._store, Frames):
            table = self._store.frames[name]
            yield table if len(columns) == table.shape[1] else table[list(columns)]
            return
        first = 0
        for each in self._store.tables(name, columns):
            yield frame(each, name).set_axis(pd.RangeIndex(first, first + each.num_rows))
            first += each.num_rows

    def _counts(self, asked: Iterable[Question]) -> dict[Question, int]:
        """Return how many runs meet each of some questions.

        A folder does not change: what was counted there is remembered, and the first pass counts all that is usual.
        """
        in_memory = isinstance(self._store, Frames)
        known: dict[Any, Any] = {} if in_memory else self._known
        known[()] = len(self)
        new = {question for question in asked if question not in known}
        if new:
            new |= set() if in_memory else self._usual()
            columns = sorted({condition.column for question in new for condition in question})
            self._checked("runs", columns)
            known |= aggregates.count(self._store.tables("runs", columns), new)
        return known

    def _usual(self) -> set[Question]:
        """Return all that a summary and the tables of a report ask."""
        weeks = self._weeks()
        asked = {*self._outcomes().values(), *_MISSING.values(), _WITHOUT, _WITH_TROOPS}
        asked |= {aggregates.came_about(name) for name in (*GROUPS, *APART)}
        asked |= {aggregates.came_about(what, week) for what in _BY_WEEK.values() for week in weeks}
        for week in (None, *(week for week in weeks if week in (*HORIZONS.values(), weeks[-1]))):
            ceasefire = aggregates.came_about("ceasefire", week)
            asked |= {ceasefire, *((*ceasefire, *aggregates.came_about(group, week)) for group in GROUPS)}
        return asked

    def _once(self, name: str, compute: Callable[[], Any]) -> Any:
        """Return what is computed; of a folder, which does not change, it is remembered."""
        if isinstance(self._store, Frames):
            return compute()
        if name not in self._known:
            self._known[name] = compute()
        return self._known[name]

    def _weeks(self) -> list[int]:
        return list(range(1, int(self.manifest["horizon_weeks"]) + 1))

    def _outcomes(self) -> dict[str, Question]:
        missions = [name for name, groups in self.manifest["groups"].items() if "deployed" in groups]
        names = (*missions, *vocabulary.OUTCOMES_WITHOUT_FORCE)
        return {name: (Condition("outcome", "is", name),) for name in names}

    def _group(self, group: str) -> dict[str, Any]:
        given = self.share(group, given="ceasefire")
        return {**_interval(self.share(group)), "given_ceasefire": _interval(given) if given else None}

    def _troops(self) -> dict[str, float] | None:
        of = self._counts([_WITH_TROOPS])[_WITH_TROOPS]
        if not of:
            return None
        found = self._once("troops", lambda: aggregates.quantiles(self._sizes, of, (0.5, 0.1, 0.9)))
        return dict(zip(("median", "p10", "p90"), found, strict=True))

    def _sizes(self) -> Iterator[NDArray[np.float64]]:
        for table in self._store.tables("runs", ["troops"]):
            yield table["troops"].drop_null().to_numpy()


def _put_in_place(new: Path, target: Path) -> None:
    """Rename ``new`` to ``target``; what stood there is kept until the new one stands."""
    old = new.with_name(f"{new.name}-old")
    if target.exists():
        os.rename(target, old)
    try:
        os.rename(new, target)
    except BaseException:
        if old.exists():
            os.rename(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def open_ensemble(folder: Path | str) -> Ensemble:
    """Return the ensemble written in ``folder``; of one that was interrupted, the parts that are finished.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If no part of it is finished, it is of another format, or its manifest is damaged.
    """
    found = Ensemble.__new__(Ensemble)
    there = Parts(folder)
    wrong = [name for name, kind in _ABOUT.items() if not isinstance(there.manifest.get(name), kind)]
    wrong += (
        [] if "horizon_weeks" in wrong or 1 <= there.manifest["horizon_weeks"] <= _MOST_WEEKS else ["horizon_weeks"]
    )
    if wrong:
        raise ValueError(
            f"{folder}/{parquet_store.MANIFEST} is damaged: {wrong[0]!r} is missing or not as it was written"
        )
    found._hold(there, there.manifest)
    return found


def _fitting(table: pd.DataFrame, where: str) -> pd.DataFrame:
    try:
        return table.query(where)
    except Exception as error:  # pandas has no one kind of error for a query that is wrong
        raise ValueError(f"{where!r} is no query of this table: {error}") from None


def _interval(found: Share | None) -> dict[str, float]:
    if found is None:
        raise ValueError("there are no runs")
    return {"probability": found.probability, "run_noise_low": found.low, "run_noise_high": found.high}


def _counted(found: Share | None) -> dict[str, float]:
    return {"count": found.hits if found else 0, **_interval(found)}
