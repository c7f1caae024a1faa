"""A page that floods waits for itself: its requests are taken up at a rate, and few of them wait."""

from __future__ import annotations

import pytest

from sim.explorer import inbox
from sim.explorer.inbox import Inbox, Pace


class Clock:
    """A clock that stands until it is moved on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def move(lever: str, step: int) -> dict[str, object]:
    return {"do": "move", "lever": lever, "step": step}


def test_requests_are_taken_up_in_their_order(clock: Clock) -> None:
    waiting = Inbox(clock)
    requests = [move("a", 1), {"do": "undo"}, move("a", 1), move("b", 2)]
    assert all(map(waiting.put, requests))
    assert [waiting.take() for _ in range(len(waiting))] == requests


def test_of_moves_of_one_lever_in_a_row_the_last_counts(clock: Clock) -> None:
    waiting = Inbox(clock)
    for request in (move("a", 1), move("a", 2), move("a", 3), {"do": "undo"}, move("a", 1), "no map", "no map"):
        waiting.put(request)
    assert [waiting.take() for _ in range(len(waiting))] == [
        move("a", 3),
        {"do": "undo"},
        move("a", 1),
        *["no map"] * 2,
    ]


def test_no_more_than_a_few_requests_of_a_page_wait(clock: Clock) -> None:
    waiting = Inbox(clock)
    taken = [waiting.put({"do": "undo"}) for _ in range(inbox.MOST_WAITING + 2)]
    assert taken == [True] * inbox.MOST_WAITING + [False] * 2
    waiting.take()
    assert waiting.put({"do": "undo"})


def test_a_quiet_page_does_not_wait(clock: Clock) -> None:
    waiting = Inbox(clock)
    for _ in range(100):
        clock.now += 5.0
        waiting.spend(0.2)
        assert waiting.delay() == 0.0


def test_a_page_that_floods_takes_no_more_than_its_share(clock: Clock) -> None:
    waiting, spent, begun = Inbox(clock), 0.0, clock.now
    for _ in range(2_000):
        clock.now += waiting.delay() + 0.05
        waiting.spend(0.05)
        spent += 0.05
    assert spent <= inbox.AT_ONCE + inbox.SHARE * (clock.now - begun) + 0.05
    assert spent >= 0.9 * inbox.SHARE * (clock.now - begun)


def test_a_page_that_flooded_waits_no_longer_once_it_was_quiet(clock: Clock) -> None:
    waiting = Inbox(clock)
    waiting.spend(inbox.AT_ONCE + 1.0)
    assert waiting.delay() == pytest.approx(1.0 / inbox.SHARE)
    clock.now += 1.0 / inbox.SHARE
    assert waiting.delay() == pytest.approx(0.0)


def test_a_connection_that_floods_is_read_at_a_rate(clock: Clock) -> None:
    pace, begun, read = Pace(clock), clock.now, 5_000
    for _ in range(read):
        clock.now += pace.delay()
    assert clock.now - begun == pytest.approx((read - inbox.FRAGMENTS_AT_ONCE) / inbox.FRAGMENTS)


def test_a_connection_that_was_quiet_may_send_much_at_once(clock: Clock) -> None:
    pace = Pace(clock)
    for _ in range(3):
        assert [pace.delay() for _ in range(int(inbox.FRAGMENTS_AT_ONCE))] == [0.0] * int(inbox.FRAGMENTS_AT_ONCE)
        assert pace.delay() > 0.0
        clock.now += 60.0
