"""How the kernel is compiled: the rules registered as they stand, and a cache that notices when any of them changes.

numba's cache looks at the file of the function it caches and not at what that one imports, so an edited rule would
silently give old results. The cache's folder is therefore named by a hash of every source that compiled code reads.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # its exp and log differ from those of CPython; before numba

import numba
from numba.core.errors import NumbaError
from numba.extending import register_jitable

from sim import rules, vocabulary
from sim.ensemble import columns, run_row
from sim.rules import (
    chance,
    consenting,
    elementary,
    foresight,
    forming,
    guarantees,
    holding,
    learning,
    lobbying,
    news,
    offering,
    pledging,
    ratifying,
    tabling,
    truces,
)

CannotCompile = NumbaError
"""What numba raises where it cannot compile a function."""

Function = TypeVar("Function", bound=Callable[..., Any])

RULES = (
    chance, consenting, elementary, foresight, forming, guarantees, holding, learning, lobbying, news, offering,
    pledging, ratifying, tabling, truces,
)  # fmt: skip
_HERE = Path(__file__).parent
_SOURCES = (
    *sorted(_HERE.glob("*.py")),
    *sorted(Path(rules.__file__ or "").parent.glob("*.py")),
    *(Path(module.__file__ or "") for module in (run_row, columns, vocabulary)),
)
"""What compiled code reads: machine code kept from an earlier version of any of these would answer for the new one."""


@cache
def version() -> str:
    """Return a hash of every source that compiled code reads, as they stood at first, and of the compiler's version."""
    settings: Any = numba.config
    found = hashlib.sha256(f"numba {numba.__version__}, SVML {settings.USING_SVML}".encode())
    for path in _SOURCES:
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def jit(function: Function) -> Function:
    """Compile a function when it is first called from compiled code; it gives up the interpreter's lock."""
    with _settings(DISABLE_JIT=0):
        return cast(Function, numba.njit(nogil=True)(function))


def inlined(function: Function) -> Function:
    """Compile a function into each place that calls it, with the rules it calls: the body of a loop over many actors.

    Only a loop without calls and branches lets one instruction work on several actors.
    """
    with _settings(DISABLE_JIT=0):
        return cast(Function, numba.njit(nogil=True, forceinline=True)(function))


def entry(function: Function) -> Function:
    """Compile a function that Python calls, and keep what was compiled on disk, if there is a place for it."""
    folder = _folder()
    with _settings(DISABLE_JIT=0, CACHE_DIR=str(folder or "")):
        return cast(Function, numba.njit(nogil=True, cache=folder is not None)(function))


def is_warm() -> bool:
    """Return whether something compiled from these sources stands in the cache, so that nobody has to wait for it."""
    folder = _folder()
    return folder is not None and any(folder.rglob("*.nbi"))


def _load_without_linear_algebra() -> None:
    """Load what numba loads with the first compiled function, but not scipy's linear algebra, which it looks for.

    That is a third of a second where scipy is installed, for what rules do not use. Whoever does use it in the same
    process finds it as ever: numba looks again then.
    """
    wanted = "scipy.linalg.cython_blas"
    if find_spec("scipy") is None or wanted in sys.modules:
        return
    missing: Any = None
    sys.modules[wanted] = missing
    try:
        arraymath: Any = import_module("numba.np.arraymath")
    finally:
        del sys.modules[wanted]
    arraymath._HAVE_BLAS = True


def _register() -> None:
    for module in (*RULES, run_row):
        for _, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                register_jitable(function)


@contextmanager
def _settings(**values: object) -> Iterator[None]:
    """Compile under settings of our own: this engine is compiled or nothing, also where NUMBA_DISABLE_JIT is set."""
    settings: Any = numba.config
    before = {name: getattr(settings, name) for name in values}
    try:
        for name, value in values.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def _folder() -> Path | None:
    """Return the cache's folder; where the user's cannot be written, one among temporary files; None if there is none.

    Where a folder cannot be written, numba would silently keep what it compiled beside the sources, where no hash names
    the rules.
    """
    return next(filter(_is_writable, _places()), None)


def _places() -> Iterator[Path]:
    with suppress(RuntimeError):  # the user is unknown and has no home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sim-kernel" / version()
    with suppress(FileNotFoundError):  # nowhere may a temporary file be written
        user = os.getuid() if hasattr(os, "getuid") else 0
        yield Path(tempfile.gettempdir()) / f"sim-kernel-{user}" / version()


def _is_writable(folder: Path) -> bool:
    """Return whether a file can be made in a folder, which is numba's own question too."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


_load_without_linear_algebra()
_register()
