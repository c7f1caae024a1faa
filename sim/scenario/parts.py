"""The parts of a scenario with their types and bounds: what a config may hold, and what each part means.

Actors are in :mod:`sim.scenario.actor`, weights of the rules in :mod:`sim.scenario.rule_weights`. Every
:class:`~sim.scenario.priors.Prior` in a scenario is a leaf that enters the World.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, model_validator

from sim import vocabulary
from sim.scenario.actor import Actor
from sim.scenario.number_types import Answer, Key, Latent, Name, Part, Share, Tilt, Troops, Weeks, Weight, Whole
from sim.scenario.priors import Prior
from sim.scenario.rule_weights import Rules

INFORMATION: Final = date(2025, 3, 3)
"""The information date: the shipped evidence holds nothing later."""


class Edge(Part):
    """An edge of the leverage network: a gate has ``open``, every other channel strength and willingness.

    The guarantee of the broker's has strength alone: whether its source would keep it is counted in credence.
    """

    strength: Share | None = Field(None, description="how much the target feels it when it is used in full")
    willingness: Share | None = Field(None, description="how far its source would use it")
    open: Answer | None = Field(None, description="whether the gate is open")


class Profile(Part):
    """Where a mission lies on the three issues."""

    mandate: Share = Field(description="how much force the mandate allows: 0 watching, 1 fighting")
    place: Share = Field(description="how near to the front: 0 the rear, 1 the line")
    flag: Share = Field(description="how Western the flag is: 0 neutral, 1 NATO")


class Mission(Part):
    """A kind of force: who may join and lead, what it is worth and provokes, and what it requires."""

    name: Name = Field(description="as readers see it")
    groups: tuple[Literal["deployed", "european", "observer", "training"], ...] = Field(
        (), description="what it counts as"
    )
    western: StrictBool = Field(description="whether it is a Western force: hubs, enablers, firewall")
    needs_consent: Literal["refuses", "tolerates", "accepts"] = Field(
        "refuses", description="least consent of the opponents without which it does not form"
    )
    un_mandate: StrictBool = Field(False, description="whether it needs a mandate of the Security Council")
    nato_flag: StrictBool = Field(False, description="whether it stands under NATO's flag")
    waits_for_truce: StrictBool = Field(True, description="whether it forms under a truce alone")
    leads: tuple[str, ...] = Field((), description="contributors of which one has to pledge")
    eligible: tuple[str, ...] = Field(min_length=1, description="contributors, or groups of them, that may join")
    profile: Profile = Field(description="where it lies on each issue")
    worth: Share = Field(description="what it is worth to the host as a guarantee")
    provocation: Weight = Field(description="how much it provokes the opponent")
    exposure: Weight = Field(description="how much those who join are exposed")
    target_troops: Troops = Field(
        description="size that is spoken of; it forms from a share of that (`rules.form.minimum_share`)"
    )
    reserves_outside: Share | None = Field(None, description="reserves that wait outside the country")

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

    none: Latent = Field(description="of the rung `none`")
    logistics: Latent = Field(description="of the rung `logistics`")
    air_cover: Latent = Field(description="of the rung `air_cover`")
    reserve_force: Latent = Field(description="of the rung `reserve_force`")
    assurance: Latent = Field(description="of the rung `assurance`")
    troops: Latent = Field(description="of the rung `troops`")


class StanceScale(Part):
    """Where a stance starts on the latent scale of readiness."""

    opposed: Latent = Field(description="of the stance `opposed`")
    hesitant: Latent = Field(description="of the stance `hesitant`")
    open: Latent = Field(description="of the stance `open`")
    pledged: Latent = Field(description="of the stance `pledged`")


class StageScale(Part):
    """Readiness from which a stage is due."""

    hesitant: Latent = Field(description="readiness from which the stage `hesitant` is due")
    open: Latent = Field(description="readiness from which the stage `open` is due")
    pledged: Latent = Field(description="readiness from which the stage `pledged` is due")


class ConsentScale(Part):
    """What the words of consent count for: k."""

    refuses: Share = Field(description="of the answer `refuses`")
    tolerates: Share = Field(description="of the answer `tolerates`")
    accepts: Share = Field(description="of the answer `accepts`")


class Scales(Part):
    """The numbers behind the words, each in one place."""

    offered_from: RungScale = Field(description="inclination from which a rung is on offer")
    guarantee: RungScale = Field(description="what a rung is worth as a guarantee")
    enabling: RungScale = Field(description="enabling power of a rung")
    stance: StanceScale = Field(description="where a stance starts on the scale of readiness")
    stage_from: StageScale = Field(description="readiness from which a stage is due")
    consent: ConsentScale = Field(description="what an answer of the opponent counts for")


class Event(Part):
    """A dated event: from ``week`` on, ``quantity`` is shifted by ``change`` (latent units)."""

    week: Weeks = Field(description="from which it holds")
    quantity: Literal["battlefield", "us_posture", "russian_optimism", "ukrainian_optimism", "european_mood"] = Field(
        description="what it shifts"
    )
    change: Latent = Field(description="by how much")


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

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)
    date: Annotated[str, AfterValidator(_later)] = Field(description="day, after the shipped evidence")
    speaker: Annotated[str, Field(min_length=1)] = Field(description="who acted or spoke")
    text: Annotated[str, Field(min_length=1, alias="claim")] = Field(description="what was done or said")
    source: Annotated[str, Field(min_length=1)] = Field(description="where it can be read")


class Common(Part):
    """What several actors share, drawn once a run: dispositions, and errors in how all of them are judged.

    ``credence`` and ``firmness`` tilt the odds of every credence and of the firmness of every demand
    (:func:`sim.rules.chance.tilted`); every capacity is ``1 + capacity`` times what the actor has. At 0, or without
    them, all stay what they are.
    """

    european_mood: Latent = Field(description="disposition that all Europeans share, drawn once a run")
    us_turn: Latent = Field(description="turn of the broker, drawn once a run: moves the offer and the will to press")
    credence: Tilt | None = Field(None, description="tilt of the odds of every credence")
    firmness: Tilt | None = Field(None, description="tilt of the odds that demands are meant")
    capacity: Tilt | None = Field(None, description="what all capacities are above those given, as a share")


class Table(Part):
    """The table: a mission imposed on it throughout (``none``: whatever is proposed)."""

    impose: str = Field(
        "none", description="mission that stands on the table throughout; `none` leaves it to the rules"
    )


class Words(BaseModel):
    """How sentences name the parties of this theatre, its place and its group; changes no run."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    place: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="where a force would stand; the host's name unless given"
    )
    group: str = Field("European", min_length=1, description="adjective of the contributors that are marked `european`")
    host: str | None = Field(None, min_length=1, description="what sentences call the host's government")
    opponent: str | None = Field(None, min_length=1, description="what they call the opponent, or all of them")
    broker: str | None = Field(None, min_length=1, description="what they call the broker's government")


class LeverStep(Part):
    """One step of a lever: its label, its changes (as under ``change:``), and its cost beyond the step before.

    Steps do not add up: the changes of a step replace those of the steps before it.
    """

    label: str = Field(min_length=1, description="what is done in this step")
    change: dict[str, Any] = Field(min_length=1, description="what it changes, as under `change`")
    cost: float = Field(default=1.0, gt=0.0, le=100.0, description="cost beyond the step before")


class Lever(Part):
    """Something that actors could do otherwise, in steps. A lever that nobody moves changes no run."""

    name: Name = Field(description="as readers see it")
    held_by: tuple[str, ...] = Field(min_length=1, description="actors that can move it")
    group: str = Field(description="heading under which it is listed")
    steps: tuple[LeverStep, ...] = Field(
        min_length=1, description="what can be done, the least first; a step replaces those before it"
    )


class ScenarioParts(Part):
    """A whole scenario, checked part by part; ``defaults`` is empty once actors and edges have taken from it."""

    question: str = Field(description="what is asked")
    start: Annotated[str, AfterValidator(_day)] = Field("2025-03-03", description="day on which week 0 begins")
    horizon_weeks: Whole = Field(ge=1, le=520, description="for how long it is played")
    rounds_per_week: Whole = Field(default=1, ge=1, le=7, description="steps of a week")
    actors: dict[Key, Actor] = Field(min_length=3, max_length=200, description="states, by key")
    network: dict[str, Edge] = Field(
        default_factory=dict, max_length=5_000, description="edges, by `source->target/channel`"
    )
    missions: dict[Key, Mission] = Field(min_length=1, max_length=100, description="the menu, by key")
    words: Words = Field(Words(), description="how sentences name parties, place and group; changes no run")
    scales: Scales = Field(description="numbers behind words")
    common: Common = Field(description="what several actors share, drawn once a run")
    begins_in_truce: StrictBool = Field(
        False, description="whether a truce stands when week 0 begins; its terms are those of the first week's talks"
    )
    table: Table = Field(Table.model_construct(), description="what is imposed on the table")
    events: dict[Key, Event] = Field(default_factory=dict, description="dated events, by key")
    claims: dict[Annotated[str, Field(pattern=r"^\w+$")], OwnClaim] = Field(
        default_factory=dict, description="claims of your own, by id"
    )
    rules: Rules = Field(description="weights of the rules, by phase")
    levers: dict[Key, Lever] = Field(
        default_factory=dict, description="what actors could do otherwise, by key; changes no run"
    )
    defaults: dict[str, Any] = Field(
        default_factory=dict, description="numbers that many actors or edges share, by pool"
    )


def leaves(part: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Prior]]:
    """Yield the path and the prior of every uncertain number in ``part``."""
    if isinstance(part, Prior):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, key in _keys(type(part)):
            if (inner := getattr(part, name)) is not None:
                yield from leaves(inner, (*path, key))
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from leaves(inner, (*path, name))


@cache
def _keys(kind: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a part by name and key, without reasons, which hold no numbers."""
    fields = kind.model_fields.items()
    return tuple((name, field.alias or name) for name, field in fields if name not in vocabulary.REASON_KEYS)
