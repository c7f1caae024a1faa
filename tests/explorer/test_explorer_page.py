"""The explorer in a real browser: what a person would do, what a screen reader finds, and who is refused."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from sim.explorer import page as page_of
from sim.explorer import serve
from sim.explorer.run_cache import STEPS
from tests import worlds

pytestmark = pytest.mark.slow

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 60_000
"""Milliseconds that anything may take, as machines are busy at times."""
HOME = Path(__file__).parents[2]


def start(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim", "explore", "--no-open", "--port", "0", *more]
    about = {**os.environ, "PYTHONPATH": str(HOME)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=about)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = start(tmp_path_factory.mktemp("served"))
    assert server.stdout is not None
    yield server.stdout.readline().split()[0]
    server.terminate()
    server.communicate(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def visit(browser: Any, url: str, wide: int = 1400, runs: int = 2_000) -> Any:
    """Open a page and wait for its answer; few runs are asked for, so that tests do not wait for the rest."""
    page = browser.new_page(viewport={"width": wide, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    page.wait_for_selector("[data-region=headline] p")  # so the page is connected: what is clicked before would be lost
    page.fill("#runs", str(runs))
    page.click("#runs-go")
    page.wait_for_selector(f"text=Answer from {runs:,} runs.")
    return page


@pytest.fixture
def page(browser: Any, url: str) -> Iterator[Any]:
    opened = visit(browser, url)
    yield opened
    opened.close()


def number(page: Any) -> float:
    """Return the share of runs with a European force that the page shows, in percent."""
    shown = page.locator(".side").first.locator("tbody tr").first.inner_text()
    return float(re.findall(r"[\d.]+%", shown)[0].rstrip("%"))


def test_moving_a_lever_changes_the_number_and_undo_brings_it_back(page: Any) -> None:
    before = number(page)
    page.check("#us_backstop-4")
    page.wait_for_selector("text=You changed 1 thing.")
    page.wait_for_selector("text=Old against new")
    page.wait_for_selector("text=Answer from 2,000 runs.")
    assert number(page) != before
    heard = page.locator("[role=status]").first.text_content()
    assert f"European force {number(page)}%, before the last change {before}%." in heard, "a screen reader hears this"
    assert "within the config’s range" in page.inner_text("[data-region=board]")
    page.click("#undo")
    page.wait_for_selector("text=You changed nothing.")
    page.wait_for_selector("text=Answer from 2,000 runs.")
    assert number(page) == before


def test_an_actor_chosen_tells_its_claims(page: Any) -> None:
    page.click("#tab-network")
    page.click("#actor-germany")
    page.wait_for_selector("#actor-name")
    page.locator("summary", has_text="governments outgoing stance").click()
    assert page.locator("text=000.scholz.premature").first.is_visible()
    assert page.locator("details[open] >> text=Claims: against").first.is_visible()
    page.locator("svg.wide [data-node=france] .sign").click()
    page.wait_for_selector("#actor-name:text('France')")


def test_a_run_plays_week_by_week(page: Any) -> None:
    page.click("#tab-network")
    page.wait_for_selector("svg.network")
    page.wait_for_selector("#state:has-text('Week 1.')")
    page.click("#play")
    page.wait_for_selector("#state:not(:has-text('Week 1.'))")
    page.click("#play")
    page.locator("#week").fill("51")
    assert "Week 52." in page.inner_text("#state")
    assert page.locator("g.node circle[class^=stage]").count() > 10


def test_everything_can_be_reached_by_keyboard(page: Any) -> None:
    page.focus("#tab-forecast")
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel-network").is_visible()
    page.wait_for_selector("#actor-us")
    page.focus("#actor-us")
    page.keyboard.press("Enter")
    page.wait_for_selector("#actor-name")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("details.number[open]").count() == 1
    page.focus("#us_backstop-0")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("text=American backstop on offer: logistics and intelligence")
    assert page.locator("#us_backstop-1").evaluate("each => each.getRootNode().activeElement === each")


def test_any_number_of_poland_can_be_edited_by_keyboard_and_the_change_made_again(page: Any) -> None:
    before = number(page)
    page.click("#tab-network")
    page.click("#actor-poland")
    page.wait_for_selector("#actor-name:text('Poland')")
    page.locator("summary", has_text="stance").first.click()
    for word, text in {"opposed": "0%", "hesitant": "0%", "open": "0%", "pledged": "100%"}.items():
        page.fill(f"#e-actors-poland-stance-{word}", text)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-region=board] >> text=Poland: stance")
    page.wait_for_selector("text=Answer from 2,000 runs.")
    assert page.locator("strong.own").inner_text() == "yours"
    page.click("#tab-forecast")
    page.wait_for_selector("[data-region=forecast] >> text=Old against new")
    after = number(page)
    assert after != before
    for button, now in (("#undo", before), ("#redo", after)):
        page.click(button)
        page.wait_for_selector(f"[data-region=headline] >> text=European force {now}%")


def test_a_number_that_does_not_fit_is_refused_where_the_reader_sees_it(page: Any) -> None:
    page.click("#tab-network")
    page.click("#actor-russia")
    page.wait_for_selector("#actor-name:text('Russia')")
    page.locator("#n-actors-russia-credence > summary").click()
    for part, text in (("low", ""), ("likely", "7"), ("high", "")):
        page.fill(f"#e-actors-russia-credence-{part}", text)
    page.locator("#e-actors-russia-credence-likely").press("Enter")
    page.wait_for_selector("[role=status]:has-text('outside what is allowed')")
    box = page.locator("[role=status]").bounding_box()
    assert 0 <= box["y"] < 900


def test_the_address_brings_somebody_else_to_the_same_state(browser: Any, url: str, page: Any) -> None:
    page.check("#us_backstop-4")
    page.wait_for_selector("text=You changed 1 thing.")
    page.wait_for_selector("[data-region=forecast] >> text=Old against new")
    page.click("#tab-network")
    page.click("#actor-poland")
    page.wait_for_selector("#actor-name")
    address = page.evaluate("location.href")
    assert "#lever.us_backstop=4&" in address
    other = browser.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(address)
    other.wait_for_selector("#actor-name:text('Poland')")
    assert other.locator("#panel-network").is_visible()
    assert other.locator("#us_backstop-4").is_checked()
    other.wait_for_selector("text=Answer from 2,000 runs.")
    other.click("#tab-forecast")
    assert number(other) == number(page)
    other.close()


def test_a_scenario_of_the_library_is_begun_from_and_undone(page: Any) -> None:
    page.select_option("#start", "us_backstop_air")
    page.click("#start-go")
    page.wait_for_selector("header >> text=Scenario “us_backstop_air”")
    page.wait_for_selector("[data-region=forecast] >> text=Old against new")
    page.click("#undo")
    page.wait_for_selector("header >> text=Scenario “baseline”")


def test_observations_are_given_by_form_and_the_forecast_moves(page: Any, tmp_path: Path) -> None:
    page.click("#tab-observations")
    page.select_option("#row-subject", "rung")
    page.select_option("#row-relation-rung", "at least")
    page.select_option("#row-value-rung", "logistics")
    page.fill("#row-week", "2025-04-07")
    page.click("#add-row")
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some((each) => "
        "each.shadowRoot?.querySelector('#seen-text')?.value.includes('at least logistics'))"
    )
    page.click("#observe-go")
    page.wait_for_selector("[data-region=news] figure")
    assert "Washington offers intelligence, logistics and planning or more" in page.inner_text("[data-region=news]")
    page.wait_for_selector("[data-region=ahead] figure")
    page.press("#seen-text", "Escape")
    page.wait_for_selector("[data-region=status] >> text=Stopped")
    assert "Being refined" not in page.inner_text("[data-region=news]")
    upload = tmp_path / "mine.yaml"
    upload.write_text("- {week: 2025-03-10, actor: ukk, stage: open}\n", encoding="utf-8")
    page.set_input_files("#seen-file", upload)
    page.wait_for_timeout(500)
    page.click("#observe-go")
    page.wait_for_selector(
        "#seen-faults >> text=observations.yaml:1:3: 'ukk' is no contributor here; did you mean 'uk'?"
    )


def test_on_a_phone_the_answer_stays_in_view_beside_the_levers(browser: Any, url: str) -> None:
    page = visit(browser, url, 390)
    page.locator("#us_backstop-4").scroll_into_view_if_needed()
    page.check("#us_backstop-4")
    page.wait_for_selector("[data-region=headline] >> text=before the last change")
    for place in ("[data-region=headline]", "#us_backstop-4"):
        box = page.locator(place).bounding_box()
        assert 0 <= box["y"] < 900 - box["height"], place
    page.click("#tab-network")
    page.wait_for_selector("svg.network.narrow")
    assert not page.locator("svg.network.wide").is_visible()
    assert page.locator("svg.network.narrow").bounding_box()["width"] <= 390
    page.close()


def test_the_network_shows_one_actors_edges_alone(page: Any) -> None:
    page.click("#tab-network")
    page.click("#actor-poland")
    page.wait_for_selector("#actor-name:text('Poland')")
    page.check("#edges-alone")
    page.wait_for_selector("#edges-alone:checked")
    page.wait_for_selector("text=a line stands for all edges")
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some((each) => {"
        "const some = each.shadowRoot?.querySelectorAll('svg.network.wide path.edge title');"
        "return some?.length && [...some].every((title) => title.textContent.includes('Poland'))})"
    )
    page.select_option("#edges-of", "escalation_threat")
    page.wait_for_selector("text=Drawn: 1 lines")


def saved(page: Any, button: str, folder: Path) -> Path:
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.click(button)
    file: Path = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def test_an_exported_scenario_gives_sim_run_the_same_number(page: Any, tmp_path: Path) -> None:
    page.check("#us_backstop-2")
    page.locator("summary", has_text="Germany 2 levers").click()
    page.check("#german_consent-1")
    page.wait_for_selector("text=You changed 2 things.")
    page.wait_for_selector("text=Answer from 2,000 runs.")
    page.wait_for_selector("text=baseline, 2 changes: share of runs")
    file = saved(page, "#export-scenario", tmp_path)
    command = [sys.executable, "-m", "sim", "run", file.name, "--runs", "2000", "--nested", "none", "--json"]
    about = {**os.environ, "PYTHONPATH": str(HOME)}
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=about, check=True).stdout
    probability = float(re.findall(r'"probability": ([\d.]+)', told[told.index('"european"') :])[0])
    assert f"{100 * probability:.1f}" == f"{number(page):.1f}"


def test_figures_and_rows_can_be_saved(page: Any, tmp_path: Path) -> None:
    page.wait_for_selector("[data-region=figures] figure")
    assert saved(page, "#export-figure", tmp_path).read_text("utf-8").startswith("<?xml")
    rows = saved(page, "#export-csv", tmp_path).read_text("utf-8").splitlines()
    assert len(rows) - 1 in STEPS  # as far as the answer had been refined when the file was asked for


def test_what_one_lists_of_a_page_is_told_apart_by_its_name(page: Any) -> None:
    for name in ("Ask for so many runs", "Ask about this event"):
        assert page.get_by_role("button", name=name).count() == 1
    assert page.get_by_role("combobox", name="Save figure as").count() == 1
    page.click("#tab-story")
    page.locator("[data-region=story] li", has_text="opposed at first").first.wait_for()


def test_more_runs_than_allowed_are_capped_and_said(page: Any) -> None:
    page.fill("#runs", "99999999")
    page.click("#runs-go")
    page.wait_for_selector("[role=status]:has-text('capped at 40,000')")


@pytest.mark.parametrize("wide", [1400, pytest.param(390, marks=pytest.mark.thorough)])
def test_an_accessibility_check_finds_nothing(browser: Any, url: str, wide: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, wrong = visit(browser, url, wide), []
    page.check("#us_backstop-2")
    page.click("#tab-compare")
    page.click("#keep-go")
    page.wait_for_selector("#lay-go")
    page.click("#undo")
    page.wait_for_selector("text=You changed nothing.")
    page.click("#lay-go")
    page.click("#redo")
    page.wait_for_selector("text=You changed 1 thing.")
    page.click("#tab-forecast")
    page.wait_for_selector("[data-region=figures] figure")
    for tab, there in (
        ("forecast", "[data-region=forecast] >> text=Old against new"),
        ("network", "#edges-of"),
        ("story", "[data-region=story] figure"),
        ("why", "[data-region=why] figure"),
        ("observations", "[data-region=ahead] figure"),
        ("compare", "[data-region=sides]"),
    ):
        page.click(f"#tab-{tab}")
        page.locator(there).first.wait_for()
        if tab == "network":
            page.click("#actor-us")
            page.wait_for_selector("#actor-name")
            page.locator("details.number summary").first.click()
        if tab == "observations":
            page.fill("#seen-text", "- {week: 2025-03-10, rung: nothing}")
            page.click("#observe-go")
            page.wait_for_selector("#seen-faults")
        wrong += [(tab, each["id"]) for each in Axe().run(page).response["violations"]]
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    page.close()


def test_the_accessibility_check_sees_into_the_page(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.locator("#undo").evaluate("each => { each.textContent = '' }")
    assert "button-name" in [each["id"] for each in Axe().run(page).response["violations"]]


def test_no_request_leaves_this_machine(browser: Any, url: str) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url.replace("ws:", "http:")))
    page.goto(url)
    page.wait_for_selector("[data-region=figures] figure")
    for tab in ("network", "story"):
        page.click(f"#tab-{tab}")
    page.wait_for_selector("[data-region=story] figure")
    assert asked
    assert [each for each in asked if not each.startswith((url, "data:", f"blob:{url}"))] == []
    page.close()


def test_two_pages_stay_apart(browser: Any, url: str) -> None:
    one, other = visit(browser, url), visit(browser, url)
    one.check("#us_backstop-3")
    one.wait_for_selector("text=You changed 1 thing.")
    one.wait_for_selector("text=Old against new")
    assert "You changed nothing." in other.inner_text("[data-region=board]")
    for each in (one, other):
        each.close()


def status(url: str, **headers: str) -> int:
    try:
        with urlopen(Request(url, headers=headers), timeout=60) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_whoever_asks_by_another_name_is_refused(url: str) -> None:
    assert status(url) == 200
    assert status(url, Host="evil.example") == 403
    assert status(url, Host="127.0.0.1.evil.example") == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null"])
def test_pages_from_elsewhere_get_no_connection(url: str, origin: str) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Origin": origin}
    connection = HTTPConnection(url.split("/")[2], timeout=60)
    connection.request("GET", "/ws", headers={**upgrade, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
    assert connection.getresponse().status == 403
    connection.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Serve the page behind a proxy that takes a prefix off and keeps the name that it was asked by, as hubs do."""
    server = start(tmp_path_factory.mktemp("hub"), "--allow-host", "hub.example.org")
    assert server.stdout is not None
    inner = server.stdout.readline().split()[0].rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "tests.explorer.reverse_proxy", "/user/ana/proxy", inner]
    proxy = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HOME)
    assert proxy.stdout is not None
    yield f"http://127.0.0.1:{inner}/", int(proxy.stdout.readline())
    for each in (proxy, server):
        each.terminate()
        each.communicate(timeout=60)


def test_a_page_works_behind_a_proxy_with_a_prefix_by_the_name_allowed(browser: Any, hub: tuple[str, int]) -> None:
    names = ", ".join(f"MAP {name}.example.org:80 127.0.0.1:{hub[1]}" for name in ("hub", "other"))
    resolving = ["--no-sandbox", f"--host-resolver-rules={names}"]
    opened = browser.browser_type.launch(executable_path=CHROMIUM, args=resolving)
    page = opened.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("http://hub.example.org/user/ana/proxy/#lever.us_backstop=4")
    page.wait_for_selector("text=You changed 1 thing.")
    page.wait_for_selector("[data-region=headline] >> text=before the last change")
    assert page.goto("http://other.example.org/user/ana/proxy/").status == 403
    opened.close()


@pytest.mark.parametrize(
    ("origin", "answer"),
    [
        ("https://hub.example.org", 101),
        ("http://hub.example.org:8000", 403),
        ("https://evil.example", 403),
        ("https://hub.example.org.evil.example", 403),
        ("null", 403),
    ],
)
def test_only_the_host_allowed_gets_a_connection(hub: tuple[str, int], origin: str, answer: int) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Origin": origin}
    connection = HTTPConnection(hub[0].split("/")[2], timeout=60)
    headers = {**upgrade, "Host": "hub.example.org", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    connection.request("GET", "/ws", headers=headers)
    got = connection.getresponse().status
    connection.close()
    # Without a token of a session the server closes with 500 whom it lets in, and refuses others before that.
    assert (got != 403) == (answer != 403)


@pytest.mark.parametrize(
    "path", ["static/..%2f..%2f..%2fetc/passwd", "components/a/b/..%2f..%2fetc%2fpasswd", "etc/passwd"]
)
def test_no_path_is_opened(url: str, path: str) -> None:
    assert status(url + path) in (403, 404)


# --- without a browser ---


@pytest.mark.parametrize(
    ("address", "said"), [("0.0.0.0", "every address at once"), ("::", "not an IPv4"), ("home", "not an IPv4")]
)
def test_an_address_that_is_none_is_refused_in_a_line(address: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        serve.allowed(address)


def test_this_machine_alone_is_let_in_unless_told_otherwise_and_then_it_says_so() -> None:
    assert serve.allowed("127.0.0.1") == ("localhost", "127.0.0.1")
    assert serve.warning("127.0.0.1") == ""
    assert serve.allowed("192.0.2.7") == ("192.0.2.7",)
    assert "no login" in serve.warning("192.0.2.7")


def test_further_hosts_are_let_in_by_name_alone() -> None:
    assert serve.allowed("127.0.0.1", ["Hub.Example.org"]) == ("localhost", "127.0.0.1", "hub.example.org")
    assert serve.allowed("0.0.0.0", ["localhost:8080"]) == ("localhost",)
    assert serve.origins("0.0.0.0", 5006, ["localhost:8080"]) == ["localhost:8080"]
    assert "hub.example.org" in serve.warning("127.0.0.1", ["hub.example.org"])
    assert serve.warning("127.0.0.1", ["localhost:8080"]) == ""
    assert "no login" in serve.warning("0.0.0.0", ["localhost:8080"])


def test_connections_are_read_at_a_rate() -> None:
    server = serve.served(worlds.tiny(), 0)
    paces = [rule for rule in server._tornado.wildcard_router.rules if rule.target.__name__ == "Paced"]
    assert len(paces) == 1
    server.stop()


@pytest.mark.parametrize("host", ["*", "*.example.org", "http://a", "a b", "a:port", "a:0", "a:99999", "", "-a", "a/b"])
def test_a_host_that_is_none_is_refused_in_a_line(host: str) -> None:
    with pytest.raises(ValueError, match="is not a host"):
        serve.allowed("127.0.0.1", [host])


def test_pages_of_a_notebook_share_what_was_worked_out_and_few_scenarios_are_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_of, "_rooms", {})
    monkeypatch.setattr(page_of, "MOST_ROOMS", 2)
    worlds_of_its_own = [worlds.tiny().change({}, name=name) for name in ("one", "two", "three")]
    rooms = [page_of._room(scenario) for scenario in worlds_of_its_own]
    assert page_of._room(worlds_of_its_own[2]) is rooms[2]
    assert page_of._room(worlds_of_its_own[0]) is not rooms[0]
    assert len({id(room.lab) for room in rooms} | {id(room.queue) for room in rooms}) == 2


def test_an_unknown_scenario_ends_the_command_with_2(tmp_path: Path) -> None:
    server = start(tmp_path, "baselin")
    out, error = server.communicate(timeout=120)
    assert (server.returncode, out) == (2, "")
    assert "did you mean 'baseline'" in error
    assert "Traceback" not in error


def test_a_port_that_is_taken_ends_the_command_with_1(tmp_path: Path) -> None:
    from socket import socket

    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = start(tmp_path, "--port", str(taken.getsockname()[1]))
        out, error = server.communicate(timeout=120)
    assert (server.returncode, out) == (1, "")
    assert "Address already in use" in error
    assert "Traceback" not in error


def test_a_cell_of_a_notebook_shows_the_page(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    cell = nbformat.v4.new_code_cell("import sim\npage = sim.explore('baseline')\npage")
    book = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(HOME)}}).execute()
    kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
    assert "application/vnd.holoviews_exec.v0+json" in kinds
    assert not any(output["output_type"] == "error" for output in cell.outputs)
