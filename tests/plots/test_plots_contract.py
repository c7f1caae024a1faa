"""The contract of all public plots: they take and return Axes as matplotlib does, and keep the reader's style."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.text import Text

from sim import plots
from sim.plots import backtest, colours, fonts
from sim.plots.colours import LEAST, contrast, ink, legible
from sim.plots.style import Look, PanelLook, root_figure, title_of
from tests.plots import gallery

NOT_PLOTS = {"Film", "film", "caption"}
PUBLIC = {name: getattr(plots, name) for name in plots.__all__ if name not in NOT_PLOTS} | {"errors": backtest.errors}
PATH = re.compile(r"\b(?:actors|network|rules|missions|common|scales)\.\w+|\w+->\w+|\b[a-z]+_[a-z_]+\b")
STYLES = ("default", "dark_background")
OTHER_STYLES = ("ggplot", "Solarize_Light2")
SAMPLE = ("outcomes", "living", "tornado", "differences", "stances", "survival")
"""Plots that are drawn in the other styles too: lines, bars, dots, bands."""


def _where(name: str, sure: bool) -> Any:
    """Return a plot as a parameter: drawn in CI if it is ``sure`` to be, else by `make thorough`."""
    return name if sure else pytest.param(name, marks=pytest.mark.thorough)


each_plot = pytest.mark.parametrize("name", sorted(gallery.LATE))
some_plots = pytest.mark.parametrize("name", [_where(name, name in SAMPLE) for name in sorted(gallery.LATE)])
in_styles = pytest.mark.parametrize(
    ("name", "style"),
    [
        pytest.param(name, style, marks=[] if style == STYLES[0] or name in SAMPLE else pytest.mark.thorough)
        for name in sorted(gallery.LATE)
        for style in (*STYLES, *OTHER_STYLES)
    ],
)


@pytest.fixture(autouse=True)
def _keep_style() -> Iterator[None]:
    with mpl.rc_context():
        yield


def all_axes(drawn: Axes | Any) -> list[Axes]:
    return list(drawn) if isinstance(drawn, np.ndarray) else [drawn]


def has_panels(name: str) -> bool:
    return "figure" in inspect.signature(gallery.drawing(name).func).parameters  # type: ignore[attr-defined]


def texts(drawn: Any) -> list[str]:
    return [text.get_text() for text in root_figure(drawn).findobj(Text) if text.get_text()]  # type: ignore[attr-defined]


def test_every_public_plot_is_in_the_gallery() -> None:
    assert {name.partition(" ")[0] for name in gallery.LATE} == set(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_plot_takes_what_every_plot_takes_and_says_so(name: str) -> None:
    parameters = inspect.signature(PUBLIC[name]).parameters
    look = PanelLook if "figure" in parameters else Look
    chosen = {each for each, parameter in parameters.items() if parameter.kind is inspect.Parameter.KEYWORD_ONLY}
    assert chosen == set(look.__annotations__)
    assert all(parameters[each].default is None for each in chosen)


@pytest.mark.slow
@each_plot
def test_a_plot_returns_its_axes_in_a_figure_that_pyplot_knows(name: str) -> None:
    drawn = gallery.drawing(name)()
    assert isinstance(drawn, np.ndarray) == has_panels(name)
    assert all(isinstance(each, Axes) for each in all_axes(drawn))
    assert plt.get_fignums() == [root_figure(drawn).number]  # type: ignore[attr-defined]
    assert title_of(drawn) and plots.caption(drawn)
    assert has_panels(name) or " ".join(drawn.get_title().split()) == title_of(drawn)


@pytest.mark.slow
@some_plots
def test_a_plot_draws_where_it_is_told_and_leaves_the_rest_of_the_figure_alone(name: str) -> None:
    if has_panels(name):
        whole = plt.figure(figsize=(16, 8), layout="constrained")
        left, right = whole.subfigures(1, 2)
        drawn = gallery.drawing(name)(figure=right)
        assert all(each.figure is right for each in drawn) and not left.axes and whole.get_suptitle() == ""
        return
    figure, (here, there) = plt.subplots(1, 2, figsize=(18, 8), layout="constrained")
    drawn = gallery.drawing(name)(ax=there)
    assert drawn is there and not here.has_data() and here.get_title() == ""
    assert figure.get_suptitle() == "" and figure.get_supxlabel() == ""
    assert plots.caption(there) and plt.get_fignums() == [figure.number]


@pytest.mark.slow
@some_plots
def test_a_reader_gives_the_title_the_words_and_the_colour(name: str) -> None:
    plain = texts(gallery.drawing(name)())
    figure = "figure" if has_panels(name) else "axes"
    drawn = gallery.drawing(name)(title="Mine", labels={"uk": "Britain", "european": "A force"}, color="#123456")
    words = texts(drawn)
    assert "Mine" in words, figure
    if "UK" in plain:
        assert "UK" not in words and "Britain" in words
    assert gallery.drawing(name)(title="") is not None


@pytest.mark.slow
@some_plots
def test_a_plot_shows_words_and_no_paths_or_ids(name: str) -> None:
    drawn = gallery.drawing(name)()
    note = " ".join(plots.caption(drawn).split())
    shown = [each for each in texts(drawn) if " ".join(each.split()) != note]
    assert [each for each in shown if PATH.search(each.replace("made_up", ""))] == []


def of_data(drawn: Any) -> Iterator[str]:
    """Yield the colours of lines that carry data, as they are seen on what lies behind."""
    for axes in all_axes(drawn):
        paper = to_hex(axes.get_facecolor())
        for line in axes.lines:
            if line.get_linestyle() not in ("None", ":", "--") and len(np.ravel(line.get_xdata())) > 1:
                yield seen(line.get_color(), line.get_alpha(), paper)
            if line.get_marker() not in ("None", "", None, " "):
                edge = seen(line.get_markeredgecolor(), line.get_alpha(), paper)
                face = seen(line.get_markerfacecolor(), line.get_alpha(), paper)
                yield max((edge, face), key=lambda colour: contrast(colour, paper))
        for lines in axes.collections:
            if isinstance(lines, LineCollection):
                # What has the colour of the paper lies on something dark, as in a story.
                over = (seen(colour, None, paper) for colour in lines.get_colors())
                yield from (colour for colour in over if colour != paper)


def seen(colour: Any, alpha: float | None, paper: str) -> str:
    red, green, blue, part = to_rgba(colour, alpha)
    return colours.mixed(to_hex((red, green, blue)), paper, part)


@pytest.mark.slow
@in_styles
def test_lines_and_words_stand_out_from_the_background_in_the_readers_style(name: str, style: str) -> None:
    plt.style.use(style)
    mpl.rcParams["axes.prop_cycle"] = mpl.rcParamsDefault["axes.prop_cycle"]  # a cycle of one's own is one's own choice
    drawn = gallery.drawing(name)()
    faint = {colour: contrast(colour, to_hex(all_axes(drawn)[0].get_facecolor())) for colour in of_data(drawn)}
    assert {colour: ratio for colour, ratio in faint.items() if ratio < LEAST - 0.01} == {}
    figure = root_figure(drawn)
    paper = to_hex(figure.get_facecolor())
    outside = [text for text in (figure._suptitle, figure._supxlabel) if text is not None]  # type: ignore[attr-defined]
    outside += [] if has_panels(name) else [drawn.title, *drawn.get_yticklabels()]
    usual = min(LEAST, contrast(to_hex(mpl.rcParams["ytick.color"]), paper))  # a style may have pale ticks of its own
    assert [text.get_text() for text in outside if contrast(to_hex(text.get_color()), paper) < usual - 0.01] == []


@pytest.mark.slow
@some_plots
def test_letters_grow_with_the_readers_and_nothing_is_cut_off(name: str) -> None:
    small = gallery.drawing(name)()
    before = root_figure(small).get_size_inches()[0]
    mpl.rcParams["font.size"] = 15
    drawn = gallery.drawing(name)()
    figure = root_figure(drawn)
    assert figure.get_size_inches()[0] == pytest.approx(1.5 * before)
    if not has_panels(name):
        assert drawn.title.get_fontsize() > small.title.get_fontsize()
    figure.draw_without_rendering()
    around, page = figure.get_tightbbox(), figure.bbox_inches
    assert around.x0 >= page.x0 - 0.05 and around.y0 >= page.y0 - 0.05
    assert around.x1 <= page.x1 + 0.05 and around.y1 <= page.y1 + 0.05


def test_a_style_with_a_cycle_of_its_own_gives_the_colours() -> None:
    with plt.style.context({"axes.prop_cycle": mpl.cycler(color=["#111111", "#222222", "#333333"])}):
        assert (ink.blue, ink.sky, ink.orange) == ("#111111", "#222222", "#333333")
        assert ink.red == to_hex(colours.HUES["red"]), "what says less likely keeps its meaning"
        assert ink.series(4) == ["#111111", "#222222", "#333333", "#111111"]


@pytest.mark.parametrize("colour", [*colours.HUES.values(), *colours.STAGES])
@pytest.mark.parametrize("paper", ["#ffffff", "#000000", "#e5e5e5", "#eee8d5", "#7f7f7f"])
def test_a_colour_is_moved_until_it_stands_out(colour: str, paper: str) -> None:
    assert contrast(legible(colour, paper), paper) >= LEAST
    if contrast(colour, paper) >= LEAST:
        assert legible(colour, paper) == to_hex(colour)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_a_palette_is_the_name_of_a_colormap_a_list_or_roles() -> None:
    with colours.painted(None, ["#010101", "#020202"]):
        assert ink.series(2) == ["#010101", "#020202"]
    with colours.painted(None, "tab10"):
        assert ink.blue == to_hex(mpl.colormaps["tab10"](0))
    with colours.painted("red", {"red": "navy"}):
        assert (ink.blue, ink.red) == ("#ff0000", "#000080")


@pytest.mark.parametrize(
    ("palette", "message"),
    [("no_such", "is no colormap of matplotlib"), ({"purple": "red"}, "'purple' is no role; allowed: blue, sky")],
)
def test_a_palette_that_is_none_is_refused_with_what_is_allowed(palette: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.network(gallery.sim.leverage(gallery.baseline()), palette=palette)


def test_a_reader_may_still_write_over_the_title() -> None:
    axes = plots.outcomes(gallery.ensemble())
    axes.set_title("Another")
    assert axes.get_title() == "Another"


# --- letters ---


def test_cyrillic_is_drawn_as_it_stands() -> None:
    figure, axes = plt.subplots()
    text = axes.set_title("Що буде, якщо Київ погодиться")
    assert fonts.fit([text]) == "" and text.get_text() == "Що буде, якщо Київ погодиться"
    assert figure is text.figure


def test_a_font_that_lacks_letters_gets_one_that_has_them_beside_it(recwarn: pytest.WarningsRecorder) -> None:
    mpl.rcParams["font.family"] = "cmr10"
    figure, axes = plt.subplots()
    text = axes.set_title("Київ")
    assert fonts.fit([text]) == "" and text.get_text() == "Київ"
    assert len(text.get_fontfamily()) > 1
    figure.canvas.draw()
    assert [str(each.message) for each in recwarn if "lyph" in str(each.message) and "Київ" in str(each.message)] == []


def test_letters_that_no_font_has_are_noted_plainly_and_without_a_warning(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(fonts, "_fonts_for", lambda letters: ())
    axes = plots.outcomes(gallery.ensemble(), labels={"no_ceasefire": "没有停火"})
    root_figure(axes).canvas.draw()
    assert "▯ stands for letters that no font installed here has (4 of them)" in plots.caption(axes)
    assert "▯▯▯▯" in [each.get_text() for each in axes.get_yticklabels()]
    assert "▯ stands for" in " ".join(root_figure(axes).get_supxlabel().split())
    assert [each for each in recwarn if "lyph" in str(each.message)] == []


def test_a_dollar_in_a_name_starts_no_formula() -> None:
    axes = plots.outcomes(gallery.ensemble(), labels={"no_ceasefire": "costs $5 or $6"})
    root_figure(axes).canvas.draw()
    assert not any(text.get_parse_math() for text in axes.get_yticklabels())


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_word_that_is_none_of_its_arguments_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=r"\(\) has no argument 'figsize'; .*a size is that of the axes"):
        PUBLIC[name](figsize=(3, 3))
    with pytest.raises(TypeError, match=r"has no argument 'tittle'; did you mean 'title'\?"):
        PUBLIC[name](tittle="x")


@pytest.mark.parametrize("given", [3, "axes", np.array([1, 2])])
def test_what_is_no_axes_or_figure_is_refused_by_name(given: Any) -> None:
    with pytest.raises(TypeError, match=r"ax is one Axes, such as plt.subplots\(\)\[1\], got "):
        plots.outcomes(gallery.ensemble(), ax=given)
    with pytest.raises(TypeError, match=r"figure is one Figure, such as plt.figure\(\), got "):
        plots.multiples([gallery.ensemble()], figure=given)
    with pytest.raises(TypeError, match=r"labels is one Mapping, such as \{\"no ceasefire\": .*, got "):
        plots.outcomes(gallery.ensemble(), labels=given)


def test_a_table_in_the_place_of_what_it_came_from_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"outcomes\(\) takes Ensemble, got a DataFrame: give what the table came from"):
        plots.outcomes(gallery.ensemble().runs)
    with pytest.raises(TypeError, match=r"blockers\(\) takes Why, got a DataFrame"):
        plots.blockers(gallery.ensemble().runs)  # type: ignore[arg-type]
