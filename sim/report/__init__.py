"""Write the report of an ensemble: one self-contained page, no script, the same input giving the same bytes.

It is handed ready tables (:class:`sim.report.gathering.Dossier`) and runs nothing. Templates escape all that they are
given, so that markup in a config shows as text; only the figures, which are ours, go in as they are.
"""

from sim.report.html import brief, page, pair

__all__ = ["brief", "page", "pair"]
