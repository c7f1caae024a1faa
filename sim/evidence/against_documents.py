"""Compare the evidence with the original documents. These are not shipped; a user who has them can run the check."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from sim.evidence.claims import Claim, Evidence, SourceDocument
from sim.evidence.literature import Literature
from sim.reading.errors import Fault, Place, Route, fault

COPIED_WORDS: Final = 6
"""This many consecutive words shared with a document count as copied."""


class DocumentsMissing(ValueError):
    """The folder lacks an original document, or there is no such folder."""


def check(evidence: Evidence, folder: Path) -> list[Fault]:
    """Return a fault wherever the evidence departs from the original documents in ``folder``.

    It checks the hash of each document; that each locator stands once in its paragraph, verbatim; that each paragraph
    has a claim or is listed as without one; and that no text is copied (see :func:`copied`).

    Raises
    ------
    DocumentsMissing
        If the folder or any document is missing.
    """
    _require_files(folder, evidence.documents.values())
    originals = {id: (folder / document.file).read_bytes() for id, document in evidence.documents.items()}
    texts = {id: original.decode("utf-8", "replace") for id, original in originals.items()}
    claims = evidence.by_document()
    faults = [*_copying_faults(evidence, texts)]
    for id, document in evidence.documents.items():
        digest = hashlib.sha256(originals[id]).hexdigest()
        if digest != document.sha256:
            faults.append(fault(document.place, ("documents", id, "sha256"), f"the file's hash is {digest}"))
        lines = paragraphs(texts[id])
        faults += _paragraph_faults(document, lines, claims[id])
        faults += [wrong for claim in claims[id] if (wrong := _locator_fault(claim, lines))]
    return sorted(faults)


def copied_records(literature: Literature, evidence: Evidence, folder: Path) -> list[Fault]:
    """Return a fault for each record of the literature that copies words from an original document in ``folder``.

    Raises
    ------
    DocumentsMissing
        If the folder or any document is missing.
    """
    _require_files(folder, evidence.documents.values())
    texts = {id: (folder / document.file).read_text("utf-8", "replace") for id, document in evidence.documents.items()}
    ours = [
        (record.place, ("records", record.id, key), str(getattr(record, key) or ""))
        for record in literature.records.values()
        for key in ("quantity", "value", "population", "how", "caveat")
    ]
    return sorted(_copies(ours, texts))


def paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a document; paragraph 1 is the first of them."""
    return [line for line in text.splitlines() if line.strip()]


def copied(ours: str, document: str) -> str:
    """Return the first six consecutive words that both texts share, case and punctuation aside, or "".

    >>> copied("He said the talks had gone on for weeks.", "Envoys: talks had gone on -- for weeks!")
    'talks had gone on for weeks'
    """
    theirs = _runs(document)
    return next((run for run in _runs(ours) if run in theirs), "")


def _require_files(folder: Path, documents: Iterable[SourceDocument]) -> None:
    if not folder.is_dir():
        raise DocumentsMissing(f"no such folder of documents: {folder}")
    missing = [document.file for document in documents if not (folder / document.file).is_file()]
    if missing:
        raise DocumentsMissing(f"documents missing in {folder}: {', '.join(missing)}")


def _paragraph_faults(document: SourceDocument, lines: list[str], claims: list[Claim]) -> list[Fault]:
    """Return a fault for each paragraph that is neither cited nor listed, and for each listed one beyond the last."""
    known = {claim.paragraph for claim in claims} | document.without_claim.keys()
    loose = [f"paragraph {n} has no claim and is not listed" for n in range(1, len(lines) + 1) if n not in known]
    beyond = [f"paragraph {n} is listed, but there are {len(lines)}" for n in document.without_claim if n > len(lines)]
    return [fault(document.place, ("documents", document.id), message) for message in (*loose, *beyond)]


def _locator_fault(claim: Claim, lines: list[str]) -> Fault | None:
    """Return a fault if a locator does not stand exactly once in its paragraph, else None."""
    if claim.paragraph > len(lines):
        message = f"{claim.paragraph} is beyond the last paragraph, {len(lines)}"
        return fault(claim.place, ("claims", claim.id, "paragraph"), message)
    count = lines[claim.paragraph - 1].count(claim.locator)
    message = f"{claim.locator!r} stands {count} times in paragraph {claim.paragraph}; it must stand there once"
    return None if count == 1 else fault(claim.place, ("claims", claim.id, "locator"), message)


def _copying_faults(evidence: Evidence, texts: Mapping[str, str]) -> Iterator[Fault]:
    ours = [(claim.place, ("claims", claim.id, "claim"), claim.text) for claim in evidence.claims.values()]
    for id, pattern in evidence.patterns.items():
        ours += [(pattern.place, ("patterns", id, "says"), pattern.says)]
        ours += [(pattern.place, ("patterns", id, "reading"), pattern.reading or "")]
    return _copies(ours, texts)


def _copies(ours: Iterable[tuple[Place, Route, str]], texts: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each text of ours, with its place and route, that shares words with a document."""
    for place, route, text in ours:
        for id, document in texts.items():
            if run := copied(text, document):
                yield fault(place, route, f"{run!r} is copied from document {id}; say it in other words")


@lru_cache(maxsize=64)
def _runs(text: str) -> dict[str, None]:
    """Return all runs of :data:`COPIED_WORDS` words, in order."""
    bare = re.sub(r"[^\w\s]", "", re.sub(r"[-\u2010-\u2015/]", " ", text.casefold())).split()
    return dict.fromkeys(" ".join(bare[i : i + COPIED_WORDS]) for i in range(len(bare) - COPIED_WORDS + 1))
