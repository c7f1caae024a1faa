"""The answer in words: likelihoods after ICD 203, headlines rounded, and what kind of force, fit to be quoted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.ensemble import force_kind, shares
from sim.ensemble.columns import HORIZONS
from sim.ensemble.likelihood_words import between, exactly, one_in, open_ends, span, span_of
from sim.words import APART_WORDS, EVENT_WORDS, Names, day, label, listed, stamped, troops
from sim.words import sentence as _sentence

if TYPE_CHECKING:
    import pandas as pd

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.shares import Share


def sentence(ensemble: Ensemble) -> str:
    """Return the answer in a few sentences: what, of what kind, by when, how likely.

    It goes on with the ranges over inputs and over rival rules, the chance and range given a ceasefire, and what is
    most often missing. A European force is never named without its size and consent and the chance of a large one with
    air cover from the broker, so that the first figure cannot be read as that of the second.
    """
    summary = ensemble.summary()
    deployed, given = ensemble.share("deployed"), ensemble.share("european", given="ceasefire")
    european = ensemble.share("european")
    if deployed is None or european is None:
        raise ValueError("there are no runs")
    months = round(summary["horizon_weeks"] * 12 / 52)
    over, theory = ((summary[name] or {}).get("european") for name in ("inputs_range", "theory_range"))
    rules = f", over rival rules: {span(theory['low'], theory['high'])}" if theory else ""
    names, start = ensemble.names, day(ensemble.manifest["start"])
    text = (
        f"On information to {start}, {names.a_group} force in {names.place} within {months} months is "
        f"{force_kind.in_short(ensemble.force_kind(), names)}. Any foreign deployment is {shares.worded(deployed)}. "
        f"The range over defensible inputs: {_range(over, european) if over else 'not computed'}{rules}. "
        f"{_if_truce(given, over, names)}. {_missing(ensemble)}."
    )
    return stamped(text, ensemble.stamp)


def kind(ensemble: Ensemble) -> str:
    """Return what kind of European force forms, as one sentence: sizes, consent, the rung on offer, with run noise."""
    return force_kind.in_full(ensemble.force_kind(), ensemble.names)


def strength(ensemble: Ensemble) -> str:
    """Return how strong the evidence is, in words."""
    kinds = ensemble.manifest["evidence"]
    text = (
        f"Evidence: {_sources(ensemble)}, and published figures. {rests_on(kinds)} "
        "Directions and bounds listed in docs/mechanisms.md were imposed, not found."
    )
    return stamped(text, ensemble.stamp)


def _sources(ensemble: Ensemble) -> str:
    """Return which documents an ensemble's numbers rest on; of a theatre of one's own they tell the rules alone."""
    kinds, config = ensemble.manifest["evidence"], ensemble.manifest["config"]
    if not any(kinds.get(kind) for kind in ("documented", "value_only", "ordered")):
        return "no documents"
    if _cites(config["actors"]):
        return "five documents of early 2025 that share sources"
    return "what the config itself says of its place, rules that five documents of early 2025 on another war inform"


def _cites(tree: object) -> bool:
    """Return whether a number of this part of a config, or one below it, rests on a claim."""
    return isinstance(tree, dict) and (
        not tree.keys().isdisjoint(("because", "order")) or any(map(_cites, tree.values()))
    )


KINDS = {
    "documented": ("comes straight from a document", "come straight from a document"),
    "value_only": (
        "has a documented value and a range that we assumed",
        "have a documented value and a range that we assumed",
    ),
    "anchored": ("rests on published figures", "rest on published figures"),
    "ordered": ("rests on an order that documents give", "rest on an order that documents give"),
    "assumed": ("is our assumption", "are our assumptions"),
    "convention": ("is a convention that fixes a scale", "are conventions that fix a scale"),
}


def rests_on(evidence: Mapping[str, int]) -> str:
    """Return what the numbers of a scenario rest on, as a sentence.

    >>> rests_on({"documented": 1, "anchored": 21, "assumed": 664})
    'Of 686 inputs, 1 comes straight from a document, 21 rest on published figures and 664 are our assumptions.'
    """
    counts = {kind: evidence[kind] for kind in KINDS if evidence.get(kind)}
    kinds = (f"{count:,} {KINDS[kind][count != 1]}" for kind, count in counts.items())
    return f"Of {sum(counts.values()):,} inputs, {listed(kinds)}."


def noise(ensemble: Ensemble) -> str:
    """Return what the run noise of the headline is, as one sentence."""
    share = ensemble.share("european")
    if share is None:
        raise ValueError("there are no runs")
    spread = between(share.low, share.high)
    return f"Chance alone, in {len(ensemble):,} runs: {spread} for {ensemble.names.a_group} force (95%)."


def asked(ensemble: Ensemble, of: str) -> str:
    """Return how often an event that was asked for came about, as one sentence."""
    share, what = ensemble.share(of), ensemble.event(of).phrase
    if share is None:
        raise ValueError("there are no runs")
    noise = f"{between(share.low, share.high)}, 95% run noise"
    return f"{_sentence(what)}: {share.hits:,} of {share.of:,} runs, {exactly(share.probability)} ({noise})."


def inputs(ensemble: Ensemble) -> str:
    """Return how the headline moves over inputs, and how well that is known, as one sentence."""
    over, share = (ensemble.inputs_range or {}).get("european"), ensemble.share("european")
    if over is None or share is None:
        return "How much the inputs matter was not worked out; sim sure does that."
    few = few_draws(over, share.probability)
    return (
        f"Over inputs that can be defended, {ensemble.names.a_group} force ranges from {_end(over, 'p10')} to "
        f"{_end(over, 'p90')}: 10th to 90th percentile of {over['draws']:,} draws of {over['runs_per_draw']:,} runs, "
        f"run noise removed{f'; {few}' if few else ''}."
    )


def _end(over: dict[str, Any], end: str) -> str:
    """Return an end of a range with its interval; nothing is only as fine as the runs of a draw are many."""
    low, high = over[f"{end}_low"], over[f"{end}_high"]
    known = f"95%: {between(low, high)}" if high > 0.0 else f"none of a draw's {over['runs_per_draw']:,} runs"
    return f"{exactly(over[end])} ({known})"


def theory(ensemble: Ensemble) -> str:
    """Return how the headline moves over rival rules, lowest to highest, each named, as one sentence."""
    over = (ensemble.theory_range or {}).get("european")
    if over is None:
        return "How much the rules of the model matter was not worked out; sim sure does that."
    if not over["high"]:
        bound = max(row["run_noise_high"] for row in over["rules"].values())
        return (
            f"Under none of {len(over['rules'])} sets of rival rules did {ensemble.names.a_group} force come about in "
            f"{over['runs']:,} runs each (95%: {between(0.0, bound)})."
        )
    ranked = sorted(over["rules"].items(), key=lambda item: item[1]["probability"])
    each = ", ".join(f"{label(name)} {exactly(row['probability'])}" for name, row in ranked)
    ends = (over["rules"][over[end]] for end in ("least", "most"))
    least, most = (
        f"{exactly(row['probability'])} (95% run noise: {between(row['run_noise_low'], row['run_noise_high'])})"
        for row in ends
    )
    return (
        f"Over {len(ranked)} sets of rival rules, {ensemble.names.a_group} force ranges from {least} to {most}, "
        f"{over['runs']:,} runs each with the same inputs and luck. In order: {each}."
    )


def _range(over: dict[str, Any], answer: Share) -> str:
    asides = "; ".join(filter(None, (few_draws(over, answer.probability), open_ends(over))))
    return f"{span(over['p10'], over['p90'])} in 8 of 10 draws{f' ({asides})' if asides else ''}"


def few_draws(over: Mapping[str, Any], probability: float) -> str:
    """Return in how few draws of the inputs half of the chance lies, where the answer is above its range; else ''.

    ``over`` is the entry of a group in a range over inputs, ``probability`` the answer beside which that range stands:
    without this a reader finds an answer outside its own range, and no reason for it.

    >>> few_draws({"p90": 0.045, "mean": 0.04, "half_in": 0.025}, 0.053)
    'half of the chance comes from 1 in 40 draws'
    """
    if not over.get("half_in") or max(over["mean"], probability) <= over["p90"]:
        return ""
    return f"half of the chance comes from {one_in(over['half_in'])} draws"


def _if_truce(share: Share | None, over: dict[str, Any] | None, names: Names) -> str:
    if share is None:
        return "No run saw a ceasefire"
    given = over and over.get("given_ceasefire")
    how_sure = f", range {span_of(given)}" if given else ""
    return f"If a ceasefire comes first, {names.a_group} force is {shares.worded(share)}{how_sure}"


def _missing(ensemble: Ensemble) -> str:
    first, second = (ensemble.names.gate(str(gate)) for gate in ensemble.missing().index[:2])
    return f"Without a force, what is most often missing is {first}, then {second}"


def group_words(names: Names) -> dict[str, str]:
    """Return the events that head a row of the forecast, with their words there.

    >>> group_words(Names(group="Littoral"))
    {'european': 'Littoral force', 'deployed': 'any deployment'}
    """
    return {"european": f"{names.group} force", "deployed": EVENT_WORDS["deployed"]}


def weeks(horizon: int) -> dict[int, str]:
    """Return the weeks that horizons of 3, 6 and 12 months mean, as far as the scenario goes, and its own end.

    >>> weeks(26)
    {13: '3 months', 26: '6 months'}
    >>> weeks(20)
    {13: '3 months', 20: '20 weeks'}
    """
    within = {week: f"{months} months" for months, week in HORIZONS.items() if week <= horizon}
    return within if horizon in within else {**within, horizon: f"{horizon} weeks"}


def ranked_outcomes(ensemble: Ensemble) -> dict[str, Share]:
    """Return the share of runs with each outcome, each run counted once, most frequent first."""
    counts = sorted(ensemble.outcomes().items(), key=lambda item: -item[1])
    return {name: shares.share(count, len(ensemble)) for name, count in counts}


def ranked_contributors(ensemble: Ensemble) -> pd.DataFrame:
    """Return what ``ensemble.contributors()`` does, those most often in a deployed force first."""
    return ensemble.contributors().sort_values(["deployed", "pledged"], ascending=False, kind="stable")


def apart(ensemble: Ensemble) -> dict[str, Share | None]:
    """Return, in words, what is reported apart from the outcomes, each with its share of runs."""
    return {ensemble.names.apart(name): ensemble.share(name) for name in APART_WORDS}


def troops_left(ensemble: Ensemble) -> str:
    """Return how many troops forces still have at the horizon, as one sentence."""
    left = ensemble.summary()["troops_at_horizon"]
    if left is None:
        return "No run has a force in the field at the horizon."
    low, median, high = (troops(left[key]) for key in ("p10", "median", "p90"))
    return (
        f"Troops in the field at the horizon, where there are any: {median} at the median, {low} to {high} in 8 of 10."
    )


def given_ceasefire(ensemble: Ensemble, group: str, week: int) -> Share | None:
    """Return the share of runs with a force by ``week`` among those in which a ceasefire had begun by then."""
    return ensemble.share(group, "ceasefire", by_week=week, given_by_week=week)
