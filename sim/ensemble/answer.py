"""The answer in words: likelihoods after ICD 203, headlines rounded to 5 points, said so that they can be quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.ensemble import shares
from sim.ensemble.columns import HORIZONS
from sim.words import EVENT_WORDS, WORDS_OF_GATES, in_words, rounded, stamped
from sim.words import sentence as _sentence

if TYPE_CHECKING:
    import pandas as pd

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.shares import Share


def sentence(ensemble: Ensemble) -> str:
    """Return the answer as one sentence: what, by when, how likely.

    It goes on with the range over inputs, the chance and range given a ceasefire, and what is most often missing.
    """
    summary = ensemble.summary()
    european, deployed = summary["groups"]["european"], summary["groups"]["deployed"]
    months = round(summary["horizon_weeks"] * 12 / 52)
    over = (summary["inputs_range"] or {}).get("european")
    text = (
        f"On information to 3 March 2025, a European force in Ukraine within {months} months is "
        f"{in_words(european['probability'])}, and any foreign deployment {in_words(deployed['probability'])}; "
        f"range over defensible inputs: {_range(over) if over else 'not computed'}; "
        f"{_if_truce(european['given_ceasefire'], over)}; {_missing(ensemble)}."
    )
    return stamped(text, ensemble.stamp)


def strength(ensemble: Ensemble) -> str:
    """Return how strong the evidence is, as one sentence."""
    evidence = ensemble.manifest["evidence"]
    is_are = "is" if evidence["documented"] == 1 else "are"
    text = (
        f"Evidence: five documents of early 2025 that share sources; of {evidence['numbers']} numbers "
        f"{evidence['documented']} {is_are} documented, {evidence['value_only']} have a documented value "
        f"with a spread that is ours, and {evidence['assumed']} are assumptions; "
        "directions and bounds listed in docs/mechanisms.md were imposed, not found."
    )
    return stamped(text, ensemble.stamp)


def noise(ensemble: Ensemble) -> str:
    """Return what the run noise of the headline is, as one sentence."""
    share = ensemble.share("european")
    if share is None:
        raise ValueError("there are no runs")
    return f"Run noise alone (95%, {len(ensemble):,} runs): {share.low:.1%} to {share.high:.1%} for a European force."


def asked(ensemble: Ensemble, of: str) -> str:
    """Return how often an event that was asked for came about, as one sentence."""
    share, what = ensemble.share(of), ensemble.event(of).phrase
    if share is None:
        raise ValueError("there are no runs")
    noise = f"{share.low:.2%} to {share.high:.2%}, 95% run noise"
    return f"{_sentence(what)}: {share.hits:,} of {share.of:,} runs, {share.probability:.2%} ({noise})."


def inputs(ensemble: Ensemble) -> str:
    """Return how the headline moves over inputs, and how well that is known, as one sentence."""
    over = (ensemble.inputs_range or {}).get("european")
    if over is None:
        return "Inputs: how a European force moves over them was not computed."
    return (
        f"Inputs (10th to 90th percentile over {over['draws']:,} draws of {over['runs_per_draw']:,} runs, run noise "
        f"removed): {over['p10']:.1%} to {over['p90']:.1%} for a European force; 95% intervals of these two ends "
        f"{over['p10_low']:.1%} to {over['p10_high']:.1%} and {over['p90_low']:.1%} to {over['p90_high']:.1%}."
    )


def _range(over: dict[str, float]) -> str:
    return f"{rounded(over['p10'])} to {rounded(over['p90'])}%"


def _if_truce(share: dict[str, float] | None, over: dict[str, Any] | None) -> str:
    if share is None:
        return "no run saw a ceasefire"
    given = over and over.get("given_ceasefire")
    how_sure = f", range {_range(given)}" if given else ""
    return f"if a ceasefire comes first, {in_words(share['probability'])}{how_sure}"


def _missing(ensemble: Ensemble) -> str:
    first, second, *_ = ensemble.missing().index
    return f"without a force, most often missing: {WORDS_OF_GATES[first]}, then {WORDS_OF_GATES[second]}"


GROUPS = {"european": "European force", "deployed": EVENT_WORDS["deployed"]}
"""Events that head a row of the forecast."""


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


def given_ceasefire(ensemble: Ensemble, group: str, week: int) -> Share | None:
    """Return the share of runs with a force by ``week`` among those in which a ceasefire had begun by then."""
    return ensemble.share(group, "ceasefire", by_week=week, given_by_week=week)
