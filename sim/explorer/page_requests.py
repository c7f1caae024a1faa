"""Takes what one page asks: checks it, changes what the page has set, and queues what has to be recomputed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sim.explorer import compare_view, export, forecast_view, head_view, html, levers_view, observations_view
from sim.explorer.changes import Changes, from_address
from sim.explorer.controls import Subject
from sim.explorer.drawing import Drawing
from sim.explorer.export import File
from sim.explorer.forecast_jobs import ForecastJobs
from sim.explorer.jobs import Queue, Tick
from sim.explorer.page_jobs import SOON, URGENT, PageJobs, Snapshot, first_line
from sim.explorer.run_cache import Lab
from sim.explorer.run_jobs import RunJobs
from sim.explorer.session import Session
from sim.explorer.update_jobs import UpdateJobs
from sim.explorer.why_jobs import WhyJobs
from sim.plots.network import network
from sim.plots.style import closed
from sim.reading.errors import suggestion
from sim.world import network as leverage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REGIONS = (
    *("head", "headline", "status", "board", "forecast", "figures", "network", "weeks", "actor", "why", "choosing"),
    *("story", "seen", "news", "ahead", "kept", "sides", "address"),
)
"""The parts of a page that change; ``address`` alone is no HTML."""
_LONGEST = 300
_LONG = {"text": 30_000, "state": 30_000}
"""What may be longer than other entries of a request: observations, and an address."""
_MOST_FIELDS = 14


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
        drawing: Drawing | None = None,
    ) -> None:
        self.session = Session(subject)
        self._lab, self._give = lab, give
        self._jobs = PageJobs(self.session, queue, show)
        self._forecast = ForecastJobs(self._jobs, lab, drawing or Drawing())
        self._why = WhyJobs(self._jobs, lab)
        self._updates = UpdateJobs(self._jobs)
        self._runs = RunJobs(self._jobs, lab)
        self._served: set[str] = set()
        self._show_session()
        self._restart()

    def close(self) -> None:
        """Drop what is under way for this page, and the jobs that it would have queued next."""
        self._jobs.close()

    def receive(self, message: object) -> None:
        """Take a request from the page: a map with ``do``, an action's name, and what goes with it.

        A request that does not fit changes nothing; the page's status says why.
        """
        with self._jobs.lock:
            try:
                fields = _fields(message)
                action = _ACTIONS.get(fields.pop("do", ""))
                if action is None:
                    raise ValueError(f"not understood; a page may ask to {', '.join(_ACTIONS)}")
                action(self, fields)
                self._jobs.show("address", self.session.address())
            except ValueError as error:
                self._jobs.say(first_line(error))

    # --- what a page may ask ---

    def _change(self, change: Callable[[], None]) -> None:
        before = self.session.changes
        change()
        if self.session.changes != before:
            self._renew(before)

    def _renew(self, before: Changes) -> None:
        """Show another state of the page, and work it out."""
        if self.session.changes.start != before.start:
            self.session.run = None
        self._show_session()
        self._restart()

    def _edit(self, fields: Mapping[str, Any]) -> None:
        path, rest = fields.get("path"), {key: str(text) for key, text in fields.items() if key != "path"}
        before = self.session.changes
        self._change(lambda: self.session.edit(path, rest))
        if self.session.changes == before:
            self._jobs.say("That is what the number says already.")

    def _begin(self, fields: Mapping[str, Any]) -> None:
        """Start from another scenario, or go to the state of an address; reading scenarios takes a while."""
        snapshot = self._jobs.snapshot()
        name, state = fields.get("start"), fields.get("state")
        wanted = name if state is None else from_address(str(state).removeprefix("#"))[0].start
        opened = self.session.opened
        if wanted not in (*opened.library, ""):
            raise ValueError(f"{str(wanted)[:60]!r} is not a scenario here; {suggestion(wanted, opened.library)}")

        def work(tick: Tick) -> None:
            opened.starting_from(str(wanted))  # made before the page is locked, as that takes a while
            tick(0)
            with self._jobs.lock:
                before = self.session.changes
                if state is None:
                    self.session.start(name)
                else:
                    self.session.follow(str(state))
                self._renew(before)
                self._jobs.show("address", self.session.address())
                self._send_tab(self.session.tab)

        self._jobs.say("Reading the scenario ...")
        self._jobs.put("begin", URGENT, work, snapshot)

    def _send_tab(self, tab: str) -> None:
        """Turn the page to the tab that the session shows; it is part of the head, which the page's script reads."""
        self._jobs.show("head", head_view.head(self.session, tab))

    def _keep_state(self, fields: Mapping[str, Any]) -> None:
        self.session.keep(fields.get("name", ""))
        self._jobs.show("kept", compare_view.kept(self.session))

    def _drop(self, fields: Mapping[str, Any]) -> None:
        self.session.drop(fields.get("name"))
        self._jobs.show("kept", compare_view.kept(self.session))
        if self.session.sides is None:
            self._lay_sides()

    def _lay(self, fields: Mapping[str, Any]) -> None:
        self.session.lay(fields.get("one"), fields.get("other"))
        self._jobs.show("kept", compare_view.kept(self.session))
        self._lay_sides()

    def _observe(self, fields: Mapping[str, Any]) -> None:
        """Take in observations; faults are shown where the text stands, each a line as the command says it."""
        try:
            self.session.observe(fields.get("text", ""), _integer(fields.get("weeks", self.session.weeks)))
        except ValueError as error:
            self._jobs.show("seen", observations_view.form(self.session, str(fields.get("text", "")), str(error)))
            self._jobs.say("The observations have mistakes; nothing was taken in.")
            return
        self._jobs.show("seen", observations_view.form(self.session))
        self._served.discard("observations")
        self._serve()

    def _add(self, fields: Mapping[str, Any]) -> None:
        """Append an observation made by form to the text, once it is checked, as ``sim observe`` does."""
        text = str(fields.get("text", ""))
        row = {key: str(entry) for key, entry in fields.items() if key != "text"}
        try:
            text, problem = observations_view.appended(self.session, text, row), ""
        except ValueError as error:
            problem = str(error)
        self._jobs.show("seen", observations_view.form(self.session, text, problem, row if problem else None))
        self._jobs.say("The observation does not fit." if problem else "Added; now update the forecast.")

    def _narrow(self, fields: Mapping[str, Any]) -> None:
        self.session.narrow(fields.get("channel"), "alone" in fields, "weak" in fields)
        self._runs.show_actor()

    def _refine(self, fields: Mapping[str, Any]) -> None:
        notice = self.session.refine(_integer(fields.get("runs")))
        self._restart()
        self._forecast.notice = notice
        self._jobs.say(notice)

    def _inquire(self, fields: Mapping[str, Any]) -> None:
        self.session.inquire(fields.get("of", ""))
        self._restart()

    def _look(self, fields: Mapping[str, Any]) -> None:
        self.session.look(fields.get("tab"))
        self._serve()

    def _choose(self, fields: Mapping[str, Any]) -> None:
        self.session.choose(fields.get("actor"))
        self._runs.show_actor()

    def _replay(self, fields: Mapping[str, Any]) -> None:
        self._runs.choose(_integer(fields.get("run")))

    def _typical(self, fields: Mapping[str, Any]) -> None:
        outcome = fields.get("outcome")
        missions = [name for name, parts in self.session.now.parts.missions.items() if "deployed" in parts.groups]
        if outcome not in (*missions, *forecast_view.WITHOUT_FORCE):
            raise ValueError("there is no such outcome")
        self._runs.next("typical", str(outcome))

    def _export(self, fields: Mapping[str, Any]) -> None:
        what, kind = fields.get("what"), fields.get("kind")
        if what in ("scenario", "seen"):
            self._give(getattr(export, str(what))(self.session))
            return
        kinds = export.ROW_KINDS if what == "rows" else export.FIGURE_KINDS
        if kind not in kinds:
            raise ValueError(f"{kind!r} is no kind of file here; allowed: {', '.join(kinds)}")
        what, kind, snapshot = str(what), str(kind), self._jobs.snapshot()
        if what != "rows" and not self._has_figure(what):
            raise ValueError("there is no such figure yet; it is drawn when its tab is open")

        def work(tick: Tick) -> None:
            if what == "rows":
                file = export.rows(self._lab.largest(snapshot.now, tick), kind, snapshot.now)
            else:
                file = export.figure(what, self._figure(snapshot, what, tick), kind, snapshot.now)
            self._give(file)

        self._jobs.put("export", SOON, work, snapshot)

    def _has_figure(self, name: str) -> bool:
        drawn = self._forecast.has_figures if name in forecast_view.FIGURES else name in self._jobs.figures
        return drawn or name == "network"

    # --- what is recomputed ---

    def _show_session(self) -> None:
        self._jobs.show("head", head_view.head(self.session))
        self._jobs.show("seen", observations_view.form(self.session))
        self._jobs.show("kept", compare_view.kept(self.session))

    def _restart(self) -> None:
        """Recompute everything after a change."""
        with self._jobs.lock:
            self._jobs.restart()
            self._why.restart()
            self._runs.restart()
            self._served = set()
            self._jobs.say("Working ...")
            self._jobs.show("board", levers_view.board(self.session))
            self._forecast.restart(self._jobs.snapshot())
            self._serve()

    def _serve(self) -> None:
        """Make sure that the current tab shows the scenario as it stands."""
        tab = self.session.tab
        if tab in self._served or tab == "forecast":
            return
        self._served.add(tab)
        if tab == "why":
            self._why.begin()
        elif tab == "observations":
            self._updates.begin()
        elif tab == "compare":
            self._lay_sides()
        else:
            if tab == "network":
                self._runs.show_actor()
            self._runs.show_run()

    def _lay_sides(self) -> None:
        session, snapshot = self.session, self._jobs.snapshot()
        if session.sides is None:
            self._jobs.show("sides", html.words("Choose two states to lay side by side."))
            return
        self._jobs.show("sides", html.words("Being worked out ..."))
        names = session.sides
        states = [session.state(name) for name in names]

        def work(tick: Tick) -> None:
            sides = []
            for name, changes in zip(names, states, strict=True):
                scenario = session.scenario_of(changes)
                side = self._forecast.first_side(scenario, tick, snapshot.of)
                sides.append((side._replace(name=name or compare_view.NOW), session.changed(changes)))
            drawn = compare_view.side_by_side(sides[0], sides[1], snapshot.of)
            self._jobs.display(snapshot, "sides", self._jobs.keep(snapshot, "side by side", drawn))

        self._jobs.put("sides", SOON, work, snapshot)

    def _figure(self, snapshot: Snapshot, name: str, tick: Tick) -> Figure:
        if name in forecast_view.FIGURES:
            return self._forecast.figure(snapshot, name, tick)
        return closed(network(leverage.leverage(snapshot.now))) if name == "network" else self._jobs.figures[name]


_ACTIONS: dict[str, Callable[[Desk, Mapping[str, Any]], None]] = {
    "move": lambda desk, fields: desk._change(
        lambda: desk.session.move(fields.get("lever"), _integer(fields.get("step")))
    ),
    "edit": Desk._edit,
    "restore": lambda desk, fields: desk._change(lambda: desk.session.restore(fields.get("path"))),
    "undo": lambda desk, _: desk._change(desk.session.undo),
    "redo": lambda desk, _: desk._change(desk.session.redo),
    "start": Desk._begin,
    "follow": Desk._begin,
    "keep": Desk._keep_state,
    "drop": Desk._drop,
    "recall": lambda desk, fields: desk._change(lambda: desk.session.recall(fields.get("name"))),
    "lay": Desk._lay,
    "observe": Desk._observe,
    "stop": lambda desk, _: desk._updates.stop(),
    "add": Desk._add,
    "narrow": Desk._narrow,
    "reset": lambda desk, _: desk._change(desk.session.reset),
    "runs": Desk._refine,
    "inquire": Desk._inquire,
    "look": Desk._look,
    "actor": Desk._choose,
    "run": Desk._replay,
    "typical": Desk._typical,
    "surprising": lambda desk, _: desk._runs.next("surprising"),
    "rivals": lambda desk, _: desk._forecast.add_rival_rules(),
    "export": Desk._export,
}
"""What a page may ask, by name."""


def _fields(message: object) -> dict[str, Any]:
    """Return a request as a map of short words; refuse anything else."""
    if not isinstance(message, dict) or len(message) > _MOST_FIELDS:
        raise ValueError("not understood; expected a map with a few entries")
    for key, value in message.items():
        most = _LONG.get(key, _LONGEST) if isinstance(key, str) else 0
        if not isinstance(value, str | int) or len(str(value)[: most + 1]) > most or not most:
            raise ValueError(f"not understood; entries are words or whole numbers of at most {most or _LONGEST} signs")
    return dict(message)


def _integer(value: Any) -> Any:
    """Return a whole number that came as a word as a number, anything else as it is."""
    return int(value) if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() else value
