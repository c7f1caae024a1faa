"""The state of a page: numbers edited, changes made again, states kept, addresses, observations, and its end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from sim.ensemble.update_result import Update
from sim.explorer import (
    actor_view,
    changes,
    export,
    network_layout,
    network_view,
    observations_view,
)
from sim.explorer import session as state
from sim.explorer.controls import Subject
from sim.explorer.export import File
from sim.explorer.jobs import Queue
from sim.explorer.page_requests import Desk
from sim.explorer.run_cache import Lab
from sim.explorer.session import Session, Shown
from sim.reading.errors import InputError
from sim.scenario import loading
from sim.scenario.observations import Observation, load_observations
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from sim.world.network import leverage
from tests import worlds
from tests.explorer.few_runs import answer_from_few_runs

PATH = "actors.alba.capacity_troops"
SEEN = """\
- {week: 2025-03-10, actor: alba, stage: at least open, reliability: 90%, source: a paper}
- {week: 2025-03-17, ceasefire: none}
"""


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(worlds.tiny())


# --- numbers ---


@pytest.mark.parametrize("actor", ["poland", "russia"])
def test_every_number_of_an_actor_can_be_edited(actor: str, shipped: Subject) -> None:
    card = actor_view.card(shipped.scenario, actor)
    mine = [path for path in shipped.scenario.leaves if path.startswith(f"actors.{actor}.")]
    assert mine
    for path in mine:
        assert f'data-do="edit" data-path="{path}"' in card


@pytest.mark.parametrize(
    ("fields", "prior"),
    [
        ({"low": "", "likely": "3000", "high": ""}, Prior("fixed", (3000.0,))),
        ({"low": "100", "likely": "", "high": "200"}, Prior("uniform", (100.0, 200.0))),
        ({"low": "100", "likely": "150", "high": "200"}, Prior("triangular", (100.0, 150.0, 200.0))),
    ],
)
def test_a_number_takes_the_values_that_it_is_given(session: Session, fields: dict[str, str], prior: Prior) -> None:
    session.edit(PATH, fields)
    edited = session.now.leaves[PATH].prior
    assert (edited.kind, edited.numbers) == (prior.kind, prior.numbers)
    assert session.sentence() == "You changed 1 thing"
    assert PATH in session.edited
    session.restore(PATH)
    assert session.now.hash == session.scenario.hash


def test_words_take_shares(session: Session) -> None:
    session.edit("actors.alba.stance", {"opposed": "10%", "hesitant": "20%", "open": "70%", "pledged": ""})
    assert session.now.leaves["actors.alba.stance"].prior.numbers == (0.1, 0.2, 0.7, 0.0)


def test_what_a_form_shows_sets_nothing(session: Session) -> None:
    for path, leaf in session.now.leaves.items():
        session.edit(path, changes.fields_of(leaf.prior))
    assert session.sentence() == "You changed nothing"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (PATH, {"low": "5", "likely": "", "high": ""}),
        (PATH, {"low": "9", "likely": "", "high": "5"}),
        (PATH, {"likely": "-5"}),
        (PATH, {"likely": "many"}),
        (PATH, {"likely": "{low: 1}"}),
        (PATH, {"middle": "5"}),
        ("actors.alba.stance", {"open": "70%", "opposed": "70%"}),
        ("actors.alba.nothing", {"likely": "1"}),
        (None, {"likely": "1"}),
    ],
)
def test_a_number_that_is_none_is_refused_and_changes_nothing(
    session: Session, path: object, fields: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        session.edit(path, fields)
    assert session.sentence() == "You changed nothing"
    assert not session.undoable


def test_an_edited_number_is_exported_so_that_it_loads_the_same(shipped: Subject, tmp_path: Path) -> None:
    session = Session(shipped)
    session.move("us_backstop", 1)
    session.edit("actors.poland.stance", {"opposed": "10%", "hesitant": "20%", "open": "70%", "pledged": ""})
    session.edit("actors.poland.capacity_troops", {"low": "3000", "likely": "", "high": "5000"})
    file = export.scenario(session)
    (tmp_path / file.name).write_bytes(file.content)
    assert loading.load(tmp_path / file.name).hash == session.now.hash


def test_a_number_edited_and_moved_by_a_lever_is_said_and_ones_own_holds(shipped: Subject) -> None:
    session = Session(shipped)
    name, path = next(
        (name, each.path)
        for name, (first, *_) in shipped.options.items()
        for each in first.effects
        if each.path in shipped.scenario.leaves and each.becomes
    )
    session.move(name, 1)
    leaf = session.now.leaves[path]
    if leaf.prior.words:
        fields = {word: "100%" if at == 0 else "" for at, word in enumerate(leaf.prior.words)}
    else:
        fields = {"likely": f"{leaf.prior.low + 0.01 * (leaf.prior.high - leaf.prior.low):g}"}
    session.edit(path, fields)
    assert any("your own number holds" in line for line in session.rivalry())
    assert session.now.leaves[path].prior != leaf.prior


# --- redo, scenarios, states kept ---


def test_what_was_undone_can_be_made_again_until_something_else_is_changed(session: Session) -> None:
    session.edit(PATH, {"likely": "3000"})
    session.edit(PATH, {"likely": "4000"})
    session.undo()
    assert session.redoable
    assert session.edited == {PATH: "3000"}
    session.redo()
    assert session.edited == {PATH: "4000"}
    assert not session.redoable
    session.undo()
    session.edit(PATH, {"likely": "5000"})
    assert not session.redoable


def test_a_page_starts_from_any_shipped_scenario_and_back(session: Session) -> None:
    session.edit(PATH, {"likely": "3000"})
    session.start("us_backstop_air")
    assert session.now.hash == loading.load("us_backstop_air").hash
    assert session.sentence() == "You changed nothing"
    session.undo()
    assert session.edited == {PATH: "3000"}
    with pytest.raises(ValueError, match="did you mean 'us_backstop_air'"):
        session.start("us_backstop_ai")


def test_states_are_kept_gone_to_and_dropped(session: Session) -> None:
    session.edit(PATH, {"likely": "3000"})
    session.keep("  three   thousand ")
    session.reset()
    session.lay("three thousand", "")
    session.recall("three thousand")
    assert session.edited == {PATH: "3000"}
    session.drop("three thousand")
    assert session.kept == {} and session.sides is None
    for wrong in ("", " "):
        with pytest.raises(ValueError, match="a name"):
            session.keep(wrong)
    with pytest.raises(ValueError, match="two different"):
        session.lay("", "")


def test_only_so_many_states_are_kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "MOST_KEPT", 1)
    session.keep("one")
    session.keep("one")
    with pytest.raises(ValueError, match="drop one first"):
        session.keep("two")


# --- the address ---


def test_an_address_brings_another_page_to_the_same_state(shipped: Subject) -> None:
    one, other = Session(shipped), Session(shipped)
    one.move("us_backstop", 2)
    one.edit("network.us->poland/security_guarantee.strength", {"low": "10%", "high": "30%"})
    one.keep("50% & more | less")
    one.edit("actors.poland.stance", {"opposed": "10%", "hesitant": "20%", "open": "70%", "pledged": ""})
    one.inquire("european and troops >= 25000")
    one.observe("- {week: 2025-03-10, actor: uk, stage: at least pledged, source: 'a & b'}\n")
    one.choose("poland")
    one.look("why")
    one.refine(5_000)
    other.follow(f"#{one.address()}")
    assert other.now.hash == one.now.hash
    assert other.kept == one.kept
    for name in ("of", "tab", "actor", "runs", "seen_text", "seen"):
        assert getattr(other, name) == getattr(one, name), name
    assert other.address() == one.address()
    other.undo()
    assert other.sentence() == "You changed nothing"


def test_a_fresh_page_has_no_address_of_its_own(session: Session) -> None:
    assert session.address() == ""


@pytest.mark.parametrize(
    "address",
    [
        "lever.nothing=1",
        "lever.us_backstop=99",
        "lever.us_backstop=one",
        "set.actors.nobody.stance=open%3D100%25",
        "start=../../etc/passwd",
        "tab=nowhere",
        "actor=%3Cscript%3E",
        "seen=-+nothing",
        "runs=many",
        "nothing=1",
        "kept=a%7Clever.nothing%3D1",
        "&".join(f"lever.l{at}=1" for at in range(1000)),
    ],
)
def test_an_address_that_does_not_fit_is_refused_and_changes_nothing(shipped: Subject, address: str) -> None:
    session = Session(shipped)
    with pytest.raises(ValueError, match=r"."):
        session.follow(f"runs=5000&{address}")
    assert session.address() == ""
    assert not session.undoable


# --- the network ---


def test_the_network_can_be_narrowed_to_a_channel_and_to_one_actors_edges(shipped: Subject) -> None:
    whole = leverage(shipped.scenario)
    threats = network_view.narrowed(whole, "", Shown("escalation_threat"))
    assert set(threats["channel"]) == {"escalation_threat"}
    gates = network_view.narrowed(whole, "", Shown("gate"))
    assert set(gates["family"]) == {"gate"}
    poland = network_view.narrowed(whole, "poland", Shown(alone=True))
    assert 0 < len(poland) < len(whole)
    assert ((poland["source"] == "poland") | (poland["target"] == "poland")).all()
    assert len(network_view.narrowed(whole, "", Shown(alone=True))) == len(whole)


def test_few_lines_are_drawn_at_first_the_strongest_and_the_page_says_so(shipped: Subject) -> None:
    lines = network_view.bundled(leverage(shipped.scenario))
    assert lines["weight"].is_monotonic_decreasing
    assert sum(len(part) for part in lines["edges"]) == len(shipped.scenario.parts.network)
    few, whole = (network_view.picture(shipped.scenario, "", Shown(weak=weak)) for weak in (False, True))
    per_line = len(network_layout.SHEETS)
    assert few.count("marker-end") == per_line * network_view.STRONGEST
    assert f"the {network_view.STRONGEST} strongest of {len(lines)} lines" in few
    assert whole.count("marker-end") == per_line * len(lines)


def test_lines_of_a_bundle_share_their_way_and_part_at_its_end() -> None:
    sheet = network_layout.SHEETS[0]
    one, other = (network_layout._fanned((100.0, 40.0), (600.0, down), sheet, 0) for down in (100.0, 500.0))
    assert one.partition(" C")[0] == other.partition(" C")[0]
    assert one != other


# --- observations ---


def test_observations_are_read_as_the_command_reads_a_file(session: Session, tmp_path: Path) -> None:
    (tmp_path / "seen.yaml").write_text(SEEN, encoding="utf-8")
    session.observe(SEEN)
    shown = [each._replace(place=None) for each in session.seen]  # type: ignore[arg-type]
    of_file = [each._replace(place=None) for each in load_observations(tmp_path / "seen.yaml", session.now)]  # type: ignore[arg-type]
    assert shown == of_file


def test_faults_of_observations_are_shown_as_the_command_says_them(session: Session, tmp_path: Path) -> None:
    wrong = SEEN + "- {week: 2031-01-01, ceasefire: nonne}\n- {week: 2025-03-17, actor: atlantis, stage: open}\n"
    (tmp_path / "observations.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError) as of_file:
        load_observations(tmp_path / "observations.yaml", session.now)
    with pytest.raises(InputError) as of_page:
        session.observe(wrong)
    assert str(of_page.value) == str(of_file.value).replace(f"{tmp_path}/", "")
    assert session.seen == ()


@pytest.mark.parametrize("subject_word", list(observations_view.WORDS))
def test_everything_that_can_be_seen_can_be_given_by_form(session: Session, subject_word: str) -> None:
    values = observations_view._values(session.now, subject_word)
    row = {"subject": subject_word, "week": "2025-03-24", "reliability": "80%", "source": 'a "paper", page 3: x'}
    row |= {"value": values[0][0]} if values else {"value": "0.5", "sd": "0.2"}
    row |= {"actor": "alba"} if subject_word == "stage" else {}
    row |= {"gate": "truce"} if subject_word == "gate" else {}
    text = observations_view.appended(session, SEEN, row)
    assert text.startswith(SEEN)
    session.observe(text)
    mine = next(each for each in session.seen if each.source == 'a "paper", page 3: x')
    assert (mine.subject, mine.reliability) == (subject_word, 0.8)


def test_a_row_that_does_not_fit_is_refused(session: Session) -> None:
    for row in ({"subject": "weather"}, {"subject": "ceasefire", "value": "none"}, {"subject": "rung", "week": "x"}):
        with pytest.raises(ValueError, match=r"."):
            observations_view.appended(session, "", row)


def test_the_form_keeps_what_was_given_and_lists_the_faults(session: Session) -> None:
    row = {"subject": "rung", "relation": "at most", "value": "logistics", "week": "2030-01-01"}
    shown = observations_view.form(session, SEEN, "observations.yaml:1:3: <b>wrong</b>", row)
    assert "&lt;b&gt;wrong" in shown
    assert 'value="2030-01-01"' in shown
    assert 'aria-invalid="true"' in shown or "aria-invalid=true" in shown


# --- a page ---

Opened = tuple[Desk, Queue, dict[str, str], list[File]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, subject: Subject) -> Iterator[Opened]:
    few = observations_view.Extent(300, False, True, " Being refined ...")
    answer_from_few_runs(monkeypatch, (few, few._replace(runs=400, more="")))
    queue, regions, files = Queue(), dict[str, str](), list[File]()
    page = Desk(subject, Lab(), queue, regions.__setitem__, files.append)
    assert queue.wait(600)
    yield page, queue, regions, files
    page.close()


def test_figures_are_always_of_the_runs_of_the_table(
    monkeypatch: pytest.MonkeyPatch, subject: Subject, opened: Opened
) -> None:
    page, queue, regions, _ = opened
    assert "Figures of 600 runs" in regions["figures"]
    assert "600 runs" in regions["forecast"]
    pairs = list[tuple[str, str]]()

    def show(region: str, html: str) -> None:
        regions[region] = html
        if region == "forecast" and "Figures of" in regions.get("figures", ""):
            pairs.append((regions["figures"].partition("Figures of ")[2][:3], html.partition(" runs</span>")[0][-3:]))

    page._jobs._send = show
    regions["figures"] = ""
    page.receive({"do": "edit", "path": PATH, "likely": "3000"})
    assert queue.wait(600)
    assert pairs
    assert all(figures == table for figures, table in pairs)


def test_an_edit_changes_the_answer_the_board_and_the_address(opened: Opened) -> None:
    page, queue, regions, _ = opened
    page.receive({"do": "edit", "path": PATH, "low": "100", "likely": "", "high": "200"})
    assert queue.wait(600)
    assert "Lead: capacity troops: 100 to 200" in regions["board"]
    assert regions["address"] == f"set.{PATH}=100%2F200"
    assert "before the last change" in regions["headline"]
    page.receive({"do": "undo"})
    page.receive({"do": "redo"})
    assert queue.wait(600)
    assert "Lead: capacity troops: 100 to 200" in regions["board"]


def test_an_address_followed_turns_to_its_tab(opened: Opened) -> None:
    page, queue, regions, _ = opened
    page.receive({"do": "follow", "state": f"#set.{PATH}=3000&tab=network&actor=alba"})
    assert queue.wait(600)
    assert 'data-turn="network"' in regions["head"]
    assert "yours" in regions["actor"]
    page.receive({"do": "follow", "state": "#tab=nowhere"})
    assert queue.wait(600)
    assert "is not a tab" in regions["status"]


def test_why_answers_from_few_runs_first_and_then_from_more(opened: Opened) -> None:
    page, queue, regions, _ = opened
    shown = list[str]()

    def show(region: str, html: str) -> None:
        regions[region] = html
        if region == "why":
            shown.append(html)

    page._jobs._send = show
    page.receive({"do": "look", "tab": "why"})
    assert queue.wait(600)
    first = next(html for html in shown if "<figure>" in html)
    assert "From 50 runs, one requirement at a time. Being refined" in first
    assert "From 100 runs, sets of up to 2" in shown[-1]


def long_updates(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, list[int]]:
    """Make updates take a while; return what is set once one has begun, and the observations of those that ended."""
    begun, ended, update = Event(), list[int](), observations_view.living_forecast

    def counted(scenario: Scenario, seen: Sequence[Observation], *rest: Any, **options: Any) -> Update:
        begun.set()
        result = update(scenario, seen, *rest, **options)
        ended.append(len(seen))
        return result

    monkeypatch.setattr(observations_view, "living_forecast", counted)
    monkeypatch.setattr(observations_view, "LADDER", (observations_view.Extent(200_000, False, False, ""),))
    return begun, ended


def test_an_update_ends_at_once_when_it_is_stopped(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    page, queue, regions, _ = opened
    begun, ended = long_updates(monkeypatch)
    page.receive({"do": "stop"})
    assert "No update is under way" in regions["status"]
    page.receive({"do": "observe", "text": SEEN, "weeks": "4"})
    page.receive({"do": "look", "tab": "observations"})
    assert begun.wait(600)
    page.receive({"do": "stop"})
    assert queue.wait(600)
    assert ended == []
    assert "Stopped." in regions["news"] and "<figure>" not in regions["news"]


def test_a_newer_update_ends_the_one_under_way(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    page, queue, regions, _ = opened
    begun, ended = long_updates(monkeypatch)
    page.receive({"do": "look", "tab": "observations"})
    page.receive({"do": "observe", "text": SEEN, "weeks": "4"})
    assert begun.wait(600)
    monkeypatch.setattr(observations_view, "LADDER", (observations_view.Extent(400, False, False, ""),))
    page.receive({"do": "observe", "text": SEEN.splitlines()[0] + "\n", "weeks": "4"})
    assert queue.wait(600)
    assert ended == [1]
    assert "From 400 runs" in regions["news"]


def test_what_an_update_has_shown_stays_when_it_is_stopped_and_announces_no_more(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, queue, regions, _ = opened
    begun, ended = long_updates(monkeypatch)
    ladder = (
        observations_view.Extent(400, False, True, observations_view.REFINED),
        observations_view.Extent(200_000, False, True, ""),
    )
    monkeypatch.setattr(observations_view, "LADDER", ladder)
    page.receive({"do": "look", "tab": "observations"})
    begun.clear()
    page.receive({"do": "observe", "text": SEEN, "weeks": "4"})
    assert begun.wait(600)
    begun.clear()
    assert begun.wait(600)
    page.receive({"do": "stop"})
    assert queue.wait(600)
    assert ended == [2]
    assert "From 400 runs" in regions["news"] and "Stopped here." in regions["news"]
    assert "Being refined" not in regions["news"] + regions["ahead"]


@pytest.mark.slow
def test_the_forecast_moves_on_what_was_seen_step_by_step_and_says_what_to_watch(opened: Opened) -> None:
    page, queue, regions, files = opened
    page.receive({"do": "look", "tab": "observations"})
    assert queue.wait(600)
    assert "Nothing is observed yet" in regions["news"]
    assert "What to watch" in regions["ahead"]
    page.receive({"do": "observe", "text": SEEN, "weeks": "4"})
    assert queue.wait(600)
    news = regions["news"]
    assert "The chance of a European force as things were seen" in news and "What was learnt of the inputs" in news
    steps = news.partition("<caption>The chance of a European force as things were seen")[2]
    assert steps.index("before any") < steps.index("is open to going") < steps.index("no ceasefire holds")
    assert "From 400 runs" in news
    assert "<figure>" in regions["ahead"]
    page.receive({"do": "observe", "text": SEEN + "- {week: x}\n"})
    assert "observations.yaml:3:" in regions["seen"]
    assert queue.wait(600)
    assert regions["news"] == news
    page.receive({"do": "export", "what": "seen"})
    assert files[-1].content.decode() == SEEN
    page.receive(
        {
            "do": "add",
            "text": SEEN,
            "subject": "rung",
            "relation": "at most",
            "value": "logistics",
            "week": "2025-03-24",
        }
    )
    assert "- {week: 2025-03-24, rung: at most logistics}" in regions["seen"]


@pytest.mark.slow
def test_two_states_stand_side_by_side(opened: Opened) -> None:
    page, queue, regions, _ = opened
    page.receive({"do": "look", "tab": "compare"})
    page.receive({"do": "edit", "path": PATH, "likely": "3000"})
    page.receive({"do": "keep", "name": "three thousand"})
    page.receive({"do": "undo"})
    page.receive({"do": "lay", "one": "three thousand", "other": ""})
    assert queue.wait(600)
    assert regions["sides"].count('class="dots"') == 2
    assert "<figure>" in regions["sides"]
    assert "Lead: capacity troops: 3000" in regions["sides"]
    assert "kept=three+thousand" in regions["address"]


# --- the end ---


def test_a_queue_that_is_closed_puts_down_its_job_and_takes_no_more() -> None:
    queue, begun, done = Queue(), Event(), list[str]()

    def long(tick: object) -> None:
        begun.set()
        until = monotonic() + 60
        while monotonic() < until:
            tick(0)  # type: ignore[operator]
        done.append("long")

    queue.put(1, "long", 0, long, lambda _: None)
    assert begun.wait(60)
    queue.close()
    assert queue._thread is not None and not queue._thread.is_alive()
    queue.put(1, "more", 0, lambda _: done.append("more"), lambda _: None)
    assert done == []


@pytest.mark.slow
def test_a_page_made_in_a_script_that_ends_ends_cleanly() -> None:
    script = "import sys, time, sim\npage = sim.explore('baseline')\ntime.sleep(float(sys.argv[1]))\n"
    for wait in ("0", "1.2"):
        ended = subprocess.run([sys.executable, "-c", script, wait], capture_output=True, text=True, timeout=600)
        assert (ended.returncode, ended.stderr) == (0, "")
