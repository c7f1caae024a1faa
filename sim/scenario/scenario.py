"""A scenario as its user holds it: its parts, its uncertain numbers, its hash, and a way to change it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from sim import vocabulary
from sim.reading.errors import Place
from sim.scenario.checks import checked
from sim.scenario.edits import _as_document, _changed
from sim.scenario.layers import Entry, Layer, Reasons, nested
from sim.scenario.parts import ScenarioParts, leaves
from sim.scenario.priors import Prior

_SAID_ONLY = ("question", "levers")
"""What changes no run, and so is no part of what a scenario is known by."""


class Leaf(NamedTuple):
    """One uncertain number of a scenario: dotted path, prior, reasons and place."""

    path: str
    prior: Prior
    reasons: Reasons
    place: Place


class Scenario:
    """A checked scenario: typed ``parts``, and ``leaves``, every number with its reasons, sorted by path.

    ``notes`` say what a change left out; ``stamp`` says what sets its information apart from the baseline's, as
    "not baseline (...)", and is empty if nothing does.
    """

    def __init__(self, name: str, layer: Layer, notes: tuple[str, ...] = ()) -> None:
        self.name, self.layer = name, layer
        self.parts = checked(layer)
        self.leaves = _leaves(self.parts, layer)
        self.notes, self.stamp = notes, _stamp(self.parts)

    @property
    def question(self) -> str:
        """The question the scenario asks."""
        return self.parts.question

    @cached_property
    def hash(self) -> str:
        """Twelve hex digits that name what the scenario says, reasons and order aside."""
        plain = sorted(self._values().items())
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]

    def change(self, edits: Mapping[str, Any], *, name: str | None = None, assumption: str = "python") -> Scenario:
        """Return this scenario with ``edits``, {dotted path: value}, made; paths and values as under ``change:``.

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
        document = _as_document(edits, assumption)
        reasons = Reasons(assumption=assumption, route=("change",), place=Place(assumption))
        layer, notes = _changed(self.layer, document, (), reasons)
        return Scenario(name or f"{self.name.removesuffix(', changed')}, changed", layer, (*self.notes, *notes))

    def differences(self, other: Scenario) -> dict[str, tuple[Any, Any]]:
        """Return what differs, {dotted path: (value here, value there)}; None where there is no such value."""
        mine, theirs = self._values(), other._values()
        paths = sorted(set(mine) | set(theirs))
        return {path: (mine.get(path), theirs.get(path)) for path in paths if mine.get(path) != theirs.get(path)}

    def as_dict(self) -> dict[str, Any]:
        """Return the whole scenario as nested maps, reasons written at every number; as a file it runs the same.

        Its levers, which run nothing, are left out.

        No sentence may stand at two numbers, so one that held for several is told apart by the path of each.
        """
        entries = {route: entry for route, entry in self.layer.entries.items() if route[0] != "levers"}
        stated = Counter(leaf.reasons.assumption for leaf in self.leaves.values())
        for path, leaf in self.leaves.items():
            route = tuple(path.split("."))
            shared = stated[leaf.reasons.assumption] > 1
            entries[route] = _explained(entries[route], f" ({path})" if shared else "")
        return nested(Layer(entries, {}))

    def _values(self) -> dict[str, Any]:
        return {
            ".".join(route): _without_reasons(entry.value)
            for route, entry in self.layer.entries.items()
            if route[0] not in _SAID_ONLY
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


def _stamp(parts: ScenarioParts) -> str:
    """Return what sets a scenario apart from the information of the baseline: events and claims of one's own."""
    counts = {"event": len(parts.events), "claim": len(parts.claims)}
    own = " and ".join(f"{count} {what}{'s' * (count > 1)}" for what, count in counts.items() if count)
    if not own:
        return ""
    latest = f", to {max(claim.date for claim in parts.claims.values())}" if parts.claims else ""
    return f"not baseline ({own} of one's own{latest})"


def _leaves(parts: ScenarioParts, layer: Layer) -> dict[str, Leaf]:
    found = {}
    for route, prior in leaves(parts):
        entry = layer.entries[route]
        path = ".".join(route)
        found[path] = Leaf(path, prior, entry.reasons, entry.place)
    return dict(sorted(found.items()))


def _without_reasons(value: Any) -> Any:
    """Return a leaf without its reasons: ``{likely: 0.3, assumption: ...}`` says 0.3."""
    if not isinstance(value, dict):
        return value
    bare = {key: inner for key, inner in value.items() if key not in vocabulary.REASON_KEYS}
    return bare["likely"] if set(bare) == {"likely"} else bare


def _explained(entry: Entry, apart: str) -> Entry:
    """Return the entry of a number with its reasons written in it, its assumption followed by ``apart``."""
    reasons, bare = entry.reasons, _without_reasons(entry.value)
    why = {
        "because": list(reasons.because),
        "assumption": reasons.assumption and reasons.assumption + apart,
        "see": list(reasons.see),
        "against": list(reasons.against),
    }
    value = bare if isinstance(bare, dict) else {"likely": bare}
    return entry._replace(value={**value, **{key: reason for key, reason in why.items() if reason}})
