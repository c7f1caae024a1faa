"""The class that holds a checked scenario: its parts, its uncertain numbers, its hash, and how to change it."""

from __future__ import annotations

import copy
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from sim import vocabulary
from sim.reading.errors import InputError, Place
from sim.reading.read_only import ReadOnlyDict, read_only
from sim.scenario import idle_pools, orders
from sim.scenario.checks import check_layer
from sim.scenario.defaults import inherit
from sim.scenario.edits import apply_edits, as_document
from sim.scenario.layers import Entry, Layer, Reasons, as_tree
from sim.scenario.parts import ScenarioParts, leaves
from sim.scenario.priors import Prior
from sim.scenario.references import called_alike
from sim.words import Names, listed, the

_NOT_PLAYED = ("question", "levers", "words")
"""Parts that change no run. The hash and :meth:`Scenario.differences` leave them out."""


class Leaf(NamedTuple):
    """One uncertain number of a scenario: dotted path, prior, reasons and place.

    ``inherited`` is the path of the pool's number that it takes its prior and reasons from; empty if it has its own.
    """

    path: str
    prior: Prior
    reasons: Reasons
    place: Place
    inherited: str = ""


class Scenario:
    """A checked scenario: typed ``parts``, and ``leaves``, every number with its reasons, sorted by path.

    Nothing about it can be changed, as its hash names what is played; :meth:`change` returns a changed one.

    ``written`` is the config as its files and changes have it, ``layer`` the same with what actors and edges inherit.
    ``notes`` list what a change removed beside what it named (``removals``), and orders among numbers, documented, that
    it leaves, and names that readers could not tell apart. ``stamp`` is "not baseline (...)" if the scenario has
    events or claims of the user's own, else empty.

    Raises
    ------
    InputError
        If the layer has mistakes; it lists all of them.
    """

    name: str
    written: Layer
    removals: tuple[str, ...]
    layer: Layer
    parts: ScenarioParts
    leaves: Mapping[str, Leaf]
    notes: tuple[str, ...]
    stamp: str

    def __init__(self, name: str, layer: Layer, notes: tuple[str, ...] = ()) -> None:
        whole = inherit(layer)
        parts = _checked(whole, layer)
        leaves = _leaves(parts, whole)
        left = orders.left({path: leaf.prior for path, leaf in leaves.items()}, whole)
        vars(self).update(
            name=name, written=layer.read_only(), removals=notes, layer=whole.read_only(), parts=parts,
            leaves=ReadOnlyDict(leaves), notes=(*notes, *left, *called_alike(parts)), stamp=_stamp(parts),
        )  # fmt: skip

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a scenario cannot be changed: change({{path: value}}) returns one with another {name}")

    @property
    def question(self) -> str:
        """The question the scenario asks."""
        return self.parts.question

    @cached_property
    def names(self) -> Names:
        """What sentences call its parties, its place and its group."""
        words, actors = self.parts.words, self.parts.actors
        playing = {
            part: listed([the(actor.name) for actor in actors.values() if part in actor.parts()])
            for part in ("host", "opponent", "broker")
        }
        called = {part: getattr(words, part) or playing[part] or "nobody" for part in playing}
        return Names(**called, place=words.place or playing["host"], group=words.group)

    @property
    def mission_names(self) -> dict[str, str]:
        """What readers call its missions, by id."""
        return {mission: about.name for mission, about in self.parts.missions.items()}

    @cached_property
    def hash(self) -> str:
        """The first twelve hex digits of a SHA-256 over all values. Reasons and order do not count."""
        plain = sorted(self._values().items())
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]

    def renamed(self, name: str) -> Scenario:
        """Return the same scenario under another name."""
        twin = copy.copy(self)
        vars(twin)["name"] = name
        return twin

    def change(self, edits: Mapping[str, Any], *, name: str | None = None, assumption: str = "python") -> Scenario:
        """Return a copy with ``edits``, {dotted path: value}, applied; paths and values are as under ``change:``.

        Raises
        ------
        InputError
            If an edit does not fit.

        Examples
        --------
        >>> from sim.scenario import load
        >>> load("baseline").change({"actors.us.backstop.offers": {"at_least": "air_cover"}}).name
        'baseline, changed'
        """
        changed = self.change_in_turn([(edits, assumption)])
        return changed.renamed(name or f"{self.name.removesuffix(', changed')}, changed")

    def change_in_turn(self, changes: Iterable[tuple[Mapping[str, Any], str]]) -> Scenario:
        """Return a copy with several edits applied one after another, each (edits, assumption); it keeps its name.

        Only what they make together has to fit, and is checked once, which is most of what a change costs.

        Raises
        ------
        InputError
            If what the edits make does not fit; it lists all mistakes.
        """
        layer, removals = self.written, self.removals
        for edits, assumption in changes:
            document = as_document(edits, assumption)
            reasons = Reasons(assumption=assumption, route=("change",), place=Place(assumption))
            layer, notes = apply_edits(layer, document, (), reasons)
            removals = (*removals, *notes)
        return Scenario(self.name, layer, removals)

    def differences(self, other: Scenario) -> dict[str, tuple[Any, Any]]:
        """Return what differs, {dotted path: (value here, value there)}; None where there is no such value."""
        mine, theirs = self._values(), other._values()
        paths = sorted(set(mine) | set(theirs))
        return {path: (mine.get(path), theirs.get(path)) for path in paths if mine.get(path) != theirs.get(path)}

    def as_dict(self) -> dict[str, Any]:
        """Return the scenario as nested maps with the reasons at every number. Written to a file, it runs the same.

        Levers change no run and are left out. No assumption may stand at two numbers, so one that holds for several
        numbers gets the path of each appended.
        """
        return copy.deepcopy(self.config)

    @cached_property
    def config(self) -> dict[str, Any]:
        """What :meth:`as_dict` returns, read-only, so that the manifests of many batches hold it once."""
        entries = {route: entry for route, entry in self.layer.entries.items() if route[0] != "levers"}
        stated = Counter(leaf.reasons.assumption or leaf.reasons.convention for leaf in self.leaves.values())
        for path, leaf in self.leaves.items():
            route = tuple(path.split("."))
            shared = stated[leaf.reasons.assumption or leaf.reasons.convention] > 1
            entries[route] = _with_reasons(entries[route], f" ({path})" if shared else "")
        config: dict[str, Any] = read_only(as_tree(Layer(entries, {})))
        return config

    def _values(self) -> dict[str, Any]:
        return {
            ".".join(route): without_reasons(entry.value)
            for route, entry in self.layer.entries.items()
            if route[0] not in _NOT_PLAYED
        }

    def __repr__(self) -> str:
        return f"Scenario {self.name!r}: {self.question}"

    def _repr_html_(self) -> str:
        uncertain = sum(leaf.prior.uncertain for leaf in self.leaves.values())
        facts = (
            f"{len(self.parts.actors)} actors, {len(self.parts.network)} edges, {len(self.parts.missions)} missions; "
            f"{len(self.leaves)} numbers, {uncertain} of them uncertain; "
            f"{self.parts.horizon_weeks} weeks from {self.parts.start}"
        )
        return f"<p><b>{escape(self.name)}</b>: {escape(self.question)}</p><p>{escape(facts)}</p>"


def _checked(layer: Layer, written: Layer) -> ScenarioParts:
    try:
        return check_layer(layer)
    except InputError as error:
        raise InputError(idle_pools.explained(error.faults, written, layer)) from None


def _stamp(parts: ScenarioParts) -> str:
    """Return "not baseline (...)" with the numbers of the user's own events and claims, or an empty text."""
    counts = {"event": len(parts.events), "claim": len(parts.claims)}
    own = " and ".join(f"{count} {what}{'s' * (count > 1)}" for what, count in counts.items() if count)
    if not own:
        return ""
    latest = f", to {max(claim.date for claim in parts.claims.values())}" if parts.claims else ""
    return f"not baseline ({own} of one's own{latest})"


def _leaves(parts: ScenarioParts, layer: Layer) -> dict[str, Leaf]:
    by_path = {}
    for route, prior in leaves(parts):
        entry = layer.entries[route]
        path = ".".join(route)
        by_path[path] = Leaf(path, prior, entry.reasons, entry.place, ".".join(entry.origin))
    return dict(sorted(by_path.items()))


def without_reasons(value: Any) -> Any:
    """Return the value of a leaf without its reasons: 0.3 for ``{likely: 0.3, assumption: ...}``."""
    if not isinstance(value, dict):
        return value
    bare = {key: inner for key, inner in value.items() if key not in vocabulary.REASON_KEYS}
    return bare["likely"] if set(bare) == {"likely"} else bare


def _with_reasons(entry: Entry, apart: str) -> Entry:
    """Return a number's entry with its reasons in its value, and ``apart`` appended to its assumption."""
    reasons, bare = entry.reasons, without_reasons(entry.value)
    why = {key: value for key in vocabulary.REASON_KEYS if (value := getattr(reasons, key))}
    why = {key: list(value) if isinstance(value, tuple) else value + apart for key, value in why.items()}
    value = bare if isinstance(bare, dict) else {"likely": bare}
    return entry._replace(value={**value, **why})
