"""Which few files of tests a developer would run after a change of one module: by the mirror of rooms, and by imports.

First come those that are named after the module; then those that keep what its room shows, those of its room that
import it, those that keep what other rooms show of it, those of other rooms that import it, and the rest of its room.
In each group those come first that have a word of its name, then the nearest, by imports, then the file that imports
the fewest: it is the most about this one.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOME = Path(__file__).parents[1]
OF_SHOWN = "test_as_"
"""How files begin that keep what is shown, drawn, printed or told."""
OF_PAGES = "tests/project/test_docs.py"
"""It holds the pages of docs that list what parts of a config declare."""
_SLOW = "pytestmark = pytest.mark.slow"
_ELSEWHERE = 2
"""So many files that keep what other rooms show come before those that only import."""
_FAR = 99


def near(file: str, most: int = 6) -> list[str]:
    """Return the files of tests that are nearest to a file of the package, at most so many."""
    room, stem = Path(file).parts[1], Path(file).stem
    ranked, declares = [], " Field(" in (HOME / file).read_text("utf-8")
    for test in sorted(path.relative_to(HOME).as_posix() for path in (HOME / "tests").rglob("test_*.py")):
        away = distances(test).get(file, _FAR)
        named = Path(test).stem.removeprefix("test_")
        own_room, shown = f"/{room}/" in test, Path(test).stem.startswith(OF_SHOWN)
        own_name = stem in (named, named.rstrip("s"), f"{named}s") or named == f"{room}_{stem}"
        if test == OF_PAGES and declares:
            ranked.append((0, True, 0, away, 0, test))
        if away == _FAR or _SLOW in (HOME / test).read_text("utf-8"):
            continue
        group = (
            0 if own_name
            else 1 if own_room and (shown or away == 1)
            else 2 if shown and away <= 3
            else 3 if away == 1
            else 4 if own_room
            else 5
        )  # fmt: skip
        alike = _parts(stem) & _parts(named) - {room}
        ranked.append((group, not shown, -len(alike), away, len(imports(test)), test))
    by_group = [[test for of, *_, test in sorted(ranked) if of == group] for group in range(6)]
    by_group[2], more = by_group[2][:_ELSEWHERE], by_group[2][_ELSEWHERE:]
    return [test for group in (*by_group, more) for test in group][:most]


def _parts(name: str) -> set[str]:
    return {word.rstrip("s") for word in name.split("_")}


@cache
def distances(file: str) -> dict[str, int]:
    """Return, by file of the package, over how many imports a file leads to it; what a package hands on costs none."""
    away, waiting = {file: 0}, deque([file])
    while waiting:
        at = waiting.popleft()
        for other in sorted(imports(at)):
            step = 0 if Path(at).stem == "__init__" or (at.startswith("tests/") and at != file) else 1
            if away[at] + step < away.get(other, _FAR):
                away[other] = away[at] + step
                (waiting.append if step else waiting.appendleft)(other)
    return away


@cache
def imports(file: str) -> frozenset[str]:
    """Return the files that a file imports, wherever in it; of the package itself those that it takes names from."""
    tree = ast.parse((HOME / file).read_text("utf-8"))
    names = set(_names(tree))
    if file == "sim/__init__.py":
        return frozenset()
    if file == "sim/cli/__init__.py":
        names |= {f"sim.cli.{path.stem}" for path in (HOME / "sim" / "cli").glob("*.py")}
    return frozenset(path for path in map(_path, names) if path and path != file)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            for each in node.names:
                yield (
                    f"{node.module}.{each.name}"
                    if node.module != "sim"
                    else public().get(each.name, f"sim.{each.name}")
                )
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sim":
            yield public().get(node.attr, "")


@cache
def public() -> dict[str, str]:
    """Return, by name that ``sim`` hands on, the module that it comes from."""
    import sim

    return dict(sim._HOMES)


def _path(name: str) -> str:
    """Return the file of a module, or "" if it is none of this project."""
    base = name.replace(".", "/")
    if not name.startswith(("sim.", "tests.")):
        return ""
    return next((each for each in (f"{base}.py", f"{base}/__init__.py") if (HOME / each).is_file()), "")
