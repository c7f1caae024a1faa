"""The structure of a World, part by part: flags, and the column of the inputs that holds each number.

Names are in :class:`Names`; everything else is numbers, so that compiled code can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.run_row import Missions
from sim.scenario.priors import Prior
from sim.world.rule_names import RuleNames

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Fill = Callable[[int, Sequence[str], int, int], Floats]
"""Gives the luck of a block: (seed, names of streams, block, rounds) to an array of shape (names, rounds, BLOCK)."""


class Names(NamedTuple):
    """The words behind the positions: actors, missions, inputs and streams by position; priors by input."""

    scenario: str
    actors: tuple[str, ...]
    missions: tuple[str, ...]
    inputs: tuple[str, ...]
    streams: tuple[str, ...]
    priors: tuple[Prior, ...]
    agents: tuple[str, ...]


class ActorColumns(NamedTuple):
    """For each actor (sorted by name) flags and columns of inputs; an absent number points at the column of zeros."""

    contributor: Ints
    european: Ints
    eu_member: Ints
    states: Ints
    great_power: Ints
    stance: Ints
    stance_incoming: Ints
    handover: Ints
    disposition: Ints
    backstop_rung: Ints
    backstop_firmness: Ints
    consent_word: Ints
    consent_firmness: Ints
    company: Ints
    company_firmness: Ints
    definition: Ints
    decent: Ints
    decent_firmness: Ints
    sidelining: Ints
    autonomy: Ints
    aid_fatigue: Ints
    duty: Ints
    fear_of_defeat: Ints
    government: Ints
    coalition: Ints
    parliament: Ints
    public: Ints
    home_guard: Ints
    capacity: Ints
    ratify_weeks: Ints
    ratify_support: Ints
    credence: Ints
    standing: Ints
    susceptibility: Ints
    commits: Ints
    commit_troops: Ints
    commit_rung: Ints
    commit_consent: Ints
    commit_company: Ints
    commit_truce: Ints
    position: Ints
    salience: Ints


class BrokerColumns(NamedTuple):
    """Columns of the broker's own numbers."""

    start: int
    turns: int
    turn_size: int
    turn_upward: int
    at_least: int
    at_most: int
    honoured: int
    burden_sharing: int
    consent_ease: int
    nato_veto: int


class HostColumns(NamedTuple):
    """Columns of the host's own numbers."""

    optimism: int
    doubt: int
    foresight: int
    loss_of_war: int
    memory: int
    arms: int
    worth_floor: int
    resists: int


class OpponentColumns(NamedTuple):
    """Columns of an opponent's own numbers."""

    optimism: int
    doubt: int
    foresight: int
    provocation: int
    tolerance: int
    claims: int
    forward_forces: int
    light_tolerates: int
    light_firmness: int


class EdgeColumns(NamedTuple):
    """Edges sorted by (target, source, channel): ends, channel and sign, and columns.

    Ends are positions of actors, the channel is its position in CHANNELS; ``sign`` is the direction in which an
    incentive moves its target, 0 for other channels.
    """

    source: Ints
    target: Ints
    channel: Ints
    sign: Ints
    strength: Ints
    willingness: Ints
    open: Ints


class MissionColumns(NamedTuple):
    """For each mission (sorted by name) flags and columns; ``eligible`` and ``leads`` are (mission, actor) flags."""

    deployed: Ints
    european: Ints
    observer: Ints
    training: Ints
    western: Ints
    un_mandate: Ints
    nato_flag: Ints
    waits_for_truce: Ints
    consent_word: Ints
    eligible: Ints
    leads: Ints
    profile: Ints
    worth: Ints
    provocation: Ints
    exposure: Ints
    target: Ints
    reserves: Ints


class ScaleColumns(NamedTuple):
    """Columns of the numbers behind words, by position in their vocabulary."""

    offered_from: Ints
    guarantee: Ints
    enabling: Ints
    stance: Ints
    stage_from: Ints
    consent: Ints


class EventColumns(NamedTuple):
    """Dated events sorted by name: quantity as position in EVENT_QUANTITIES, columns of week and change."""

    quantity: Ints
    week: Ints
    change: Ints


class StreamRows(NamedTuple):
    """Rows of the luck: of single processes, and by actor (position; -1 where an actor has no such luck)."""

    battlefield: int
    turn: int
    turn_direction: int
    proposer: int
    truce_break: int
    attack: int
    honoured: int
    mood: Ints
    pledge: Ints


class World(NamedTuple):
    """Structure of a scenario, fixed for a batch; see the parts. ``rule`` holds columns by the order of RULES.

    ``broker_at`` is -1 where there is no broker; opponents come in the order of their names, and
    ``opponents_seated`` is 1 for those with a vote in the Security Council (an edge ``security_council_veto``).

    Everything but ``names`` is a number, an array of whole numbers, or a NamedTuple of these, so that compiled code can
    be handed ``world._replace(names=())``. ``absent`` is the column of zeros that stands for what an actor lacks.
    """

    names: Names
    absent: int
    rounds: int
    rounds_per_week: int
    procedure: int
    decision: int
    stances: int
    foresight: int
    terms: int
    beliefs: int
    impose: int
    reference_mission: int
    training_mission: int
    begins_in_truce: int
    broker_at: int
    host_at: int
    opponents_at: tuple[int, ...]
    opponents_seated: tuple[int, ...]
    actor: ActorColumns
    broker: BrokerColumns
    host: HostColumns
    opponents: tuple[OpponentColumns, ...]
    edge: EdgeColumns
    mission: MissionColumns
    scale: ScaleColumns
    event: EventColumns
    stream: StreamRows
    rule: Ints
    european_mood: int
    credence_tilt: int
    firmness_tilt: int
    capacity_tilt: int
    us_turn: int

    @property
    def missions(self) -> Missions:
        """The facts about missions that the row of a run needs."""
        return Missions(self.names.missions, self.mission.deployed, self.mission.observer, self.rounds_per_week)


class Inputs(NamedTuple):
    """The uncertain numbers, drawn once a run: ``values`` of shape (runs, inputs + 1), the last column all zeros."""

    values: Floats


class Luck:
    """The random events of the runs: uniforms ``values`` in [0, 1), of shape (streams, rounds, runs)."""

    def __init__(self, values: Floats) -> None:
        self._values = values

    def __eq__(self, other: object) -> bool:
        """Return whether two hold the same numbers."""
        return isinstance(other, Luck) and np.array_equal(self.values, other.values)

    __hash__ = None  # type: ignore[assignment]

    @property
    def values(self) -> Floats:
        """The uniforms."""
        return self._values


class BlockLuck(Luck):
    """The luck of block ``number`` of some streams, drawn by ``fill`` when somebody asks for its values.

    An engine that draws as it plays need not ask.
    """

    def __init__(self, seed: int, streams: tuple[str, ...], number: int, rounds: int, fill: Fill) -> None:
        self.seed, self.streams, self.number, self.rounds = seed, streams, number, rounds
        self._fill = fill

    @cached_property
    def values(self) -> Floats:
        """The uniforms, drawn now and kept."""
        return self._fill(self.seed, self.streams, self.number, self.rounds)


RULES = tuple(name.replace("_", ".", 1) for name in RuleNames._fields)
"""Paths of the rules' weights under ``rules``, in the order of :class:`RuleNames`."""
