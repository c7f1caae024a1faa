"""The explorer opened from Python, and the check that what it is made with is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sim.reading.files import current_folder

if TYPE_CHECKING:
    from sim.explorer.page import Page
    from sim.scenario.scenario import Scenario


def explore(scenario: Scenario | str | Path = "baseline") -> Page:
    """Return a page to look at a scenario, move its levers and export what comes of it; a notebook's cell shows it.

    ``sim explore`` serves the same page to a browser.

    Raises
    ------
    InputError
        If there is no such scenario or it has mistakes.
    ValueError
        If Panel is not installed.
    FileNotFoundError
        If the current folder was removed.
    """
    needed()
    current_folder()  # refuses one that was removed, in which Panel cannot be imported
    from sim.explorer.page import in_notebook

    return in_notebook(scenario)


def needed() -> None:
    """Raise ValueError if the library that shows pages is not installed."""
    if find_spec("panel") is None:
        raise ValueError("the explorer needs panel, which is not installed; pip install -e '.[explorer]' adds it")
