"""Tests of named luck: every stream its own, every run and round always the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world import streams
from sim.world.streams import BLOCK, StreamCollision, check_distinct, key, uniforms

NAME = "germany/pledge"


def test_a_block_has_a_row_a_round_and_a_column_a_run() -> None:
    luck = uniforms(1, NAME, 0, 3)
    assert luck.shape == (3, BLOCK) == (3, 512)
    assert luck.dtype == np.float64


def test_a_stream_is_always_the_same() -> None:
    assert np.array_equal(uniforms(1, NAME, 2, 3), uniforms(1, NAME, 2, 3))


def test_the_luck_of_the_format_does_not_change() -> None:
    assert uniforms(1, NAME, 0, 1)[0, :3].tolist() == [0.6450405875959966, 0.5162189800888464, 0.3322342299032053]


@pytest.mark.parametrize("other", [(2, NAME, 0), (1, "germany/mood", 0), (1, NAME, 1)])
def test_another_seed_name_or_block_gives_other_luck(other: tuple[int, str, int]) -> None:
    shared = np.intersect1d(uniforms(1, NAME, 0, 4), uniforms(*other, 4))
    assert shared.size == 0


@given(st.integers(1, 40), st.integers(0, 40))
def test_a_longer_horizon_continues_the_same_luck(rounds: int, more: int) -> None:
    assert np.array_equal(uniforms(3, NAME, 1, rounds), uniforms(3, NAME, 1, rounds + more)[:rounds])


@given(st.integers(0, 2**64 - 1), st.text(max_size=20), st.integers(0, 2**40))
def test_luck_lies_between_nothing_and_below_one(seed: int, name: str, block: int) -> None:
    luck = uniforms(seed, name, block, 1)
    assert luck.min() >= 0.0
    assert luck.max() < 1.0


def test_luck_is_spread_evenly() -> None:
    luck = uniforms(5, NAME, 0, 100).ravel()
    counts, _ = np.histogram(luck, bins=10, range=(0.0, 1.0))
    assert abs(luck.mean() - 0.5) < 0.005
    assert np.abs(counts / luck.size - 0.1).max() < 0.01


def test_two_streams_know_nothing_of_each_other() -> None:
    one, other = uniforms(5, "uk/mood", 0, 100).ravel(), uniforms(5, "france/mood", 0, 100).ravel()
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02


def test_a_key_is_sixty_four_bits_of_the_name() -> None:
    assert 0 <= key(NAME) < 2**64
    assert key(NAME) != key(NAME.upper())


def test_names_that_differ_may_share_a_batch_and_one_may_stand_twice() -> None:
    check_distinct([NAME, "germany/mood", NAME])


def test_two_names_with_one_hash_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "key", lambda name: len(name))
    with pytest.raises(StreamCollision, match="'uk/mood' and 'us/mood' share a hash"):
        check_distinct(["uk/mood", "france/mood", "us/mood"])
