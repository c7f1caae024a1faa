"""What kind of force forms: its size, whether opponents consent, and the rung on offer behind it, with run noise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import aggregates, shares
from sim.ensemble.aggregates import Condition
from sim.ensemble.likelihood_words import one_in
from sim.ensemble.shares import Share
from sim.ensemble.table_store import TableStore, check_columns
from sim.words import NEUTRAL, RUNGS, Names

LARGE = 25_000
"""Troops from which a European force is of the size that was spoken of: the least figure for a European reassurance
force in the documents; see the targets of the missions."""
COVER = "air_cover"
"""The rung from which the broker's support is cover, and not supplies alone."""
A_HANDFUL = 20
"""Fewer forces than this have no kind: the interval of a share among them is wider than 40 points."""

_COLUMNS = ("european_week", "deployed_week", "troops", "rung_at_formation", "consent_at_formation")
_COVERS = vocabulary.RUNGS[vocabulary.RUNGS.index(COVER) :]

Flags = NDArray[np.bool_]


class Sizes(NamedTuple):
    """Troops of a force when it formed: the tenth percentile, the median and the ninetieth percentile."""

    p10: float
    median: float
    p90: float


class ForceKind(NamedTuple):
    """What European forces are like when they form.

    Attributes
    ----------
    european
        The share of runs with a European force.
    seen
        How many of these forces were the first deployed force of their run, whose kind the table of runs holds. All
        but the next field are about these.
    large_with_cover
        The share of all runs whose first deployed force was European, had :data:`LARGE` troops or more, and an
        rung on offer of :data:`COVER` or higher.
    sizes
        Their troops; None if there is none.
    without_consent
        The share that formed while the opponent refused it; None if there is none, as for the next three.
    with_rung
        The share that formed under any rung on offer.
    with_cover
        The share that formed under :data:`COVER` or a higher rung.
    large
        The share with :data:`LARGE` troops or more.
    """

    european: Share
    seen: int
    large_with_cover: Share
    sizes: Sizes | None
    without_consent: Share | None
    with_rung: Share | None
    with_cover: Share | None
    large: Share | None


def force_kind(store: TableStore) -> ForceKind:
    """Return what the European forces in a table of runs are like when they form; it reads the table piece by piece.

    Raises
    ------
    ValueError
        If there are no runs, or a column is missing.
    """
    check_columns(store, "runs", _COLUMNS)
    counts = np.sum([_count(table) for table in store.tables("runs", _COLUMNS)], axis=0).tolist()
    runs, european, seen, both, refused, backed, covered, large = map(int, counts)
    return ForceKind(
        european=shares.share(european, runs),
        seen=seen,
        large_with_cover=shares.share(both, runs),
        sizes=Sizes(*aggregates.quantiles(lambda: _troops(store), seen, (0.1, 0.5, 0.9))) if seen else None,
        without_consent=_share(refused, seen),
        with_rung=_share(backed, seen),
        with_cover=_share(covered, seen),
        large=_share(large, seen),
    )


def _count(table: pa.Table) -> list[int]:
    """Return, of a piece of the table, how many runs there are, and how many have each that :class:`ForceKind` has."""
    seen = _first_is_european(table)
    covered = seen & _words(table, "rung_at_formation", _COVERS)
    large = seen & (table["troops"].to_numpy() >= LARGE)
    flags = (
        ~np.isnan(table["european_week"].to_numpy()),
        seen,
        large & covered,
        seen & _words(table, "consent_at_formation", ("refuses",)),
        seen & ~_words(table, "rung_at_formation", ("none",)),
        covered,
        large,
    )
    return [len(table), *(int(np.count_nonzero(flag)) for flag in flags)]


def _first_is_european(table: pa.Table) -> Flags:
    european, first, troops = (table[name].to_numpy() for name in ("european_week", "deployed_week", "troops"))
    return np.asarray((european == first) & ~np.isnan(troops), dtype=np.bool_)


def _words(table: pa.Table, column: str, words: Iterable[str]) -> Flags:
    met = [aggregates.meets(table, (Condition(column, "is", word),)) for word in words]
    return np.asarray(np.logical_or.reduce(met), dtype=np.bool_)


def _troops(store: TableStore) -> Iterator[NDArray[np.float64]]:
    for table in store.tables("runs", _COLUMNS[:3]):
        yield table["troops"].to_numpy()[_first_is_european(table)]


def _share(count: int, of: int) -> Share | None:
    return shares.share(count, of) if of else None


def as_dict(kind: ForceKind) -> dict[str, Any]:
    """Return a kind of force as plain numbers, as ``sim run --json`` prints them under ``force_kind``."""
    of_runs = {"seen": kind.seen, "large_with_cover": shares.counted(kind.large_with_cover)}
    among = {name: getattr(kind, name) for name in ("without_consent", "with_rung", "with_cover", "large")}
    sizes = kind.sizes._asdict() if kind.sizes else None
    return {**of_runs, "troops": sizes, **{name: each and shares.counted(each) for name, each in among.items()}}


def in_short(kind: ForceKind, names: Names = NEUTRAL) -> str:
    """Return how likely a European force is and of what kind, as part of a sentence.

    It never gives the likelihood of any European force without that of a large one with the broker's cover.
    """
    if not kind.european.hits:
        return shares.worded(kind.european)
    if kind.seen < A_HANDFUL or kind.sizes is None or kind.without_consent is None:
        what = f"in too few runs ({kind.european.hits:,}) to say of what size and with whose consent"
    else:
        what = (
            f"{names.a_group}-led force of about {_thousand(kind.sizes.median)}, "
            f"{_consent(kind.without_consent, names.opponent)}"
        )
    return f"{shares.worded(kind.european)}: {what}; of {large_with_cover(names)}: {_chance(kind.large_with_cover)}"


def in_full(kind: ForceKind, names: Names = NEUTRAL) -> str:
    """Return what kind of force forms as a sentence with sizes, shares and their run noise."""
    if kind.sizes is None:
        return f"Kind of force: none to describe; {names.a_group} force formed in {_of(kind.european)} runs."
    shown = {
        f"without {names.opponent}'s consent": kind.without_consent,
        f"with support from {names.broker} ({RUNGS['logistics']}, or more)": kind.with_rung,
        f"with air cover from {names.broker} or more": kind.with_cover,
        f"of {LARGE:,} or more": kind.large,
    }
    parts = ", ".join(f"{words} {_interval(share)}" for words, share in shown.items() if share)
    low, median, high = (_thousand(size) for size in kind.sizes)
    return (
        f"Kind of force, in the {kind.seen:,} runs whose first deployment is {names.a_group} force (95% run noise), "
        f"when it forms: {median} troops at the median, {low} to {high} in 8 of 10; {parts}. A force of "
        f"{large_with_cover(names)} forms in {_of(kind.large_with_cover)} runs ({_noise(kind.large_with_cover)})."
    )


def large_with_cover(names: Names) -> str:
    """Return the size and support that the headline never leaves out, in words."""
    return f"{LARGE:,} or more with air cover from {names.broker}"


def _thousand(troops: float) -> str:
    """Return a number of troops to the nearest thousand; below two thousand, to the nearest hundred."""
    return f"{round(troops, -3 if troops >= 2_000 else -2):,.0f}"


def _consent(without: Share, opponent: str) -> str:
    """Return whether forces form without an opponent's consent, as far as run noise lets one say so."""
    if without.low <= 0.5 <= without.high:
        return f"about as often without {opponent}'s consent as with it"
    often, whether = (without.probability, "without") if without.low > 0.5 else (1.0 - without.probability, "with")
    return f"{'almost always' if often >= 0.9 else 'mostly'} {whether} {opponent}'s consent"


def _chance(share: Share) -> str:
    """Return a share of runs as so many in how many, also where there is none."""
    if not share.hits:
        return _in_none(share)
    return f"about {one_in(share.probability)}" if share.probability < 0.5 else f"about {share.probability:.0%}"


def _in_none(share: Share) -> str:
    return f"in none of {share.of:,} runs (95%: below {one_in(share.high, at_most=True)})"


def _of(share: Share) -> str:
    return f"{share.hits:,} of {share.of:,}"


def _interval(share: Share) -> str:
    return f"{share.probability:.0%} ({share.low:.0%} to {share.high:.0%})"


def _noise(share: Share) -> str:
    return f"95% {share.low:.2%} to {share.high:.2%}"
