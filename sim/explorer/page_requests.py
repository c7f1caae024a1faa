"""What happens on one page: what it asks is checked, queued and worked out, and shown region by region as HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.batch.engines import BatchFailed
from sim.ensemble.results import Replay
from sim.explorer import actor_view, export, forecast_view, html, levers_view, network_view, story_view, why_view
from sim.explorer.controls import Subject
from sim.explorer.export import File
from sim.explorer.forecast_view import Side
from sim.explorer.jobs import Queue, Tick
from sim.explorer.run_cache import FIRST, MESA_STEPS, SEED, Lab, steps
from sim.explorer.session import Session
from sim.plots.network import network
from sim.plots.style import closed
from sim.scenario.scenario import Scenario
from sim.story.replay import replay
from sim.world import network as leverage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REGIONS = ("status", "board", "forecast", "figures", "network", "weeks", "actor", "why", "choosing", "story")
"""The parts of a page that change."""
URGENT, SOON, DRAW, LATER, REFINE = range(5)
"""Ranks of jobs."""
PARTS = {"What blocks a force": "blockers", "Where runs move from the reference": "flows", "What moves it": "levers"}
_LONGEST = 300

_owners = count()


class Snapshot(NamedTuple):
    """The scenarios of a page at one moment. Jobs work on them; once ``version`` is old, their results are dropped."""

    version: int
    now: Scenario
    reference: Scenario
    before: Scenario | None
    of: str

    @property
    def sides(self) -> list[Scenario]:
        """The scenario as it stands, and the reference if that is another one."""
        return [self.now] if self.now.hash == self.reference.hash else [self.now, self.reference]


class Desk:
    """One open page. ``receive`` takes its requests; ``show`` and ``give`` hand it regions and files.

    Requests are answered by jobs in the queue, so ``show`` and ``give`` are called from the queue's thread too.
    """

    def __init__(
        self,
        subject: Subject,
        lab: Lab,
        queue: Queue,
        show: Callable[[str, str], None],
        give: Callable[[File], None],
    ) -> None:
        self.session = Session(subject)
        self._lab, self._queue, self._show, self._give = lab, queue, show, give
        self._owner, self._lock = next(_owners), RLock()
        self._version = 0
        self._drawn: dict[str, Figure] = {}
        self._why: dict[str, str] = {}
        self._served: set[str] = set()
        self._places: dict[tuple[str, str | None], int] = {}
        self._reason = ""
        self._restart()

    def close(self) -> None:
        """Drop what is under way for this page, and the jobs that it would have queued next."""
        with self._lock:
            self._version += 1
            self._queue.forget(self._owner)

    def receive(self, message: object) -> None:
        """Take a request from the page: a map with ``do``, an action's name, and what goes with it.

        A request that does not fit changes nothing; the page's status says why.
        """
        with self._lock:
            try:
                fields = _fields(message)
                action = _ACTIONS.get(fields.pop("do", ""))
                if action is None:
                    raise ValueError(f"not understood; a page may ask to {', '.join(_ACTIONS)}")
                action(self, fields)
            except ValueError as error:
                self._say(str(error).splitlines()[0])

    # --- what a page may ask ---

    def _change(self, change: Callable[[], None]) -> None:
        before = self.session.moved
        change()
        if self.session.moved != before:
            self._restart()

    def _runs(self, fields: Mapping[str, Any]) -> None:
        notice = self.session.refine(_integer(fields.get("runs")))
        self._restart()
        self._say(notice)

    def _inquire(self, fields: Mapping[str, Any]) -> None:
        self.session.inquire(fields.get("of", ""))
        self._restart()

    def _look(self, fields: Mapping[str, Any]) -> None:
        self.session.look(fields.get("tab"))
        self._serve()

    def _choose(self, fields: Mapping[str, Any]) -> None:
        self.session.choose(fields.get("actor"))
        snapshot = self._snapshot()
        self._put("actor", SOON, lambda tick: self._meet(snapshot, tick), snapshot)

    def _replay(self, fields: Mapping[str, Any]) -> None:
        self.session.replay(_integer(fields.get("run")))
        self._reason = ""
        self._tell_run()

    def _typical(self, fields: Mapping[str, Any]) -> None:
        outcome = fields.get("outcome")
        missions = [name for name, parts in self.session.now.parts.missions.items() if "deployed" in parts.groups]
        if outcome not in (*missions, *forecast_view.WITHOUT_FORCE):
            raise ValueError("there is no such outcome")
        self._next("typical", str(outcome))

    def _surprising(self, _: Mapping[str, Any]) -> None:
        self._next("surprising", None)

    def _rivals(self, _: Mapping[str, Any]) -> None:
        snapshot = self._snapshot()
        self._say("Working out rival rules ...")
        self._put("rivals", LATER, lambda tick: self._rival(snapshot, tick), snapshot)

    def _export(self, fields: Mapping[str, Any]) -> None:
        what, kind = fields.get("what"), fields.get("kind")
        if what == "scenario":
            self._give(export.scenario(self.session))
            return
        kinds = export.ROW_KINDS if what == "rows" else export.FIGURE_KINDS
        if kind not in kinds:
            raise ValueError(f"{kind!r} is no kind of file here; allowed: {', '.join(kinds)}")
        snapshot = self._snapshot()
        if what == "rows":
            self._put("export", SOON, lambda tick: self._rows(snapshot, str(kind), tick), snapshot)
            return
        if what != "network" and what not in self._drawn:
            raise ValueError("there is no such figure yet; it is drawn when its tab is open")
        self._put("export", SOON, lambda _: self._figure(snapshot, str(what), str(kind)), snapshot)

    # --- jobs ---

    def _snapshot(self) -> Snapshot:
        session = self.session
        return Snapshot(self._version, session.now, session.subject.reference, session.before, session.of)

    def _put(self, kind: str, rank: int, work: Callable[[Tick], None], snapshot: Snapshot) -> None:
        with self._lock:
            if snapshot.version == self._version:
                self._queue.put(self._owner, kind, rank, work, self._failed)

    def _failed(self, error: Exception) -> None:
        known = isinstance(error, ValueError | BatchFailed)
        words = str(error).splitlines()[0] if known and str(error) else f"something went wrong ({type(error).__name__})"
        self._say(f"That could not be worked out: {words}")

    def _restart(self) -> None:
        """Work everything out anew, after a change."""
        with self._lock:
            self._version += 1
            self._queue.withdraw(self._owner)
            self._served, self._places, self._drawn, self._why = set(), {}, {}, {}
            self._reason = ""
            snapshot = self._snapshot()
            self._say("Working ...")
            self._show("board", levers_view.board(self.session))
            self._put("answer", URGENT, lambda tick: self._answer(snapshot, tick), snapshot)
            self._serve()

    def _serve(self) -> None:
        """See to it that the tab looked at shows the scenario as it stands."""
        tab, snapshot = self.session.tab, self._snapshot()
        if tab in self._served or tab == "forecast":
            return
        self._served.add(tab)
        if tab == "why":
            self._show("why", self._parts(snapshot))
            self._put("why", LATER, lambda tick: self._ask_why(snapshot, tick), snapshot)
            return
        if tab == "network":
            self._put("actor", SOON, lambda tick: self._meet(snapshot, tick), snapshot)
        self._tell_run()

    def _tell_run(self) -> None:
        snapshot = self._snapshot()
        self._put("run", SOON, lambda tick: self._run(snapshot, tick), snapshot)

    def _next(self, kind: str, outcome: str | None) -> None:
        at = self._places.get((kind, outcome), 0)
        self._places[(kind, outcome)] = at + 1
        snapshot = self._snapshot()

        def find(tick: Tick) -> None:
            run, self._reason = story_view.next_run(self._lab.ensemble(snapshot.now, FIRST, tick), kind, outcome, at)
            self.session.replay(run)
            self._run(snapshot, tick)

        self._put("run", SOON, find, snapshot)

    def _answer(self, snapshot: Snapshot, tick: Tick) -> None:
        ladder = steps(snapshot.now, self.session.runs)
        self._forecast(snapshot, ladder[0], tick)
        most = ladder[-1]
        self._progress(snapshot, ladder[0], most)
        self._put("figures", DRAW, lambda again: self._draw(snapshot, ladder[0], again), snapshot)
        self._put("refine", REFINE, lambda again: self._refine(snapshot, ladder, again), snapshot)

    def _refine(self, snapshot: Snapshot, ladder: tuple[int, ...], tick: Tick) -> None:
        for runs in ladder:
            self._forecast(snapshot, runs, tick)
            if runs == ladder[min(1, len(ladder) - 1)] and ladder[0] != MESA_STEPS[0]:
                for scenario in snapshot.sides:
                    self._lab.inputs_range(scenario, tick)
                self._forecast(snapshot, runs, tick)
            self._progress(snapshot, runs, ladder[-1])
        self._put("figures", DRAW, lambda again: self._draw(snapshot, ladder[-1], again), snapshot)

    def _progress(self, snapshot: Snapshot, runs: int, most: int) -> None:
        if snapshot.version == self._version:
            self._say(f"Answer from {runs:,} runs" + ("." if runs >= most else f"; refining to {most:,} ..."))

    def _forecast(self, snapshot: Snapshot, runs: int, tick: Tick) -> None:
        now = self._side(snapshot.now, runs, tick, snapshot.of)
        reference, before = (
            self._side(each, runs, tick, snapshot.of) if each and each.hash != snapshot.now.hash else None
            for each in (snapshot.reference, snapshot.before)
        )
        self._display(snapshot, "forecast", forecast_view.forecast(now, reference, before))
        if runs == FIRST:
            self._display(snapshot, "choosing", story_view.choosing(now.runs))

    def _side(self, scenario: Scenario, runs: int, tick: Tick, of: str) -> Side:
        known = self._lab.known
        ensemble = self._lab.ensemble(scenario, runs, tick)
        return Side(scenario.name, ensemble, known(scenario, "inputs"), known(scenario, "rivals"), of)

    def _draw(self, snapshot: Snapshot, runs: int, tick: Tick) -> None:
        ensemble, shown = self._lab.ensemble(snapshot.now, runs, tick), []
        for name in forecast_view.FIGURES:
            tick(0)
            shown.append(self._keep(snapshot, name, forecast_view.figure(name, ensemble)))
        self._display(snapshot, "figures", "".join(shown))

    def _meet(self, snapshot: Snapshot, tick: Tick) -> None:
        chosen = self.session.actor if self.session.actor in snapshot.now.parts.actors else ""
        self._display(snapshot, "network", network_view.picture(snapshot.now, chosen))
        self._display(snapshot, "actor", actor_view.card(snapshot.now, chosen) if chosen else "")

    def _run(self, snapshot: Snapshot, tick: Tick) -> None:
        if self.session.run is None:
            self.session.run = network_view.typical_run(self._lab.ensemble(snapshot.now, FIRST, tick))
        run = self.session.run
        play: Replay = replay(snapshot.now, SEED, run)
        self._display(snapshot, "weeks", network_view.weeks(snapshot.now, play, run))
        tick(0)
        drawn = story_view.story(snapshot.now, play, run, self._reason)
        self._display(snapshot, "story", self._keep(snapshot, "story", drawn))

    def _ask_why(self, snapshot: Snapshot, tick: Tick) -> None:
        first = self._lab.ensemble(snapshot.now, FIRST, tick)
        reference = self._lab.ensemble(snapshot.reference, FIRST, tick)
        work: dict[str, Callable[[], html.Drawn]] = {
            "flows": lambda: why_view.flows(reference, first),
            "blockers": lambda: why_view.blockers(
                self._lab.ensemble(snapshot.now, why_view.RUNS, tick), snapshot.now, tick, snapshot.of
            ),
            "levers": lambda: why_view.ranking(snapshot.now, tick, snapshot.of),
        }
        for part in [part for part in work if part not in self._why]:
            if part == "flows" and snapshot.now.hash == snapshot.reference.hash:
                shown: str = html.words("This is the reference: nothing moves.")
            elif part == "levers" and not snapshot.now.parts.levers:
                shown = html.words("This scenario declares no levers.")
            else:
                shown = self._keep(snapshot, part, work[part]())
            with self._lock:
                if snapshot.version == self._version:
                    self._why[part] = shown
            self._display(snapshot, "why", self._parts(snapshot))

    def _parts(self, snapshot: Snapshot) -> str:
        return html.render(
            "why", name=snapshot.now.name, parts={words: self._why.get(part, "") for words, part in PARTS.items()}
        )

    def _rival(self, snapshot: Snapshot, tick: Tick) -> None:
        for scenario in snapshot.sides:
            self._lab.rival_rules(scenario, tick)
        self._forecast(snapshot, FIRST, tick)
        self._say("Rival rules are worked out.")
        ladder = steps(snapshot.now, self.session.runs)
        self._put("refine", REFINE, lambda again: self._refine(snapshot, ladder, again), snapshot)

    def _rows(self, snapshot: Snapshot, kind: str, tick: Tick) -> None:
        self._give(export.rows(self._lab.largest(snapshot.now, tick), kind, snapshot.now))

    def _figure(self, snapshot: Snapshot, name: str, kind: str) -> None:
        drawn = closed(network(leverage.leverage(snapshot.now))) if name == "network" else self._drawn[name]
        self._give(export.figure(name, drawn, kind, snapshot.now))

    # --- what is shown ---

    def _keep(self, snapshot: Snapshot, name: str, drawn: html.Drawn) -> str:
        """Keep a figure, so that it can be exported, and return it as HTML."""
        if snapshot.version == self._version:
            self._drawn[name] = drawn.figure
        return drawn.html

    def _display(self, snapshot: Snapshot, region: str, shown: str) -> None:
        with self._lock:
            if snapshot.version == self._version:
                self._show(region, shown)

    def _say(self, words: str) -> None:
        if words:
            self._show("status", html.words(words))


_ACTIONS: dict[str, Callable[[Desk, Mapping[str, Any]], None]] = {
    "move": lambda desk, fields: desk._change(
        lambda: desk.session.move(fields.get("lever"), _integer(fields.get("step")))
    ),
    "undo": lambda desk, _: desk._change(desk.session.undo),
    "reset": lambda desk, _: desk._change(desk.session.reset),
    "runs": Desk._runs,
    "inquire": Desk._inquire,
    "look": Desk._look,
    "actor": Desk._choose,
    "run": Desk._replay,
    "typical": Desk._typical,
    "surprising": Desk._surprising,
    "rivals": Desk._rivals,
    "export": Desk._export,
}
"""What a page may ask, by name."""


def _fields(message: object) -> dict[str, Any]:
    """Return a request as a map of short words; refuse anything else."""
    if not isinstance(message, dict) or len(message) > 6:
        raise ValueError("not understood; expected a map with a few entries")
    for key, value in message.items():
        if not isinstance(key, str) or not isinstance(value, str | int) or len(str(value)[: _LONGEST + 1]) > _LONGEST:
            raise ValueError(f"not understood; entries are words or whole numbers of at most {_LONGEST} signs")
    return dict(message)


def _integer(value: Any) -> Any:
    """Return a whole number that came as a word as a number, anything else as it is."""
    return int(value) if isinstance(value, str) and value.isascii() and value.lstrip("-").isdigit() else value
