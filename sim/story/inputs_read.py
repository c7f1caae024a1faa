"""Which numbers of the config a term of a decision reads: columns of the world, turned back into paths."""

from __future__ import annotations

from collections.abc import Iterable

from sim import vocabulary
from sim.model.situation import Situation
from sim.world.columns import RULES

_RULE = {path: at for at, path in enumerate(RULES)}


class InputsRead:
    """Finds the paths of what a run reads; what an actor lacks has none."""

    def __init__(self, model: Situation) -> None:
        self.model, self.world = model, model.world

    def at(self, *columns: int) -> tuple[str, ...]:
        """Return the paths behind columns of the inputs."""
        names = self.world.names.inputs
        return tuple(dict.fromkeys(names[int(column)] for column in columns if column != self.world.absent))

    def rules(self, *paths: str) -> tuple[str, ...]:
        """Return the paths of weights of rules, such as ``pledge.backstop``."""
        return self.at(*(self.world.rule[_RULE[path]] for path in paths))

    def events(self, quantity: str) -> tuple[str, ...]:
        """Return the paths of the dated events that have come by now and shift a quantity."""
        event, row = self.world.event, self.model.row
        code = vocabulary.EVENT_QUANTITIES.index(quantity)
        come = [at for at in range(len(event.week)) if event.quantity[at] == code]
        come = [at for at in come if self.model.week >= row[event.week[at]]]
        return self.at(*(column for at in come for column in (event.week[at], event.change[at])))

    def edges(self, target: int, channels: Iterable[str] = vocabulary.INCENTIVES) -> tuple[str, ...]:
        """Return the paths of the edges of some channels into an actor."""
        edge, codes = self.world.edge, {vocabulary.CHANNELS.index(channel) for channel in channels}
        into = [at for at in range(len(edge.target)) if edge.target[at] == target and int(edge.channel[at]) in codes]
        return self.at(*(column for at in into for column in (edge.strength[at], edge.willingness[at])))

    def battlefield(self) -> tuple[str, ...]:
        """Return the paths behind the battlefield as all see it: its drift, dated events, and aid that is cut."""
        names = ("mean", "persistence", "weekly_sd", "arms")
        rules = self.rules(*(f"battlefield.{name}" for name in names))
        return (*rules, *self.events("battlefield"), *self.at(self.world.host.arms))
