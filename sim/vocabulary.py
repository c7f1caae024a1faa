"""Names only: the words that evidence, configs, rules, engines and tables share.

Nothing here has a value that moves a result; numbers behind words live in ``configs/scales.yaml``.
"""

from typing import Final

PHASES: Final = ("news", "lobby", "table", "offer", "truce", "consent", "pledge", "ratify", "form", "hold")
"""The round, in order; each has its section in ``docs/model.md``."""

GATES: Final = (
    "truce",
    "host_consent",
    "russian_consent",
    "council",
    "backstop",
    "lead",
    "troops",
    "ratification",
)
"""Requirements of a deployment that ``relaxed`` can hold open, in the order in which they are listed."""

ROLES: Final = ("broker", "belligerent", "contributor", "patron")

PROCEDURES: Final = ("proposer", "weighted_mean", "median", "package")
"""Ways to the mission on the table; engines know them by position."""

RUNGS: Final = ("none", "logistics", "air_cover", "reserve_force", "assurance", "troops")
"""The backstop ladder, lowest first: nothing; intelligence, logistics and planning; air defence and air patrols
from outside; a reserve or extraction force; an Article-5-like assurance; the broker's troops on the ground."""

STANCES: Final = ("opposed", "hesitant", "open", "pledged")
"""Stages of a contributor, most reluctant first."""

CONSENTS: Final = ("refuses", "tolerates", "accepts")
"""The opponents' consent to the mission on the table, least first; k = 0, 1/2, 1."""

ANSWERS: Final = ("no", "yes")

SCALES: Final = {"rung": RUNGS, "stance": STANCES, "consent": CONSENTS, "answer": ANSWERS}
"""Every ordered vocabulary a choice may draw from."""

ISSUES: Final = ("mandate", "place", "flag")
"""Issues on which actors hold positions and missions have profiles, each in [0, 1]:
mandate (observe ... fight), place (far from the line ... along it), flag (United Nations or neutral ... NATO)."""

INCENTIVES: Final = (
    "military_aid",
    "bank_sanctions",
    "energy_sanctions",
    "normalisation",
    "escalation_threat",
    "patronage",
)
"""Channels that shift a target's payoff."""

SANCTIONS: Final = ("bank_sanctions", "energy_sanctions")

INFLUENCES: Final = ("persuasion", "troop_example", "security_guarantee")
"""Channels that carry positions, example and cover from one actor to another."""

GATE_CHANNELS: Final = ("logistics_hub", "security_council_veto", "eu_decision")
"""Channels without strength: open or shut."""

CHANNELS: Final = (*INCENTIVES, *INFLUENCES, *GATE_CHANNELS)

EVENT_QUANTITIES: Final = ("battlefield", "us_posture", "russian_optimism", "ukrainian_optimism", "european_mood")

NO_MISSION: Final = "none"
OUTCOMES_WITHOUT_FORCE: Final = ("observer", "training", "ceasefire_without_force", "no_ceasefire")

TOPICS: Final = (
    "us_backstop",
    "us_posture",
    "us_pressure",
    "credibility",
    "russian_consent",
    "russian_stance",
    "sanctions",
    "ukrainian_stance",
    "settlement",
    "stance",
    "motive",
    "capacity",
    "sufficiency",
    "mission",
    "mandate",
    "flag",
    "neutral_force",
    "risk",
    "domestic",
    "home_guard",
    "negotiation",
    "battlefield",
    "aid",
    "alternative",
    "precedent",
    "sustaining",
    "forecast",
)
"""What a claim is about."""

CLAIM_KEYS: Final = ("because", "order", "see", "against")
"""Reasons that list claims: those that give a number's value, those that say it is more or less than another number,
those that speak to it without giving its value, and those that say otherwise."""

PATH_KEYS: Final = ("more_than", "less_than")
"""What an ``order`` compares a number with: paths of other numbers."""

REASON_KEYS: Final = ("because", "anchor", "order", *PATH_KEYS, "assumption", "convention", "see", "against")
"""Why a number is what it is: claims, published figures (``anchor``), an order among numbers, what we assumed, or that
it only fixes a scale (``convention``)."""
