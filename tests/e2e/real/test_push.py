"""BottleCRM's own pushes change customers within two seconds of reaching the door."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from hub.sync.hub import Hub
from tests.e2e.browser.test_pages import became_admin, opened
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.running import customer_of, running, settled, until, value
from tests.e2e.real.systems import BOTTLECRM, signed_in_person

pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]

CONNECTION = "bottlecrm-1"
PUSHES = 10
SOON = timedelta(seconds=2)
EVENTS = [f"contact.{what}" for what in ("created", "updated", "deleted")]
_DELIVERED_WITHIN = 60


@contextmanager
def pushing(page: Page) -> Iterator[None]:
    """A webhook that a person makes at BottleCRM, as the connection's page tells; its secret is entered there."""
    page.goto(f"/settings/connections/{CONNECTION}")
    door = page.locator("#door").input_value()
    person = Client(origin=BOTTLECRM.origin, headers={"Authorization": f"Bearer {signed_in_person()}"})
    hook = person.done("/api/webhooks/", body={"url": door, "events": EVENTS})
    try:
        page.get_by_label("Signing secret").fill(hook["secret"])
        page.get_by_role("button", name="Save the secret").click()
        expect(page.get_by_text("The signing secret is saved.")).to_be_visible()
        yield
    finally:
        person.done(f"/api/webhooks/{hook['id']}/", method="DELETE")


def connect(page: Page) -> None:
    page.goto("/settings/connections/new/bottlecrm")
    form = page.get_by_role("region", name="Personal access token")
    form.get_by_label("Address of the BottleCRM server").fill(BOTTLECRM.origin)
    form.get_by_label("Personal access token").fill(BOTTLECRM.token())
    form.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_text("The first sync has begun.")).to_be_visible()


def test_a_push_changes_its_customer_within_two_seconds_of_reaching_the_door(
    bottlecrm: Pair, browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path) as found:
        page = opened(browser, found.hub)
        became_admin(page, found.hub)
        connect(page)
        settled(found.hub)
        with pushing(page):
            chosen = bottlecrm.real.done(f"/api/contacts/?limit={PUSHES}", method="GET")["results"]
            took = [changed(bottlecrm.real, found.hub, one["id"]) for one in chosen]
        page.reload()
        expect(page.get_by_text("Pushes arrive")).to_be_visible()
        page.context.close()
    sys.stderr.write(f"seconds from the door to the customer: {', '.join(f'{each.total_seconds():.2f}' for each in took)}\n")
    assert len(took) == PUSHES
    assert max(took) < SOON


def changed(real: Client, hub: Hub, contact: str) -> timedelta:
    """Change a contact there; the time from when its push reached the door until the customer and the feed say so."""
    customer, title = customer_of(hub, contact), f"Title {time.time_ns()}"
    before = value(hub, "SELECT max(position) FROM change")
    real.done(f"/api/contacts/{contact}/", method="PATCH", body={"title": title})
    until(lambda: _told(hub, customer, title), seconds=_DELIVERED_WITHIN)
    seen = datetime.now(tz=UTC)
    assert value(hub, "SELECT customer_id FROM change WHERE position = (SELECT max(position) FROM change)") == customer
    assert value(hub, "SELECT max(position) FROM change") == before + 1
    return seen - arrived(hub, contact)


def _told(hub: Hub, customer: str, title: str) -> bool:
    return title in str(value(hub, "SELECT document FROM customer WHERE id = :customer", customer=customer))


def arrived(hub: Hub, contact: str) -> datetime:
    """When the one push about a contact reached the door."""
    with hub.database.reading() as tx:
        said = tx.execute(text("SELECT received_at FROM inbox WHERE source_id = :contact"), {"contact": contact}).scalar_one()
    return datetime.fromisoformat(said).replace(tzinfo=UTC)
