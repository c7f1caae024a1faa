"""The parts of an actor in a config: roles, needs, vetoes, hesitancies and capacities, and what each of them means.

The models check single values and whole actors. The agents that play are in :mod:`sim.model.actors`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sim.scenario.number_types import Consent, Latent, Part, Rung, Share, Stance, Troops, Weeks, Weight


def _none_is_absent(raw: object) -> object:
    return None if raw == "none" else raw


class RungNeed(Part):
    """A backstop demanded: at least this rung; firmness scales how much its lack weighs."""

    at_least: Rung
    firmness: Share


class ConsentNeed(Part):
    """Russian consent wanted, and how firmly."""

    at_least: Consent
    firmness: Share


class Firmness(Part):
    """A need or veto that has a firmness alone."""

    firmness: Share


class CompanyNeed(Part):
    """Company wanted: the share of a complete force that others promise, and how firmly."""

    at_least: Share
    firmness: Share


class LightVeto(Part):
    """Russia's veto on missions that need it: provocation it would stand, and pressure under which it yields."""

    provocation_at_most: Weight
    firmness: Weight


class SettlementNeed(Part):
    """A decent settlement wanted: the most concession by Kyiv that still counts as decent."""

    concession_at_most: Share
    firmness: Share


class Needs(Part):
    """What a contributor demands before it sends troops."""

    us_backstop: Annotated[RungNeed | None, BeforeValidator(_none_is_absent)] = None
    russian_consent: Annotated[ConsentNeed | None, BeforeValidator(_none_is_absent)] = None
    company: Annotated[CompanyNeed | None, BeforeValidator(_none_is_absent)] = None
    definition: Annotated[Firmness | None, BeforeValidator(_none_is_absent)] = None
    decent_settlement: Annotated[SettlementNeed | None, BeforeValidator(_none_is_absent)] = None


class Motives(Part):
    """What draws a contributor towards a force."""

    sidelining: Share | None = None
    autonomy: Share | None = None
    aid_fatigue: Share | None = None
    duty: Share | None = None
    fear_of_defeat: Share | None = None


class Hesitancy(Part):
    """How much each body at home holds a contributor back: 0 not at all, 1 as much as possible."""

    government: Share | None = None
    coalition: Share | None = None
    parliament: Share | None = None
    public: Share | None = None


class Ratification(Part):
    """Weeks from a pledge to its ratification, and the domestic support it then meets (latent, may be negative)."""

    weeks: Weeks
    support: Latent


class Government(Part):
    """The stance of one government."""

    stance: Stance


class Governments(Part):
    """Two governments, the second following the first at the handover."""

    outgoing: Government
    incoming: Government


class Handover(Part):
    """Week in which the incoming government takes over."""

    week: Weeks


class Position(Part):
    """Ideal point on each issue, in [0, 1], and its salience."""

    mandate: Share
    place: Share
    flag: Share


class Posture(Part):
    """US posture: where it starts (latent), how often it turns (a week), by how much, upwards in which share."""

    start: Latent
    turns: Share
    turn_size: Weight
    turn_upward: Share


class Offers(Part):
    """Lowest and highest rung that is on offer; only a turn of posture raises the highest."""

    at_least: Rung
    at_most: Rung


class Backstop(Part):
    """The backstop on offer, and the true chance that a promise is honoured when tested."""

    offers: Offers
    honoured: Share


class Vetoes(Part):
    """Vetoes an actor may hold."""

    nato_flag: Annotated[Firmness | None, BeforeValidator(_none_is_absent)] = None
    light_missions: Annotated[LightVeto | None, BeforeValidator(_none_is_absent)] = None


_REQUIRED: dict[str, tuple[str, ...]] = {
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
    "contributor": ("stance", "governments", "handover", "needs", "motives", "hesitancy", "capacity_troops",
                    "home_guard"),
}  # fmt: skip
"""What belongs to one part that an actor plays, and to no other."""


def parts_of(roles: Iterable[str], host: bool) -> set[str]:
    """Return the parts that an actor with these roles plays, with host or opponent in place of ``belligerent``."""
    return {("host" if host else "opponent") if role == "belligerent" else role for role in roles}


class Like(BaseModel):
    """Whom an actor is like, and whether its edges are so too."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    actor: str
    edges: bool = True


class Actor(Part):
    """A state (or a group counted as ``states``); which parts it needs follows from its roles.

    ``stance`` is what it would do if its own demands were met; ``given`` lists what was missing when it spoke.
    ``like`` names another actor from which it takes what it does not give itself, ``pools`` the pools of ``defaults``
    from which it then takes; a scenario that has been read has neither any more.
    """

    name: str
    like: str | Like | None = None
    roles: tuple[Literal["broker", "belligerent", "contributor", "patron"], ...] = Field(min_length=1)
    host: bool = False
    european: bool = False
    member_of: tuple[Literal["nato", "eu"], ...] = ()
    states: int = Field(default=1, ge=1, le=10)
    note: str | None = None
    agent: str | None = None
    great_power: bool = False
    pools: tuple[str, ...] = ()
    stance: Stance | None = None
    given: tuple[
        Literal["truce", "us_backstop", "russian_consent", "company", "definition", "decent_settlement"], ...
    ] = ()
    governments: Governments | None = None
    handover: Handover | None = None
    disposition: Latent | None = None
    needs: Needs = Needs()
    motives: Motives = Motives()
    hesitancy: Hesitancy = Hesitancy()
    home_guard: Share | None = None
    capacity_troops: Troops | None = None
    ratification: Ratification | None = None
    credence: Share | None = None
    standing: Weight | None = None
    susceptibility: Share | None = None
    positions: Position | None = None
    salience: Position | None = None
    vetoes: Vetoes = Vetoes()
    posture: Posture | None = None
    backstop: Backstop | None = None
    burden_sharing: Latent | None = None
    consent_ease: Latent | None = None
    optimism: Weight | None = None
    doubt: Weight | None = None
    foresight: Share | None = None
    loss_of_war: Weight | None = None
    memory_of_broken_deals: Weight | None = None
    arms: Share | None = None
    worth_floor: Share | None = None
    resists_pressure: Share | None = None
    provocation: Weight | None = None
    tolerance: Weight | None = None
    territorial_claims: Weight | None = None
    forward_forces: Share | None = None

    def parts(self) -> set[str]:
        """Return the parts this actor plays: its roles, with host or opponent in place of ``belligerent``."""
        return parts_of(self.roles, self.host)

    @model_validator(mode="after")
    def _has_what_its_roles_need(self) -> Self:
        parts = self.parts()
        missing = [name for part in sorted(parts) for name in _REQUIRED[part] if getattr(self, name) is None]
        if "contributor" in parts and (self.stance is None) == (self.governments is None):
            missing.append("either stance or governments")
        if (self.governments is None) != (self.handover is None):
            missing.append("governments and handover, or neither")
        if self.standing is not None and (self.positions is None or self.salience is None):
            missing.append("positions and salience (whoever has standing tables missions)")
        foreign = [name for part in sorted(set(OWNED) - parts) for name in OWNED[part] if name in self.model_fields_set]
        if "contributor" in parts and parts & {"broker", "host", "opponent"}:
            raise ValueError(
                "a broker or belligerent cannot be a contributor too: it would be peacekeeper in its own cause"
            )
        if missing:
            raise ValueError(f"an actor with the roles {', '.join(self.roles)} also needs {', '.join(missing)}")
        if foreign:
            raise ValueError(f"{', '.join(foreign)} belong to no role of this actor ({', '.join(self.roles)})")
        return self
