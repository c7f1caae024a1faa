"""Tests of updates: weights by hand, order, certainty, forks, and calibration by construction."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import world
from sim.analysis.likelihoods import confusion, likelihood, shown
from sim.analysis.living_forecast import how_sure, living_forecast
from sim.analysis.nested import Range
from sim.analysis.particle_filter import BINS, Filter, effective
from sim.analysis.updated_widths import FUTURES, PASTS, over_pasts
from sim.analysis.updating import Updated, estimate, update
from sim.analysis.watching import watch
from sim.batch.kept_blocks import Arrays, KeptBlocks
from sim.batch.particles import first_particles, fork
from sim.ensemble.events import event
from sim.ensemble.run_row import STAGE
from sim.kernel import draws, play
from sim.scenario.observations import Observation, observation
from sim.scenario.scenario import Scenario
from tests.worlds import tiny

RUNS = 60


@cache
def lively() -> Scenario:
    return tiny().change({"actors.ukr.disposition": {"low": 0, "high": 3}})


def seen(**written: object) -> Observation:
    return observation({"week": "2025-04-07", **written}, lively())


def by_hand(stage_at: int, least: int, right: float) -> np.ndarray:
    """Return the weights of runs after one report of a stage, from their weeks and the words of the error model."""
    structure = world.build(lively())
    weeks = play(structure, *world.draw(structure, 1, 0, means=draws.MEANS), RUNS, weekly=True).actors
    assert weeks is not None
    weights = []
    for stage in weeks[:, stage_at, structure.names.actors.index("alba"), STAGE]:
        chance = 0.0
        for reported in range(least, 4):
            if reported == stage:
                chance += right
            elif abs(reported - stage) == 1:
                chance += (1 - right) * 0.9 / (1 if stage in (0, 3) else 2)
            else:
                chance += (1 - right) * 0.1 / (2 if stage in (0, 3) else 1)
        weights.append(chance)
    return np.array(weights) / sum(weights)


def test_weights_are_those_worked_by_hand() -> None:
    one = update(lively(), [seen(actor="alba", stage="at least open", reliability=0.8)], runs=RUNS, floor=0.0)
    assert one.stages[0].weights[-1] == pytest.approx(by_hand(4, 2, 0.8), abs=1e-12)


def test_observations_in_any_order_give_the_same() -> None:
    two = [seen(actor="alba", stage="open"), seen(rung="at most air_cover", reliability=0.7), seen(ceasefire="none")]
    forth, back = (update(lively(), order, runs=RUNS, floor=0.0) for order in (two, two[::-1]))
    assert forth.stages[0].weights[-1] == pytest.approx(back.stages[0].weights[-1], abs=1e-12)
    assert forth.steps["deployed"].iloc[-1] == pytest.approx(back.steps["deployed"].iloc[-1], abs=1e-12)


def test_an_observation_that_was_certain_changes_nothing() -> None:
    sure = update(lively(), [seen(rung="at least none", reliability=1.0)], runs=RUNS)
    assert sure.steps["predicted"].iloc[-1] == pytest.approx(1.0)
    assert sure.steps["ceasefire"].iloc[-1] == pytest.approx(sure.steps["ceasefire"].iloc[0])


def test_what_no_run_shows_is_refused() -> None:
    never = tiny().change({"actors.ukr.disposition": -9})
    with pytest.raises(ValueError, match="no run of 20 shows that a ceasefire holds"):
        update(never, [observation({"week": "2025-04-07", "ceasefire": "holds", "reliability": 1}, never)], runs=20)


def test_seeing_it_makes_it_certain() -> None:
    told = update(lively(), [seen(ceasefire="holds", reliability=1.0)], runs=400, floor=0.0)
    assert told.steps["ceasefire"].iloc[0] < 0.9
    assert told.steps["ceasefire"].iloc[-1] == pytest.approx(1.0)
    before = told.steps["ceasefire"].iloc[0]
    assert told.steps["predicted"].iloc[-1] <= before


def test_a_fork_keeps_the_past_and_draws_the_future_anew() -> None:
    structure = world.build(lively())
    start = first_particles(64)
    forked = fork(start, np.array([5, 5, 3]), 6, 64)
    one, other = (
        play(structure, *world.draw_forked(structure, 1, each), len(each), weekly=True).weekly
        for each in (start, forked)
    )
    assert one is not None and other is not None
    assert np.array_equal(other[:, :6], one[[3, 5, 5], :6])
    assert not np.array_equal(other[1, 6:], other[2, 6:])


def test_thin_pasts_are_resampled_and_the_answer_stays_within_noise() -> None:
    news = [seen(actor="alba", stage="pledged"), observation({"week": "2025-05-05", "ceasefire": "holds"}, lively())]
    whole = update(lively(), news, runs=8_192, floor=0.0).steps.iloc[-1]
    thin = update(lively(), news, runs=2_048, floor=0.8)
    assert len(thin.stages) > 1
    last = thin.steps.iloc[-1]
    for name in ("ceasefire", "deployed"):
        assert last[f"{name}_low"] <= whole[f"{name}_high"] and whole[f"{name}_low"] <= last[f"{name}_high"]


def test_copies_of_a_past_are_not_counted_as_new() -> None:
    weights, came = np.full(100, 0.01), np.arange(100) % 2 == 0
    alone = estimate(weights, came, np.arange(100))
    shared = estimate(weights, came, np.arange(100) // 20 * 2 + np.arange(100) % 2)
    assert alone.probability == shared.probability == 0.5
    assert shared.high - shared.low > 2 * (alone.high - alone.low)
    assert effective(weights) == pytest.approx(100.0)


@pytest.mark.parametrize("words", [2, 3, 4, 6])
@pytest.mark.parametrize("ordered", [True, False])
def test_reports_of_a_true_word_sum_to_one(words: int, ordered: bool) -> None:
    assert confusion(words, ordered, 0.8).sum(axis=1) == pytest.approx(np.ones(words))


def test_a_number_is_likelier_the_nearer_it_was_seen() -> None:
    told = seen(battlefield=0.3, sd=0.1, reliability=0.9)
    assert likelihood(told, np.array([0.3, 0.4, 5.0])) == pytest.approx([1.0, 0.9 * np.exp(-0.5) + 0.1, 0.1])


SUBJECTS = ({"actor": "alba", "stage": "open"}, {"rung": "none"}, {"ceasefire": "none"})


def test_posteriors_are_calibrated_by_construction() -> None:
    """Simulation-based calibration (Talts and others 2018), in small: a run tells of itself, and is updated on."""
    scenario, draw = lively(), np.random.default_rng(5)
    told = update(scenario, [], runs=4_096)
    structure = told.world
    weeks = play(structure, *world.draw(structure, 77, 0, means=draws.MEANS), 200, weekly=True)
    prior = told.stages[0].flags[1].mean()
    truth, posterior = [], []
    slots = [seen(**subject, reliability=0.8) for subject in SUBJECTS]
    states = [shown(slot, weeks, structure) for slot in slots]
    flags = _forces(weeks, structure)
    population = update(scenario, slots, runs=4_096, floor=0.0).stages[0]
    for run in range(200):
        weights = np.ones(4_096)
        for slot, state, of_run in zip(slots, states, population.shown, strict=True):
            ordered = slot.subject in ("stage", "rung")
            chances = confusion(len(slot.words), ordered, 0.8)[int(state[run])]
            report = slot._replace(codes=(int(draw.choice(len(slot.words), p=chances)),))
            weights *= likelihood(report, of_run)
        posterior.append(float(weights[population.flags[1]].sum() / weights.sum()))
        truth.append(float(flags[run]))
    came, said = np.array(truth), np.clip(np.array(posterior), 1e-6, 1 - 1e-6)
    assert abs(came.mean() - said.mean()) < 3 * np.sqrt((said * (1 - said)).sum()) / 200
    log_score = -(came * np.log(said) + (1 - came) * np.log(1 - said)).mean()
    without = -(came * np.log(prior) + (1 - came) * np.log(1 - prior)).mean()
    assert log_score < without
    half = said >= np.median(said)
    assert came[half].mean() > came[~half].mean()


def _forces(weeks: object, structure: object) -> np.ndarray:
    from sim.ensemble import run_table

    table = run_table.table(structure.missions.names, weeks.rows, np.arange(len(weeks.rows)))  # type: ignore[attr-defined]
    return event("deployed", lively().parts.missions).mask(table).to_numpy()


def test_the_same_seed_gives_the_same_update() -> None:
    def again() -> Updated:
        return update(lively(), [seen(actor="alba", stage="pledged")], runs=1_024, floor=0.9)

    one, other = again(), again()
    assert one.steps.equals(other.steps)
    assert one.inputs.equals(other.inputs)


def test_where_the_chance_lies_above_its_range_over_pasts_the_sentence_says_why() -> None:
    pasts = Range(0.0, 0.004, 0.0, 0.0, 0.002, 0.006)
    assert how_sure(pasts, None, 0.056).endswith(
        "over pasts that fit, under 1% in 8 of 10 (a few others hold most of the chance)."
    )
    assert "a few" not in how_sure(pasts, None, 0.003)


def test_how_sure_tells_of_pasts_and_of_rival_rules() -> None:
    news = [seen(actor="alba", stage="at least open", reliability=0.9)]
    sure = living_forecast(lively(), news, "deployed", runs=600)
    assert sure.pasts is not None and sure.theory is not None
    last = sure.table["probability"].iloc[-1]
    assert 0.0 <= sure.pasts[0] < last < sure.pasts[1] <= 1.0
    low, high, least, most = sure.theory
    assert low <= last <= high and least != most
    assert "over rival rules" in sure.sentence
    quick = living_forecast(lively(), news, "deployed", runs=600, widths=False)
    assert quick.pasts is None and quick.theory is None and "rival" not in quick.sentence


def test_pasts_that_settle_everything_are_as_wide_as_can_be() -> None:
    told = update(lively(), [], ["deployed"], runs=512)
    early = over_pasts(lively(), told, [], "deployed")
    late = [observation({"week": "2025-06-22", "rung": "none", "reliability": 0.6}, lively())]
    settled = over_pasts(lively(), update(lively(), late, ["deployed"], runs=512, floor=0.0), late, "deployed")
    assert early is not None and settled is not None
    assert (settled.p10, settled.p90) == (0.0, 1.0)
    assert settled.p90 - settled.p10 >= early.p90 - early.p10


def two_reports() -> list[Observation]:
    return [seen(actor="alba", stage="pledged"), observation({"week": "2025-05-05", "ceasefire": "holds"}, lively())]


class Interrupted:
    """Keeps blocks until so many are kept, then is interrupted."""

    def __init__(self, after: int) -> None:
        self.after, self.played, self._put = after, 0, KeptBlocks.put

    def put(self, kept: KeptBlocks, first: int, arrays: Arrays) -> None:
        if self.played >= self.after:
            raise KeyboardInterrupt
        self.played += 1
        self._put(kept, first, arrays)


def test_an_interrupted_update_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(after: int) -> tuple[Updated, int]:
        with monkeypatch.context() as patch:
            blocks = Interrupted(after)
            patch.setattr(KeptBlocks, "put", lambda kept, first, arrays: blocks.put(kept, first, arrays))
            return update(lively(), two_reports(), runs=2_048, floor=0.8, resume=tmp_path, workers=1), blocks.played

    whole = update(lively(), two_reports(), runs=2_048, floor=0.8)
    with pytest.raises(KeyboardInterrupt):
        again(3)
    assert len(list(tmp_path.glob("*.npz"))) == 3
    rest, played = again(1_000)
    pd.testing.assert_frame_equal(rest.steps, whole.steps)
    pd.testing.assert_frame_equal(rest.inputs, whole.inputs)
    assert played == len(list(tmp_path.glob("*.npz"))) - 3 > 0
    assert again(0)[1] == 0


def test_a_torn_block_is_played_again(tmp_path: Path) -> None:
    first = update(lively(), two_reports(), runs=600, resume=tmp_path)
    torn = sorted(tmp_path.glob("*.npz"))[0]
    torn.write_bytes(torn.read_bytes()[:100])
    pd.testing.assert_frame_equal(update(lively(), two_reports(), runs=600, resume=tmp_path).steps, first.steps)


def test_an_update_says_how_far_it_is_run_by_run() -> None:
    done: list[int] = []
    observed = [seen(actor="alba", stage="at least open", reliability=0.8)]
    result = update(lively(), observed, runs=RUNS, floor=0.999, progress=done.append)
    assert len(result.stages) == 2 and sum(done) == 3 * RUNS  # first runs, moved pasts, what follows them
    done.clear()
    watch(lively(), observed, runs=RUNS, floor=0.0, progress=done.append)
    assert sum(done) == RUNS
    done.clear()
    sure = living_forecast(lively(), observed, runs=RUNS, floor=0.0, progress=done.append)
    assert sure.theory is not None and sum(done) > RUNS + PASTS * FUTURES  # and rival rules after that


def test_what_is_learnt_of_inputs_is_their_weighted_distribution() -> None:
    observed = [seen(actor="alba", stage="at least open", reliability=0.8)]
    filtered = Filter(world.build(lively()), 1, tuple(observed), (event("deployed", lively().parts.missions),))
    stage = filtered.stages(700, floor=0.0)[0]
    quantiles = world.quantiles_of(world.build(lively()), 1, np.arange(700), draws.MEANS)
    for each, of_input in zip(filtered.learnt(stage), quantiles, strict=True):
        expected, _ = np.histogram(of_input, bins=BINS, range=(0.0, 1.0), weights=stage.weights[-1])
        assert each == pytest.approx(expected, abs=1e-12)


def test_on_nothing_seen_the_forecast_is_that_of_a_batch() -> None:
    update = living_forecast(lively(), (), "ceasefire", runs=200, widths=False)
    whole = sim.run(lively(), 200, workers=1).happened("ceasefire").mean()
    assert update.table["probability"].tolist() == pytest.approx([whole])
    assert update.left_out.empty and update.surprise == 1.0
