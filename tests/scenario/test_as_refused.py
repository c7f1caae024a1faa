"""All words with which configs, changes and observations are refused or noted, and what keys are said to mean.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/scenario/test_as_refused.py

writes ``tests/golden/shown/refused_changes.txt`` anew. The tests of each part name what matters; here stands the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.reading.errors import InputError
from sim.scenario import (
    differences,
    evidence_use,
    idle_parts,
    idle_pools,
    inert_edges,
    json_schema,
    key_table,
    levers,
    observation_words,
    priors,
)
from sim.scenario.loading import load
from sim.scenario.number_types import Part
from sim.scenario.observations import load_observations
from sim.words import Names
from tests import kept_output
from tests.analysis.test_levers import write_toy
from tests.scenario import (
    test_bad_configs,
    test_defaults,
    test_experts,
    test_idle_parts,
    test_inert_edges,
    test_observations,
    test_orders,
)
from tests.scenario.test_bad_configs import CHANGES, HEAD, WHOLE
from tests.worlds import baseline, tiny, write_tiny

MORE = (
    "actors.alba: 3", "actors.alba: null", "actors.ukr: null", "actors.usa: null", "missions: {}", "network: {}",
    "network.alba->alba/persuasion: {strength: 1, willingness: 1}", "network.alba->ukr/nothing: inherited",
    "network.alba/persuasion.strength: 1", "network.alba->ukr.strength: 1", "actors.alba.stance: {open: 0, pledged: 0}",
    "actors.alba.stance: {open: 60%, pledged: 60%}", "actors.alba.stance: opened", "actors.alba.stance: {opened: 1}",
    "actors.alba.disposition: {low: 2, high: 1}", "actors.alba.disposition: {low: 1}", "actors.alba.disposition: {}",
    "actors.alba.roles: [contributor, king]", "actors.alba.roles: []", "actors.alba.member_of: [nato, un]",
    "actors.alba.given: [truce, luck]", "actors.alba.pools: [rich]", "actors.alba.like: borea", "words: {place: 3}",
    "words: {plaice: here}", "scales.stance: {opposed: 1, hesitant: 0, open: 0.5, pledged: 1}", "rules.pledge: 3",
    "missions.blue.eligible: [nobody]", "missions.blue.leads: [ukr]", "missions.blue.needs_consent: maybe",
    "table.impose: red", "table: {impose: [blue]}", "start: 2024-01-01", "horizon_weeks: 2.5", "rounds_per_week: 8",
    "events: {2025-03-10: {}}", "claims: {here: 3}", "levers: {a: {name: A, held_by: [], steps: []}}", "common: 3",
    "actors.Alba: {name: x}", "actors.alba.ratification.weeks: -1", "actors.alba.note: 3", "actors.alba.agent: 'a:b:c'",
)  # fmt: skip
"""Changes of the tiny world that are refused, or noted, for a reason of each kind."""
SHARED = """\
actors:
  - {name: A}
network: {usa->ukr/military_aid: 3}
missions: {blue: [], red: {name: Red}}
rules: {pledge: [1], nothing: {}}
scales: {stance: {open: x}}
words: here
start: never
horizon_weeks: many
question: [1]
"""


def cases(test: Callable[..., Any]) -> list[Any]:
    """Return what a test is given, a tuple a case."""
    mark = next(each for each in test.pytestmark if each.name == "parametrize")  # type: ignore[attr-defined]
    return list(mark.args[1])


_ALLOWED = re.compile(r"(?<=allowed: )\w+(?:, \w+)+$")


def _in_order(words: re.Match[str]) -> str:
    """Return words that are allowed by the alphabet: after mistakes, the order of parts differs between processes."""
    return ", ".join(sorted(words[0].split(", ")))


def refusal(attempt: Callable[[], Any]) -> list[str]:
    """Return the lines with which an attempt is refused, or that it is not."""
    try:
        attempt()
    except InputError as error:
        return [_ALLOWED.sub(_in_order, str(fault)) for fault in error.faults[:40]]
    except ValueError as error:
        return [f"ValueError: {error}"]
    return ["taken"]


def together(lines: list[str], many: int = 20) -> Iterator[list[str]]:
    """Yield changes in groups that fit into one file, as reading a world takes long: no key twice."""
    while lines:
        first: dict[str, str] = {}
        for line in lines:
            if len(first) < many:
                first.setdefault(line.partition(":")[0], line)
        yield list(first.values())
        lines = [line for line in lines if line not in first.values()]


def of_files(folder: Path) -> Iterator[str]:
    for lines in together([*(line for line, *_ in (*CHANGES, *WHOLE)), *MORE]):
        mine = HEAD + "".join(f"  {line}\n" for line in lines)
        yield from (*lines, *refusal(lambda mine=mine: load(write_tiny(folder, mine=mine))))
    for text, *_ in cases(test_bad_configs.test_a_file_of_the_wrong_form_is_refused_in_one_line):
        yield from (repr(text), *refusal(lambda text=text: load(write_tiny(folder, mine=text))))
    yield from refusal(lambda: load(write_tiny(folder, mine=SHARED)))


def of_edits(_: Path) -> Iterator[str]:
    for edits in ({"a..b": 1}, {"": 1}, {"actors.us.stance": "open"}, {"levers": 3}, {"actors.alba.credence": None}):
        yield from (repr(edits), *refusal(lambda edits=edits: tiny().change(edits)))
    for raw, *_more in cases(test_experts.test_what_is_no_pool_is_refused):
        yield from (repr(raw), *refusal(lambda raw=raw: priors.number(raw)))


def of_pools(folder: Path) -> Iterator[str]:
    pooled = load(write_tiny(folder, pooled=f"extends: tiny.yaml\n{test_defaults.POOLS}"))
    for edits, *_ in cases(test_defaults.test_a_mistake_in_a_pool_is_reported_once_and_where_it_stands):
        yield from (repr(edits), *refusal(lambda edits=edits: pooled.change(edits)))
    for text in ("3", "{european: 3}", "{edges: 3}", "{edges: {bribes: {strength: 1}}}", "{european: {pools: [a]}}",
                 "{european: {credence: {}}}", "{european: {roles: [host]}}"):  # fmt: skip
        mine = f"extends: tiny.yaml\ndefaults: {text}\n"
        yield from (text, *refusal(lambda mine=mine: load(write_tiny(folder, mine=mine))))
    for written, *_ in cases(test_orders.test_a_wrong_order_is_refused):
        line = f"\n  actors.alba.credence: {{likely: 60%, {written}}}\n"
        yield from (written, *refusal(lambda line=line: test_orders.changed(folder, line)))


def of_observations(folder: Path) -> Iterator[str]:
    for text, *_ in cases(test_observations.test_a_wrong_observation_is_refused_with_its_place):
        yield from (text.strip(), *refusal(lambda text=text: seen(folder, text)))
    right = ("stage: at least open, actor: alba", "stage: at most open, actor: alba", "stage: pledged, actor: borea",
             "rung: at most assurance", "rung: troops", "consent: at least tolerates", "consent: refuses",
             "gate: backstop, met: yes", "gate: lead, met: no", "mission: blue", "mission: none", "ceasefire: holds",
             "ceasefire: none", "troops: 5000, sd: 900", "troops: at least 5000", "battlefield: 0.3, sd: 0.2",
             "force: blue", "force: none", "ceasefire: holds, reliability: 0.8, source: a paper")  # fmt: skip
    for words in right:
        yield from (words, *refusal(lambda words=words: seen(folder, f"- {{week: 2025-03-10, {words}}}\n")))
        yield from shown(lambda words=words: seen(folder, f"- {{week: 2025-03-10, {words}}}\n"))
    yield from shown(lambda: seen(folder, "- {from: 2025-03-10, to: 2025-04-07, ceasefire: none}\n"))


def seen(folder: Path, text: str) -> Any:
    (folder / "seen.yaml").write_text(text, "utf-8")
    return load_observations(folder / "seen.yaml", tiny())


def shown(attempt: Callable[[], Any]) -> Iterator[str]:
    try:
        yield from kept_output.in_full(list(attempt()))
    except (InputError, ValueError):
        return


def of_idle_parts(_: Path) -> Iterator[str]:
    for path, value, *_more in cases(test_idle_parts.test_what_moves_nothing_is_named_with_its_reason):
        changed = baseline().change({path: value})
        faults = (*idle_parts.faults(changed), *idle_pools.faults(changed.written, changed.layer))
        yield from (f"{path}: {value}", *map(str, faults))
    for key, edge, more, _why in test_inert_edges.CASES:
        changed = test_inert_edges.with_edge(key, edge, more)
        yield from (f"{key} {more}", *(f"{edge}: {why}" for edge, why in inert_edges.reasons(changed.parts).items()))


def of_keys(_: Path) -> Iterator[str]:
    for part in ("network", "levers"):
        whole = json_schema.schema(part)
        yield from (f"{part} {name}: {str(value)[:300]}" for name, value in whole.items() if name != "$defs")
    yield from kept_output.in_full({name: key_table.flow(value) for name, value in EXAMPLES.items()})
    yield from map(str, (*key_table.top_keys(), *key_table.reason_keys()))
    for part in ("network", "missions", "levers", "events"):
        yield from map(str, key_table.keys(part))


EXAMPLES = {
    "map": {"a": 1, "b": [1, "two"]},
    "word": "yes",
    "number": 0.25,
    "nothing": None,
    "flag": True,
    "text": "a: b",
}


def of_levers(folder: Path) -> Iterator[str]:
    toy = load(write_toy(folder))
    yield from refusal(lambda: levers.move(toy, {"vote": 1}))
    yield from refusal(lambda: levers.move(toy, {"votes": 2}))
    yield from refusal(lambda: levers.move(toy, {"votes": 0}))
    yield from kept_output.in_full(levers.edits(toy, {"votes": 1, "wartime": 2}))
    for text in (
        "{votes: 2}",
        "{wartime: [1, 3]}",
        "{vote: 1}",
        "{votes: -1}",
        "{wartime: [1]}",
        "{votes: x}",
        "3",
        "",
    ):
        (folder / "costs.yaml").write_text(text, "utf-8")
        yield from (text, *refusal(lambda: levers.costs(toy, folder / "costs.yaml")))
        yield from shown(lambda: [levers.costs(toy, folder / "costs.yaml")])
    other = tiny().change({"actors.ukr.disposition": 3, "missions.watch": None})
    yield from kept_output.in_full(differences.changes(tiny(), other))
    yield from kept_output.in_full(evidence_use.coverage(tiny()))


def of_words(_: Path) -> Iterator[str]:
    names = Names(place="Here", group="Littoral", host="Town", opponent="Hill", broker="Lake")
    for relation in ("", "at least", "at most"):
        yield observation_words.stage_seen("Alba", "open", relation)
        yield observation_words.stage_seen("Alba", "opposed", relation)
        yield observation_words.rung_seen("none", relation, names)
        yield observation_words.rung_seen("air_cover", relation, names)
        yield observation_words.consent_seen("accepts", relation, names)
        yield observation_words.number_seen("troops", 5000.0, relation, names)
        yield observation_words.number_seen("battlefield", 0.25, relation, names)
    for gate in ("truce", "host_consent", "council", "lead"):
        yield from (observation_words.requirement_seen(gate, met, names) for met in ("yes", "no"))
    yield from (observation_words.mission_seen("Blue", names, force=force) for force in (False, True))
    yield from (observation_words.mission_seen("none", names, force=force) for force in (False, True))


LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "strict")


def limits(each: Any) -> str:
    """Return the limits that a part of a field's type sets, those of our own readers among them."""
    own = getattr(getattr(each, "func", None), "keywords", {})
    known = {name: getattr(each, name) for name in LIMITS if getattr(each, name, None) is not None}
    return " ".join(f"{name} {value}" for name, value in {**own, **known}.items())


def of_models(_: Path) -> Iterator[str]:
    """Yield what may stand at every key of a config: its limits, what holds without it, and what it means."""
    for model in dict.fromkeys(below(Part)):
        yield f"{model.__name__}, {', '.join(f'{name} {value}' for name, value in sorted(model.model_config.items()))}"
        for name, field in model.model_fields.items():
            if name not in Part.model_fields:
                set_by = " ".join(filter(None, map(limits, field.metadata)))
                default = field.get_default(call_default_factory=True)
                default = type(default).__name__ if isinstance(default, Part) else repr(default)
                yield f"  {name}: {set_by}; {'needed' if field.is_required() else default[:120]}; {field.description}"


def below(model: type[Any]) -> Iterator[type[Any]]:
    for each in (model, *(kind for own in model.__subclasses__() for kind in below(own))):
        if each.__module__.startswith("sim."):
            yield each


KEPT: dict[str, Callable[[Path], Iterator[str]]] = {
    "files": of_files,
    "edits": of_edits,
    "pools": of_pools,
    "observations": of_observations,
    "idle parts": of_idle_parts,
    "keys": of_keys,
    "levers": of_levers,
    "models": of_models,
    "words": of_words,
}


@pytest.mark.parametrize("name", KEPT)
def test_the_words_are_those_that_are_kept(name: str, tmp_path: Path) -> None:
    text = "\n".join(KEPT[name](tmp_path)).replace(str(tmp_path), "FOLDER")
    text = kept_output.without_hashes(text.replace(str(Path(__file__).parents[2]), "HERE"))
    assert kept_output.differs("refused_changes", text, name) == ""
