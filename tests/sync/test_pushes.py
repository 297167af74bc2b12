"""Pushes as they reach the door: stored once, answered at once, and believed only as far as the system itself says so."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hub.sandbox.standins import standin
from hub.spec import Delivery, hmac_sha256
from hub.store import connections
from hub.store import inbox as rows
from hub.sync import connect, inbox
from tests import rigs
from tests.rigs import Rig

SYSTEMS = ("bottlecrm", "hubspot", "zendesk")


@pytest.fixture(params=SYSTEMS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with rigs.rig(tmp_path, request.param) as found:
        found.drained()
        yield found


@pytest.fixture
def hubspot(tmp_path: Path) -> Iterator[Rig]:
    with rigs.rig(tmp_path, "hubspot", people=200) as found:
        found.drained()
        yield found


@pytest.fixture
def zendesk(tmp_path: Path) -> Iterator[Rig]:
    with rigs.rig(tmp_path, "zendesk") as found:
        found.drained()
        yield found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A Zendesk for pushes of which nothing may remain."""
    with rigs.rig(tmp_path_factory.mktemp("desk"), "zendesk") as found:
        found.drained()
        yield found


def accepted(rig: Rig, door: str, *deliveries: Delivery) -> list[int]:
    return [inbox.accept(rig.hub, door, delivery).status for delivery in deliveries]


def settled(rig: Rig) -> None:
    """Everything that pushes have made due is done; what is due later is not."""
    rig.clock.skip(seconds=20)
    rig.drained()


def name_of(rig: Rig, contact: str) -> str:
    body = json.loads(rig.one("SELECT body FROM record WHERE type = 'contact' AND source_id = :id", id=contact))
    return str(body.get("full_name") or body.get("family_name"))


def state_of(rig: Rig, contact: str) -> str:
    return str(rig.one("SELECT state FROM record WHERE type = 'contact' AND source_id = :id", id=contact))


def open_pushes(rig: Rig) -> int:
    return int(rig.one("SELECT count(*) FROM inbox WHERE done_at IS NULL"))


def test_a_delivery_that_comes_twice_is_stored_once_and_read_once(rig: Rig) -> None:
    door, post = rig.listening()
    found = rig.renamed(rig.people(1)[0], "Primeira")
    first = [inbox.accept(rig.hub, door, delivery) for delivery in post.taken]
    stored = rig.one("SELECT count(*) FROM inbox")
    again = [inbox.accept(rig.hub, door, delivery) for delivery in post.taken]
    assert {outcome.status for outcome in (*first, *again)} == {202}
    assert any(outcome.work for outcome in first)
    assert not any(outcome.work for outcome in again)
    assert rig.one("SELECT count(*) FROM inbox") == stored
    settled(rig)
    assert "Primeira" in name_of(rig, found)
    asked = len(rig.watch.calls)
    assert accepted(rig, door, *post.taken) == [202] * len(post.taken)
    settled(rig)
    assert len(rig.watch.calls) == asked


def test_a_push_in_the_same_words_tells_of_another_change_where_the_system_names_no_delivery(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "freshdesk") as rig:
        rig.drained()
        door, post = rig.listening()
        found = rig.renamed(rig.people(1)[0], "Primeira")
        thin = replace(post.taken[-1], body=b'{"contact_id": %d}' % int(found))
        for name in ("Primeira", "Segunda", "Terceira"):
            rig.act("change", object="contacts", id=found, fields={"name": name})
            assert accepted(rig, door, replace(thin, received_at=rig.clock.now())) == [202]
            settled(rig)
            assert name in name_of(rig, found)


def test_pushes_that_arrive_in_the_wrong_order_end_with_what_the_system_has(rig: Rig) -> None:
    door, post = rig.listening()
    person = rig.people(1)[0]
    found, name = rig.renamed(person, "Primeira"), rig.world.as_seen(person, rig.system).family_name
    held = rig.holding(found)
    row = held.row(rig.controls.identity(held.name, found))
    assert row is not None
    second = {key: rigs.replaced(value, "Primeira", "Segunda") for key, value in row.fields.items()}
    rig.act(
        "change", object=held.name, id=found, fields={key: value for key, value in second.items() if value != row.fields[key]}
    )
    for delivery in reversed(post.taken):
        assert accepted(rig, door, delivery) == [202]
        settled(rig)
        assert "Segunda" in name_of(rig, found)
    assert name not in name_of(rig, found)


def test_a_deletion_that_is_pushed_is_believed_when_the_system_no_longer_has_the_record(rig: Rig) -> None:
    door, post = rig.listening()
    found = rig.renamed(rig.people(1)[0], "Primeira")
    rig.act("delete", object=rig.holding(found).name, id=found)
    deleted, changed = post.taken[-1], post.taken[0]
    assert accepted(rig, door, deleted) == [202]
    settled(rig)
    assert state_of(rig, found) == "deleted"
    assert accepted(rig, door, changed) == [202]
    settled(rig)
    assert state_of(rig, found) == "deleted"


def test_a_push_that_lies_about_a_deletion_changes_nothing(zendesk: Rig) -> None:
    door, post = zendesk.listening()
    found = zendesk.renamed(zendesk.people(1)[0], "Primeira")
    told = json.loads(post.taken[0].body) | {"id": "another", "type": "zen:event-type:user.deleted"}
    assert accepted(zendesk, door, signed(zendesk, json.dumps(told).encode())) == [202]
    settled(zendesk)
    assert state_of(zendesk, found) == "live"


def signed(rig: Rig, body: bytes, *, ago: float = 0) -> Delivery:
    """A delivery that Zendesk could have sent, received now."""
    with rig.hub.database.reading() as tx:
        secret = connections.webhook_secret(tx, rig.connection.id, rig.hub.seal) or ""
    at = (rig.clock.now() - timedelta(seconds=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    signature = b64encode(hmac_sha256(secret, at.encode(), body)).decode()
    headers = {"x-zendesk-webhook-signature": signature, "x-zendesk-webhook-signature-timestamp": at}
    url = f"{rig.hub.settings.public_url}/webhooks/{rig.connection.door}"
    return Delivery(method="POST", url=url, headers=headers, body=body, received_at=rig.clock.now())


EVENT = b'{"id": "e1", "subject": "zen:ticket:1", "type": "zen:event-type:ticket.created"}'


@pytest.mark.parametrize(("ago", "status"), [(0, 202), (299, 202), (302, 401), (-298, 202), (-302, 401), (86400, 401)])
def test_a_replay_is_refused_after_five_minutes(zendesk: Rig, ago: float, status: int) -> None:
    assert accepted(zendesk, zendesk.connection.door, signed(zendesk, EVENT, ago=ago)) == [status]
    assert open_pushes(zendesk) == (1 if status == 202 else 0)


@pytest.mark.parametrize("body", [b"", b"not json", b'{"id": ', b"\xff", b"[" * 100_000, b'{"a":' * 100 + b"1" + b"}" * 100])
def test_a_genuine_push_that_is_no_json_is_refused(desk: Rig, body: bytes) -> None:
    assert accepted(desk, desk.connection.door, signed(desk, body)) == [400]


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"null", b'"text"', b"7", b'{"subject": 7}', b'{"subject": "zen:ticket:x"}', b"[[]]"]
)
def test_a_genuine_push_that_says_nothing_is_taken_and_forgotten(desk: Rig, body: bytes) -> None:
    assert accepted(desk, desk.connection.door, signed(desk, body)) == [202]
    assert open_pushes(desk) == 0


def test_a_push_that_is_too_large_is_refused_before_anything_is_looked_at(zendesk: Rig) -> None:
    large = signed(zendesk, b'"' + b"a" * inbox.MAX_BODY + b'"')
    assert accepted(zendesk, zendesk.connection.door, large) == [413]
    assert accepted(zendesk, "nobody's door", large) == [413]
    whole = signed(zendesk, b'"' + b"a" * (inbox.MAX_BODY - 2) + b'"')
    assert accepted(zendesk, zendesk.connection.door, whole) == [202]


@pytest.mark.parametrize("door", ["", "nobody", "zendesk-1", "'; DROP TABLE inbox; --", "x" * 5000])
def test_an_unknown_door_is_missing(desk: Rig, door: str) -> None:
    assert accepted(desk, door, signed(desk, EVENT)) == [404]


def test_a_door_without_a_secret_takes_nothing(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "bottlecrm") as rig:
        unsigned = Delivery(method="POST", url="", headers={}, body=b"{}", received_at=rig.clock.now())
        assert accepted(rig, rig.connection.door, unsigned) == [404]


def test_the_door_of_a_disconnected_connection_is_missing(zendesk: Rig) -> None:
    push = signed(zendesk, EVENT)
    connect.disconnect(zendesk.hub, zendesk.connection.id, keep_data=True)
    assert accepted(zendesk, zendesk.connection.door, push) == [404]


@pytest.mark.parametrize("header", ["x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"])
@pytest.mark.parametrize("said", ["", "0", "é", "=" * 5000, "9" * 30, "2026-13-45T99:99:99Z", "-1"])
def test_headers_that_make_no_sense_are_refused(desk: Rig, header: str, said: str) -> None:
    push = signed(desk, EVENT)
    assert accepted(desk, desk.connection.door, replace(push, headers={**push.headers, header: said})) == [401]


def test_a_burst_of_pushes_is_one_read_of_many_records(hubspot: Rig) -> None:
    door, post = hubspot.listening()
    people = hubspot.people(60)
    names = {hubspot.renamed(person, f"Rajada{person}") for person in people}
    events = [event for delivery in post.taken for event in json.loads(delivery.body)]
    hubspot.watch.calls.clear()
    burst = _signed_by_hubspot(hubspot, post.taken[0], json.dumps(events).encode())
    assert accepted(hubspot, door, burst) == [202]
    settled(hubspot)
    assert open_pushes(hubspot) == 0
    assert hubspot.watch.asked("/contacts/batch/read") == 1
    assert all("Rajada" in name_of(hubspot, found) for found in names)


def _signed_by_hubspot(rig: Rig, like: Delivery, body: bytes) -> Delivery:
    with rig.hub.database.reading() as tx:
        (app,) = connections.apps(tx, rig.hub.seal)
    sent = like.headers["x-hubspot-request-timestamp"]
    ours = b64encode(hmac_sha256(app.secret, b"POST", like.url.encode(), body, sent.encode())).decode()
    return replace(like, body=body, headers={**like.headers, "x-hubspot-signature-v3": ours})


@pytest.mark.parametrize("event_id", ["e" * 5000, "e\0", "\u00e9" * 150])
@pytest.mark.parametrize("ticket", ["9" * 5000, "9" * 151, "1"])
def test_ids_of_any_length_do_no_harm(database_url: str, tmp_path: Path, event_id: str, ticket: str) -> None:
    with rigs.rig(tmp_path, "zendesk", people=8, DATABASE_URL=database_url) as rig:
        rig.drained()
        body = json.dumps({"id": event_id, "subject": f"zen:ticket:{ticket}"}).encode()
        assert accepted(rig, rig.connection.door, signed(rig, body), signed(rig, body)) == [202, 202]
        assert open_pushes(rig) == (1 if ticket == "1" else 0)


def test_an_app_routes_a_push_to_the_connection_of_its_account_alone(hubspot: Rig) -> None:
    door, post = hubspot.listening()
    hubspot.renamed(hubspot.people(1)[0], "Primeira")
    (event,) = json.loads(post.taken[0].body)
    foreign = _signed_by_hubspot(hubspot, post.taken[0], json.dumps([{**event, "portalId": 1}]).encode())
    outcome = inbox.accept(hubspot.hub, door, foreign)
    assert (outcome.status, list(outcome.work)) == (202, [])
    assert open_pushes(hubspot) == 0
    held = hubspot.connection
    with hubspot.hub.database.writing() as tx:
        # The stand-in in the sandbox and the system itself can have an account of the same number.
        now = hubspot.clock.now()
        second = connections.create(tx, "hubspot", now, label="", environment="production", auth=held.auth, answers={})
        connections.change(tx, second.id, account=held.account)
    assert accepted(hubspot, door, post.taken[0]) == [202]
    waiting = hubspot.rows("SELECT connection_id FROM inbox WHERE done_at IS NULL ORDER BY connection_id")
    assert waiting == [(hubspot.connection.id,), (second.id,)]


def test_two_events_with_the_same_id_are_two(hubspot: Rig) -> None:
    door, post = hubspot.listening()
    first = standin("hubspot").contact_id(hubspot.people(2)[0])
    second = standin("hubspot").contact_id(hubspot.people(2)[1])
    hubspot.renamed(hubspot.people(1)[0], "Primeira")
    (event,) = json.loads(post.taken[0].body)
    events = [{**event, "eventId": 1, "objectId": int(found)} for found in (first, second)]
    assert accepted(hubspot, door, _signed_by_hubspot(hubspot, post.taken[0], json.dumps(events).encode())) == [202]
    assert open_pushes(hubspot) == 2


def test_a_push_that_came_while_nothing_was_asked_of_the_system_is_read_when_it_goes_on(rig: Rig) -> None:
    door, post = rig.listening()
    connect.pause(rig.hub, rig.connection.id)
    found = rig.renamed(rig.people(1)[0], "Pausada")
    assert set(accepted(rig, door, *post.taken)) == {202}
    settled(rig)
    assert open_pushes(rig) > 0
    assert "Pausada" not in name_of(rig, found)
    connect.resume(rig.hub, rig.connection.id)
    settled(rig)
    assert open_pushes(rig) == 0
    assert "Pausada" in name_of(rig, found)


def test_pushes_are_forgotten_a_week_after_they_were_dealt_with(zendesk: Rig) -> None:
    assert accepted(zendesk, zendesk.connection.door, signed(zendesk, EVENT)) == [202]
    settled(zendesk)
    with zendesk.hub.database.writing() as tx:
        rows.prune(tx, zendesk.clock.now() + timedelta(days=6))
    assert zendesk.one("SELECT count(*) FROM inbox") == 1
    with zendesk.hub.database.writing() as tx:
        rows.prune(tx, zendesk.clock.now() + timedelta(days=8))
    assert zendesk.one("SELECT count(*) FROM inbox") == 0
