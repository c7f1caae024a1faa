"""The columns of an ensemble's tables: each stands here once, with its name, its meaning and unit, and what it holds.

Engines fill the rows by name, so that a type checker and numba refuse a column that is misspelt, missing or unknown.
What only tables have, such as the number of a run, stands with the table.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple, get_type_hints

Holds = Literal[
    "number", "number_or_missing", "count", "count_or_missing", "flag", "outcome", "mission", "rung", "consent"
]
"""What the numbers of a column stand for in tables; the last four are positions of words."""


class Column(NamedTuple):
    """A column of a row: its meaning and unit in words, and what its numbers stand for."""

    meaning: str
    holds: Holds = "number"


class WeeklyRow(NamedTuple):
    """What an engine records at the end of every round."""

    week: Annotated[float, Column("weeks since the start at the end of the round")]
    battlefield: Annotated[float, Column("the opponents' advantage on the battlefield (latent; 0 is stalemate)")]
    optimism_opponent: Annotated[
        float, Column("by how much the opponent overrates its advantage (latent; below 0 it underrates it)")
    ]
    optimism_host: Annotated[
        float, Column("by how much the host underrates the opponents' advantage (latent; below 0 it overrates it)")
    ]
    posture: Annotated[float, Column("the broker's posture (latent; 0 as documented)")]
    cap: Annotated[float, Column("highest rung the broker would put on offer (position on the ladder, 0 to 5)")]
    offer: Annotated[float, Column("the broker's inclination to back a force (latent)")]
    rung: Annotated[float, Column("rung on offer (position on the ladder, 0 to 5)")]
    pressure_broker: Annotated[float, Column("incentives that reach the broker (latent; below 0 holds it back)")]
    pressure_host: Annotated[float, Column("incentives that reach the host, after what it resists (latent)")]
    pressure_opponent: Annotated[float, Column("incentives that reach the opponent (latent)")]
    threat: Annotated[float, Column("sanctions threatened for a broken truce, 0 to 1")]
    mission: Annotated[
        float,
        Column(
            "mission on the table (in the engine its position among the missions sorted by name, -1: "
            "none; in tables its name)",
            "mission",
        ),
    ]
    concedes: Annotated[float, Column("the most the host would concede (units of concession)")]
    requires: Annotated[float, Column("the least the opponent would take (units of concession)")]
    concession: Annotated[float, Column("concession by the host, 0 to 1: agreed in a truce, else its maximum")]
    truce: Annotated[float, Column("1 while a truce is in force")]
    truces: Annotated[float, Column("truces begun so far")]
    broken: Annotated[float, Column("truces broken so far")]
    signed: Annotated[float, Column("mission signed with the truce in force (-1: none)", "mission")]
    imposed: Annotated[float, Column("how far the truce in force was imposed (latent, at least 0)")]
    arms: Annotated[float, Column("arms that the host counts on, 0 to 1")]
    guarantee: Annotated[float, Column("guarantee that the host sees: force pledged, promise and arms, 0 to 1")]
    consent_index: Annotated[
        float, Column("what the host concedes minus what the opponent requires under the mission on the table")
    ]
    consent: Annotated[float, Column("the opponents' consent (position: 0 refuses, 1 tolerates, 2 accepts)")]
    sufficiency: Annotated[
        float, Column("troops conditionally pledged over the mission's minimum (those in the field once formed)")
    ]
    pledged_troops: Annotated[
        float, Column("troops pledged by states that may join the mission on the table (persons)")
    ]
    ratified_troops: Annotated[float, Column("of these, ratified (persons)")]
    ceiling: Annotated[float, Column("the most troops that can be fielded (persons)")]
    met_truce: Annotated[float, Column("1 if a truce is in force or the mission needs none")]
    met_host_consent: Annotated[float, Column("1 if the host would host the mission on the table")]
    met_russian_consent: Annotated[float, Column("1 if the opponents' consent is as much as the mission needs")]
    met_council: Annotated[float, Column("1 if the mission needs no UN mandate or gets it")]
    met_backstop: Annotated[
        float, Column("1 if states whose demand for a backstop is met, or that pledged, could fill the minimum")
    ]
    met_lead: Annotated[float, Column("1 if a lead has ratified, or the mission needs none")]
    met_troops: Annotated[float, Column("1 if pledged troops under the ceiling, from three states, reach the minimum")]
    met_ratification: Annotated[float, Column("1 if enough of what is pledged is ratified")]
    force: Annotated[float, Column("mission in the field (position; -1: none)", "mission")]
    force_european: Annotated[float, Column("1 if the force in the field counts as European")]
    troops: Annotated[float, Column("troops in the field (persons)")]
    european_troops: Annotated[float, Column("of these, European (persons)")]
    states: Annotated[float, Column("states with troops in the field")]
    tested: Annotated[float, Column("1 if the force in the field was attacked, or its truce broke, in this round")]
    attacked: Annotated[float, Column("1 if the force in the field was attacked in this round")]
    reinforced: Annotated[
        float, Column("1 if the broker's promise was honoured when the force was tested in this round")
    ]
    ended: Annotated[float, Column("1 if a force in the field ended in this round")]
    training: Annotated[float, Column("1 while a training mission is in place")]
    follows: Annotated[float, Column("chance that a force follows a truce, as all read it from public facts, 0 to 1")]
    relief: Annotated[float, Column("rewards for signing that are held out to the opponent (latent)")]
    escalated: Annotated[float, Column("1 if the force in the field exchanged fire with the opponent in this round")]
    strained: Annotated[
        float, Column("1 if the broker left a Western force outside NATO without answer in a test in this round")
    ]


class ActorWeeklyRow(NamedTuple):
    """What an engine records of every actor at the end of every round."""

    stage: Annotated[float, Column("stage of a contributor (position among the stances; 0 for others)")]
    readiness: Annotated[float, Column("how ready a contributor is to pledge (latent; 0 for others)")]
    ratified: Annotated[float, Column("1 if its pledge is ratified")]
    in_force: Annotated[float, Column("1 if it has troops in the field")]
    troops: Annotated[float, Column("its troops in the field (persons; its share of the force)")]


class SeatRow(NamedTuple):
    """What is kept of every actor of a run; a word stands as its position, what is missing as not a number."""

    stage: Annotated[float, Column("stage at the horizon (word of stance)")]
    ratified: Annotated[float, Column("whether its pledge is ratified at the horizon", "flag")]
    deployed: Annotated[float, Column("whether it was in the first deployed force when that formed", "flag")]
    stage_at_start: Annotated[float, Column("stage at week 0, before any round (word of stance)")]
    troops: Annotated[float, Column("its troops in the first deployed force when that formed (persons; 0: none)")]
    pledged_week: Annotated[float, Column("week in which it first was pledged (missing: never)", "number_or_missing")]
    ratified_week: Annotated[
        float, Column("week in which a pledge of its was first ratified (missing: never)", "number_or_missing")
    ]
    deployed_week: Annotated[
        float, Column("week in which it first had troops in a deployed force (missing: never)", "number_or_missing")
    ]


class RunRow(NamedTuple):
    """The row of a run, without its number; a word stands as its position, what is missing as not a number."""

    outcome: Annotated[
        float,
        Column(
            "the one outcome over the whole run: first deployed mission, or observer, training, "
            "ceasefire_without_force, no_ceasefire",
            "outcome",
        ),
    ]
    ceasefire_week: Annotated[float, Column("week in which a truce first began (missing: never)", "number_or_missing")]
    truces: Annotated[float, Column("truces begun", "count")]
    truce_broke: Annotated[float, Column("whether a truce broke", "flag")]
    deployed_week: Annotated[
        float, Column("week in which a deployed mission first formed (missing: never)", "number_or_missing")
    ]
    european_week: Annotated[
        float, Column("week in which a European force first formed (missing: never)", "number_or_missing")
    ]
    observer_week: Annotated[
        float, Column("week in which an observer mission first formed (missing: never)", "number_or_missing")
    ]
    training_week: Annotated[
        float, Column("week in which a training mission first was in place (missing: never)", "number_or_missing")
    ]
    mission: Annotated[float, Column("first deployed mission that formed, or none", "mission")]
    troops: Annotated[
        float,
        Column(
            "troops of the first deployed force when it formed, in persons (missing: none formed)",
            "number_or_missing",
        ),
    ]
    european_troops: Annotated[float, Column("of these, European (persons)", "number_or_missing")]
    states: Annotated[float, Column("states in the first deployed force when it formed", "count_or_missing")]
    rung_at_formation: Annotated[
        float, Column("rung of the backstop when it formed (word; missing: none formed)", "rung")
    ]
    consent_at_formation: Annotated[
        float, Column("the opponents' consent when it formed (word; missing: none formed)", "consent")
    ]
    with_russian_consent: Annotated[
        float, Column("whether the first deployed force formed while the opponent tolerated or accepted it", "flag")
    ]
    without_russian_consent: Annotated[
        float, Column("whether the first deployed force formed while the opponent refused it", "flag")
    ]
    in_place_at_horizon: Annotated[float, Column("whether a deployed force is in the field at the horizon", "flag")]
    held: Annotated[
        float, Column("whether the first deployed force was in the field from its formation to the horizon", "flag")
    ]
    attacks: Annotated[float, Column("rounds in which a force in the field was attacked", "count")]
    reinforced: Annotated[float, Column("tests of a force after which the broker's promise was honoured", "count")]
    rung: Annotated[float, Column("rung on offer at the horizon (word)", "rung")]
    rung_highest: Annotated[float, Column("highest rung on offer in any week (word)", "rung")]
    consent: Annotated[float, Column("the opponents' consent at the horizon (word)", "consent")]
    concession: Annotated[float, Column("concession by the host at the horizon, 0 to 1")]
    guarantee: Annotated[float, Column("guarantee that the host sees at the horizon, 0 to 1")]
    arms: Annotated[float, Column("arms that the host counts on at the horizon, 0 to 1")]
    pledged_troops: Annotated[float, Column("troops pledged at the horizon for the mission on the table (persons)")]
    sufficiency_highest: Annotated[
        float, Column("highest ratio of pledged troops to the mission's minimum in any week")
    ]
    table: Annotated[float, Column("mission on the table at the horizon, or none", "mission")]
    troops_at_horizon: Annotated[float, Column("troops in the field at the horizon (persons; 0 without a force)")]
    escalated: Annotated[float, Column("whether a force in the field ever exchanged fire with the opponent", "flag")]
    alliance_strained: Annotated[
        float,
        Column("whether the broker ever left a Western force outside NATO without answer in a test", "flag"),
    ]
    reached: Annotated[
        float, Column("furthest step of the funnel reached (position among FUNNEL; -1: no ceasefire)", "count")
    ]


def described(row: type[Any]) -> dict[str, Column]:
    """Return the columns of a row, by name, in their order."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(row, include_extras=True).items()}


WEEKLY_COLUMNS: Final = described(WeeklyRow)
RUN_COLUMNS: Final = described(RunRow)
SEAT_COLUMNS: Final = described(SeatRow)

WEEKLY: Final = {name: column.meaning for name, column in WEEKLY_COLUMNS.items()}
"""What an engine records at the end of every round, in this order: meaning by name."""

ACTOR_WEEKLY: Final = {name: column.meaning for name, column in described(ActorWeeklyRow).items()}
"""What an engine records of every actor at the end of every round, in this order: meaning by name."""

ACTOR: Final = {
    "run": "number of the run, from 0",
    "actor": "contributor, by its key in the config",
    "stage": SEAT_COLUMNS["stage"].meaning,
    "pledged": "whether it is pledged at the horizon",
    **{name: column.meaning for name, column in SEAT_COLUMNS.items() if name != "stage"},
}
"""Columns of the table of actors, in this order: meaning by name."""

RUN: Final = {"run": "number of the run, from 0", **{name: column.meaning for name, column in RUN_COLUMNS.items()}}
"""Columns of the table of runs; ``missing_<gate>`` and ``tabled_<mission>`` follow for each gate and mission."""


ACTOR_WEEK: Final = {
    "run": RUN["run"],
    "week": WEEKLY["week"],
    "actor": ACTOR["actor"],
    **ACTOR_WEEKLY,
    "stage": "stage at the end of the round (word of stance)",
    "ratified": "whether its pledge is ratified",
    "in_force": "whether it has troops in the field",
}
"""Columns of the table of contributors and weeks, which is played again on demand: meaning by name."""

EVENT: Final = {
    "run": RUN["run"],
    "week": "week in which it came about",
    "actor": "contributor that it is about, by its key in the config (missing: about no single one)",
    "event": "what came about, a name of EVENTS",
}
"""Columns of the table of events, which is read off the others: meaning by name."""

FUNNEL: Final = ("ceasefire", "consent", "backstop", "pledges", "ratified", "formed", "held")
"""Steps to a force that holds, each counted only after those before it (consent: of host, opponents and Council)."""


HORIZONS: Final = {3: 13, 6: 26, 12: 52}
"""Months, and the weeks they mean."""
