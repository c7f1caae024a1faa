"""What commands take as one types them, in seconds and megabytes: `python benchmarks/shell.py [COMMAND ...]`.

Each command is a fresh process in an empty folder, timed by the wall clock from its start to its end, imports and the
text of the answer included; its memory is its peak resident memory (never told below that of this script itself):

- batch     ``sim run baseline --runs N --nested none --out DIR``
- short     ``sim run baseline --runs 100``, with the usual nested design beside it
- default   ``sim run baseline``
- help      ``sim --help``
- check     ``sim check baseline``
- import    ``python -c "import sim"``
- compile   ``sim run baseline --runs 1 --nested none`` with an empty cache: the engine is compiled first

All but the last find the engine compiled, and the scenario in the cache; ``processor seconds`` are those of all its
processes and threads. Seconds are the median of the repeats, megabytes the greatest.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from measuring import Cost, cost, parser, positive, tell

COMMANDS = ("batch", "short", "default", "help", "check", "import", "compile")


def arguments(command: str, runs: int) -> list[str]:
    """Return what follows ``python`` in a command."""
    run = ["-m", "sim", "run", "baseline"]
    return {
        "batch": [*run, "--runs", str(runs), "--nested", "none", "--out", "ensemble"],
        "short": [*run, "--runs", "100"],
        "default": run,
        "help": ["-m", "sim", "--help"],
        "check": ["-m", "sim", "check", "baseline"],
        "import": ["-c", "import sim"],
        "compile": [*run, "--runs", "1", "--nested", "none"],
    }[command]


def once(command: str, runs: int) -> Cost:
    """Return what a command takes in an empty folder, which is removed."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"XDG_CACHE_HOME": str(Path(folder, "cache"))} if command == "compile" else {}
        return cost(arguments(command, runs), Path(folder), environment)


def shell(commands: list[str], runs: int, repeats: int) -> dict[str, Any]:
    """Return seconds and megabytes of commands, which take turns; for a batch, runs a second too."""
    once("batch", 512)
    turns = [{command: once(command, runs) for command in commands} for _ in range(repeats)]
    found: dict[str, Any] = {}
    for command in commands:
        taken = [turn[command] for turn in turns]
        found[command] = {
            "seconds": median(each.seconds for each in taken),
            "processor_seconds": median(each.processor_seconds for each in taken),
            "peak_mb": max(each.peak_mb for each in taken),
        }
    if "batch" in found:
        found["batch"]["runs_per_second"] = runs / found["batch"]["seconds"]
    return found


def main() -> None:
    """Print what the commands take."""
    asked = parser(__doc__)
    asked.add_argument("commands", nargs="*", metavar="COMMAND", help=f"of {', '.join(COMMANDS)}; default all")
    asked.add_argument("--runs", type=positive, default=1_000_000, help="runs of the batch")
    asked.add_argument("--repeats", type=positive, default=3)
    given = asked.parse_args()
    for strange in set(given.commands) - set(COMMANDS):
        asked.error(f"{strange!r} is not a command; allowed: {', '.join(COMMANDS)}")
    commands = list(dict.fromkeys(given.commands or COMMANDS))
    found = shell(commands, given.runs, given.repeats)
    tell({"runs": given.runs, "repeats": given.repeats, "commands": found}, given.json)


if __name__ == "__main__":
    main()
