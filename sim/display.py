"""Scenario and ensemble as a notebook shows them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim import answer

if TYPE_CHECKING:
    from sim.config import Scenario
    from sim.ensemble import Ensemble


def ensemble_html(ensemble: Ensemble) -> str:
    """Return the answer sentence and a short table of likelihoods."""
    rows = []
    for group in ("european", "deployed"):
        plain, given = ensemble.share(group), ensemble.share(group, given="ceasefire")
        rows.append([f"{group} force" if group == "european" else "any deployment", plain, given])
    rows.append(["ceasefire", ensemble.share("ceasefire"), None])
    cells = "".join(
        f"<tr><th style='text-align:left'>{name}</th>{''.join(f'<td>{_cell(found)}</td>' for found in shares)}</tr>"
        for name, *shares in rows
    )
    head = "<tr><th></th><th>by the horizon (95% run noise)</th><th>given a ceasefire</th></tr>"
    return f"<p>{escape(answer.sentence(ensemble))}</p><p>{escape(answer.strength(ensemble))}</p><table>{head}{cells}</table>"


def scenario_html(scenario: Scenario) -> str:
    """Return the question, and how many numbers rest on what."""
    uncertain = sum(leaf.prior.uncertain for leaf in scenario.leaves.values())
    facts = (
        f"{len(scenario.parts.actors)} actors, {len(scenario.parts.network)} edges, {len(scenario.parts.missions)} missions; "
        f"{len(scenario.leaves)} numbers, {uncertain} of them uncertain; {scenario.parts.horizon_weeks} weeks from {scenario.parts.start}"
    )
    return f"<p><b>{escape(scenario.name)}</b>: {escape(scenario.question)}</p><p>{escape(facts)}</p>"


def _cell(found: object) -> str:
    if found is None:
        return ""
    return f"{found.probability:.1%} ({found.low:.1%} to {found.high:.1%})"  # type: ignore[attr-defined]
