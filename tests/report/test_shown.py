"""What a notebook shows by itself: a story, a report, comparisons of many, ranges, bars of progress."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from IPython.display import HTML
from nbclient import NotebookClient

import sim
from sim.batch import notebook_bar
from sim.ensemble.results import Differences, ManyDifferences, Replay
from sim.plots.animation import FFMpegWriter
from sim.report.shown import Story
from sim.story import replay as plain
from sim.story import tell
from tests.worlds import baseline, tiny

MOOD = "actors.usa.disposition"


@pytest.fixture(scope="module")
def story() -> Story:
    return sim.replay(tiny(), seed=3, run=2)


def test_a_story_is_a_replay_with_the_same_tables_that_shows_itself(story: Story) -> None:
    same = plain.replay(tiny(), 3, 2)
    assert isinstance(story, Replay)
    for name in ("weekly", "stages", "events"):
        pd.testing.assert_frame_equal(getattr(story, name), getattr(same, name))
    assert str(story) == story.text == tell(tiny(), 3, 2)
    shown = story._repr_html_()
    assert "<svg" in shown and "<pre" in shown and story.events["event"].iloc[0] is not None


def test_a_film_goes_over_every_week_and_is_saved_as_gif_and_html(story: Story, tmp_path: Path) -> None:
    film = story.film(every=8)
    weeks = len(story.weekly)
    assert len(film) == len({*range(0, weeks, 8), weeks - 1})
    assert film.save(tmp_path / "run.gif", dpi=30).read_bytes().startswith(b"GIF8")
    page = film.save(tmp_path / "run.html", dpi=30).read_text("utf-8")
    assert page.count("data:image/png;base64") == len(film) and 'src="http' not in page
    assert "<div" in film._repr_html_()
    with pytest.raises(ValueError, match=r"run\.avi: a film ends in \.gif, \.mp4, \.html"):
        film.save(tmp_path / "run.avi")
    with pytest.raises(ValueError, match="every must be at least 1 week, got 0"):
        story.film(every=0)


def test_without_ffmpeg_a_film_goes_to_html_with_a_warning(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda _: False))
    with pytest.warns(UserWarning, match="ffmpeg is not installed here"):
        assert story.film(every=20).save(tmp_path / "run.mp4", dpi=30) == tmp_path / "run.html"


def test_two_scenarios_are_compared_in_full_and_more_in_one_table() -> None:
    far, near = tiny().change({MOOD: 3}, name="far"), tiny().change({MOOD: -3}, name="near")
    two = sim.compare(tiny(), far, 300, 2, of="ceasefire", design=(0, 0))
    assert isinstance(two, Differences) and (two.runs, two.seed) == (300, 2)
    many = sim.compare(tiny(), far, near, runs=300, seed=2, of="ceasefire", design=(0, 0))
    assert isinstance(many, ManyDifferences) and set(many.table.index) == {"far", "near"}
    assert many.table.loc["far", "difference"] == two.table.loc["ceasefire", "difference"]
    assert many.table["difference"].is_monotonic_decreasing
    assert [each.b for each in many.each] == list(many.table.index)
    assert many.sentence.startswith("Beside tiny, a ceasefire is, by 300 paired runs each, ")


def test_a_condition_is_asked_of_an_ensemble_a_scenario_or_a_folder(tmp_path: Path) -> None:
    ensemble = sim.run(tiny(), 400, seed=1, out=tmp_path / "runs")
    asked = [sim.given(ensemble, "ceasefire"), sim.given(tiny(), "ceasefire", count=400),
             sim.given(tmp_path / "runs", "ceasefire")]  # fmt: skip
    assert len({each.sentence for each in asked}) == 1


def test_a_report_shows_itself_and_is_written_whole(tmp_path: Path) -> None:
    ensemble = sim.run(tiny(), 200, seed=1)
    page = sim.report(ensemble, sim.run(tiny().change({MOOD: 3}), 200, seed=1), tmp_path / "pair.html")
    assert (tmp_path / "pair.html").read_text("utf-8") == page.html and page.html.startswith("<!DOCTYPE html>")
    assert page._repr_html_().startswith("<iframe srcdoc='&lt;!DOCTYPE") and str(page) == page.sentence


def test_an_ensemble_computes_its_ranges_on_request_and_once() -> None:
    ensemble = sim.run(baseline(), 100, seed=1)
    assert ".with_ranges() adds them" in ensemble._repr_html_()
    same = ensemble.with_ranges(design=(4, 20), theory=40)
    assert same is ensemble and ensemble.inputs_range is not None and ensemble.theory_range is not None
    assert ensemble.inputs_range["european"]["draws"] == 4 and ensemble.theory_range["european"]["runs"] == 40
    kept = ensemble.inputs_range
    assert ensemble.with_ranges().inputs_range is kept
    assert "of 4 draws" in ensemble._repr_html_()
    assert "with_ranges" not in ensemble._repr_html_()


def test_outside_a_notebook_functions_are_as_they_stand_and_show_nothing() -> None:
    code = "import sim; from sim.analysis.sweep import sweep; print(sim.sweep is sweep)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"
    with notebook_bar.bar(10) as progress:
        assert progress is None


def test_a_bar_knows_its_end_and_is_gone_when_the_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(notebook_bar, "in_notebook", lambda: True)

    class Handle:
        def update(self, html: HTML) -> None:
            drawn.append(html.data)

    def display(html: HTML, display_id: bool) -> Handle:
        drawn.append(html.data)
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(notebook_bar.Bar, "PATIENCE", 0.0)
    monkeypatch.setattr(notebook_bar.Bar, "PAUSE", 0.0)
    sim.run(tiny(), 10, seed=1, progress=None)
    assert drawn == [], "progress=None is one's own wish"
    notebook_bar.with_bar(sim.run)(tiny(), 10, seed=1)
    notebook_bar.with_bar(sim.run)(tiny(), runs=10, seed=1)
    assert "<progress></progress> 10 runs" in drawn[0]
    assert any("10 of 10 runs, 0 s left" in each for each in drawn) and drawn[1] == drawn[-1] == ""


@pytest.mark.slow
def test_in_a_kernel_bars_sliders_stories_and_ensembles_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    cells = [
        "import sim\nfrom sim.batch import notebook_bar\nnotebook_bar.Bar.PATIENCE = 0.0\nsim.run('baseline', 3000)",
        "sim.play('baseline', ['common.european_mood'], runs=100)",
        "sim.replay('baseline', run=72)",
        "sim.plots.outcomes(sim.run('baseline', 100))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])  # type: ignore[no-untyped-call]
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    kinds = [{kind for output in cell.outputs for kind in output.get("data", {})} for cell in notebook.cells]
    assert all("text/html" in kinds[at] for at in (0, 2)) and len(notebook.cells[0].outputs) == 2
    assert "application/vnd.jupyter.widget-view+json" in kinds[1] and "image/png" in kinds[3]
    pictures = [output for output in notebook.cells[3].outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 1, "a figure is shown once"
