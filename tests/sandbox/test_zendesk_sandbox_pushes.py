"""The webhooks of the Zendesk stand-in."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from connectors.zendesk.sandbox import STANDIN
from hub.sandbox.push import Delivery
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World

Client = Any
"""Flask's test client, whose answers' `.json` may be anything."""
NOW = 1_795_000_000.0


@pytest.fixture
def held() -> Controls:
    return controls(lambda: NOW)


@pytest.fixture
def api(held: Controls) -> Client:
    world = World(60)
    made: Client = application(STANDIN, world, held).test_client()
    key = b64encode(f"{world.staff[0].email}/token:sandbox-api-token".encode()).decode()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Basic {key}"
    return made


def listed(api: Client, name: str) -> list[dict[str, Any]]:
    return list(api.get(f"/api/v2/{name}.json?per_page=100").json[name])


class Sender:
    def __init__(self) -> None:
        self.sent: list[Delivery] = []

    def send(self, delivery: Delivery) -> None:
        self.sent.append(delivery)


@pytest.fixture
def sent(held: Controls) -> list[Delivery]:
    held.sender = kept = Sender()  # type: ignore[assignment]  # keeps instead of sending
    return kept.sent


def subscribed(api: Client, *types: str) -> str:
    """The secret of a new webhook."""
    wanted = {"name": "hub", "endpoint": "https://hub.example/in", "subscriptions": list(types)}
    made = api.post("/api/v2/webhooks", json={"webhook": wanted}).json["webhook"]
    return str(api.get(f"/api/v2/webhooks/{made['id']}/signing_secret").json["signing_secret"]["secret"])


def test_subscribed_events_are_signed_over_time_and_body(api: Client, sent: list[Delivery]) -> None:
    secret = subscribed(api, "zen:event-type:ticket.status_changed")
    ticket = next(one for one in listed(api, "tickets") if one["status"] == "open")
    api.put(f"/api/v2/tickets/{ticket['id']}.json", json={"ticket": {"status": "solved", "priority": "low"}})
    (delivery,) = sent
    content = delivery.body(0)
    headers = delivery.headers(content)
    signed = headers["X-Zendesk-Webhook-Signature-Timestamp"].encode() + content
    expected = b64encode(hmac.new(secret.encode(), signed, sha256).digest()).decode()
    assert headers["X-Zendesk-Webhook-Signature"] == expected
    event = json.loads(content)
    assert (event["type"], event["subject"], event["event"]) == (
        "zen:event-type:ticket.status_changed",
        f"zen:ticket:{ticket['id']}",
        {"current": "SOLVED", "previous": "OPEN"},
    )
    assert (event["detail"]["id"], event["detail"]["status"]) == (str(ticket["id"]), "SOLVED")


@pytest.mark.parametrize(
    ("act", "event"),
    [
        (lambda api, ids: api.delete(f"/api/v2/tickets/{ids['tickets']}"), "ticket.soft_deleted"),
        (lambda api, ids: api.delete(f"/api/v2/users/{ids['users']}"), "user.active_changed"),
        (lambda api, ids: api.delete(f"/api/v2/organizations/{ids['organizations']}"), "organization.deleted"),
        (lambda api, _ids: api.post("/api/v2/users", json={"user": {"name": "Nova"}}), "user.created"),
    ],
)
def test_each_kind_of_change_has_its_event(
    api: Client, sent: list[Delivery], act: Callable[[Client, dict[str, int]], Any], event: str
) -> None:
    subscribed(api, f"zen:event-type:{event}")
    ids = {name: listed(api, name)[-1]["id"] for name in ("tickets", "users", "organizations")}
    act(api, ids)
    assert [json.loads(delivery.body(0))["type"] for delivery in sent] == [f"zen:event-type:{event}"]
