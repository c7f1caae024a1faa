"""What stands on the table and in the field: a mission with one run's numbers, and a force."""

from __future__ import annotations

from typing import NamedTuple

from sim import vocabulary


class Kind(NamedTuple):
    """A mission with one run's numbers; ``worth`` as weakened by forces at the line and helped by reserves."""

    name: str
    deployed: bool
    training: bool
    western: bool
    un_mandate: bool
    nato_flag: bool
    waits_for_truce: bool
    consent_word: int
    leads: frozenset[int]
    profile: tuple[float, ...]
    worth: float
    provocation: float
    exposure: float
    minimum: float

    @property
    def needs_acceptance(self) -> bool:
        """Whether the mission needs Moscow to accept it, not merely to tolerate it."""
        return self.consent_word == len(vocabulary.CONSENTS) - 1


class Force(NamedTuple):
    """A force in the field: its mission, and troops in all and European (persons)."""

    mission: int
    troops: float
    european_troops: float
    european: bool
    states: int
