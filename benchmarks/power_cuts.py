"""What power cuts leave of ensembles on a simulated disk: `python benchmarks/power_cuts.py [--histories N] [--seed S]`.

A batch of tiny parts is cut once at every file operation, and N histories stop a folder several times, at operations
drawn at random: by a cut, which loses, tears and reorders what was not synced, by a kill, or by an error of the disk;
sometimes `--fresh` begins another batch there. After every stop what stands is read and compared, and at the end the
folder, after one more cut, with that of an undisturbed batch. `--planted N` repeats N histories with faults on purpose.
The same seed gives the same histories; `--only K` lives through the Kth alone and says what breaks.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from measuring import HOME, parser, positive, tell

sys.path.insert(0, str(HOME))

from tests.planted_faults import PLANTED, planted
from tests.power_cuts import MANY, WRONG, Broken, Session, Stop, lived, operations, random_sessions
from tests.simulated_disk import SimulatedDisk

Histories = Iterable[tuple[int, list[Session]]]
"""Histories: the seed of what the disk makes of cuts, and the sessions."""


def single_cuts(home: Path, every: int) -> Iterator[tuple[int, list[Session]]]:
    """Yield a history for every operation of a batch, or every few, that is cut before it."""
    for at in range(1, len(operations(home)) + 2, every):
        yield at, [Session(MANY, 1, Stop(at, "cut"))]


def random_histories(seed: int, numbers: range, most: int) -> Iterator[tuple[int, list[Session]]]:
    """Yield histories drawn at random, by their numbers."""
    for each in numbers:
        random = Random(f"{seed}/{each}")
        yield random.randrange(2**32), list(random_sessions(random, most))


def live(
    home: Path, histories: Histories, make: type[SimulatedDisk] = SimulatedDisk, show: bool = True
) -> dict[str, Any]:
    """Live through histories, and return what was done in them, and how many broke by what broke; show those."""
    counts, wrong, began = Counter[str](), Counter(dict.fromkeys(WRONG, 0)), process_time()
    for seed, sessions in histories:
        counts["histories"] += 1
        try:
            history = lived(home, seed, sessions, make)
        except Broken as broken:
            wrong[broken.args[0]] += 1
            if show:
                print(broken, seed, *sessions, file=sys.stderr)
        else:
            counts.update(history.counts + history.disk.counts)
    return {**counts, "processor_seconds": round(process_time() - began, 1), "wrong": dict(wrong)}


def all_planted(home: Path, seed: int, number: int) -> dict[str, Any]:
    """Return, for every planted fault, in how many of some histories it was noticed."""
    noticed: dict[str, Any] = {}
    for name, fault in PLANTED.items():
        with planted(name):
            most = len(operations(home)) + 1
            broken = live(home, random_histories(seed, range(number), most), fault.disk, show=False)["wrong"]
        noticed[name] = {"noticed": sum(broken.values()), **{what: many for what, many in broken.items() if many}}
    return noticed


def main() -> None:
    """Print the counts; end with status 1 if anything broke that no fault was planted in."""
    asked = parser(__doc__)
    asked.add_argument("--histories", type=positive, default=10_000, help="histories drawn at random")
    asked.add_argument("--first", type=int, default=0, help="the number of the first, to share them among processes")
    asked.add_argument("--every", type=positive, default=1, help="cut a batch once before every so manieth operation")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--planted", type=int, default=0, help="histories with each planted fault")
    asked.add_argument("--only", type=int, help="live through this history alone, by its number from 0")
    given = asked.parse_args()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        home = Path(folder)
        draw = partial(random_histories, given.seed, most=len(operations(home)) + 1)
        if given.only is not None:
            ((seed, sessions),) = draw(range(given.only, given.only + 1))
            print(*sessions, sep="\n")
            lived(home, seed, sessions)
            return
        results = {
            "cut once": live(home, single_cuts(home, given.every)),
            "drawn": live(home, draw(range(given.first, given.first + given.histories))),
        }
        faults = all_planted(home, given.seed, given.planted) if given.planted else {}
    tell({"seed": given.seed, **results, "planted": faults}, given.json)
    broken = sum(sum(each["wrong"].values()) for each in results.values())
    raise SystemExit(int(broken > 0))


if __name__ == "__main__":
    main()
