"""``sim report``: an ensemble on one self-contained page, or two side by side."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.changes import require_event
from sim.cli.common import fail, interruptible, progress, refusals, say, tell, writable
from sim.cli.ensemble_folder import head_of, opened
from sim.cli.options import AnySeed, FirstRuns, Folder, Of, Set, expanded
from sim.words import day as day_in_words

Other = Annotated[str | None, typer.Argument(metavar="[B]", help="A second one, set beside the first.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=expanded,
        help="Where the page goes; default report.html, or brief.html.",
    ),
]
Observations = Annotated[
    Path | None, typer.Option("--observations", metavar="FILE", help="What was seen since; docs/how-to/update.md.")
]
Brief = Annotated[bool, typer.Option("--brief", help="One printed page for one who decides, in brief.html.")]
Author = Annotated[str, typer.Option("--author", metavar="NAME", help="Who signs the brief.")]
Day = Annotated[str, typer.Option("--date", metavar="DATE", help="Day of the brief; default today.")]


def report(
    folder: Folder = None,
    other: Other = None,
    output: Output = None,
    of: Of = "european",
    brief: Brief = False,
    author: Author = "",
    date: Day = "",
    observations: Observations = None,
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
) -> None:
    """Write the report of an ensemble, one page without scripts; of two, what changes from the first to the second."""
    from sim.ensemble import answer, atomic_files
    from sim.report import gathering
    from sim.report import html as pages

    if brief and other is not None:
        fail("--brief goes with one ensemble")
    if observations is not None and (brief or other is not None):
        fail("--observations goes with the full report of one ensemble")
    if (author or date) and not brief:
        fail("--author and --date go with --brief")
    output = output or Path("brief.html" if brief else "report.html")
    _check(output)
    if brief and is_full_report(output):
        fail(f"{output}: a full report stands there, which a brief does not replace; -o names another file")
    day = _day(date)
    first, _ = opened(folder, runs, seed, sets)
    second = opened(other, runs, seed)[0] if other is not None else None
    for each in filter(None, (first, second)):
        require_event(of, tuple(each.manifest["groups"]))
    with refusals():
        options: dict[str, Any] = {"of": of, "brief": brief, "observations": observations}
        total = gathering.runs_played(first, **options) if second is None else gathering.runs_of_pair(first, second)
    with refusals(), interruptible(), progress(total, "runs") as advance:
        if second is not None:
            both = gathering.pair(first, second, of=of, tell=tell, progress=advance)
            sentence, html = both.differences.sentence, pages.pair(both)
        else:
            dossier = gathering.dossier(first, **options, tell=tell, progress=advance)
            sentence, html = answer.sentence(first), pages.brief(dossier, author, day) if brief else pages.page(dossier)
    atomic_files.put(output, html)
    head_of(first)
    say(sentence)
    tell(f"report written to {output}")


def is_full_report(file: Path) -> bool:
    """Return whether a full report stands in a file."""
    if not file.is_file():
        return False
    return b'<body class="full">' in file.read_bytes()


def _day(text: str) -> str:
    """Return a day such as 2025-03-03 as it stands in the head of a brief: 3 March 2025; today if none is given."""
    try:
        return day_in_words(text or datetime.date.today().isoformat())
    except ValueError:
        fail(f"--date: expected a day such as 2025-03-03, got {text!r}")


def _check(file: Path) -> None:
    """Fail in a line, before anything runs, if no page can be written to ``file``."""
    if file.suffix.lower() not in (".html", ".htm"):
        fail(f"{file}: expected a file that ends in .html")
    writable(file)
