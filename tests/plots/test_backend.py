"""What a script is answered whose environment names a backend of matplotlib that there is none of."""

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[2]
PLOTS = """
import sim
try:
    sim.plots.outcomes
except sim.InputError as error:
    print(error)
"""


def test_a_backend_that_there_is_none_of_is_refused_in_a_line_with_those_allowed() -> None:
    environment = {**os.environ, "MPLBACKEND": "qtag", "PYTHONPATH": str(HOME)}
    command = [sys.executable, "-c", PLOTS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    assert line.startswith("MPLBACKEND: 'qtag' is no backend of matplotlib; did you mean 'qtagg'? allowed: ")
    assert ", agg," in line and line.endswith("; or unset MPLBACKEND")
