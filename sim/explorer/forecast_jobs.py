"""The forecast of one page: answered from few runs at first, then from more and more, with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ensemble.ensemble import Ensemble
from sim.explorer import forecast_view, head_view
from sim.explorer.drawing import Drawing
from sim.explorer.forecast_view import Side
from sim.explorer.jobs import Tick
from sim.explorer.page_jobs import DRAW, FULLER, LATER, REFINE, URGENT, PageJobs, Snapshot
from sim.explorer.run_cache import FIRST, HASTY, MESA_STEPS, Lab, steps
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class ForecastJobs:
    """Works out the forecast of a page; ``notice`` is said with every answer until the page changes."""

    def __init__(self, jobs: PageJobs, lab: Lab, drawing: Drawing) -> None:
        self.notice = ""
        self._jobs, self._lab, self._drawing = jobs, lab, drawing
        self._spoken = ""
        self._figured = 0

    @property
    def has_figures(self) -> bool:
        """Whether figures are shown."""
        return self._figured > 0

    def restart(self, snapshot: Snapshot) -> None:
        """Answer anew, after a change."""
        self.notice, self._figured = "", 0
        self._jobs.put("answer", URGENT, lambda tick: self._answer_first(snapshot, tick), snapshot)

    def add_rival_rules(self) -> None:
        """Work out what rival rules say, and answer with it from the first runs on."""
        snapshot = self._jobs.snapshot()
        self._jobs.say("Working out rival rules ...")
        self._jobs.put("rivals", LATER, lambda tick: self._rival(snapshot, tick), snapshot)

    def first_side(self, scenario: Scenario, tick: Tick, of: str) -> Side:
        """Return the runs of a first answer of a scenario, as a column of a table."""
        return self._side(scenario, FIRST, tick, of)

    def figure(self, snapshot: Snapshot, name: str, tick: Tick) -> Figure:
        """Return a figure of the forecast, drawn again, as a page's five would take some megabytes to keep."""
        return forecast_view.figure(name, self._ranged(snapshot.now, self._figured, tick)).figure

    def _answer_first(self, snapshot: Snapshot, tick: Tick) -> None:
        """Answer from the runs of a first answer, or at first from fewer where others wait for theirs."""
        hasty = self._jobs.crowded(URGENT) and not self._lab.has(snapshot.now, FIRST)
        self._answer(snapshot, steps(snapshot.now, self._jobs.session.runs, hasty), tick)

    def _answer(self, snapshot: Snapshot, ladder: tuple[int, ...], tick: Tick) -> None:
        self._jobs.display(snapshot, "forecast", self._forecast(snapshot, ladder[0], tick))
        self._progress(snapshot, ladder[0], ladder[-1])
        if ladder[0] == HASTY:
            self._jobs.put("fuller", FULLER, lambda again: self._answer(snapshot, ladder[1:], again), snapshot)
            return
        self._draw_and_refine(snapshot, ladder)

    def _draw_and_refine(self, snapshot: Snapshot, ladder: tuple[int, ...]) -> None:
        self._jobs.put("figures", DRAW, lambda tick: self._draw_first(snapshot, ladder[0], tick), snapshot)
        self._jobs.put("refine", REFINE, lambda tick: self._refine(snapshot, ladder, tick), snapshot)

    def _draw_first(self, snapshot: Snapshot, runs: int, tick: Tick) -> None:
        self._jobs.display(snapshot, "figures", self._draw(snapshot, runs, tick))
        self._figured = runs

    def _refine(self, snapshot: Snapshot, ladder: tuple[int, ...], tick: Tick) -> None:
        """Answer from more and more runs; table and figures change together, so both are always of the same runs."""
        for runs in ladder:
            answer = self._forecast(snapshot, runs, tick)
            # The headline is of these runs from here on; to draw the figures may take longer than to play them.
            self._progress(snapshot, runs, ladder[-1], drawn=False)
            if runs > self._figured:
                self._draw_first(snapshot, runs, tick)
            self._jobs.display(snapshot, "forecast", answer)
            if runs == ladder[min(1, len(ladder) - 1)] and ladder[0] != MESA_STEPS[0]:
                for scenario in snapshot.sides:
                    self._lab.inputs_range(scenario, tick)
                self._jobs.display(snapshot, "forecast", self._forecast(snapshot, runs, tick))
        self._progress(snapshot, ladder[-1], ladder[-1])

    def _progress(self, snapshot: Snapshot, runs: int, most: int, *, drawn: bool = True) -> None:
        with self._jobs.lock:  # else an answer to what is changed meanwhile would seem to be one to the change
            if self._jobs.is_current(snapshot):
                last = "." if drawn else "; its table and figures follow ..."
                words = f"Answer from {runs:,} runs" + (last if runs >= most else f"; refining to {most:,} ...")
                # The notice is repeated: an answer from the cache comes before anybody could read it.
                self._jobs.say(f"{self.notice} {words}".strip(), self._spoken)

    def _forecast(self, snapshot: Snapshot, runs: int, tick: Tick) -> str:
        now = self._side(snapshot.now, runs, tick, snapshot.of)
        last = snapshot.before
        if runs == HASTY and last is not None and not self._lab.has(last, runs):
            last = None  # others wait; what was before the last change comes with the fuller answer
        reference, before = (
            self._side(each, runs, tick, snapshot.of) if each and each.hash != snapshot.now.hash else None
            for each in (snapshot.reference, last)
        )
        self._jobs.display(snapshot, "headline", head_view.headline(now, before, reference))
        self._spoken = head_view.spoken(now, before)
        return forecast_view.forecast(now, reference, before)

    def _side(self, scenario: Scenario, runs: int, tick: Tick, of: str) -> Side:
        """Return runs of a scenario with the ranges that are known."""
        known = self._lab.known
        ensemble = self._lab.ensemble(scenario, runs, tick)
        return Side(scenario.name, ensemble, known(scenario, "inputs"), known(scenario, "rivals"), of)

    def _draw(self, snapshot: Snapshot, runs: int, tick: Tick) -> str:
        return self._drawing.figures(self._ranged(snapshot.now, runs, tick), tick)

    def _ranged(self, scenario: Scenario, runs: int, tick: Tick) -> Ensemble:
        """Return runs of a scenario with the ranges that are known, for the notes of figures."""
        ensemble = self._lab.ensemble(scenario, runs, tick)
        ensemble.inputs_range = self._lab.known(scenario, "inputs")
        ensemble.theory_range = self._lab.known(scenario, "rivals")
        return ensemble

    def _rival(self, snapshot: Snapshot, tick: Tick) -> None:
        for scenario in snapshot.sides:
            self._lab.rival_rules(scenario, tick)
        self._jobs.display(snapshot, "forecast", self._forecast(snapshot, FIRST, tick))
        self._jobs.say("Rival rules are worked out.")
        self._figured = 0  # the figures follow the table back to the first runs, and on from there
        self._draw_and_refine(snapshot, steps(snapshot.now, self._jobs.session.runs))
