"""Observations on a page: given as text or row by row, their faults, how the forecast moves, and what to watch."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from sim import vocabulary
from sim.analysis import watching
from sim.analysis.living_forecast import living_forecast
from sim.explorer import html
from sim.explorer.html import Drawn
from sim.explorer.jobs import Tick
from sim.explorer.run_cache import SEED
from sim.explorer.session import Session
from sim.plots.living import indicators, living
from sim.reading.files import parse_yaml
from sim.scenario.observations import CEASEFIRE, NUMBERS, Observation, observation
from sim.scenario.scenario import Scenario
from sim.words import label

if TYPE_CHECKING:
    from sim.ensemble.update_result import Update, Watch

RELATIONS = ("", "at least", "at most")
_ORDERED = ("stage", "rung", "consent")
_LEARNT, _MOST = 10, 15
ROW_PARTS = ("week", "from", "to", "subject", "relation", "value", "actor", "gate", "sd", "reliability", "source")
"""What the form of one observation asks."""
WORDS = {
    "stage": "where a state stands",
    "rung": "the backstop on offer",
    "consent": "the opponent's consent",
    "mission": "the mission on the table",
    "ceasefire": "a ceasefire",
    "force": "a force in the field",
    "gate": "whether a requirement is met",
    "troops": "troops in the field",
    "threat": "the threat",
    "battlefield": "the battlefield",
}
"""What can be seen, in words."""


class Extent(NamedTuple):
    """Runs of an update, whether it has widths, whether what to watch is shown, and a remark."""

    runs: int
    widths: bool
    watch: bool
    more: str


REFINED = " Being refined ..."
STOPPED = " Stopped here."
LADDER = (
    Extent(2_000, False, True, REFINED),
    Extent(10_000, False, True, " How sure that is, over pasts and over rival rules, is being worked out ..."),
    Extent(10_000, True, False, " The command sim update plays 50,000 unless told otherwise."),
)
"""The extents of the answers, each in place of the one before."""


def ended(shown: str) -> str:
    """Return what is shown of an answer that nothing more comes of: it announces none.

    >>> ended("<p>From 2,000 runs. Being refined ...</p>")
    '<p>From 2,000 runs. Stopped here.</p>'
    """
    for each in LADDER[:-1]:
        shown = shown.replace(each.more, STOPPED)
    return shown


def form(session: Session, text: str | None = None, problem: str = "", row: Mapping[str, str] | None = None) -> Markup:
    """Return the text of the observations, the form of one more, what is wrong, and what was taken in."""
    scenario = session.now
    start = datetime.date.fromisoformat(scenario.parts.start)
    return html.render(
        "observations",
        text=session.seen_text if text is None else text,
        problems=problem.splitlines(),
        row={part: (row or {}).get(part, "") for part in ROW_PARTS},
        subjects=[
            (subject, words, _values(scenario, subject), subject in _ORDERED) for subject, words in WORDS.items()
        ],
        relations=[(relation, relation or "exactly") for relation in RELATIONS],
        numbers=NUMBERS,
        actors=[
            (name, parts.name) for name, parts in sorted(scenario.parts.actors.items()) if "contributor" in parts.roles
        ],
        gates=[(gate, label(gate)) for gate in vocabulary.GATES],
        first=(start + datetime.timedelta(weeks=1)).isoformat(),
        start=start.isoformat(),
        end=(start + datetime.timedelta(weeks=scenario.parts.horizon_weeks)).isoformat(),
        seen=[(each.text, f"{each.reliability:.0%}", each.source) for each in session.seen],
        weeks=session.weeks,
        horizon=scenario.parts.horizon_weeks,
    )


def _values(scenario: Scenario, subject: str) -> list[tuple[str, str]]:
    """Return the words that may be reported of a subject; none of a number."""
    missions = [(name, parts.name) for name, parts in sorted(scenario.parts.missions.items())]
    named = {
        "mission": [(vocabulary.NO_MISSION, "none"), *missions],
        "force": [("any", "any"), ("european", "a European one"), (vocabulary.NO_MISSION, "none"), *missions],
    }
    plain: dict[str, Sequence[str]] = {
        "stage": vocabulary.STANCES,
        "rung": vocabulary.RUNGS,
        "consent": vocabulary.CONSENTS,
        "ceasefire": CEASEFIRE,
        "gate": ("yes", "no"),
    }
    return named.get(subject, [(word, label(word)) for word in plain.get(subject, ())])


def appended(session: Session, text: str, row: Mapping[str, str]) -> str:
    """Return a text of observations with one more, as a line of YAML, once it and all of them are checked.

    Raises
    ------
    ValueError
        If there is no such thing to see.
    InputError
        If the observation does not fit, or the text has mistakes.
    """
    subject = row.get("subject", "")
    if subject not in WORDS:
        raise ValueError(f"{subject[:40]!r} is nothing that can be seen here")
    line = _line(subject, {part: entry.strip() for part, entry in row.items() if part in ROW_PARTS})
    observation(parse_yaml(line, "the new row").data, session.now, "the new row")
    longer = f"{text.rstrip()}\n- {line}\n".lstrip("\n")
    session.observations(longer)
    return longer


def _line(subject: str, row: Mapping[str, str]) -> str:
    """Return one observation as a line of YAML, words in quotes where they need them."""
    relation = row.get("relation", "") if subject in (*_ORDERED, *NUMBERS) else ""
    value = f"{relation} {row.get('value', '')}".strip()
    written = {"week": row.get("week", "")} if row.get("week") else {"from": row.get("from"), "to": row.get("to")}
    if subject == "stage":
        written["actor"] = row.get("actor", "")
    written |= {"gate": row.get("gate", ""), "met": value} if subject == "gate" else {subject: value}
    written |= {part: row.get(part, "") for part in ("sd", "reliability", "source")}
    return "{" + ", ".join(f"{key}: {_scalar(text)}" for key, text in written.items() if text) + "}"


def _scalar(text: str) -> str:
    """Return a text as YAML that reads back as the same word, number or date.

    >>> _scalar("at least pledged"), _scalar("a paper, page 3"), _scalar("90%")
    ('at least pledged', '"a paper, page 3"', '90%')
    """
    plain = all(sign.isalnum() or sign in " _-.%" for sign in text) and text[:1].isalnum()
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def update(scenario: Scenario, seen: tuple[Observation, ...], of: str, extent: Extent, tick: Tick) -> Drawn:
    """Return how the forecast moves on what was seen, step by step, and what was learnt; ``tick`` may end it."""
    result = living_forecast(scenario, seen, of, extent.runs, SEED, widths=extent.widths, progress=tick)
    shown = html.drawn(living(result))
    tables = (_steps(result), _left_out(result), _inputs(result))
    populations = f"{result.populations} population{'s' * (result.populations > 1)}"
    note = f"From {result.runs:,} runs in each of {populations}.{extent.more}"
    return Drawn(
        html.render("update", sentence=result.sentence, note=note, figure=shown.html, tables=tables), shown.figure
    )


def _steps(result: Update) -> Markup:
    rows = [
        (
            row["observation"] or "before any",
            Markup('<span class="whole">{}</span>').format(row["week"]),
            f"{row['predicted']:.0%}" if step else "",
            f"{row['probability']:.1%} ({row['low']:.1%} to {row['high']:.1%})",
            _points(row["probability"] - result.table["probability"].iloc[int(str(step)) - 1]) if step else "",
            f"{row['effective']:,.0f}",
            row["source"],
        )
        for step, row in result.table.iterrows()
    ]
    head = ("seen", "week", "expected", "chance (95% simulation noise)", "points", "runs that count", "source")
    return html.table(f"The chance of {result.what} as things were seen", head, rows)


def _points(change: float) -> str:
    return f"{100 * change:+.1f}"


def _left_out(result: Update) -> Markup:
    rows = [
        (name, "too few runs to say" if row["moves"] != row["moves"] else _points(row["moves"]))
        for name, row in result.left_out.iterrows()
    ]
    return html.table("What each observation moves, left out by itself", ("", "points"), rows)


def _inputs(result: Update) -> Markup:
    rows = [
        (path, f"{row['distance']:.2f}", f"{row['noise']:.2f}", f"{row['mean_quantile']:.2f}")
        for path, row in result.inputs.head(_LEARNT).iterrows()
    ]
    head = ("", "distance", "of noise", "mean quantile (0.50 before)")
    return html.table("What was learnt of the inputs", head, rows)


def watch(scenario: Scenario, seen: tuple[Observation, ...], of: str, weeks: int, extent: Extent, tick: Tick) -> Drawn:
    """Return what could be seen next, by what it would tell; ``tick`` may end it.

    Raises
    ------
    ValueError
        If the weeks lead beyond the horizon.
    """
    result = watching.watch(scenario, seen, of, weeks, extent.runs, SEED, progress=tick)
    shown = html.drawn(indicators(result), _indicators(result))
    note = f"From {result.runs:,} runs of a population.{REFINED if extent.runs < LADDER[-1].runs else ''}"
    return Drawn(html.render("update", sentence=result.sentence, note=note, figure=shown.html, tables=()), shown.figure)


def _indicators(result: Watch) -> Markup:
    return html.table(result.title, result.headers, result.rows(_MOST))
