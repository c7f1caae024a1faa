"""Tests of the numbers that ship: edges that share a prior, documented orders, values that published figures gave."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

import sim
from sim import evidence
from sim.evidence import literature
from sim.rules import guarantees
from sim.scenario import loading
from sim.scenario.checks import repeated_assumptions
from sim.scenario.evidence_use import kind
from sim.scenario.scenario import Leaf
from tests.worlds import baseline

POOLED = ("persuasion", "troop_example", "security_guarantee", "escalation_threat")
LEAVES = baseline().leaves


def numbers(path: str) -> tuple[float, ...]:
    return LEAVES[path].prior.numbers


def edges(channel: str) -> list[Leaf]:
    return [leaf for path, leaf in LEAVES.items() if path.startswith("network.") and f"/{channel}." in path]


@pytest.mark.parametrize("channel", POOLED)
def test_most_edges_of_a_channel_share_one_prior(channel: str) -> None:
    shared = [leaf for leaf in edges(channel) if leaf.inherited]
    assert 2 * len(shared) > len(edges(channel))
    for leaf in shared:
        assert leaf.inherited == f"defaults.edges.{channel}.{leaf.path.rpartition('.')[2]}"
    assert len({leaf.prior for leaf in shared}) == len({leaf.inherited for leaf in shared})


@pytest.mark.parametrize("channel", POOLED)
def test_an_edge_departs_from_its_channel_only_where_a_source_speaks_of_its_ends(channel: str) -> None:
    claims = evidence.load().claims
    for leaf in edges(channel):
        if not leaf.inherited:
            ends = set(leaf.path.removeprefix("network.").partition("/")[0].split("->"))
            cited = (*leaf.reasons.because, *leaf.reasons.see, *leaf.reasons.order)
            assert leaf.reasons.anchor or any(ends & set(claims[id].actors) for id in cited), leaf.path


@pytest.mark.parametrize("name", loading.names())
def test_no_sentence_of_assumption_stands_at_two_numbers(name: str) -> None:
    assert list(repeated_assumptions(loading.load(name).layer)) == []


def test_what_is_called_a_convention_has_no_width() -> None:
    conventions = [leaf for leaf in LEAVES.values() if kind(leaf.reasons) == "convention"]
    assert conventions
    assert not [leaf.path for leaf in conventions if leaf.prior.uncertain]


@pytest.mark.parametrize(
    ("change", "pair"),
    [
        ("missions.nato.worth: 0.5", "missions.nato.worth (0.5) is to be more than missions.enforcement.worth (0.9)"),
        (
            "missions.un_blue_helmets.provocation: 1",
            "missions.reassurance.provocation (0.65) is to be more than missions.un_blue_helmets.provocation (1)",
        ),
    ],
)
def test_a_scenario_that_leaves_a_documented_order_says_so(tmp_path: Path, change: str, pair: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"question: What then?\nextends: baseline\nassumption: made up\nchange: {{{change}}}\n")
    assert any(pair in note for note in loading.load(path).notes)


def bare_guarantee() -> float:
    return numbers("rules.truce.arms_weight")[1] * numbers("actors.ukraine.arms")[1]


def with_a_rear_force() -> float:
    force = numbers("rules.truce.force_weight")[1] * numbers("missions.reassurance.worth")[1]
    return guarantees.guarantee(force, 0.0, bare_guarantee())


def test_a_truce_on_arms_alone_breaks_in_a_year_about_as_often_as_old_enemies_clashed() -> None:
    """Of 53 pairs of former enemies 3 had a new war within the first year, and 14 a deadly clash."""
    arms = exp(-numbers("rules.truce.break_guarantee")[1] * bare_guarantee())
    low, likely, high = (1.0 - (1.0 - weekly * arms) ** 52 for weekly in numbers("rules.truce.break_hazard"))
    assert 3 / 53 < low < 14 / 53
    assert likely == pytest.approx(14 / 53, abs=0.05)
    assert 0.5 < high < 0.9


def test_a_rear_force_cuts_the_risk_as_much_as_peacekeepers_did_and_may_do_nothing() -> None:
    """Half to three quarters in most studies, nothing significant outside the United Nations."""
    added = with_a_rear_force() - bare_guarantee()
    low, likely, high = (1.0 - exp(-weight * added) for weight in numbers("rules.truce.break_guarantee"))
    assert low < 0.05
    assert likely == pytest.approx(0.5, abs=0.03)
    assert high == pytest.approx(0.75, abs=0.03)


def test_a_truce_comes_about_as_often_as_wars_in_their_fourth_year_ended() -> None:
    """The leanings of both sides are set by this base rate: 5 of 17 and 7 of 22, whose intervals are far wider."""
    records = literature.load().records
    shares = [records[name] for name in ("mid5_year4_ending", "gml_year4_ending")]
    weeks = sim.run(baseline(), 20_000, seed=5).runs["ceasefire_week"]
    assert numbers("actors.russia.disposition") == numbers("actors.ukraine.disposition")
    assert weeks.notna().mean() == pytest.approx(sum(each.likely for each in shares) / 2, abs=0.03)


def test_a_backed_force_that_is_agreed_to_is_hardly_ever_attacked() -> None:
    """No American was lost to hostile fire in Bosnia's first years: under 0.2% a week with everything in place."""
    weight = {name: numbers(f"rules.hold.{name}")[1] for name in ("exposure", "consent", "promise", "worth")}
    exposure, worth = (numbers(f"missions.nato.{name}")[1] for name in ("exposure", "worth"))
    log_ratio = weight["exposure"] * exposure - weight["consent"] - weight["promise"] - weight["worth"] * worth
    assert numbers("rules.hold.attack_hazard")[1] * exp(log_ratio) < 0.002
