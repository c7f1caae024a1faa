"""A number's part and power of two, taken from its bits: one of the few things that Python has no plain word for.

C's ``frexp`` gives the same, but by a call, and a loop with a call works on one number at a time.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from sim.rules import elementary

_DOUBLE, _WORD = ir.DoubleType(), ir.IntType(64)
_FRACTION_BITS, _FRACTION, _HALF = 52, 0x000FFFFFFFFFFFFF, 0x3FE0000000000000
_BIAS = 1022.0
_LEAST_NORMAL, _LIFT, _LIFTED = 2.2250738585072014e-308, 18014398509481984.0, 54.0
"""Smaller numbers have fewer bits than others; multiplied by a power of two they are like them."""


@intrinsic
def _parts(typing_context: Any, number: Any) -> Any:
    """Return part and power of a finite number above 0, both as floats."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (given,) = arguments
        small = builder.fcmp_ordered("<", given, _DOUBLE(_LEAST_NORMAL))
        lifted = builder.select(small, builder.fmul(given, _DOUBLE(_LIFT)), given)
        bits = builder.bitcast(lifted, _WORD)
        part = builder.or_(builder.and_(bits, _WORD(_FRACTION)), _WORD(_HALF))
        power = builder.uitofp(builder.lshr(bits, _WORD(_FRACTION_BITS)), _DOUBLE)
        power = builder.fsub(power, builder.select(small, _DOUBLE(_BIAS + _LIFTED), _DOUBLE(_BIAS)))
        both = [builder.bitcast(part, _DOUBLE), power]
        return context.make_tuple(builder, signature.return_type, both)

    return types.UniTuple(types.float64, 2)(types.float64), generate


_taken: Any = _parts


def register() -> None:
    """Have compiled code take parts and power in this way, wherever a rule asks for them."""
    # numba wants the same signature of both, and hints are part of one.
    overload(elementary.parts)(lambda x: lambda x: _taken(x))
