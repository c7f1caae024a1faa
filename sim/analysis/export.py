"""Hand an ensemble on: its tables in a form that other programs read, with codebook, labels, scenario and seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from sim.batch.played_again import actor_weeks
from sim.ensemble import handing_on
from sim.ensemble.ensemble import Ensemble


def export(
    ensemble: Ensemble,
    target: Path | str,
    kind: str | None = None,
    tables: Sequence[str] = ("runs", "actors"),
    progress: Callable[[int], None] | None = None,
) -> Path:
    """Write tables of an ensemble as ``xlsx``, ``csv``, ``parquet`` or ``json``, and return where.

    Parameters
    ----------
    ensemble
        What came out of a batch.
    target
        The file; of CSV and Parquet a folder, new or empty.
    kind
        By default the ending of ``target``.
    tables
        Of :data:`sim.ensemble.handing_on.TABLES`. ``events`` is read off the others, ``actor_weeks`` played again.
    progress
        Called with the number of runs just played again and written; only ``actor_weeks`` plays any.

    Raises
    ------
    ValueError
        If a kind or a table is unknown, was not kept, or is too large for a sheet of Excel.
    FileExistsError
        If something stands in the folder.
    """
    target = Path(target)
    kind = kind or target.suffix.lower().removeprefix(".")
    if kind not in handing_on.KINDS:
        raise ValueError(f"{kind!r} is not what an ensemble is exported to; allowed: {', '.join(handing_on.KINDS)}")
    pieces = {name: _pieces(ensemble, name) for name in tables}
    heads = {name: next(each(), pd.DataFrame()) for name, each in pieces.items() if name not in ensemble.tables}
    columns = {name: list(heads[name].columns) if name in heads else ensemble.columns(name) for name in pieces}
    if kind == "xlsx":
        handing_on.check_sheets({name: (_rows(ensemble, name), len(columns[name])) for name in pieces})
    about = handing_on.about(ensemble.manifest, len(ensemble) + ensemble.failed)
    small = {
        "codebook": handing_on.codebook(columns),
        "labels": handing_on.labels(ensemble.manifest),
    }
    if progress and "actor_weeks" in pieces:  # from here on: above, only its columns were looked up
        pieces["actor_weeks"] = partial(_counted, pieces["actor_weeks"], progress)
    handing_on.write(kind, target, about, small, pieces)
    return target


def _counted(pieces: handing_on.Pieces, progress: Callable[[int], None]) -> Iterator[pd.DataFrame]:
    for piece in pieces():
        yield piece
        progress(piece["run"].nunique())


def _rows(ensemble: Ensemble, name: str) -> int:
    """Return how many rows a table has."""
    about = ensemble.manifest
    if name == "events":
        return sum(map(len, ensemble.event_pieces()))
    if name == "actor_weeks":
        return ensemble.rows("actors") * int(about["horizon_weeks"]) * int(about["config"]["rounds_per_week"])
    return ensemble.rows(name)


def _pieces(ensemble: Ensemble, name: str) -> handing_on.Pieces:
    if name not in handing_on.TABLES:
        raise ValueError(f"{name!r} is no table; allowed: {', '.join(handing_on.TABLES)}")
    if name == "events":
        return ensemble.event_pieces
    if name == "actor_weeks":
        return partial(actor_weeks, ensemble)
    if name == "failures" and name not in ensemble.tables:
        return lambda: iter([ensemble.failures])
    return partial(ensemble.pieces, name)
