"""The state of one page: what is changed, what is kept beside it, and what is looked at. No widgets, no runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sim import vocabulary
from sim.ensemble.events import event
from sim.explorer import changes as made
from sim.explorer.changes import Changes
from sim.explorer.controls import Option, Subject
from sim.explorer.run_cache import FIRST, STEPS
from sim.reading.errors import suggestion
from sim.reading.files import parse_yaml
from sim.scenario.observations import Observation, read_observations
from sim.scenario.scenario import Scenario
from sim.world.network import FAMILIES

TABS = ("forecast", "network", "why", "story", "observations", "compare")
MOST_RUNS = STEPS[-1]
MOST_BACK = 200
"""Changes that can be undone."""
MOST_RUN = 1_000_000
"""Numbers of runs that can be looked at lie below."""
MOST_KEPT = 12
"""States that a page keeps beside the one that it shows."""
MOST_SEEN = 60
"""Observations that a page takes; for more, use `sim update`."""
WEEKS = 8
SEEN_NAME = "observations.yaml"
"""What a fault calls the text of observations on a page."""
CHANNELS = ("", *dict.fromkeys(FAMILIES.values()), *vocabulary.CHANNELS)
"""What edges of the network can be narrowed down to: all, a family, or a channel."""


class Shown(NamedTuple):
    """What the picture of the network shows: edges of a channel or family, of the chosen actor alone, or all."""

    channel: str = ""
    alone: bool = False
    weak: bool = False


class Session:
    """One page: its subject, what is changed in it, and what is looked at.

    All that comes from a page is checked here; what does not fit raises ``ValueError`` or ``InputError`` in one clear
    line and changes nothing.
    """

    def __init__(self, subject: Subject) -> None:
        self.opened = subject
        self.runs = MOST_RUNS
        self.tab = TABS[0]
        self.of = subject.of
        self.actor = ""
        self.run: int | None = None
        self.shown = Shown()
        self.seen_text = ""
        self.seen: tuple[Observation, ...] = ()
        self.weeks = WEEKS
        self.kept: dict[str, Changes] = {}
        self.sides: tuple[str, str] | None = None
        self._history, self._at = [Changes()], 0

    @property
    def changes(self) -> Changes:
        """What is changed now."""
        return self._history[self._at]

    @property
    def subject(self) -> Subject:
        """What the page starts from now."""
        return self.opened.starting_from(self.changes.start)

    @property
    def scenario(self) -> Scenario:
        """The scenario that changes are made in, as it was loaded."""
        return self.subject.scenario

    @property
    def moved(self) -> Mapping[str, int]:
        """The levers that are moved, each with its step."""
        return dict(self.changes.levers)

    @property
    def edited(self) -> Mapping[str, str]:
        """The numbers that are edited, each with its text."""
        return dict(self.changes.numbers)

    @property
    def now(self) -> Scenario:
        """The scenario as it stands now."""
        return self.scenario_of(self.changes)

    @property
    def before(self) -> Scenario | None:
        """The scenario before the last change; None if nothing was changed."""
        return self.scenario_of(self._history[self._at - 1]) if self._at else None

    def scenario_of(self, changes: Changes) -> Scenario:
        """Return the scenario that changes make."""
        return self.opened.changed(changes)

    def move(self, lever: Any, step: Any) -> None:
        """Move a lever to a step; 0 brings it back to what the config says."""
        options = self._options(lever)
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= len(options):
            raise ValueError(f"lever {lever} has steps 0 to {len(options)}, got {step!r}")
        if step and options[step - 1].misfit:
            raise ValueError(f"{options[step - 1].label} does not fit {self.scenario.name}: {options[step - 1].misfit}")
        self._change(self.changes.lever(lever, step))

    def edit(self, path: Any, fields: Mapping[str, str]) -> None:
        """Give a number other values: ``low``, ``likely`` and ``high`` as far as it has them, or the share of words."""
        leaf = made.leaf(self.now, path)
        allowed = leaf.prior.words or made.NUMBER_PARTS
        for part in fields:
            _word(part, allowed, "a part of this number")
        if {key: text for key, text in fields.items() if text} == {
            key: text for key, text in made.fields_of(leaf.prior).items() if text
        }:
            return  # what the form showed, unchanged
        if len(self.edited) >= made.MOST_NUMBERS and path not in self.edited:
            raise ValueError(f"{made.MOST_NUMBERS} numbers are edited, as many as a page may; export the scenario")
        self._change(self.changes.number(path, made.written(fields)))

    def restore(self, path: Any) -> None:
        """Bring a number back to what the config, or a lever, says."""
        self._change(self.changes.number(_word(path, tuple(self.edited), "an edited number"), ""))

    def start(self, name: Any) -> None:
        """Start from another scenario of the library; an empty name is the one that the page was opened with."""
        self._change(Changes(_word(name, (*self.opened.library, ""), "a scenario here")))
        self._settle()

    def undo(self) -> None:
        """Take the last change back, if there is one."""
        self._at = max(0, self._at - 1)
        self._settle()

    def redo(self) -> None:
        """Make the change again that was taken back last, if there is one."""
        self._at = min(len(self._history) - 1, self._at + 1)
        self._settle()

    def reset(self) -> None:
        """Bring all levers and numbers back, as one change that can be undone."""
        self._change(Changes(self.changes.start))

    @property
    def undoable(self) -> bool:
        """Whether there is a change to take back."""
        return self._at > 0

    @property
    def redoable(self) -> bool:
        """Whether there is a change to make again."""
        return self._at < len(self._history) - 1

    def changed(self, changes: Changes | None = None) -> list[str]:
        """Return what was changed, a line each."""
        changes = self.changes if changes is None else changes
        scenario = self.opened.starting_from(changes.start).scenario
        levers = scenario.parts.levers
        lines = [f"{levers[name].name}: {levers[name].steps[step - 1].label}" for name, step in changes.levers]
        return lines + [made.words(scenario, path, text) for path, text in changes.numbers]

    def sentence(self) -> str:
        """Return how much was changed."""
        count = self.changes.size
        return "You changed nothing" if not count else f"You changed {count} thing{'s' * (count > 1)}"

    def rivalry(self) -> list[str]:
        """Return, a line each, where two changes are of the same number, and which holds."""
        levers, changed_by = self.scenario.parts.levers, dict[str, str]()
        lines = []
        for name in (name for name in levers if name in self.moved):
            for each in self._options(name)[self.moved[name] - 1].effects:
                if each.path in changed_by:
                    first, last = levers[changed_by[each.path]].name, levers[name].name
                    lines.append(f"“{first}” and “{last}” both change {each.path}; the latter holds")
                changed_by[each.path] = name
        for path in self.edited:
            lever = next((name for at, name in changed_by.items() if path == at or path.startswith(f"{at}.")), None)
            if lever:
                lines.append(f"“{levers[lever].name}” and you both change {path}; your own number holds")
        return lines

    # --- states kept ---

    def keep(self, name: Any) -> None:
        """Keep the state as it stands under a name, in place of an older one of that name."""
        text = " ".join(str(name).split())[:60]
        if not text:
            raise ValueError("give the state a name to keep it under")
        if len(self.kept) >= MOST_KEPT and text not in self.kept:
            raise ValueError(f"{MOST_KEPT} states are kept, as many as a page may; drop one first")
        self.kept[text] = self.changes

    def drop(self, name: Any) -> None:
        """Drop a state that was kept."""
        del self.kept[_word(name, tuple(self.kept), "a state kept")]
        if self.sides and name in self.sides:
            self.sides = None

    def recall(self, name: Any) -> None:
        """Go to a state that was kept, as one change that can be undone."""
        self._change(self.kept[_word(name, tuple(self.kept), "a state kept")])
        self._settle()

    def lay(self, one: Any, other: Any) -> None:
        """Lay two states side by side: those kept, or an empty name for the state as it stands."""
        names = (*self.kept, "")
        one, other = (_word(name, names, "a state kept") for name in (one, other))
        if one == other:
            raise ValueError("choose two different states to lay side by side")
        self.sides = (one, other)

    def state(self, name: str) -> Changes:
        """Return the changes of a state kept, or for an empty name those of now."""
        return self.kept[name] if name else self.changes

    # --- what is looked at ---

    def look(self, tab: Any) -> None:
        """Turn to a tab."""
        self.tab = _word(tab, TABS, "a tab")

    def choose(self, actor: Any) -> None:
        """Look at an actor; an empty name at none."""
        self.actor = _word(actor, (*self.now.parts.actors, ""), "an actor")

    def narrow(self, channel: Any, alone: bool, weak: bool) -> None:
        """Narrow the network down to a channel or family, to the edges of the chosen actor, or show weak edges too."""
        self.shown = Shown(_word(channel, CHANNELS, "a channel"), alone, weak)

    def replay(self, run: Any) -> None:
        """Look at a run."""
        if isinstance(run, bool) or not isinstance(run, int) or not 0 <= run < MOST_RUN:
            raise ValueError(f"runs are numbered from 0 to {MOST_RUN - 1:,}, got {str(run)[:20]}")
        self.run = run

    def inquire(self, of: Any) -> None:
        """Ask about another event; an empty text asks about a European force."""
        text = str(of).strip() or "european"
        for each in (self.scenario, self.subject.reference):
            event(text, each.parts.missions)
        self.of = text

    def observe(self, text: Any, weeks: Any = WEEKS) -> None:
        """Take in observations, written as a file of them; an empty text takes in none."""
        horizon = self.now.parts.horizon_weeks
        if isinstance(weeks, bool) or not isinstance(weeks, int) or not 1 <= weeks <= horizon:
            raise ValueError(f"weeks ahead are 1 to {horizon}, got {str(weeks)[:20]!r}")
        seen = self.observations(str(text))
        self.seen_text, self.seen, self.weeks = str(text), seen, weeks

    def observations(self, text: str) -> tuple[Observation, ...]:
        """Return the observations in a text, checked against the scenario as it stands."""
        seen = read_observations(parse_yaml(text, SEEN_NAME), self.now) if text.strip() else ()
        if len(seen) > MOST_SEEN:
            raise ValueError(f"{len(seen)} observations are more than the {MOST_SEEN} of a page; use sim update")
        return seen

    def refine(self, runs: Any) -> str:
        """Set how many runs the answer is refined to; return a notice if a page may not ask for so many or so few."""
        if isinstance(runs, bool) or not isinstance(runs, int):
            raise ValueError(f"expected a number of runs, got {str(runs)[:20]!r}")
        self.runs = min(MOST_RUNS, max(FIRST, runs))
        if runs > MOST_RUNS:
            return f"{runs:,} runs are more than a page may ask for: capped at {MOST_RUNS:,}. For more, use sim run."
        return f"At least {FIRST:,} runs are played." if runs < FIRST else ""

    # --- as an address ---

    def address(self) -> str:
        """Return the state of the page as the last part of an address; :meth:`follow` reads it."""
        usual = {"of": self.opened.of, "tab": TABS[0], "runs": str(MOST_RUNS), "actor": "", "seen": "", "edges": ""}
        mine = {"of": self.of, "tab": self.tab, "runs": str(self.runs), "actor": self.actor, "seen": self.seen_text}
        mine["edges"] = self.shown.channel
        pairs = [(key, text) for key, text in mine.items() if text != usual[key]]
        pairs += [("kept", f"{name}|{made.in_address(changes)}") for name, changes in self.kept.items()]
        return "&".join(filter(None, (made.in_address(self.changes), urlencode(pairs))))

    def follow(self, address: str) -> None:
        """Go to the state in an address; what is changed there is one change that can be undone.

        All of it has to fit, else nothing changes.
        """
        changes, rest = made.from_address(address.removeprefix("#"))
        for key in rest:
            _word(key, ("of", "tab", "runs", "actor", "seen", "edges", "kept"), "part of a page's address")
        trial = Session(self.opened)
        for entry in rest.get("kept", [])[:MOST_KEPT]:
            name, _, inner = entry.rpartition("|")  # what follows is encoded, and has no such sign
            kept, more = made.from_address(inner)
            if more:
                raise ValueError(f"{next(iter(more))[:20]!r} is no part of a state kept")
            trial._check(kept)
            trial.kept[" ".join(name.split())[:60] or "kept"] = kept
        trial._check(changes)
        trial._history = [changes]
        last = {key: entries[-1] for key, entries in rest.items()}
        trial.inquire(last.get("of", self.opened.of))
        trial.look(last.get("tab", TABS[0]))
        trial.choose(last.get("actor", ""))
        trial.narrow(last.get("edges", ""), False, False)
        trial.observe(last.get("seen", ""))
        runs = last.get("runs", str(MOST_RUNS))
        trial.refine(int(runs) if runs.isascii() and runs.isdigit() else runs)
        self._change(changes)
        for name in ("of", "tab", "actor", "shown", "seen_text", "seen", "runs", "kept"):
            setattr(self, name, getattr(trial, name))
        self.sides, self.run = None, None

    def _check(self, changes: Changes) -> None:
        _word(changes.start, (*self.opened.library, ""), "a scenario here")
        self.scenario_of(changes)

    def _change(self, wanted: Changes) -> None:
        if wanted != self.changes:
            self.scenario_of(wanted)  # two steps may fit alone and not together: then nothing is changed
            self._history = [*self._history[: self._at + 1][-MOST_BACK:], wanted]
            self._at = len(self._history) - 1

    def _settle(self) -> None:
        """Reset what is looked at where the new scenario has no such thing."""
        if self.actor not in self.now.parts.actors:
            self.actor = ""
        try:
            self.inquire(self.of)
        except ValueError:
            self.of = "european"
        try:
            self.seen = self.observations(self.seen_text)
        except ValueError:
            self.seen = ()

    def _options(self, lever: Any) -> tuple[Option, ...]:
        return self.subject.options[_word(lever, tuple(self.subject.options), "a lever")]


def _word(word: Any, allowed: tuple[str, ...], what: str) -> str:
    if not isinstance(word, str) or word not in allowed:
        raise ValueError(f"{str(word)[:60]!r} is not {what}; {suggestion(str(word)[:60], filter(None, allowed))}")
    return word
