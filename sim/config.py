"""Configs into scenarios: files found, extended and changed; every mistake located, all at once.

``load`` reads a scenario by name or path; :class:`Scenario` holds it with the reasons and the place of every number.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from sim import vocabulary
from sim.checking import checked
from sim.merging import Entry, Layer, Reasons, flatten, merge, nested, reasons_of, unknown_name
from sim.priors import Prior
from sim.reading import UNREAD, Document, Fault, InputError, Place, Route, fault, read_sound, shipped, suggestion
from sim.scenario import ScenarioParts, leaves

_HEADER = ("extends", "question", "change", "include", *vocabulary.REASON_KEYS)
_SAID_ONLY = ("question", "levers")
"""What changes no run, and so is no part of what a scenario is known by."""
_MOST_EXTENDED, _MOST_CHANGES = 20, 1_000
"""How many scenarios may extend one another in a row, and how many changes a file may make."""
_KEYS = tuple(dict.fromkeys((*_HEADER, *ScenarioParts.model_fields)))


class Leaf(NamedTuple):
    """One uncertain number of a scenario: dotted path, prior, reasons and place."""

    path: str
    prior: Prior
    reasons: Reasons
    place: Place


class Scenario:
    """A checked scenario: typed ``parts``, and ``leaves``, every number with its reasons, sorted by path."""

    def __init__(self, name: str, layer: Layer, notes: tuple[str, ...] = ()) -> None:
        self.name, self.layer = name, layer
        self.parts = checked(layer)
        self.leaves = _leaves(self.parts, layer)
        self.notes = (*(note for note in notes if not note.startswith("not baseline")), *_stamps(self.parts))

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


def names() -> list[str]:
    """Return the names of the scenarios that are shipped, baseline first."""
    configs = shipped("configs")
    return ["baseline", *sorted(path.stem for path in (configs / "scenarios").glob("*.yaml"))]


def load(config: str | Path) -> Scenario:
    """Return the scenario named or written in ``config``: a shipped name, or the path of a YAML file.

    Raises
    ------
    InputError
        If there is no such scenario or it has mistakes; all of them are told.
    """
    path = find(config, Path.cwd(), Place(str(config)))
    layer, notes = _load_layer(path, ())
    return Scenario(path.stem, layer, notes)


def find(config: str | Path, folder: Path, place: Place) -> Path:
    """Return the file that ``config`` means: a shipped name, or a path relative to ``folder``."""
    text = str(config)
    if text.endswith((".yaml", ".yml")) or "/" in text:
        return folder / text
    if text in names():
        configs = shipped("configs")
        return configs / "baseline.yaml" if text == "baseline" else configs / "scenarios" / f"{text}.yaml"
    raise InputError(
        [Fault(place, "", f"no scenario of this name; {suggestion(text, names())} (or the path of a .yaml file)")]
    )


def _load_layer(path: Path, seen: tuple[Path, ...]) -> tuple[Layer, tuple[str, ...]]:
    document = read_sound(path)
    try:
        return _layered(document, path, (*seen, path.resolve()))
    except InputError as error:
        raise InputError([*document.faults, *error.faults]) from None


def _layered(document: Document, path: Path, seen: tuple[Path, ...]) -> tuple[Layer, tuple[str, ...]]:
    """Return what a file says over what it extends; without a base or parts there is nothing to check, so it raises."""
    if not isinstance(document.data, dict):
        expected = [Fault(document.place(()), "", "expected a map of keys and values")]
        raise InputError([] if document.data is UNREAD else expected)
    base, notes = Layer({}, {(): document.place(())}), tuple[str, ...]()
    if "extends" in document.data:
        base, notes = _load_layer(_extended(document, path, seen), seen)
    base = _own(document, path, base)
    if "change" not in document.data:
        return base, notes
    changed, more = _changed(base, document, ("change",), _header_reasons(document)[0])
    return changed, (*notes, *more)


def _extended(document: Document, path: Path, seen: tuple[Path, ...]) -> Path:
    place, text = document.place(("extends",)), document.data["extends"]
    if not isinstance(text, str):
        raise InputError([Fault(place, "extends", "expected the name or path of one scenario")])
    found = find(text, path.parent, place)
    if not _exists(found):
        raise InputError([Fault(place, "extends", f"no such file: {found}")])
    if len(seen) > _MOST_EXTENDED:
        message = f"more than the {_MOST_EXTENDED} scenarios that may extend one another in a row"
        raise InputError([Fault(place, "extends", message)])
    if found.resolve() in seen:
        circle = " -> ".join(known.stem for known in (*seen, found))
        raise InputError([Fault(place, "extends", f"a scenario cannot extend itself: {circle}")])
    return found


def _own(document: Document, path: Path, base: Layer) -> Layer:
    """Return ``base`` with what the file itself says: its question, parts, and included files."""
    reasons, faults = _header_reasons(document)
    base = merge(base, Layer({}, {}, [*document.faults, *faults]))
    for key, value in document.data.items():
        if key not in _KEYS:
            message = f"{key!r} is not a key here; {suggestion(key, _KEYS)}"
            base.faults.append(fault(document.place((key,)), (key,), message))
        elif key not in _HEADER or key == "question":
            base = merge(base, flatten(document, value, (key,), (key,), reasons))
    included = document.data.get("include", {})
    if not isinstance(included, dict):
        raise InputError([Fault(document.place(("include",)), "include", "expected a map of part: file or folder")])
    for part, where in included.items():
        if part not in ScenarioParts.model_fields:
            message = f"{part!r} is no part of a scenario; {suggestion(part, ScenarioParts.model_fields)}"
            base.faults.append(fault(document.place(("include", part)), ("include", part), message))
            continue
        base = merge(base, _included(document, path.parent, part, where))
    return base


def _included(document: Document, folder: Path, part: str, where: object) -> Layer:
    place = document.place(("include", part))
    if not isinstance(where, str):
        return _gap((part,), Fault(place, f"include.{part}", "expected the name of a file or folder"))
    target = folder / where
    if not _exists(target):
        return _gap((part,), Fault(place, f"include.{part}", f"no such file or folder: {target}"))
    files = (
        {(part, file.stem): file for file in sorted(target.glob("*.yaml"))} if target.is_dir() else {(part,): target}
    )
    if not files:
        return _gap((part,), Fault(place, f"include.{part}", f"no .yaml file in the folder {target}"))
    layer = Layer({}, {(part,): place})
    for route, file in files.items():
        layer = merge(layer, _file(file, route))
    return layer


def _file(file: Path, route: Route) -> Layer:
    try:
        document = read_sound(file)
    except InputError as error:
        return _gap(route, *error.faults)
    if not isinstance(document.data, dict) or not (document.data or len(route) == 1):
        expected = fault(document.place(()), route, "expected a map of keys and values")
        return _gap(route, *(document.faults or [expected]))
    layer = flatten(document, document.data, (), route, Reasons())
    layer.faults.extend(document.faults)
    return layer


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that is too long, or holds what no name may
        return False


def _gap(route: Route, *faults: Fault) -> Layer:
    """Return a layer that says only that what stands at ``route`` could not be read."""
    place = faults[0].place
    return Layer({route: Entry(UNREAD, Reasons(), place)}, {route: place}, list(faults))


def _header_reasons(document: Document) -> tuple[Reasons, list[Fault]]:
    given = {key: document.data[key] for key in vocabulary.REASON_KEYS if key in document.data}
    return reasons_of(document, given, (), (), Reasons(route=(), place=document.place(())))


def _changed(base: Layer, document: Document, at: Route, reasons: Reasons) -> tuple[Layer, tuple[str, ...]]:
    edits = document.data
    for key in at:
        edits = edits[key]
    if not isinstance(edits, dict):
        return merge(base, Layer({}, {}, [fault(document.place(at), at, "expected a map of dotted path: value")])), ()
    notes, faults = list[str](), list[Fault]()
    if len(edits) > _MOST_CHANGES:
        raise InputError(
            [fault(document.place(at), at, f"more than the {_MOST_CHANGES:,} changes allowed in one file")]
        )
    for path, value in edits.items():
        route, place = tuple(path.split(".")), document.place((*at, path))
        wrong = unknown_name(base, route)
        if wrong:
            faults.append(fault(place, route, wrong))
            continue
        base = merge(base, flatten(document, value, (*at, path), route, reasons))
        if value is None and route[0] == "actors" and len(route) == 2:
            base, note = _without_edges(base, route[1])
            notes.append(note)
    return merge(base, Layer({}, {}, faults)), tuple(notes)


def _without_edges(layer: Layer, actor: str) -> tuple[Layer, str]:
    gone = {
        route[1] for route in layer.entries if route[0] == "network" and actor in route[1].partition("/")[0].split("->")
    }
    idle = {route[1] for route, entry in layer.entries.items() if route[0] == "levers" and entry.value == [actor]}
    kept = {
        route: _unlisted(route, entry, actor)
        for route, entry in layer.entries.items()
        if not (route[0] == "network" and route[1] in gone) and not (route[0] == "levers" and route[1] in idle)
    }
    return Layer(kept, layer.places, layer.faults), f"{actor} removed, with {len(gone)} of its edges"


def _unlisted(route: Route, entry: Entry, actor: str) -> Entry:
    lists = {"missions": ("leads", "eligible"), "levers": ("held_by",)}
    if route[-1] in lists.get(route[0], ()) and isinstance(entry.value, list):
        return entry._replace(value=[name for name in entry.value if name != actor])
    return entry


def _as_document(edits: Mapping[str, Any], source: str) -> Document:
    place = Place(source)
    places: dict[Route, Place] = {(): place, **{(path,): place for path in edits}}
    return Document({path: _plain(value) for path, value in edits.items()}, places)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _stamps(parts: ScenarioParts) -> Iterator[str]:
    """Yield what sets a scenario apart from the information of the baseline: events and claims of one's own."""
    counts = {"event": len(parts.events), "claim": len(parts.claims)}
    own = " and ".join(f"{count} {what}{'s' * (count > 1)}" for what, count in counts.items() if count)
    if own:
        latest = f", to {max(claim.date for claim in parts.claims.values())}" if parts.claims else ""
        yield f"not baseline ({own} of one's own{latest})"


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
