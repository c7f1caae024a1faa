"""What if this comes true? The headline and each actor's outlook in the runs that meet a condition, beside all runs."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.movers import move
from sim.analysis.ready_conditions import READY, as_sql
from sim.ensemble.arrow_tables import arrow, frame
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import difference
from sim.ensemble.results import Conditioned
from sim.ensemble.shares import Share, share
from sim.reading.errors import Fault, InputError, Place
from sim.words import label, stamped, the

FEWEST = 100
"""The fewest runs allowed: among fewer, the 95% interval of a share would be over 20 points wide."""
HEADLINE = ("ceasefire", "deployed", "european", "in_place_at_horizon")
COLUMNS = ("all", "all_low", "all_high", "given", "given_low", "given_high", "difference", "low", "high")

Flags = NDArray[np.bool_]


class Given:
    """An ensemble and its runs that meet a condition. Conditioning selects runs; it does not bring the condition about.

    Attributes
    ----------
    condition, sql
        The condition as the user wrote it, and in SQL.
    everything
        The whole ensemble.
    of, what
        The event that the sentence is about, and the words for it.
    """

    everything: Ensemble
    condition: str
    sql: str
    of: str
    what: str
    _chosen: Flags

    def __init__(self, ensemble: Ensemble, condition: str, sql: str, chosen: Flags, of: str) -> None:
        what = ensemble.event(of).phrase
        vars(self).update(everything=ensemble, condition=condition, sql=sql, of=of, what=what, _chosen=chosen)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("what follows from one condition cannot become that of another; ask for that with given()")

    def __len__(self) -> int:
        return int(self._chosen.sum())

    @property
    def effective(self) -> float:
        r"""The effective sample size, :math:`(\sum w)^2 / \sum w^2` with a weight w by set of inputs (Kish 1965).

        Runs of a flat batch have inputs of their own, and count for one each: then it is the number of runs selected.
        In a design that plays the same inputs many times it is lower. Without kept inputs runs count for one each.
        """
        sets = self._sets
        return float(len(self)) if sets is None else float(sets.sum() ** 2 / (sets**2).sum())

    @cached_property
    def _sets(self) -> NDArray[np.float64] | None:
        """How many selected runs each set of inputs has; None for a flat batch, whose runs have sets of their own."""
        if not self.everything.manifest.get("design"):
            return None
        try:
            inputs = self.everything.inputs
        except ValueError:
            return None
        selected = inputs[inputs["run"].isin(self.runs["run"])].drop(columns="run")
        sets = pd.util.hash_pandas_object(selected, index=False).value_counts()
        return np.asarray(sets.to_numpy(), dtype=np.float64)

    @property
    def runs(self) -> pd.DataFrame:
        """The rows of the runs selected, with their numbers."""
        return frame(arrow(self.everything.sql(f"select * from runs where (\n{self.sql}\n) order by run")))

    @property
    def ensemble(self) -> Ensemble:
        """The selected runs as an ensemble in memory, without inputs."""
        wanted = f"run in (select run from runs where (\n{self.sql}\n))"
        actors = self.everything.sql(f"select * from actors where {wanted} order by run, actor")
        about = self.everything.manifest
        kept = {key: about[key] for key in about if key not in ("inputs_range", "theory_range", "complete", "parts")}
        named = {"scenario": f"{about['scenario']} given {self.condition}", "runs": len(self)}
        return Ensemble(self.runs, None, actors, kept | named)

    @property
    def headline(self) -> pd.DataFrame:
        """The headline among all runs and those selected: a row an event, columns :data:`COLUMNS`.

        Intervals are 95% run noise: Wilson's of both shares, and of their difference Newcombe's (1998, method 10).
        """
        return self.shares.table

    @property
    def actors(self) -> pd.DataFrame:
        """How often each contributor is pledged at the horizon, in all runs and those selected; as :attr:`headline`.

        The largest difference comes first.
        """
        return self.shares.actors

    @property
    def sentence(self) -> str:
        """What the condition means for the event, by default a European force, as one sentence."""
        return self.shares.sentence

    @cached_property
    def shares(self) -> Conditioned:
        """Headline, actors and sentence as one result, which :func:`sim.plots.given` draws."""
        headline, actors = self._headline(), self._actors()
        about = self.everything.manifest
        return Conditioned(
            headline,
            stamped(self._sentence(headline, actors), self.everything.stamp),
            actors,
            condition=self.condition,
            scenario=about["scenario"],
            seed=about["seed"],
            runs=len(self._chosen),
            selected=len(self),
            stamp=self.everything.stamp,
            of=self.of,
            what=self.what,
        )

    def _headline(self) -> pd.DataFrame:
        came = {
            name: self.everything.happened(name).to_numpy(dtype=np.bool_)
            for name in dict.fromkeys((*HEADLINE, self.of))
        }
        counts = {name: (int((flags & self._chosen).sum()), int(flags.sum())) for name, flags in came.items()}
        return self._compare(counts, "event")

    def _actors(self) -> pd.DataFrame:
        pledges = self.everything.sql(
            "select actor, count(*) filter (where pledged and c.met) as given, count(*) filter (where pledged) as hits "
            f"from actors join (select run, coalesce((\n{self.sql}\n), false) as met from runs) as c using (run) "
            "group by actor order by actor"
        )
        columns = (pledges[name].tolist() for name in ("actor", "given", "hits"))
        counts = {str(actor): (int(given), int(hits)) for actor, given, hits in zip(*columns, strict=True)}
        return self._compare(counts, "actor").sort_values("difference", key=abs, ascending=False, kind="stable")

    def _compare(self, counts: dict[str, tuple[int, int]], index: str) -> pd.DataFrame:
        runs, chosen = len(self._chosen), len(self)
        rows = {name: _differences(share(hits, chosen), share(total, runs)) for name, (hits, total) in counts.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).rename_axis(index)

    def _sentence(self, headline: pd.DataFrame, actors: pd.DataFrame) -> str:
        row = headline.to_dict("index")[self.of]
        differs = difference(self.what, row["all"], row["given"], row["low"], row["high"])
        return (
            f"Given “{self.condition}”, {differs}; 95% run noise, {len(self):,} of {len(self._chosen):,} runs; "
            f"{self._most_affected(actors)}."
        )

    def _most_affected(self, actors: pd.DataFrame) -> str:
        config = self.everything.manifest["config"]["actors"]
        called = {name: the(part.get("name") or label(name, proper=True)) for name, part in config.items()}
        shown = actors[(actors["low"] > 0.0) | (actors["high"] < 0.0)].head(2)
        names = [f"{called[str(name)]} ({row.difference * 100:+.0f} points)" for name, row in shown.iterrows()]
        return f"most affected: {' and '.join(names)}" if names else "no actor is shown to be affected"

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return self.shares._repr_html_()


def given(ensemble: Ensemble, condition: str, of: str = "european") -> Given:
    """Return the runs of an ensemble that meet a condition, beside all runs.

    Parameters
    ----------
    ensemble
        The runs.
    condition
        A ready one (:data:`sim.analysis.ready_conditions.READY`), an event such as ``"european and troops >= 25000"``,
        or SQL over the columns of the table of runs, tried in this order.
    of
        The event that the sentence is about; it gets a row of its own.

    Raises
    ------
    ValueError
        If the condition or the event is wrong, or fewer than :data:`FEWEST` runs meet the condition.
    """
    ensemble.event(of)
    sql, no_event = _as_sql(ensemble, condition)
    try:
        table = ensemble.sql(f"select coalesce((\n{sql}\n), false) as met from runs order by run")
        chosen = table["met"].to_numpy(dtype=np.bool_)
        if len(chosen) != len(ensemble):
            raise ValueError("SQL: a condition says yes or no of each run")
    except ValueError as error:
        text = f"{condition!r} is no condition: {error}; ready ones: {', '.join(READY)}"
        raise InputError([Fault(Place("condition"), "", text), *no_event]) from None
    if chosen.sum() < FEWEST:
        raise ValueError(
            f"{condition!r} holds in {chosen.sum():,} of {len(chosen):,} runs, which is too few to tell what follows; "
            f"needed: {FEWEST} (more runs, or a wider condition)"
        )
    numbers = ensemble.read(["run"])["run"]
    return Given(ensemble, condition, sql, chosen[numbers.rank().to_numpy(dtype=np.int64) - 1], of)


_OF_SQL = frozenset("'\"*+/;%|")
"""Signs that no event has: a condition with one of them was meant as SQL."""


def _as_sql(ensemble: Ensemble, condition: str) -> tuple[str, list[Fault]]:
    """Return a condition as SQL; where it is neither a ready one nor an event, what keeps it from being an event."""
    ready = as_sql(condition)
    if ready != condition:
        return ready, []
    try:
        return event(condition, tuple(ensemble.manifest.get("groups", ())), "condition").sql, []
    except InputError as error:
        return condition, [] if set(condition) & _OF_SQL else error.faults


def _differences(chosen: Share, everything: Share) -> tuple[float, ...]:
    """Return a row of :data:`COLUMNS`: both shares and their difference, from the selected runs against the others.

    With f the share of runs selected, p(given) - p(all) = (1 - f) (p(given) - p(rest)).
    """
    ends = (everything.probability, everything.low, everything.high, chosen.probability, chosen.low, chosen.high)
    others = everything.of - chosen.of
    if not others:
        return (*ends, 0.0, 0.0, 0.0)
    gap = move(share(everything.hits - chosen.hits, others), chosen, 0.0)
    left = others / everything.of
    return (*ends, left * gap.difference, left * gap.difference_low, left * gap.difference_high)
