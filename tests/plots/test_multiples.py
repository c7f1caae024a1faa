"""Small multiples: what each panel shows, and the scale that all share."""

from __future__ import annotations

import pytest

from sim import plots
from sim.notebook import Ensemble
from tests.plots import gallery


@pytest.fixture(scope="module")
def many() -> list[Ensemble]:
    return gallery.several()


def test_small_multiples_share_their_scale_and_show_the_first_behind_the_others(many: list[Ensemble]) -> None:
    panels = plots.multiples(many, columns=2)
    assert len(panels) == 3 and len({each.get_xlim() for each in panels}) == 1
    widths = [[bar.get_width() for bar in part] for part in panels[1].containers]
    assert sorted(widths[0]) == sorted(100 * count / len(many[0]) for count in many[0].outcomes().values())
    assert sorted(widths[1]) == sorted(100 * count / len(many[1]) for count in many[1].outcomes().values())
    assert len(panels[0].containers) == 1
    assert "berlin stops waiting" in panels[1].get_title()


def test_panels_of_a_number_begin_at_nothing_and_have_room_for_the_highest(many: list[Ensemble]) -> None:
    panels = plots.multiples(many, "troops")
    low, high = panels[0].get_ylim()
    heights = [float(patch.get_data().values.max()) for each in panels for patch in each.patches]
    assert low == 0.0 and high >= max(heights) and len({each.get_ylim() for each in panels}) == 1
    assert [len(each.patches) for each in panels] == [1, 2, 2]
    assert panels[0].get_ylabel() == "share of runs (%)"
