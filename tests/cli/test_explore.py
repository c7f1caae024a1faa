"""What ``sim explore`` serves, and under which names: handed on as given, said before it is served."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.explorer import serve
from tests.worlds import write_tiny

WORDS = ("--port", "7001", "--address", "192.0.2.7", "--allow-host", "hub.example.org", "--of", "deployed", "--no-open")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what is served, noted and not done."""
    asked: list[Any] = []

    def server(scenario: Any, *given: Any) -> Any:
        asked.append((scenario.name, *given))
        return SimpleNamespace(port=7002)

    def run(server: Any, url: str, show: bool, ready: Any) -> None:
        asked.append((server.port, url, show))
        ready(url)

    monkeypatch.setattr(serve, "served", server)
    monkeypatch.setattr(serve, "run", run)
    return asked


def test_what_is_given_is_served_and_a_warning_is_said_where_others_reach_it(tmp_path: Any, served: list[Any]) -> None:
    result = CliRunner().invoke(app, ["explore", str(write_tiny(tmp_path)), *WORDS])
    assert served == [
        ("tiny", 7001, "192.0.2.7", "deployed", ["hub.example.org"]),
        (7002, "http://192.0.2.7:7002/", False),
    ]
    assert result.stderr.strip() == serve.warning("192.0.2.7", ["hub.example.org"]) != ""
    assert result.stdout == "http://192.0.2.7:7002/ (end with Ctrl-C)\n"


def test_without_options_the_baseline_is_served_on_this_machine_alone(served: list[Any]) -> None:
    result = CliRunner().invoke(app, ["explore"])
    assert served == [("baseline", 5006, "127.0.0.1", "european", []), (7002, "http://127.0.0.1:7002/", True)]
    assert result.stderr == "" and result.exit_code == 0


@pytest.mark.parametrize(
    ("error", "words", "status"),
    [
        (ValueError("no such host"), "no such host", 2),
        (OSError(98, "Address already in use"), "127.0.0.1, port 5006: Address already in use", 1),
        (OSError("gone"), "127.0.0.1, port 5006: gone", 1),
    ],
)
def test_a_place_that_cannot_be_served_is_said_in_one_line(
    error: Exception, words: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise error

    monkeypatch.setattr(serve, "served", refused)
    result = CliRunner().invoke(app, ["explore"])
    assert (result.stderr.strip(), result.exit_code, result.stdout) == (words, status, "")
