"""Figures of forecasts: drawn once, the same wherever they are drawn, and by a process that may be lost."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import ClassVar

import pytest
from markupsafe import Markup

from sim.ensemble.ensemble import Ensemble
from sim.explorer import drawing, forecast_view
from sim.explorer.drawing import Drawing
from sim.explorer.jobs import Stopped
from sim.explorer.run_cache import Lab
from tests import worlds


def no_tick(_: int = 0) -> None:
    pass


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return Lab().ensemble(worlds.tiny(), 100, no_tick)


@pytest.fixture
def drawn_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what this process draws, and draw little."""
    names, figures = list[str](), forecast_view.FIGURES

    def noted(name: str) -> Callable[[Ensemble], object]:
        return lambda ensemble: (names.append(name), figures[name](ensemble))[-1]

    monkeypatch.setattr(forecast_view, "FIGURES", {name: noted(name) for name in ("outcomes", "funnel")})
    return names


def test_figures_are_drawn_once(ensemble: Ensemble, drawn_here: list[str]) -> None:
    here = Drawing()
    assert here.figures(ensemble, no_tick) == here.figures(ensemble, no_tick)
    assert drawn_here == ["outcomes", "funnel"]


def test_another_range_over_inputs_is_another_figure(ensemble: Ensemble, drawn_here: list[str]) -> None:
    here = Drawing()
    without = here.figures(ensemble, no_tick)
    try:
        ensemble.inputs_range = {"european": {"p10": 0.1, "p90": 0.4}, "deployed": {"p10": 0.2, "p90": 0.5}}
        assert here.figures(ensemble, no_tick) != without
    finally:
        ensemble.inputs_range = None
    assert here.figures(ensemble, no_tick) == without


def test_few_figures_are_kept(ensemble: Ensemble, drawn_here: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_KEPT", 1)
    here, other = Drawing(), Lab().ensemble(worlds.tiny(), 101, no_tick)
    for each in (ensemble, other, ensemble):
        here.figures(each, no_tick)
    assert drawn_here == 3 * ["outcomes", "funnel"]


def test_drawing_here_stops_between_two_figures(ensemble: Ensemble, drawn_here: list[str]) -> None:
    def stop(_: int = 0) -> None:
        if drawn_here:
            raise Stopped

    with pytest.raises(Stopped):
        Drawing().figures(ensemble, stop)
    assert drawn_here == ["outcomes"]


class Apart:
    """A child that draws in this process when it is let, instead of a process of its own."""

    asked: ClassVar[list[int]] = []
    let = threading.Event()

    def drawn(self, ensemble: Ensemble) -> Markup:
        self.asked.append(len(ensemble))
        assert self.let.wait(60.0)
        if len(ensemble) == LOST:
            raise EOFError
        return Markup(f"Figures of {len(ensemble)} runs")

    def close(self) -> None:
        self.asked.append(-1)


LOST = 104
"""Runs of the ensemble at which the child is lost."""


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Drawing:
    monkeypatch.setattr(drawing, "_Child", Apart)
    monkeypatch.setattr(drawing, "LOOK_UP", 0.01)
    Apart.asked, Apart.let = [], threading.Event()
    return Drawing(lambda: True)


def stop(_: int = 0) -> None:
    raise Stopped


def let_go(_: int = 0) -> None:
    Apart.let.set()


def test_figures_drawn_apart_go_on_when_nobody_waits_and_those_that_had_not_begun_are_given_up(apart: Drawing) -> None:
    first, second, third = (Lab().ensemble(worlds.tiny(), 101 + at, no_tick) for at in range(3))
    for each in (first, second):
        with pytest.raises(Stopped):
            apart.figures(each, stop)
    assert apart.figures(third, let_go) == "Figures of 103 runs"
    assert Apart.asked == [101, 103]
    assert apart.figures(first, no_tick) == "Figures of 101 runs"
    assert apart.figures(second, no_tick) == "Figures of 102 runs"
    assert Apart.asked == [101, 103, 102]


def test_figures_of_a_child_that_is_lost_are_drawn_here_and_the_next_by_another_child(
    apart: Drawing, drawn_here: list[str]
) -> None:
    Apart.let.set()
    lost, other = (Lab().ensemble(worlds.tiny(), runs, no_tick) for runs in (LOST, 105))
    assert "Figures of 104 runs" in apart.figures(lost, no_tick)
    assert drawn_here == ["outcomes", "funnel"]
    assert apart.figures(other, no_tick) == "Figures of 105 runs"
    assert drawn_here == ["outcomes", "funnel"] and Apart.asked == [104, -1, 105]


def test_what_a_lost_child_was_not_sent_goes_nowhere_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    pipe = subprocess.PIPE
    gone = drawing._Child.__new__(drawing._Child)
    gone._process = subprocess.Popen([sys.executable, "-c", ""], stdin=pipe, stdout=pipe)
    gone._process.wait()
    assert gone._process.stdin is not None and gone._process.stdout is not None
    gone._process.stdin.write(b"an ensemble")  # kept back in its buffer
    gone.close()
    assert gone._process.stdin.closed and gone._process.stdout.closed
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_a_process_of_its_own_draws_the_same_goes_on_when_nobody_waits_and_is_replaced_when_lost(
    ensemble: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = list[int]()

    def stop(_: int = 0) -> None:
        waited.append(1)
        raise Stopped

    apart = Drawing(lambda: True)
    with pytest.raises(Stopped):
        apart.figures(ensemble, stop)
    assert waited == [1]
    deadline = time.monotonic() + 120.0
    while apart._known(drawing._key(ensemble)) is None:
        assert time.monotonic() < deadline, "nothing was drawn while nobody waited"
        time.sleep(0.05)
    here = Drawing().figures(ensemble, no_tick)
    assert _tables(apart.figures(ensemble, no_tick)) == _tables(here)

    lost = apart._child
    assert lost is not None
    lost._process.kill()
    lost._process.wait()
    monkeypatch.setattr(forecast_view, "FIGURES", {"funnel": forecast_view.FIGURES["funnel"]})
    other = Lab().ensemble(worlds.tiny(), 101, no_tick)
    assert "Figures of 101 runs" in apart.figures(other, no_tick)
    assert apart._child is None  # drawn here; the next figures begin another process


def _tables(shown: str) -> tuple[int, list[str]]:
    """Return how many figures there are, and their tables; matplotlib puts ids and the time into pictures."""
    return shown.count("<figure>"), re.findall("<table.*?</table>", shown, re.DOTALL)
