"""What all tests share: properties are held to what is true of them, not to how fast a busy machine shows it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("sim", deadline=None)
settings.load_profile("sim")
os.environ.pop("COLUMNS", None)  # the width of whoever runs the tests is not that of what they print


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    """Close the figures of a test: plots leave theirs open for whoever shows them."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def removed_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the current folder one that was removed."""
    if sys.platform == "win32":
        pytest.skip("the current folder cannot be removed there")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
