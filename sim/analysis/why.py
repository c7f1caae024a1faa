"""Why not? The smallest sets of requirements that, held open from week 0, would have let a force form in a run.

A run without a force is played again with the same inputs and the same luck, some requirements held open. A set that
suffices while no part of it does is a minimal cut set of the fault tree whose top event is "no force" (Vesely,
Goldberg, Roberts and Haasl 1981, Fault Tree Handbook, NUREG-0492, chapter VII), computed here by search and not by
algebra, as the tree is a simulation. In a coherent tree every set that contains a sufficient one suffices too. Ours
need not be coherent: a guarantee that reassures the host also provokes the opponent, and a force that forms early
meets a different year. The search skips sets that contain a minimal one; ``supersets`` says how often such a set
fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import combinations

import numpy as np
import pandas as pd

from sim import vocabulary, words
from sim.analysis import why_tables
from sim.analysis.relaxed_runs import BlockReplays, Gates, Ints, Replays
from sim.analysis.why_tables import holders, join, split
from sim.batch import from_manifest
from sim.batch.answers import Arrays
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Why
from sim.ensemble.shares import share
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.scenario import Scenario

MOST_GATES = 3
"""The largest sets searched: whoever needs four things at once needs another policy, not a nudge."""
CHECKED_SETS, CHECKED_RUNS = 3, 512
"""How many of the most frequent sets, and how many runs of each, are checked for whether larger sets still suffice."""
LEAST_RUNS = 1_000
"""Runs without a force that are searched at least, however narrow the shares of sets are to be."""


@takes_whole_numbers
def why(
    ensemble: Ensemble,
    of: str = "european",
    *,
    most: int = MOST_GATES,
    within: float | None = None,
    scenario: Scenario | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Why:
    """Return what would have let a force form, or another event come about, in the runs of ``ensemble`` without it.

    Parameters
    ----------
    ensemble
        Runs without a table of inputs; its engine plays them again. Gates that it held open already stay open.
    of
        What might have come about: ``european``, ``deployed``, or another event (:mod:`sim.ensemble.events`).
    most
        The largest number of requirements in a set.
    within
        How narrow the share of every set is to be: half of its 95% interval, such as 0.01. The runs are then searched
        block by block, from the first on, and the rest is left out once it is so narrow; by default all are searched.
    scenario
        The scenario of the ensemble; by default it is read from the manifest.
    workers
        As for :func:`sim.batch.running.run`.
    progress
        Called with the number of runs just searched, of those that :func:`runs_searched` counts. How often each is
        played again follows from what the first replays show.

    Raises
    ------
    ValueError
        If the runs cannot be played again here, in all of them it came about, or an argument is not allowed.
    """
    what = ensemble.event(of).phrase
    if not 1 <= most <= len(vocabulary.GATES):
        raise ValueError(f"sets have 1 to {len(vocabulary.GATES)} requirements, got {most!r}")
    known = from_manifest.replayable(ensemble)
    if scenario is not None and scenario.hash != known.hash:
        raise ValueError(f"the ensemble is of a scenario of hash {known.hash}, not of {scenario.hash}")
    runs = ensemble.read(["run"])["run"].to_numpy(dtype=np.int64)
    without = _without(ensemble, of, runs)
    advance = progress or (lambda _: None)
    if within is not None and not 0.0 < within < 0.5:
        raise ValueError(f"a half-width lies between 0 and 0.5, got {within!r}")
    if not len(without):
        raise ValueError(f"all {len(runs):,} runs have {what}: nothing stood in the way")
    replays, gates = Replays(ensemble, scenario or known, of), _candidates(ensemble)
    search = replays.each_block(_search, without, gates, most, workers=workers, progress=lambda _: advance(0))
    with closing(search):
        sets, last = _enough(search, without, within, advance)
    runs, without = runs[runs <= last], without[without <= last]
    members = sets.assign(gate=sets["requirements"].map(split)).explode("gate")
    table = why_tables.blockers(sets, len(without))
    text = why_tables.sentence(table, known.name, what, most, len(runs), len(without), ensemble.names)
    return Why(
        table,
        words.stamped(text, ensemble.stamp),
        gates=why_tables.by_gate(sets, members, len(without)),
        together=why_tables.together(members),
        holders=why_tables.add_waiting(ensemble, holders(known), members),
        supersets=_supersets(sets, replays, workers, lambda _: advance(0)),
        sets=sets,
        scenario=known.name,
        hash=known.hash,
        seed=replays.seed,
        stamp=ensemble.stamp,
        of=of,
        what=what,
        most=most,
        runs=len(runs),
        without=len(without),
    )


def runs_searched(ensemble: Ensemble, of: str = "european") -> int:
    """Return how many runs :func:`why` searches at most, for a bar of progress: those without ``of``.

    With a precision it may be content with the first of them.
    """
    return len(_without(ensemble, of, ensemble.read(["run"])["run"].to_numpy(dtype=np.int64)))


def _without(ensemble: Ensemble, of: str, runs: Ints) -> Ints:
    without: Ints = runs[~ensemble.happened(of).to_numpy(dtype=np.bool_)]
    return without


def minimal_sets(
    without: Ints, gates: Iterable[str], most: int, form: Callable[[Ints, Collection[str]], Ints]
) -> pd.DataFrame:
    """Return the minimal sets of every run: a row a run and set, smaller sets first; columns run, requirements.

    ``form(runs, opened)`` returns those of ``runs`` in which a force forms with the gates ``opened`` held open. A set
    is tried in the runs in which no part of it suffices.
    """
    sufficient: dict[Gates, Ints] = {}
    for each in _subsets(gates, most):
        solved = [runs for smaller, runs in sufficient.items() if smaller < each]
        left = np.setdiff1d(without, np.concatenate(solved)) if solved else without
        if len(left) and len(hits := form(left, each)):
            sufficient[each] = hits
    pieces = [pd.DataFrame({"run": runs, "requirements": join(each)}) for each, runs in sufficient.items()]
    return (
        pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame({"run": [], "requirements": []}, dtype=object)
    )


def _candidates(ensemble: Ensemble) -> list[str]:
    return [gate for gate in vocabulary.GATES if gate not in ensemble.manifest["relaxed"]]


def _enough(
    search: Iterable[Arrays], without: Ints, within: float | None, progress: Callable[[int], None]
) -> tuple[pd.DataFrame, int]:
    """Return the minimal sets of as many blocks as it takes, and the last run that they cover."""
    pieces: list[Arrays] = []
    counts: Counter[int] = Counter()
    of = 0
    for each in search:
        pieces.append(each)
        counts.update(each["set"].tolist())
        last = int(each["last"])
        before, of = of, int(np.searchsorted(without, last, side="right"))
        progress(of - before)
        if within is not None and of >= LEAST_RUNS and _widest(counts, of) <= within:
            break
    else:
        last = np.iinfo(np.int64).max
    return _in_order(pieces), last


def _widest(counts: Mapping[int, int], of: int) -> float:
    """Return half the width of the widest interval of the shares of sets."""
    shares = [share(hits, of) for hits in counts.values()]
    return max(((each.high - each.low) / 2 for each in shares), default=0.0)


def _in_order(pieces: Sequence[Arrays]) -> pd.DataFrame:
    """Return the minimal sets of all blocks as :func:`minimal_sets` has them: smaller sets first, and by run."""
    run, at = (np.concatenate([each[name] for each in pieces]) for name in ("run", "set"))
    order = np.lexsort((run, at))
    names = np.array(_SETS, dtype=object)
    return pd.DataFrame({"run": run[order], "requirements": names[at[order]]})


def _search(replays: BlockReplays, runs: Ints, gates: list[str], most: int) -> Arrays:
    """Return the minimal sets of the runs of a block, each by its place in :data:`_SETS`, and the block's last run."""
    sets = minimal_sets(runs, gates, most, replays.form)
    places = sets["requirements"].map(_SETS.index).to_numpy(dtype=np.int16)
    return {"run": sets["run"].to_numpy(dtype=np.int64), "set": places, "last": np.array(replays.last)}


def _subsets(gates: Iterable[str], most: int) -> Iterator[Gates]:
    names = list(gates)
    for size in range(1, most + 1):
        yield from map(frozenset, combinations(names, size))


_SETS = [join(each) for each in _subsets(vocabulary.GATES, len(vocabulary.GATES))]
"""Every set of requirements, smaller ones first."""


def _supersets(
    sets: pd.DataFrame, replays: Replays, workers: int | None, progress: Callable[[int], None]
) -> pd.DataFrame:
    """Check larger sets: all gates open in runs with a minimal set, and one gate more than the most frequent sets."""
    asked = list(_larger(sets)) if len(sets) else []
    solved = np.sort(sets["run"].unique()).astype(np.int64)
    queries = [(runs, more) for _, more, runs in asked]
    counts = list(replays.each_block(_count, solved, queries, workers=workers, progress=progress))
    formed = np.sum([each["formed"] for each in counts], axis=0) if counts else []
    rows = [
        (join(more), holds, len(runs), len(runs) - int(hits))
        for (holds, more, runs), hits in zip(asked, formed, strict=True)
    ]
    return pd.DataFrame(rows, columns=["requirements", "holds", "runs", "fails"])


def _larger(sets: pd.DataFrame) -> Iterator[tuple[str, tuple[str, ...], Ints]]:
    """Yield what is checked: the set that holds, the larger one, and the runs."""
    yield "any set found", vocabulary.GATES, np.sort(sets["run"].unique()).astype(np.int64)
    for name in sets["requirements"].value_counts().index[:CHECKED_SETS]:
        runs = sets.loc[sets["requirements"] == name, "run"].to_numpy(dtype=np.int64)[:CHECKED_RUNS]
        for more in (gate for gate in vocabulary.GATES if gate not in split(name)):
            yield name, (*split(name), more), runs


def _count(replays: BlockReplays, runs: Ints, asked: list[tuple[Ints, Collection[str]]]) -> Arrays:
    """Return of how many of some runs a force forms, in this block, for each of the sets asked about."""
    return {"formed": np.array([len(replays.play(np.intersect1d(some, runs), opened)) for some, opened in asked])}
