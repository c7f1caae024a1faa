"""The answer in words: likelihoods after ICD 203, headlines rounded to 5 points, said so that they can be quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.ensemble import Ensemble

ICD_203 = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)
"""Upper ends of the ranges, and their words. Source: Intelligence Community Directive 203 (2015), section D.6.e.2.a."""

WORDS_OF_GATES = {
    "truce": "a ceasefire",
    "host_consent": "Kyiv's consent to host",
    "russian_consent": "Russian consent",
    "council": "a Security Council mandate",
    "backstop": "a US backstop that meets contributors' demands",
    "lead": "a lead nation",
    "troops": "enough pledged troops",
    "ratification": "ratification at home",
}


def likelihood(probability: float) -> str:
    """Return the word of likelihood for a probability.

    >>> likelihood(0.15)
    'very unlikely'
    """
    return next(word for upper, word in ICD_203 if probability < upper or upper > 1.0)


def rounded(probability: float) -> int:
    """Return a probability as a headline: in percent, to 5 points, never 0 or 100.

    >>> rounded(0.004), rounded(0.131), rounded(1.0)
    (5, 15, 95)
    """
    return min(95, max(5, int(probability * 20 + 0.5) * 5))


def in_ten(probability: float) -> str:
    """Return a probability, rounded to 5 points, as natural frequency out of ten.

    >>> in_ten(0.3), in_ten(0.26), in_ten(0.02), in_ten(0.99)
    ('about 3 in 10', 'about 2 to 3 in 10', 'fewer than 1 in 10', 'more than 9 in 10')
    """
    tenths, half = divmod(rounded(probability), 10)
    if not half:
        return f"about {tenths} in 10"
    if tenths == 0:
        return "fewer than 1 in 10"
    return "more than 9 in 10" if tenths == 9 else f"about {tenths} to {tenths + 1} in 10"


def in_words(probability: float) -> str:
    """Return word, natural frequency and rounded percentage of a probability."""
    return f"{likelihood(probability)} ({in_ten(probability)}, {_percent(probability)})"


def stamped(said: str, stamp: str) -> str:
    """Return a sentence that begins with a stamp such as "not baseline (...)", if there is one.

    >>> stamped("Under this, so much.", "not baseline (1 event of one's own)")
    "Not baseline (1 event of one's own): under this, so much."
    """
    return f"{stamp[0].upper()}{stamp[1:]}: {said[0].lower()}{said[1:]}" if stamp else said


def sentence(ensemble: Ensemble) -> str:
    """Return the answer as one sentence: what, by when, how likely.

    It goes on with the range over inputs, the chance and range given a ceasefire, and what is most often missing.
    """
    found = ensemble.summary()
    european, deployed = found["groups"]["european"], found["groups"]["deployed"]
    months = round(found["horizon_weeks"] * 12 / 52)
    over = (found["inputs_range"] or {}).get("european")
    said = (
        f"On information to 3 March 2025, a European force in Ukraine within {months} months is "
        f"{in_words(european['probability'])}, and any foreign deployment {in_words(deployed['probability'])}; "
        f"range over defensible inputs: {_range(over) if over else 'not computed'}; "
        f"{_if_truce(european['given_ceasefire'], over)}; {_missing(ensemble)}."
    )
    return stamped(said, ensemble.stamp)


def strength(ensemble: Ensemble) -> str:
    """Return how strong the evidence is, as one sentence."""
    found = ensemble.manifest["evidence"]
    is_are = "is" if found["documented"] == 1 else "are"
    said = (
        f"Evidence: five documents of early 2025 that share sources; of {found['numbers']} numbers "
        f"{found['documented']} {is_are} documented, {found['value_only']} have a documented value "
        f"with a spread that is ours, and {found['assumed']} are assumptions; "
        "directions and bounds listed in docs/mechanisms.md were imposed, not found."
    )
    return stamped(said, ensemble.stamp)


def noise(ensemble: Ensemble) -> str:
    """Return what the run noise of the headline is, as one sentence."""
    found = ensemble.share("european")
    if found is None:
        raise ValueError("there are no runs")
    return f"Run noise alone (95%, {len(ensemble):,} runs): {found.low:.1%} to {found.high:.1%} for a European force."


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


def _percent(probability: float) -> str:
    return f"about {rounded(probability)}%"


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
