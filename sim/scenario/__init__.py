"""Load, check, change and describe a scenario: everything that YAML becomes before it is arrays."""

from sim.scenario.loading import load, names
from sim.scenario.parts import (
    INFORMATION,
    Common,
    ConsentScale,
    Edge,
    Event,
    Lever,
    LeverStep,
    Mission,
    OwnClaim,
    Profile,
    RungScale,
    Scales,
    ScenarioParts,
    StageScale,
    StanceScale,
    Table,
    leaves,
)
from sim.scenario.priors import Prior
from sim.scenario.scenario import Leaf, Scenario

__all__ = [
    "INFORMATION",
    "Common",
    "ConsentScale",
    "Edge",
    "Event",
    "Leaf",
    "Lever",
    "LeverStep",
    "Mission",
    "OwnClaim",
    "Prior",
    "Profile",
    "RungScale",
    "Scales",
    "Scenario",
    "ScenarioParts",
    "StageScale",
    "StanceScale",
    "Table",
    "leaves",
    "load",
    "names",
]
