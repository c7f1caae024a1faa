"""Every command that asks about an event takes an expression, and refuses a wrong one in lines, before it runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim import batch
from sim.ensemble.ensemble import Ensemble, open_ensemble
from tests.commands import sim
from tests.worlds import tiny, write_tiny

EVENT = "ceasefire and (concession >= 0.1 or not truce_broke)"
WRONG = "ceasefyre and concession >= lots"
DISPOSITION = "actors.ukr.disposition"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("events") / "tiny"
    batch.run(tiny(), 1_200, 4, workers=1, out=where, keep=("inputs",))
    return where


@pytest.fixture(scope="module")
def ensemble(folder: Path) -> Ensemble:
    return open_ensemble(folder)


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)


def done(*words: str) -> str:
    result = sim(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def told(*words: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(done(*words, "--json"))
    return said


def test_run_counts_it_beside_the_answer() -> None:
    words = ("run", "tiny.yaml", "--runs", "300", "--nested", "none", "--workers", "1", "--of", EVENT)
    asked = told(*words)["asked"]
    share = open_ensemble(next(Path("runs").iterdir())).share(EVENT)
    assert share is not None
    assert (asked["of"], asked["count"], asked["probability"]) == (EVENT, share.hits, share.probability)
    assert f"A{asked['what'][1:]}: {share.hits} of 300 runs" in done(*words)


def test_run_goes_on_until_its_interval_is_narrow() -> None:
    words = ("run", "tiny.yaml", "--until-margin", "0.02", "--of", EVENT, "--nested", "none", "--out", "narrow")
    done(*words)
    ensemble = open_ensemble("narrow")
    share = ensemble.share(EVENT)
    assert share is not None and (share.high - share.low) / 2 <= 0.02
    assert ensemble.manifest["until"] == {"half_width": 0.02, "of": EVENT}


def test_compare_gives_it_a_row_and_the_sentence() -> None:
    change = ("compare", "tiny.yaml", "--edit", f"{DISPOSITION}=3", "--runs", "200", "--workers", "1")
    said = told(*change, "--of", EVENT)
    assert said["of"] == EVENT and EVENT in said["quantities"]
    assert "ceasefire and" in said["sentence"] and "European" not in said["sentence"]
    plain = told(*change)
    assert {name: row for name, row in said["quantities"].items() if name != EVENT} == plain["quantities"]


def test_sweep_is_about_it() -> None:
    said = told("sweep", "tiny.yaml", f"{DISPOSITION}=0:3:2", "--runs", "100", "--of", EVENT)
    fixed = batch.run(tiny().change({DISPOSITION: 3.0}), 100, workers=1).share(EVENT)
    assert fixed is not None and said["points"][1]["probability"] == fixed.probability


def test_sensitivity_is_about_it() -> None:
    out = done("sensitivity", "tiny.yaml", "--of", EVENT, "--base", "64", "--trajectories", "3")
    assert "Whether a ceasefire and (" in out


def test_when_is_about_it(folder: Path, ensemble: Ensemble) -> None:
    said = told("when", str(folder), "--of", EVENT, "--inputs", "4")
    assert said["of"] == EVENT and said["what"] == ensemble.event(EVENT).phrase


def test_levers_are_ranked_by_it() -> None:
    write = Path("tiny.yaml").read_text("utf-8")
    step = f"{{label: once, change: {{{DISPOSITION}: 3}}}}"
    lever = f"levers: {{a: {{name: A, held_by: [usa], group: g, assumption: made up, steps: [{step}]}}}}\n"
    Path("levered.yaml").write_text(write + lever, "utf-8")
    said = told("levers", "levered.yaml", "--of", EVENT, "--runs", "100", "--target", "0.9", "--workers", "1")
    now = batch.run(tiny(), 100, workers=1).share(EVENT)
    assert now is not None and said["now"] == now.probability


def test_given_takes_it_as_condition_and_as_event(folder: Path, ensemble: Ensemble) -> None:
    said = told("given", str(folder), EVENT, "--of", "truces >= 1 and not held")
    share = ensemble.share(EVENT)
    assert share is not None and said["selected"] == share.hits
    assert said["headline"]["ceasefire"]["given"] == 1.0
    row = said["headline"]["truces >= 1 and not held"]
    given = ensemble.share("truces >= 1 and not held", given=EVENT)
    assert given is not None and row["given"] == given.probability


def test_given_still_takes_sql(folder: Path, ensemble: Ensemble) -> None:
    said = told("given", str(folder), "rung_highest in ('none', 'logistics') and truces > 0")
    share = ensemble.share("rung_highest <= logistics and truces > 0")
    assert share is not None and said["selected"] == share.hits


def test_why_plays_the_runs_without_it_again(folder: Path, ensemble: Ensemble) -> None:
    text = "deployed and states >= 2"
    said = told("why", str(folder), "--of", text, "--most", "1", "--workers", "1")
    share = ensemble.share(text)
    assert share is not None and said["without"] == share.of - share.hits
    assert "without any deployment with at least 2 states in the force" in said["sentence"]


def test_sure_is_about_it() -> None:
    out = done("sure", "tiny.yaml", "--of", EVENT, "--runs", "200", "--draws", "4", "--luck", "10")
    assert "A ceasefire and (" in out
    assert "How sure: share of runs with a ceasefire and (" in " ".join(out.split())


def test_the_report_is_about_it(folder: Path) -> None:
    done("report", str(folder), "--of", EVENT, "-o", "page.html")
    page = Path("page.html").read_text("utf-8")
    assert page.count("a ceasefire and (") >= 4
    done("report", str(folder), "--of", "deployed", "--brief", "-o", "brief.html")


COMMANDS = {
    "run": ("run", "tiny.yaml", "--runs", "10"),
    "compare": ("compare", "tiny.yaml", "tiny.yaml", "--runs", "10"),
    "disagree": ("disagree", "tiny.yaml", "tiny.yaml"),
    "sweep": ("sweep", "tiny.yaml", f"{DISPOSITION}=0:3:2"),
    "sensitivity": ("sensitivity", "tiny.yaml"),
    "levers": ("levers", "tiny.yaml"),
    "sure": ("sure", "tiny.yaml"),
    "explore": ("explore", "tiny.yaml", "--no-open"),
    "when": ("when", "FOLDER"),
    "why": ("why", "FOLDER"),
    "given": ("given", "FOLDER", "ceasefire"),
    "report": ("report", "FOLDER"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_event_is_refused_with_every_mistake_located(command: str, folder: Path) -> None:
    words = [str(folder) if word == "FOLDER" else word for word in COMMANDS[command]]
    result = sim(*words, "--of", WRONG)
    assert result.exit_code == 2 and result.stdout == "" and "Traceback" not in result.stderr
    one, other = result.stderr.strip().splitlines()
    assert one.startswith("--of:1:1: 'ceasefyre' is no name; did you mean 'ceasefire'?")
    assert other.startswith("--of:1:29: 'lots' is no number and names none;")
    assert not Path("runs").exists() and not Path("report.html").exists()
