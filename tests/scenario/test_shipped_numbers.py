"""Tests of the numbers that ship: edges that share a prior, documented orders, values that published figures gave."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

from sim import evidence
from sim.scenario import loading
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


def test_a_bare_truce_breaks_oftener_in_a_year_than_wars_came_back_and_not_always() -> None:
    """Of 53 pairs of former enemies 3 had a new war within the first year, and 14 a deadly clash."""
    low, likely, high = (1.0 - (1.0 - weekly) ** 52 for weekly in numbers("rules.truce.break_hazard"))
    assert 3 / 53 < low < 14 / 53 < likely < 0.5 < high < 0.9


def test_a_full_guarantee_cuts_the_risk_as_much_as_peacekeepers_did_and_may_do_nothing() -> None:
    """Half to three quarters in most studies, 85% in the largest, nothing significant outside the United Nations."""
    low, likely, high = (1.0 - exp(-weight) for weight in numbers("rules.truce.break_guarantee"))
    assert low < 0.2
    assert 0.5 <= likely <= 0.75
    assert high == pytest.approx(0.85, abs=0.01)


def test_a_backed_force_that_is_agreed_to_is_hardly_ever_attacked() -> None:
    """No American was lost to hostile fire in Bosnia's first years: under 0.2% a week with everything in place."""
    weight = {name: numbers(f"rules.hold.{name}")[1] for name in ("exposure", "consent", "promise", "worth")}
    exposure, worth = (numbers(f"missions.nato.{name}")[1] for name in ("exposure", "worth"))
    log_ratio = weight["exposure"] * exposure - weight["consent"] - weight["promise"] - weight["worth"] * worth
    assert numbers("rules.hold.attack_hazard")[1] * exp(log_ratio) < 0.002
