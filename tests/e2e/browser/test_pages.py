"""The pages in a real browser: with scripts and without, by keyboard, wide and narrow, against stand-ins."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from hub.sync.hub import Hub
from hub.web import create_app, first_admin_link
from tests import support
from tests.standins import sandboxed

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
PAGES = (
    "/customers",
    "/settings/connections",
    "/settings/connections/new",
    "/settings/connections/new/hubspot",
    "/settings/connections/hubspot-1",
    "/settings/connections/hubspot-1/runs",
    "/settings/connections/hubspot-1/skipped",
    "/settings/connections/hubspot-1/mapping",
    "/settings/connections/hubspot-1/disconnect",
    "/settings/connections/hubspot-1/renew",
    "/settings/keys",
    "/settings/people",
    "/settings/audit",
    "/account",
    "/nowhere",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub with a stand-in of HubSpot, served at its public address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with sandboxed(tmp_path, "hubspot", people=60, PUBLIC_URL=f"http://127.0.0.1:{port}") as (hub, _, _), served(hub, port):
        yield hub


@contextmanager
def served(hub: Hub, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, create_app(hub), threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def opened(browser: Browser, hub: Hub, *, scripts: bool = True) -> Page:
    page = browser.new_context(base_url=hub.settings.public_url, java_script_enabled=scripts).new_page()
    page.set_default_timeout(15_000)
    return page


def became_admin(page: Page, hub: Hub) -> None:
    page.goto(first_admin_link(hub) or "")
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.get_by_label("Your name").fill("Ana Souza")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Create the admin and sign in").click()
    expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()


def connected(page: Page) -> None:
    page.goto("/settings/connections/new/hubspot")
    form = page.get_by_role("region", name="Sign in to HubSpot")
    form.get_by_label("Sandbox").check()
    form.get_by_label("Client ID").fill("sandbox-client")
    form.get_by_label("Client secret").fill("sandbox-secret")
    form.get_by_role("button", name="Sign in to HubSpot").click()
    page.locator("button[value=allow]").click()
    expect(page.get_by_text("The first sync has begun.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_new_hub_is_set_up_connected_and_filled_in_the_browser(browser: Browser, hub: Hub, *, scripts: bool) -> None:
    page = opened(browser, hub, scripts=scripts)
    became_admin(page, hub)
    connected(page)
    support.drained(hub)
    if not scripts:
        page.reload()
    expect(page.get_by_text("Complete, counted").first).to_be_visible()
    page.get_by_role("link", name="Customers").click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", name="What is known")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_progress_is_told_to_screen_readers_in_one_short_line(browser: Browser, hub: Hub) -> None:
    page = opened(browser, hub)
    became_admin(page, hub)
    connected(page)
    support.drained(hub)
    expect(page.locator("#status[role=status]")).to_have_text("Connected")


def test_no_page_is_wider_than_a_phone_and_none_breaks_a_rule_of_the_browser(browser: Browser, hub: Hub) -> None:
    page = opened(browser, hub)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    became_admin(page, hub)
    connected(page)
    support.drained(hub)
    complaints.clear()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for path in PAGES:
            page.goto(path)
            assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, width)
    assert [said for said in complaints if "404 (NOT FOUND)" not in said] == []


def test_every_page_is_usable_by_keyboard_and_named_for_screen_readers(browser: Browser, hub: Hub) -> None:
    page = opened(browser, hub)
    became_admin(page, hub)
    connected(page)
    support.drained(hub)
    for path in PAGES:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                .filter((field) => !field.labels.length).map((field) => field.outerHTML)"""
        )
        assert (path, unnamed) == (path, [])
        uncaptioned = page.locator("table:not(:has(caption))").count()
        assert (path, uncaptioned) == (path, 0)
        doubled = page.evaluate(
            """() => [...document.querySelectorAll('[id]')].map((one) => one.id)
                .filter((id, place, all) => all.indexOf(id) !== place)"""
        )
        assert (path, doubled) == (path, [])
    page.goto("/customers")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
