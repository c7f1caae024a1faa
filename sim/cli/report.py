"""``sim report``: an ensemble on one self-contained page, or two side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.changes import require_event
from sim.cli.common import fail, interruptible, progress, refusals, say, tell, whole, writable
from sim.cli.ensemble_folder import head_of, opened
from sim.cli.options import AnySeed, FirstRuns, Folder, Of, Set, expanded

Other = Annotated[str | None, typer.Argument(metavar="[B]", help="A second one, set beside the first.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", callback=expanded, help="Where the page goes.")]
Observations = Annotated[
    Path | None, typer.Option("--observations", metavar="FILE", help="What was seen since; docs/how-to/update.md.")
]
Brief = Annotated[bool, typer.Option("--brief", help="One printed page with two figures.")]


def report(
    folder: Folder = None,
    other: Other = None,
    output: Output = Path("report.html"),
    of: Of = "european",
    brief: Brief = False,
    observations: Observations = None,
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
) -> None:
    """Write the report of an ensemble, one page without scripts; of two, what changes from the first to the second."""
    from sim.ensemble import answer
    from sim.report import gathering
    from sim.report import html as pages

    if brief and other is not None:
        fail("--brief goes with one ensemble")
    if observations is not None and (brief or other is not None):
        fail("--observations goes with the full report of one ensemble")
    _check(output)
    first, _ = opened(folder, runs, seed, sets)
    second = opened(other, runs, seed)[0] if other is not None else None
    for each in filter(None, (first, second)):
        require_event(of, each.manifest["groups"])
    with refusals(), interruptible(), progress(None, "runs") as advance:
        if second is not None:
            both = gathering.pair(first, second, of=of, tell=tell, progress=advance)
            sentence, html = both.differences.sentence, pages.pair(both)
        else:
            dossier = gathering.dossier(
                first, of=of, brief=brief, observations=observations, tell=tell, progress=advance
            )
            sentence, html = answer.sentence(first), pages.brief(dossier) if brief else pages.page(dossier)
    with whole(output) as aside:
        aside.write_text(html, encoding="utf-8")
    head_of(first)
    say(sentence)
    tell(f"report written to {output}")


def _check(file: Path) -> None:
    """Fail in a line, before anything runs, if no page can be written to ``file``."""
    if file.suffix.lower() not in (".html", ".htm"):
        fail(f"{file}: expected a file that ends in .html")
    writable(file)
