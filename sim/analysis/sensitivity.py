"""What moves it? How much of whether a force comes is luck, what we do not know, and which of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis import input_groups
from sim.analysis.morris import TRAJECTORIES, morris
from sim.analysis.sobol import Indices, interval, sobol
from sim.analysis.tornado import ends
from sim.batch.designs import outcome, uncertain
from sim.scenario.scenario import Scenario
from sim.words import known
from sim.world import building, draws

BASE = 4096
"""Rows of each of the two base tables: first-order indices are then known to about two or three hundredths."""
TOP = 10
"""So many single inputs are looked at, and so many assumptions moved from end to end."""
MATTERS = 0.02
"""An actor's inputs matter if their total index is at least this."""
LUCK = "luck"
TOGETHER = "together"


class Sensitivity(NamedTuple):
    """What moves a headline: Sobol indices of groups and of single inputs, the screening, and the tornado.

    ``groups`` has the columns ``kind`` (reasons, actor, phase) and ``group``, those of
    :func:`sim.analysis.sobol.sobol`, the number of ``inputs``, and ``of_probability`` with its interval: the
    first-order share in the variance of the probability that the inputs give, luck averaged out. ``inputs`` has the
    same by single input, its index; ``screening`` is from :func:`sim.analysis.morris.morris`, ``ends`` from
    :func:`sim.analysis.tornado.ends`.
    ``groups.attrs["sentence"]`` says it in words, and ``attrs`` name scenario, seed, base and runs.
    """

    groups: pd.DataFrame
    inputs: pd.DataFrame
    screening: pd.DataFrame
    ends: pd.DataFrame


def sensitivity(
    scenario: Scenario,
    of: str = "european",
    base: int = BASE,
    seed: int = 1,
    *,
    trajectories: int = TRAJECTORIES,
    top: int = TOP,
    **options: Any,
) -> Sensitivity:
    """Return what moves the headline ``of``.

    First the groups: by what they rest on, by actor, by phase, and luck, ``base`` runs each and twice ``base`` in all.
    Then all inputs are screened; of those that belong to actors that matter (:data:`MATTERS`), the ``top`` get indices
    of their own. Last the ``top`` assumptions by the screening are moved from end to end, ``base`` runs an end.
    ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If there are too few rows, nothing varies, or SALib is missing.
    """
    paths = uncertain(scenario)
    play = outcome(scenario, of, seed, **options)
    kinds = {
        "reasons": {**input_groups.by_reasons(scenario, paths), LUCK: [draws.LUCK_COLUMN]},
        "actor": input_groups.by_actor(scenario, paths),
        "phase": input_groups.by_phase(scenario, paths),
    }
    flat = {(kind, name): columns for kind, groups in kinds.items() for name, columns in groups.items()}
    tables = _base(scenario, paths, base, seed)
    found = _of(play, tables, {" ".join(key): columns for key, columns in flat.items()}, seed)
    groups = _with_probability(found, f"reasons {LUCK}", list(flat.values()))
    groups = groups.reset_index(drop=True)
    for at, name in enumerate(("kind", "group")):
        groups.insert(at, name, [key[at] for key in flat])
    screening = morris(play, paths, trajectories, seed)
    singles = _worth_a_look(groups, kinds["actor"], screening, top)
    alone = _of(play, tables, {**{path: [path] for path in singles}, LUCK: [draws.LUCK_COLUMN]}, seed)
    inputs = _with_probability(alone, LUCK, [[path] for path in (*singles, LUCK)]).drop(index=LUCK)
    assumed = set(input_groups.by_reasons(scenario, paths).get("assumed", ()))
    moved = [path for path in screening.index if path in assumed][:top]
    about = _about(scenario, of, base, seed, found.rows)
    tornado = ends(scenario, moved, of, base, seed, **options)
    result = Sensitivity(groups, inputs.sort_values("total", ascending=False, kind="stable"), screening, tornado)
    for table in result:
        table.attrs |= {**about, "probability": found.mean}
    groups.attrs["sentence"] = sentence(groups)
    return result


def shares_of_variance(
    scenario: Scenario, base: int = BASE, seed: int = 1, of: str = "european", **options: Any
) -> pd.DataFrame:
    """Return how the variance of whether ``of`` comes about divides among what we know, assume, and luck.

    Rows: ``documented``, ``documented value, assumed spread``, ``assumed``, ``luck``, and ``together``, what none of
    them explains alone but several do by hanging together; the column ``first`` sums to 1. Columns: ``inputs``, how
    many uncertain numbers; ``first`` and ``total`` Sobol indices, each with ``_low`` and ``_high`` (95%). A kind
    without an uncertain number has exactly 0. ``.attrs["sentence"]`` says it in words.

    Raises
    ------
    ValueError
        If there are too few rows, nothing varies, or SALib is missing.
    """
    paths = uncertain(scenario)
    groups = {**input_groups.by_reasons(scenario, paths), LUCK: [draws.LUCK_COLUMN]}
    found = _of(outcome(scenario, of, seed, **options), _base(scenario, paths, base, seed), groups, seed)
    table = found.table
    table.insert(0, "inputs", [0 if name == LUCK else len(columns) for name, columns in groups.items()])
    rest = interval(1.0 - found.first.sum(axis=1), 1.0 - float(table["first"].sum()))
    table.loc[TOGETHER] = {"inputs": 0, "first": rest["value"], "first_low": rest["low"], "first_high": rest["high"]}
    always = ["documented", "documented value, assumed spread", "assumed"]
    order = [*always, *(name for name in table.index if name not in always)]
    table = table.reindex(order)
    table.loc[[name for name in always if name not in groups]] = 0.0
    table["inputs"] = table["inputs"].astype(int)
    table.attrs |= _about(scenario, of, base, seed, found.rows)
    rows = table.to_dict("index")
    table.attrs["sentence"] = (
        f"Of the variance of whether {table.attrs['what']} comes about in a run, luck alone accounts for "
        f"{said(rows[LUCK], 'first')}, assumed numbers alone for {said(rows['assumed'], 'first')}, numbers with a "
        f"documented value for {said(rows[always[1]], 'first')}, and the rest only together (95% intervals)."
    )
    return table


def sentence(groups: pd.DataFrame) -> str:
    """Return what the indices of groups say, as a sentence."""
    about = groups.attrs
    luck = groups[groups["group"] == LUCK].iloc[0]
    actors = groups[(groups["kind"] == "actor") & ~groups["group"].str.endswith("(no actor)")]
    leads = [f"{row['group']} ({row['total']:.0%})" for _, row in actors.nlargest(3, "total").iterrows()]
    inputs = {"low": 1 - luck["total_high"], "high": 1 - luck["total_low"], "value": 1 - luck["total"]}
    return (
        f"Whether {about['what']} comes about in a run is in {luck['total']:.0%} of its variance a matter of luck, "
        f"alone or together with inputs; inputs alone account for {inputs['value']:.0%} ({inputs['low']:.0%} to "
        f"{inputs['high']:.0%}, 95%). Among actors the numbers that describe {', '.join(leads)} matter most "
        "(total index, interactions with luck included)."
    )


def said(row: Mapping[Any, Any], name: str) -> str:
    """Return an index with its interval in words."""
    return f"{row[name]:.0%} ({row[f'{name}_low']:.0%} to {row[f'{name}_high']:.0%})"


Tables = tuple[pd.DataFrame, pd.DataFrame]


def _about(scenario: Scenario, of: str, base: int, seed: int, rows: int) -> dict[str, Any]:
    """Return what the tables say of where they come from."""
    about = {"scenario": scenario.name, "seed": seed, "of": of, "what": known(of), "base": base}
    return about | {"runs_counted": rows}


def _base(scenario: Scenario, paths: list[str], base: int, seed: int) -> Tables:
    """Return the two base tables: runs 0 to ``base`` - 1 of the seed as any batch has them, and as many after them."""
    if not 8 <= base <= 65_536:
        raise ValueError(f"base must be between 8 and 65,536, got {base}")
    whole = draws.input_quantiles(building.build(scenario), seed, 2 * base)[paths]
    whole[draws.LUCK_COLUMN] = np.arange(2 * base)
    return whole.iloc[:base].reset_index(drop=True), whole.iloc[base:].reset_index(drop=True)


def _of(play: Callable[[pd.DataFrame], Any], tables: Tables, groups: Mapping[str, list[str]], seed: int) -> Indices:
    return sobol(play, *tables, groups, seed)


def _with_probability(found: Indices, luck: str, columns: list[list[str]]) -> pd.DataFrame:
    """Add the shares in the variance of the probability that the inputs give.

    That probability is E(Y | inputs). Its variance is 1 minus the total index of luck; what a group explains of it
    alone is the group's first-order index, as E(E(Y | inputs) | group) = E(Y | group).
    """
    table = found.table.copy()
    table.insert(0, "inputs", [len([path for path in each if path != draws.LUCK_COLUMN]) for each in columns])
    explained, again = 1.0 - float(table["total"][luck]), 1.0 - found.total[luck]
    for name in table.index:
        row = interval(found.first[name] / again, float(table["first"][name]) / explained)
        table.loc[name, ["of_probability", "of_probability_low", "of_probability_high"]] = list(row.values())
    table.loc[luck, ["of_probability", "of_probability_low", "of_probability_high"]] = np.nan
    return table


def _worth_a_look(
    groups: pd.DataFrame, actors: Mapping[str, list[str]], screening: pd.DataFrame, top: int
) -> list[str]:
    """Return the inputs that the screening puts first, of actors (and parts without one) that matter."""
    large = set(groups["group"][(groups["kind"] == "actor") & (groups["total"] >= MATTERS)])
    matter = {path for name in large for path in actors[name]}
    return [str(path) for path in screening.index if path in matter][:top]
