"""What a brief says, in plain words for a decision maker: the answer, its timing, who sends how many, how sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.certainty import least_sure
from sim.ensemble import answer, force_kind
from sim.ensemble.answer import ranked_contributors
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import FIRM, between, exactly, one_in, percent, points, span
from sim.ensemble.shares import Share, worded
from sim.words import listed, sentence, troops

if TYPE_CHECKING:
    from sim.ensemble.results import LeverSteps
    from sim.ensemble.update_result import Watch
    from sim.report.gathering import Dossier

SENDERS, LEVERS, WATCHED = 6, 3, 4
"""States, levers and signs that a brief lists."""
FEW = 30
"""Fewer forces than this do not say who sends how many."""


NO_LEVERS = "Not worked out: it is not known which steps actors could take here."


class Sender(NamedTuple):
    """A state: in how many of a hundred European forces it is, and how many troops it then sends."""

    name: str
    share: str
    troops: str


def headline(dossier: Dossier) -> str:
    """Return the answer in one sentence."""
    ensemble, of = dossier.ensemble, dossier.of
    months = round(int(ensemble.manifest["horizon_weeks"]) * 12 / 52)
    asked, deployed = ensemble.share(of), ensemble.share("deployed")
    if asked is None or deployed is None:
        raise ValueError("there are no runs")
    text = f"{sentence(dossier.what)} within {months} months is {worded(asked)}"
    return f"{text}; any foreign force, {worded(deployed)}." if of == "european" else f"{text}."


def kind(ensemble: Ensemble) -> str:
    """Return of what kind and size a European force would be."""
    force = ensemble.force_kind()
    if not force.european.hits:
        return f"No European force came about in {force.european.of:,} runs of the model."
    large = f"A force of {force_kind.large_with_cover(ensemble.names)}: {_rare(force.large_with_cover)}."
    if force.seen < force_kind.A_HANDFUL or force.sizes is None or force.without_consent is None:
        return f"Too few such forces came about ({force.european.hits:,}) to say what they would be like. {large}"
    low, median, high = (troops(round(size, -3)) for size in force.sizes)
    with_consent = percent(1.0 - force.without_consent.probability)
    return (
        f"About {median} troops, in 8 of 10 cases between {low} and {high}. In {with_consent} of cases "
        f"{ensemble.names.opponent} accepts or tolerates it. {large}"
    )


def _rare(seen: Share) -> str:
    """Return the frequency of something rare, in words."""
    return f"about {one_in(seen.probability)}" if seen.hits else f"in none of {seen.of:,} runs"


def timing(ensemble: Ensemble) -> str:
    """Return when a European force would come, by horizon, and in which week half of those that come have come."""
    horizons = answer.weeks(int(ensemble.manifest["horizon_weeks"]))
    chances = [
        f"{_chance(ensemble.share('european', by_week=week))} within {words}" for week, words in horizons.items()
    ]
    starts = ensemble.runs["european_week"].dropna()
    half = f" Where one comes, half have come by week {starts.median():.0f}." if len(starts) >= FEW else ""
    return f"{sentence(listed(chances))}.{half}"


def truce(ensemble: Ensemble) -> str:
    """Return how likely a ceasefire is, and a European force once there is one."""
    first, then = ensemble.share("ceasefire"), ensemble.share("european", given="ceasefire")
    if first is None or then is None or not first.hits:
        return "No run of the model saw a ceasefire."
    return f"A ceasefire is {worded(first)}. Once there is one, a European force is {worded(then)}."


def senders(ensemble: Ensemble, names: dict[str, str]) -> list[Sender]:
    """Return who sends how many, the most frequent first; nobody where too few forces formed to say.

    Troops are the median of a state's contingent, with the range of 8 in 10, over the forces that it joins first.
    """
    shares = contingents(ensemble)
    forces = shares["run"].nunique()
    if forces < FEW:
        return []
    order = [str(actor) for actor in ranked_contributors(ensemble).index if (shares["actor"] == actor).any()]
    rows = []
    for actor in order[:SENDERS]:
        sent = shares.loc[shares["actor"] == actor, "troops"]
        low, median, high = (troops(size) for size in np.quantile(sent, [0.1, 0.5, 0.9]))
        rows.append(Sender(names.get(actor, actor), percent(len(sent) / forces), f"{median} ({low} to {high})"))
    return rows


def contingents(ensemble: Ensemble) -> pd.DataFrame:
    """Return the contingents of first European forces: columns run, actor and troops.

    Where the table of actors has no troops, those of a force are shared out by what its states could send, which is an
    input of each run; without inputs, evenly.
    """
    runs = ensemble.runs.set_index("run")
    runs = runs[runs["european_week"].notna() & (runs["european_week"] == runs["deployed_week"])]
    actors = ensemble.actors[ensemble.actors["deployed"] & ensemble.actors["run"].isin(runs.index)]
    if "troops" in actors:
        return actors.loc[actors["troops"] > 0, ["run", "actor", "troops"]].reset_index(drop=True)
    able = _capacities(ensemble, actors)
    part = able / able.groupby(actors["run"]).transform("sum")
    sizes = part * actors["run"].map(runs["troops"]).astype("float64")
    return actors[["run", "actor"]].assign(troops=sizes).reset_index(drop=True)


def _capacities(ensemble: Ensemble, actors: pd.DataFrame) -> pd.Series:
    """Return what each of these states could send in its run; 1 where that was not kept."""
    able = pd.Series(1.0, index=actors.index)
    columns = {str(actor): f"actors.{actor}.capacity_troops" for actor in actors["actor"].unique()}
    try:
        inputs = ensemble.read(["run", *columns.values()], table="inputs").set_index("run")
    except ValueError:
        return able
    for actor, column in columns.items():
        mine = actors["actor"] == actor
        able[mine] = actors.loc[mine, "run"].map(inputs[column]).astype("float64")
    return able


def levers(steps: LeverSteps) -> list[str]:
    """Return what would change the answer most: the best step of each lever, the largest effect first."""
    shown = steps.table[(steps.table["low"] > 0.0) | (steps.table["high"] < 0.0)].reset_index()
    best = shown.loc[shown["difference"].abs().sort_values(ascending=False, kind="stable").index]
    best = best.drop_duplicates("lever").head(LEVERS)
    return [
        f"{row['name']}: {row['label']}. {points(row['difference'])} points ({points(row['low'], row['high'])})."
        for _, row in best.iterrows()
    ]


def signs(watch: Watch) -> list[str]:
    """Return what to watch, the most telling first, one a subject: what it is, how likely, and the chance then."""
    first = watch.table[~watch.table["about"].duplicated()].head(WATCHED)
    return [
        f"{sentence(str(name))} ({percent(row['probability'])} likely): the chance is then "
        f"{exactly(row['if_seen'])}, otherwise {exactly(row['if_not'])}."
        for name, row in first.iterrows()
    ]


def missing(ensemble: Ensemble) -> list[str]:
    """Return what stands in the way most often, with the share of runs without a force that lack it."""
    table = ensemble.missing().head(WATCHED)
    return [
        f"{sentence(ensemble.names.gate(str(gate)))}: missing in {exactly(each)} of cases without a force."
        for gate, each in table.items()
    ]


def sure(dossier: Dossier) -> Iterator[str]:
    """Yield how sure the answer is, and what it rests on, in plain sentences."""
    ensemble = dossier.ensemble
    if dossier.widths is not None:
        yield least_sure(dossier.widths.table, dossier.widths.probability).partition(":")[0].rstrip(".") + "."
    over, seen = (ensemble.inputs_range or {}).get(dossier.of), ensemble.share(dossier.of)
    if over is not None and seen is not None:
        few = answer.few_draws(over, seen.probability).replace("draws", "sets of inputs")
        yield f"With other inputs that can be defended: {_range(over)}{f'; {few}' if few else ''}."
    if dossier.rules is not None:
        shares = dossier.rules.table["probability"]
        yield f"With other rules for how states decide: {span(float(shares.min()), float(shares.max()))}."
    if seen is not None:
        yield f"Chance alone, in {seen.of:,} runs: {between(seen.low, seen.high)}."
    evidence = {name: count for name, count in ensemble.manifest["evidence"].items() if name in answer.KINDS}
    yield (
        f"Of {sum(evidence.values()):,} inputs, {evidence.get('assumed', 0):,} are our assumptions; the others rest on "
        "documents of early 2025, published figures or conventions."
    )


def _range(over: Mapping[str, Any]) -> str:
    """Return a range over inputs, and what its upper end could be where that is not well known."""
    ends = f"{span(over['p10'], over['p90'])} in 8 of 10 cases"
    if over["p90_high"] - over["p90_low"] <= FIRM:
        return ends
    return f"{ends}, its upper end anywhere from {percent(over['p90_low'])} to {percent(over['p90_high'])}"


def _chance(share: Share | None) -> str:
    if share is None or not share.hits:
        return "none seen" if share is None else f"none in {share.of:,} runs"
    return percent(share.probability)
