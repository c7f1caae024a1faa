"""The one run that a page shows week by week, in the network and as a story, and the actor that is chosen there."""

from __future__ import annotations

from sim.explorer import actor_view, network_view, story_view
from sim.explorer.jobs import Tick
from sim.explorer.page_jobs import SOON, PageJobs, Snapshot
from sim.explorer.run_cache import SEED, Lab
from sim.story.replay import replay


class RunJobs:
    """Chooses a run and replays it."""

    def __init__(self, jobs: PageJobs, lab: Lab) -> None:
        self._jobs, self._lab = jobs, lab
        self.restart()

    def restart(self) -> None:
        """Begin the lists of typical and of surprising runs again, of a scenario that has changed."""
        self._places: dict[tuple[str, str | None], int] = {}
        self._reason = ""

    def show_actor(self) -> None:
        """Show the network, and the chosen actor."""
        snapshot = self._jobs.snapshot()
        self._jobs.put("actor", SOON, lambda tick: self._meet(snapshot), snapshot)

    def show_run(self) -> None:
        """Replay the run that the page has chosen, or a typical one."""
        snapshot = self._jobs.snapshot()
        self._jobs.put("run", SOON, lambda tick: self._run(snapshot, tick), snapshot)

    def choose(self, run: int) -> None:
        """Replay a run by its number."""
        self._jobs.session.replay(run)
        self._reason = ""
        self.show_run()

    def next(self, kind: str, outcome: str | None = None) -> None:
        """Replay the next ``typical`` run of an outcome, or the next ``surprising`` one."""
        at = self._places.get((kind, outcome), 0)
        self._places[(kind, outcome)] = at + 1
        snapshot = self._jobs.snapshot()

        def find(tick: Tick) -> None:
            ensemble = (self._lab.first if kind == "typical" else self._lab.with_inputs)(snapshot.now, tick)
            run, self._reason = story_view.next_run(ensemble, kind, outcome, at)
            self._jobs.session.replay(run)
            self._run(snapshot, tick)

        self._jobs.put("run", SOON, find, snapshot)

    def _meet(self, snapshot: Snapshot) -> None:
        session = self._jobs.session
        chosen = session.actor if session.actor in snapshot.now.parts.actors else ""
        self._jobs.display(snapshot, "network", network_view.picture(snapshot.now, chosen, session.shown))
        card = actor_view.card(snapshot.now, chosen, session.edited) if chosen else ""
        self._jobs.display(snapshot, "actor", card)

    def _run(self, snapshot: Snapshot, tick: Tick) -> None:
        session = self._jobs.session
        if session.run is None:
            session.run = network_view.typical_run(self._lab.first(snapshot.now, tick))
        run = session.run
        play = replay(snapshot.now, SEED, run)
        self._jobs.display(snapshot, "weeks", network_view.weeks(snapshot.now, play, run))
        tick(0)
        drawn = story_view.story(snapshot.now, play, run, self._reason)
        self._jobs.display(snapshot, "story", self._jobs.keep(snapshot, "story", drawn))
