"""Tests of what kind of force forms: sizes, consent and rungs, and how a sentence gives them, also where few form."""

from typing import Any

import pandas as pd
import pytest

from sim import batch
from sim.ensemble import Ensemble, answer
from sim.ensemble.force_kind import A_HANDFUL, LARGE, ForceKind, as_dict, in_full, in_short
from sim.vocabulary import RUNGS
from tests.runs import make_runs
from tests.worlds import baseline

NOTHING = dict.fromkeys(("ceasefire_week", "observer_week", "training_week", "troops", "european_troops", "states"))
WITHOUT = {"deployed_week": None, "european_week": None, "rung_at_formation": None, "consent_at_formation": None}


def force(troops: float, rung: str = "none", consent: str = "refuses") -> dict[str, Any]:
    weeks = {"deployed_week": 20.0, "european_week": 20.0}
    return weeks | {"troops": troops, "rung_at_formation": rung, "consent_at_formation": consent}


def ensemble(*forces: dict[str, Any], runs: int) -> Ensemble:
    """Return an ensemble of so many runs, of which the first have these forces."""
    rows = [*forces, *([WITHOUT] * (runs - len(forces)))]
    return Ensemble(
        make_runs([{"run": run, "outcome": "blue", **NOTHING, **row} for run, row in enumerate(rows)]),
        None,
        pd.DataFrame(),
        {"scenario": "made_up", "seed": 7, "horizon_weeks": 52, "groups": {"blue": ["deployed"]}, "runs": runs},
    )


def kind_of(*forces: dict[str, Any], runs: int) -> ForceKind:
    return ensemble(*forces, runs=runs).force_kind()


def test_a_force_of_a_known_kind_is_given_with_its_size_its_consent_and_the_chance_of_the_large_one() -> None:
    small = [force(18_000.0)] * 30
    large = [force(30_000.0, "air_cover", "accepts")] * 10
    kind = kind_of(*small, *large, runs=2_400)
    assert kind.sizes is not None and kind.sizes.median == 18_000.0
    assert in_short(kind) == (
        "remote (about 2%, 1 in 60): a European-led force of about 18,000, mostly without the opponent's "
        "consent; of 25,000 or more with air cover from the broker: about 1 in 250"
    )
    shares = (kind.without_consent, kind.with_rung, kind.with_cover, kind.large)
    assert [share and share.hits for share in shares] == [30, 10, 10, 10]


def test_a_force_that_is_large_or_has_cover_is_not_yet_both() -> None:
    forces = [force(LARGE, "none"), force(LARGE - 1, "troops"), force(LARGE, "logistics")] * 10
    kind = kind_of(*forces, runs=100)
    assert (kind.large_with_cover.hits, kind.with_cover and kind.with_cover.hits) == (0, 10)
    assert in_short(kind).endswith(
        "of 25,000 or more with air cover from the broker: in none of 100 runs (95%: below 1 in 25)"
    )


@pytest.mark.parametrize("rung", RUNGS)
def test_cover_begins_at_air_cover_on_the_ladder(rung: str) -> None:
    kind = kind_of(force(LARGE, rung), runs=10)
    assert kind.large_with_cover.hits == (RUNGS.index(rung) >= RUNGS.index("air_cover"))


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (100, "almost always without the opponent's consent"),
        (70, "mostly without the opponent's consent"),
        (52, "about as often without the opponent's consent as with it"),
        (30, "mostly with the opponent's consent"),
        (0, "almost always with the opponent's consent"),
    ],
)
def test_consent_is_in_words_as_far_as_run_noise_allows(refused: int, words: str) -> None:
    forces = [force(20_000.0)] * refused + [force(20_000.0, consent="tolerates")] * (100 - refused)
    assert words in in_short(kind_of(*forces, runs=1_000))


def test_of_a_handful_of_forces_no_kind_is_given() -> None:
    short = in_short(kind_of(*[force(20_000.0)] * (A_HANDFUL - 1), runs=10_000))
    assert "in too few runs (19) to say of what size and with whose consent" in short
    assert "European-led force of about" not in short


def test_without_any_force_the_sentence_says_how_rare_it_is_at_most() -> None:
    kind = kind_of(runs=20_000)
    assert in_short(kind) == "remote: under 0.02% (none of 20,000 runs)"
    assert in_full(kind) == "Kind of force: none to describe; a European force formed in 0 of 20,000 runs."
    assert as_dict(kind)["troops"] is None and as_dict(kind)["without_consent"] is None


def test_a_european_force_after_another_one_counts_but_has_no_kind() -> None:
    later = {**force(9_000.0), "european_week": 30.0}
    kind = kind_of(later, force(20_000.0), runs=10)
    assert (kind.european.hits, kind.seen, kind.sizes and kind.sizes.median) == (2, 1, 20_000.0)


def test_the_kind_of_force_agrees_with_the_table_of_runs_and_with_the_summary() -> None:
    batch_of_runs = batch.run(baseline(), 3_000, 1)
    runs = batch_of_runs.runs
    first = runs[(runs["european_week"] == runs["deployed_week"]).fillna(False)]
    large = first[(first["troops"] >= LARGE) & first["rung_at_formation"].isin(RUNGS[2:])]
    kind = batch_of_runs.summary()["force_kind"]
    assert len(first) > A_HANDFUL and kind["seen"] == len(first)
    assert kind["without_consent"]["count"] == int((first["consent_at_formation"] == "refuses").sum())
    assert kind["large_with_cover"]["count"] == len(large)
    assert kind["troops"]["median"] == first["troops"].median()
    assert answer.kind(batch_of_runs) == in_full(batch_of_runs.force_kind(), batch_of_runs.names)
    assert in_short(batch_of_runs.force_kind(), batch_of_runs.names) in answer.sentence(batch_of_runs)
