"""The state of one page: which levers are moved, and which tab, run and actor it shows. No widgets, no runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from sim.ensemble.events import event
from sim.explorer.controls import Option, Subject
from sim.explorer.run_cache import FIRST, STEPS
from sim.reading.errors import suggestion
from sim.scenario import levers as declared
from sim.scenario.scenario import Scenario

TABS = ("forecast", "network", "why", "story")
MOST_RUNS = STEPS[-1]
MOST_BACK = 200
"""Changes that can be undone."""
MOST_SCENARIOS = 16
"""Scenarios that a page holds ready; one undone to after more changes than that is made again."""
MOST_RUN = 1_000_000
"""Numbers of runs that can be looked at lie below."""


class Session:
    """One page: its subject, the levers moved in it, and what is looked at.

    All that comes from a page is checked here; what does not fit raises ``ValueError`` or ``InputError`` in one clear
    line and changes nothing.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.runs = MOST_RUNS
        self.tab = TABS[0]
        self.of = subject.of
        self.actor = ""
        self.run: int | None = None
        self._history: list[dict[str, int]] = [{}]
        self._made = lru_cache(MOST_SCENARIOS)(partial(_made, subject.scenario))

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was loaded."""
        return self.subject.scenario

    @property
    def moved(self) -> Mapping[str, int]:
        """The levers that are moved, each with its step."""
        return self._history[-1]

    @property
    def now(self) -> Scenario:
        """The scenario as it stands now."""
        return self._scenario(self._history[-1])

    @property
    def before(self) -> Scenario | None:
        """The scenario before the last change; None if nothing was changed."""
        return self._scenario(self._history[-2]) if len(self._history) > 1 else None

    def move(self, lever: Any, step: Any) -> None:
        """Move a lever to a step; 0 brings it back to what the config says."""
        options = self._options(lever)
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= len(options):
            raise ValueError(f"lever {lever} has steps 0 to {len(options)}, got {step!r}")
        if step and options[step - 1].misfit:
            raise ValueError(f"{options[step - 1].label} does not fit {self.scenario.name}: {options[step - 1].misfit}")
        wanted = {name: at for name, at in {**self.moved, lever: step}.items() if at}
        if wanted != self.moved:
            self._scenario(wanted)  # two steps may fit alone and not together: then nothing is changed
            self._history = [*self._history[-MOST_BACK:], wanted]

    def undo(self) -> None:
        """Take the last change back, if there is one."""
        if len(self._history) > 1:
            self._history.pop()

    def reset(self) -> None:
        """Bring all levers back, as one change that can be undone."""
        if self.moved:
            self._history = [*self._history[-MOST_BACK:], {}]

    @property
    def undoable(self) -> bool:
        """Whether there is a change to take back."""
        return len(self._history) > 1

    def changed(self) -> list[str]:
        """Return what was changed, a line each."""
        levers = self.scenario.parts.levers
        return [f"{levers[name].name}: {levers[name].steps[step - 1].label}" for name, step in self.moved.items()]

    def sentence(self) -> str:
        """Return how much was changed."""
        count = len(self.moved)
        return "You changed nothing" if not count else f"You changed {count} thing{'s' * (count > 1)}"

    def rivalry(self) -> list[str]:
        """Return, a line each, where two moved levers change the same number: there the later declared one holds."""
        levers, changed_by = self.scenario.parts.levers, dict[str, str]()
        lines = []
        for name in (name for name in levers if name in self.moved):
            for each in self._options(name)[self.moved[name] - 1].effects:
                if each.path in changed_by:
                    first, last = levers[changed_by[each.path]].name, levers[name].name
                    lines.append(f"“{first}” and “{last}” both change {each.path}; the latter holds")
                changed_by[each.path] = name
        return lines

    def look(self, tab: Any) -> None:
        """Turn to a tab."""
        self.tab = _word(tab, TABS, "a tab")

    def choose(self, actor: Any) -> None:
        """Look at an actor; an empty name at none."""
        self.actor = _word(actor, (*self.now.parts.actors, ""), "an actor")

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

    def refine(self, runs: Any) -> str:
        """Ask for so many runs in the end; return what to say if that is more, or fewer, than a page may ask for."""
        if isinstance(runs, bool) or not isinstance(runs, int):
            raise ValueError(f"expected a number of runs, got {str(runs)[:20]!r}")
        self.runs = min(MOST_RUNS, max(FIRST, runs))
        if runs > MOST_RUNS:
            return f"{runs:,} runs are more than a page may ask for: capped at {MOST_RUNS:,}. For more, use sim run."
        return f"At least {FIRST:,} runs are played." if runs < FIRST else ""

    def _options(self, lever: Any) -> tuple[Option, ...]:
        return self.subject.options[_word(lever, tuple(self.subject.options), "a lever")]

    def _scenario(self, moved: dict[str, int]) -> Scenario:
        return self._made(tuple(sorted(moved.items())))


def _made(scenario: Scenario, moved: tuple[tuple[str, int], ...]) -> Scenario:
    """Return a scenario with levers moved, and named so."""
    changed = declared.move(scenario, dict(moved))
    if moved:
        changed.name = f"{scenario.name}, {len(moved)} change{'s' * (len(moved) > 1)}"
    return changed


def _word(word: Any, allowed: tuple[str, ...], what: str) -> str:
    if not isinstance(word, str) or word not in allowed:
        raise ValueError(f"{str(word)[:60]!r} is not {what}; {suggestion(str(word)[:60], filter(None, allowed))}")
    return word
