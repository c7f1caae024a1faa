"""Tests of the literature: small files of our own making, the records that ship, and what the commands tell of them."""

import json
import os
import shutil
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.evidence import copied_records, load, load_countries, seeds_home
from sim.evidence.dates import LAST_DAY, dates_in
from sim.evidence.literature import LITERATURE_TOPICS, Literature, Record, fits
from sim.evidence.literature import load as load_literature
from sim.reading.errors import Fault, InputError
from sim.scenario import INFORMATION, Scenario, loading
from sim.scenario.layers import Reasons

HOME = Path(__file__).parents[2]
DOCUMENTS = Path(os.environ.get("SIM_DOCUMENTS") or HOME.parent / "shared" / "documents")
RESULT = CliRunner()

FILE = """\
records:
  moons:
    topic: ceasefires
    quantity: share of full moons that end a quarrel
    value: 3 of 9
    low: 0.1
    likely: 0.33
    high: 0.7
    unit: share
    population: quarrels of foxes and hens
    period: 1990-2024
    source:
      authors: Hen
      year: 2025
      title: Of Moons
      date: 2025-02-27
    seen: page
    for: [actors.*.credence, "target: share of quarrels that end"]
    how: A third, give or take.
  barns:
    topic: talks
    quantity: barns in which talks were held
    value: 12
    unit: barns
    population: barns
    period: until November 2024
    source: {authors: Fox, year: 2003, title: Barns, doi: 10.1000/barns}
    seen: memory
    for: [rules.truce.break_hazard]
    how: A dozen.
    caveat: One county.
countries:
  id: {means: the animal}
  hens: {means: how many, from: [barns]}
  sources: {means: records}
"""

TABLE = "id,hens,sources\nfox,,moons\nhen,12,moons barns\n"

Edit = Callable[..., Path]


@pytest.fixture
def seeds(tmp_path: Path) -> Edit:
    """Return a writer of a small folder of seeds, with (old, new) edits made to its files."""

    def write(*edits: tuple[str, str], table: str = TABLE) -> Path:
        text = FILE
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "literature.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "countries.csv").write_text(table, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture(scope="module")
def shipped() -> Literature:
    """Return the literature that ships."""
    return load_literature()


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    """Return the baseline as it ships."""
    return loading.load("baseline")


def refused(folder: Path) -> list[Fault]:
    """Return the faults for which a folder's literature is refused."""
    with pytest.raises(InputError) as error:
        load_literature(folder)
    return error.value.faults


def refused_table(folder: Path) -> list[Fault]:
    """Return the faults for which a folder's table of countries is refused."""
    with pytest.raises(InputError) as error:
        load_countries(folder)
    return error.value.faults


def sim(*words: str) -> str:
    """Return what ``sim evidence`` prints, folded into one line of words."""
    result = RESULT.invoke(app, ["evidence", *words])
    assert result.exit_code == 0, result.stderr
    return " ".join(result.stdout.split())


def complaint(*words: str) -> str:
    """Return why ``sim evidence`` refuses a request: in one line, and with exit status 2."""
    result = RESULT.invoke(app, ["evidence", *words])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    return result.stderr


def texts(record: Record) -> list[str]:
    """Return all that a record says."""
    source = record.source
    ours = (record.quantity, record.figure, record.unit, record.population, record.period, record.how, record.caveat)
    return [text for text in (*ours, source.authors, source.title, source.where, *record.subjects) if text]


def test_a_sound_file_loads_with_all_it_says(seeds: Edit) -> None:
    record = load_literature(seeds()).records["moons"]
    assert (record.value, record.low, record.likely, record.high) == ("3 of 9", 0.1, 0.33, 0.7)
    assert record.figure == "3 of 9 (0.1, 0.33, 0.7)"
    assert record.paths == ("actors.*.credence",)
    assert record.targets == ("share of quarrels that end",)
    assert record.place.line == 3
    other = load_literature(seeds()).records["barns"]
    assert other.value == 12 and other.likely is None and other.figure == "12"
    assert str(other.source) == "Fox (2003): Barns. https://doi.org/10.1000/barns"


def test_records_are_selected_by_topic_and_by_the_number_that_they_speak_to(seeds: Edit) -> None:
    known = load_literature(seeds())
    assert [record.id for record in known.select()] == ["moons", "barns"]
    assert [record.id for record in known.select(topic="talks")] == ["barns"]
    assert [record.id for record in known.select(path="actors.fox.credence")] == ["moons"]
    assert known.select(topic="talks", path="actors.fox.credence") == []
    with pytest.raises(ValueError, match="'talk' is not a topic of the literature; did you mean 'talks'"):
        known.select(topic="talk")


@pytest.mark.parametrize(
    ("pattern", "path", "fitting"),
    [
        ("actors.*.credence", "actors.uk.credence", True),
        ("actors.*.credence", "actors.uk.needs.credence", False),
        ("actors.*", "actors.uk.credence", False),
        ("rules.truce.break_hazard", "rules.truce.break_hazard", True),
        ("rules.truce.break", "rules.truce.break_hazard", False),
    ],
)
def test_a_star_stands_for_one_key(pattern: str, path: str, fitting: bool) -> None:
    assert fits(pattern, path) is fitting


def test_a_file_is_read_anew_only_after_an_edit(seeds: Edit) -> None:
    folder = seeds()
    assert load_literature(folder) is load_literature(folder)
    seeds(("value: 12", "value: 1234"))
    assert load_literature(folder).records["barns"].value == 1234


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("topic: talks", "topic: talk", "records.barns.topic", "did you mean 'talks'"),
        ("seen: memory", "seen: hearsay", "records.barns.seen", "'hearsay' is not allowed here"),
        ("    seen: memory", "    seen: memory\n    sean: page", "records.barns.sean", "did you mean 'seen'"),
        ("    value: 12\n", "", "records.barns", "a record has a value, or low, likely and high"),
        ("    low: 0.1\n", "", "records.moons", "low, likely and high stand together"),
        ("low: 0.1", "low: 0.4", "records.moons", "0.4, 0.33, 0.7: low, likely and high are not in order"),
        ("value: 12", "value: true", "records.barns.value", "true is not a number or a word or text"),
        ("10.1000/barns", "barns", "records.barns.source.doi", "does not have the form"),
        ("for: [rules.truce.break_hazard]", "for: []", "records.barns.for", "is too short"),
        ("[rules.truce.break_hazard]", "[the hazard]", "records.barns.for.0", "'the hazard' is neither a config path"),
        ("      year: 2025", "      year: 2026", "records.moons.source.year", "2026 is not at most 2025"),
        ("      date: 2025-02-27\n", "", "records.moons.source", "a source of 2025 gives its date"),
        ("2025-02-27", "2025-03-04", "records.moons.source.date", "'2025-03-04' reaches to 2025-03-04; allowed: up to"),
        ("2025-02-27", "2025-04", "records.moons.source.date", "reaches to 2025-04"),
        ("2025-02-27", "winter", "records.moons.source.date", "'winter' is not a date"),
        ("November 2024", "4 March 2025", "records.barns.period", "reaches to 2025-03-04"),
        ("1990-2024", "1990-2026", "records.moons.period", "reaches to 2026"),
        ("  barns:\n", "  moons:\n", "records.moons", "the key stands twice"),
        ("from: [barns]", "from: [barn]", "countries.hens.from.0", "'barn' is not a record; did you mean 'barns'"),
    ],
)
def test_a_fault_is_told_with_its_place(seeds: Edit, old: str, new: str, path: str, message: str) -> None:
    (fault,) = refused(seeds((old, new)))
    assert fault.path == path
    assert message in fault.message
    assert fault.place.file.endswith("literature.yaml")
    assert fault.place.line >= 2 and fault.place.column >= 1


def test_all_faults_are_told_at_once(seeds: Edit) -> None:
    faults = refused(
        seeds(
            ("topic: talks", "topic: talk"),
            ("      year: 2025", "      year: 2026"),
            ("low: 0.1", "low: 0.1\n    lo: 1"),
        )
    )
    assert [fault.path for fault in faults] == ["records.moons.lo", "records.moons.source.year", "records.barns.topic"]


def test_a_missing_or_empty_file_is_a_fault(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path)[0].message
    (tmp_path / "literature.yaml").write_text("- a list\n", encoding="utf-8")
    assert refused(tmp_path)


def test_the_last_day_of_information_is_the_same_everywhere() -> None:
    assert INFORMATION.isoformat() == LAST_DAY


def test_dates_are_read_in_words_and_digits() -> None:
    assert dates_in("Munich, 14-16 February 2025") == ["2025-02-16", "2025"]
    assert dates_in("1,022 votes, 40 to 50 a year") == []


def test_the_table_of_countries_loads_with_gaps_where_nothing_was_seen(seeds: Edit) -> None:
    table = load_countries(seeds())
    assert list(table.index) == ["fox", "hen"]
    assert table.loc["hen", "hens"] == 12
    assert table["hens"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("table", "line", "column", "message"),
    [
        (TABLE.replace("hens", "eggs"), 1, 1, "missing column"),
        (TABLE.replace("hens", "henns"), 1, 2, "no such column; did you mean 'hens'"),
        (TABLE.replace("hen,12", "fox,12"), 3, 1, "'fox' stands twice"),
        (TABLE.replace("moons barns", "moons cellar"), 3, 3, "'cellar' is no record"),
        ("", 1, 1, "not a CSV table"),
    ],
)
def test_a_bad_table_of_countries_is_refused(seeds: Edit, table: str, line: int, column: int, message: str) -> None:
    faults = refused_table(seeds(table=table))
    assert [fault for fault in faults if fault.place[1:] == (line, column) and message in fault.message]


def test_every_topic_has_records(shipped: Literature) -> None:
    assert {record.topic for record in shipped.records.values()} == set(LITERATURE_TOPICS)
    assert len(shipped.records) >= 120


def test_every_path_of_a_record_matches_a_number_of_the_baseline(shipped: Literature, baseline: Scenario) -> None:
    patterns = {pattern for record in shipped.records.values() for pattern in record.paths}
    assert len(patterns) > 50
    assert {pattern for pattern in patterns if not any(fits(pattern, path) for path in baseline.leaves)} == set()


def test_nothing_in_the_literature_is_later_than_the_day_of_information(shipped: Literature) -> None:
    for record in shipped.records.values():
        source = record.source
        assert source.year is None or source.year <= int(LAST_DAY[:4])
        dates = [date for text in (record.period, source.where or "", source.date or "") for date in dates_in(text)]
        assert [date for date in dates if date > LAST_DAY[: len(date)]] == [], record.id


def test_a_record_from_memory_gives_no_doi_or_address(shipped: Literature) -> None:
    unread = [record for record in shipped.records.values() if record.seen == "memory"]
    assert unread
    assert all(record.source.doi is None and record.source.address is None for record in unread)


def test_sums_and_shares_told_of_the_table_of_countries_are_those_of_the_table(
    shipped: Literature, baseline: Scenario
) -> None:
    table = load_countries()
    rule = shipped.records["capacity_rule_sum"]
    europeans = table.loc[[id for id, actor in baseline.parts.actors.items() if actor.european and id in table.index]]
    sums = [float(europeans[f"capacity_rule_{end}"].sum()) for end in ("low", "likely", "high")]
    assert sums == pytest.approx([rule.low, rule.likely, rule.high], rel=0.01)
    decided = table["poll_against_pct"] / (table["poll_for_pct"] + table["poll_against_pct"])
    asked = table["hesitancy_from_poll"].notna()
    assert decided[asked].tolist() == pytest.approx(table.loc[asked, "hesitancy_from_poll"].tolist(), abs=0.006)


def test_the_table_of_countries_knows_every_actor(baseline: Scenario) -> None:
    assert set(load_countries().index) == set(baseline.parts.actors)


def test_words_copied_from_a_document_are_a_fault(tmp_path: Path) -> None:
    known = load()
    for document in known.documents.values():
        (tmp_path / document.file).write_text("A third, give or take, of all the moons that rise over the barn.")
    record = load_literature().records["leeds_2003_75"]
    copying = record.model_copy(update={"how": "Of all the moons that rise, some set."})
    faults = copied_records(Literature({record.id: copying}, {}), known, tmp_path)
    assert {fault.path for fault in faults} == {"records.leeds_2003_75.how"}
    assert copied_records(Literature({record.id: record}, {}), known, tmp_path) == []


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the original documents are not shipped")
def test_no_record_copies_from_the_documents(shipped: Literature) -> None:
    assert copied_records(shipped, load(), DOCUMENTS) == []


def test_records_are_listed_by_topic_and_number(shipped: Literature) -> None:
    listed = sim("list", "--literature", "--topic", "sanctions")
    chosen = shipped.select("sanctions")
    assert all(f"{record.id} (sanctions;" in listed for record in chosen)
    assert listed.endswith(f"{len(chosen)} of {len(shipped.records)} records")
    speaking = json.loads(sim("list", "--literature", "--path", "actors.us.backstop.honoured", "--json"))
    assert [record["id"] for record in speaking["records"]] == [
        record.id for record in shipped.select(path="actors.us.backstop.honoured")
    ]
    assert speaking["of"] == len(shipped.records)


def test_claims_are_listed_as_json_too() -> None:
    listed = json.loads(sim("list", "--topic", "stance", "--document", "000", "--json"))
    chosen = load().select(topic="stance", document="000")
    assert [(claim["id"], claim["claim"]) for claim in listed["claims"]] == [(claim.id, claim.text) for claim in chosen]


def test_a_record_is_shown_with_how_it_is_read_and_what_speaks_against_it(shipped: Literature) -> None:
    record = shipped.records["mid5_year4_ending"]
    shown = sim("show", record.id)
    assert " ".join(record.how.split()) in shown
    assert record.caveat is not None and " ".join(record.caveat.split()) in shown
    assert "dataset: the data were read and counted by us" in shown
    assert "speaks to actors.russia.disposition" in shown
    told = json.loads(sim("show", record.id, "--json"))
    assert told["record"]["for"] == list(record.subjects)
    assert told["record"]["likely"] == 0.29
    assert told["patterns"] == []


def test_a_claim_is_shown_as_json_with_the_numbers_that_cite_it() -> None:
    told = json.loads(sim("show", "000.merz.if_russia_consents", "--json"))
    assert told["claim"]["id"] == "000.merz.if_russia_consents"
    cited = {"path": "actors.germany.needs.russian_consent.at_least", "as": "because"}
    assert cited in told["used"]


class Anchored:
    """Reasons of a number that is anchored to records besides."""

    def __init__(self, reasons: object, anchor: tuple[str, ...]) -> None:
        self.reasons, self.anchor = reasons, anchor

    def __getattr__(self, name: str) -> object:
        return getattr(self.reasons, name)


def anchored(scenario: Scenario, path: str, id: str) -> Scenario:
    """Return a copy of a scenario in which a number is anchored to a record."""
    changed, leaf = copy(scenario), scenario.leaves[path]
    reasons = cast(Reasons, Anchored(leaf.reasons, (id,)))
    vars(changed)["leaves"] = {**scenario.leaves, path: leaf._replace(reasons=reasons)}
    return changed


def test_a_number_anchored_to_a_record_is_told_with_it(baseline: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    path, id = "rules.truce.break_hazard", "gml_deadly_clash_after_end"
    monkeypatch.setattr(loading, "load", lambda _: anchored(baseline, path, id))
    assert f"used {path} (anchor)" in sim("show", id)
    assert {"path": path, "as": "anchor"} in json.loads(sim("show", id, "--json"))["used"]
    traced = sim("trace", "baseline", path)
    assert f"anchor record {id}" in traced
    assert "literature gml_new_war_after_end, gml_deadly_clash_after_end" in traced


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "leeds_2003"), "no such claim or record; did you mean leeds_2003_75"),
        (("list", "--literature", "--topic", "stance"), "'stance' is not a topic of the literature"),
        (("list", "--literature", "--actor", "uk"), "--actor and --document choose claims"),
        (("list", "--path", "actors.uk.credence"), "add --literature"),
        (("list", "--literature", "--path", "actors.uk"), "not a number"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_in_one_line(words: tuple[str, ...], message: str) -> None:
    assert message in complaint(*words)


def test_a_copy_of_the_shipped_seeds_loads_alike(tmp_path: Path, shipped: Literature) -> None:
    folder = shutil.copytree(seeds_home(), tmp_path / "seeds")
    assert load_literature(folder).records.keys() == shipped.records.keys()
    assert load_countries(folder).equals(load_countries())
