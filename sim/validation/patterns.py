"""Test the propositions of the documents (patterns) against the model, by paired runs.

The documents also gave the inputs, so a pattern that holds shows consistency, not truth. The stronger test leaves out
the document that a pattern comes from: :mod:`sim.validation.leave_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from math import isnan, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.batch.whole_arms import whole_arms
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import ICD_203
from sim.ensemble.results import Result
from sim.ensemble.shares import Z95, share
from sim.evidence import claim_files
from sim.evidence.claims import LIKELIHOODS, Pattern
from sim.reading.errors import suggestion
from sim.scenario.scenario import Scenario
from sim.validation.quantities import Floats, quantities

RUNS = 10_000
VERDICTS = ("holds", "fails", "not_shown")
SMALLEST = 0.02
"""A difference within this, in points of a share, counts as unchanged.

An assumption of ours: a headline is rounded to five points, so nobody would act on two. For a quantity that is no
share, it is a share of the mean of the reference.
"""


class Estimate(NamedTuple):
    """A mean or a difference of means, with its 95% interval of run noise."""

    effect: float
    low: float
    high: float


@dataclass(frozen=True, eq=False, repr=False)
class Verdicts(Result):
    """How patterns fare under ``scenario``: see :func:`validate`. ``arms`` is the number of scenarios that ran."""

    scenario: str
    runs: int
    seed: int
    arms: int


class _Row(NamedTuple):
    kind: str
    expected: str
    effect: float
    low: float
    high: float
    verdict: str
    says: str


Interval = tuple[float, float]


def validate(
    scenario: Scenario,
    only: Iterable[str] = (),
    runs: int = RUNS,
    seed: int = 1,
    *,
    patterns: Mapping[str, Pattern] | None = None,
    progress: Callable[[int], None] | None = None,
    engine: str | None = None,
    workers: int | None = None,
    cluster: str | None = None,
) -> Verdicts:
    """Return how every pattern fares under ``scenario``, which takes the place of the baseline.

    The table has a row a pattern (``only``: some). Its columns are ``kind``, ``expected`` (rises, falls, unchanged, or
    the range), ``effect`` with ``low`` and ``high`` (95% run noise), ``verdict`` and ``says``. The effect of a
    comparison is the paired difference, that of a level the quantity itself; both are among the runs that the pattern
    is given.

    A pattern holds if its interval lies wholly in the range, on the side that it names, or, if it names no change,
    within :data:`SMALLEST`. It fails if the interval lies wholly outside; else it is ``not_shown``. No interval is
    corrected for the number of patterns: among a hundred that hold, a few do so by luck.

    ``progress`` is called with 1 after every arm (a scenario that is run); ``engine``, ``workers`` and ``cluster`` are
    those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If there is no such pattern or engine, or ``runs`` or ``seed`` is out of range.
    InputError
        If the change of a pattern does not fit the scenario.
    """
    known = claim_files.load().patterns if patterns is None else patterns
    chosen = _select(known, only)
    arms = _arms(scenario, chosen)
    by_hash = {arm.hash: arm for pattern in chosen for arm in arms[pattern.id]}
    names: dict[str, set[str]] = {hash: set() for hash in by_hash}
    for pattern in chosen:
        for arm in arms[pattern.id]:
            names[arm.hash].update(filter(None, (pattern.quantity, pattern.than, pattern.given)))
    asked = ((arm, partial(_values, names=names[hash])) for hash, arm in by_hash.items())
    read = whole_arms(asked, runs, seed, engine=engine, workers=workers, cluster=cluster)
    values = {}
    for hash, arrays in zip(by_hash, read, strict=True):
        values[hash] = {name: pd.Series(arrays[name], arrays["run"]) for name in names[hash]}
        if progress:
            progress(1)
    rows = {p.id: _row(p, [values[arm.hash] for arm in arms[p.id]]) for p in chosen}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(_Row._fields)).rename_axis("pattern")
    return Verdicts(table, sentence(table, runs), scenario.name, runs, seed, len(by_hash))


def arms(scenario: Scenario, only: Iterable[str] = ()) -> int:
    """Return how many scenarios :func:`validate` runs for some patterns.

    Raises
    ------
    ValueError
        If there is no such pattern.
    """
    chosen = _select(claim_files.load().patterns, only)
    return len({arm.hash for each in _arms(scenario, chosen).values() for arm in each})


def counts(table: pd.DataFrame) -> dict[str, int]:
    """Return the number of patterns by verdict."""
    return {verdict: int((table["verdict"] == verdict).sum()) for verdict in VERDICTS}


def sentence(table: pd.DataFrame, runs: int) -> str:
    """Return a sentence that says how many patterns hold."""
    of = counts(table)
    return (
        f"Of {len(table)} propositions of the documents {of['holds']} hold in the model, {of['fails']} fail and "
        f"{of['not_shown']} are not shown either way ({runs:,} paired runs each, 95% run noise); "
        f"the documents also gave the inputs, so this is consistency, not proof."
    )


def verdict(expected: str | Interval, estimate: Estimate, margin: float = SMALLEST) -> str:
    """Return ``holds``, ``fails`` or ``not_shown``.

    ``expected`` is ``rises``, ``falls``, ``unchanged`` (by at most ``margin``), or the range of a level.

    >>> verdict("rises", Estimate(0.03, 0.01, 0.05)), verdict("unchanged", Estimate(0.0, -0.01, 0.03))
    ('holds', 'not_shown')
    >>> verdict((0.2, 0.4), Estimate(0.5, 0.45, 0.55))
    'fails'
    """
    if isnan(estimate.low) or isnan(estimate.high):
        return "not_shown"
    inf = float("inf")
    sides = {"rises": (0.0, inf), "falls": (-inf, 0.0), "unchanged": (-margin, margin)}
    low, high = sides[expected] if isinstance(expected, str) else expected
    inside = low <= estimate.low and estimate.high <= high
    if inside and not (expected in ("rises", "falls") and 0.0 in (estimate.low, estimate.high)):  # zero is no rise
        return "holds"
    return "fails" if estimate.high < low or estimate.low > high else "not_shown"


def difference(a: Floats, b: Floats, given_a: Floats | None = None, given_b: Floats | None = None) -> Estimate:
    r"""Return the difference of the mean of ``b`` and that of ``a``, run by run under the same luck.

    All arrays have shape (runs,), NaN where a run has no value. Means are among the runs with a value and, if given,
    with the condition: ratios :math:`r = \bar{wx} / \bar w`, which
    need not be taken over the same runs in both arms. The variance is that of the paired differences of
    :math:`w (x - r) / \bar w` (delta method; Cochran 1977, Sampling techniques, 6.4).
    """
    one, other = _influence(a, given_a), _influence(b, given_b)
    if one is None or other is None:
        return Estimate(float("nan"), float("nan"), float("nan"))
    gap = other[1] - one[1]
    half = Z95 * float(gap.std(ddof=1)) / sqrt(len(gap))
    middle = other[0] - one[0]
    return Estimate(middle, middle - half, middle + half)


def level(values: Floats, given: Floats | None = None) -> Estimate:
    """Return the mean with its interval: Wilson for shares, else the normal one."""
    kept = values[_weights(values, given)]
    if len(kept) == 0:
        return Estimate(float("nan"), float("nan"), float("nan"))
    if np.isin(kept, (0.0, 1.0)).all():
        of_runs = share(int(kept.sum()), len(kept))
        return Estimate(of_runs.probability, of_runs.low, of_runs.high)
    half = Z95 * float(kept.std(ddof=1)) / sqrt(len(kept)) if len(kept) > 1 else float("nan")
    middle = float(kept.mean())
    return Estimate(middle, middle - half, middle + half)


def likelihood_range(word: str) -> Interval:
    """Return the range of a word of likelihood after ICD 203, such as ``almost_no_chance``.

    Raises
    ------
    ValueError
        If it is no such word.

    >>> likelihood_range("unlikely")
    (0.2, 0.45)
    """
    uppers = [upper for upper, _ in ICD_203]
    at = LIKELIHOODS.index(word)
    return (uppers[at - 1] if at else 0.0), min(1.0, uppers[at])


def _select(known: Mapping[str, Pattern], only: Iterable[str]) -> list[Pattern]:
    only = list(only)
    for id in only:
        if id not in known:
            near = get_close_matches(id, known, n=5, cutoff=0.4)
            raise ValueError(f"{id!r} is not a pattern; {suggestion(id, near) if near else 'none comes near it'}")
    return [pattern for id, pattern in known.items() if not only or id in only]


def _arms(scenario: Scenario, chosen: Sequence[Pattern]) -> dict[str, list[Scenario]]:
    """Return by pattern the scenarios that it compares, reference and change, or the only one that it needs."""
    made: dict[str, Scenario] = {"": scenario}

    def under(edits: Mapping[str, Any] | None) -> Scenario:
        key = repr(sorted((edits or {}).items())) if edits else ""
        if key not in made:
            made[key] = scenario.change(dict(edits or {}))
        return made[key]

    return {p.id: [under(p.reference), under(p.change)] if p.change else [scenario] for p in chosen}


def _values(ensemble: Ensemble, names: set[str]) -> dict[str, Floats]:
    """Return quantities by name, and the numbers of the runs."""
    return {**quantities(ensemble, sorted(names)), "run": ensemble.read(["run"])["run"].to_numpy()}


def _row(pattern: Pattern, arms: list[dict[str, pd.Series]]) -> _Row:
    """Return the row of a pattern from the quantities of its arms; a run that failed in one arm counts in neither."""
    both = arms[0][pattern.quantity].index.intersection(arms[-1][pattern.quantity].index)

    def of(arm: int, name: str | None) -> Floats | None:
        return None if name is None else arms[arm][name].loc[both].to_numpy()

    here, given = of(-1, pattern.quantity), of(-1, pattern.given)
    assert here is not None
    if pattern.kind == "level":
        return _judge(pattern, _expected(pattern), level(here, given))
    than = of(0, pattern.than or pattern.quantity)
    assert than is not None
    if pattern.than:  # the quantity rises over the other one, in the same runs
        return _judge(pattern, str(pattern.direction), difference(than, here, given, given))
    reference = level(than, of(0, pattern.given)).effect
    is_share = bool(np.isin(np.concatenate([here, than]), (0.0, 1.0)).all())
    gap = difference(than, here, of(0, pattern.given), given)
    return _judge(pattern, str(pattern.direction), gap, SMALLEST if is_share else SMALLEST * abs(reference))


def _judge(pattern: Pattern, expected: str | Interval, estimate: Estimate, margin: float = SMALLEST) -> _Row:
    words = expected if isinstance(expected, str) else f"{expected[0]:g} to {expected[1]:g}"
    return _Row(pattern.kind, words, *estimate, verdict(expected, estimate, margin), pattern.says)


def _expected(pattern: Pattern) -> Interval:
    if pattern.likelihood is not None:
        return likelihood_range(pattern.likelihood)
    assert pattern.range is not None
    low, high = pattern.range.low, pattern.range.high
    return (-float("inf") if low is None else low), (float("inf") if high is None else high)


def _weights(values: Floats, given: Floats | None) -> np.ndarray:
    return ~np.isnan(values) & (True if given is None else given > 0.0)


def _influence(values: Floats, given: Floats | None) -> tuple[float, Floats] | None:
    """Return the mean among the runs that count, and what each run adds to its error; None if fewer than two count."""
    counts_in = _weights(values, given)
    if counts_in.sum() < 2:
        return None
    middle = float(values[counts_in].mean())
    return middle, np.where(counts_in, values - middle, 0.0) / counts_in.mean()
