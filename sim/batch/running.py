"""A scenario times many runs into an ensemble: blocks of luck, workers, parts; run k never depends on the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.batch import block, design_points, engines, parts
from sim.batch.block import Job
from sim.batch.engines import BatchFailed
from sim.batch.input_design import InputDesign, read_design
from sim.batch.manifest import fingerprint, manifest
from sim.batch.parts import Made
from sim.ensemble import atomic_files, parquet_store, part_records, shares
from sim.ensemble.arrow_tables import arrow
from sim.ensemble.destination import Store, first_runs, store
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.events import Event, event
from sim.ensemble.part_records import Span
from sim.model import user_classes
from sim.reading.errors import suggestion
from sim.reading.whole_numbers import whole
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.words import EVENT_WORDS
from sim.world import building, draws

__all__ = ["DEFAULT_RUNS", "BatchFailed", "Margin", "RunOptions", "default_runs", "manifest", "run"]

DEFAULT_RUNS = engines.DEFAULT_RUNS[engines.DEFAULT]
MOST_RUNS = 100_000_000
MOST_RUNS_UNTIL = 10_000_000
"""Where a batch ends at the latest that runs until its interval is narrow enough."""
KEEP = ("inputs", "weekly")
MARGIN_OF = tuple(EVENT_WORDS)
"""Names among the events that a batch may run until its interval is narrow enough; an expression goes too."""


class Margin(NamedTuple):
    """How narrow a probability has to be: half the width of its 95% interval of run noise, at most."""

    half_width: float
    of: str = "european"


class RunOptions(TypedDict, total=False):
    """Options of :func:`run` that an analysis hands on unchanged."""

    engine: str | None
    workers: int | None
    relaxed: Collection[str]
    cluster: str | None
    plausible: InputDesign | Path | str | None
    progress: Callable[[int], None] | None
    tell: Callable[[str], None] | None


class _Plan(NamedTuple):
    job: Job
    hash: str
    spans: list[Span]
    until: Margin | None
    asked: Event | None
    progress: Callable[[int], None]


def run(
    scenario: Scenario | str | Path,
    runs: int | None = None,
    seed: int = 1,
    *,
    engine: str | None = None,
    workers: int | None = None,
    quantiles: pd.DataFrame | None = None,
    values: pd.DataFrame | None = None,
    relaxed: Collection[str] = (),
    keep: Collection[str] = (),
    out: Path | str | None = None,
    until: Margin | None = None,
    cluster: str | None = None,
    plausible: InputDesign | Path | str | None = None,
    progress: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Ensemble:
    """Run a scenario many times, and return what came out.

    A run that fails is left out and kept as a row of the table ``failures``; the batch goes on.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    runs, seed
        How many runs, from 0, and the root seed; by default as many as a table has rows, else :func:`default_runs`.
        Run k of a seed is always the same.
    engine
        ``compiled`` or ``mesa``; by default compiled, unless an actor is a Python class of one's own.
    workers
        Threads of the compiled engine, processes of Mesa; by default one a core. They change nothing but the time.
    quantiles, values
        Tables that replace inputs; see :func:`sim.world.draws.draw`. The manifest names them by a checksum.
    relaxed
        Gates held open.
    keep
        ``weekly``: every week of every run. ``inputs``: those of all runs; those of the first 200,000 are kept anyway.
    out
        Folder for the ensemble, written part by part; memory stays bounded. An earlier ensemble there that asks the
        same is taken up: its finished parts stand, if more runs are asked for it grows to what one long batch would
        have left, and if fewer are, these are read from it.
    until
        End after the first part (8,192 runs) at which the interval is narrow enough; ``runs`` is then the most, by
        default 10,000,000. Since it looks again after each part, the interval covers a little less than 95%. The rows
        are those of a batch of as many runs. Runs that stand in ``out`` already are not given up.
    cluster
        Address of a dask scheduler whose workers play the runs.
    plausible
        Draws of the inputs that history matching kept, or the folder of them: run r takes draw r modulo draws, and has
        its own luck (:mod:`sim.batch.input_design`). The manifest names them by a checksum.
    progress
        Called with the number of runs just finished or found finished.
    tell
        Called with a line that the user should see.

    Raises
    ------
    ValueError
        If something asked for is out of range or does not fit, or ``out`` cannot take this ensemble up.
    BatchFailed
        If all runs failed, or what plays them.
    """
    scenario, tell = scenario if isinstance(scenario, Scenario) else load(scenario), tell or nobody
    relaxed, keep = ((words,) if isinstance(words, str) else words for words in (relaxed, keep))
    out = None if out is None else atomic_files.place_of_ensemble(out)
    runs, seed = None if runs is None else whole(runs, "runs"), whole(seed, "seed")
    workers = None if workers is None else whole(workers, "workers")
    check(seed, workers, relaxed, keep)
    if until is not None and not isinstance(until, Margin):
        raise ValueError(f"until is a sim.batch.Margin, such as Margin(0.005), got {until!r}")
    if until is not None and not 0.0 < until.half_width < 0.5:
        raise ValueError(f"a margin lies between 0 and 0.5, got {until.half_width!r}")
    asked = event(until.of, scenario.parts.missions) if until is not None else None
    user_classes.check(scenario)
    structure = building.build(scenario)
    kept = _design(scenario, plausible, quantiles)
    given = {"quantiles": quantiles, "values": values, "plausible": kept.quantiles if kept else None}
    tables = {name: table for name, table in given.items() if table is not None}
    for table in tables.values():
        draws.check_table(structure, table)
    engine = engines.choose(structure.names, engine, tell)
    runs = _number(runs, engine, [table for name, table in tables.items() if name != "plausible"], until)
    spans = part_records.spans(runs, parquet_store.PART_RUNS)
    inputs_of = runs if "inputs" in keep else _whole_parts(block.INPUTS_KEPT)
    drawn = kept.quantiles if kept else quantiles
    gates = tuple(sorted(relaxed))
    job = Job(structure, seed, engine, gates, "weekly" in keep, inputs_of, drawn, values, kept is not None)
    about = manifest(scenario, runs, seed, relaxed, engine, keep)
    about["design"] = {name: fingerprint(table) for name, table in tables.items()} or None
    if kept:
        about["stamp"] = "; ".join(filter(None, (about["stamp"], kept.stamp)))
    if out is not None and until is None and (standing := first_runs(out, about, runs)) is not None:
        (progress or nobody)(runs)
        return standing
    plan = _Plan(job, scenario.hash, spans, until, asked, progress or nobody)
    points = design_points.current() if until is None else None  # how many runs such a batch has shows only later
    with nullcontext(out) if out is not None or points is None else points.place(about) as place:
        return _play(plan, about, runs, place, workers, cluster, tell)


def _play(
    plan: _Plan,
    about: dict[str, Any],
    runs: int,
    out: Path | str | None,
    workers: int | None,
    cluster: str | None,
    tell: Callable[[str], None],
) -> Ensemble:
    job, draw_again = plan.job, None
    if out is None and job.quantiles is None and job.values is None:  # a table could be another by then
        draw_again = partial(block.inputs_again, job)
        job = job._replace(inputs_kept=0)
    with store(out, about, runs, parquet_store.PART_RUNS, tell, draw_again) as into:
        missing = [span for span in plan.spans if not into.stands(span)]
        if missing:
            engines.announce(job.engine, tell)
        shared = into.shared if plan.until is None else None  # else parts may be written that are not wanted any more
        work = parts.Work(job, missing, plan.hash, shared)
        with parts.made_in_order(work, workers, cluster, tell, plan.progress) as made:
            return _collect(plan, {span.number for span in missing}, made, into)


def default_runs(scenario: Scenario, engine: str | None = None) -> int:
    """Return how many runs a batch has that asks for no number: fewer where Mesa has to play them."""
    return engines.DEFAULT_RUNS[engines.choose(building.build(scenario).names, engine, nobody)]


def _design(
    scenario: Scenario, plausible: InputDesign | Path | str | None, quantiles: pd.DataFrame | None
) -> InputDesign | None:
    """Return the draws of the inputs that a batch plays on, if any, once they fit its scenario."""
    if plausible is None:
        return None
    if quantiles is not None:
        raise ValueError("plausible inputs go without a table of quantiles")
    kept = plausible if isinstance(plausible, InputDesign) else read_design(plausible)
    kept.check(scenario)
    return kept


def nobody(_: object) -> None:
    """Hear, and do nothing: who listens where nobody was named."""


def _whole_parts(runs: int) -> int:
    return -(-runs // parquet_store.PART_RUNS) * parquet_store.PART_RUNS


def _number(runs: int | None, engine: str, tables: Iterable[pd.DataFrame], until: Margin | None) -> int:
    if runs is None:
        usual = MOST_RUNS_UNTIL if until is not None else engines.DEFAULT_RUNS[engine]
        runs = max((len(table) for table in tables), default=usual)
    check_runs(runs)
    return runs


def check(seed: int, workers: int | None, relaxed: Collection[str] = (), keep: Collection[str] = ()) -> None:
    """Check what every batch is asked for.

    Raises
    ------
    ValueError
        If something is out of range, or there is no such gate or nothing of that kind to keep.
    """
    whole(seed, "seed")
    if workers is not None:
        whole(workers, "workers")
    _check_words(relaxed, "a gate", vocabulary.GATES)
    _check_words(keep, "what can be kept", KEEP)


def check_options(options: Mapping[str, object]) -> None:
    """Check that options handed on by name are options of :func:`run`: where no batch is made, nothing else does.

    Raises
    ------
    TypeError
        If one is none, as Python does of a function's own.
    """
    strange = next((name for name in options if name not in RunOptions.__annotations__), None)
    if strange is not None:
        known = suggestion(strange, RunOptions.__annotations__)
        raise TypeError(f"got an unexpected keyword argument {strange!r}; {known}")


def check_runs(runs: int) -> None:
    """Check a number of runs.

    Raises
    ------
    ValueError
        If it is out of range.
    """
    if isinstance(runs, bool) or not 1 <= runs <= MOST_RUNS:
        raise ValueError(f"runs must be between 1 and {MOST_RUNS:,}, got {runs!r}")


def _check_words(words: Collection[str], what: str, allowed: Collection[str]) -> None:
    strange = sorted(set(words) - set(allowed))
    if strange:
        raise ValueError(f"{strange[0]!r} is not {what}; allowed: {', '.join(allowed)}")


def _collect(plan: _Plan, missing: set[int], made: Iterator[Made], into: Store) -> Ensemble:
    """Return the ensemble of parts taken in order until there are enough; ``missing`` are the numbers of new ones."""
    hits = of = runs = 0
    for span in plan.spans:
        if span.number not in missing:
            plan.progress(span.runs)
        elif parts.is_record(part := next(made)):
            into.accept(span, part)
        else:
            into.write(span, part)
        runs = span.first + span.runs
        if plan.until or not of:
            came = _came_about(into, span, plan.asked)
            of, hits = of + len(came), hits + int(came.sum())
        if plan.until and runs >= into.stood and _is_narrow(hits, of, plan.until):
            break
    if not of:
        error = into.read(plan.spans[0], "error", "failures").iloc[0]
        raise BatchFailed(f"all {runs:,} runs failed, the first by {error}")
    return into.finish(runs, **({"until": plan.until._asdict()} if plan.until else {}))


def _came_about(into: Store, span: Span, asked: Event | None) -> NDArray[np.bool_]:
    """Return, for every run of a part that stands, whether what is asked for came about; of nothing asked, no."""
    if asked is None:
        return np.zeros(len(into.read(span, "run")), dtype=np.bool_)
    return asked.met({name: arrow(into.read(span, name).to_frame())[name] for name in asked.columns})


def _is_narrow(hits: int, of: int, until: Margin) -> bool:
    if of == 0:
        return False
    interval = shares.share(hits, of)
    return (interval.high - interval.low) / 2 <= until.half_width
