"""Tests of layers: what is a leaf, whose reasons hold for it, and what merging replaces."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.reading.errors import Place
from sim.reading.files import UNREAD, parse_yaml
from sim.scenario.layers import Entry, Layer, Reasons, as_tree, flatten, is_leaf, keys_below, merge, unknown_name

ROUTE = ("actors", "germany", "stance")
keys = st.sampled_from("abcdef")
trees = st.recursive(
    st.integers(0, 9), lambda inner: st.dictionaries(keys, inner, min_size=1, max_size=3), max_leaves=9
)
maps = st.dictionaries(keys, trees, min_size=1, max_size=4)


def layer(text: str, name: str = "file.yaml") -> Layer:
    document = parse_yaml(text, name)
    return flatten(document, document.data, (), (), Reasons())


def layer_of(tree: dict[str, Any]) -> Layer:
    from sim.reading.errors import Place
    from sim.reading.files import Document

    document = Document(tree, {(): Place("tree.yaml", 1, 1)})
    return flatten(document, tree, (), (), Reasons())


def overlaid(base: Any, new: Any) -> Any:
    """Return what merging means: maps merge, all else is replaced."""
    if not (isinstance(base, dict) and isinstance(new, dict)):
        return new
    return {**base, **{key: overlaid(base.get(key), value) for key, value in new.items()}}


@pytest.mark.parametrize(
    "value",
    [
        3,
        "60%",
        "open",
        None,
        [1, 2],
        {"low": 1, "high": 2},
        {"likely": 1, "assumption": "why"},
        {"hesitant": "60%", "open": 0.4},
    ],
)
def test_a_number_a_word_a_choice_and_a_list_are_leaves(value: Any) -> None:
    assert is_leaf(ROUTE, value)


@pytest.mark.parametrize(
    "value", [{}, {"stance": 1}, {"assumption": "why"}, {"open": "yes"}, {"hesistant": "60%", "open": "40%"}]
)
def test_a_map_of_other_things_is_no_leaf(value: Any) -> None:
    assert not is_leaf(ROUTE, value)


def test_a_map_of_words_under_the_scales_is_no_choice() -> None:
    assert not is_leaf(("scales", "stance"), {"open": 0.65, "hesitant": -0.15})


def test_a_file_becomes_a_flat_table_with_places() -> None:
    flat = layer("a:\n  b: {low: 1, high: 2}\n  c: [x, y]\nd: 3\n")
    assert {route: entry.value for route, entry in flat.entries.items()} == {
        ("a", "b"): {"low": 1, "high": 2},
        ("a", "c"): ["x", "y"],
        ("d",): 3,
    }
    assert [(route, place.line) for route, place in flat.places.items()] == [
        ((), 1),
        (("a",), 2),
        (("a", "b"), 2),
        (("a", "c"), 3),
        (("d",), 4),
    ]


def test_reasons_of_a_map_hold_for_leaves_that_bring_none() -> None:
    entries = layer(
        "a:\n  because: [900.x.y]\n  assumption: outer\n  b: 1\n"
        "  c: {likely: 2, assumption: inner}\n  d: {e: 3, see: [900.z.z]}\n"
    ).entries
    assert entries["a", "b"].reasons[:2] == (("900.x.y",), "outer")
    assert entries["a", "c"].reasons[:2] == ((), "inner")
    assert entries["a", "d", "e"].reasons[:3] == ((), None, ("900.z.z",))


def test_reasons_know_where_they_stand() -> None:
    reasons = layer("a:\n  b:\n    assumption: here\n    c: 1\n").entries["a", "b", "c"].reasons
    assert (reasons.route, reasons.place.line) == (("a", "b"), 3)


def test_a_claim_or_an_assumption_is_a_reason_and_a_pointer_is_not() -> None:
    assert Reasons(because=("900.x.y",)).given
    assert Reasons(assumption="why").given
    assert not Reasons(see=("900.x.y",), against=("900.x.z",)).given


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a:\n  assumption: 3\n  b: 1\n", 2, "expected a sentence"),
        ("a:\n  assumption: ' '\n  b: 1\n", 2, "expected a sentence"),
        ("a:\n  because: 900.x.y\n  b: 1\n", 2, "expected a list of claims"),
        ("a:\n  b: 1\n  against: [1]\n", 3, "expected a list of claims"),
        ("a:\n  b: 1\n  see: {x: y}\n", 3, "expected a list of claims"),
    ],
)
def test_reasons_that_are_none_are_refused_at_their_line(text: str, line: int, message: str) -> None:
    (fault,) = layer(text).faults
    assert message in fault.message
    assert fault.place.line == line


def test_a_leaf_is_replaced_whole_with_its_reasons() -> None:
    merged = merge(
        layer("a: {low: 1, likely: 2, high: 3, because: [900.x.y]}\nb: 1\n"), layer("a: {low: 0, high: 9}\n")
    )
    assert merged.entries["a",].value == {"low": 0, "high": 9}
    assert not merged.entries["a",].reasons.given
    assert merged.entries["b",].value == 1


def test_a_map_takes_the_place_of_a_leaf_and_a_leaf_that_of_a_map() -> None:
    need = layer("need: {at_least: tolerates, firmness: 1}\n")
    gone = merge(need, layer("need: none\n"))
    assert as_tree(gone) == {"need": "none"}
    assert as_tree(merge(gone, need)) == {"need": {"at_least": "tolerates", "firmness": 1}}


def test_null_removes_what_stands_there_and_all_below() -> None:
    assert as_tree(merge(layer("a: {b: 1, c: {d: 2}}\ne: 3\n"), layer("a: null\n"))) == {"e": 3}


def test_null_for_what_is_not_there_is_refused() -> None:
    merged = merge(layer("a: 1\n"), layer("b: null\n", "new.yaml"))
    assert [str(fault) for fault in merged.faults] == ["new.yaml:1:4: b: there is nothing here to remove"]


def test_what_could_not_be_read_remains_so_whatever_is_changed_inside_it() -> None:
    route = ("actors", "alba")
    gap = Layer({route: Entry(UNREAD, Reasons(), Place("alba.yaml", 1, 1))}, {})
    assert as_tree(merge(gap, layer("actors: {alba: {credence: 1}, borea: {credence: 1}}\n"))) == {
        "actors": {"alba": UNREAD, "borea": {"credence": 1}}
    }
    assert unknown_name(gap, (*route, "credence")) is None


@given(maps, maps)
def test_maps_merge_and_all_else_is_replaced(base: dict[str, Any], new: dict[str, Any]) -> None:
    assert as_tree(merge(layer_of(base), layer_of(new))) == overlaid(base, new)


@given(maps)
def test_merging_something_with_itself_or_with_nothing_changes_nothing(tree: dict[str, Any]) -> None:
    there = layer_of(tree)
    assert (
        as_tree(merge(there, there))
        == as_tree(merge(there, Layer({}, {})))
        == as_tree(merge(Layer({}, {}), there))
        == tree
    )


def test_keys_below_a_route_are_reported_once() -> None:
    assert list(keys_below(layer("a: {b: {x: 1, y: 2}, c: 3}\nd: 4\n"), ("a",))) == ["b", "c"]


def test_a_change_below_something_unknown_is_reported_with_the_nearest_name() -> None:
    known = layer("actors: {germany: {stance: open}}\n")
    assert "did you mean 'germany'?" in str(unknown_name(known, ("actors", "germny", "stance")))
    assert unknown_name(known, ("actors", "germany", "stance")) is None
    assert unknown_name(known, ("actors", "atlantis")) is None
    assert unknown_name(known, ("rules", "pledge", "move")) is None


def test_a_key_of_a_scenario_is_no_mistake_where_an_actor_or_an_event_is_called_like_it() -> None:
    known = layer(
        "start: 2025-03-03\nactors: {missions: {stance: open}}\nevents: {start: {week: 3}, strike: {week: 4}}\n"
    )
    assert unknown_name(known, ("start",)) is unknown_name(known, ("missions", "watch")) is None
    assert "did you mean events.strike.week?" in str(unknown_name(known, ("strike", "week")))
