"""The weights of the rules, by phase, as they stand in a config under ``rules``."""

from __future__ import annotations

from typing import Literal

from sim.scenario.number_types import Latent, Part, Share, Troops, Weeks, Weight


class BattlefieldRules(Part):
    """The battlefield: its mean, drift and weight in the terms, and how optimism decays."""

    mean: Latent
    persistence: Share
    weekly_sd: Weight
    terms_weight: Weight
    optimism_decay: Share


class MoodRules(Part):
    """Weekly moods of all actors: what is left after a week, and the shock."""

    persistence: Share
    weekly_sd: Weight


class LobbyRules(Part):
    """How fast incentives and persuasion work, what draws the broker, how far a turn reaches."""

    adjustment: Share
    influence_speed: Share
    broker_drawn: Weight
    turn_reach: Weight


class TableRules(Part):
    """Who tables a mission and how (``procedure``), and what keeps missions on or off the table."""

    procedure: Literal["proposer", "weighted_mean", "median"] = "proposer"
    bonus_standing: Weight
    pledges_raise_standing: Weight
    supply_share: Share
    floor_relief: Weight


class TruceRules(Part):
    """What makes a guarantee, how long terms must overlap, and what breaks a truce."""

    overlap_weeks: Weeks
    force_weight: Share
    promise_weight: Share
    arms_weight: Share
    promise_provokes: Weight
    firewall: Share
    break_hazard: Share
    break_guarantee: Weight
    break_imposed: Weight
    break_threat: Weight
    memory_step: Weight


class PledgeRules(Part):
    """What weighs in readiness, and how stages move: past a threshold, or the likelier the further (``decision``)."""

    decision: Literal["threshold", "quantal"] = "threshold"
    backstop: Weight
    consent: Weight
    company: Weight
    exposure: Weight
    home_guard: Weight
    settlement: Weight
    definition: Weight
    sidelining: Weight
    aid_fatigue: Weight
    fatigue_weeks: Weight
    definition_weeks: Weeks
    example: Share
    move: Share
    hesitancy_slows: Share
    margin: Weight
    precision: Weight


class RatifyRules(Part):
    """Weight of those who hold back at home, and how long a refusal bars."""

    domestic: Weight
    bar_weeks: Weeks


class FormRules(Part):
    """How many troops can be fielded, how long requirements must hold, and training."""

    ceiling_alone: Troops
    ceiling_enablers: Troops
    hub_loss: Share
    berlin_plus: Share
    filled_up_to: Weight
    weeks: Weeks
    training_share: Share
    training_war: Weight


class HoldRules(Part):
    """How often a force is attacked, what weakens or helps it, and who leaves."""

    attack_hazard: Share
    exposure: Weight
    consent: Weight
    promise: Weight
    worth: Weight
    forward_loss: Share
    reserve_gain: Share
    war_factor: Weight
    attack_shock: Weight


class Rules(Part):
    """Weights of the rules, by phase."""

    battlefield: BattlefieldRules
    moods: MoodRules
    lobby: LobbyRules
    table: TableRules
    truce: TruceRules
    pledge: PledgeRules
    ratify: RatifyRules
    form: FormRules
    hold: HoldRules
