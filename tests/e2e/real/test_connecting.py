"""pretix connected on the settings page in a browser, followed, its token renewed once by many processes, and given back."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser.test_pages import became_admin, opened
from tests.e2e.real import asking, counted
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.pretix.pages import registered, signed_in
from tests.e2e.real.pretix.seed import ORGANIZER
from tests.e2e.real.pretix.sign_in import App
from tests.e2e.real.pretix.witness import answered_with, expire, logged
from tests.e2e.real.running import Running, counts, customer_of, read_again, running, settled, unchanged_by, value, written

pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]

CONNECTION = "pretix-1"
MANY = 8
"""Processes that share the hub's database."""
TOKEN_CALL = "POST /api/v1/oauth/token "
REFUSED = f"GET {ORGANIZER}/customers/ 401"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """A hub that an admin has just connected to pretix (`real`): the admin's page, and the application it was done with."""

    real: Client
    running: Running
    page: Page
    app: App


@contextmanager
def connected(real: Client, folder: Path, browser: Browser) -> Iterator[Shop]:
    with running(folder) as found:
        page = opened(browser, found.hub)
        app = registered(browser, found.hub.redirect_uri("pretix"))
        became_admin(page, found.hub)
        connect(page, app)
        settled(found.hub)
        yield Shop(real=real, running=found, page=page, app=app)
        page.context.close()


def connect(page: Page, app: App) -> None:
    """From the list of connections to pretix and back, as a person does it."""
    page.goto("/settings/connections")
    page.get_by_role("link", name="Connect a system").first.click()
    page.get_by_role("link", name="Connect pretix").click()
    form = page.get_by_role("region", name="Sign in with pretix")
    said = {"Address of pretix": app.origin, "Organizer": "acme", "Currency of your events": "USD"}
    for label, text in (said | {"Client ID": app.client_id, "Client secret": app.client_secret}).items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name="Sign in with pretix").click()
    signed_in(page)
    page.get_by_label("Acme Loopback").check()
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_text("The first sync has begun.")).to_be_visible()


@pytest.fixture
def shop(pretix: Pair, browser: Browser, tmp_path: Path) -> Iterator[Shop]:
    with connected(pretix.real, tmp_path, browser) as found:
        yield found


def equal(shop: Shop) -> None:
    """The hub counts what pretix counts, and its page shows that."""
    said = counted.pretix(shop.real)
    assert counts(shop.running.hub) == said
    assert min(said.values()) >= counted.ENOUGH
    shop.page.goto(f"/settings/connections/{CONNECTION}")
    for count in said.values():
        expect(shop.page.locator("dl.figures dd", has_text=re.compile(rf"^{count}$")).first).to_be_visible()
    expect(shop.page.get_by_text("Complete, counted")).to_have_count(2)


def test_pretix_connected_on_its_page_is_read_whole_and_followed(shop: Shop) -> None:
    real, hub = shop.real, shop.running.hub
    equal(shop)
    unchanged_by(hub, lambda: read_again(hub, CONNECTION))
    before = written(hub)
    chosen = [one for one in real.done(f"{ORGANIZER}/customers/", method="GET")["results"] if one["email"]][:3]
    for one in chosen:
        name = {"name_parts": {"_scheme": "full", "full_name": f"Changed {time.time()}"}}
        real.done(f"{ORGANIZER}/customers/{one['identifier']}/", method="PATCH", body=name)
    read_again(hub, CONNECTION)
    assert written(hub) - before == 3
    _erase_a_customer(shop)


def _erase_a_customer(shop: Shop) -> None:
    """Pretix deletes nobody; it takes out everything that says who somebody was."""
    parts = {"_scheme": "full", "full_name": "Gone Soon"}
    body = {"email": f"gone{time.time()}@real.example", "name_parts": parts, "locale": "en"}
    made = shop.real.done(f"{ORGANIZER}/customers/", body=body)["identifier"]
    read_again(shop.running.hub, CONNECTION)
    shop.page.goto(f"/customers/{customer_of(shop.running.hub, made)}")
    expect(shop.page.get_by_role("heading", name="Gone Soon")).to_be_visible()
    expect(shop.page.get_by_text("Deleted")).to_have_count(0)
    shop.real.done(f"{ORGANIZER}/customers/{made}/anonymize/", body={})
    read_again(shop.running.hub, CONNECTION)
    shop.page.reload()
    expect(shop.page.get_by_text("Deleted at every source")).to_be_visible()


def test_an_expired_token_is_renewed_once_and_ends_when_disconnected(shop: Shop) -> None:
    real, hub = shop.real, shop.running.hub
    held = hub.vault.token(CONNECTION).data
    expire(shop.app)
    assert answered_with(held["access_token"]) == 401
    asked, refused = logged(TOKEN_CALL), logged(REFUSED)
    spawn, met = get_context("spawn"), asking.barrier(MANY)
    with ProcessPoolExecutor(MANY, mp_context=spawn, initializer=asking.ready, initargs=met) as processes:
        found = list(processes.map(asking.customers, [dict(shop.running.environment)] * MANY, [CONNECTION] * MANY))
    assert found == [real.done(f"{ORGANIZER}/customers/", method="GET")["count"]] * MANY
    assert logged(REFUSED) - refused > 1
    assert logged(TOKEN_CALL) - asked == 1
    assert hub.vault.token(CONNECTION).data["access_token"] != held["access_token"]
    read_again(hub, CONNECTION)
    assert logged(TOKEN_CALL) - asked == 1
    equal(shop)
    _disconnect(shop)


def _disconnect(shop: Shop) -> None:
    held = shop.running.hub.vault.token(CONNECTION).data
    assert answered_with(held["access_token"]) == 200
    shop.page.goto(f"/settings/connections/{CONNECTION}")
    shop.page.get_by_role("link", name="Disconnect…").click()
    shop.page.get_by_label("Keep it.").check()
    shop.page.get_by_role("button", name="Disconnect").click()
    expect(shop.page.get_by_text("Acme Loopback is disconnected.")).to_be_visible()
    assert answered_with(held["access_token"]) == 401
    refused = shop.app.token(grant_type="refresh_token", refresh_token=held["refresh_token"])
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})
    assert value(shop.running.hub, "SELECT count(*) FROM credential") == 0
    assert counts(shop.running.hub)["contact"] >= counted.ENOUGH
