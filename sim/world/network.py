"""The leverage network of one run, as a networkx graph or a table: who can influence whom, how, and how strongly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from sim import vocabulary
from sim.scenario import priors
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario
from sim.world.building import build
from sim.world.columns import World

FAMILIES = {
    **dict.fromkeys(vocabulary.INCENTIVES, "incentive"),
    **dict.fromkeys(vocabulary.INFLUENCES, "influence"),
    **dict.fromkeys(vocabulary.GATE_CHANNELS, "gate"),
}
"""The family of each channel. Incentives shift payoffs, influences carry positions, and gates are open or shut."""


def graph(world: World, row: Sequence[float]) -> nx.MultiDiGraph:
    """Return the network under one run's inputs ``row``.

    Nodes are actors. An edge's key is its channel; it holds ``strength`` and ``willingness`` (both in [0, 1]), the
    ``sign`` with which an incentive moves its target, and ``open``, which for a gate is False where it is shut. A
    guarantee has no willingness of its own (credence counts it): 1 here.
    """
    network = nx.MultiDiGraph()
    network.add_nodes_from(world.names.actors)
    edge = world.edge
    for at in range(len(edge.source)):
        channel = vocabulary.CHANNELS[edge.channel[at]]
        network.add_edge(
            world.names.actors[edge.source[at]],
            world.names.actors[edge.target[at]],
            key=channel,
            channel=channel,
            strength=row[edge.strength[at]],
            willingness=1.0 if channel == "security_guarantee" else row[edge.willingness[at]],
            sign=float(edge.sign[at]),
            open=channel not in vocabulary.GATE_CHANNELS or row[edge.open[at]] >= 1.0,
        )
    return network


def edges(world: World, row: Sequence[float]) -> pd.DataFrame:
    """Return the network under one run's inputs ``row`` as a table with a row an edge.

    Columns: source, target, channel, family (a value of :data:`FAMILIES`), strength, willingness (both in [0, 1]),
    sign, open, and the ends' roles, source_role and target_role: see :func:`roles`.
    """
    role = roles(world)
    rows = [
        {"source": source, "target": target, **about, "family": FAMILIES[about["channel"]]}
        for source, target, about in graph(world, row).edges(data=True)
    ]
    columns = ["source", "target", "channel", "family", "strength", "willingness", "sign", "open"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(source_role=table["source"].map(role), target_role=table["target"].map(role))


def roles(world: World) -> dict[str, str]:
    """Return the main role of each actor: broker, host, opponent, patron, lead or contributor."""
    names, edge = world.names.actors, world.edge
    leads = {names[at] for at in np.flatnonzero(world.mission.leads.sum(axis=0))}
    patronage = edge.channel == vocabulary.CHANNELS.index("patronage")
    patrons = {names[at] for at in edge.source[patronage]}
    single = {names[world.host_at]: "host", **{names[at]: "opponent" for at in world.opponents_at}}
    single |= {names[world.broker_at]: "broker"} if world.broker_at >= 0 else {}
    several = {name: "patron" if name in patrons else "lead" if name in leads else "contributor" for name in names}
    return several | single


def leverage(scenario: Scenario | str | Path) -> pd.DataFrame:
    """Return the edges of a scenario, every number at the middle (median) of its range; columns as in :func:`edges`.

    A further column, ``documents``, says what documents say of an edge: see :func:`documents`.
    """
    scenario = as_scenario(scenario)
    structure = build(scenario)
    middle = [float(priors.quantile(prior, np.array([0.5]))[0]) for prior in structure.names.priors]
    table = edges(structure, [*middle, 0.0])
    keys = table["source"] + "->" + table["target"] + "/" + table["channel"]
    return table.assign(documents=[documents(scenario, key) for key in keys])


def documents(scenario: Scenario, edge: str) -> str:
    """Return what documents say of an edge: ``value`` where claims give one of its numbers, ``speaks``, or ``none``.

    Most claims speak to an edge (``see``) without giving a number.
    """
    paths = [f"network.{edge}.{name}" for name in ("strength", "willingness", "open")]
    reasons = [scenario.leaves[path].reasons for path in paths if path in scenario.leaves]
    if any(why.because for why in reasons):
        return "value"
    return "speaks" if any(why.see for why in reasons) else "none"
