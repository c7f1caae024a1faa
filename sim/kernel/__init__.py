"""Play many runs fast: the compiled twin of the Mesa engine, equal to the last bit; a file a phase.

It reads what Mesa reads and calls the functions of ``sim/rules`` as they stand, registered with numba.

Sums are loops that add in the order in which Mesa adds: actors and missions by name, edges by target, source and
channel. The addition of floats is not associative, so another order, or a sum that is split for speed, would part the
twins in the last bit; the kernel is compiled without ``fastmath`` for the same reason.
"""

from sim.kernel.draws import MEANS
from sim.kernel.kept_code import CannotCompile, is_warm, version
from sim.kernel.play import play

__all__ = ["MEANS", "CannotCompile", "is_warm", "play", "version"]
