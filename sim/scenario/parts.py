"""The parts of a scenario with their types and bounds: what a config may hold, and what each part means.

Actors are in :mod:`sim.scenario.actor`, weights of the rules in :mod:`sim.scenario.rule_weights`. Every
:class:`~sim.scenario.priors.Prior` in a scenario is a leaf that enters the World.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sim.scenario.actor import Actor
from sim.scenario.number_types import Answer, Latent, Part, Share, Tilt, Troops, Weeks, Weight
from sim.scenario.priors import Prior
from sim.scenario.rule_weights import Rules

INFORMATION: Final = date(2025, 3, 3)
"""The information date: the shipped evidence holds nothing later."""


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
    target_troops: Troops
    reserves_outside: Share | None = None

    @model_validator(mode="after")
    def _groups_are_consistent(self) -> Self:
        if "european" in self.groups and "deployed" not in self.groups:
            raise ValueError("a mission in the group european is also in the group deployed")
        if {"deployed", "observer", "training"} <= set(self.groups) or len(set(self.groups) - {"european"}) > 1:
            raise ValueError("a mission is in one of the groups deployed, observer, training")
        if "deployed" in self.groups and self.target_troops.low < 1000.0:
            raise ValueError("a deployment aims at 1,000 troops or more")
        if self.target_troops.low < 1.0:
            raise ValueError("a mission aims at 1 person or more")
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
    day = date.fromisoformat(_day(raw))
    if day <= INFORMATION:
        raise ValueError(f"{raw} is not after {INFORMATION}, the last day of the shipped evidence")
    return day.isoformat()


class OwnClaim(BaseModel):
    """A claim of the user's own, dated after the shipped evidence: who acted or spoke, what about, and the source."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    date: Annotated[str, AfterValidator(_later)]
    speaker: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1, alias="claim")]
    source: Annotated[str, Field(min_length=1)]


class Common(Part):
    """What several actors share, drawn once a run: dispositions, and errors in how all of them are judged.

    ``credence`` and ``firmness`` tilt the odds of every credence and of the firmness of every demand
    (:func:`sim.rules.chance.tilted`); every capacity is ``1 + capacity`` times what the actor has. At 0, or without
    them, all stay what they are.
    """

    european_mood: Latent
    us_turn: Latent
    credence: Tilt | None = None
    firmness: Tilt | None = None
    capacity: Tilt | None = None


class Table(Part):
    """The table: a mission imposed on it throughout (``none``: whatever is proposed)."""

    impose: str = "none"


class LeverStep(Part):
    """One step of a lever: its label, its changes (as under ``change:``), and its cost beyond the step before.

    Steps do not add up: the changes of a step replace those of the steps before it.
    """

    label: str = Field(min_length=1)
    change: dict[str, Any] = Field(min_length=1)
    cost: float = Field(default=1.0, gt=0.0, le=100.0)


class Lever(Part):
    """Something that actors could do otherwise, in steps. A lever that nobody moves changes no run."""

    name: str
    held_by: tuple[str, ...] = Field(min_length=1)
    group: str
    steps: tuple[LeverStep, ...] = Field(min_length=1)


class ScenarioParts(Part):
    """A whole scenario, checked part by part; ``defaults`` is empty once actors and edges have taken from it."""

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
    defaults: dict[str, Any] = Field(default_factory=dict)


def leaves(part: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Prior]]:
    """Yield the path and the prior of every uncertain number in ``part``."""
    if isinstance(part, Prior):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from leaves(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from leaves(inner, (*path, name))
