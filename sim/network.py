"""The leverage network of one run as a networkx graph: who can lean on whom, through which channel, how hard."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx

from sim import vocabulary
from sim.world import World


def graph(world: World, row: Sequence[float]) -> nx.MultiDiGraph:
    """Return the network under one run's inputs ``row``.

    Nodes are actors. An edge's key is its channel; it holds ``strength`` and ``willingness`` (both in [0, 1]), the
    ``sign`` with which an incentive moves its target, and ``open``, which for a gate is False where it is shut.
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
            willingness=row[edge.willingness[at]],
            sign=float(edge.sign[at]),
            open=channel not in vocabulary.GATE_CHANNELS or row[edge.open[at]] >= 1.0,
        )
    return network
