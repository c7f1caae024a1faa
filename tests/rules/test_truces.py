"""Tests of the truce: what each side would settle for, what a guarantee buys, and when a truce breaks."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import foresight, truces
from sim.rules.truces import HostTerms, OpponentTerms

latent = st.floats(-3.0, 3.0)
positive = st.floats(0.0, 3.0)
shares = st.floats(0.0, 1.0)
hosts = st.builds(HostTerms, *[latent] * len(HostTerms._fields))
opponents = st.builds(OpponentTerms, *[latent] * len(OpponentTerms._fields))


def test_what_kyiv_concedes_is_the_sum_of_its_terms() -> None:
    assert truces.most_conceded(HostTerms(1.0, 0.25, -0.25, -1.0, 0.5)) == 0.5


def test_what_moscow_takes_is_the_sum_of_its_terms() -> None:
    assert truces.least_taken(OpponentTerms(0.5, 0.25, 0.75, -0.5, -0.25, 0.25)) == 1.0


@given(st.sampled_from(HostTerms._fields), latent)
def test_each_term_of_kyivs_counts_in_full_and_alone(term: str, worth: float) -> None:
    assert truces.most_conceded(HostTerms(*[0.0] * 5)._replace(**{term: worth})) == worth


@given(st.sampled_from(OpponentTerms._fields), latent)
def test_each_term_of_moscows_counts_in_full_and_alone(term: str, worth: float) -> None:
    assert truces.least_taken(OpponentTerms(*[0.0] * 6)._replace(**{term: worth})) == worth


@given(hosts, opponents, latent)
def test_the_battlefield_moves_the_terms_of_both_alike_and_optimism_apart(
    kyiv: HostTerms, moscow: OpponentTerms, shift: float
) -> None:
    def overlap(kyivs: float, moscows: float) -> float:
        most = truces.most_conceded(kyiv._replace(advantage=kyiv.advantage + kyivs))
        return most - truces.least_taken(moscow._replace(advantage=moscow.advantage + moscows))

    assert overlap(shift, shift) == pytest.approx(overlap(0.0, 0.0))
    assert overlap(-0.5, 0.5) == pytest.approx(overlap(0.0, 0.0) - 1.0)


def test_a_guarantee_is_worth_the_war_it_keeps_off() -> None:
    assert truces.peace_kept(4.0, war_without=0.75, war_with=0.5) == 1.0
    assert truces.peace_kept(0.0, war_without=0.75, war_with=0.5) == 0.0


@given(positive, shares)
def test_a_guarantee_that_does_not_keep_the_peace_buys_nothing(loss: float, war: float) -> None:
    assert truces.peace_kept(loss, war_without=war, war_with=war) == 0.0


@given(positive, positive, shares, shares, shares)
def test_a_guarantee_is_never_worth_less_the_more_war_it_keeps_off_or_the_worse_that_war(
    loss: float, worse: float, one: float, other: float, without: float
) -> None:
    kept, broken = sorted((one, other))
    bad, good = (truces.peace_kept(loss, without, war) for war in (broken, kept))
    assert bad <= good <= loss * without + 1e-12
    if kept <= without:
        assert good <= truces.peace_kept(loss + worse, without, kept) + 1e-12


@given(st.floats(0.0, 0.2), positive, positive, positive, st.floats(0.0, 520.0))
def test_more_guarantee_never_makes_kyiv_concede_less(
    base: float, one: float, two: float, loss: float, weeks: float
) -> None:
    def worth(guarantee: float) -> float:
        without, kept = (truces.break_rate(base, seen, 0.0, 0.0, 0.0, 0.0) for seen in (0.0, guarantee))
        return truces.peace_kept(loss, foresight.renewed_war(without, weeks), foresight.renewed_war(kept, weeks))

    low, high = sorted((one, two))
    assert worth(0.0) == 0.0
    assert 0.0 <= worth(low) <= worth(high) + 1e-12


def test_the_concession_agreed_on_is_the_midpoint_of_the_overlap() -> None:
    assert truces.concession(0.6, 0.2) == pytest.approx(0.4)


@pytest.mark.parametrize(("most", "least", "agreed"), [(3.0, 2.0, 1.0), (-1.0, -2.0, 0.0), (0.5, 0.5, 0.5)])
def test_a_concession_ends_at_nothing_and_at_everything(most: float, least: float, agreed: float) -> None:
    assert truces.concession(most, least) == agreed


@given(latent, latent)
def test_a_concession_is_a_share(most: float, least: float) -> None:
    assert 0.0 <= truces.concession(most, least) <= 1.0


def test_a_truce_is_imposed_as_far_as_pressure_made_the_overlap() -> None:
    assert truces.imposed(0.5, overlap=0.2) == pytest.approx(0.3)
    assert truces.imposed(0.1, overlap=0.4) == 0.0


@given(latent, latent)
def test_without_pressure_no_truce_is_imposed_and_never_by_more_than_the_pressure(
    pressure: float, overlap: float
) -> None:
    assert truces.imposed(min(0.0, pressure), overlap) == 0.0
    assert 0.0 <= truces.imposed(pressure, overlap) <= max(0.0, pressure)


def test_a_truce_that_nothing_guards_breaks_at_its_base_rate() -> None:
    assert truces.break_rate(0.02, 0.0, 0.0, 0.0, 0.0, 0.0) == 0.02


def test_guarantee_and_threat_outweigh_as_much_imposition_regret_and_provocation() -> None:
    assert truces.break_rate(0.02, 0.5, 1.0, 0.5, 0.0, 0.0) == pytest.approx(0.02)
    assert truces.break_rate(0.02, 1.0, 0.25, 0.5, 0.75, 0.5) == pytest.approx(0.02)


def test_each_part_of_a_break_rate_counts_in_full() -> None:
    rates = [truces.break_rate(0.02, *(1.0 if at == part else 0.0 for at in range(5))) for part in range(5)]
    assert rates == pytest.approx([0.02 * exp(sign) for sign in (-1.0, 1.0, -1.0, 1.0, 1.0)])


@given(shares, st.tuples(*[positive] * 5), st.floats(0.0, 2.0))
def test_a_break_rate_is_a_share_that_guards_lower_and_grievances_raise(
    base: float, parts: tuple[float, ...], more: float
) -> None:
    rate = truces.break_rate(base, *parts)
    assert 0.0 <= rate <= 1.0
    for part, sign in enumerate((-1.0, 1.0, -1.0, 1.0, 1.0)):
        changed = truces.break_rate(base, *(each + more if at == part else each for at, each in enumerate(parts)))
        assert sign * (changed - rate) >= 0.0


def test_a_truce_that_never_breaks_by_itself_cannot_be_made_to() -> None:
    assert truces.break_rate(0.0, 0.0, 10.0, 0.0, 10.0, 10.0) == 0.0


@pytest.mark.parametrize("part", [1, 3, 4])
def test_however_unwanted_a_truce_cannot_break_more_than_surely(part: int) -> None:
    assert truces.break_rate(0.5, *(1e6 if at == part else 0.0 for at in range(5))) == 1.0


@pytest.mark.parametrize(
    ("most", "least", "regret"), [(0.25, 0.75, 0.5), (0.5, 0.25, 0.0), (0.5, 0.5, 0.0), (-1.0, 1.0, 2.0)]
)
def test_a_truce_is_regretted_as_far_as_its_terms_no_longer_overlap(most: float, least: float, regret: float) -> None:
    assert truces.regret(most, least) == regret


@given(latent, latent)
def test_terms_that_overlap_are_never_regretted(most: float, least: float) -> None:
    assert (truces.regret(most, least) > 0.0) == (most - least < 0.0)
    assert truces.regret(most, least) <= abs(most - least)


@pytest.mark.parametrize(
    ("before", "overlap", "after"), [(0, 0.0, 1), (2, 0.5, 3), (3, -0.1, 2), (1, -0.1, 0), (0, -0.1, 0)]
)
def test_a_round_of_overlap_counts_and_one_apart_takes_one_off(before: int, overlap: float, after: int) -> None:
    assert truces.rounds_of_overlap(before, overlap) == after


@pytest.mark.parametrize(
    ("rounds", "weeks", "wanted", "enough"),
    [
        (0, 1.0, 0.0, False), (1, 1.0, 0.0, True), (1, 1.0, 1.0, False), (2, 1.0, 1.0, True), (2, 1.0, 2.0, False),
        (3, 1.0, 2.0, True), (4, 0.5, 2.0, False), (5, 0.5, 2.0, True),
    ],
)  # fmt: skip
def test_talks_take_the_weeks_wanted_from_the_first_round_of_overlap(
    rounds: int, weeks: float, wanted: float, enough: bool
) -> None:
    assert truces.talked_long_enough(rounds, weeks, wanted) is enough
