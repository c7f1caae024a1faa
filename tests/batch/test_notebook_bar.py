"""The bar that a notebook shows: when it appears, what it says, and when it is taken away."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sim.batch import notebook_bar
from sim.batch.notebook_bar import Bar, bar, with_bar

display = pytest.importorskip("IPython.display")


class Shown:
    """Stands in for a notebook: what is displayed, and how it is displayed anew; a clock that is set by hand."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.pages: list[Any] = []
        self.now = 0.0
        handle = SimpleNamespace(update=lambda html: self.pages.append(("again", html.data)))

        def first(html: Any, **options: Any) -> Any:
            self.pages.append(("first", html.data, options))
            return handle

        patch.setattr(display, "display", first)
        patch.setattr(notebook_bar, "monotonic", lambda: self.now)
        patch.setattr(notebook_bar, "in_notebook", lambda: True)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    return Shown(monkeypatch)


def test_a_bar_appears_late_says_how_far_it_is_and_is_taken_away(shown: Shown) -> None:
    with bar(400) as progress:
        assert progress is not None
        for seconds, runs in ((0.0, 10), (Bar.PATIENCE - 0.01, 10), (Bar.PATIENCE, 80), (Bar.PATIENCE + 0.01, 100)):
            shown.now = seconds
            progress(runs)
        shown.now = 10.0
        progress(300)
    left = Bar.PATIENCE * 300 / 100
    assert shown.pages == [
        ("first", f"<progress value='100' max='400'></progress> 100 of 400 runs, {left:.0f} s left",
         {"display_id": True}),
        ("again", "<progress value='400' max='400'></progress> 400 of 400 runs, 0 s left"),
        ("again", ""),
    ]  # fmt: skip


def test_a_bar_without_an_end_counts_runs_and_seconds(shown: Shown) -> None:
    with bar(None) as progress:
        assert progress is not None
        shown.now = 61.4
        progress(1_234)
    assert shown.pages[0][1] == "<progress></progress> 1,234 runs, 61 s"


def test_what_is_done_at_once_shows_no_bar(shown: Shown) -> None:
    with bar(10) as progress:
        assert progress is not None
        progress(10)
    assert shown.pages == []


def test_a_function_of_many_runs_gets_a_bar_with_the_end_that_it_has(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(**options: Any) -> Any:
        return options

    def nested(**options: Any) -> Any:
        return options

    totals = [with_bar(make)(runs=runs)["progress"]._total for make in (run, nested) for runs in (300, None)]
    assert totals == [300, None, None, None]
    own: Any = object()
    assert with_bar(run)(progress=own) == {"progress": own}
    monkeypatch.setattr(notebook_bar, "in_notebook", lambda: False)
    assert with_bar(run)(runs=3) == {"runs": 3}
    with bar(3) as progress:
        assert progress is None


@pytest.mark.parametrize(("kind", "is_one"), [("ZMQInteractiveShell", True), ("TerminalInteractiveShell", False)])
def test_a_notebook_is_told_by_its_shell(kind: str, is_one: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: type(kind, (), {})())
    assert notebook_bar.in_notebook() is is_one
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: None)
    assert not notebook_bar.in_notebook()
