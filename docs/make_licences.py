"""Rewrite ``docs/licences.md`` from the metadata of installed libraries: ``python docs/make_licences.py``.

Every library that ``constraints.txt`` pins is listed, those that ``pyproject.toml`` names first. One that is not
installed here (install all extras to have all) keeps the line that stands on the page.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "licences.md"
LONGEST: Final = 60
"""A licence told at greater length is its whole text; the classifiers name it then."""
HEAD: Final = """\
# Licences

The project stands under Apache-2.0. None of the libraries is shipped with it; these are the licences that they
declare in their own metadata, in the versions that `constraints.txt` pins. Written by `python docs/make_licences.py`.
"""


def plain(name: str) -> str:
    """Return a library's name as indexes compare it.

    >>> plain("Typing_Extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def direct() -> dict[str, set[str]]:
    """Return the libraries that the project asks for, and the extras that ask (``sim``: every installation)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {"sim": project["dependencies"], **project["optional-dependencies"]}
    found: dict[str, set[str]] = {}
    for extra, wanted in asked.items():
        for requirement in wanted:
            found.setdefault(plain(re.split(r"[^\w.-]", requirement)[0]), set()).add(extra)
    return found


def pinned() -> dict[str, str]:
    """Return the version of every library in ``constraints.txt``."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = (re.match(r"([\w.-]+)==([^\s;]+)", line) for line in lines)
    return {plain(pin[1]): pin[2] for pin in pins if pin}


def licence(name: str) -> str | None:
    """Return the licence that an installed library declares, or None if it is not installed."""
    try:
        told: Any = metadata(name)
    except PackageNotFoundError:
        return None
    declared = told.get("License-Expression") or told.get("License") or ""
    if declared and len(declared) <= LONGEST and "\n" not in declared:
        return declared
    classified = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or () if c.startswith("License ::")]
    return ", ".join(classified) or "not declared"


def listed(page: str) -> dict[str, str]:
    """Return the lines of a page by library."""
    return {found[1]: found[0] for found in re.finditer(r"^\| ([\w.-]+) \|.*$", page, re.MULTILINE)}


def page(before: str) -> str:
    """Return the page; what is not installed keeps its line ``before``."""
    wanted, pins, old = direct(), pinned(), listed(before)
    names = sorted(wanted.keys() | pins.keys())
    asked = [_line(name, pins, old, ", ".join(sorted(wanted[name]))) for name in names if name in wanted]
    others = [_line(name, pins, old) for name in names if name not in wanted]
    table = "\n## Asked for\n\n| library | version | licence | for |\n| --- | --- | --- | --- |\n"
    more = "\n## What these ask for\n\n| library | version | licence |\n| --- | --- | --- |\n"
    return HEAD + table + "\n".join(asked) + "\n" + more + "\n".join(others) + "\n"


def _line(name: str, pins: dict[str, str], old: dict[str, str], *extras: str) -> str:
    declared = licence(name)
    if declared is None and name in old:
        return old[name]
    return "| " + " | ".join((name, pins.get(name, "any"), declared or "not installed here", *extras)) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8") if PAGE.exists() else ""), encoding="utf-8")
