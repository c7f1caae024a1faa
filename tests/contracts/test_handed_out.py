"""Contracts of what is handed out: nothing that a user does to a table, an array, a dict or a list changes an answer.

The walk (``tests/in_place.py``) goes over the public surface: it asks for everything that an object hands out, edits
what it got in place, at any depth, asks again, and compares. What the surface is, reflection says: every public name of
``sim`` and of its rooms (``PUBLIC`` of ``test_house.py``), and every class that hands out copies, wherever it stands. A
public name that is neither asked here nor of a kind that holds nothing to change makes a test fail with its name.
"""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import pkgutil
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import sim
from sim import batch, evidence, kernel, world
from sim.ensemble import results
from sim.ensemble.handing_out import HandsOutCopies, handed_out
from sim.evidence import literature, targets
from sim.reading.files import parse_yaml, read_yaml, shipped_folder
from sim.reading.read_only import read_only
from sim.scenario import leaves
from sim.scenario.scenario import Scenario
from sim.story import events
from sim.story.drawn_run import DrawnRun
from sim.validation.case_format import CodedCase, read_cases
from tests.analysis.test_levers import TOY
from tests.analysis.test_matching import LOW, SMALL, wide
from tests.analysis.test_when import ensemble as with_a_box
from tests.contracts.test_house import PUBLIC
from tests.in_place import asked, edit, ours, picture, surface
from tests.worlds import TINY, play, tiny

RUNS = 400
DATA = Path(__file__).parents[1]
CREDENCE, MOOD = "actors.alba.credence", "common.european_mood"
CEASEFIRE = "ceasefire by week 12"


class Made:
    """What the walk asks: a small ensemble, in memory and in a folder, and each answer once."""

    def __init__(self, folder: Path) -> None:
        self.ensemble = sim.run(tiny(), RUNS, 4, workers=1, keep=("weekly",))
        self.ensemble.inputs_range = dict(sim.nested(tiny(), 4, 5, workers=1))
        self.folder = self.ensemble.save(folder / "kept")
        self.answers: dict[str, Any] = {}
        self.kinds: dict[str, set[type]] = {}

    def answer(self, name: str) -> Any:
        """Return an answer; tables and plain records are made anew each time, what keeps something is made once."""
        if name in self.answers:
            return self.answers[name]
        value = ANSWERS[name](self)
        if (ours(value) and not isinstance(value, tuple)) or name in KEPT:
            self.answers[name] = value
        return value

    def seen(self, name: str) -> dict[str, Any]:
        """Return all that can be seen of an answer, by attribute where it has some."""
        value, kinds = self.answer(name), self.kinds.setdefault(name, set())
        if not ours(value):
            return {"": picture(value, 0, kinds)}
        kinds.add(type(value))
        return {at: picture(asked(get), 1, kinds) for at, get in surface(value)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("handed_out"))


def changed() -> Scenario:
    return tiny().change({CREDENCE: "10%"}, assumption="made up")


def lively() -> Scenario:
    return tiny().change({"actors.ukr.disposition": {"low": 0, "high": 3}}, assumption="made up")


def toy(folder: Path) -> Scenario:
    file = folder.parent / "toy.yaml"
    file.write_text(TINY + TOY, encoding="utf-8")
    return sim.load(file)


def drawn() -> tuple[world.World, world.Inputs, world.Luck]:
    structure = world.build(tiny())
    return structure, *world.draw(structure, 1, 0)


def boxed() -> results.Box:
    """Return a box, sought again once instead of ten times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.analysis.when.RESAMPLES", 1)
        return sim.when(with_a_box(planted=True, runs=1_000), inputs=2, density=0.6)


def claims() -> list[str]:
    return ["000.merz.if_russia_consents"]


ANSWERS: dict[str, Callable[[Made], Any]] = {
    "sim.backtest": lambda made: sim.backtest(DATA / "data" / "issues.csv", resamples=20),
    "sim.cases": lambda made: sim.cases(DATA / "validation" / "cases", 30, theory=10, workers=1),
    "sim.certainty": lambda made: sim.certainty(tiny(), "ceasefire", 200, draws=6, luck=10, workers=1),
    "sim.compare": lambda made: sim.compare(tiny(), changed(), runs=RUNS, design=None),
    "sim.compare of many": lambda made: sim.compare(tiny(), changed(), lively(), runs=100, design=None),
    "sim.comparisons": lambda made: sim.comparisons([tiny(), changed()], 100)[0],
    "sim.could": lambda made: sim.could(tiny(), "ceasefire", 600, workers=1),
    "sim.disagree": lambda made: sim.disagree(tiny(), changed(), "ceasefire", 40, workers=1),
    "sim.enough": lambda made: sim.enough(toy(made.folder), 0.9, runs=60, workers=1),
    "sim.explain": lambda made: sim.explain(tiny(), "alba", 5, 3),
    "sim.flows": lambda made: sim.flows(made.ensemble, made.ensemble),
    "sim.given": lambda made: sim.given(made.ensemble, CEASEFIRE),
    "sim.holding_back": lambda made: sim.holding_back(tiny(), "alba", 60, workers=1),
    "sim.independence": lambda made: sim.independence(made.ensemble),
    "sim.leverage": lambda made: sim.leverage(tiny()),
    "sim.levers": lambda made: sim.levers(toy(made.folder)),
    "sim.living_forecast": lambda made: sim.living_forecast(lively(), (), "ceasefire", 200, widths=False),
    "sim.load": lambda made: sim.load("baseline"),
    "sim.match": lambda made: sim.match(wide(), LOW, **{**SMALL, "runs": 200}),
    "sim.names": lambda made: sim.names(),
    "sim.nested": lambda made: sim.nested(tiny(), 6, 10, workers=1),
    "sim.open_ensemble": lambda made: sim.open_ensemble(made.folder),
    "sim.play": lambda made: sim.play(tiny(), [CREDENCE], runs=40, of="ceasefire"),
    "sim.replay": lambda made: sim.replay(tiny(), 1, 3),
    "sim.report": lambda made: sim.report(made.ensemble, sim.run(changed(), RUNS, 4, workers=1)),
    "sim.run": lambda made: made.ensemble,
    "sim.sensitivity": lambda made: sim.sensitivity(tiny(), "ceasefire", 16, trajectories=2, top=3, workers=1),
    "sim.surprising": lambda made: sim.surprising(made.ensemble, "no_ceasefire"),
    "sim.sweep": lambda made: sim.sweep(tiny(), {MOOD: [-0.2, 0.2]}, "ceasefire", 20, workers=1),
    "sim.typical": lambda made: sim.typical(made.ensemble, "no_ceasefire"),
    "sim.watch": lambda made: sim.watch(lively(), (), "ceasefire", 4, 256),
    "sim.when": lambda made: boxed(),
    "sim.why": lambda made: sim.why(made.ensemble, workers=1),
    "sim.batch.run": lambda made: batch.run(changed(), 20, workers=1),
    "sim.ensemble.open_ensemble": lambda made: sim.ensemble.open_ensemble(made.folder),
    "sim.evidence.load": lambda made: evidence.load(),
    "sim.evidence.unexplained_claims": lambda made: evidence.unexplained_claims(evidence.load(), claims()),
    "sim.evidence.used_claims": lambda made: evidence.used_claims(evidence.load(), claims()),
    "sim.kernel.play": lambda made: kernel.play(*drawn(), 4, weekly=True),
    "sim.scenario.leaves": lambda made: list(leaves(tiny().parts)),
    "sim.story.events": lambda made: events(tiny(), 1, 3),
    "sim.world.build": lambda made: world.build(tiny()),
    "sim.world.draw": lambda made: drawn()[1:],
    "sim.world.draw_forked": lambda made: world.draw_forked(drawn()[0], 1, world.whole(np.array([2, 3]))),
    "sim.world.whole": lambda made: world.whole(np.array([2, 3])),
    "sim.world.input_quantiles": lambda made: world.input_quantiles(drawn()[0], 1, 3),
    "sim.world.quantiles_of": lambda made: world.quantiles_of(drawn()[0], 1, np.array([0, 5])),
    # What no public function returns by itself, but hands out all the same.
    "a made-up scenario": lambda made: tiny(),
    "what happened in a run": lambda made: play(tiny(), 1)[0],
    "literature": lambda made: literature.load(),
    "targets": lambda made: targets.load_targets(),
    "a file": lambda made: read_yaml(shipped_folder("configs") / "baseline.yaml"),
}
"""How each public name is asked on something small; a word after it tells two ways of asking apart."""
OF_AN_ENSEMBLE = ("sim.flows", "sim.given", "sim.independence", "sim.surprising", "sim.typical", "sim.why")
KEPT = ("sim.world.build", "sim.comparisons", "a file")
"""Records that are asked themselves, not made anew, as objects are."""
NOTHING_TO_CHANGE = frozenset(("str", "int", "float", "bool", "None", "Path", "Share", "Axes", "Panels"))
"""What a function returns that holds no answer which could be edited; a figure is the reader's to draw on."""
ALIVE = {
    "sim.explore": "a page that is being served",
    "sim.explorer.explore": "the same",
    "sim.plots.Film": "a matplotlib animation, the reader's to change",
    "sim.plots.film": "the same",
    "sim.InputError": "it is raised, not asked",
    "sim.kernel.CannotCompile": "the same",
    "sim.model.Negotiation": "a run being played, which classes of users' own take part in",
    "sim.model.State": "an actor of such a run",
    "sim.model.Broker": "the same",
    "sim.model.Contributor": "the same",
    "sim.model.Host": "the same",
    "sim.model.Opponent": "the same",
    "sim.world.Means": "the functions by which an engine draws",
    "sim.batch.Margin": "what is asked of a batch, not an answer: three numbers and words",
    "sim.scenario.OwnClaim": "a claim in a user's own file; scenarios hold it as they do their parts",
    "sim.scenario.Event": "no small scenario here has events; a part of a scenario like the others",
}
"""Public names that lead to no answer, and why."""


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_that_is_done_to_what_is_handed_out_changes_an_answer(name: str, made: Made) -> None:
    before = made.seen(name)
    assert before
    edit(made.answer(name))
    after = made.seen(name)
    assert {at for at in before if before[at] != after[at]} == set()


@pytest.mark.parametrize("name", OF_AN_ENSEMBLE)
def test_what_is_done_to_an_answer_leaves_the_ensemble_that_was_asked(name: str, made: Made) -> None:
    before = made.ensemble.runs.to_csv(), made.ensemble.actors.to_csv(), json.dumps(made.ensemble.summary())
    edit(made.answer(name))
    assert (made.ensemble.runs.to_csv(), made.ensemble.actors.to_csv(), json.dumps(made.ensemble.summary())) == before


def public_names() -> Iterator[tuple[str, Any]]:
    for room, names in PUBLIC.items():
        for name in names.split():
            yield f"{room}.{name}", getattr(import_module(room), name)


def is_type_alias(value: Any) -> bool:
    return typing.get_origin(value) is not None


def test_every_public_function_is_asked_or_returns_nothing_that_can_be_changed() -> None:
    asked_here = {name.partition(" ")[0] for name in ANSWERS}
    left = [
        name
        for name, value in public_names()
        if callable(value) and not isinstance(value, type) and not is_type_alias(value) and not ours(value)
        and str(inspect.signature(value).return_annotation) not in NOTHING_TO_CHANGE
    ]  # fmt: skip
    assert [name for name in left if name not in asked_here and name not in ALIVE] == []


def test_every_public_class_is_of_what_is_walked(made: Made) -> None:
    for name in ANSWERS.keys() - made.kinds.keys():
        made.seen(name)
    kinds = set[type]().union(*made.kinds.values())
    classes = {name: value for name, value in public_names() if isinstance(value, type)}
    left = [name for name, kind in classes.items() if not any(issubclass(each, kind) for each in kinds)]
    assert [name for name in left if name not in ALIVE] == []


def test_names_that_are_left_out_of_the_walk_are_public() -> None:
    assert set(ALIVE) - {name for name, _ in public_names()} == set()


def test_public_constants_cannot_be_changed() -> None:
    constants = {
        name: value
        for name, value in public_names()
        if not callable(value) and not isinstance(value, types.ModuleType) and not is_type_alias(value)
    }
    assert len(constants) > 10
    assert [name for name, value in constants.items() if _changes(value)] == []


def _changes(value: Any) -> bool:
    """Return whether an edit shows; of what it shows in, a copy was edited."""
    own = copy.deepcopy(value)
    if type(own) is not type(value):
        return False  # it refuses, and a copy is one's own
    before = picture(own)
    edit(own)
    return bool(picture(own) != before)


def copied_kinds() -> list[type]:
    """Return every class of the package that hands out copies, wherever it stands."""
    for module in pkgutil.walk_packages(sim.__path__, "sim."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    kinds, new = set(), {HandsOutCopies}
    while new:
        kinds |= new
        new = {each for kind in new for each in kind.__subclasses__() if each.__module__.startswith("sim")} - kinds
    return sorted(kinds - {HandsOutCopies}, key=lambda kind: kind.__qualname__)


def made_up(hint: Any) -> Any:
    """Return something of a type, with as much in it that could be changed as the type allows."""
    origin, within = typing.get_origin(hint), [each for each in typing.get_args(hint) if each is not Ellipsis]
    if hint in SIMPLE:
        return SIMPLE[hint]()
    if origin in (typing.Union, types.UnionType):
        return made_up(within[0])
    if origin is np.ndarray:
        return np.arange(6.0).reshape(2, 3)
    if origin is list:
        return [made_up(within[0])]
    if origin is tuple:
        return tuple(map(made_up, within))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {made_up(within[0]): made_up(within[1])}
    hints = typing.get_type_hints(hint)
    names = hint._fields if issubclass(hint, tuple) else hint.__dataclass_fields__
    return hint(**{name: made_up(hints[name]) for name in names})


SIMPLE: dict[Any, Callable[[], Any]] = {
    pd.DataFrame: lambda: pd.DataFrame({"share": [0.5, 0.25], "levers": [{"a": 1}, {"b": 2}], "sets": [[1], [2, 3]]}),
    pd.Series: lambda: pd.Series([0.5, 0.25]),
    str: lambda: "word",
    int: lambda: 3,
    float: lambda: 0.5,
    bool: lambda: True,
    Any: lambda: {"a": [1, {"b": 2}]},
    object: lambda: [1, 2],
    Scenario: tiny,
    CodedCase: lambda: read_cases(DATA / "validation" / "cases")[0],
    DrawnRun: lambda: DrawnRun(scenario="a", hash="b", event="c", quantiles={"d": 0.5}, luck={"e": (0.25,)}),
}


@pytest.mark.parametrize("kind", copied_kinds(), ids=lambda kind: kind.__qualname__)
def test_a_result_of_any_class_hands_out_copies(kind: type) -> None:
    thing = made_up(kind)
    before = {at: picture(asked(get), 1) for at, get in surface(thing)}
    assert set(before) >= set(thing.__dataclass_fields__)
    edit(thing)
    after = {at: picture(asked(get), 1) for at, get in surface(thing)}
    assert {at for at in before if before[at] != after[at]} == set()


def test_every_result_is_of_a_class_that_hands_out_copies() -> None:
    kinds = [kind for _, kind in inspect.getmembers(results, inspect.isclass) if kind.__module__ == results.__name__]
    assert kinds and set(kinds) <= set(copied_kinds())


def test_what_is_loaded_again_is_what_was_loaded_before(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("extends: baseline\nassumption: ours\nchange:\n  actors.uk.capacity_troops: {low: 1, high: 2}\n")
    first, raw = sim.load(file), read_yaml(file)
    number = sim.load("baseline").leaves["actors.uk.capacity_troops"]
    for thing in (first, raw, sim.load("baseline"), evidence.load()):
        edit(thing)
    assert sim.load("baseline").leaves["actors.uk.capacity_troops"] == number
    assert sim.load(file).hash == first.hash and read_yaml(file) == raw


def test_cells_lists_and_arrays_of_a_result_are_copies_or_refuse() -> None:
    cells = pd.DataFrame({"levers": [{"a": 1}, {"b": 2}], "share": [0.5, 0.25]})
    cells["levers"].iloc[0]
    cells_out = handed_out(cells)
    cells_out["levers"].iloc[0]["a"] = 5
    assert cells["levers"].iloc[0] == {"a": 1}
    array = np.array([1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        handed_out(array)[0] = 3.0
    assert array.flags.writeable


def test_a_result_goes_through_pickle_and_back() -> None:
    made = results.Result(pd.DataFrame({"share": [0.5]}), "half")
    again = pickle.loads(pickle.dumps(made))
    assert again.sentence == "half" and again.table.equals(made.table)


SHARED = {"a": [1, {"b": 2}], "c": "d"}


@pytest.mark.parametrize(
    "work",
    [
        lambda it: it.update(a=1),
        lambda it: it.pop("a"),
        lambda it: it["a"].append(3),
        lambda it: it["a"][1].clear(),
        lambda it: it["a"].sort(),
        lambda it: it.__setitem__("c", "e"),
    ],
)
def test_read_only_data_says_how_to_change_a_copy(work: Callable[[Any], Any]) -> None:
    shared = read_only(SHARED)
    with pytest.raises(TypeError, match=r"read-only.*copy\.deepcopy"):
        work(shared)
    assert shared == SHARED


def test_read_only_data_is_plain_data_to_whoever_reads_it() -> None:
    shared = read_only(SHARED)
    assert json.dumps(shared) == json.dumps(SHARED)
    assert pickle.loads(pickle.dumps(shared)) == SHARED
    own = copy.deepcopy(shared)
    own["a"][1]["b"] = 3
    assert type(own) is dict and shared == SHARED
    assert yaml.safe_dump(shared) == yaml.dump(shared) == yaml.safe_dump(SHARED)


def test_a_scenario_says_how_it_is_changed() -> None:
    scenario = tiny()
    with pytest.raises(AttributeError, match=r"change\(\{path: value\}\)"):
        scenario.name = "another"


def test_a_scenario_as_a_dict_is_ones_own_to_edit_and_to_write() -> None:
    scenario = sim.load("baseline")
    document = scenario.as_dict()
    document["actors"]["uk"].clear()
    assert scenario.as_dict()["actors"]["uk"]
    assert parse_yaml(yaml.safe_dump(scenario.as_dict()), "whole").data == scenario.as_dict()
