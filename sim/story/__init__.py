"""Tell one run week by week, with the reasons for each step."""

from sim.story.narrative import events, tell

__all__ = ["events", "tell"]
