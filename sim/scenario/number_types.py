"""The kinds of uncertain numbers a config may hold, each with its bounds, and the map in which they stand."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from sim import vocabulary
from sim.reading.characters import is_key, on_one_line
from sim.reading.read_only import close
from sim.scenario import priors
from sim.scenario.priors import Prior

_REASONS: dict[str, Any] = {
    key: {"type": "string"} if key in ("assumption", "convention") else {"type": "array", "items": {"type": "string"}}
    for key in vocabulary.REASON_KEYS
}
_PLAIN: list[dict[str, Any]] = [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9.]+%$"}]
_POOL: dict[str, Any] = {
    "by": {"type": "object", "description": "What each of several people says of it, by name."},
    "weights": {"type": "object", "additionalProperties": {"anyOf": _PLAIN}},
}
_NUMBER_SCHEMA: dict[str, Any] = {
    "anyOf": [
        *_PLAIN,
        {"const": "inherited"},
        {
            "type": "object",
            "properties": {**{key: {"anyOf": _PLAIN} for key in ("low", "likely", "high")}, **_POOL, **_REASONS},
            "additionalProperties": False,
        },
    ]
}


def _bounds(low: float = -priors.ANYTHING, high: float = priors.ANYTHING) -> PlainValidator:
    return PlainValidator(partial(priors.number, low=low, high=high))


def _words(scale: str) -> PlainValidator:
    return PlainValidator(partial(priors.choice, scale=scale))


def _choice_schema(scale: str) -> WithJsonSchema:
    words = list(vocabulary.SCALES[scale])
    shares = {word: {"anyOf": _PLAIN} for word in words}
    properties = {"likely": {"enum": words}, **shares, **_POOL, **_REASONS}
    one_of = {"type": "object", "properties": properties, "additionalProperties": False}
    return WithJsonSchema({"anyOf": [{"enum": [*words, "inherited"]}, one_of]})


_AS_NUMBER = WithJsonSchema(_NUMBER_SCHEMA)


def _no_yes(value: Any) -> Any:
    """Refuse yes and no, which pydantic takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is not a whole number")
    return value


def _key(text: str) -> str:
    """Refuse a key that no dotted path, edge or event could name."""
    if not is_key(text):
        raise ValueError(f"{text!r} is no key: letters, digits, _ and - alone; what readers see stands under name:")
    return text


def _shown(text: str) -> str:
    """Refuse a name that tables and sentences could not show."""
    if not on_one_line(text):
        raise ValueError(f"{text!r} is no name: it shows nothing, or more than one line")
    return text


Key: TypeAlias = Annotated[str, AfterValidator(_key)]
Name: TypeAlias = Annotated[str, AfterValidator(_shown)]
Whole: TypeAlias = Annotated[int, BeforeValidator(_no_yes)]
Latent: TypeAlias = Annotated[Prior, _bounds(), _AS_NUMBER]
Weight: TypeAlias = Annotated[Prior, _bounds(0.0), _AS_NUMBER]
Share: TypeAlias = Annotated[Prior, _bounds(0.0, 1.0), _AS_NUMBER]
Tilt: TypeAlias = Annotated[Prior, _bounds(-1.0, 1.0), _AS_NUMBER]
Weeks: TypeAlias = Annotated[Prior, _bounds(0.0, 520.0), _AS_NUMBER]
Troops: TypeAlias = Annotated[Prior, _bounds(0.0, 1_000_000.0), _AS_NUMBER]
Rung: TypeAlias = Annotated[Prior, _words("rung"), _choice_schema("rung")]
Stance: TypeAlias = Annotated[Prior, _words("stance"), _choice_schema("stance")]
Consent: TypeAlias = Annotated[Prior, _words("consent"), _choice_schema("consent")]
Answer: TypeAlias = Annotated[Prior, _words("answer"), _choice_schema("answer")]


class Part(BaseModel):
    """A map in a config; its reasons hold for every number below it that gives none of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    because: tuple[str, ...] = Field((), description="claims that give the value")
    assumption: str | None = Field(None, description="what we assumed, and why this value and this width")
    anchor: tuple[str, ...] = Field((), description="published figures that bear on it")
    convention: str | None = Field(None, description="why a number that only sets a unit or scale is fixed as it is")
    see: tuple[str, ...] = Field((), description="claims that speak to it without giving its value")
    against: tuple[str, ...] = Field((), description="claims that say otherwise")

    def model_post_init(self, context: Any, /) -> None:
        """Keep maps and lists from being changed: the scenario would no longer be the one that its hash names."""
        close(self)
        if not hasattr(self, "__pydantic_private__"):  # pydantic 2.9 leaves it out of what model_construct makes
            object.__setattr__(self, "__pydantic_private__", None)  # and cannot pickle what lacks it
