"""What both engines calculate with differs nowhere: between interpreters, or between an interpreter and a compiler.

Measured: ``sqrt``, ``frexp``, ``ldexp`` and the four operations agree to the last bit everywhere. ``exp`` and ``log``
of the C library differ between processors, so rules have their own; powers, other functions, sums by
``sum`` (which changed with Python 3.12), matrix products and numpy's own functions do not. Nor does the order of a set.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted((ROOT / "sim" / "rules").glob("*.py"))
KERNEL = sorted((ROOT / "sim" / "kernel").glob("*.py"))
ROWS = ROOT / "sim" / "ensemble" / "run_row.py"
MESA = sorted((ROOT / "sim" / "model").glob("*.py"))

MATH = {"frexp", "ldexp", "sqrt", "isnan", "nan", "inf", "pi"}
"""What may be taken from math: what is exact or rounded correctly. ``sim.rules.elementary`` has the rest."""
NUMPY_OF_ROWS = {"nan", "array", "int64", "float64"}
BUILTINS = {"sum", "pow", "round", "divmod", "complex"}
METHODS = {"sum", "prod", "mean", "std", "var", "dot"}
"""What NumPy adds up in an order of its own; what it cumulates it takes in order."""
OPERATORS = {ast.Pow: "**", ast.MatMult: "@"}
OPTIONS = {"fastmath", "parallel", "error_model"}
"""Options of the compiler under which it may calculate otherwise than Python."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "sim"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def arithmetic(module: ast.Module) -> list[str]:
    """Return operators and functions that differ between interpreters, in the order of the walk."""
    return [name for node in ast.walk(module) for name in (*_operator(node), *_summed(node), *_of_math(node))]


def numpys(module: ast.Module, allowed: Collection[str] = ()) -> list[str]:
    """Return what is used of numpy but for ``allowed``; importing it counts too, unless something is allowed."""
    used = [
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")
    ]
    imports = [] if allowed else [what for what in _imported(module) if what.partition(".")[0] == "numpy"]
    return [*imports, *(what for what in used if what not in allowed)]


def unordered(module: ast.Module) -> list[str]:
    """Return sets, and loops over sets and dictionaries."""
    sets = [
        ast.unparse(node) for node in ast.walk(module) if isinstance(node, ast.Set | ast.SetComp) or _made(node, _SETS)
    ]
    maps = {*_names_of_maps(module)}
    looped = [node.iter for node in ast.walk(module) if isinstance(node, ast.For | ast.comprehension)]
    return [*sets, *(ast.unparse(over) for over in looped if _is_map(over, maps))]


def options(module: ast.Module) -> list[str]:
    """Return options of the compiler under which it calculates otherwise than Python."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.keyword) and node.arg in OPTIONS:
            found.append(node.arg)
        elif isinstance(node, ast.Constant) and node.value in OPTIONS:
            found.append(node.value)
    return found


_SETS = ("set", "frozenset")
_VIEWS = ("items", "keys", "values")


def _operator(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        yield OPERATORS[type(node.op)]


def _summed(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
        yield node.func.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
        yield node.func.attr


def _of_math(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "math":
        yield from (alias.name for alias in node.names if alias.name not in MATH)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "math":
        yield from () if node.attr in MATH else (node.attr,)


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def _made(node: ast.AST, names: Collection[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def _names_of_maps(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and _is_map(node.value, ()):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _is_map(node: ast.AST, names: Collection[str]) -> bool:
    viewed = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _VIEWS
    named = isinstance(node, ast.Name) and node.id in names
    return viewed or named or isinstance(node, ast.Dict | ast.DictComp) or _made(node, ("dict",))


@pytest.mark.parametrize("path", [*RULES, ROWS, *MESA, *KERNEL], ids=name)
def test_neither_engine_uses_arithmetic_that_differs_between_interpreters(path: Path) -> None:
    assert arithmetic(tree(path)) == []


@pytest.mark.parametrize("path", RULES, ids=name)
def test_rules_use_nothing_of_numpy(path: Path) -> None:
    assert numpys(tree(path)) == []


def test_rows_use_no_arithmetic_of_numpy() -> None:
    assert numpys(tree(ROWS), NUMPY_OF_ROWS) == []


@pytest.mark.parametrize("path", [*RULES, ROWS], ids=name)
def test_what_both_engines_share_goes_through_nothing_that_has_no_order(path: Path) -> None:
    assert unordered(tree(path)) == []


@pytest.mark.parametrize("path", KERNEL, ids=name)
def test_the_compiler_may_not_calculate_otherwise_than_python(path: Path) -> None:
    assert options(tree(path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "x = y ** 2", "x **= 0.5", "x = pow(y, 2)", "x = a @ b", "x = sum(values)", "x = values.sum()", "x = round(y)",
        "x = a.dot(b)", "from math import fsum", "from math import sqrt, exp", "from math import log",
        "x = math.dist(a, b)", "x = math.gamma(y)", "x = math.pow(y, 2)",
    ],
)  # fmt: skip
def test_a_planted_line_of_such_arithmetic_is_caught(line: str) -> None:
    assert arithmetic(ast.parse(line)) != []


@pytest.mark.parametrize("line", ["x = np.exp(y)", "x = numpy.hypot(y, z)", "x = np.linalg.norm(y)", "x = np.sum(y)"])
def test_a_planted_function_of_numpy_is_caught(line: str) -> None:
    assert numpys(ast.parse(line), NUMPY_OF_ROWS) != []


@pytest.mark.parametrize("line", ["import numpy", "import numpy as np", "from numpy import exp", "import numpy.linalg"])
def test_a_planted_import_of_numpy_is_caught(line: str) -> None:
    assert numpys(ast.parse(line)) != []


@pytest.mark.parametrize(
    "line",
    [
        "for x in {1, 2}: pass", "for x in set(y): pass", "x = frozenset(y)", "x = {y for y in z}",
        "for x in y.items(): pass", "x = [y for y in z.values()]", "for x in {1: 2}: pass", "for x in dict(y): pass",
        "x = {1: 2}\nfor y in x: pass",
    ],
)  # fmt: skip
def test_a_planted_loop_without_an_order_is_caught(line: str) -> None:
    assert unordered(ast.parse(line)) != []


@pytest.mark.parametrize(
    "line", ["numba.njit(fastmath=True)", "options = {'fastmath': True}", "njit(parallel=True)(f)"]
)
def test_a_planted_option_of_the_compiler_is_caught(line: str) -> None:
    assert options(ast.parse(line)) != []


def test_innocent_lines_are_not_caught() -> None:
    lines = "x = exp(y) * y + min(y, 1.0) / sqrt(y)\nfor at in range(len(y)): x += y[at]\nz = names.get(x)\nq = np.nan"
    module = ast.parse(f"from sim.rules.elementary import exp\nfrom math import sqrt\nnames = {{1: 2}}\n{lines}")
    assert [arithmetic(module), numpys(module, NUMPY_OF_ROWS), unordered(module), options(module)] == [[]] * 4
