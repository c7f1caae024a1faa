"""Load a scenario by name or path: read its files, merge what it extends and includes, and apply its changes.

All mistakes are reported at once, each with file, line and column.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim import vocabulary
from sim.reading.characters import composed
from sim.reading.errors import Fault, InputError, Place, Route, fault, suggestion
from sim.reading.files import UNREAD, Document, current_folder, read_sound, read_yaml, shipped_folder
from sim.reading.plain_data import named
from sim.reading.read_log import logged, note_folder
from sim.scenario import kept_scenarios
from sim.scenario.edits import apply_edits
from sim.scenario.layers import Entry, Layer, Reasons, flatten, merge, reasons_of
from sim.scenario.parts import ScenarioParts
from sim.scenario.scenario import Scenario

_HEADER = ("extends", "question", "change", "include", *vocabulary.REASON_KEYS)
_MOST_EXTENDED = 20
"""How many scenarios may extend one another in a row."""
_SUFFIXES = (".yaml", ".yml")
BASES = ("baseline", "theatre")
"""Shipped files that a scenario may extend; of these ``theatre`` is none by itself."""
_TWICE = "the folder has a .yaml and a .yml file of this name; keep one of them"
_KEYS = tuple(
    dict.fromkeys((*_HEADER[:4], *(key for key in ScenarioParts.model_fields if key not in _HEADER), *_HEADER[4:]))
)


def names() -> list[str]:
    """Return the names of the scenarios that are shipped, baseline first."""
    configs = shipped_folder("configs")
    return ["baseline", *sorted(path.stem for path in (configs / "scenarios").glob("*.yaml"))]


def load(config: str | Path) -> Scenario:
    """Return the scenario named or written in ``config``: a shipped name, or the path of a YAML file.

    Raises
    ------
    InputError
        If there is no such scenario, or it has mistakes; the error lists all of them.
    FileNotFoundError
        If the current folder was removed.
    TypeError
        If ``config`` is neither a name nor a path.
    """
    if not isinstance(config, str | Path):
        raise TypeError(f"expected a scenario, or the name or path of one, got {named(config)}")
    path = find(config, current_folder(), Place(str(config)))
    if (kept := kept_scenarios.take_up(path)) is not None:
        return kept
    with logged() as log:
        layer, notes = _load_layer(path, ())
    scenario = Scenario(path.stem, layer, notes)
    kept_scenarios.keep(path, scenario, log)
    return scenario


def as_scenario(config: Scenario | str | Path) -> Scenario:
    """Return a scenario: itself, or the one of that name or path.

    Raises
    ------
    InputError
        If there is no such scenario, or it has mistakes.
    """
    return config if isinstance(config, Scenario) else load(config)


def base_of(config: str | Path) -> Scenario | None:
    """Return the scenario that ``config`` extends, as it stands there; None if it extends none.

    The base ``theatre`` has no actors, so it is no scenario that could be loaded.

    Raises
    ------
    InputError
        If the config, or the one that it extends, is missing or has mistakes.
    """
    path = find(config, current_folder(), Place(str(config)))
    document = read_yaml(path)
    if "extends" not in document.data or document.data["extends"] in BASES[1:]:
        return None
    return load(find(document.data["extends"], path.parent, document.place(("extends",))))


def find(config: str | Path, folder: Path, place: Place) -> Path:
    """Return the file that ``config`` means: a shipped name, or a path relative to ``folder``.

    Raises
    ------
    InputError
        If no scenario of this name is shipped; the fault stands at ``place``.
    """
    text = str(config)
    if text.endswith(_SUFFIXES) or "/" in text:
        return folder / Path(text).expanduser()
    known = [*names(), *BASES[1:]]
    if text in known:
        configs = shipped_folder("configs")
        return configs / f"{text}.yaml" if text in BASES else configs / "scenarios" / f"{text}.yaml"
    file = next((f"{text}{suffix}" for suffix in _SUFFIXES if _exists(folder / f"{text}{suffix}")), "")
    allowed = f"{suggestion(text, known)} (or the path of a .yaml file)"
    meant = f"did you mean the file {file}?" if file else allowed
    raise InputError([Fault(place, "", f"no scenario of this name; {meant}")])


def _load_layer(path: Path, seen: tuple[Path, ...]) -> tuple[Layer, tuple[str, ...]]:
    document = read_sound(path)
    try:
        return _layer_of(document, path, (*seen, path.resolve()))
    except InputError as error:
        raise InputError([*document.faults, *error.faults]) from None


def _layer_of(document: Document, path: Path, seen: tuple[Path, ...]) -> tuple[Layer, tuple[str, ...]]:
    """Return a file's layer merged over what it extends, and notes; raise if there is nothing left to check."""
    if not isinstance(document.data, dict):
        expected = [Fault(document.place(()), "", "expected a map of keys and values")]
        raise InputError([] if document.data is UNREAD else expected)
    base, notes = Layer({}, {(): document.place(())}), tuple[str, ...]()
    if "extends" in document.data:
        base, notes = _load_layer(_base_file(document, path, seen), seen)
    elif "change" in document.data and not {"actors", "include"} & document.data.keys():
        message = (
            "there is nothing to change; write extends: baseline, or the name or path of another scenario, above it"
        )
        raise InputError([*document.faults, Fault(document.place(("change",)), "change", message)])
    base = _own(document, path, base)
    if "change" not in document.data:
        return base, notes
    changed, more = apply_edits(base, document, ("change",), _header_reasons(document)[0])
    return changed, (*notes, *more)


def _base_file(document: Document, path: Path, seen: tuple[Path, ...]) -> Path:
    place, text = document.place(("extends",)), document.data["extends"]
    if not isinstance(text, str):
        expected = [Fault(place, "extends", "expected the name or path of one scenario")]
        raise InputError([] if text is UNREAD else expected)
    base = find(text, path.parent, place)
    if not _exists(base):
        raise InputError([Fault(place, "extends", f"no such file: {base}")])
    if len(seen) > _MOST_EXTENDED:
        message = f"more than the {_MOST_EXTENDED} scenarios that may extend one another in a row"
        raise InputError([Fault(place, "extends", message)])
    if base.resolve() in seen:
        circle = " -> ".join(known.stem for known in (*seen, base))
        raise InputError([Fault(place, "extends", f"a scenario cannot extend itself: {circle}")])
    return base


def _own(document: Document, path: Path, base: Layer) -> Layer:
    """Return ``base`` merged with the file's own question, parts and included files."""
    reasons, faults = _header_reasons(document)
    base = merge(base, Layer({}, {}, [*document.faults, *faults]))
    for key, value in document.data.items():
        if key not in _KEYS:
            under = "a dotted path stands under change:, indented by two spaces"
            message = f"{key!r} is not a key here; {under if '.' in key else suggestion(key, _KEYS)}"
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
        base = merge(base, _included_layer(document, path.parent, part, where))
    return base


def _included_layer(document: Document, folder: Path, part: str, where: object) -> Layer:
    place = document.place(("include", part))
    if not isinstance(where, str):
        return _gap((part,), Fault(place, f"include.{part}", "expected the name of a file or folder"))
    target = folder / where
    if not _exists(target):
        return _gap((part,), Fault(place, f"include.{part}", f"no such file or folder: {target}"))
    layer = Layer({}, {(part,): place})
    if not target.is_dir():
        return merge(layer, _file(target, (part,)))
    files, others = _files_in(target)
    if not files:
        return _gap((part,), Fault(place, f"include.{part}", f"no .yaml or .yml file in the folder {target}"))
    for file in files:
        layer = merge(layer, _file(file, (part, composed(file.stem))))
    twice = [file for at, file in enumerate(files) if file.stem in {other.stem for other in files[:at]}]
    layer.faults.extend(Fault(Place(str(file), 1, 1), f"{part}.{file.stem}", _TWICE) for file in twice)
    return replace(layer, passed_over=tuple(map(str, others)))


def _files_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder that are read, and what else lies there: hidden files, backups, folders."""
    entries = list(folder.iterdir())
    note_folder(folder, entries)
    there = sorted(entries, key=lambda file: (file.stem, file.suffix))
    files = [file for file in there if file.suffix in _SUFFIXES and not file.name.startswith(".") and file.is_file()]
    return files, [file for file in there if file not in files]


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
    """Return a layer that marks the value at ``route`` as unreadable."""
    place = faults[0].place
    return Layer({route: Entry(UNREAD, Reasons(), place)}, {route: place}, list(faults))


def _header_reasons(document: Document) -> tuple[Reasons, list[Fault]]:
    given = {key: document.data[key] for key in vocabulary.REASON_KEYS if key in document.data}
    reasons, faults = reasons_of(document, given, (), (), Reasons(route=(), place=document.place(())))
    first = next(iter(given), None)
    return reasons._replace(place=document.place((first,))) if first else reasons, faults
