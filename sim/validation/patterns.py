"""Does it say what the documents say? Their propositions held against the model, by paired runs.

The documents also gave the inputs, so that a pattern that holds shows consistency, not truth; leaving out the
document that a pattern comes from (:mod:`sim.validation.leave_out`) is the stronger form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from math import isnan, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.batch import running
from sim.ensemble.shares import Z95, share
from sim.evidence import claims
from sim.evidence.claims import Pattern
from sim.reading.errors import suggestion
from sim.scenario.scenario import Scenario
from sim.validation.quantities import Floats, quantities
from sim.words import ICD_203

RUNS = 10_000
VERDICTS = ("holds", "fails", "not_shown")
SMALLEST = 0.02
"""Half the width of what counts as unchanged, and the least step worth calling a change: two points of a share.

An assumption of ours: a headline is rounded to five points, so that two are below what anyone would act on. Quantities
that are no shares are measured against the mean of their reference.
"""


class Estimate(NamedTuple):
    """A mean or a difference of means, with its 95% interval of run noise."""

    effect: float
    low: float
    high: float


Interval = tuple[float, float]


def validate(
    scenario: Scenario,
    only: Iterable[str] = (),
    runs: int = RUNS,
    seed: int = 1,
    *,
    patterns: Mapping[str, Pattern] | None = None,
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Return how every pattern fares under ``scenario``, which stands in for the baseline that patterns speak of.

    The rows are patterns (``only`` some), the columns ``kind``, ``expected`` (rises, falls, unchanged, or the range),
    ``effect`` with ``low`` and ``high`` (95% run noise; for a comparison the paired difference, given what the pattern
    is given, for a level the quantity itself), ``verdict`` and ``says``. A comparison holds if its interval lies wholly
    on its side, or, if nothing is to change, wholly within :data:`SMALLEST`; a level if its interval lies wholly within
    the range. It fails if the interval lies wholly elsewhere; else it is ``not_shown``. Intervals are pattern by
    pattern: among a hundred that hold, a few do so by luck.

    ``progress`` hears of every arm (scenario run) that is done; ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If there is no such pattern.
    """
    known = claims.load().patterns if patterns is None else patterns
    chosen = _chosen(known, only)
    arms = _arms(scenario, chosen)
    asked: dict[str, set[str]] = {}
    for pattern in chosen:
        for arm in arms[pattern.id]:
            asked.setdefault(arm.hash, set()).update(filter(None, (pattern.quantity, pattern.than, pattern.given)))
    by_hash = {arm.hash: arm for pattern in chosen for arm in arms[pattern.id]}
    found = {}
    for hash, names in asked.items():
        found[hash] = _seen(running.run(by_hash[hash], runs, seed, **options), names)
        (progress or _nobody)(1)
    table = pd.DataFrame(
        {p.id: _row(p, [found[arm.hash] for arm in arms[p.id]]) for p in chosen}, index=_COLUMNS
    ).T.rename_axis("pattern")
    table.attrs |= {"scenario": scenario.name, "runs": runs, "seed": seed, "arms": len(asked)}
    table.attrs["sentence"] = sentence(table)
    return table


_COLUMNS = ["kind", "expected", "effect", "low", "high", "verdict", "says"]


def arms(scenario: Scenario, only: Iterable[str] = ()) -> int:
    """Return how many scenarios have to be run for some patterns."""
    chosen = _chosen(claims.load().patterns, only)
    return len({arm.hash for each in _arms(scenario, chosen).values() for arm in each})


def counts(table: pd.DataFrame) -> dict[str, int]:
    """Return how many patterns there are of each verdict."""
    return {verdict: int((table["verdict"] == verdict).sum()) for verdict in VERDICTS}


def sentence(table: pd.DataFrame) -> str:
    """Return in a sentence how many patterns hold."""
    told = counts(table)
    return (
        f"Of {len(table)} propositions of the documents {told['holds']} hold in the model, {told['fails']} fail and "
        f"{told['not_shown']} are not shown either way ({table.attrs['runs']:,} paired runs each, 95% run noise); "
        f"the documents also gave the inputs, so this is consistency, not proof."
    )


def verdict(expected: str | Interval, found: Estimate, margin: float = SMALLEST) -> str:
    """Return ``holds``, ``fails`` or ``not_shown``.

    >>> verdict("rises", Estimate(0.03, 0.01, 0.05)), verdict("unchanged", Estimate(0.0, -0.01, 0.03))
    ('holds', 'not_shown')
    >>> verdict((0.2, 0.4), Estimate(0.5, 0.45, 0.55))
    'fails'
    """
    if isnan(found.low) or isnan(found.high):
        return "not_shown"
    inf = float("inf")
    # Open where a difference of nothing at all is no rise: the interval must lie off zero.
    low, high = {"rises": (0.0, inf), "falls": (-inf, 0.0), "unchanged": (-margin, margin)}.get(
        expected if isinstance(expected, str) else "", expected if not isinstance(expected, str) else (0.0, 0.0)
    )
    strictly = expected in ("rises", "falls")
    if (low < found.low and found.high < high) if strictly else (low <= found.low and found.high <= high):
        return "holds"
    return "fails" if found.high < low or found.low > high else "not_shown"


def difference(a: Floats, b: Floats, given_a: Floats | None = None, given_b: Floats | None = None) -> Estimate:
    r"""Return the difference of the mean of ``b`` and that of ``a``, run by run under the same luck.

    Means are among runs with a value and, if asked, with the condition: ratios :math:`r = \bar{wx} / \bar w`, which
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
        return Estimate(*_ends(share(int(kept.sum()), len(kept))))
    half = Z95 * float(kept.std(ddof=1)) / sqrt(len(kept)) if len(kept) > 1 else float("nan")
    middle = float(kept.mean())
    return Estimate(middle, middle - half, middle + half)


def likelihood_range(word: str) -> Interval:
    """Return the range of a word of likelihood after ICD 203, as in ``almost_no_chance``.

    >>> likelihood_range("unlikely")
    (0.2, 0.45)
    """
    uppers = [upper for upper, _ in ICD_203]
    at = claims.LIKELIHOODS.index(word)
    return (uppers[at - 1] if at else 0.0), min(1.0, uppers[at])


def _ends(found: Any) -> tuple[float, float, float]:
    return found.probability, found.low, found.high


def _chosen(known: Mapping[str, Pattern], only: Iterable[str]) -> list[Pattern]:
    only = list(only)
    for id in only:
        if id not in known:
            near = get_close_matches(id, known, n=5, cutoff=0.4)
            raise ValueError(f"{id!r} is not a pattern; {suggestion(id, near) if near else 'none comes near it'}")
    return [pattern for id, pattern in known.items() if not only or id in only]


def _arms(scenario: Scenario, chosen: Sequence[Pattern]) -> dict[str, list[Scenario]]:
    """Return, by pattern, the scenarios that it compares: reference and change, or the one it speaks of."""
    made: dict[str, Scenario] = {"": scenario}

    def under(edits: Mapping[str, Any] | None) -> Scenario:
        key = repr(sorted((edits or {}).items())) if edits else ""
        if key not in made:
            made[key] = scenario.change(dict(edits or {}))
        return made[key]

    return {p.id: [under(p.reference), under(p.change)] if p.change else [scenario] for p in chosen}


def _seen(found: Any, names: set[str]) -> dict[str, pd.Series]:
    index = found.read(["run"])["run"]
    return {name: pd.Series(values, index) for name, values in quantities(found, sorted(names)).items()}


def _row(pattern: Pattern, seen: list[dict[str, pd.Series]]) -> list[Any]:
    both = seen[0][pattern.quantity].index.intersection(seen[-1][pattern.quantity].index)

    def of(arm: int, name: str | None) -> Floats | None:
        return None if name is None else seen[arm][name].loc[both].to_numpy()

    here, given = of(-1, pattern.quantity), of(-1, pattern.given)
    assert here is not None
    if pattern.kind == "level":
        return _told(pattern, _expected(pattern), level(here, given))
    than = of(0, pattern.than or pattern.quantity)
    assert than is not None
    if pattern.than:  # the quantity rises over the other one, in the same runs
        return _told(pattern, str(pattern.direction), difference(than, here, given, given))
    reference = level(than, of(0, pattern.given)).effect
    is_share = bool(np.isin(np.concatenate([here, than]), (0.0, 1.0)).all())
    found = difference(than, here, of(0, pattern.given), given)
    return _told(pattern, str(pattern.direction), found, SMALLEST if is_share else SMALLEST * abs(reference))


def _told(pattern: Pattern, expected: str | Interval, found: Estimate, margin: float = SMALLEST) -> list[Any]:
    words = expected if isinstance(expected, str) else f"{expected[0]:g} to {expected[1]:g}"
    return [pattern.kind, words, *found, verdict(expected, found, margin), pattern.says]


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


def _nobody(_: int) -> None:
    """Hear, and do nothing."""
