"""Bad input too large to keep: each is written down by what is repeated, and grown where a test asks for it."""

from collections.abc import Callable

_TINY = "extends: tiny.yaml\n"
_CHANGE = f"{_TINY}assumption: ours\nchange:\n"
_VALUE = f"{_CHANGE}  actors.alba.credence: "

CONFIGS: dict[str, tuple[str, Callable[[], str]]] = {
    "many_keys": (
        ": nested too deeply or too many values",
        lambda: _TINY + "".join(f"k{at}: 1\n" for at in range(25_000)),
    ),
    "many_changes": (
        ":5:3: change: more than the 1,000 changes allowed in one file",
        lambda: _CHANGE + "".join(f"  actors.alba.credense{at}: 1\n" for at in range(2_000)),
    ),
    "deep_flow": (
        ":5:63: nested too deeply or too many values; allowed: 40 levels",
        lambda: _VALUE + "[" * 100_000 + "\n",
    ),
    "deep_blocks": (":2:81: nested too deeply", lambda: "- " * 100_000 + "x\n"),
    "deep_maps": (":2:161: nested too deeply", lambda: "{a: " * 50_000 + "\n"),
    "huge_integer": ("change.actors.alba.credence: '1000000", lambda: f"{_VALUE}1{'0' * 5_000}\n"),
}
"""By name: what is expected to be told, and the text after its first line."""
POINTS: dict[str, tuple[str, Callable[[], str]]] = {
    "wide": (
        ":1:1: no table of points: the first line has over 100,000 bytes",
        lambda: "a," * 200_000 + "\n",
    ),
    "too_many": (
        "between 1 and 10,000 points of at least one path, got 20,000",
        lambda: "actors.germany.credence\n" + "0.3\n" * 20_000,
    ),
}
"""Designs of a sweep, likewise."""
