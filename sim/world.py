"""A scenario turned into arrays, and the draws; read by both engines.

:class:`World` is the structure of a batch and fixed for it: who is there, who leans on whom, and in which column of the
inputs each number stands. :func:`draw` gives one block of runs its inputs and its luck. Names stand apart in
:class:`Names`; everything else is numbers, so that compiled code can read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import priors, streams, vocabulary
from sim.config import Scenario
from sim.priors import Prior
from sim.references import edge_ends
from sim.scenario import Mission

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LUCK_COLUMN = "luck"
PROCEDURES = ("proposer", "weighted_mean", "median")


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
    stance: Ints
    stance_incoming: Ints
    handover: Ints
    disposition: Ints
    backstop_rung: Ints
    backstop_firmness: Ints
    consent_word: Ints
    consent_firmness: Ints
    company: Ints
    definition: Ints
    decent: Ints
    decent_firmness: Ints
    sidelining: Ints
    autonomy: Ints
    aid_fatigue: Ints
    duty: Ints
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
    guarantee_worth: int
    memory: int
    arms: int
    worth_floor: int
    resists: int


class OpponentColumns(NamedTuple):
    """Columns of the opponent's own numbers."""

    optimism: int
    provocation: int
    tolerance: int
    claims: int
    forward_forces: int
    light_tolerates: int
    light_firmness: int


class EdgeColumns(NamedTuple):
    """Edges sorted by (target, source, channel): ends as positions, channel as position in CHANNELS, the sign with which
    an incentive moves its target (0 for other channels), columns."""

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
    minimum: Ints
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
    """Structure of a scenario, fixed for a batch; see the parts. ``rule`` holds columns by the order of RULES."""

    names: Names
    rounds: int
    rounds_per_week: int
    procedure: int
    impose: int
    reference_mission: int
    training_mission: int
    broker_at: int
    host_at: int
    opponent_at: int
    actor: ActorColumns
    broker: BrokerColumns
    host: HostColumns
    opponent: OpponentColumns
    edge: EdgeColumns
    mission: MissionColumns
    scale: ScaleColumns
    event: EventColumns
    stream: StreamRows
    rule: Ints
    european_mood: int
    us_turn: int

    @property
    def absent(self) -> int:
        """The column of zeros that stands for numbers an actor does not have."""
        return len(self.names.inputs)


class Inputs(NamedTuple):
    """What we do not know, drawn once a run: ``values`` of shape (runs, inputs + 1), the last column all zeros."""

    values: Floats


class Luck(NamedTuple):
    """What could go either way: uniforms ``values`` of shape (streams, rounds, runs)."""

    values: Floats


def build(scenario: Scenario) -> World:
    """Return the structure of ``scenario``: actors sorted by name, edges by (target, source, channel), inputs by path."""
    return _Builder(scenario).world()


def draw(
    world: World,
    seed: int,
    block: int,
    quantiles: pd.DataFrame | None = None,
    values: pd.DataFrame | None = None,
) -> tuple[Inputs, Luck]:
    """Return inputs and luck of one block of :data:`sim.streams.BLOCK` runs.

    ``quantiles`` (in [0, 1)) or ``values`` (numbers, or words for choices) replace inputs: a column for an input path, a
    row for a run, and, if wanted, the column ``luck`` with the number of the run whose luck it gets. Rows beyond the
    table keep their own inputs and luck.

    Raises
    ------
    ValueError
        If a column is no input path, or a value does not fit it.
    """
    runs = np.arange(block * streams.BLOCK, (block + 1) * streams.BLOCK)
    luck_rows = runs.copy()
    for table in (quantiles, values):
        if table is not None:
            check_table(world, table)
            if LUCK_COLUMN in table.columns:
                inside = runs[runs < len(table)]
                luck_rows[: len(inside)] = table[LUCK_COLUMN].to_numpy()[inside]
    uniform = _inputs_luck(world, seed, luck_rows)
    drawn = np.zeros((streams.BLOCK, len(world.names.inputs) + 1))
    for column, prior in enumerate(world.names.priors):
        _replace(uniform[column], quantiles, world.names.inputs[column], runs)
        drawn[:, column] = priors.quantile(prior, uniform[column])
        coded = None if values is None else _coded(values, world.names.inputs[column], prior)
        _replace(drawn[:, column], coded, world.names.inputs[column], runs)
    return Inputs(drawn), Luck(_gather(seed, world.names.streams, world.rounds, luck_rows))


def check_table(world: World, table: pd.DataFrame) -> None:
    """Check that every column of a table of quantiles or values is an input of ``world``, or ``luck``."""
    from sim.reading import suggestion

    for name in table.columns:
        if name != LUCK_COLUMN and name not in world.names.inputs:
            raise ValueError(f"{name!r} is not an input; {suggestion(name, world.names.inputs)[:200]}")


def input_quantiles(world: World, seed: int, runs: int) -> pd.DataFrame:
    """Return the quantiles at which runs 0 to ``runs`` - 1 draw their inputs: a row a run, a column an input."""
    uniform = _inputs_luck(world, seed, np.arange(runs))
    return pd.DataFrame(uniform.T, columns=list(world.names.inputs))


def _inputs_luck(world: World, seed: int, rows: Ints) -> Floats:
    return _gather(seed, tuple(f"input/{path}" for path in world.names.inputs), 1, rows)[:, 0, :]


def _gather(seed: int, names: Sequence[str], rounds: int, rows: Ints) -> Floats:
    found = np.empty((len(names), rounds, len(rows)))
    for block in np.unique(rows // streams.BLOCK):
        here = np.flatnonzero(rows // streams.BLOCK == block)
        inside = rows[here] % streams.BLOCK
        whole = len(here) == streams.BLOCK and bool((np.diff(inside) == 1).all())
        for at, name in enumerate(names):
            luck = streams.uniforms(seed, name, int(block), rounds)
            found[at][:, here] = luck if whole else luck[:, inside]
    return found


def _replace(column: Floats, table: pd.DataFrame | None, name: str, runs: Ints) -> None:
    if table is not None and name in table.columns:
        inside = runs[runs < len(table)]
        column[: len(inside)] = table[name].to_numpy(dtype=np.float64)[inside]


def _coded(values: pd.DataFrame, name: str, prior: Prior) -> pd.DataFrame | None:
    if name not in values.columns:
        return None
    return pd.DataFrame({name: [priors.coded(prior, value) for value in values[name]]})


def _arrays(columns: Mapping[str, Sequence[int] | Sequence[Sequence[int]]]) -> dict[str, Ints]:
    return {name: np.array(column, dtype=np.int64) for name, column in columns.items()}


class _Builder:
    """Finds the column of every number."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.parts = scenario, scenario.parts
        self.inputs = tuple(scenario.leaves)
        self.column = {path: at for at, path in enumerate(self.inputs)}
        self.actors = tuple(sorted(self.parts.actors))
        self.missions = tuple(sorted(self.parts.missions))

    def at(self, path: str) -> int:
        return self.column.get(path, len(self.inputs))

    def world(self) -> World:
        part = {
            name: next(a for a in self.actors if name in self.parts.actors[a].parts())
            for name in ("broker", "host", "opponent")
        }
        stream, stream_names = self.streams(part["broker"])
        streams.check_distinct([*stream_names, *(f"input/{path}" for path in self.inputs)])
        return World(
            names=self.names(stream_names),
            rounds=self.parts.horizon_weeks * self.parts.rounds_per_week,
            rounds_per_week=self.parts.rounds_per_week,
            procedure=PROCEDURES.index(self.parts.rules.table.procedure),
            impose=self.missions.index(self.parts.table.impose) if self.parts.table.impose in self.missions else -1,
            reference_mission=self.reference_mission(),
            training_mission=next(
                (at for at, name in enumerate(self.missions) if "training" in self.parts.missions[name].groups), -1
            ),
            broker_at=self.actors.index(part["broker"]),
            host_at=self.actors.index(part["host"]),
            opponent_at=self.actors.index(part["opponent"]),
            actor=self.actor_columns(),
            broker=self.broker(f"actors.{part['broker']}"),
            host=self.host(f"actors.{part['host']}"),
            opponent=self.opponent(f"actors.{part['opponent']}"),
            edge=self.edges(),
            mission=self.mission_columns(),
            scale=self.scales(),
            event=self.events(),
            stream=stream,
            rule=np.array([self.at(f"rules.{name}") for name in RULES], dtype=np.int64),
            european_mood=self.at("common.european_mood"),
            us_turn=self.at("common.us_turn"),
        )

    def reference_mission(self) -> int:
        """Return the mission on which readiness is centred: reassurance, else the first European or any other one."""
        european = [name for name in self.missions if "european" in self.parts.missions[name].groups]
        wanted = "reassurance" if "reassurance" in self.missions else [*european, *self.missions][0]
        return self.missions.index(wanted)

    def names(self, stream_names: tuple[str, ...]) -> Names:
        leaf_priors = tuple(leaf.prior for leaf in self.scenario.leaves.values())
        agents = tuple(self.parts.actors[name].agent or "" for name in self.actors)
        return Names(self.scenario.name, self.actors, self.missions, self.inputs, stream_names, leaf_priors, agents)

    def actor_columns(self) -> ActorColumns:
        flags = {
            "contributor": [int("contributor" in self.parts.actors[name].roles) for name in self.actors],
            "european": [int(self.parts.actors[name].european) for name in self.actors],
            "eu_member": [int("eu" in self.parts.actors[name].member_of) for name in self.actors],
            "states": [self.parts.actors[name].states for name in self.actors],
        }
        columns = {
            field: [self.at(f"actors.{name}.{path}") for name in self.actors] for field, path in _ACTOR_PATHS.items()
        }
        for field, government in (("stance", "outgoing"), ("stance_incoming", "incoming")):
            columns[field] = [self.stance(name, government) for name in self.actors]
        issues = {field: self.by_issue(f"actors.{{}}.{path}", self.actors) for field, path in _ISSUE_PATHS.items()}
        return ActorColumns(**_arrays({**flags, **columns, **issues}))

    def by_issue(self, path: str, names: Sequence[str]) -> list[list[int]]:
        return [[self.at(f"{path.format(name)}.{issue}") for issue in vocabulary.ISSUES] for name in names]

    def stance(self, name: str, government: str) -> int:
        own = f"actors.{name}.stance"
        return self.at(own) if own in self.column else self.at(f"actors.{name}.governments.{government}.stance")

    def broker(self, actor: str) -> BrokerColumns:
        posture, backstop = f"{actor}.posture", f"{actor}.backstop"
        return BrokerColumns(
            *(self.at(f"{posture}.{name}") for name in ("start", "turns", "turn_size", "turn_upward")),
            *(self.at(f"{backstop}.{name}") for name in ("offers.at_least", "offers.at_most", "honoured")),
            *(self.at(f"{actor}.{name}") for name in ("burden_sharing", "consent_ease", "vetoes.nato_flag.firmness")),
        )

    def host(self, actor: str) -> HostColumns:
        names = ("optimism", "guarantee_worth", "memory_of_broken_deals", "arms", "worth_floor", "resists_pressure")
        return HostColumns(*(self.at(f"{actor}.{name}") for name in names))

    def opponent(self, actor: str) -> OpponentColumns:
        names = ("optimism", "provocation", "tolerance", "territorial_claims", "forward_forces")
        veto = (f"vetoes.light_missions.{name}" for name in ("provocation_at_most", "firmness"))
        return OpponentColumns(*(self.at(f"{actor}.{name}") for name in (*names, *veto)))

    def edges(self) -> EdgeColumns:
        ends = {key: edge_ends(key) for key in self.parts.network}
        keys = sorted(ends, key=lambda key: (ends[key][1], ends[key][0], ends[key][2]))
        places = [
            (self.actors.index(ends[key][0]), self.actors.index(ends[key][1]), vocabulary.CHANNELS.index(ends[key][2]),
             self.sign(*ends[key][1:]), *(self.at(f"network.{key}.{name}") for name in ("strength", "willingness", "open")))
            for key in keys
        ]  # fmt: skip
        table = np.array(places, dtype=np.int64).reshape(-1, 7)
        return EdgeColumns(*(np.ascontiguousarray(table[:, at]) for at in range(7)))

    def sign(self, target: str, channel: str) -> int:
        """Return how an incentive moves its target: towards a settlement (+1), or away from a force or its backing (-1)."""
        if channel not in vocabulary.INCENTIVES:
            return 0
        lures_broker = channel == "normalisation" and "broker" in self.parts.actors[target].parts()
        return -1 if channel == "escalation_threat" or lures_broker else 1

    def mission_columns(self) -> MissionColumns:
        kinds = [self.parts.missions[name] for name in self.missions]
        flags = {
            group: [int(group in kind.groups) for kind in kinds]
            for group in ("deployed", "european", "observer", "training")
        }
        plain = ("western", "un_mandate", "nato_flag", "waits_for_truce")
        flags |= {name: [int(getattr(kind, name)) for kind in kinds] for name in plain}
        columns = {
            field: [self.at(f"missions.{name}.{path}") for name in self.missions]
            for field, path in _MISSION_PATHS.items()
        }
        by_actor = {
            "eligible": [[int(self.eligible(kind, name)) for name in self.actors] for kind in kinds],
            "leads": [[int(name in kind.leads) for name in self.actors] for kind in kinds],
            "profile": self.by_issue("missions.{}.profile", self.missions),
        }
        consent = [vocabulary.CONSENTS.index(kind.needs_consent) for kind in kinds]
        return MissionColumns(**_arrays({**flags, **columns, **by_actor, "consent_word": consent}))

    def eligible(self, mission: Mission, name: str) -> bool:
        actor = self.parts.actors[name]
        nato = "nato" in actor.member_of
        tags = {"any": True, "european": actor.european, "nato": nato, "not_nato": not nato}
        return "contributor" in actor.roles and any(tags.get(entry, entry == name) for entry in mission.eligible)

    def scales(self) -> ScaleColumns:
        words = {
            "offered_from": vocabulary.RUNGS,
            "guarantee": vocabulary.RUNGS,
            "enabling": vocabulary.RUNGS,
            "stance": vocabulary.STANCES,
            "stage_from": vocabulary.STANCES[1:],
            "consent": vocabulary.CONSENTS,
        }
        return ScaleColumns(
            **{
                scale: np.array([self.at(f"scales.{scale}.{word}") for word in words[scale]], dtype=np.int64)
                for scale in words
            }
        )

    def events(self) -> EventColumns:
        names = sorted(self.parts.events)
        quantities = [vocabulary.EVENT_QUANTITIES.index(self.parts.events[name].quantity) for name in names]
        columns = [[self.at(f"events.{name}.{part}") for name in names] for part in ("week", "change")]
        return EventColumns(*(np.array(row, dtype=np.int64) for row in (quantities, *columns)))

    def streams(self, broker: str) -> tuple[StreamRows, tuple[str, ...]]:
        moody = [name for name in self.actors if self.parts.actors[name].disposition is not None]
        contributors = [name for name in self.actors if "contributor" in self.parts.actors[name].roles]
        processes = {
            "battlefield": "battlefield/news", "turn": f"{broker}/turn", "turn_direction": f"{broker}/turn_direction",
            "proposer": "table/proposer", "truce_break": "truce/break", "attack": "force/attack",
            "honoured": "promise/honoured",
        }  # fmt: skip
        rows = sorted(
            [*processes.values(), *(f"{name}/mood" for name in moody), *(f"{name}/pledge" for name in contributors)]
        )
        at = {name: position for position, name in enumerate(rows)}
        single = {key: at[name] for key, name in processes.items()}
        mood, pledge = (
            np.array([at.get(f"{name}/{purpose}", -1) for name in self.actors], dtype=np.int64)
            for purpose in ("mood", "pledge")
        )
        return StreamRows(**single, mood=mood, pledge=pledge), tuple(rows)


_ACTOR_PATHS = {
    "handover": "handover.week",
    "disposition": "disposition",
    "backstop_rung": "needs.us_backstop.at_least",
    "backstop_firmness": "needs.us_backstop.firmness",
    "consent_word": "needs.russian_consent.at_least",
    "consent_firmness": "needs.russian_consent.firmness",
    "company": "needs.company.firmness",
    "definition": "needs.definition.firmness",
    "decent": "needs.decent_settlement.concession_at_most",
    "decent_firmness": "needs.decent_settlement.firmness",
    "sidelining": "motives.sidelining",
    "autonomy": "motives.autonomy",
    "aid_fatigue": "motives.aid_fatigue",
    "duty": "motives.duty",
    "government": "hesitancy.government",
    "coalition": "hesitancy.coalition",
    "parliament": "hesitancy.parliament",
    "public": "hesitancy.public",
    "home_guard": "home_guard",
    "capacity": "capacity_troops",
    "ratify_weeks": "ratification.weeks",
    "ratify_support": "ratification.support",
    "credence": "credence",
    "standing": "standing",
    "susceptibility": "susceptibility",
}
_ISSUE_PATHS = {"position": "positions", "salience": "salience"}
_MISSION_PATHS = {
    "worth": "worth",
    "provocation": "provocation",
    "exposure": "exposure",
    "minimum": "minimum_troops",
    "reserves": "reserves_outside",
}


class RuleNames(NamedTuple):
    """The weights of the rules by name; both engines read a run's numbers in this order."""

    battlefield_mean: float
    battlefield_persistence: float
    battlefield_weekly_sd: float
    battlefield_terms_weight: float
    battlefield_optimism_decay: float
    moods_persistence: float
    moods_weekly_sd: float
    lobby_adjustment: float
    lobby_influence_speed: float
    lobby_broker_drawn: float
    lobby_turn_reach: float
    table_bonus_standing: float
    table_pledges_raise_standing: float
    table_supply_share: float
    table_floor_relief: float
    truce_overlap_weeks: float
    truce_force_weight: float
    truce_promise_weight: float
    truce_arms_weight: float
    truce_promise_provokes: float
    truce_firewall: float
    truce_break_hazard: float
    truce_break_guarantee: float
    truce_break_imposed: float
    truce_break_threat: float
    truce_memory_step: float
    pledge_backstop: float
    pledge_consent: float
    pledge_company: float
    pledge_exposure: float
    pledge_home_guard: float
    pledge_settlement: float
    pledge_definition: float
    pledge_sidelining: float
    pledge_aid_fatigue: float
    pledge_fatigue_weeks: float
    pledge_definition_weeks: float
    pledge_example: float
    pledge_move: float
    pledge_hesitancy_slows: float
    pledge_margin: float
    ratify_domestic: float
    ratify_bar_weeks: float
    form_ceiling_alone: float
    form_ceiling_enablers: float
    form_hub_loss: float
    form_berlin_plus: float
    form_filled_up_to: float
    form_weeks: float
    form_training_share: float
    form_training_war: float
    hold_attack_hazard: float
    hold_exposure: float
    hold_consent: float
    hold_promise: float
    hold_worth: float
    hold_forward_loss: float
    hold_reserve_gain: float
    hold_war_factor: float
    hold_attack_shock: float


RULES = tuple(name.replace("_", ".", 1) for name in RuleNames._fields)
"""Paths of the rules' weights under ``rules``, in the order of :class:`RuleNames`."""
