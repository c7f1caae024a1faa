"""Worlds that tests share: the shipped baseline, read once, and a tiny world that is quick to read and to change."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from sim import world
from sim.model import Negotiation, Trajectory
from sim.reading.files import parse_yaml
from sim.scenario import loading
from sim.scenario.layers import Reasons, flatten
from sim.scenario.scenario import Scenario
from sim.world import streams
from sim.world.columns import RULES

_WRITTEN = """\
assumption: made up for tests
question: Does a force deploy in a world of six?
horizon_weeks: 16
actors:
  usa:
    name: Broker
    roles: [broker]
    great_power: true
    disposition: {low: -1, high: 1}
    posture: {start: 0.5, turns: 2%, turn_size: 0.8, turn_upward: 50%}
    backstop: {offers: {at_least: none, at_most: assurance}, honoured: 60%}
    burden_sharing: 0.3
    consent_ease: 0.3
    standing: 0.5
    positions: {mandate: 0.5, place: 0.3, flag: 0.5}
    salience: {mandate: 0.5, place: 0.5, flag: 0.5}
    vetoes: {nato_flag: {firmness: 90%}}
  rus:
    name: Opponent
    roles: [belligerent]
    disposition: {low: -1, high: 1}
    great_power: true
    optimism: 0.4
    doubt: 1.5
    foresight: {low: 50%, high: 100%}
    provocation: 1.2
    tolerance: 0.6
    territorial_claims: 0.1
    forward_forces: 30%
    credence: 50%
    standing: 0.3
    positions: {mandate: 0.1, place: 0.6, flag: 0}
    salience: {mandate: 1, place: 0.5, flag: 1}
    vetoes: {light_missions: {provocation_at_most: 0.6, firmness: 0.5}}
  ukr:
    name: Host
    roles: [belligerent]
    host: true
    disposition: {low: 0, high: 3}
    optimism: 0.3
    doubt: 2
    foresight: {low: 50%, high: 100%}
    loss_of_war: 5
    memory_of_broken_deals: 0.6
    arms: 50%
    worth_floor: 15%
    resists_pressure: 40%
    credence: 50%
    standing: 0.4
    positions: {mandate: 0.8, place: 0.6, flag: 0.7}
    salience: {mandate: 1, place: 0.4, flag: 0.4}
  alba:
    name: Lead
    roles: [contributor]
    european: true
    member_of: [nato, eu]
    stance: {open: 40%, pledged: 60%}
    disposition: {low: -0.5, high: 1.5}
    needs: {us_backstop: {at_least: logistics, firmness: 40%}}
    motives: {sidelining: 50%, autonomy: 40%, fear_of_defeat: 30%}
    hesitancy: {government: 20%, parliament: 30%}
    capacity_troops: {low: 4000, likely: 8000, high: 9000}
    ratification: {weeks: 2, support: 0.5}
    credence: 60%
    standing: 0.8
    positions: {mandate: 0.5, place: 0.2, flag: 0.6}
    salience: {mandate: 0.5, place: 0.5, flag: 0.5}
  borea:
    name: Follower
    roles: [contributor]
    european: true
    states: 2
    governments: {outgoing: {stance: hesitant}, incoming: {stance: pledged}}
    handover: {week: {low: 2, high: 8}}
    disposition: {low: -1, high: 1}
    needs: {russian_consent: {at_least: tolerates, firmness: 50%}, company: {at_least: 60%, firmness: 50%}}
    capacity_troops: 3000
    ratification: {weeks: 1, support: 0}
    credence: 40%
  corvia:
    name: Outsider
    roles: [contributor, patron]
    stance: open
    disposition: {low: 0, high: 2}
    capacity_troops: 4000
    ratification: {weeks: 0, support: 0.2}
network:
  usa->ukr/military_aid: {strength: 50%, willingness: 40%}
  usa->rus/bank_sanctions: {strength: 60%, willingness: 30%}
  alba->rus/bank_sanctions: {strength: 20%, willingness: 70%}
  rus->usa/normalisation: {strength: 30%, willingness: 50%}
  rus->borea/escalation_threat: {strength: 30%, willingness: 50%}
  usa->alba/security_guarantee: {strength: 72%}
  alba->borea/troop_example: {strength: 60%, willingness: 100%}
  ukr->usa/persuasion: {strength: 30%, willingness: 60%}
  borea->alba/eu_decision: {open: {"yes": 70%, "no": 30%}}
  rus->ukr/security_council_veto: {open: "yes"}
missions:
  blue:
    name: Blue helmets
    groups: [deployed]
    western: false
    needs_consent: accepts
    un_mandate: true
    eligible: [any]
    profile: {mandate: 0.2, place: 0.6, flag: 0}
    worth: 25%
    provocation: 0.1
    exposure: 0.4
    target_troops: 8000
  reassurance:
    name: Reassurance force
    groups: [deployed, european]
    western: true
    leads: [alba]
    eligible: [european, corvia]
    profile: {mandate: 0.5, place: 0.2, flag: 0.6}
    worth: 55%
    provocation: 0.6
    exposure: 0.3
    target_troops: 10000
    reserves_outside: 50%
  watch:
    name: Observers
    groups: [observer]
    western: false
    needs_consent: tolerates
    eligible: [any]
    profile: {mandate: 0, place: 0.7, flag: 0}
    worth: 16%
    provocation: 0.05
    exposure: 0.3
    target_troops: 1500
scales:
  offered_from: {none: -99, logistics: 0.2, air_cover: 1.1, reserve_force: 2, assurance: 2.9, troops: 4}
  guarantee: {none: 0, logistics: 0.15, air_cover: 0.4, reserve_force: 0.6, assurance: 0.85, troops: 1}
  enabling: {none: 0, logistics: 0.45, air_cover: 0.65, reserve_force: 0.75, assurance: 0.8, troops: 1}
  stance: {opposed: -1.2, hesitant: -0.15, open: 0.65, pledged: 1.6}
  stage_from: {hesitant: -0.6, open: 0.3, pledged: 1}
  consent: {refuses: 0, tolerates: 50%, accepts: 100%}
common:
  european_mood: {low: -0.5, high: 0.5}
  us_turn: {low: -0.5, likely: 0, high: 0.5}
words: {place: Ukraine, group: European, host: Kyiv, opponent: Moscow, broker: Washington}
rules:
  battlefield: {mean: 0.2, persistence: 95%, weekly_sd: 0.1, terms_weight: 1, arms: 1}
  moods: {persistence: 90%, weekly_sd: 0.25}
  learning: {credence_weight: 10, offer_tells: 0.1, promise_tells: 3}
  lobby: {adjustment: 20%, influence_speed: 25%, broker_drawn: 0.4, turn_reach: 0.15, budget: 50%}
  table: {bonus_standing: 0.06, pledges_raise_standing: 1, supply_share: 60%, floor_relief: 0.1}
  truce: {overlap_weeks: 2, force_weight: 80%, promise_weight: 60%, arms_weight: 30%, promise_provokes: 0.1,
    look_ahead_weeks: 104, follow_base: -4, follow_pledged: 2, follow_ready: 3, break_hazard: 3%, break_guarantee: 2,
    break_imposed: 1, break_threat: 0.5, break_regret: 0.5, break_provoked: 0.2, memory_step: 0.3}
  pledge: {backstop: 1.5, consent: 1, company: 1, exposure: 0.5, home_guard: 0.5, settlement: 1, definition: 0.5,
    sidelining: 0.5, aid_fatigue: 0.5, fear_of_defeat: 0.5, call_for_troops: 0.2, fatigue_weeks: 52,
    definition_weeks: 8, example: 50%, move: 50%, hesitancy_slows: 50%, margin: 0.3, precision: 4}
  ratify: {domestic: 0.6, bar_weeks: 13}
  form: {ceiling_alone: 12000, ceiling_enablers: 40000, hub_loss: 30%, berlin_plus: 10%, weeks: 2,
    training_share: 10%, training_war: 0.5, minimum_share: 60%}
  hold: {attack_hazard: 3%, exposure: 1, consent: 0.5, promise: 1, worth: 1, forward_loss: 20%, reserve_gain: 20%,
    war_factor: 3, attack_shock: 1, retaliates: 20%, tour_weeks: 26, rotation: 3}
"""


def with_new_weights(text: str) -> str:
    """Return a world with every weight of the rules that it leaves out, at the likeliest value that is shipped.

    So a new weight needs no line here. The weights that stand here are the tiny world's own.
    """
    rules = parse_yaml(text, "tiny.yaml").data["rules"]
    missing: dict[str, str] = {}
    for path in (path for path in RULES if path.partition(".")[2] not in rules.get(path.partition(".")[0], {})):
        section, _, name = path.partition(".")
        numbers = baseline().leaves[f"rules.{path}"].prior.numbers
        missing[section] = missing.get(section, "") + f"{name}: {numbers[len(numbers) // 2]}, "
    for section, weights in missing.items():
        if section in rules:
            text = text.replace(f"\n  {section}: {{", f"\n  {section}: {{{weights}", 1)
        else:
            text += f"  {section}: {{{weights}}}\n"
    return text


@lru_cache(maxsize=1)
def baseline() -> Scenario:
    """Return the shipped baseline."""
    return loading.load("baseline")


TINY = with_new_weights(_WRITTEN)


@lru_cache(maxsize=1)
def tiny() -> Scenario:
    """Return the tiny world."""
    document = parse_yaml(TINY, "tiny.yaml")
    return Scenario("tiny", flatten(document, document.data, (), (), Reasons()))


def write_tiny(folder: Path, **files: str) -> Path:
    """Write the tiny world and other files, by stem, into ``folder``, and return the last one written."""
    path = folder / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    for stem, text in files.items():
        path = folder / f"{stem}.yaml"
        path.write_text(text, encoding="utf-8")
    return path


def play(scenario: Scenario, runs: int, seed: int = 11, **options: Any) -> list[Trajectory]:
    """Return what happened in the first runs of a scenario."""
    structure = world.build(scenario)
    inputs, luck = world.draw(structure, seed, 0)
    assert runs <= streams.BLOCK
    return [Negotiation(structure, inputs, luck, run, **options).play() for run in range(runs)]


TARGETS = """\
cases: {actors.*.disposition: made up, common.*: made up}
targets:
  breaks:
    says: made up
    quantity: truce_break_rate
    published: {low: 0.001, likely: 0.01, high: 0.1}
    discrepancy: {sd: 0.3, because: made up}
    sources: [none]
    reading: made up
    caveat: made up
"""
"""Targets of ``sim match``, made up."""
