"""The Zendesk connector against answers written from Zendesk's documentation (README.md beside this file)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.zendesk import CONNECTOR
from hub.errors import HubError, Reconnect, Retry, StopStream
from hub.spec import Change, Delivery, Next, OAuth2, Reply, Request, Webhook
from tests.connectors.places import answered

SINCE = datetime(2025, 3, 20, 10, 0, tzinfo=UTC)
SINCE_S = 1742464800
SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
"""The secret that Zendesk publishes for tests: https://developer.zendesk.com/documentation/webhooks/verifying/"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
unhurried = settings(deadline=None, database=None, max_examples=60)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def reply(name: str, status: int = 200) -> Reply:
    return Reply(status=status, body=recorded(name))


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


@pytest.mark.parametrize(
    ("name", "path", "params"),
    [
        ("organizations", "/api/v2/incremental/organizations", {}),
        ("users", "/api/v2/incremental/users/cursor", {"per_page": 200}),
        ("tickets", "/api/v2/incremental/tickets/cursor", {"per_page": 200, "include": "metric_sets"}),
        ("satisfaction_ratings", "/api/v2/satisfaction_ratings", {"page[size]": 100}),
    ],
)
def test_a_read_starts_at_the_beginning_or_at_a_second(name: str, path: str, params: dict[str, Any]) -> None:
    start = CONNECTOR.stream(name).start
    assert start(None) == Request(path=path, params={**params, "start_time": 0})
    assert start(SINCE) == Request(path=path, params={**params, "start_time": SINCE_S})


def test_the_newest_minute_is_never_asked_for() -> None:
    assert all(stream.lag >= timedelta(minutes=2) for stream in CONNECTOR.streams)


def test_an_export_goes_on_from_its_cursor_and_the_next_run_too() -> None:
    stream = CONNECTOR.stream("tickets")
    path, cursor = "/api/v2/incremental/tickets/cursor", "MTc0MjYzNzkwMS4wfHwy"
    onward = Request(path=path, params={"per_page": 200, "include": "metric_sets", "cursor": cursor})
    assert stream.following(stream.start(SINCE), reply("tickets")) == Next(request=onward)
    assert stream.following(onward, reply("tickets_last")) == Next(request=onward, ended=True)


def organizations_after(start: int, **body: Any) -> Next | None:
    stream = CONNECTOR.stream("organizations")
    request = Request(path="/api/v2/incremental/organizations", params={"start_time": start})
    return stream.following(request, Reply(status=200, body={**recorded("organizations"), **body}))


def test_organizations_go_on_at_the_second_where_a_page_ended() -> None:
    following = organizations_after(0)
    assert following == Next(request=Request(path="/api/v2/incremental/organizations", params={"start_time": 1738483200}))


def test_organizations_end_when_zendesk_says_so_or_says_nothing() -> None:
    assert organizations_after(0, end_of_stream=True) is None
    assert organizations_after(0, end_of_stream=None) is None
    assert organizations_after(0, end_time=None) is None


def test_a_second_with_more_organizations_than_a_page_holds_is_left_behind() -> None:
    following = organizations_after(1738483200)
    assert following is not None
    assert following.request.params["start_time"] == 1738483201


def test_ratings_go_on_from_their_cursor_until_there_are_no_more() -> None:
    stream = CONNECTOR.stream("satisfaction_ratings")
    first = stream.start(SINCE)
    assert stream.following(first, reply("satisfaction_ratings")) == Next(
        request=first.asking(**{"page[after]": "eyJvIjoiaWQiLCJ2IjoiYVM0In0="})
    )
    last = recorded("satisfaction_ratings")
    last["meta"]["has_more"] = False
    assert stream.following(first, Reply(status=200, body=last)) is None
    assert stream.following(first, Reply(status=200, body={"meta": {"has_more": True, "after_cursor": None}})) is None


@pytest.mark.parametrize(("name", "gone"), [("tickets", ["2"]), ("users", ["9003"]), ("organizations", ["602"])])
def test_what_was_deleted_shows_itself(name: str, gone: list[str]) -> None:
    stream = CONNECTOR.stream(name)
    assert stream.gone is not None
    found = answered(stream, recorded(name))
    assert [str(record["id"]) for record in found if stream.gone(record)] == gone


def test_a_record_without_marks_of_deletion_is_there() -> None:
    assert [stream.gone({"id": 1}) for stream in CONNECTOR.streams if stream.gone] == [False, False, False]


@pytest.mark.parametrize(("name", "extra"), [("users", {}), ("organizations", {}), ("tickets", {"include": "metric_sets"})])
def test_records_are_read_again_by_their_ids(name: str, extra: dict[str, Any]) -> None:
    again = CONNECTOR.stream(name).some
    assert again is not None
    assert again.request(["1", "2"]) == Request(path=f"/api/v2/{name}/show_many", params={**extra, "ids": "1,2"})
    assert (again.size, again.records) == (100, name)


@unhurried
@given(JSON)
def test_pages_of_any_form_end_a_stream_or_lead_on(body: Any) -> None:
    for stream in CONNECTOR.streams:
        for answer in (body, {"end_of_stream": False, "end_time": body, "meta": {"has_more": True, "after_cursor": body}}):
            following = stream.following(stream.start(None), Reply(status=200, body=answer))
            assert following is None or isinstance(following, Next)


def test_the_account_is_known_by_its_host() -> None:
    body = recorded("me")
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == ("acme.zendesk.com", "Zendesk acme.zendesk.com")


@pytest.mark.parametrize("url", [None, "", "users/1"])
def test_an_account_without_a_host_is_none(url: str | None) -> None:
    with pytest.raises(ValueError, match="no host"):
        CONNECTOR.account.id({"user": {"url": url}})


def problem(found: Reply) -> tuple[type[HubError], timedelta | None] | None:
    assert CONNECTOR.errors is not None
    error = CONNECTOR.errors(found)
    return None if error is None else (type(error), error.after if isinstance(error, Retry) else None)


def test_errors_say_what_to_do() -> None:
    agent = recorded("me")
    agent["user"]["role"] = "agent"
    assert problem(reply("stranger")) == (Reconnect, None)
    assert problem(Reply(status=200, body=agent)) == (StopStream, None)
    assert problem(reply("error_forbidden", 403)) == (StopStream, None)
    assert problem(reply("error_recent", 422)) == (Retry, timedelta(minutes=1))


def test_what_the_status_says_well_enough_is_left_to_it() -> None:
    assert problem(reply("me")) is None
    assert problem(reply("users")) is None
    assert problem(Reply(status=401, body={"error": "invalid_token"})) is None
    assert problem(Reply(status=422, body={"error": "RecordInvalid"})) is None
    assert problem(Reply(status=429, body={"error": "APIRateLimitExceeded"})) is None


@unhurried
@given(st.sampled_from([200, 201, 401, 403, 404, 422, 429, 500]), JSON)
def test_any_error_body_is_survived(status: int, body: Any) -> None:
    problem(Reply(status=status, body=body))
    problem(Reply(status=status, body={"user": body, "error": body}))


def test_sign_in_asks_for_tokens_that_end_and_ends_its_own() -> None:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, OAuth2)
    assert dict(auth.parameters) == {
        "scope": "read webhooks:write",
        "expires_in": 1800,
        "refresh_token_expires_in": 2592000,
    }
    assert auth.revoke is not None
    assert auth.revoke({"access_token": "a-1"}) == Request(method="DELETE", path="/api/v2/oauth/tokens/current")


def delivery(**changed: Any) -> Delivery:
    """Its signature was made by OpenSSL."""
    headers = {
        "x-zendesk-webhook-signature": "53vRE+rMZFvnLQXdangF6iTiP5PrnU8t9++qDJabdd0=",
        "x-zendesk-webhook-signature-timestamp": "2025-03-20T10:06:00Z",
    }
    sent = Delivery(
        method="POST",
        url="https://hub.example/webhooks/abc",
        headers=headers,
        body=b'{"subject":"zen:ticket:1"}',
        received_at=datetime(2025, 3, 20, 10, 6, 1, tzinfo=UTC),
    )
    return replace(sent, **changed)


def test_a_delivery_that_zendesk_signed_is_genuine() -> None:
    assert webhook().genuine(delivery(), SECRET)


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b'{"subject":"zen:ticket:2"}'},
        {"body": b""},
        {"headers": {}},
        {"headers": {**delivery().headers, "x-zendesk-webhook-signature-timestamp": "2025-03-20T10:06:01Z"}},
        {"headers": {**delivery().headers, "x-zendesk-webhook-signature-timestamp": "this morning"}},
        {"headers": {"x-zendesk-webhook-signature-timestamp": "2025-03-20T10:06:00Z"}},
        {"received_at": datetime(2025, 3, 20, 10, 11, 1, tzinfo=UTC)},
        {"received_at": datetime(2025, 3, 20, 10, 0, 59, tzinfo=UTC)},
    ],
)
def test_a_delivery_that_differs_from_what_was_signed_is_forged(changed: dict[str, Any]) -> None:
    assert not webhook().genuine(delivery(**changed), SECRET)


def test_a_delivery_signed_with_another_secret_is_forged() -> None:
    assert not webhook().genuine(delivery(), "another")


def test_a_push_names_the_record_to_read_again() -> None:
    body = recorded("push")
    event = "cbe4028c-7239-495d-b020-f22348516046"
    assert list(webhook().changes(body)) == [Change(stream="tickets", id="1", key=event)]
    assert list(webhook().changes({**body, "subject": "zen:user:9001"})) == [Change(stream="users", id="9001", key=event)]
    assert list(webhook().changes({"subject": "zen:organization:601"})) == [Change(stream="organizations", id="601")]
    assert list(webhook().changes({**body, "subject": "zen:article:5"})) == []
    assert list(webhook().changes({**body, "id": 5})) == [Change(stream="tickets", id="1")]
    assert list(webhook().changes({**body, "subject": "zen:user:"})) == []
    assert list(webhook().changes({**body, "subject": "zen:user:me/../1"})) == []


@unhurried
@given(JSON)
def test_a_push_in_any_form_is_survived(body: Any) -> None:
    list(webhook().changes(body))
    assert list(webhook().changes({"subject": body, "id": body})) == []


def test_pushes_are_registered_for_the_events_that_change_what_is_read() -> None:
    subscribe = webhook().subscribe
    assert subscribe is not None
    request = subscribe("https://hub.example/webhooks/abc")
    events = request.json["webhook"].pop("subscriptions")
    assert (request.method, request.path) == ("POST", "/api/v2/webhooks")
    assert request.json["webhook"] == {
        "name": "Ciclo Hub",
        "endpoint": "https://hub.example/webhooks/abc",
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
    }
    assert len(events) == len(set(events)) == 36
    assert {
        "zen:event-type:ticket.status_changed",
        "zen:event-type:ticket.soft_deleted",
        "zen:event-type:user.merged",
        "zen:event-type:organization.deleted",
    } < set(events)


def test_the_secret_is_asked_for_after_registering_and_the_webhook_can_be_removed() -> None:
    hook, made = webhook(), reply("webhook", 201)
    assert hook.secret_request is not None
    assert hook.secret is not None
    assert hook.unsubscribe is not None
    path = "/api/v2/webhooks/01GK8E6BKWMJZD2T8Y5AXJQMG5"
    assert hook.secret_request(made) == Request(path=f"{path}/signing_secret")
    assert hook.secret(reply("signing_secret")) == "invented-signing-secret"
    assert hook.unsubscribe(made) == Request(method="DELETE", path=path)
