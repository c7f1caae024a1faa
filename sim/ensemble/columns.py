"""The columns of an ensemble's tables, each with its meaning and unit, in the order in which engines write them."""

from __future__ import annotations

from typing import Final

WEEKLY: Final = {
    "week": "weeks since 3 March 2025 at the end of the round",
    "battlefield": "Russia's advantage on the battlefield (latent; 0 is stalemate)",
    "optimism_opponent": "by how much Moscow overrates Russia's advantage (latent; below 0 it underrates it)",
    "optimism_host": "by how much Kyiv underrates Russia's advantage (latent; below 0 it overrates it)",
    "posture": "US posture (latent; 0 as documented)",
    "cap": "highest rung Washington would put on offer (position on the ladder, 0 to 5)",
    "offer": "US inclination to back a force (latent)",
    "rung": "rung on offer (position on the ladder, 0 to 5)",
    "pressure_broker": "incentives that reach Washington (latent; below 0 holds it back)",
    "pressure_host": "incentives that reach Kyiv, after what it resists (latent)",
    "pressure_opponent": "incentives that reach Moscow (latent)",
    "threat": "sanctions threatened for a broken truce, 0 to 1",
    "mission": "mission on the table "
    "(in the engine its position among the missions sorted by name, -1: none; in tables its name)",
    "concedes": "the most Kyiv would concede (units of concession)",
    "requires": "the least Moscow would take (units of concession)",
    "concession": "concession by Kyiv, 0 to 1: agreed in a truce, else its maximum",
    "truce": "1 while a truce is in force",
    "truces": "truces begun so far",
    "broken": "truces broken so far",
    "signed": "mission signed with the truce in force (-1: none)",
    "imposed": "how far the truce in force was imposed (latent, at least 0)",
    "arms": "arms that Kyiv counts on, 0 to 1",
    "guarantee": "guarantee that Kyiv sees: force pledged, promise and arms, 0 to 1",
    "consent_index": "what Kyiv concedes minus what Moscow requires under the mission on the table",
    "consent": "Russian consent (position: 0 refuses, 1 tolerates, 2 accepts)",
    "sufficiency": "troops conditionally pledged over the mission's minimum (those in the field once formed)",
    "pledged_troops": "troops pledged by states that may join the mission on the table (persons)",
    "ratified_troops": "of these, ratified (persons)",
    "ceiling": "the most troops that can be fielded (persons)",
    "met_truce": "1 if a truce is in force or the mission needs none",
    "met_host_consent": "1 if Kyiv would host the mission on the table",
    "met_russian_consent": "1 if Moscow's consent is as much as the mission needs",
    "met_council": "1 if the mission needs no UN mandate or gets it",
    "met_backstop": "1 if states whose demand for a backstop is met, or that pledged, could fill the minimum",
    "met_lead": "1 if a lead has ratified, or the mission needs none",
    "met_troops": "1 if pledged troops under the ceiling, from three states, reach the minimum",
    "met_ratification": "1 if enough of what is pledged is ratified",
    "force": "mission in the field (position; -1: none)",
    "force_european": "1 if the force in the field counts as European",
    "troops": "troops in the field (persons)",
    "european_troops": "of these, European (persons)",
    "states": "states with troops in the field",
    "tested": "1 if the force in the field was attacked, or its truce broke, in this round",
    "attacked": "1 if the force in the field was attacked in this round",
    "reinforced": "1 if the American promise was honoured when the force was tested in this round",
    "ended": "1 if a force in the field ended in this round",
    "training": "1 while a training mission is in place",
    "follows": "chance that a force follows a truce, as all read it from public facts, 0 to 1",
    "relief": "rewards for signing that are held out to Moscow (latent)",
    "escalated": "1 if the force in the field exchanged fire with Russia in this round",
    "strained": "1 if Washington left a Western force outside NATO without answer in a test in this round",
}
"""What an engine records at the end of every round, in this order."""


ACTOR_WEEKLY: Final = {
    "stage": "stage of a contributor (position among the stances; 0 for others)",
    "readiness": "how ready a contributor is to pledge (latent; 0 for others)",
    "ratified": "1 if its pledge is ratified",
    "in_force": "1 if it has troops in the field",
}
"""What an engine records of every actor at the end of every round, in this order."""


RUN: Final = {
    "run": "number of the run, from 0",
    "outcome": "the one outcome over the whole run: "
    "first deployed mission, or observer, training, ceasefire_without_force, no_ceasefire",
    "ceasefire_week": "week in which a truce first began (missing: never)",
    "truces": "truces begun",
    "truce_broke": "whether a truce broke",
    "deployed_week": "week in which a deployed mission first formed (missing: never)",
    "european_week": "week in which a European force first formed (missing: never)",
    "observer_week": "week in which an observer mission first formed (missing: never)",
    "training_week": "week in which a training mission first was in place (missing: never)",
    "mission": "first deployed mission that formed, or none",
    "troops": "troops of the first deployed force when it formed, in persons (missing: none formed)",
    "european_troops": "of these, European (persons)",
    "states": "states in the first deployed force when it formed",
    "rung_at_formation": "rung of the backstop when it formed (word; missing: none formed)",
    "consent_at_formation": "Russian consent when it formed (word; missing: none formed)",
    "with_russian_consent": "whether the first deployed force formed while Moscow tolerated or accepted it",
    "without_russian_consent": "whether the first deployed force formed while Moscow refused it",
    "in_place_at_horizon": "whether a deployed force is in the field at the horizon",
    "held": "whether the first deployed force was in the field from its formation to the horizon",
    "attacks": "rounds in which a force in the field was attacked",
    "reinforced": "tests of a force after which the American promise was honoured",
    "rung": "rung on offer at the horizon (word)",
    "rung_highest": "highest rung on offer in any week (word)",
    "consent": "Russian consent at the horizon (word)",
    "concession": "concession by Kyiv at the horizon, 0 to 1",
    "guarantee": "guarantee that Kyiv sees at the horizon, 0 to 1",
    "arms": "arms that Kyiv counts on at the horizon, 0 to 1",
    "pledged_troops": "troops pledged at the horizon for the mission on the table (persons)",
    "sufficiency_highest": "highest ratio of pledged troops to the mission's minimum in any week",
    "table": "mission on the table at the horizon, or none",
    "troops_at_horizon": "troops in the field at the horizon (persons; 0 without a force)",
    "escalated": "whether a force in the field ever exchanged fire with Russia",
    "alliance_strained": "whether Washington ever left a Western force outside NATO without answer in a test",
    "reached": "furthest step of the funnel reached (position among FUNNEL; -1: no ceasefire)",
}
"""Columns of the table of runs; ``missing_<gate>`` and ``tabled_<mission>`` follow for each gate and mission."""


FUNNEL: Final = ("ceasefire", "consent", "backstop", "pledges", "ratified", "formed", "held")
"""Steps to a force that holds, each counted only after those before it (consent: of Kyiv, Moscow and the Council)."""


HORIZONS: Final = {3: 13, 6: 26, 12: 52}
"""Months, and the weeks they mean."""
