"""A reverse proxy as hubs use for ports of a machine: takes a prefix off, and keeps the name it was asked by.

``python -m tests.explorer.reverse_proxy PREFIX PORT`` prints the port that it listens on.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

MOST = 10**8


class Passed(WebSocketHandler):
    """Passes a request, or a connection, on to the port behind."""

    behind: WebSocketClientConnection

    def initialize(self, port: int) -> None:
        self.port = port

    def check_origin(self, origin: str) -> bool:
        return True  # whether an origin may connect, the server behind decides

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return subprotocols[0] if subprotocols else None

    def inner(self, scheme: str, path: str) -> str:
        query = f"?{self.request.query}" if self.request.query else ""
        return f"{scheme}://127.0.0.1:{self.port}/{path}{query}"

    async def get(self, path: str) -> None:  # type: ignore[override]
        if self.request.headers.get("Upgrade", "").lower() == "websocket":
            kept = {name: self.request.headers[name] for name in ("Host", "Origin")}
            offered = self.request.headers.get("Sec-WebSocket-Protocol", "").split(",")
            self.behind = await websocket_connect(
                HTTPRequest(self.inner("ws", path), headers=kept),
                subprotocols=[each.strip() for each in offered],
                max_message_size=MOST,
            )
            await super().get(path)
            return
        asked = {"Host": self.request.headers["Host"]}
        answer = await AsyncHTTPClient().fetch(self.inner("http", path), headers=asked, raise_error=False)
        self.set_status(answer.code)
        if "Content-Type" in answer.headers:
            self.set_header("Content-Type", answer.headers["Content-Type"])
        await self.finish(answer.body)

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.pump = asyncio.ensure_future(self.back())

    async def back(self) -> None:
        while (message := await self.behind.read_message()) is not None:
            await self.write_message(message, binary=isinstance(message, bytes))
        self.close()

    async def on_message(self, message: str | bytes) -> None:
        await self.behind.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        self.behind.close()


async def main(prefix: str, port: int) -> None:
    AsyncHTTPClient.configure(None, defaults={"request_timeout": 300.0}, max_body_size=MOST)
    server = HTTPServer(Application([(rf"{prefix}/(.*)", Passed, {"port": port})]))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
