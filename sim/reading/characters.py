"""Deal with characters that look alike or show nothing: accents written in two ways, controls, other alphabets."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal, or turn the direction of the text around them."""
_JOINERS = "\u200c\u200d"
"""Characters without a width of their own that words of some languages, and emoji, are written with."""


def composed(text: str) -> str:
    r"""Return a text with each accented letter as one character: keyboards write it so, names of files on a Mac not.

    >>> composed("o\u0308sterreich") == "\u00f6sterreich"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def hidden(text: str) -> str:
    r"""Return the first character of a text that steers a terminal or turns text around, escaped; empty if none does.

    >>> hidden("Alba\x1b[31m"), hidden("Alba\nBorea")
    ('\\x1b', '')
    """
    match = _HIDDEN.search(text)
    return repr(match[0])[1:-1] if match else ""


def on_one_line(text: str) -> bool:
    r"""Return whether a text shows something, in one line.

    >>> on_one_line("Alba"), on_one_line(" "), on_one_line("Al\nba")
    (True, False, False)
    """
    return bool(text.strip()) and all(each.isprintable() or each in _JOINERS for each in text)


def is_key(text: str) -> bool:
    """Return whether a text may be a part of a dotted path: letters and digits of any alphabet, ``_`` and ``-``.

    >>> is_key("far_lands"), is_key("2nd-state"), is_key("a.b"), is_key("my land")
    (True, True, False, False)
    """
    return f"_{text}".replace("-", "_").isidentifier()


def bare(word: str) -> str:
    r"""Return a word without what people write differently: case, spaces, hyphens, quotation marks of a typesetter.

    >>> bare("Air-Cover"), bare("\u201cnone\u201d\u00a0")
    ('air_cover', 'none')
    """
    plain = re.sub(r"[\u200b-\u200d\u2018-\u201f\ufeff\u00ab\u00bb]", "", word)
    return re.sub(r"[\s_\u2010-\u2015-]+", "_", plain.strip().casefold())


def stranger(word: str, like: str) -> str:
    r"""Return which character of a word is of another alphabet than a word that looks like it; empty if none is.

    >>> stranger("alb\u0430", "alba")
    "its 'а' is CYRILLIC SMALL LETTER A"
    """
    if len(word) != len(like):
        return ""
    other = next((a for a, b in zip(word, like, strict=True) if a.casefold() != b.casefold()), "")
    return f"its {other!r} is {unicodedata.name(other, 'unnamed')}" if other and not other.isascii() else ""
