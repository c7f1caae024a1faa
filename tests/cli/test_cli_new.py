"""Tests of sim new: what it writes runs as it is, line by line, and it never writes over anything."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import application
from sim.scenario.loading import load


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sim(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(application(), list(words))
    return done.exit_code, done.output


NEW = [("theatre", "austria"), ("actor", "austria"), ("actor", "austria", "--like", "estonia"), ("scenario", "austria")]


@pytest.mark.parametrize("words", NEW)
def test_what_is_written_checks_without_a_note_and_runs(words: tuple[str, ...]) -> None:
    assert sim("new", *words)[0] == 0
    code, output = sim("check", "austria.yaml")
    assert (code, "note" in output) == (0, False), output
    assert sim("run", "austria.yaml", "--runs", "60")[0] == 0


@pytest.mark.parametrize("words", NEW)
def test_every_line_that_is_commented_out_can_be_taken_in(here: Path, words: tuple[str, ...]) -> None:
    sim("new", *words)
    text = (here / "austria.yaml").read_text(encoding="utf-8")
    lines = re.findall(r"^ *# *[\w.>/-]+:", text, re.MULTILINE)
    assert len(lines) > 4
    whole = re.sub(r"^( *)# ( *[\w.>/-]+:)", r"\1\2", text, flags=re.MULTILINE)
    (here / "whole.yaml").write_text(whole, encoding="utf-8")
    assert load("whole.yaml").hash != load("austria.yaml").hash


def test_an_actor_by_example_has_its_model_s_edges_and_tells_whom_it_is_like() -> None:
    sim("new", "actor", "austria", "--like", "estonia")
    assert "uk->austria/troop_example" in load("austria.yaml").parts.network
    assert "from estonia, memberships and edges too." in Path("austria.yaml").read_text(encoding="utf-8")
    shown = sim("show", "austria.yaml", "actors.austria")[1]
    assert re.search(r"like +estonia +austria\.yaml", shown)
    assert "actors.estonia" in shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("actor", "there"), "there.yaml: is there already; nothing was written"),
        (("actor", "france"), "an actor of baseline already"),
        (("actor", "Foreign Legion"), "a name is small letters, digits and _"),
        (("actor", "austria", "--like", "estnia"), "no actor 'estnia'; did you mean 'estonia'?"),
        (("scenario", "mine", "--extends", "baselin"), "did you mean 'baseline'?"),
        (("scenario", "mine", "-o", "mine.txt"), "ends in neither .yaml nor .yml"),
        (("theatre", "mine", "--start", "spring"), "--start: 'spring' is not a date"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_written(here: Path, words: tuple[str, ...], why: str) -> None:
    (here / "there.yaml").write_text("mine", encoding="utf-8")
    code, output = sim("new", *words)
    assert code == 2
    assert why in output
    assert [file.name for file in here.iterdir()] == ["there.yaml"]
    assert (here / "there.yaml").read_text(encoding="utf-8") == "mine"


def test_a_scenario_may_start_from_one_in_another_folder(here: Path) -> None:
    (here / "deep").mkdir()
    sim("new", "actor", "austria")
    assert sim("new", "scenario", "then", "--extends", "austria.yaml", "-o", "deep/then.yaml")[0] == 0
    assert "austria" in load("deep/then.yaml").parts.actors


@pytest.mark.parametrize("what", ["scenario", "actor"])
def test_a_theatre_may_be_what_another_file_starts_from(here: Path, what: str) -> None:
    sim("new", "theatre", "altland")
    text = re.sub(r"  broker:\n(    .*\n)+", "", (here / "altland.yaml").read_text(encoding="utf-8"))
    (here / "alone.yaml").write_text(
        text.replace("  broker->opponent/bank_sanctions: inherited\n", ""), encoding="utf-8"
    )
    for base in ("altland.yaml", "alone.yaml"):  # the second has no broker
        name = f"of_{base.partition('.')[0]}"
        assert sim("new", what, name, "--extends", base)[0] == 0
        whole = re.sub(
            r"^( *)# ( *[\w.>/-]+:)", r"\1\2", (here / f"{name}.yaml").read_text("utf-8"), flags=re.MULTILINE
        )
        (here / "whole.yaml").write_text(whole, encoding="utf-8")
        assert load("whole.yaml").hash != load(base).hash


CONFIGURED = ("check", "show", "question", "evidence coverage", "evidence trace", "diff", "compare", "disagree")


@pytest.mark.parametrize("command", [*CONFIGURED, "run", "validate", "observe", "update", "watch", "sweep", "replay"])
def test_every_command_that_takes_a_config_takes_set(command: str) -> None:
    code, output = sim(*command.split(), "--help")
    assert code == 0
    assert "--set" in output


def test_a_change_on_the_command_line_counts_in_every_command_that_shows_a_config() -> None:
    change = ("--set", "actors.uk.credence=12%")
    assert "0.12" in sim("show", "baseline", "actors.uk.credence", *change)[1]
    assert "0.12" in sim("evidence", "trace", "baseline", "actors.uk.credence", *change)[1]
    assert re.search(r"actors\.uk\.credence: .* -> 0\.12", sim("diff", "baseline", *change)[1])
    assert sim("check", "baseline", "--set", "actors.uk.credenc=12%")[0] == 2
    assert sim("diff", "baseline")[0] == 2
