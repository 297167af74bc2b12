"""The doors beside the API: pushes are verified at our public address, and the hub says how it stands."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from hub.spec import hmac_sha256
from hub.store import connections
from hub.sync.hub import Hub
from tests.web.asking import filled, program, served

SECRET = "whs-secret"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Hub, Flask]]:
    hub, app = served(tmp_path, PUBLIC_URL="https://hub.example.org")
    yield hub, app
    hub.database.close()


def zendesk_door(hub: Hub) -> str:
    """The door of a connection whose pushes are signed with SECRET."""
    with hub.database.writing() as tx:
        answers = {"subdomain": "acme"}
        found = connections.create(
            tx, "zendesk", hub.time.now(), label="Z", environment="production", auth="oauth2", answers=answers
        )
        connections.set_webhook(tx, found.id, hub.seal, secret=SECRET, subscription=None)
    return found.door


def signed(hub: Hub, body: bytes) -> dict[str, str]:
    at = hub.time.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    signature = b64encode(hmac_sha256(SECRET, at.encode(), body)).decode()
    return {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": at}


def test_a_genuine_push_is_stored_and_answered(made: tuple[Hub, Flask]) -> None:
    hub, app = made
    door = zendesk_door(hub)
    body = json.dumps({"type": "zen:event-type:ticket.created", "id": "e1", "detail": {"id": "35"}}).encode()
    answer = app.test_client().post(f"/webhooks/{door}", data=body, headers=signed(hub, body))
    assert (answer.status_code, answer.data) == (202, b"")


def test_a_forged_push_is_refused(made: tuple[Hub, Flask]) -> None:
    hub, app = made
    door = zendesk_door(hub)
    answer = app.test_client().post(f"/webhooks/{door}", data=b"{}", headers=signed(hub, b"{ }"))
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


@pytest.mark.parametrize("door", ["x", "A" * 32, "A" * 5000, "%00", "..%2f", "é"])
def test_an_unknown_door_is_missing(made: tuple[Hub, Flask], door: str) -> None:
    assert made[1].test_client().post(f"/webhooks/{door}", data=b"{}").status_code in (400, 404)


def test_a_push_connection_has_no_door_for_pushes_of_a_system(made: tuple[Hub, Flask]) -> None:
    hub, app = made
    with hub.database.reading() as tx:
        door = connections.get(tx, filled(hub)).door
    assert app.test_client().post(f"/webhooks/{door}", data=b"{}").status_code == 404


def test_a_door_is_only_for_posting(made: tuple[Hub, Flask]) -> None:
    client = made[1].test_client()
    known, unknown = zendesk_door(made[0]), "A" * 32
    for door in (known, unknown):
        answer = client.get(f"/webhooks/{door}")
        assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)


def test_a_body_that_is_too_large_is_refused_unread(made: tuple[Hub, Flask]) -> None:
    hub, app = made
    assert app.test_client().post(f"/webhooks/{zendesk_door(hub)}", data=b"x" * 1_000_001).status_code == 413


def test_while_the_database_is_away_senders_are_told_to_come_again(made: tuple[Hub, Flask], tmp_path: Path) -> None:
    hub, app = made
    door = zendesk_door(hub)
    hub.database.close()
    (tmp_path / "hub.db").rename(tmp_path / "elsewhere.db")
    (tmp_path / "hub.db").mkdir()
    answer = app.test_client().post(f"/webhooks/{door}", data=b"{}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/metrics").status_code == 503


def test_the_signed_address_is_our_public_one_whatever_host_was_asked(made: tuple[Hub, Flask]) -> None:
    from hub.web.doors.webhooks import delivery  # noqa: PLC0415 - named here, where it is looked into

    with made[1].test_request_context(
        "/webhooks/abc?a=b%20c", method="POST", headers={"Host": "evil.example", "X-Key": "v"}, data=b"body"
    ):
        found = delivery()
    assert (found.url, found.method, found.body) == ("https://hub.example.org/webhooks/abc?a=b%20c", "POST", b"body")
    assert found.headers["x-key"] == "v"


def test_the_hub_is_ready_only_in_this_releases_form(made: tuple[Hub, Flask], tmp_path: Path) -> None:
    client = made[1].test_client()
    assert client.get("/readyz").get_json() == {"status": "ok", "database": "ok", "migrations": "current", "queue": "away"}
    with sqlite3.connect(tmp_path / "hub.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0000'")
    raw.close()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["migrations"]) == (503, "behind; run `hub migrate`")


def test_the_figures_are_for_this_machine_or_an_admins_key(made: tuple[Hub, Flask]) -> None:
    hub, app = made
    filled(hub)
    client, far = app.test_client(), {"REMOTE_ADDR": "203.0.113.9"}
    text = client.get("/metrics").get_data(as_text=True)
    for line in (
        'ciclo_connections{state="connected",system="push"} 1.0',
        'ciclo_streams{state="current"} 8.0',
        'ciclo_work_rows{kind="derive",state="pending"} 1.0',
        "ciclo_feed_position 3.0",
        'ciclo_stream_failures{connection="push-1",stream="deals"} 0.0',
    ):
        assert line in text
    assert client.get("/metrics", environ_base=far).status_code == 401
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401
    for scopes, status in ((["admin"], 200), (["read"], 403)):
        key = {"Authorization": f"Bearer {program(hub, app, scopes).key}"}
        assert client.get("/metrics", environ_base=far, headers=key).status_code == status
