"""``sim list``: the shipped scenarios, and the ensembles under ``runs``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sim.cli.common import say, say_json
from sim.cli.ensemble_folder import RUNS, standing_ensembles
from sim.cli.options import Json
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario

_MOST_CHANGES = 3
"""Changes that the text names; ``--json`` names all."""
_ANOTHER = 400
"""With more changes than that a scenario is another theatre, and none is named."""


def listing(as_json: Json = False) -> None:
    """List the scenarios that are shipped, and the ensembles at hand under runs."""
    scenarios, ensembles = _scenarios(), _ensembles()
    if as_json:
        say_json({"scenarios": scenarios, "ensembles": ensembles})
        return
    rows = [(each["name"], each["question"]) for each in scenarios]
    say(text_table("Scenarios shipped: sim run NAME", ("", "question"), rows, left=(0, 1)))
    if not ensembles:
        say("", f"No ensembles at hand: sim run writes them under {RUNS}.")
        return
    headers = ("folder", "scenario", "changes from baseline", "seed", "runs", "date", "MB")
    shown = [
        (
            each["folder"],
            each["scenario"],
            _shown(each["changes"]),
            each["seed"],
            f"{each['runs']:,}" + ("" if each["complete"] else " (interrupted)"),
            each["date"],
            f"{each['bytes'] / 1e6:,.1f}",
        )
        for each in ensembles
    ]
    say("")
    say(text_table("Ensembles at hand, the newest last", headers, shown, left=(0, 1, 2, 5), whole=(3, 4, 5, 6)))


def _scenarios() -> list[dict[str, Any]]:
    from sim.scenario.loading import load, names

    loaded = [load(name) for name in names()]
    return [{"name": each.name, "question": each.question, "hash": each.hash} for each in loaded]


def _ensembles() -> list[dict[str, Any]]:
    """Return the folders under ``runs``, in the order in which they were written."""
    from sim.ensemble import parquet_store
    from sim.scenario.loading import load

    baseline, listed = load("baseline"), []
    for folder, about in standing_ensembles():
        written = (folder / "_manifest.json").stat().st_mtime
        listed.append(
            {
                "folder": str(folder),
                "scenario": about.get("scenario"),
                "question": about.get("question"),
                "hash": about.get("hash"),
                "changes": _changes(about, baseline),
                "seed": about.get("seed"),
                "runs": parquet_store.runs_standing(folder),
                "complete": bool(about.get("complete")),
                "engine": about.get("engine"),
                "kept": about.get("keep", []),
                "held_open": about.get("relaxed", []),
                "date": datetime.fromtimestamp(written, UTC).strftime("%Y-%m-%d %H:%M"),
                "bytes": _size(folder),
                "written": written,
            }
        )
    listed.sort(key=lambda each: (each["written"], each["folder"]))
    return [{key: value for key, value in each.items() if key != "written"} for each in listed]


def _changes(about: dict[str, Any], baseline: Scenario) -> list[str] | None:
    """Return the paths at which an ensemble's scenario differs from the baseline; None if this version reads it not."""
    from sim.batch.from_manifest import scenario_read
    from sim.reading.errors import InputError

    if about.get("hash") == baseline.hash:
        return []
    try:
        return sorted(baseline.differences(scenario_read(about)))
    except (InputError, ValueError, KeyError):
        return None


def _shown(changes: list[str] | None) -> str:
    if changes is None:
        return "of another version"
    if len(changes) > _ANOTHER:
        return f"nearly all ({len(changes):,} paths)"
    left = len(changes) - _MOST_CHANGES
    return ", ".join([*changes[:_MOST_CHANGES], *([f"and {left:,} more"] if left > 0 else [])])


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
