"""The levers as controls, in the config's own words, grouped by who holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from markupsafe import Markup

from sim.explorer import html
from sim.explorer.actor_view import sourced_claims
from sim.explorer.controls import Effect, Option, Subject
from sim.explorer.session import Session
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from sim.words import listed


class Bar(NamedTuple):
    """Where the config's range and a step's lie on one line, in percent of it: start and width of either."""

    was: tuple[float, float]
    becomes: tuple[float, float]


def board(session: Session) -> Markup:
    """Return the controls of a page, and what was changed in it."""
    return html.render(
        "controls",
        sentence=session.sentence(),
        changed=session.changed(),
        rivalry=session.rivalry(),
        undoable=session.undoable,
        redoable=session.redoable,
        groups=list(_groups(session)),
    )


def _groups(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the levers by holders, in the order in which the config declares them."""
    scenario = session.scenario
    order = list(dict.fromkeys(lever.held_by for lever in scenario.parts.levers.values()))
    held = sorted(scenario.parts.levers.items(), key=lambda item: order.index(item[1].held_by))
    unmoved = _cards(session.subject)
    for holders, levers in groupby(held, key=lambda item: item[1].held_by):
        cards = [{**unmoved[name], "step": session.moved.get(name, 0)} for name, _ in levers]
        names = listed(scenario.parts.actors[name].name for name in holders)
        yield {"holders": names, "levers": cards, "moved": sum(lever["step"] > 0 for lever in cards)}


@lru_cache(16)
def _cards(subject: Subject) -> Mapping[str, Mapping[str, Any]]:
    """Return the part of each lever's card that is the same on every page, whatever its step."""
    return {name: _card(subject, name) for name in subject.scenario.parts.levers}


def _card(subject: Subject, name: str) -> dict[str, Any]:
    scenario = subject.scenario
    why = scenario.layer.entries[("levers", name, "steps")].reasons
    return {
        "id": name,
        "name": scenario.parts.levers[name].name,
        "options": [_option(scenario, option) for option in subject.options[name]],
        "assumption": why.assumption or "",
        "claims": sourced_claims(scenario, (*why.because, *why.see, *why.against)),
    }


def _option(scenario: Scenario, option: Option) -> dict[str, Any]:
    effects = [{**each._asdict(), "bar": bar(scenario, each)} for each in option.effects]
    return {**option._asdict(), "within": option.within, "effects": effects}


def bar(scenario: Scenario, effect: Effect) -> Bar | None:
    """Return the two ranges of a number on one line; None for words, and for what is added or taken away."""
    if effect.becomes is None or effect.path not in scenario.leaves or effect.becomes.words:
        return None
    was, becomes = scenario.leaves[effect.path].prior, effect.becomes
    low, high = was.allowed if max(map(abs, was.allowed)) < float("inf") else _ends(was, becomes)
    size = (high - low) or 1.0
    return Bar(*((100 * (prior.low - low) / size, 100 * (prior.high - prior.low) / size) for prior in (was, becomes)))


def _ends(*priors: Prior) -> tuple[float, float]:
    return min(prior.low for prior in priors), max(prior.high for prior in priors)
