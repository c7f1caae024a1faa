"""Measures how a checkout is built, and draws its rooms: ``python tools/house.py [BEFORE] AFTER``.

Prints a Markdown table, a column for each checkout named. ``python tools/house.py --draw CHECKOUT`` writes
``docs/images/house.svg`` there: rooms by floor, and the imports between them. Imports inside functions and under
``TYPE_CHECKING`` count like all others.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median

import networkx as nx

Graph = Mapping[str, set[str]]
OUTSIDE = {"__init__", "__main__"}
"""Loose modules that are doors into the house, not rooms: both name what stands in them."""
WIDE, HIGH, ROW, LEFT = 124, 34, 84, 20


def modules(checkout: Path) -> dict[str, ast.Module]:
    """Return the modules of the package by dotted name; a folder's ``__init__`` has the folder's."""
    trees = {}
    for path in sorted((checkout / "sim").rglob("*.py")):
        parts = path.relative_to(checkout).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        trees[name] = ast.parse(path.read_text("utf-8"))
    return trees


def imports(checkout: Path) -> dict[str, set[str]]:
    """Return, by module, the modules of the package that it imports."""
    trees = modules(checkout)
    return {name: set(_imported(tree, trees)) - {name} for name, tree in trees.items()}


def _imported(tree: ast.Module, known: Mapping[str, object]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else str(node.module)


def room(module: str) -> str:
    """Return the folder below ``sim`` that a module stands in, or the loose module itself.

    >>> room("sim.world.draws"), room("sim.words"), room("sim")
    ('world', 'words', '__init__')
    """
    return [*module.split("."), "__init__"][1]


def rooms(checkout: Path) -> dict[str, set[str]]:
    """Return, by room, the rooms that it imports from; doors are left out."""
    graph: dict[str, set[str]] = {}
    for module, others in imports(checkout).items():
        graph.setdefault(room(module), set()).update(map(room, others))
    return {name: graph[name] - {name} - OUTSIDE for name in sorted(graph) if name not in OUTSIDE}


def circles(graph: Graph) -> list[list[str]]:
    """Return the groups of nodes that reach each other, largest first.

    >>> circles({"a": {"b"}, "b": {"a"}, "c": {"a"}})
    [['a', 'b']]
    """
    groups = nx.strongly_connected_components(_digraph(graph))
    return sorted((sorted(group) for group in groups if len(group) > 1), key=lambda group: (-len(group), group))


def floors(graph: Graph) -> dict[str, int]:
    """Return the floor of each node: 1 where it imports nothing, else one above the highest it imports.

    The members of a circle stand on one floor.

    >>> floors({"a": {"b"}, "b": set(), "c": {"a", "b"}})
    {'a': 2, 'b': 1, 'c': 3}
    """
    whole = nx.condensation(_digraph(graph))
    height: dict[int, int] = {}
    for group in reversed(list(nx.topological_sort(whole))):
        height[group] = 1 + max((height[below] for below in whole.successors(group)), default=0)
    return {name: height[whole.graph["mapping"][name]] for name in graph}


def _digraph(graph: Graph) -> nx.DiGraph:
    made = nx.DiGraph()
    made.add_nodes_from(graph)
    made.add_edges_from((name, other) for name in graph for other in sorted(graph[name]))
    return made


def measures(checkout: Path) -> dict[str, str]:
    """Return what is measured of a checkout, as text."""
    paths = sorted((checkout / "sim").rglob("*.py"))
    lines, tested = _lines(paths), sum(_lines((checkout / "tests").rglob("*.py")))
    files, inside = imports(checkout), rooms(checkout)
    functions = [node for tree in modules(checkout).values() for node in _functions(tree)]
    bodies = sorted(_body(node) for node in functions)
    hints = [hint for node in functions for hint in _hints(node)]
    public = [node for node in functions if not node.name.startswith("_")]
    circular = circles(files)
    return {
        "lines of code": f"{sum(lines):,}",
        "modules": str(len(paths)),
        "rooms": str(sum(path.is_dir() and any(path.glob("*.py")) for path in (checkout / "sim").iterdir())),
        "rooms and loose modules": str(len(inside)),
        "floors": str(max(floors(inside).values())),
        "arrows between rooms": str(sum(map(len, inside.values()))),
        "arrows between modules": str(sum(map(len, files.values()))),
        "circles (files in them)": f"{len(circular)} ({sum(map(len, circular))})",
        "function body, median / p90": f"{median(bodies):g} / {bodies[int(0.9 * len(bodies))]}",
        "module lines, median / largest": f"{median(lines):g} / {max(lines)}",
        "parameters and returns with hints": f"{sum(hints) / len(hints):.1%}",
        "public functions documented": f"{sum(map(bool, map(ast.get_docstring, public))) / len(public):.1%}",
        "lines of tests per line of code": f"{tested / sum(lines):.2f}",
    }


def _lines(paths: Iterable[Path]) -> list[int]:
    return [len(path.read_text("utf-8").splitlines()) for path in paths]


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - first[0].lineno + 1 if first else 0


def _hints(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[bool]:
    arguments = node.args
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if each.arg not in ("self", "cls"):
            yield each.annotation is not None
    yield node.returns is not None


def table(checkouts: list[Path]) -> str:
    """Return the measures of one checkout, or of one before and one after, as a Markdown table."""
    columns = [measures(checkout) for checkout in checkouts]
    heads = ["before", "after"] if len(columns) == 2 else ["now"]
    rows = [("", *heads), ("---", *["---:"] * len(heads))]
    rows += [(name, *(column[name] for column in columns)) for name in columns[0]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def picture(checkout: Path) -> str:
    """Return the rooms of a checkout as SVG: the floors above each other, and an arrow for what is not implied."""
    graph = rooms(checkout)
    level = floors(graph)
    top = max(level.values())
    by_floor = {floor: [name for name in graph if level[name] == floor] for floor in range(1, top + 1)}
    widest = max(map(len, by_floor.values()))
    width, height = LEFT * 2 + widest * WIDE, (top - 1) * ROW + HIGH + 2 * LEFT
    place = {
        name: (width / 2 + (at - (len(names) - 1) / 2) * WIDE, LEFT + (top - floor) * ROW + HIGH / 2)
        for floor, names in by_floor.items()
        for at, name in enumerate(names)
    }
    implied = nx.transitive_reduction(_digraph(graph)) if not circles(graph) else _digraph(graph)
    drawn = [_arrow(*place[name], *place[other]) for name, other in sorted(implied.edges)]
    drawn += [_box(name, *place[name]) for name in sorted(place)]
    return _SVG.format(width=width, height=height, drawn="\n".join(drawn))


def _arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    start, end, bend = y + HIGH / 2, to_y - HIGH / 2 - 3, (to_y - y) / 3
    curve = f"M{x:g} {start:g} C{x:g} {start + bend:g} {to_x:g} {end - bend:g} {to_x:g} {end:g}"
    return f'<path d="{curve}" fill="none" stroke="#8a94a6" stroke-width="1.3" marker-end="url(#tip)"/>'


def _box(name: str, x: float, y: float) -> str:
    wide = WIDE - 20
    corner = f'x="{x - wide / 2:g}" y="{y - HIGH / 2:g}" width="{wide}" height="{HIGH}" rx="6"'
    words = f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle">{name}</text>'
    return f'<rect {corner} fill="#e8eef7" stroke="#33507a"/>{words}'


_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
font-family="sans-serif" font-size="14" fill="#1b2a41">
<title>The rooms of sim by floor; each imports from those below it</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
<path d="M0 0 L8 4 L0 8 z" fill="#8a94a6"/></marker></defs>
<rect width="100%" height="100%" fill="#ffffff"/>
{drawn}
</svg>
"""


def main(words: list[str]) -> None:
    """Print the table of the checkouts named, or draw one."""
    if words[:1] == ["--draw"]:
        checkout = Path(words[1] if words[1:] else ".")
        (checkout / "docs" / "images" / "house.svg").write_text(picture(checkout), encoding="utf-8")
    else:
        print(table([Path(word) for word in words or ["."]]))


if __name__ == "__main__":
    main(sys.argv[1:])
