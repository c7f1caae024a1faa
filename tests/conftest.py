"""What all tests share: properties are held to what is true of them, not to how fast a busy machine shows it."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("sim", deadline=None)
settings.load_profile("sim")


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    """Close the figures of a test: plots leave theirs open for whoever shows them."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
