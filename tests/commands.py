"""Runs commands within the process, and checks what every refusal keeps."""

from typer.testing import CliRunner, Result

from sim.cli import app


def sim(*words: str) -> Result:
    """Run ``sim`` with these words."""
    return CliRunner().invoke(app, list(words))


def refused(result: Result, *expected: str) -> None:
    """Check that a command ended with status 2 and said what is expected, without output or a traceback."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for words in expected:
        assert words in result.stderr


def refused_in_a_line(result: Result, *expected: str) -> None:
    """Check the same of a command that says it in one line."""
    refused(result, *expected)
    assert len(result.stderr.strip().splitlines()) == 1
