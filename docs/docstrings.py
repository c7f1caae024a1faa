"""Docstrings as Markdown: their formulas, ``.. math::``, and their roles, such as ``:func:``, for the docs site."""

from __future__ import annotations

import re
from typing import Any, Final

from griffe import Docstring, Extension, Object

MATH: Final = re.compile(r"^( *)\.\. math::\s*(\S.*(?:\n\1 +\S.*)*)", re.MULTILINE)
EXAMPLE: Final = re.compile(r"^( *)>>> .*(?:\n *\S.*)*", re.MULTILINE)
ROLE: Final = re.compile(r":[a-z]+:`~?([^`<]+)`")


class Markdown(Extension):
    """Rewrites every docstring before it is read."""

    def on_instance(self, *, obj: Object, **_: Any) -> None:
        """Rewrite the docstring of ``obj``."""
        if isinstance(obj.docstring, Docstring):
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    """Return ``text`` with formulas between dollars, roles as code, and examples that have no heading in fences."""
    text = MATH.sub(r"\1$$\n\1\2\n\1$$", text)
    told, heading, headed = ROLE.sub(r"`\1`", text).partition("\nExamples\n---")
    return EXAMPLE.sub(r"\1```pycon\n\g<0>\n\1```", told) + heading + headed
