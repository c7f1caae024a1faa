"""Play many runs fast: the compiled twin of the Mesa engine, equal to the last bit; a file a phase.

It reads what Mesa reads and calls the functions of ``sim/rules`` as they stand, registered with numba.
"""

from sim.kernel.compiling import CannotCompile, is_warm, version
from sim.kernel.draws import MEANS
from sim.kernel.play import play

__all__ = ["MEANS", "CannotCompile", "is_warm", "play", "version"]
