"""The groups of a scenario's inputs: by actor, by phase and by kind of reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim import vocabulary
from sim.scenario import evidence_use
from sim.scenario.scenario import Scenario

PHASE_OF: tuple[tuple[str, str], ...] = (
    ("rules.battlefield", "news"),
    ("rules.moods", "news"),
    ("rules.learning.promise_tells", "hold"),
    ("rules.learning", "offer"),
    ("scales.offered_from", "offer"),
    ("scales.guarantee", "truce"),
    ("scales.enabling", "form"),
    ("scales.consent", "consent"),
    ("scales", "pledge"),
    ("common.us_turn", "offer"),
    ("common.european_mood", "pledge"),
    ("common.credence", "offer"),
    ("common.firmness", "pledge"),
    ("common.capacity", "form"),
    ("events", "news"),
    ("missions.*.profile", "table"),
    ("missions.*.worth", "truce"),
    ("missions.*.provocation", "truce"),
    ("missions.*.exposure", "pledge"),
    ("missions.*.target_troops", "form"),
    ("missions.*.reserves_outside", "hold"),
    ("network.*/security_council_veto", "consent"),
    ("network.*/logistics_hub", "form"),
    ("network.*/security_guarantee", "pledge"),
    ("network.*/troop_example", "pledge"),
    ("network", "lobby"),
    ("actors.*.optimism", "news"),
    ("actors.*.posture", "news"),
    ("actors.*.susceptibility", "lobby"),
    ("actors.*.positions", "table"),
    ("actors.*.salience", "table"),
    ("actors.*.standing", "table"),
    ("actors.*.vetoes", "table"),
    ("actors.*.worth_floor", "table"),
    ("actors.*.backstop.honoured", "hold"),
    ("actors.*.backstop", "offer"),
    ("actors.*.burden_sharing", "offer"),
    ("actors.*.consent_ease", "offer"),
    ("actors.*.loss_of_war", "truce"),
    ("actors.*.doubt", "news"),
    ("actors.*.foresight", "truce"),
    ("actors.*.memory_of_broken_deals", "truce"),
    ("actors.*.arms", "truce"),
    ("actors.*.resists_pressure", "truce"),
    ("actors.*.provocation", "truce"),
    ("actors.*.territorial_claims", "truce"),
    ("actors.*.tolerance", "consent"),
    ("actors.*.forward_forces", "hold"),
    ("actors.*.ratification", "ratify"),
    ("actors.*.hesitancy.government", "pledge"),
    ("actors.*.hesitancy", "ratify"),
    ("actors.*.capacity_troops", "form"),
    ("actors", "pledge"),
)
"""The phase in which an input first makes a difference, by the start of its path (``*`` is any name); first fit counts.

After the table of symbols in ``docs/model.md``. Phases are knit together, so this says where an input enters, not where
all its consequences lie. Dispositions go by role: :func:`phase`.
"""

_NAMED = ("actors", "missions", "network")
"""Parts of a config whose second step is a name."""


def by_reasons(scenario: Scenario, paths: Iterable[str]) -> dict[str, list[str]]:
    """Return inputs by what they rest on, words of :data:`sim.scenario.evidence_use.KINDS`."""
    return _group(paths, lambda path: kind(scenario, path), evidence_use.KINDS.values())


def by_actor(scenario: Scenario, paths: Iterable[str]) -> dict[str, list[str]]:
    """Return inputs by the actor that they describe; those of an edge belong to its source, others to no actor."""
    return _group(paths, actor, ())


def by_phase(scenario: Scenario, paths: Iterable[str]) -> dict[str, list[str]]:
    """Return inputs by the phase in which they first make a difference; see :data:`PHASE_OF`."""
    return _group(paths, lambda path: phase(scenario, path), vocabulary.PHASES)


def actor(path: str) -> str:
    """Return the actor that an input describes, or the part of the config that describes none.

    >>> actor("actors.alba.disposition"), actor("network.alba->borea/military_aid.strength"), actor("rules.form.weeks")
    ('alba', 'alba', 'rules (no actor)')
    """
    part, name = path.split(".")[:2]
    if part == "actors":
        return name
    return name.partition("->")[0] if part == "network" else f"{part} (no actor)"


def kind(scenario: Scenario, path: str) -> str:
    """Return what an input rests on, a word of :data:`sim.scenario.evidence_use.KINDS`."""
    return evidence_use.KINDS[evidence_use.kind(scenario.leaves[path].reasons)]


def part(path: str) -> str:
    """Return the part of the config that an input belongs to: its path without names, at most three steps of it.

    >>> part("actors.alba.backstop.offers.at_most"), part("rules.form.weeks"), part("common.european_mood")
    ('actors.*.backstop', 'rules.form', 'common')
    >>> part("network.alba->borea/military_aid.strength")
    'network.*.strength'
    """
    first, *rest = path.split(".")
    if first in _NAMED:
        return ".".join([first, "*", *rest[1:2]])
    return ".".join([first, *rest[: len(rest) - 1][:1]])


def phase(scenario: Scenario, path: str) -> str:
    """Return the phase in which an input first makes a difference."""
    steps = path.split(".")
    if steps[0] == "rules" and steps[1] in vocabulary.PHASES:
        return steps[1]
    if steps[0] == "actors" and steps[2] in ("disposition", "credence"):
        roles = scenario.parts.actors[steps[1]].roles
        return "offer" if "broker" in roles else "truce" if "belligerent" in roles else "pledge"
    return next((name for start, name in PHASE_OF if _starts(path, start)), "other")


def _starts(path: str, pattern: str) -> bool:
    head, star, tail = pattern.partition("*")
    if not star:
        return f"{path}.".startswith(f"{head}.")
    if not path.startswith(head):
        return False
    rest = path[len(head) :]
    cut = rest.find(tail)
    return cut > 0 and "." not in rest[:cut] and rest[cut + len(tail) :][:1] in ("", ".")


def _group(paths: Iterable[str], key: Callable[[str], str], order: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(key(path), []).append(path)
    first = [name for name in order if name in groups]
    return {name: groups[name] for name in (*first, *sorted(groups.keys() - set(first)))}
