"""What belligerents foresee is roughly what happens: their foresight is calibrated inside the model."""

from itertools import pairwise

from tests.verification.reliability import BINS, Bin, Calibration, calibration

RUNS = 4_096
FACTOR = 1.5


def measured() -> Calibration:
    return calibration(RUNS)


def test_a_force_follows_a_truce_about_as_often_as_foreseen() -> None:
    overall = measured().all
    assert overall.signings > 500
    assert overall.formed / FACTOR < overall.foreseen < overall.formed * FACTOR


def test_the_more_a_force_is_foreseen_the_oftener_it_forms() -> None:
    bins = measured().bins
    assert len(bins) == BINS
    for before, after in pairwise(bins):
        assert before.foreseen < after.foreseen
        assert after.high >= before.low, "below the bin before it, by more than run noise"
    assert bins[-1].low > bins[-2].high > bins[0].high


def test_where_a_force_is_likely_to_follow_foresight_is_right_within_the_same_factor() -> None:
    top: Bin = measured().bins[-1]
    assert top.low / FACTOR < top.foreseen < top.high * FACTOR
