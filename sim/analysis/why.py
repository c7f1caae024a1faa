"""Why not? The smallest sets of requirements that, held open from week 0, would have let a force form in a run.

A run without a force is played again with the same inputs and the same luck, some requirements held open. A set that
suffices while no part of it does is a minimal cut set of the fault tree whose top event is "no force" (Vesely,
Goldberg, Roberts and Haasl 1981, Fault Tree Handbook, NUREG-0492, chapter VII), found here by search and not by
algebra, as the tree is a simulation. In a coherent tree a set that holds one that suffices suffices too. Ours need not
be coherent: a guarantee that reassures Kyiv also provokes Moscow, and a force that forms early meets a different year.
Sets that hold one found are skipped, and :attr:`Why.supersets` says how often such a set fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.analysis import why_tables
from sim.analysis.relaxed_runs import Gates, Ints, Replays
from sim.analysis.why_tables import FORCE_WORDS, holders, joined, split
from sim.batch import from_manifest
from sim.ensemble.ensemble import Ensemble
from sim.scenario.scenario import Scenario

OF = ("european", "deployed")
MOST_GATES = 3
"""Sets of more requirements are not searched: whoever needs four things at once needs another policy, not a nudge."""
CHECKED_SETS, CHECKED_RUNS = 3, 512
"""Of so many most frequent sets, and of so many runs of each, it is checked whether larger sets still suffice."""


class Why(NamedTuple):
    """What stood in the way of a force, in tables.

    Attributes
    ----------
    blockers
        A row a minimal set (index ``requirements``, joined by " + ", most frequent first; the last row, ``none``, for
        runs in which no set was found): ``size``, ``runs``, and ``share`` of the runs without a force with its 95%
        Wilson interval ``low``, ``high``. A run may have several sets, so shares do not add up to 1.
    gates
        A row a requirement: ``share`` (with ``low``, ``high``) of the runs without a force in which some minimal set
        has it, ``alone`` in which it suffices by itself, ``always`` in which all sets found have it.
    together
        A row and a column a requirement: in how many runs the two stand in one minimal set.
    holders
        A row a requirement and actor: ``part`` it has in it after the config, and, for contributors, ``waiting``: in
        what share of the runs in which a minimal set has the requirement it is not pledged (for ratification: pledged,
        not ratified) at the horizon.
    supersets
        A row a check: ``requirements`` held open, ``holds`` the set found that is within, ``runs`` and ``fails``.
    sets
        A row a run and minimal set: ``run``, ``requirements``.
    """

    blockers: pd.DataFrame
    gates: pd.DataFrame
    together: pd.DataFrame
    holders: pd.DataFrame
    supersets: pd.DataFrame
    sets: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The answer as one sentence."""
        return str(self.blockers.attrs["sentence"])


def why(
    ensemble: Ensemble,
    of: str = "european",
    *,
    most: int = MOST_GATES,
    scenario: Scenario | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Why:
    """Return what would have let a force form in the runs of ``ensemble`` that had none.

    Parameters
    ----------
    ensemble
        Runs without a table of inputs; its engine plays them again. Gates that it held open already stay open.
    of
        ``european`` or ``deployed``: which force.
    most
        Search sets of at most so many requirements.
    scenario
        The scenario of the ensemble, where it is at hand; else it is read back from the manifest.
    workers, progress
        As for :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If the runs cannot be played again here, there is none without a force, or something asked for is not allowed.
    """
    if of not in OF:
        raise ValueError(f"{of!r} is not a force that can be asked for; allowed: {', '.join(OF)}")
    if not 1 <= most <= len(vocabulary.GATES):
        raise ValueError(f"sets have 1 to {len(vocabulary.GATES)} requirements, got {most!r}")
    known = from_manifest.replayable(ensemble)
    if scenario is not None and scenario.hash != known.hash:
        raise ValueError(f"the ensemble is of a scenario of hash {known.hash}, not of {scenario.hash}")
    runs = ensemble.read(["run"])["run"].to_numpy(dtype=np.int64)
    without = runs[~ensemble.happened(of).to_numpy(dtype=np.bool_)]
    if not len(without):
        raise ValueError(f"all {len(runs):,} runs have a {FORCE_WORDS[of]}: nothing stood in the way")
    replays = Replays(ensemble, scenario or known, of, workers=workers, progress=progress)
    sets = minimal_sets(without, _candidates(ensemble), most, replays.form)
    about = {"scenario": known.name, "hash": known.hash, "seed": replays.seed, "runs": len(runs)}
    about["stamp"] = ensemble.stamp
    return _told(ensemble, known, sets, without, _supersets(sets, replays.form), about | {"of": of, "most": most})


def minimal_sets(
    without: Ints, gates: Iterable[str], most: int, form: Callable[[Ints, Collection[str]], Ints]
) -> pd.DataFrame:
    """Return the minimal sets of every run: a row a run and set, smaller sets first; columns run, requirements.

    ``form(runs, opened)`` tells in which of ``runs`` a force forms with the gates ``opened`` held open. A set is asked
    of the runs of which no part of it was found.
    """
    names = list(gates)
    found: dict[Gates, Ints] = {}
    for size in range(1, most + 1):
        for each in map(frozenset, combinations(names, size)):
            solved = [runs for smaller, runs in found.items() if smaller < each]
            left = np.setdiff1d(without, np.concatenate(solved)) if solved else without
            if len(left) and len(hits := form(left, each)):
                found[each] = hits
    pieces = [pd.DataFrame({"run": runs, "requirements": joined(each)}) for each, runs in found.items()]
    return (
        pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame({"run": [], "requirements": []}, dtype=object)
    )


def _candidates(ensemble: Ensemble) -> list[str]:
    return [gate for gate in vocabulary.GATES if gate not in ensemble.manifest["relaxed"]]


def _told(
    ensemble: Ensemble,
    scenario: Scenario,
    sets: pd.DataFrame,
    without: Ints,
    supersets: pd.DataFrame,
    about: dict[str, Any],
) -> Why:
    members = sets.assign(gate=sets["requirements"].map(split)).explode("gate")
    table = why_tables.blockers(sets, len(without))
    told = Why(
        blockers=table,
        gates=why_tables.by_gate(sets, members, len(without)),
        together=why_tables.together(members),
        holders=why_tables.waiting(ensemble, holders(scenario), members),
        supersets=supersets,
        sets=sets,
    )
    about |= {"without": len(without)}
    for each in told:
        each.attrs |= about
    table.attrs["sentence"] = why_tables.sentence(table, about)
    return told


def _supersets(sets: pd.DataFrame, form: Callable[[Ints, Collection[str]], Ints]) -> pd.DataFrame:
    """Check larger sets: all gates open wherever a set was found, and one gate more than the most frequent sets."""
    rows = []
    if len(sets):
        solved = np.sort(sets["run"].unique()).astype(np.int64)
        rows.append(
            (
                joined(vocabulary.GATES),
                "any set found",
                len(solved),
                len(solved) - _count(form, solved, vocabulary.GATES),
            )
        )
    for name in sets["requirements"].value_counts().index[:CHECKED_SETS]:
        runs = sets.loc[sets["requirements"] == name, "run"].to_numpy(dtype=np.int64)[:CHECKED_RUNS]
        for more in (gate for gate in vocabulary.GATES if gate not in split(name)):
            larger = [*split(name), more]
            rows.append((joined(larger), name, len(runs), len(runs) - _count(form, runs, larger)))
    return pd.DataFrame(rows, columns=["requirements", "holds", "runs", "fails"])


def _count(form: Callable[[Ints, Collection[str]], Ints], runs: Ints, opened: Collection[str]) -> int:
    return len(form(runs, opened))
