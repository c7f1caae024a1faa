"""Tests of ``sim update``, ``sim observe`` and ``sim watch``."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from sim.cli.observe import observe
from sim.ensemble import atomic_files
from tests.bars import bar_of
from tests.commands import sim
from tests.worlds import write_tiny


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    path = write_tiny(tmp_path)
    path.write_text(path.read_text().replace("disposition: {low: 0, high: 3}", "disposition: {low: 1, high: 3}"))
    return str(path)


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    path = tmp_path / "seen.yaml"
    path.write_text(
        "- {week: 2025-03-10, actor: alba, stage: at least open, source: invented}\n"
        "- {week: 2025-03-31, ceasefire: none, reliability: 90%}\n"
    )
    return path


def test_an_update_is_told_and_printed_as_json(tiny: str, seen: Path) -> None:
    shown = sim("update", tiny, str(seen), "--of", "ceasefire", "--runs", "600")
    assert shown.exit_code == 0
    assert "After 2 observations up to 2025-03-31, " in shown.stdout
    data = json.loads(sim("update", tiny, str(seen), "--of", "ceasefire", "--runs", "600", "--json").stdout)
    assert [step["observation"] for step in data["steps"]] == [
        "",
        "Lead is open to going or has pledged",
        "no ceasefire holds",
    ]
    assert data["steps"][2]["probability"] < data["steps"][1]["probability"]
    assert len(data["inputs"]) == 10
    assert set(data["left_out"]) == {"1. Lead is open to going or has pledged", "2. no ceasefire holds"}
    assert data["left_out"]["2. no ceasefire holds"]["moves"] < 0
    assert 0.0 < data["surprise"] <= 1.0


def test_the_same_command_prints_the_same_bytes(tiny: str, seen: Path) -> None:
    command = ("update", tiny, str(seen), "--runs", "600", "--json")
    assert sim(*command).stdout == sim(*command, "--workers", "1").stdout


def test_the_bar_of_an_update_ends_where_its_runs_do_if_every_run_counts(tiny: str, seen: Path) -> None:
    seen.write_text("[]\n")
    with bar_of("sim.cli.update") as bar:
        assert sim("update", tiny, str(seen), "--runs", "300").exit_code == 0
    assert bar.total == sum(bar.steps) > 300 + 100 * 50 + 10 * 300


@pytest.mark.parametrize("command", [("update", "--no-widths"), ("update",), ("watch",)])
def test_the_bar_of_an_update_holds_pasts_that_are_drawn_anew(tiny: str, seen: Path, command: tuple[str, ...]) -> None:
    seen.write_text("- {week: 2025-03-10, actor: alba, stage: opposed, reliability: 99.9%}\n")
    with bar_of(f"sim.cli.{command[0]}") as bar:
        assert sim(command[0], tiny, str(seen), *command[1:], "--runs", "600").exit_code == 0
    assert bar.total is not None
    assert 600 * 3 <= sum(bar.steps) <= bar.total
    if "update" not in command or "--no-widths" in command:
        assert bar.total == 600 * 3


def test_what_no_run_shows_ends_with_status_2_and_a_plain_word(tiny: str, seen: Path) -> None:
    seen.write_text("- {week: 2025-03-10, force: any, reliability: 100%}\n")
    result = sim("update", tiny, str(seen), "--runs", "100")
    assert result.exit_code == 2
    assert "no run of 100 shows that a force is in the field" in result.stderr


def test_mistakes_are_told_with_their_places(tiny: str, seen: Path) -> None:
    seen.write_text("- {week: 2025-03-10, actor: albion, stage: open}\n- {week: 2025-03-10, rung: x}\n")
    for command in ("update", "watch"):
        result = sim(command, tiny, str(seen))
        assert result.exit_code == 2
        assert "seen.yaml:1:3" in result.stderr and "seen.yaml:2:3" in result.stderr


def test_observers_at_the_same_time_lose_no_line(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, put = tmp_path / "seen.yaml", atomic_files.put
    monkeypatch.setattr(atomic_files, "put", lambda *whole: (sleep(0.05), put(*whole)))
    weeks = [f"2025-03-{day:02}" for day in (10, 17, 24, 31)]
    lines = [f"{{week: {week}, ceasefire: none}}" for week in weeks]
    with ThreadPoolExecutor(len(lines)) as pool:
        list(pool.map(lambda line: observe(tiny, path, line), lines))
    assert sorted(path.read_text("utf-8").splitlines()) == [f"- {line}" for line in lines]


def test_observe_appends_what_fits_and_nothing_else(tiny: str, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    line = "{week: 2025-03-10, rung: none, reliability: 100%}"
    assert sim("observe", tiny, str(path), line).exit_code == 0
    assert sim("observe", tiny, str(path), "{week: 2025-03-17, ceasefire: none}").exit_code == 0
    before = path.read_text()
    assert before == f"- {line}\n- {{week: 2025-03-17, ceasefire: none}}\n"
    for wrong in ("{week: 2025-03-10, rung: logistics, reliability: 100%}", "{week: 2025-03-10}", "{week"):
        assert sim("observe", tiny, str(path), wrong).exit_code == 2
    assert path.read_text() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["new.yaml", "tiny.yaml"]


def test_a_file_of_observations_that_cannot_be_gone_on_with_is_named_and_left_alone(tiny: str, tmp_path: Path) -> None:
    cases = {
        "latin.yaml": ("- {week: 2025-03-10, rung: none, note: café}\n".encode("latin-1"), ":1:1: not text in UTF-8"),
        "wrong.yaml": (b"- {week: 2025-03-10, rung: x}\n", ":1:3: rung: 'x' is not among the words"),
        "large.yaml": (b"- {week: 2025-03-10, rung: none}\n".ljust(1_000_000, b"#"), ":1:1: larger than"),
    }
    for name, (content, reason) in cases.items():
        (tmp_path / name).write_bytes(content)
        result = sim("observe", tiny, str(tmp_path / name), "{week: 2025-03-17, ceasefire: none}")
        assert (result.exit_code, isinstance(result.exception, SystemExit)) == (2, True), result.output
        assert f"{tmp_path / name}{reason}" in result.stderr
        assert (tmp_path / name).read_bytes() == content
    assert sim("observe", tiny, str(tmp_path / "nowhere" / "a.yaml"), "{week: 2025-03-17, rung: none}").exit_code == 2


def test_what_to_watch_is_told_and_printed_as_json(tiny: str, seen: Path, tmp_path: Path) -> None:
    figure = tmp_path / "watch.svg"
    shown = sim("watch", tiny, str(seen), "--of", "ceasefire", "--weeks", "4", "--runs", "600", "-o", str(figure))
    assert shown.exit_code == 0
    assert figure.read_text().startswith("<?xml")
    data = json.loads(sim("watch", tiny, "--of", "ceasefire", "--runs", "600", "--json").stdout)
    assert data["day"] == "2025-04-28"
    bits = [each["bits"] for each in data["indicators"].values()]
    assert bits == sorted(bits, reverse=True)


def test_the_figure_of_an_update_is_written(tiny: str, seen: Path, tmp_path: Path) -> None:
    figure = tmp_path / "update.svg"
    assert sim("update", tiny, str(seen), "--runs", "300", "-o", str(figure)).exit_code == 0
    text = figure.read_text()
    assert text.startswith("<?xml") and "<path" in text
