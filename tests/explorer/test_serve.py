"""Under which names a page answers, from which pages connections may come, and how many pages are open at most."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sim.explorer import serve
from tests.worlds import tiny

HOSTS = ("hub.example.org", "Hub.example.org:8443", "10.0.0.9")
NAMES = [
    ("127.0.0.1", (), ["localhost", "127.0.0.1"], ["localhost:9", "127.0.0.1:9"], ""),
    ("192.0.2.7", (), ["192.0.2.7"], ["192.0.2.7:9"], "192.0.2.7"),
    ("127.0.0.1", HOSTS, ["localhost", "127.0.0.1", "hub.example.org", "10.0.0.9"],
     ["localhost:9", "127.0.0.1:9", "hub.example.org:9", "hub.example.org:80", "hub.example.org:8443", "10.0.0.9:9",
      "10.0.0.9:80"], "hub.example.org or 10.0.0.9"),
    ("0.0.0.0", HOSTS[:1], ["hub.example.org"], ["hub.example.org:9", "hub.example.org:80"], "hub.example.org"),
    ("127.0.0.1", ("localhost:8",), ["localhost", "127.0.0.1"], ["localhost:9", "127.0.0.1:9", "localhost:8"], ""),
]  # fmt: skip
WRONG = [
    ("::1", (), "'::1' is not an IPv4 address of this machine, such as 127.0.0.1"),
    ("0.0.0.0", (), "0.0.0.0 stands for every address at once; give the one under which others reach the page, or with "
     "--allow-host the name under which they do"),
    *(("127.0.0.1", (host,), f"{host!r} is not a host; write HOST or HOST:PORT, such as hub.example.org")
      for host in ("", "a b", "a:", "a:0", "a:65536", "a:x", "-a", "http://a", "a..b")),
    ("127.0.0.1", ("*.a",), "'*.a' is not a host; write HOST or HOST:PORT, such as hub.example.org; name each host in "
     "full, as * would let in pages of strangers"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "hosts", "names", "origins", "others"), NAMES)
def test_a_page_answers_to_its_own_names_and_those_let_in(
    address: str, hosts: tuple[str, ...], names: list[str], origins: list[str], others: str
) -> None:
    assert list(serve.allowed(address, hosts)) == names
    assert serve.origins(address, 9, hosts) == origins
    assert serve.warning(address, hosts) == (serve.NO_LOGIN.format(address=others) if others else "")


@pytest.mark.parametrize(("address", "hosts", "why"), WRONG)
def test_what_is_no_name_of_a_machine_is_refused(address: str, hosts: tuple[str, ...], why: str) -> None:
    with pytest.raises(ValueError, match=r"not an IPv4|stands for every|is not a host") as refused:
        serve.allowed(address, hosts)
    assert str(refused.value) == why


def test_the_last_port_that_there_is_may_be_named() -> None:
    assert serve.origins("127.0.0.1", 9, ["a:65535", "b:1"])[2:] == ["a:65535", "b:1"]


def test_a_server_is_made_for_this_scenario_under_these_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    rules = [SimpleNamespace(target=serve.WSHandler), SimpleNamespace(target=str), SimpleNamespace(target="a page")]
    router = SimpleNamespace(rules=rules)
    added: list[Any] = []
    tornado = SimpleNamespace(wildcard_router=router, add_handlers=lambda *given: added.append(given))

    def serve_pages(pages: Any, **options: Any) -> Any:
        asked.update(options, pages=list(pages))
        return SimpleNamespace(_tornado=tornado)

    monkeypatch.setattr(serve.panel, "serve", serve_pages)
    monkeypatch.setattr(serve, "_free", lambda address: 4321)
    serve.served(tiny(), 0, "127.0.0.1", "deployed", ["hub.example.org"])
    assert asked == {
        "pages": ["/"], "port": 4321, "address": "127.0.0.1", "show": False, "start": False, "verbose": False,
        "title": "sim: tiny", "websocket_max_message_size": serve.MOST_BYTES,
        "websocket_origin": serve.origins("127.0.0.1", 4321, ["hub.example.org"]),
    }  # fmt: skip
    assert issubclass(rules[0].target, serve.WSHandler) and rules[0].target is not serve.WSHandler
    assert [each.target for each in rules[1:]] == [str, "a page"]
    ((pattern, ((path, handler),)),) = added
    assert (pattern, path) == (r"(?!(?:localhost|127\.0\.0\.1|hub\.example\.org)$).*", r".*")
    assert handler is serve._Refused


def test_who_asks_under_another_name_is_refused() -> None:
    answered: list[Any] = []
    handler = SimpleNamespace(set_status=answered.append, finish=answered.append)
    serve._Refused.prepare(handler)  # type: ignore[arg-type]
    assert answered == [
        403,
        "This page answers to its own address only; sim explore --allow-host NAME lets another name in.\n",
    ]


@pytest.mark.parametrize("show", [True, False])
def test_a_server_runs_until_it_is_interrupted_and_opens_a_browser_if_asked(show: bool) -> None:
    done: list[Any] = []

    def interrupted() -> None:
        done.append("loop")
        raise KeyboardInterrupt

    loop = SimpleNamespace(add_callback=lambda what, url: done.append((what.__name__, url)), start=interrupted)
    server: Any = SimpleNamespace(start=lambda: done.append("start"), stop=lambda: done.append("stop"), io_loop=loop)
    with pytest.raises(KeyboardInterrupt):
        serve.run(server, "http://here/", show, done.append)
    assert done == ["start", "http://here/", *([("open", "http://here/")] if show else []), "loop", "stop"]


def test_pages_are_counted_and_one_too_many_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    closing: list[Any] = []
    made: list[Any] = []

    def page(room: Any, notice: str) -> Any:
        made.append((room, notice))
        return SimpleNamespace(desk=SimpleNamespace(close=lambda: made.append("closed")))

    monkeypatch.setattr(serve, "Page", page)
    monkeypatch.setattr(serve, "state", SimpleNamespace(on_session_destroyed=closing.append))
    monkeypatch.setattr(serve, "curdoc", lambda: SimpleNamespace())
    open_pages = set(range(serve.MOST_PAGES - 1))
    room: Any = object()
    last = serve._opened(room, open_pages, "no login")
    assert made == [(room, "no login")] and id(last) in open_pages
    too_many = serve._opened(room, open_pages, "no login")
    most = serve.MOST_PAGES
    assert too_many.object == f"<main><h1>Too many pages</h1><p>{most} are open; close one.</p></main>"
    closing[0](None)
    assert made[1:] == ["closed"] and open_pages == set(range(most - 1))
