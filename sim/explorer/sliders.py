"""Sliders for a few numbers of a scenario beside its forecast, in a cell of a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import notebook
from sim.analysis.compare import differences
from sim.batch import running
from sim.ensemble.results import Differences
from sim.ensemble.summary import GROUPS
from sim.notebook import Ensemble
from sim.reading.errors import InputError, suggestion
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import load
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from sim.words import label, path_words

if TYPE_CHECKING:
    from ipywidgets import HTML, SelectionSlider, VBox

AS_CONFIGURED = "as configured"
STEPS = 11
"""Values of a slider over a number's range, beside leaving it as configured."""
RUNS = 1_000
Value = float | str
Choices = Mapping[str, Sequence[float | str]] | Sequence[str]


class Play:
    """Sliders and a forecast, as :func:`play` returns it. A notebook shows it; :meth:`set` moves a slider from code.

    Attributes
    ----------
    reference, scenario
        The scenario as it was given, and as the sliders stand.
    ensemble
        Its runs as the sliders stand.
    sliders
        By path.
    widget
        What is shown.
    """

    def __init__(self, scenario: Scenario, choices: Mapping[str, list[Value]], runs: int, seed: int, of: str) -> None:
        import ipywidgets

        self.reference, self.scenario, self._runs, self._seed, self._of = scenario, scenario, runs, seed, of
        self._played: dict[tuple[tuple[str, Value], ...], tuple[Scenario, Ensemble]] = {}
        self.error = ""
        self._first = self.ensemble = self._play()
        sliders: dict[str, SelectionSlider] = {path: _slider(path, values) for path, values in choices.items()}
        self.sliders = MappingProxyType(sliders)
        self._page: HTML = ipywidgets.HTML()
        back = ipywidgets.Button(description="as configured", tooltip="Move all sliders back")
        back.on_click(lambda _: self.reset())
        for slider in self.sliders.values():
            slider.observe(lambda _: self._moved(), names="value")
        left = ipywidgets.VBox([*self.sliders.values(), back], layout={"min_width": "26em", "margin": "0 2em 0 0"})
        self.widget: VBox = ipywidgets.HBox([left, self._page])
        self._quiet = False
        self._show()

    @property
    def changes(self) -> dict[str, Value]:
        """What the sliders change, by path; those left as configured are not among it."""
        return {path: each.value for path, each in self.sliders.items() if each.value != AS_CONFIGURED}

    @property
    def differences(self) -> Differences:
        """What changes from the scenario as it was given, run by run under the same luck."""
        return differences(self._first, self.ensemble, self._of)

    @property
    def html(self) -> str:
        """The forecast as it is shown."""
        return str(self._page.value)

    def set(self, path: str, value: Value = AS_CONFIGURED) -> Play:
        """Move a slider, to a value that it has, or back to where the number is as configured.

        Raises
        ------
        ValueError
            If there is no such slider, or it has no such value.
        """
        if path not in self.sliders:
            raise ValueError(f"there is no slider for {path!r}; there are: {', '.join(self.sliders)}")
        values = [each for _, each in self.sliders[path].options]
        if value not in values:
            raise ValueError(f"{path}: {value!r} is not on the slider; allowed: {', '.join(map(str, values))}")
        self.sliders[path].value = value
        return self

    def reset(self) -> Play:
        """Move all sliders back to where numbers are as configured, and show that forecast."""
        self._quiet = True
        for slider in self.sliders.values():
            slider.value = AS_CONFIGURED
        self._quiet = False
        self._moved()
        return self

    def _moved(self) -> None:
        if self._quiet:
            return
        self._page.value = f"<p>running {self._runs:,} runs …</p>{self._page.value}"
        try:
            self.error = ""
            self.ensemble = self._play()
        except (InputError, ValueError) as fault:  # such as an order among numbers that no longer holds
            self.error = str(fault)
        self._show()

    def _play(self) -> Ensemble:
        """Return the runs of the scenario as the sliders stand; those played before are remembered."""
        changes = self.changes if hasattr(self, "sliders") else {}
        key = tuple(sorted(changes.items()))
        if key not in self._played:
            scenario = self.reference.change(changes, assumption="sliders") if changes else self.reference
            ensemble = notebook.Ensemble.of(running.run(scenario, self._runs, self._seed))
            self._played[key] = (scenario, ensemble)
        self.scenario, ensemble = self._played[key]
        return ensemble

    def _show(self) -> None:
        self._page.value = _html(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        moved = ", ".join(f"{path_words(path)}: {value}" for path, value in self.changes.items()) or AS_CONFIGURED
        return f"{moved}. {self.differences.sentence}"


@takes_whole_numbers
def play(
    scenario: Scenario | str | Path = "baseline",
    numbers: Choices = ("actors.us.backstop.offers.at_least", "common.european_mood"),
    *,
    runs: int = RUNS,
    seed: int = 1,
    of: str = "european",
) -> Play:
    """Return sliders for some numbers of a scenario beside its forecast, which is run again when one is moved.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    numbers
        Paths, as ``sim show`` lists them; a path that leads to several numbers stands for all of them. A number gets
        values over the range that it may be drawn from, a choice its words. A mapping names the values of each.
    runs, seed
        Of each forecast. All have the same luck, so that differences are known better than the forecasts.
    of
        The event that the first row is about.

    Raises
    ------
    InputError
        If there is no such scenario or it has mistakes.
    ValueError
        If a path leads to no number, or ipywidgets is not installed.
    """
    if find_spec("ipywidgets") is None:
        raise ValueError("sliders need ipywidgets, which is not installed; pip install -e '.[notebooks]' adds it")
    known = scenario if isinstance(scenario, Scenario) else load(scenario)
    return Play(known, _choices(known, numbers), runs, seed, of)


def _choices(scenario: Scenario, numbers: Choices) -> dict[str, list[Value]]:
    if isinstance(numbers, str):
        numbers = [numbers]
    given: dict[str, Sequence[float | str]] = dict(numbers) if isinstance(numbers, Mapping) else {}
    choices: dict[str, list[Value]] = {}
    wrong = []
    for name in numbers:
        paths = [path for path in scenario.leaves if path == name or path.startswith(f"{name}.")]
        if not paths:
            wrong.append(f"{name!r} is no number of {scenario.name}; {suggestion(name, list(scenario.leaves))}")
        for path in paths:
            choices[path] = [AS_CONFIGURED, *(given.get(name) or _values(scenario.leaves[path].prior))]
    if wrong:
        raise ValueError("; ".join(wrong))
    if not choices:
        raise ValueError("name at least one number, such as 'common.european_mood'")
    return choices


def _values(prior: Prior) -> list[float | str]:
    """Return the values of a slider: the words of a choice, else even steps over what can be drawn or is allowed."""
    if prior.words:
        return list(prior.words)
    low, high = (prior.low, prior.high) if prior.uncertain else _around(prior)
    return [float(f"{value:.3g}") for value in np.linspace(low, high, STEPS)]


def _around(prior: Prior) -> tuple[float, float]:
    """Return a range around a number that is fixed: half to twice as much, within what is allowed."""
    value, (least, most) = prior.low, prior.allowed
    low, high = sorted((value / 2, value * 2)) if value else (-1.0, 1.0)
    return max(low, least), min(high, most)


def _slider(path: str, values: Sequence[Value]) -> SelectionSlider:
    import ipywidgets

    options = [(_shown(value), value) for value in dict.fromkeys(values)]
    wide = {"width": "26em"}
    return ipywidgets.SelectionSlider(
        options=options,
        value=AS_CONFIGURED,
        description=path_words(path),
        tooltip=path,
        continuous_update=False,
        style={"description_width": "14em"},
        layout=wide,
    )


def _shown(value: float | str) -> str:
    return label(value) if isinstance(value, str) else f"{value:g}"


def _html(play: Play) -> str:
    """Return the forecast beside the sliders: before and now, their difference with its run noise, and outcomes."""
    result = play.differences
    table = result.table
    rows = dict.fromkeys(("ceasefire", *GROUPS, result.of))
    words = {result.of: result.what}
    lines = [_row(words.get(name, label(name)), table.loc[name]) for name in rows if name in table.index]
    ends = [
        _row(label(name.partition(".")[2]), table.loc[name])
        for name in table.index
        if name.startswith("outcome.") and max(table.loc[name, ["a", "b"]]) >= 0.005
    ]
    head = "<tr><th></th><th>as configured</th><th>now</th><th>points (95% run noise)</th><th></th></tr>"
    note = f"{len(play.ensemble):,} runs of “{escape(play.reference.name)}”, seed {play._seed}, same luck."
    error = f"<p role='alert'><b>Not possible:</b> {escape(play.error)}</p>" if play.error else ""
    return f"{error}<table>{head}{''.join(lines)}<tr><td colspan='5'><hr></td></tr>{''.join(ends)}</table><p>{note}</p>"


def _row(words: str, row: Any) -> str:
    before, now = 100 * float(row["a"]), 100 * float(row["b"])
    points = f"{100 * row['difference']:+.1f} ({100 * row['low']:+.1f} to {100 * row['high']:+.1f})"
    shows = row["low"] > 0 or row["high"] < 0
    bar = (
        f"<div style='width:12em;border-left:1px solid #808080'><div style='height:.5em;width:{before:.1f}%;"
        f"background:#808080'></div><div style='height:.5em;width:{now:.1f}%;background:#0072B2'></div></div>"
    )
    cells = f"<td>{before:.1f}%</td><td><b>{now:.1f}%</b></td><td>{points if shows else 'no difference shown'}</td>"
    return f"<tr><th style='text-align:left'>{escape(words)}</th>{cells}<td>{bar}</td></tr>"
