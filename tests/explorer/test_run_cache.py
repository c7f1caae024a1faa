"""What pages share: played once, kept up to so many bytes, what was looked at longest ago let go of first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.explorer import run_cache
from sim.explorer.run_cache import FIRST, Lab
from tests.explorer.test_explorer import no_tick

SIZE = 1_000
"""Bytes that every ensemble of the made-up batches takes."""


def scenario(name: str, *, agent: str | None = None) -> Any:
    return SimpleNamespace(
        name=name, hash=f"{name}!", parts=SimpleNamespace(actors={"a": SimpleNamespace(agent=agent)})
    )


class Played:
    """Batches that only note how they were asked for."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[Any, ...]] = []
        patch.setattr(run_cache.running, "run", self.run)
        patch.setattr(run_cache, "_Kept", lambda *tables, **more: SimpleNamespace(runs=tables[0], actors=tables[2]))
        patch.setattr(run_cache, "_bytes", lambda *_: SIZE)
        patch.setattr(run_cache, "MOST_FIRST", 2 * SIZE)
        patch.setattr(run_cache, "MOST_KEPT", 3 * SIZE)
        for name in ("inputs_range", "theory_range"):
            patch.setattr(run_cache, name, self.noting(name))

    def run(self, scenario: Any, runs: int, seed: int, *, progress: Any) -> Any:
        self.asked.append((scenario.name, runs, seed, progress))
        return SimpleNamespace(runs=object(), actors=object(), manifest={}, failures=None)

    def noting(self, name: str) -> Any:
        def noted(scenario: Any, *given: Any, progress: Any) -> str:
            self.asked.append((name, scenario.name, *given, progress))
            return f"{name} of {scenario.name}"

        return noted

    def take(self) -> list[tuple[Any, ...]]:
        taken, self.asked = self.asked, []
        return taken


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    return Played(monkeypatch)


def test_a_first_answer_is_not_broken_off_and_a_larger_or_slower_one_can_be(played: Played) -> None:
    lab, ticks = Lab(), list[int]()
    lab.ensemble(scenario("a"), FIRST, ticks.append)
    lab.ensemble(scenario("a"), FIRST + 1, ticks.append)
    lab.ensemble(scenario("b", agent="mine"), FIRST, ticks.append)
    assert ticks == [0, 0, 0], "before each batch it looks up"
    lab.ensemble(scenario("a"), FIRST, ticks.append)
    assert len(ticks) == 3, "for what is at hand it does not"
    of_first, of_larger, of_slower = played.take()
    assert of_first == ("a", FIRST, 1, None)
    assert of_larger[:3] == ("a", FIRST + 1, 1) and of_larger[3] == ticks.append
    assert of_slower[3] == ticks.append
    lab.with_inputs(scenario("a"), ticks.append)
    assert ticks == [0, 0, 0, 0] and played.take() == [("a", FIRST, 1, ticks.append)]


def test_as_many_first_answers_are_kept_as_fit_exactly_and_the_one_looked_at_longest_ago_goes(played: Played) -> None:
    lab, names = Lab(), [scenario(name) for name in "abcd"]
    for each in names[:2]:
        lab.ensemble(each, FIRST, no_tick)
    lab.ensemble(names[0], FIRST, no_tick)
    assert [lab.has(each, FIRST) for each in names] == [True, True, False, False]
    lab.ensemble(names[2], FIRST, no_tick)
    assert [lab.has(each, FIRST) for each in names] == [True, False, True, False]
    assert len(lab._bytes) == 2


def test_larger_ensembles_have_a_limit_of_their_own(played: Played) -> None:
    lab, world = Lab(), scenario("a")
    lab.ensemble(world, FIRST, no_tick)
    for more in range(1, 5):
        lab.ensemble(world, FIRST + more, no_tick)
    assert [lab.has(world, FIRST + more) for more in range(5)] == [True, False, True, True, True]
    played.take()
    assert lab.largest(world, no_tick) is lab.ensemble(world, FIRST + 4, no_tick)
    assert played.take() == []
    lab.largest(scenario("b"), no_tick)
    assert played.take() == [("b", FIRST, 1, None)]


def test_one_ensemble_is_kept_however_large(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cache, "MOST_FIRST", SIZE - 1)
    lab = Lab()
    lab.ensemble(scenario("a"), FIRST, no_tick)
    assert lab.has(scenario("a"), FIRST) and not lab.has(scenario("a"), FIRST + 1)
    lab.ensemble(scenario("b"), FIRST, no_tick)
    assert not lab.has(scenario("a"), FIRST) and lab.has(scenario("b"), FIRST)


def test_another_name_is_another_ensemble_and_the_same_ranges(played: Played) -> None:
    lab, one = Lab(), scenario("a")
    other = SimpleNamespace(**{**vars(one), "name": "b"})
    assert lab.ensemble(one, FIRST, no_tick) is not lab.ensemble(other, FIRST, no_tick)
    played.take()
    assert lab.known(one, "inputs") is None is lab.known(one, "rivals")
    assert lab.inputs_range(one, no_tick) == lab.inputs_range(other, no_tick) == "inputs_range of a"
    assert lab.rival_rules(one, no_tick) == lab.rival_rules(other, no_tick) == "theory_range of a"
    assert played.take() == [
        ("inputs_range", "a", run_cache.DESIGN, 1, no_tick),
        ("theory_range", "a", 2_000, 1, no_tick),
    ]
    assert (lab.known(other, "inputs"), lab.known(one, "rivals")) == ("inputs_range of a", "theory_range of a")


def test_two_hundred_ranges_are_kept_and_the_one_asked_for_longest_ago_goes(played: Played) -> None:
    lab, worlds = Lab(), [scenario(str(at)) for at in range(201)]
    for each in (*worlds[:200], worlds[0]):
        lab.inputs_range(each, no_tick)
    assert all(lab.known(each, "inputs") for each in worlds[:200])
    lab.inputs_range(worlds[200], no_tick)
    assert [at for at, each in enumerate(worlds) if lab.known(each, "inputs") is None] == [1]


def test_bytes_are_those_of_all_tables_that_there_are() -> None:
    one, other = pd.DataFrame({"a": range(10)}), pd.DataFrame({"b": ["long words"] * 3})
    each = [int(table.memory_usage(deep=True).sum()) for table in (one, other)]
    assert run_cache._bytes(one, None, other) == sum(each)
    assert run_cache._bytes(None) == 0


def test_answers_are_shown_after_so_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, slow = run_cache.running.DEFAULT_RUNS, 7
    table = {
        (usual, 40_000, False): (2_000, 10_000, 40_000), (usual, 40_001, False): (2_000, 10_000, 40_000),
        (usual, 39_999, False): (2_000, 10_000, 39_999), (usual, 10_000, False): (2_000, 10_000),
        (usual, 10_001, False): (2_000, 10_000, 10_001), (usual, 2_001, False): (2_000, 2_001),
        (usual, 2_000, False): (2_000,), (usual, 5, False): (2_000,),
        (usual, 2_000, True): (512, 2_000), (usual, 40_000, True): (512, 2_000, 10_000, 40_000),
        (slow, 40_000, False): (100, 500, 2_000), (slow, 2_000, True): (100, 500, 2_000),
        (slow, 100, True): (100,), (slow, 501, False): (100, 500, 501),
    }  # fmt: skip
    for (runs, most, hasty), expected in table.items():
        monkeypatch.setattr(run_cache.running, "default_runs", lambda _, runs=runs: runs)
        assert run_cache.steps(scenario("a"), most, hasty) == expected, (runs, most, hasty)
