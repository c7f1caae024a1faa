"""What an analysis asks of runs that it lets go: several questions at a time, in order, answers kept if wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

from sim.batch import design_points
from sim.batch.design_points import Arrays
from sim.batch.workers import spread

__all__ = ["Answer", "Arrays", "Question", "answers"]


class Question(NamedTuple):
    """What is asked: the ``arguments`` of whoever plays it, and a call for all that the answer follows from.

    That is made only where answers are kept; see :meth:`sim.batch.design_points.Points.standing`. ``runs`` is how many
    the answer will stand for, where that is known beforehand: a bar moves on by so many if it was kept.
    """

    arguments: tuple[Any, ...]
    asks: Callable[[], dict[str, Any]]
    runs: int = 0


class Answer(NamedTuple):
    """How many runs were ``played`` for an answer, and the arrays that it consists of."""

    played: int
    arrays: Arrays


def answers(
    play: Callable[..., Answer],
    questions: Iterable[Question],
    engine: str,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Generator[Arrays, None, None]:
    """Yield the answers to ``questions``, in order; those that were kept before are not played.

    ``play`` is a function of a module, as it may travel to a process; ``questions`` are taken as they are needed, so
    they may be made while others are played. ``progress`` is called with the runs played for an answer, or with those
    of its question if the answer was kept.
    """
    points, under_way = design_points.current(), deque[tuple[dict[str, Any], int]]()

    def calls() -> Iterator[tuple[Any, ...]]:
        for question in questions:
            asks = question.asks() if points is not None else {}
            under_way.append((asks, question.runs))
            yield play, question.arguments, points.standing(asks) if points is not None else None

    with closing(spread(_answer, calls(), engine, workers)) as done:
        while True:
            try:
                played, arrays = next(done)
            except StopIteration:
                return
            except Exception as error:
                if points is not None and under_way:
                    points.failed(under_way[0][0], error)
                raise
            asks, runs = under_way.popleft()
            if points is not None and played:
                points.keep(asks, arrays)
            if progress is not None:
                progress(played or runs)
            yield arrays


def _answer(play: Callable[..., Answer], arguments: tuple[Any, ...], standing: Arrays | None) -> Answer:
    return play(*arguments) if standing is None else Answer(0, standing)
