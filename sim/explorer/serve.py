"""Serves the page to a browser: on this machine alone by default, and only under the names that are allowed."""

from __future__ import annotations

import asyncio
import re
import webbrowser
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from socket import socket
from typing import Any

import panel
from bokeh.io import curdoc
from bokeh.server.server import Server
from bokeh.server.views.ws import WSHandler
from jinja2 import Template
from panel.io.resources import _env
from panel.io.state import state
from tornado.web import RequestHandler

from sim.explorer.inbox import Pace
from sim.explorer.page import Page, Room
from sim.scenario.scenario import Scenario

LOOPBACK = ("localhost", "127.0.0.1")
MOST_PAGES = 60
"""Pages that may be open at once; the next one has to wait."""
MOST_BYTES = 100_000
"""The largest message a page may send."""
NO_LOGIN = (
    "This page has no login: whoever reaches {address} can use it, see the scenario and keep this machine busy. "
    "Serve it only where that is meant."
)


def _paced(handler: type[WSHandler]) -> type[WSHandler]:
    """Return a handler that reads a page's messages at a rate; what comes faster waits in the page's connection."""

    class Paced(handler):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._pace = Pace()

        async def on_message(self, fragment: str | bytes) -> None:
            if (delay := self._pace.delay()) > 0.0:
                await asyncio.sleep(delay)
            await super().on_message(fragment)  # the next fragment is read only when this returns

    return Paced


class _Refused(RequestHandler):
    """Answers requests for the page under a wrong host name, which a page elsewhere might make a browser send."""

    def prepare(self) -> None:
        self.set_status(403)
        self.finish("This page answers to its own address only; sim explore --allow-host NAME lets another name in.\n")


def served(
    scenario: Scenario, port: int, address: str = "127.0.0.1", of: str = "european", hosts: Sequence[str] = ()
) -> Server:
    """Return a server of pages of a scenario, not yet started; its port is chosen if ``port`` is 0.

    ``hosts`` are further names, HOST or HOST:PORT, under which a proxy or a forwarded port brings others here.

    Raises
    ------
    ValueError
        If the address is not one of a machine, or a host is no name.
    OSError
        If the port is taken, or the address is not of this machine.
    """
    names = allowed(address, hosts)
    port = port or _free(address)
    open_pages = set[int]()
    room = Room(scenario, of=of, apart=lambda: len(open_pages) > 1)  # for one page it would not be worth its memory
    server: Server = panel.serve(
        {"/": lambda: _opened(room, open_pages, warning(address, hosts))},
        port=port,
        address=address,
        websocket_origin=origins(address, port, hosts),
        show=False,
        start=False,
        verbose=False,
        title=f"sim: {scenario.name}",
        websocket_max_message_size=MOST_BYTES,
    )
    for rule in server._tornado.wildcard_router.rules:
        if isinstance(rule.target, type) and issubclass(rule.target, WSHandler):
            rule.target = _paced(rule.target)
    others = "|".join(map(re.escape, names))
    server._tornado.add_handlers(rf"(?!(?:{others})$).*", [(r".*", _Refused)])
    return server


def allowed(address: str, hosts: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names by which a page may be asked for.

    Raises
    ------
    ValueError
        If the address is not one, or a host is no name; or if the address stands for all of this machine's at once,
        and no host says under which name the page is reached.
    """
    try:
        ip = IPv4Address(address)
    except ValueError:
        raise ValueError(f"{address!r} is not an IPv4 address of this machine, such as 127.0.0.1") from None
    if ip.is_unspecified and not hosts:
        raise ValueError(
            f"{address} stands for every address at once; give the one under which others reach the page, or with "
            "--allow-host the name under which they do"
        )
    return tuple(dict.fromkeys((*_own(ip), *(_host(each)[0] for each in hosts))))


def origins(address: str, port: int, hosts: Sequence[str] = ()) -> list[str]:
    """Return from which pages a connection may come, HOST:PORT each; a host without a port also on the usual one.

    >>> origins("127.0.0.1", 5006, ["hub.example.org"])
    ['localhost:5006', '127.0.0.1:5006', 'hub.example.org:5006', 'hub.example.org:80']
    >>> origins("0.0.0.0", 5006, ["hub.example.org:8443"])
    ['hub.example.org:8443']
    """
    known = [f"{name}:{port}" for name in _own(IPv4Address(address))]
    for each in hosts:
        name, given = _host(each)
        # A browser leaves the usual port out of an origin, and the server reads one without, https too, as port 80.
        known += [f"{name}:{at}" for at in ([given] if given else [port, 80])]
    return list(dict.fromkeys(known))


def _own(ip: IPv4Address) -> tuple[str, ...]:
    """Return the names of an address itself; none of one that stands for every address."""
    return () if ip.is_unspecified else LOOPBACK if ip.is_loopback else (str(ip),)


def _host(written: str) -> tuple[str, int]:
    """Return the name and port of a host (0 for none), in small letters."""
    name, colon, port = written.strip().lower().partition(":")
    if not _HOST.fullmatch(name) or (colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536)):
        hint = "; name each host in full, as * would let in pages of strangers" if "*" in written else ""
        raise ValueError(f"{written!r} is not a host; write HOST or HOST:PORT, such as hub.example.org{hint}")
    return name, int(port or 0)


_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def warning(address: str, hosts: Sequence[str] = ()) -> str:
    """Return what to say plainly where others may reach the page; empty on this machine alone."""
    others = [name for name in allowed(address, hosts) if name not in LOOPBACK]
    if IPv4Address(address).is_loopback and not others:
        return ""
    return NO_LOGIN.format(address=" or ".join(others or [address]))


def run(server: Server, url: str, show: bool, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; open a browser if asked."""
    server.start()
    ready(url)
    if show:
        server.io_loop.add_callback(webbrowser.open, url)
    try:
        server.io_loop.start()
    finally:
        server.stop()


def _free(address: str) -> int:
    """Return a free port, chosen before serving because the allowed names contain it."""
    with socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def _opened(room: Room, open_pages: set[int], notice: str) -> Any:
    curdoc().template = _TEMPLATE
    if len(open_pages) >= MOST_PAGES:
        return panel.pane.HTML(f"<main><h1>Too many pages</h1><p>{MOST_PAGES} are open; close one.</p></main>")
    page = Page(room, notice)
    open_pages.add(id(page))

    def closed(_: object) -> None:
        page.desk.close()
        open_pages.discard(id(page))

    state.on_session_destroyed(closed)
    return page


_TEMPLATE: Template = _env.from_string(
    '{% extends "base.html" %}{% block postamble %}'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{% endblock %}'
)
