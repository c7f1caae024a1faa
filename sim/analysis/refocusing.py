"""Draw new inputs inside what is not ruled out, until enough are kept."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis import match_tables
from sim.analysis.match_waves import Judge, Played, play, sample
from sim.ensemble.shares import share

ROUNDS = 8
"""The most rounds: where a round keeps next to nothing, more rounds do not help."""
AT_MOST = 20_000
"""Draws of a round at most."""
TO_SPARE = 1.1
"""So many more draws than the share kept so far asks for, so that one round mostly is enough."""
RULE_OF_THREE = 3.0
"""With 95% no more than three in n lie beyond the outermost of n (Hanley and Lippman-Hand 1983)."""


class Refocused(NamedTuple):
    """Draws kept from all rounds, the ranges that they were drawn from, and a row a round.

    ``kept`` has quantiles, a row a draw; ``ranges`` a row an input, ``low`` and ``high`` as quantiles.
    """

    kept: pd.DataFrame
    ranges: pd.DataFrame
    rounds: pd.DataFrame


def refocus(judge: Judge, quantiles: pd.DataFrame, first: Played, keep: int) -> Refocused:
    """Return the draws that the first sample left, and further ones, until at least ``keep`` are not ruled out.

    A round is a Latin hypercube: inputs that were learnt are drawn inside the ranges that are left of them, all others
    from their whole prior. Its draws are judged as those of the first sample, with as many runs in as many waves and
    luck of their own. So all that is kept is the prior inside what is not ruled out, and no draw weighs more than
    another. Source: refocusing, as Vernon, Goldstein and Bower (2010) have it, without an emulator.
    """
    kept, luck, rows = [quantiles.iloc[first.left]], first.luck, []
    ranges = ranges_left(judge, quantiles, first)
    part = _expected(quantiles, first, ranges)
    for number in range(1, ROUNDS + 1):
        lacking = keep - sum(map(len, kept))
        if lacking <= 0 or part == 0.0:
            break
        draws = min(AT_MOST, max(10, ceil(TO_SPARE * lacking / part)))
        anew = sample(list(map(str, quantiles)), draws, judge.seed, ranges, number)
        played = play(judge, anew, luck)
        kept.append(anew.iloc[played.left])
        luck, part = played.luck, len(played.left) / draws
        rows.append((number, draws, len(played.left), part, *share(len(played.left), draws)[2:]))
    table = pd.DataFrame(rows, columns=["round", "draws", "left", "share", "low", "high"]).set_index("round")
    return Refocused(pd.concat(kept, ignore_index=True), ranges, table)


def ranges_left(judge: Judge, quantiles: pd.DataFrame, played: Played) -> pd.DataFrame:
    """Return the range to draw each input from that was learnt beyond noise, as quantiles.

    Its ends are those of the draws that the first wave left, whose noise lets more through than later waves do, each
    widened by the rule of three.
    """
    learnt = match_tables.learning(judge.scenario, quantiles.iloc[played.left])
    paths = list(learnt.index[learnt["distance"] > learnt["noise"]])
    kept = quantiles.loc[played.implausibility.max(axis=1) <= judge.cut, paths]
    low, high = kept.min(), kept.max()
    spare = RULE_OF_THREE * (high - low) / len(kept)
    ranges = pd.DataFrame({"low": (low - spare).clip(lower=0.0), "high": (high + spare).clip(upper=1.0)})
    return ranges.rename_axis("input")


def _expected(quantiles: pd.DataFrame, played: Played, ranges: pd.DataFrame) -> float:
    """Return which part of the first sample's draws inside the ranges is left."""
    inside = np.ones(len(quantiles), dtype=np.bool_)
    for path, (low, high) in ranges[["low", "high"]].iterrows():
        inside &= quantiles[path].between(low, high).to_numpy()
    return len(played.left) / int(inside.sum())
