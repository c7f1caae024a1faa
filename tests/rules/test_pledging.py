"""Tests of pledging: what speaks for sending troops, and how a contributor moves from stage to stage."""

from math import exp

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.rules import pledging
from sim.rules.pledging import Circumstances, Contributor, Sight, Unmet

shares = st.floats(0.0, 1.0)
weights = st.floats(0.0, 3.0)
latent = st.floats(-3.0, 3.0)
contributors = st.builds(
    Contributor,
    **{name: weights if name.startswith("weight_") else shares for name in Contributor._fields},
)
sights = st.builds(
    Sight,
    promise=shares,
    consent=shares,
    sufficiency=st.floats(0.0, 3.0),
    company=shares,
    exposure=st.floats(-1.0, 1.0),
    conceded=shares,
    defined=shares,
    sidelined=shares,
    fatigue=st.floats(0.0, 2.0),
    advantage=latent,
    called=st.sampled_from([0.0, 1.0]),
)
unmets = st.builds(Unmet, *[weights] * len(Unmet._fields))
DEMANDS = {
    "backstop": ("demanded", "weight_backstop"),
    "consent": ("wanted_consent", "weight_consent"),
    "company": ("wanted_company", "weight_company"),
    "definition": (None, "weight_definition"),
    "settlement": ("decent", "weight_settlement"),
}
"""By demand: what is asked for, where it is a number, and the weight behind it."""

CAREFREE = Contributor(*[0.0] * len(Contributor._fields))
BACKED = {"demanded": 0.4, "weight_backstop": 2.5}
ALONE = Sight(*[0.0] * len(Sight._fields))


def wanting(**wants: float) -> Contributor:
    """Return a contributor that cares for what is named and nothing else."""
    return CAREFREE._replace(**wants)


def seeing(**sees: float) -> Sight:
    """Return a sight with what is named and nothing else."""
    return ALONE._replace(**sees)


def held_back(me: Contributor, sees: Sight) -> float:
    """Return how much its demands hold a contributor back."""
    return pledging.least_met(pledging.unmet(me, sees))


def readiness(me: Contributor, sees: Sight) -> float:
    """Return what the circumstances add to a contributor's stance."""
    return pledging.total(pledging.circumstances(me, sees, held_back(me, sees)))


# --- demands: shares unmet, of which the least met holds back -------------------------------------------------------


@pytest.mark.parametrize(
    ("promise", "demanded", "own", "short"),
    [(0.25, 0.5, 0.125, 0.25), (0.0, 0.5, 0.0, 1.0), (0.5, 0.5, 0.0, 0.0), (0.9, 0.5, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)],
)
def test_a_shortfall_is_the_share_of_the_demand_that_promise_and_own_guarantee_leave(
    promise: float, demanded: float, own: float, short: float
) -> None:
    assert pledging.backstop_shortfall(promise, demanded, own) == short


@given(shares, shares, shares, shares)
def test_a_shortfall_is_a_share_never_larger_under_a_better_promise(
    one: float, two: float, demanded: float, own: float
) -> None:
    low, high = sorted((one, two))
    less, more = (pledging.backstop_shortfall(promise, demanded, own) for promise in (high, low))
    assert 0.0 <= less <= more <= 1.0


@pytest.mark.parametrize(
    ("seen", "wanted", "missing"),
    [(0.5, 1.0, 0.5), (0.0, 0.4, 1.0), (0.4, 0.4, 0.0), (0.5, 0.4, 0.0), (0.0, 0.0, 0.0)],
)
def test_what_is_missing_is_a_share_of_what_is_wanted(seen: float, wanted: float, missing: float) -> None:
    assert pledging.share_missing(seen, wanted) == missing


@given(shares, shares, shares, shares)
def test_more_is_never_missing_for_seeing_more_or_wanting_less(
    seen: float, better: float, wanted: float, stricter: float
) -> None:
    little, much = sorted((seen, better))
    least, most = sorted((wanted, stricter))
    assert 0.0 <= pledging.share_missing(much, least) <= pledging.share_missing(little, most) + 1e-12 <= 1.0 + 1e-9


@pytest.mark.parametrize(
    ("conceded", "decent", "short"),
    [(0.75, 0.5, 0.5), (0.25, 0.5, 0.0), (0.5, 0.5, 0.0), (1.0, 0.5, 1.0), (1.0, 1.0, 0.0), (0.3, 0.0, 0.3)],
)
def test_a_settlement_falls_short_by_a_share_of_what_lies_beyond_the_decent(
    conceded: float, decent: float, short: float
) -> None:
    assert pledging.settlement_shortfall(conceded, decent) == short


@given(shares, shares, shares)
def test_a_settlement_never_falls_shorter_the_less_is_conceded(one: float, two: float, decent: float) -> None:
    little, much = sorted((one, two))
    less, more = (pledging.settlement_shortfall(conceded, decent) for conceded in (little, much))
    assert 0.0 <= less <= more <= 1.0


@pytest.mark.parametrize(
    ("me", "sees", "demand", "worth"),
    [
        (wanting(**BACKED), seeing(promise=0.2), "backstop", 1.25),
        (wanting(**BACKED, autonomy=0.2), seeing(promise=0.2, sufficiency=1.0), "backstop", 0.0),
        (wanting(**BACKED, autonomy=0.1), seeing(promise=0.2, sufficiency=9.0), "backstop", 0.625),
        (wanting(**BACKED, autonomy=1.0), seeing(promise=0.2), "backstop", 1.25),
        (wanting(wanted_consent=1.0, weight_consent=1.5), seeing(consent=0.5), "consent", 0.75),
        (wanting(wanted_consent=0.5, weight_consent=1.5), seeing(consent=1.0), "consent", 0.0),
        (wanting(wanted_company=0.8, weight_company=2.0), seeing(company=0.6), "company", 0.5),
        (wanting(weight_definition=0.5), seeing(defined=0.25), "definition", 0.375),
        (wanting(decent=0.5, weight_settlement=2.0), seeing(conceded=0.75), "settlement", 1.0),
        (wanting(decent=0.3, weight_settlement=2.0), seeing(conceded=0.2), "settlement", 0.0),
    ],
)
def test_each_demand_holds_back_by_its_weight_and_the_share_that_is_unmet(
    me: Contributor, sees: Sight, demand: str, worth: float
) -> None:
    assert getattr(pledging.unmet(me, sees), demand) == pytest.approx(worth)
    assert sum(pledging.unmet(me, sees)) == pytest.approx(worth)


@given(contributors, sights)
def test_a_demand_never_draws_and_never_holds_back_by_more_than_its_weight(me: Contributor, sees: Sight) -> None:
    for demand, (_, weight) in DEMANDS.items():
        assert 0.0 <= getattr(pledging.unmet(me, sees), demand) <= getattr(me, weight) + 1e-12


@given(unmets)
def test_the_demand_that_is_least_met_holds_back_alone(unmet: Unmet) -> None:
    assert pledging.least_met(unmet) == max(unmet)
    assert pledging.least_met(Unmet(*sorted(unmet))) == pledging.least_met(unmet)


@given(unmets, st.sampled_from(Unmet._fields))
def test_meeting_a_demand_unlocks_nothing_while_another_holds_back_as_much(unmet: Unmet, demand: str) -> None:
    met = unmet._replace(**{demand: 0.0})
    others = max(value for name, value in unmet._asdict().items() if name != demand)
    assert pledging.least_met(met) == others
    if others >= getattr(unmet, demand):
        assert pledging.least_met(met) == pledging.least_met(unmet)


def test_two_demands_hold_back_no_more_than_the_one_that_is_less_met() -> None:
    both = wanting(**BACKED, wanted_consent=0.5, weight_consent=1.5)
    assert readiness(both, seeing(promise=0.2)) == pytest.approx(-1.5)
    assert readiness(both, seeing(promise=0.2, consent=0.5)) == pytest.approx(-1.25)
    assert readiness(both, seeing(promise=0.4)) == pytest.approx(-1.5)
    assert readiness(both, seeing(promise=0.4, consent=0.5)) == 0.0


@given(contributors, sights)
def test_demands_are_complements_meeting_both_gains_at_least_the_sum(me: Contributor, sees: Sight) -> None:
    promised = sees._replace(promise=max(sees.promise, me.demanded))
    agreed = sees._replace(consent=max(sees.consent, me.wanted_consent))
    both = promised._replace(consent=agreed.consent)
    neither, first, second, all_met = (
        readiness(me._replace(weight_company=0.0, weight_definition=0.0, weight_settlement=0.0), each)
        for each in (sees, promised, agreed, both)
    )
    assert min(first, second) == neither
    assert all_met - neither >= (first - neither) + (second - neither) - 1e-9


@given(contributors, sights, st.sampled_from(sorted(DEMANDS)))
def test_removing_a_demand_never_lowers_readiness(me: Contributor, sees: Sight, demand: str) -> None:
    without = me._replace(**{DEMANDS[demand][1]: 0.0})
    assert readiness(without, sees) >= readiness(me, sees) - 1e-9


@given(contributors, sights, st.sampled_from(sorted(DEMANDS)), weights)
def test_firming_a_demand_never_raises_readiness(me: Contributor, sees: Sight, demand: str, more: float) -> None:
    weight = DEMANDS[demand][1]
    firmer = me._replace(**{weight: getattr(me, weight) + more})
    assert readiness(firmer, sees) <= readiness(me, sees) + 1e-9


@given(contributors, sights, st.sampled_from(sorted(DEMANDS)), weights)
def test_while_a_demand_is_met_firmness_does_not_matter(
    me: Contributor, sees: Sight, demand: str, firmness: float
) -> None:
    met = sees._replace(
        **{
            "backstop": {"promise": max(sees.promise, me.demanded)},
            "consent": {"consent": max(sees.consent, me.wanted_consent)},
            "company": {"company": max(sees.company, me.wanted_company)},
            "definition": {"defined": 1.0},
            "settlement": {"conceded": min(sees.conceded, me.decent)},
        }[demand]
    )
    assert readiness(me._replace(**{DEMANDS[demand][1]: firmness}), met) == readiness(me, met)


@given(contributors, sights, shares)
def test_a_contributor_is_never_more_willing_for_demanding_more(me: Contributor, sees: Sight, more: float) -> None:
    for demand in ("backstop", "consent", "company"):
        wanted = DEMANDS[demand][0]
        assert wanted is not None
        stricter = me._replace(**{wanted: getattr(me, wanted) + more})
        assert readiness(stricter, sees) <= readiness(me, sees) + 1e-9


# --- circumstances ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("me", "sees", "term", "worth"),
    [
        (wanting(weight_exposure=0.8), seeing(exposure=0.5), "exposure", -0.4),
        (wanting(weight_exposure=0.8), seeing(exposure=-0.5), "exposure", 0.4),
        (wanting(weight_guard=0.6), seeing(sufficiency=0.5), "home_guard", -0.3),
        (wanting(weight_guard=0.6), seeing(sufficiency=4.0), "home_guard", -0.6),
        (wanting(weight_sidelining=0.5), seeing(sidelined=0.5), "sidelining", 0.25),
        (wanting(weight_fatigue=0.5), seeing(fatigue=1.5), "fatigue", 0.75),
        (wanting(weight_fear=0.5), seeing(advantage=0.5), "fear", 0.25),
        (wanting(weight_fear=0.5), seeing(advantage=-0.5), "fear", 0.0),
        (wanting(weight_call=0.5), seeing(called=1.0), "call", 0.5),
    ],
)
def test_each_circumstance_counts_by_its_own_weight(me: Contributor, sees: Sight, term: str, worth: float) -> None:
    terms = pledging.circumstances(me, sees, held_back=0.0)
    assert getattr(terms, term) == pytest.approx(worth)
    assert pledging.total(terms) == pytest.approx(worth)


@given(contributors, sights, weights)
def test_what_holds_back_is_taken_off_in_full(me: Contributor, sees: Sight, back: float) -> None:
    terms = pledging.circumstances(me, sees, back)
    assert terms.unmet == -back
    assert pledging.total(terms) == pytest.approx(pledging.total(pledging.circumstances(me, sees, 0.0)) - back)


@given(st.tuples(*[latent] * len(Circumstances._fields)))
def test_the_circumstances_add_up(parts: tuple[float, ...]) -> None:
    assert pledging.total(Circumstances(*parts)) == pytest.approx(sum(parts), abs=1e-12)


@given(sights)
def test_who_cares_for_nothing_is_moved_by_nothing(sees: Sight) -> None:
    assert readiness(CAREFREE, sees) == 0.0


@given(
    contributors,
    sights,
    st.sampled_from(("promise", "consent", "company", "defined", "sidelined", "fatigue", "advantage")),
    shares,
)
def test_what_draws_a_contributor_never_makes_it_less_willing(
    me: Contributor, sees: Sight, what: str, more: float
) -> None:
    better = sees._replace(**{what: getattr(sees, what) + more})
    assert readiness(me, better) >= readiness(me, sees) - 1e-9


@given(contributors, sights, st.sampled_from(("exposure", "conceded")), shares)
def test_danger_and_a_worse_settlement_never_make_it_more_willing(
    me: Contributor, sees: Sight, what: str, more: float
) -> None:
    worse = sees._replace(**{what: getattr(sees, what) + more})
    assert readiness(me, worse) <= readiness(me, sees) + 1e-9


@given(contributors, sights, st.floats(0.0, 3.0))
def test_more_troops_of_others_never_draw_whoever_guards_home_and_relies_on_washington(
    me: Contributor, sees: Sight, more: float
) -> None:
    reliant = me._replace(autonomy=0.0)
    joined = sees._replace(sufficiency=sees.sufficiency + more)
    assert readiness(reliant, joined) <= readiness(reliant, sees) + 1e-9
    assert readiness(me._replace(weight_guard=0.0), joined) >= readiness(me._replace(weight_guard=0.0), sees) - 1e-9


def test_company_is_what_others_pledge_and_the_example_of_leads() -> None:
    assert pledging.company(0.5, example=1.0, weight=0.4) == pytest.approx(0.7)
    assert pledging.company(7.0, example=0.0, weight=0.0) == 1.0
    assert pledging.company(0.3, example=1.0, weight=1.0) == 1.0


@given(st.floats(0.0, 5.0), shares, shares)
def test_company_is_a_share(sufficiency: float, example: float, weight: float) -> None:
    assert 0.0 <= pledging.company(sufficiency, example, weight) <= 1.0 + 1e-12


def test_fatigue_grows_with_time_towards_its_limit_and_with_aid_that_others_cut() -> None:
    assert pledging.fatigue(0.0, 52.0, 0.5) == 0.0
    assert pledging.fatigue(52.0, 52.0, 0.5) == pytest.approx((1.0 - exp(-1.0)) * 1.5)
    assert pledging.fatigue(1e6, 52.0, 0.25) == pytest.approx(1.25)
    assert pledging.fatigue(1.0, 0.5, 0.0) == pytest.approx(1.0 - exp(-2.0))


def test_without_a_span_fatigue_is_there_at_once() -> None:
    assert pledging.fatigue(0.0, 0.0, 0.5) == 1.5


@given(st.floats(0.0, 500.0), st.floats(0.0, 500.0), st.floats(0.0, 100.0), shares)
def test_fatigue_never_wears_off(one: float, two: float, span: float, cut: float) -> None:
    early, late = sorted((one, two))
    assert pledging.fatigue(early, span, cut) <= pledging.fatigue(late, span, cut) <= 1.0 + cut


@pytest.mark.parametrize(
    ("standing", "wanted", "truce", "settled"),
    [
        (2.0, 8.0, False, 0.25),
        (0.0, 8.0, False, 0.0),
        (20.0, 8.0, False, 1.0),
        (0.0, 8.0, True, 1.0),
        (0.0, 0.0, False, 1.0),
        (0.25, 0.5, False, 0.5),
    ],
)
def test_a_mission_is_defined_by_a_truce_or_by_weeks_on_the_table(
    standing: float, wanted: float, truce: bool, settled: float
) -> None:
    assert pledging.defined(standing, wanted, truce) == settled


@pytest.mark.parametrize(
    ("stage", "readiness", "due"),
    [
        (1, 0.4, 2),
        (0, 2.0, 1),
        (3, 1.5, 3),
        (3, 0.8, 3),
        (3, 0.6, 2),
        (3, -2.0, 2),
        (2, 0.1, 2),
        (2, -0.1, 1),
        (1, -0.8, 1),
        (1, -1.0, 0),
        (0, -9.0, 0),
    ],
)
def test_a_stage_follows_readiness_one_step_at_a_time_and_down_only_past_the_margin(
    stage: int, readiness: float, due: int
) -> None:
    assert pledging.due_stage(stage, readiness, -0.6, 0.3, 1.0, margin=0.3) == due


@given(st.integers(0, 3), latent, latent, st.floats(0.0, 1.0))
def test_the_stage_due_never_falls_with_readiness_and_is_at_most_one_step_away(
    stage: int, one: float, two: float, margin: float
) -> None:
    low, high = sorted((one, two))
    after = [pledging.due_stage(stage, readiness, -0.6, 0.3, 1.0, margin) for readiness in (low, high)]
    assert after[0] <= after[1]
    assert all(0 <= due <= 3 and abs(due - stage) <= 1 for due in after)


@pytest.mark.parametrize(
    ("readiness", "stage"), [(-9.0, 0), (-0.5, 1), (0.0, 1), (0.25, 2), (0.99, 2), (1.0, 3), (9.0, 3)]
)
def test_at_week_0_a_state_stands_where_its_readiness_points(readiness: float, stage: int) -> None:
    assert pledging.fitting_stage(readiness, -0.5, 0.25, 1.0) == stage


@given(latent, latent)
def test_a_fitting_stage_never_falls_with_readiness_and_is_kept(one: float, other: float) -> None:
    low, high = sorted((one, other))
    stages = [pledging.fitting_stage(readiness, -0.6, 0.3, 1.0) for readiness in (low, high)]
    assert 0 <= stages[0] <= stages[1] <= 3
    assert pledging.due_stage(stages[0], low, -0.6, 0.3, 1.0, margin=0.0) == stages[0]


@given(latent, st.floats(0.0, 1.0))
def test_a_steady_readiness_leads_to_a_stage_that_it_keeps(readiness: float, margin: float) -> None:
    stage = 0
    for _ in range(4):
        stage = pledging.due_stage(stage, readiness, -0.6, 0.3, 1.0, margin)
    assert pledging.due_stage(stage, readiness, -0.6, 0.3, 1.0, margin) == stage


def test_hesitant_governments_take_longer() -> None:
    assert pledging.move_chance(0.4, slows=0.5, hesitancy=0.5) == pytest.approx(0.3)
    assert pledging.move_chance(0.4, slows=0.5, hesitancy=0.0) == 0.4
    assert pledging.move_chance(0.4, slows=1.0, hesitancy=1.0) == 0.0


@given(shares, shares, shares, shares)
def test_the_chance_of_a_move_is_a_share_that_never_rises_with_hesitancy(
    base: float, slows: float, one: float, two: float
) -> None:
    bold, shy = sorted((one, two))
    assert 0.0 <= pledging.move_chance(base, slows, shy) <= pledging.move_chance(base, slows, bold) <= base


START = (-0.6, 0.3, 1.0)


@given(st.integers(0, 3), st.floats(-3, 3), st.floats(1e-9, 1, exclude_max=True))
def test_a_very_precise_quantal_decision_goes_where_a_threshold_points(
    stage: int, readiness: float, luck: float
) -> None:
    near = min(abs(readiness - at) for at in (*START, *(start - 0.3 for start in START)))
    assume(near > 0.01)
    due = pledging.due_stage(stage, readiness, *START, 0.3)
    assert pledging.quantal_stage(stage, readiness, START, 0.3, 1e6, 1.0, luck) == due


def test_a_quantal_state_moves_the_oftener_the_further_past_a_threshold() -> None:
    lucks = [(at + 0.5) / 1000 for at in range(1000)]

    def moved(readiness: float, up: int) -> int:
        stages = [pledging.quantal_stage(1, readiness, START, 0.3, 4.0, 0.5, luck) for luck in lucks]
        return sum(stage == 1 + up for stage in stages)

    assert moved(0.3, 1) == 250  # on the threshold: half of the chance of a move that is due
    assert moved(-0.5, 1) < moved(0.1, 1) < moved(0.3, 1) < moved(0.8, 1) < 500
    assert moved(-0.9, -1) == 250
    assert moved(-0.9, -1) > moved(-0.2, -1)
    assert {pledging.quantal_stage(3, 9.0, START, 0.3, 4.0, 1.0, luck) for luck in lucks} == {3}


@pytest.mark.parametrize(("stage", "readiness", "due"), [(0, -0.5, 1), (1, 0.25, 2), (2, 1.0, 3)])
def test_on_a_threshold_a_stage_is_due(stage: int, readiness: float, due: int) -> None:
    assert pledging.due_stage(stage, readiness, -0.5, 0.25, 1.0, margin=0.25) == due


@pytest.mark.parametrize(("stage", "readiness"), [(1, -0.75), (2, 0.0), (3, 0.75)])
def test_at_the_margin_a_stage_is_kept(stage: int, readiness: float) -> None:
    assert pledging.due_stage(stage, readiness, -0.5, 0.25, 1.0, margin=0.25) == stage


def test_a_quantal_move_up_takes_the_luck_below_its_chance_and_one_down_the_luck_from_the_top() -> None:
    def moves(readiness: float, luck: float) -> int:
        return pledging.quantal_stage(1, readiness, (-0.5, 0.25, 1.0), 0.25, 1e6, 0.5, luck)

    assert (moves(0.25, 0.2499), moves(0.25, 0.25)) == (2, 1)
    assert (moves(-0.75, 0.75), moves(-0.75, 0.7499)) == (0, 1)
