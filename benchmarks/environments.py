"""Do the main commands give the same answer, or refuse in a line, on any machine? A box an environment, a table of all.

    python benchmarks/environments.py --other oldest=build/same/oldest/bin/python
    python benchmarks/environments.py --keep build/environments.jsonl --minutes 10
    python benchmarks/environments.py --keep build/environments.jsonl --docs

Verdicts: ``same`` (status 0, and every word and number that a plain environment gives, and the same rows on disk),
``refused`` (status 1 or 2 and a few lines that say why), ``fault`` (anything else: a traceback, a signal, another
answer). Ends with status 1 if there is a fault.

With ``--keep`` results are appended to a file, and what stands there is not tried again, but for faults; so the whole
matrix can be tried in pieces (``--minutes``). ``--docs`` prints the table of ``docs/environments.md`` from them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import inf
from pathlib import Path
from textwrap import shorten
from time import monotonic, perf_counter
from typing import Any, NamedTuple

from boxes import ALL, BOXES, Box, no_locks
from measuring import HOME, parser, tell

START = "import sys\nsys.path.insert(1, {source!r})\nfrom sim.cli import main\nmain()\n"
USES = """import sys
sys.path.insert(1, {source!r})
import sim
try:
    ensemble = sim.run("baseline", runs=100, seed=1)
    print(ensemble)
    firm = sim.load("baseline").change({{"actors.germany.needs.russian_consent": None}})
    print(sim.compare("baseline", firm, runs=100).sentence)
    sim.plots.distribution(ensemble, "troops").figure.savefig("troops.png")
    ensemble.save("saved")
except (ValueError, OSError) as error:
    raise SystemExit(f"refused: {{error}}")
"""
SEEN = """- {week: 2025-03-10, actor: uk, stage: at least open, reliability: 90%, source: "invented, for Übung"}
- {from: 2025-03-03, to: 2025-04-14, ceasefire: none}
"""
RUN = ("run", "baseline", "--runs", "100", "--nested", "none", "--theory", "none")
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "help": (("--help",),),
    "check": (("check", "baseline"),),
    "show": (("show", "baseline"),),
    "run": (RUN,),
    "resume": ((*RUN, "--out", "new"), ("run", "baseline", "--more", "50", "--nested", "none", "--out", "new")),
    "why": (("why", "kept"),),
    "compare": (("compare", "baseline", "no_us_support", "--runs", "100", "--nested", "none"),),
    "update": (("update", "baseline", "seen.yaml", "--runs", "200", "--no-widths"),),
    "report": (("report", "kept"),),
    "script": (),
}
FOLDERS = {"run": "runs/*", "resume": "new", "script": "saved"}
"""Where a command writes an ensemble."""
SECONDS = 600
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Outcome(NamedTuple):
    """What a command gave: its last exit status, what it printed, what it wrote, and what is to be thought of it."""

    status: int
    seconds: float
    out: str
    err: str
    rows: str
    verdict: str = ""

    @property
    def last(self) -> str:
        """The last line that says something."""
        lines = [line.strip() for line in (self.err or self.out).splitlines() if line.strip()]
        return lines[-1] if lines else ""


class Bench:
    """Where boxes are made, and what the commands give in a plain one."""

    def __init__(self, home: Path) -> None:
        self.home, self.plain = home, dict[str, Outcome]()
        self._sources = {"checkout": HOME}
        self._begin_warm()

    def _begin_warm(self) -> None:
        """Begin with what the user's own cache has of this kernel: it was compiled from the same sources."""
        from sim.kernel import version

        known = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sim-kernel" / version()
        if known.is_dir():
            shutil.copytree(known, self.cache() / "sim-kernel" / version())

    @cached_property
    def kept(self) -> Path:
        """The ensemble that boxes begin with; its ranges stand in it."""
        folder, cache = self.home / "kept", {"XDG_CACHE_HOME": str(self.cache())}
        done = ("--nested", "4x4", "--theory", "20", "--out", str(folder))
        self._start([sys.executable, "-m", "sim", *RUN[:4], *done], self.home, cache)
        return folder

    def cache(self, source: str = "checkout", python: str = "") -> Path:
        """Return the cache that boxes of a source begin with: each compiles but once."""
        return self.home / "caches" / f"{source}-{python.replace('/', '-')}"

    def outcome(self, box: Box, name: str) -> Outcome:
        """Return what a command gives in a box, and what to think of it."""
        with tempfile.TemporaryDirectory(dir=self.home, ignore_cleanup_errors=True) as folder:
            outcome = self._outcome(box, name, Path(folder))
        if box.name == BOXES[0].name:
            self.plain[name] = outcome
        return outcome._replace(verdict=verdict(outcome, self.plain[name], box))

    def _outcome(self, box: Box, name: str, folder: Path) -> Outcome:
        source, work = self.source(box), self._fill(box, folder)
        if "kept" in [word for words in COMMANDS[name] for word in words]:
            shutil.copytree(self.kept, work / "kept")
        if box.source == "relative":
            source = Path(os.path.relpath(source, work))
        python = [box.python or sys.executable, *box.flags]
        (folder / "sim").write_text(START.format(source=str(source)), encoding="utf-8")
        (work / "uses.py").write_text(USES.format(source=str(source)), encoding="utf-8")
        start = [*python, "-m", "sim"] if box.as_module else [*python, str(folder / "sim")]
        settings = self._settings(box, folder, source)
        begun, out, err, status = perf_counter(), "", "", 0
        for words in [[*start, *words] for words in COMMANDS[name]] or [[*python, str(work / "uses.py")]]:
            status, printed, said = self._start(box.command(words, folder, source), work, settings, box.columns)
            out, err = out + printed, err + said
            if status:
                break
        seconds = perf_counter() - begun
        self._keep_compiled(box, folder)
        return Outcome(status, seconds, out, err, rows(work, name))

    def source(self, box: Box) -> Path:
        """Return where the package is that a box has: the checkout, or what is built from it."""
        if box.source in ("wheel", "zip") and "wheel" not in self._sources:
            self._build()
        return self._sources.get(box.source, HOME)

    def _build(self) -> None:
        left = shutil.ignore_patterns(
            ".*venv", ".git", "runs", "build", "dist", "*.egg-info", "__pycache__", ".*_cache"
        )
        copy, built, installed = self.home / "copy", self.home / "built", self.home / "installed"
        shutil.copytree(HOME, copy, symlinks=True, ignore=left)
        for words in (
            ["-m", "build", "--no-isolation", "--outdir", str(built), str(copy)],
            ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), "{wheel}"],
        ):
            wheel = str(next(built.glob("*.whl"), ""))
            subprocess.run(
                [sys.executable, *(word.format(wheel=wheel) for word in words)], check=True, capture_output=True
            )
        self._sources |= {"wheel": installed, "zip": next(built.glob("*.whl"))}

    def _fill(self, box: Box, folder: Path) -> Path:
        """Make the folders of a box, and return the one to work in."""
        work = folder / box.folder
        for each in (work, folder / "home" / ".cache", folder / "tmp"):
            each.mkdir(parents=True)
        if not box.cold:
            cache = self.cache(box.source, box.python)
            for place in (folder / "home" / ".cache" / "sim-kernel", *self._kept_elsewhere(box, folder)):
                if (cache / "sim-kernel").is_dir():
                    shutil.copytree(cache / "sim-kernel", place, copy_function=os.link)
        for name, text in {"seen.yaml": SEEN, **box.files}.items():
            (work / name).write_text(text, encoding="utf-8")
        if "cc" in box.needs:
            no_locks(folder)
        folder.chmod(0o755)
        return work

    @staticmethod
    def _kept_elsewhere(box: Box, folder: Path) -> Iterator[Path]:
        """Yield where the kernel's cache is if the user has no home that can be written."""
        mine = os.getuid()
        yield folder / "tmp" / f"sim-kernel-{mine}"
        if "setpriv" in box.before:
            yield folder / "tmp" / f"sim-kernel-{box.before[2]}"

    def _keep_compiled(self, box: Box, folder: Path) -> None:
        compiled, cache = folder / "home" / ".cache" / "sim-kernel", self.cache(box.source, box.python) / "sim-kernel"
        if compiled.is_dir() and not cache.exists():
            shutil.copytree(compiled, cache)

    def _settings(self, box: Box, folder: Path, source: Path) -> dict[str, str | None]:
        places = {"box": str(folder), "source": str(source)}
        own = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "TERM": "xterm"}
        own |= {"PYTHONPATH": str(source)} if box.as_module else {}
        given = {name: value and value.format(**places) for name, value in box.settings.items()}
        return {**own, **given}

    def _start(
        self, words: Sequence[str], folder: Path, settings: dict[str, Any], columns: int = 0
    ) -> tuple[int, str, str]:
        """Return exit status and what was printed; on a terminal if that is to have so many columns."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SIM_", "XDG_"))}
        if folder == self.home:
            kept["PYTHONPATH"] = str(HOME)
        settings = {name: value for name, value in {**kept, **settings}.items() if value is not None}
        reader, writer = terminal(columns) if columns else os.pipe()
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                words, cwd=folder, env=settings, stdout=writer, stderr=errors, stdin=subprocess.DEVNULL
            )
            os.close(writer)
            out = b"".join(chunks(reader))
            os.close(reader)
            status = process.wait(SECONDS)
            errors.seek(0)
            return status, ANSI.sub("", text(out)), text(errors.read())


def text(content: bytes) -> str:
    """Return what was printed as text, whatever its encoding."""
    return content.decode("utf-8", errors="replace")


def terminal(columns: int) -> tuple[int, int]:
    """Return both ends of a terminal with so many columns."""
    import fcntl
    import pty
    import termios

    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    return reader, writer


def chunks(reader: int) -> Iterator[bytes]:
    """Yield what is written at the other end until that is closed; a terminal then reports an error."""
    try:
        while chunk := os.read(reader, 65_536):
            yield chunk
    except OSError:
        return


def rows(work: Path, name: str) -> str:
    """Return the table of runs that a command wrote, as text with every digit; empty if there is none."""
    import sim

    places = list(work.glob(FOLDERS[name])) if name in FOLDERS else []
    if len(places) != 1 or not (places[0] / "_manifest.json").is_file():
        return ""
    with tempfile.TemporaryDirectory() as elsewhere:  # pyarrow reads nothing from a path that is no text
        return str(sim.open_ensemble(shutil.copytree(places[0], Path(elsewhere) / "rows")).runs.to_csv())


def words(out: str) -> Counter[str]:
    """Return the words and numbers of an output, whatever lines they stand on and what the encoding lacks."""
    return Counter(re.findall(r"[A-Za-z0-9.,%]+", out))


def characters(out: str) -> Counter[str]:
    """Return the characters of these: a narrow terminal breaks words, too."""
    return Counter(re.findall(r"[A-Za-z0-9.,%]", out))


def verdict(outcome: Outcome, plain: Outcome, box: Box) -> str:
    """Return what to think of an outcome."""
    if "Traceback (most recent" in outcome.out + outcome.err:
        return "fault: traceback"
    if outcome.status in (1, 2):
        return "refused" if outcome.last or "2>&-" in box.around else "fault: silent"
    if outcome.status:
        return f"fault: status {outcome.status}"
    if outcome.rows != plain.rows:
        return "fault: other rows"
    if ">&-" in box.around.replace("2>&-", ""):
        return "same"
    if "head" in box.around:
        return "same" if plain.out.startswith(outcome.out) and outcome.out else "fault: other words"
    alike = characters if box.narrow else words
    return "same" if alike(outcome.out) == alike(plain.out) else "fault: other words"


Pair = tuple[str, str]
"""The names of an environment and of a command."""
Rows = dict[Pair, dict[str, Any]]


def chosen(asked: argparse.Namespace, known: Rows) -> Iterator[tuple[Box, str]]:
    """Yield the boxes and commands asked for but for known ones, command by command, in the plain box first."""
    given = (each.rpartition("=") for each in asked.other)
    # Boxes have folders of their own, and what an environment's Python links to is another Python.
    others = [Box(name, ALL, python=str(Path(python).absolute())) for name, _, python in given]
    boxes = [box for box in (*BOXES, *others) if not asked.environments or box.name in asked.environments]
    for name in asked.commands or ALL:
        left = [box for box in boxes if name in box.commands and (box.name, name) not in known]
        if left:
            yield BOXES[0], name  # others are held against it
            yield from ((box, name) for box in left if box.name != BOXES[0].name)


def matrix(asked: argparse.Namespace, known: Rows) -> Iterator[dict[str, Any]]:
    """Yield a row a pair of environment and command that is not known, until the time is over."""
    end = monotonic() + 60 * asked.minutes
    with tempfile.TemporaryDirectory(dir=asked.folder, ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)
        bench = Bench(Path(home))
        for box, name in chosen(asked, known):
            if monotonic() > end:
                return
            if lacking := box.lacks():
                yield {"environment": box.name, "command": name, "status": None, "seconds": 0.0,
                       "verdict": f"not tried: no {lacking}", "last": ""}  # fmt: skip
                continue
            outcome = bench.outcome(box, name)
            place = rf"{re.escape(home)}(/tmp\w+(/work)?)?/"  # the box's own
            last = "" if outcome.verdict == "same" else re.sub(place, "", outcome.last)
            yield {"environment": box.name, "command": name, "status": outcome.status,
                   "seconds": round(outcome.seconds, 1), "verdict": outcome.verdict, "last": last}  # fmt: skip


def kept(file: Path | None) -> Rows:
    """Return the rows of a file of results; of a pair that was tried twice, the last."""
    lines = file.read_text("utf-8").splitlines() if file and file.exists() else []
    return {(row["environment"], row["command"]): row for row in map(json.loads, lines)}


def cell(text: str) -> str:
    """Return a text as it stands in a cell of a table."""
    return text.replace("|", "\\|")


def line(row: dict[str, Any]) -> str:
    """Return a row as it is printed while the matrix is tried."""
    cells = (row["environment"], row["command"], row["status"], f"{row['seconds']:.1f}", row["verdict"], row["last"])
    return f"| {' | '.join(cell(str(each)) for each in cells)} |"


def page(rows: Rows) -> Iterator[str]:
    """Yield the lines of the table of ``docs/environments.md``: an environment a line, its commands by verdict."""
    yield "| environment | verdicts |"
    yield "| --- | --- |"
    order = [box.name for box in BOXES]
    others = [name for name, _ in rows if name not in order]
    for environment in dict.fromkeys((*order, *others)):
        commands: dict[str, list[str]] = {}
        for name in ALL:
            if row := rows.get((environment, name)):
                said = shorten(row["last"].removeprefix("refused: "), 120, placeholder=" ...")
                why = f" ({said})" if said else ""
                commands.setdefault(row["verdict"] + why, []).append(name)
        if commands:
            verdicts = "; ".join(f"{', '.join(names)}: {verdict}" for verdict, names in commands.items())
            yield f"| {cell(environment)} | {cell(verdicts)} |"


def arguments() -> argparse.Namespace:
    """Return what is asked for on the command line."""
    asked = parser(__doc__)
    names = [box.name for box in BOXES]
    asked.add_argument("--environments", nargs="*", default=(), metavar="NAME", help="some of: " + "; ".join(names))
    asked.add_argument("--commands", nargs="*", choices=ALL, default=(), help="some of the commands")
    asked.add_argument(
        "--other", action="append", default=[], metavar="NAME=PYTHON", help="another Python with libraries"
    )
    asked.add_argument("--folder", type=Path, help="where boxes are made; default among temporary files")
    asked.add_argument("--keep", type=Path, metavar="FILE", help="append results; try what it lacks, and its faults")
    asked.add_argument("--minutes", type=float, default=inf, help="begin no command after so many")
    asked.add_argument("--docs", action="store_true", help="print the table of docs/environments.md from --keep alone")
    return asked.parse_args()


def main() -> None:
    """Print the table; end with status 1 if there is a fault."""
    given = arguments()
    table = kept(given.keep)
    if given.docs:
        print("\n".join(page(table)))
        return
    known = {pair: row for pair, row in table.items() if not row["verdict"].startswith("fault")}
    for row in matrix(given, known):
        table[row["environment"], row["command"]] = row
        if given.keep:
            given.keep.parent.mkdir(parents=True, exist_ok=True)
            with given.keep.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        if not given.json:
            print(line(row), flush=True)
    rows = list(table.values())
    counts = Counter(row["verdict"].partition(":")[0] for row in rows)
    seconds = float(sum(row["seconds"] for row in rows))
    tell({"pairs": len(rows), "seconds": seconds, **counts, **({"table": rows} if given.json else {})}, given.json)
    raise SystemExit(int(counts["fault"] > 0))


if __name__ == "__main__":
    main()
