"""Read the table of countries: forces, money, distance, past contributions, polls, and who has to agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.evidence.claim_files import seeds_home
from sim.evidence.literature import Literature, load
from sim.reading.errors import Fault, InputError, Place, suggestion

if TYPE_CHECKING:
    import pandas as pd

NAME: Final = "countries.csv"
SOURCES: Final = "sources"
"""The column that lists the records behind a row, separated by spaces."""


def load_countries(seeds: Path | None = None) -> pd.DataFrame:
    """Return the table of countries: a row an actor, with its id as the index; a cell without a figure is NaN.

    ``literature.load().columns`` says what each column holds, with its unit in its name.

    Parameters
    ----------
    seeds
        A folder with ``countries.csv`` and ``literature.yaml``; default: the shipped one.

    Raises
    ------
    InputError
        If the table cannot be read, or with all its faults: a column that is missing or not described, a country that
        stands twice, a source that is no record.
    """
    import pandas as pd

    folder = (seeds or seeds_home()).resolve()
    path, literature = folder / NAME, load(folder)
    top = Place(str(path), 1, 1)
    try:
        table = pd.read_csv(path, encoding="utf-8")
    except OSError as error:
        raise InputError([Fault(top, "", f"cannot be read: {error.strerror or error}")]) from None
    except ValueError as error:
        raise InputError([Fault(top, "", f"not a CSV table: {str(error).splitlines()[0]}")]) from None
    if faults := [*_column_faults(table, literature, top)] or [*_row_faults(table, literature, top)]:
        raise InputError(faults)
    return table.set_index("id")


def _column_faults(table: pd.DataFrame, literature: Literature, top: Place) -> Iterator[Fault]:
    """Yield a fault for each column that the table lacks, and for each that nothing describes."""
    here, described = list(table.columns), literature.columns
    for name in described.keys() - set(here):
        yield Fault(top, name, f"missing column; the table has: {', '.join(here)}")
    for number, name in enumerate(here, start=1):
        if name not in described:
            yield Fault(top._replace(column=number), name, f"no such column; {suggestion(name, described)}")


def _row_faults(table: pd.DataFrame, literature: Literature, top: Place) -> Iterator[Fault]:
    """Yield a fault for each country that stands twice, and for each source that is no record."""
    for row, again in enumerate(table["id"].duplicated()):
        place = top._replace(line=row + 2)
        if again:
            yield Fault(place, "id", f"{table['id'].iloc[row]!r} stands twice")
        for source in str(table[SOURCES].iloc[row]).split():
            if source not in literature.records:
                column = list(table.columns).index(SOURCES) + 1
                yield Fault(place._replace(column=column), SOURCES, f"{source!r} is no record of literature.yaml")
