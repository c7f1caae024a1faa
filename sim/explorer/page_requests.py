"""What happens on one page: what it asks is checked, queued and worked out, and shown region by region as HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from sim.batch.engines import BatchFailed
from sim.ensemble.results import Replay
from sim.explorer import (
    actor_view,
    compare_view,
    export,
    forecast_view,
    head_view,
    html,
    levers_view,
    network_view,
    observations_view,
    story_view,
    why_view,
)
from sim.explorer.changes import Changes, from_address
from sim.explorer.controls import Subject
from sim.explorer.drawing import Drawing
from sim.explorer.export import File
from sim.explorer.forecast_view import Side
from sim.explorer.jobs import Queue, Tick
from sim.explorer.run_cache import FIRST, HASTY, MESA_STEPS, SEED, Lab, steps
from sim.explorer.session import Session
from sim.plots.network import network
from sim.plots.style import closed
from sim.reading.errors import suggestion
from sim.scenario.scenario import Scenario
from sim.story.replay import replay
from sim.world import network as leverage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.observations import Observation

    Seen = tuple[Observation, ...]

REGIONS = (
    *("head", "headline", "status", "board", "forecast", "figures", "network", "weeks", "actor", "why", "choosing"),
    *("story", "seen", "news", "ahead", "kept", "sides", "address"),
)
"""The parts of a page that change; ``address`` alone is no HTML."""
URGENT, SOON, FULLER, DRAW, LATER, REFINE = range(6)
"""Ranks of jobs."""
PARTS = {"What blocks a force": "blockers", "Where runs move from the reference": "flows", "What moves it": "levers"}
_LONGEST = 300
_LONG = {"text": 30_000, "state": 30_000}
"""What may be longer than other entries of a request: observations, and an address."""
_MOST_FIELDS = 14

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


class _Asked(NamedTuple):
    """An update that a page asked for: its number, what was seen, and how many weeks ahead to watch."""

    update: int
    seen: Seen
    weeks: int


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
        self._drawing = drawing or Drawing()
        self._lab, self._queue, self._show, self._give = lab, queue, show, give
        self._owner, self._lock = next(_owners), RLock()
        self._version = 0
        self._drawn: dict[str, Figure] = {}
        self._why: dict[str, str] = {}
        self._whys: set[tuple[str, bool]] = set()
        self._served: set[str] = set()
        self._updates = count()
        self._update = next(self._updates)
        self._living_shown: dict[str, str] = {}
        self._figured = 0
        self._places: dict[tuple[str, str | None], int] = {}
        self._reason = self._notice = self._spoken = ""
        self._show("head", head_view.head(self.session))
        self._show("seen", observations_view.form(self.session))
        self._show("kept", compare_view.kept(self.session))
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
                self._show("address", self.session.address())
            except ValueError as error:
                self._say(_first_line(error))

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
        self._show("head", head_view.head(self.session))
        self._show("seen", observations_view.form(self.session))
        self._show("kept", compare_view.kept(self.session))
        self._restart()

    def _edit(self, fields: Mapping[str, Any]) -> None:
        path, rest = fields.get("path"), {key: str(text) for key, text in fields.items() if key != "path"}
        before = self.session.changes
        self._change(lambda: self.session.edit(path, rest))
        if self.session.changes == before:
            self._say("That is what the number says already.")

    def _begin(self, fields: Mapping[str, Any]) -> None:
        """Start from another scenario, or go to the state of an address; reading scenarios takes a while."""
        snapshot = self._snapshot()
        name, state = fields.get("start"), fields.get("state")
        wanted = name if state is None else from_address(str(state).removeprefix("#"))[0].start
        opened = self.session.opened
        if wanted not in (*opened.library, ""):
            raise ValueError(f"{str(wanted)[:60]!r} is not a scenario here; {suggestion(wanted, opened.library)}")

        def work(tick: Tick) -> None:
            opened.starting_from(str(wanted))  # made before the page is locked, as that takes a while
            tick(0)
            with self._lock:
                before = self.session.changes
                if state is None:
                    self.session.start(name)
                else:
                    self.session.follow(str(state))
                self._renew(before)
                self._show("address", self.session.address())
                self._send_tab(self.session.tab)

        self._say("Reading the scenario ...")
        self._put("begin", URGENT, work, snapshot)

    def _send_tab(self, tab: str) -> None:
        """Turn the page to the tab that the session shows; it is part of the head, which the page's script reads."""
        self._show("head", head_view.head(self.session, tab))

    def _keep_state(self, fields: Mapping[str, Any]) -> None:
        self.session.keep(fields.get("name", ""))
        self._show("kept", compare_view.kept(self.session))

    def _drop(self, fields: Mapping[str, Any]) -> None:
        self.session.drop(fields.get("name"))
        self._show("kept", compare_view.kept(self.session))
        if self.session.sides is None:
            self._show("sides", html.words("Choose two states to lay side by side."))

    def _lay(self, fields: Mapping[str, Any]) -> None:
        self.session.lay(fields.get("one"), fields.get("other"))
        self._show("kept", compare_view.kept(self.session))
        self._lay_sides()

    def _observe(self, fields: Mapping[str, Any]) -> None:
        """Take in observations; faults are shown where the text stands, each a line as the command says it."""
        try:
            self.session.observe(fields.get("text", ""), _integer(fields.get("weeks", self.session.weeks)))
        except ValueError as error:
            self._show("seen", observations_view.form(self.session, str(fields.get("text", "")), str(error)))
            self._say("The observations have mistakes; nothing was taken in.")
            return
        self._show("seen", observations_view.form(self.session))
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
        self._show("seen", observations_view.form(self.session, text, problem, row if problem else None))
        self._say("The observation does not fit." if problem else "Added; now update the forecast.")

    def _narrow(self, fields: Mapping[str, Any]) -> None:
        self.session.narrow(fields.get("channel"), "alone" in fields, "weak" in fields)
        snapshot = self._snapshot()
        self._put("actor", SOON, lambda tick: self._meet(snapshot, tick), snapshot)

    def _runs(self, fields: Mapping[str, Any]) -> None:
        notice = self.session.refine(_integer(fields.get("runs")))
        self._restart()
        self._notice = notice
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
        if what in ("scenario", "seen"):
            self._give(getattr(export, str(what))(self.session))
            return
        kinds = export.ROW_KINDS if what == "rows" else export.FIGURE_KINDS
        if kind not in kinds:
            raise ValueError(f"{kind!r} is no kind of file here; allowed: {', '.join(kinds)}")
        snapshot = self._snapshot()
        if what == "rows":
            self._put("export", SOON, lambda tick: self._rows(snapshot, str(kind), tick), snapshot)
            return
        if what != "network" and what not in self._drawn and not (what in forecast_view.FIGURES and self._figured):
            raise ValueError("there is no such figure yet; it is drawn when its tab is open")
        self._put("export", SOON, lambda tick: self._figure(snapshot, str(what), str(kind), tick), snapshot)

    # --- jobs ---

    def _snapshot(self) -> Snapshot:
        session = self.session
        return Snapshot(self._version, session.now, session.subject.reference, session.before, session.of)

    def _put(self, kind: str, rank: int, work: Callable[[Tick], None], snapshot: Snapshot) -> None:
        with self._lock:
            if snapshot.version == self._version:
                self._queue.put(self._owner, kind, rank, work, self._failed)

    def _follow(self, kind: str, rank: int, work: Callable[[Tick], None], snapshot: Snapshot) -> None:
        with self._lock:
            if snapshot.version == self._version:
                self._queue.follow(self._owner, kind, rank, work, self._failed)

    def _failed(self, error: Exception) -> None:
        known = isinstance(error, ValueError | BatchFailed)
        words = _first_line(error) if known and str(error) else f"something went wrong ({type(error).__name__})"
        self._say(f"That could not be worked out: {words}")

    def _restart(self) -> None:
        """Work everything out anew, after a change."""
        with self._lock:
            self._version += 1
            self._queue.withdraw(self._owner)
            self._served, self._places, self._drawn, self._why = set(), {}, {}, {}
            self._whys, self._figured = set(), 0
            self._reason = self._notice = ""
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
            self._put("why", SOON, lambda tick: self._ask_why(snapshot, True, tick), snapshot)
            return
        if tab == "observations":
            self._take_in()
            return
        if tab == "compare":
            self._lay_sides()
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
            if kind == "typical":
                first = self._lab.ensemble(snapshot.now, FIRST, tick)
            else:
                first = self._lab.with_inputs(snapshot.now, tick)
            run, self._reason = story_view.next_run(first, kind, outcome, at)
            self.session.replay(run)
            self._run(snapshot, tick)

        self._put("run", SOON, find, snapshot)

    def _answer(self, snapshot: Snapshot, tick: Tick) -> None:
        """Answer from the runs of a first answer, or at first from fewer where others wait for theirs."""
        hasty = self._queue.crowded(URGENT) and not self._lab.has(snapshot.now, FIRST)
        self._answer_from(snapshot, steps(snapshot.now, self.session.runs, hasty), tick)

    def _answer_from(self, snapshot: Snapshot, ladder: tuple[int, ...], tick: Tick) -> None:
        self._display(snapshot, "forecast", self._forecast(snapshot, ladder[0], tick))
        self._progress(snapshot, ladder[0], ladder[-1])
        if ladder[0] == HASTY:
            self._put("fuller", FULLER, lambda again: self._answer_from(snapshot, ladder[1:], again), snapshot)
            return
        self._put("figures", DRAW, lambda again: self._draw_first(snapshot, ladder[0], again), snapshot)
        self._put("refine", REFINE, lambda again: self._refine(snapshot, ladder, again), snapshot)

    def _draw_first(self, snapshot: Snapshot, runs: int, tick: Tick) -> None:
        self._display(snapshot, "figures", self._draw(snapshot, runs, tick))
        self._figured = runs

    def _refine(self, snapshot: Snapshot, ladder: tuple[int, ...], tick: Tick) -> None:
        """Answer from more and more runs; table and figures change together, so both are always of the same runs."""
        for runs in ladder:
            answer = self._forecast(snapshot, runs, tick)
            # The headline is of these runs from here on; to draw the figures may take longer than to play them.
            self._progress(snapshot, runs, ladder[-1], drawn=False)
            if runs > self._figured:
                figures = self._draw(snapshot, runs, tick)
                self._display(snapshot, "figures", figures)
                self._figured = runs
            self._display(snapshot, "forecast", answer)
            if runs == ladder[min(1, len(ladder) - 1)] and ladder[0] != MESA_STEPS[0]:
                for scenario in snapshot.sides:
                    self._lab.inputs_range(scenario, tick)
                self._display(snapshot, "forecast", self._forecast(snapshot, runs, tick))
        self._progress(snapshot, ladder[-1], ladder[-1])

    def _progress(self, snapshot: Snapshot, runs: int, most: int, *, drawn: bool = True) -> None:
        with self._lock:  # else an answer to what is changed meanwhile would seem to be one to the change
            if snapshot.version == self._version:
                last = "." if drawn else "; its table and figures follow ..."
                words = f"Answer from {runs:,} runs" + (last if runs >= most else f"; refining to {most:,} ...")
                # The notice is said again: an answer at hand comes before it could be read.
                self._say(f"{self._notice} {words}".strip(), self._spoken)

    def _forecast(self, snapshot: Snapshot, runs: int, tick: Tick) -> str:
        now = self._side(snapshot.now, runs, tick, snapshot.of)
        last = snapshot.before
        if runs == HASTY and last is not None and not self._lab.has(last, runs):
            last = None  # others wait; what was before the last change comes with the fuller answer
        reference, before = (
            self._side(each, runs, tick, snapshot.of) if each and each.hash != snapshot.now.hash else None
            for each in (snapshot.reference, last)
        )
        self._display(snapshot, "headline", head_view.headline(now, before, reference))
        self._spoken = head_view.spoken(now, before)
        return forecast_view.forecast(now, reference, before)

    def _side(self, scenario: Scenario, runs: int, tick: Tick, of: str) -> Side:
        known = self._lab.known
        ensemble = self._lab.ensemble(scenario, runs, tick)
        return Side(scenario.name, ensemble, known(scenario, "inputs"), known(scenario, "rivals"), of)

    def _draw(self, snapshot: Snapshot, runs: int, tick: Tick) -> str:
        return self._drawing.figures(self._ranged(snapshot.now, runs, tick), tick)

    def _ranged(self, scenario: Scenario, runs: int, tick: Tick) -> Ensemble:
        """Return runs of a scenario with the ranges that are at hand, as the notes of figures give them."""
        ensemble = self._lab.ensemble(scenario, runs, tick)
        ensemble.inputs_range = self._lab.known(scenario, "inputs")
        ensemble.theory_range = self._lab.known(scenario, "rivals")
        return ensemble

    def _meet(self, snapshot: Snapshot, tick: Tick) -> None:
        session = self.session
        chosen = session.actor if session.actor in snapshot.now.parts.actors else ""
        self._display(snapshot, "network", network_view.picture(snapshot.now, chosen, session.shown))
        self._display(snapshot, "actor", actor_view.card(snapshot.now, chosen, session.edited) if chosen else "")

    def _run(self, snapshot: Snapshot, tick: Tick) -> None:
        if self.session.run is None:
            self.session.run = network_view.typical_run(self._lab.ensemble(snapshot.now, FIRST, tick))
        run = self.session.run
        play: Replay = replay(snapshot.now, SEED, run)
        self._display(snapshot, "weeks", network_view.weeks(snapshot.now, play, run))
        tick(0)
        drawn = story_view.story(snapshot.now, play, run, self._reason)
        self._display(snapshot, "story", self._keep(snapshot, "story", drawn))

    def _ask_why(self, snapshot: Snapshot, quick: bool, tick: Tick) -> None:
        """Answer from few runs at first; then once more from many, in place of the former."""
        extent = why_view.QUICK if quick else why_view.FULL
        first = self._lab.ensemble(snapshot.now, FIRST, tick)
        reference = self._lab.ensemble(snapshot.reference, FIRST, tick)
        work: dict[str, Callable[[], html.Drawn]] = {
            "blockers": lambda: why_view.blockers(
                self._lab.ensemble(snapshot.now, extent.runs, tick), snapshot.now, tick, snapshot.of, extent
            ),
            "flows": lambda: why_view.flows(reference, first),
            "levers": lambda: why_view.ranking(snapshot.now, tick, snapshot.of, extent),
        }
        for part in [part for part in work if (part, quick) not in self._whys]:
            if part == "flows" and snapshot.now.hash == snapshot.reference.hash:
                shown: str = html.words("This is the reference: nothing moves.")
            elif part == "flows" and not quick:
                shown = self._why[part]  # it is of the first answer's runs either way
            elif part == "levers" and not snapshot.now.parts.levers:
                shown = html.words("This scenario declares no levers.")
            else:
                shown = self._keep(snapshot, part, work[part]())
            with self._lock:
                if snapshot.version == self._version:
                    self._why[part] = shown
                    self._whys.add((part, quick))
            self._display(snapshot, "why", self._parts(snapshot))
        if quick:
            self._follow("why", LATER, lambda again: self._ask_why(snapshot, False, again), snapshot)

    def _take_in(self) -> None:
        snapshot, session = self._snapshot(), self.session
        self._update, self._living_shown = next(self._updates), {}
        if not session.seen:
            self._show("news", html.words("Nothing is observed yet: give observations above, then update."))
        else:
            self._show("news", html.words("Taking in what was seen ..."))
        self._show("ahead", html.words("Being worked out ..."))
        asked = _Asked(self._update, session.seen, session.weeks)
        self._put("observe", SOON, lambda tick: self._living(snapshot, asked, 0, tick), snapshot)

    def _stop(self) -> None:
        """End the update under way; what it has shown stays, and announces nothing more."""
        if not self._queue.busy(self._owner, "observe"):
            self._say("No update is under way.")
            return
        self._queue.withdraw(self._owner, "observe")
        self._update = next(self._updates)
        for region in ("news", "ahead") if self.session.seen else ("ahead",):
            shown = self._living_shown.get(region)
            self._show(region, html.words("Stopped.") if shown is None else observations_view.ended(shown))
        self._say("Stopped: what is shown stays as it is until the next update.")

    def _living(self, snapshot: Snapshot, asked: _Asked, step: int, tick: Tick) -> None:
        """Show how the forecast moves on what was seen, and what to watch; from few runs at first, then from more."""
        extent = observations_view.LADDER[step]
        if asked.seen:
            drawn = observations_view.update(snapshot.now, asked.seen, snapshot.of, extent, tick)
            self._display_update(snapshot, asked, "news", self._keep(snapshot, "update", drawn))
            tick(0)
        if extent.watch:
            self._display_update(snapshot, asked, "ahead", self._watch(snapshot, asked, extent, tick))
        if step + 1 < len(observations_view.LADDER) and (asked.seen or observations_view.LADDER[step + 1].watch):
            following = partial(self._living, snapshot, asked, step + 1)
            self._follow("observe", REFINE, following, snapshot)

    def _display_update(self, snapshot: Snapshot, asked: _Asked, region: str, shown: str) -> None:
        """Show a part of an update, unless it was stopped, or a newer one asked for, while this was worked out."""
        with self._lock:
            if asked.update == self._update:
                self._living_shown[region] = shown
                self._display(snapshot, region, shown)

    def _watch(self, snapshot: Snapshot, asked: _Asked, extent: observations_view.Extent, tick: Tick) -> str:
        try:
            drawn = observations_view.watch(snapshot.now, asked.seen, snapshot.of, asked.weeks, extent, tick)
        except ValueError as error:
            return html.words(f"Nothing to watch: {_first_line(error)}.")
        return self._keep(snapshot, "watch", drawn)

    def _lay_sides(self) -> None:
        session, snapshot = self.session, self._snapshot()
        if session.sides is None:
            self._show("sides", html.words("Choose two states to lay side by side."))
            return
        self._show("sides", html.words("Being worked out ..."))
        names = session.sides
        states = [session.state(name) for name in names]

        def work(tick: Tick) -> None:
            sides = []
            for name, changes in zip(names, states, strict=True):
                scenario = session.scenario_of(changes)
                side = self._side(scenario, FIRST, tick, snapshot.of)
                sides.append((side._replace(name=name or compare_view.NOW), session.changed(changes)))
            drawn = compare_view.side_by_side(sides[0], sides[1], snapshot.of)
            self._display(snapshot, "sides", self._keep(snapshot, "side by side", drawn))

        self._put("sides", SOON, work, snapshot)

    def _parts(self, snapshot: Snapshot) -> str:
        return html.render(
            "why", name=snapshot.now.name, parts={words: self._why.get(part, "") for words, part in PARTS.items()}
        )

    def _rival(self, snapshot: Snapshot, tick: Tick) -> None:
        for scenario in snapshot.sides:
            self._lab.rival_rules(scenario, tick)
        self._display(snapshot, "forecast", self._forecast(snapshot, FIRST, tick))
        self._say("Rival rules are worked out.")
        ladder = steps(snapshot.now, self.session.runs)
        self._figured = 0  # the figures follow the table back to the first runs, and on from there
        self._put("figures", DRAW, lambda again: self._draw_first(snapshot, ladder[0], again), snapshot)
        self._put("refine", REFINE, lambda again: self._refine(snapshot, ladder, again), snapshot)

    def _rows(self, snapshot: Snapshot, kind: str, tick: Tick) -> None:
        self._give(export.rows(self._lab.largest(snapshot.now, tick), kind, snapshot.now))

    def _figure(self, snapshot: Snapshot, name: str, kind: str, tick: Tick) -> None:
        if name in forecast_view.FIGURES:  # drawn again, as a page's five would take some megabytes to keep
            drawn = forecast_view.figure(name, self._ranged(snapshot.now, self._figured, tick)).figure
        else:
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

    def _say(self, words: str, spoken: str = "") -> None:
        """Say in the page's status what it is doing; what is ``spoken`` alone stands in the line above for who sees."""
        if words:
            unseen = Markup('<p class="unseen">{}</p>').format(spoken) if spoken else Markup()
            self._show("status", html.words(words, unseen))


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
    "stop": lambda desk, _: desk._stop(),
    "add": Desk._add,
    "narrow": Desk._narrow,
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


def _first_line(error: Exception) -> str:
    """Return the first line of an error, and how many more there are."""
    first, *more = str(error).splitlines() or [""]
    return f"{first} (and {len(more)} more)" if more else first


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
