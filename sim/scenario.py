"""The parts of a scenario: what a config may say, its types, its bounds, and what each part means.

The models here check single values and whole actors; :mod:`sim.config` reads files, merges them and checks what refers
to what. Every :class:`~sim.priors.Prior` in a scenario is a leaf that enters the World.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sim.priors import Prior
from sim.quantities import Answer, Consent, Latent, Part, Rung, Share, Stance, Troops, Weeks, Weight
from sim.weights import Rules

INFORMATION: Final = date(2025, 3, 3)
"""The information date: the shipped evidence knows nothing later."""


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
    company: Annotated[Firmness | None, BeforeValidator(_none_is_absent)] = None
    definition: Annotated[Firmness | None, BeforeValidator(_none_is_absent)] = None
    decent_settlement: Annotated[SettlementNeed | None, BeforeValidator(_none_is_absent)] = None


class Motives(Part):
    """What draws a contributor towards a force."""

    sidelining: Share | None = None
    autonomy: Share | None = None
    aid_fatigue: Share | None = None
    duty: Share | None = None


class Hesitancy(Part):
    """Who holds a contributor back, named apart; 0 not at all, 1 as much as can be."""

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
    "host": ("optimism", "guarantee_worth", "memory_of_broken_deals", "arms", "worth_floor", "resists_pressure",
             "credence", "disposition", "positions", "salience"),
    "opponent": ("optimism", "provocation", "tolerance", "territorial_claims", "forward_forces", "credence",
                 "disposition", "positions", "salience"),
    "patron": (),
}  # fmt: skip
_OWNED: dict[str, tuple[str, ...]] = {
    "broker": ("posture", "backstop", "burden_sharing", "consent_ease"),
    "host": ("guarantee_worth", "memory_of_broken_deals", "arms", "worth_floor", "resists_pressure"),
    "opponent": ("provocation", "tolerance", "territorial_claims", "forward_forces"),
    "contributor": (
        "stance",
        "governments",
        "handover",
        "needs",
        "motives",
        "hesitancy",
        "capacity_troops",
        "home_guard",
    ),
}


class Actor(Part):
    """A state (or a group counted as ``states``); which parts it needs follows from its roles."""

    name: str
    roles: tuple[Literal["broker", "belligerent", "contributor", "patron"], ...] = Field(min_length=1)
    host: bool = False
    european: bool = False
    member_of: tuple[Literal["nato", "eu"], ...] = ()
    states: int = Field(default=1, ge=1, le=10)
    note: str | None = None
    agent: str | None = None
    stance: Stance | None = None
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
    guarantee_worth: Weight | None = None
    memory_of_broken_deals: Weight | None = None
    arms: Share | None = None
    worth_floor: Share | None = None
    resists_pressure: Share | None = None
    provocation: Weight | None = None
    tolerance: Weight | None = None
    territorial_claims: Weight | None = None
    forward_forces: Share | None = None

    def parts(self) -> set[str]:
        """Return the parts this actor plays: its roles, with ``belligerent`` told apart as host or opponent."""
        parts: set[str] = set(self.roles)
        if "belligerent" in parts:
            parts = (parts - {"belligerent"}) | {"host" if self.host else "opponent"}
        return parts

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
        foreign = [
            name for part in sorted(set(_OWNED) - parts) for name in _OWNED[part] if name in self.model_fields_set
        ]
        if "contributor" in parts and parts & {"broker", "host", "opponent"}:
            raise ValueError(
                "a broker or belligerent cannot be a contributor too: it would be peacekeeper in its own cause"
            )
        if missing:
            raise ValueError(f"an actor with the roles {', '.join(self.roles)} also needs {', '.join(missing)}")
        if foreign:
            raise ValueError(f"{', '.join(foreign)} belong to no role of this actor ({', '.join(self.roles)})")
        return self


class Edge(Part):
    """An edge of the leverage network: a gate has ``open``, every other channel strength and willingness.

    The American guarantee has strength alone: whether its source would keep it is counted in credence.
    """

    strength: Share | None = None
    willingness: Share | None = None
    open: Answer | None = None


class Profile(Part):
    """Where a mission lies on the three issues."""

    mandate: Share
    place: Share
    flag: Share


class Mission(Part):
    """A kind of force: who may join and lead, what it is worth and provokes, and what it requires."""

    name: str
    groups: tuple[Literal["deployed", "european", "observer", "training"], ...] = ()
    western: bool
    needs_consent: Literal["refuses", "tolerates", "accepts"] = "refuses"
    un_mandate: bool = False
    nato_flag: bool = False
    waits_for_truce: bool = True
    leads: tuple[str, ...] = ()
    eligible: tuple[str, ...] = Field(min_length=1)
    profile: Profile
    worth: Share
    provocation: Weight
    exposure: Weight
    minimum_troops: Troops
    reserves_outside: Share | None = None

    @model_validator(mode="after")
    def _groups_are_consistent(self) -> Self:
        if "european" in self.groups and "deployed" not in self.groups:
            raise ValueError("a mission in the group european is also in the group deployed")
        if {"deployed", "observer", "training"} <= set(self.groups) or len(set(self.groups) - {"european"}) > 1:
            raise ValueError("a mission is in one of the groups deployed, observer, training")
        if "deployed" in self.groups and self.minimum_troops.low < 1000.0:
            raise ValueError("a deployment has a minimum of 1,000 troops or more")
        if self.minimum_troops.low < 1.0:
            raise ValueError("a mission has a minimum of 1 person or more")
        return self


class RungScale(Part):
    """What the words of the ladder stand for: threshold on the offer, guarantee, and enabling power, by rung."""

    none: Latent
    logistics: Latent
    air_cover: Latent
    reserve_force: Latent
    assurance: Latent
    troops: Latent


class StanceScale(Part):
    """Where a stance starts on the latent scale of readiness."""

    opposed: Latent
    hesitant: Latent
    open: Latent
    pledged: Latent


class StageScale(Part):
    """Readiness from which a stage is due."""

    hesitant: Latent
    open: Latent
    pledged: Latent


class ConsentScale(Part):
    """What the words of consent count for: k."""

    refuses: Share
    tolerates: Share
    accepts: Share


class Scales(Part):
    """The numbers behind the words, each in one place."""

    offered_from: RungScale
    guarantee: RungScale
    enabling: RungScale
    stance: StanceScale
    stage_from: StageScale
    consent: ConsentScale


class Event(Part):
    """A dated event: from ``week`` on, ``quantity`` is shifted by ``change`` (latent units)."""

    week: Weeks
    quantity: Literal["battlefield", "us_posture", "russian_optimism", "ukrainian_optimism", "european_mood"]
    change: Latent


def _day(raw: str) -> str:
    try:
        if date.fromisoformat(raw).isoformat() == raw:
            return raw
    except ValueError:
        pass
    raise ValueError(f"{raw!r} is not a date; allowed: a day such as 2025-03-20")


def _later(raw: str) -> str:
    found = date.fromisoformat(_day(raw))
    if found <= INFORMATION:
        raise ValueError(f"{raw} is not after {INFORMATION}, to which the shipped evidence tells what is known")
    return found.isoformat()


class OwnClaim(BaseModel):
    """A claim of one's own, dated after the shipped evidence: who said or did what, and where that is told."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    date: Annotated[str, AfterValidator(_later)]
    speaker: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1, alias="claim")]
    source: Annotated[str, Field(min_length=1)]


class Common(Part):
    """Dispositions that several actors share, drawn once a run."""

    european_mood: Latent
    us_turn: Latent


class Table(Part):
    """The table: a mission imposed on it throughout (``none``: whatever is proposed)."""

    impose: str = "none"


class LeverStep(Part):
    """One step of a lever: a label, what it changes (as under ``change:``), and what it costs beyond the step before.

    What a step changes stands for itself: it replaces what the steps before it change.
    """

    label: str = Field(min_length=1)
    change: dict[str, Any] = Field(min_length=1)
    cost: float = Field(default=1.0, gt=0.0, le=100.0)


class Lever(Part):
    """Something that actors could do otherwise, in steps from where the scenario stands; no run changes by it."""

    name: str
    held_by: tuple[str, ...] = Field(min_length=1)
    group: str
    steps: tuple[LeverStep, ...] = Field(min_length=1)


class ScenarioParts(Part):
    """A whole scenario, checked part by part."""

    question: str
    start: Annotated[str, AfterValidator(_day)] = "2025-03-03"
    horizon_weeks: int = Field(ge=1, le=520)
    rounds_per_week: int = Field(default=1, ge=1, le=7)
    actors: dict[str, Actor] = Field(min_length=3, max_length=200)
    network: dict[str, Edge] = Field(max_length=5_000)
    missions: dict[str, Mission] = Field(min_length=1, max_length=100)
    scales: Scales
    common: Common
    table: Table = Table()
    events: dict[str, Event] = Field(default_factory=dict)
    claims: dict[Annotated[str, Field(pattern=r"^\w+$")], OwnClaim] = Field(default_factory=dict)
    rules: Rules
    levers: dict[str, Lever] = Field(default_factory=dict)


def leaves(part: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Prior]]:
    """Yield the path and the prior of every uncertain number in ``part``."""
    if isinstance(part, Prior):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from leaves(getattr(part, name), (*path, name))
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from leaves(inner, (*path, name))
