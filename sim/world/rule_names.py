"""The weights of the rules as a run has them: written by ``python tools/rule_names.py``, not by hand.

It follows from the classes of :mod:`sim.scenario.rule_weights`, where a new weight belongs.
"""

from __future__ import annotations

from typing import NamedTuple


class RuleNames(NamedTuple):
    """The weights of the rules by name, ``PHASE_WEIGHT``; both engines read a run's numbers in this order."""

    battlefield_mean: float
    battlefield_persistence: float
    battlefield_weekly_sd: float
    battlefield_terms_weight: float
    battlefield_arms: float
    moods_persistence: float
    moods_weekly_sd: float
    learning_credence_weight: float
    learning_offer_tells: float
    learning_promise_tells: float
    lobby_adjustment: float
    lobby_influence_speed: float
    lobby_broker_drawn: float
    lobby_turn_reach: float
    lobby_budget: float
    table_bonus_standing: float
    table_pledges_raise_standing: float
    table_supply_share: float
    table_floor_relief: float
    truce_overlap_weeks: float
    truce_force_weight: float
    truce_promise_weight: float
    truce_arms_weight: float
    truce_promise_provokes: float
    truce_look_ahead_weeks: float
    truce_follow_base: float
    truce_follow_pledged: float
    truce_follow_ready: float
    truce_break_hazard: float
    truce_break_guarantee: float
    truce_break_imposed: float
    truce_break_threat: float
    truce_break_regret: float
    truce_break_provoked: float
    truce_memory_step: float
    pledge_backstop: float
    pledge_consent: float
    pledge_company: float
    pledge_exposure: float
    pledge_home_guard: float
    pledge_settlement: float
    pledge_definition: float
    pledge_sidelining: float
    pledge_aid_fatigue: float
    pledge_fear_of_defeat: float
    pledge_call_for_troops: float
    pledge_fatigue_weeks: float
    pledge_definition_weeks: float
    pledge_example: float
    pledge_move: float
    pledge_hesitancy_slows: float
    pledge_margin: float
    pledge_precision: float
    ratify_domestic: float
    ratify_bar_weeks: float
    form_ceiling_alone: float
    form_ceiling_enablers: float
    form_hub_loss: float
    form_berlin_plus: float
    form_minimum_share: float
    form_weeks: float
    form_training_share: float
    form_training_war: float
    hold_attack_hazard: float
    hold_exposure: float
    hold_consent: float
    hold_promise: float
    hold_worth: float
    hold_forward_loss: float
    hold_reserve_gain: float
    hold_war_factor: float
    hold_attack_shock: float
    hold_retaliates: float
    hold_tour_weeks: float
    hold_rotation: float
