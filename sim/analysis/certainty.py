"""How sure? Run noise, inputs and rival rules side by side; convergence; blockers that survive; warnings."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import numpy as np
import pandas as pd

from sim import vocabulary, words
from sim.analysis import rival_rules
from sim.analysis.movers import movers
from sim.analysis.nested import DRAWS, LUCK, range_over
from sim.analysis.rival_rules import structures
from sim.batch import running
from sim.batch.designs import nested_outcomes
from sim.batch.running import RunOptions
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import between, exactly, span
from sim.ensemble.results import Certainty, Convergence, InputDraws, RivalRules, Survival, Widths
from sim.ensemble.shares import Share, share, worded
from sim.ensemble.summary import GROUPS
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario import evidence_use
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario
from sim.words import WORDS_OF_GATES, label

RUNS = 20_000
ONE_OUTCOME = 0.95
"""A result is degenerate if one outcome has more of the runs than this."""
RESTS_ON = 0.5
"""A result rests on a number that moves it, from its lowest to its highest tenth, by more than this part of it."""


@takes_whole_numbers
def certainty(
    scenario: Scenario | str | Path,
    of: str = "european",
    runs: int = RUNS,
    seed: int = 1,
    *,
    draws: int = DRAWS,
    luck: int = LUCK,
    **options: Unpack[RunOptions],
) -> Certainty:
    """Return how sure the headline ``of`` is.

    ``runs`` runs give the headline and its run noise, ``draws`` x ``luck`` more its range over inputs, as
    :func:`sim.nested` has it, and a quarter of ``runs`` each rival rule. ``options`` are those of
    :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is no event, or a number is out of range.
    """
    scenario = as_scenario(scenario)
    event(of, scenario.parts.missions)
    flat = running.run(scenario, runs, seed, **options)
    sets = by_draw(scenario, draws, luck, seed, of, **options)
    rules = structures(scenario, _of_rival(runs), seed, of, own=flat, **options)
    three = widths(flat, sets, rules, of)
    return Certainty(
        three.table,
        three.sentence,
        widths=three,
        structures=rules,
        convergence=convergence(flat, of),
        blockers=blockers(sets, rules),
        warnings=warnings(flat, scenario, of),
    )


def runs_played(scenario: Scenario, runs: int = RUNS, *, draws: int = DRAWS, luck: int = LUCK) -> int:
    """Return how many runs :func:`certainty` plays, for a bar of progress.

    If a run fails, the scenario's own rules are played once more beside its rivals, for pairs: a few more runs.
    """
    return runs + draws * luck + rival_rules.count(scenario) * _of_rival(runs)


def _of_rival(runs: int) -> int:
    """Return how many runs each rival rule has beside a batch of ``runs``."""
    return max(1, runs // 4)


def by_draw(
    scenario: Scenario,
    draws: int = DRAWS,
    luck: int = LUCK,
    seed: int = 1,
    of: str = "european",
    **options: Unpack[RunOptions],
) -> InputDraws:
    """Return counts of events for each of ``draws`` draws of the inputs in ``luck`` runs; no two runs share their luck.

    The design is that of :func:`sim.analysis.nested.nested`, so its ranges are the same. Columns of ``.table``:
    ``runs``, ``ceasefire``, ``deployed``, ``european``, ``of`` as it is written, ``without`` (a force at the horizon),
    and the name of each gate for the runs that lacked it then.

    Raises
    ------
    ValueError
        If there are fewer than 2 draws of 2 runs.
    """
    lacking = [f"missing_{gate}" for gate in vocabulary.GATES]
    events = ["ceasefire", *GROUPS, of, "in_place_at_horizon", *lacking]
    draw, came = nested_outcomes(scenario, draws, luck, seed, events, **options)
    flags = {name: came[name] for name in dict.fromkeys(("ceasefire", *GROUPS, of))}
    flags |= {"without": 1.0 - came["in_place_at_horizon"]}
    flags |= {gate: came[name] for gate, name in zip(vocabulary.GATES, lacking, strict=True)}
    table = pd.DataFrame({"runs": 1.0, **flags}, dtype=float, index=draw).groupby(level=0).sum().rename_axis("draw")
    text = f"{draws:,} draws of the inputs of {scenario.name}, {luck:,} runs each."
    return InputDraws(table, text, scenario.name, seed, draws, luck)


def widths(flat: Ensemble, sets: InputDraws, rules: RivalRules, of: str = "european") -> Widths:
    """Return the three widths of a headline; ``.table`` has the rows run noise, inputs, rival rules; low, high, what.

    ``flat`` is a batch, ``sets`` from :func:`by_draw`, ``rules`` from :func:`sim.analysis.rival_rules.structures`. Run
    noise is Wilson's 95% interval; inputs the 10th to 90th percentile over draws with run noise removed
    (:func:`sim.analysis.nested.range_over`); rival rules the least and the most under any of them.

    Raises
    ------
    ValueError
        If there are no runs, or too few draws.
    """
    over = range_over(sets.table[of].to_numpy(), sets.table["runs"].to_numpy())
    if over is None:
        raise ValueError("there are too few runs to say how sure the answer is")
    return widths_over(flat, (over.p10, over.p90), (sets.draws, sets.runs_per_draw), rules, of)


def widths_over(
    flat: Ensemble, over: tuple[float, float], design: tuple[int, int], rules: RivalRules, of: str = "european"
) -> Widths:
    """Return what :func:`widths` does, from the ends of a range over inputs that a nested design gave.

    Raises
    ------
    ValueError
        If there are no runs.
    """
    estimate = flat.share(of)
    if estimate is None:
        raise ValueError("there are too few runs to say how sure the answer is")
    draws, luck = design
    what = flat.event(of).phrase
    inputs = f"10th to 90th percentile over {draws:,} draws of {luck:,} runs, run noise removed"
    shares = rules.table["probability"]
    rivals = f"least to most of {len(shares)} sets of rules, {rules.runs:,} runs each"
    rows = {
        "run noise": (estimate.low, estimate.high, f"95%, {estimate.of:,} runs"),
        "inputs": (*over, inputs),
        "rival rules": (shares.min(), shares.max(), rivals),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high", "what"]).rename_axis("width")
    return Widths(
        table,
        sentence(table, what, estimate),
        scenario=flat.manifest["scenario"],
        seed=flat.manifest["seed"],
        of=of,
        what=what,
        runs=estimate.of,
        probability=estimate.probability,
    )


def sentence(table: pd.DataFrame, what: str, estimate: Share) -> str:
    """Return the three widths in words, the widest named; those of inputs and rules are rounded as headlines are.

    Where the probability lies above the range over inputs, a few draws of them hold most of it: the range, which leaves
    out a tenth at either end, says too little, and inputs are what is least sure. ``estimate`` is the share of runs;
    the other arguments are fields of :class:`sim.ensemble.results.Widths`.
    """
    rows = table.to_dict("index")
    noise = rows["run noise"]
    wide = (f"{name} {span(rows[name]['low'], rows[name]['high'])}" for name in ("inputs", "rival rules"))
    ranges = ", ".join((f"run noise {between(noise['low'], noise['high'])}", *wide))
    return f"{words.sentence(what)} is {worded(estimate)}: {ranges}. {least_sure(table, estimate.probability)}"


def least_sure(table: pd.DataFrame, probability: float) -> str:
    """Return, as a sentence, which of the three widths leaves most open."""
    if probability > float(table["high"]["inputs"]):
        return _FEW_DRAWS
    return _LEAST_SURE[str((table["high"] - table["low"]).idxmax())]


_FEW_DRAWS = (
    "We are least sure about the inputs: a few draws of them, outside that range, hold most of the chance of its "
    "happening."
)
_LEAST_SURE = {
    "run noise": "The number of runs leaves most open: more would help.",
    "inputs": "We are least sure about the inputs.",
    "rival rules": "We are least sure about which rules hold.",
}


def convergence(ensemble: Ensemble, of: str = "european", points: int = 40) -> Convergence:
    """Return the headline after the first runs; columns of ``.table``: runs, probability, low, high (95% run noise)."""
    came = np.cumsum(ensemble.happened(of).to_numpy(dtype=np.int64))
    after = np.unique(np.geomspace(min(100, len(came)), len(came), points).astype(int))
    shares = [share(int(came[runs - 1]), int(runs)) for runs in after]
    rows = [(each.of, each.probability, each.low, each.high) for each in shares]
    table = pd.DataFrame(rows, columns=["runs", "probability", "low", "high"])
    last, about, what = shares[-1], ensemble.manifest, ensemble.event(of).phrase
    text = f"After {last.of:,} runs the share with {what} is {exactly(last.probability)} ({_noise(last)})."
    return Convergence(table, text, about["scenario"], about["seed"], of, what)


def _noise(estimate: Share) -> str:
    return f"{between(estimate.low, estimate.high)}, 95% run noise"


def blockers(sets: InputDraws, rules: RivalRules) -> Survival:
    """Return how often, over inputs and rival rules, each requirement is among the two most often missing.

    Missing means at the horizon, in runs then without a force. ``.table`` has a row a gate, most often first; columns:
    ``sets``, the draws of inputs in which it is among the first two, ``of`` how many draws, ``share`` with ``low`` and
    ``high`` (95%, Wilson), ``rules``, under how many sets of rules, of ``rules_of``. Draws in which every run ended
    with a force have no blocker and do not count.

    Raises
    ------
    ValueError
        If every run ended with a force.
    """
    gates = list(vocabulary.GATES)
    some = sets.table[sets.table["without"] > 0]
    if some.empty:
        raise ValueError("every run ended with a force: nothing was missing")
    first_two = (-some[gates]).rank(axis=1, method="first") <= 2
    rows = {}
    for gate in gates:
        often = share(int(first_two[gate].sum()), len(some))
        under = sum(gate in gates_of.split(",") for gates_of in rules.table["blockers"])
        rows[gate] = (often.hits, often.of, often.probability, often.low, often.high, under, len(rules.table))
    columns = ["sets", "of", "share", "low", "high", "rules", "rules_of"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("gate")
    table = table.sort_values("share", ascending=False, kind="stable")
    statements = [_survives(str(gate), row) for gate, row in table.head(2).iterrows()]
    design = (sets.scenario, sets.seed, sets.draws, sets.runs_per_draw)
    return Survival(table, " ".join(statements), statements, *design)


def warnings(ensemble: Ensemble, scenario: Scenario, of: str = "european") -> list[str]:
    """Return warnings, a sentence each: of a degenerate result, and of one that rests on one assumed number.

    Degenerate: it came about always or never, or one outcome has more than 95% of the runs. It rests on an assumed
    number if its share among runs with that number in its highest tenth and in its lowest differ, beyond noise, by more
    than half of the headline (:func:`sim.analysis.movers.movers`).

    Raises
    ------
    ValueError
        If there are no runs, or the ensemble kept no inputs.
    """
    headline, texts = ensemble.share(of), []
    if headline is None:
        raise ValueError("there are no runs")
    if headline.hits in (0, headline.of):
        often = "never" if not headline.hits else "always"
        degenerate = f"{often} came about in {headline.of:,} runs, so that nothing can be told of what moves it."
        texts.append(f"{words.sentence(ensemble.event(of).phrase)} {degenerate}")
    name, count = max(ensemble.outcomes().items(), key=lambda item: item[1])
    if count > ONE_OUTCOME * len(ensemble):
        texts.append(f"Nearly all runs, {count / len(ensemble):.1%}, end alike: {label(name)}.")
    assumed = [path for path, leaf in scenario.leaves.items() if evidence_use.kind(leaf.reasons) == "assumed"]
    moves = movers(ensemble, of, assumed).beyond_noise
    resting = moves[moves["difference"].abs() > RESTS_ON * headline.probability]
    if len(resting):
        most = ", ".join(f"{path} ({row['low']:.0%} to {row['high']:.0%})" for path, row in resting.head(3).iterrows())
        more = f" and {len(resting) - 3} more" if len(resting) > 3 else ""
        texts.append(f"A single assumed number changes the answer by more than half: {most}{more}.")
    return texts


def _survives(gate: str, row: pd.Series) -> str:
    return (
        f"{words.sentence(WORDS_OF_GATES[gate])} is among the first two blockers in "
        f"{row['share']:.0%} of input sets ({row['low']:.0%} to {row['high']:.0%}, 95%) and under "
        f"{row['rules']:.0f} of {row['rules_of']:.0f} sets of rules."
    )
