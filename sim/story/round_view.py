"""One round of a run as a story sees it, and the events that happen in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sim.scenario.scenario import Scenario
from sim.story.recording import Moment, Record
from sim.words import listed, sentence, the


class Event(NamedTuple):
    """Something that happened; ``actor`` is a config name (empty: nobody alone), ``detail`` short and for machines."""

    week: float
    phase: str
    actor: str
    event: str
    detail: str
    text: str


class Scene(NamedTuple):
    """One round of a run, with all that came before it."""

    scenario: Scenario
    seen: Record
    at: int

    @property
    def now(self) -> Moment:
        """The round at its end."""
        return self.seen.moments[self.at]

    @property
    def before(self) -> Moment:
        """The round before it; week 0 before the first."""
        return self.seen.moments[self.at - 1]

    @property
    def cast(self) -> dict[str, str]:
        """Names of the principals and of the group, as they stand within a sentence; several opponents are a side."""
        opponents = [self.name(self.seen.world.names.actors[at]) for at in self.seen.world.opponents_at]
        return {
            "broker": self.name(self.key("broker")) if self.seen.world.broker_at >= 0 else "nobody",
            "host": self.name(self.key("host")),
            "opponent": opponents[0] if len(opponents) == 1 else f"the side of {listed(opponents)}",
            "group": self.scenario.names.group,
        }

    def key(self, part: str) -> str:
        """Return the config name of the broker ("" without one), the host or the first opponent."""
        world = self.seen.world
        at = {"broker": world.broker_at, "host": world.host_at, "opponent": world.opponents_at[0]}[part]
        return world.names.actors[at] if at >= 0 else ""

    def name(self, actor: str) -> str:
        """Return an actor's name as it stands within a sentence."""
        return the(self.scenario.parts.actors[actor].name)

    def named(self, actors: list[str]) -> str:
        """Return the names of actors as an enumeration; beyond four, the rest as a number."""
        names = [self.name(actor) for actor in actors]
        return listed(names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} others"])

    def mission(self, at: float) -> str:
        """Return a mission's name in quotes."""
        return f'"{self.scenario.parts.missions[self.seen.world.names.missions[int(at)]].name}"'

    def verb(self, actors: list[str], one: str, many: str) -> str:
        """Return the form of a verb that fits these actors."""
        return many if len(actors) > 1 or any(self.scenario.parts.actors[actor].states > 1 for actor in actors) else one

    def may_join(self, actor: str) -> bool:
        """Return whether an actor may join the mission on the table; any mission while there is none."""
        at, names = int(self.now.state["mission"]), self.seen.world.names.actors
        return at < 0 or bool(self.seen.world.mission.eligible[at][names.index(actor)])

    def event(self, phase: str, actor: str, event: str, detail: str, text: str) -> Event:
        """Return an event of this round; the text becomes a sentence."""
        return Event(self.now.state["week"], phase, actor, event, detail, f"{sentence(text)}.")

    def rose(self, column: str) -> bool:
        """Return whether a column of the weekly state rose in this round."""
        return self.now.state[column] > self.before.state[column]

    def moved(self, column: str) -> bool:
        """Return whether a column of the weekly state changed in this round."""
        return self.now.state[column] != self.before.state[column]

    def since(self, value: Callable[[Moment], Any]) -> int:
        """Return the round in which ``value`` last took what it was before this round; 0 if it never changed."""
        at = self.at - 1
        while at > 0 and value(self.seen.moments[at - 1]) == value(self.seen.moments[at]):
            at -= 1
        return at

    def weeks_since(self, value: Callable[[Moment], Any]) -> float:
        """Return for how many weeks ``value`` had been what it was before this round."""
        return self.now.state["week"] - self.seen.moments[self.since(value)].state["week"]


def because(why: str) -> str:
    """Return reasons as the end of a sentence; nothing for none."""
    return f", as {why}" if why else ""


def detailed(what: str, parts: list[str]) -> str:
    """Return a detail for machines: what happened, and the parts that carried it."""
    return f"{what}: {', '.join(parts)}" if parts else what
