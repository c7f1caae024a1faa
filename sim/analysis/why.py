"""Why not? The smallest sets of requirements that, held open from week 0, would have let a force form in a run.

A run without a force is played again with the same inputs and the same luck, some requirements held open. A set that
suffices while no part of it does is a minimal cut set of the fault tree whose top event is "no force" (Vesely,
Goldberg, Roberts and Haasl 1981, Fault Tree Handbook, NUREG-0492, chapter VII), computed here by search and not by
algebra, as the tree is a simulation. In a coherent tree every set that contains a sufficient one suffices too. Ours
need not be coherent: a guarantee that reassures Kyiv also provokes Moscow, and a force that forms early meets a
different year. The search skips sets that contain a minimal one; ``supersets`` says how often such a set fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from sim import vocabulary, words
from sim.analysis import why_tables
from sim.analysis.relaxed_runs import Gates, Ints, Replays
from sim.analysis.why_tables import holders, join, split
from sim.batch import from_manifest
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Why
from sim.scenario.scenario import Scenario

MOST_GATES = 3
"""The largest sets searched: whoever needs four things at once needs another policy, not a nudge."""
CHECKED_SETS, CHECKED_RUNS = 3, 512
"""How many of the most frequent sets, and how many runs of each, are checked for whether larger sets still suffice."""


def why(
    ensemble: Ensemble,
    of: str = "european",
    *,
    most: int = MOST_GATES,
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
    scenario
        The scenario of the ensemble; by default it is read from the manifest.
    workers, progress
        As for :func:`sim.batch.running.run`.

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
    without = runs[~ensemble.happened(of).to_numpy(dtype=np.bool_)]
    if not len(without):
        raise ValueError(f"all {len(runs):,} runs have {what}: nothing stood in the way")
    replays = Replays(ensemble, scenario or known, of, workers=workers, progress=progress)
    sets = minimal_sets(without, _candidates(ensemble), most, replays.form)
    members = sets.assign(gate=sets["requirements"].map(split)).explode("gate")
    table = why_tables.blockers(sets, len(without))
    text = why_tables.sentence(table, known.name, what, most, len(runs), len(without))
    return Why(
        table,
        words.stamped(text, ensemble.stamp),
        gates=why_tables.by_gate(sets, members, len(without)),
        together=why_tables.together(members),
        holders=why_tables.add_waiting(ensemble, holders(known), members),
        supersets=_supersets(sets, replays.form),
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


def minimal_sets(
    without: Ints, gates: Iterable[str], most: int, form: Callable[[Ints, Collection[str]], Ints]
) -> pd.DataFrame:
    """Return the minimal sets of every run: a row a run and set, smaller sets first; columns run, requirements.

    ``form(runs, opened)`` returns those of ``runs`` in which a force forms with the gates ``opened`` held open. A set
    is tried in the runs in which no part of it suffices.
    """
    names = list(gates)
    sufficient: dict[Gates, Ints] = {}
    for size in range(1, most + 1):
        for each in map(frozenset, combinations(names, size)):
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


def _supersets(sets: pd.DataFrame, form: Callable[[Ints, Collection[str]], Ints]) -> pd.DataFrame:
    """Check larger sets: all gates open in runs with a minimal set, and one gate more than the most frequent sets."""
    rows = []
    if len(sets):
        solved = np.sort(sets["run"].unique()).astype(np.int64)
        rows.append(
            (
                join(vocabulary.GATES),
                "any set found",
                len(solved),
                len(solved) - _count(form, solved, vocabulary.GATES),
            )
        )
    for name in sets["requirements"].value_counts().index[:CHECKED_SETS]:
        runs = sets.loc[sets["requirements"] == name, "run"].to_numpy(dtype=np.int64)[:CHECKED_RUNS]
        for more in (gate for gate in vocabulary.GATES if gate not in split(name)):
            larger = [*split(name), more]
            rows.append((join(larger), name, len(runs), len(runs) - _count(form, runs, larger)))
    return pd.DataFrame(rows, columns=["requirements", "holds", "runs", "fails"])


def _count(form: Callable[[Ints, Collection[str]], Ints], runs: Ints, opened: Collection[str]) -> int:
    return len(form(runs, opened))
