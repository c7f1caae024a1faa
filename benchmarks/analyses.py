"""What the long analyses take as one types them: `python benchmarks/analyses.py [COMMAND ...] [--against CHECKOUT]`.

Each command is a fresh process in a folder of its own, with the size that it has by itself, or ``--runs`` runs of each
measurement. Told are seconds of all processors together, which do not depend on what else runs, and by the wall clock.
With ``--against``, another checkout takes turns with this one, and the ratio is that of its processor time to ours.

- why          ``sim why ensemble``, an ensemble of 20,000 runs (or ``--runs``)
- why-all      the same, all of its runs searched
- sensitivity  ``sim sensitivity baseline``
- validate     ``sim validate``
- levers       ``sim levers baseline``
- sure         ``sim sure baseline``
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from measuring import HOME, parser, positive, tell

RUNS_OPTION = {"sensitivity": "--base", "validate": "--runs", "levers": "--runs", "sure": "--runs"}
COMMANDS = ("why", "why-all", *RUNS_OPTION)
ENSEMBLE_RUNS = 20_000


class Taken(NamedTuple):
    """Seconds that a command took: of all processors together, and by the wall clock."""

    processor: float
    wall: float


def arguments(command: str, runs: int | None) -> list[str]:
    """Return what follows ``python`` in a command."""
    if command in ("why", "why-all"):
        searched = ["--runs", str(runs or ENSEMBLE_RUNS)] if command == "why-all" else []
        return ["-m", "sim", "why", "ensemble", *searched]
    what = [] if command == "validate" else ["baseline"]
    return ["-m", "sim", command, *what, *([RUNS_OPTION[command], str(runs)] if runs else [])]


def once(what: list[str], folder: Path, checkout: Path) -> Taken:
    """Return what ``python`` with these arguments takes, with the package of a checkout; a failure ends all."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    begun = perf_counter()
    process = subprocess.Popen([sys.executable, *what], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    taken = Taken(usage.ru_utime + usage.ru_stime, perf_counter() - begun)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"python {' '.join(what)} failed")
    return taken


def compare(command: str, runs: int | None, checkouts: list[Path], repeats: int) -> dict[str, float]:
    """Return the median times of a command, and with another checkout beside this one the ratio of their times."""
    turns: list[list[Taken]] = []
    with tempfile.TemporaryDirectory() as name:
        for checkout in checkouts:
            Path(name, checkout.name).mkdir()
            many = ["-m", "sim", "run", "baseline", "--nested", "none", "--runs", str(runs or ENSEMBLE_RUNS)]
            once(
                [*many, "--out", "ensemble"] if command.startswith("why") else ["-c", ""],
                Path(name, checkout.name),
                checkout,
            )
        turns = [
            [once(arguments(command, runs), Path(name, each.name), each) for each in checkouts] for _ in range(repeats)
        ]
    by_name = {
        f"{what}{' there' * at}": median(turn[at]._asdict()[what] for turn in turns)
        for at in range(len(checkouts))
        for what in Taken._fields
    }
    if len(checkouts) > 1:
        by_name["ratio"] = median(turn[1].processor / turn[0].processor for turn in turns)
    return by_name


def main() -> None:
    """Print what the commands take."""
    asked = parser(__doc__)
    asked.add_argument("commands", nargs="*", metavar="COMMAND", help=f"of {', '.join(COMMANDS)}; default all")
    asked.add_argument("--runs", type=positive, default=None, help="runs of each measurement")
    asked.add_argument("--repeats", type=positive, default=1)
    asked.add_argument("--against", type=Path, default=None, metavar="CHECKOUT", help="another checkout of the project")
    given = asked.parse_args()
    for strange in set(given.commands) - set(COMMANDS):
        asked.error(f"{strange!r} is not a command; allowed: {', '.join(COMMANDS)}")
    checkouts = [HOME, *([given.against.resolve()] if given.against else [])]
    commands = list(dict.fromkeys(given.commands or COMMANDS))
    taken = {command: compare(command, given.runs, checkouts, given.repeats) for command in commands}
    tell({"runs": given.runs or 0, "repeats": given.repeats, "commands": taken}, given.json)


if __name__ == "__main__":
    main()
