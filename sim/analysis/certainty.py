"""How sure? Run noise, inputs and rival rules side by side; convergence; what survives; and what to be wary of."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.analysis.movers import movers
from sim.analysis.nested import DRAWS, LUCK, range_over
from sim.analysis.rival_rules import structures
from sim.batch import running
from sim.batch.designs import nested_runs
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import share
from sim.ensemble.summary import GROUPS
from sim.scenario import evidence_use
from sim.scenario.scenario import Scenario
from sim.words import WORDS_OF_GATES, in_ten, in_words, known, rounded

RUNS = 20_000
ONE_OUTCOME = 0.95
"""A result is degenerate if one outcome has more of the runs than this."""
RESTS_ON = 0.5
"""A result rests on a number that moves it, from its lowest to its highest tenth, by more than this part of it."""


class Certainty(NamedTuple):
    """How sure a headline is.

    ``widths`` has the rows ``run noise``, ``inputs`` and ``rival rules`` with ``low`` and ``high``; ``structures`` is
    from :func:`sim.analysis.rival_rules.structures`, ``convergence`` from :func:`convergence`, ``blockers`` from
    :func:`blockers`; ``warnings`` are sentences. ``widths.attrs["sentence"]`` says it in words.
    """

    widths: pd.DataFrame
    structures: pd.DataFrame
    convergence: pd.DataFrame
    blockers: pd.DataFrame
    warnings: list[str]


def certainty(
    scenario: Scenario,
    of: str = "european",
    runs: int = RUNS,
    seed: int = 1,
    *,
    draws: int = DRAWS,
    luck: int = LUCK,
    **options: Any,
) -> Certainty:
    """Return how sure the headline ``of`` (deployed or european) is.

    ``runs`` runs give the headline and its run noise, ``draws`` x ``luck`` more its range over inputs, as
    :func:`sim.nested` has it, and a quarter of ``runs`` each rival rule. ``options`` are those of
    :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is neither group, or a number is out of range.
    """
    if of not in GROUPS:
        raise ValueError(f"{of!r} has no range over inputs; allowed: {', '.join(GROUPS)}")
    flat = running.run(scenario, runs, seed, **options)
    sets = by_draw(scenario, draws, luck, seed, **options)
    rules = structures(scenario, max(1, runs // 4), seed, of, **options)
    table = widths(flat, sets, rules, of)
    return Certainty(table, rules, convergence(flat, of), blockers(sets, rules), warnings(flat, scenario, of))


def by_draw(scenario: Scenario, draws: int = DRAWS, luck: int = LUCK, seed: int = 1, **options: Any) -> pd.DataFrame:
    """Return what became of each of ``draws`` draws of the inputs in ``luck`` runs, no luck shared.

    The design is that of :func:`sim.analysis.nested.nested`, so its ranges are the same. Columns: ``runs``,
    ``ceasefire``, ``deployed``, ``european``, ``without`` (a force at the horizon), and a gate's name for the runs that
    lacked it then: counts.

    Raises
    ------
    ValueError
        If there are fewer than 2 draws of 2 runs.
    """
    pieces = nested_runs(scenario, draws, luck, seed, **options)
    counts = [_came_about(ensemble).groupby(numbers // luck).sum() for ensemble, numbers in pieces]
    table = pd.concat(counts).groupby(level=0).sum().rename_axis("draw")
    table.attrs = {"scenario": scenario.name, "seed": seed, "draws": draws, "runs_per_draw": luck}
    return table


def _came_about(ensemble: Ensemble) -> pd.DataFrame:
    """Return, a row a run, 1 or 0 for each column of :func:`by_draw`."""
    flags = {name: ensemble.happened(name) for name in ("ceasefire", *GROUPS)}
    flags |= {"without": ~ensemble.happened("in_place_at_horizon")}
    flags |= {gate: ensemble.happened(f"missing_{gate}") for gate in vocabulary.GATES}
    return pd.DataFrame({"runs": 1.0, **{name: flag.to_numpy() for name, flag in flags.items()}}, dtype=float)


def widths(flat: Ensemble, sets: pd.DataFrame, rules: pd.DataFrame, of: str = "european") -> pd.DataFrame:
    """Return the three widths of a headline: rows run noise, inputs, rival rules; columns low, high, what.

    ``flat`` is a batch, ``sets`` from :func:`by_draw`, ``rules`` from :func:`sim.analysis.rival_rules.structures`. Run
    noise is Wilson's 95% interval; inputs the 10th to 90th percentile over draws with run noise removed
    (:func:`sim.analysis.nested.range_over`); rival rules the least and the most under any of them.

    Raises
    ------
    ValueError
        If there are no runs, or too few draws.
    """
    found, over = flat.share(of), range_over(sets[of].to_numpy(), sets["runs"].to_numpy())
    if found is None or over is None:
        raise ValueError("there are too few runs to say how sure the answer is")
    about = f"{sets.attrs['draws']:,} draws of {sets.attrs['runs_per_draw']:,} runs"
    rows = {
        "run noise": (found.low, found.high, f"95%, {found.of:,} runs"),
        "inputs": (over.p10, over.p90, f"10th to 90th percentile over {about}, run noise removed"),
        "rival rules": (
            rules["probability"].min(),
            rules["probability"].max(),
            f"least to most of {len(rules)} sets of rules, {rules.attrs['runs']:,} runs each",
        ),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high", "what"]).rename_axis("width")
    table.attrs = {"scenario": flat.manifest["scenario"], "seed": flat.manifest["seed"], "of": of, "runs": found.of}
    table.attrs |= {"what": known(of), "probability": found.probability}
    table.attrs["sentence"] = sentence(table)
    return table


def sentence(table: pd.DataFrame) -> str:
    """Return the three widths in words, the widest named; those of inputs and rules are rounded as headlines are."""
    about, size, rows = table.attrs, table["high"] - table["low"], table.to_dict("index")
    noise = rows["run noise"]
    wide = (
        f"{name} {rounded(rows[name]['low'])} to {rounded(rows[name]['high'])}%" for name in ("inputs", "rival rules")
    )
    told = ", ".join((f"run noise {noise['low']:.1%} to {noise['high']:.1%}", *wide))
    return (
        f"{_first_up(about['what'])} is {in_words(about['probability'])}: {told}; "
        f"what is least sure is {_LEAST_SURE[str(size.idxmax())]}."
    )


_LEAST_SURE = {
    "run noise": "the number of runs, of which more would help",
    "inputs": "what the inputs are",
    "rival rules": "which rules hold",
}


def convergence(ensemble: Ensemble, of: str = "european", points: int = 40) -> pd.DataFrame:
    """Return the headline after the first runs: columns runs, probability, low and high (95% run noise)."""
    came = np.cumsum(ensemble.happened(of).to_numpy(dtype=np.int64))
    after = np.unique(np.geomspace(min(100, len(came)), len(came), points).astype(int))
    rows = [(runs, found.probability, found.low, found.high) for runs in after if (found := _share(came, runs))]
    table = pd.DataFrame(rows, columns=["runs", "probability", "low", "high"])
    table.attrs = {"scenario": ensemble.manifest["scenario"], "seed": ensemble.manifest["seed"], "of": of}
    table.attrs["what"] = known(of)
    return table


def blockers(sets: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Return how far it survives inputs and rival rules that a requirement is among the two most often missing.

    Missing means at the horizon, in runs then without a force. A row a gate, most often first; columns: ``sets``, the
    draws of inputs in which it is among the first two, ``of`` how many draws, ``share`` with ``low`` and ``high`` (95%,
    Wilson), ``rules``, under how many sets of rules, of ``rules_of``. ``.attrs["statements"]`` are sentences on the two
    that lead. Draws in which every run ended with a force have no blocker and do not count.
    """
    gates = list(vocabulary.GATES)
    some = sets[sets["without"] > 0]
    if some.empty:
        raise ValueError("every run ended with a force: nothing was missing")
    first_two = (-some[gates]).rank(axis=1, method="first") <= 2
    rows = {}
    for gate in gates:
        found = share(int(first_two[gate].sum()), len(some))
        under = sum(gate in named.split(",") for named in rules["blockers"])
        rows[gate] = (found.hits, found.of, found.probability, found.low, found.high, under, len(rules))
    columns = ["sets", "of", "share", "low", "high", "rules", "rules_of"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("gate")
    table = table.sort_values("share", ascending=False, kind="stable")
    table.attrs = {**sets.attrs, "statements": [_survives(str(gate), row) for gate, row in table.head(2).iterrows()]}
    return table


def warnings(ensemble: Ensemble, scenario: Scenario, of: str = "european") -> list[str]:
    """Return what to be wary of, a sentence each: a degenerate result, and one that rests on one assumed number.

    Degenerate: it came about always or never, or one outcome has more than 95% of the runs. It rests on an assumed
    number if its share among runs with that number in its highest tenth and in its lowest differ, beyond noise, by more
    than half of the headline (:func:`sim.analysis.movers.movers`).
    """
    found, told = ensemble.share(of), []
    if found is None:
        raise ValueError("there are no runs")
    if found.hits in (0, found.of):
        told.append(f"{_first_up(known(of))} came about in {found.probability:.0%} of {found.of:,} runs: degenerate.")
    name, count = max(ensemble.outcomes().items(), key=lambda item: item[1])
    if count > ONE_OUTCOME * len(ensemble):
        told.append(f"One outcome, {name}, has {count / len(ensemble):.1%} of the runs: degenerate.")
    assumed = [path for path, leaf in scenario.leaves.items() if evidence_use.kind(leaf.reasons) == "assumed"]
    moved = movers(ensemble, of, assumed)
    size = moved["difference"].abs()
    resting = moved[(size > RESTS_ON * found.probability) & (size > moved["noise"])]
    if len(resting):
        most = ", ".join(f"{path} ({row['low']:.0%} to {row['high']:.0%})" for path, row in resting.head(3).iterrows())
        more = f" and {len(resting) - 3} more" if len(resting) > 3 else ""
        told.append(f"One assumed number moves the headline by more than half of its value: {most}{more}.")
    return told


def _first_up(words: str) -> str:
    return words[0].upper() + words[1:]


def _share(came: Any, runs: int) -> Any:
    return share(int(came[runs - 1]), int(runs))


def _survives(gate: str, row: pd.Series) -> str:
    return (
        f"{_first_up(WORDS_OF_GATES[gate])} is among the first two blockers in "
        f"{in_ten(row['share'])} input sets ({row['low']:.0%} to {row['high']:.0%}, 95%) and under "
        f"{row['rules']:.0f} of {row['rules_of']:.0f} sets of rules."
    )
