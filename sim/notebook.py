"""An ensemble as a user holds it: with plots, conditions, the answer as a sentence, and a short table in a notebook.

``sim.run`` and ``sim.open_ensemble`` hand out this one; the ensemble below it knows neither plots nor analyses. Beside
it stands what the command line has and a notebook shows: comparisons of many, a condition, a report, a story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar, Unpack, overload

import pandas as pd

from sim.analysis import forecast, nested, rival_rules
from sim.analysis import given as analysis_given
from sim.analysis.compare import CompareOptions, comparisons, several
from sim.analysis.export import export
from sim.analysis.forecast import Design
from sim.analysis.given import Given
from sim.analysis.independence import independence
from sim.batch import from_manifest, running
from sim.batch.notebook_bar import bar
from sim.batch.played_again import actor_weeks
from sim.batch.running import RunOptions
from sim.ensemble import answer
from sim.ensemble import ensemble as plain
from sim.ensemble.part_records import holds_ensemble
from sim.ensemble.results import Differences, ManyDifferences
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plots.style import Look

Parameters = ParamSpec("Parameters")
Made = TypeVar("Made")


class Ensemble(plain.Ensemble):
    """The result of a batch. Shown in a notebook, it gives the answer as a sentence and a short table.

    Tables, counts and files are those of :class:`sim.ensemble.ensemble.Ensemble`.
    """

    @classmethod
    def of(cls, ensemble: plain.Ensemble) -> Ensemble:
        """Return an ensemble with plots, conditions and its answer; it shares the tables of the one given."""
        return ensemble.as_kind(cls)

    @property
    def plot(self) -> Plots:
        """Plots of this ensemble: ``ensemble.plot.outcomes()`` and so on; see :mod:`sim.plots`."""
        return Plots(self)

    def given(self, condition: str, of: str = "european") -> Given:
        """Return what follows if a condition comes true.

        Parameters
        ----------
        condition
            A ready one, such as ``ceasefire by week 20`` (:data:`sim.analysis.ready_conditions.READY`), an event such
            as ``"european and troops >= 25000"``, or SQL over the columns of the table of runs.
        of
            The event that the sentence is about.

        Raises
        ------
        ValueError
            If the condition is wrong, or fewer than 100 runs meet it.
        """
        return analysis_given.given(self, condition, of)

    def with_ranges(self, design: Design | None = None, theory: int | None = None) -> Ensemble:
        """Compute the ranges over inputs and over rival rules where they are missing, and return this ensemble.

        Parameters
        ----------
        design
            Draws of the inputs and runs of each; by default 1,600 x 25 as ``sim run`` has, for Mesa 20 x 20.
        theory
            Runs under each rival rule; by default 5,000, for Mesa as many as there are, at most 200.

        Raises
        ------
        ValueError
            If these runs cannot be played again here, or the design has one draw or one run a draw.
        """
        if self.inputs_range is not None and self.theory_range is not None:
            return self
        scenario, seed = from_manifest.replayable(self), int(self.manifest["seed"])
        mesa = self.manifest["engine"] == "mesa"
        options: RunOptions = {"engine": self.manifest["engine"], "relaxed": self.manifest["relaxed"]}
        if self.inputs_range is None:
            shape = design or ((20, 20) if mesa else (nested.DRAWS, nested.LUCK))
            with bar(shape[0] * shape[1]) as progress:
                options["progress"] = progress
                over = forecast.inputs_range(scenario, shape, seed, **options)
                self.inputs_range = None if over is None else dict(over)
        if self.theory_range is None:
            runs = theory or (min(len(self), 200) if mesa else rival_rules.RUNS)
            own = self if len(self) >= runs else None
            with bar(None) as progress:
                options["progress"] = progress
                rules = rival_rules.theory_range(scenario, runs, seed, own=own, **options)
                self.theory_range = dict(rules)
        return self

    def actor_weeks(self, runs: Iterable[int] | None = None) -> pd.DataFrame:
        """Return every contributor's stage, readiness and troops in every week of some runs, played again for it.

        Parameters
        ----------
        runs
            Numbers of runs, such as ``range(100)``; by default all, which takes as long as the batch took.

        Raises
        ------
        ValueError
            If a number is not among the runs, or they cannot be played again here.
        """
        return pd.concat(actor_weeks(self, runs), ignore_index=True)

    def export(self, target: Path | str, kind: str | None = None, tables: Sequence[str] = ("runs", "actors")) -> Path:
        """Write tables as ``xlsx``, ``csv``, ``parquet`` or ``json``, with codebook, labels, scenario and seed.

        See :func:`sim.analysis.export.export`.
        """
        return export(self, target, kind, tables)

    def __repr__(self) -> str:
        return answer.sentence(self)

    def _repr_html_(self) -> str:
        """Return the answer sentence and a short table of likelihoods, with the ranges where they are computed."""
        summary = self.summary()
        rows = {words: summary["groups"][group] for group, words in answer.group_words(self.names).items()}
        rows["ceasefire"] = summary["ceasefire"]
        cells = "".join(
            f"<tr><th style='text-align:left'>{name}</th>{_cell(share)}{_cell(share.get('given_ceasefire'))}</tr>"
            for name, share in rows.items()
        )
        head = "<tr><th></th><th>by the horizon (95% run noise)</th><th>given a ceasefire</th></tr>"
        ranges = {answer.inputs: self.inputs_range, answer.theory: self.theory_range}
        known = [words(self) for words, over in ranges.items() if over is not None]
        missing = [] if len(known) == len(ranges) else ["Ranges over inputs and rival rules: .with_ranges() adds them."]
        sentences = (answer.sentence(self), answer.kind(self), *known, *missing, answer.strength(self))
        lines = "".join(f"<p>{escape(each)}</p>" for each in sentences)
        return f"{lines}<table>{head}{cells}</table>"


class Plots:
    """The plots of one ensemble, as ``ensemble.plot``: each method draws the function of its name in ``sim.plots``."""

    # matplotlib takes a third of a second to import, which a command that draws nothing need not wait for.

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble

    def outcomes(self, **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.outcomes`."""
        from sim.plots.outcomes import outcomes

        return outcomes(self.ensemble, **look)

    def funnel(self, **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.funnel`."""
        from sim.plots.outcomes import funnel

        return funnel(self.ensemble, **look)

    def formation(self, **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.formation`."""
        from sim.plots.outcomes import formation

        return formation(self.ensemble, **look)

    def troops(self, voices: Mapping[str, float] | None = None, **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.troops`."""
        from sim.plots.outcomes import troops

        return troops(self.ensemble, voices, **look)

    def joiners(self, **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.joiners`."""
        from sim.plots.contributors import joiners

        return joiners(self.ensemble, **look)

    def stances(self, **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.stances`."""
        from sim.plots.contributors import stances

        return stances(self.ensemble, **look)

    def given(self, condition: str, of: str = "european", **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.given` for a condition; see :meth:`Ensemble.given`."""
        from sim.plots.given import given

        return given(self.ensemble.given(condition, of).shares, **look)

    def independence(self, **look: Unpack[Look]) -> Axes:
        """Draw :func:`sim.plots.independence`."""
        from sim.plots.independence import independence as figure

        return figure(independence(self.ensemble), **look)


def _shown(make: Callable[Parameters, plain.Ensemble]) -> Callable[Parameters, Ensemble]:
    """Return a function that hands out what ``make`` returns with plots, conditions and its answer."""

    @wraps(make)
    def shown(*args: Parameters.args, **options: Parameters.kwargs) -> Ensemble:
        return Ensemble.of(make(*args, **options))

    return shown


run = _shown(running.run)
open_ensemble = _shown(plain.open_ensemble)
Known = Scenario | str | Path
"""A scenario, or the name or path of one."""


if TYPE_CHECKING:

    @overload
    def compare(
        a: Known, b: Known, /, runs: int | None = None, seed: int = 1, **options: Unpack[CompareOptions]
    ) -> Differences: ...
    @overload
    def compare(
        *scenarios: Known, runs: int | None = None, seed: int = 1, **options: Unpack[CompareOptions]
    ) -> ManyDifferences: ...


def compare(
    *scenarios: Known | int | None, runs: int | None = None, seed: int = 1, **options: Unpack[CompareOptions]
) -> Differences | ManyDifferences:
    """Return what changes from the first scenario to another, or to each of several, paired by common random numbers.

    Of two, see :func:`sim.analysis.compare.compare`, whose options all are. Of more, the table has a row a scenario:
    the event's share there, and its difference from the first; ``each`` holds the differences in full.

    >>> sim.compare("baseline", "berlin_stops_waiting", "more_troops")  # doctest: +SKIP

    Raises
    ------
    ValueError
        As :func:`sim.analysis.compare.compare`.
    """
    known = [each for each in scenarios if isinstance(each, Scenario | str | Path)]
    numbers = [each for each in scenarios if not isinstance(each, Scenario | str | Path)]
    if any(isinstance(each, plain.Ensemble) for each in numbers):
        raise TypeError("a comparison plays scenarios anew, under the same luck: give their names, not ensembles")
    if len(numbers) > 2:
        raise ValueError(f"after the scenarios come runs and seed, got {len(numbers)} numbers")
    if numbers and runs is not None:
        raise TypeError("compare() got multiple values for argument 'runs'")
    if numbers:  # as they stand in a call of two scenarios
        runs = numbers[0]
    if len(numbers) == 2 and numbers[1] is not None:  # 0 is a seed, too
        seed = numbers[1]
    results = [each.differences for each in comparisons(known, runs, seed, **options)]
    return results[0] if len(results) == 1 else several(results)


def given(
    runs: plain.Ensemble | Known, condition: str, of: str = "european", *, count: int | None = None, seed: int = 1
) -> Given:
    """Return what follows in an ensemble, a scenario or a folder of runs if a condition comes true.

    ``condition`` and ``of`` are those of :meth:`Ensemble.given`; a scenario is run first, ``count`` times.

    Raises
    ------
    ValueError
        As :meth:`Ensemble.given`.
    """
    return analysis_given.given(_ensemble(runs, count, seed), condition, of)


def _ensemble(runs: plain.Ensemble | Known, count: int | None, seed: int) -> Ensemble:
    if isinstance(runs, plain.Ensemble):
        return Ensemble.of(runs)
    if isinstance(runs, str | Path) and holds_ensemble(runs):
        return open_ensemble(runs)
    with bar(count) as progress:
        return run(runs, count, seed, progress=progress)


def _cell(share: dict[str, float] | None) -> str:
    if share is None:
        return "<td></td>"
    low, high = share["run_noise_low"], share["run_noise_high"]
    return f"<td>{share['probability']:.1%} ({low:.1%} to {high:.1%})</td>"
