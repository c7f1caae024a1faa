"""Faults planted in one engine are caught by the comparison that finds the two alike; and no edit goes unnoticed.

What is compiled cannot be patched, so most faults are planted in Mesa, and some in a copy of the kernel.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import world
from sim.ensemble.run_table import Played
from sim.model import Negotiation, fielding, menu, negotiation, phases, state
from sim.model.belligerents import Belligerent, Opponent
from sim.model.contributor import Contributor
from sim.model.parties import Parties
from sim.model.situation import Situation
from sim.model.state import State
from sim.rules import foresight, forming, holding, learning, lobbying, news, pledging, tabling, truces
from tests.twins import compiled, compiled_sample, first_difference, mesa, parted_in_sample
from tests.worlds import tiny

ROOT = Path(__file__).resolve().parents[2]
Patch = Callable[[pytest.MonkeyPatch], None]


# --- faults in Mesa --------------------------------------------------------------------------------------------------


def instead(owner: Any, name: str, fault: Callable[..., Any]) -> Patch:
    """Return the patch that calls ``fault`` instead, with what is right and what that is called with."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        right = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *given: fault(right, *given))

    return patch


def swapped(one: str, other: str) -> Patch:
    """Return the patch under which two phases change places."""
    places = {one: other, other: one}
    by_name = {phase.__name__: phase for phase in negotiation.ROUND}
    order = tuple(by_name[places.get(name, name)] for name in by_name)
    return lambda monkeypatch: monkeypatch.setattr(negotiation, "ROUND", order)


def changed(phase: str, fault: Callable[..., None]) -> Patch:
    """Return the patch under which ``fault`` plays a phase, with the phase as it is right."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        right = {each.__name__: each for each in negotiation.ROUND}[phase]
        order = tuple(partial(fault, right) if each is right else each for each in negotiation.ROUND)
        monkeypatch.setattr(negotiation, "ROUND", order)

    return patch


def just_more(number: float) -> float:
    """Return the next number: who asks for at least as much now asks for more."""
    return math.nextafter(number, math.inf)


def last_rounds_luck(luck: Callable[..., float], model: Negotiation, stream: int) -> float:
    model.round -= 1
    found = luck(model, stream)
    model.round += 1
    return found


def pledged_at_once(consider: Callable[..., int], me: Contributor) -> int:
    me.move(consider(me))
    return me.stage


def pulled_at_once(pulled: Callable[..., list[float]], me: State) -> list[float]:
    me.position = pulled(me)
    return me.position


def without_bar(withdraw: Callable[..., None], me: Contributor) -> None:
    withdraw(me)
    me.barred_weeks = 0.0


def with_open_hubs(read: Callable[..., None], model: Situation) -> None:
    read(model)
    model.hubs_shut = 0.0


def looked_at_again(field: Callable[..., None], model: Situation, parties: Parties, mission: int) -> None:
    model.force = None
    field(model, parties, mission)


def first_stage_as_spoken(take: Callable[..., None], me: Contributor) -> None:
    me.stage = me.first


def always_centred(settle: Callable[..., None], me: Contributor) -> None:
    settle(me)
    me.centre = pledging.total(me.circumstances)


def always_minded(unwanted: Callable[..., float], model: Situation, parties: Parties) -> float:
    force = model.force
    return 0.0 if force is None else parties.opponent.provoked(force.mission)


def learnt_before_events(news: Callable[..., None], me: Belligerent) -> None:
    shifts, me.model.shifts = me.model.shifts, {}
    news(me)
    me.model.shifts = shifts


def with_full_budget(plan: Callable[..., None], me: State) -> None:
    me.budget = 1.0
    plan(me)


def without_rung(bundle: Callable[..., int], model: Situation, parties: Parties, missions: list[int]) -> int:
    mission = bundle(model, parties, missions)
    model.bundled_rung = -1
    return mission


def holding_on(hold: Callable[..., None], model: Situation, parties: Parties) -> None:
    before = model.truce, model.signed, model.imposed, model.broken, model.overlap_rounds
    hold(model, parties)
    model.truce, model.signed, model.imposed, model.broken, model.overlap_rounds = before


def more_than_ratify_weeks(ratify: Callable[..., None], me: Contributor) -> None:
    weeks, me.ratify_weeks = me.ratify_weeks, just_more(me.ratify_weeks)
    ratify(me)
    me.ratify_weeks = weeks


FAULTS: dict[str, Patch] = {
    "a sign": instead(
        truces, "least_taken", lambda right, terms: right(terms._replace(provocation=-terms.provocation))
    ),
    "a term dropped": instead(pledging, "total", lambda right, terms: right(terms._replace(fatigue=0.0))),
    "a factor dropped": instead(holding, "attack_rate", lambda right, *given: right(*given[:-1], 1.0)),
    "another rounding": instead(lobbying, "payoff", lambda _, before, share, sum: before + share * (sum - before)),
    "consent before the truce": swapped("truce", "consent"),
    "an offer before the table": swapped("table", "offer"),
    "ratification before pledges": swapped("pledge", "ratify"),
    "edges in another order": instead(State, "meet", lambda right, me, ties: right(me, ties[::-1])),
    "a week off": instead(truces, "talked_long_enough", lambda right, weeks, *rest: right(weeks + 1, *rest)),
    "more than, not at least": instead(Contributor, "ratify", more_than_ratify_weeks),
    "the luck of the round before": instead(Negotiation, "luck", last_rounds_luck),
    "new luck in each round": instead(Negotiation, "luck_once", lambda _, model, stream: model.luck(stream)),
    "pledges that others see at once": instead(Contributor, "consider", pledged_at_once),
    "positions that others see at once": instead(State, "pulled", pulled_at_once),
    "own troops among those of others": instead(
        Contributor, "sufficiency_of_others", lambda _, me: me.model.sufficiency
    ),
    "a gate that a broken truce leaves shut": instead(
        state, "passes_gate", lambda right, model, tie: right(model, tie) and tie.source.at not in model.held_up
    ),
    "a refusal that bars nobody": instead(Contributor, "withdraw", without_bar),
    "a hub that is never shut": instead(Situation, "_read_gates", with_open_hubs),
    "a flag looked at again": instead(fielding, "field", looked_at_again),
    # stances and demands
    "a first stage as spoken": instead(Contributor, "take_first_stage", first_stage_as_spoken),
    "stances always as spoken": instead(Contributor, "settle", always_centred),
    "demands added up": instead(pledging, "least_met", lambda _, unmet: math.fsum(unmet)),
    "a shortfall that is no share": instead(
        pledging, "backstop_shortfall", lambda _, promise, demanded, own: max(0.0, demanded - promise - own)
    ),
    "a settlement beyond nothing": instead(pledging, "settlement_shortfall", lambda _, conceded, decent: conceded),
    "hope of victory": instead(
        pledging, "circumstances", lambda right, me, sees, *rest: right(me, sees._replace(advantage=0.0), *rest)
    ),
    # foresight and truces
    "everybody rational": instead(foresight, "foreseen", lambda right, bare, there, own, pi: right(bare, there, 1, pi)),
    "a truce among what is ready": instead(
        foresight, "follows", lambda right, pledged, ready, *rest: right(pledged, 0.875 * ready, *rest)
    ),
    "a guarantee worth all of the war": instead(truces, "peace_kept", lambda _, loss, without, kept: loss * without),
    "a truce wanted all the more": instead(truces, "regret", lambda _, most, least: least - most),
    "a force that nobody minds": instead(phases, "_unwanted", lambda right, model, parties: 0.0),
    "a force that is always minded": instead(phases, "_unwanted", always_minded),
    "moods that sign": lambda monkeypatch: monkeypatch.setattr(
        Belligerent, "mood_in_terms", property(lambda me: me.mood)
    ),
    # learning
    "a gain of whole weeks": instead(learning, "gain", lambda right, sd, doubt, weeks: right(sd, doubt, 1.0)),
    "what the front was": instead(Belligerent, "news", learnt_before_events),
    "a word that teaches nothing": instead(Situation, "learn_of_promise", lambda right, model, kept, tells: None),
    "a broken word taken for a kept one": instead(
        Situation, "learn_of_promise", lambda right, model, kept, tells: right(model, True, tells)
    ),
    # effort
    "effort without a budget": instead(lobbying, "effort", lambda _, wanting, total, budget: wanting),
    "a budget always spent": instead(
        lobbying, "effort", lambda _, wanting, total, budget: wanting * budget / total if total > 0.0 else wanting
    ),
    "every power great": instead(State, "plan", with_full_budget),
    "relief that presses": instead(Opponent, "pays_for_signing", lambda right, me, tie: False),
    # the table
    "a package split in half": instead(tabling, "agreed", lambda _, most, least, *by_weight: 0.5 * (most + least)),
    "a rung left out of the package": instead(menu, "_best_bundle", without_rung),
    # the force
    "a target overshot": instead(forming, "contingent", lambda _, supplied, most, target: min(supplied, most)),
    "troops that never tire": instead(holding, "sustained", lambda _, capacity, *rest: capacity),
    "more than a tour": instead(
        holding, "sustained", lambda right, troops, weeks, tour, rest: right(troops, weeks, just_more(tour), rest)
    ),
    "an attack that is always answered": instead(holding, "answers_fire", lambda _, luck, chance, share: luck < chance),
    "a call that nobody hears": instead(pledging, "called", lambda _, *met: 0.0),
    "a call without a lead": instead(pledging, "called", lambda right, *met: right(*met[:-1], 1.0)),
    "a call to those who may not join": instead(Contributor, "may_join", lambda _, me: True),
    "a table that any truce closes": lambda monkeypatch: monkeypatch.setattr(
        Situation, "settled", property(lambda me: me.truce or me.force is not None)
    ),
    "a commitment that binds nobody": instead(pledging, "committed", lambda _, *situation: False),
    "a commitment whatever is asked": instead(pledging, "committed", lambda _, *situation: True),
    "a tour that binds nobody": instead(holding, "bound", lambda _, *situation: False),
    "a tour that binds in war too": instead(
        holding, "bound", lambda right, serves, weeks, tour, truce: right(serves, weeks, tour, True)
    ),
    "aid cut that turns no war": instead(news, "unarmed", lambda _, weight, arms, cut: 0.0),
    "aid cut that turns the war without end": instead(
        news, "unarmed", lambda _, weight, arms, cut: weight * arms * cut
    ),
    "a fire without end to the truce": changed("hold", holding_on),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_mesa_is_caught(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_sample()
    FAULTS[fault](monkeypatch)
    assert any(parted_in_sample())


def test_a_rule_replaced_in_python_changes_mesa_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    structure = world.build(tiny())
    before = mesa(structure, 12), compiled(structure, 12)
    monkeypatch.setattr(truces, "concession", lambda most, least: 0.25)
    assert first_difference(mesa(structure, 12), before[0]) is not None
    assert first_difference(compiled(structure, 12), before[1]) is None


# --- edits of a copy -------------------------------------------------------------------------------------------------

SOUND = 16
KERNEL_FAULTS = {
    10: (
        "lobby.py",
        "incentive.total[k], incentive.budget[k])",
        "incentive.total[k], incentive.budget[k] + (plan.shape.rounds == 10))",
    ),
    11: ("queries.py", "(len(state.met) - 1)", "(len(state.met) - (plan.shape.rounds != 11))"),
    12: (
        "news.py",
        "field, now.host_gain)",
        "field, state.side[0].gain if plan.shape.rounds == 12 else now.host_gain)",
    ),
    13: ("network.py", "float(ends.sign)", "float(1 if plan.shape.rounds == 13 else ends.sign)"),
    14: ("ratify.py", "if seat.pledged_weeks[at] <", "if seat.pledged_weeks[at] - (plan.shape.rounds == 14) <"),
    15: (
        "rounds.py",
        "    consent(planned, state)",
        "    if planned.shape.rounds != 15:\n        consent(planned, state)",
    ),
}
"""Faults for a copy of the kernel: each shows in runs of so many weeks alone, so that all are compiled at once."""
RULE = ("guarantees.py", "return 1.0 - (1.0 - force)", "return 0.9 - (1.0 - force)")
PLAY = f"""
import sys
from pathlib import Path
import numpy as np
import sim
from sim.world import build
from tests import twins, worlds

assert Path(sim.__file__).is_relative_to(Path.cwd())
for weeks in {(*KERNEL_FAULTS, SOUND)}:
    structure = build(worlds.tiny().change({{"horizon_weeks": weeks}}))
    for engine in (twins.mesa, twins.compiled):
        np.savez(f"{{sys.argv[1]}}-{{engine.__name__}}-{{weeks}}.npz", **engine(structure, 24)._asdict())
"""


def edit(path: Path, there: str, instead: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count(there) == 1, f"{path.name} has changed: plant this fault elsewhere"
    path.write_text(source.replace(there, instead), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package with faults in its kernel, that has played before and after an edit of a rule."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("sim", "configs", "seeds"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tests").mkdir()
    for name in ("worlds.py", "generated.py", "twins.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    for name, *change in KERNEL_FAULTS.values():
        edit(folder / "sim" / "kernel" / name, *change)
    environment = {**os.environ, "PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    for moment in ("before", "after"):
        subprocess.run([sys.executable, "-c", PLAY, moment], cwd=folder, env=environment, check=True)
        if moment == "before":
            edit(folder / "sim" / "rules" / RULE[0], *RULE[1:])
    return folder


def left(copy: Path, moment: str, engine: str, weeks: int) -> Played:
    with np.load(copy / f"{moment}-{engine}-{weeks}.npz") as found:
        return Played(**found)


@pytest.mark.thorough
def test_an_edited_rule_changes_the_compiled_engine_as_it_changes_mesa(copy: Path) -> None:
    for moment in ("before", "after"):
        assert first_difference(left(copy, moment, "mesa", SOUND), left(copy, moment, "compiled", SOUND)) is None
    assert first_difference(left(copy, "before", "compiled", SOUND), left(copy, "after", "compiled", SOUND)) is not None


@pytest.mark.thorough
def test_every_version_of_the_rules_has_a_cache_of_its_own(copy: Path) -> None:
    versions = list((copy / "cache" / "sim-kernel").iterdir())
    assert len(versions) == 2
    assert all(any(version.iterdir()) for version in versions)


@pytest.mark.thorough
@pytest.mark.parametrize("weeks", KERNEL_FAULTS, ids=lambda weeks: str(KERNEL_FAULTS[weeks][0]))
def test_a_fault_planted_in_the_kernel_is_caught(weeks: int, copy: Path) -> None:
    assert first_difference(left(copy, "before", "mesa", weeks), left(copy, "before", "compiled", weeks)) is not None
