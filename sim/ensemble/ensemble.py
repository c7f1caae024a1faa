"""What came out of a batch: documented tables in memory and on disk, and their plain summary.

Reading needs nothing of the simulator. Tables: ``runs`` (a row a run), ``inputs`` (a row a run, a column an input),
``actors`` (a row a run and contributor), ``weekly`` (a row a run and round, if kept), ``failures`` (a row a run that
failed). ``manifest`` says what was run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble import aggregates, atomic_files, disk, run_events
from sim.ensemble import writer as writing
from sim.ensemble.addresses import address_of, shown
from sim.ensemble.events import Event
from sim.ensemble.force_kind import ForceKind
from sim.ensemble.memory_store import Frames, Later
from sim.ensemble.parquet_store import Parts
from sim.ensemble.part_records import MANIFEST
from sim.ensemble.shares import Share
from sim.ensemble.summary import Summary
from sim.ensemble.table_store import TableStore, check_columns
from sim.ensemble.writer import holds_something_else
from sim.reading.read_only import read_only
from sim.reading.whole_numbers import whole
from sim.words import Names, called

_ABOUT = {"scenario": str, "hash": str, "config": dict, "seed": int, "engine": str, "relaxed": list, "notes": list,
          "stamp": str, "groups": dict, "horizon_weeks": int, "start": str, "versions": dict}  # fmt: skip
"""What a manifest holds at least, and of which type."""
_MOST_WEEKS = 520


Kind = TypeVar("Kind", bound="Ensemble")


class Ensemble:
    """The result of a batch: tables and counts. :class:`sim.notebook.Ensemble` adds plots, conditions and the answer.

    Its tables are in memory, or in a folder in parts (:mod:`sim.ensemble.parquet_store`). Those of a folder are read
    anew each time they are asked for and never kept; numbers are counted part by part, so that a folder may be larger
    than memory.

    Tables that are handed out are copies, and the manifest and the ranges are read-only: nothing that is done to one
    changes an answer.
    """

    def __init__(
        self,
        runs: pd.DataFrame,
        inputs: pd.DataFrame | Later | None,
        actors: pd.DataFrame,
        manifest: dict[str, Any],
        weekly: pd.DataFrame | None = None,
        failures: pd.DataFrame | None = None,
    ) -> None:
        tables = {"runs": runs, "inputs": inputs, "actors": actors, "weekly": weekly, "failures": failures}
        kept = {name: table for name, table in tables.items() if table is not None}
        self._hold(Frames(kept, int(manifest.get("runs", 0))), manifest)

    def _hold(self, store: TableStore, manifest: dict[str, Any]) -> None:
        self._store = store
        self._manifest: dict[str, Any] = read_only(manifest)
        self.inputs_range = manifest.get("inputs_range")
        self.theory_range = manifest.get("theory_range")
        self._summary = Summary(store, self._manifest)

    def as_kind(self, kind: type[Kind]) -> Kind:
        """Return an ensemble of a class that extends this one, with the same tables, manifest and range over inputs."""
        same = kind.__new__(kind)
        same.__dict__.update(self.__dict__)
        return same

    def __len__(self) -> int:
        return self._store.rows("runs")

    @property
    def manifest(self) -> dict[str, Any]:
        """Config in full, hash, seed, runs, versions; read-only."""
        return self._manifest

    @property
    def inputs_range(self) -> dict[str, Any] | None:
        """From a nested design: per group the 10th and 90th percentile over inputs; None if not computed; read-only."""
        return self._inputs_range

    @inputs_range.setter
    def inputs_range(self, over: dict[str, Any] | None) -> None:
        """Note the range, once it is computed."""
        self._inputs_range: dict[str, Any] | None = read_only(over)

    @property
    def theory_range(self) -> dict[str, Any] | None:
        """Per group the least and the most over rival rules, each by name; None if not computed; read-only."""
        return self._theory_range

    @theory_range.setter
    def theory_range(self, over: dict[str, Any] | None) -> None:
        """Note the range, once it is computed."""
        self._theory_range: dict[str, Any] | None = read_only(over)

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
        stamp: str = self.manifest.get("stamp", "")
        return stamp

    @property
    def names(self) -> Names:
        """What sentences call the parties of its scenario, its place and its group."""
        return Names(**self.manifest.get("names", {}))

    def called(self, outcome: str) -> str:
        """Return what readers call an outcome or a mission: as the config names the mission, else its words."""
        return called(self.manifest.get("config", {}).get("missions", {}), outcome)

    @property
    def events(self) -> pd.DataFrame:
        """What came about in which run and week, and by whom: run, week, actor, event; more of it if weeks were kept.

        The names of events are those of :data:`sim.ensemble.run_events.EVENTS`.
        """
        return run_events.table(self._store)

    def event_pieces(self) -> Iterator[pd.DataFrame]:
        """Yield :attr:`events` in pieces, in no order."""
        return run_events.pieces(self._store)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that were kept."""
        return self._store.names

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns.

        Raises
        ------
        ValueError
            If there is no such table.
        """
        return check_columns(self._store, table, ())

    def rows(self, table: str) -> int:
        """Return how many rows a table has; 0 if there is no such table."""
        return self._store.rows(table)

    def pieces(self, table: str) -> Iterator[pd.DataFrame]:
        """Yield a table in pieces, in the order of its runs.

        Raises
        ------
        ValueError
            If there is no such table.
        """
        return self._store.pieces(table, self.columns(table))

    def read(
        self,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        table: str = "runs",
        runs: int | None = None,
    ) -> pd.DataFrame:
        """Return some columns of a table, or one, and the rows that fit a pandas query, e.g. ``"truces > 0"``.

        ``runs`` keeps to the rows of so many runs, from the first on. Of a folder only these columns are read, of parts
        that hold such runs, and only such rows are held.

        Raises
        ------
        ValueError
            If there is no such table or column, the query is wrong, or ``runs`` is no number of runs.
        """
        columns = [columns] if isinstance(columns, str) else columns
        if runs is not None and (runs := whole(runs, "runs")) < 1:
            raise ValueError(f"runs must be 1 or more, got {runs!r}")
        known = check_columns(self._store, table, columns or ())
        # A column that the query names by chance only is read for nothing, and does no harm.
        wanted = known if columns is None else [*columns, *([] if runs is None else ["run"])]
        needed = [name for name in known if name in wanted or name in (where or "")]
        pieces = self._pieces(table, needed, runs)
        fitting = [piece if where is None else _fitting(piece, where) for piece in pieces]
        rows = fitting[0] if len(fitting) == 1 else pd.concat(fitting)
        return rows if columns is None else rows[list(columns)]

    def first(self, runs: int) -> Ensemble:
        """Return the first ``runs`` runs as an ensemble in memory, with what their actors did and without inputs."""
        rows, actors = (self.read(table=name, runs=runs) for name in ("runs", "actors"))
        return Ensemble(rows, None, actors, self.manifest)

    def _pieces(self, table: str, columns: Sequence[str], runs: int | None) -> Iterator[pd.DataFrame]:
        """Yield columns of a table in pieces, to the last row of the first ``runs`` runs."""
        for piece in self._store.pieces(table, columns):
            yield piece if runs is None else piece[piece["run"] < runs]
            if runs is not None and len(piece) and piece["run"].iloc[-1] >= runs - 1:
                return

    def numbers(self, columns: Sequence[str], rows: int, table: str = "runs") -> NDArray[np.float64]:
        """Return the first ``rows`` of some columns of numbers, shape (columns, rows), each column contiguous.

        Of a folder one part at a time is held beside the result.

        Raises
        ------
        ValueError
            If there is no such table or column.
        """
        check_columns(self._store, table, columns)
        taken, filled = np.empty((len(columns), rows)), 0
        for piece in self._store.tables(table, columns):
            few = piece.slice(0, rows - filled)
            for into, column in zip(taken, columns, strict=True):
                into[filled : filled + len(few)] = few[column].to_numpy()
            filled += len(few)
            if filled == rows:
                break
        return taken[:, :filled]

    def sql(self, select: str) -> pd.DataFrame:
        """Return what a SELECT finds in the views runs, actors, inputs, weekly and failures, as far as they exist.

        The dialect is DuckDB's, e.g. ``"select outcome, count(*) from runs group by all"``. It reads these tables and
        nothing else, changes nothing, and takes at most 512 MB beside its result.

        Raises
        ------
        ValueError
            If the SQL is wrong, or more than a SELECT.
        """
        return self._store.query(select)

    def happened(self, what: str) -> pd.Series:
        """Return, for every run, whether an event came about.

        ``what`` is a name (ceasefire, deployed, european, a column of yes and no), or an expression such as
        ``"european and troops >= 25000"`` (``docs/reference/events.md``).

        Raises
        ------
        InputError
            If it is no event, with every mistake and what is allowed.
        """
        question = self._summary.question(what)
        columns = sorted(aggregates.columns_of(question))
        check_columns(self._store, "runs", columns)
        flags = [aggregates.meets(table, question) for table in self._store.tables("runs", columns)]
        return pd.Series(np.concatenate(flags), index=self._store.index("runs"), name=what)

    def event(self, text: str) -> Event:
        """Return the event that a text means here: its phrase, its condition, and what it reads.

        Raises
        ------
        InputError
            If it is no event, with every mistake and what is allowed.
        """
        return self._summary.event(text)

    def share(
        self, what: str, given: str | None = None, by_week: float | None = None, given_by_week: float | None = None
    ) -> Share | None:
        """Return the share of runs in which ``what`` came about, by a week, among those with ``given``, by a week.

        Both are names or expressions, as in :meth:`happened`. None if there are no such runs.

        >>> ensemble.share("european and troops >= 25000 and rung >= air_cover")  # doctest: +SKIP
        """
        return self._summary.share(what, given, by_week, given_by_week)

    def summary(self) -> dict[str, Any]:
        """Return the plain summary that ``sim run --json`` prints; see ``docs/reference/json.md``."""
        ranges = {"inputs_range": self.inputs_range, "theory_range": self.theory_range}
        numbers = self._summary.as_dict() | ranges
        return numbers | ({"not_baseline": self.stamp} if self.stamp else {})

    def outcomes(self) -> dict[str, int]:
        """Return the number of runs by outcome, every possible outcome named; they sum to the number of runs."""
        return self._summary.outcomes()

    def by_week(self) -> dict[str, list[int] | list[float]]:
        """Return the share of runs in which a ceasefire, a deployment, a European force had begun by each week."""
        return self._summary.by_week()

    def contributors(self) -> pd.DataFrame:
        """Return, by actor, the share of runs in which it is pledged at the horizon, and was in a deployed force."""
        return self._summary.contributors()

    def missing(self) -> pd.Series:
        """Return, by gate, the share of runs without a force at the horizon that lack it; most often missing first."""
        return self._summary.missing()

    def force_kind(self) -> ForceKind:
        """Return what European forces are like when they form: size, consent and rung, each with its run noise."""
        return self._summary.force_kind()

    def save(self, folder: Path | str) -> Path:
        """Write the ensemble into ``folder``, whole or not at all, and return the folder.

        Into the folder that it was opened from, its manifest alone is written.

        Raises
        ------
        FileExistsError
            If something stands there that is no ensemble.
        ValueError
            If it is one whose manifest is damaged.
        """
        target = atomic_files.place_of_ensemble(folder).resolve()
        if target == Path.cwd().resolve():
            raise FileExistsError(f"{folder} is the current folder; name a folder of its own")
        if holds_something_else(target):
            raise FileExistsError(f"{shown(target)} exists and holds no ensemble")
        if self._store.amend_in(target, **self._ranges):
            return target
        if address_of(target):  # a store renames no folders, but there, too, the manifest is complete only at the end
            self._write(target)
            return target
        with atomic_files.folder_aside(target) as aside:
            self._write(aside)
            with atomic_files.locked(target) if disk.current().is_folder(target) else nullcontext():
                atomic_files.put_folder(aside, target)
        return target

    @property
    def _ranges(self) -> dict[str, Any]:
        """What a manifest holds of the ranges; of rival rules nothing if they were not played."""
        theory = {} if self.theory_range is None else {"theory_range": self.theory_range}
        return {"inputs_range": self.inputs_range, **theory}

    def _write(self, folder: Path) -> None:
        store = self._store
        with writing.writing(folder, self.manifest, store.runs, part_runs=store.part_runs) as writer:
            for span in writer.spans:
                writer.write(*span, store.part(span.first, span.runs))
            writer.finish(**self._ranges)


def open_ensemble(folder: Path | str, runs: int | None = None) -> Ensemble:
    """Return the ensemble written in ``folder``; of one that was interrupted, the parts that are finished.

    ``runs`` reads so many runs, from the first on, as if no more had been played; by default all that stand there.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If no part of it is finished, it is of another format, its manifest is damaged, or it has fewer runs.
    """
    store = Parts(atomic_files.place_of_ensemble(folder), None if runs is None else whole(runs, "runs"))
    store.manifest = _name_stamp(store.manifest)
    _check_manifest(folder, store.manifest)
    ensemble = Ensemble.__new__(Ensemble)
    ensemble._hold(store, store.manifest)
    return ensemble


def _name_stamp(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest with its ``stamp``; in one written before there was this entry, it is one of the notes."""
    notes = manifest.get("notes")
    if "stamp" in manifest or not isinstance(notes, list):
        return manifest
    stamps = [note for note in notes if isinstance(note, str) and note.startswith("not baseline (")]
    return manifest | {"notes": [note for note in notes if note not in stamps], "stamp": "".join(stamps)}


def _check_manifest(folder: Path | str, manifest: dict[str, Any]) -> None:
    wrong = [name for name, kind in _ABOUT.items() if not isinstance(manifest.get(name), kind)]
    if "horizon_weeks" not in wrong and not 1 <= manifest["horizon_weeks"] <= _MOST_WEEKS:
        wrong.append("horizon_weeks")
    if wrong:
        raise ValueError(f"{folder}/{MANIFEST} is damaged: {wrong[0]!r} is missing or not as it was written")


def _fitting(table: pd.DataFrame, where: str) -> pd.DataFrame:
    try:
        return table.query(where)
    except Exception as error:  # pandas has no one kind of error for a query that is wrong
        raise ValueError(f"{where!r} is no query of this table: {error}") from None
