"""The stand-in for pretix without the real one: totals, order, what is ignored, sign-in, pushes."""

import json
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from connectors.pretix.sandbox import STANDIN, TEAM_TOKEN
from connectors.pretix.sandbox_records import customer_id, identifier, order_code, order_id
from hub.sandbox.oauth import DEFAULT_CLIENT, DEFAULT_SECRET
from hub.sandbox.push import Delivery
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World, record_id

ACME = "/api/v1/organizers/acme"
TEAM = {"Authorization": f"Token {TEAM_TOKEN}"}
REDIRECT = "http://127.0.0.1:9999/callback"
NOW = 1_795_000_000
WORLD = World(300)


class Kept:
    """Stands where deliveries are sent."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    def send(self, delivery: Delivery) -> None:
        self.bodies.append(json.loads(delivery.body(0)))


@pytest.fixture
def held() -> Controls:
    return controls(lambda: NOW)


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def ask(client: FlaskClient, path: str) -> Any:
    return client.get(path, headers=TEAM).json


def sent(client: FlaskClient, path: str, said: object = None) -> Any:
    return client.post(ACME + path, json=said, headers=TEAM).json


def walked(client: FlaskClient, path: str) -> list[Any]:
    seen: list[Any] = []
    url: str | None = ACME + path
    while url:
        page = ask(client, url)
        seen += page["results"]
        url = page["next"]
    assert len(seen) == page["count"]
    return seen


@pytest.mark.parametrize("index", [0, 1, 77, 299, 5_000_000])
def test_an_identifier_reads_back_as_its_number(index: int) -> None:
    assert customer_id(identifier(record_id("contact", index))) == record_id("contact", index)
    assert order_id(order_code(record_id("order", index, 3))) == record_id("order", index, 3)


@pytest.mark.parametrize("text", ["", "NOPE", "0000000", "9JXC4DLX"])
def test_what_is_no_identifier_has_no_number(text: str) -> None:
    assert customer_id(text) is None


def test_the_lists_hold_the_truth(client: FlaskClient) -> None:
    truth = STANDIN.truth(WORLD)
    customers, orders = walked(client, "/customers/?page_size=50"), walked(client, "/orders/?page_size=7")
    assert len({one["identifier"] for one in customers}) == truth["contact"]
    assert len({one["code"] for one in orders}) == truth["order"]
    assert Counter(one["status"] for one in orders).keys() == {"p", "n", "c", "e"}


@pytest.mark.parametrize(("asked", "given"), [("7", 7), ("500", 50), ("0", 50), ("many", 50)])
def test_a_page_holds_at_most_fifty(client: FlaskClient, asked: str, given: int) -> None:
    page = ask(client, f"{ACME}/orders/?page_size={asked}")
    assert page["count"] > 50
    assert len(page["results"]) == given


def test_orders_belong_to_customers_or_to_guests_and_name_an_event(client: FlaskClient) -> None:
    known = {one["identifier"] for one in walked(client, "/customers/")} | {None}
    orders = walked(client, "/orders/")
    assert {one["customer"] for one in orders} <= known
    assert any(one["customer"] is None for one in orders)
    events = {one["slug"]: one["currency"] for one in ask(client, f"{ACME}/events/")["results"]}
    assert {one["event"] for one in orders} == set(events)
    assert set(events.values()) == {"BRL", "USD"}


def test_orders_changed_since_are_those_that_were(client: FlaskClient) -> None:
    since = "2026-08-01T00:00:00.000000Z"
    wanted = [one["code"] for one in walked(client, "/orders/?ordering=last_modified") if one["last_modified"] >= since]
    assert wanted
    assert [one["code"] for one in walked(client, f"/orders/?ordering=last_modified&modified_since={since}")] == wanted


def test_customers_cannot_be_asked_by_time(client: FlaskClient) -> None:
    assert len(walked(client, "/customers/?modified_since=2099-01-01T00:00:00Z")) == STANDIN.truth(WORLD)["contact"]


def test_an_order_paid_back_is_cancelled_with_a_refund(client: FlaskClient) -> None:
    for one in walked(client, "/orders/"):
        refunded = sum(float(refund["amount"]) for refund in one["refunds"])
        if one["refunds"]:
            assert (one["status"], refunded) == ("c", float(one["total"]))
            assert one["payments"][0]["state"] == "confirmed"
        assert f"{sum(float(position['price']) for position in one['positions']):.2f}" == one["total"]


def test_a_changed_order_comes_last_and_is_found_by_time(client: FlaskClient) -> None:
    code = walked(client, "/orders/?status=n")[0]["code"]
    slug = ask(client, f"{ACME}/orders/{code}/")["event"]
    paid = sent(client, f"/events/{slug}/orders/{code}/mark_paid/")
    assert (paid["status"], paid["payments"][0]["state"]) == ("p", "confirmed")
    assert [one["code"] for one in walked(client, "/orders/?modified_since=2026-11-02T00:00:00Z")] == [code]
    assert walked(client, "/orders/?ordering=last_modified")[-1]["code"] == code


@pytest.mark.parametrize("name", ["delete", "erase"])
def test_removing_a_customer_leaves_one_without_a_name(client: FlaskClient, name: str) -> None:
    one = walked(client, "/customers/")[0]["identifier"]
    client.post(f"/__sandbox/{name}", json={"object": "customers", "id": one})
    left = ask(client, f"{ACME}/customers/{one}/")
    assert (left["email"], left["name"], left["name_parts"], left["is_active"]) == (None, "", {}, False)
    assert walked(client, "/customers/")[-1]["email"] is None


def signed_in(client: FlaskClient, scope: str = "read write") -> dict[str, str]:
    asked = {"client_id": DEFAULT_CLIENT, "redirect_uri": REDIRECT, "response_type": "code", "scope": scope, "state": "s"}
    told = client.post("/api/v1/oauth/authorize", data={**asked, "decision": "allow"})
    code = parse_qs(urlsplit(told.headers["Location"]).query)["code"][0]
    return token(client, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)


def token(client: FlaskClient, **fields: str) -> dict[str, str]:
    given = client.post("/api/v1/oauth/token", data=fields, auth=(DEFAULT_CLIENT, DEFAULT_SECRET))
    return dict(given.json or {})


def status(client: FlaskClient, access: str) -> int:
    return client.get("/api/v1/organizers/", headers={"Authorization": f"Bearer {access}"}).status_code


def test_a_refresh_keeps_its_token_and_ends_the_access_token_before_it(client: FlaskClient) -> None:
    first, other = signed_in(client), signed_in(client)
    second = token(client, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second["refresh_token"] == first["refresh_token"]
    assert [status(client, one["access_token"]) for one in (first, second, other)] == [401, 200, 200]


def test_access_ends_after_a_day() -> None:
    moments = [NOW]
    client = application(STANDIN, WORLD, controls(lambda: moments[-1])).test_client()
    access = signed_in(client)["access_token"]
    for later, wanted in ((86_399, 200), (86_401, 401)):
        moments.append(NOW + later)
        assert status(client, access) == wanted


def test_the_control_door_ends_all_access(client: FlaskClient) -> None:
    given = signed_in(client)
    client.post("/__sandbox/expire")
    assert status(client, given["access_token"]) == 401
    assert "access_token" in token(client, grant_type="refresh_token", refresh_token=given["refresh_token"])


def test_pushes_are_thin_and_tell_what_happened(held: Controls, client: FlaskClient) -> None:
    held.sender = kept = Kept()  # type: ignore[assignment]  # keeps deliveries instead of sending them
    hook = {"target_url": "http://hub.example/in", "action_types": ["pretix.customer.*", "pretix.event.order.paid"]}
    number = sent(client, "/webhooks/", hook)["id"]
    made = sent(client, "/customers/", {"email": "a@b.example", "name_parts": {}})["identifier"]
    client.patch(f"{ACME}/customers/{made}/", json={"phone": "+5511999"}, headers=TEAM)
    client.post(f"{ACME}/customers/{made}/anonymize/", headers=TEAM)
    order = walked(client, "/orders/?status=n")[0]
    client.post(f"{ACME}/events/{order['event']}/orders/{order['code']}/mark_paid/", headers=TEAM)
    about = {"organizer": "acme", "customer": made}
    assert [{name: value for name, value in body.items() if name != "notification_id"} for body in kept.bodies] == [
        {**about, "action": "pretix.customer.created"},
        {**about, "action": "pretix.customer.changed"},
        {**about, "action": "pretix.customer.anonymized"},
        {"organizer": "acme", "event": order["event"], "code": order["code"], "action": "pretix.event.order.paid"},
    ]
    assert client.delete(f"{ACME}/webhooks/{number}/", headers=TEAM).status_code == 204
    client.patch(f"{ACME}/customers/{made}/", json={"phone": None}, headers=TEAM)
    assert len(kept.bodies) == 4
