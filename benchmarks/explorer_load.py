"""Whether the explorer stands fifty visitors: `python benchmarks/explorer_load.py [--sessions N] [--minutes M]`.

A page is served on loopback, and as many sessions as asked for move levers: one to three moves in a second, then the
session waits for the first answer, reads it for a while (exponential, ``--pause`` seconds on average) and moves on.
In the second half one more session floods: it moves a lever fifty times a second and waits for nothing.

Printed are the seconds from a move to the first answer for the settings then shown, for ordinary sessions in both
halves, with how many of these were of few runs (as the page says; more follow) and how many answers were shown with
figures; the resident memory of the server and of the process that draws for it, minute by minute; the processor time
that they took; and how many answers were wrong. Each answer that a session was shown is held against the one computed
directly, in this process, for the settings that the page's address tells: every number in its tables and its headline.
``--checks`` bounds how many different answers are computed again (drawn at random; 0 is all).
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
import tempfile
from functools import lru_cache
from statistics import median, quantiles
from time import monotonic, process_time
from typing import Any, NamedTuple

from explorer_memory import Family, Page, family, served
from measuring import parser, positive, tell

FLOOD = 0.02
"""Seconds between two requests of the session that floods."""
EVERY = 5.0
"""Seconds between two looks at the memory."""
FIRST = re.compile(r"Answer from ([\d,]+) runs")
USUAL = 2_000
"""Runs of a first answer; where others wait for theirs it has fewer, and may leave out what was before the change."""
RUNS = re.compile(r"([\d,]+) runs</span>")
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
BEFORE = "before the last change"


class Answer(NamedTuple):
    """What a session was shown: the addresses of its settings and of those before (None: not known), and the HTML.

    Tables and headline each say of how many runs they are; while an answer is refined one may be ahead of the other.
    """

    address: str
    before: str | None
    runs: int
    headline: str
    tables: tuple[str, ...]


class Wait(NamedTuple):
    """A wait for a first answer: when it began, seconds, runs of the answer, and whether figures came in time."""

    begun: float
    seconds: float
    runs: int
    drawn: bool


class Visitor:
    """One session: it moves levers, and keeps every answer that it is shown."""

    def __init__(self, page: Page, levers: dict[str, int], luck: random.Random) -> None:
        self.page, self.levers, self.luck = page, levers, luck
        self.answers: set[Answer] = set()
        self.waits: list[Wait] = []
        self.moves = 0
        self._before: str | None = None
        self._settings = page.regions.get("address", "")
        page.seen = self._look

    async def stay(self, until: float, pause: float) -> None:
        """Move levers and read answers until a moment of the clock."""
        await asyncio.sleep(self.luck.uniform(0.0, pause))
        while monotonic() < until:
            for _ in range(self.luck.randint(1, 3)):
                begun = await self._moved()
            await self.page.until(lambda: FIRST.search(self.page.regions["status"]) is not None)
            taken, shown = monotonic() - begun, FIRST.search(self.page.regions["status"])
            self.page.regions["figures"] = ""
            await asyncio.sleep(self.luck.expovariate(1.0 / pause))
            drawn = "<figure" in self.page.regions["figures"]
            self.waits.append(Wait(begun, taken, _number(shown[1]) if shown else 0, drawn))

    async def flood(self, begin: float, until: float) -> None:
        """Move levers without end from one moment to another; what was before a change is not known then."""
        await asyncio.sleep(begin - monotonic())
        while monotonic() < until:
            await self.page.ask(self._move())
            await asyncio.sleep(FLOOD)
        self.answers = {answer._replace(before=None) for answer in self.answers}

    async def _moved(self) -> float:
        """Make a move that fits, and return when it was sent, once the page shows the settings that it made."""
        while True:
            begun, before = monotonic(), self._settings
            if self._refused:
                self.page.regions["status"] = ""  # else it stays: the same words twice are sent once
            await self.page.ask(self._move())
            await self.page.until(lambda old=before: self._settings != old or self._refused)  # type: ignore[misc]
            if self._settings != before:
                return begun

    @property
    def _refused(self) -> bool:
        status = self.page.regions["status"]
        return bool(status) and "Answer from" not in status and "Working" not in status

    def _move(self) -> dict[str, str]:
        """Return a request that moves a lever to another step than the one it stands on."""
        self.moves += 1
        lever = self.luck.choice(list(self.levers))
        now = dict(re.findall(r"lever\.(\w+)=(\d+)", self._settings)).get(lever, "0")
        steps = [str(step) for step in range(self.levers[lever] + 1) if str(step) != now]
        return {"do": "move", "lever": lever, "step": self.luck.choice(steps)}

    def _look(self) -> None:
        """Note the settings that the page shows when they change, and the answer if it shows one."""
        shown = self.page.regions
        if shown.get("address", "") != self._settings:
            self._before, self._settings = self._settings, shown["address"]
        runs = RUNS.search(shown.get("forecast", ""))
        # A headline that stood before the page could listen comes only once it changes.
        if runs and "headline" in shown and FIRST.search(shown.get("status", "")):
            tables = tuple(TABLE.findall(shown["forecast"]))
            self.answers.add(Answer(self._settings, self._before, _number(runs[1]), shown["headline"], tables))


def _number(text: str) -> int:
    return int(text.replace(",", ""))


class Look(NamedTuple):
    """What the server took until a moment."""

    at: float
    server: Family


class Load(NamedTuple):
    """What a load did: visitors, when the flood began and all ended, the server, processor seconds of the sessions."""

    visitors: list[Visitor]
    flood: Visitor
    flooded: float
    ended: float
    looks: list[Look]
    own: float


async def load(url: str, process: int, scenario: str, sessions: int, minutes: float, pause: float) -> Load:
    """Let sessions move levers for so many minutes, one more of them flooding in the second half."""
    import sim

    levers = {name: len(lever.steps) for name, lever in sim.load(scenario).parts.levers.items()}
    *visitors, flood = [
        Visitor(await Page.opened(url), levers, random.Random(number)) for number in range(sessions + 1)
    ]
    await asyncio.gather(*(each.page.answered("2000") for each in (*visitors, flood)))
    begun, own = monotonic(), process_time()
    half, end = begun + 30.0 * minutes, begun + 60.0 * minutes
    looks: list[Look] = []
    watch = asyncio.create_task(_watched(process, looks))
    await asyncio.gather(*(each.stay(end, pause) for each in visitors), flood.flood(half, end))
    watch.cancel()
    await asyncio.gather(*(each.page.close() for each in (*visitors, flood)))
    return Load(visitors, flood, half, end, looks, process_time() - own)


async def _watched(process: int, looks: list[Look]) -> None:
    while True:
        looks.append(Look(monotonic(), family(process)))
        await asyncio.sleep(EVERY)


def seconds(waits: list[Wait]) -> dict[str, float]:
    """Return how many answers, their median, 95th percentile and longest; the shares of few runs, and with figures."""
    taken = [each.seconds for each in waits]
    p95 = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    times = {"answers": float(len(taken)), "median": median(taken), "p95": p95, "longest": max(taken)}
    few = sum(each.runs < USUAL for each in waits) / len(waits)
    return {**times, "of_few_runs": few, "with_figures": sum(each.drawn for each in waits) / len(waits)}


def memory(looks: list[Look]) -> dict[str, Any]:
    """Return the memory of the server and its children in MB: at the beginning, minute by minute, and its peak."""
    taken = [each.server.memory_mb for each in looks]
    return {"by_minute": taken[:: round(60 / EVERY)], "last": taken[-1], "peak": max(taken)}


class Direct:
    """The answers computed directly, in this process, from the settings that an address tells."""

    def __init__(self, scenario: str) -> None:
        import sim
        from sim.explorer.controls import Subject
        from sim.explorer.run_cache import Lab
        from sim.explorer.session import Session

        self._session, self._lab = Session(Subject(sim.load(scenario))), Lab()
        self._side = lru_cache(64)(self._computed)

    def wrong(self, answer: Answer) -> list[str]:
        """Return what an answer shows otherwise than it is: tables by their captions, and the headline."""
        left_out = answer.runs < USUAL and not any(BEFORE in table for table in answer.tables)
        wrong = self._wrong_tables(answer, None if left_out else answer.before)
        return wrong + ([] if answer.before is None or self._is_headline(answer, answer.before) else ["headline"])

    def _wrong_tables(self, answer: Answer, before: str | None) -> list[str]:
        from sim.explorer import forecast_view

        now, reference = (self._side(each, answer.runs) for each in (answer.address, ""))
        last = None if before is None else self._side(before, answer.runs)
        expected = TABLE.findall(str(forecast_view.forecast(now, _other(reference, now), _other(last, now))))
        shown = [table for table in answer.tables if before is not None or BEFORE not in table]
        return [] if shown == expected else [_caption(one) for one in set(shown) ^ set(expected)] or ["order"]

    def _is_headline(self, answer: Answer, before: str) -> bool:
        """Return whether the headline is that of the answer's settings, of as many runs as it says."""
        from sim.explorer import head_view

        runs = RUNS.search(answer.headline)
        if runs is None:
            return False
        now, last, reference = (self._side(each, _number(runs[1])) for each in (answer.address, before, ""))
        known = [_other(last, now), *([None] if _number(runs[1]) < USUAL else [])]
        return answer.headline in {str(head_view.headline(now, each, _other(reference, now))) for each in known}

    def _computed(self, address: str, runs: int) -> Any:
        from sim.explorer.changes import from_address
        from sim.explorer.forecast_view import Side

        scenario = self._session.scenario_of(from_address(address)[0])
        return Side(scenario.name, self._lab.ensemble(scenario, runs, lambda _: None), None, None)


def _other(side: Any, now: Any) -> Any:
    """Return a side if it is of another scenario than the one shown, else None."""
    return side if side is not None and side.runs.manifest["hash"] != now.runs.manifest["hash"] else None


def _caption(table: str) -> str:
    return re.sub(r".*<caption>(.*?)</caption>.*", r"\1", table, flags=re.DOTALL)


def checked(scenario: str, answers: list[Answer], most: int) -> dict[str, Any]:
    """Return how many answers were computed again, and how many of them were wrong."""
    some = random.Random(1).sample(answers, min(most or len(answers), len(answers)))
    direct = Direct(scenario)
    wrong = [
        (each, what)
        for each in sorted(some, key=lambda each: (each.runs, each.address))
        if (what := direct.wrong(each))
    ]
    for each, what in wrong:
        print(f"wrong: {each.address or 'nothing changed'}, {each.runs} runs: {', '.join(what)}", file=sys.stderr)
    return {"answers_shown": len(answers), "computed_again": len(some), "wrong": len(wrong)}


def half_of(waits: list[Wait], looks: list[Look], first: float, last: float) -> dict[str, float]:
    """Return the waits that began between two moments, and what the server took meanwhile: in all, and an answer."""
    inside = [each for each in waits if first <= each.begun < last]
    during = [each for each in looks if first <= each.at < last]
    if not inside or len(during) < 2:
        return seconds(inside) if inside else {}
    passed = during[-1].at - during[0].at
    busy = (during[-1].server.processor_seconds - during[0].server.processor_seconds) / passed
    rate = len(inside) / passed
    about = {"answers_per_second": rate, "server_processors": busy, "processor_seconds_each": busy / rate}
    return {**seconds(inside), **about}


def measured(asked: Any) -> dict[str, Any]:
    """Return the table: seconds to the first answer, memory, and wrong answers."""
    with tempfile.TemporaryFile("w+") as errors:
        server = served(asked.scenario, errors)
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[0]
            done = asyncio.run(load(url, server.pid, asked.scenario, asked.sessions, asked.minutes, asked.pause))
        finally:
            server.terminate()
            server.wait()
        errors.seek(0)
        logged = [line for line in errors if "error" in line.lower()]
    waits = [wait for each in done.visitors for wait in each.waits]
    halves = {
        "first_half": half_of(waits, done.looks, 0.0, done.flooded),
        "second_half_flooded": half_of(waits, done.looks, done.flooded, done.ended),
    }
    answers = list({answer for each in (*done.visitors, done.flood) for answer in each.answers})
    return {
        "sessions": asked.sessions,
        "seconds_to_first_answer": {name: each for name, each in halves.items() if each},
        "moves": sum(each.moves for each in done.visitors),
        "moves_of_the_flood": done.flood.moves,
        "memory_mb": memory(done.looks),
        "processors_of_the_sessions": done.own / (60.0 * asked.minutes),
        "errors_logged": len(logged),
        **checked(asked.scenario, answers, asked.checks),
        "load": list(os.getloadavg()),
    }


def main() -> None:
    """Print how a served explorer stands a load."""
    asked = parser(__doc__)
    asked.add_argument("scenario", nargs="?", default="baseline", help="a shipped scenario's name")
    asked.add_argument("--sessions", type=positive, default=50)
    asked.add_argument("--minutes", type=float, default=10.0)
    asked.add_argument("--pause", type=float, default=20.0, help="seconds that an answer is read, on average")
    asked.add_argument("--checks", type=int, default=0, help="answers to compute again; 0 is all")
    given = asked.parse_args()
    tell({"scenario": given.scenario, **measured(given)}, given.json)


if __name__ == "__main__":
    main()
