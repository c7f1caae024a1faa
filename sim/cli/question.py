"""``sim question``: what exactly is asked of a scenario."""

from __future__ import annotations

from sim.cli.changes import scenario as read
from sim.cli.common import say
from sim.cli.options import Config, Set


def question(config: Config, sets: Set = []) -> None:  # noqa: B006  (typer copies it)
    """Print the question card: what exactly is asked."""
    from sim.scenario.question_card import card

    for line in card(read(config, sets)):
        say(line)
