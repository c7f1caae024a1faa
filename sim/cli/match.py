"""``sim match``: which inputs are plausible together, compared with published data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import figures
from sim.cli.changes import scenario as read
from sim.cli.common import head, interruptible, progress, refusals, say, say_json, tell, with_values
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Seed, Set, Workers, at_least
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.ensemble.match_result import Match

Folder = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the inputs that are left go.")]
File = Annotated[
    Path | None, typer.Option("--targets", metavar="FILE", help="Targets; without it those of seeds/targets.yaml.")
]
Draws = Annotated[
    int | None, typer.Option(metavar="N", min=10, max=100_000, help="Draws of the inputs, 1,000 unless given.")
]
Each = Annotated[
    int | None, typer.Option("--luck", metavar="N", min=2, max=100_000, help="Runs a draw in wave 1, 100 unless given.")
]
Waves = Annotated[
    int | None, typer.Option(metavar="N", min=1, max=10, help="Waves, 3 unless given; each doubles the runs of a draw.")
]
Keep = Annotated[
    int | None,
    typer.Option(
        "--keep", metavar="N", min=0, max=100_000, help="Draws to keep at least, 1,000 unless given; 0: as is."
    ),
]
Runs = Annotated[
    int | None,
    typer.Option("--runs", metavar="N", parser=at_least(100), help="Runs of the forecast, 20,000 unless given, twice."),
]
MOST_LEARNT, MOST_CONFLICTS = 12, 6


def match(
    config: Config,
    out: Folder = Path("plausible"),
    targets: File = None,
    draws: Draws = None,
    luck: Each = None,
    waves: Waves = None,
    keep: Keep = None,
    runs: Runs = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    workers: Workers = None,
    output: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Rule out inputs whose consequences published data deny; keep the rest for sim run --inputs."""
    from sim.analysis import matching
    from sim.batch.input_design import check_folder

    figures.check(output)
    scenario = read(config, sets)
    numbers = with_values(draws=draws, luck=luck, waves=waves, keep=keep, runs=runs)
    options: dict[str, Any] = {**numbers, **with_values(workers=workers)}
    with refusals():
        check_folder(out)
    with refusals():
        total = matching.runs_played(**numbers)
    with refusals(), interruptible(), progress(total, "runs") as advance:
        result = matching.match(scenario, targets, seed=seed, out=out, progress=advance, **options)
    tell(f"plausible inputs written to {out}; sim run {config} --inputs {out} plays on them")
    if output:
        _draw(result, output)
    say_json(_as_json(result, out)) if as_json else _report(result)


def _draw(result: Match, output: Path) -> None:
    from sim.plots import matching

    figures.save(matching.targets(result), output)
    figures.save(matching.learning(result), figures.beside(output, "learnt"))
    figures.save(matching.optical_depth(result), figures.beside(output, "depth"))
    figures.save(matching.plausible_forecast(result), figures.beside(output, "forecast"))


def _as_json(result: Match, out: Path) -> dict[str, object]:
    return {
        **result.facts(),
        "folder": str(out),
        "targets": result.table.to_dict("index"),
        "waves": result.waves.reset_index().to_dict("records"),
        "rounds": result.rounds.reset_index().to_dict("records"),
        "ranges": result.ranges.to_dict("index"),
        "learnt": result.learnt_beyond_noise.to_dict("index"),
        "conflicts": result.conflicts.to_dict("records"),
        "depth": result.depth.to_dict("records"),
        "forecast": result.forecast.to_dict("index"),
    }


def _report(result: Match) -> None:
    head(result.scenario, result.seed, result.draws, "draws of the inputs")
    say(result.sentence)
    say("This is no calibration to the forecast: no target says whether a force deploys.")
    say()
    say(_targets(result))
    say()
    say(_waves(result))
    say()
    if len(result.rounds):
        say(_rounds(result))
        say()
    say(_learnt(result))
    say()
    say(_conflicts(result))
    say()
    say(_forecast(result))


def _targets(result: Match) -> Table:
    rows = [
        (id, f"{row['low']:.3g}, {row['likely']:.3g}, {row['high']:.3g}", f"{row['model']:.3g}", f"{row['off']:.1f}",
         f"{row['survives']:.0%}", f"{row['survives_low']:.0%} to {row['survives_high']:.0%}", f"{row['noise']:.0%}")
        for id, row in result.table.iterrows()
    ]  # fmt: skip
    headers = ("target", "published", "model", "sd off", "survives", "95%", "run noise")
    return text_table("Targets: share of draws that each alone does not rule out", headers, rows, left=(0, 1))


def _waves(result: Match) -> Table:
    rows = [
        (wave, f"{row['draws']:,.0f}", f"{row['runs']:,.0f}", f"{row['left']:,.0f}", f"{row['share']:.0%}",
         f"{row['low']:.0%} to {row['high']:.0%}")
        for wave, row in result.waves.iterrows()
    ]  # fmt: skip
    headers = ("wave", "draws", "runs of each", "left", "share of all", "95%")
    return text_table("All targets together", headers, rows)


def _rounds(result: Match) -> Table:
    rows = [
        (number, f"{row['draws']:,.0f}", f"{row['left']:,.0f}", f"{row['share']:.0%}",
         f"{row['low']:.0%} to {row['high']:.0%}")
        for number, row in result.rounds.iterrows()
    ]  # fmt: skip
    held = ", ".join(f"{path} {row['least']:.3g} to {row['most']:.3g}" for path, row in result.ranges.iterrows())
    return text_table(f"Drawn anew{f' with {held}' if held else ''}", ("round", "draws", "left", "share", "95%"), rows)


def _learnt(result: Match) -> Table:
    rows = [
        (path, f"{row['distance']:.2f}", f"{row['noise']:.2f}", _span(row, "before"), _span(row, "after"))
        for path, row in result.learnt_beyond_noise.head(MOST_LEARNT).iterrows()
    ]
    title = f"Inputs learnt, of {result.matched:,}" if rows else f"Of {result.matched:,} inputs none was learnt"
    headers = ("input", "distance", "noise", "before (median, 8 of 10)", "after")
    return text_table(title, headers if rows else (), rows)


def _span(row: Any, when: str) -> str:
    return f"{row[f'median_{when}']:.3g} ({row[f'low_{when}']:.3g} to {row[f'high_{when}']:.3g})"


def _conflicts(result: Match) -> Table:
    fights = result.conflicts[(result.conflicts["lift"] < 1.0) & result.conflicts["beyond_noise"]]
    rows = [
        (row["target"], row["given"], f"{row['share']:.0%}", f"{row['low']:.0%} to {row['high']:.0%}",
         f"{row['alone']:.0%}")
        for _, row in fights.head(MOST_CONFLICTS).iterrows()
    ]  # fmt: skip
    title = "Targets that fight each other" if rows else "No two targets fight each other beyond noise"
    headers = ("share that passes", "among those that pass", "share", "95%", "of all")
    return text_table(title, headers if rows else (), rows, left=(0, 1))


def _forecast(result: Match) -> Table:
    rows = [
        (event, f"{row['all_inputs']:.1%}", f"{row['all_low']:.1%} to {row['all_high']:.1%}", f"{row['plausible']:.1%}",
         f"{row['plausible_low']:.1%} to {row['plausible_high']:.1%}", f"{row['difference'] * 100:+.1f}",
         f"{row['difference_low'] * 100:+.1f} to {row['difference_high'] * 100:+.1f}")
        for event, row in result.forecast.iterrows()
    ]  # fmt: skip
    headers = ("event", "all inputs", "95%", "plausible", "95%", "points", "95%")
    return text_table(f"Forecast, {result.runs:,} runs each", headers, rows)
