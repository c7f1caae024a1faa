"""Score settlement rules on decisions that were really taken, beside the weighted mean.

This tests rules of bargaining on the decisions of a table. It says little about the forecast.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from sim.ensemble.results import Backtest
from sim.reading.errors import suggestion
from sim.reading.whole_numbers import takes_whole_numbers
from sim.validation import decision_table, scoring, settlements
from sim.validation.decision_table import Issue

BASE: Final = "weighted_mean"
PARTS: Final = ("all", "fit", "judge")
RESAMPLES: Final = 1_000
ESTIMATES: Final = {"error": "mae", "crps": "crps", "coverage50": "coverage50", "coverage80": "coverage80"}
"""Scores whose means get an interval, and the names of these means."""


@takes_whole_numbers
def backtest(
    table: str | Path,
    rules: Sequence[str] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    part: str = "all",
    resamples: int = RESAMPLES,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Backtest:
    """Return how well each settlement rule forecasts the decisions of a table.

    ``rules`` are ids of :data:`sim.validation.settlements.RULES`, by default all; the weighted mean is always scored
    too. ``columns`` are as in :func:`sim.validation.decision_table.read`; ``part`` is that of :func:`part_of`, or all.
    ``progress`` is called with 1 after each of the rules that :func:`count` counts.

    The table has a row a rule. Its columns are in points of a scale of 0 to 100, or shares. Of the point forecast (of
    ``leverage`` the median of its distribution): ``mae``, ``median_ae`` and ``within10``. Of the distribution (of a
    point rule the point plus its own errors on the other proposals, within the scale): ``crps``, ``coverage50``,
    ``width50``, ``coverage80`` and ``width80``. ``difference`` and ``crps_difference`` are to the weighted mean on the
    same issues, negative is better; ``base_mae`` and ``base_crps`` are those of the weighted mean there. ``issues`` and
    ``proposals`` count what is scored: a rule that needs a reference point is scored on the issues that have one.
    Columns with ``_low`` and ``_high`` are 95% intervals by bootstrap over proposals.

    Raises
    ------
    InputError
        If the table has faults; see :func:`sim.validation.decision_table.read`.
    ValueError
        If a rule or part is unknown, there are no resamples, or nothing is left to score.
    """
    chosen = _check(rules, part, resamples)
    decisions = decision_table.read(table, columns)
    issues = [issue for issue in decisions.issues if part in ("all", part_of(issue.proposal))]
    if not issues:
        raise ValueError(f"{table}: no issue with an outcome and two actors is left to score in part {part!r}")
    rows: dict[str, dict[str, float]] = {}
    for rule in chosen:
        if _scoreable(rule, issues):
            rows[rule] = _row(rule, issues, resamples, seed)
        if progress:
            progress(1)
    scores = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rule")
    proposals = len({issue.proposal for issue in issues})
    return Backtest(
        scores,
        sentence(scores, len(issues), proposals),
        source=str(table),
        part=part,
        resamples=resamples,
        seed=seed,
        issues=len(issues),
        proposals=proposals,
        rows_left_out=decisions.rows_left_out,
        issues_left_out=decisions.issues_left_out,
        rules_left_out=[rule for rule in chosen if rule not in rows],
    )


def count(rules: Sequence[str] | None = None) -> int:
    """Return how many rules a backtest goes through: those named, by default all, and always the weighted mean.

    >>> count(["mean"]), count(["mean", "weighted_mean"])
    (2, 2)
    """
    return len(_chosen(rules))


def part_of(proposal: str) -> str:
    """Return the part of a table that a proposal belongs to: ``fit``, on which parameters were chosen, or ``judge``.

    The first eight hexadecimal digits of the id's SHA-256, even or odd; fixed before anything was fitted.

    >>> part_of("buses"), part_of("a")
    ('judge', 'fit')
    """
    digest = hashlib.sha256(proposal.encode()).hexdigest()
    return "judge" if int(digest[:8], 16) % 2 else "fit"


def forecasts(rule: str, issues: Sequence[Issue]) -> pd.DataFrame:
    """Return a row an issue: ``issue``, ``proposal``, ``outcome``, the ``forecast`` and its scores.

    The scores are those of :func:`sim.validation.scoring.score`.

    Raises
    ------
    ValueError
        If the rule needs a reference point and an issue has none.
    """
    outcomes = np.array([issue.outcome for issue in issues])
    proposals = pd.Series([issue.proposal for issue in issues])
    if rule in settlements.DISTRIBUTIONS:
        samples = [settlements.DISTRIBUTIONS[rule](issue) for issue in issues]
        points = np.array([np.median(sample) for sample in samples])
    else:
        points = np.array([settlements.POINTS[rule](issue) for issue in issues])
        samples = scoring.residual_samples(points, outcomes, proposals, 0.0, settlements.SCALE)
    scored = [scoring.score(*each) for each in zip(points.tolist(), samples, outcomes.tolist(), strict=True)]
    about = {"issue": [issue.id for issue in issues], "proposal": proposals, "outcome": outcomes, "forecast": points}
    return pd.DataFrame(about).join(pd.DataFrame(scored))


def sentence(scores: pd.DataFrame, issues: int, proposals: int) -> str:
    """Return the result of a backtest as one sentence; "no difference shown" where an interval straddles zero."""
    verdicts: dict[str, list[str]] = {"smaller": [], "larger": [], "no": []}
    for rule, row in scores.iterrows():
        if rule != BASE:
            side = "smaller" if row["difference_high"] < 0 else "larger" if row["difference_low"] > 0 else "no"
            verdicts[side].append(str(rule))
    named = {side: ", ".join(rules) or "none" for side, rules in verdicts.items()}
    error = float(scores["mae"].iloc[0])
    return (
        f"On {issues:,} issues of {proposals:,} proposals, the weighted mean misses by {error:.1f} "
        f"points of 100 on average; a smaller error is shown for {named['smaller']}, a larger one for "
        f"{named['larger']}, no difference shown for {named['no']} (95%, bootstrap over proposals)."
    )


def _check(rules: Sequence[str] | None, part: str, resamples: int) -> list[str]:
    """Return the rules to score, after the weighted mean, with which each is compared."""
    for rule in rules or ():
        if rule not in settlements.RULES:
            raise ValueError(f"no rule {rule!r}; {suggestion(rule, settlements.RULES)}")
    if part not in PARTS:
        raise ValueError(f"no part {part!r}; {suggestion(part, PARTS)}")
    if resamples < 1:
        raise ValueError(f"at least 1 resample is needed, got {resamples}")
    return _chosen(rules)


def _chosen(rules: Sequence[str] | None) -> list[str]:
    return list(dict.fromkeys((BASE, *(rules or settlements.RULES))))


def _scoreable(rule: str, issues: Sequence[Issue]) -> list[Issue]:
    if rule not in settlements.NEED_A_REFERENCE:
        return list(issues)
    return [issue for issue in issues if issue.reference is not None]


def _row(rule: str, issues: Sequence[Issue], resamples: int, seed: int) -> dict[str, float]:
    """Return a rule's estimates with their intervals, and its paired differences to the weighted mean."""
    scored = _scoreable(rule, issues)
    own, base = forecasts(rule, scored), forecasts(BASE, scored)
    values = own[list(ESTIMATES)].rename(columns=ESTIMATES)
    values["difference"], values["crps_difference"] = own["error"] - base["error"], own["crps"] - base["crps"]
    low, high = scoring.ends(scoring.resampled_means(values, own["proposal"], resamples, seed))
    estimates = {str(name): float(value) for name, value in values.mean().items()}
    estimates |= {f"{name}_low": end for name, end in zip(values, low.tolist(), strict=True)}
    estimates |= {f"{name}_high": end for name, end in zip(values, high.tolist(), strict=True)}
    estimates |= {"median_ae": own["error"].median(), "within10": own["within10"].mean()}
    estimates |= {f"width{level}": own[f"width{level}"].mean() for level in scoring.LEVELS}
    estimates |= {"base_mae": base["error"].mean(), "base_crps": base["crps"].mean()}
    return {**estimates, "issues": len(scored), "proposals": own["proposal"].nunique()}
