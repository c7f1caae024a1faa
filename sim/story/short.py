"""One run in ten lines: how it ended, the eight events that matter most, and what stood or was missing at its end."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from sim import vocabulary
from sim.words import LABELS, NEUTRAL, Names, label, listed, named

LINES = 10
_RANKS = (
    ("force_formed", "truce_signed"),
    ("truce_broke", "force_ended", "dated_event"),
    ("attacked", "tested", "left", "joined", "training_began"),
    ("mission_tabled", "posture_turned", "terms_met"),
    ("offer_rose", "offer_fell", "consent", "requirement_met", "requirement_lost"),
    ("handover", "terms_parted", "pledged", "refused", "gap_halved"),
)
"""Kinds of events, those that decide a run first; other kinds are too small for ten lines."""
_RANK = {kind: rank for rank, kinds in enumerate(_RANKS) for kind in kinds}


def abridged(
    events: pd.DataFrame, row: pd.Series, names: Names = NEUTRAL, missions: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Return one run in at most ten sentences, in order of time, its outcome first and its end last.

    ``events`` are its events, as :func:`sim.story.replay.replay` has them, ``row`` its row of the table of
    runs, ``names`` what the parties are called, ``missions`` what readers call the missions, by id.
    """
    return [_outcome(row, missions), *chosen(events, LINES - 2), _end(row, names)]


def chosen(events: pd.DataFrame, most: int) -> list[str]:
    """Return the events of a run that matter most, each as ``Week N: sentence``, in their order.

    Each further event of a kind ranks one lower, so that no kind crowds out the others.
    """
    ranked = events.assign(rank=events["event"].map(_RANK)).dropna(subset="rank")
    kept = ranked.assign(rank=ranked["rank"] + ranked.groupby("event").cumcount())
    kept = kept.sort_values("rank", kind="stable").head(most).sort_index()
    return [f"Week {week:g}: {text}" for week, text in zip(kept["week"], kept["text"], strict=True)]


def _outcome(row: pd.Series, missions: Mapping[str, str]) -> str:
    outcome = label(str(row["outcome"])) if row["outcome"] in LABELS else named(missions, str(row["outcome"]))
    if pd.isna(row["deployed_week"]):
        return f"Outcome: {outcome}."
    return f"Outcome: {outcome}, a force of {row['troops']:,.0f} troops in week {row['deployed_week']:g}."


def _end(row: pd.Series, names: Names) -> str:
    if row["in_place_at_horizon"]:
        return f"At the horizon {'the' if row['held'] else 'a'} force is in the field."
    if row["troops_at_horizon"] > 0:
        return "At the horizon observers are in the field, and no other force."
    missing = [names.gate(gate) for gate in vocabulary.GATES if row[f"missing_{gate}"]]
    return f"At the horizon no force is in the field{f', for want of {listed(missing)}' if missing else ''}."
