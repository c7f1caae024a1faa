"""Tests of the figures: what they count, say and name, drawn from small tables made by hand."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from sim import plots
from sim.ensemble import share
from sim.ensemble.columns import FUNNEL
from sim.ensemble.results import Differences
from sim.notebook import Ensemble
from sim.plots import comparison, contributors
from sim.plots.colours import ink
from sim.plots.network import node_positions
from sim.plots.shares import of_100, whiskers
from sim.plots.style import caption, root_figure, title_of
from tests.runs import make_runs

ACTORS = {"uk": "pledged", "france": "pledged", "poland": "opposed", "central_asia": "hesitant"}
GROUPS = {
    "reassurance": ["deployed", "european"],
    "un_blue_helmets": ["deployed"],
    "observer": ["observer"],
    "training": ["training"],
}
A_PIXEL = 0.01


def a_run(run: int, reached: int) -> dict[str, object]:
    """Return a row that reached a step of the funnel; from ``formed`` on 20,000 Europeans deployed in week 20."""
    formed = reached >= FUNNEL.index("formed")
    return {
        "run": run,
        "outcome": "reassurance" if formed else "ceasefire_without_force" if reached >= 0 else "no_ceasefire",
        "ceasefire_week": 10.0 if reached >= 0 else None,
        "deployed_week": 20.0 if formed else None,
        "european_week": 20.0 if formed else None,
        "observer_week": None,
        "training_week": None,
        "troops": 20_000.0 if formed else None,
        "european_troops": 20_000.0 if formed else None,
        "states": 4 if formed else None,
        "reached": reached,
    }


def an_ensemble(reached: list[int]) -> Ensemble:
    rows = [a_run(run, step) for run, step in enumerate(reached)]
    actors = [
        {
            "run": run,
            "actor": actor,
            "stage": stage,
            "pledged": stage == "pledged",
            "deployed": stage == "pledged" and step >= 5,
        }
        for run, step in enumerate(reached)
        for actor, stage in ACTORS.items()
    ]
    about = {"scenario": "made_up", "seed": 7, "horizon_weeks": 52, "start": "2025-03-03", "groups": GROUPS}
    return Ensemble(make_runs(rows), pd.DataFrame({"run": range(len(rows))}), pd.DataFrame(actors), about)


def a_comparison() -> Differences:
    rows = {
        "ceasefire": (0.4, 0.4, 0.0, -0.01, 0.01),
        "european": (0.1, 0.2, 0.1, 0.05, 0.15),
        "outcome.training": (0.5, 0.4, -0.1, -0.15, -0.05),
        "pledged.germany": (0.3, 0.5, 0.2, 0.15, 0.25),
        "pledged.ireland": (0.3, 0.3, 0.0, 0.0, 0.0),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["a", "b", "difference", "low", "high"]).rename_axis(
        "quantity"
    )
    return Differences(table.assign(unit="share"), "", "baseline", "firm", 300, 7, "")


def a_network() -> pd.DataFrame:
    columns = ["source", "target", "channel", "family", "strength", "willingness", "open", "source_role", "target_role"]
    rows = [
        ("us", "ukraine", "military_aid", "incentive", 0.9, 0.9, True, "broker", "host"),
        ("russia", "poland", "escalation_threat", "incentive", 0.5, 0.2, True, "opponent", "contributor"),
        ("china", "russia", "patronage", "incentive", 0.5, 0.2, True, "patron", "opponent"),
        ("uk", "france", "persuasion", "influence", 0.5, 0.5, True, "lead", "lead"),
        ("slovakia", "france", "eu_decision", "gate", 0.0, 0.0, False, "contributor", "lead"),
    ]
    return pd.DataFrame(rows, columns=columns).assign(documents=["value", "speaks", "none", "speaks", "speaks"])


ENSEMBLE = an_ensemble([-1] * 50 + [0] * 20 + [3] * 10 + [5] * 5 + [6] * 15)
EMPTY = an_ensemble([-1] * 10)
OF_ENSEMBLE = ("outcomes", "funnel", "formation", "troops", "joiners", "stances")
DRAWN = {name: getattr(plots, name) for name in OF_ENSEMBLE}


@pytest.fixture(params=[*OF_ENSEMBLE, "none_formed", "differences", "network"])
def axes(request: pytest.FixtureRequest) -> Axes:
    alone = {
        "none_formed": lambda: plots.troops(EMPTY),
        "differences": lambda: comparison.differences(a_comparison()),
        "network": lambda: plots.network(a_network()),
    }
    return alone[request.param]() if request.param in alone else DRAWN[request.param](ENSEMBLE)


def words(axes: Axes) -> str:
    return " ".join(text.get_text() for text in axes.figure.findobj(Text)).replace("\n", " ")  # type: ignore[attr-defined]


def test_a_plot_has_a_title_and_says_what_it_is_drawn_from(axes: Axes) -> None:
    assert title_of(axes)
    assert any(unit in caption(axes) for unit in ("runs", "One run", "edges"))


def test_nothing_drawn_is_cut_off_at_the_edge_of_the_figure(axes: Axes) -> None:
    axes = root_figure(axes)
    axes.draw_without_rendering()
    drawn, page = axes.get_tightbbox(), axes.bbox_inches
    assert drawn.x0 >= page.x0 - A_PIXEL and drawn.y0 >= page.y0 - A_PIXEL
    assert drawn.x1 <= page.x1 + A_PIXEL and drawn.y1 <= page.y1 + A_PIXEL


@pytest.mark.parametrize("name", OF_ENSEMBLE)
def test_the_axes_that_measure_say_in_what(name: str) -> None:
    label = DRAWN[name](ENSEMBLE).get_xlabel()
    assert any(unit in label for unit in ("%", "of 100", "weeks since 3 March 2025", "thousand"))


@pytest.mark.parametrize("name", ["outcomes", "funnel", "formation", "joiners"])
def test_an_interval_is_called_run_noise_and_the_range_over_inputs_stands_beside_it(name: str) -> None:
    note = caption(DRAWN[name](ENSEMBLE))
    assert "95% run noise" in note
    assert "Range over defensible inputs: not computed" in note


def test_the_range_over_inputs_is_told_once_it_is_at_hand() -> None:
    nested = an_ensemble([6, -1])
    nested.inputs_range = {"deployed": {"p10": 0.1, "p90": 0.5}, "european": {"p10": 0.05, "p90": 0.4}}
    note = caption(plots.outcomes(nested))
    assert "any deployment 10 to 50%, a European force 5 to 40%" in note


def test_the_funnel_counts_a_run_at_every_step_up_to_the_one_it_reached() -> None:
    drawn = plots.funnel(ENSEMBLE)
    assert [bar.get_width() for bar in drawn.containers[0]] == [50.0, 30.0, 30.0, 30.0, 20.0, 20.0, 15.0]
    assert "50 saw a ceasefire and 20 a force" in title_of(drawn)


def test_where_all_runs_form_a_force_the_funnel_says_so() -> None:
    assert title_of(plots.funnel(an_ensemble([len(FUNNEL) - 1] * 4))).replace("\n", " ") == (
        "Of 100 runs 100 saw a ceasefire and 100 a force; all got so far"
    )


def test_a_mission_stands_along_an_axis_as_its_config_names_it_unless_the_reader_has_words() -> None:
    named = {"config": {"missions": {"reassurance": {"name": "coalition that guards the long road to the north"}}}}
    ensemble = Ensemble(ENSEMBLE.runs, None, ENSEMBLE.actors, {**ENSEMBLE.manifest, **named})
    ticks = [text.get_text() for text in plots.outcomes(ensemble).get_yticklabels()]
    assert "coalition that guards the\nlong road to the north" in ticks and "ceasefire, no force" in ticks
    ticks = [text.get_text() for text in plots.outcomes(ensemble, labels={"reassurance": "guards"}).get_yticklabels()]
    assert "guards" in ticks


def test_the_outcomes_show_every_possible_outcome_and_add_up_to_all_runs() -> None:
    bars = plots.outcomes(ENSEMBLE).containers[0]
    assert len(bars) == len(ENSEMBLE.outcomes())
    assert sum(bar.get_width() for bar in bars) == pytest.approx(100.0)


def test_the_formation_curve_ends_at_the_share_that_deployed_and_never_falls() -> None:
    deployed = plots.formation(ENSEMBLE).lines[1].get_ydata()
    assert np.asarray(deployed)[-1] == pytest.approx(20.0)
    assert (np.diff(np.asarray(deployed)) >= 0).all()


def test_the_sizes_of_forces_are_those_of_runs_that_deployed_one() -> None:
    drawn = plots.troops(ENSEMBLE, voices={"a voice": 30_000})
    assert "20,000 troops" in title_of(drawn)
    assert "a voice" in words(drawn)


def test_without_a_force_in_any_run_the_sizes_say_so() -> None:
    assert "No foreign force deployed in any of 10 runs" in title_of(plots.troops(EMPTY))


def test_the_stages_of_an_actor_fill_all_its_runs() -> None:
    widths = [[bar.get_width() for bar in stage] for stage in contributors.stances(ENSEMBLE).containers]
    assert np.sum(widths, axis=0) == pytest.approx(100.0)


def test_a_difference_that_straddles_zero_is_drawn_hollow() -> None:
    drawn = comparison.differences(a_comparison())
    points = [line for line in drawn.lines if line.get_marker() == "o"]
    markers = {np.asarray(line.get_ydata())[0]: line.get_markerfacecolor() for line in points}
    names = [tick.get_text() for tick in drawn.get_yticklabels()]
    assert markers[names.index("a ceasefire")] == ink.paper
    assert markers[names.index("a European force")] != ink.paper


def test_a_quantity_that_did_not_differ_is_left_out_unless_it_is_an_event() -> None:
    names = [tick.get_text() for tick in comparison.differences(a_comparison()).get_yticklabels()]
    assert names == ["pledged: Germany", "outcome: training only, no force", "a European force", "a ceasefire"]


def test_the_title_of_a_comparison_says_when_it_shows_no_difference() -> None:
    result = a_comparison()
    table = result.table
    table.loc["european", ["low", "high"]] = [-0.1, 0.3]
    unsure = Differences(table, "", "baseline", "firm", 300, 7, "")
    assert "no difference shown" in title_of(comparison.differences(unsure))


def test_the_network_draws_every_edge_wider_with_more_leverage_and_a_shut_gate_dashed() -> None:
    drawn = plots.network(a_network()).patches
    assert len(drawn) == 5
    assert drawn[0].get_linewidth() > drawn[1].get_linewidth()
    assert [patch.get_linestyle() for patch in drawn] == ["-"] * 4 + ["--"]


def test_the_network_draws_an_edge_paler_the_less_documents_say_of_it() -> None:
    axes = plots.network(a_network())
    value, speaks, none = (float(patch.get_alpha() or 0.0) for patch in axes.patches[:3])
    assert 1.0 == value > speaks > none > 0.0
    assert "no document behind it (1)" in words(axes)


def test_actors_of_the_network_stand_in_places_of_their_own() -> None:
    spots = [tuple(np.asarray(line.get_xydata())[0]) for line in plots.network(a_network()).lines]
    assert len(set(spots)) == len(spots) == 8


@pytest.mark.parametrize("name", OF_ENSEMBLE)
def test_an_ensemble_draws_its_own_plots(name: str) -> None:
    assert title_of(getattr(ENSEMBLE.plot, name)()) == title_of(DRAWN[name](ENSEMBLE))


def test_drawing_needs_nothing_of_the_simulator() -> None:
    code = "import sys, sim.plots; print(*sorted(name for name in sys.modules if name.startswith(('sim.', 'mesa'))))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {module.split(".")[1] for module in loaded} == {"ensemble", "plots", "reading", "vocabulary", "words"}


def test_several_opponents_stand_apart_in_the_network() -> None:
    rows = [("usa", name, "broker", "opponent") for name in ("rus", "tyra", "yar")]
    table = pd.DataFrame(rows, columns=["source", "target", "source_role", "target_role"])
    places = node_positions(table)
    assert len({(places[name].x, places[name].y) for name in ("rus", "tyra", "yar")}) == 3


def test_a_share_is_so_many_of_100_runs_and_its_whiskers_reach_to_its_interval() -> None:
    shares = [share(count, 200) for count in (0, 1, 2, 99, 101, 103, 197, 200)]
    assert [of_100(each) for each in shares] == [0, 0, 1, 50, 50, 52, 98, 100]
    assert of_100(None) == 0
    below, above = whiskers(shares)
    assert below == [100 * (each.probability - each.low) for each in shares if each]
    assert above == [100 * (each.high - each.probability) for each in shares if each]
