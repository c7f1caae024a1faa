"""Tests of pydantic's errors in plain words, at their lines."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field, RootModel, StrictBool, TypeAdapter, ValidationError

from sim.reading.errors import Fault
from sim.reading.files import parse_yaml
from sim.reading.pydantic_errors import Entry, faults_of, word_of


class Spread(Entry):
    low: float
    high: float
    likely: float | None = None


class Shares(RootModel[dict[str, float]]):
    """Shares of words."""


class Need(Entry):
    at_least: Literal["refuses", "tolerates", "accepts"]
    firmness: float | Spread | Literal["high", "low"] = 0.5


class Actor(Entry):
    name: str
    roles: tuple[Literal["broker", "contributor"], ...] = ()
    stance: Annotated[str, AfterValidator(word_of(("opposed", "hesitant"), "a stance"))] = "opposed"
    troops: Annotated[int, Field(ge=0, le=100)] = 0
    european: bool = False
    armed: StrictBool = False
    code: Annotated[str, Field(pattern="^[a-z]{2}$")] = "xx"
    needs: dict[str, Need] = {}
    text: str = Field("", alias="remark")
    shares: Shares | None = None
    nickname: Annotated[str, Field(min_length=1)] = "x"


def faults(text: str, model: Any = Actor) -> list[Fault]:
    """Return the faults of ``text`` as a ``model``."""
    document = parse_yaml(text, "actor.yaml")
    with pytest.raises(ValidationError) as error:
        TypeAdapter(model).validate_python(document.data)
    return faults_of(error.value, document, model)


def the_fault(text: str, model: Any = Actor) -> Fault:
    """Return the only fault of ``text``."""
    (fault,) = faults(text, model)
    return fault


def test_a_fault_says_where_what_which_value_and_what_is_allowed() -> None:
    message = str(the_fault("name: Germany\nstance: hesistant\n"))
    assert message == (
        "actor.yaml:2:9: stance: 'hesistant' is not a stance; did you mean 'hesitant'? allowed: opposed, hesitant"
    )


@pytest.mark.parametrize(
    ("line", "path", "message"),
    [
        ("naem: x", "naem", "'naem' is not a key here; did you mean 'name'? allowed: name, roles, stance, troops"),
        ("remrak: x", "remrak", "did you mean 'remark'?"),
        ("needs: {us: {at_lest: accepts, at_least: accepts}}", "needs.us.at_lest", "did you mean 'at_least'?"),
        ("needs: {us: {}}", "needs.us.at_least", "the key 'at_least' is missing"),
        ("needs: {us: {at_least: tolerate}}", "needs.us.at_least", "did you mean 'tolerates'? allowed: refuses, tol"),
        ("roles: [broker, contributer]", "roles.1", "did you mean 'contributor'? allowed: broker, contributor"),
        ("roles: broker", "roles", "'broker' is not a list; write [broker]; allowed: broker, contributor"),
        ("roles: {broker: true}", "roles", "is not a list; allowed: broker, contributor"),
        ("roles: [Broker]", "roles.0", "did you mean 'broker'?"),
        (
            "needs: [a]",
            "needs",
            "is not a map of keys and values; write NAME: {...} for each, keys allowed there: at_least",
        ),
        ("needs: {us: 0.5}", "needs.us", "0.5 is not a map of keys and values; keys allowed: at_least, firmness"),
        ("needs: {us: none}", "needs.us", "'none' is not a map of keys and values; null takes it away; keys allowed"),
        ("shares: 1", "shares", "1 is not a map of keys and values; write NAME: value"),
        ("troops: many", "troops", "'many' is not a whole number"),
        ("troops: 1.5", "troops", "1.5 is not a whole number"),
        ("troops: -1", "troops", "-1 is not at least 0"),
        ("troops: 101", "troops", "101 is not at most 100"),
        ("european: perhaps", "european", "'perhaps' is not true or false"),
        ("armed: yes", "armed", "'yes' is not true or false; write true"),
        ("armed: Off", "armed", "'Off' is not true or false; write false"),
        ("stance: 3", "stance", "3 is not a word or text; a text that looks like a number stands in quotes, '3'"),
        ("stance: ~", "stance", "an empty value is not a word or text"),
        ("code: ABC", "code", "'ABC' does not have the form ^[a-z]{2}$"),
        ("shares: {x: much}", "shares.x", "'much' is not a number"),
        ("nickname: ''", "nickname", "'' is too short; allowed: at least 1 character"),
    ],
)
def test_each_kind_of_mistake_is_reported_in_plain_words(line: str, path: str, message: str) -> None:
    fault = the_fault(f"name: Germany\n{line}\n")
    assert fault.path == path
    assert message in fault.message
    assert fault.place.line == 2


def test_the_keys_of_a_model_come_before_those_that_it_shares_with_others() -> None:
    class Reasoned(Entry):
        because: str = ""

    class Edge(Reasoned):
        strength: float = 0.0

    assert "allowed: strength, because" in the_fault("weight: 1\n", Edge).message


def test_no_fault_speaks_the_language_of_the_library() -> None:
    text = "roles: 3\nstance: []\ntroops: {}\neuropean: x\ncode: 1\nneeds: {a: {firmness: [1]}}\nshares: 4\nzzz: 1\n"
    messages = " ".join(fault.message for fault in faults(text))
    for jargon in ("pydantic", "http", "Input", "_type", "literal", "dict", "tuple", "str", "int_", "Value error"):
        assert jargon not in messages.replace("string", "")


def test_all_mistakes_are_reported_and_each_at_its_line() -> None:
    reported = faults("troops: x\nroles:\n  - broker\n  - king\nneeds:\n  us:\n    at_least: maybe\n")
    assert sorted((fault.path, fault.place.line) for fault in reported) == [
        ("name", 1),
        ("needs.us.at_least", 7),
        ("roles.1", 4),
        ("troops", 1),
    ]


def test_a_value_of_several_possible_shapes_is_judged_by_the_nearest() -> None:
    firm = "name: x\nneeds: {us: {at_least: accepts, firmness: FIRM}}\n"
    reported = faults(firm.replace("FIRM", "{low: 0, hihg: 1}"))
    assert {(fault.path.rpartition(".")[2], fault.message.partition(";")[0]) for fault in reported} == {
        ("hihg", "'hihg' is not a key here"),
        ("high", "the key 'high' is missing"),
    }
    assert "did you mean 'high'? allowed: low, high, likely" in str(reported)
    assert "did you mean 'high'? allowed: high, low" in the_fault(firm.replace("FIRM", "hihg")).message


def test_a_value_of_none_of_the_possible_shapes_is_reported_with_all_of_them() -> None:
    needs = "name: x\nneeds: {us: {at_least: accepts, firmness: [1]}}\n"
    assert the_fault(needs).message == "a list is not a number or a map of keys and values or 'high' or 'low'"
    fault = the_fault("x: [1]\n", dict[str, float | Spread | bool])
    assert fault.message == "a list is not a number or a map of keys and values or true or false"
    assert fault.path == "x"


def test_a_mistake_in_a_key_is_reported_at_the_key() -> None:
    fault = the_fault("x: heading\n", dict[int, str])
    assert (fault.path, fault.message) == ("x", "'x' is not a whole number")


def test_a_part_of_a_file_is_reported_with_its_whole_path_and_line() -> None:
    document = parse_yaml("actors:\n  germany:\n    name: Germany\n    troops: x\n", "all.yaml")
    with pytest.raises(ValidationError) as error:
        Actor.model_validate(document.data["actors"]["germany"])
    (fault,) = faults_of(error.value, document, Actor, ("actors", "germany"))
    assert str(fault) == "all.yaml:4:13: actors.germany.troops: 'x' is not a whole number"


def test_an_error_without_words_of_ours_still_quotes_the_value() -> None:
    class Odd(BaseModel):
        at: complex

    assert the_fault("at: x y\n", Odd).message.startswith("'x y' should be")


def test_a_long_value_is_quoted_in_short() -> None:
    assert len(the_fault(f"name: x\ntroops: {'y' * 500}\n").message) < 100


def test_nothing_read_can_be_changed() -> None:
    actor = Actor.model_validate({"name": "x"})
    with pytest.raises(ValidationError, match="frozen"):
        actor.name = "y"


def test_a_word_of_the_list_passes_the_check() -> None:
    assert word_of(("open",), "a stance")("open") == "open"
