"""Whether the explorer's memory stays flat: `python benchmarks/explorer_memory.py [--requests N] [--every N]`.

A served page is asked as browsers ask: pages are loaded over HTTP, their websockets opened and closed again, levers
moved, changes undone, tabs, actors and runs looked at, files exported, in an order drawn once. One page stays open all
the time and gets every second request; of the others some load and never connect, the rest leave while an answer is
under way. Told is the server's resident memory in megabytes (10^6 bytes) as requests pass, its peak, and the slope over
the second half, when caches are full, with its 95% interval (ordinary least squares).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count, cycle
from typing import Any, NamedTuple, Self

from measuring import HOME, MEMORY_UNIT, parser, positive, tell
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

Request = dict[str, str]
PATIENCE = 300.0
"""Seconds after which an answer has failed to come; the first may wait for code to be compiled."""
AGAIN = 5.0
"""Seconds until a page that was turned away comes again."""
VISIT = 30
"""Requests while a page comes and goes, half of them to the page that stays; then both wait for an answer."""
WEIGHTS = {"move": 40, "undo": 18, "reset": 10, "look": 12, "actor": 6, "run": 4, "surprising": 3, "typical": 2,
           "export": 4, "rivals": 1}  # fmt: skip
"""How often a page asks what, of 100 requests."""
CHOICES = {
    "look": [{"tab": tab} for tab in ("forecast", "network", "why", "story")],
    "typical": [{"outcome": outcome} for outcome in ("no_ceasefire", "ceasefire_without_force", "reassurance")],
    "export": [
        {"what": "scenario"},
        {"what": "rows", "kind": "csv"},
        {"what": "outcomes", "kind": "png"},
        {"what": "network", "kind": "svg"},
    ],
}
REFINED = ("2000", "2000", "2000", "10000", "40000")
"""Runs that pages ask for when they wait, in turn."""


class Page:
    """One page as a browser holds it: loaded, connected, and listening all the time.

    ``regions`` is what it shows, by name; ``seen`` is called when some of it changed.
    """

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self._connection, self._numbers = connection, count()
        self._shown = asyncio.Condition()
        self.model = ""
        self.regions: dict[str, str] = {}
        self.seen: Callable[[], None] = lambda: None
        self._heard = set[str]()
        self._listening = asyncio.create_task(self._listen())
        self._listening.add_done_callback(_fail)

    @classmethod
    async def opened(cls, url: str) -> Self:
        """Return a page that was loaded and has said hello; if too many are open, come again until one is free."""
        while not (page := await cls._let_in(url)).model:
            await page.close()
            await asyncio.sleep(AGAIN)
        await page._tell({"type": "event", "name": "document_ready", "values": {"type": "map", "entries": []}})
        await page.ask({"do": "hello"})
        return page

    @classmethod
    async def _let_in(cls, url: str) -> Self:
        token = await loaded(url)
        request = HTTPRequest(f"{url.replace('http:', 'ws:')}ws")
        page = cls(await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=1 << 28))
        await page.until(lambda: "ACK" in page._heard)
        await page._send("PULL-DOC-REQ", {})
        await page.until(lambda: "PULL-DOC-REPLY" in page._heard)
        return page

    async def ask(self, what: Request) -> None:
        """Send a request, as ``model.send_msg`` of the page's script does."""
        said = {"type": "map", "entries": list(what.items())}
        values = {"type": "map", "entries": [("model", {"id": self.model}), ("data", said)]}
        await self._tell({"type": "event", "name": "data_event", "values": values})

    async def answered(self, runs: str) -> None:
        """Ask for so many runs in the end, and wait for the first answer."""
        self.regions["status"] = ""
        await self.ask({"do": "runs", "runs": runs})
        await self.until(lambda: "Answer from" in self.regions["status"])

    async def close(self) -> None:
        """Close the connection, as a browser does that leaves."""
        self._connection.close()
        await self._listening

    async def _tell(self, event: dict[str, Any]) -> None:
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        await self._send("PATCH-DOC", {"events": [sent]})

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        for part in ({"msgid": str(next(self._numbers)), "msgtype": kind}, {}, content):
            await self._connection.write_message(json.dumps(part))

    async def until(self, there: Callable[[], bool]) -> None:
        """Wait until the page shows something."""
        try:
            async with asyncio.timeout(PATIENCE), self._shown:
                await self._shown.wait_for(there)
        except TimeoutError:
            status = re.sub("<[^>]*>", "", self.regions.get("status", ""))
            raise SystemExit(f"the explorer gave no answer within {PATIENCE:.0f} seconds; status: {status!r}") from None

    async def _listen(self) -> None:
        """Take in messages of a header, metadata, a content, and buffers that nobody reads."""
        while (header := await self._connection.read_message()) is not None:
            about = json.loads(header)
            parts: list[str | bytes] = []
            for _ in range(2 + 2 * about.get("num_buffers", 0)):
                if (part := await self._connection.read_message()) is None:
                    return  # closed amid a message; no second word of that comes, so nothing more is asked for
                parts.append(part)
            async with self._shown:
                self._hear(about["msgtype"], json.loads(parts[1]))
                self._shown.notify_all()

    def _hear(self, kind: str, content: dict[str, Any]) -> None:
        self._heard.add(kind)
        if kind == "PULL-DOC-REPLY":
            roots = {root["name"]: root["id"] for root in content["doc"]["roots"]}
            self.model = roots.get("panel.models.esm.ReactiveESM", "")
        changes = {event["attr"]: event["new"] for event in content.get("events", ()) if "attr" in event}
        self.regions |= {name: shown for name, shown in changes.items() if isinstance(shown, str)}
        if changes:
            self.seen()


def _fail(listening: asyncio.Task[None]) -> None:
    """End at once, and say why, where a page can no longer hear: it would wait for its answer in vain."""
    if not listening.cancelled() and (error := listening.exception()) is not None:
        raise SystemExit(f"a page stopped listening: {error!r}") from error


async def loaded(url: str) -> str:
    """Load a page over HTTP, and return the token under which it may connect."""
    text = (await AsyncHTTPClient().fetch(url, request_timeout=PATIENCE)).body.decode()
    if not (found := re.search(r'"token":"([^"]+)"', text)):
        raise SystemExit(f"{url} gave no page")
    return found[1]


class Visitors:
    """Whoever asks: a page that stays open, and pages that come and go."""

    def __init__(self, url: str, scenario: str, process: int) -> None:
        import sim

        parts = sim.load(scenario).parts
        self.url, self.process, self.luck = url, process, random.Random(1)
        self.steps = {name: len(lever.steps) for name, lever in parts.levers.items()}
        self.actors = list(parts.actors)
        self.refined = cycle(REFINED)
        self.counts = Counter[str]()
        self.memory: list[float] = []

    async def ask(self, requests: int, every: int) -> None:
        """Make so many requests, page loads counted, and look at the memory now and then."""
        stays = await Page.opened(self.url)
        while self.asked < requests:
            await self._noted(loaded(self.url), "loads without a connection", every)
            page = await Page.opened(self.url)
            await self._noted(asyncio.sleep(0), "pages", every)
            for at in range(min(VISIT, requests - self.asked)):
                await self._noted((page, stays)[at % 2].ask(self._request()), "requests", every)
            await asyncio.gather(self._answered(page), self._answered(stays))
            await page.ask({"do": "reset"})  # it leaves while this is worked out
            await page.close()
        await stays.close()

    @property
    def asked(self) -> int:
        """How many requests were made, page loads counted."""
        return self.counts["requests"] + self.counts["pages"] + self.counts["loads without a connection"]

    async def _noted(self, work: Any, what: str, every: int) -> None:
        await work
        self.counts[what] += 1
        if self.asked % every == 0:
            self.memory.append(resident(self.process))
            print(f"{self.asked:,} requests: {self.memory[-1]:.0f} MB", file=sys.stderr)

    async def _answered(self, page: Page) -> None:
        await page.answered(next(self.refined))
        self.counts["answers waited for"] += 1

    def _request(self) -> Request:
        (what,) = self.luck.choices(list(WEIGHTS), list(WEIGHTS.values()))
        if what == "move":
            lever = self.luck.choice(list(self.steps))
            return {"do": what, "lever": lever, "step": str(self.luck.randint(0, self.steps[lever]))}
        if what == "actor":
            return {"do": what, "actor": self.luck.choice(self.actors)}
        if what == "run":
            return {"do": what, "run": str(self.luck.randrange(2_000))}
        return {"do": what, **self.luck.choice(CHOICES.get(what, [{}]))}


class Family(NamedTuple):
    """What a process and those that it started take: resident memory in megabytes (10^6 bytes), processor seconds."""

    memory_mb: float
    processor_seconds: float


def family(process: int) -> Family:
    """Return what a process and its children take."""
    command = ["ps", "-A", "-o", "pid=,ppid=,rss=,time="]
    rows = map(str.split, subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())
    own = [(int(rss), _seconds(time)) for pid, parent, rss, time in rows if str(process) in (pid, parent)]
    return Family(sum(rss for rss, _ in own) * 1024 / 1e6, sum(seconds for _, seconds in own))


def _seconds(time: str) -> float:
    """Return the seconds of a time as `ps` writes it: [[days-]hours:]minutes:seconds."""
    days, _, rest = time.rpartition("-")
    units = (1, 60, 3600)
    return 86400 * int(days or 0) + sum(
        unit * float(each) for unit, each in zip(units, reversed(rest.split(":")), strict=False)
    )


def resident(process: int) -> float:
    """Return the resident memory of a process and its children in megabytes (10^6 bytes)."""
    return family(process).memory_mb


def slope(requests: Sequence[int], memory: Sequence[float]) -> dict[str, float]:
    """Return the slope in megabytes per 1,000 requests, with its 95% interval."""
    from scipy import stats

    found = stats.linregress([each / 1000 for each in requests], memory)
    half = float(stats.t.ppf(0.975, len(memory) - 2) * found.stderr)
    return {"slope": float(found.slope), "low": float(found.slope) - half, "high": float(found.slope) + half}


def served(scenario: str, errors: Any) -> subprocess.Popen[str]:
    """Start the explorer on a free port."""
    command = [sys.executable, "-m", "sim", "explore", scenario, "--no-open", "--port", "0"]
    about = os.environ | {"PYTHONPATH": str(HOME)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=HOME, env=about)


def memory(scenario: str, requests: int, every: int) -> dict[str, Any]:
    """Return what a served explorer's memory did while so many requests were made."""
    with tempfile.TemporaryFile("w+") as errors:
        server = served(scenario, errors)
        try:
            assert server.stdout is not None
            visitors = Visitors(server.stdout.readline().split()[0], scenario, server.pid)
            asyncio.run(visitors.ask(requests, every))
        finally:
            server.terminate()
            usage = os.wait4(server.pid, 0)[2]
        errors.seek(0)
        lines = [line for line in errors if "error" in line.lower()]
    second = [each for each in _at(every, len(visitors.memory)) if each > requests / 2]
    found = slope(second, visitors.memory[-len(second) :])
    return {
        **visitors.counts,
        "errors_logged": len(lines),
        "memory_mb": visitors.memory,
        "peak_mb": usage.ru_maxrss * MEMORY_UNIT / 1e6,
        "second_half_mb_per_1000_requests": found,
        "growth": "none shown" if found["low"] <= 0 else "shown",
    }


def _at(every: int, number: int) -> Iterator[int]:
    return (every * (at + 1) for at in range(number))


def main() -> None:
    """Print memory as requests passed, and its slope."""
    asked = parser(__doc__)
    asked.add_argument("scenario", nargs="?", default="baseline", help="a shipped scenario's name")
    asked.add_argument("--requests", type=positive, default=10_000, help="requests, page loads counted")
    asked.add_argument("--every", type=positive, default=500, help="requests between two looks at the memory")
    given = asked.parse_args()
    if given.requests < 8 * given.every:
        asked.error(f"--requests: expected at least 8 times --every, got {given.requests} and {given.every}")
    found = memory(given.scenario, given.requests, given.every)
    tell({"scenario": given.scenario, **found}, given.json)


if __name__ == "__main__":
    main()
