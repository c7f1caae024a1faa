"""Tests of tables on narrow screens: no word of people is broken, and paths break where their parts end."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from sim.cli.tables import facts, least_width, text_table

PATH = "network.usa->rus/bank_sanctions.strength"


def shown(table: Table, width: int) -> list[str]:
    """Return the lines of a table on a screen of so many characters."""
    screen = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    screen.print(table)
    assert isinstance(screen.file, io.StringIO)
    return [line.rstrip() for line in screen.file.getvalue().splitlines()]


def numbers() -> Table:
    """Return a table of one input whose header is wider than its numbers."""
    return text_table("What was learnt", ("", "mean quantile (0.50 before)"), [(PATH, "0.66")], whole=())


def test_a_header_gives_way_before_a_path_is_broken() -> None:
    lines = shown(numbers(), len(PATH) + 2 + len("quantile"))
    assert lines[-1].split() == [PATH, "0.66"]


@pytest.mark.parametrize("width", [24, 30, 36])
def test_a_path_that_is_too_long_breaks_at_the_ends_of_its_parts(width: int) -> None:
    parts = [line.split()[0] for line in shown(numbers(), width)[1:] if line[:1].strip()]
    assert len(parts) > 1 and "".join(parts) == PATH
    assert all(part.endswith((".", "->", "/")) for part in parts[:-1])
    assert max(map(len, shown(numbers(), width))) <= width


def test_what_stands_beside_a_name_breaks_in_the_same_way() -> None:
    lines = shown(facts(("where", "/home/somebody/projects/model/configs/actors/alba.yaml:41")), 40)
    assert [line.strip() for line in lines] == [
        "where  /home/somebody/projects/model/", "configs/actors/alba.yaml:41",
    ]  # fmt: skip


def test_a_number_is_never_broken_at_its_point() -> None:
    table = text_table("", ("", "share"), [("actors.alba.credence", "0.123456")], whole=())
    assert any("0.123456" in line for line in shown(table, least_width(table)))


def test_the_least_width_keeps_columns_that_are_to_stay_whole() -> None:
    table = text_table("", ("", "share"), [("two words", "9.1% (8 to 10)")], whole=(1,))
    assert least_width(table) == len("words") + 2 + len("9.1% (8 to 10)") + 2


def test_an_interval_is_torn_apart_last() -> None:
    table = text_table("What moves it", ("", "points", "95% run noise"), [(PATH, "+3.5", "+1.0 to +62.0")], whole=())
    (line,) = [line for line in shown(table, 40) if line.startswith("network.usa->")]
    assert "+1.0 to +62.0" in line
    narrow = shown(table, 32)
    assert not any("+1.0 to +62.0" in line for line in narrow) and any("+62.0" in line for line in narrow)
    assert max(map(len, narrow)) <= 32
