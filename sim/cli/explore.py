"""``sim explore``: a scenario as a page in the browser."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import fail, say, tell
from sim.cli.options import Config, Of, Set
from sim.explorer.opening import needed

Port = Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port; 0 takes one that is free.")]
Address = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="Address of this machine; any but loopback lets others in, without login."),
]
AllowHost = Annotated[
    list[str],
    typer.Option(
        "--allow-host",
        metavar="HOST",
        help="Also answer to this name, HOST or HOST:PORT, under which a proxy or a forwarded port leads here; "
        "repeat for more.",
    ),
]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Open no browser.")]


def explore(
    config: Config = "baseline",
    port: Port = 5006,
    address: Address = "127.0.0.1",
    allow_host: AllowHost = [],  # noqa: B006  (typer copies it)
    no_open: NoOpen = False,
    of: Of = "european",
    sets: Set = [],  # noqa: B006  (typer copies it)
) -> None:
    """Look at a scenario in the browser, move its levers, and export what comes of it."""
    scenario = read(config, sets)
    require_event(of, scenario.parts.missions)
    os.environ["MPLBACKEND"] = "agg"  # figures are drawn in a thread, where no window can be opened
    try:
        needed()
        from sim.explorer import serve

        server, warning = serve.served(scenario, port, address, of, allow_host), serve.warning(address, allow_host)
    except ValueError as error:
        fail(str(error))
    except OSError as error:
        tell(f"{address}, port {port}: {error.strerror or error}")
        raise typer.Exit(1) from None
    if warning:
        tell(warning)
    serve.run(server, f"http://{address}:{server.port}/", not no_open, lambda url: say(f"{url} (end with Ctrl-C)"))
