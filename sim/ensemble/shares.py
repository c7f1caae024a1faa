"""The share of runs in which something came about, with its interval of run noise."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from sim.ensemble.likelihood_words import between, exactly, in_words

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
    >>> in_percent(share(0, 4000)), in_percent(share(1, 20_000)), in_percent(share(300, 300))
    (('none', 'below 0.1%'), ('0.005%', '0.0009% to 0.03%'), ('all', 'above 98%'))
    """
    if share is None:
        return "no run", ""
    whole = {0: "none", share.of: "all"}
    return whole.get(share.hits, exactly(share.probability)), between(share.low, share.high)


def worded(share: Share) -> str:
    """Return a share in words of likelihood and in percent, with what none and all of so many runs are worth.

    >>> worded(share(60, 200)), worded(share(0, 4000))
    ('unlikely (about 30%)', 'remote: under 0.1% (none of 4,000 runs)')
    """
    return in_words(share.probability, (share.low, share.high), share.of)


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
