"""How the kernel is compiled, with the rules registered as they stand; loaded only where something is compiled."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar, cast

os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # its exp and log differ from those of CPython; before numba

import llvmlite.binding as llvm
import numba
from numba.core.errors import NumbaError
from numba.extending import register_jitable

from sim.ensemble import run_row
from sim.kernel import float_parts
from sim.kernel.inner_functions import Inner
from sim.kernel.kept_code import CannotCompile, Code
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

Function = TypeVar("Function", bound=Callable[..., Any])

RULES = (
    chance, consenting, elementary, foresight, forming, guarantees, holding, learning, lobbying, news, offering,
    pledging, ratifying, tabling, truces,
)  # fmt: skip
_BARE: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options of all that is compiled: nothing asks for memory, so nothing counts references, and Python calls nothing."""
_INNER = {**_BARE, "pipeline_class": Inner}
_OF_LOOPS = (chance.distance, chance.shoulder, elementary.log_of_finite)
"""Rules too long for the compiler to put into a loop by itself, which is to work on several numbers at a time."""


def jit(function: Function) -> Function:
    """Compile a function when it is first called from compiled code, which alone can call it."""
    with _settings(DISABLE_JIT=0):
        return cast(Function, numba.njit(**_INNER)(function))


def inlined(function: Function) -> Function:
    """Compile a function into each place that calls it, with the rules it calls: the body of a loop over many actors.

    Only a loop without calls and branches lets one instruction work on several actors.
    """
    with _settings(DISABLE_JIT=0):
        return cast(Function, numba.njit(**_INNER, forceinline=True)(function))


def code(function: Callable[..., None], arguments: Sequence[Any]) -> Code:
    """Return the machine code of a function for the kinds of some arguments, which may not ask for memory.

    Raises
    ------
    CannotCompile
        If numba cannot compile it.
    """
    with _settings(DISABLE_JIT=0):
        made: Any = numba.njit(**_BARE)(function)
        try:
            made.compile(tuple(numba.typeof(each) for each in arguments))
        except NumbaError as error:
            raise CannotCompile(str(error)) from error
    (compiled,) = made.overloads.values()
    _, _, (binary, bitcode) = compiled.library.serialize_using_object_code()
    module = llvm.parse_bitcode(bitcode)
    wanted = {each.name for each in (*module.functions, *module.global_variables) if each.is_declaration}
    wants = tuple(sorted(name for name in wanted if not name.startswith("llvm.")))
    return Code(binary, compiled.fndesc.llvm_func_name, wants)


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
            if function.__module__ == module.__name__ and function is not elementary.parts:
                always = {"forceinline": True} if function in _OF_LOOPS else {}
                register_jitable(**_INNER, **always)(function)
    float_parts.register()


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


_load_without_linear_algebra()
_register()
