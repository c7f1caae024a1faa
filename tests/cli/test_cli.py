"""Tests of the command line: what each command prints where, and how wrong input is told."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pandas as pd
import pytest
from typer.testing import Result

from sim import batch, evidence, model
from sim.analysis import nested
from sim.batch import engines, running
from sim.cli import common
from sim.ensemble import answer, open_ensemble
from sim.ensemble.answer import given_ceasefire
from sim.model import negotiation
from sim.reading.files import read_yaml, shipped_folder
from sim.scenario import differences, evidence_use, loading, question_card
from sim.scenario.json_schema import schema
from sim.scenario.scenario import Scenario
from sim.words import WORDS_OF_GATES
from tests.commands import refused, sim
from tests.worlds import write_tiny

FIRMNESS = "actors.germany.needs.russian_consent.firmness"
SUMMARY = (
    "scenario runs seed engine horizon_weeks groups outcomes ceasefire weekly apart contributors troops "
    "troops_at_horizon force_kind inputs_range theory_range"
)
MESA = ("--engine", "mesa", "--workers", "1")
COUNTS = tuple(evidence_use.KINDS)


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return loading.load("baseline")


@pytest.fixture
def known(baseline: Scenario, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Let commands take the baseline as read."""
    load = loading.load
    monkeypatch.setattr(loading, "load", lambda name: baseline if name == "baseline" else load(name))
    return baseline


def process(*words: str) -> "subprocess.Popen[str]":
    path = os.pathsep.join([str(Path(loading.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "sim", *words]
    environment = {**os.environ, "PYTHONPATH": path}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # who runs tests in the background ignores it
    )  # fmt: skip


def tiny(*words: str) -> Result:
    """Run the tiny world."""
    if not Path("tiny.yaml").exists():
        write_tiny(Path())
    return sim("run", "tiny.yaml", "--out", "x", *words)


def wait_for(file: Path, seconds: float = 150.0) -> None:
    until = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert file.exists()


def test_a_run_answers_first_and_tells_how_sure_it_is(known: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.analysis.movers.WORTH_TELLING", 12)
    result = sim("run", "baseline", "--runs", "12", "--nested", "3x4", "--theory", "6", *MESA)
    folder = Path("runs") / f"baseline-{known.hash}-seed1-mesa"
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    said = (answer.sentence, answer.strength, answer.kind, answer.noise, answer.inputs, answer.theory)
    assert lines[0] == "baseline: 12 runs, seed 1."
    assert lines[1:7] == [say(open_ensemble(folder)) for say in said]
    assert "range over defensible inputs: not computed" not in lines[1]
    assert "over rival rules" in lines[1] and "12 sets of rival rules" in lines[6] and "6 runs each" in lines[6]
    assert lines[-1].startswith("Words (ICD 203): remote below 5%")
    assert result.stderr == f"ensemble written to {folder}\n"
    assert "\x1b" not in result.output
    for title in ("Likelihood by horizon", "Outcomes", "Who joins", "Missing at the horizon", "Assumed numbers"):
        assert title in result.stdout
    for gate in WORDS_OF_GATES:
        assert known.names.gate(gate) in result.stdout


def test_tables_fit_into_80_columns(known: Scenario) -> None:
    lines = sim("run", "baseline", "--runs", "4", *MESA).stdout.splitlines()
    assert max(len(line) for line in lines[7:-1]) <= 80


def test_a_width_that_held_for_one_command_does_not_hold_for_the_next(
    known: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common._out, "_width", None)  # as in a process that began without COLUMNS
    widths = []
    for columns in ("130", "80"):
        monkeypatch.setenv("COLUMNS", columns)
        widths.append(max(map(len, sim("run", "baseline", "--runs", "4", *MESA).stdout.splitlines()[7:-1])))
    assert widths[0] > 80 >= widths[1]


def test_help_names_the_design_that_is_played() -> None:
    run, sure = (" ".join(sim(command, "--help").stdout.split()) for command in ("run", "sure"))
    assert f"default {nested.DRAWS}x{nested.LUCK}" in run
    assert f"Draws of the inputs, {nested.DRAWS:,} unless given" in sure
    assert f"Runs a draw, {nested.LUCK:,} unless given" in sure


def test_json_is_one_object_and_nothing_else(known: Scenario) -> None:
    result = sim("run", "baseline", "--runs", "8", *MESA, "--json", "--out", "there")
    said = json.loads(result.stdout)
    assert list(said) == SUMMARY.split()
    assert said == json.loads(json.dumps(open_ensemble("there").summary()))


def test_the_theory_width_is_kept_with_the_ensemble_and_left_out_on_request() -> None:
    tiny("--runs", "20", "--theory", "10", *MESA)
    kept = open_ensemble("x").theory_range
    assert kept is not None and kept["european"]["runs"] == 10
    assert (
        kept["european"]["low"] <= kept["european"]["rules"]["as_configured"]["probability"] <= kept["european"]["high"]
    )
    tiny("--runs", "30", "--theory", "10", *MESA)
    assert open_ensemble("x").theory_range == kept
    result = tiny("--runs", "20", "--theory", "none", "--fresh", *MESA)
    assert open_ensemble("x").theory_range is None
    assert "How much the rules of the model matter was not worked out; sim sure does that." in result.stdout


@pytest.mark.parametrize("runs", ["0", "-5", "many", "1.5"])
def test_a_theory_width_of_no_runs_is_refused(runs: str) -> None:
    refused(tiny("--theory", runs), "--theory", "neither none nor a number of runs under each rival rule, such as 5000")


def test_weeks_are_kept_when_asked() -> None:
    tiny("--runs", "2", *MESA, "--keep", "weekly", "--keep", "inputs")
    kept = open_ensemble("x")
    assert kept.manifest["keep"] == ["inputs", "weekly"]
    assert kept.weekly is not None
    tiny("--runs", "2", *MESA, "--fresh")
    assert open_ensemble("x").weekly is None


def test_changes_count_as_assumptions_of_the_command_line_and_are_run(known: Scenario) -> None:
    words = ("--set", "horizon_weeks=8", "--set", f"{FIRMNESS}=50%", "--set", "actors.ireland=null")
    result = sim("run", "baseline", "--runs", "4", *MESA, "--out", "x", "--relaxed", "truce", *words)
    ensemble = open_ensemble("x")
    assert ensemble.manifest["horizon_weeks"] == 8
    assert ensemble.manifest["relaxed"] == ["truce"]
    said = ensemble.manifest["config"]["actors"]["germany"]["needs"]["russian_consent"]["firmness"]
    assert said == {"likely": "50%", "assumption": "command line"}
    assert "Note: ireland removed" in result.stdout
    assert "Note: held open: truce." in result.stdout
    assert "3 months" not in result.stdout
    assert "8 weeks" in result.stdout


def range_of(*words: str) -> dict[str, Any] | None:
    result = tiny("--runs", "2", *words)
    assert result.exit_code == 0, result.output
    return open_ensemble("x").inputs_range


def test_the_range_over_inputs_is_computed_but_for_mesa_and_quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nested, "DRAWS", 4)
    monkeypatch.setattr(nested, "LUCK", 3)
    assert range_of() is None  # a quick look
    monkeypatch.setattr(nested, "WORTH_A_DESIGN", 2)
    found = range_of("--fresh")
    assert found is not None
    assert {(about["draws"], about["runs_per_draw"]) for about in found.values()} == {(4, 3)}
    assert list(found) == list(nested.GROUPS)
    assert range_of("--nested", "none", "--fresh") is None
    assert range_of(*MESA, "--fresh") is None


def test_a_range_that_stands_is_taken_up_unless_another_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    first = range_of(*MESA, "--nested", "4x3")
    assert first is not None
    other = {group: about | {"draws": 3} for group, about in first.items()}
    monkeypatch.setattr(nested, "nested", lambda *_, **__: other)
    assert first == range_of(*MESA, "--nested", "4x3") == range_of(*MESA)
    assert range_of(*MESA, "--nested", "3x3") == other
    assert range_of(*MESA, "--nested", "none") is None


def test_all_bad_changes_are_told_at_once(known: Scenario) -> None:
    bad = (f"{FIRMNESS}=blah", "actors.germny.x=3", "horizon_weeks=0", "a=[1", "nothing", "common.us_turn=.nan")
    result = sim("run", "baseline", *(word for each in bad for word in ("--set", each)))
    refused(result, "'blah' is not a number", "did you mean 'germany'?", "0 is not at least 1", "not YAML")
    refused(result, "nothing: expected PATH=VALUE", "common.us_turn")
    assert not Path("runs").exists()


def test_the_same_change_twice_is_refused(known: Scenario) -> None:
    refused(sim("run", "baseline", "--set", "horizon_weeks=4", "--set", "horizon_weeks=5"), "given twice")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--runs", "0"), "runs must be between 1 and 100,000,000, got 0"),
        (("--seed", "-1"), "Invalid value for '--seed'"),
        (("--workers", "0"), "workers must be between"),
        (("--relaxed", "gate"), "'gate' is not a gate; allowed: truce"),
        (("--engine", "steam"), "Invalid value for '--engine'"),
        (("--nested", "1x9"), "'1x9' is neither none nor DRAWSxLUCK"),
        (("--nested", "many"), "'many' is neither none nor DRAWSxLUCK"),
        (("--runs", "few"), "Invalid value for '--runs'"),
        (("--keep", "daily"), "'daily' is not what can be kept; allowed: inputs, weekly"),
        (("--until-margin", "0.6"), "a margin lies between 0 and 0.5, got 0.6"),
        (("--of", "peace", "--until-margin", "0.01"), "--of:1:1: 'peace' is no name"),
        (("--of", "european and troops > many"), "--of:1:23: 'many' is no number"),
        (("--more", "5"), "--more: no ensemble stands in runs"),
        (("--more", "0"), "Invalid value for '--more'"),
        (("--more", "5", "--runs", "5"), "--more goes without --runs, --until-margin and --fresh"),
        (("--more", "5", "--fresh"), "--more goes without --runs, --until-margin and --fresh"),
        (("--fresh", "--out", "full"), "full holds something else than an ensemble"),
        (("--fresh", "--out", "page"), "--fresh: page holds manifest.json, which is not of an ensemble"),
        (("--out", "file"), "file holds something else than an ensemble"),
        (("--out", "full"), "full holds something else than an ensemble"),
        (("--out", "file/below"), "file: Not a directory"),
    ],
)
def test_a_run_refuses(known: Scenario, words: tuple[str, ...], told: str) -> None:
    Path("file").write_text("mine")
    for file in ("full/mine", "page/manifest.json"):
        Path(file).parent.mkdir()
        Path(file).write_text("mine")
    refused(sim("run", "baseline", *words), told)
    assert {Path(file).read_text() for file in ("file", "full/mine", "page/manifest.json")} == {"mine"}
    assert not any(Path("runs").rglob("*.parquet"))


def test_an_ensemble_that_stands_is_gone_on_with() -> None:
    tiny("--runs", "20", *MESA)
    before = open_ensemble("x").runs
    again = tiny("--runs", "20", *MESA)
    assert again.stderr == "taking up 20 runs that stand in x\nensemble written to x\n"
    grown = tiny("--more", "5", *MESA)
    assert grown.stderr.startswith("taking up 20 runs that stand in x\n")
    pd.testing.assert_frame_equal(open_ensemble("x").runs.head(20), before)
    assert len(open_ensemble("x")) == 25
    fewer = tiny("--runs", "20", *MESA)
    assert fewer.stderr == "reading the first 20 of the 25 runs that stand in x\nthe ensemble stands in x\n"
    assert fewer.stdout.startswith("tiny: 20 runs, seed 1.\n") and len(open_ensemble("x")) == 25


def test_an_ensemble_of_another_seed_is_refused_unless_it_shall_be_replaced() -> None:
    tiny("--runs", "3", *MESA)
    refused(tiny("--runs", "3", "--seed", "2", *MESA), "seed: 1 there, 2 here", "--fresh replaces an earlier ensemble")
    assert open_ensemble("x").manifest["seed"] == 1
    assert tiny("--runs", "2", "--seed", "2", "--fresh", *MESA).stderr == "ensemble written to x\n"
    assert open_ensemble("x").manifest["seed"] == 2


def test_a_file_beside_an_ensemble_is_never_removed() -> None:
    tiny("--runs", "3", *MESA)
    Path("x/notes.txt").write_text("mine")
    refused(tiny("--fresh", *MESA), "x holds notes.txt, which is not of an ensemble")
    assert len(open_ensemble("x")) == 3


def test_a_folder_without_a_manifest_is_no_ensemble_and_stays_as_it_is() -> None:
    Path("x/runs").mkdir(parents=True)
    refused(tiny("--fresh", *MESA), "x holds something else than an ensemble")
    assert Path("x/runs").is_dir()


def test_a_batch_runs_until_its_interval_is_narrow_enough() -> None:
    result = tiny("--until-margin", "0.02", "--of", "ceasefire", "--nested", "none")
    found = open_ensemble("x")
    assert result.exit_code == 0
    assert len(found) == 8192
    assert found.manifest["until"] == {"half_width": 0.02, "of": "ceasefire"}
    assert tiny("--more", "8", "--nested", "none").stderr.startswith("taking up 8,192 runs that stand in x\n")
    assert len(open_ensemble("x")) == 8200


def test_a_batch_is_handed_all_that_was_asked_for(known: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(scenario: Scenario, runs: int | None, seed: int, **options: Any) -> None:
        seen.update(options, runs=runs, seed=seed)
        raise ValueError("seen")

    monkeypatch.setattr(running, "run", run)
    words = "--seed 7 --workers 3 --cluster tcp://there:1 --keep weekly --relaxed truce --until-margin 0.01 --out x"
    refused(sim("run", "baseline", *words.split()), "seen")
    assert (seen["runs"], seen["seed"], seen["workers"], seen["cluster"]) == (None, 7, 3, "tcp://there:1")
    assert (seen["keep"], seen["relaxed"], seen["out"]) == (["weekly"], ["truce"], Path("x"))
    assert (seen["until"], seen["engine"]) == (batch.Margin(0.01, "european"), "compiled")


@pytest.mark.parametrize(
    ("error", "told", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "x/runs/00003.parquet"), "No space left on device; ", 1),
        (PermissionError(errno.EACCES, "Permission denied", "x/runs"), "x/runs: Permission denied", 2),
        (engines.BatchFailed("all runs failed"), "all runs failed", 1),
        (KeyboardInterrupt(), "interrupted; 9 runs stand in x; the same command goes on", 130),
    ],
)
def test_what_stops_a_batch_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, told: str, status: int
) -> None:
    tiny("--runs", "9", *MESA)

    def run(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(running, "run", run)
    result = tiny("--runs", "10", *MESA)
    assert result.exit_code == status
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_what_goes_on_after_an_extension_was_interrupted_names_the_whole_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiny("--runs", "9", *MESA)

    def run(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run", run)
    told = tiny("--more", "4", *MESA).stderr
    assert told == "interrupted; 9 runs stand in x; the same command, with --runs 13 in place of --more, goes on\n"


def test_runs_that_fail_are_counted_and_the_first_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    play = model.Negotiation

    def sometimes(structure: Any, inputs: Any, luck: Any, run: int, relaxed: Any) -> Any:
        if inputs.values[run, structure.names.inputs.index("common.european_mood")] < 0.0:
            raise ZeroDivisionError("mood")
        return play(structure, inputs, luck, run, relaxed)

    monkeypatch.setattr(negotiation, "Negotiation", sometimes)
    result = tiny("--runs", "30", *MESA)
    found = open_ensemble("x")
    first = found.failures["run"].iloc[0]
    assert 0 < found.failed < 30
    assert result.exit_code == 0
    said = f"{found.failed} of 30 runs failed and are left out; the first, run {first}: ZeroDivisionError: mood\n"
    assert result.stderr.endswith(said)


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"extends: it.yaml\n", b"- a\n", None])
@pytest.mark.parametrize("command", ["run", "check", "show", "question"])
def test_a_wrong_file_is_told_in_one_line(command: str, content: bytes | None) -> None:
    if content is not None:
        Path("it.yaml").write_bytes(content)
    result = sim(command, "it.yaml")
    refused(result, "it.yaml")
    assert len(result.stderr.splitlines()) == 1


def test_every_mistake_of_a_file_is_told_with_its_place() -> None:
    Path("it.yaml").write_text(
        "extends: baseline\nassumption: mine\nchange:\n"
        "  actors.germany.needs.russian_consent.firmness: 200%\n  actors.germany.colour: red\n"
    )
    result = sim("check", "it.yaml")
    refused(result)
    lines = result.stderr.splitlines()
    assert [re.findall(r"it\.yaml:(\d+):(\d+): actors\.germany", line) for line in lines] == [
        [("4", "50")],
        [("5", "26")],
    ]


def test_horizons_given_a_ceasefire_end_where_the_summary_does(known: Scenario) -> None:
    sim("run", "baseline", "--runs", "24", *MESA, "--out", "x")
    ensemble = open_ensemble("x")
    given = given_ceasefire(ensemble, "deployed", 52)
    assert given == ensemble.share("deployed", given="ceasefire")
    early = given_ceasefire(ensemble, "deployed", 13)
    assert early is None or early.of == int((ensemble.runs["ceasefire_week"] <= 13).sum())


def test_check_counts_the_numbers(known: Scenario) -> None:
    assert sim("check", "baseline").stdout.startswith(f"ok: {len(known.leaves)} numbers")


def test_show_tells_a_number_its_reasons_and_its_line(known: Scenario) -> None:
    leaf, shown = known.leaves[FIRMNESS], " ".join(sim("show", "baseline", FIRMNESS).stdout.split())
    assert str(leaf.prior) in shown
    assert all(claim in shown for claim in (*leaf.reasons.because, *leaf.reasons.see, *leaf.reasons.against))
    assert leaf.reasons.assumption is not None
    assert leaf.reasons.assumption in shown
    assert f"germany.yaml:{leaf.place.line}" in shown.replace(" ", "")


def test_show_lists_what_stands_below_a_path(known: Scenario) -> None:
    shown = sim("show", "baseline", "actors.germany.needs").stdout
    assert re.search(r"russian_consent\.firmness .*germany\.yaml:\d+", shown)
    assert "germany (" in sim("show", "baseline").stdout


@pytest.mark.parametrize("command", [("show",), ("evidence", "trace")])
def test_a_path_that_leads_nowhere_is_told_with_what_is_allowed(known: Scenario, command: tuple[str, ...]) -> None:
    refused(sim(*command, "baseline", "actors.germny.needs"), "actors has no 'germny'; did you mean 'germany'?")
    refused(sim(*command, "baseline", "actors.germany.name.x"), "it is one value")


def test_a_demand_dropped_is_one_thing_in_a_diff(known: Scenario) -> None:
    lines = sim("diff", "baseline", "berlin_stops_waiting").stdout.splitlines()
    assert lines[0] == "you changed 2 things"
    assert re.fullmatch(
        r"  actors\.germany\.needs\.russian_consent: (at_least|firmness) .*, (at_least|firmness) .* -> none", lines[1]
    )
    assert lines[2] == "  actors.us.backstop.offers.at_least: none -> air_cover"
    assert sim("diff", "baseline", "baseline").stdout == "you changed nothing\n"


def test_an_actor_removed_is_one_thing_beside_its_edges(baseline: Scenario) -> None:
    found = differences.changes(baseline, baseline.change({"actors.ireland": None}))
    assert found[0].path == "actors.ireland"
    assert found[0].after == "absent"
    assert all("ireland" in change.path for change in found)


def test_the_question_card_names_dates_sizes_and_who_counts(baseline: Scenario) -> None:
    said = "\n".join(question_card.card(baseline))
    assert "from 2025-03-03 for 52 weeks, to 2026-03-02" in said
    assert "not counted as European: Canada, the Central Asian states, China, Turkey." in said
    assert "European force: one of reassurance, tripwire, enforcement," in said
    for name, mission in baseline.parts.missions.items():
        assert f"  {name}, {mission.name}: {mission.target_troops}" in said
    assert sim("question", "baseline").stdout.replace("\n", "") == said.replace("\n", "")


def test_the_schema_describes_every_shipped_file() -> None:
    configs = shipped_folder("configs")
    kinds = {"actor": "actors/*.yaml", "scenario": "scenarios/*.yaml"}
    kinds |= {kind: f"{kind}.yaml" for kind in ("network", "defaults", "missions", "scales", "rules")}
    files = [(kind, path) for kind, glob in kinds.items() for path in configs.glob(glob)]
    checks = {kind: jsonschema.Draft202012Validator(schema(kind)) for kind in kinds}
    for kind, path in [*files, ("scenario", configs / "baseline.yaml")]:
        assert not list(checks[kind].iter_errors(read_yaml(path).data)), path


def test_the_schema_of_any_file_knows_scenarios_and_actors() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    check = jsonschema.Draft202012Validator(schema())
    for name in ("scenarios/berlin_stops_waiting.yaml", "actors/germany.yaml"):
        assert check.is_valid(read_yaml(shipped_folder("configs") / name).data)


@pytest.mark.parametrize(
    "change",
    [
        {"actors.utopia": {"name": "Utopia", "like": {"actor": "spain", "edges": False}, "home_guard": None}},
        {"actors.spain.needs.company.firmness": {"low": 0, "high": "40%", "assumption": "a guess"}},
        {"network.turkey->russia/persuasion": {"strength": 0.3, "willingness": "inherited"}, "actors.ireland": None},
        {"rules.pledge.decision": "quantal", "actors.germany.needs.russian_consent": "none"},
        {"actors.utopia.stance": "open", "network.utopia->spain/persuasion.strength": 1},
    ],
)
def test_the_schema_takes_what_may_be_changed(change: dict[str, Any]) -> None:
    assert jsonschema.Draft202012Validator(schema("scenario")).is_valid({"extends": "baseline", "change": change})


def test_the_schema_knows_the_paths_of_the_baseline_and_says_what_they_mean() -> None:
    paths = schema("scenario")["properties"]["change"]["properties"]
    assert len(paths) > 1_000
    target = paths["actors.spain.stance"]["anyOf"][0]["$ref"].split("/")
    assert schema("scenario")["$defs"][target[2]]["properties"][target[4]]["description"].startswith("what it would do")


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("scenario", {"extend": "baseline"}),
        ("scenario", {"change": {"actor.germany": 1}}),
        ("actor", {"name": "Utopia"}),
        ("actor", {"name": "Utopia", "roles": ["king"]}),
        ("scenario", {"change": {"actors.spain.stance": "opn"}}),
        ("scenario", {"change": {"actors.utopia": {"name": "Utopia", "lik": "spain"}}}),
        ("network", {"us->russia/letters": {}}),
    ],
)
def test_the_schema_refuses_what_a_check_would(kind: str, wrong: dict[str, Any]) -> None:
    assert not jsonschema.Draft202012Validator(schema(kind)).is_valid(wrong)


def test_the_schema_is_printed_whole_or_by_kind_of_file() -> None:
    assert json.loads(sim("schema").stdout) == json.loads(json.dumps(schema()))
    assert json.loads(sim("schema", "actor").stdout)["title"].endswith("actor")


def test_scenarios_are_compared_under_the_same_luck(known: Scenario) -> None:
    words = ("compare", "baseline", "us_article5", "--runs", "4", *MESA)
    said = json.loads(sim(*words, "--json").stdout)
    assert set(said["quantities"]["european"]) == {
        "a", "b", "difference", "low", "high", "unit", "runs", "gain",
        "sign_holds", "sign_low", "sign_high", "sign_turns",
    }  # fmt: skip
    lines = sim(*words).stdout.splitlines()
    assert lines[:2] == ["baseline against us_article5: 4 paired runs, seed 1.", said["sentence"]]
    assert max(len(line) for line in lines if not line.endswith(".")) <= 80  # sentences are whole lines, tables fit
    refused(sim("compare", "baseline", "us_article5", "--runs", "0"), "runs must be between")


def test_one_run_is_replayed_as_a_story(known: Scenario) -> None:
    from sim import story

    result = sim("replay", "baseline", "--run", "3", "--seed", "2")
    head, _, text = result.stdout.partition("\n")
    assert head == "baseline: run 3, seed 2." and text.split() == story.tell(known, 2, 3).split()
    refused(sim("replay", "baseline", "--run", "-1"), "Invalid value for '--run'")
    refused(sim("replay", "baseline", "--run", "1", "--seed", str(2**63)), "Invalid value for '--seed'")
    refused(sim("replay", "baseline"))


def test_claims_are_listed_by_actor_topic_and_document() -> None:
    found = evidence.load().select("germany", "stance", "000")
    listed = sim("evidence", "list", "--actor", "germany", "--topic", "stance", "--document", "000").stdout
    assert [line.split()[0] for line in listed.splitlines() if line.startswith("0")] == [claim.id for claim in found]
    refused(sim("evidence", "list", "--topic", "weather"), "'weather' is not a topic")
    refused(sim("evidence", "list", "--actor", "atlantis"), "no claim is about 'atlantis'")


def test_a_claim_is_shown_with_what_rests_on_it(known: Scenario) -> None:
    shown = sim("evidence", "show", "000.merz.if_russia_consents").stdout
    assert "paragraph 19" in shown
    assert FIRMNESS in shown
    refused(sim("evidence", "show", "000.merz.if_russia"), "did you mean 000.merz.if_russia_consents")


def test_a_number_is_traced_to_paragraph_and_words(known: Scenario) -> None:
    traced = " ".join(sim("evidence", "trace", "baseline", FIRMNESS).stdout.split())
    claim = evidence.load().claims["000.merz.if_russia_consents"]
    assert claim.locator in traced
    assert f"paragraph {claim.paragraph}" in traced
    refused(sim("evidence", "trace", "baseline", "actors.germany"), "not a number")


def test_coverage_counts_partition_the_numbers(baseline: Scenario) -> None:
    found = evidence_use.coverage(baseline, ())
    assert sum(found[kind] for kind in COUNTS) == found["numbers"] == len(baseline.leaves)
    assert sum(found["claims_by_document"].values()) == found["claims"] == len(evidence.load().claims)
    assert 0 < found["claims_used"] <= found["claims"]


def test_coverage_is_printed_as_json_and_fails_on_a_claim_without_use(
    known: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_use, "shipped_citations", lambda: set(evidence.load().claims))
    result = sim("evidence", "coverage", "--json")
    assert result.exit_code == 0
    keys = ["claims", "claims_used", "claims_by_document", "numbers", *COUNTS, "stated", "stated_by_kind"]
    assert list(json.loads(result.stdout)) == keys
    monkeypatch.setattr(evidence_use, "unaccounted", lambda *_: ["000.merz.if_russia_consents"])
    result = sim("evidence", "coverage")
    assert result.exit_code == 1
    assert result.stderr.startswith("000.merz.if_russia_consents: no number or pattern uses this claim")


def test_whoever_lacks_the_documents_gets_a_word_and_no_failure() -> None:
    result = sim("evidence", "check", "--documents", "nowhere")
    assert result.exit_code == 0
    assert "the texts are not shipped" in result.stderr


def test_documents_that_differ_are_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("texts").mkdir()
    for document in evidence.load().documents.values():
        Path("texts", document.file).write_text("Something else.\n")
    result = sim("evidence", "check", "--documents", "texts")
    assert result.exit_code == 1
    assert "the file's hash is" in result.stderr


def test_help_comes_quickly_and_without_the_simulator() -> None:
    code = "import sys, sim.cli; print([m for m in ('mesa', 'pandas', 'pydantic', 'joblib') if m in sys.modules])"
    path = {**os.environ, "PYTHONPATH": str(Path(loading.__file__).parents[2])}
    found = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
    assert sim("--help").exit_code == 0


def test_a_batch_that_was_interrupted_is_gone_on_with() -> None:
    write_tiny(Path())
    words = ("run", "tiny.yaml", "--out", "x", "--nested", "none")
    running = process(*words, "--runs", "3000000")
    wait_for(Path("x/_parts/00001.json"))
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=300)
    stood = len(open_ensemble("x"))
    told = f"interrupted; {stood:,} runs stand in x; the same command goes on"
    assert (running.returncode, out, err.splitlines()[-1]) == (130, "", told)
    first = open_ensemble("x").runs
    result = sim(*words, "--runs", str(stood + 10))
    assert result.stderr == f"taking up {stood:,} runs that stand in x\nensemble written to x\n"
    pd.testing.assert_frame_equal(open_ensemble("x").runs.head(stood), first)


def test_an_interruption_of_mesa_ends_cleanly() -> None:
    running = process("run", "baseline", "--engine", "mesa", "--runs", "100000", "--workers", "2", "--out", "x")
    wait_for(Path("x/_manifest.json"))
    time.sleep(2)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=300)
    told = "interrupted; 0 runs stand in x; the same command goes on\n"
    assert (running.returncode, out, err) == (130, "", told)


def test_a_reader_that_leaves_is_no_error() -> None:
    listing = process("evidence", "list")
    assert listing.stdout is not None
    assert listing.stderr is not None
    listing.stdout.readline()
    listing.stdout.close()
    assert listing.stderr.read() == ""
    assert listing.wait(timeout=60) == 0
    listing.stderr.close()
