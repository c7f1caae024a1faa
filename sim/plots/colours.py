"""Colours of plots by the role that they play, as they stand out from the reader's own background.

The hues are distinct under the common forms of colour blindness (Okabe and Ito 2008), darkened where they would stand
out less than 3:1 from white (WCAG 2.2, success criterion 1.4.11); on another background they are darkened or lightened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex, to_rgb

Palette = str | Sequence[str] | Mapping[str, str]
"""The name of a colormap, colours in their order, or colours by role."""

HUES = {
    "blue": "#0072B2",
    "sky": "#56B4E9",
    "orange": "#E69F00",
    "red": "#D55E00",
    "green": "#009E73",
    "grey": "#808080",
}
ROLES = (*HUES, "dark", "pale", "paper")
"""Roles of colours: hues, what is written or outlined, what lies in the background, and the background itself."""
SERIES = ("blue", "orange", "green", "red", "sky", "grey")
"""The order in which things of one kind take their colours."""
LEAST = 3.0
"""Contrast with the background, at least."""
_SIGNS = frozenset(("red", "grey", "green"))
"""Hues with a meaning, such as less likely or not shown: a style's own cycle does not replace them."""
_NONE: Mapping[str, str] = MappingProxyType({})
_MAP: ContextVar[str] = ContextVar("map", default="")
_CHOSEN: ContextVar[Mapping[str, str]] = ContextVar("chosen", default=_NONE)


@contextmanager
def painted(color: str | None, palette: Palette | None) -> Iterator[None]:
    """Draw with a reader's colours: one for the first thing, or a palette."""
    token, of_map = _CHOSEN.set(_by_role(color, palette)), _MAP.set(palette if isinstance(palette, str) else "")
    try:
        yield
    finally:
        _CHOSEN.reset(token)
        _MAP.reset(of_map)


def colormap(usual: str) -> str:
    """Return the colormap that a reader chose as the palette, or the usual one."""
    return _MAP.get() or usual


def _by_role(color: str | None, palette: Palette | None) -> dict[str, str]:
    if palette is None:
        by_role: dict[str, str] = {}
    elif isinstance(palette, Mapping):
        unknown = sorted(set(palette) - set(ROLES))
        if unknown:
            raise ValueError(f"palette: {unknown[0]!r} is no role; allowed: {', '.join(ROLES)}")
        by_role = {role: to_hex(colour) for role, colour in palette.items()}
    else:
        by_role = dict(zip(SERIES, _listed(palette), strict=False))
    return by_role | ({} if color is None else {"blue": to_hex(color)})


def _listed(palette: str | Sequence[str]) -> list[str]:
    """Return the colours of a colormap, or of a list."""
    if not isinstance(palette, str):
        return [to_hex(colour) for colour in palette]
    if palette not in mpl.colormaps:
        raise ValueError(f"palette: {palette!r} is no colormap of matplotlib, such as tab10, Dark2 or viridis")
    colours = mpl.colormaps[palette]
    places = range(len(SERIES)) if colours.N <= 20 else np.linspace(0.05, 0.85, len(SERIES))
    return [to_hex(colours(place)) for place in places]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 to 1, as WCAG 2.2 defines it."""
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in map(float, to_rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it.

    >>> round(contrast("black", "white"), 1)
    21.0
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=256)
def legible(colour: str, paper: str, least: float = LEAST) -> str:
    """Return a colour, moved as little as needed towards black or white to stand out from ``paper``."""
    end = np.array(to_rgb("black" if contrast("black", paper) > contrast("white", paper) else "white"))
    start = np.array(to_rgb(colour))
    for part in np.linspace(0.0, 1.0, 41):
        moved = to_hex(tuple(start + part * (end - start)))
        if contrast(moved, paper) >= least:
            return moved
    return to_hex(tuple(end))


def mixed(colour: str, paper: str, part: float) -> str:
    """Return ``part`` of a colour laid over a background."""
    return to_hex(tuple(part * np.array(to_rgb(colour)) + (1 - part) * np.array(to_rgb(paper))))


def on(colour: str) -> str:
    """Return black or white, whichever is more legible on a colour."""
    return "black" if contrast("black", colour) >= contrast("white", colour) else "white"


class _Ink:
    """Colours by role, for the style and the palette that hold while they are asked for."""

    @property
    def paper(self) -> str:
        """The background of the axes."""
        chosen = _CHOSEN.get().get("paper")
        face = mpl.rcParams["axes.facecolor"]
        return chosen or to_hex("white" if face == "none" else face)

    @property
    def text(self) -> str:
        """Letters outside the axes."""
        return to_hex(mpl.rcParams["text.color"])

    @property
    def dark(self) -> str:
        """Letters, whiskers and outlines on the background."""
        return _CHOSEN.get().get("dark") or legible(mixed(self.text, self.paper, 0.85), self.paper, 7.0)

    @property
    def pale(self) -> str:
        """What lies behind the data."""
        return _CHOSEN.get().get("pale") or mixed(self.blue, self.paper, 0.25)

    @property
    def blue(self) -> str:
        """The first of several, or more of something."""
        return self._hue("blue")

    @property
    def sky(self) -> str:
        """Of the same kind as the first, and lesser."""
        return self._hue("sky")

    @property
    def orange(self) -> str:
        """The second of several."""
        return self._hue("orange")

    @property
    def red(self) -> str:
        """Less of something."""
        return self._hue("red")

    @property
    def green(self) -> str:
        """The third of several."""
        return self._hue("green")

    @property
    def grey(self) -> str:
        """What is not shown to differ, or for comparison."""
        return self._hue("grey")

    def role(self, name: str) -> str:
        """Return the colour of a role of :data:`ROLES`."""
        colour: str = getattr(self, name)
        return colour

    def series(self, count: int) -> list[str]:
        """Return colours for a number of things of one kind; they repeat where they run out."""
        cycle = _own_cycle()
        chosen = [_CHOSEN.get().get(role) for role in SERIES]
        colours = cycle if cycle and not any(chosen) else [self._hue(role) for role in SERIES]
        return [colours[at % len(colours)] for at in range(count)]

    def _hue(self, role: str) -> str:
        chosen = _CHOSEN.get().get(role)
        if chosen:
            return chosen
        cycle = _own_cycle()
        if cycle and role not in _SIGNS:
            return cycle[("blue", "sky", "orange").index(role) % len(cycle)]
        return legible(HUES[role], self.paper)


def _own_cycle() -> list[str]:
    """Return the colours of the reader's style; none where it is matplotlib's default."""
    cycle = mpl.rcParams["axes.prop_cycle"]
    if cycle == mpl.rcParamsDefault["axes.prop_cycle"]:
        return []
    return [to_hex(colour) for colour in cycle.by_key().get("color", [])]


ink = _Ink()
"""The colours to draw with."""
STAGES = ("#8C510A", "#BF8418", "#4A9CC9", "#0072B2")
"""From opposed to pledged: brown to blue."""
