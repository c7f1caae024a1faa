"""Write the report of an ensemble: one self-contained page, no script, the same input giving the same bytes.

It is handed ready tables (:class:`sim.report.gathering.Dossier`) and runs nothing. Templates escape all that they are
given, so that markup in a config shows as text; only the figures, which are ours, go in as they are.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.report.html import brief, page, pair

if TYPE_CHECKING:
    from sim.report.shown import Page

__all__ = ["brief", "page", "pair"]


class _Room(ModuleType):
    """The room, which is called as ``sim report`` is: once it is imported it stands where ``sim.report`` leads."""

    def __call__(self, *args: Any, **options: Any) -> "Page":
        from sim.report.shown import report

        return report(*args, **options)


sys.modules[__name__].__class__ = _Room
