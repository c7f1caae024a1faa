"""The forecast as a page shows it: the sentence, 100 dots with their widths, old against new, figures with numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from sim import notebook, vocabulary
from sim.analysis import compare
from sim.ensemble import answer, force_kind
from sim.ensemble.columns import FUNNEL
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import span, words_of_likelihood
from sim.ensemble.shares import share
from sim.explorer import html
from sim.explorer.html import Drawn
from sim.words import label


def words_of(runs: Ensemble) -> dict[str, str]:
    """Return the events of the forecast, and their words at the head of a row."""
    return {**answer.group_words(runs.names), "ceasefire": "ceasefire begun"}


WITHOUT_FORCE = vocabulary.OUTCOMES_WITHOUT_FORCE


class Dot(NamedTuple):
    """One of 100 dots: where it stands, whether it is filled, and whether it lies in the range over inputs."""

    x: int
    y: int
    filled: bool
    unsure: bool


class Side(NamedTuple):
    """One scenario's answer: its name, runs, range over inputs (or None), rival rules (or None), the event asked."""

    name: str
    runs: Ensemble
    over: Mapping[str, Any] | None
    rules: Mapping[str, Any] | None
    of: str = "european"

    @property
    def words(self) -> dict[str, str]:
        """The events of the forecast, and their words at the head of a row; the event asked about last."""
        words = words_of(self.runs)
        return words if self.of in words else {**words, self.of: self.runs.event(self.of).phrase}


def forecast(now: Side, reference: Side | None, before: Side | None) -> Markup:
    """Return the answer as HTML: ``now``, beside it the reference, and what changed since ``before``."""
    now.runs.inputs_range = dict(now.over) if now.over else None
    now.runs.theory_range = dict(now.rules) if now.rules else None
    return html.render(
        "forecast",
        short=f"{now.runs.names.group} force: {force_kind.in_short(now.runs.force_kind(), now.runs.names)}.",
        sentence=answer.sentence(now.runs),
        kind=answer.kind(now.runs),
        strength=answer.strength(now.runs),
        sides=[side_of(each) for each in (now, reference) if each is not None],
        news=list(_news(now, reference, before)),
        words=f"Words of likelihood (ICD 203): {words_of_likelihood()}.",
    )


def dots(probability: float, over: Mapping[str, float] | None) -> list[Dot]:
    """Return 100 dots, ten a row from the top, as many filled as runs of 100 had it.

    >>> sum(dot.filled for dot in dots(0.245, None))
    25
    """
    low, high = (round(100 * over["p10"]), round(100 * over["p90"])) if over else (0, 0)
    filled = int(100 * probability + 0.5)
    return [Dot(10 + 20 * (at % 10), 10 + 20 * (at // 10), at < filled, low <= at < high) for at in range(100)]


def side_of(side: Side) -> dict[str, Any]:
    """Return what the page shows of one scenario's answer, for the template ``side``."""
    share = side.runs.share("european")
    over = side.over["european"] if side.over else None
    probability = share.probability if share else 0.0
    shown = dots(probability, over)
    return {
        "name": side.name,
        "runs": f"{len(side.runs):,}",
        "words": _headline(side),
        "dots": shown,
        "alt": f"{sum(dot.filled for dot in shown)} of 100 dots are filled" + _ringed(over),
        "widths": list(_widths(side)),
        "more": _likelihoods(side),
    }


def _headline(side: Side) -> str:
    """Return the chance of a European force, never without that of a large one with cover from the broker."""
    share, large = side.runs.share("european"), side.runs.force_kind().large_with_cover
    cover = f"of {force_kind.large_with_cover(side.runs.names)} {large.probability:.1%}"
    return f"{share.probability:.1%}; {cover}" if share else "no runs"


def _ringed(over: Mapping[str, float] | None) -> str:
    if not over:
        return ""
    none = round(100 * over["p10"]) == round(100 * over["p90"])
    return f"; {'none is ringed' if none else 'ringed'}: {span(over['p10'], over['p90'])}, the range over inputs"


def _widths(side: Side) -> Iterator[dict[str, Any]]:
    """Yield the widths of a European force, each with its ends in percent, from the narrowest kind of doubt on."""
    share = side.runs.share("european")
    if share:
        yield _width("run noise", share.low, share.high, f"95%, {share.of:,} runs")
    if side.over:
        over = side.over["european"]
        design = f"10th to 90th percentile over {over['draws']} draws of {over['runs_per_draw']} runs"
        few = answer.few_draws(over, share.probability) if share else ""
        yield _width("inputs", over["p10"], over["p90"], f"{design}; {few}" if few else design)
    if side.rules is not None:
        rules = side.rules["european"]
        ranked = sorted(rules["rules"].items(), key=lambda item: item[1]["probability"])
        each = ", ".join(f"{label(name)} {row['probability']:.1%}" for name, row in ranked)
        what = f"least to most of {len(ranked)} sets of rules, {rules['runs']:,} runs each: {each}"
        yield _width("rival rules", rules["low"], rules["high"], what)


def _width(name: str, low: float, high: float, what: str) -> dict[str, Any]:
    digits = 1 if high < 0.1 else 0
    return {
        "name": name,
        "low": 100 * low,
        "wide": max(0.6, 100 * (high - low)),
        "ends": f"{low:.{digits}%} to {high:.{digits}%}",
        "what": what,
    }


def _likelihoods(side: Side) -> Markup:
    rows = []
    for event, words in side.words.items():
        after_ceasefire = "" if event == "ceasefire" else html.percent(side.runs.share(event, given="ceasefire"))
        rows.append((words, html.percent(side.runs.share(event)), after_ceasefire))
    return html.table(f"{side.name}: share of runs (95% run noise)", ("", "by the horizon", "if a ceasefire"), rows)


def _news(now: Side, reference: Side | None, before: Side | None) -> Iterator[Markup]:
    """Yield what differs from the reference, and from before the last change where that is something else."""
    sides = {"the reference": reference, "before the last change": before}
    shown = set[str]()
    for what, old in sides.items():
        digest = str(old.runs.manifest["hash"]) if old else ""
        if old is None or digest in shown or digest == now.runs.manifest["hash"]:
            continue
        shown.add(digest)
        yield difference(old, now, f"Old against new, against {what} ({old.name})")


def difference(old: Side, now: Side, what: str, columns: tuple[str, str] = ("old", "new")) -> Markup:
    """Return one side against another, run by run, as a sentence and a table; ``what`` heads its caption."""
    rows_of_both = _in_both(old.runs, now.runs)
    by_event = {event: _paired(old.runs, now.runs, event, rows_of_both) for event in now.words}
    table, paired = pd.DataFrame(by_event).T, int(by_event[now.of]["runs"])
    asked = now.runs.event(now.of).phrase
    sentence = compare.sentence(table, old.name, now.name, paired, now.runs.stamp, of=now.of, what=asked)
    rows = []
    for event, words in now.words.items():
        row = by_event[event]
        points = f"{row['difference'] * 100:+.1f} ({row['low'] * 100:+.1f} to {row['high'] * 100:+.1f})"
        rows.append((words, f"{row['a']:.1%}", f"{row['b']:.1%}", points))
    caption = f"{what}, {paired:,} paired runs"
    return html.words(sentence, html.table(caption, ("", *columns, "points (95% run noise)"), rows))


def _in_both(old: Ensemble, now: Ensemble) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows, in either ensemble, of the runs that both have."""
    a, b = (each.read(["run"])["run"].to_numpy() for each in (old, now))
    _, in_old, in_now = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    return in_old, in_now


def _paired(
    old: Ensemble, now: Ensemble, event: str, rows: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> dict[str, float]:
    """Return the paired difference over the runs that both have, given their rows in either."""
    a, b = (each.happened(event).iloc[at] for each, at in zip((old, now), rows, strict=True))
    return compare.paired_difference(a, b)


# --- figures ---------------------------------------------------------------------------------------------------------


def _outcomes(ensemble: Ensemble) -> Markup:
    shares = answer.ranked_outcomes(ensemble).items()
    rows = [(ensemble.called(name), f"{share.hits:,}", html.percent(share)) for name, share in shares]
    return html.table("Outcomes, one a run", ("", "runs", "share (95% run noise)"), rows)


def _funnel(ensemble: Ensemble) -> Markup:
    reached = ensemble.runs["reached"]
    rows = [
        (label(step), html.percent(share(int((reached >= at).sum()), len(ensemble)))) for at, step in enumerate(FUNNEL)
    ]
    return html.table("How far runs got", ("", "share (95% run noise)"), rows)


def _formation(ensemble: Ensemble) -> Markup:
    weeks = answer.weeks(int(ensemble.manifest["horizon_weeks"]))
    rows = [
        (words, *(html.percent(ensemble.share(event, by_week=week)) for week in weeks))
        for event, words in words_of(ensemble).items()
    ]
    return html.table("By when", ("", *(f"by {words}" for words in weeks.values())), rows)


def _troops(ensemble: Ensemble) -> Markup:
    percentiles = ensemble.summary()["troops"]
    words = {"p10": "tenth percentile", "median": "median", "p90": "ninetieth percentile"}
    rows = [(words[key], f"{percentiles[key]:,.0f}") for key in words] if percentiles else []
    return html.table("Troops of the first deployed force when it formed", ("", "persons"), rows)


def _joiners(ensemble: Ensemble) -> Markup:
    rows = [
        (label(str(name), proper=True), f"{row['pledged']:.1%}", f"{row['deployed']:.1%}")
        for name, row in answer.ranked_contributors(ensemble).iterrows()
    ]
    return html.table("Who joins, share of runs", ("", "pledged at the horizon", "in a deployed force"), rows)


FIGURES: dict[str, Callable[[Ensemble], Markup]] = {
    "outcomes": _outcomes,
    "funnel": _funnel,
    "formation": _formation,
    "troops": _troops,
    "joiners": _joiners,
}
"""The figures of a forecast, by the name of their plot, each with the same in numbers."""


def drawn_from(ensemble: Ensemble) -> Markup:
    """Return the line above the figures, which says how many runs they show."""
    return Markup('<p class="quiet all">Figures of {} runs, the same as in the table.</p>').format(f"{len(ensemble):,}")


def figure(name: str, ensemble: Ensemble) -> Drawn:
    """Return a figure of the forecast with its numbers below."""
    return html.drawn(getattr(notebook.Ensemble.of(ensemble).plot, name)(), FIGURES[name](ensemble))
