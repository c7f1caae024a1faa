"""``sim question``: what exactly is asked of a scenario."""

from __future__ import annotations

from sim.cli.common import say
from sim.cli.options import Config


def question(config: Config) -> None:
    """Print the question card: what exactly is asked."""
    from sim.scenario.loading import load
    from sim.scenario.question_card import card

    for line in card(load(config)):
        say(line)
