"""Contracts of the house: what rules may import and use, what is documented, and what names lead to."""

import ast
import re
import runpy
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from sim import batch, evidence, vocabulary
from sim.ensemble import columns
from sim.model import phases
from sim.rules import chance
from sim.world import build
from tests.worlds import baseline, play, tiny

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
RULES = sorted((ROOT / "sim" / "rules").glob("*.py"))
CITED = re.compile(r"\b00[0-4]\.[a-z][a-z0-9_]*\.[a-z0-9_]+\b")
MADE_UP = {"000.x.y", "000.merz.if_russia", "000.ki.nothing"}
"""Ids that stand for any claim, or are misspelt on purpose."""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(module: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or ".")
    return found


def called(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else None
    )


def public(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield public functions and classes, and the public methods of these."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{within}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{node.name}.")


def test_there_is_a_file_of_rules_for_every_decision() -> None:
    assert {path.stem for path in RULES} >= {
        "chance", "news", "lobbying", "tabling", "offering", "guarantees", "truces", "consenting", "pledging",
        "ratifying", "forming", "holding",
    }  # fmt: skip


def test_every_file_of_rules_has_tests_of_its_own() -> None:
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "rules").glob("test_*.py")}
    assert {path.stem for path in RULES} - {"__init__"} == tested


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_import_math_and_typing_only_and_their_own_exponential(path: Path) -> None:
    assert imported(tree(path)) <= {"math", "typing", "sim.rules.elementary"}


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_use_no_powers(path: Path) -> None:
    assert not any(isinstance(node, ast.Pow) for node in ast.walk(tree(path)))


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_use_no_arithmetic_that_differs_between_interpreters(path: Path) -> None:
    calls = {called(node) for node in ast.walk(tree(path))}
    names = {alias.name for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom) for alias in node.names}
    strange = {"sum", "fsum", "hypot", "gamma", "lgamma", "pow", "prod", "dist", "expm1", "log1p", "cbrt", "sumprod"}
    assert (calls | names) & strange == set()
    assert not any(isinstance(node, ast.MatMult) for node in ast.walk(tree(path)))


@pytest.mark.parametrize("path", RULES, ids=name)
def test_every_function_of_the_rules_is_short(path: Path) -> None:
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if len([n for n in ast.walk(f) if isinstance(n, ast.stmt)]) > 25] == []


def test_every_claim_that_is_cited_exists() -> None:
    known = evidence.load().claims
    sources = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
    wrong = {
        (name(path), claim)
        for path in sources
        for claim in CITED.findall(path.read_text(encoding="utf-8"))
        if claim not in known and claim not in MADE_UP
    }
    assert wrong == set()


@pytest.mark.parametrize("phase", vocabulary.PHASES)
def test_every_phase_of_the_round_is_played(phase: str) -> None:
    assert callable(getattr(phases, phase))
    assert (getattr(phases, phase).__doc__ or "").startswith(f"Phase {vocabulary.PHASES.index(phase) + 1}")


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_public_name_is_documented(path: Path) -> None:
    module = tree(path)
    assert path.name == "__main__.py" or ast.get_docstring(module)
    undocumented = [
        what
        for what, node in public(module.body)
        if not ast.get_docstring(node)  # type: ignore[arg-type]
    ]
    assert undocumented == []


def test_the_record_of_a_round_has_an_entry_for_every_name() -> None:
    (played,) = play(tiny(), 1)
    assert played.weekly.shape == (16, len(columns.WEEKLY))
    assert played.actors.shape == (16, 6, len(columns.ACTOR_WEEKLY))


def test_the_rows_of_runs_have_the_documented_columns() -> None:
    ensemble = batch.run(tiny(), 3, workers=1, keep=("weekly",))
    gates = [f"missing_{gate}" for gate in vocabulary.GATES]
    missions = [f"tabled_{mission}" for mission in ("blue", "reassurance", "watch")]
    assert set(ensemble.runs.columns) == {*columns.RUN, *gates, *missions}
    assert list(ensemble.runs.columns)[-len(gates) - len(missions) :] == [*gates, *missions]
    assert ensemble.weekly is not None
    assert list(ensemble.weekly.columns) == ["run", *columns.WEEKLY]


def test_the_rows_of_runs_have_the_documented_order() -> None:
    ensemble = batch.run(tiny(), 3, workers=1)
    assert list(ensemble.runs.columns)[: len(columns.RUN)] == list(columns.RUN)


def test_words_of_a_vocabulary_stand_once() -> None:
    for words in (vocabulary.PHASES, vocabulary.GATES, vocabulary.CHANNELS, vocabulary.TOPICS, columns.FUNNEL):
        assert len(set(words)) == len(words)


def test_the_smallest_luck_counts_as_the_smallest_float_step_below_one() -> None:
    assert chance.TINY == 5.551115123125783e-17


def numeric(value: object) -> bool:
    if isinstance(value, tuple):
        return all(numeric(part) for part in value)
    return isinstance(value, int) or (isinstance(value, np.ndarray) and value.dtype == np.int64)


def test_the_world_but_for_its_names_is_numbers_that_compiled_code_can_read() -> None:
    world = build(baseline())
    assert numeric(tuple(world._replace(names=())))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_are_written_so_that_they_can_be_compiled(path: Path) -> None:
    for node in ast.walk(tree(path)):
        assert not isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp)
        assert not isinstance(node, ast.Lambda | ast.Starred)
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            assert not (arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults), node.name
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("any", "all", "sorted", "zip", "enumerate", "map"), node.func.id
            assert not (node.func.id in ("min", "max") and len(node.args) == 1)


HOUSE = SimpleNamespace(**runpy.run_path(str(ROOT / "tools" / "house.py")))
LOOSE = {"__init__.py", "__main__.py", "notebook.py", "py.typed", "vocabulary.py", "words.py"}
PUBLIC = {
    "sim": "Ensemble InputError Scenario backtest cases certainty compare comparisons could disagree enough explain "
    "explore flows holding_back independence leverage levers living_forecast load names nested open_ensemble plots "
    "given play replay report run sensitivity surprising sweep typical watch when why",
    "sim.batch": "DEFAULT_RUNS KEEP MARGIN_OF MOST_RUNS MOST_RUNS_UNTIL Margin default_runs run",
    "sim.ensemble": "APART GROUPS Z95 Ensemble Share open_ensemble share",
    "sim.evidence": "LIKELIHOODS LOCATOR_WORDS MANY Claim Date Evidence Likelihood Number Paragraph Pattern Range Says "
    "SourceDocument Text load seeds_home unexplained_claims used_claims",
    "sim.explorer": "explore needed",
    "sim.kernel": "MEANS CannotCompile is_warm play version",
    "sim.model": "OPEN PLEDGED Broker Contributor Host Negotiation Opponent State Trajectory",
    "sim.plots": "Film blockers calendar caption convergence differences disagree distribution enough film flows "
    "formation funnel given heatmap independence "
    "indicators inert joiners learning limits living multiples network number_shares optical_depth outcomes "
    "plausible_forecast reliability scatter stances steps story survival sweep targets together tornado tradeoff "
    "troops variance widths",
    "sim.report": "brief page pair",
    "sim.scenario": "INFORMATION Common ConsentScale Edge Event Lever LeverStep Mission OwnClaim Profile RungScale "
    "Scales Scenario ScenarioParts StageScale StanceScale Table leaves",
    "sim.story": "WIDTH events tell",
    "sim.world": "Fill Inputs LUCK_COLUMN Luck Means Particles REFERENCE World build check_table draw draw_forked "
    "input_quantiles quantiles_of whole",
}
"""What users import, by where: the names of the first version, and those that took the place of one."""


def test_the_house_has_at_most_ten_floors() -> None:
    assert max(HOUSE.floors(HOUSE.rooms(ROOT)).values()) <= 10


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert HOUSE.circles(HOUSE.rooms(ROOT)) == []
    assert HOUSE.circles(HOUSE.imports(ROOT)) == []


def test_sixteen_rooms_and_three_loose_modules_stand_in_the_package() -> None:
    there = [path for path in (ROOT / "sim").iterdir() if path.name not in ("__pycache__", "_data")]
    assert sum(path.is_dir() for path in there) <= 16
    assert {path.name for path in there if path.is_file()} == LOOSE


def test_every_room_says_what_it_is_for() -> None:
    doors = [path / "__init__.py" for path in (ROOT / "sim").iterdir() if any(path.glob("*.py"))]
    assert [name(door) for door in doors if not ast.get_docstring(tree(door))] == []


@pytest.mark.parametrize("room", PUBLIC)
def test_a_room_hands_on_the_names_that_users_import(room: str) -> None:
    # A module of the same name would hide a function or a class, so that is not what a name may lead to.
    names = {word: getattr(import_module(room), word) for word in PUBLIC[room].split()}
    assert [
        word for word, what in names.items() if isinstance(what, ModuleType) and word not in ("plots", "report")
    ] == []


def test_inside_the_house_names_come_from_the_module_that_defines_them() -> None:
    rooms = {path.name for path in (ROOT / "sim").iterdir() if any(path.glob("*.py"))}
    through = [
        (name(path), node.module, alias.name)
        for path in SOURCES
        if path.name not in ("__init__.py", "__main__.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and str(node.module).removeprefix("sim.") in rooms
        for alias in node.names
        if not (ROOT / str(node.module).replace(".", "/") / f"{alias.name}.py").exists()
    ]
    assert through == []


def test_contributing_has_a_line_for_every_room() -> None:
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text("utf-8").split())
    for path in (ROOT / "sim").iterdir():
        if any(path.glob("*.py")):
            first = str(ast.get_docstring(tree(path / "__init__.py"))).partition("\n\n")[0]
            assert f"| `{path.name}` | {' '.join(first.split())} |" in text, path.name


def test_the_picture_of_the_house_is_current() -> None:
    drawn = (ROOT / "docs" / "images" / "house.svg").read_text("utf-8")
    assert drawn == HOUSE.picture(ROOT), "run python tools/house.py --draw ."
