"""Load the evidence from its files, and report all their faults at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from sim.evidence.claims import Claim, ClaimsFile, DocumentsFile, Evidence, Pattern, PatternsFile, SourceDocument
from sim.reading.errors import Fault, InputError, Place, fault
from sim.reading.files import Document, read_yaml, shipped_folder
from sim.reading.pydantic_errors import Entry, faults_of

_Written = TypeVar("_Written", bound=Entry)


def seeds_home() -> Path:
    """Return the folder of the shipped evidence: inside an installed package, else beside it in a checkout."""
    return shipped_folder("seeds")


def load(seeds: Path | None = None, actors: Collection[str] | None = None) -> Evidence:
    """Return the evidence in the folder ``seeds`` (default: the shipped one), read anew only after an edit.

    Parameters
    ----------
    seeds
        A folder with ``documents.yaml``, ``claims/*.yaml`` and ``patterns.yaml``.
    actors
        The ids that claims may name; None: any.

    Raises
    ------
    InputError
        If any file has a fault; the error lists all faults of all files.
    """
    folder = seeds.resolve() if seeds else seeds_home()
    stamps = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.rglob("*.yaml")))
    return _load(folder, None if actors is None else frozenset(actors), stamps)


@lru_cache(maxsize=8)
def _load(folder: Path, actors: frozenset[str] | None, stamps: tuple[tuple[Path, int, int], ...]) -> Evidence:
    faults: list[Fault] = []
    documents_file = _file(folder / "documents.yaml", faults)
    patterns_file = _file(folder / "patterns.yaml", faults)
    files = [_file(path, faults) for path in sorted((folder / "claims").glob("*.yaml"))]
    ids = [id for file in files for id in _section(file, "claims")]
    context = {"document": list(_section(documents_file, "documents")), "claim": ids, "actor": actors}
    sources = _sound(documents_file, DocumentsFile, context, faults)
    patterns = _sound(patterns_file, PatternsFile, context, faults)
    claims = [_sound(file, ClaimsFile, context, faults) for file in files]
    faults += [wrong for file in files for wrong in (*_contradictions(file), *_rivals(file, files))]
    if faults:
        raise InputError(faults)
    listed = {entries.document: entries.without_claim for entries in claims}
    return Evidence(
        {
            id: SourceDocument(**dict(d), **_origin(documents_file, "documents", id), without_claim=listed.get(id, {}))
            for id, d in sources.documents.items()
        },
        {
            id: Claim(**dict(claim), **_origin(file, "claims", id), document=entries.document)
            for file, entries in zip(files, claims, strict=True)
            for id, claim in entries.claims.items()
        },
        {id: Pattern(**dict(p), **_origin(patterns_file, "patterns", id)) for id, p in patterns.patterns.items()},
    )


def _file(path: Path, faults: list[Fault]) -> Document:
    """Return a file; if it cannot be read, return an empty one and add its faults to ``faults``."""
    try:
        return read_yaml(path)
    except InputError as error:
        faults += error.faults
        return Document({}, {(): Place(str(path))})


def _sound(file: Document, model: type[_Written], context: dict[str, Any], faults: list[Fault]) -> _Written:
    """Return a file as a ``model``; if it has faults, add them to ``faults`` and return an empty model."""
    empty = cast(_Written, model.model_construct())
    if not file.place(()).line:
        return empty
    try:
        sound: _Written = model.model_validate(file.data, context=context)
    except ValidationError as error:
        faults += faults_of(error, file, model)
        return empty
    return sound


def _section(file: Document, key: str) -> dict[str, Any]:
    section = file.data.get(key) if isinstance(file.data, dict) else None
    return section if isinstance(section, dict) else {}


def _origin(file: Document, key: str, id: str) -> dict[str, Any]:
    return {"id": id, "place": file.place((key, id))}


def _contradictions(file: Document) -> Iterator[Fault]:
    """Yield a fault for each claim of another document, and for each that cites a paragraph listed as without one."""
    if not (claims := _section(file, "claims")):
        return
    document, listed = file.data.get("document"), _section(file, "without_claim")
    for id, claim in claims.items():
        if (prefix := id.partition(".")[0]) != document:
            message = f"the id begins with {prefix!r}, but the file's document is {document!r}"
            yield fault(file.place(("claims", id)), ("claims", id), message)
        if isinstance(claim, dict) and (paragraph := str(claim.get("paragraph"))) in listed:
            message = f"paragraph {paragraph} is listed as without a claim, yet {id} cites it"
            yield fault(file.place(("without_claim", paragraph)), ("without_claim", paragraph), message)


def _rivals(file: Document, files: list[Document]) -> Iterator[Fault]:
    """Yield a fault if two files hold claims of the same document."""
    name = file.data.get("document") if isinstance(file.data, dict) else None
    same = [other for other in files if name and isinstance(other.data, dict) and other.data.get("document") == name]
    if len(same) > 1:
        message = f"{len(same)} files hold claims of {name!r}; allowed: one"
        yield fault(file.place(("document",)), ("document",), message)
