"""The compiled twin: the same world, the same luck, the same rules, and the same rows to the last bit; a file a phase.

It reads what Mesa reads and calls the functions of ``sim/rules`` as they stand, registered with numba.
"""

from numba.core.errors import NumbaError as CannotCompile

from sim.kernel.compiling import is_warm, version
from sim.kernel.draws import MEANS
from sim.kernel.play import play

__all__ = ["MEANS", "CannotCompile", "is_warm", "play", "version"]
