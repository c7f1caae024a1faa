"""What the documents say is at work, mechanism by mechanism: how to take it away, and what must change when one does.

Numbers are those of the issue that asked for them. The signs are imposed by the rules; they are not findings. The table
``docs/mechanisms.md`` is written from this list by ``python -m tests.verification.report`` and held against it by a test.
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import NamedTuple

from tests.verification.seen import (
    Changes,
    Quantity,
    cell,
    early,
    gap,
    late,
    mean,
    outcome_is,
    per_week_of,
    pledged,
    ratified,
    readiness,
    tabled,
)

AIR: Changes = {"actors.us.backstop.offers.at_least": "air_cover"}
ASSURED: Changes = {"actors.us.backstop.offers.at_least": "assurance"}
TRUCE: Changes = {"actors.ukraine.disposition": 3.5}
WAR: Changes = {"actors.ukraine.disposition": -6}
FORCE: Changes = {
    **TRUCE,
    **ASSURED,
    **{f"actors.{name}.disposition": 2.0 for name in ("uk", "france", "sweden", "denmark", "netherlands", "lithuania")},
    **{
        f"actors.{name}.ratification.support": 2.0
        for name in ("uk", "france", "sweden", "denmark", "netherlands", "lithuania")
    },
}
HESITANT = ("germany", "italy", "spain")
BALTICS = ("estonia", "latvia", "lithuania")
EUROPEANS = ("denmark", "estonia", "finland", "france", "germany", "ireland", "italy", "latvia", "lithuania",
             "netherlands", "norway", "poland", "slovakia", "spain", "sweden", "uk")  # fmt: skip
WESTERN = ("enforcement", "nato", "reassurance", "tripwire")
REFUSES: Changes = {"actors.russia.disposition": -6}
ACCEPTS: Changes = {"actors.russia.disposition": 6}
NO_US: Changes = {"actors.us.backstop.offers": {"at_least": "none", "at_most": "none"}, "actors.us.posture.turns": 0}
DEMANDING = tuple(name for name in EUROPEANS if name != "slovakia")
CUT_AID: Changes = {
    "network.us->ukraine/military_aid.strength": 1, "network.us->ukraine/military_aid.willingness": 1, **WAR,
}  # fmt: skip
CONTRIBUTORS = (*EUROPEANS, "canada", "china", "central_asia", "turkey")


class Mechanism(NamedTuple):
    """A mechanism: its number, what it says, the situation both arms share, what takes it away, and what that moves.

    ``sign`` is that of the mechanism's presence on ``measured``: + if the quantity is higher with it, 0 if it must not
    move. ``runs`` is enough for a verdict at the size of effect that was measured. ``in_baseline`` takes it away there
    for its effect on the headline, where that is something else than ``taken_away``.
    """

    number: int
    says: str
    paths: str
    situation: Changes
    taken_away: Changes
    measured: str
    quantity: Quantity
    sign: str
    scenario: str = "baseline"
    runs: int = 96
    in_baseline: Changes | None = None


def _each(actors: tuple[str, ...], path: str, value: object) -> Changes:
    return {f"actors.{name}.{path}": value for name in actors}


_NOTHING_OFFERED: Changes = {f"actors.us.backstop.offers.{end}": "none" for end in ("at_least", "at_most")}
_READY: Changes = {**FORCE, "actors.ukraine.disposition": 0, "actors.russia.disposition": 0}
_COVERED = (
    "uk",
    "france",
    "germany",
    "italy",
    "spain",
    "netherlands",
    "sweden",
    "denmark",
    "norway",
    "finland",
    *BALTICS,
)
_EXAMPLES = [f"network.{lead}->{name}/troop_example.strength" for lead in ("uk", "france") for name in _COVERED[3:]]
_THREATS = [f"russia->{name}/escalation_threat" for name in (*EUROPEANS, "canada")]
_BANKS = [f"{name}->russia/bank_sanctions" for name in ("us", "uk", "france")]
_ENERGY = [f"{name}->russia/energy_sanctions" for name in ("us", "germany")]

MECHANISMS = (
    *(
        Mechanism(
            1, f"{name.title()} is held back while the backstop it demands is not offered", f"actors.{name}.needs.us_backstop",
            NO_US, {f"actors.{name}.needs.us_backstop": "none"}, f"readiness of {name.title()}, nothing offered",
            readiness(name), "-",
        )
        for name in HESITANT
    ),
    *(
        Mechanism(
            1, f"{name.title()} softens as the backstop it demands is offered", f"actors.{name}.needs.us_backstop", ASSURED, _NOTHING_OFFERED,
            f"readiness of {name.title()}, an assurance offered and not nothing", readiness(name), "+",
            in_baseline={f"actors.{name}.needs.us_backstop": "none"},
        )
        for name in HESITANT
    ),
    Mechanism(
        1, "A backstop demanded and believed holds London back no more", "actors.uk.needs.us_backstop",
        {**ASSURED, "actors.uk.credence": "100%", "network.us->uk/security_guarantee.strength": 1,
         "rules.learning.beliefs": "fixed"}, {"actors.uk.needs.us_backstop": "none"},
        "readiness of the UK, its demand met", readiness("uk"), "0",
    ),
    Mechanism(
        1, "London makes the backstop a condition, Paris less so", "actors.{uk,france}.needs.us_backstop", NO_US,
        _each(("uk", "france"), "needs.us_backstop", "none"), "readiness of the UK minus that of France, nothing offered",
        gap(readiness("uk"), readiness("france")), "-",
    ),
    Mechanism(
        1, "Paris stresses Europe's own responsibility", "actors.france.motives.autonomy", FORCE,
        {"actors.france.motives.autonomy": 0}, "readiness of France", readiness("france"), "+",
    ),
    Mechanism(
        2, "Contributors doubt that the promise would be honoured", "actors.*.credence", ASSURED,
        _each(("uk", *HESITANT), "credence", "100%"), "readiness of the UK, Germany, Italy and Spain",
        readiness("uk", *HESITANT), "-",
    ),
    Mechanism(
        2, "After a broken promise demands for a backstop bind harder", "rules.learning.promise_tells",
        {**FORCE, "rules.hold.attack_hazard": "20%", "rules.hold.attack_shock": 0, "actors.us.backstop.honoured": 0,
         "rules.learning.promise_tells": 8}, {"rules.learning.promise_tells": 0}, "readiness of the UK, the promise broken",
        readiness("uk"), "-",
    ),
    Mechanism(
        2, "A promise may be broken when the force is tested", "actors.us.backstop.honoured",
        {**FORCE, "rules.hold.attack_hazard": "30%"}, {"actors.us.backstop.honoured": "100%"},
        "tests after which the promise was honoured", cell("reinforced"), "-",
    ),
    Mechanism(
        3, "Some rungs are ruled out for now", "actors.us.backstop.offers.at_most", {"actors.us.posture.start": 2},
        {"actors.us.backstop.offers.at_most": "troops"}, "rung on offer", mean("rung"), "-",
    ),
    Mechanism(
        3, "Washington rules out a NATO flag", "actors.us.vetoes.nato_flag",
        {**TRUCE, "actors.us.standing": 0, "actors.russia.standing": 0, "rules.table.supply_share": "20%"},
        {"actors.us.vetoes.nato_flag": "none"}, "weeks with a NATO mission tabled", tabled("nato"), "-",
    ),
    Mechanism(
        3, "Some contributors demand more than air cover", "actors.*.needs.us_backstop.at_least",
        {**AIR, **_each(EUROPEANS, "credence", "100%"), **_each(DEMANDING, "needs.us_backstop.at_least", "assurance")},
        _each(DEMANDING, "needs.us_backstop.at_least", "air_cover"),
        "weeks with enough demands for a backstop met", mean("met_backstop"), "-",
    ),
    Mechanism(
        3, "No option is off the table: posture may turn", "actors.us.posture.turns", {}, {"actors.us.posture.turns": 0},
        "highest rung that could be offered", mean("cap"), "+",
    ),
    Mechanism(
        4, "Europe's effort persuades Washington (a sign with a prior)", "actors.us.burden_sharing",
        _each(CONTRIBUTORS[:16], "disposition", 1.5), {"actors.us.burden_sharing": 0}, "US inclination to back a force",
        mean("offer"), "+",
    ),
    Mechanism(
        5, "Normal relations draw Washington away from pressing Moscow", "rules.lobby.broker_drawn", {},
        {"rules.lobby.broker_drawn": 0}, "pressure on Moscow", mean("pressure_opponent"), "-",
    ),
    Mechanism(
        5, "Normal relations hold Washington's offer back", "network.russia->us/normalisation.strength", {},
        {"network.russia->us/normalisation.strength": 0}, "incentives that reach Washington", mean("pressure_broker"), "-",
    ),
    Mechanism(
        5, "Washington can press Kyiv through aid", "network.us->ukraine/military_aid.strength", {},
        {"network.us->ukraine/military_aid.strength": 0}, "pressure on Kyiv", mean("pressure_host"), "+",
    ),
    Mechanism(
        5, "Washington wants oversight, and non-Europeans too", "actors.us.standing", {"actors.us.standing": 4}, {"actors.us.standing": 0},
        "weeks with a neutral force tabled", tabled("neutral", "un_blue_helmets", "observer"), "+", runs=768,
    ),
    Mechanism(
        5, "Normal relations are held out to Moscow for signing", "network.us->russia/normalisation", {},
        {"network.us->russia/normalisation.strength": 0}, "least that Moscow takes", mean("requires"), "-",
    ),
    Mechanism(
        5, "Aid that is cut turns the war, and Kyiv yields for it", "rules.battlefield.arms", CUT_AID,
        {"rules.battlefield.arms": 0}, "most that Kyiv concedes", mean("concedes"), "+",
    ),
    Mechanism(
        5, "Aid that is cut turns the war, and Moscow asks for more", "rules.battlefield.arms", CUT_AID,
        {"rules.battlefield.arms": 0}, "least that Moscow takes", mean("requires"), "+",
    ),
    Mechanism(
        5, "What is paid for signing is no pressure", "network.us->russia/normalisation",
        {**WAR, **{f"network.us->russia/{channel}.strength": 0 for channel in ("bank_sanctions", "energy_sanctions")}},
        {"network.us->russia/normalisation.strength": 0}, "pressure on Moscow, no truce in reach", mean("pressure_opponent"), "0",
    ),
    Mechanism(
        5, "Effort is a budget: threats leave Moscow less for its lure", "network.russia->*/escalation_threat", {},
        {f"network.{edge}.strength": 0 for edge in _THREATS}, "incentives that reach Washington", mean("pressure_broker"), "+",
    ),
    Mechanism(
        6, "Moscow foresees the force that would follow", "actors.russia.foresight", {**_READY, "actors.russia.foresight": 1},
        {"actors.russia.foresight": 0}, "weeks under a truce", mean("truce"), "-", runs=384,
    ),
    Mechanism(
        6, "A Western force that Moscow refuses endangers the truce", "rules.truce.break_provoked",
        {**FORCE, "actors.russia.tolerance": 0, "rules.truce.break_hazard": "3.5%", "rules.truce.break_provoked": 0.6},
        {"rules.truce.break_provoked": 0}, "truces broken", mean("broken"), "+", runs=384,
    ),
    Mechanism(
        6, "Moscow refuses Western and NATO troops", "actors.russia.provocation", TRUCE, {"actors.russia.provocation": 0},
        "Russian consent", mean("consent"), "-",
    ),
    Mechanism(
        6, "A force without Moscow's consent is a target", "rules.hold.consent",
        {**FORCE, "actors.russia.disposition": 6, "rules.hold.attack_hazard": "10%"}, {"rules.hold.consent": 0},
        "attacks a week on a force that Moscow accepts", per_week_of("attacked", "troops"), "-",
    ),
    Mechanism(
        6, "Moscow holds a veto on a mandate", "missions.un_blue_helmets.un_mandate",
        {**TRUCE, "table.impose": "un_blue_helmets", "missions.un_blue_helmets.needs_consent": "refuses",
         "actors.russia.tolerance": 0, "actors.russia.provocation": 30},
        {"missions.un_blue_helmets.un_mandate": False}, "weeks in which the Council lets the mission pass",
        mean("met_council"), "-",
    ),
    Mechanism(
        6, "Moscow claims four regions", "actors.russia.territorial_claims", {}, {"actors.russia.territorial_claims": 0},
        "least that Moscow takes", mean("requires"), "+",
    ),
    Mechanism(
        7, "Moscow would rather have a neutral or observer mission", "actors.russia.standing", {},
        {"actors.russia.standing": 0}, "weeks with a neutral, UN or observer mission tabled",
        tabled("neutral", "un_blue_helmets", "observer"), "+",
    ),
    Mechanism(
        7, "Turkish troops make a neutral force possible", "actors.turkey.capacity_troops",
        {**TRUCE, "actors.turkey.disposition": 2}, {"actors.turkey.capacity_troops": 0},
        "weeks with enough troops pledged", mean("met_troops"), "+", "neutral_force",
    ),
    Mechanism(
        7, "Chinese and Central Asian troops come only if Moscow accepts", "actors.{china,central_asia}.needs.russian_consent",
        REFUSES, _each(("china", "central_asia"), "needs.russian_consent", "none"),
        "readiness of China and Central Asia where Moscow refuses", readiness("china", "central_asia"), "-", "neutral_force",
    ),
    Mechanism(
        7, "Where Moscow accepts its leave holds neither back", "actors.{china,central_asia}.needs.russian_consent",
        {**TRUCE, **ACCEPTS}, _each(("china", "central_asia"), "needs.russian_consent", "none"),
        "readiness of China and Central Asia where Moscow accepts", readiness("china", "central_asia"), "0", "neutral_force",
    ),
    Mechanism(
        8, "Bank sanctions press Moscow", "network.*->russia/bank_sanctions", {}, {f"network.{e}.strength": 0 for e in _BANKS},
        "pressure on Moscow", mean("pressure_opponent"), "+",
    ),
    Mechanism(
        8, "Energy sanctions press Moscow", "network.*->russia/energy_sanctions", {},
        {f"network.{e}.strength": 0 for e in _ENERGY}, "pressure on Moscow", mean("pressure_opponent"), "+",
    ),
    Mechanism(
        8, "A patron on whom it depends can press Moscow", "network.china->russia/patronage", {},
        {"network.china->russia/patronage.strength": 0}, "pressure on Moscow", mean("pressure_opponent"), "+",
    ),
    Mechanism(
        1, "An American promise that does not cover their troops is worth nothing to Europeans", "network.us->*/security_guarantee",
        ASSURED, {f"network.us->{name}/security_guarantee.strength": 0 for name in _COVERED}, "readiness of the UK", readiness("uk"), "+",
    ),
    Mechanism(
        8, "Sanctions threatened for a broken truce hold it", "rules.truce.break_threat",
        {**TRUCE, "rules.truce.break_hazard": "6%", "rules.truce.break_threat": 3}, {"rules.truce.break_threat": 0},
        "truces broken", mean("broken"), "-", runs=192,
    ),
    Mechanism(
        8, "Sanctions decided through the EU must pass its gate, which Slovakia may hold up", "network.slovakia->*/eu_decision",
        {f"network.slovakia->{name}/eu_decision.open": "no" for name in ("france", "germany")},
        {f"network.slovakia->{name}/eu_decision.open": "yes" for name in ("france", "germany")},
        "sanctions threatened", mean("threat"), "-",
    ),
    Mechanism(
        9, "Concessions by Kyiv make Moscow readier", "actors.ukraine.disposition", {"actors.ukraine.disposition": 1.5},
        {"actors.ukraine.disposition": 0}, "consent index of Moscow", mean("consent_index"), "+",
    ),
    Mechanism(
        9, "Kyiv concedes for guarantees that keep the peace", "actors.ukraine.loss_of_war", {}, {"actors.ukraine.loss_of_war": 0},
        "most that Kyiv concedes", mean("concedes"), "+",
    ),
    Mechanism(
        9, "A guarantee that keeps no peace buys no concession", "rules.truce.break_guarantee",
        # What arms hold off in the war itself is left out: a cut of aid would move the terms, guarantee or not.
        {**WAR, "rules.truce.break_guarantee": 0, "rules.battlefield.arms": 0, "actors.ukraine.arms": 1}, {"actors.ukraine.arms": 0},
        "most that Kyiv concedes", mean("concedes"), "0", in_baseline={"rules.truce.break_guarantee": 0},
    ),
    Mechanism(
        9, "Kyiv counts on the force that would follow", "actors.ukraine.foresight",
        {**_READY, "actors.ukraine.disposition": 1.5, "actors.ukraine.foresight": 1},
        {"actors.ukraine.foresight": 0}, "weeks under a truce", mean("truce"), "+", runs=384,
    ),
    Mechanism(
        9, "A truce that is regretted breaks", "rules.truce.break_regret",
        {**TRUCE, "rules.truce.break_hazard": "1%", "events.hope": {"quantity": "ukrainian_optimism", "week": 20, "change": 5}},
        {"rules.truce.break_regret": 0}, "truces broken", mean("broken"), "+",
    ),
    Mechanism(
        9, "Kyiv remembers broken deals", "actors.ukraine.memory_of_broken_deals", {},
        {"actors.ukraine.memory_of_broken_deals": 0}, "most that Kyiv concedes", mean("concedes"), "-",
    ),
    Mechanism(
        9, "Kyiv lets nobody decide without it: it resists pressure", "actors.ukraine.resists_pressure", {},
        {"actors.ukraine.resists_pressure": 0}, "pressure that reaches Kyiv", mean("pressure_host"), "-",
    ),
    Mechanism(
        9, "Kyiv hosts no mission worth too little", "actors.ukraine.worth_floor", {"actors.russia.standing": 20}, {"actors.ukraine.worth_floor": 0},
        "weeks with an observer mission tabled", tabled("observer"), "-",
    ),
    Mechanism(
        9, "Allies want a decent settlement", "actors.*.needs.decent_settlement",
        {**TRUCE, "actors.russia.disposition": -3}, _each(("uk", "france", "sweden"), "needs.decent_settlement", "none"),
        "readiness of the UK, France and Sweden", readiness("uk", "france", "sweden"), "-",
    ),
    Mechanism(
        9, "An imposed deal is brittle", "rules.truce.break_imposed",
        {"network.us->ukraine/military_aid.strength": 1, "network.us->ukraine/military_aid.willingness": 1,
         "actors.ukraine.resists_pressure": 0, "rules.truce.break_hazard": "6%", "rules.truce.break_imposed": 4,
         "rules.truce.overlap_weeks": 2},
        {"rules.truce.break_imposed": 0}, "truces broken", mean("broken"), "+", runs=1536,
    ),
    Mechanism(
        10, "Whoever believes it is winning holds out", "actors.russia.optimism", {}, {"actors.russia.optimism": 0},
        "least that Moscow takes", mean("requires"), "+",
    ),
    Mechanism(
        10, "Fighting teaches: what Moscow overrates shrinks", "rules.learning.beliefs", {"actors.russia.optimism": 0.9},
        {"rules.learning.beliefs": "fixed"}, "by how much Moscow overrates Russia's advantage", mean("optimism_opponent"), "-",
    ),
    Mechanism(
        10, "A moving front teaches faster than a still one", "rules.battlefield.weekly_sd",
        {"actors.russia.optimism": 0.9, "rules.battlefield.weekly_sd": 0.1}, {"rules.battlefield.weekly_sd": 0.01},
        "by how much Moscow overrates Russia's advantage", mean("optimism_opponent"), "-",
    ),
    Mechanism(
        10, "The battlefield moves the terms", "rules.battlefield.mean", {}, {"rules.battlefield.mean": 0},
        "most that Kyiv concedes", mean("concedes"), "+",
    ),
    Mechanism(
        11, "Europe sends no armed force into a hot war", "missions.*.waits_for_truce",
        {**FORCE, **WAR}, {f"missions.{name}.waits_for_truce": False for name in ("reassurance", "tripwire")},
        "weeks with a force in the field", per_week_of("met_truce", "week"), "-",
    ),
    Mechanism(
        11, "Training alone needs no truce", "missions.training.waits_for_truce", {**WAR, "rules.form.training_war": 0},
        {"missions.training.waits_for_truce": True}, "weeks with training in place", mean("training"), "+",
    ),
    Mechanism(
        11, "War deters trainers too", "rules.form.training_war", WAR, {"rules.form.training_war": 0},
        "weeks with training in place", mean("training"), "-",
    ),
    Mechanism(
        12, "The Baltic states do not go alone", "actors.*.needs.company",
        {**_each(EUROPEANS, "disposition", -3), **_each(BALTICS, "needs.us_backstop", "none")},
        _each(BALTICS, "needs.company", "none"), "readiness of the Baltic states where nobody goes", readiness(*BALTICS), "-",
    ),
    Mechanism(
        12, "In company their wish for it is idle", "actors.*.needs.company",
        {**FORCE, **_each(("uk", "france"), "needs.us_backstop", "none"), **_each(BALTICS, "needs.us_backstop", "none")},
        _each(BALTICS, "needs.company", "none"), "readiness of the Baltic states once others go", late(readiness(*BALTICS)), "0",
    ),
    Mechanism(
        12, "Leads set an example, beyond the troops they bring", "network.*/troop_example",
        {**_each(("uk", "france"), "disposition", 2), **_each(("uk", "france"), "capacity_troops", 0)},
        _each(("uk", "france"), "disposition", -3), "readiness of the Baltic states", readiness(*BALTICS), "+",
        in_baseline=dict.fromkeys(_EXAMPLES, 0),
    ),
    Mechanism(
        12, "Spain wants mission, flag and mandate defined first", "actors.spain.needs.definition",
        {**WAR, **dict.fromkeys((f"actors.spain.needs.{need}" for need in ("us_backstop", "russian_consent", "company")), "none")},
        {"actors.spain.needs.definition": "none"}, "readiness of Spain, no truce signed", readiness("spain"), "-",
    ),
    Mechanism(
        12, "Once they are, its demand is idle", "actors.spain.needs.definition",
        {**TRUCE, **dict.fromkeys((f"actors.spain.needs.{need}" for need in ("us_backstop", "russian_consent", "company")), "none"),
         "table.impose": "reassurance"},
        {"actors.spain.needs.definition": "none"}, "readiness of Spain late in the year", late(readiness("spain")), "0",
    ),
    Mechanism(
        13, "Poland and the Baltic states fear for their own guard", "actors.*.home_guard",
        _each(("uk", "france"), "disposition", 2), _each(("poland", *BALTICS), "home_guard", 0),
        "readiness of Poland and the Baltic states", readiness("poland", *BALTICS), "-",
    ),
    Mechanism(
        13, "Poland rules troops out", "actors.poland.stance", {}, {"actors.poland.stance": "open"},
        "weeks in which Poland is pledged", pledged("poland"), "-",
    ),
    Mechanism(
        13, "Polish logistics carry the force", "network.poland->*/logistics_hub",
        {f"network.poland->{name}/logistics_hub.open": "yes" for name in ("uk", "france")},
        {f"network.poland->{name}/logistics_hub.open": "no" for name in ("uk", "france")},
        "troops that can be fielded", mean("ceiling"), "+",
    ),
    Mechanism(
        14, "A new German government is more open", "actors.germany.governments.incoming", {},
        {"actors.germany.governments.incoming.stance": "opposed"}, "readiness of Germany", readiness("germany"), "+",
    ),
    Mechanism(
        14, "Germany wants Russian consent", "actors.germany.needs.russian_consent",
        {**REFUSES, "actors.germany.needs.us_backstop": "none"}, {"actors.germany.needs.russian_consent": "none"},
        "readiness of Germany where Moscow refuses", readiness("germany"), "-",
    ),
    Mechanism(
        14, "Where Moscow accepts that demand is idle", "actors.germany.needs.russian_consent",
        {**TRUCE, **ACCEPTS, "actors.germany.needs.us_backstop": "none"}, {"actors.germany.needs.russian_consent": "none"},
        "readiness of Germany where Moscow accepts", readiness("germany"), "0",
    ),
    Mechanism(
        14, "History pulls Germany", "actors.germany.motives.duty", {}, {"actors.germany.motives.duty": 0},
        "readiness of Germany", readiness("germany"), "+",
    ),
    Mechanism(
        15, "Parliaments and voters may refuse", "actors.*.hesitancy.parliament",
        {**_each(("uk", "france", "sweden"), "disposition", 1), **_each(("uk", "france", "sweden"), "ratification.support", 0),
         **_each(("uk", "france", "sweden"), "hesitancy.parliament", 1)},
        _each(("uk", "france", "sweden"), "hesitancy.parliament", 0),
        "share of pledges ratified, backing at home thin", ratified(), "-", runs=384,
    ),
    Mechanism(
        15, "Or they are readier than thought", "actors.*.ratification.support",
        {**_each(("uk", "france", "sweden"), "disposition", 1), **_each(("uk", "france", "sweden"), "ratification.support", 0.9)},
        _each(("uk", "france", "sweden"), "ratification.support", 0), "share of pledges ratified", ratified(), "+", runs=512,
    ),
    Mechanism(
        16, "Troops after rotation are few", "actors.*.capacity_troops", {}, _each(EUROPEANS, "capacity_troops", 30000),
        "weeks with enough troops pledged", mean("met_troops"), "-",
    ),
    Mechanism(
        16, "US enablers bound what Europeans can do alone", "rules.form.ceiling_alone", {},
        {"rules.form.ceiling_alone": 200000}, "troops that can be fielded", mean("ceiling"), "-",
    ),
    Mechanism(
        16, "A larger minimum is harder to fill", "rules.form.minimum_share", {}, {"rules.form.minimum_share": "5%"},
        "weeks with enough troops pledged", mean("met_troops"), "-",
    ),
    Mechanism(
        16, "A force is filled up to the size that is planned", "missions.*.target_troops",
        {**FORCE, "rules.form.minimum_share": "20%", **{f"missions.{name}.target_troops": 20000 for name in ("reassurance", "tripwire")}},
        {f"missions.{name}.target_troops": 60000 for name in ("reassurance", "tripwire")}, "troops in the field",
        mean("troops"), "-",
    ),
    Mechanism(
        16, "What can be sent at once cannot be kept", "rules.hold.rotation", {**FORCE, "rules.hold.attack_hazard": 0},
        {"rules.hold.rotation": 1}, "troops in the field late in the second year", late(mean("troops")), "-", "two_years",
    ),
    Mechanism(
        17, "The EU may plan through NATO (Berlin-plus)", "rules.form.berlin_plus",
        {"actors.us.backstop.offers.at_most": "none"}, {"rules.form.berlin_plus": 0}, "troops that can be fielded",
        mean("ceiling"), "+",
    ),
    Mechanism(
        17, "A Western force outside NATO left without answer strains the alliance", "actors.us.backstop.honoured",
        {**FORCE, "rules.hold.attack_hazard": "20%", "actors.us.backstop.honoured": 0}, {"actors.us.backstop.honoured": 1},
        "alliance strained", cell("alliance_strained"), "+",
    ),
    Mechanism(
        18, "Fear of being sidelined draws Europeans in", "actors.*.motives.sidelining", TRUCE, {"rules.pledge.sidelining": 0},
        "readiness of France", readiness("france"), "+",
    ),
    Mechanism(
        18, "Strategic autonomy stands in for part of the backstop", "actors.*.motives.autonomy", FORCE,
        {"actors.france.motives.autonomy": 0, "actors.uk.motives.autonomy": 0}, "readiness of France", readiness("france"), "+",
    ),
    Mechanism(
        18, "Fear of a Ukrainian defeat draws Europeans in", "actors.*.motives.fear_of_defeat", {}, {"rules.pledge.fear_of_defeat": 0},
        "readiness of all Europeans", readiness(*EUROPEANS), "+",
    ),
    Mechanism(
        18, "A force that lacks nothing but troops calls for them", "rules.pledge.call_for_troops", FORCE,
        {"rules.pledge.call_for_troops": 0}, "readiness of all Europeans", readiness(*EUROPEANS), "+",
    ),
    Mechanism(
        18, "Aid fatigue makes troops look cheaper", "rules.pledge.aid_fatigue", {}, {"rules.pledge.aid_fatigue": 0},
        "readiness of all Europeans", readiness(*EUROPEANS), "+",
    ),
    Mechanism(
        18, "Pledges buy a seat at the table", "rules.table.pledges_raise_standing",
        {**_each(("uk", "france"), "disposition", 2), **WAR}, {"rules.table.pledges_raise_standing": 0},
        "weeks with a European mission tabled", tabled("reassurance", "tripwire", "enforcement"), "+", runs=256,
    ),
    Mechanism(
        19, "Robust missions deter", "rules.hold.worth", {**FORCE, "rules.hold.attack_hazard": "10%"}, {"rules.hold.worth": 0},
        "attacks a week on a force", per_week_of("attacked", "troops"), "-",
    ),
    Mechanism(
        19, "Robust missions provoke", "missions.enforcement.provocation", {**WAR, "table.impose": "enforcement"},
        {"table.impose": "reassurance"}, "least that Moscow takes, no truce in reach", mean("requires"), "+",
        in_baseline={f"missions.{name}.provocation": 0 for name in WESTERN},
    ),
    Mechanism(
        19, "Observers are worth little to Kyiv", "missions.observer.worth",
        {**_each(CONTRIBUTORS, "disposition", 2), "table.impose": "observer"}, {"missions.observer.worth": 0.6},
        "guarantee that Kyiv sees", mean("guarantee"), "-",
    ),
    Mechanism(
        19, "A rear guard is safer", "missions.reassurance.exposure", {"table.impose": "enforcement"},
        {"table.impose": "reassurance"}, "readiness of all Europeans", readiness(*EUROPEANS), "-",
        in_baseline={"rules.pledge.exposure": 0},
    ),
    Mechanism(
        19, "Reserves outside help", "rules.hold.reserve_gain", FORCE, {"rules.hold.reserve_gain": 0},
        "guarantee that Kyiv sees", mean("guarantee"), "+",
    ),
    Mechanism(
        19, "Russian forces left in place weaken a mission", "actors.russia.forward_forces",
        {**FORCE, "table.impose": "reassurance", "actors.russia.forward_forces": 1},
        {"actors.russia.forward_forces": 0}, "guarantee that Kyiv sees", mean("guarantee"), "-",
    ),
    Mechanism(
        20, "A force in place is attacked", "rules.hold.attack_hazard", FORCE, {"rules.hold.attack_hazard": 0},
        "attacks on a force", cell("attacks"), "+",
    ),
    Mechanism(
        20, "A force that is attacked may hit back", "rules.hold.retaliates",
        {**FORCE, "rules.hold.attack_hazard": "20%"}, {"rules.hold.retaliates": 0}, "fire exchanged with Russia",
        cell("escalated"), "+",
    ),
    Mechanism(
        20, "Attacked and not reinforced, contributors leave", "rules.hold.attack_shock",
        {**FORCE, "rules.hold.attack_hazard": "20%", "actors.us.backstop.honoured": 0, "rules.hold.attack_shock": 8},
        {"rules.hold.attack_shock": 0}, "first force still in the field", cell("held"), "-",
    ),
    Mechanism(
        20, "Soldiers sent for a tour do not come home with a passing mood", "rules.hold.tour_weeks",
        {**FORCE, "rules.hold.attack_hazard": 0, "rules.hold.rotation": 1}, {"rules.hold.tour_weeks": 1},
        "states in the field", mean("states"), "+",
    ),
    Mechanism(
        21, "Arms without troops are a guarantee", "actors.ukraine.arms", {}, {"actors.ukraine.arms": 0},
        "guarantee that Kyiv sees", mean("guarantee"), "+",
    ),
    Mechanism(
        21, "Where no force forms, a ceasefire may stand on arms alone", "actors.ukraine.arms", {"actors.ukraine.disposition": 1},
        {"actors.ukraine.arms": 0}, "weeks under a truce", mean("truce"), "+",
    ),
    Mechanism(
        21, "Training and support remain where no force forms", "missions.training", TRUCE, {"missions.training": None},
        "outcome is training", outcome_is("training"), "+",
    ),
    Mechanism(
        8, "Russia's threats, if made with full force, hold contributors back", "network.russia->*/escalation_threat",
        {f"network.{edge}.{part}": 1 for edge in _THREATS for part in ("strength", "willingness")},
        {f"network.{edge}.strength": 0 for edge in _THREATS}, "readiness of all Europeans", readiness(*EUROPEANS), "-",
    ),
    Mechanism(
        5, "Washington presses Moscow little", "network.us->russia/bank_sanctions.willingness", {},
        {"network.us->russia/bank_sanctions.willingness": "100%"}, "pressure on Moscow early on", early("pressure_opponent"), "-",
    ),
)  # fmt: skip
