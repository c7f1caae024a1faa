"""What was imposed rather than found: read from the docs, where it stands once."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from sim.reading import shipped

PAGE, HEADING = "model.md", "Imposed and emergent"
_PARAGRAPH = re.compile(r"\*\*(.+?)\.?\*\* (.+)", re.DOTALL)


class Said(NamedTuple):
    """A paragraph of the docs: what it is about, and what it says."""

    about: str
    text: str


def imposed() -> list[Said]:
    """Return what ``docs/model.md`` says under "Imposed and emergent", a paragraph each, as plain text.

    Raises
    ------
    ValueError
        If the page is not at hand, as in a package installed without the docs, or has no such section.
    """
    page = shipped("docs") / PAGE
    if not page.is_file():
        raise ValueError(f"docs/{PAGE} is not at hand; it lists what was imposed under “{HEADING}”")
    return section(page.read_text("utf-8"), HEADING)


def section(page: str, heading: str) -> list[Said]:
    r"""Return the paragraphs under a heading that begin with words in bold, as plain text.

    >>> section("## A\n\n**One.** It is `so`.\n\n## B\n", "A")
    [Said(about='One', text='It is so.')]
    """
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    paragraphs = found[1].split("\n\n") if found else []
    matches = (_PARAGRAPH.fullmatch(paragraph.strip()) for paragraph in paragraphs)
    told = [Said(*map(_plain, match.groups())) for match in matches if match]
    if not told:
        raise ValueError(f"no section “{heading}” in docs/{PAGE}")
    return told


def _plain(text: str) -> str:
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text).replace("`", "").replace("**", "")
    text = re.sub(r"\$(.+?)\$", lambda math: re.sub(r"\\([a-z]+)", _greek, math[1]), text)
    return " ".join(text.split())


def _greek(letter: re.Match[str]) -> str:
    return unicodedata.lookup(f"GREEK SMALL LETTER {letter[1].upper()}")
