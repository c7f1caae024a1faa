"""What a page hands on: the scenario as it stands, figures, and rows. Files are made in memory; no path is opened."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from sim.explorer import changes as made
from sim.explorer import html
from sim.explorer.session import Session
from sim.scenario import loading
from sim.scenario.parts import Lever

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario

FIGURE_KINDS = {"svg": "image/svg+xml", "png": "image/png"}
ROW_KINDS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


class File(NamedTuple):
    """A file for the reader of a page to save."""

    name: str
    kind: str
    content: bytes


def scenario(session: Session) -> File:
    """Return the scenario as it stands as YAML that `sim run` takes, every number with its reasons.

    What a shipped scenario's levers change is written as a few lines that extend it; any other scenario whole, as the
    file that it came from may not be at hand where this one is read.
    """
    now = session.now
    extends = (
        session.scenario.name in loading.names() and loading.load(session.scenario.name).hash == session.scenario.hash
    )
    document = _changes(session) if extends else now.as_dict()
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    return File(f"{_stem(now)}.yaml", "application/yaml", text.encode())


def seen(session: Session) -> File:
    """Return the observations taken in, as a file that ``sim update`` takes."""
    return File(f"{_stem(session.now)}-observations.yaml", "application/yaml", session.seen_text.encode())


def figure(name: str, drawn: Figure, kind: str, now: Scenario) -> File:
    """Return a figure as SVG or PNG."""
    return File(f"{_stem(now)}-{name.replace(' ', '-')}.{kind}", FIGURE_KINDS[kind], html.saved(drawn, kind))


def rows(ensemble: Ensemble, kind: str, now: Scenario) -> File:
    """Return the table of runs as CSV or Parquet."""
    into = BytesIO()
    if kind == "csv":
        ensemble.runs.to_csv(into, index=False)
    else:
        ensemble.runs.to_parquet(into, index=False)
    return File(f"{_stem(now)}-runs.{kind}", ROW_KINDS[kind], into.getvalue())


def _stem(now: Scenario) -> str:
    return f"{now.name.partition(',')[0]}-{now.hash}"


def _changes(session: Session) -> dict[str, Any]:
    levers = session.scenario.parts.levers
    document: dict[str, Any] = {"question": session.scenario.question, "extends": session.scenario.name}
    if not session.changes.size:
        return document
    document["assumption"] = f"moved in the explorer: {'; '.join(session.changed())}"
    changed: dict[str, Any] = {}
    for name in (name for name in levers if name in session.moved):
        for path, value in levers[name].steps[session.moved[name] - 1].change.items():
            changed.pop(path, None)  # a later lever holds, and so comes later
            changed[path] = _reasoned(session, name, levers[name], path, value)
    for path, text in session.edited.items():
        changed.pop(path, None)
        value = made.value(text)
        why = {"assumption": f"set in the explorer: {path}"}
        changed[path] = {**(value if isinstance(value, Mapping) else {"likely": value}), **why}
    return {**document, "change": changed}


def _reasoned(session: Session, name: str, lever: Lever, path: str, value: Any) -> Any:
    """Return what a step says with its reasons beside it, where it is a number or a map and can carry them."""
    why = session.scenario.layer.entries[("levers", name, "steps")].reasons
    label = lever.steps[session.moved[name] - 1].label
    # The same sentence must not stand at two numbers, so each says which step and path it is about.
    reasons: dict[str, Any] = {"assumption": f"{lever.name}, {label} ({path}). {why.assumption or ''}".strip()}
    reasons |= {"see": [*why.because, *why.see]} if why.because or why.see else {}
    reasons |= {"against": list(why.against)} if why.against else {}
    if isinstance(value, Mapping):
        return {**value, **reasons}
    return {"likely": value, **reasons} if path in session.now.leaves else value
