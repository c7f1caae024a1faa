"""Whatever is done to an ensemble's folder, in any order, it holds, gives and refuses what a simple model of it says.

Hypothesis draws the sequences: batches run, stopped, gone on with, grown and begun afresh, with other seeds and another
config, by another version, damage of every kind, and all that reads. Parts are tiny, so that a sequence is quick.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from typer.testing import CliRunner

import sim
from sim.analysis.export import export
from sim.cli import application
from sim.ensemble import open_ensemble, parquet_store, part_records
from sim.ensemble.atomic_files import Refused
from sim.ensemble.ensemble import Ensemble
from sim.scenario.scenario import Scenario
from tests.power_cuts import content
from tests.worlds import TINY

PART, MOST = 8, 44
TABLES = ("runs", "actors", "inputs")
CHANGES = {"as written": {}, "changed": {"actors.alba.credence": "10%"}}
OTHER_VERSION = "0.0.9"
LINES = {
    "{week: 2025-03-10, ceasefire: none}": True,
    "{week: 2025-03-17, actor: alba, stage: pledged}": True,
    "{week: 2025-03-10, actor: atlantis, stage: pledged}": False,
    "{week: 1999-01-01, ceasefire: none}": False,
}
"""Observations, and whether they fit the tiny world."""

runs_asked = st.sampled_from((3, 8, 12, 16, 20, 29))
seeds = st.sampled_from((1, 2))
configs = st.sampled_from(sorted(CHANGES))
damages = st.sampled_from(("flip", "cut", "delete"))


@pytest.fixture(scope="module", autouse=True)
def short_parts() -> Iterator[None]:
    """Make parts short, and bring nothing down to the disk: power cuts are tried elsewhere."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet_store, "PART_RUNS", PART)
        patched.setattr(os, "fsync", lambda _: None)
        yield


@cache
def scenario(config: str) -> Scenario:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.yaml"
        path.write_text(TINY, encoding="utf-8")
        loaded = sim.load(path)
    return loaded.change(CHANGES[config]) if CHANGES[config] else loaded


@cache
def reference(config: str, seed: int) -> Ensemble:
    """Return more runs than any batch here has, in memory: every batch holds the first of them."""
    return sim.run(scenario(config), MOST, seed, workers=1)


@cache
def undisturbed(config: str, seed: int, runs: int) -> dict[str, bytes]:
    """Return the files that one batch leaves."""
    with TemporaryDirectory() as folder:
        sim.run(scenario(config), runs, seed, out=Path(folder) / "out", workers=1)
        return content(Path(folder) / "out")


@dataclass
class Part:
    """A part that stands: its runs, the tables that are damaged, and whether its record is as it was written."""

    runs: int
    damaged: dict[str, str] = field(default_factory=dict)
    record: bool = True


@dataclass
class Model:
    """What should stand in the folder."""

    config: str
    seed: int
    version: str = ""
    parts: list[Part] = field(default_factory=list)
    complete: bool = False
    manifest: str = "whole"

    def readable(self) -> list[Part]:
        """Return the parts that a reader is given: all of a batch that is complete, else those without a gap."""
        if self.complete:
            return self.parts
        standing: list[Part] = []
        for part in self.parts:
            if not part.record or any(before.runs < PART for before in standing):
                break
            standing.append(part)
        return standing

    @property
    def runs(self) -> int:
        return sum(part.runs for part in self.readable())

    @property
    def last(self) -> int:
        """How many runs any part that stands reaches to, gaps or not."""
        return max((PART * at + part.runs for at, part in enumerate(self.parts) if part.record), default=0)

    def damaged(self, table: str, runs: int) -> set[str]:
        """Return how the files of a table are damaged that hold any of the first runs."""
        return {part.damaged[table] for part in self.readable()[: -(-runs // PART)] if table in part.damaged}


class Surface(RuleBasedStateMachine):
    """An ensemble's folder, with what is done to it, and the model of it."""

    def __init__(self) -> None:
        super().__init__()
        self.own = TemporaryDirectory(dir=MEMORY)
        self.home = Path(self.own.name)
        self.folder, self.config_file = self.home / "out", self.home / "tiny.yaml"
        self.config_file.write_text(TINY, encoding="utf-8")
        self.model: Model | None = None
        self.alien = False
        self.lines: list[str] = []

    def teardown(self) -> None:
        self.own.cleanup()

    # --- batches -----------------------------------------------------------------------------------------------------

    @rule(runs=runs_asked, seed=seeds, config=configs)
    def run(self, runs: int, seed: int, config: str) -> None:
        self._run(runs, seed, config)

    @rule(runs=runs_asked, stop=st.integers(1, 4))
    def run_and_stop(self, runs: int, stop: int) -> None:
        model = self.model or Model("as written", 1)
        self._run(runs, model.seed, model.config, stop)

    @rule(more=st.sampled_from((1, 8)))
    def go_on(self, more: int) -> None:
        if self.model and self.model.runs + more <= MOST:
            self._run(self.model.runs + more, self.model.seed, self.model.config)

    @rule(runs=runs_asked, seed=seeds)
    def run_afresh(self, runs: int, seed: int) -> None:
        ended = self._sim("run", "--runs", runs, "--seed", seed, "--nested", "none", "--workers", 1, "--fresh")
        if self.model is not None and (self.model.manifest == "gone" or self.alien):
            assert ended == 2
            return
        assert ended == 0
        self.model = Model("as written", seed, parts=_whole(runs), complete=True)

    @rule(more=st.sampled_from((1, 8)))
    def ask_for_more(self, more: int) -> None:
        model = self.model
        standing = model.runs if model and model.manifest == "whole" else 0
        if standing + more > MOST:
            return
        ended = self._sim("run", "--more", more, "--seed", 1, "--nested", "none", "--workers", 1)
        if model is None or not standing or self._refusal(model, standing + more, 1, "as written"):
            assert ended == 2
            return
        assert ended == 0
        self._play(model, standing + more)

    def _run(self, runs: int, seed: int, config: str, stop: int = 0) -> None:
        """Run a batch, perhaps stop it as a number of parts are under way, and bring the model up to it."""
        calls: list[int] = []

        def progress(done: int) -> None:
            calls.append(done)
            if len(calls) == stop:
                raise KeyboardInterrupt

        def batch() -> Ensemble:
            return sim.run(scenario(config), runs, seed, out=self.folder, workers=1, progress=progress)

        before = content(self.folder)
        if self.model and (refusal := self._refusal(self.model, runs, seed, config)):
            with pytest.raises(Refused, match=refusal):
                batch()
            assert content(self.folder) == before
            return
        model = self.model = self.model or Model(config, seed)
        if runs < model.runs:
            if stop != 1:
                self._compare(batch(), runs)
            return
        if 0 < stop <= -(-runs // PART):
            with pytest.raises(KeyboardInterrupt):
                batch()
            self._play(model, runs, stop - 1)
            model.complete = False
            return
        ensemble = batch()
        self._play(model, runs)
        self._compare(ensemble, runs)

    def _refusal(self, model: Model, runs: int, seed: int, config: str) -> str:
        """Return why a batch is refused, in words of the message; empty if it is not."""
        if model.manifest != "whole":
            return "is damaged" if model.manifest == "edited" else "holds something else"
        if (model.config, model.seed, model.version) != (config, seed, ""):
            return "holds another ensemble"
        if model.runs <= runs < model.last:
            return "runs already, more than"
        return ""

    def _play(self, model: Model, runs: int, parts: int | None = None) -> None:
        """Bring the model to where a batch leaves it that was stopped after some parts, or went on to its end."""
        whole = _whole(runs)
        for at, part in enumerate(whole[:parts]):
            model.parts[at : at + 1] = [part]
        model.complete = parts is None

    # --- what happens to files ---------------------------------------------------------------------------------------

    @precondition(lambda self: self.model and self.model.parts)
    @rule(
        kind=st.sampled_from(("flip", "cut", "delete")), table=st.sampled_from((*TABLES, "record")), luck=st.randoms()
    )
    def damage_a_part(self, kind: str, table: str, luck: Random) -> None:
        assert self.model
        at = luck.randrange(len(self.model.parts))
        part = self.model.parts[at]
        if table in part.damaged or not part.record:
            return
        name = {"record": f"_parts/{at:05d}.json", "runs": f"runs/{at:05d}.parquet"}
        _damage(self.folder / name.get(table, f"_{table}/{at:05d}.parquet"), kind, luck)
        if table == "record":
            part.record = False
        else:
            part.damaged[table] = kind

    @precondition(lambda self: self.model and self.model.manifest == "whole")
    @rule(kind=st.sampled_from(("torn", "gone", "edited")))
    def damage_the_manifest(self, kind: str) -> None:
        assert self.model
        path = self.folder / "_manifest.json"
        text = path.read_text("utf-8")
        edited = {"torn": text[:-20], "edited": text.replace('"seed": ', '"seed": 1')}
        path.unlink() if kind == "gone" else path.write_text(edited[kind], "utf-8")
        self.model.manifest = kind

    @precondition(lambda self: self.model and self.model.manifest == "whole")
    @rule()
    def be_of_another_version(self) -> None:
        assert self.model
        about = json.loads((self.folder / "_manifest.json").read_text("utf-8"))
        about["versions"]["sim"] = OTHER_VERSION
        part_records.put_manifest(self.folder, about)
        self.model.version = OTHER_VERSION

    @precondition(lambda self: self.model)
    @rule()
    def put_an_alien_file_beside(self) -> None:
        (self.folder / "notes.txt").write_text("mine", "utf-8")
        self.alien = True

    # --- what reads --------------------------------------------------------------------------------------------------

    @rule(runs=st.one_of(st.none(), runs_asked))
    def open(self, runs: int | None) -> None:
        if (ensemble := self._opened(runs)) is not None:
            self._compare(ensemble, runs or self.model.runs)  # type: ignore[union-attr]

    @rule(table=st.sampled_from(TABLES))
    def ask_in_sql(self, table: str) -> None:
        if (ensemble := self._opened()) is None or self.model is None:
            return
        select = f"select count(distinct run) as many, sum(run) as total from {table}"
        others = set().union(*(self.model.damaged(each, self.model.runs) for each in TABLES))
        if self.model.damaged(table, self.model.runs) or others & {"cut", "delete"}:  # sizes of all files are looked at
            with pytest.raises(ValueError, match="missing or damaged"):
                ensemble.sql(select)
            return
        expected = self._expected(table, self.model.runs)["run"]
        row = ensemble.sql(select).iloc[0]
        assert (row["many"], row["total"]) == (expected.nunique(), expected.sum())

    @rule(kind=st.sampled_from(("csv", "json")))
    def hand_on(self, kind: str) -> None:
        if (ensemble := self._opened()) is None or self.model is None:
            return
        target = self.home / "handed_on" / f"runs.{kind}"
        target.parent.mkdir()
        damaged = self.model.damaged("runs", self.model.runs)
        file = target / "runs.csv" if kind == "csv" else target
        with _damage_refused(damaged):
            export(ensemble, target, kind, tables=("runs",))
        if damaged:
            assert damaged <= {"flip"} or not file.exists()
        if file.exists():
            rows = pd.read_csv(target / "runs.csv") if kind == "csv" else json.loads(target.read_text("utf-8"))["runs"]
            numbers = pd.DataFrame(rows)["run"]
            assert list(numbers) == list(self._expected("runs", self.model.runs)["run"])
        _remove(target.parent)

    @rule(seed=seeds)
    def compare(self, seed: int) -> None:
        """A comparison is of the same runs, whatever stands in the folder, and leaves it alone."""
        before = content(self.folder)
        differences = _compared(seed)
        assert differences == tuple(
            float(reference(config, seed).runs["european_week"].head(16).notna().mean())
            for config in ("as written", "changed")
        )
        assert content(self.folder) == before

    @rule(line=st.sampled_from(sorted(LINES)))
    def observe(self, line: str) -> None:
        """An observation that fits is appended, and any other leaves the file as it was."""
        file = self.home / "seen.yaml"
        ended = CliRunner().invoke(application(), ["observe", str(self.config_file), str(file), line]).exit_code
        assert ended == (0 if LINES[line] else 2)
        self.lines += [f"- {line}"] * LINES[line]
        assert (file.read_text("utf-8").splitlines() if file.exists() else []) == self.lines

    # --- what holds after every step ---------------------------------------------------------------------------------

    @invariant()
    def nothing_is_left_aside(self) -> None:
        assert not [path for path in self.home.rglob(".*") if path.name != ".lock"]

    @invariant()
    def a_whole_folder_has_the_bytes_of_one_undisturbed_batch(self) -> None:
        model = self.model
        if model is None:
            assert not self.folder.exists()
            return
        sound = model.complete and all(part.record and not part.damaged for part in model.parts)
        if sound and model.manifest == "whole" and not model.version:
            now = content(self.folder)
            now.pop("notes.txt", None)
            assert _without_ranges(now) == _without_ranges(undisturbed(model.config, model.seed, model.runs))

    def _opened(self, runs: int | None = None) -> Ensemble | None:
        """Open the folder, or hold that it is refused in plain words."""
        model = self.model
        if model is None or model.manifest != "whole" or not model.runs or (runs or 0) > model.runs:
            with pytest.raises((FileNotFoundError, ValueError), match=str(self.folder)):
                open_ensemble(self.folder, runs)
            return None
        ensemble = open_ensemble(self.folder, runs)
        assert ensemble.manifest["seed"] == model.seed
        assert (ensemble.manifest["versions"]["sim"] == OTHER_VERSION) == bool(model.version)
        return ensemble

    def _compare(self, ensemble: Ensemble, runs: int) -> None:
        """Hold that each table gives the right rows, or says that it is damaged."""
        assert self.model
        for table in TABLES:
            damaged = self.model.damaged(table, runs)
            with _damage_refused(damaged):
                pd.testing.assert_frame_equal(ensemble.read(table=table), self._expected(table, runs))

    def _expected(self, table: str, runs: int) -> pd.DataFrame:
        assert self.model
        rows = reference(self.model.config, self.model.seed).read(table=table)
        return rows[rows["run"] < runs]

    def _sim(self, command: str, *options: object) -> int:
        words = [command, str(self.config_file), "--out", str(self.folder), *map(str, options)]
        return CliRunner().invoke(application(), words).exit_code


MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@contextmanager
def _damage_refused(damaged: set[str]) -> Iterator[None]:
    """Hold that what reads damaged files says so; of a bit that is flipped where nothing is read, it may go on."""
    refused = False
    try:
        yield
    except ValueError as error:
        refused = "missing or damaged" in str(error)
        if not damaged or not refused:
            raise
    if damaged - {"flip"} and not refused:
        raise AssertionError(f"files were read that are damaged: {damaged}")


def _whole(runs: int) -> list[Part]:
    return [Part(min(PART, runs - first)) for first in range(0, runs, PART)]


def _damage(path: Path, kind: str, luck: Random) -> None:
    data = bytearray(path.read_bytes())
    if kind == "flip":
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    if kind == "delete":
        path.unlink()
    else:
        path.write_bytes(data if kind == "flip" else data[: luck.randrange(len(data))])


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def _without_ranges(files: dict[str, bytes]) -> dict[str, Any]:
    """Return files with the manifest read, without what `sim run` adds of ranges, which its checksum covers too."""
    about = json.loads(files["_manifest.json"])
    ranges = ("inputs_range", "theory_range", "sha256")
    return files | {"_manifest.json": {name: value for name, value in about.items() if name not in ranges}}


@cache
def _compared(seed: int) -> tuple[float, float]:
    table = sim.compare(scenario("as written"), scenario("changed"), runs=16, seed=seed, workers=1).table
    return float(table.at["european", "a"]), float(table.at["european", "b"])


SAME: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "database": None,
    "phases": (Phase.generate,),  # to shrink takes minutes; the sequence that is printed can be cut by hand
}


def test_any_sequence_of_a_few_steps_leaves_what_the_model_says() -> None:
    run_state_machine_as_test(
        Surface, settings=settings(max_examples=12, stateful_step_count=10, derandomize=True, **SAME)
    )


@pytest.mark.thorough
def test_any_sequence_of_many_steps_leaves_what_the_model_says() -> None:
    many = settings(max_examples=400, stateful_step_count=30, **SAME)
    run_state_machine_as_test(Surface, settings=many)
