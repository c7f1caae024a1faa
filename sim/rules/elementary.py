"""Exponential and logarithm in plain arithmetic: the same bits on every processor and with every C library.

The exponential is Tang's (1989): a table of roots of two in two parts, and a short polynomial; the logarithm is that of
fdlibm. Their error is below one unit in the last place (``tests/rules/test_elementary.py``). Only the four operations
and exact scaling by powers of two are used, each rounded by itself, so no processor can give other last bits, whether
it multiplies and adds in one step or not.
"""

from math import frexp, inf, ldexp, nan
from typing import Final

STEP_HIGH: Final = 0.021660849390173098
STEP_LOW: Final = 2.325192846878874e-12
"""The logarithm of 2 over 32, in two parts, of which multiples of the first are exact."""
PER_STEP: Final = 46.16624130844683
TO_INTEGER: Final = 6755399441055744.0
"""1.5 times 2 to the power of 52: added and taken away again, it rounds to a whole number."""
NEAR: Final = 40.0
"""Up to here powers of two are in the table; beyond it, scaling takes longer."""
LARGEST: Final = 709.782712893384
SMALLEST: Final = -745.1332191019412
LN2_HIGH: Final = 6.93147180369123816490e-01
LN2_LOW: Final = 1.90821492927058770002e-10
"""The logarithm of 2 in two parts, of which multiples of the first are exact."""
HALF_ROOT: Final = 0.7071067811865476
ROOTS: Final = (
    1.0, 1.0218971486541166, 1.0442737824274138, 1.0671404006768237,
    1.0905077326652577, 1.1143867425958924, 1.1387886347566916, 1.1637248587775775,
    1.189207115002721, 1.215247359980469, 1.241857812073484, 1.2690509571917332,
    1.2968395546510096, 1.3252366431597413, 1.3542555469368927, 1.383909881963832,
    1.4142135623730951, 1.4451808069770467, 1.4768261459394993, 1.5091644275934228,
    1.5422108254079407, 1.5759808451078865, 1.6104903319492543, 1.645755478153965,
    1.681792830507429, 1.718619298122478, 1.7562521603732995, 1.7947090750031072,
    1.8340080864093424, 1.8741676341103, 1.9152065613971474, 1.9571441241754002,
)  # fmt: skip
"""Two to the power of j / 32."""
ROOTS_REST: Final = (
    0.0, 4.9997448722726326e-17, 8.189317638195515e-17, -7.402825309426177e-17,
    -2.7939114859515733e-17, 9.341710609905046e-17, 7.826573258636076e-17, 3.2904726646008416e-17,
    3.3484623336251524e-17, -6.346552106729483e-17, 3.750854201303127e-17, 2.1023049675215714e-18,
    1.9572585293112036e-17, -2.1571477251208752e-17, 5.68648095791174e-17, -4.8923067513522756e-17,
    -6.835808657661922e-17, -2.092304381843353e-17, -2.3591094770850053e-17, -6.735219232374683e-17,
    5.1548301170786783e-17, -6.432131775424189e-18, 1.5341410053603723e-17, -6.152602891550265e-17,
    4.875160526227062e-17, -1.0772487078934056e-17, 1.685487290628973e-17, 1.01562190116415e-17,
    1.790126907604513e-17, -3.266924100901318e-17, -5.545065618639427e-17, 4.5784915277060095e-17,
)  # fmt: skip
"""What each lacks of its true value, relatively."""
FINE: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
"""Two to the power of j."""
COARSE: Final = (
    5.421010862427522e-20, 1.3877787807814457e-17, 3.552713678800501e-15, 9.094947017729282e-13,
    2.3283064365386963e-10, 5.960464477539063e-08, 1.52587890625e-05, 0.00390625,
    1.0, 256.0, 65536.0, 16777216.0,
    4294967296.0, 1099511627776.0, 281474976710656.0, 7.205759403792794e+16,
)  # fmt: skip
"""Two to the power of 8 i, from i = -8 on. Places in tables are cut to their length: a compiler sees that all exist."""


def exp(x: float) -> float:
    r"""Return e to the power of x: :math:`e^x = 2^{k + j / 32} e^r` with r of at most log 2 / 64.

    Source: Tang (1989), Table-driven implementation of the exponential function, ACM TOMS 15.

    >>> exp(0.0), exp(1.0), exp(-800.0), exp(800.0)
    (1.0, 2.718281828459045, 0.0, inf)
    """
    if not -NEAR <= x <= NEAR:
        return _far_exp(x)
    steps = (x * PER_STEP + TO_INTEGER) - TO_INTEGER
    whole = int(steps)
    scale = ROOTS[whole & 31] * (FINE[(whole >> 5) & 7] * COARSE[((whole >> 8) + 8) & 15])
    return scale + scale * _less_one((x - steps * STEP_HIGH) - steps * STEP_LOW, ROOTS_REST[whole & 31])


def _far_exp(x: float) -> float:
    """Return the exponential of what is far from 0, where the scale may be no power in the table, or none at all."""
    if not SMALLEST <= x <= LARGEST:
        return inf if x > LARGEST else 0.0 if x < SMALLEST else x
    steps = (x * PER_STEP + TO_INTEGER) - TO_INTEGER
    whole = int(steps)
    root = ROOTS[whole & 31]
    return ldexp(
        root + root * _less_one((x - steps * STEP_HIGH) - steps * STEP_LOW, ROOTS_REST[whole & 31]), whole >> 5
    )


def _less_one(r: float, rest: float) -> float:
    """Return the exponential of a small number less 1, with what the table's root lacks."""
    t = r * r
    return (rest + (r + t * (0.5 + r * 0.16666666666666666))) + t * t * (
        0.041666666666666664 + r * 0.008333333333333333 + t * 0.001388888888888889
    )


def log(x: float) -> float:
    r"""Return the natural logarithm of x: :math:`\log x = k \log 2 + \log(1 + f)`, 1 + f about 1; of 0 minus infinity.

    Source: fdlibm (Sun Microsystems, 1993), ``e_log.c``.

    >>> log(1.0), log(0.0), log(0.5)
    (0.0, -inf, -0.6931471805599453)
    """
    if not 0.0 < x < inf:
        return -inf if x == 0.0 else x if x == inf else nan
    return log_of_finite(x)


def log_of_finite(x: float) -> float:
    """Return the natural logarithm of a finite number above 0, without a branch, as :func:`log` does.

    >>> log_of_finite(0.5) == log(0.5)
    True
    """
    part, k = parts(x)
    low = part < HALF_ROOT
    f = (part * 2.0 if low else part) - 1.0
    power = k - 1.0 if low else k
    below = 2.0 + f
    s = f / below if below > 0.0 else 0.0  # above 0 always
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return power * LN2_HIGH - ((half - (s * (half + (odd + even)) + power * LN2_LOW)) - f)


def parts(x: float) -> tuple[float, float]:
    """Return the part in [0.5, 1) and the power of two that a finite number above 0 is the product of.

    Compiled code takes them from the bits of the number (``sim.kernel.float_parts``).

    >>> parts(0.75), parts(6.0)
    ((0.75, 0.0), (0.75, 3.0))
    """
    part, power = frexp(x)
    return part, float(power)
