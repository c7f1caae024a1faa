"""Run tests again and again on a copy of the project that changes: in children of one process that has its libraries.

Loading numpy, pandas, matplotlib, numba and their like takes longer than most tests. A child takes them over from its
parent and imports only the project anew, so a change of any file of the copy counts.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).parents[1]
COPIED = shutil.ignore_patterns(".*", "runs", "build", "dist", "*.egg-info", "__pycache__", "mutants")
LIBRARIES = (
    "numpy", "pandas", "pyarrow.parquet", "duckdb", "matplotlib.pyplot", "networkx", "mesa", "numba", "pydantic",
    "yaml", "typer.testing", "rich.console", "rich.table", "jinja2", "joblib", "scipy.stats", "hypothesis", "pytest",
    "_hypothesis_pytestplugin", "importlib.metadata", "sqlite3", "doctest",
)  # fmt: skip
CAREFUL = {
    "NUMBA_DISABLE_INTEL_SVML": "1",  # sim.kernel sets it before it imports numba, which a child finds imported
    "OPENBLAS_NUM_THREADS": "1",  # a fork carries over no thread
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "PYTHONDONTWRITEBYTECODE": "1",  # two changes within a second would share a .pyc
}


class Ended(NamedTuple):
    """How a child ended: what its plugin handed on, None if it never did, and why it ended if not by itself."""

    handed_on: Any
    why: str


def ready(folder: Path) -> Path:
    """Return a fresh copy of the project in ``folder``, with the libraries imported for the children to come."""
    os.environ.update(CAREFUL)
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(HOME, copy, ignore=COPIED)
    os.environ["PYTHONPATH"] = str(copy)
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    for library in LIBRARIES:
        importlib.import_module(library)
    return copy


def run(copy: Path, arguments: Sequence[str], plugin: Any, seconds: float) -> Ended:
    """Run pytest in a child process, in a copy of the project; it is ended after ``seconds``.

    ``plugin`` takes part in the child; what its method ``result`` returns there, as JSON, is handed on.
    """
    about, log = copy.parent / "result.json", copy.parent / "log.txt"
    about.unlink(missing_ok=True)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _play(copy, arguments, plugin, about, log)
    why = _wait(child, seconds)
    return Ended(json.loads(about.read_text("utf-8")) if about.exists() else None, why)


def _play(copy: Path, arguments: Sequence[str], plugin: Any, about: Path, log: Path) -> None:
    """Be the child: forget the parent's own modules, run, write the result, and leave at once."""
    try:
        os.setsid()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(output, stream)
        os.chdir(copy)
        for name in [name for name in sys.modules if name.partition(".")[0] in {"sim", "tests"}]:
            del sys.modules[name]
        here = {"", str(HOME), str(Path.cwd())}
        sys.path[:] = [str(copy), *(each for each in sys.path if each not in here)]
        sys.dont_write_bytecode = True
        importlib.invalidate_caches()
        plugin.begin()
        main: Callable[..., Any] = importlib.import_module("pytest").main
        code = int(main([*arguments, "-n", "0", "-p", "no:cacheprovider"], plugins=[plugin]))
        aside = about.with_suffix(".new")
        aside.write_text(json.dumps(plugin.result(code)), "utf-8")
        aside.replace(about)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)
    os._exit(0)


def _wait(child: int, seconds: float) -> str:
    """Wait for a child, ended with all that it started if it takes too long; return why it ended, if not well."""
    limit = time.monotonic() + seconds
    why = ""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > limit:
            why = "time"
            os.killpg(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            break
        time.sleep(0.02)
    if not why and status:
        why = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.waitstatus_to_exitcode(status)}"
    return why
