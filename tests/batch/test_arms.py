"""Arms of a comparison: what they say is what batches say of the same runs, whatever is replaced, kept or spread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis import relaxed_runs
from sim.analysis.why import why
from sim.batch import arm_spans, arms, block, design_points, running
from sim.batch.arms import Arm, came_about
from sim.batch.engines import BatchFailed
from sim.batch.played_again import actor_weeks
from sim.batch.whole_arms import whole_arms
from sim.ensemble.ensemble import Ensemble
from sim.scenario.scenario import Scenario
from sim.world import building
from sim.world.draws import input_quantiles
from tests.worlds import tiny

EVENTS = ("ceasefire", "european", "missing_lead", "in_place_at_horizon", "deployed and troops >= 2000")
RUNS = 600
POSTURE = "actors.usa.posture.start"


def every_kind() -> Iterator[Arm]:
    """Yield arms of all kinds: plain, of other luck, with inputs replaced by quantiles or values, rows shared."""
    scenario, own = tiny(), np.arange(RUNS)
    quantiles = input_quantiles(building.build(scenario), 3, 40)
    yield Arm(scenario, own)
    yield Arm(scenario, own[::-1] * 5)
    yield Arm(scenario, own, quantiles.iloc[own % 40].reset_index(drop=True)[[POSTURE]])
    yield Arm(scenario, own, quantiles, at=own // 15)
    yield Arm(scenario, own, values=pd.DataFrame({POSTURE: np.full(RUNS, 1.0)}))
    yield Arm(scenario.change({POSTURE: -1.0}), own)


def assert_same(one: list[dict[str, np.ndarray]], other: list[dict[str, np.ndarray]]) -> None:
    for here, there in zip(one, other, strict=True):
        assert list(here) == list(there) == list(EVENTS)
        for event in EVENTS:
            np.testing.assert_array_equal(here[event], there[event])


def test_arms_say_what_batches_say_of_the_same_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = list(came_about(every_kind(), EVENTS, 3, relaxed=["host_consent"]))
    monkeypatch.setattr(arms, "needs_batches", lambda *_: True)
    assert_same(fast, list(came_about(every_kind(), EVENTS, 3, relaxed=["host_consent"])))
    assert 0.0 < fast[0]["ceasefire"].mean() < 1.0 and fast[0]["european"].any()


def test_workers_and_the_length_of_a_span_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = list(came_about(every_kind(), EVENTS, 3, workers=1))
    monkeypatch.setattr(arm_spans, "SPAN", 100)
    monkeypatch.setattr(arms, "SPAN", 100)
    assert_same(one, list(came_about(every_kind(), EVENTS, 3, workers=3)))


def test_answers_that_were_kept_are_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with design_points.kept(tmp_path):
        first = list(came_about(every_kind(), EVENTS, 3))
    monkeypatch.setattr(arm_spans.block, "play_drawn", None)
    played: list[int] = []
    with design_points.kept(tmp_path) as points:
        assert_same(first, list(came_about(every_kind(), EVENTS, 3, progress=played.append)))
    assert points is not None and points.opened == points.count("done") == 6
    assert sum(played) == 6 * 600  # a bar reaches its end all the same
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 20_000


def test_answers_to_another_question_are_played(tmp_path: Path) -> None:
    arm = Arm(tiny(), np.arange(20))
    with design_points.kept(tmp_path) as points:
        for each in (
            arm,
            arm._replace(luck=np.arange(20) + 1),
            arm._replace(values=pd.DataFrame({POSTURE: [1.0] * 20})),
        ):
            list(came_about([each], ["ceasefire"]))
        list(came_about([arm], ["european"]))
        list(came_about([arm], ["ceasefire"], 2))
        list(came_about([arm], ["ceasefire"], relaxed=["truce"]))
        assert points is not None and points.count("done") == 6


def fail_at(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the runs fail that have a place in their block, or all of them."""
    engine = block.engines.compiled

    def play(structure: Any, inputs: Any, luck: Any, runs: int, *rest: Any) -> Any:
        if place < 0 or (luck.values[0, 0, :runs] == marked).any():
            raise ArithmeticError("planned")
        return engine(structure, inputs, luck, runs, *rest)

    job = block.Job(building.build(tiny()), 1, "compiled")
    marked = block.draw_block(job, 0)[1].values[0, 0, place]
    monkeypatch.setattr(block.engines, "compiled", play)


def test_a_run_that_fails_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_at(7, monkeypatch)
    (came,) = came_about([Arm(tiny(), np.arange(30))], ["ceasefire"])
    assert np.flatnonzero(np.isnan(came["ceasefire"])).tolist() == [7]


def test_an_arm_of_which_all_runs_fail_ends_the_analysis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_at(-1, monkeypatch)
    with pytest.raises(BatchFailed, match="all 9 runs failed, the first by ArithmeticError: planned"):
        list(came_about([Arm(tiny(), np.arange(9))], ["ceasefire"]))
    with pytest.raises(BatchFailed, match="all 9 runs failed"), design_points.kept(tmp_path) as points:
        list(whole_arms([(tiny(), lambda ensemble: {})], 9))
    assert points is not None and points.count("failed") == 1


@pytest.mark.parametrize(
    ("arm", "wrong"),
    [
        (Arm(tiny(), np.arange(2), pd.DataFrame({"nothing": [0.1, 0.2]})), "is not an input"),
        (Arm(tiny(), np.arange(2), pd.DataFrame({POSTURE: [0.1, 1.0]})), "a quantile lies in"),
        (Arm(tiny(), np.arange(2), values=pd.DataFrame({"luck": [1, 2]})), "names the luck"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(arm: Arm, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        list(came_about([arm], ["ceasefire"]))


def read(ensemble: Ensemble) -> dict[str, np.ndarray]:
    return {"run": ensemble.runs["run"].to_numpy(), "troops": ensemble.actors["troops"].to_numpy()}


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_whole_arms_are_read_as_batches_are(engine: str) -> None:
    scenarios: list[Scenario] = [tiny(), tiny().change({POSTURE: 1.0})]
    runs = 20 if engine == "mesa" else RUNS
    arrays = list(whole_arms([(each, read) for each in scenarios], runs, 5, engine=engine))
    for each, scenario in zip(arrays, scenarios, strict=True):
        batch = read(running.run(scenario, runs, 5, engine=engine))
        for name, values in batch.items():
            np.testing.assert_array_equal(each[name], values)


def test_weeks_played_again_are_the_same_for_any_number_of_workers() -> None:
    ensemble = running.run(tiny(), 1100, 2)
    one, three = (pd.concat(actor_weeks(ensemble, [3, 700, 1099], workers)) for workers in (1, 3))
    pd.testing.assert_frame_equal(one, three)


def test_why_ends_at_the_block_at_which_every_share_is_narrow_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    ensemble = running.run(tiny(), 1600, 5)
    monkeypatch.setattr("sim.analysis.why.LEAST_RUNS", 100)
    short, whole = why(ensemble, most=1, within=0.2), why(ensemble, most=1)
    assert short.runs == 512 and whole.runs == 1600
    assert short.sets["run"].max() < 512
    expected = why(running.run(tiny(), 512, 5), most=1)
    pd.testing.assert_frame_equal(short.blockers, expected.blockers)
    pd.testing.assert_frame_equal(why(ensemble, most=1, within=1e-9).blockers, whole.blockers)
    with pytest.raises(ValueError, match="half-width"):
        why(ensemble, within=0.5)


def test_an_interrupted_search_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensemble = running.run(tiny(), 1600, 5)
    whole = why(ensemble, most=1)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), design_points.kept(tmp_path):
        why(ensemble, most=1, progress=stop)
    with design_points.kept(tmp_path) as points:
        again = why(ensemble, most=1)
    assert points is not None and points.opened == 1
    pd.testing.assert_frame_equal(again.sets, whole.sets)
    monkeypatch.setattr(relaxed_runs.block, "play_drawn", None)
    with design_points.kept(tmp_path):
        pd.testing.assert_frame_equal(why(ensemble, most=1).sets, whole.sets)


def test_an_option_that_is_none_is_refused_where_no_batch_is_made() -> None:
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'worker'; did you mean 'workers'\?"):
        next(came_about(every_kind(), EVENTS, 1, worker=1))  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'sed'; allowed: engine, workers"):
        next(whole_arms([(tiny(), len)], 50, sed=1))  # type: ignore[call-arg, list-item]
