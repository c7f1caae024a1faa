"""How functions that only compiled code calls are compiled: into the library of whoever calls them, and nowhere else.

numba makes machine code of each function as soon as it has its types, with all that it calls inside, though nothing
ever runs it: most of the time that LLVM takes. So a function here is passed on as it was lowered, and all are optimised
together, once.
"""

from __future__ import annotations

from typing import Any

from numba.core import codegen, compiler, typed_passes
from numba.core.compiler_machinery import register_pass


class _Passed(codegen.JITCodeLibrary):
    """A library whose functions wait to be linked into another; the two steps left out are steps of their own there."""

    def _optimize_final_module(self) -> None:
        """Leave it to the library that everything is linked into."""

    def _finalize_final_module(self) -> None:
        """Make no machine code."""
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(typed_passes.NativeLowering):
    _name = "inner_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _Passed(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        state.flags.no_compile = True
        super().run_pass(state)
        # numba knows a function by its address, which must be that of a built-in; any will do that no other has.
        made, address = state["cr"], {}.clear
        state["cr"] = made._replace(cfunc=address)
        state.targetctx.insert_user_function(address, made.fndesc, [state.library])
        return True


class Inner(compiler.CompilerBase):
    """numba's own order of passes, with the last but one replaced."""

    def define_pipelines(self) -> list[Any]:
        """Return the one order of passes."""
        order = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        order.passes = [(_Lowering if each is typed_passes.NativeLowering else each, why) for each, why in order.passes]
        order.finalize()
        return [order]
