"""The weights of the rules, by phase, as they stand in a config under ``rules``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.number_types import Latent, Part, Share, Troops, Weeks, Weight


class BattlefieldRules(Part):
    """The battlefield: its mean, drift and weight in the terms, and what the host's arms hold off (``arms``)."""

    mean: Latent = Field(description="the opponents' advantage on the battlefield, long-run mean")
    persistence: Share = Field(description="share of the advantage's deviation left after a week")
    weekly_sd: Weight = Field(description="standard deviation of its weekly shock")
    terms_weight: Weight = Field(description="units of concession for one unit of advantage or optimism")
    arms: Weight = Field(description="what the opponents' advantage gains if the host is left without arms")


class MoodRules(Part):
    """Weekly moods of all actors: what is left after a week, and the shock."""

    persistence: Share = Field(description="share of a mood left after a week")
    weekly_sd: Weight = Field(description="standard deviation of a mood's weekly shock")


class LearningRules(Part):
    """Whether actors learn in a run (``beliefs``), and what the broker's acts tell about its promise.

    ``credence_weight`` counts in observations, as do ``offer_tells`` (a rung raised or cut) and ``promise_tells`` (a
    promise honoured or broken).
    """

    beliefs: Literal["updated", "fixed"] = Field(
        "updated", description="whether actors learn in a run, or keep what they believe"
    )
    credence_weight: Weight = Field(description="observations that a prior belief in the promise counts for")
    offer_tells: Weight = Field(description="observations that a changed offer counts for")
    promise_tells: Weight = Field(description="observations that a promise kept or broken counts for")


class LobbyRules(Part):
    """How fast incentives and persuasion work, what draws the broker, how far a turn reaches, what effort there is.

    ``budget``: the effort a week of a state that is no great power, whose own is 1.
    """

    adjustment: Share = Field(description="share of the gap to the incentives that a payoff closes in a week")
    influence_speed: Share = Field(description="share of the gap to its goal that a position closes in a week")
    broker_drawn: Weight = Field(description="how far normal relations draw the broker from sanctions")
    turn_reach: Weight = Field(description="how far a turn moves the broker's will to press")
    budget: Share = Field(description="effort a week of a source that is no great power; theirs is 1")


class TableRules(Part):
    """Who tables a mission and how (``procedure``), and what keeps missions on or off the table."""

    procedure: Literal["proposer", "weighted_mean", "median", "package"] = Field(
        "proposer", description="who tables a mission, and how"
    )
    bonus_standing: Weight = Field(description="bonus of the mission that stands")
    pledges_raise_standing: Weight = Field(description="how much European pledges raise European standing")
    supply_share: Share = Field(description="share of a minimum that must be in sight for sponsors")
    floor_relief: Weight = Field(description="how much of it pressure takes off")


class TruceRules(Part):
    """What makes a guarantee, what is foreseen, how long terms must overlap, and what breaks a truce.

    ``foresight``: each side's own as drawn, or one that all share; ``terms``: whether passing moods enter what is
    signed; ``follow_*``: how the chance that a force follows a truce is read from public facts.
    """

    foresight: Literal["drawn", "none", "half", "full"] = Field(
        "drawn", description="each side's own as drawn, or one that both share"
    )
    terms: Literal["lasting", "passing"] = Field("lasting", description="whether passing moods enter what is signed")
    overlap_weeks: Weeks = Field(description="weeks of overlap before a truce")
    force_weight: Share = Field(description="weight of a force in the guarantee")
    promise_weight: Share = Field(description="weight of the broker's promise in it")
    arms_weight: Share = Field(description="weight of arms in it")
    promise_provokes: Weight = Field(description="what a promise adds to provocation")
    look_ahead_weeks: Weeks = Field(description="weeks over which the host looks at how long a truce lasts")
    follow_base: Latent = Field(description="logit of a force that follows, with nothing pledged or ready")
    follow_pledged: Weight = Field(description="what a force pledged in full adds to it")
    follow_ready: Weight = Field(description="what all other requirements in place add to it")
    break_hazard: Share = Field(description="chance a week that a truce breaks, other things zero")
    break_guarantee: Weight = Field(description="how a guarantee lowers it")
    break_imposed: Weight = Field(description="how imposition raises it")
    break_threat: Weight = Field(description="how threatened sanctions lower it")
    break_regret: Weight = Field(description="how terms that no longer overlap raise it")
    break_provoked: Weight = Field(description="how a Western force that the opponent refuses raises it")
    memory_step: Weight = Field(description="what one more broken truce adds to it")


class PledgeRules(Part):
    """What weighs in readiness, and how stages move: past a threshold, or the likelier the further (``decision``).

    ``stances``: read as what a state would do if its demands were met, or as where it stood in week 0.
    """

    stances: Literal["conditional", "as_spoken"] = Field(
        "conditional",
        description="read as what a state would do if its demands were met, or as where it stood in week 0",
    )
    decision: Literal["threshold", "quantal"] = Field(
        "threshold", description="past a threshold, or the likelier the further"
    )
    backstop: Weight = Field(description="weight of a backstop demanded and wholly lacking")
    consent: Weight = Field(description="weight of consent wanted and wholly lacking")
    company: Weight = Field(description="weight of company wanted and wholly lacking")
    exposure: Weight = Field(description="weight of exposure beyond that of the reference mission")
    home_guard: Weight = Field(description="weight of a home guard stripped")
    settlement: Weight = Field(description="weight of a settlement that is not decent")
    definition: Weight = Field(description="weight of a mission not yet defined")
    sidelining: Weight = Field(description="weight of being sidelined")
    aid_fatigue: Weight = Field(description="weight of aid fatigue")
    fear_of_defeat: Weight = Field(description="weight of fear of the host's defeat")
    call_for_troops: Weight = Field(description="what being asked adds where troops are all that a force lacks")
    fatigue_weeks: Weight = Field(description="weeks in which most of it is reached")
    definition_weeks: Weeks = Field(description="weeks on the table until it is defined")
    example: Share = Field(description="share of example in company")
    move: Share = Field(description="chance a week that a due move is made")
    hesitancy_slows: Share = Field(description="how much hesitancy slows it")
    margin: Weight = Field(description="margin past which a stage is lost")
    precision: Weight = Field(description="precision of decisions, where they are quantal")


class RatifyRules(Part):
    """Weight of those who hold back at home, and how long a refusal bars."""

    domestic: Weight = Field(description="weight of those who hold back")
    bar_weeks: Weeks = Field(description="weeks for which a refusal bars")


class FormRules(Part):
    """How many troops can be fielded, how long requirements must hold, and training."""

    ceiling_alone: Troops = Field(description="ceiling of a Western force without enablers (troops)")
    ceiling_enablers: Troops = Field(description="what full enablers add to it (troops)")
    hub_loss: Share = Field(description="share of the ceiling lost when every hub is shut")
    berlin_plus: Share = Field(description="enabling power that members have without the broker's offer")
    minimum_share: Share = Field(description="share of it below which no mission begins")
    weeks: Weeks = Field(description="weeks for which all requirements hold")
    training_share: Share = Field(description="share of its capacity that a state sends to train")
    training_war: Weight = Field(description="extra reluctance of trainers while there is war")


class HoldRules(Part):
    """How often a force is attacked and hits back, what weakens or helps it, who leaves, and what can be kept there.

    ``tour_weeks``: how long states keep all that they sent; then one of ``rotation`` units stays.
    """

    attack_hazard: Share = Field(description="chance a week of an attack, other things zero")
    exposure: Weight = Field(description="weight of exposure in it")
    consent: Weight = Field(description="weight of consent")
    promise: Weight = Field(description="weight of the promise as the opponent believes it")
    worth: Weight = Field(description="weight of the force's worth")
    forward_loss: Share = Field(description="worth that they cost")
    reserve_gain: Share = Field(description="worth that reserves give back")
    war_factor: Weight = Field(description="factor on the risk when there is no truce")
    attack_shock: Weight = Field(description="readiness lost in an attack without answer")
    retaliates: Share = Field(description="share of attacks that end in an exchange of fire")
    tour_weeks: Weeks = Field(description="weeks of a first tour")
    rotation: Weight = Field(description="units that it takes to keep one in the field")


class Rules(Part):
    """Weights of the rules, by phase."""

    battlefield: BattlefieldRules = Field(description="the front and the host's arms")
    moods: MoodRules = Field(description="weekly moods of all actors")
    learning: LearningRules = Field(description="what actors learn in a run")
    lobby: LobbyRules = Field(description="incentives and persuasion")
    table: TableRules = Field(description="how a mission comes to the table")
    truce: TruceRules = Field(description="terms, guarantees, and what breaks a truce")
    pledge: PledgeRules = Field(description="what weighs in readiness, and how stages move")
    ratify: RatifyRules = Field(description="the vote at home")
    form: FormRules = Field(description="how a force forms")
    hold: HoldRules = Field(description="attacks, rotation, and who leaves")
