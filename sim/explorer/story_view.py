"""One run as a figure and in words, and which run comes next by how typical or surprising it is."""

from __future__ import annotations

from markupsafe import Markup

from sim.analysis.typical_runs import surprising, typical
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Replay
from sim.explorer import html
from sim.explorer.html import Drawn
from sim.explorer.run_cache import SEED
from sim.plots import replay
from sim.scenario.scenario import Scenario
from sim.story import narrative
from sim.words import label

_LISTS = ("week ", "Drawn ")


def story(scenario: Scenario, play: Replay, run: int, why: str) -> Drawn:
    """Return a run: why it was chosen, the figure, the words."""
    picture, blocks = html.drawn(replay.story(play)), paragraphs(narrative.tell(scenario, SEED, run))
    page = html.render("story", run=run, name=scenario.name, why=why, blocks=blocks, figure=picture.html)
    return Drawn(page, picture.figure)


def paragraphs(text: str) -> list[list[str]]:
    r"""Return a story's blocks, each a list of paragraphs, its wrapped lines joined again.

    >>> paragraphs("A head\n\nweek 1:  It began,\n         and went on.\n")
    [['A head'], ['week 1:  It began, and went on.']]
    """
    head, *blocks = text.strip().split("\n\n")
    listed = [head, *(block for block in blocks if block.startswith(_LISTS))]
    return [_joined(block) if block in listed else [" ".join(block.split())] for block in (head, *blocks)]


def _joined(block: str) -> list[str]:
    """Join lines into sentences: a line that does not end one continues in the next."""
    lines: list[str] = []
    for line in block.splitlines():
        begins = not lines or line.lstrip().startswith(("- ", "week ")) or lines[-1].endswith((".", ":", "?"))
        lines = [*lines, line.strip()] if begins else [*lines[:-1], f"{lines[-1]} {line.strip()}"]
    return lines


def choosing(ensemble: Ensemble | None) -> Markup:
    """Return the controls that choose a run; without runs, only by number."""
    counts = ensemble.outcomes() if ensemble else {}
    some = sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name])
    return html.render("choosing", outcomes=[(name, f"{label(name)} ({counts[name]:,} runs)") for name in some])


def next_run(ensemble: Ensemble, kind: str, outcome: str | None, at: int) -> tuple[int, str]:
    """Return the number of the run at place ``at`` of the most typical or surprising, and a sentence that says so.

    Raises
    ------
    ValueError
        If no run has the outcome, or there are too few runs.
    """
    result = typical(ensemble, outcome) if kind == "typical" and outcome else surprising(ensemble)
    ranking = result.table
    row = ranking.iloc[at % len(ranking)]
    place = f"number {at % len(ranking) + 1} of {len(ranking):,}"
    if kind == "typical":
        return int(row["run"]), f"Typical of “{label(str(outcome))}”: {place}, the nearest to the median first."
    return int(row["run"]), (
        f"Surprising: {place}; of runs with much the same inputs, {row['likelihood']:.1%} ended so "
        f"({label(str(row['outcome']))})."
    )
