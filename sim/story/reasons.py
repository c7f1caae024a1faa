"""The words in which a story gives reasons: for every part of a sum, what it says when it rises and when it falls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sim.rules import pledging
from sim.story.weighed import Terms
from sim.words import listed

Pairs = dict[str, tuple[str, str]]

READINESS: Final[Pairs] = {
    "stance": ("a new government is more willing", "a new government is less willing"),
    "leaning": (
        "it is now more willing than its public position",
        "it is now less willing than its public position",
    ),
    "threats": ("{opponent}'s threats weigh less", "{opponent}'s threats weigh more"),
    "mood": ("the mood at home warms", "the mood at home cools"),
    "backstop": ("{backed}", "{unbacked}"),
    "consent": ("{opponent} now {consent} the mission", "{opponent} now {consent} the mission"),
    "company": ("{joined}", "{left}"),
    "exposure": ("the mission on the table is less exposed", "the mission on the table is more exposed"),
    "fear": ("fear of {host}'s defeat grows", "fear of {host}'s defeat fades"),
    "guard": ("fewer troops would leave home defence", "a force would strip home defence"),
    "settlement": ("the terms for {host} become more decent", "{host} would concede more than seems decent"),
    "definition": ("mission and mandate are settled", "mission and mandate are unsettled again"),
    "sidelining": ("fear grows of being left out of the settlement", "fear of being left out of the settlement fades"),
    "fatigue": ("paying for aid tires", "paying for aid tires less"),
    "call": ("it is asked for troops, all that the force still lacks", "it is no longer asked for troops"),
}

COMMITMENT: Final = ("what its commitment hangs on has come about", "what its commitment hung on is gone")
"""Why a contributor pledges by a commitment, or falls back when it no longer binds."""

HOLDS_BACK: Final = {
    "stance": "its public position",
    "leaning": "less willingness than its public position suggests",
    "threats": "{opponent}'s threats",
    "mood": "the mood at home",
    "backstop": "no promise of {broker} that meets the demand",
    "consent": "{opponent}'s refusal",
    "company": "too little company",
    "exposure": "an exposed mission",
    "guard": "home defence",
    "settlement": "how much {host} would concede",
    "definition": "an unsettled mandate",
    "sidelining": "no fear of being left out",
    "fatigue": "no weariness of aid",
    "fear": "no fear of {host}'s defeat",
    "call": "no call for troops",
}
"""What keeps a contributor from pledging."""

GATES_SHUT: Final = {
    "eu_decision": "{source} blocks EU decisions on which sanctions by {target} depend",
    "security_council_veto": "{source} would veto a Security Council mandate",
    "logistics_hub": "{source} is no hub for troops of {target}",
}

OFFER: Final[Pairs] = {
    "posture": ("its posture turned towards a force", "its posture turned away from a force"),
    "lure": ("normal relations with {opponent} draw it less", "normal relations with {opponent} draw it away"),
    "sharing": ("{sharing}", "{sharing}"),
    "consent": ("{opponent} objects less", "{opponent} objects more"),
    "leaning": (
        "it leans further towards a force than its words so far",
        "it leans further from a force than its words so far",
    ),
    "mood": ("the mood in its capital warms", "the mood in its capital cools"),
}

OVERLAP: Final[Pairs] = {
    "guarantee": ("{host} sees more guarantees", "{host} sees fewer guarantees"),
    "pressure_host": ("{broker} presses {host} through aid", "pressure on {host} eases"),
    "pressure_opponent": ("sanctions and other incentives press {opponent}", "pressure on {opponent} eases"),
    "relief": ("normal relations are held out to {opponent}", "less is held out to {opponent} for signing"),
    "optimism": ("hopes of winning on the battlefield fade", "hopes of winning on the battlefield grow"),
    "memory": ("{host} distrusts less", "{host} remembers the broken truce"),
    "provocation": ("the deal provokes {opponent} less", "a force in the deal provokes {opponent}"),
    "claims": ("{opponent} claims less", "{opponent}'s claims to territory"),
    "leaning_host": ("{host} is readier to settle than it says", "{host} is harder than it says"),
    "leaning_opponent": ("{opponent} is readier to settle than it says", "{opponent} is harder than it says"),
    "mood": ("moods in both capitals soften", "moods in both capitals harden"),
}

APART: Final = {
    "guarantee": "{host} sees no guarantees",
    "pressure_host": "pressure on {host}",
    "pressure_opponent": "what props {opponent} up",
    "relief": "nothing held out to {opponent} for signing",
    "optimism": "hopes of winning on the battlefield",
    "memory": "{host}'s memory of broken deals",
    "provocation": "what a force in the deal provokes in {opponent}",
    "claims": "{opponent}'s claims to territory",
    "leaning_host": "a {host} harder than it says",
    "leaning_opponent": "a {opponent} harder than it says",
    "mood": "moods in both capitals",
}
"""What holds the terms of a truce apart."""

CONSENT: Final[Pairs] = {
    "concession": ("{host} concedes more", "{host} concedes less"),
    "provocation": ("the mission provokes it less", "the mission and the promise behind it provoke it more"),
    "claims": ("its claims shrink", "its claims grow"),
    "battlefield": ("the battlefield promises it less", "the battlefield promises it more"),
    "pressure": ("sanctions and other incentives press it", "pressure on it eases"),
    "leaning": ("it is readier to settle than it says", "it is harder than it says"),
    "mood": ("its mood softens", "its mood hardens"),
}

OBJECTIONS: Final = {
    "host": "{host} thinks it worth too little to host it",
    "opponent": "{opponent} vetoes it",
    "broker": "{broker} vetoes a NATO flag",
    "council": "the Security Council would not mandate it",
    "troops": "too few troops are in sight for it",
}


QUANTITIES: Final = {
    "battlefield": ("{opponent} gains on the battlefield", "{opponent} loses ground on the battlefield"),
    "us_posture": ("{broker} turns towards a force", "{broker} turns away from a force"),
    "russian_optimism": ("{opponent} grows more hopeful of winning", "{opponent} grows less hopeful of winning"),
    "ukrainian_optimism": ("{host} grows more hopeful of winning", "{host} grows less hopeful of winning"),
    "european_mood": ("{group} opinion warms to a force", "{group} opinion cools towards a force"),
}

ENOUGH: Final = 0.08
"""The change on the latent scales below which a part is not mentioned."""


def changed(then: Terms, now: Terms) -> Terms:
    """Return by how much each part changed; a part that was not there counts as 0."""
    return {name: value - then.get(name, 0.0) for name, value in now.items()}


def readiness_changed(then: Terms, now: Terms) -> Terms:
    """Return by how much each part of readiness changed, with the demands, of which one alone holds back, as one part.

    What they changed together stands under the demand that held back before where that eased, else under the one that
    holds back now: a demand that another has taken over from gave way to nobody.

    >>> then, now = {"backstop": -1.5, "consent": 0.0, "mood": 0.1}, {"backstop": 0.0, "consent": -1.6, "mood": 0.4}
    >>> {name: round(value, 9) for name, value in readiness_changed(then, now).items() if abs(value) > 0.01}
    {'mood': 0.3, 'consent': -0.1}
    """
    change = changed(then, now)
    demands = [name for name in pledging.Unmet._fields if name in change]
    together = sum(change.pop(name) for name in demands)
    held = then if together > 0.0 else now
    return {**change, **dict.fromkeys(demands, 0.0), min(demands, key=lambda name: held.get(name, 0.0)): together}


def main_parts(change: Terms, upward: bool, most: int = 2) -> list[str]:
    """Return the parts that carried a move, largest first: at most ``most``, each at least half of the largest.

    >>> main_parts({"mood": 0.5, "company": 0.2, "consent": -0.4, "backstop": 0.3}, upward=True)
    ['mood', 'backstop']
    """
    sign = 1.0 if upward else -1.0
    sizes = sorted(((sign * value, name) for name, value in change.items()), key=lambda part: (-part[0], part[1]))
    return [name for size, name in sizes[:most] if size >= ENOUGH and 2.0 * size >= sizes[0][0]]


def reasons(parts: Iterable[str], upward: bool, words: Pairs, **names: str) -> str:
    """Return the parts in words, joined by "and"; empty if there is none."""
    return listed([words[part][0 if upward else 1].format(**names) for part in parts])
