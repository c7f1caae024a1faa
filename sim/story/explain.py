"""Why did this actor do that in this week? Its decisions term by term, down to the paragraphs behind the numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model import phases
from sim.model.belligerents import Opponent
from sim.model.negotiation import Negotiation, Phase
from sim.reading.errors import suggestion
from sim.reading.read_only import read_only
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story import contributor_terms, principal_terms, table_terms
from sim.story.decision import Decision, Number, Term
from sim.story.drawn_run import DrawnRun
from sim.story.number_source import number
from sim.world import building, draws, streams
from sim.world.columns import Inputs, Luck, World


class Explanation:
    """What one actor decided in one week of one run: see :func:`explain`.

    Attributes
    ----------
    decisions
        Its decisions in the order of the round; the terms of each add up to its ``total``, which is the engine's own.
    numbers
        By path, every number that a decision read: what the run drew, from which prior, and what that rests on.
    scenario, hash, seed, run, actor, name, week
        Where they come from; ``name`` is the actor's as one reads it.

    All of it is read-only: nothing that is done to what is handed out changes the explanation.
    """

    decisions: tuple[Decision, ...]
    numbers: dict[str, Number]
    scenario: str
    hash: str
    seed: int
    run: int
    actor: str
    name: str
    week: float

    def __init__(
        self, scenario: Scenario, seed: int, run: int, actor: str, week: float, decisions: tuple[Decision, ...],
        row: dict[str, float],
    ) -> None:  # fmt: skip
        paths = {path for each in decisions for path in _paths(each)}
        vars(self).update(
            decisions=tuple(map(_closed, decisions)),
            numbers=read_only({path: number(scenario, path, row[path]) for path in sorted(paths)}),
            scenario=scenario.name, hash=scenario.hash, seed=seed, run=run,
            actor=actor, name=scenario.parts.actors[actor].name, week=week,
        )  # fmt: skip

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an explanation tells of one week of one run; ask for that of another with explain()")

    @property
    def table(self) -> pd.DataFrame:
        """The terms as a table: ``decision``, ``term``, what it ``says``, its ``value`` and how many ``numbers``."""
        rows = [
            (each.decision, term.term, term.says, term.value, len(term.numbers))
            for each in self.decisions
            for term in each.terms
        ]
        return pd.DataFrame(rows, columns=["decision", "term", "says", "value", "numbers"])

    @property
    def sentence(self) -> str:
        """What it decided, in a sentence."""
        if not self.decisions:
            return f"{self.name} takes no decision of its own in week {self.week:g}; it acts through its edges alone."
        made = ", ".join(each.decision.replace("_", " ") for each in self.decisions)
        return f"{self.name} in week {self.week:g} of run {self.run}: {made}."

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self.table}"

    def _repr_html_(self) -> str:
        return f"<p>{self.sentence}</p>\n{self.table.to_html(index=False)}"

    def facts(self) -> dict[str, Any]:
        """Return everything as plain values, as ``sim replay --explain --json`` prints it."""
        names = ("scenario", "hash", "seed", "run", "actor", "name", "week")
        return {
            **{name: getattr(self, name) for name in names},
            "decisions": [
                {**each._asdict(), "terms": [term._asdict() for term in each.terms]} for each in self.decisions
            ],
            "numbers": {path: asdict(each) for path, each in self.numbers.items()},
        }


@takes_whole_numbers
def explain(
    scenario: Scenario | str | Path, actor: str, week: float, run: int = 0, seed: int = 1, drawn: DrawnRun | None = None
) -> Explanation:
    """Return what an actor decided in a week of one run, term by term.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    actor, week
        The actor's id, and the week, from 1 to the horizon.
    run, seed
        The run's number, and the root seed of its batch.
    drawn
        A run that a search kept, instead of a numbered one.

    Raises
    ------
    ValueError
        If there is no such actor, or no such week.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    world = building.build(scenario)
    if actor not in world.names.actors:
        raise ValueError(f"{actor!r} is not an actor of {scenario.name}; {suggestion(actor, world.names.actors)}")
    rounds = week * world.rounds_per_week
    if rounds != int(rounds) or not 1 <= rounds <= world.rounds:
        step = 1 / world.rounds_per_week
        raise ValueError(f"week {week:g} is no week of {scenario.name}; allowed: {step:g} to "
                         f"{world.rounds * step:g}{'' if step == 1 else f', by {step:g}'}")  # fmt: skip
    inputs, luck = drawn.draw(world) if drawn else draws.draw(world, seed, run // streams.BLOCK)
    model = Explained(world, inputs, luck, 0 if drawn else run % streams.BLOCK, world.names.actors.index(actor))
    decisions = model.explain(int(rounds))
    row = dict(zip(world.names.inputs, model.row, strict=False))
    return Explanation(scenario, seed, run, actor, week, decisions, row)


class Explained(Negotiation):
    """A negotiation that takes down what one actor decides in one round, just when it decides; it changes nothing."""

    def __init__(
        self, world: World, inputs: Inputs, luck: Luck, run: int, actor: int, relaxed: Collection[str] = ()
    ) -> None:
        super().__init__(world, inputs, luck, run, relaxed)
        self.subject = self.states[actor]
        self.listening = False
        self.decisions: list[Decision] = []

    def explain(self, rounds: int) -> tuple[Decision, ...]:
        """Play a number of rounds, and return the decisions of the last."""
        while self.round < rounds:
            self.listening = self.round == rounds - 1
            self.step()
        self.let_go()
        return tuple(_whole(each) if self.world.names.agents[self.subject.at] else each for each in self.decisions)

    def perform(self, phase: Phase) -> None:
        """Play one phase; in the round asked for, take down what the actor weighs in it."""
        if not self.listening:
            super().perform(phase)
            return
        if phase is phases.table and self.subject.standing > 0.0:
            self._at_table()
        stage = self.subject.stage if self.subject in self.contributors else 0
        rung = self.rung
        super().perform(phase)
        self._decided(phase, stage, rung)

    def _at_table(self) -> None:
        own = table_terms.seat(self, self.subject)
        self.decisions.append(own)
        if own.outcome["proposes"] and not own.outcome["stands"] and own.outcome["procedure"] == "proposer":
            self.decisions.extend(table_terms.likings(self, self.subject))

    def _decided(self, phase: Phase, stage: int, rung: int) -> None:
        if phase is phases.offer and self.subject is self.broker:
            self.decisions.append(principal_terms.offer(self.broker, rung))
        if phase is phases.truce and self.subject is self.host:
            self.decisions.extend(principal_terms.concedes(self.host, deal) for deal in self.deals)
        if phase is phases.truce and isinstance(self.subject, Opponent):
            self.decisions.extend(principal_terms.requires(self.subject, deal) for deal in self.deals)
        if phase is phases.consent and isinstance(self.subject, Opponent):
            self.decisions.append(principal_terms.consent(self.subject))
        if phase is phases.pledge and self.subject in self.contributors:
            (contributor,) = (each for each in self.contributors if each is self.subject)
            self.decisions.append(contributor_terms.readiness(contributor, stage))
        if phase is phases.table and self.decisions:
            self._tabled()

    def _tabled(self) -> None:
        """Note what came to the table in what its proposer weighed."""
        now = self.missions[self.mission].name if self.mission >= 0 else None
        for at, each in enumerate(self.decisions):
            if each.decision.startswith("loss_from_"):
                self.decisions[at] = each._replace(outcome={**each.outcome, "tabled": each.outcome["mission"] == now})


def _whole(decision: Decision) -> Decision:
    """Return a decision of a Python class of the user's own with what its class adds to the terms that are known."""
    rest = decision.total - sum(term.value for term in decision.terms)
    if abs(rest) <= 1e-12:
        return decision
    own = Term("own_class", "what the actor's own Python class adds", rest, {}, ())
    return decision._replace(terms=(*decision.terms, own))


def _closed(decision: Decision) -> Decision:
    """Return a decision whose dicts refuse to be changed."""
    terms = tuple(term._replace(sees=read_only(term.sees)) for term in decision.terms)
    return decision._replace(terms=terms, outcome=read_only(decision.outcome))


def _paths(decision: Decision) -> tuple[str, ...]:
    return (*decision.numbers, *(path for term in decision.terms for path in term.numbers))
