"""The bar of a command, looked at without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest


@dataclass
class Seen:
    """What a bar was opened for, how far it moved at each step, and what it said was being done."""

    total: int | None = None
    steps: list[int] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)

    def __call__(self, runs: int) -> None:
        self.steps.append(runs)

    def stage(self, what: str) -> None:
        self.stages.append(what)


@contextmanager
def bar_of(module: str) -> Iterator[Seen]:
    """Yield what the bar of the command in ``module`` shows; ``total`` is None if it opens none."""
    seen = Seen()

    @contextmanager
    def progress(total: int, what: str) -> Iterator[Seen]:
        assert what
        seen.total = total
        yield seen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{module}.progress", progress)
        yield seen
