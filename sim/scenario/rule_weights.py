"""The weights of the rules, by phase, as they stand in a config under ``rules``."""

from __future__ import annotations

from typing import Literal

from sim.scenario.number_types import Latent, Part, Share, Troops, Weeks, Weight


class BattlefieldRules(Part):
    """The battlefield: its mean, drift and weight in the terms, and what Kyiv's arms hold off (``arms``)."""

    mean: Latent
    persistence: Share
    weekly_sd: Weight
    terms_weight: Weight
    arms: Weight


class MoodRules(Part):
    """Weekly moods of all actors: what is left after a week, and the shock."""

    persistence: Share
    weekly_sd: Weight


class LearningRules(Part):
    """Whether actors learn in a run (``beliefs``), and what Washington's acts tell about its promise.

    ``credence_weight`` counts in observations, as do ``offer_tells`` (a rung raised or cut) and ``promise_tells`` (a
    promise honoured or broken).
    """

    beliefs: Literal["updated", "fixed"] = "updated"
    credence_weight: Weight
    offer_tells: Weight
    promise_tells: Weight


class LobbyRules(Part):
    """How fast incentives and persuasion work, what draws the broker, how far a turn reaches, what effort there is.

    ``budget``: the effort a week of a state that is no great power, whose own is 1.
    """

    adjustment: Share
    influence_speed: Share
    broker_drawn: Weight
    turn_reach: Weight
    budget: Share


class TableRules(Part):
    """Who tables a mission and how (``procedure``), and what keeps missions on or off the table."""

    procedure: Literal["proposer", "weighted_mean", "median", "package"] = "proposer"
    bonus_standing: Weight
    pledges_raise_standing: Weight
    supply_share: Share
    floor_relief: Weight


class TruceRules(Part):
    """What makes a guarantee, what is foreseen, how long terms must overlap, and what breaks a truce.

    ``foresight``: each side's own as drawn, or one that all share; ``terms``: whether passing moods enter what is
    signed; ``follow_*``: how the chance that a force follows a truce is read from public facts.
    """

    foresight: Literal["drawn", "none", "half", "full"] = "drawn"
    terms: Literal["lasting", "passing"] = "lasting"
    overlap_weeks: Weeks
    force_weight: Share
    promise_weight: Share
    arms_weight: Share
    promise_provokes: Weight
    look_ahead_weeks: Weeks
    follow_base: Latent
    follow_pledged: Weight
    follow_ready: Weight
    break_hazard: Share
    break_guarantee: Weight
    break_imposed: Weight
    break_threat: Weight
    break_regret: Weight
    break_provoked: Weight
    memory_step: Weight


class PledgeRules(Part):
    """What weighs in readiness, and how stages move: past a threshold, or the likelier the further (``decision``).

    ``stances``: read as what a state would do if its demands were met, or as where it stood in week 0.
    """

    stances: Literal["conditional", "as_spoken"] = "conditional"
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
    fear_of_defeat: Weight
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
    minimum_share: Share
    weeks: Weeks
    training_share: Share
    training_war: Weight


class HoldRules(Part):
    """How often a force is attacked and hits back, what weakens or helps it, who leaves, and what can be kept there.

    ``tour_weeks``: how long states keep all that they sent; then one of ``rotation`` units stays.
    """

    attack_hazard: Share
    exposure: Weight
    consent: Weight
    promise: Weight
    worth: Weight
    forward_loss: Share
    reserve_gain: Share
    war_factor: Weight
    attack_shock: Weight
    retaliates: Share
    tour_weeks: Weeks
    rotation: Weight


class Rules(Part):
    """Weights of the rules, by phase."""

    battlefield: BattlefieldRules
    moods: MoodRules
    learning: LearningRules
    lobby: LobbyRules
    table: TableRules
    truce: TruceRules
    pledge: PledgeRules
    ratify: RatifyRules
    form: FormRules
    hold: HoldRules
