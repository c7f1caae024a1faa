"""Each mechanism that the documents describe is at work: taken away, its own quantity changes as stated."""

import re
from pathlib import Path

import pytest

from tests.verification import report
from tests.verification.mechanisms import MECHANISMS, Mechanism
from tests.verification.seen import effect, runs

_TABLE = Path(__file__).parents[2] / "docs" / "mechanisms.md"


def _name(mechanism: Mechanism) -> str:
    return f"{mechanism.number}-{re.sub(r'[^a-z]+', '-', mechanism.says.lower())[:50]}"


@pytest.mark.slow
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=_name)
def test_taking_a_mechanism_away_moves_its_own_quantity(mechanism: Mechanism) -> None:
    present = runs(mechanism.scenario, mechanism.situation, mechanism.runs)
    without = runs(mechanism.scenario, {**mechanism.situation, **mechanism.taken_away}, mechanism.runs)
    found = effect(mechanism.quantity, without, present)
    assert found.goes(mechanism.sign), f"{mechanism.measured}: {found}"


def test_every_mechanism_of_the_documents_has_a_row() -> None:
    assert {mechanism.number for mechanism in MECHANISMS} == set(range(1, 22))


def test_the_table_in_the_docs_has_these_mechanisms_and_signs() -> None:
    assert report.rows_without_effects(_TABLE.read_text(encoding="utf-8")) == [
        report.plain_row(mechanism) for mechanism in sorted(MECHANISMS, key=lambda each: each.number)
    ]
