"""The page of cases says what the engine says now: its verdict, its scores and its gallery come from runs."""

import runpy
from pathlib import Path

import pytest

import sim

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "cases.md").read_text("utf-8")


@pytest.mark.slow
def test_the_page_of_cases_is_current() -> None:
    made = runpy.run_path(str(DOCS / "make_cases.py"))
    scores = sim.cases(runs=made["RUNS"])
    for part in (scores.sentence, made["tables"](scores), made["gallery"](scores.forecasts)):
        assert part in PAGE, "run python docs/make_cases.py"


def test_the_verdict_is_the_first_sentence_of_the_page() -> None:
    text = PAGE.partition("<!-- verdict -->\n")[2]
    assert text.startswith("The engine does ")
    assert PAGE.index("<!-- verdict -->") < PAGE.index("Does a likelihood")
