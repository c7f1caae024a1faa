"""A report as an HTML page: of one ensemble in full or in brief, or of two side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.ensemble import answer
from sim.ensemble.likelihood_words import exactly, words_of_likelihood
from sim.plots.certainty import widths as widths_figure
from sim.plots.comparison import differences
from sim.plots.flows import flows
from sim.plots.living import indicators
from sim.plots.living import living as living_figure
from sim.plots.outcomes import funnel, outcomes
from sim.plots.sensitivity import tornado
from sim.plots.why import blockers
from sim.report import brief_figures, brief_rows, living_rows, rows
from sim.report.figures import Picture, picture
from sim.words import day, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.ensemble.ensemble import Ensemble
    from sim.report.gathering import Dossier, Pair


TEMPLATES = Path(__file__).parent / "templates"


_SEEN = "As things were seen"
CONTENTS = (
    "What exactly is asked",
    "How sure",
    _SEEN,
    "How far runs get",
    "How runs end",
    "By when, and given a ceasefire",
    "Who joins, under which condition",
    "What blocks",
    "What moves it",
    "The top ten assumptions",
    "One typical failure, one typical success",
    "What was imposed rather than found",
    "What the probabilities mean and do not mean",
    "Method",
    "To cite",
    "Appendix A: the scenario",
    "Appendix B: the manifest",
)
"""Headings of the full report, in order."""


class Numbered(NamedTuple):
    """A figure of the full report, and its number there."""

    number: int
    picture: Picture


def page(dossier: Dossier) -> str:
    """Return the full report of an ensemble as HTML: contents, numbered figures, the scenario in an appendix."""
    drawings = _figures(dossier)
    numbers = {name: at for at, name in enumerate(filter(drawings.get, drawings), start=1)}
    figures = {name: drawing and Numbered(numbers[name], drawing) for name, drawing in drawings.items()}
    return _render(
        "full.html",
        dossier,
        figures=figures,
        contents=[title for title in CONTENTS if title != _SEEN or dossier.living or "living" in dossier.gaps],
        values=rows.values_text(dossier.config),
        horizons=rows.horizons(dossier.ensemble, dossier.of),
        outcomes=rows.outcomes(dossier.ensemble),
        apart=rows.apart(dossier.ensemble),
        rules=dossier.rules and rows.rival_rules(dossier.rules),
        why=dossier.why and rows.why(dossier.why, dossier.ensemble.names),
        living=dossier.living and living_rows.living(dossier.living.update),
        watch=dossier.living and dossier.living.watch and living_rows.indicators(dossier.living.watch),
        scenario=rows.yaml_text(dossier.config),
        manifest=rows.manifest_text(dossier.ensemble),
        manifest_short=rows.manifest_text(dossier.ensemble, rows.IN_THE_BODY),
    )


def brief(dossier: Dossier, author: str = "", date: str = "") -> str:
    """Return the brief of an ensemble: one printed page for a decision maker, with two pictures.

    ``author`` and ``date`` stand in its head where they are given. It names no path, no file and no symbol.
    """
    ensemble = dossier.ensemble
    names = {str(actor): str(row["name"]) for actor, row in dossier.joiners.to_dict("index").items()}
    return _render(
        "brief.html",
        dossier,
        author=author,
        date=date,
        information=day(ensemble.manifest["start"]),
        ends=brief_figures.ends(ensemble),
        timing=brief_figures.timing(ensemble),
        headline=brief_rows.headline(dossier),
        answers={
            "What kind, and how large": brief_rows.kind(ensemble),
            "When": brief_rows.timing(ensemble),
            "After a ceasefire": brief_rows.truce(ensemble),
        },
        senders=brief_rows.senders(ensemble, names),
        levers=dossier.levers and brief_rows.levers(dossier.levers),
        no_levers=brief_rows.NO_LEVERS,
        watch=dossier.watch and brief_rows.signs(dossier.watch),
        until=dossier.watch and day(dossier.watch.day),
        missing=brief_rows.missing(ensemble),
        sure=list(brief_rows.sure(dossier)),
    )


def pair(both: Pair) -> str:
    """Return the report of two ensembles side by side as HTML."""
    names = rows.names_apart(both.a, both.b)
    sides = [
        {
            "name": name,
            "about": _about(each),
            "ensemble": each,
            "card": card,
            "question": each.manifest["question"],
            "scenario": rows.manifest_text(each),
        }
        for name, each, card in zip(names, (both.a, both.b), both.cards, strict=True)
    ]
    figures = {
        "differences": picture("differences", lambda: differences(both.differences)),
        "flows": picture("flows", lambda: flows(both.flows)),
    }
    return (
        _environment()
        .get_template("pair.html")
        .render(
            pair=both,
            sides=sides,
            figures=figures,
            headlines=rows.headlines(both.a, both.b),
            differences=rows.differences(both.differences),
            changes=rows.changes(both.changes),
            **_words(),
        )
    )


def _render(template: str, dossier: Dossier, **more: Any) -> str:
    about = _about(dossier.ensemble)
    joiners = dossier.joiners.to_dict("index") if len(dossier.joiners) else {}
    assumed = [] if dossier.assumptions is None else rows.assumptions(dossier.assumptions)
    return (
        _environment()
        .get_template(template)
        .render(dossier=dossier, about=about, joiners=joiners, assumed=assumed, **more, **_words())
    )


def _about(ensemble: Ensemble) -> dict[str, Any]:
    """Return the sentences and facts about an ensemble that every page shows."""
    return {
        "sentence": answer.sentence(ensemble),
        "strength": answer.strength(ensemble),
        "kind": answer.kind(ensemble),
        "theory": answer.theory(ensemble),
        "troops_left": answer.troops_left(ensemble),
        "noise": answer.noise(ensemble),
        "inputs": answer.inputs(ensemble),
        "stamp": ensemble.stamp,
        "notes": [*ensemble.manifest["notes"], *(f"held open: {gate}" for gate in ensemble.manifest["relaxed"])],
        "manifest": ensemble.manifest,
        "runs": len(ensemble),
        "citation": rows.citation(ensemble),
    }


def _words() -> dict[str, Any]:
    return {"words_of_likelihood": words_of_likelihood(), "label": label, "exactly": exactly}


def _figures(dossier: Dossier) -> dict[str, Picture | None]:
    """Return the figures of the full report, in the order of its pages; None where there is no table for one."""
    ensemble, why, ends, moved = dossier.ensemble, dossier.why, dossier.ends, dossier.living
    watch = moved.watch if moved is not None else None
    draws: dict[str, Callable[[], Axes] | bool] = {
        "widths": _widths(dossier),
        "living": moved is not None and (lambda: living_figure(moved.update)),
        "watch": watch is not None and (lambda: indicators(watch)),
        "funnel": lambda: funnel(ensemble),
        "outcomes": lambda: outcomes(ensemble),
        "blockers": why is not None and (lambda: blockers(why)),
        "tornado": ends is not None and (lambda: tornado(ends)),
    }
    return {name: picture(name, draw) if callable(draw) else None for name, draw in draws.items()}


def _widths(dossier: Dossier) -> Callable[[], Axes] | bool:
    widths, rules = dossier.widths, dossier.rules
    if widths is None or rules is None:
        return False
    return lambda: widths_figure(widths, rules)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
