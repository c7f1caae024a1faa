"""What mkdocs does here beyond its settings: pages made of other files, formulas without scripts, no other hosts."""

from __future__ import annotations

import logging
import re
from fnmatch import fnmatch
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from docstrings import as_markdown  # mkdocs looks for modules beside a hook
from latex2mathml.converter import convert  # type: ignore[import-untyped]
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks.sim")

ROOT: Final = Path(__file__).parents[1]
COPIED: Final = ("CONTRIBUTING.md", "CHANGELOG.md")
"""Pages of the site that stand at the top of the checkout."""
LINK: Final = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
FORMULA: Final = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)
LOADED: Final = re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)="((?:https?:)?//[^"]+)"')


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages made of other files, and put all pages where the navigation has a ``*``."""
    made = {name.lower(): _copied((ROOT / name).read_text("utf-8")) for name in COPIED}
    made |= {"reference/python.md": _python(), "reference/commands.md": _commands()} | _modules()
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    pages = sorted(file.src_uri for file in files.documentation_pages())
    config.nav = _expanded(config.nav, pages, set(_named(config.nav)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Make a link to a file outside the docs plain text: that file is in the checkout, not on the site."""
    return LINK.sub(lambda found: found[1] if _leaves(found[2], page.file.src_uri) else found[0], markdown)


def on_page_content(html: str, **_: Any) -> str:
    """Write formulas as MathML, which browsers show without a script."""
    return FORMULA.sub(
        lambda found: convert(unescape(found[3]).strip(), display="inline" if found[2] == "(" else "block"), html
    )


def on_post_build(config: MkDocsConfig) -> None:
    """Warn of whatever a page would load from another host."""
    for path in Path(config.site_dir).rglob("*.html"):
        for address in LOADED.findall(path.read_text("utf-8")):
            log.warning("%s loads %s", path.name, address)


def _copied(text: str) -> str:
    return text.replace("](docs/", "](")


def _leaves(link: str, page: str) -> bool:
    if re.match(r"[a-z]+:|#", link):
        return False
    target = (ROOT / "docs" / page).parent / link.partition("#")[0]
    return not target.resolve().is_relative_to(ROOT / "docs") or target.is_dir()


def _named(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [name for entry in (nav.values() if isinstance(nav, dict) else nav) for name in _named(entry)]


def _expanded(nav: Any, pages: list[str], named: set[str]) -> Any:
    """Return ``nav`` with every ``*`` replaced by the pages that nothing else names."""
    if isinstance(nav, dict):
        return {title: _expanded(inner, pages, named) for title, inner in nav.items()}
    if isinstance(nav, str):
        return nav
    found: list[Any] = []
    for entry in nav:
        if isinstance(entry, str) and "*" in entry:
            found += [page for page in pages if _fits(page, entry) and page not in named]
        else:
            found.append(_expanded(entry, pages, named))
    return found


def _fits(page: str, entry: str) -> bool:
    return fnmatch(page, entry) and page.count("/") == entry.count("/")


def _python() -> str:
    import sim

    found = {name: getattr(sim, name) for name in sim.__all__}
    rows = (f"| [`sim.{name}`][{_home(what)}] | {_first_line(what)} |" for name, what in found.items())
    head = "# Python\n\nThe names that `import sim` offers.\n\n| name | what it does |\n| --- | --- |\n"
    return head + "\n".join(rows) + "\n"


def _home(what: Any) -> str:
    return what.__name__ if isinstance(what, ModuleType) else f"{what.__module__}.{what.__qualname__}"


def _first_line(what: Any) -> str:
    return as_markdown((what.__doc__ or "").strip()).partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _commands() -> str:
    from typer.testing import CliRunner

    from sim.cli import COMMANDS, app

    def told(*words: str) -> str:
        shown = CliRunner(env={"COLUMNS": "100"}).invoke(app, [*words, "--help"], prog_name="sim").stdout
        return f"```text\n{shown.strip()}\n```\n"

    parts = [f"## sim {command}\n\n{told(command)}" for command in COMMANDS]
    return "# Commands\n\nAs `sim --help` and `sim COMMAND --help` print them.\n\n" + told() + "\n" + "\n".join(parts)


def _modules() -> dict[str, str]:
    """Return a page for each package, and one for the modules that stand in none."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "sim").rglob("*.py")):
        inner = path.relative_to(ROOT / "sim").with_suffix("").parts
        if inner[-1] == "__main__":
            continue
        package = inner[0] if len(inner) > 1 else "sim"
        found.setdefault(package, []).append(".".join(("sim", *inner)).removesuffix(".__init__"))
    return {f"reference/modules/{package}.md": _module_page(package, names) for package, names in found.items()}


def _module_page(package: str, names: list[str]) -> str:
    title = "sim" if package == "sim" else f"sim.{package}"
    return f"# {title}\n\n" + "\n".join(f"::: {name}\n" for name in names)
