"""``sim could``: whether something could ever happen that hardly any run shows, how likely, and by which way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import fail, interruptible, progress, refusals, say, say_json, tell, with_values
from sim.cli.options import Config, Json, Seed, Set, Workers, at_least
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.analysis.could import Could

Asked = Annotated[
    str, typer.Argument(metavar="EVENT", help="What could happen: nato, enforcement, 'european and troops >= 40000'.")
]
Runs = Annotated[
    int | None,
    typer.Option(metavar="N", parser=at_least(2), help="Runs to count, and again to search; 20,000 unless given."),
]
Example = Annotated[
    Path | None, typer.Option("--example", metavar="FILE", help="Write a run that shows it, for sim replay --drawn.")
]


def could(
    config: Config,
    asked: Asked,
    runs: Runs = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    workers: Workers = None,
    example: Example = None,
    as_json: Json = False,
) -> None:
    """Tell whether something could ever happen that hardly any run shows: how likely, and by which way."""
    from sim.analysis import could as analysis

    if example is not None and not example.absolute().parent.is_dir():
        fail(f"{example}: there is no folder {example.parent}")
    if workers is not None and not 1 <= workers <= 1024:
        fail(f"--workers must be between 1 and 1024, got {workers}")
    scenario = read(config, sets)
    require_event(asked, scenario.parts.missions, "EVENT")
    options: dict[str, Any] = with_values(runs=runs)
    with (
        progress(analysis.most_runs(runs or analysis.RUNS), f"runs towards {asked}") as advance,
        refusals(),
        interruptible(),
    ):
        result = analysis.could(scenario, asked, seed=seed, workers=workers, progress=advance, **options)
    if example is not None:
        _write(result, example)
    if as_json:
        say_json(_json(result))
        return
    _say(result, config)


def _write(result: Could, file: Path) -> None:
    if result.example is None:
        tell(f"{file}: not written, as no run shows it")
        return
    result.example.write(file)
    tell(f"wrote {file}; sim replay {result.scenario} --drawn {file} tells it")


def _json(result: Could) -> dict[str, object]:
    steps = result.table.to_dict("records")
    inputs = result.inputs.reset_index().to_dict("records")
    return {**result.facts(), "missing" if result.method == "not_seen" else "steps": steps, "inputs": inputs}


def _say(result: Could, config: str) -> None:
    say(f"{result.scenario}, {result.runs:,} runs in all, seed {result.seed}")
    say(result.sentence)
    say()
    if result.method == "not_seen":
        if len(result.table):
            say(_missing(result))
        return
    if len(result.inputs):
        say(_inputs(result))
        say()
    say(_steps(result))
    say()
    say("\n".join(["A run that shows it:", *(f"  {line}" for line in result.story)]))
    if result.example_run is not None:
        say(f"Run {result.example_run} of seed {result.seed} shows it too: "
            f"sim replay {config} --run {result.example_run} --seed {result.seed}")  # fmt: skip
    elif result.example is not None:
        say("--example FILE writes this run down, and sim replay --drawn FILE tells it in full.")


def _inputs(result: Could) -> Table:
    rows = [
        (path, _number(row["hits"]), _number(row["ordinary"]), f"{row['mean_quantile']:.2f}", f"{row['noise']:.2f}")
        for path, row in result.inputs.iterrows()
    ]
    headers = ("", "median there", "ordinary", "mean quantile (0.50)", "noise")
    return text_table("Inputs whose draws set these runs apart from ordinary ones", headers, rows, whole=())


def _steps(result: Could) -> Table:
    rows = [
        (row["step"], _amount(row["step"], row["hits"]), _amount(row["step"], row["ordinary"]))
        for _, row in result.table.iterrows()
        if row["hits"] or row["ordinary"]
    ]
    return text_table("What happens in them", ("", "there", "ordinary"), rows, whole=())


def _missing(result: Could) -> Table:
    rows = [
        (row["mission"], row["needs"], f"{row['had']:.0%}", f"{row['best']:.0%}") for _, row in result.table.iterrows()
    ]
    headers = ("mission", "what it needs", "of the nearest runs had it", "nearest came")
    return text_table("How far the nearest runs came", headers, rows, left=(0, 1), whole=())


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _amount(step: str, value: float) -> str:
    if value != value:
        return ""
    return f"{value:,.3g}" if step.startswith("median") and value < 1000 else (
        f"{value:,.0f}" if step.startswith("median") else f"{value:.1%}"
    )  # fmt: skip
