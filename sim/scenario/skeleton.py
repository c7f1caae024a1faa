"""Write the first lines of a config, with comments: a scenario, an actor in one, or a theatre; all run as they are."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.actor import OWNED, REQUIRED
from sim.scenario.key_table import Key, keys
from sim.scenario.parts import ScenarioParts

_STATED = ("name", "like", "roles", "european", "member_of", "stance", "capacity_troops")
"""What the skeleton of a contributor states by itself."""
_LEFT = ("host", "agent", "note", "pools", "given", "great_power", "states", "standing", "positions", "salience")
"""What a first contributor seldom has."""
_HEAD = """\
# Check it with `sim check {file}`, run it with `sim run {file}`.
"""
_SCENARIO = """\
# A scenario: what is asked, which scenario it starts from, and what differs there.
{head}
question: "What follows from what is changed here?"
extends: {base}
# One sentence that says why the values below are what they are; it holds for all that bring no reason of their own.
assumption: "A supposition, to see what follows from it."
change:
  # A dotted path and its new value. `sim show {base}` lists what there is; null removes, none takes a demand away.
  {path}: {value}
{examples}  # rules.truce.overlap_weeks: {{low: 1, likely: 2, high: 4}}
  # events.summer_offensive: {{week: 16, quantity: battlefield, change: {{low: 0.1, high: 0.5}}}}
# horizon_weeks: 104
"""
_ACTOR = """\
# A scenario that adds an actor, here a state that may send troops.
{head}# Lines that begin with # are left out: take the sign away to state what they name. What is not stated is taken
# {source}. `sim show {file} actors.{key}` tells from where.

question: "What if {name} joins?"
extends: {base}
# One sentence that says why the numbers below are what they are; a number may bring a reason of its own instead.
assumption: "{name} is in no document; what is stated here is ours."
change:
  actors.{key}:
    name: {name}
"""
_THEATRE = """\
# A theatre: a war or a truce anywhere, in which a foreign force is proposed. What is not stated comes from `theatre`.
{head}# Replace names and numbers by your own. Lines that begin with # are left out: take the sign away to state them.
# `inherited` takes the numbers from the pools of `theatre`; `sim show {file} actors.lead` tells from which.

question: "How likely is it that a foreign force forms in {name}?"
extends: theatre
start: {start}  # the day of what you know; week 0
horizon_weeks: 52
# begins_in_truce: true  # where a truce stands already
# words: {{place: {name}, host: the government, group: coalition}}  # how sentences name place, parties and group
# One sentence that says why the numbers below are what they are; a number may bring a reason of its own instead.
assumption: "Read from what was reported on {name}; every number is ours."
# A belligerent is the host or somebody else who has to agree; the broker (one, or none) may offer the force help; a
# contributor may send troops; a patron only leans on others, as a mediator does. Keys such as lead are yours to choose.
actors:
  host:
    name: {name}
    roles: [belligerent]
    host: true
    pools: [host]
    # The mission that it would like best, where 0 is watching, in the rear, neutral, and 1 fighting, on the line, NATO.
    positions: {{mandate: 0.5, place: 0.3, flag: 0.3}}
    # worth_floor: {{low: 0, likely: 0.1, high: 0.3}}  # least worth of a mission that it hosts
  opponent:
    name: the rebels
    roles: [belligerent]
    pools: [opponent]
    disposition: {{low: -1.8, likely: 0, high: 1.8}}  # higher: it takes less for a truce, and consents sooner
    positions: {{mandate: 0.2, place: 0.5, flag: 0.1}}
    # vetoes: {{light_missions: inherited}}  # on missions that need its acceptance and provoke it by more than about 1
  broker:
    name: the great power
    roles: [broker]
    great_power: true
    positions: {{mandate: 0.4, place: 0.3, flag: 0.4}}
    # The help that it offers: none, logistics, air_cover, reserve_force, assurance or troops.
    backstop: {{offers: {{at_least: none, at_most: {{logistics: 80%, air_cover: 20%}}}}}}
  lead:
    name: the lead
    roles: [contributor]
    european: true  # of the group that shares a mood and leads the coalition
    pools: [leads]
    stance: {{open: 60%, pledged: 40%}}  # what it would do if its own demands were met
    # Five demands are known: russian_consent is the opponents' consent, us_backstop the broker's help, company that
    # others go too; definition and decent_settlement are about the mission and the terms of the truce.
    needs: {{russian_consent: inherited}}
    capacity_troops: {{low: 1000, likely: 2000, high: 3000}}
    positions: {{mandate: 0.5, place: 0.2, flag: 0.5}}
  neighbour:
    name: a neighbour
    roles: [contributor]
    european: true
    # pools: [firm_on_consent, firm_on_company, firm_on_backstop, prior_vote]  # demands that it voiced; a vote before
    stance: {{hesitant: 60%, open: 40%}}
    needs: {{russian_consent: inherited, company: inherited}}
    capacity_troops: {{low: 300, likely: 800, high: 2000}}
  others:
    name: others who may follow
    roles: [contributor]
    states: 4
    stance: {{hesitant: 60%, open: 40%}}
    needs: {{russian_consent: inherited, company: inherited}}
    capacity_troops: {{low: 500, likely: 1500, high: 3000}}
# The missions that are discussed (null takes away), each with how much the opponent minds it (0.1: it accepts, 0.35: it
# tolerates, 1.4: it refuses) and the size that is spoken of, in persons.
missions:
  un_blue_helmets:
    provocation: {{low: 0.1, likely: 0.35, high: 0.6}}
    target_troops: {{low: 3000, likely: 5000, high: 8000}}
  reassurance:
    provocation: {{low: 0.1, likely: 0.6, high: 1.6}}
    leads: [lead]
    target_troops: {{low: 3000, likely: 5000, high: 8000}}
  observer: null
  neutral: null
  enforcement: null
  nato: null
network:  # who can lean on whom; inherited: as strongly as the pool of its channel says
  lead->neighbour/troop_example: inherited
  lead->others/troop_example: inherited
  broker->opponent/bank_sanctions: inherited
  # neighbour->opponent/patronage: inherited
  # opponent->neighbour/escalation_threat: inherited
# rules: {{battlefield: {{mean: {{low: 0.2, likely: 0.6, high: 1}}}}}}  # The opponent's advantage; below 0 the host's
"""
_OWN = """\
    roles: [contributor]  # broker, belligerent, contributor, patron
    european: true  # whether its troops count as European
    member_of: [eu]  # nato, eu
    stance: {hesitant: 60%, open: 40%}  # what it would do if its own demands were met
    capacity_troops: {low: 100, likely: 300, high: 800}  # troops that it can send at once
    needs:  # what it demands before it sends troops; inherited makes a demand and takes its numbers from the pools
      us_backstop: inherited
      # russian_consent: inherited
      # company: inherited
      # definition: inherited
      # decent_settlement: inherited
"""


def scenario(file: str, base: str, path: str, value: str, parts: ScenarioParts) -> str:
    """Return the skeleton of a scenario that changes one number of ``base``, which consists of ``parts``."""
    head, examples = _HEAD.format(file=file), "".join(f"  # {line}\n" for line in _examples(parts))
    return _SCENARIO.format(head=head, base=base, path=path, value=value, examples=examples)


def theatre(file: str, key: str, start: str) -> str:
    """Return the skeleton of a theatre of its own, over the base that says nothing of any place."""
    return _THEATRE.format(head=_HEAD.format(file=file), file=file, name=_title(key), start=start)


def actor(file: str, key: str, base: str, like: str | None, parts: ScenarioParts) -> str:
    """Return the skeleton of a scenario that adds an actor to ``base``, ``like`` another or with its own numbers."""
    source = f"from {like}, memberships and edges too" if like else "from the pools of `defaults`, if a pool has it"
    head = _ACTOR.format(head=_HEAD.format(file=file), file=file, key=key, base=base, name=_title(key), source=source)
    edges = "" if like else _edges(key, parts)
    own = f"    like: {like}  # or {{actor: {like}, edges: false}} to take no edges\n" if like else _OWN
    return f"{head}{own}{''.join(_commented(like))}{edges}"


def _title(key: str) -> str:
    return key.replace("_", " ").title()


def _commented(like: str | None) -> Iterator[str]:
    """Yield a comment for each key that a contributor may have beside what is stated, with an example."""
    foreign = {name for role, names in OWNED.items() if role != "contributor" for name in names}
    foreign |= {name for role in REQUIRED if role not in ("contributor", "patron") for name in REQUIRED[role]}
    kept = {*REQUIRED["contributor"], "credence", "motives", "hesitancy", "home_guard", "susceptibility"}
    left = {*_LEFT, *(foreign - kept), "governments", "handover", "vetoes"}
    stated = ("name", "like") if like else (*_STATED, "needs")
    for key in keys("actors"):
        first = key.path.partition(".")[0]
        if first not in stated and first not in left:
            yield _comment(key)


def _comment(key: Key) -> str:
    depth = key.path.count(".")
    value = f" {key.example}" if key.example else ""
    return f"    # {'  ' * depth}{key.path.rpartition('.')[2]}:{value}  # {key.means}\n"


def _edges(key: str, parts: ScenarioParts) -> str:
    lines = [f"{name}->{key}/security_guarantee" for name in _playing(parts, "broker")[:1]]
    lines += [f"{name}->{key}/troop_example" for name in _leads(parts)[:1]]
    head = "  # Whom it leans on and who leans on it; an example moves only a state that demands company.\n"
    return head + "".join(f"  # network.{line}: inherited\n" for line in lines)


def _examples(parts: ScenarioParts) -> Iterator[str]:
    """Yield other changes of a scenario with these parts, each a line of YAML."""
    asking = [name for name, each in parts.actors.items() if each.needs.russian_consent is not None]
    yield from (f"actors.{name}.needs.russian_consent: none" for name in asking[:1])
    yield from (f"actors.{name}.backstop.offers.at_most: assurance" for name in _playing(parts, "broker")[:1])
    heard = [name for name in _playing(parts, "opponent") if parts.actors[name].susceptibility is not None]
    ends = [f"{lead}->{name}" for lead in _leads(parts)[:1] for name in heard[:1]]
    yield from (f"network.{end}/persuasion: {{strength: 30%, willingness: 60%}}" for end in ends)


def _playing(parts: ScenarioParts, part: str) -> list[str]:
    return [name for name, each in parts.actors.items() if part in each.parts()]


def _leads(parts: ScenarioParts) -> list[str]:
    """Return the contributors, those that table missions first."""
    senders = _playing(parts, "contributor")
    return sorted(senders, key=lambda name: parts.actors[name].standing is None)
