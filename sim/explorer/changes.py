"""The changes that a page made to a scenario, as one value that can be undone, kept and written into an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from sim.scenario import levers
from sim.scenario.priors import Prior
from sim.scenario.scenario import Leaf, Scenario
from sim.words import label

NUMBER_PARTS = ("low", "likely", "high")
"""What a form asks of a number; a fixed number has ``likely`` alone."""
MOST_NUMBERS = 200
"""Numbers that a page may edit at once."""
_SHARE = "="


class Changes(NamedTuple):
    """Which scenario a page starts from (empty: the one that it was opened with), and what is changed in it.

    ``levers`` are (lever, step), ``numbers`` (path, text of the number, see :func:`written`), in the order of change.
    """

    start: str = ""
    levers: tuple[tuple[str, int], ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        """How many things are changed."""
        return len(self.levers) + len(self.numbers)

    def lever(self, name: str, step: int) -> Changes:
        """Return the changes with a lever at a step; 0 is where the config has it."""
        moved = {**dict(self.levers), name: step}
        return self._replace(levers=tuple((name, at) for name, at in moved.items() if at))

    def number(self, path: str, text: str) -> Changes:
        """Return the changes with a number edited; an empty text brings it back."""
        edited = {**dict(self.numbers), path: text}
        return self._replace(numbers=tuple((path, text) for path, text in edited.items() if text))


def apply(scenario: Scenario, changes: Changes) -> Scenario:
    """Return a scenario with levers moved, then numbers edited, and named after all changes.

    Raises
    ------
    InputError
        If the changes do not fit the scenario, or each other.
    ValueError
        If there is no such lever or step, or a number is none.
    """
    if not changes.size:
        return scenario
    edits = levers.edits(scenario, dict(changes.levers))
    edits += [({path: value(text)}, f"edited in the explorer: {path}") for path, text in changes.numbers]
    many = f"{changes.size} change{'s' * (changes.size > 1)}"
    return scenario.change_in_turn(edits).renamed(f"{scenario.name}, {many}")


def written(fields: Mapping[str, str]) -> str:
    """Return the entries of a form for a number as one short text: ``20%/30%/60%``, or ``open=40%,hesitant=60%``.

    Raises
    ------
    ValueError
        If the fields are no number: nothing, or one end of a range alone.

    >>> written({"low": "20%", "likely": "", "high": "60%"}), written({"likely": "3000"})
    ('20%/60%', '3000')
    """
    filled = {key: text.strip() for key, text in fields.items() if text.strip()}
    wrong = next((text for text in filled.values() if any(sign in text for sign in "/=,{}")), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not a number; write 0.4, 3000 or 40%")
    if not set(filled) <= set(NUMBER_PARTS):
        return ",".join(f"{word}{_SHARE}{text}" for word, text in filled.items())
    if set(filled) not in ({"likely"}, {"low", "high"}, set(NUMBER_PARTS)):
        raise ValueError("a number has likely alone, or low and high, or all three")
    return "/".join(filled[part] for part in NUMBER_PARTS if part in filled)


def value(text: str) -> Any:
    """Return a number as a config writes it, from its short text.

    >>> value("20%/60%"), value("open=40%,hesitant=60%"), value("3000")
    ({'low': '20%', 'high': '60%'}, {'open': '40%', 'hesitant': '60%'}, '3000')
    """
    if _SHARE in text:
        return dict(part.partition(_SHARE)[::2] for part in text.split(","))
    parts = text.split("/")
    if len(parts) not in (1, 2, 3):
        raise ValueError(f"{text[:60]!r} is not a number; it has one, two or three parts")
    names = {2: ("low", "high"), 3: NUMBER_PARTS}.get(len(parts))
    return dict(zip(names, parts, strict=True)) if names else parts[0]


def fields_of(prior: Prior) -> dict[str, str]:
    """Return what a form shows of a number: its parts, or the share of each word.

    >>> fields_of(Prior("triangular", (0.2, 0.3, 0.6)))
    {'low': '0.2', 'likely': '0.3', 'high': '0.6'}
    """
    if prior.words:
        return {word: f"{100 * share:.6g}%" for word, share in zip(prior.words, prior.numbers, strict=True)}
    names = {1: ("likely",), 2: ("low", "high"), 3: NUMBER_PARTS}[len(prior.numbers)]
    shown = dict(zip(names, (f"{number:.10g}" for number in prior.numbers), strict=True))
    return {part: shown.get(part, "") for part in NUMBER_PARTS}


def words(scenario: Scenario, path: str, text: str) -> str:
    """Return an edited number in one line: its path in words, and its value."""
    return f"{title(scenario, path)}: {text.replace('/', ' to ').replace('=', ' ').replace(',', ', ')}"


def title(scenario: Scenario, path: str) -> str:
    """Return the words of a number's path, an actor or an edge first."""
    kind, *rest = path.split(".")
    if kind == "actors":
        return f"{scenario.parts.actors[rest[0]].name}: {' '.join(map(label, rest[1:]))}"
    return " ".join(map(label, (kind, *rest)))


def leaf(scenario: Scenario, path: object) -> Leaf:
    """Return the number of a scenario at a path.

    Raises
    ------
    ValueError
        If there is no such number.
    """
    if not isinstance(path, str) or path not in scenario.leaves:
        raise ValueError(f"{str(path)[:80]!r} is not a number of {scenario.name}")
    return scenario.leaves[path]


# --- as part of an address ---

_LEVER, _NUMBER = "lever.", "set."


def in_address(changes: Changes) -> str:
    """Return changes as the query of an address; :func:`from_address` reads it.

    >>> in_address(Changes("", (("us_backstop", 4),), (("actors.uk.stance", "open=100%"),)))
    'lever.us_backstop=4&set.actors.uk.stance=open%3D100%25'
    """
    pairs = [("start", changes.start)] if changes.start else []
    pairs += [(f"{_LEVER}{name}", str(step)) for name, step in changes.levers]
    pairs += [(f"{_NUMBER}{path}", text) for path, text in changes.numbers]
    return urlencode(pairs)


def from_address(text: str) -> tuple[Changes, dict[str, list[str]]]:
    """Return the changes that an address tells, and what else it tells, {key: values}.

    Raises
    ------
    ValueError
        If a step is no number, or there are too many entries.
    """
    changes, rest = Changes(), dict[str, list[str]]()
    for key, entry in parse_qsl(text, max_num_fields=2 * MOST_NUMBERS):
        if key == "start":
            changes = changes._replace(start=entry)
        elif key.startswith(_LEVER):
            if not (entry.isascii() and entry.isdigit() and len(entry) < 4):
                raise ValueError(f"{key}: {entry[:20]!r} is not a step")
            changes = changes.lever(key.removeprefix(_LEVER), int(entry))
        elif key.startswith(_NUMBER):
            changes = changes.number(key.removeprefix(_NUMBER), entry)
        else:
            rest.setdefault(key, []).append(entry)
    return changes, rest
