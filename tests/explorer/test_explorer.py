"""The explorer without a browser: what a page has asked, the queue, what is shown as HTML, what is handed on."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any
from weakref import ref

import pandas as pd
import pytest
import yaml

import sim
from sim.explorer import (
    actor_view,
    controls,
    export,
    forecast_jobs,
    forecast_view,
    html,
    inbox,
    jobs,
    levers_view,
    network_view,
    run_cache,
    story_view,
)
from sim.explorer.controls import Subject
from sim.explorer.export import File
from sim.explorer.forecast_jobs import ForecastJobs
from sim.explorer.jobs import Queue, Stopped, Tick
from sim.explorer.observations_view import Extent
from sim.explorer.page_requests import Desk
from sim.explorer.run_cache import Lab
from sim.explorer.session import Session, Shown
from sim.plots.style import closed
from sim.reading.errors import InputError
from sim.reading.files import parse_yaml
from sim.scenario import loading
from sim.scenario.layers import Reasons, flatten
from sim.scenario.references import edge_ends
from sim.scenario.scenario import Scenario
from sim.words import label
from tests import worlds
from tests.explorer.few_runs import answer_from_few_runs

LEVERS = """\
levers:
  votes:
    name: Votes <b>at home</b>
    held_by: [alba, borea]
    group: at home
    assumption: made up, <script>alert(1)</script> all vote at once
    steps:
      - label: at once
        change: {actors.alba.ratification.weeks: 0, actors.borea.ratification.weeks: 0}
  backing:
    name: American backstop
    held_by: [usa]
    group: backstop
    assumption: made up, the promise is kept more or less often
    steps:
      - {label: less often, change: {actors.usa.backstop.honoured: {low: 10%, high: 30%}}}
      - {label: as before, change: {actors.usa.backstop.honoured: 60%}}
  word:
    name: The American word
    held_by: [usa]
    group: backstop
    assumption: made up, the promise is never kept
    steps:
      - {label: never, change: {actors.usa.backstop.honoured: 0%}}
"""


def toy() -> Scenario:
    document = parse_yaml(worlds.TINY + LEVERS, "toy.yaml")
    return Scenario("toy", flatten(document, document.data, (), (), Reasons()))


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(toy())


def no_tick(_: int = 0) -> None:
    """Never stop."""


# --- what a page has asked ---


def test_a_fresh_page_shows_the_scenario_as_loaded(session: Session) -> None:
    assert session.now.hash == session.scenario.hash
    assert session.before is None
    assert session.sentence() == "You changed nothing"


def test_moving_two_levers_is_two_changes(session: Session) -> None:
    session.move("votes", 1)
    session.move("backing", 2)
    assert session.sentence() == "You changed 2 things"
    assert session.changed() == ["Votes <b>at home</b>: at once", "American backstop: as before"]
    assert session.now.name == "toy, 2 changes"


def test_undo_takes_back_the_last_change_alone(session: Session) -> None:
    session.move("votes", 1)
    session.move("backing", 1)
    session.undo()
    assert session.moved == {"votes": 1}
    assert session.before is not None
    assert session.before.hash == session.scenario.hash


def test_reset_can_be_undone(session: Session) -> None:
    session.move("backing", 1)
    session.reset()
    assert session.moved == {}
    session.undo()
    assert session.moved == {"backing": 1}


def test_pages_hold_few_scenarios_however_often_they_are_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(controls, "MOST_SCENARIOS", 2)
    session = Session(Subject(toy()))
    session.move("votes", 1)
    first = ref(session.now)
    session.move("backing", 1)
    assert first() is not None
    session.move("backing", 2)
    gc.collect()
    assert first() is None
    session.undo()
    session.undo()
    assert session.now.name == "toy, 1 change"


def test_undoing_nothing_changes_nothing(session: Session) -> None:
    session.undo()
    assert not session.undoable


def test_moving_a_lever_to_where_it_stands_is_no_change(session: Session) -> None:
    session.move("votes", 1)
    session.move("votes", 1)
    session.undo()
    assert session.moved == {}


def test_two_levers_on_one_number_are_told_and_the_later_holds(session: Session) -> None:
    session.move("backing", 1)
    session.move("word", 1)
    assert session.now.leaves["actors.usa.backstop.honoured"].prior.numbers == (0.0,)
    (told,) = session.rivalry()
    assert told.endswith("actors.usa.backstop.honoured; the latter holds")


@pytest.mark.parametrize("lever", ["vote", "", None, 3, "../../etc/passwd", "actors.usa"])
def test_a_lever_that_is_none_is_refused(session: Session, lever: object) -> None:
    with pytest.raises(ValueError, match="is not a lever; "):
        session.move(lever, 1)
    assert session.moved == {}


@pytest.mark.parametrize("step", [-1, 2, True, "1", None, 1.0])
def test_a_step_that_is_none_is_refused(session: Session, step: object) -> None:
    with pytest.raises(ValueError, match="lever votes has steps 0 to 1, got"):
        session.move("votes", step)


def test_a_step_that_does_not_fit_is_refused_with_its_reason() -> None:
    lame = toy().change({"actors.borea": None}, name="lame")
    session = Session(Subject(lame))
    with pytest.raises(ValueError, match="at once does not fit lame"):
        session.move("votes", 1)


def test_more_runs_than_a_page_may_ask_for_are_capped_and_said(session: Session) -> None:
    assert "capped at 40,000" in session.refine(10**9)
    assert session.runs == 40_000
    assert "At least" in session.refine(-5)
    assert session.runs == run_cache.FIRST
    assert session.refine(10_000) == ""


@pytest.mark.parametrize("runs", ["many", None, True, 2.5])
def test_a_number_of_runs_that_is_none_is_refused(session: Session, runs: object) -> None:
    with pytest.raises(ValueError, match="expected a number of runs"):
        session.refine(runs)


def test_actors_tabs_and_runs_are_checked(session: Session) -> None:
    for ask, wrong in ((session.choose, "nobody"), (session.look, "admin"), (session.replay, -1)):
        with pytest.raises(ValueError, match=r"allowed|numbered"):
            ask(wrong)


def test_the_baseline_stands_beside_a_scenario_of_its_world_and_nothing_beside_another() -> None:
    assert Subject(loading.load("us_article5")).reference.name == "baseline"
    other = toy()
    assert Subject(other).reference is other


# --- levers as controls ---


def test_a_step_within_the_range_of_the_config_is_told_from_one_beyond(shipped: Subject) -> None:
    cap, word = shipped.options["us_cap"], shipped.options["us_word"]
    assert cap[0].within
    assert not word[1].within
    assert [(effect.path, effect.within) for effect in word[0].effects][1] == ("actors.uk.credence", True)


def test_a_demand_dropped_lies_beyond_the_documents(shipped: Subject) -> None:
    (option,) = shipped.options["german_consent"]
    assert option.effects[0].after == "none"
    assert not option.within


def test_a_range_is_drawn_on_the_scale_of_what_is_allowed(shipped: Subject) -> None:
    bar = levers_view.bar(shipped.scenario, shipped.options["us_sanctions"][0].effects[0])
    assert bar is not None
    assert bar.was == pytest.approx((5, 35))
    assert bar.becomes == pytest.approx((30, 40))


def test_levers_are_grouped_by_who_holds_them(shipped: Subject) -> None:
    shown = levers_view.board(Session(shipped))
    assert shown.index("United Kingdom and France") > shown.index("American price of better ties")
    assert shown.count("<fieldset") == len(shipped.scenario.parts.levers)


def test_markup_in_a_config_shows_as_text(session: Session) -> None:
    session.move("votes", 1)
    shown = levers_view.board(session)
    assert "<b>" not in shown
    assert "<script" not in shown
    assert "Votes &lt;b&gt;at home&lt;/b&gt;" in shown


def test_every_control_has_a_label_and_every_group_a_legend(shipped: Subject) -> None:
    shown = levers_view.board(Session(shipped))
    assert shown.count('<label class="option') == shown.count('type="radio"')
    assert shown.count("<legend>") == shown.count("<fieldset")


# --- one queue ---


def work(queue: Queue, *jobs: tuple[int, str, int, Callable[[Tick], None]]) -> list[Exception]:
    failed: list[Exception] = []
    for owner, kind, rank, what in jobs:
        queue.put(owner, kind, rank, what, failed.append)
    assert queue.wait(600)
    return failed


def held(queue: Queue) -> Callable[[], None]:
    """Keep the queue busy until what is returned is called."""
    free, begun = Event(), Event()
    queue.put(99, "hold", -1, lambda _: (begun.set(), free.wait(600), None)[-1], lambda _: None)
    assert begun.wait(600)
    return free.set


def test_the_newest_request_of_a_page_wins() -> None:
    queue, done = Queue(), list[str]()
    free = held(queue)
    for word in ("old", "newer", "newest"):
        queue.put(1, "answer", 0, lambda _, word=word: done.append(word), lambda _: None)  # type: ignore[misc]
    free()
    assert queue.wait(600)
    assert done == ["newest"]


def test_a_job_under_way_stops_when_its_page_asks_anew() -> None:
    queue, done, begun = Queue(), list[str](), Event()

    def long(tick: Tick) -> None:
        begun.set()
        for _ in range(2_000):
            tick(1)
            time.sleep(0.005)
        done.append("old")

    queue.put(1, "answer", 0, long, lambda _: None)
    assert begun.wait(600)
    work(queue, (1, "answer", 0, lambda _: done.append("new")))
    assert done == ["new"]


def test_what_a_job_goes_on_with_never_takes_the_place_of_a_newer_request() -> None:
    queue, done, begun, asked = Queue(), list[str](), Event(), Event()

    def first(_: Tick) -> None:
        begun.set()
        assert asked.wait(600)
        queue.follow(1, "observe", 4, lambda _: done.append("more of the old"), lambda _: None)

    queue.put(1, "observe", 0, first, lambda _: None)
    assert begun.wait(600)
    queue.put(1, "observe", 0, lambda _: done.append("new"), lambda _: None)
    asked.set()
    assert queue.wait(600)
    assert done == ["new"]


def test_a_job_goes_on_with_the_next_of_its_kind() -> None:
    queue, done = Queue(), list[str]()

    def first(_: Tick) -> None:
        done.append("first")
        queue.follow(1, "observe", 4, lambda _: done.append("more"), lambda _: None)

    work(queue, (1, "observe", 0, first))
    assert queue.wait(600)
    assert done == ["first", "more"]


def test_the_more_urgent_goes_first_and_what_made_way_is_taken_up_again() -> None:
    queue, done, begun = Queue(), list[str](), Event()

    def refine(tick: Tick) -> None:
        begun.set()
        for _ in range(20 if "answer" in done else 2_000):
            tick(1)
            time.sleep(0.005)
        done.append("refined")

    queue.put(1, "refine", 4, refine, lambda _: None)
    assert begun.wait(600)
    work(queue, (2, "answer", 0, lambda _: done.append("answer")))
    assert done == ["answer", "refined"]


def test_pages_take_turns() -> None:
    queue, done = Queue(), list[int]()
    free = held(queue)
    for owner in (1, 1, 2):
        queue.put(
            owner, f"{len(done)}{owner}{time.perf_counter()}", 0, lambda _, o=owner: done.append(o), lambda _: None
        )  # type: ignore[misc]
    free()
    assert queue.wait(600)
    assert done == [1, 2, 1]


def test_a_job_that_fails_is_told_and_the_queue_goes_on() -> None:
    queue, done = Queue(), list[str]()

    def fails(_: Tick) -> None:
        raise ZeroDivisionError("no")

    failed = work(queue, (1, "a", 0, fails), (2, "a", 0, lambda _: done.append("on")))
    assert [type(error) for error in failed] == [ZeroDivisionError]
    assert done == ["on"]


def test_nothing_is_worked_out_for_a_page_that_is_closed() -> None:
    queue, done = Queue(), list[str]()
    free = held(queue)
    queue.put(1, "answer", 0, lambda _: done.append("late"), lambda _: None)
    queue.forget(1)
    free()
    assert queue.wait(600)
    assert done == []


class Clock:
    """A clock that stands until a job moves it on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def flood(queue: Queue, clock: Clock, owner: int, times: int, done: list[int], seconds: float = 0.25) -> bool:
    """Ask for urgent jobs one after the other; return whether all were worked off without the clock moving besides."""

    def job(_: Tick) -> None:
        clock.now += seconds
        done.append(owner)

    for _ in range(times):
        queue.put(owner, "answer", jobs.URGENT, job, lambda _: None)
        if not queue.wait(0.2):
            return False
    return True


def test_a_page_that_floods_gets_its_share_of_urgent_jobs_and_the_others_go_first() -> None:
    clock, done = Clock(), list[int]()
    queue = Queue(clock)
    assert flood(queue, clock, 2, 1, done)
    assert not flood(queue, clock, 1, 100, done)
    # Two pages share the time: half of it, and what a quiet page may take at once.
    assert 0.25 * done.count(1) <= inbox.AT_ONCE + 0.5 * (clock.now - 100.0)
    assert 0.25 * done.count(1) >= inbox.AT_ONCE
    assert not queue.crowded(jobs.URGENT)
    before = len(done)
    queue.put(2, "answer", jobs.URGENT, lambda _: done.append(2), lambda _: None)
    queue.put(3, "fuller", jobs.URGENT + 1, lambda tick: (tick(1), done.append(3))[-1], lambda _: None)
    assert not queue.wait(0.2)
    assert done[before:] == [2, 3]
    clock.now += 10.0
    queue.put(3, "fuller", jobs.URGENT + 1, lambda _: done.append(3), lambda _: None)
    assert queue.wait(600)
    assert done[before + 2 :] == [1, 3]


def test_a_page_alone_waits_for_nobody() -> None:
    clock, done = Clock(), list[int]()
    queue = Queue(clock)
    assert flood(queue, clock, 1, 40, done)
    assert len(done) == 40


def test_what_takes_long_counts_as_a_second_of_a_page() -> None:
    clock, done = Clock(), list[int]()
    queue = Queue(clock)
    assert flood(queue, clock, 2, 1, done)
    assert flood(queue, clock, 1, 1, done, seconds=20.0)
    assert flood(queue, clock, 1, 1, done)


# --- what is worked out ---


def test_ensembles_are_worked_out_once_and_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    here, world = Lab(), worlds.tiny()
    first = here.ensemble(world, 100, no_tick)
    assert here.ensemble(world, 100, no_tick) is first
    tables = (first.runs, first.actors)
    monkeypatch.setattr(run_cache, "MOST_FIRST", sum(table.memory_usage(deep=True).sum() for table in tables))
    here.ensemble(world, 101, no_tick)
    assert here.ensemble(world, 100, no_tick) is not first


def test_inputs_are_worked_out_for_those_who_ask_and_kept_of_no_ensemble() -> None:
    here, world = Lab(), worlds.tiny()
    assert len(here.with_inputs(world, no_tick).inputs) == run_cache.FIRST
    with pytest.raises(ValueError, match="inputs were not kept"):
        _ = here.ensemble(world, run_cache.FIRST, no_tick).inputs


def test_a_large_ensemble_drives_out_no_first_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    here, world = Lab(), worlds.tiny()
    first = here.ensemble(world, run_cache.FIRST, no_tick)
    monkeypatch.setattr(run_cache, "MOST_KEPT", sum(here._bytes.values()))
    larger = here.ensemble(world, run_cache.FIRST + 512, no_tick)
    assert here.ensemble(world, run_cache.FIRST, no_tick) is first
    here.ensemble(world, run_cache.FIRST + 1024, no_tick)
    assert here.ensemble(world, run_cache.FIRST + 512, no_tick) is not larger
    assert here.ensemble(world, run_cache.FIRST, no_tick) is first


def test_a_batch_under_way_is_stopped_by_its_tick() -> None:
    ticks: list[int] = []

    def twice(_: int = 0) -> None:
        ticks.append(1)
        if len(ticks) > 2:
            raise Stopped

    with pytest.raises(Stopped):
        Lab().ensemble(worlds.tiny(), 10_000, twice)


def test_answers_come_from_2000_runs_at_once_and_are_refined_up_to_what_is_asked() -> None:
    assert run_cache.steps(worlds.tiny(), 40_000) == (2_000, 10_000, 40_000)
    assert run_cache.steps(worlds.tiny(), 12_000) == (2_000, 10_000, 12_000)
    assert run_cache.steps(worlds.tiny(), 2_000) == (2_000,)
    assert run_cache.steps(worlds.tiny(), 12_000, hasty=True) == (512, 2_000, 10_000, 12_000)


# --- what is shown ---


def test_as_many_dots_are_filled_as_runs_of_100_had_it() -> None:
    shown = forecast_view.dots(0.37, {"p10": 0.1, "p90": 0.5})
    assert sum(dot.filled for dot in shown) == 37
    assert [at for at, dot in enumerate(shown) if dot.unsure] == list(range(10, 50))


def side(scenario: Scenario, runs: int = 300) -> forecast_view.Side:
    return forecast_view.Side(scenario.name, sim.run(scenario, runs), None, None)


def test_the_forecast_says_the_sentence_and_old_against_new(session: Session) -> None:
    session.move("word", 1)
    now, old = side(session.now), side(session.scenario)
    shown = forecast_view.forecast(now, old, old)
    assert "On information to 3 March 2025" in shown
    assert shown.count("<caption>Old against new, against") == 1
    assert "Under toy, 1 change rather than toy" in shown
    assert shown.count("<circle") == 200


def test_an_event_asked_about_gets_a_row_and_the_sentence(session: Session) -> None:
    text = "ceasefire and not truce_broke"
    session.inquire(f" {text} ")
    session.move("word", 1)
    now, old = (each._replace(of=session.of) for each in (side(session.now), side(session.scenario)))
    shown = forecast_view.forecast(now, old, None)
    assert f'<th scope="row">{now.words[text]}</th>' in shown
    assert now.words[text] == "a ceasefire and no truce that broke"
    assert "a ceasefire and no truce that broke" in shown.partition("<caption>Old against new")[0]
    session.inquire("")
    assert session.of == "european"


def test_a_wrong_event_is_refused_and_changes_nothing(session: Session) -> None:
    with pytest.raises(InputError, match="event:1:15: 'trops' is no name; did you mean 'troops'"):
        session.inquire("european and (trops > 5)")
    assert session.of == "european"
    with pytest.raises(InputError, match="at most 2,000 characters"):
        session.inquire("x" * 3_000)


def test_the_difference_told_is_the_paired_one(session: Session) -> None:
    from sim.analysis.compare import differences

    session.move("word", 1)
    now, old = side(session.now), side(session.scenario)
    row = differences(old.runs, now.runs).table.loc["ceasefire"]
    assert (
        f"{row['difference'] * 100:+.1f} ({row['low'] * 100:+.1f} to {row['high'] * 100:+.1f})"
        in forecast_view.forecast(now, old, None)
    )


@pytest.mark.parametrize("name", forecast_view.FIGURES)
def test_every_figure_of_the_forecast_has_words_and_numbers(name: str) -> None:
    drawn = forecast_view.figure(name, sim.run(worlds.tiny(), 300))
    assert 'alt="' in drawn.html
    assert "<table>" in drawn.html
    assert "The same in numbers" in drawn.html


def test_the_card_of_an_actor_tells_claims_for_and_against(shipped: Subject) -> None:
    shown = actor_view.card(shipped.scenario, "germany")
    assert "What it demands" in shown
    assert "000.scholz.premature" in shown
    assert "Claims: against" in shown
    assert "Whom it leans on" in shown


@pytest.mark.parametrize("name", sorted(worlds.baseline().parts.actors))
def test_every_number_of_an_actor_is_on_its_card(name: str, shipped: Subject) -> None:
    shown = actor_view.card(shipped.scenario, name)
    own = [path for path in shipped.scenario.leaves if path.startswith(f"actors.{name}.")]
    assert [path for path in own if path not in shown] == []


def test_the_network_draws_every_edge_and_names_every_actor(shipped: Subject) -> None:
    shown = network_view.picture(shipped.scenario, "germany", Shown(weak=True))
    for key in shipped.scenario.parts.network:
        source, target, channel = edge_ends(key)
        names = [shipped.scenario.parts.actors[each].name for each in (source, target)]
        assert f"{names[0]} to {names[1]}: {label(channel)}" in shown
    assert shown.count('data-do="actor"') >= len(shipped.scenario.parts.actors)
    assert 'aria-pressed="true">Germany' in shown


def test_the_network_says_in_picture_legend_and_table_which_edges_have_a_document_behind_them(shipped: Subject) -> None:
    bare = shipped.scenario.change({"network.turkey->russia/persuasion": {"strength": 0.3, "willingness": 0.6}})
    shown = network_view.picture(bare, "", Shown(weak=True))
    assert 'class="edge influence none"' in shown and 'class="edge gate value"' in shown
    assert shown.count("no document behind it") == 4  # in either drawing, the legend and the table


def test_the_weeks_of_a_run_say_who_stands_where() -> None:
    from sim.story.replay import replay

    found = replay(worlds.tiny(), 1, 3)
    shown = network_view.weeks(worlds.tiny(), found, 3)
    (data,) = [line for line in shown.splitlines() if "data-weeks" in line]
    weeks = yaml.safe_load(html.Markup(data.split('data-weeks="')[1].rpartition('"')[0]).unescape())
    assert len(weeks) == 16
    last = found.stages[found.stages["week"] == 16].set_index("actor")["stage"]
    assert {name: ("opposed", "hesitant", "open", "pledged")[at] for name, at in weeks[-1]["stages"].items()} == dict(
        last
    )


def test_a_story_keeps_every_word_and_joins_wrapped_lines() -> None:
    from sim.story import tell

    text = tell(worlds.baseline(), 1, 5)
    blocks = story_view.paragraphs(text)
    assert " ".join(" ".join(block) for block in blocks).split() == text.split()
    assert all(line.endswith((".", ":", "?")) for block in blocks if block[0].startswith("week") for line in block)


# --- what is handed on ---


def loaded(file: File, folder: Path) -> Scenario:
    (folder / file.name).write_bytes(file.content)
    return loading.load(folder / file.name)


@pytest.mark.parametrize("lever", worlds.baseline().parts.levers)
def test_every_step_is_exported_as_a_scenario_that_says_the_same(lever: str, shipped: Subject, tmp_path: Path) -> None:
    for option in shipped.options[lever]:
        session = Session(shipped)
        session.move(lever, option.step)
        assert loaded(export.scenario(session), tmp_path).hash == session.now.hash


def test_an_exported_scenario_keeps_its_reasons(shipped: Subject, tmp_path: Path) -> None:
    session = Session(shipped)
    session.move("german_energy", 1)
    session.move("us_word", 2)
    session.move("mission_menu", 1)
    again = loaded(export.scenario(session), tmp_path)
    assert again.hash == session.now.hash
    why = again.leaves["network.germany->russia/energy_sanctions.willingness"].reasons
    assert "000.havlicek.economic_pressure" in why.see
    assert why.assumption is not None and "Berlin's readiness is drawn around a half" in why.assumption
    untouched = again.leaves["actors.germany.governments.outgoing.stance"].reasons
    assert untouched.because == session.scenario.leaves["actors.germany.governments.outgoing.stance"].reasons.because


def test_a_scenario_of_ones_own_is_exported_whole(session: Session, tmp_path: Path) -> None:
    session.move("word", 1)
    again = loaded(export.scenario(session), tmp_path)
    assert again.hash == session.now.hash
    assert "extends" not in yaml.safe_load(export.scenario(session).content)


def test_what_was_not_changed_is_exported_as_what_it_is(shipped: Subject, tmp_path: Path) -> None:
    assert loaded(export.scenario(Session(shipped)), tmp_path).hash == shipped.scenario.hash


def test_rows_come_as_csv_and_parquet(tmp_path: Path) -> None:
    found = sim.run(worlds.tiny(), 50)
    for kind, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        file = export.rows(found, kind, worlds.tiny())
        (tmp_path / file.name).write_bytes(file.content)
        table = read(tmp_path / file.name)
        assert table["outcome"].tolist() == found.runs["outcome"].tolist()


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_figures_come_as_svg_and_png(kind: str, begins: bytes) -> None:
    drawn = closed(sim.run(worlds.tiny(), 50).plot.outcomes())
    assert export.figure("outcomes", drawn, kind, worlds.tiny()).content.startswith(begins)


# --- one open page ---


class Seen(SimpleNamespace):
    """What a page was shown and given."""

    regions: dict[str, str]
    files: list[File]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer from few runs."""
    answer_from_few_runs(monkeypatch, (Extent(300, False, True, ""), Extent(600, True, False, "")))


@pytest.fixture
def opened(small: None, subject: Subject) -> Iterator[tuple[Desk, Queue, Seen]]:
    queue, seen = Queue(), Seen(regions={}, files=[])
    page = Desk(subject, Lab(), queue, seen.regions.__setitem__, seen.files.append)
    assert queue.wait(600)
    yield page, queue, seen
    page.close()


Opened = tuple[Desk, Queue, Seen]


def test_a_page_answers_refines_and_draws(opened: Opened) -> None:
    _, _, seen = opened
    assert "Answer from 600 runs." in seen.regions["status"]
    assert "range over defensible inputs" in seen.regions["forecast"]
    assert "not computed" not in seen.regions["forecast"]
    assert seen.regions["figures"].count("<figure>") == len(forecast_view.FIGURES)


def test_the_status_counts_the_runs_of_the_headline_while_figures_are_drawn(
    small: None, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, regions, drawn = Queue(), dict[str, str](), list[tuple[int, str, str]]()
    draw = ForecastJobs._draw

    def drawing(jobs: ForecastJobs, snapshot: Any, runs: int, tick: Any) -> str:
        drawn.append((runs, regions["headline"], regions["status"]))
        return draw(jobs, snapshot, runs, tick)

    monkeypatch.setattr(ForecastJobs, "_draw", drawing)
    page = Desk(subject, Lab(), queue, regions.__setitem__, lambda _: None)
    assert queue.wait(600)
    page.close()
    assert [runs for runs, _, _ in drawn] == [300, 600]
    for runs, headline, status in drawn:
        assert f"{runs} runs" in headline and f"Answer from {runs} runs; " in status
    assert "Answer from 600 runs." in regions["status"]


@pytest.mark.slow
def test_moving_a_lever_changes_the_answer_and_undo_brings_it_back(opened: Opened) -> None:
    page, queue, seen = opened
    before = seen.regions["forecast"]
    page.receive({"do": "move", "lever": "word", "step": "1"})
    assert "You changed 1 thing" in seen.regions["board"]
    assert queue.wait(600)
    assert "Old against new" in seen.regions["forecast"]
    page.receive({"do": "undo"})
    assert queue.wait(600)
    assert seen.regions["forecast"] == before


@pytest.mark.slow
def test_every_tab_is_served_for_the_scenario_as_it_stands(opened: Opened) -> None:
    page, queue, seen = opened
    page.receive({"do": "move", "lever": "word", "step": "1"})
    for tab in ("network", "why", "story"):
        page.receive({"do": "look", "tab": tab})
        assert queue.wait(600)
    assert "toy, 1 change" in seen.regions["why"]
    assert seen.regions["why"].count("<figure>") == 3
    assert "of toy, 1 change" in seen.regions["story"]
    page.receive({"do": "actor", "actor": "usa"})
    assert queue.wait(600)
    assert "Broker" in seen.regions["actor"]


@pytest.mark.slow
def test_the_next_typical_and_surprising_runs_are_told_one_after_another(opened: Opened) -> None:
    page, queue, seen = opened
    page.receive({"do": "look", "tab": "story"})
    told = []
    outcome = max(Lab().ensemble(page.session.now, 300, no_tick).outcomes().items(), key=lambda item: item[1])[0]
    for ask in ({"do": "typical", "outcome": outcome}, {"do": "typical", "outcome": outcome}, {"do": "surprising"}):
        page.receive(ask)
        assert queue.wait(600)
        told.append(seen.regions["story"])
    assert len(set(told)) == 3
    assert "number 2 of" in told[1]
    assert "Surprising: number 1" in told[2]


@pytest.mark.slow
def test_rival_rules_are_worked_out_when_asked_for(opened: Opened) -> None:
    page, queue, seen = opened
    assert "rival rules:" not in seen.regions["forecast"]
    page.receive({"do": "rivals"})
    assert queue.wait(600)
    assert "rival rules:" in seen.regions["forecast"]


def test_files_are_given_when_asked_for(opened: Opened) -> None:
    page, queue, seen = opened
    for ask in (
        {"what": "scenario"},
        {"what": "rows", "kind": "csv"},
        {"what": "outcomes", "kind": "png"},
        {"what": "network", "kind": "svg"},
    ):
        page.receive({"do": "export", **ask})
        assert queue.wait(600)
    assert [file.name.rpartition(".")[2] for file in seen.files] == ["yaml", "csv", "png", "svg"]
    assert len(seen.files[1].content.splitlines()) == 601


REFUSED: list[Any] = [
    None,
    "move",
    [],
    {},
    {"do": "close"},
    {"do": "_restart"},
    {"do": ["move"]},
    {"do": "move"},
    {"do": "move", "lever": "votes", "step": "99999999999999999999999"},
    {"do": "move", "lever": {"a": 1}, "step": 1},
    {"do": "move", "lever": "x" * 5000, "step": 1},
    {"do": "actor", "actor": "<script>alert(1)</script>"},
    {"do": "run", "run": "-1"},
    {"do": "run", "run": "1e9"},
    {"do": "typical", "outcome": "../../etc/passwd"},
    {"do": "export", "what": "/etc/passwd", "kind": "svg"},
    {"do": "export", "what": "rows", "kind": "../../etc/passwd"},
    {"do": "runs", "runs": ""},
    {str(key): "x" for key in range(50)},
]


def test_what_a_page_may_not_ask_is_told_in_a_line_and_changes_nothing(opened: Opened) -> None:
    page, queue, seen = opened
    answer = seen.regions["forecast"]
    for said in REFUSED:
        seen.regions["status"] = "Answer from"
        page.receive(said)
        assert queue.wait(600)
        assert "Answer from" not in seen.regions["status"], said
        assert "<script" not in seen.regions["status"]
    assert seen.regions["forecast"] == answer
    assert seen.files == []


@pytest.mark.thorough
def test_ten_pages_at_once_stay_apart_and_all_are_answered(small: None, subject: Subject) -> None:
    queue, shared = Queue(), Lab()
    seen = [Seen(regions={}, files=[]) for _ in range(10)]
    pages = [Desk(subject, shared, queue, each.regions.__setitem__, each.files.append) for each in seen]
    free = held(queue)
    for at, page in enumerate(pages):
        page.receive({"do": "move", "lever": "backing" if at % 2 else "votes", "step": 1})  # none waits for an answer
    free()
    assert queue.wait(600)
    for at, each in enumerate(seen):
        mine, other = ("American backstop: less often", "at once") if at % 2 else (": at once", "backstop: less often")
        assert mine in each.regions["board"].partition("<details")[0]
        assert other not in each.regions["board"].partition("<details")[0]
        assert "Old against new" in each.regions["forecast"]


def test_where_others_wait_a_page_is_answered_from_few_runs_at_first_and_then_from_more(
    small: None, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in (run_cache, forecast_jobs):
        monkeypatch.setattr(where, "HASTY", 100)
    queue, shared, order = Queue(), Lab(), list[tuple[int, str]]()

    def show(page: int) -> Callable[[str, str], None]:
        def note(region: str, html: str) -> None:
            if region == "forecast":
                order.append((page, html.partition(" runs</span>")[0].rpartition(">")[2]))

        return note

    free = held(queue)
    pages = [Desk(subject, shared, queue, show(at), lambda _: None) for at in range(2)]
    for at, page in enumerate(pages):
        page.receive({"do": "move", "lever": "backing" if at else "votes", "step": 1})
    free()
    assert queue.wait(600)
    assert order[0] == (0, "100")  # page 1 waits
    assert order[1] == (1, "300")  # nobody else waits any more
    assert [runs for page, runs in order if page == 0][1:] == [runs for page, runs in order if page == 1]


def test_a_page_closed_while_its_answer_is_under_way_is_let_go_of(small: None, subject: Subject) -> None:
    queue, seen, pages = Queue(), list[str](), list[Desk]()
    free = held(queue)

    def show(region: str, _: str) -> None:
        seen.append(region)
        if region == "forecast":
            pages.pop().close()

    pages.append(Desk(subject, Lab(), queue, show, lambda _: None))
    left = ref(pages[0])
    free()
    assert queue.wait(600)
    gc.collect()
    assert "forecast" in seen
    assert "figures" not in seen
    assert left() is None


def test_an_unknown_scenario_is_refused_before_anything_is_shown() -> None:
    import sim

    with pytest.raises(InputError, match="no scenario of this name"):
        sim.explore("baselin")


def test_where_no_dot_lies_in_the_range_over_inputs_the_page_says_so() -> None:
    narrow, wide = {"p10": 0.0, "p90": 0.004}, {"p10": 0.05, "p90": 0.4}
    assert not any(dot.unsure for dot in forecast_view.dots(0.016, narrow))
    assert forecast_view._ringed(narrow) == "; none is ringed: under 1%, the range over inputs"
    assert forecast_view._ringed(wide) == "; ringed: 5 to 40%, the range over inputs"
    assert forecast_view._ringed(None) == ""


@pytest.mark.usefixtures("removed_folder")
def test_a_page_in_a_current_folder_that_was_removed_is_refused_in_words() -> None:
    with pytest.raises(FileNotFoundError, match="the current folder was removed"):
        sim.explore()
