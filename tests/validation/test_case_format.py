"""Tests of reading cases: what the format allows is read, and every mistake is told with its place."""

import re
from pathlib import Path

import pytest

from sim.reading.errors import InputError
from sim.reading.files import shipped_folder
from sim.validation.case_format import read_cases

MADE_UP = Path(__file__).parent / "cases"
SEEDS = shipped_folder("seeds") / "cases"
SYLVANIA = (MADE_UP / "sylvania_2032.yaml").read_text("utf-8")


def faults(folder: Path, text: str) -> list[str]:
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_cases(folder / "case.yaml")
    return [str(each).removeprefix(f"{folder}/") for each in error.value.faults]


def test_the_twelve_episodes_are_read_in_the_order_of_their_files() -> None:
    cases = read_cases(SEEDS)
    assert [each.case.id for each in cases] == sorted(path.stem for path in SEEDS.glob("*.yaml"))
    assert sum(bool(each.outcome and each.outcome.force_formed_within_52w) for each in cases) == 6


def test_no_broker_no_lead_no_late_and_names_with_quotes_are_allowed() -> None:
    made_up = {each.case.id: each.case for each in read_cases(MADE_UP)}
    case = made_up["ruritania_2031"]
    assert (case.broker, case.leads, case.late) == (None, (), None)
    assert case.opponents[0] == 'Nördliche Front / "Free" North (NF)'


def test_a_case_without_outcome_is_read(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(SYLVANIA.partition("outcome:")[0], encoding="utf-8")
    assert read_cases(tmp_path)[0].outcome is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "stance: pledged",
            "stance: promised",
            "case.yaml:18:27: leads.0.stance: 'promised' is not allowed here; .*pledged",
        ),
        ("consent: refuses", "consent: refuse", "case.yaml:12:46: .*did you mean 'refuses'"),
        ("backing: logistics", "backing: logistic", "case.yaml:13:40: broker.backing: .*did you mean 'logistics'"),
        ("[observer, reassurance]", "[observer, tripwire]", "case.yaml:15:22: missions.1: 'tripwire' is not allowed"),
        ('{unsc: "no", note: null', "{unsc: maybe, note: null", "case.yaml:16:17: mandate.unsc: 'maybe' .*vetoed"),
        ("status: threatened", "status: thretened", "case.yaml:.*status: .*did you mean 'threatened'"),
        ("reference_date: 2032-02-03", "reference_date: 2032-13-03", "case.yaml:5:17: .*is not a date; allowed"),
        ("low: 2000", "low: many", "case.yaml:23:25: troops_discussed.low: 'many' is not a number"),
        ("low: 2000", "low: 5000", "case.yaml:23:19: troops_discussed: .*in rising order"),
        ("ceasefire_at_reference: false\n", "", "case.yaml:2:1: ceasefire_at_reference: the key .* is missing"),
        ("missions: [observer, reassurance]", "missions: []", "missions: an empty list is too short"),
        ("patrons: []", "patron: []", "'patron' is not a key here; did you mean 'patrons'"),
        ("force_formed_within_52w: false", "force_formed_within_52w: perhaps", "outcome.force_formed_within_52w: "),
        ("opponents: [Freedonia]", "opponents: [Sylvania]", "case.yaml:9:12: opponents: 'Sylvania' is the host"),
        (
            "{name: Sylvania, role: host",
            "{name: Freedonia, role: other",
            "belligerents.1.name: 'Freedonia' stands twice",
        ),
        ("opponents: [Freedonia]", "opponents: Freedonia", "case.yaml:9:12: opponents: 'Freedonia' is not a list"),
    ],
)
def test_a_mistake_has_its_place_and_what_is_allowed(tmp_path: Path, before: str, after: str, expected: str) -> None:
    assert before in SYLVANIA
    messages = faults(tmp_path, SYLVANIA.replace(before, after, 1))
    assert any(re.search(expected, message) for message in messages), messages


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("id: b\n", encoding="utf-8")
    messages = faults(tmp_path, SYLVANIA.replace("stance: open", "stance: opn").replace("role: host", "role: hst"))
    assert len(messages) == 2
    with pytest.raises(InputError) as error:
        read_cases(tmp_path)
    assert {Path(each.place.file).name for each in error.value.faults} == {"b.yaml", "case.yaml"}
    assert len(error.value.faults) > 15


def test_two_cases_of_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SYLVANIA, encoding="utf-8")
    with pytest.raises(InputError, match="stands in two files"):
        read_cases(tmp_path)


def test_a_case_that_nobody_could_refuse_or_send_to_is_refused(tmp_path: Path) -> None:
    text = SYLVANIA.replace("opponents: [Freedonia]", "opponents: []").replace("role: opponent", "role: other")
    assert any("at least one opponent" in each for each in faults(tmp_path, text))


def test_an_empty_folder_has_no_cases(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.yaml or .yml file of a case"):
        read_cases(tmp_path)
