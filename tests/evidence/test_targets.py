"""Tests of targets: what ships, and faults in a file of one's own."""

from fnmatch import fnmatchcase
from math import log
from pathlib import Path

import pytest

from sim.analysis.match_waves import matched
from sim.analysis.target_quantities import QUANTITIES
from sim.batch.designs import uncertain
from sim.evidence import LOGS, SHARES, literature, load_targets
from sim.reading.errors import InputError
from tests.worlds import baseline

ONE = """\
cases: {actors.*.disposition: it differs}
targets:
  kept:
    says: Truces mostly hold.
    quantity: truce_break_rate
    published: {low: 0.001, likely: 0.01, high: 0.1}
    discrepancy: {sd: 0.5, because: made up}
    sources: [a_record]
    reading: made up
    caveat: made up
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "targets.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_quantity_that_a_target_may_name_is_counted() -> None:
    assert set(SHARES) | set(LOGS) == set(QUANTITIES)


def test_no_target_that_ships_asks_whether_a_force_deploys() -> None:
    shipped = load_targets()
    assert {"force", "european", "deployed"}.isdisjoint(target.quantity for target in shipped.by_id.values())
    assert "mandates_lapsed" in shipped.unanswered
    assert all(target.discrepancy.sd > 0.0 for target in shipped.by_id.values())


def test_every_source_of_a_target_that_ships_is_a_record_of_the_literature() -> None:
    records = literature.load().records
    named = {id: set(target.sources) for id, target in load_targets().by_id.items()}
    assert {id: sorted(sources - records.keys()) for id, sources in named.items() if sources - records.keys()} == {}


def test_every_pattern_of_cases_that_ships_names_an_input_of_the_baseline_and_no_weight_of_a_rule() -> None:
    paths, cases = uncertain(baseline()), load_targets().cases
    assert [pattern for pattern in cases if not any(fnmatchcase(path, pattern) for path in paths)] == []
    left = set(matched(baseline(), cases))
    judgements = {"common.credence", "common.firmness", "common.capacity"}
    weights = {path for path in paths if path.startswith("rules.")} - {"rules.battlefield.mean"}
    assert judgements | weights <= left
    of_this_war = (".disposition", ".stance", ".optimism", ".handover.week", ".territorial_claims")
    assert not [path for path in left if path.endswith(of_this_war) or ".positions." in path]


def test_a_rate_is_compared_as_a_logarithm_and_its_variances_add_up(tmp_path: Path) -> None:
    target = load_targets(write(tmp_path, ONE)).by_id["kept"]
    assert target.mean == pytest.approx(log(0.01))
    assert target.observation_sd == pytest.approx(log(100.0) / 3.92, rel=1e-3)
    assert target.variance == pytest.approx(target.observation_sd**2 + 0.25)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("truce_break_rate", "a_force_deploys", 5, "truce_break_rate"),
        ("low: 0.001", "low: 0", 3, "compared as a logarithm; allowed: above 0"),
        ("low: 0.001", "low: 0.2", 6, "have to rise"),
        ("sources: [a_record]", "sources: []", 8, "at least 1"),
        ("    caveat: made up\n", "", 3, "caveat"),
        ("truce_break_rate", "ceasefire_year", 5, ""),
    ],
)
def test_a_fault_is_reported_at_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    text = ONE.replace(old, new)
    if not message:  # a share above 1
        text, line, message = text.replace("high: 0.1", "high: 1.5"), 3, "is a share; allowed: 0 to 1"
    with pytest.raises(InputError) as wrong:
        load_targets(write(tmp_path, text))
    assert message in str(wrong.value)
    assert wrong.value.faults[0].place.line in (line, line + 1)
