"""What to watch: what could be seen in the next weeks, how likely it is, and how far it would move the forecast."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from math import log2
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.analysis import updating
from sim.analysis.likelihoods import likelihood
from sim.analysis.particle_filter import Stage
from sim.analysis.updating import FLOOR, RUNS, estimate
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import exactly
from sim.ensemble.update_result import Watch
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario import loading
from sim.scenario.observations import Observation, load_observations, observation
from sim.scenario.scenario import Scenario
from sim.words import sentence, stamped

Floats = NDArray[np.float64]
WEEKS = 8


@takes_whole_numbers
def watch(
    scenario: Scenario | str | Path,
    observations: Sequence[Observation] | str | Path = (),
    of: str = "european",
    weeks: int = WEEKS,
    runs: int = RUNS,
    seed: int = 1,
    floor: float = FLOOR,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Watch:
    """Return what could be seen ``weeks`` from now, the reports that would tell most about ``of`` first.

    Now is the week of the last observation, or the start. Candidates are stages of contributors, the rung on offer,
    the opponents' consent, a ceasefire, the mission on the table, and the requirements of a force; each report is as
    reliable as one that gives no reliability. What a report tells is the mutual information between it and the event,
    in bits (Shannon 1948; Lindley 1956). Other parameters are those of
    :func:`sim.analysis.living_forecast.living_forecast`.

    Raises
    ------
    InputError
        If the file of observations has mistakes, or ``of`` is no event.
    ValueError
        If ``weeks`` lead beyond the horizon, or no run shows what was seen.
    """
    scenario = scenario if isinstance(scenario, Scenario) else loading.load(scenario)
    seen = load_observations(observations, scenario) if isinstance(observations, str | Path) else tuple(observations)
    what = event(of, scenario.parts.missions, names=scenario.names).phrase
    day = _day(scenario, seen, weeks)
    candidates = list(_candidates(scenario, day))
    updated = updating.update(scenario, seen, [of], runs, seed, floor, workers, candidates, progress=progress)
    stage = updated.stages[-1]
    table = _table(stage, candidates, len(seen))
    now = float(stage.weights[-1][stage.flags[0]].sum())
    text = stamped(_sentence(table, what, day, now), scenario.stamp)
    return Watch(table, text, scenario.name, of, what, now, day.isoformat(), weeks, runs, seed, scenario.stamp)


def _day(scenario: Scenario, seen: Sequence[Observation], weeks: int) -> datetime.date:
    start, rounds = datetime.date.fromisoformat(scenario.parts.start), max((each.last + 1 for each in seen), default=0)
    now = rounds / scenario.parts.rounds_per_week
    if weeks < 1 or now + weeks > scenario.parts.horizon_weeks:
        most = scenario.parts.horizon_weeks - now
        raise ValueError(f"{weeks} weeks from the last observation: allowed are 1 to {most:g}, to the horizon")
    return start + datetime.timedelta(days=round(7 * (now + weeks)))


def _candidates(scenario: Scenario, day: datetime.date) -> Iterator[Observation]:
    """Yield what may be reported of a week."""
    written: list[dict[str, object]] = [{"ceasefire": "holds"}, {"force": "any"}]
    written += [{"rung": f"at least {rung}"} for rung in vocabulary.RUNGS[1:]]
    written += [{"consent": f"at least {consent}"} for consent in vocabulary.CONSENTS[1:]]
    written += [{"mission": name} for name in (vocabulary.NO_MISSION, *sorted(scenario.parts.missions))]
    written += [{"gate": gate, "met": "yes"} for gate in vocabulary.GATES]
    for name, actor in sorted(scenario.parts.actors.items()):
        if "contributor" in actor.roles:
            written += [{"actor": name, "stage": f"at least {stage}"} for stage in vocabulary.STANCES[1:]]
    for each in written:
        yield observation({"week": day.isoformat(), **each}, scenario)


def _table(stage: Stage, candidates: Sequence[Observation], first: int) -> pd.DataFrame:
    weights, came = stage.weights[-1], stage.flags[0]
    rows = list[tuple[object, ...]]()
    for one, of_run in zip(candidates, stage.shown[first:], strict=True):
        chances = likelihood(one, of_run)
        probability = float(weights @ chances)
        if not 0.0 < probability < 1.0:
            continue
        seen, not_seen = (estimate(_normal(weights * chance), came, stage.past) for chance in (chances, 1.0 - chances))
        bits = _entropy(float(weights[came].sum())) - (
            probability * _entropy(seen.probability) + (1.0 - probability) * _entropy(not_seen.probability)
        )
        about = f"{one.subject} {one.of}".strip()
        rows.append((one.text, probability, *seen, *not_seen, max(0.0, bits), about, one.written))
    numbers = ["probability", "if_seen", "if_seen_low", "if_seen_high", "if_not", "if_not_low", "if_not_high", "bits"]
    table = pd.DataFrame(rows, columns=["indicator", *numbers, "about", "written"]).set_index("indicator")
    table.insert(len(numbers), "moves", table["if_seen"] - table["if_not"])
    return table.sort_values(["bits", "moves"], ascending=False, kind="stable")


def _normal(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())


def _entropy(probability: float) -> float:
    """Return the entropy of yes and no, in bits.

    >>> _entropy(0.5), _entropy(0.0)
    (1.0, 0.0)
    """
    return sum(share * log2(1.0 / share) for share in (probability, 1.0 - probability) if share > 0.0) + 0.0


def _sentence(table: pd.DataFrame, what: str, day: datetime.date, now: float) -> str:
    if table.empty:
        return f"Nothing that could be seen by {day} is still open."
    first = table.iloc[0]
    return (
        f"{sentence(what)} has a chance of {exactly(now)}. What tells most by {day} is whether this is seen: "
        f"{table.index[0]} (chance {exactly(first['probability'])}). If it is seen, the chance is "
        f"{exactly(first['if_seen'])}; if not, {exactly(first['if_not'])}."
    )
