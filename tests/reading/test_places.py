"""Tests of reading YAML: where every value stands, and that hostile text ends in faults with a place, never in harm.

The places of a document are compared with those that its writer noted when it wrote the text.
"""

from __future__ import annotations

import copy
import pickle
import time
from itertools import count, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.reading import Document, Fault, InputError, Place, parse_yaml, read_sound, read_yaml
from sim.reading.files import UNREAD

FRESH = count()
KEYS = ["a", "b", "low", "assumption", "alba->borea/troop_example", "key with spaces", "ключ", "x.y"]
SCALARS: list[tuple[str, Any]] = [
    ("1", 1), ("-3", -3), ("0.25", 0.25), ("1e3", 1000.0), ("60%", "60%"), ("open", "open"), ("true", True),
    ("null", None), ("~", None), ("yes", "yes"), ("no", "no"), ("'it''s'", "it's"), ('"a: b # c"', "a: b # c"),
    ("2025-03-03", "2025-03-03"), ('"\\u00e9\\n"', "é\n"), ("0", 0), ("012", 12), (".5", 0.5), ("Kyiv", "Kyiv"),
]  # fmt: skip


class Writer:
    """Writes a random document by hand, and notes value and place of all that it writes."""

    def __init__(self, seed: int) -> None:
        self.random, self.text = Random(seed), ""
        self.places: dict[tuple[str, ...], tuple[int, int]] = {}

    def here(self) -> tuple[int, int]:
        """Return line and column of what is written next, from 1."""
        return self.text.count("\n") + 1, len(self.text.rpartition("\n")[2]) + 1

    def document(self) -> Any:
        self.text = self.random.choice(["", "# a remark: 1\n", "---\n", "\n\n"])
        keys = self.random.sample(KEYS, self.random.randint(1, 4))
        self.places[()] = self.here()
        return {key: self.entry(key, (key,), 0) for key in keys}

    def entry(self, key: str, route: tuple[str, ...], indent: int) -> Any:
        self.text += f"{' ' * indent}{key}:"
        if indent < 6 and self.random.random() < 0.35:
            return self.block(route, indent)
        self.text += " " * self.random.randint(1, 3)
        value = self.flow(route, 2) if self.random.random() < 0.35 else self.scalar(route)
        self.text += self.random.choice(["\n", "  # why\n", "\n\n", "\n# between\n"])
        return value

    def block(self, route: tuple[str, ...], indent: int) -> Any:
        self.text += "\n"
        inner = indent + self.random.randint(1, 3)
        if self.random.random() < 0.3:
            self.places[route] = (self.here()[0], inner + 1)
            return [self.item((*route, str(at)), inner) for at in range(self.random.randint(1, 3))]
        self.places[route] = (self.here()[0], inner + 1)
        keys = self.random.sample(KEYS, self.random.randint(1, 3))
        return {key: self.entry(key, (*route, key), inner) for key in keys}

    def item(self, route: tuple[str, ...], indent: int) -> Any:
        self.text += f"{' ' * indent}- "
        value = self.scalar(route)
        self.text += "\n"
        return value

    def flow(self, route: tuple[str, ...], depth: int) -> Any:
        self.places[route] = self.here()
        if self.random.random() < 0.5:
            self.text += "["
            items = []
            for at in range(self.random.randint(0, 3)):
                self.text += ", " if at else ""
                items.append(self.inside((*route, str(at)), depth))
            self.text += "]"
            return items
        self.text += "{"
        members = {}
        for at, key in enumerate(self.random.sample(KEYS[:4], self.random.randint(0, 3))):
            self.text += f"{', ' if at else ''}{key}: "
            members[key] = self.inside((*route, key), depth)
        self.text += "}"
        return members

    def inside(self, route: tuple[str, ...], depth: int) -> Any:
        return self.flow(route, depth - 1) if depth and self.random.random() < 0.3 else self.scalar(route)

    def scalar(self, route: tuple[str, ...]) -> Any:
        self.places[route] = self.here()
        text, value = self.random.choice(SCALARS)
        self.text += text
        return value


# --- places ----------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_every_value_is_read_as_it_was_written_and_stands_where_it_was_written(seed: int) -> None:
    writer = Writer(seed)
    value = writer.document()
    document = parse_yaml(writer.text, "made.yaml")
    assert repr(document.data) == repr(value)
    assert {route: (place.line, place.column) for route, place in document.places.items()} == writer.places
    assert {place.file for place in document.places.values()} == {"made.yaml"}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_what_is_not_in_a_document_has_the_place_of_the_nearest_value_around_it(seed: int) -> None:
    writer = Writer(seed)
    writer.document()
    document = parse_yaml(writer.text, "made.yaml")
    for route, place in document.places.items():
        assert document.place((*route, "nowhere", "at all")) == place


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_file_is_read_the_same_with_any_ends_of_lines_and_a_mark_of_byte_order(
    tmp_path: Path, seed: int, end: str, marked: bool
) -> None:
    writer = Writer(seed)
    value = writer.document()
    path = tmp_path / f"{next(FRESH)}.yaml"
    path.write_bytes(writer.text.replace("\n", end).encode("utf-8-sig" if marked else "utf-8"))
    document = read_yaml(path)
    assert repr(document.data) == repr(value)
    assert {route: place.line for route, place in document.places.items()} == {
        route: line for route, (line, _) in writer.places.items()
    }


def test_a_key_that_stands_twice_is_told_at_the_second_wherever_it_stands() -> None:
    for seed in range(30):
        writer = Writer(seed)
        value = writer.document()
        key = next(iter(value))
        text = f"{writer.text}{key}: again\n"
        with pytest.raises(InputError) as refused:
            parse_yaml(text, "made.yaml")
        (fault,) = refused.value.faults
        assert (fault.place, fault.path) == (Place("made.yaml", text.count("\n"), 1), key)


# --- hostile text ----------------------------------------------------------------------------------------------------

HOSTILE = {
    "an object of Python": "a: !!python/object/apply:os.system ['touch harmed']\n",
    "a name of Python": "a: !!python/name:os.system\n",
    "a module of Python": "!!python/module:os\n",
    "a tag of one's own": "a: !include /etc/passwd\n",
    "binary": "a: !!binary aGVsbG8=\n",
    "a set": "a: !!set {b, c}\n",
    "an anchor that holds itself": "a: &x [*x]\n",
    "an anchor that is not there": "a: *nowhere\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "a map as a key": "{a: 1}: 2\n",
    "a list as a key": "? [a, b]\n: 2\n",
    "a number too large": f"a: 1{'0' * 400}\n",
    "a float too large": "a: 1e999\n",
    "no number": "a: .nan\n",
    "a number in base two": "a: 0b11\n",
    "a number in base sixteen": "a: 0x1F\n",
    "no byte": "a: \x00\n",
    "a bell": "a: \x07\n",
    "half a quote": 'a: "b\n',
    "half a list": "a: [1, 2\n",
    "a tab for indentation": "a:\n\tb: 1\n",
    "only a remark": "# nothing\n",
    "nothing": "",
    "an end at once": "...\n",
    "a directive": "%YAML 9.9\n---\na: 1\n",
    "a directive of tags": "%TAG ! tag:yaml.org,2002:python/\n---\na: !object:os.x 1\n",
    "a bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefgh")),
    "very deep": "a: " + "[" * 5_000 + "]" * 5_000 + "\n",
    "very deep maps": "".join(f"{' ' * at}a:\n" for at in range(300)),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_is_refused_with_a_place_in_it_and_does_nothing(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    with pytest.raises(InputError) as refused:
        parse_yaml(HOSTILE[what], "bad.yaml")
    assert time.monotonic() - began < 5.0
    assert refused.value.faults
    for fault in refused.value.faults:
        assert fault.place.file == "bad.yaml"
        assert 1 <= fault.place.line <= HOSTILE[what].count("\n") + 1
        assert fault.place.column >= 1
        assert fault.message
    for line in str(refused.value).splitlines():
        assert line.startswith("bad.yaml:")
        assert line.isprintable()
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet="ab:{}[]-&*!?|>'\"#%, \n\t0.\x00é", max_size=60))
@example("a: b: c")
@example("? - a\n  - b\n: 1")
@example("&a a: *a")
@example("- |\n a\n - b")
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        document = parse_yaml(text, "any.yaml")
    except InputError as error:
        for fault in error.faults:
            assert 1 <= fault.place.line <= text.count("\n") + 2  # the end of a text stands on a line of its own
            assert str(fault).startswith(f"any.yaml:{fault.place.line}:{fault.place.column}: ")
        return
    assert document.faults == ()
    assert set(map(type, flat(document.data))) <= {str, int, float, bool, type(None)}
    assert plain(document.data) == plain(yaml.load(text, Loader=yaml.CBaseLoader))


def flat(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [value] if inner is None else [leaf for each in inner for leaf in flat(each)]


def plain(value: Any) -> Any:
    """Return the shape of a document: its maps by key and lists in order, and nothing of what stands in them."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else "leaf"


@pytest.mark.parametrize("seed", range(10))
def test_what_is_sound_beside_a_mistake_is_read_as_if_the_mistake_were_not_there(seed: int, tmp_path: Path) -> None:
    writer = Writer(seed)
    value = writer.document()
    path = tmp_path / "half.yaml"
    path.write_text(f"{writer.text}wrong: !!python/name:os.system\nworse: .inf\n", encoding="utf-8")
    document = read_sound(path)
    assert repr({key: inner for key, inner in document.data.items() if inner is not UNREAD}) == repr(value)
    lines = writer.text.count("\n")
    assert [(fault.path, fault.place.line) for fault in document.faults] == [("wrong", lines + 1), ("worse", lines + 2)]
    with pytest.raises(InputError):
        read_yaml(path)


# --- faults ----------------------------------------------------------------------------------------------------------

FAULTS = st.builds(
    Fault, st.builds(Place, st.sampled_from(["a.yaml", "b.yaml"]), st.integers(0, 20), st.integers(1, 9)),
    st.sampled_from(["", "actors.alba", "rules"]), st.text(min_size=1, max_size=900),
)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(FAULTS, min_size=1, max_size=6))
def test_an_error_tells_every_fault_once_in_a_line_of_its_own_in_order_of_place(faults: list[Fault]) -> None:
    error = InputError([*faults, *faults])
    assert set(error.faults) == set(faults)
    places = [fault.place for fault in error.faults]
    assert places == sorted(places)
    lines = str(error).split("\n")
    assert len(lines) == len(set(faults))
    assert all(line.isprintable() and len(line) < 20_000 for line in lines)
    assert pickle.loads(pickle.dumps(error)).faults == copy.copy(error).faults == error.faults


@pytest.mark.parametrize("kind", [Document, Place, Fault])
def test_what_was_read_cannot_be_changed_by_name(kind: type) -> None:
    document = parse_yaml("a: 1\n", "x.yaml")
    there = {Document: document, Place: document.place(("a",)), Fault: Fault(document.place(()), "a", "odd")}[kind]
    with pytest.raises(AttributeError):
        there.file = "other"  # type: ignore[attr-defined]


@pytest.mark.parametrize("mark", ["\u0085", "\u2028", "\u2029"])
def test_a_mark_that_ends_a_line_in_no_editor_moves_no_place(mark: str) -> None:
    document = parse_yaml(f"a: one{mark}two\nb: 'three{mark}four'\nc: 5\n", "x")
    assert document.data == {"a": "one two", "b": "three four", "c": 5}
    assert [document.place((key,)) for key in "abc"] == [Place("x", 1, 4), Place("x", 2, 4), Place("x", 3, 4)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!!bool yes", "x:1:4: a: 'yes' is not true or false"),
        ("!!bool 'on'", "x:1:4: a: 'on' is not true or false"),
        ("!!null open", "x:1:4: a: 'open' is not null or ~"),
    ],
)
def test_a_tag_makes_no_other_value_of_a_word(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_yaml(f"a: {text}", "x")
    assert str(refused.value) == message
    assert parse_yaml("a: !!bool 'true'\nb: !!null ''\nc: !!null null\nd: !!bool FALSE", "x").data == {
        "a": True, "b": None, "c": None, "d": False
    }  # fmt: skip
