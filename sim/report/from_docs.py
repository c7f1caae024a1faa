"""The paragraphs of the docs that a report prints: what the model imposes, and its limits."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from sim.reading.files import shipped_folder

IMPOSED, LIMITS = ("model.md", "Imposed and emergent"), ("limits.md", "Limits")
"""Pages with the headings under which to read; ``setup.py`` puts these pages into an installed package."""
_PARAGRAPH = re.compile(r"\*\*(.+?)\.?\*\* (.+)", re.DOTALL)


class Paragraph(NamedTuple):
    """A paragraph of the docs: what it is about, and what it says."""

    about: str
    text: str


def imposed() -> list[Paragraph]:
    """Return what ``docs/model.md`` says under "Imposed and emergent", a paragraph each, as plain text.

    Raises
    ------
    ValueError
        If the page is not at hand or has no such section.
    """
    return _read(*IMPOSED)


def limits() -> list[Paragraph]:
    """Return the paragraphs of ``docs/limits.md``, as plain text: what the probabilities mean and do not mean.

    Raises
    ------
    ValueError
        If the page is not at hand or has no such section.
    """
    return _read(*LIMITS)


def section(page: str, heading: str) -> list[Paragraph]:
    r"""Return the paragraphs under a heading that begin with words in bold, as plain text.

    >>> section("## A\n\n**One.** It is `so`.\n\n## B\n", "A")
    [Paragraph(about='One', text='It is so.')]
    """
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    paragraphs = match[1].split("\n\n") if match else []
    matches = (_PARAGRAPH.fullmatch(paragraph.strip()) for paragraph in paragraphs)
    entries = [Paragraph(*map(_plain, match.groups())) for match in matches if match]
    if not entries:
        raise ValueError(f"the page has no section “{heading}”")
    return entries


def _read(name: str, heading: str) -> list[Paragraph]:
    page = shipped_folder("docs") / name
    if not page.is_file():
        raise ValueError(f"docs/{name} is not at hand, which says it under “{heading}”")
    return section(page.read_text("utf-8"), heading)


def _plain(text: str) -> str:
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text).replace("`", "").replace("**", "")
    text = re.sub(r"\$(.+?)\$", lambda math: re.sub(r"\\([a-z]+)", _greek, math[1]), text)
    return " ".join(text.split())


def _greek(letter: re.Match[str]) -> str:
    return unicodedata.lookup(f"GREEK SMALL LETTER {letter[1].upper()}")
