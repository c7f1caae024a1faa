"""What an analysis may be about, and how its sentences name it."""

from __future__ import annotations

HEADLINES = {
    "ceasefire": "a ceasefire",
    "deployed": "any foreign deployment",
    "european": "a European force",
    "observer": "an observer mission",
    "training": "a training mission",
}


def known(of: str) -> str:
    """Return the words for what an analysis is about.

    Raises
    ------
    ValueError
        If no analysis can be about it.

    >>> known("european")
    'a European force'
    """
    if of not in HEADLINES:
        raise ValueError(f"{of!r} is not what an analysis can be about; allowed: {', '.join(HEADLINES)}")
    return HEADLINES[of]


def figure(value: float) -> str:
    """Return a number as a sentence gives it.

    >>> figure(0.12345), figure(12000.0)
    ('0.123', '12,000')
    """
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
