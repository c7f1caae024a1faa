"""The docs say what code and configs say: generated parts are current, links lead somewhere, rules named exist."""

import importlib
import re
import runpy
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from sim import batch, evidence, vocabulary
from sim.ensemble import columns
from sim.scenario import loading

HOME = Path(__file__).parents[2]
DOCS = HOME / "docs"
MADE = runpy.run_path(str(DOCS / "make_symbols.py"))
PAGES = sorted([*DOCS.rglob("*.md"), *HOME.glob("README.md")])
RULES = {path.stem for path in (HOME / "sim" / "rules").glob("*.py")} - {"__init__"}
MODEL = (DOCS / "model.md").read_text("utf-8")
CONFIG = (DOCS / "reference" / "config.md").read_text("utf-8")
FORMULA = re.compile(r"^\$\$\n.*?^\$\$\n", re.MULTILINE | re.DOTALL)


def rules(name: str) -> ModuleType:
    return importlib.import_module(f"sim.rules.{name}")


def public(module: ModuleType) -> set[str]:
    own = vars(module).items()
    return {name for name, what in own if callable(what) and what.__module__ == module.__name__ and name[0] != "_"}


def named_rules(text: str) -> set[tuple[str, str]]:
    return {(module, name) for module, name in re.findall(r"`(\w+)\.(\w+)`", text) if module in RULES}


def headings(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    titles = re.findall(r"^#+ (.*)", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", MADE["pages"](), ids=lambda page: str(page.relative_to(DOCS)))
def test_a_generated_page_is_what_the_script_would_write_now(page: Path) -> None:
    assert page.read_text("utf-8") == MADE["pages"]()[page], "run python docs/make_symbols.py"


def test_every_number_of_the_baseline_has_one_symbol() -> None:
    rows = [leaf.path for row in MADE["SYMBOLS"] for leaf in MADE["matching"](row)]
    assert sorted(rows) == list(loading.load("baseline").leaves)


def test_no_symbol_stands_for_nothing() -> None:
    assert [row.path for row in MADE["SYMBOLS"] if not MADE["matching"](row)] == []


def test_the_model_opens_with_the_table_of_symbols() -> None:
    assert MODEL.index("<!-- generated: symbols -->") < MODEL.index("\n## ")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    relative = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in relative if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_link_to_a_heading_finds_it(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", page.read_text("utf-8"))
    missing = [
        (path, heading) for path, heading in links if heading not in headings(page.parent / path if path else page)
    ]
    assert missing == []


def test_every_rule_named_in_the_model_exists() -> None:
    assert {(module, name) for module, name in named_rules(MODEL) if name not in public(rules(module))} == set()


def test_every_formula_names_its_rule() -> None:
    after = [MODEL[found.end() :].lstrip().split("\n\n")[0] for found in FORMULA.finditer(MODEL)]
    assert after
    assert [text for text in after if not (text.startswith("Rule:") and named_rules(text))] == []


@pytest.mark.parametrize("module", sorted(RULES))
def test_every_rule_is_told_in_the_model(module: str) -> None:
    assert {name for name in public(rules(module)) if (module, name) not in named_rules(MODEL)} == set()


def test_every_phase_has_its_section_in_order() -> None:
    assert tuple(re.findall(r"^### \d+\. (\w+)", MODEL, re.MULTILINE)) == vocabulary.PHASES


def test_the_tables_of_a_run_have_the_columns_that_the_reference_tells() -> None:
    ensemble = batch.run("baseline", runs=2, workers=1, keep=("weekly",))
    missions = ensemble.manifest["groups"]
    gates = [f"missing_{gate}" for gate in vocabulary.GATES]
    assert set(ensemble.runs) == {*columns.RUN, *gates, *(f"tabled_{mission}" for mission in missions)}
    assert list(ensemble.actors) == list(MADE["ACTORS"])
    assert ensemble.weekly is not None
    assert list(ensemble.weekly) == ["run", *columns.WEEKLY]
    assert list(ensemble.inputs) == ["run", *loading.load("baseline").leaves]


def test_the_reference_of_json_names_every_key() -> None:
    told = (DOCS / "reference" / "json.md").read_text("utf-8")
    summary = batch.run("baseline", runs=2, workers=1).summary()
    inner = [key for name in ("groups", "weekly", "apart", "ceasefire") for key in summary[name]]
    inner += list(summary["groups"]["european"])
    assert [key for key in (*summary, *inner) if f"`{key}`" not in told] == []


def test_decision_notes_are_numbered_without_gaps_and_say_context_decision_consequences() -> None:
    notes = sorted((DOCS / "decisions").glob("*.md"))
    assert [note.name[:4] for note in notes] == [f"{number:04}" for number in range(1, len(notes) + 1)]
    parts = ("**Context.**", "**Decision.**", "**Consequences.**")
    assert [note.name for note in notes if any(part not in note.read_text("utf-8") for part in parts)] == []


@pytest.mark.parametrize("fence", re.findall(r"```yaml\n(.*?)```", CONFIG, re.DOTALL))
def test_a_scenario_shown_in_the_reference_loads(fence: str, tmp_path: Path) -> None:
    shown = tmp_path / "shown.yaml"
    shown.write_text(fence, encoding="utf-8")
    assert loading.load(shown).differences(loading.load("baseline"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_claim_cited_exists(page: Path) -> None:
    cited = set(re.findall(r"\b\d{3}\.[a-z]\w*\.\w+", page.read_text("utf-8")))
    assert cited - evidence.load().claims.keys() == set()


def test_every_config_path_named_in_the_docs_exists() -> None:
    baseline = loading.load("baseline")
    known = {".".join(route[:end]) for route in baseline.layer.entries for end in range(1, len(route) + 1)}
    texts = "\n".join(page.read_text("utf-8") for page in PAGES)
    named = re.findall(r"`((?:actors|rules|scales|common|missions|table)\.[\w.]+)`", texts)
    assert {path for path in named if path not in known} == set()


def test_every_pattern_that_does_not_hold_has_a_reason() -> None:
    page = (DOCS / "validation.md").read_text("utf-8")
    reasons = yaml.safe_load((DOCS / "reasons.yaml").read_text("utf-8"))
    assert set(reasons) <= set(evidence.load().patterns)
    table = page.partition("<!-- patterns -->")[2].partition("<!-- end -->")[0]
    rows = [
        line.strip("| \n").split(" | ") for line in table.splitlines() if re.search(r"\| (fails|not shown) \|", line)
    ]
    told = [row for row in rows if row[0] in evidence.load().patterns]
    assert len(told) > 10
    assert [row[0] for row in told if len(row) < 5 or not row[4].strip()] == []


def test_the_limits_count_propositions_as_the_validation_does() -> None:
    counted = re.compile(
        r"Of (\d+)\s+propositions of the documents[^.]*?(\d+)\s+hold.*?(\d+)\s+fail and\s+(\d+)\s+are not\s+shown",
        re.DOTALL,
    )
    pages = ((DOCS / name).read_text("utf-8") for name in ("limits.md", "validation.md"))
    said = [counted.search(page) for page in pages]
    assert said[0] and said[1] and said[0].groups() == said[1].groups()
