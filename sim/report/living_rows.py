"""Rows of a report's tables about a living forecast: steps of an update, and what to watch."""

from __future__ import annotations

from sim.ensemble.update_result import Update, Watch

MOST = 10
"""Indicators shown, the most telling first."""


def living(update: Update) -> list[tuple[str, ...]]:
    """Return a row a step: week, what was seen, how expected it was, and the chance then with its noise."""
    return [
        (
            str(row["week"]),
            str(row["observation"] or "before any"),
            f"{row['predicted']:.0%}" if row["observation"] else "",
            f"{row['probability']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}",
        )
        for _, row in update.table.iterrows()
    ]


def indicators(watch: Watch) -> list[tuple[str, ...]]:
    """Return a row for each of the most telling things that may be reported."""
    return [row[:4] for row in watch.rows(MOST)]
