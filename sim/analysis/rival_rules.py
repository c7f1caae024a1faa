"""Rival rules: alternatives that the theory allows, each a change of a scenario. To add one, add an entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, Unpack

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.analysis.paired import paired_difference
from sim.batch.arms import Arm, came_about
from sim.batch.designs import Floats
from sim.batch.input_design import InputDesign, read_design
from sim.batch.running import RunOptions
from sim.ensemble import shares
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import span
from sim.ensemble.results import RivalRules
from sim.ensemble.shares import share
from sim.ensemble.summary import GROUPS
from sim.scenario.scenario import Scenario, without_reasons
from sim.words import label
from sim.world import building

Edits = dict[str, Any]

RUNS = 5_000
"""Runs under each set of rules behind the theory width of `sim run`: a quarter of its usual batch."""
OWN = "as_configured"
"""The name of the scenario's own rules."""


class Rival(NamedTuple):
    """A rival rule: what it says, and the edits that put it into a scenario."""

    says: str
    edits: Callable[[Scenario], Edits]


def _reading(path: str, word: str, says: str) -> Rival:
    return Rival(says, lambda _: {path: word})


def _all_willing(scenario: Scenario) -> Edits:
    """Let every contributor send troops once its demands are met, as the scenario ``hopeful_start`` does."""
    return {
        path: "pledged"
        for path in scenario.leaves
        if path.startswith("actors.") and path.rpartition(".")[2] == "stance"
    }


READINGS: dict[str, dict[str, tuple[str, str]]] = {
    "rules.table.procedure": {
        "proposer": ("proposer", "missions are tabled by proposer"),
        "weighted_mean": ("weighted_mean", "missions are tabled by weighted mean"),
        "median": ("median", "missions are tabled by median"),
        "package": ("package", "mission, rung, concession and relief are bargained as one package"),
    },
    "rules.pledge.decision": {
        "threshold": ("threshold", "decisions pass a threshold"),
        "quantal": ("quantal", "decisions are noisy, not thresholds"),
    },
    "rules.pledge.stances": {
        "conditional": ("conditional_stances", "a stance is what a state would do if its demands were met"),
        "as_spoken": ("stances_as_spoken", "a stance is where a state stood in week 0"),
    },
    "rules.truce.foresight": {
        "drawn": ("foresight_drawn", "each side foresees a force after a truce as far as is drawn for it"),
        "none": ("no_foresight", "neither side foresees a force after a truce"),
        "half": ("half_foresight", "both sides half foresee a force after a truce"),
        "full": ("full_foresight", "both sides fully foresee a force after a truce"),
    },
    "rules.truce.terms": {
        "lasting": ("lasting_terms", "passing moods do not enter what is signed"),
        "passing": ("passing_terms", "passing moods enter what is signed"),
    },
    "rules.learning.beliefs": {
        "updated": ("learning", "actors learn from the battlefield and from the broker's acts"),
        "fixed": ("no_learning", "actors learn nothing in a run"),
    },
}
"""By path of a scenario: each word that may stand there, with the name of that rival and what it says."""

RIVALS: dict[str, Rival] = {
    **{name: _reading(path, word, says) for path, words in READINGS.items() for word, (name, says) in words.items()},
    "hopeful_start": Rival("every contributor would go once its demands are met", _all_willing),
}
"""By name. A rival whose edits leave a scenario as it is is left out."""


class RuleShare(TypedDict):
    """What a rule says, and the share of runs with an event under it, with its run noise."""

    says: str
    probability: float
    run_noise_low: float
    run_noise_high: float


class TheoryRange(TypedDict):
    """The least and the most of a probability over rival rules, ``runs`` runs each, and which rules give them."""

    low: float
    high: float
    least: str
    most: str
    runs: int
    rules: dict[str, RuleShare]


def rivals(scenario: Scenario) -> dict[str, tuple[Rival, Scenario]]:
    """Return the rivals that differ from a scenario, each with the scenario under it."""
    return {
        name: (
            RIVALS[name], scenario.change(edits, name=f"{scenario.name}, {name}", assumption=RIVALS[name].says)
        )
        for name, edits in _differing(scenario).items()
    }  # fmt: skip


def count(scenario: Scenario) -> int:
    """Return how many rivals differ from a scenario."""
    return len(_differing(scenario))


def _differing(scenario: Scenario) -> dict[str, Edits]:
    """Return the edits of the rivals that differ from a scenario; to make the scenarios only to count takes a second.

    Their edits are words, so that a rival differs if one of them does not stand where it would go.
    """
    stands = {".".join(route): without_reasons(entry.value) for route, entry in scenario.layer.entries.items()}
    every = {name: rival.edits(scenario) for name, rival in RIVALS.items()}
    return {name: edits for name, edits in every.items() if any(stands.get(path) != edits[path] for path in edits)}


def theory_range(
    scenario: Scenario,
    runs: int = RUNS,
    seed: int = 1,
    *,
    own: Ensemble | None = None,
    **options: Unpack[RunOptions],
) -> dict[str, TheoryRange]:
    """Return, by group, the least and the most of its probability over rival rules, each rule by name.

    Run k has the same luck and the same inputs under all of them. ``own`` is a batch of the scenario with the same
    seed, of which the first ``runs`` runs stand for its own rules; without one these are played too. ``options`` are
    those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    by_rule = {
        name: (says, {group: _share(came[group]) for group in GROUPS})
        for name, says, came in _played(scenario, runs, seed, own, GROUPS, **options)
    }
    return {
        group: _ends({name: (says, estimates[group]) for name, (says, estimates) in by_rule.items()}, runs)
        for group in GROUPS
    }


def _ends(by_rule: dict[str, tuple[str, shares.Share]], runs: int) -> TheoryRange:
    ranked = sorted(by_rule, key=lambda name: by_rule[name][1].probability)
    least, most = ranked[0], ranked[-1]
    rows: dict[str, RuleShare] = {}
    for name, (says, each) in by_rule.items():
        noise = {"run_noise_low": each.low, "run_noise_high": each.high}
        rows[name] = {"says": says, "probability": each.probability, **noise}  # type: ignore[typeddict-item]
    ends = (rows[least]["probability"], rows[most]["probability"])
    return {"low": ends[0], "high": ends[1], "least": least, "most": most, "runs": runs, "rules": rows}


def _played(
    scenario: Scenario,
    runs: int,
    seed: int,
    own: Ensemble | None,
    events: Sequence[str],
    **options: Unpack[RunOptions],
) -> Iterator[tuple[str, str, dict[str, Floats]]]:
    """Yield the scenario's own rules and each rival: name, what it says, and which events came about in so many runs.

    Not a number stands for a run that failed; of an ensemble of one's own these are left out.
    """
    kept, says = options.get("plausible"), {OWN: "the rules as configured"}
    stands = own is not None and len(own) + own.failed >= runs

    def arms() -> Iterator[Arm]:
        if not stands:
            yield Arm(scenario, np.arange(runs))
        for name, (rival, changed) in rivals(scenario).items():
            says[name] = rival.says
            yield Arm(changed, np.arange(runs), options={"plausible": _for_rival(kept, changed)} if kept else {})

    if stands and own is not None:
        first = own.first(runs)
        yield OWN, says[OWN], {event: first.happened(event).to_numpy(dtype=np.float64) for event in events}
    played = came_about(arms(), events, seed, **options)
    for at, came in enumerate(played, start=int(stands)):
        name = list(says)[at]
        yield name, says[name], came


def _share(came: Floats) -> shares.Share:
    left = came[~np.isnan(came)]
    return share(int(left.sum()), len(left))


def _most_missing(came: Mapping[str, Floats]) -> list[str]:
    """Return the two gates that runs without a force at the horizon lack most often."""
    counts = pd.Series({gate: np.nansum(came[f"missing_{gate}"]) for gate in vocabulary.GATES})
    return [str(gate) for gate in counts.sort_values(ascending=False, kind="stable").index[:2]]


def _for_rival(plausible: InputDesign | Path | str | None, changed: Scenario) -> InputDesign | None:
    """Return the draws of the inputs that were kept for the scenario itself, as far as they are inputs of a rival."""
    if plausible is None:
        return None
    kept = plausible if isinstance(plausible, InputDesign) else read_design(plausible)
    return kept.for_scenario(changed, building.build(changed).names.inputs)


def structures(
    scenario: Scenario,
    runs: int = RUNS,
    seed: int = 1,
    of: str = "european",
    *,
    own: Ensemble | None = None,
    **options: Unpack[RunOptions],
) -> RivalRules:
    """Return the headline under each rival rule, the scenario's own rules first (``as_configured``).

    Run k has the same luck and the same inputs under all of them. Columns of ``.table``: ``says``; ``probability`` with
    its 95% run noise ``low`` and ``high`` (Wilson); ``difference`` from the scenario's own rules, with its paired 95%
    interval ``difference_low`` and ``difference_high``; and ``blockers``, the two requirements most often missing,
    joined by a comma. ``own`` is as for :func:`theory_range`; it stands for its rules if no run of it failed, as runs
    are paired. ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is no event.
    """
    what = event(of, scenario.parts.missions, names=scenario.names).phrase
    rows, mine = {}, np.empty(0)
    events = [of, *(f"missing_{gate}" for gate in vocabulary.GATES)]
    whole = own if own is not None and not own.failed else None
    for name, says, came in _played(scenario, runs, seed, whole, events, **options):
        mine = came[of] if name == OWN else mine
        gap, estimate = paired_difference(pd.Series(mine), pd.Series(came[of])), _share(came[of])
        rows[name] = {
            "says": says,
            "probability": estimate.probability,
            "low": estimate.low,
            "high": estimate.high,
            "difference": gap["difference"],
            "difference_low": gap["low"],
            "difference_high": gap["high"],
            "blockers": ",".join(_most_missing(came)),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rules")
    return RivalRules(table, _sentence(table, what, runs), scenario.name, seed, of, what, runs)


def from_range(over: TheoryRange, scenario: Scenario, seed: int, of: str) -> RivalRules:
    """Return a theory range as a table of rival rules with ``says``, ``probability``, ``low`` and ``high`` alone."""
    rows = {
        name: (row["says"], row["probability"], row["run_noise_low"], row["run_noise_high"])
        for name, row in over["rules"].items()
    }
    columns = ["says", "probability", "low", "high"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("rules")
    what = event(of, scenario.parts.missions, names=scenario.names).phrase
    return RivalRules(table, _sentence(table, what, over["runs"]), scenario.name, seed, of, what, over["runs"])


def _sentence(table: pd.DataFrame, what: str, runs: int) -> str:
    least, most = (label(str(name)) for name in (table["probability"].idxmin(), table["probability"].idxmax()))
    ends = span(table["probability"].min(), table["probability"].max())
    return (
        f"Under {len(table)} sets of rules, {what} comes about in {ends} of runs ({runs:,} each): least under "
        f"“{least}”, most under “{most}”."
    )
