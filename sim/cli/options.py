"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Config = Annotated[str, typer.Argument(help="A shipped scenario's name, or the path of a YAML file.", metavar="CONFIG")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Of = Annotated[
    str,
    typer.Option(
        metavar="EVENT", help="What is asked about: european, deployed, ceasefire, or 'european and troops >= 25000'."
    ),
]
Runs = Annotated[int | None, typer.Option(help="How many runs; default 20,000, with --engine mesa 2,000.")]
Seed = Annotated[
    int, typer.Option(metavar="S", min=0, max=2**63 - 1, help="Root seed; run K of a seed is always the same.")
]
Set = Annotated[list[str], typer.Option("--set", metavar="PATH=VALUE", help="Change one value; may be repeated.")]
SetAll = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value in all of them; with A alone, compare A with A so changed. May be repeated.",
    ),
]
Engine = Annotated[
    Literal["compiled", "mesa"] | None,
    typer.Option(help="Default compiled, unless the scenario needs Mesa. Results are the same."),
]
Workers = Annotated[int | None, typer.Option(help="Threads, or processes of Mesa; default one a core. Same results.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Run on the workers of a dask scheduler there.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the ensemble; default runs/SCENARIO-HASH.")]
Inputs = Annotated[
    Path | None,
    typer.Option("--inputs", metavar="FOLDER", help="Play on the inputs that sim match kept there, such as plausible."),
]
Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="Folder of an ensemble; default: the latest under runs.")
]
