"""The share of runs in which something came about, with its interval of run noise."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Z95 = 1.959963984540054


class Share(NamedTuple):
    """A share of runs with its 95% interval of run noise (Wilson 1927)."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def probability(self) -> float:
        """The share itself."""
        return self.hits / self.of


def in_percent(share: Share | None) -> tuple[str, str]:
    """Return a share and its run noise as words; what to say instead if there is none.

    >>> in_percent(Share(1, 4, 0.1, 0.5)), in_percent(None)
    (('25.0%', '10.0% to 50.0%'), ('no run', ''))
    """
    return (f"{share.probability:.1%}", f"{share.low:.1%} to {share.high:.1%}") if share else ("no run", "")


def interval(share: Share) -> dict[str, float]:
    """Return a share with its run noise as the plain summary holds it."""
    return {"probability": share.probability, "run_noise_low": share.low, "run_noise_high": share.high}


def counted(share: Share) -> dict[str, float]:
    """Return a share with its count and run noise as the plain summary holds it."""
    return {"count": share.hits, **interval(share)}


def share(count: int, of: int) -> Share:
    """Return ``count`` of ``of`` runs as a share with Wilson's 95% interval.

    Raises
    ------
    ValueError
        If there are no runs, or more counted than there are.

    >>> round(share(0, 10).high, 4)
    0.2775
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"cannot take {count} of {of} runs as a share")
    p, z2 = count / of, Z95 * Z95
    centre = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(count, of, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))
