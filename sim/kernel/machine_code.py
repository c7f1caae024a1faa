"""Call compiled functions: from machine code that an earlier process kept, and without numba where there is such.

numba takes half a second to load and to set up, most of it for what compiles. Who only plays does without: LLVM, which
numba uses too, links the kept code, and it is called as numba's own code calls it.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import pickle
from collections.abc import Sequence
from importlib import import_module
from threading import Lock
from typing import Any, NoReturn

import llvmlite.binding as llvm
import numpy as np

from sim.kernel import kept_code
from sim.kernel.kept_code import CannotCompile, Code

_FINE = (0, -2)
"""What numba's code returns where it has run to its end, with a value and with None."""
_IN_C = {"numba_frexp": "frexp", "numba_ldexp": "ldexp"}
"""What numba brings along that does what C's function does, for the finite numbers above 0 that the rules ask of it."""
_LOCK = Lock()


class _Raised(ctypes.Structure):
    """What numba's code points to when it raises: a pickled class with its arguments and place, and its length."""

    _fields_ = [("pickled", ctypes.c_void_p), ("size", ctypes.c_int32)]


class Compiled:
    """A function of ``sim.kernel`` that is compiled for the kinds of its arguments, once for all processes.

    Parameters
    ----------
    module, name
        Where it stands; the module is imported only where there is something to compile.
    """

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name
        self._loaded: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def __call__(self, *arguments: Any) -> None:
        """Call the function with arrays, NumPy's numbers, and named tuples of both; the interpreter's lock is free.

        Raises
        ------
        CannotCompile
            If numba cannot compile the function.
        """
        values: list[int] = []
        kinds: list[Any] = []
        _lay_out(arguments, values, kinds)
        function = self._function(tuple(kinds), arguments)
        result, raised = ctypes.c_void_p(), ctypes.POINTER(_Raised)()
        status = function(ctypes.byref(result), ctypes.byref(raised), *(ctypes.c_int64(value) for value in values))
        if status not in _FINE:
            _raise(raised, status)

    def _function(self, kinds: tuple[Any, ...], arguments: Sequence[Any]) -> Any:
        with _LOCK:
            if kinds not in self._loaded:
                self._loaded[kinds] = _load(self._code(_key(self.module, self.name, kinds), arguments))
            return self._loaded[kinds][0]

    def _code(self, key: str, arguments: Sequence[Any]) -> Code:
        code = kept_code.read(key)
        if code is not None and _has_all(code):
            return code
        from sim.kernel import compiling

        code = compiling.code(getattr(import_module(self.module), self.name), arguments)
        if not _has_all(code):
            raise CannotCompile(f"{self.name} calls what is not there: {', '.join(code.wants)}")
        kept_code.write(key, code)
        return code


def _lay_out(arguments: Sequence[Any], values: list[int], kinds: list[Any]) -> None:
    """Lay arguments out as numba's code takes them, number by number, and note what numba tells them apart by."""
    for each in arguments:
        if isinstance(each, tuple):
            kinds.append(type(each))
            _lay_out(each, values, kinds)
        elif isinstance(each, np.ndarray):
            about = each.flags
            layout = "C" if about.c_contiguous else "F" if about.f_contiguous else "A"
            kinds.append((each.dtype, each.ndim, layout, about.writeable, about.aligned))
            values += (0, 0, each.size, each.itemsize, each.ctypes.data, *each.shape, *each.strides)
        else:
            kinds.append(type(each))
            values.append(int(each))


def _key(module: str, name: str, kinds: tuple[Any, ...]) -> str:
    """Return the name under which code is kept: for these kinds of arguments, and this sort of processor."""
    names = [kind.__qualname__ if isinstance(kind, type) else str(kind) for kind in kinds]
    about = [module, name, names, llvm.get_process_triple(), llvm.get_host_cpu_name(), _features()]
    return f"{name}-{hashlib.sha256(json.dumps(about).encode()).hexdigest()[:24]}"


def _features() -> str:
    try:
        return str(llvm.get_host_cpu_features().flatten())
    except RuntimeError:  # LLVM cannot tell here; the name has to do
        return ""


def _has_all(code: Code) -> bool:
    """Return whether all that code calls is there: LLVM ends the process where it finds something missing."""
    for name, in_c in _IN_C.items():
        address = llvm.address_of_symbol(in_c)
        if address and name in code.wants and not llvm.address_of_symbol(name):
            llvm.add_symbol(name, address)
    return all(llvm.address_of_symbol(name) for name in code.wants)


def _load(code: Code) -> tuple[Any, Any]:
    """Return a function that calls the code, and what has to stay in memory for it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.binary))
    engine.finalize_object()
    return ctypes.CFUNCTYPE(ctypes.c_int32)(engine.get_function_address(code.symbol)), engine


def _raise(raised: Any, status: int) -> NoReturn:
    if not raised or status < 0:
        raise RuntimeError(f"compiled code ended with status {status}")
    kind, arguments, _ = pickle.loads(ctypes.string_at(raised.contents.pickled, raised.contents.size))
    raise kind(*(arguments or ()))
