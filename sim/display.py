"""An ensemble as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim import answer

if TYPE_CHECKING:
    from sim.ensemble import Ensemble, Share


def ensemble_html(ensemble: Ensemble) -> str:
    """Return the answer sentence and a short table of likelihoods."""
    asked = {"European force": "european", "any deployment": "deployed", "ceasefire": "ceasefire"}
    rows = {
        name: (ensemble.share(what), None if what == "ceasefire" else ensemble.share(what, given="ceasefire"))
        for name, what in asked.items()
    }
    cells = "".join(
        f"<tr><th style='text-align:left'>{name}</th>{''.join(f'<td>{_cell(found)}</td>' for found in shares)}</tr>"
        for name, shares in rows.items()
    )
    head = "<tr><th></th><th>by the horizon (95% run noise)</th><th>given a ceasefire</th></tr>"
    said = "".join(f"<p>{escape(each)}</p>" for each in (answer.sentence(ensemble), answer.strength(ensemble)))
    return f"{said}<table>{head}{cells}</table>"


def _cell(found: Share | None) -> str:
    if found is None:
        return ""
    return f"{found.probability:.1%} ({found.low:.1%} to {found.high:.1%})"
