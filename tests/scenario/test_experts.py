"""Tests of numbers that several people judge: read, mixed, drawn alike by both engines, and shown."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.kernel.draws import quantiles as compiled
from sim.scenario import linear_pool, priors
from sim.scenario.linear_pool import Expert
from sim.scenario.priors import Prior, quantile

TWO = {"by": {"ann": {"low": 0.1, "likely": 0.2, "high": 0.5}, "ben": {"low": 0.4, "high": 0.9}}}
ends = st.floats(-5.0, 5.0).map(lambda x: round(x, 3))
judgements = st.one_of(
    st.tuples(ends),
    st.lists(ends, min_size=2, max_size=2).map(sorted),
    st.lists(ends, min_size=3, max_size=3).map(sorted),
).map(tuple)


def cdf(expert: Expert, x: float) -> float:
    """Return one expert's CDF after SciPy, and at an atom the lower end of its step."""
    low, high = expert.numbers[0], expert.numbers[-1]
    if low == high:
        return float(x > low)
    if len(expert.numbers) == 2:
        return float(stats.uniform.cdf(x, low, high - low))
    return float(stats.triang.cdf(x, (expert.numbers[1] - low) / (high - low), low, high - low))


@given(st.lists(st.tuples(judgements, st.integers(1, 4)), min_size=1, max_size=4), st.floats(0.0, 0.999999))
def test_the_quantile_inverts_the_weighted_sum_of_distributions(said: list[tuple[Any, int]], u: float) -> None:
    total = sum(weight for _, weight in said)
    experts = tuple(Expert(str(at), weight / total, numbers) for at, (numbers, weight) in enumerate(said))
    (x,) = linear_pool.quantile(experts, np.array([u]))
    below = sum(expert.weight * cdf(expert, x - 1e-9) for expert in experts)
    above = sum(expert.weight * cdf(expert, x + 1e-9) for expert in experts)
    assert below - 1e-5 <= u <= above + 1e-5


def test_quantiles_never_fall_and_reach_both_ends() -> None:
    prior = priors.number(TWO)
    drawn = quantile(prior, np.linspace(0.0, 1.0 - 1e-12, 1001))
    assert (np.diff(drawn) >= 0.0).all()
    assert (drawn[0], drawn[-1]) == pytest.approx((0.1, 0.9), abs=1e-5)
    assert (prior.low, prior.high) == (0.1, 0.9)


def test_weights_shift_the_pool() -> None:
    equal, heavy = priors.number(TWO), priors.number({**TWO, "weights": {"ann": 3, "ben": 1}})
    u = (np.arange(20_000) + 0.5) / 20_000
    assert quantile(equal, u).mean() == pytest.approx((0.8 / 3 + 0.65) / 2, abs=1e-4)
    assert quantile(heavy, u).mean() == pytest.approx((3 * 0.8 / 3 + 0.65) / 4, abs=1e-4)


def test_both_engines_draw_the_same_bits() -> None:
    mixed = [
        priors.number(TWO),
        Prior("fixed", (0.4,)),
        priors.number({"by": {"ann": 1, "ben": {"low": 0, "high": 3}}}),
    ]
    u = np.random.default_rng(3).random((3, 512))
    assert np.array_equal(compiled(mixed, u), priors.quantiles(mixed, u))


def test_several_people_may_choose_among_words() -> None:
    prior = priors.choice({"by": {"ann": "open", "ben": {"open": "40%", "pledged": "60%"}}}, "stance")
    assert prior.numbers == pytest.approx((0.0, 0.0, 0.7, 0.3))
    assert [expert.name for expert in prior.experts] == ["ann", "ben"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"by": {}}, "by is a map of names"),
        ({"by": ["ann"]}, "by is a map of names"),
        ({"by": {"ann": 1}, "likely": 2}, "'likely' does not go with by"),
        ({"by": {"ann": 1}, "weights": {"ben": 1}}, "gives each of ann a weight"),
        ({"by": {"ann": 1, "ben": 2}, "weights": {"ann": 0, "ben": 1}}, "a weight is more than 0"),
        ({"by": {"ann": {"low": 2, "high": 1}}}, "ann: low, likely, high must not fall"),
        ({"by": {"ann": {"by": {"ben": 1}}}}, "ann: one person's number has no by of its own"),
    ],
)
def test_what_is_no_pool_is_refused(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        priors.number(raw)


def test_a_person_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="outside what is allowed"):
        priors.number({"by": {"ann": 0.5, "ben": 1.5}}, 0.0, 1.0)


def test_disagreement_is_the_share_of_variance_between_people() -> None:
    same = [Expert("ann", 0.5, (0.0, 1.0)), Expert("ben", 0.5, (0.0, 1.0))]
    assert linear_pool.disagreement(same) == 0.0
    apart = [Expert("ann", 0.5, (0.0, 1.0)), Expert("ben", 0.5, (1.0, 2.0))]
    assert linear_pool.disagreement(apart) == pytest.approx(0.25 / (0.25 + 1 / 12))
    assert linear_pool.disagreement([Expert("ann", 1.0, (2.0,))]) == 0.0
