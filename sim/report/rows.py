"""Tables as rows of words, and long texts, for the templates of a report."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from sim import vocabulary
from sim.ensemble import answer
from sim.ensemble.answer import given_ceasefire, group_words, ranked_outcomes, weeks
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import in_percent, share
from sim.ensemble.summary import GROUPS
from sim.words import EVENT_WORDS, NEUTRAL, Names, day, label

if TYPE_CHECKING:
    from sim.ensemble.results import Differences, RivalRules, Why

SETS, CHANGES = 8, 40
"""Minimal sets, and changes from one scenario to another, that a report lists."""
_COLUMN = 58
"""Characters in a line of the scenario: half a printed page."""
_NARROW = 50
"""The same where three columns stand side by side."""
_REASONS = frozenset(vocabulary.REASON_KEYS)

Row = tuple[str, ...]


def horizons(ensemble: Ensemble, of: str = "european") -> list[Row]:
    """Return how likely a force is by 3, 6 and 12 months, of all runs and of those with a ceasefire by then.

    An event ``of`` that is no row already comes last, over the whole year.
    """
    horizon = weeks(int(ensemble.manifest["horizon_weeks"]))
    forces = [
        (
            f"{words}, {months}",
            *in_percent(ensemble.share(group, by_week=week)),
            *in_percent(given_ceasefire(ensemble, group, week)),
        )
        for group, words in group_words(ensemble.names).items()
        for week, months in horizon.items()
    ]
    truces = [
        (f"ceasefire begun, {months}", *in_percent(ensemble.share("ceasefire", by_week=week)), "", "")
        for week, months in horizon.items()
    ]
    return [*forces, *truces, *_asked(ensemble, of)]


def _asked(ensemble: Ensemble, of: str) -> Iterator[Row]:
    if of not in (*GROUPS, "ceasefire"):
        given = in_percent(ensemble.share(of, given="ceasefire"))
        yield (f"{ensemble.event(of).phrase}, whole run", *in_percent(ensemble.share(of)), *given)


def outcomes(ensemble: Ensemble) -> list[Row]:
    """Return the outcomes, most frequent first: name, runs, share, run noise."""
    shares = ranked_outcomes(ensemble).items()
    return [(ensemble.called(name), f"{share.hits:,}", *in_percent(share)) for name, share in shares]


def apart(ensemble: Ensemble) -> list[Row]:
    """Return what becomes of forces and truces, apart from the outcomes: words, share, run noise."""
    return [(words, *in_percent(each)) for words, each in answer.apart(ensemble).items()]


def rival_rules(rules: RivalRules) -> list[Row]:
    """Return rival rules from the least to the most: name, what it says, share, run noise."""
    ranked = rules.table.sort_values("probability", kind="stable")
    return [
        (label(str(name)), row["says"], f"{row['probability']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}")
        for name, row in ranked.iterrows()
    ]


def why(blocking: Why, names: Names = NEUTRAL) -> dict[str, Any]:
    """Return what blocks: the sentence, the most frequent minimal sets, the requirements one by one, who holds them."""
    sets = blocking.blockers.drop(index="none").head(SETS)
    gates = blocking.gates.sort_values("share", ascending=False, kind="stable")
    met = [str(gate) for gate in gates.index[gates["share"] > 0]]
    return {
        "sentence": blocking.sentence,
        "sets": [(_gate(str(name), names), f"{row['runs']:,.0f}", *_ends(row)) for name, row in sets.iterrows()],
        "gates": [
            (_gate(str(gate), names), *_ends(row), f"{row['alone']:.1%}", f"{row['always']:.1%}")
            for gate, row in gates.iterrows()
        ],
        "holders": [(_gate(gate, names), "; ".join(_holders(blocking.holders, gate))) for gate in met],
    }


def assumptions(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the assumed numbers that move the headline most, each with its shares, its reason and its claims."""
    return [
        {
            **{str(name): value for name, value in row.items()},
            "path": str(path),
            "shares": f"{row['low']:.1%} where lowest, {row['high']:.1%} where highest",
            "points": f"{100 * row['difference']:+.1f} points",
            "interval": f"{100 * row['difference_low']:+.1f} to {100 * row['difference_high']:+.1f}",
            "shown": abs(row["difference"]) > row["noise"],
        }
        for path, row in table.to_dict("index").items()
    ]


def headlines(a: Ensemble, b: Ensemble) -> list[Row]:
    """Return events and outcomes of two ensembles side by side, each with its run noise."""
    events = {**group_words(a.names), "ceasefire": EVENT_WORDS["ceasefire"]}
    shares = [(words, *in_percent(a.share(name)), *in_percent(b.share(name))) for name, words in events.items()]
    here, there = a.outcomes(), b.outcomes()
    names = sorted({**here, **there}, key=lambda name: -max(here.get(name, 0) / len(a), there.get(name, 0) / len(b)))
    return [
        *shares,
        *((f"outcome: {a.called(name)}", *_counted(here, a, name), *_counted(there, b, name)) for name in names),
    ]


def differences(result: Differences) -> list[Row]:
    """Return paired differences as words: both values, the difference and its interval, how many pairs."""
    return [
        (
            result.what if name == result.of else _quantity(str(name)),
            *_valued(row, str(row["unit"])),
            f"{row['runs']:,.0f}",
        )
        for name, row in result.table.iterrows()
        if row["runs"]
    ]


def changes(differing: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Return the first differences between two scenarios, and how many there are."""
    rows = [(path, _value(here), _value(there)) for path, (here, there) in islice(differing.items(), CHANGES)]
    return {"rows": rows, "more": len(differing) - len(rows)}


def names_apart(a: Ensemble, b: Ensemble) -> tuple[str, str]:
    """Return the names of two ensembles, with their hashes added where both have the same."""
    one, other = (str(each.manifest["scenario"]) for each in (a, b))
    if one != other:
        return one, other
    return f"{one} ({a.manifest['hash']})", f"{other} ({b.manifest['hash']})"


def citation(ensemble: Ensemble) -> str:
    """Return how to cite an ensemble, with all that is needed to reproduce it."""
    about = ensemble.manifest
    stamp = f"{ensemble.stamp}; " if ensemble.stamp else ""
    return (
        f"sim {about['versions']['sim']} (Apache-2.0), agent-based negotiation simulator. Scenario "
        f"“{about['scenario']}” (hash {about['hash']}), {stamp}{len(ensemble):,} runs, seed {about['seed']}, engine "
        f"{about['engine']} ({about['writer']}), information to {day(about['start'])}."
    )


def yaml_text(config: dict[str, Any]) -> str:
    """Return a whole scenario as YAML that ``sim run`` takes, each number with its reasons in one pair of braces."""
    text: str = yaml.dump(
        config, Dumper=_Compact, sort_keys=False, allow_unicode=True, width=_COLUMN, default_flow_style=False
    )
    return text


def values_text(config: dict[str, Any]) -> str:
    """Return a whole scenario as YAML without reasons: the values alone, closely set, for paper."""
    text: str = yaml.dump(
        _bare(config), Dumper=_Compact, sort_keys=False, allow_unicode=True, width=_NARROW, default_flow_style=False
    )
    return text


_BLOCK = 3
"""Maps below this depth of a scenario are set in a line: those of an actor's key, such as ``needs``."""


class _Line(dict[str, Any]):
    """A map that YAML sets in a line."""


def _bare(value: Any, depth: int = 0) -> Any:
    """Return a tree without the reasons of its numbers: 0.3 for ``{likely: 0.3, assumption: ...}``.

    >>> _bare({"a": {"likely": 0.3, "assumption": "ours"}, "b": {"low": 1, "high": 2, "see": ["x"]}})
    {'a': 0.3, 'b': {'low': 1, 'high': 2}}
    """
    if isinstance(value, list):
        return [_bare(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _bare(inner, depth + 1) for key, inner in value.items() if key not in _REASONS}
    if set(kept) == {"likely"}:
        return kept["likely"]
    return _Line(kept) if depth >= _BLOCK or not any(isinstance(each, dict) for each in kept.values()) else kept


IN_THE_BODY = ("inputs_range", "theory_range", "parts")
"""Entries of a manifest that the report leaves out: it shows ranges elsewhere, and parts are checksums of files."""


def manifest_text(ensemble: Ensemble, without: Collection[str] = ()) -> str:
    """Return the manifest of an ensemble as YAML, its config left out; short maps and lists in a line."""
    kept = {key: value for key, value in ensemble.manifest.items() if key not in ("config", *without)}
    text: str = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=_COLUMN, default_flow_style=None)
    return text


class _Compact(yaml.SafeDumper):  # type: ignore[misc]
    """Writes lists, and maps that give reasons, in flow style: a scenario has hundreds of them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write values in full, also where they repeat."""
        return True


def _map(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=not _REASONS.isdisjoint(data))


def _list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)


def _line(dumper: yaml.SafeDumper, data: _Line) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)


_Compact.add_representer(dict, _map)
_Compact.add_representer(_Line, _line)
_Compact.add_representer(list, _list)


def _counted(counts: dict[str, int], ensemble: Ensemble, name: str) -> Row:
    return in_percent(share(counts[name], len(ensemble))) if name in counts else ("no such mission", "")


def _ends(row: pd.Series) -> Row:
    return f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}"


def _gate(requirements: str, names: Names) -> str:
    return " + ".join(names.gate(gate) for gate in requirements.split(" + "))


def _holders(table: pd.DataFrame, gate: str) -> Iterator[str]:
    """Yield who holds a requirement, by what they do; of contributors the three that wait most often."""
    here = table[table["gate"] == gate].sort_values("waiting", ascending=False, kind="stable")
    for part, some in here.groupby("part", sort=False):
        waiting = some["waiting"].notna().any()
        first = some.head(3) if waiting else some
        names = (
            f"{label(str(actor), proper=True)}{'' if isnan(waits) else f' ({waits:.0%} waiting)'}"
            for actor, waits in zip(first["actor"], first["waiting"], strict=True)
        )
        more = f" and {len(some) - len(first)} more" if len(some) > len(first) else ""
        yield f"{', '.join(names)}{more}: {part}"


def _quantity(name: str) -> str:
    kind, _, what = name.rpartition(".")
    return f"{kind}: {label(what, proper=kind == 'pledged')}" if kind else label(name)


def _valued(row: pd.Series, unit: str) -> Row:
    scale, digits = {"share": (100.0, 1), "persons": (1.0, 0)}.get(unit, (1.0, 1))
    mark = {"share": "%", "persons": "", "weeks": " weeks"}[unit]
    values = (f"{scale * row[key]:,.{digits}f}{mark}" for key in ("a", "b"))
    ends = [scale * row[key] for key in ("difference", "low", "high")]
    if isnan(ends[1]):
        return *values, f"{ends[0]:+,.{digits}f}", ""
    return *values, f"{ends[0]:+,.{digits}f}", f"{ends[1]:+,.{digits}f} to {ends[2]:+,.{digits}f}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return "absent" if value is None else str(value)
