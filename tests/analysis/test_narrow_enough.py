"""The search for what blocks may end once every interval is narrow: how wide the widest one is."""

from __future__ import annotations

import pytest

from sim.analysis.why import _widest
from sim.ensemble.shares import share


def test_the_widest_interval_is_that_of_the_share_nearest_to_one_half() -> None:
    half = share(480, 1_000)
    assert _widest({1: 20, 3: 480, 4: 990}, 1_000) == pytest.approx((half.high - half.low) / 2)


def test_where_no_set_has_been_counted_there_is_nothing_to_wait_for() -> None:
    assert _widest({}, 1_000) == 0.0
