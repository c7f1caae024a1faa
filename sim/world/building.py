"""Build the World of a scenario: find, for each number of each part, the column of the inputs that holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim import vocabulary
from sim.scenario.references import edge_ends, is_eligible
from sim.scenario.scenario import Scenario
from sim.world import streams
from sim.world.columns import (
    RULES,
    ActorColumns,
    BrokerColumns,
    EdgeColumns,
    EventColumns,
    HostColumns,
    Ints,
    MissionColumns,
    Names,
    OpponentColumns,
    ScaleColumns,
    StreamRows,
    World,
)

PROCEDURES = vocabulary.PROCEDURES
VETO = "security_council_veto"
DECISIONS = ("threshold", "quantal")
STANCE_READINGS = ("conditional", "as_spoken")
FORESIGHTS = ("drawn", "none", "half", "full")
TERMS = ("lasting", "passing")
BELIEFS = ("updated", "fixed")


def build(scenario: Scenario) -> World:
    """Return the structure of ``scenario``.

    Actors and missions are sorted by name, edges by (target, source, channel), inputs by path.

    Raises
    ------
    StreamCollision
        If two names of random streams have the same hash.
    """
    world = _Builder(scenario).world()
    _close(world)
    return world


def _close(part: object) -> None:
    """Close the arrays of a part of a world to writing: a batch keeps one world for all its blocks."""
    if isinstance(part, np.ndarray):
        part.flags.writeable = False
    elif isinstance(part, tuple):
        for inner in part:
            _close(inner)


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
        broker, host = next(iter(self.playing("broker")), ""), self.playing("host")[0]
        opponents = self.playing("opponent")
        stream, stream_names = self.streams(broker or "broker")
        streams.check_distinct([*stream_names, *(f"input/{path}" for path in self.inputs)])
        return World(
            names=self.names(stream_names),
            absent=len(self.inputs),
            rounds=self.parts.horizon_weeks * self.parts.rounds_per_week,
            rounds_per_week=self.parts.rounds_per_week,
            procedure=PROCEDURES.index(self.parts.rules.table.procedure),
            decision=DECISIONS.index(self.parts.rules.pledge.decision),
            stances=STANCE_READINGS.index(self.parts.rules.pledge.stances),
            foresight=FORESIGHTS.index(self.parts.rules.truce.foresight),
            terms=TERMS.index(self.parts.rules.truce.terms),
            beliefs=BELIEFS.index(self.parts.rules.learning.beliefs),
            impose=self.missions.index(self.parts.table.impose) if self.parts.table.impose in self.missions else -1,
            reference_mission=self.reference_mission(),
            training_mission=next(
                (at for at, name in enumerate(self.missions) if "training" in self.parts.missions[name].groups), -1
            ),
            begins_in_truce=int(self.parts.begins_in_truce),
            broker_at=self.actors.index(broker) if broker else -1,
            host_at=self.actors.index(host),
            opponents_at=tuple(self.actors.index(name) for name in opponents),
            opponents_seated=tuple(int(self.is_seated(name)) for name in opponents),
            actor=self.actor_columns(),
            broker=self.broker(f"actors.{broker}"),
            host=self.host(f"actors.{host}"),
            opponents=tuple(self.opponent(f"actors.{name}") for name in opponents),
            edge=self.edges(),
            mission=self.mission_columns(),
            scale=self.scales(),
            event=self.events(),
            stream=stream,
            rule=np.array([self.at(f"rules.{name}") for name in RULES], dtype=np.int64),
            european_mood=self.at("common.european_mood"),
            credence_tilt=self.at("common.credence"),
            firmness_tilt=self.at("common.firmness"),
            capacity_tilt=self.at("common.capacity"),
            us_turn=self.at("common.us_turn"),
        )

    def playing(self, part: str) -> list[str]:
        """Return the actors that play a part, by name."""
        return [name for name in self.actors if part in self.parts.actors[name].parts()]

    def is_seated(self, name: str) -> bool:
        """Return whether an actor has a vote of its own in the Security Council: an edge of that channel."""
        return any(source == name and channel == VETO for source, _, channel in map(edge_ends, self.parts.network))

    def reference_mission(self) -> int:
        """Return the mission whose exposure is the yardstick: reassurance, else the first European or any other one."""
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
            "great_power": [int(self.parts.actors[name].great_power) for name in self.actors],
            "commits": [int(self.parts.actors[name].commits is not None) for name in self.actors],
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
        names = (
            "optimism",
            "doubt",
            "foresight",
            "loss_of_war",
            "memory_of_broken_deals",
            "arms",
            "worth_floor",
            "resists_pressure",
        )
        return HostColumns(*(self.at(f"{actor}.{name}") for name in names))

    def opponent(self, actor: str) -> OpponentColumns:
        names = ("optimism", "doubt", "foresight", "provocation", "tolerance", "territorial_claims", "forward_forces")
        veto = (f"vetoes.light_missions.{name}" for name in ("provocation_at_most", "firmness"))
        return OpponentColumns(*(self.at(f"{actor}.{name}") for name in (*names, *veto)))

    def edges(self) -> EdgeColumns:
        ends = {key: edge_ends(key) for key in self.parts.network}
        keys = sorted(ends, key=lambda key: (ends[key][1], ends[key][0], ends[key][2]))
        places = [
            (self.actors.index(ends[key][0]), self.actors.index(ends[key][1]), vocabulary.CHANNELS.index(ends[key][2]),
             self.sign(*ends[key][1:]),
             *(self.at(f"network.{key}.{name}") for name in ("strength", "willingness", "open")))
            for key in keys
        ]  # fmt: skip
        table = np.array(places, dtype=np.int64).reshape(-1, 7)
        return EdgeColumns(*(np.ascontiguousarray(table[:, at]) for at in range(7)))

    def sign(self, target: str, channel: str) -> int:
        """Return how an incentive moves its target.

        Towards a settlement (+1), or away from a force or its backing (-1); 0 for a channel that is no incentive.
        """
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
            "eligible": [
                [int(is_eligible(kind, name, self.parts.actors[name])) for name in self.actors] for kind in kinds
            ],
            "leads": [[int(name in kind.leads) for name in self.actors] for kind in kinds],
            "profile": self.by_issue("missions.{}.profile", self.missions),
        }
        consent = [vocabulary.CONSENTS.index(kind.needs_consent) for kind in kinds]
        return MissionColumns(**_arrays({**flags, **columns, **by_actor, "consent_word": consent}))

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
    "company": "needs.company.at_least",
    "company_firmness": "needs.company.firmness",
    "definition": "needs.definition.firmness",
    "decent": "needs.decent_settlement.concession_at_most",
    "decent_firmness": "needs.decent_settlement.firmness",
    "sidelining": "motives.sidelining",
    "autonomy": "motives.autonomy",
    "aid_fatigue": "motives.aid_fatigue",
    "duty": "motives.duty",
    "fear_of_defeat": "motives.fear_of_defeat",
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
    "commit_troops": "commits.troops",
    "commit_rung": "commits.if.us_backstop",
    "commit_consent": "commits.if.russian_consent",
    "commit_company": "commits.if.company",
    "commit_truce": "commits.if.ceasefire",
}
_ISSUE_PATHS = {"position": "positions", "salience": "salience"}
_MISSION_PATHS = {
    "worth": "worth",
    "provocation": "provocation",
    "exposure": "exposure",
    "target": "target_troops",
    "reserves": "reserves_outside",
}


def _arrays(columns: Mapping[str, Sequence[int] | Sequence[Sequence[int]]]) -> dict[str, Ints]:
    return {name: np.array(column, dtype=np.int64) for name, column in columns.items()}
