"""An ensemble as a user holds it: with plots, conditions, the answer as a sentence, and a short table in a notebook.

``sim.run`` and ``sim.open_ensemble`` hand out this one; the ensemble below it knows neither plots nor analyses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, ParamSpec, Unpack

from sim.analysis.given import Given, given
from sim.analysis.independence import independence
from sim.batch import running
from sim.ensemble import answer
from sim.ensemble import ensemble as plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plots.style import Look

Parameters = ParamSpec("Parameters")


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
            A ready one, such as ``ceasefire by week 20`` (see :data:`sim.analysis.given.READY`), an event such as
            ``"european and troops >= 25000"``, or SQL over the columns of the table of runs.
        of
            The event that the sentence is about.

        Raises
        ------
        ValueError
            If the condition is wrong, or fewer than 100 runs meet it.
        """
        return given(self, condition, of)

    def __repr__(self) -> str:
        return answer.sentence(self)

    def _repr_html_(self) -> str:
        """Return the answer sentence and a short table of likelihoods."""
        summary = self.summary()
        rows = {words: summary["groups"][group] for group, words in answer.GROUPS.items()}
        rows["ceasefire"] = summary["ceasefire"]
        cells = "".join(
            f"<tr><th style='text-align:left'>{name}</th>{_cell(share)}{_cell(share.get('given_ceasefire'))}</tr>"
            for name, share in rows.items()
        )
        head = "<tr><th></th><th>by the horizon (95% run noise)</th><th>given a ceasefire</th></tr>"
        sentences = (answer.sentence(self), answer.kind(self), answer.strength(self))
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


def _cell(share: dict[str, float] | None) -> str:
    if share is None:
        return "<td></td>"
    low, high = share["run_noise_low"], share["run_noise_high"]
    return f"<td>{share['probability']:.1%} ({low:.1%} to {high:.1%})</td>"
