"""Options and arguments that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

_COUNT = re.compile(r"([+-]?\d[\d_,]*(?:\.\d+)?(?:e\+?\d{1,2})?)([kKmM]?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


def count(text: str | int) -> int:
    """Return the whole number that a text gives.

    >>> [count(text) for text in ("20000", "20_000", "20,000", "20k", "1e6", "1.5M")]
    [20000, 20000, 20000, 20000, 1000000, 1500000]

    Raises
    ------
    typer.BadParameter
        If it is none.
    """
    written = _COUNT.fullmatch(str(text).strip())
    value = float(re.sub("[_,]", "", written[1])) * _UNITS[written[2].lower()] if written else 0.5
    if value != int(value):
        raise typer.BadParameter(f"{text!r} is no whole number, such as 20000, 20_000, 20k or 1e6")
    return int(value)


def at_least(least: int, most: int | None = None) -> Callable[[str | int], int]:
    """Return :func:`count` with bounds."""

    def counted(text: str | int) -> int:
        value = count(text)
        if value < least or (most is not None and value > most):
            ends = f"at least {least:,}" + (f" and at most {most:,}" if most is not None else "")
            raise typer.BadParameter(f"{text!r} is not {ends}")
        return value

    return counted


def share(text: str | float) -> float:
    """Return the probability that a text gives, as a number or in percent.

    >>> share("0.5"), share("50%")
    (0.5, 0.5)

    Raises
    ------
    typer.BadParameter
        If it is none.
    """
    from sim.scenario import priors

    try:
        return priors.plain(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no probability, such as 0.5 or 50%") from None


def expanded(file: Path | None) -> Path | None:
    """Return a path with ``~`` expanded; an address, such as one of a bucket, is refused."""
    from sim.ensemble import atomic_files

    return None if file is None else atomic_files.place(file)


def ensemble_place(folder: Path | None) -> Path | None:
    """Return the folder of an ensemble with ``~`` expanded, or the one that stands for an address."""
    from sim.ensemble import atomic_files

    return None if folder is None else atomic_files.place_of_ensemble(folder)


Config = Annotated[
    str, typer.Argument(help="A shipped scenario's name, a YAML file, or an ensemble's folder.", metavar="CONFIG")
]
Resume = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        metavar="FOLDER",
        callback=expanded,
        help="Keep each batch of this work in FOLDER; after an interruption the same command goes on there.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Of = Annotated[
    str,
    typer.Option(
        metavar="EVENT", help="What is asked about: european, deployed, ceasefire, or 'european and troops >= 25000'."
    ),
]
Runs = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=count, help="How many runs, such as 20000, 20k or 1e6; default 20,000, of mesa 2,000."
    ),
]
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
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        callback=ensemble_place,
        help="Folder for the ensemble, or an address such as s3://bucket/runs; default runs/SCENARIO-HASH-seedS.",
    ),
]
Inputs = Annotated[
    Path | None,
    typer.Option("--inputs", metavar="FOLDER", help="Play on the inputs that sim match kept there, such as plausible."),
]
Folder = Annotated[
    str | None,
    typer.Argument(
        metavar="[DIR or CONFIG]",
        help="Folder of an ensemble, or what sim run takes, which is run if no ensemble of it is at hand; "
        "default: the latest under runs.",
    ),
]
FirstRuns = Annotated[
    int | None,
    typer.Option(
        "--runs", metavar="N", parser=at_least(1), help="Look at the first N runs; of a CONFIG, play what is lacking."
    ),
]
AnySeed = Annotated[
    int | None,
    typer.Option("--seed", metavar="S", min=0, max=2**63 - 1, help="Root seed of a CONFIG; default 1, or at hand."),
]
PopulationRuns = Annotated[
    int | None,
    typer.Option("--runs", metavar="N", parser=at_least(2), help="Runs of a population, 50,000 unless given."),
]
Within = Annotated[
    float | None,
    typer.Option(
        "--within",
        metavar="POINTS",
        help="As many runs as it takes for the 95% intervals of what is ranked to be +-POINTS, such as 1.",
    ),
]


def from_points(within: float | None) -> float | None:
    """Return points, as typed, as a share; fail if they do not lie above 0 and below 50.

    >>> from_points(2.0)
    0.02
    """
    from sim.cli.common import fail

    if within is not None and not 0.0 < within < 50.0:
        fail(f"--within: points lie above 0 and below 50, got {within:g}")
    return None if within is None else within / 100
