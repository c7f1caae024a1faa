"""TODO: one sentence."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim import words
from sim.ensemble import answer
from sim.plots.certainty import widths as widths_figure
from sim.plots.comparison import differences
from sim.plots.flows import flows
from sim.plots.outcomes import funnel, outcomes
from sim.plots.sensitivity import tornado
from sim.plots.why import blockers
from sim.report import rows
from sim.report.figures import Picture, picture
from sim.words import label

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble
    from sim.report.gathering import Dossier, Pair


TEMPLATES = Path(__file__).parent / "templates"


def page(found: Dossier) -> str:
    """Return the full report of an ensemble as HTML."""
    return _render(
        "full.html",
        found,
        figures=_figures(found),
        horizons=rows.horizons(found.ensemble),
        outcomes=rows.outcomes(found.ensemble),
        why=found.why and rows.why(found.why),
        scenario=rows.yaml_text(found.config),
        manifest=rows.manifest_text(found.ensemble),
    )


def brief(found: Dossier) -> str:
    """Return the report of an ensemble on one printed page, with two figures."""
    figures = {
        "widths": found.widths is not None and _widths(found),
        "funnel": picture("funnel", lambda: funnel(found.ensemble)),
    }
    return _render("brief.html", found, figures=figures, horizons=rows.horizons(found.ensemble))


def pair(found: Pair) -> str:
    """Return the report of two ensembles side by side as HTML."""
    names = rows.names_apart(found.a, found.b)
    sides = [
        {
            "name": name,
            "about": _about(each),
            "ensemble": each,
            "card": card,
            "question": each.manifest["question"],
            "scenario": rows.manifest_text(each),
        }
        for name, each, card in zip(names, (found.a, found.b), found.cards, strict=True)
    ]
    figures = {
        "differences": picture("differences", lambda: differences(found.differences)),
        "flows": picture("flows", lambda: flows(found.flows)),
    }
    return (
        _environment()
        .get_template("pair.html")
        .render(
            found=found,
            sides=sides,
            figures=figures,
            headlines=rows.headlines(found.a, found.b),
            differences=rows.differences(found.differences),
            changes=rows.changes(found.changes),
            **_words(),
        )
    )


def _render(template: str, found: Dossier, **more: Any) -> str:
    about = _about(found.ensemble)
    joiners = found.joiners.to_dict("index") if len(found.joiners) else {}
    moved = [] if found.assumptions is None else rows.assumptions(found.assumptions)
    return (
        _environment()
        .get_template(template)
        .render(found=found, about=about, joiners=joiners, moved=moved, **more, **_words())
    )


def _about(ensemble: Ensemble) -> dict[str, Any]:
    """Return the sentences and facts that every page tells of an ensemble."""
    return {
        "sentence": answer.sentence(ensemble),
        "strength": answer.strength(ensemble),
        "noise": answer.noise(ensemble),
        "inputs": answer.inputs(ensemble),
        "stamp": ensemble.stamp,
        "notes": [*ensemble.manifest["notes"], *(f"held open: {gate}" for gate in ensemble.manifest["relaxed"])],
        "manifest": ensemble.manifest,
        "runs": len(ensemble),
        "citation": rows.citation(ensemble),
    }


def _words() -> dict[str, Any]:
    return {"words_of_likelihood": words.words_of_likelihood(), "label": label}


def _figures(found: Dossier) -> dict[str, Picture | bool]:
    """Return the figures of the full report; where there is no table for one, False."""
    ensemble, why, ends = found.ensemble, found.why, found.ends
    return {
        "widths": found.widths is not None and _widths(found),
        "funnel": picture("funnel", lambda: funnel(ensemble)),
        "outcomes": picture("outcomes", lambda: outcomes(ensemble)),
        "blockers": why is not None and picture("blockers", lambda: blockers(why.blockers)),
        "tornado": ends is not None and picture("tornado", lambda: tornado(ends)),
    }


def _widths(found: Dossier) -> Picture | bool:
    widths, rules = found.widths, found.rules
    return widths is not None and rules is not None and picture("widths", lambda: widths_figure(widths, rules))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
