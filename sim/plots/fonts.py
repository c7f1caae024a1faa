"""Characters in the names of scenarios and actors: a font that has them is added, or a note says which are missing.

matplotlib's own font has Latin, Greek and Cyrillic, but neither Chinese nor Arabic, and draws a box for each letter
that it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.text import Text

PREFERRED = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
    "WenQuanYi Zen Hei", "SimHei", "Noto Sans", "DejaVu Sans", "Arial Unicode MS",
)  # fmt: skip
"""Fonts asked first, before all others that are installed."""
UNKNOWN = "▯"
"""What stands for a letter that no font has."""
_INVISIBLE = frozenset("\n\t\r\u200b\u200c\u200d\ufeff")


def fit(texts: Iterable[Text]) -> str:
    """Give every text the fonts that its letters need, and return a note on letters that no font has, or ""."""
    lacking: dict[str, None] = {}
    for text in texts:
        lacking |= dict.fromkeys(_fit(text))
    if not lacking:
        return ""
    return (
        f"{UNKNOWN} stands for letters that no font installed here has ({len(lacking)} of them); "
        "Noto Sans CJK or Noto Sans has most."
    )


def _fit(text: Text) -> list[str]:
    """Give one text its fonts, and return the letters that none has, each now replaced by :data:`UNKNOWN`."""
    missing = _missing(text.get_text(), _families(text))
    more = _fonts_for(missing) if missing else ()
    if more:
        text.set_fontfamily([*_families(text), *more])
        missing = _missing(text.get_text(), _families(text))
    text.set_text(shown(text.get_text(), text))
    return list(missing)


def shown(words: str, text: Text) -> str:
    """Return words with :data:`UNKNOWN` for each letter that the fonts of a text lack."""
    missing = _missing(words, _families(text))
    return "".join(UNKNOWN if letter in missing else letter for letter in words) if missing else words


def _families(text: Text) -> tuple[str, ...]:
    return tuple(text.get_fontproperties().get_family())


@lru_cache(maxsize=512)
def _missing(words: str, families: tuple[str, ...]) -> str:
    """Return the letters of a text that none of these font families has."""
    wanted = set(words) - _INVISIBLE
    if max(map(ord, wanted), default=0) < 0x250 and "DejaVu Sans" in _resolved(families):
        return ""
    for family in families:
        named = _letters_of(family)
        wanted -= named or _letters(fontManager.findfont(FontProperties(family=[family])))
    return "".join(sorted(wanted))


def _resolved(families: Sequence[str]) -> set[str]:
    return {get_font(fontManager.findfont(FontProperties(family=[family]))).family_name for family in families}


@lru_cache(maxsize=64)
def _fonts_for(letters: str) -> tuple[str, ...]:
    """Return the names of installed fonts that together have as many of these letters as can be had."""
    names = dict.fromkeys((*PREFERRED, *sorted(entry.name for entry in fontManager.ttflist)))
    wanted, chosen = set(letters), list[str]()
    for name in names:
        here = wanted & _letters_of(name)
        if here:
            chosen, wanted = [*chosen, name], wanted - here
        if not wanted:
            break
    return tuple(chosen)


@lru_cache(maxsize=1024)
def _letters_of(name: str) -> frozenset[str]:
    """Return the letters of an installed font; none if there is no such font."""
    files = [entry.fname for entry in fontManager.ttflist if entry.name == name]
    return _letters(files[0]) if files else frozenset()


@lru_cache(maxsize=1024)
def _letters(file: str) -> frozenset[str]:
    try:
        return frozenset(map(chr, get_font(file).get_charmap()))
    except (OSError, RuntimeError, ValueError):  # a font that cannot be read has no letters for us
        return frozenset()
