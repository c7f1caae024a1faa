"""The texts of a plot that is drawn: the reader's words for names, and titles that fit their axes."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter

from sim.words import label, path_words

Labels = Mapping[str, str]


def texts_of(axes: Axes) -> list[Text]:
    """Return the texts of axes but for numbers along them, which matplotlib writes."""
    legend = axes.get_legend()
    texts = [axes.title, *axes.texts, axes.xaxis.label, axes.yaxis.label, *(legend.get_texts() if legend else ())]
    texts += [text for text in axes.get_children() if isinstance(text, Text) and text not in texts]
    for axis in (axes.xaxis, axes.yaxis):
        if is_named(axis):
            texts += axis.get_ticklabels()
    return texts


def place_title(axes: Axes, figure: Figure) -> None:
    """Break a title of one line so that it is no wider than its axes, and put it above a legend that stands there."""
    words, legend = axes.get_title(), axes.get_legend()
    if not words:
        return
    figure.draw_without_rendering()
    wide, room = float(axes.title.get_window_extent().width), float(axes.bbox.width)
    if wide > room and "\n" not in words:
        axes.title.set_text(fill(words, max(16, int(0.97 * len(words) * room / wide))))
    above = 72.0 * (legend.get_window_extent().y1 - axes.bbox.y1) / figure.dpi if legend else 0.0
    if above > 4.0:
        axes.set_title(axes.get_title(), pad=above)


def rename(axes: Axes, labels: Labels) -> None:
    """Replace a name, or the words that stand for it, by the reader's words wherever it is drawn alone."""
    if not labels:
        return
    words = {form: text for name, text in labels.items() for form in forms(name)}
    for axis in (axes.xaxis, axes.yaxis):
        _rename_axis(axis, words)
    legend = axes.get_legend()
    for text in [*axes.texts, *(legend.get_texts() if legend else ())]:
        if text.get_text() in words:
            text.set_text(words[text.get_text()])


def forms(name: str) -> tuple[str, ...]:
    """Return a name and the words that stand for it in plots."""
    return (name, label(name), label(name, proper=True), path_words(name))


def _rename_axis(axis: Axis, words: Mapping[str, str]) -> None:
    if axis.label.get_text().replace("\n", " ") in words:
        axis.label.set_text(words[axis.label.get_text().replace("\n", " ")])
    if is_named(axis):
        axis.set_ticklabels([words.get(text.get_text(), text.get_text()) for text in axis.get_ticklabels()])


def is_named(axis: Axis) -> bool:
    """Return whether an axis has words for ticks in fixed places."""
    return isinstance(axis.get_major_locator(), FixedLocator) and isinstance(
        axis.get_major_formatter(), FixedFormatter | FuncFormatter
    )
