"""Turn a scenario into columns, and draw its inputs and its luck; both engines read these."""

from sim.world.building import build
from sim.world.columns import Fill, Inputs, Luck, World
from sim.world.draws import (
    LUCK_COLUMN,
    REFERENCE,
    Means,
    check_table,
    draw,
    input_quantiles,
    quantiles_of,
)
from sim.world.genealogy import Particles, draw_forked, whole

__all__ = [
    "LUCK_COLUMN",
    "REFERENCE",
    "Fill",
    "Inputs",
    "Luck",
    "Means",
    "Particles",
    "World",
    "build",
    "check_table",
    "draw",
    "draw_forked",
    "input_quantiles",
    "quantiles_of",
    "whole",
]
