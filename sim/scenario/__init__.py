"""Load, check, change and describe a scenario: everything that YAML becomes before it is arrays."""

from sim.scenario.loading import load, names
from sim.scenario.priors import Prior
from sim.scenario.scenario import Leaf, Scenario

__all__ = ["Leaf", "Prior", "Scenario", "load", "names"]
