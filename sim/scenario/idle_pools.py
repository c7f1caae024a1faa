"""Find pools of ``defaults`` from which nobody takes a number: misspelt ones, and the faults that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from sim import vocabulary
from sim.reading.errors import Fault, Route, fault, suggestion
from sim.reading.files import nearest_place, shipped_folder
from sim.scenario.defaults import EDGES, EUROPEAN, PART
from sim.scenario.layers import Layer, keys_below, tables


class _Pool(NamedTuple):
    """A pool that nobody takes from, the message about it, and the name that was meant, if one is near."""

    route: Route
    message: str
    meant: str


def faults(written: Layer, layer: Layer) -> list[Fault]:
    """Return a fault for each pool that gives nothing in ``layer``, which is ``written`` with what is inherited.

    The base ``theatre`` has pools for whatever a theatre may hold, so its own are left out.
    """
    base = shipped_folder("configs") / "theatres"
    every = [_fault(pool, written) for pool in _idle(written, layer)]
    return [each for each in every if base not in Path(each.place.file).parents]


def explained(others: Iterable[Fault], written: Layer, layer: Layer) -> list[Fault]:
    """Return the faults of a config with misspelt pools among them, in place of what actors and edges lack for it."""
    misspelt = [pool for pool in _idle(written, layer) if pool.meant]
    channels = {pool.meant for pool in misspelt if len(pool.route) > 2}
    of_actors = any(len(pool.route) == 2 for pool in misspelt)
    kept = []
    for mistake in others:
        route = tuple(mistake.path.split("."))
        lacks = route not in layer.entries and route[2:3] != ("pools",)
        of_edge = route[0] == "network" and len(route) > 1 and route[1].rpartition("/")[2] in channels
        if not (lacks and (of_edge or (route[0] == "actors" and of_actors))):
            kept.append(mistake)
    return [*kept, *(_fault(pool, written) for pool in misspelt)]


def _fault(pool: _Pool, written: Layer) -> Fault:
    return fault(nearest_place(written.places, pool.route), pool.route, pool.message)


def _idle(written: Layer, layer: Layer) -> Iterator[_Pool]:
    origins = {entry.origin[:length] for entry in layer.entries.values() for length in (2, 3)}
    pools = [pool for pool in keys_below(written, (PART,)) if pool != EDGES]
    asked = _asked(written) & set(pools)  # of one that is not there, its actor tells
    known = [EUROPEAN, *vocabulary.ROLES, *sorted(asked - {EUROPEAN, *vocabulary.ROLES})]
    for pool in pools:
        if (PART, pool) in origins:
            continue
        near = "" if pool in known else next(iter(get_close_matches(pool, known, n=1)), "")
        meant = f"did you mean {near!r}? " if near else ""
        own = "" if pool in known else f"; {meant}they take from {', '.join(known)} and from pools that they name"
        yield _Pool((PART, pool), f"no actor takes a number from this pool{own}", "" if near in pools else near)
    for channel in keys_below(written, (PART, EDGES)):
        route = (PART, EDGES, channel)
        if channel not in vocabulary.CHANNELS:
            meant = next(iter(get_close_matches(channel, vocabulary.CHANNELS, n=1)), "")
            yield _Pool(route, f"{channel!r} is not a channel; {suggestion(channel, vocabulary.CHANNELS)}", meant)
        elif route not in origins:
            yield _Pool(route, "no edge takes a number from this pool", "")


def _asked(written: Layer) -> set[str]:
    """Return the pools that actors name."""
    values = [own["pools",].value for own in tables(written, "actors").values() if ("pools",) in own]
    return {word for value in values if isinstance(value, list) for word in value if isinstance(word, str)}
