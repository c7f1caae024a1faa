"""What an analysis returns: a table, the sentence that sums it up, and the facts that a figure of it names.

The classes stand below the analyses that make them, so that plots may name them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from html import escape

import pandas as pd

from sim.ensemble.handing_out import HandsOutCopies
from sim.ensemble.shares import Share
from sim.words import EVENT_WORDS


@dataclass(frozen=True, eq=False, repr=False)
class Result(HandsOutCopies):
    """A table with its sentence. A notebook shows both; ``print`` shows them as text.

    What it hands out are copies: nothing that is done to one changes the result.
    """

    table: pd.DataFrame
    sentence: str

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self.table}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>\n{self.table.to_html()}"

    def facts(self) -> dict[str, object]:
        """Return every field that is neither a table, a result with tables of its own nor words; no empty ``stamp``."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in values.items()
            if not isinstance(value, pd.DataFrame | Result) and name != "called" and (name != "stamp" or value)
        }


@dataclass(frozen=True, eq=False, repr=False)
class Differences(Result):
    """What changes from scenario ``a`` to scenario ``b``: see :func:`sim.analysis.compare.compare`.

    ``runs`` is the number of pairs; ``design`` holds the draws of the inputs and the runs of each behind the share of
    input sets in which a sign holds, None without a design. ``stamp`` marks a scenario as not the baseline, or is
    empty. ``of`` is the event of the headline, ``what`` the words for it; ``called`` is what readers call missions.
    """

    a: str
    b: str
    runs: int
    seed: int
    stamp: str
    design: tuple[int, int] | None = None
    of: str = "european"
    what: str = EVENT_WORDS["european"]
    called: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class HoldingBack(Result):
    """What holds a contributor back: see :func:`sim.analysis.holding_back.holding_back`.

    ``table`` has a row for each thing taken away: ``ready``, the share of runs in which the actor is then ready at the
    horizon, and the ``difference`` that makes with its 95% interval ``low`` to ``high``; the same with a ceasefire,
    ending in ``_truce``.
    """

    scenario: str
    actor: str
    runs: int
    seed: int
    stamp: str


@dataclass(frozen=True, eq=False, repr=False)
class ManyDifferences(Result):
    """What changes from scenario ``a`` to each of several: ``each`` has the differences in full, in the table's order.

    The table has a row a scenario: ``a`` and ``b``, the event's shares there, ``difference`` with its 95% interval of
    run noise, ``low`` to ``high``, and ``shown``, whether that lies on one side of 0.
    """

    each: list[Differences]
    a: str
    runs: int
    seed: int
    of: str
    what: str


@dataclass(frozen=True, eq=False, repr=False)
class Backtest(Result):
    """How well settlement rules forecast decisions: see :func:`sim.validation.backtest.backtest`.

    ``source`` is the file of the decisions, ``part`` the part of it that is scored. ``issues`` and ``proposals`` are
    the numbers scored, ``rows_left_out`` and ``issues_left_out`` the numbers that lack something. ``rules_left_out``
    are the rules that need a reference point where no issue has one.
    """

    source: str
    part: str
    resamples: int
    seed: int
    issues: int
    proposals: int
    rows_left_out: int
    issues_left_out: int
    rules_left_out: list[str]


@dataclass(frozen=True, eq=False, repr=False)
class Flows(Result):
    """Where the runs of scenario ``a`` end in scenario ``b``: see :func:`sim.analysis.flows.flows`.

    ``stamp`` is what marks a scenario as not the baseline, or empty; ``called`` is what readers call missions, by name.
    """

    a: str
    b: str
    seed: int | None
    stamp: str
    called: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class Independence(Result):
    """The conditions of a force beside their product: see :func:`sim.analysis.independence.independence`.

    ``gap`` is the model's share less the product, in [-1, 1], with its 95% interval ``gap_low`` to ``gap_high``;
    ``ratio`` is the first over the second, NaN if the product is 0. ``stamp`` is as for :class:`Flows`.
    """

    scenario: str
    seed: int
    runs: int
    stamp: str
    gap: float
    gap_low: float
    gap_high: float
    ratio: float


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Result):
    """The share of runs with an event over points of ``paths``: see :func:`sim.analysis.sweep.sweep`.

    ``of`` is the event's name, ``what`` the words for it, ``runs`` the number of runs at each point.
    """

    scenario: str
    seed: int
    of: str
    what: str
    runs: int
    paths: list[str]


@dataclass(frozen=True, eq=False, repr=False)
class Movers(Result):
    """The share of runs with an event where an input is low and where it is high.

    See :func:`sim.analysis.movers.movers`.

    ``of`` is the event's name, ``what`` the words for it.
    """

    scenario: str
    seed: int
    of: str
    what: str

    @property
    def beyond_noise(self) -> pd.DataFrame:
        """The rows whose difference is larger than noise explains."""
        return self.table[self.table["difference"].abs() > self.table["noise"]]


@dataclass(frozen=True, eq=False, repr=False)
class LeverSteps(Result):
    """What each step of each lever changes alone: see :func:`sim.analysis.levers.effects`.

    ``of`` is the event, ``what`` the words for it, and ``now`` its share of runs in the scenario as it stands, in
    [0, 1]. ``do_not_fit`` gives, by
    step, why it is left out. ``stamp`` is as for :class:`Differences`.
    """

    scenario: str
    hash: str
    stamp: str
    of: str
    what: str
    runs: int
    seed: int
    now: float
    do_not_fit: dict[str, str]


@dataclass(frozen=True, eq=False, repr=False)
class Enough(Result):
    """The cheapest combinations of levers that reach a target: see :func:`sim.analysis.enough.enough`.

    ``table`` has a row a combination that reaches the ``target`` at the smallest cost the search came to (else one row,
    the best combination tried): ``combination`` in words, ``levers`` {lever: step}, ``cost``, ``moved_by`` (the actors
    who must move), ``probability`` with its 95% Wilson interval ``low``, ``high`` under luck that the search has not
    seen, and ``reaches``. ``levels`` says how far the search went: by ``cost`` the number of ``combinations``, how many
    were ``tried``, and the ``best``. ``searched`` names the levers searched, and ``everything`` is the share of runs
    with all of them moved at once.
    """

    steps: LeverSteps
    levels: pd.DataFrame
    target: float
    searched: list[str]
    everything: float

    @property
    def combinations(self) -> pd.DataFrame:
        """The table."""
        return self.table


@dataclass(frozen=True, eq=False, repr=False)
class Why(Result):
    """What stood in the way of a force: see :func:`sim.analysis.why.why`.

    Attributes
    ----------
    table
        A row a minimal set (index ``requirements``, joined by " + ", most frequent first; the last row, ``none``, for
        runs without any): ``size``, ``runs``, and ``share`` of the runs without a force with its 95% Wilson interval
        ``low``, ``high``. A run may have several sets, so shares do not add up to 1.
    gates
        A row a requirement: ``share`` (with ``low``, ``high``) of the runs without a force in which some minimal set
        has it, ``alone`` in which it suffices by itself, ``always`` in which all minimal sets have it.
    together
        A row and a column a requirement: in how many runs the two stand in one minimal set.
    holders
        A row a requirement and actor: ``part``, its role there after the config, and, for contributors, ``waiting``: in
        what share of the runs in which a minimal set has the requirement it is not pledged (for ratification: pledged,
        not ratified) at the horizon.
    supersets
        A row a check: ``requirements`` held open, ``holds`` the minimal set within, ``runs`` and ``fails``.
    sets
        A row a run and minimal set: ``run``, ``requirements``.
    of, what, most
        The event, such as ``european``, the words for it, and the largest size of a set.
    runs, without
        The number of runs, and of those without the event.
    """

    gates: pd.DataFrame
    together: pd.DataFrame
    holders: pd.DataFrame
    supersets: pd.DataFrame
    sets: pd.DataFrame
    scenario: str
    hash: str
    seed: int
    stamp: str
    of: str
    what: str
    most: int
    runs: int
    without: int

    @property
    def blockers(self) -> pd.DataFrame:
        """The table."""
        return self.table


@dataclass(frozen=True, eq=False, repr=False)
class Ends(Result):
    """The share of runs with an event at both ends of single inputs: see :func:`sim.analysis.tornado.ends`.

    ``of`` is the event's name, ``what`` the words for it, ``runs`` the number of runs at each end.
    """

    scenario: str
    seed: int
    of: str
    what: str
    runs: int


@dataclass(frozen=True, eq=False, repr=False)
class VarianceShares(Result):
    """How the variance of an event divides: see :func:`sim.analysis.sensitivity.shares_of_variance`.

    ``of`` and ``what`` are as for :class:`Ends`. ``base`` is the number of rows in each base table, ``runs_counted``
    how many of them had no failed run.
    """

    scenario: str
    seed: int
    of: str
    what: str
    base: int
    runs_counted: int


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(VarianceShares):
    """What moves a headline, from chance to single inputs: see :func:`sim.analysis.sensitivity.sensitivity`.

    ``table`` (also ``groups``) has the columns ``kind`` (reasons, actor, phase) and ``group``, the number of
    ``inputs``, the indices ``first`` and ``total`` with their intervals, and ``of_probability`` with its interval: the
    first-order share in the variance of the probability that the inputs give, chance averaged out. ``inputs`` has the
    same columns by single input, its index. ``screening`` is from :func:`sim.analysis.morris.morris`, ``ends`` from
    :func:`sim.analysis.tornado.ends`. ``probability`` is the share of runs with the event.
    """

    inputs: pd.DataFrame
    screening: pd.DataFrame
    ends: Ends
    probability: float

    @property
    def groups(self) -> pd.DataFrame:
        """The table."""
        return self.table


@dataclass(frozen=True, eq=False, repr=False)
class RivalRules(Result):
    """The share of runs with an event under each set of rules: see :func:`sim.analysis.rival_rules.structures`.

    ``of`` is the event's name, ``what`` the words for it, ``runs`` the number of runs under each set of rules.
    """

    scenario: str
    seed: int
    of: str
    what: str
    runs: int


@dataclass(frozen=True, eq=False, repr=False)
class InputDraws(Result):
    """Counts of events by draw of the inputs: see :func:`sim.analysis.certainty.by_draw`."""

    scenario: str
    seed: int
    draws: int
    runs_per_draw: int


@dataclass(frozen=True, eq=False, repr=False)
class Widths(Result):
    """The three widths of a headline: see :func:`sim.analysis.certainty.widths`.

    ``probability`` is the share of ``runs`` with the event ``of``, in words ``what``.
    """

    scenario: str
    seed: int
    of: str
    what: str
    runs: int
    probability: float


@dataclass(frozen=True, eq=False, repr=False)
class Convergence(Result):
    """A headline after the first runs: see :func:`sim.analysis.certainty.convergence`."""

    scenario: str
    seed: int
    of: str
    what: str


@dataclass(frozen=True, eq=False, repr=False)
class Survival(Result):
    """How far each requirement stays among the two most often missing: see :func:`sim.analysis.certainty.blockers`.

    ``statements`` has a sentence on each of the two that lead; the design is one of ``draws`` draws of the inputs.
    """

    statements: list[str]
    scenario: str
    seed: int
    draws: int
    runs_per_draw: int


@dataclass(frozen=True, eq=False, repr=False)
class Certainty(Result):
    """How sure a headline is: see :func:`sim.analysis.certainty.certainty`.

    ``table`` is that of ``widths``; ``structures`` holds rival rules, and ``warnings`` are sentences.
    """

    widths: Widths
    structures: RivalRules
    convergence: Convergence
    blockers: Survival
    warnings: list[str]


@dataclass(frozen=True, eq=False, repr=False)
class Box(Result):
    """A box in the space of inputs in which an event is likely: see :func:`sim.analysis.when.when`.

    Attributes
    ----------
    table
        The limits, also ``limits``: ``input`` and ``side`` (at least, at most, one of); ``limit`` in words and
        ``value`` (NaN for words); the input's whole range ``least`` to ``most``; ``p``, its quasi p-value;
        ``reproduced``, in what share of the resamples the box had a limit on that side; ``again_low`` to
        ``again_high``, the 10th and 90th percentile of the limit over these.
    tradeoff
        A row a box on the way there: ``coverage``, ``density``, ``mass``, the number of ``limited`` inputs, ``chosen``.
    of, what
        The event's name, and the words for it.
    runs, inputs
        The number of runs and of inputs searched.
    base, mass
        The shares of runs with the event, and of runs inside the box, in the half of the runs that had no part in the
        search.
    coverage, density
        The share of runs with the event that lie inside, and the share of runs inside that have it, in the same half.
    enough, wanted
        Whether the box reaches the density asked for, and that density.
    """

    tradeoff: pd.DataFrame
    scenario: str
    seed: int
    of: str
    what: str
    runs: int
    inputs: int
    base: float
    mass: float
    coverage: Share
    density: Share
    enough: bool
    wanted: float

    @property
    def limits(self) -> pd.DataFrame:
        """The table."""
        return self.table


@dataclass(frozen=True, eq=False, repr=False)
class Ranking(Result):
    """Runs, the most typical or surprising first: see :mod:`sim.analysis.typical_runs`.

    ``inputs`` names those in which a surprising run is compared with its neighbours; a typical one is compared in none.
    """

    scenario: str
    hash: str
    seed: int
    runs: int
    inputs: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """The number of the first run."""
        return int(self.table["run"].iloc[0])


@dataclass(frozen=True, eq=False, repr=False)
class Conditioned(Result):
    """Shares among all runs and among those that meet a condition: see :class:`sim.analysis.given.Given`.

    ``table`` has a row an event of the headline, ``actors`` a row a contributor (pledged at the horizon). ``selected``
    is how many of the ``runs`` meet the ``condition``. ``stamp``, ``of`` and ``what`` are as for :class:`Differences`.
    """

    actors: pd.DataFrame
    condition: str
    scenario: str
    seed: int
    runs: int
    selected: int
    stamp: str
    of: str = "european"
    what: str = EVENT_WORDS["european"]


@dataclass(frozen=True, eq=False)
class Replay(HandsOutCopies):
    """One run in tables: see :func:`sim.story.replay.replay`.

    Attributes
    ----------
    weekly
        A row a round: the columns of :data:`sim.ensemble.columns.WEEKLY`, missions by name, and ``minimum`` troops of
        the mission on the table (missing while there is none).
    stages
        A row a round and contributor: ``week``, ``actor``, ``stage`` (a word), ``in_force`` (yes or no).
    events
        A row an event, as :func:`sim.story.narrative.events` returns it.
    scenario, hash, seed, run, stamp
        Where the run comes from; ``stamp`` is as for :class:`Differences`.
    called
        What readers call missions, by name.
    """

    weekly: pd.DataFrame
    stages: pd.DataFrame
    events: pd.DataFrame
    scenario: str
    hash: str
    seed: int
    run: int
    stamp: str
    called: Mapping[str, str] = field(default_factory=dict)
