"""What plots of shares of runs have in common: bars, whiskers, and the note below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import span
from sim.ensemble.shares import Share, share
from sim.plots.colours import ink
from sim.words import EVENT_WORDS, sentence


def bars(axes: Axes, names: Sequence[str], shares: Sequence[Share], colours: Sequence[str]) -> None:
    """Draw shares as bars from top to bottom, with their run noise and their values."""
    height = np.arange(len(names))[::-1]
    axes.barh(height, [100 * each.probability for each in shares], color=list(colours), height=0.7)
    axes.errorbar(
        [100 * each.probability for each in shares],
        height,
        xerr=whiskers(shares),
        fmt="none",
        ecolor=ink.dark,
        capsize=2,
    )
    for at, each in zip(height, shares, strict=True):
        axes.text(100 * each.high + 1, at, f"{100 * each.probability:.1f}", va="center", fontsize="small")
    axes.set_yticks(height, names)
    axes.set_xlim(0, min(100, 100 * max(each.high for each in shares) + 8))


def whiskers(shares: Sequence[Share]) -> list[list[float]]:
    """Return how far the run noise of shares reaches below and above, in percent."""
    below = [100 * (each.probability - each.low) for each in shares]
    return [below, [100 * (each.high - each.probability) for each in shares]]


def of_100(estimate: Share | None) -> int:
    """Return a share as a number of 100 runs; 0 for None."""
    return round(100 * estimate.probability) if estimate else 0


def note_of(ensemble: Ensemble, more: str = "", *, noise: bool = True) -> str:
    """Return the note below a figure of an ensemble: its runs, ``more``, and which width is drawn."""
    about = ensemble.manifest
    sentences = [
        stamp_sentence(ensemble.stamp),
        f"{len(ensemble):,} runs of “{about['scenario']}”, seed {about['seed']}.",
        more,
    ]
    if noise:
        sentences += [
            "Whiskers and bands: 95% run noise (Wilson) only.",
            f"Range over defensible inputs: {_inputs_range(ensemble)}.",
        ]
    return " ".join(filter(None, sentences))


def stamp_sentence(stamp: str) -> str:
    """Return a stamp such as "not baseline (...)" as a sentence of a note; empty if there is none."""
    return f"{sentence(stamp)}." if stamp else ""


def _inputs_range(ensemble: Ensemble) -> str:
    if ensemble.inputs_range is None:
        return "not computed"
    return ", ".join(
        f"{EVENT_WORDS[group]} {span(ends['p10'], ends['p90'])}" for group, ends in ensemble.inputs_range.items()
    )


def widest(runs: int) -> str:
    """Return, as a sentence, the widest run noise that a share of ``runs`` runs can have."""
    half = share(runs // 2, runs)
    return f"95% run noise of any share: at most {100 * (half.high - half.low) / 2:.1f} points either way."
