"""The engine names no state and no city: parties, places and words are a theatre's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import sim

SOURCES = [path for path in Path(sim.__file__).parent.rglob("*") if path.suffix in (".py", ".html", ".js")]
NAMES = (
    "Ukrain(e|ian)s?", "Russians?", "Russia", "Americans?", "America", "USA?", "UK", "United (States|Kingdom)",
    "Brit(ain|ish)",
    "France", "French", "German(y|s)?", "Polish", "Poland", "China", "Turk(ey|ish)", "Ital(y|ian)", "Spain", "Spanish",
    "Norway", "Sweden", "Denmark", "Finland", "Estonia", "Latvia", "Lithuania", "Netherlands", "Canada", "Slovakia",
    "Ireland", "Kazakhstan", "Bosnia", "Croatia", "Lebanon", "Israel", "Hezbollah", "Haiti", "Georgia", "Moldova",
    "Macedonia", "Sudan", "Darfur", "Burundi", "Zaire", "Egypt", "Sinai", "Syria", "Iraq", "Iran",
    "Ky[i]v", "Moscow", "Washington", "London", "Paris", "Berlin", "Brussels", "Ankara", "Beijing", "Warsaw", "Rome",
    "Minsk", "Donbas", "Crimea", "Kremlin", "Trump", "Zelensky+", "Putin", "Starmer", "Macron",
)  # fmt: skip
CLAIM = re.compile(r"`*\b\d{3}\.[\w.]+`*")
"""The id of a claim, which says who spoke: where a rule of the theory comes from."""


def named(names: Iterable[str]) -> list[str]:
    """Return the places at which sources have one of some words, the ids of claims left out."""
    word = re.compile(rf"(?<![\w.])({'|'.join(names)})(?!\w)")
    return [
        f"{path.name}:{number}: {match[0]}"
        for path in SOURCES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (match := word.search(CLAIM.sub("", line)))
    ]


def test_no_state_and_no_city_is_named() -> None:
    assert named(NAMES) == []


def test_no_actor_of_the_baseline_is_named() -> None:
    actors = (Path(sim.__file__).parents[1] / "configs" / "actors").glob("*.yaml")
    assert named(path.stem for path in actors if len(path.stem) > 2) == []
