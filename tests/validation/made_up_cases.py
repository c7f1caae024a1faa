"""Cases made up at random from the words that the format allows, names with everything that YAML can quote."""

from __future__ import annotations

from random import Random
from typing import Any

from sim.validation.case_format import KINDS, Case

_NAMES = (
    "Chad", "Côte d'Ivoire", 'The "Free" North (NF)', "A: B; C", "Île / Isle", "Østland", "任", "NATO",
    "Serbia and Montenegro", "Serbia", "Federation of states, the", "yes", "null", "12 tribes", "Guinea",
    "Guinea-Bissau", "European Union",
    "United States", "United States and European Union", "any", "security council", "others who may follow", "#1 front",
)  # fmt: skip
_CONDITIONS = (
    None, "none", "ceasefire", "UN mandate", "consent of all", "others join", "airlift", "vote of parliament",
    "- dash first", "a: b", "{brace", "won't lead; part only", "%", "&anchor *alias !tag",
)  # fmt: skip
_SEEN = ("page", "memory")
_WORDS = ("accepts", "tolerates", "refuses", "unknown")
_RUNGS = ("none", "logistics", "air_cover", "reserve_force", "assurance", "troops")


def made_up(seed: int) -> Case:
    """Return a case, the same for the same seed."""
    random = Random(seed)
    names = random.sample(_NAMES, 14)
    host, opponents, senders = names[0], names[1 : 1 + random.randint(1, 3)], names[4 : 4 + random.randint(1, 6)]
    missions = random.sample(KINDS, random.randint(1, 4))
    return Case.model_validate(
        {
            "id": f"made_up_{seed}",
            "title": f"A force for {host}",
            "region": "nowhere",
            "conflict": "made up",
            "reference_date": f"{random.randint(1950, 2050)}-0{random.randint(1, 9)}-11",
            "date_basis": random.choice((None, "made up")),
            "host": host,
            "opponents": random.choice((opponents, opponents[:1])),
            "belligerents": [
                *([_side(random, host, "host", missions)] if random.random() < 0.9 else []),
                *(_side(random, name, "opponent", missions) for name in opponents),
                *([_side(random, names[10], "other", missions)] if random.random() < 0.3 else []),
            ],
            "broker": random.choice((None, _broker(random, random.choice((names[11], *senders))))),
            "patrons": [
                {
                    "name": random.choice(names),
                    "over": random.choice((host, opponents[0], f"{host} and {opponents[0]}")),
                }
                for _ in range(random.randint(0, 3))
            ],
            "missions": missions,
            "mandate": {"unsc": random.choice(("yes", "pending", "no", "threat", "vetoed"))},
            "leads": [_sender(random, name) for name in random.sample([*senders, names[12]], random.randint(0, 2))],
            "contributors": [_sender(random, name) for name in (*senders, *random.choice(((), (host,), opponents)))],
            "troops_discussed": _size(random),
            "ceasefire_at_reference": random.random() < 0.5,
            "battlefield": {
                "state": random.choice(("stalemate", "one_side_winning")),
                "ahead": random.choice((None, host, opponents[0], "nobody known")),
            },
            "leverage": [
                {
                    "by": random.choice(names),
                    "against": random.choice((host, opponents[0], names[13])),
                    "means": "means: made up",
                    "status": random.choice(("used", "threatened", "offered", "not used")),
                }
                for _ in range(random.randint(0, 3))
            ],
        }
    )


def _side(random: Random, name: str, role: str, missions: list[str]) -> dict[str, Any]:
    by_mission = {kind: random.choice(_WORDS) for kind in missions if random.random() < 0.5}
    consent = {"consent": random.choice(_WORDS), "by_mission": by_mission, "seen": random.choice(_SEEN)}
    return {"name": name, "role": role, **consent, "note": random.choice((None, "a note"))}


def _broker(random: Random, name: str) -> dict[str, Any]:
    note = random.choice(({}, {"note": None}, {"note": "if asked"}))
    return {"name": name, "backing": random.choice(_RUNGS), "seen": random.choice(_SEEN), **note}


def _sender(random: Random, name: str) -> dict[str, Any]:
    stance = random.choice(("opposed", "hesitant", "open", "pledged"))
    return {"name": name, "stance": stance, "condition": random.choice(_CONDITIONS), "seen": random.choice(_SEEN)}


def _size(random: Random) -> dict[str, Any]:
    figures = sorted(random.choice((0, 5, 100, 500, 3_000, 60_000)) for _ in range(3))
    return {
        name: None if random.random() < 0.3 else figure
        for name, figure in zip(("low", "likely", "high"), figures, strict=True)
    }
