"""A report and a story as a notebook shows them: a page in a frame, and a run as a figure above its words."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sim.batch import running
from sim.batch.notebook_bar import bar
from sim.ensemble import answer, atomic_files
from sim.ensemble.ensemble import Ensemble, open_ensemble
from sim.ensemble.part_records import holds_ensemble
from sim.ensemble.results import Replay
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story import narrative
from sim.story import replay as story

if TYPE_CHECKING:
    from sim.plots.animation import Film

Known = Scenario | str | Path
"""A scenario, or the name or path of one."""


def report(
    runs: Ensemble | Known,
    other: Ensemble | Known | None = None,
    file: Path | str | None = None,
    *,
    of: str = "european",
    brief: bool = False,
    count: int | None = None,
    seed: int = 1,
) -> Page:
    """Return the report of an ensemble, a scenario or a folder of runs; of two, what changes from the first.

    A notebook shows the page; with ``file`` it is written, too. A scenario is run first, ``count`` times. The full
    report of one takes about a minute.

    Raises
    ------
    ValueError
        If there is nothing to report, or two ensembles have no run in common.
    """
    from sim.report import gathering
    from sim.report import html as pages

    first = _ensemble(runs, count, seed)
    with bar(None) as progress:
        if other is None:
            dossier = gathering.dossier(first, of=of, brief=brief, progress=progress)
            text = pages.brief(dossier) if brief else pages.page(dossier)
        else:
            both = gathering.pair(first, _ensemble(other, count, seed), of=of, progress=progress)
            text = pages.pair(both)
    page = Page(text, answer.sentence(first))
    if file is not None:
        page.save(file)
    return page


@takes_whole_numbers
def replay(scenario: Known, seed: int = 1, run: int = 0) -> Story:
    """Return one run of a scenario again, the same as in every batch of that seed, as a story that shows itself.

    Its tables are those of :func:`sim.story.replay.replay`.

    Raises
    ------
    ValueError
        If the scenario has mistakes.
    """
    known = scenario if isinstance(scenario, Scenario) else load(scenario)
    plain_replay = story.replay(known, seed, run)
    tables = {field.name: getattr(plain_replay, field.name) for field in fields(plain_replay)}
    return Story(**tables, played=known)


def _ensemble(runs: Ensemble | Known, count: int | None, seed: int) -> Ensemble:
    if isinstance(runs, Ensemble):
        return runs
    if isinstance(runs, str | Path) and holds_ensemble(runs):
        return open_ensemble(runs)
    with bar(count) as progress:
        return running.run(runs, count, seed, progress=progress)


@dataclass(frozen=True, eq=False)
class Story(Replay):
    """One run that shows itself: as a figure and in words in a notebook, in words when printed.

    ``played`` is its scenario.
    """

    played: Scenario = field(kw_only=True)

    @property
    def text(self) -> str:
        """The story in words, as ``sim replay`` prints it."""
        return narrative.tell(self.played, self.seed, self.run)

    def film(self, every: int = 1) -> Film:
        """Return the network over the run; see :func:`sim.plots.film`."""
        from sim.plots.animation import film
        from sim.world.network import leverage

        return film(self, leverage(self.played), every)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from sim.plots.replay import story as draw
        from sim.report.figures import picture

        svg = picture(f"run{self.run}", lambda: draw(self)).svg
        return f"<div style='max-width:60em'>{svg}</div><pre style='white-space:pre-wrap'>{escape(self.text)}</pre>"


@dataclass(frozen=True, eq=False, repr=False)
class Page:
    """A report as HTML that a notebook shows in a frame; ``html`` is its text, ``sentence`` the answer."""

    html: str
    sentence: str

    def save(self, file: Path | str) -> Path:
        """Write the page, whole or not at all, and return the file."""
        path = Path(file)
        atomic_files.put(path, self.html)
        return path

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return f"<iframe srcdoc='{escape(self.html)}' style='width:100%;height:40em;border:1px solid #808080'></iframe>"
