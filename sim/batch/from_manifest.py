"""The scenario that an ensemble came from, read back from its manifest, so that its very runs can be played again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.batch import manifest
from sim.ensemble.ensemble import Ensemble
from sim.reading.errors import Place, Route
from sim.reading.files import Document
from sim.scenario.layers import Reasons, flatten
from sim.scenario.scenario import Scenario


def scenario_of(ensemble: Ensemble) -> Scenario:
    """Return the scenario that an ensemble was run from.

    The manifest holds the config in full, with its reasons; the levers declared beside it (:mod:`sim.scenario.levers`)
    change no run and are not among it.

    Raises
    ------
    ValueError
        If the manifest does not say the scenario that its hash names.
    InputError
        If this version does not read the config that the manifest holds.
    """
    return scenario_read(ensemble.manifest)


def scenario_read(about: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a manifest tells; see :func:`scenario_of`."""
    tree, place = about["config"], Place(f"manifest of {about['scenario']}")
    document = Document(tree, dict.fromkeys(_routes(tree), place))
    scenario = Scenario(about["scenario"], flatten(document, tree, (), (), Reasons()))
    if scenario.hash != about["hash"]:
        raise ValueError(f"the manifest says a scenario of hash {scenario.hash}, and names it {about['hash']}")
    return scenario


def replayable(ensemble: Ensemble) -> Scenario:
    """Return the scenario of an ensemble whose very runs can be played again here.

    Raises
    ------
    ValueError
        If its inputs came from a table, which no manifest holds, or other rules or classes than these played it.
    """
    about = ensemble.manifest
    if about.get("design"):
        raise ValueError("its inputs came from a table, which is not kept with it; run the scenario without one")
    scenario = scenario_of(ensemble)
    here = manifest.manifest(scenario, 1, 1, engine=about["engine"])
    for what in ("writer", "agents"):
        if here[what] != about[what]:
            raise ValueError(f"it was played by {about[what]}, and here is {here[what]}; run the scenario again")
    return scenario


def _routes(tree: Any, route: Route = ()) -> Iterator[Route]:
    yield route
    if isinstance(tree, dict):
        for key, inner in tree.items():
            yield from _routes(inner, (*route, key))
