"""Run a scenario many times: who plays, where, and by which design."""

from sim.batch.input_design import InputDesign, read_design
from sim.batch.running import DEFAULT_RUNS, KEEP, MARGIN_OF, MOST_RUNS, MOST_RUNS_UNTIL, Margin, default_runs, run

__all__ = [
    "DEFAULT_RUNS",
    "KEEP",
    "MARGIN_OF",
    "MOST_RUNS",
    "MOST_RUNS_UNTIL",
    "InputDesign",
    "Margin",
    "default_runs",
    "read_design",
    "run",
]
