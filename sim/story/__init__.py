"""Tell one run week by week, with the reasons for each step."""

from sim.story.narrative import events, tell
from sim.story.wrapping import WIDTH

__all__ = ["WIDTH", "events", "tell"]
