"""Work whole runs of the tiny world out by hand, and show the arithmetic.

This script stands alone: it imports nothing of ``sim``, reads no file, and has the rules from the documentation
(``docs/model.md`` and the docstrings of ``sim/rules``). Every number shown is the value of the formula beside it.
``python work_it_out.py 1`` prints the transcript of run 1, as in ``run_1.txt``; ``python work_it_out.py --json`` prints
the constants, the luck, and the state at the end of every week. When a rule changes on purpose, change it here from its
description, and write the transcripts anew.

The world has one contributor, which counts as three states. So there are never others that have pledged: autonomy and
home guard, which look at others, stay at nought, and the demand for company is never met. A round is one week, so
chances a week need no conversion.
"""

import json
import re
import sys
from math import exp, sqrt
from statistics import NormalDist
from typing import Any

Week = dict[str, float]

# --- the world: the numbers of tiny.yaml once more -----------------------------------------------------------------

# fmt: off
NUMBERS: dict[str, dict[str, Any]] = {
    "actors.coalition": {
        "capacity_troops": 5000, "credence": 0.7, "disposition": 0.1, "governments.incoming.stance": "hesitant",
        "governments.outgoing.stance": "pledged", "handover.week": 5, "hesitancy.coalition": 0.3,
        "hesitancy.government": 0.4, "hesitancy.parliament": 0.5, "hesitancy.public": 0.1, "home_guard": 0.2,
        "motives.aid_fatigue": 0.4, "motives.autonomy": 0.2, "motives.duty": 0.1, "motives.fear_of_defeat": 0.5,
        "motives.sidelining": 0.5, "needs.company.at_least": 0.5, "needs.company.firmness": 0.3,
        "needs.decent_settlement.concession_at_most": 0.2, "needs.decent_settlement.firmness": 0.5,
        "needs.definition.firmness": 0.5, "needs.russian_consent.at_least": "tolerates",
        "needs.russian_consent.firmness": 0.2, "needs.us_backstop.at_least": "logistics",
        "needs.us_backstop.firmness": 0.6, "positions.flag": 0.6, "positions.mandate": 0.5, "positions.place": 0.2,
        "ratification.support": 0.2, "ratification.weeks": 3, "salience.flag": 0.5, "salience.mandate": 1,
        "salience.place": 0.5, "standing": 0.6, "susceptibility": 0,
    },
    "actors.russia": {
        "credence": 0.4, "disposition": 0.2, "doubt": 0.3, "foresight": 0.5, "forward_forces": 0.5, "optimism": 0.4,
        "positions.flag": 0, "positions.mandate": 0.1, "positions.place": 0.5, "provocation": 1, "salience.flag": 0.9,
        "salience.mandate": 0.8, "salience.place": 0.3, "standing": 0.8, "susceptibility": 0,
        "territorial_claims": 0.07, "tolerance": 0.3, "vetoes.light_missions.firmness": 0.045,
        "vetoes.light_missions.provocation_at_most": 0.12,
    },
    "actors.ukraine": {
        "arms": 0.5, "credence": 0.5, "disposition": 0.1, "doubt": 0.6, "foresight": 0.8, "loss_of_war": 5,
        "memory_of_broken_deals": 0.7, "optimism": 0.3, "positions.flag": 0.8, "positions.mandate": 0.8,
        "positions.place": 0.7, "resists_pressure": 0.4, "salience.flag": 0.5, "salience.mandate": 1,
        "salience.place": 0.6, "standing": 0.4, "susceptibility": 0, "worth_floor": 0.243,
    },
    "actors.us": {
        "backstop.honoured": 0.6, "backstop.offers.at_least": "none", "backstop.offers.at_most": "air_cover",
        "burden_sharing": 0.6, "consent_ease": 0.3, "disposition": 0.2, "positions.flag": 0.27,
        "positions.mandate": 0.36, "positions.place": 0.45, "posture.start": 0.4, "posture.turn_size": 0.75,
        "posture.turn_upward": 0.4, "posture.turns": 0.05, "salience.flag": 1, "salience.mandate": 1,
        "salience.place": 0.5, "standing": 1, "susceptibility": 0.6,
    },
    "common": {"european_mood": 0.1, "us_turn": 0.2},
    "events.offensive": {"change": 0.1, "week": 4},
    "events.summit": {"change": 0.15, "week": 3},
    "missions.neutral": {
        "exposure": 0.4, "profile.flag": 0.1, "profile.mandate": 0.25, "profile.place": 0.5, "provocation": 0.15,
        "target_troops": 4500, "worth": 0.25,
    },
    "missions.reassurance": {
        "exposure": 0.3, "profile.flag": 0.6, "profile.mandate": 0.5, "profile.place": 0.2, "provocation": 0.83,
        "reserves_outside": 0.3, "target_troops": 6000, "worth": 0.55,
    },
    "missions.training": {
        "exposure": 0.1, "profile.flag": 0.5, "profile.mandate": 0.05, "profile.place": 0, "provocation": 0.3,
        "target_troops": 1000, "worth": 0.1,
    },
    "network.coalition->russia/energy_sanctions": {"strength": 0.3, "willingness": 0.7},
    "network.coalition->ukraine/military_aid": {"strength": 0.2, "willingness": 0.1},
    "network.coalition->us/persuasion": {"strength": 0.6, "willingness": 0.5},
    "network.russia->coalition/escalation_threat": {"strength": 0.4, "willingness": 0.5},
    "network.russia->us/normalisation": {"strength": 0.5, "willingness": 0.6},
    "network.russia->us/persuasion": {"strength": 0.2, "willingness": 0.3},
    "network.ukraine->coalition/eu_decision": {"open": "no"},
    "network.us->coalition/security_guarantee": {"strength": 0.72},
    "network.us->russia/bank_sanctions": {"strength": 0.6, "willingness": 0.5},
    "network.us->russia/normalisation": {"strength": 0.2, "willingness": 0.5},
    "network.us->ukraine/military_aid": {"strength": 0.5, "willingness": 0.4},
    "network.us->ukraine/security_council_veto": {"open": "yes"},
    "network.russia->ukraine/security_council_veto": {"open": "yes"},
    "rules.battlefield": {"arms": 0.6, "mean": 0.1, "persistence": 0.9, "terms_weight": 0.8, "weekly_sd": 0.1},
    "rules.form": {
        "berlin_plus": 0.1, "ceiling_alone": 2000, "ceiling_enablers": 4000, "hub_loss": 0.2, "minimum_share": 0.5,
        "training_share": 0.2, "training_war": 0.5, "weeks": 1,
    },
    "rules.hold": {
        "attack_hazard": 0.1, "attack_shock": 1.5, "consent": 0.8, "exposure": 1, "forward_loss": 0.2,
        "promise": 0.8, "reserve_gain": 0.2, "retaliates": 0.25, "rotation": 2.5, "tour_weeks": 2, "war_factor": 3,
        "worth": 0.7,
    },
    "rules.learning": {"credence_weight": 4, "offer_tells": 0.2, "promise_tells": 3.5},
    "rules.lobby": {
        "adjustment": 0.4, "broker_drawn": 0.4, "budget": 0.2, "influence_speed": 0.25, "turn_reach": 0.2,
    },
    "rules.moods": {"persistence": 0.8, "weekly_sd": 0.3},
    "rules.pledge": {
        "aid_fatigue": 0.5, "backstop": 2, "call_for_troops": 0.3, "company": 0.8, "consent": 1.5, "definition": 1,
        "definition_weeks": 4, "example": 0.4, "exposure": 0.8, "fatigue_weeks": 20, "fear_of_defeat": 0.4,
        "hesitancy_slows": 0.5, "home_guard": 0.5, "margin": 0.3, "move": 0.6, "precision": 4, "settlement": 1,
        "sidelining": 0.6,
    },
    "rules.ratify": {"bar_weeks": 2, "domestic": 0.6},
    "rules.table": {"bonus_standing": 0.01, "floor_relief": 1, "pledges_raise_standing": 1, "supply_share": 0.55},
    "rules.truce": {
        "arms_weight": 0.3, "break_guarantee": 1.5, "break_hazard": 0.1, "break_imposed": 1, "break_provoked": 0.5,
        "break_regret": 4, "break_threat": 0.5, "follow_base": -3, "follow_pledged": 2, "follow_ready": 3,
        "force_weight": 0.9, "look_ahead_weeks": 12, "memory_step": 0.25, "overlap_weeks": 1, "promise_provokes": 0.1,
        "promise_weight": 0.8,
    },
    "scales.consent": {"accepts": 1, "refuses": 0, "tolerates": 0.5},
    "scales.enabling": {
        "air_cover": 0.65, "assurance": 0.8, "logistics": 0.45, "none": 0, "reserve_force": 0.75, "troops": 1,
    },
    "scales.guarantee": {
        "air_cover": 0.4, "assurance": 0.85, "logistics": 0.15, "none": 0, "reserve_force": 0.6, "troops": 1,
    },
    "scales.offered_from": {
        "air_cover": 1.1, "assurance": 2.9, "logistics": 0.2, "none": -99, "reserve_force": 2, "troops": 4,
    },
    "scales.stage_from": {"hesitant": -0.6, "open": 0.3, "pledged": 1},
    "scales.stance": {"hesitant": -0.15, "open": 0.65, "opposed": -1.2, "pledged": 1.3},
}
# fmt: on
"""Every number, by its path in tiny.yaml."""

FACTS: dict[str, Any] = {
    "horizon_weeks": 5,
    "rounds_per_week": 1,
    "table.impose": "none",
    "rules.table.procedure": "proposer",
    "rules.truce.foresight": "drawn",
    "rules.truce.terms": "lasting",
    "rules.learning.beliefs": "updated",
    "rules.pledge.stances": "conditional",
    "rules.pledge.decision": "threshold",
    "actors.us.great_power": True,
    "actors.russia.great_power": True,
    "actors.coalition.great_power": False,
    "actors.ukraine.host": True,
    "actors.coalition.roles": ["contributor"],
    "actors.coalition.european": True,
    "actors.coalition.member_of": ["nato", "eu"],
    "actors.coalition.states": 3,
    "missions.neutral.groups": ["deployed"],
    "missions.neutral.western": False,
    "missions.neutral.needs_consent": "accepts",
    "missions.neutral.un_mandate": True,
    "missions.neutral.nato_flag": False,
    "missions.neutral.waits_for_truce": True,
    "missions.neutral.leads": [],
    "missions.neutral.eligible": ["any"],
    "missions.reassurance.groups": ["deployed", "european"],
    "missions.reassurance.western": True,
    "missions.reassurance.needs_consent": "refuses",
    "missions.reassurance.un_mandate": False,
    "missions.reassurance.nato_flag": False,
    "missions.reassurance.waits_for_truce": True,
    "missions.reassurance.leads": ["coalition"],
    "missions.reassurance.eligible": ["european"],
    "missions.training.groups": ["training"],
    "missions.training.waits_for_truce": False,
    "missions.training.eligible": ["coalition"],
    "events.offensive.quantity": "battlefield",
    "events.summit.quantity": "us_posture",
}
"""What in tiny.yaml is no number; the coalition may join all three missions."""

# --- the luck: a uniform for every week and stream, 0.5 unless said ------------------------------------------------

STREAMS = (
    "battlefield/news",
    "coalition/mood",
    "coalition/pledge",
    "force/attack",
    "promise/honoured",
    "russia/mood",
    "table/proposer",
    "truce/break",
    "ukraine/mood",
    "us/mood",
    "us/turn",
    "us/turn_direction",
)
RUNS: dict[int, dict[str, Any]] = {
    1: {
        "title": "a deal with a European force, which is attacked and reinforced, and shrinks after its first tour",
        "battlefield/news": [0.4, 0.45, 0.5, 0.6, 0.55],
        "coalition/mood": [0.85, 0.6, 0.5, 0.45, 0.4],
        "coalition/pledge": [0.1, 0.2, 0.3, 0.4, 0.9],
        "force/attack": [0.5, 0.5, 0.0, 0.02, 0.9],
        "promise/honoured": [0.3, 0.9, 0.9, 0.9, 0.9],
        "russia/mood": [0.7, 0.8, 0.6, 0.4, 0.3],
        "table/proposer": [0.05, 0.9, 0.9, 0.9, 0.9],
        "truce/break": [0.0, 0.0, 0.0, 0.12, 0.95],
        "ukraine/mood": [0.6, 0.85, 0.7, 0.5, 0.4],
        "us/mood": [0.8, 0.7, 0.5, 0.5, 0.6],
    },
    2: {
        "title": "no overlap: lobbying, learning and persuasion, and nothing else",
        "battlefield/news": [0.7, 0.6, 0.65, 0.3, 0.8],
        "coalition/mood": [0.3, 0.4, 0.35, 0.5, 0.45],
        "coalition/pledge": [0.5, 0.6, 0.9, 0.8, 0.95],
        "russia/mood": [0.2, 0.3, 0.4, 0.3, 0.5],
        "table/proposer": [0.8, 0.1, 0.1, 0.1, 0.1],
        "ukraine/mood": [0.3, 0.4, 0.2, 0.5, 0.4],
        "us/mood": [0.4, 0.3, 0.6, 0.5, 0.2],
        "us/turn": [0.9, 0.5, 0.01, 0.6, 0.04],
        "us/turn_direction": [0.1, 0.1, 0.2, 0.1, 0.7],
    },
    3: {
        "title": "a bare truce with a force in view; the vote fails, the truce is regretted and breaks",
        "battlefield/news": [0.5, 0.6, 0.5, 0.97, 0.95],
        "coalition/mood": [0.85, 0.6, 0.002, 0.9995, 0.6],
        "coalition/pledge": [0.1, 0.2, 0.9, 0.3, 0.3],
        "russia/mood": [0.57, 0.18, 0.4, 0.3, 0.4],
        "table/proposer": [0.05, 0.5, 0.5, 0.5, 0.5],
        "truce/break": [0.0, 0.0, 0.0, 0.08, 0.08],
        "ukraine/mood": [0.9, 0.8, 0.3, 0.4, 0.6],
        "us/mood": [0.4, 0.04, 0.3, 0.5, 0.5],
        "us/turn": [0.9, 0.5, 0.6, 0.01, 0.5],
        "us/turn_direction": [0.1, 0.1, 0.2, 0.9, 0.7],
    },
    4: {
        "title": "a neutral force is signed and trades fire; the promise is broken, credence falls, and it leaves",
        "battlefield/news": [0.45, 0.5, 0.4, 0.5, 0.35],
        "coalition/mood": [0.8, 0.7, 0.5, 0.1, 0.5],
        "coalition/pledge": [0.2, 0.1, 0.3, 0.7, 0.8],
        "force/attack": [0.5, 0.5, 0.5, 0.01, 0.1],
        "promise/honoured": [0.8, 0.1, 0.1, 0.1, 0.1],
        "russia/mood": [0.5, 0.4, 0.8, 0.6, 0.4],
        "table/proposer": [0.4, 0.9, 0.9, 0.9, 0.9],
        "truce/break": [0.5, 0.5, 0.5, 0.6, 0.7],
        "ukraine/mood": [0.5, 0.4, 0.85, 0.7, 0.5],
        "us/mood": [0.6, 0.75, 0.6, 0.5, 0.4],
    },
    5: {
        "title": "Washington turns away; a European force follows a bare truce, which breaks; left alone it leaves",
        "battlefield/news": [0.5, 0.4, 0.45, 0.55, 0.6],
        "coalition/mood": [0.85, 0.8, 0.7, 0.97, 0.3],
        "coalition/pledge": [0.1, 0.2, 0.3, 0.9, 0.9],
        "force/attack": [0.0, 0.0, 0.0, 0.9, 0.2],
        "promise/honoured": [0.3, 0.1, 0.1, 0.1, 0.1],
        "russia/mood": [0.3, 0.2, 0.3, 0.4, 0.3],
        "table/proposer": [0.2, 0.9, 0.9, 0.9, 0.9],
        "truce/break": [0.9, 0.9, 0.9, 0.05, 0.9],
        "ukraine/mood": [0.6, 0.85, 0.7, 0.5, 0.4],
        "us/mood": [0.8, 0.7, 0.5, 0.5, 0.01],
        "us/turn": [0.9, 0.01, 0.5, 0.02, 0.5],
        "us/turn_direction": [0.1, 0.9, 0.5, 0.6, 0.5],
    },
}

US, RUSSIA, UKRAINE, COALITION = (NUMBERS[f"actors.{name}"] for name in ("us", "russia", "ukraine", "coalition"))
FIELD, MOODS, LEARN, LOBBY, TABLE, TRUCE, PLEDGE, RATIFY, FORM, HOLD = (
    NUMBERS[f"rules.{phase}"]
    for phase in ("battlefield", "moods", "learning", "lobby", "table", "truce", "pledge", "ratify", "form", "hold")
)
ACTORS = ("coalition", "russia", "ukraine", "us")
BELIEVERS = ("coalition", "russia", "ukraine")
DEMANDS = {
    "backstop": "us_backstop",
    "consent": "russian_consent",
    "company": "company",
    "definition": "definition",
    "settlement": "decent_settlement",
}
"""Demands by the name of their weight in the rules, each with its name among what the coalition needs."""
MISSIONS = ("neutral", "reassurance", "training")
RUNGS = ("none", "logistics", "air_cover", "reserve_force", "assurance", "troops")
STANCES = ("opposed", "hesitant", "open", "pledged")
CONSENTS = ("refuses", "tolerates", "accepts")
ISSUES = ("mandate", "place", "flag")
GATES = ("truce", "host_consent", "russian_consent", "council", "backstop", "lead", "troops", "ratification")
OPEN, PLEDGED = 2, 3


class Sheet:
    """The page on which the arithmetic is written down."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str = "") -> None:
        """Write a line."""
        self.lines.append(f"    {text}" if text else "")

    def work(self, name: str, formula: str, **numbers: float) -> float:
        """Return the value of a formula, and write down the formula, the numbers put in, and the value."""
        value = float(eval(formula, {"exp": exp, "sqrt": sqrt, "min": min, "max": max}, numbers))
        shown = re.sub(r"[A-Za-z_]\w*", lambda word: put(numbers, word[0]), formula)
        steps = [formula] if shown == formula else [formula, shown]
        if shown != plain(value):
            steps.append(plain(value))
        line = f"{name} = {' = '.join(steps)}"
        for part in [line] if len(line) <= 114 else [f"{name} = {steps[0]}", *(f"    = {step}" for step in steps[1:])]:
            self.say(part)
        return value

    def holds(self, what: str, condition: str, **numbers: float) -> bool:
        """Return whether a condition holds, and write it down with the numbers put in."""
        answer = bool(eval(condition, {}, numbers))
        shown = re.sub(r"[A-Za-z_]\w*", lambda word: put(numbers, word[0]), condition)
        self.say(f"{what}? {condition}: {shown}: {'yes' if answer else 'no'}")
        return answer


def plain(value: float) -> str:
    """Return a number as it is written on the sheet, to six digits."""
    return f"{value + 0.0:.6g}" if abs(value) >= 5e-13 else "0"


def put(numbers: dict[str, float], word: str) -> str:
    """Return the number behind a name in a formula, negative ones in brackets; words such as ``exp`` stay."""
    if word not in numbers:
        return word
    return plain(numbers[word]) if numbers[word] > -5e-13 else f"({plain(numbers[word])})"


def scale(name: str, word: str) -> float:
    """Return the number behind a word."""
    return float(NUMBERS[f"scales.{name}"][word])


def kind(mission: str, number: str) -> float:
    """Return a number of a mission, 0 where it has none."""
    return float(NUMBERS[f"missions.{mission}"].get(number, 0.0))


def edge(key: str) -> tuple[float, float]:
    """Return strength and willingness of an edge."""
    return float(NUMBERS[f"network.{key}"]["strength"]), float(NUMBERS[f"network.{key}"]["willingness"])


class Run:
    """One run, worked out week by week and phase by phase."""

    def __init__(self, number: int) -> None:
        self.sheet = Sheet()
        self.number, self.luck_of = number, RUNS[number]
        self.weeks: list[Week] = []
        self.states: list[Week] = []
        self.begin()

    def luck(self, stream: str) -> float:
        """Return this week's uniform of a stream."""
        return float(self.luck_of.get(stream, [0.5] * 5)[self.week - 1])

    def luck_once(self, stream: str) -> float:
        """Return the one uniform of a run of a stream."""
        return float(self.luck_of.get(stream, [0.5] * 5)[0])

    # --- before the first week -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Set everything to where it starts."""
        self.week, self.battlefield, self.posture = 0, float(FIELD["mean"]), float(US["posture.start"])
        self.cap, self.rung = RUNGS.index(US["backstop.offers.at_most"]), RUNGS.index(US["backstop.offers.at_least"])
        self.mood = dict.fromkeys(ACTORS, 0.0)
        self.payoff = dict.fromkeys(ACTORS, 0.0)
        self.relief = self.follows = self.unarmed = 0.0
        self.kept_word = self.broken_word = 0.0
        self.credence = {name: float(NUMBERS[f"actors.{name}"]["credence"]) for name in BELIEVERS}
        self.position = {issue: float(US[f"positions.{issue}"]) for issue in ISSUES}
        self.mission, self.standing_weeks, self.met = "", 0, dict.fromkeys(GATES, False)
        self.truce, self.truces, self.broken, self.signed, self.imposed = False, 0, 0, "", 0.0
        self.most, self.least, self.guarantee = 0.0, 0.0, 0.0
        self.overlap_weeks, self.gap, self.concession, self.consent, self.index = 0, 1.0, 0.0, 0, 0.0
        self.pledged_weeks, self.barred_weeks, self.ratified, self.sufficiency = 0.0, 0.0, False, 0.0
        self.force, self.troops, self.training, self.ready_weeks, self.training_weeks = "", 0.0, False, 0, 0
        self.in_force, self.force_weeks, self.kept = False, 0, float(COALITION["capacity_troops"])
        self.broke = self.formed = self.tested = self.attacked = self.reinforced = self.ended = False
        self.escalated = self.strained = False
        self.prepare()

    def prepare(self) -> None:
        """Work out what holds all the run: missions, learning, support at home, speed; then the stance of week 0."""
        work = self.sheet.work
        self.sheet.lines.append(f"Run {self.number}: {self.luck_of['title']}")
        self.sheet.lines.append("Before the first week")
        self.size_missions()
        self.begin_beliefs()
        self.domestic = work(
            "support at home D",
            "s - weight*(coalition + parliament + public)/3",
            s=COALITION["ratification.support"],
            weight=RATIFY["domestic"],
            coalition=COALITION["hesitancy.coalition"],
            parliament=COALITION["hesitancy.parliament"],
            public=COALITION["hesitancy.public"],
        )
        self.moves = work(
            "chance a week of a due move",
            "base*(1 - slows*government)",
            base=PLEDGE["move"],
            slows=PLEDGE["hesitancy_slows"],
            government=COALITION["hesitancy.government"],
        )
        self.take_first_stage()

    def size_missions(self) -> None:
        """Work out what every mission deters, and the least troops that it needs: a share of what it aims at."""
        self.worth = {
            name: self.sheet.work(
                f"worth of {name}",
                "v*(1 - loss*forward) + gain*reserves*(1 - v)",
                v=kind(name, "worth"),
                loss=HOLD["forward_loss"],
                forward=RUSSIA["forward_forces"],
                gain=HOLD["reserve_gain"],
                reserves=kind(name, "reserves_outside"),
            )
            for name in MISSIONS
        }
        self.minimum = {
            name: self.sheet.work(
                f"minimum of {name} N_m",
                "max(1000, share*target)" if "deployed" in FACTS[f"missions.{name}.groups"] else "share*target",
                share=FORM["minimum_share"],
                target=kind(name, "target_troops"),
            )
            for name in MISSIONS
        }

    def begin_beliefs(self) -> None:
        """Work out what both sides believe of the battlefield at first, and how much a week teaches them."""
        work = self.sheet.work
        self.belief = {
            "russia": work("belief of russia", "w + o", w=self.battlefield, o=RUSSIA["optimism"]),
            "ukraine": work("belief of ukraine", "w - o", w=self.battlefield, o=UKRAINE["optimism"]),
        }
        self.gain = {}
        for name in ("russia", "ukraine"):
            doubt = NUMBERS[f"actors.{name}"]["doubt"]
            ratio = work(f"drift over doubt of {name} psi", "(sd/doubt)**2", sd=FIELD["weekly_sd"], doubt=doubt)
            self.gain[name] = work(f"gain of {name} K", "(sqrt(psi**2 + 4*psi) - psi)/2", psi=ratio)

    def take_first_stage(self) -> None:
        """Put the coalition where its readiness points to at week 0: nothing conceded, settled or promised anew."""
        self.sheet.say("week 0: the mission of reference, no consent, nobody pledged, nothing conceded, none tired")
        changed = self.circumstances(
            "reassurance", self.believed(), self.k(), 0.0, 0.0, 0.0, 0.0, float(FIELD["mean"]), 0
        )
        self.readiness = self.sheet.work(
            "readiness y_c",
            "theta + duty + eps + europe + X",
            theta=self.theta(),
            duty=COALITION["motives.duty"],
            eps=COALITION["disposition"],
            europe=NUMBERS["common"]["european_mood"],
            X=changed,
        )
        self.stage = sum(self.readiness >= scale("stage_from", word) for word in STANCES[1:])
        self.sheet.say(f"stage at week 0: {STANCES[self.stage]}")

    def play(self) -> None:
        """Work out five weeks."""
        phases = (self.news, self.lobby, self.table, self.offer, self.make_truce, self.ask_consent, self.pledge)
        for _ in range(FACTS["horizon_weeks"]):
            self.week += 1
            self.sheet.lines += ["", f"Week {self.week}"]
            for phase in (*phases, self.ratify, self.form, self.hold):
                self.sheet.lines.append(f"  {phase.__name__.split('_')[-1]}")
                phase()
            self.take_down()

    # --- 1 news ----------------------------------------------------------------------------------------------------

    def news(self) -> None:
        """Drift: the battlefield, moods, what both sides learn from the fighting; posture may turn; dated events."""
        work = self.sheet.work
        z = self.normal("battlefield/news")
        self.battlefield = work(
            "battlefield w",
            "mean + rho*(before - mean) + sd*z",
            mean=FIELD["mean"],
            rho=FIELD["persistence"],
            before=self.battlefield,
            sd=FIELD["weekly_sd"],
            z=z,
        )
        self.shift = {"battlefield": 0.0, "us_posture": 0.0}
        for name in ("offensive", "summit"):
            if self.week >= NUMBERS[f"events.{name}"]["week"]:
                quantity, change = FACTS[f"events.{name}.quantity"], NUMBERS[f"events.{name}"]["change"]
                self.shift[quantity] += change
                self.sheet.say(f"the {name} adds {plain(change)} to {quantity}")
        self.seen = work("battlefield as seen", "w + event", w=self.battlefield, event=self.shift["battlefield"])
        for name in ACTORS:
            z = self.normal(f"{name}/mood")
            self.mood[name] = work(
                f"mood of {name}",
                "rho*before + sd*z",
                rho=MOODS["persistence"],
                before=self.mood[name],
                sd=MOODS["weekly_sd"],
                z=z,
            )
        for name in ("russia", "ukraine"):
            self.belief[name] = work(
                f"belief of {name} b",
                "before + K*(w - before)",
                before=self.belief[name],
                K=self.gain[name],
                w=self.seen,
            )
        self.turn()

    def normal(self, stream: str) -> float:
        """Return the normal deviate of this week's luck."""
        u = self.luck(stream)
        z = NormalDist().inv_cdf(u) if u != 0.5 else 0.0
        self.sheet.say(f"{stream}: u = {plain(u)}, z = {plain(z)}")
        return z

    def turn(self) -> None:
        """Turn US posture, if this week's luck says so."""
        holds = self.sheet.holds
        if holds("posture turns", "u < turns", u=self.luck("us/turn"), turns=US["posture.turns"]):
            up = holds("upwards", "u < share", u=self.luck("us/turn_direction"), share=US["posture.turn_upward"])
            step = US["posture.turn_size"] if up else -US["posture.turn_size"]
            self.posture = self.sheet.work(
                "posture",
                "min(start + 2*size, max(start - 2*size, before + step))",
                start=US["posture.start"],
                size=US["posture.turn_size"],
                before=self.posture,
                step=step,
            )
            self.cap = min(5, self.cap + 1) if up else self.cap
            self.sheet.say(f"highest rung on offer: {RUNGS[self.cap]}")
        self.posture_seen = self.sheet.work(
            "posture as seen", "posture + event", posture=self.posture, event=self.shift["us_posture"]
        )

    # --- 2 lobby ---------------------------------------------------------------------------------------------------

    def lobby(self) -> None:
        """Share out effort, shift payoffs, persuade."""
        gained, held_out = self.incentives(self.shortfalls(), self.willingness())
        for name in ACTORS:
            self.payoff[name] = self.sheet.work(
                f"payoff of {name} P",
                "(1 - d)*before + d*sum",
                d=LOBBY["adjustment"],
                before=self.payoff[name],
                sum=gained[name],
            )
        if self.truce:
            self.sheet.say(f"relief for signing R stays at {self.relief:g} while the truce holds")
        else:
            self.relief = self.sheet.work(
                "relief for signing R",
                "(1 - d)*before + d*now",
                d=LOBBY["adjustment"],
                before=self.relief,
                now=held_out,
            )
        self.pressure = self.sheet.work(
            "pressure on Kyiv", "P*(1 - resists)", P=self.payoff["ukraine"], resists=UKRAINE["resists_pressure"]
        )
        self.arms = self.sheet.work(
            "arms", "arms*(1 - min(1, max(0, P)))", arms=UKRAINE["arms"], P=self.payoff["ukraine"]
        )
        self.unarmed = self.sheet.work(
            "what aid cut adds to Russia's advantage a",
            "weight*arms*min(1, max(0, P))",
            weight=FIELD["arms"],
            arms=UKRAINE["arms"],
            P=self.payoff["ukraine"],
        )
        self.persuade()

    def shortfalls(self) -> dict[str, float]:
        """Return what is still wanted of each actor."""
        work = self.sheet.work
        gap = work("gap of terms left", "min(1, max(0, gap))", gap=self.gap)
        wanted = {"russia": gap, "ukraine": gap}
        if self.truce:
            self.sheet.say("a truce holds: nothing more is wanted of ukraine, and of russia its consent")
            wanted = {"russia": work("wanted of russia", "min(1, max(0, -y))", y=self.index), "ukraine": 0.0}
        wanted["us"] = work("wanted of us", "1 - rung/5", rung=self.rung)
        wanted["coalition"] = work("wanted of coalition", "stage/3", stage=self.stage)
        return wanted

    def willingness(self) -> dict[str, float]:
        """Return how willing each source is to use its edge."""
        work, willing = self.sheet.work, {key: edge(key)[1] for key in SIGNS}
        turned = work(
            "turn of Washington",
            "reach*(us_turn + posture - start)",
            reach=LOBBY["turn_reach"],
            us_turn=NUMBERS["common"]["us_turn"],
            posture=self.posture_seen,
            start=US["posture.start"],
        )
        strength, own = edge("russia->us/normalisation")
        lure = work(
            "lure", "drawn*strength*willingness", drawn=LOBBY["broker_drawn"], strength=strength, willingness=own
        )
        for key, formula in (
            ("us->russia/bank_sanctions", "min(1, max(0, own + turned - lure))"),
            ("us->ukraine/military_aid", "min(1, max(0, own - turned))"),
        ):
            willing[key] = work(f"willingness {key}", formula, own=willing[key], turned=turned, lure=lure)
        return willing

    def incentives(self, wanted: dict[str, float], willing: dict[str, float]) -> tuple[dict[str, float], float]:
        """Return the sum of incentives that reach each actor, and the rewards for signing held out to Moscow.

        Notes the threat of sanctions.
        """
        work, gained, held_out, threat = self.sheet.work, dict.fromkeys(ACTORS, 0.0), 0.0, 0.0
        plans = {source: self.planned(source, wanted) for source in BUDGETS}
        for key, sign in SIGNS.items():
            source, target = key.partition("/")[0].split("->")
            strength, total = edge(key)[0], plans[source]
            if key == "coalition->russia/energy_sanctions" and self.broken == 0:
                self.sheet.say(f"{key}: the decision of the EU is not taken, and no truce has been broken: shut")
                continue
            effort = 0.0
            if total > 0.0:
                effort = work(f"effort {key}", "D*min(1, B/all)", D=wanted[target], B=BUDGETS[source], all=total)
            if key == REWARD:
                held_out = work(f"reward {key}", "s*u*e", s=strength, u=willing[key], e=effort)
                continue
            gained[target] += work(f"incentive {key}", "sign*s*u*e", sign=sign, s=strength, u=willing[key], e=effort)
            if key.endswith("sanctions"):
                threat += work(f"threat {key}", "s*u", s=strength, u=willing[key])
        self.threat = work("threat", "min(1, sum)", sum=threat)
        return gained, held_out

    def planned(self, source: str, wanted: dict[str, float]) -> float:
        """Return what it would cost a source to use its edges as far as there is something to gain, of its budget."""
        own = [key for key in SIGNS if key.startswith(f"{source}->")]
        numbers = {f"s_{at}": edge(key)[0] for at, key in enumerate(own)}
        numbers |= {f"D_{at}": wanted[target_of(key)] for at, key in enumerate(own)}
        formula = " + ".join(f"s_{at}*D_{at}" for at in range(len(own)))
        return self.sheet.work(f"effort that {source} could use, of {plain(BUDGETS[source])}", formula, **numbers)

    def persuade(self) -> None:
        """Move the US position; nobody persuades the others."""
        weights = {
            name: self.sheet.work(f"{name} persuades us with", "s*u", s=strength, u=willing)
            for name in ("coalition", "russia")
            for strength, willing in [edge(f"{name}->us/persuasion")]
        }
        for issue in ISSUES:
            others = self.sheet.work(
                f"what others want, {issue}",
                "(a*x_a + b*x_b)/(a + b)",
                a=weights["coalition"],
                x_a=COALITION[f"positions.{issue}"],
                b=weights["russia"],
                x_b=RUSSIA[f"positions.{issue}"],
            )
            self.position[issue] = self.sheet.work(
                f"us position, {issue}",
                "x + speed*((1 - a)*x0 + a*others - x)",
                x=self.position[issue],
                speed=LOBBY["influence_speed"],
                a=US["susceptibility"],
                x0=US[f"positions.{issue}"],
                others=others,
            )

    # --- 3 table ---------------------------------------------------------------------------------------------------

    def table(self) -> None:
        """Choose the mission that stands on the table."""
        if self.fixed():
            self.standing_weeks += 1
            self.sheet.say(f"{'a force is in the field' if self.force else 'it was signed'}: {self.mission} stays")
            return
        menu = [name for name in ("neutral", "reassurance") if not self.kept_off(name)]
        proposer = self.proposer()
        losses = {name: self.loss(proposer, name) for name in menu}
        chosen = min(menu, key=lambda name: losses[name])
        if chosen == self.mission:
            self.standing_weeks += 1
        else:
            self.mission, self.standing_weeks, self.ready_weeks = chosen, 0, 0
            self.count()
        self.sheet.say(f"on the table: {chosen}; weeks it stood before this one: {self.standing_weeks}")

    def fixed(self) -> bool:
        """Return whether the mission is fixed: signed with the truce in force, or in the field."""
        return bool(self.force) or (self.truce and bool(self.signed))

    def kept_off(self, name: str) -> bool:
        """Return whether Kyiv, Moscow or want of troops keeps a mission off the table."""
        kyiv = self.host_blocks(name)
        moscow = False
        if FACTS[f"missions.{name}.needs_consent"] == "accepts":
            moscow = self.sheet.holds(
                f"Moscow keeps {name} off",
                "f > at_most and P <= firmness",
                f=self.provoked(name),
                at_most=RUSSIA["vetoes.light_missions.provocation_at_most"],
                P=self.payoff["russia"],
                firmness=RUSSIA["vetoes.light_missions.firmness"],
            )
        supply = float(COALITION["capacity_troops"]) if self.stage >= 1 else 0.0
        if FACTS[f"missions.{name}.western"]:
            supply = min(supply, self.most_troops())
        few = self.sheet.holds(
            f"too few for {name}",
            "supply < share*minimum",
            supply=supply,
            share=TABLE["supply_share"],
            minimum=self.minimum[name],
        )
        return kyiv or moscow or few

    def host_blocks(self, name: str) -> bool:
        """Return whether Kyiv refuses to host a mission."""
        return self.sheet.holds(
            f"Kyiv refuses {name}",
            "worth < floor - relief*pressure",
            worth=self.worth[name],
            floor=UKRAINE["worth_floor"],
            relief=TABLE["floor_relief"],
            pressure=self.pressure,
        )

    def most_troops(self) -> float:
        """Return the ceiling on Western troops."""
        return self.sheet.work(
            "ceiling",
            "alone + enablers*max(e, berlin_plus)",
            alone=FORM["ceiling_alone"],
            enablers=FORM["ceiling_enablers"],
            e=scale("enabling", RUNGS[self.rung]),
            berlin_plus=FORM["berlin_plus"],
        )

    def standings(self) -> dict[str, float]:
        """Return the weights at the table; Europe's grows with what it has pledged."""
        weights = {name: float(NUMBERS[f"actors.{name}"]["standing"]) for name in ACTORS}
        weights["coalition"] = self.sheet.work(
            "standing of coalition",
            "s*(1 + more*min(1, n))",
            s=weights["coalition"],
            more=TABLE["pledges_raise_standing"],
            n=self.sufficiency,
        )
        self.all_standing = self.sheet.work("all standing", " + ".join(ACTORS), **weights)
        return weights

    def proposer(self) -> str:
        """Return who proposes."""
        weights = self.standings()
        point = self.sheet.work(
            "point on the scale of standing", "u*all", u=self.luck_once("table/proposer"), all=self.all_standing
        )
        reached = 0.0
        for name in ACTORS:
            reached += weights[name]
            if point < reached:
                self.sheet.say(f"{plain(point)} lies below {plain(reached)}: {name} proposes")
                return name
        raise ValueError("nobody proposes")

    def loss(self, proposer: str, name: str) -> float:
        """Return the proposer's loss from a mission, less the bonus for what stands."""
        own = NUMBERS[f"actors.{proposer}"]
        ideal = self.position if proposer == "us" else {issue: own[f"positions.{issue}"] for issue in ISSUES}
        numbers: dict[str, float] = {"bonus": TABLE["bonus_standing"] if name == self.mission else 0.0}
        for letter, issue in zip("mpf", ISSUES, strict=True):
            numbers |= {f"s_{letter}": own[f"salience.{issue}"], f"x_{letter}": ideal[issue]}
            numbers[f"z_{letter}"] = kind(name, f"profile.{issue}")
        formula = "s_m*(x_m - z_m)**2 + s_p*(x_p - z_p)**2 + s_f*(x_f - z_f)**2 - bonus"
        return self.sheet.work(f"loss of {proposer} from {name}", formula, **numbers)

    # --- 4 offer ---------------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """Work out the rung on offer."""
        self.inclination = self.sheet.work(
            "offer y_A",
            "posture + P + burden*min(1, n) + ease*k + us_turn + eps + mood",
            posture=self.posture_seen,
            P=self.payoff["us"],
            burden=US["burden_sharing"],
            n=self.sufficiency,
            ease=US["consent_ease"],
            k=self.k(),
            us_turn=NUMBERS["common"]["us_turn"],
            eps=US["disposition"],
            mood=self.mood["us"],
        )
        before, met = self.rung, sum(scale("offered_from", rung) <= self.inclination for rung in RUNGS[1:])
        self.rung = max(RUNGS.index(US["backstop.offers.at_least"]), min(self.cap, met))
        thresholds = ", ".join(plain(scale("offered_from", rung)) for rung in RUNGS[1:])
        self.sheet.say(f"of the thresholds {thresholds} it meets {met}; the highest rung allowed is {self.cap}")
        self.sheet.say(f"rung on offer: {self.rung}, {RUNGS[self.rung]}")
        if self.week > 1 and self.rung != before:
            self.sheet.say(f"an offer {'raised' if self.rung > before else 'cut'} tells something of the promise")
            self.learn(self.rung > before, LEARN["offer_tells"])

    def learn(self, kept: bool, tells: float) -> None:
        """Let all learn from what Washington does: observations for its word, a, or against it, b."""
        self.kept_word += tells if kept else 0.0
        self.broken_word += 0.0 if kept else tells
        for name in BELIEVERS:
            self.credence[name] = self.sheet.work(
                f"credence of {name} q",
                "(nu*q0 + a)/(nu + a + b)",
                nu=LEARN["credence_weight"],
                q0=NUMBERS[f"actors.{name}"]["credence"],
                a=self.kept_word,
                b=self.broken_word,
            )

    def k(self) -> float:
        """Return Russian consent as a number."""
        return scale("consent", CONSENTS[self.consent])

    # --- 5 truce ---------------------------------------------------------------------------------------------------

    def make_truce(self) -> None:
        """Compare the terms of both sides; sign, or perhaps break, a truce."""
        self.broke = False
        self.guarantee = self.kyiv_sees(self.mission, self.sufficiency)
        self.follows = self.foresee()
        self.war_without = self.renewed_war("with no guarantee", 0.0)
        if self.truce:
            if self.force or self.signed == self.mission:
                self.settle_with_mission()
            else:
                self.settle_bare()
            self.may_break()
            return
        bare = self.settle_bare()
        bare_terms = self.most, self.least
        overlap = self.settle_with_mission()
        with_mission = self.sufficiency >= 1.0 and (overlap >= 0.0 or overlap >= bare)
        if self.sufficiency < 1.0:
            self.sheet.say(f"n = {plain(self.sufficiency)} < 1: not enough is pledged for a deal with {self.mission}")
        best = overlap if with_mission else bare
        self.gap = -best
        self.speak()
        self.overlap_weeks = self.overlap_weeks + 1 if best >= 0.0 else max(0, self.overlap_weeks - 1)
        self.sheet.say(
            f"weekly looks in agreement, on balance: {self.overlap_weeks}; {TRUCE['overlap_weeks']} weeks wanted"
        )
        if self.overlap_weeks > 0 and self.overlap_weeks - 1 >= TRUCE["overlap_weeks"]:
            if not with_mission:
                self.most, self.least = bare_terms
            self.sign(self.mission if with_mission else "", best)

    def foresee(self) -> float:
        """Return the chance that a force follows a truce, as all read it from last week's facts."""
        if self.force:
            self.sheet.say("a force is in the field: pi = 1")
            return 1.0
        others = [gate for gate in GATES if gate != "truce"]
        met = [gate for gate in others if self.met[gate]]
        self.sheet.say(f"met last week, a truce left out: {', '.join(met) or 'none'}")
        ready = self.sheet.work("ready r", "met/all", met=len(met), all=len(others))
        return self.sheet.work(
            "a force follows pi",
            "1/(1 + exp(-(c_0 + c_n*min(1, n) + c_r*r)))",
            c_0=TRUCE["follow_base"],
            c_n=TRUCE["follow_pledged"],
            n=self.sufficiency,
            c_r=TRUCE["follow_ready"],
            r=ready,
        )

    def settle_with_mission(self) -> float:
        """Work out the terms under the mission on the table, and return by how much they overlap."""
        self.most = self.concedes(self.mission, self.guarantee)
        self.least = self.requires(self.mission, self.provoked(self.mission))
        return self.sheet.work(f"overlap with {self.mission}", "most - least", most=self.most, least=self.least)

    def settle_bare(self) -> float:
        """Work out the terms of a truce without an agreed force, given the one that may follow; return the overlap."""
        work = self.sheet.work
        guarantee = work(
            "guarantee foreseen",
            "(1 - chi_U*pi)*G_0 + chi_U*pi*G_m",
            chi_U=UKRAINE["foresight"],
            pi=self.follows,
            G_0=self.kyiv_sees("", 0.0),
            G_m=self.kyiv_sees(self.mission, 1.0),
        )
        provocation = work(
            "provocation foreseen",
            "chi_R*pi*p",
            chi_R=RUSSIA["foresight"],
            pi=self.follows,
            p=self.provoked(self.mission),
        )
        self.most, self.least = self.concedes("", guarantee), self.requires("", provocation)
        return work("overlap bare", "most - least", most=self.most, least=self.least)

    def speak(self) -> None:
        """Work out the concession that Kyiv speaks of in this week's mood; what it would sign knows no mood."""
        self.concession = self.sheet.work(
            "concession spoken of", "min(1, max(0, most + mood))", most=self.most, mood=self.mood["ukraine"]
        )

    def g(self) -> float:
        """Return the guarantee of the rung on offer."""
        return scale("guarantee", RUNGS[self.rung])

    def kyiv_sees(self, mission: str, n: float) -> float:
        """Return the guarantee that Kyiv sees."""
        return self.sheet.work(
            f"guarantee G, {mission or 'no force'}",
            "1 - (1 - eta_F*v*min(1, n))*(1 - eta_b*q*g*min(1, n))*(1 - eta_s*s)",
            eta_F=TRUCE["force_weight"],
            v=self.worth[mission] if mission else 0.0,
            n=n,
            eta_b=TRUCE["promise_weight"],
            q=self.credence["ukraine"],
            g=self.g(),
            eta_s=TRUCE["arms_weight"],
            s=self.arms,
        )

    def renewed_war(self, what: str, guarantee: float) -> float:
        """Return the chance of war again within the weeks looked ahead, under a guarantee."""
        rate = self.sheet.work(
            f"chance a week of a break, {what}",
            "min(1, h*exp(-a*G - t*threat))",
            h=TRUCE["break_hazard"],
            a=TRUCE["break_guarantee"],
            G=guarantee,
            t=TRUCE["break_threat"],
            threat=self.threat,
        )
        return self.sheet.work(
            f"renewed war H, {what}", "1 - exp(-rate*weeks)", rate=rate, weeks=TRUCE["look_ahead_weeks"]
        )

    def concedes(self, mission: str, guarantee: float) -> float:
        """Return the most that Kyiv concedes."""
        return self.sheet.work(
            f"most Kyiv concedes, {mission or 'bare'}",
            "L*(H_0 - H_G) + P + weight*(b + a) - (memory + step*broken) + eps",
            L=UKRAINE["loss_of_war"],
            H_0=self.war_without,
            H_G=self.renewed_war(mission or "bare", guarantee),
            P=self.pressure,
            weight=FIELD["terms_weight"],
            b=self.belief["ukraine"],
            a=self.unarmed,
            memory=UKRAINE["memory_of_broken_deals"],
            step=TRUCE["memory_step"],
            broken=self.broken,
            eps=UKRAINE["disposition"],
        )

    def provoked(self, mission: str) -> float:
        """Return what a mission provokes in Moscow, weighted."""
        return self.sheet.work(
            f"provocation of {mission}",
            "phi*(f + provokes*g)" if FACTS[f"missions.{mission}.western"] else "phi*f",
            phi=RUSSIA["provocation"],
            f=kind(mission, "provocation"),
            provokes=TRUCE["promise_provokes"],
            g=self.g(),
        )

    def requires(self, mission: str, provocation: float) -> float:
        """Return the least that Moscow takes to sign."""
        return self.sheet.work(
            f"least Moscow takes, {mission or 'bare'}",
            "p + claims + weight*(b + a) - P - R - eps",
            p=provocation,
            claims=RUSSIA["territorial_claims"],
            weight=FIELD["terms_weight"],
            b=self.belief["russia"],
            a=self.unarmed,
            P=self.payoff["russia"],
            R=self.relief,
            eps=RUSSIA["disposition"],
        )

    def sign(self, mission: str, overlap: float) -> None:
        """Sign a truce, with a mission or bare."""
        self.truce, self.signed, self.truces = True, mission, self.truces + 1
        self.sheet.say(f"a truce is signed, {f'with {mission}' if mission else 'bare'}")
        self.concession = self.sheet.work(
            "concession agreed", "min(1, max(0, (most + least)/2))", most=self.most, least=self.least
        )
        self.imposed = self.sheet.work(
            "imposed",
            "max(0, max(0, P_U + P_R) - max(0, overlap))",
            P_U=self.pressure,
            P_R=self.payoff["russia"],
            overlap=overlap,
        )

    def may_break(self) -> None:
        """Break the truce, if this week's luck says so."""
        work = self.sheet.work
        rate = work(
            "chance that the truce breaks",
            "min(1, h*exp(i*imposed + r*regret + f*p - a*G - t*threat))",
            h=TRUCE["break_hazard"],
            i=TRUCE["break_imposed"],
            imposed=self.imposed,
            r=TRUCE["break_regret"],
            regret=work("regret", "max(0, least - most)", least=self.least, most=self.most),
            f=TRUCE["break_provoked"],
            p=self.unwanted(),
            a=TRUCE["break_guarantee"],
            G=self.keeps(),
            t=TRUCE["break_threat"],
            threat=self.threat,
        )
        if self.sheet.holds("it breaks", "u < chance", u=self.luck("truce/break"), chance=rate):
            self.end_truce()
            self.broke = True

    def end_truce(self) -> None:
        """Let a truce be over: talks begin anew from this week's terms, and Kyiv speaks of its most again."""
        self.gap = self.sheet.work("gap of terms", "least - most", least=self.least, most=self.most)
        self.speak()
        self.truce, self.signed, self.imposed = False, "", 0.0
        self.broken, self.overlap_weeks = self.broken + 1, 0
        self.sheet.say(f"the truce is over; broken so far: {self.broken}")

    def unwanted(self) -> float:
        """Return what a Western force provokes that stands while Moscow refuses it."""
        if self.force and FACTS[f"missions.{self.force}.western"] and self.consent == 0:
            return self.provoked(self.force)
        self.sheet.say("no Western force stands that Moscow refuses: p = 0")
        return 0.0

    def keeps(self) -> float:
        """Return the guarantee that keeps a truce: arms, the force in the field, the promise as Moscow believes it."""
        return self.sheet.work(
            "guarantee that keeps it G",
            "1 - (1 - eta_F*v*min(1, N/N_m))*(1 - eta_b*q_R*g*min(1, N/N_m))*(1 - eta_s*s)",
            eta_F=TRUCE["force_weight"],
            v=self.worth[self.force] if self.force else 0.0,
            N=self.troops,
            N_m=self.minimum[self.force or self.mission],
            eta_b=TRUCE["promise_weight"],
            q_R=self.credence["russia"],
            g=self.g(),
            eta_s=TRUCE["arms_weight"],
            s=self.arms,
        )

    # --- 6 consent -------------------------------------------------------------------------------------------------

    def ask_consent(self) -> None:
        """Work out Moscow's consent to the mission on the table, in this week's mood; nothing is paid for it."""
        required = self.sheet.work(
            f"what Moscow requires, {self.mission}",
            "p + claims + weight*(b + a) - P - eps - mood",
            p=self.provoked(self.mission),
            claims=RUSSIA["territorial_claims"],
            weight=FIELD["terms_weight"],
            b=self.belief["russia"],
            a=self.unarmed,
            P=self.payoff["russia"],
            eps=RUSSIA["disposition"],
            mood=self.mood["russia"],
        )
        self.index = self.sheet.work("y_R", "kappa - required", kappa=self.concession, required=required)
        if self.truce and self.signed == self.mission:
            self.consent = 2
            self.sheet.say("Moscow signed with this mission")
        else:
            self.consent = 2 if self.index >= 0.0 else 1 if self.index >= -RUSSIA["tolerance"] else 0
        tolerates = plain(-RUSSIA["tolerance"])
        self.sheet.say(
            f"accepts from 0, tolerates from {tolerates}: Moscow {CONSENTS[self.consent]}, k = {plain(self.k())}"
        )

    # --- 7 pledge --------------------------------------------------------------------------------------------------

    def circumstances(
        self,
        mission: str,
        promise: float,
        k: float,
        kappa: float,
        defined: float,
        sidelined: float,
        tired: float,
        advantage: float,
        called: int,
    ) -> float:
        """Return what circumstances add to the stance; with one contributor there are no others to see, n = 0."""
        n = 0.0
        return self.sheet.work(
            "circumstances X",
            "-U - B_h*(h - h_ref) - B_x*guard*n + B_s*left_out*S + B_a*tires*A + B_F*fears*max(0, w) + B_c*c",
            U=self.held_back(self.unmet(promise, n, k, kappa, defined)),
            B_h=PLEDGE["exposure"],
            h=kind(mission, "exposure"),
            h_ref=kind("reassurance", "exposure"),
            B_x=PLEDGE["home_guard"],
            guard=COALITION["home_guard"],
            n=n,
            B_s=PLEDGE["sidelining"],
            left_out=COALITION["motives.sidelining"],
            S=sidelined,
            B_a=PLEDGE["aid_fatigue"],
            tires=COALITION["motives.aid_fatigue"],
            A=tired,
            B_F=PLEDGE["fear_of_defeat"],
            fears=COALITION["motives.fear_of_defeat"],
            w=advantage,
            B_c=PLEDGE["call_for_troops"],
            c=called,
        )

    def unmet(self, promise: float, n: float, k: float, kappa: float, defined: float) -> dict[str, float]:
        """Return how far each demand is unmet, as a share of what is demanded."""
        work = self.sheet.work
        return {
            "backstop": self.backstop_short(promise, n),
            "consent": work(
                "consent unmet s",
                "max(0, wanted - k)/wanted",
                wanted=scale("consent", COALITION["needs.russian_consent.at_least"]),
                k=k,
            ),
            "company": work(
                "company unmet s",
                "max(0, wanted - min(1, n))/wanted",
                wanted=COALITION["needs.company.at_least"],
                n=n,
            ),
            "definition": work("definition unmet s", "1 - D", D=defined),
            "settlement": work(
                "settlement unmet s",
                "max(0, kappa - decent)/(1 - decent)",
                kappa=kappa,
                decent=COALITION["needs.decent_settlement.concession_at_most"],
            ),
        }

    def backstop_short(self, promise: float, n: float) -> float:
        """Return how far the demand for a backstop is unmet."""
        return self.sheet.work(
            "backstop unmet s",
            "max(0, d - promise - alpha*n)/d",
            d=scale("guarantee", COALITION["needs.us_backstop.at_least"]),
            promise=promise,
            alpha=COALITION["motives.autonomy"],
            n=n,
        )

    def held_back(self, unmet: dict[str, float]) -> float:
        """Return how much the demand that is least met holds the coalition back."""
        holds = {
            name: self.sheet.work(
                f"{name} holds back by",
                "beta*f*s",
                beta=PLEDGE[name],
                f=COALITION[f"needs.{DEMANDS[name]}.firmness"],
                s=unmet[name],
            )
            for name in DEMANDS
        }
        least_met = max(holds, key=lambda name: holds[name])
        self.sheet.say(f"least met: {least_met}, U = {plain(holds[least_met])}")
        return holds[least_met]

    def pledge(self) -> None:
        """Work out readiness; the stage may move by one."""
        left_out = self.sidelined()
        self.count()
        changed = self.circumstances(
            self.mission,
            self.believed(),
            self.k(),
            self.concession,
            self.defined(),
            left_out,
            self.tired(),
            self.sheet.work("battlefield with aid cut", "w + a", w=self.seen, a=self.unarmed),
            self.called(),
        )
        self.readiness = self.sheet.work(
            "readiness y_c",
            "theta + duty + eps + europe + P + mood + X",
            theta=self.theta(),
            duty=COALITION["motives.duty"],
            eps=COALITION["disposition"],
            europe=NUMBERS["common"]["european_mood"],
            P=self.payoff["coalition"],
            mood=self.mood["coalition"],
            X=changed,
        )
        self.move(self.due())
        self.count()

    def called(self) -> int:
        """Return 1 if nothing was missing last week but those who fill the force, else 0."""
        asked = ("truce", "host_consent", "russian_consent", "council", "lead")
        missing = [gate for gate in asked if not self.met[gate]]
        self.sheet.say(f"missing last week, troops aside: {', '.join(missing) or 'nothing'}; c = {int(not missing)}")
        return int(not missing)

    def believed(self) -> float:
        """Return what the American promise is worth to the coalition."""
        strength = NUMBERS["network.us->coalition/security_guarantee"]["strength"]
        return self.sheet.work("promise", "q*g*s", q=self.credence["coalition"], g=self.g(), s=strength)

    def defined(self) -> float:
        """Return how far the mission is settled."""
        if self.fixed():
            self.sheet.say("the mission is fixed: all is settled, D = 1")
            return 1.0
        return self.sheet.work(
            "settled D", "min(1, stood/wanted)", stood=self.standing_weeks, wanted=PLEDGE["definition_weeks"]
        )

    def sidelined(self) -> float:
        """Return how far Europe is left out of a settlement that takes shape."""
        if self.force or not (self.truce or self.overlap_weeks > 0):
            self.sheet.say("no settlement takes shape without Europe: S = 0")
            return 0.0
        europe = self.standings()["coalition"]
        return self.sheet.work("sidelined S", "1 - europe/all", europe=europe, all=self.all_standing)

    def tired(self) -> float:
        """Return how tired of paying for aid the coalition is."""
        return self.sheet.work(
            "tired A",
            "(1 - exp(-week/span))*(1 + max(0, cut))",
            week=self.week,
            span=PLEDGE["fatigue_weeks"],
            cut=self.payoff["ukraine"],
        )

    def theta(self) -> float:
        """Return the stance of the government in office."""
        incoming = self.week >= COALITION["handover.week"]
        word = COALITION["governments.incoming.stance" if incoming else "governments.outgoing.stance"]
        self.sheet.say(f"the {'incoming' if incoming else 'outgoing'} government is {word}")
        return scale("stance", word)

    def due(self) -> int:
        """Return the stage that is due: one up, one down past the margin, or none."""
        levels = [scale("stage_from", word) for word in STANCES[1:]]
        fitting = sum(self.readiness >= level for level in levels)
        keeping = sum(self.readiness >= level - PLEDGE["margin"] for level in levels)
        due = self.stage + 1 if fitting > self.stage else self.stage - 1 if keeping < self.stage else self.stage
        for word, level in zip(STANCES[1:], levels, strict=True):
            self.sheet.say(f"{word} is due from {plain(level)}, and kept from {plain(level - PLEDGE['margin'])}")
        self.sheet.say(f"{plain(self.readiness)} fits {STANCES[fitting]} and keeps {STANCES[keeping]}")
        self.sheet.say(f"at most a step from {STANCES[self.stage]}: due is {STANCES[due]}")
        if self.barred_weeks > 0.0:
            self.sheet.say(f"barred for {plain(self.barred_weeks)} weeks more: at most open")
            due = min(due, OPEN)
        tour = HOLD["tour_weeks"]
        if self.in_force and self.truce and self.force_weeks < tour:
            due = max(due, self.stage)
            self.sheet.say(
                f"under a truce, {plain(self.force_weeks)} of {plain(tour)} weeks in the field: held to {STANCES[due]}"
            )
        return due

    def move(self, due: int) -> None:
        """Take the stage that is due, if this week's luck says so."""
        if self.sheet.holds("it moves", "u < chance", u=self.luck("coalition/pledge"), chance=self.moves):
            self.stage = due
        self.sheet.say(f"stage: {STANCES[self.stage]}")
        if self.stage < PLEDGED:
            self.pledged_weeks, self.ratified = 0.0, False

    def count(self) -> None:
        """Count what is pledged, in the field once formed, over the mission's minimum."""
        pledged = self.kept if self.stage >= PLEDGED else 0.0
        self.sufficiency = self.sheet.work(
            "n", "N/N_m", N=self.troops if self.force else pledged, N_m=self.minimum[self.mission]
        )

    # --- 8 ratify --------------------------------------------------------------------------------------------------

    def ratify(self) -> None:
        """Put a pledge to the vote when its time has come."""
        self.barred_weeks = max(0.0, self.barred_weeks - 1.0)
        if self.stage < PLEDGED or self.ratified:
            self.sheet.say("already ratified" if self.ratified else "nothing to ratify")
            return
        self.pledged_weeks += 1.0
        self.sheet.say(f"weeks since the pledge: {plain(self.pledged_weeks)} of {COALITION['ratification.weeks']}")
        if self.pledged_weeks < COALITION["ratification.weeks"]:
            return
        passes = self.sheet.holds(
            "it passes",
            "y + D >= pledged - margin",
            y=self.readiness,
            D=self.domestic,
            pledged=scale("stage_from", "pledged"),
            margin=PLEDGE["margin"],
        )
        if passes:
            self.ratified = True
        else:
            self.withdraw()

    def withdraw(self) -> None:
        """Fall back to open, and stay there for some weeks."""
        self.stage, self.pledged_weeks, self.ratified = min(self.stage, OPEN), 0.0, False
        self.barred_weeks = float(RATIFY["bar_weeks"])
        self.sheet.say(f"back to {STANCES[self.stage]}, barred for {plain(self.barred_weeks)} weeks")

    # --- 9 form ----------------------------------------------------------------------------------------------------

    def form(self) -> None:
        """Check every requirement; a force forms, or is counted anew; trainers beside it."""
        self.formed = self.ended = False
        self.ceiling = self.most_troops()
        self.check()
        self.serve()
        if self.force:
            self.deploy(self.force)
        else:
            ready = all(self.met.values())
            self.ready_weeks = self.ready_weeks + 1 if ready else 0
            self.formed = ready and self.ready_weeks >= FORM["weeks"]
            if self.formed:
                self.deploy(self.mission)
                self.sheet.say(f"a force forms: {self.mission}")
        self.train()

    def check(self) -> None:
        """Note which requirements are met."""
        name, minimum = self.mission, self.minimum[self.mission]
        capacity, states = float(COALITION["capacity_troops"]), FACTS["actors.coalition.states"]
        self.pledged = capacity if self.stage >= PLEDGED else 0.0
        self.ratified_troops = self.pledged if self.ratified else 0.0
        western = FACTS[f"missions.{name}.western"]
        reach = min(self.pledged, self.ceiling) if western else self.pledged
        short = self.backstop_short(self.believed(), 0.0)
        backed = capacity if self.stage >= PLEDGED or short <= 0.0 else 0.0
        signed = self.truce and self.signed == name
        self.met = {
            "truce": self.truce,
            "host_consent": signed or not self.host_blocks(name),
            "russian_consent": self.consent >= CONSENTS.index(FACTS[f"missions.{name}.needs_consent"]),
            "council": not FACTS[f"missions.{name}.un_mandate"] or self.consent == 2,
            "backstop": backed >= minimum,
            "lead": not FACTS[f"missions.{name}.leads"] or self.ratified,
            "troops": reach >= minimum and self.pledged > 0.0 and states >= 3,
            "ratification": self.pledged > 0.0 and self.ratified_troops >= min(self.pledged, minimum),
        }
        self.sheet.say(f"within reach {plain(reach)} of {plain(minimum)}, of {states} states")
        for gate in GATES:
            self.sheet.say(f"{gate}: {'met' if self.met[gate] else 'missing'}")

    def serve(self) -> None:
        """Count the weeks that troops serve; past the first tour one of several units stays."""
        self.force_weeks += 1 if self.in_force else 0
        capacity, tour = float(COALITION["capacity_troops"]), HOLD["tour_weeks"]
        if not self.in_force:
            self.kept = capacity
            return
        self.sheet.say(f"weeks in the field: {self.force_weeks}; a tour lasts {tour}")
        self.kept = capacity
        if self.force_weeks >= tour:
            self.kept = self.sheet.work(
                "troops kept there", "C/max(1, rotation)", C=capacity, rotation=HOLD["rotation"]
            )

    def deploy(self, name: str) -> None:
        """Put into the field what is ratified, up to what planners ask for; under the ceiling if it is Western."""
        self.force, self.in_force = name, self.ratified
        self.troops = self.sheet.work(
            "troops N",
            f"min(ratified, {'ceiling, ' if FACTS[f'missions.{name}.western'] else ''}target)",
            ratified=self.kept if self.ratified else 0.0,
            ceiling=self.ceiling,
            target=kind(name, "target_troops"),
        )

    def train(self) -> None:
        """Begin, keep up or end training; it gives way to a force."""
        war = 0.0 if self.truce else FORM["training_war"]
        willing = self.sheet.holds(
            "the coalition would train",
            "y - war >= pledged",
            y=self.readiness,
            war=war,
            pledged=scale("stage_from", "pledged"),
        )
        trainers = self.sheet.work(
            "trainers",
            "share*troops",
            share=FORM["training_share"],
            troops=COALITION["capacity_troops"] if willing else 0.0,
        )
        minimum, free = self.minimum["training"], not self.force
        self.training_weeks = self.training_weeks + 1 if free and trainers >= minimum else 0
        if self.training:
            self.training = free and trainers >= minimum / 2
        else:
            self.training = self.training_weeks > 0 and self.training_weeks >= FORM["weeks"]
        self.sheet.say(f"training is {'' if self.training else 'not '}in place")

    # --- 10 hold ---------------------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Test a force in the field, from the week after it formed."""
        self.tested = self.attacked = self.reinforced = self.escalated = self.strained = False
        if not self.force or self.formed:
            self.sheet.say("the force has only just formed" if self.force else "no force to test")
            return
        holds, u, chance = self.sheet.holds, self.luck("force/attack"), self.attack_chance()
        self.attacked = holds("an attack", "u < chance", u=u, chance=chance)
        if self.attacked:
            self.escalated = holds(
                "the force hits back", "u < chance*retaliates", u=u, chance=chance, retaliates=HOLD["retaliates"]
            )
        self.tested = self.attacked or self.broke
        if self.tested:
            self.answer()
        if self.escalated and self.truce:
            self.end_truce()
        if holds("too small to stay", "N < minimum/2", N=self.troops, minimum=self.minimum[self.force]):
            self.force, self.troops, self.in_force, self.ended, self.ready_weeks = "", 0.0, False, True, 0
            self.sheet.say("the force ends")

    def attack_chance(self) -> float:
        """Return the chance of an attack."""
        return self.sheet.work(
            "chance of an attack",
            "min(1, base*war*exp(a_h*h - a_k*k - a_q*q_R*g - a_v*v*min(1, N/N_m)))",
            base=HOLD["attack_hazard"],
            war=1.0 if self.truce else HOLD["war_factor"],
            a_h=HOLD["exposure"],
            h=kind(self.force, "exposure"),
            a_k=HOLD["consent"],
            k=self.k(),
            a_q=HOLD["promise"],
            q_R=self.credence["russia"],
            g=self.g(),
            a_v=HOLD["worth"],
            v=self.worth[self.force],
            N=self.troops,
            N_m=self.minimum[self.force],
        )

    def answer(self) -> None:
        """Honour the promise or break it; all learn from that, and some may leave a force left alone."""
        promised = self.sheet.holds("there is a promise", "g > 0", g=self.g())
        kept = promised and self.sheet.holds(
            "the promise is honoured",
            "u < honoured",
            u=self.luck_once("promise/honoured"),
            honoured=US["backstop.honoured"],
        )
        self.reinforced = kept
        self.strained = bool(FACTS[f"missions.{self.force}.western"]) and not kept
        if promised:
            self.sheet.say(f"a promise {'honoured' if kept else 'broken'} tells much")
            self.learn(kept, LEARN["promise_tells"])
        if kept or self.escalated:
            self.sheet.say("the force is reinforced" if kept else "the force is in a fight of its own: nobody leaves")
            return
        leaves = self.sheet.holds(
            "the coalition leaves",
            "y - shock*h < pledged - margin",
            y=self.readiness,
            shock=HOLD["attack_shock"],
            h=kind(self.force, "exposure"),
            pledged=scale("stage_from", "pledged"),
            margin=PLEDGE["margin"],
        )
        if leaves and self.in_force:
            self.withdraw()
        self.deploy(self.force)

    # --- what is written down at the end of a week -----------------------------------------------------------------

    def take_down(self) -> None:
        """Take down the state at the end of the week, by the names the model uses."""
        european = self.force == "reassurance"
        week = {
            "week": self.week,
            "battlefield": self.seen + self.unarmed,
            "optimism_opponent": self.belief["russia"] - self.seen,
            "optimism_host": self.seen - self.belief["ukraine"],
            "posture": self.posture_seen,
            "cap": self.cap,
            "offer": self.inclination,
            "rung": self.rung,
            "pressure_broker": self.payoff["us"],
            "pressure_host": self.pressure,
            "pressure_opponent": self.payoff["russia"],
            "threat": self.threat,
            "mission": MISSIONS.index(self.mission),
            "concedes": self.most,
            "requires": self.least,
            "concession": self.concession,
            "truce": self.truce,
            "truces": self.truces,
            "broken": self.broken,
            "signed": MISSIONS.index(self.signed) if self.signed else -1,
            "imposed": self.imposed,
            "arms": self.arms,
            "guarantee": self.guarantee,
            "consent_index": self.index,
            "consent": self.consent,
            "sufficiency": self.sufficiency,
            "pledged_troops": self.pledged,
            "ratified_troops": self.ratified_troops,
            "ceiling": self.ceiling,
            **{f"met_{gate}": self.met[gate] for gate in GATES},
            "force": MISSIONS.index(self.force) if self.force else -1,
            "force_european": european,
            "troops": self.troops,
            "european_troops": self.troops,
            "states": FACTS["actors.coalition.states"] if self.in_force else 0,
            "tested": self.tested,
            "attacked": self.attacked,
            "reinforced": self.reinforced,
            "ended": self.ended,
            "training": self.training,
            "follows": self.follows,
            "relief": self.relief,
            "escalated": self.escalated,
            "strained": self.strained,
        }
        self.weeks.append({name: float(value) for name, value in week.items()})
        coalition = {
            "stage": self.stage,
            "readiness": self.readiness,
            "ratified": self.ratified,
            "in_force": self.in_force,
            "troops": self.troops if self.in_force else 0.0,
        }
        self.states.append({name: float(value) for name, value in coalition.items()})


SIGNS = {
    "russia->coalition/escalation_threat": -1.0,
    "coalition->russia/energy_sanctions": 1.0,
    "coalition->ukraine/military_aid": 1.0,
    "us->russia/bank_sanctions": 1.0,
    "us->ukraine/military_aid": 1.0,
    "us->russia/normalisation": 1.0,
    "russia->us/normalisation": -1.0,
}
"""Incentives, and which way they move their target."""
REWARD = "us->russia/normalisation"
"""The incentive that is paid for a signature alone, and is no pressure."""
BUDGETS = {"coalition": float(LOBBY["budget"]), "russia": 1.0, "us": 1.0}
"""The effort of a week: 1 for the great powers, less for others."""


def target_of(key: str) -> str:
    """Return the target of an edge."""
    return key.partition("/")[0].partition("->")[2]


def worked(number: int) -> Run:
    """Return a run, worked out."""
    run = Run(number)
    run.play()
    return run


def as_table() -> dict[str, Any]:
    """Return the constants, the luck, and what every run comes to."""
    runs = {number: worked(number) for number in RUNS}
    return {
        "numbers": {f"{part}.{name}": value for part, inner in NUMBERS.items() for name, value in inner.items()},
        "facts": FACTS,
        "luck": {number: {name: of.get(name, [0.5] * 5) for name in STREAMS} for number, of in RUNS.items()},
        "weekly": {number: run.weeks for number, run in runs.items()},
        "coalition": {number: run.states for number, run in runs.items()},
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["--json"]:
        print(json.dumps(as_table()))
    else:
        print("\n".join(line.rstrip() for line in worked(int(sys.argv[1])).sheet.lines))
