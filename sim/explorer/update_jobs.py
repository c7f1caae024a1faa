"""The forecast of one page updated on observations, and what to watch next."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from sim.explorer import html, observations_view
from sim.explorer.jobs import Tick
from sim.explorer.page_jobs import REFINE, SOON, PageJobs, Snapshot, first_line

if TYPE_CHECKING:
    from sim.scenario.observations import Observation

    Seen = tuple[Observation, ...]


class _Asked(NamedTuple):
    """An update that a page asked for: its number, what was seen, and how many weeks ahead to watch."""

    update: int
    seen: Seen
    weeks: int


class UpdateJobs:
    """Works out updates of a page's forecast, of which the newest alone is shown."""

    def __init__(self, jobs: PageJobs) -> None:
        self._jobs = jobs
        self._numbers = count()
        self._update = next(self._numbers)
        self._shown: dict[str, str] = {}

    def begin(self) -> None:
        """Update the forecast on the page's observations."""
        jobs, session = self._jobs, self._jobs.session
        self._update, self._shown = next(self._numbers), {}
        if not session.seen:
            jobs.show("news", html.words("Nothing is observed yet: give observations above, then update."))
        else:
            jobs.show("news", html.words("Taking in what was seen ..."))
        jobs.show("ahead", html.words("Being worked out ..."))
        snapshot, asked = jobs.snapshot(), _Asked(self._update, session.seen, session.weeks)
        jobs.put("observe", SOON, lambda tick: self._work(snapshot, asked, 0, tick), snapshot)

    def stop(self) -> None:
        """End the update under way; what it has shown stays, and announces nothing more."""
        if not self._jobs.busy("observe"):
            self._jobs.say("No update is under way.")
            return
        self._jobs.withdraw("observe")
        self._update = next(self._numbers)
        for region in ("news", "ahead") if self._jobs.session.seen else ("ahead",):
            shown = self._shown.get(region)
            self._jobs.show(region, html.words("Stopped.") if shown is None else observations_view.ended(shown))
        self._jobs.say("Stopped: what is shown stays as it is until the next update.")

    def _work(self, snapshot: Snapshot, asked: _Asked, step: int, tick: Tick) -> None:
        """Show how the forecast moves on what was seen, and what to watch; from few runs at first, then from more."""
        extent = observations_view.LADDER[step]
        if asked.seen:
            drawn = observations_view.update(snapshot.now, asked.seen, snapshot.of, extent, tick)
            self._display(snapshot, asked, "news", self._jobs.keep(snapshot, "update", drawn))
            tick(0)
        if extent.watch:
            self._display(snapshot, asked, "ahead", self._watch(snapshot, asked, extent, tick))
        if step + 1 < len(observations_view.LADDER) and (asked.seen or observations_view.LADDER[step + 1].watch):
            self._jobs.follow("observe", REFINE, partial(self._work, snapshot, asked, step + 1), snapshot)

    def _display(self, snapshot: Snapshot, asked: _Asked, region: str, shown: str) -> None:
        """Show a part of an update, unless it was stopped, or a newer one asked for, while this was worked out."""
        with self._jobs.lock:
            if asked.update == self._update:
                self._shown[region] = shown
                self._jobs.display(snapshot, region, shown)

    def _watch(self, snapshot: Snapshot, asked: _Asked, extent: observations_view.Extent, tick: Tick) -> str:
        try:
            drawn = observations_view.watch(snapshot.now, asked.seen, snapshot.of, asked.weeks, extent, tick)
        except ValueError as error:
            return html.words(f"Nothing to watch: {first_line(error)}.")
        return self._jobs.keep(snapshot, "watch", drawn)
