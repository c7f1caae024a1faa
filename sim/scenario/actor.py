"""The parts of an actor in a config: roles, needs, vetoes, hesitancies and capacities, and what each of them means.

The models check single values and whole actors. The agents that play are in :mod:`sim.model.state` and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator

from sim.scenario.number_types import (
    Answer,
    Consent,
    Latent,
    Name,
    Part,
    Rung,
    Share,
    Stance,
    Troops,
    Weeks,
    Weight,
    Whole,
)


def _none_is_absent(raw: object) -> object:
    return None if raw == "none" else raw


class RungNeed(Part):
    """A backstop demanded: at least this rung; firmness scales how much its lack weighs."""

    at_least: Rung = Field(description="lowest rung of the broker's support that contents it")
    firmness: Share = Field(description="how much the lack of it weighs; 0 not at all")


class ConsentNeed(Part):
    """The opponents' consent wanted, and how firmly."""

    at_least: Consent = Field(description="least consent of the opponents that contents it")
    firmness: Share = Field(description="how much the lack of it weighs; 0 not at all")


class Firmness(Part):
    """A need or veto that has a firmness alone."""

    firmness: Share = Field(description="how much the demand weighs, or how much pressure the veto withstands")


class CompanyNeed(Part):
    """Company wanted: the share of a complete force that others promise, and how firmly."""

    at_least: Share = Field(description="share of a complete force that others are to promise")
    firmness: Share = Field(description="how much the lack of it weighs; 0 not at all")


class LightVeto(Part):
    """The opponent's veto on missions that need it: provocation it would stand, and pressure under which it yields."""

    provocation_at_most: Weight = Field(
        description="most provocation that it stands in a mission that needs its acceptance"
    )
    firmness: Weight = Field(description="pressure under which it yields")


class SettlementNeed(Part):
    """A decent settlement wanted: the most concession by the host that still counts as decent."""

    concession_at_most: Share = Field(description="most concession by the host that still counts as decent")
    firmness: Share = Field(description="how much a worse settlement weighs; 0 not at all")


class Needs(Part):
    """What a contributor demands before it sends troops."""

    us_backstop: Annotated[RungNeed | None, BeforeValidator(_none_is_absent)] = Field(
        None, description="a backstop behind the force"
    )
    russian_consent: Annotated[ConsentNeed | None, BeforeValidator(_none_is_absent)] = Field(
        None, description="consent of the opponent to the force"
    )
    company: Annotated[CompanyNeed | None, BeforeValidator(_none_is_absent)] = Field(
        None, description="others that promise troops too"
    )
    definition: Annotated[Firmness | None, BeforeValidator(_none_is_absent)] = Field(
        None, description="a mission that is defined: the same on the table for some weeks, or a truce"
    )
    decent_settlement: Annotated[SettlementNeed | None, BeforeValidator(_none_is_absent)] = Field(
        None, description="a settlement that does not ask too much of the host"
    )


class Conditions(Part):
    """What a commitment hangs on, each at least so much; what is not given is no condition.

    ``company``: troops pledged by others, as a share of what the mission on the table takes at the least.
    """

    us_backstop: Rung | None = Field(None, description="lowest rung on offer under which the promise holds")
    russian_consent: Consent | None = Field(None, description="least consent of the opponents under which it holds")
    company: Share | None = Field(None, description="troops of others, over the least that the mission takes")
    ceasefire: Answer | None = Field(None, description="whether it holds under a truce alone")


class Commitment(Part):
    """A conditional promise: while all of ``if`` holds, a state stands pledged with ``troops``, parliament included."""

    troops: Troops = Field(description="troops that it then sends")
    conditions: Conditions = Field(default=Conditions(), alias="if", description="all that has to hold")


class Motives(Part):
    """What draws a contributor towards a force."""

    sidelining: Share | None = Field(None, description="fear of being left out of what is settled")
    autonomy: Share | None = Field(None, description="how far European troops stand in for the broker's support")
    aid_fatigue: Share | None = Field(None, description="how far it tires of paying for aid")
    duty: Share | None = Field(None, description="history as a pull towards a force")
    fear_of_defeat: Share | None = Field(None, description="fear of the host's defeat")


class Hesitancy(Part):
    """How much each body at home holds a contributor back: 0 not at all, 1 as much as possible."""

    government: Share | None = Field(None, description="how much the cabinet slows a move that is due")
    coalition: Share | None = Field(None, description="how much the coalition holds back at the vote")
    parliament: Share | None = Field(None, description="how much parliament holds back at the vote")
    public: Share | None = Field(None, description="how much the public holds back at the vote")


class Ratification(Part):
    """Weeks from a pledge to its ratification, and the domestic support it then meets (latent, may be negative)."""

    weeks: Weeks = Field(description="from a pledge to the vote on it")
    support: Latent = Field(description="backing at home when it comes to the vote")


class Government(Part):
    """The stance of one government."""

    stance: Stance = Field(description="stance of this government with all of its demands met")


class Governments(Part):
    """Two governments, the second following the first at the handover."""

    outgoing: Government = Field(description="the government in office at the start")
    incoming: Government = Field(description="the government that follows it")


class Handover(Part):
    """Week in which the incoming government takes over."""

    week: Weeks = Field(description="week in which the incoming government takes over")


class Position(Part):
    """Ideal point on each issue, in [0, 1], and its salience."""

    mandate: Share = Field(description="how much force the mandate allows: 0 watching, 1 fighting")
    place: Share = Field(description="how near to the front: 0 the rear, 1 the line")
    flag: Share = Field(description="how Western the flag is: 0 neutral, 1 NATO")


class Posture(Part):
    """The broker's posture: where it starts (latent), how often it turns (a week), by how much, how often up."""

    start: Latent = Field(description="posture towards a European force at the start")
    turns: Share = Field(description="chance a week that it turns")
    turn_size: Weight = Field(description="size of a turn")
    turn_upward: Share = Field(description="share of turns that go upwards")


class Offers(Part):
    """Lowest and highest rung that is on offer; only a turn of posture raises the highest."""

    at_least: Rung = Field(description="lowest rung that is on offer")
    at_most: Rung = Field(description="highest rung on offer before any turn upwards")


class Backstop(Part):
    """The backstop on offer, and the true chance that a promise is honoured when tested."""

    offers: Offers = Field(description="between which rungs the offer moves")
    honoured: Share = Field(description="true chance that the promise is kept when it is tested")


class Vetoes(Part):
    """Vetoes an actor may hold."""

    nato_flag: Annotated[Firmness | None, BeforeValidator(_none_is_absent)] = Field(
        None, description="of the broker: no mission under a NATO flag"
    )
    light_missions: Annotated[LightVeto | None, BeforeValidator(_none_is_absent)] = Field(
        None, description="of the opponent: no mission that needs its acceptance and provokes it too much"
    )


REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "contributor": ("capacity_troops", "disposition", "ratification"),
    "broker": ("posture", "backstop", "burden_sharing", "consent_ease", "disposition", "positions", "salience"),
    "host": ("optimism", "doubt", "foresight", "loss_of_war", "memory_of_broken_deals", "arms", "worth_floor",
             "resists_pressure", "credence", "disposition", "positions", "salience"),
    "opponent": ("optimism", "doubt", "foresight", "provocation", "tolerance", "territorial_claims", "forward_forces",
                 "credence", "disposition", "positions", "salience"),
    "patron": (),
}  # fmt: skip
OWNED: Final[dict[str, tuple[str, ...]]] = {
    "broker": ("posture", "backstop", "burden_sharing", "consent_ease"),
    "host": ("loss_of_war", "memory_of_broken_deals", "arms", "worth_floor", "resists_pressure"),
    "opponent": ("provocation", "tolerance", "territorial_claims", "forward_forces"),
    "contributor": ("stance", "governments", "handover", "needs", "commits", "motives", "hesitancy", "capacity_troops",
                    "home_guard"),
}  # fmt: skip
"""What belongs to one part that an actor plays, and to no other."""


def parts_of(roles: Iterable[str], host: bool) -> set[str]:
    """Return the parts that an actor with these roles plays, with host or opponent in place of ``belligerent``."""
    return {("host" if host else "opponent") if role == "belligerent" else role for role in roles}


class Like(BaseModel):
    """Whom an actor is like, and whether its edges are so too."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    actor: str = Field(description="the actor that it is like")
    edges: StrictBool = Field(True, description="whether it has the edges of that actor too")


class Actor(Part):
    """A state (or a group counted as ``states``); which parts it needs follows from its roles.

    ``stance`` is what it would do if its own demands were met; ``given`` lists what was missing when it spoke.
    ``like`` names another actor from which it takes what it does not give itself, ``pools`` the pools of ``defaults``
    from which it then takes; a scenario that has been read has neither any more.
    """

    name: Name = Field(description="as readers see it")
    like: str | Like | None = Field(
        None, description="another actor from which it takes what it does not state, edges too"
    )
    roles: tuple[Literal["broker", "belligerent", "contributor", "patron"], ...] = Field(
        min_length=1, description="parts that it plays"
    )
    host: StrictBool = Field(False, description="of a belligerent: whether the force would stand on its land")
    european: StrictBool = Field(False, description="whether its troops count as European")
    member_of: tuple[Literal["nato", "eu"], ...] = Field(
        (), description="organisations, for missions and decisions of members"
    )
    states: Whole = Field(default=1, ge=1, le=10, description="how many states it stands for")
    note: str | None = Field(None, description="for readers; changes nothing")
    agent: str | None = Field(None, description="Python class that plays it, `module:Class`; on Mesa alone")
    great_power: StrictBool = Field(False, description="whether it has a full budget of effort")
    pools: tuple[str, ...] = Field((), description="pools of `defaults` from which it takes first")
    stance: Stance | None = Field(None, description="what it would do if its own demands were met")
    given: tuple[
        Literal["truce", "us_backstop", "russian_consent", "company", "definition", "decent_settlement"], ...
    ] = Field((), description="what was missing when it spoke; evidence for the reading, changes nothing")
    governments: Governments | None = Field(None, description="two governments, in place of one stance")
    handover: Handover | None = Field(None, description="when the second takes over")
    disposition: Latent | None = Field(None, description="lasting leaning beyond its published terms")
    needs: Needs = Field(Needs.model_construct(), description="what it demands before it sends troops")
    commits: Commitment | None = Field(None, description="a promise that holds while its conditions do")
    motives: Motives = Field(Motives.model_construct(), description="what draws it towards a force")
    hesitancy: Hesitancy = Field(Hesitancy.model_construct(), description="who holds it back at home")
    home_guard: Share | None = Field(None, description="fear of a bare border at home")
    capacity_troops: Troops | None = Field(None, description="troops that it can send at once")
    ratification: Ratification | None = Field(None, description="the vote that a pledge needs")
    credence: Share | None = Field(None, description="chance that it believes the broker's promise is kept")
    standing: Weight | None = Field(None, description="weight at the table; who has it tables missions")
    susceptibility: Share | None = Field(None, description="how far others persuade it")
    positions: Position | None = Field(None, description="where its ideal mission lies on each issue")
    salience: Position | None = Field(None, description="how much each issue matters to it")
    vetoes: Vetoes = Field(Vetoes.model_construct(), description="missions that it keeps off the table")
    posture: Posture | None = Field(None, description="how far it leans towards backing a force")
    backstop: Backstop | None = Field(None, description="what it offers behind a European force, and keeps")
    burden_sharing: Latent | None = Field(None, description="what pledges of others do to its offer")
    consent_ease: Latent | None = Field(None, description="what the opponents' consent does to its offer")
    optimism: Weight | None = Field(None, description="how far it sees the battlefield better for itself than it is")
    doubt: Weight | None = Field(None, description="error of a week's fighting as evidence, to it")
    foresight: Share | None = Field(None, description="how far it counts on the force that may follow a truce")
    loss_of_war: Weight | None = Field(None, description="what another war would cost it, in units of concession")
    memory_of_broken_deals: Weight | None = Field(None, description="how much broken deals make it doubt a new one")
    arms: Share | None = Field(None, description="arms that it counts on after a truce")
    worth_floor: Share | None = Field(None, description="least worth of a mission that it hosts")
    resists_pressure: Share | None = Field(None, description="share of pressure that it resists")
    provocation: Weight | None = Field(None, description="weight of a Western force's provocation to it")
    tolerance: Weight | None = Field(None, description="shortfall of terms that it tolerates in a force")
    territorial_claims: Weight | None = Field(None, description="what it claims, in units of concession")
    forward_forces: Share | None = Field(None, description="share of its forces that stay near the line")

    def parts(self) -> set[str]:
        """Return the parts this actor plays: its roles, with host or opponent in place of ``belligerent``."""
        return parts_of(self.roles, self.host)

    @model_validator(mode="after")
    def _has_what_its_roles_need(self) -> Self:
        parts = self.parts()
        missing = [name for part in sorted(parts) for name in REQUIRED[part] if getattr(self, name) is None]
        if self.stance is not None and self.governments is not None:
            raise ValueError(
                "stance and governments both stand here, and an actor has one of them: change "
                "governments.outgoing.stance and governments.incoming.stance, or take them away with "
                "governments: null and handover: null"
            )
        if "contributor" in parts and self.stance is None and self.governments is None:
            missing.append("either stance or governments")
        if (self.governments is None) != (self.handover is None):
            missing.append("governments and handover, or neither")
        if self.standing is not None and (self.positions is None or self.salience is None):
            missing.append("positions and salience (whoever has standing tables missions)")
        foreign = [name for part in sorted(set(OWNED) - parts) for name in OWNED[part] if name in self.model_fields_set]
        if "contributor" in parts and parts & {"host", "opponent"}:
            raise ValueError("a belligerent cannot be a contributor too: it would be peacekeeper in its own cause")
        if {"broker", "contributor"} <= parts and self.needs.us_backstop is not None:
            raise ValueError("a broker that contributes demands no backstop: it would be its own")
        if missing:
            hint = "; a belligerent without host: true is an opponent" if "opponent" in parts else ""
            raise ValueError(f"an actor with the roles {', '.join(self.roles)} also needs {', '.join(missing)}{hint}")
        if foreign:
            raise ValueError(f"{', '.join(foreign)} belong to no role of this actor ({', '.join(self.roles)})")
        return self
