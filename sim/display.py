"""An ensemble as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim import answer

if TYPE_CHECKING:
    from sim.ensemble import Ensemble


def ensemble_html(ensemble: Ensemble) -> str:
    """Return the answer sentence and a short table of likelihoods."""
    said = ensemble.summary()
    rows = {
        "European force": said["groups"]["european"],
        "any deployment": said["groups"]["deployed"],
        "ceasefire": said["ceasefire"],
    }
    cells = "".join(
        f"<tr><th style='text-align:left'>{name}</th>{_cell(found)}{_cell(found.get('given_ceasefire'))}</tr>"
        for name, found in rows.items()
    )
    head = "<tr><th></th><th>by the horizon (95% run noise)</th><th>given a ceasefire</th></tr>"
    lines = "".join(f"<p>{escape(each)}</p>" for each in (answer.sentence(ensemble), answer.strength(ensemble)))
    return f"{lines}<table>{head}{cells}</table>"


def _cell(found: dict[str, float] | None) -> str:
    if found is None:
        return "<td></td>"
    low, high = found["run_noise_low"], found["run_noise_high"]
    return f"<td>{found['probability']:.1%} ({low:.1%} to {high:.1%})</td>"
