"""What a page shows of why: three parts, each answered from few runs at first and then from many."""

from __future__ import annotations

from sim.explorer import html, why_view
from sim.explorer.jobs import Tick
from sim.explorer.page_jobs import LATER, SOON, PageJobs, Snapshot
from sim.explorer.run_cache import Lab

PARTS = {"What blocks a force": "blockers", "Where runs move from the reference": "flows", "What moves it": "levers"}


class WhyJobs:
    """Works out why, once the page's tab is looked at."""

    def __init__(self, jobs: PageJobs, lab: Lab) -> None:
        self._jobs, self._lab = jobs, lab
        self.restart()

    def restart(self) -> None:
        """Forget the parts of a scenario that has changed."""
        self._shown: dict[str, str] = {}
        self._done: set[tuple[str, bool]] = set()

    def begin(self) -> None:
        """Show what is known, and work out the rest."""
        snapshot = self._jobs.snapshot()
        self._jobs.show("why", self._parts(snapshot))
        self._jobs.put("why", SOON, lambda tick: self._answer(snapshot, True, tick), snapshot)

    def _answer(self, snapshot: Snapshot, quick: bool, tick: Tick) -> None:
        """Answer from few runs at first; then once more from many, in place of the former."""
        for part in PARTS.values():
            if (part, quick) in self._done:
                continue
            shown = self._part(snapshot, part, quick, tick)
            with self._jobs.lock:
                if self._jobs.is_current(snapshot):
                    self._shown[part] = shown
                    self._done.add((part, quick))
            self._jobs.display(snapshot, "why", self._parts(snapshot))
        if quick:
            self._jobs.follow("why", LATER, lambda again: self._answer(snapshot, False, again), snapshot)

    def _part(self, snapshot: Snapshot, part: str, quick: bool, tick: Tick) -> str:
        extent = why_view.QUICK if quick else why_view.FULL
        if part == "blockers":
            ensemble = self._lab.ensemble(snapshot.now, extent.runs, tick)
            drawn = why_view.blockers(ensemble, snapshot.now, tick, snapshot.of, extent)
        elif part == "flows":
            if not quick:
                return self._shown[part]  # it is of the first answer's runs either way
            if snapshot.now.hash == snapshot.reference.hash:
                return html.words("This is the reference: nothing moves.")
            drawn = why_view.flows(self._lab.first(snapshot.reference, tick), self._lab.first(snapshot.now, tick))
        else:
            if not snapshot.now.parts.levers:
                return html.words("This scenario declares no levers.")
            drawn = why_view.ranking(snapshot.now, tick, snapshot.of, extent)
        return self._jobs.keep(snapshot, part, drawn)

    def _parts(self, snapshot: Snapshot) -> str:
        parts = {words: self._shown.get(part, "") for words, part in PARTS.items()}
        return html.render("why", name=snapshot.now.name, parts=parts)
