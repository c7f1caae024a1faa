"""The first lines of a story say whether its truce broke, and whether that was the end of it."""

from __future__ import annotations

import pytest

from sim import batch, story
from sim.ensemble.ensemble import Ensemble
from tests.worlds import tiny


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return batch.run(tiny(), 600, 1, workers=1)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("truce_broke and truces == 1", "; a truce broke."),
        ("truce_broke and truces > 1", "; a truce broke on the way."),
    ],
)
def test_a_story_says_in_its_outcome_that_a_truce_broke(ensemble: Ensemble, condition: str, words: str) -> None:
    run = int(ensemble.read(["run"], where=condition)["run"].iloc[0])
    assert words in " ".join(story.tell(tiny(), 1, run).split("\n\n")[0].split())


def test_of_a_truce_that_held_it_says_nothing(ensemble: Ensemble) -> None:
    run = int(ensemble.read(["run"], where="not truce_broke and truces > 0")["run"].iloc[0])
    assert "a truce broke" not in story.tell(tiny(), 1, run).partition("\n\n")[0]
