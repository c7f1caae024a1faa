"""TODO: one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Design = tuple[int, int]


NO_DESIGN = (0, 0)


def _range_standing(folder: Path, design: Design | None) -> dict[str, Any] | None:
    """Return the range over inputs that stands in a folder, if it is of the design asked for, or none was."""
    from sim.ensemble.parquet_store import Parts

    try:
        found: dict[str, Any] | None = Parts(folder).manifest.get("inputs_range")
    except (FileNotFoundError, ValueError):
        return None
    if found is None or design is None:
        return found
    about = next(iter(found.values()))
    return found if design == (about["draws"], about["runs_per_draw"]) else None
