"""The bar of a command, looked at without a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest


@dataclass
class Seen:
    """What a bar was opened for, and how far it moved at each step."""

    total: int | None = None
    steps: list[int] = field(default_factory=list)


@contextmanager
def bar_of(module: str) -> Iterator[Seen]:
    """Yield what the bar of the command in ``module`` shows; ``total`` is None if it opens none."""
    seen = Seen()

    @contextmanager
    def progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
        assert what
        seen.total = total
        yield seen.steps.append

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{module}.progress", progress)
        yield seen
