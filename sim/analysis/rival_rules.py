"""Rival rules: alternatives that the theory allows, each a change of a scenario. To add one, add an entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, Unpack

import pandas as pd

from sim.analysis.paired import paired_difference
from sim.batch import running
from sim.batch.input_design import InputDesign, read_design
from sim.batch.running import RunOptions
from sim.ensemble import shares
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.events import event
from sim.ensemble.results import RivalRules
from sim.ensemble.shares import share
from sim.ensemble.summary import GROUPS
from sim.scenario.scenario import Scenario
from sim.words import EVENT_WORDS, label, span
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
    changed = {
        name: (rival, scenario.change(rival.edits(scenario), name=f"{scenario.name}, {name}", assumption=rival.says))
        for name, rival in RIVALS.items()
    }
    return {name: pair for name, pair in changed.items() if pair[1].hash != scenario.hash}


def count(scenario: Scenario) -> int:
    """Return how many rivals differ from a scenario."""
    return len(rivals(scenario))


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
        name: (says, {group: share(int(ensemble.happened(group).sum()), len(ensemble)) for group in GROUPS})
        for name, says, ensemble in _arms(scenario, runs, seed, own, **options)
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


def _arms(
    scenario: Scenario, runs: int, seed: int, own: Ensemble | None, **options: Unpack[RunOptions]
) -> Iterator[tuple[str, str, Ensemble]]:
    """Yield the scenario's own rules and each rival: name, what it says, and so many runs under it."""
    if own is None or len(own) + own.failed < runs:
        yield OWN, "the rules as configured", running.run(scenario, runs, seed, **options)
    else:
        rows, actors = (own.read(where=f"run < {runs}", table=name) for name in ("runs", "actors"))
        yield OWN, "the rules as configured", Ensemble(rows, None, actors, own.manifest)
    kept = options.get("plausible")
    for name, (rival, changed) in rivals(scenario).items():
        options["plausible"] = _for_rival(kept, changed)
        yield name, rival.says, running.run(changed, runs, seed, **options)


def _for_rival(plausible: InputDesign | Path | str | None, changed: Scenario) -> InputDesign | None:
    """Return the draws of the inputs that were kept for the scenario itself, as far as they are inputs of a rival."""
    if plausible is None:
        return None
    kept = plausible if isinstance(plausible, InputDesign) else read_design(plausible)
    return kept.for_scenario(changed, building.build(changed).names.inputs)


def structures(
    scenario: Scenario, runs: int = RUNS, seed: int = 1, of: str = "european", **options: Unpack[RunOptions]
) -> RivalRules:
    """Return the headline under each rival rule, the scenario's own rules first (``as_configured``).

    Run k has the same luck and the same inputs under all of them. Columns of ``.table``: ``says``; ``probability`` with
    its 95% run noise ``low`` and ``high`` (Wilson); ``difference`` from the scenario's own rules, with its paired 95%
    interval ``difference_low`` and ``difference_high``; and ``blockers``, the two requirements most often missing,
    joined by a comma. ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is no event.
    """
    what = event(of, scenario.parts.missions).phrase
    rows, own = {}, pd.Series(dtype=bool)
    for name, says, ensemble in _arms(scenario, runs, seed, None, **options):
        came = ensemble.happened(of).set_axis(ensemble.runs["run"])
        own = came if name == OWN else own
        both = own.index.intersection(came.index)
        gap, estimate = paired_difference(own.loc[both], came.loc[both]), share(int(came.sum()), len(came))
        rows[name] = {
            "says": says,
            "probability": estimate.probability,
            "low": estimate.low,
            "high": estimate.high,
            "difference": gap["difference"],
            "difference_low": gap["low"],
            "difference_high": gap["high"],
            "blockers": ",".join(map(str, ensemble.missing().index[:2])),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rules")
    return RivalRules(table, _sentence(table, what, runs), scenario.name, seed, of, what, runs)


def from_range(over: TheoryRange, scenario: str, seed: int, of: str) -> RivalRules:
    """Return a theory range as a table of rival rules with ``says``, ``probability``, ``low`` and ``high`` alone."""
    rows = {
        name: (row["says"], row["probability"], row["run_noise_low"], row["run_noise_high"])
        for name, row in over["rules"].items()
    }
    columns = ["says", "probability", "low", "high"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("rules")
    what = EVENT_WORDS[of]
    return RivalRules(table, _sentence(table, what, over["runs"]), scenario, seed, of, what, over["runs"])


def _sentence(table: pd.DataFrame, what: str, runs: int) -> str:
    least, most = (label(str(name)) for name in (table["probability"].idxmin(), table["probability"].idxmax()))
    ends = span(table["probability"].min(), table["probability"].max())
    return (
        f"Under {len(table)} sets of rules, {what} comes about in {ends} of runs ({runs:,} each): least under "
        f"“{least}”, most under “{most}”."
    )
