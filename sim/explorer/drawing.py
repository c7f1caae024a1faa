"""Draws the figures of a forecast, in a process of its own where several pages share a server, and keeps them.

Five figures take a processor for about a second, five times as long as the runs of a first answer. In the same
interpreter every page would wait for them.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Lock
from typing import BinaryIO

from markupsafe import Markup

from sim.ensemble.ensemble import Ensemble
from sim.explorer import forecast_view
from sim.explorer.jobs import Tick

MOST_KEPT = 50_000_000
"""Characters of figures that are kept, some 470,000 a forecast; the least recently used go first."""
LOOK_UP = 0.1
"""Seconds between checks whether figures are still wanted."""
NICENESS = 10
"""How nice the process that draws is to the one that answers."""
_BEGIN = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from sim.explorer.drawing import serve; serve()"


class Drawing:
    """Figures of forecasts, shared by all pages. One thread asks for them: that of the queue.

    Parameters
    ----------
    apart
        Says whether to draw in a process of its own, which takes some 200 MB and two seconds to begin.
    """

    def __init__(self, apart: Callable[[], bool] = lambda: False) -> None:
        self._apart = apart
        self._kept: OrderedDict[str, Markup] = OrderedDict()
        self._under_way: dict[str, Future[bool]] = {}
        self._lock = Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._child: _Child | None = None

    def figures(self, ensemble: Ensemble, tick: Tick) -> Markup:
        """Return the figures of an ensemble, each with its numbers, as HTML.

        ``tick`` may stop the wait for them; what is under way in a process of its own goes on, and is there when they
        are asked for again.
        """
        key = _key(ensemble)
        while (shown := self._known(key)) is None:
            if not (self._apart() and self._drawn_apart(key, ensemble, tick)):
                self._keep(key, drawn(ensemble, tick))
        return shown

    def _known(self, key: str) -> Markup | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: str, shown: Markup) -> None:
        with self._lock:
            self._kept[key] = shown
            while sum(map(len, self._kept.values())) > MOST_KEPT and len(self._kept) > 1:
                self._kept.popitem(last=False)

    def _drawn_apart(self, key: str, ensemble: Ensemble, tick: Tick) -> bool:
        """Wait until a process of its own has drawn; return whether it has: it may have been lost."""
        if key not in self._under_way:
            self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="figures")
            for future in self._under_way.values():  # asked for again, they begin again; else nobody wants them
                future.cancel()
            self._under_way = {other: each for other, each in self._under_way.items() if not each.done()}
            self._under_way[key] = self._thread.submit(self._ask_child, key, ensemble)
        future = self._under_way[key]
        while not wait((future,), LOOK_UP).done:
            tick(0)
        del self._under_way[key]
        return future.result()

    def _ask_child(self, key: str, ensemble: Ensemble) -> bool:
        try:
            self._child = self._child or _Child()
            self._keep(key, self._child.drawn(ensemble))
        except (OSError, EOFError, pickle.UnpicklingError):  # killed, perhaps for lack of memory; the next is a new one
            if self._child is not None:
                self._child.close()
            self._child = None
        return self._child is not None


class _Child:
    """A process that draws: an ensemble goes in, HTML comes out. It ends when this process does."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-c", _BEGIN, json.dumps(sys.path)]
        # In a session of its own no interruption from the keyboard reaches it; it ends when its input does.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)

    def drawn(self, ensemble: Ensemble) -> Markup:
        """Return the figures of an ensemble as HTML.

        Raises
        ------
        OSError, EOFError, pickle.UnpicklingError
            If the process is gone.
        RuntimeError
            If it could not draw them.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(pickle.dumps(ensemble, pickle.HIGHEST_PROTOCOL))
        self._process.stdin.flush()
        shown = pickle.load(self._process.stdout)
        if isinstance(shown, Exception):
            raise RuntimeError(str(shown)) from shown
        return Markup(shown)

    def close(self) -> None:
        """Close the pipes of a process that has ended; what was not sent is dropped without a message."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()


def drawn(ensemble: Ensemble, tick: Tick) -> Markup:
    """Return the figures of an ensemble as HTML, drawn here; ``tick`` may stop it between two of them."""
    shown = [forecast_view.drawn_from(ensemble)]
    for name in forecast_view.FIGURES:
        tick(0)
        shown.append(forecast_view.figure(name, ensemble).html)
    return Markup("").join(shown)


def serve() -> None:
    """Draw what comes in at the standard input until it ends; what others print goes to the standard error."""
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            _answer(sys.stdin.buffer, out)


def _answer(into: BinaryIO, out: BinaryIO) -> None:
    ensemble = pickle.load(into)
    try:
        shown: object = str(drawn(ensemble, lambda _: None))
    except Exception as error:  # any error is reported to the page, and the next figures may be fine
        shown = RuntimeError(f"{type(error).__name__}: {error}")
    pickle.dump(shown, out)
    out.flush()


def _key(ensemble: Ensemble) -> str:
    """Return what figures depend on: the scenario and its name, the runs, and the ranges in their notes."""
    about = ensemble.manifest
    ranges = (ensemble.inputs_range, ensemble.theory_range)
    return json.dumps([about["hash"], about["scenario"], len(ensemble), *ranges], default=str)
