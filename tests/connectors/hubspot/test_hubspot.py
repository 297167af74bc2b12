"""The HubSpot connector against answers written from HubSpot's documentation (README.md beside this file)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hubspot.utils.signature import Signature
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.hubspot import CONNECTOR
from hub.errors import HubError, RateLimited, Retry, StopStream
from hub.spec import Change, Delivery, Next, OAuth2, Reply, Request, Webhook, pluck

SINCE = datetime(2025, 3, 5, 18, 30, tzinfo=UTC)
SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
SENT_MS = 1741199400000
SENT = datetime(2025, 3, 5, 18, 30, tzinfo=UTC)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
unhurried = settings(deadline=None, database=None, max_examples=60)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def reply(name: str, status: int = 200, **headers: str) -> Reply:
    return Reply(status=status, body=recorded(name), headers=headers)


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


def test_a_first_read_asks_for_everything_by_ascending_id() -> None:
    request = CONNECTOR.stream("companies").start(None)
    assert request == Request(
        method="POST",
        path="/crm/v3/objects/companies/search",
        json={
            "filterGroups": [{"filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": "0"}]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": [
                *("name", "domain", "hs_additional_domains", "website", "phone", "industry", "numberofemployees"),
                *("annualrevenue", "hs_annual_revenue_currency_code", "city", "country", "hubspot_owner_id"),
                *("hs_merged_object_ids", "lifecyclestage", "hs_analytics_source", "hs_latest_source"),
            ],
            "limit": 200,
        },
    )


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("contacts", "lastmodifieddate"),
        ("companies", "hs_lastmodifieddate"),
        ("deals", "hs_lastmodifieddate"),
        ("tickets", "hs_lastmodifieddate"),
    ],
)
def test_a_later_read_asks_for_what_changed_since_in_milliseconds(kind: str, changed: str) -> None:
    (group,) = CONNECTOR.stream(kind).start(SINCE).json["filterGroups"]
    assert group["filters"] == [
        {"propertyName": "hs_object_id", "operator": "GT", "value": "0"},
        {"propertyName": changed, "operator": "GTE", "value": str(SENT_MS)},
    ]


def test_a_full_page_is_followed_by_what_lies_beyond_its_last_id_and_the_same_moment() -> None:
    stream = CONNECTOR.stream("contacts")
    first = stream.start(SINCE)
    page = Reply(status=200, body={"results": [{"id": str(number)} for number in range(301, 501)]})
    following = stream.following(first, page)
    assert following is not None
    beyond = {"propertyName": "hs_object_id", "operator": "GT", "value": "500"}
    newer = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": str(SENT_MS)}
    assert following.request.json == {**first.json, "filterGroups": [{"filters": [beyond, newer]}]}
    assert (following.request.method, following.request.path) == ("POST", "/crm/v3/objects/contacts/search")
    assert not following.ended
    assert first.json["filterGroups"][0]["filters"][0]["value"] == "0"


def test_a_short_page_is_the_last_one() -> None:
    stream = CONNECTOR.stream("contacts")
    assert stream.following(stream.start(None), reply("contacts")) is None


def test_a_search_says_how_many_records_it_will_bring() -> None:
    assert [pluck(recorded(kind), CONNECTOR.stream(kind).total or "") for kind in ("contacts", "deals")] == [2, 2]


def test_links_to_companies_come_with_the_primary_one_first_and_are_missing_where_there_are_none() -> None:
    (lookup,) = CONNECTOR.stream("contacts").also
    assert lookup.request(["101", "102"]) == Request(
        method="POST", path="/crm/v4/associations/contacts/companies/batch/read", json={"inputs": [{"id": "101"}, {"id": "102"}]}
    )
    assert lookup.read(recorded("associations")) == {"101": ["502", "503"]}
    assert lookup.into == "companies"


@pytest.mark.parametrize("kind", ["deals", "tickets"])
def test_deals_and_tickets_are_linked_to_contacts_and_companies(kind: str) -> None:
    assert [lookup.into for lookup in CONNECTOR.stream(kind).also] == ["contacts", "companies"]


@unhurried
@given(ANY_JSON)
def test_links_in_any_form_are_read_or_left_out(body: Any) -> None:
    (lookup,) = CONNECTOR.stream("contacts").also
    assert all(isinstance(found, list) for found in lookup.read({"results": [{"from": {"id": "1"}, "to": body}]}).values())
    lookup.read(body)


def test_records_are_read_again_by_their_ids() -> None:
    again = CONNECTOR.stream("deals").some
    assert again is not None
    assert again.size == 100
    request = again.request(["901", "902"])
    assert (request.method, request.path) == ("POST", "/crm/v3/objects/deals/batch/read")
    assert request.json["inputs"] == [{"id": "901"}, {"id": "902"}]
    assert request.json["properties"] == CONNECTOR.stream("deals").start(None).json["properties"]


def test_the_archived_are_listed_page_by_page_and_delete_from_the_living() -> None:
    stream = CONNECTOR.stream("archived_contacts")
    first = Request(path="/crm/v3/objects/contacts", params={"archived": "true", "limit": 100, "properties": "hs_object_id"})
    assert stream.start(SINCE) == first
    assert stream.following(first, reply("archived_contacts")) == Next(request=first.asking(after="100"))
    assert stream.following(first, Reply(status=200, body={"results": []})) is None
    assert {each.tombstones_of for each in CONNECTOR.streams} == {None, "contacts", "companies", "deals", "tickets"}


def test_owners_who_left_are_listed_after_those_who_are_there() -> None:
    stream = CONNECTOR.stream("owners")
    active = Request(path="/crm/v3/owners", params={"limit": 100, "archived": "false"})
    archived = Request(path="/crm/v3/owners", params={"limit": 100, "archived": "true"})
    more = Reply(status=200, body={"results": [], "paging": {"next": {"after": "7001"}}})
    assert stream.start(None) == active
    assert stream.following(active, more) == Next(request=active.asking(after="7001"))
    assert stream.following(active.asking(after="7001"), reply("owners")) == Next(request=archived)
    assert stream.following(archived, more) == Next(request=archived.asking(after="7001"))
    assert stream.following(archived, reply("owners_archived")) is None


def test_pipelines_come_in_one_answer() -> None:
    for kind in ("deal", "ticket"):
        stream = CONNECTOR.stream(f"{kind}_pipelines")
        assert stream.start(None) == Request(path=f"/crm/v3/pipelines/{kind}s")
        assert stream.following(stream.start(None), reply(f"{kind}_pipelines")) is None


def test_the_account_is_known_by_its_number() -> None:
    body = recorded("account")
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == ("5150001", "HubSpot 5150001")


def problem(found: Reply) -> tuple[type[HubError], timedelta | None] | None:
    assert CONNECTOR.errors is not None
    error = CONNECTOR.errors(found)
    return None if error is None else (type(error), error.after if isinstance(error, Retry) else None)


def test_errors_say_what_to_do() -> None:
    assert problem(reply("error_rate", 429)) == (RateLimited, timedelta(seconds=10))
    assert problem(Reply(status=429, body={"policyName": "DAILY"})) == (RateLimited, timedelta(hours=1))
    assert problem(Reply(status=423, body=None)) == (Retry, timedelta(seconds=2))
    assert problem(Reply(status=477, body=None)) == (Retry, timedelta(hours=1))
    assert problem(reply("error_scopes", 403)) == (StopStream, None)


def test_what_the_status_says_well_enough_is_left_to_it() -> None:
    assert problem(reply("error_rate", 429, **{"retry-after": "3"})) is None
    assert problem(Reply(status=429, body={"policyName": "NEW"})) is None
    assert problem(Reply(status=403, body={"category": "BANNED"})) is None
    assert problem(Reply(status=401, body={"category": "EXPIRED_AUTHENTICATION"})) is None
    assert problem(reply("associations", 207)) is None
    assert problem(reply("contacts")) is None


def test_a_missing_permission_is_named() -> None:
    assert CONNECTOR.errors is not None
    named = "HubSpot: missing the permission crm.objects.tickets.read or tickets; add it to the app's scopes and connect again"
    assert str(CONNECTOR.errors(reply("error_scopes", 403))) == named
    unnamed = Reply(status=403, body={"category": "MISSING_SCOPES", "errors": [{"context": None}, 7]})
    assert str(CONNECTOR.errors(unnamed)) == "HubSpot: missing a permission; add it to the app's scopes and connect again"


@unhurried
@given(st.sampled_from([200, 207, 400, 401, 403, 404, 423, 429, 477, 500]), ANY_JSON)
def test_any_error_body_is_survived(status: int, body: Any) -> None:
    problem(Reply(status=status, body=body))


def test_the_grant_is_ended_with_the_token_in_the_body() -> None:
    (auth, _key) = CONNECTOR.auth
    assert isinstance(auth, OAuth2)
    assert auth.revoke is not None
    assert auth.revoke({"refresh_token": "r-1", "access_token": "a-1", "client_id": "c", "client_secret": "s"}) == Request(
        method="POST",
        path="/oauth/2026-03/token/revoke",
        form={"token": "r-1", "token_type_hint": "refresh_token", "client_id": "c", "client_secret": "s"},
    )


def delivery(**changed: Any) -> Delivery:
    """Its signature was made by OpenSSL over the address with its characters decoded, but for the blank."""
    headers = {
        "x-hubspot-signature-v3": "m31yAhLUumDcvmj8y7GT4o2A9c5QvpvxoquHFCsFKUE=",
        "x-hubspot-request-timestamp": str(SENT_MS),
    }
    url = "https://hub.example/webhooks/x?to=a%40b%2Cc&q=%20d"
    return replace(Delivery(method="POST", url=url, headers=headers, body=b"[]", received_at=SENT), **changed)


def test_a_delivery_that_hubspot_signed_is_genuine() -> None:
    assert webhook().genuine(delivery(), SECRET)
    assert webhook().genuine(delivery(url="https://hub.example/webhooks/x?to=a@b%2cc&q=%20d"), SECRET)


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b"[ ]"},
        {"method": "PUT"},
        {"url": "https://other.example/webhooks/x?to=a%40b%2Cc&q=%20d"},
        {"received_at": SENT + timedelta(minutes=5, seconds=1)},
        {"received_at": SENT - timedelta(minutes=5, seconds=1)},
        {"headers": {}},
        {"headers": {"x-hubspot-request-timestamp": str(SENT_MS)}},
        {"headers": {**delivery().headers, "x-hubspot-request-timestamp": str(SENT_MS + 1)}},
        {"headers": {**delivery().headers, "x-hubspot-request-timestamp": "2025-03-05T18:30:00Z"}},
        {"headers": {**delivery().headers, "x-hubspot-request-timestamp": "this morning"}},
    ],
)
def test_a_delivery_that_differs_from_what_was_signed_is_forged(changed: dict[str, Any]) -> None:
    assert not webhook().genuine(delivery(**changed), SECRET)


def test_a_delivery_signed_with_another_secret_is_forged() -> None:
    assert not webhook().genuine(delivery(), "another")


@unhurried
@given(st.binary(max_size=50))
def test_hubspots_own_library_signs_as_we_check(body: bytes) -> None:
    text = body.decode("latin-1")
    url = "https://hub.example/webhooks/x"
    signed = Signature.get_signature(SECRET, text, "v3", http_uri=url, http_method="POST", timestamp=str(SENT_MS))
    headers = {"x-hubspot-signature-v3": signed, "x-hubspot-request-timestamp": str(SENT_MS)}
    assert webhook().genuine(delivery(url=url, body=text.encode(), headers=headers), SECRET)


def test_every_record_that_a_push_mentions_is_read_again() -> None:
    changes = list(webhook().changes(recorded("pushes")))
    assert [(change.account, change.stream, change.id) for change in changes] == [
        ("5150001", "contacts", "101"),
        ("5150002", "deals", "902"),
        ("5150001", "contacts", "101"),
        ("5150001", "contacts", "95"),
        ("5150001", "contacts", "96"),
        ("5150001", "tickets", "801"),
        ("5150001", "contacts", "102"),
        ("5150001", "contacts", "101"),
        ("5150001", "companies", "501"),
        ("5150001", "contacts", "103"),
    ]


def test_events_that_share_an_id_are_told_apart_and_a_repeated_event_is_not() -> None:
    event = recorded("pushes")[0]
    (change,) = webhook().changes([event])
    assert change == Change(stream="contacts", id="101", account="5150001", key="5150001:12345:1:1741199400000:contacts:101")
    (again,) = webhook().changes([{**event, "attemptNumber": 3}])
    (other,) = webhook().changes([{**event, "objectId": 104}])
    assert again.key == change.key != other.key


def test_an_event_without_a_plain_id_mentions_nothing() -> None:
    events = [{"subscriptionType": "contact.creation", "objectId": held} for held in (None, 1.5, [101], {"id": 101})]
    assert list(webhook().changes(events)) == []


@unhurried
@given(ANY_JSON)
def test_a_push_in_any_form_is_survived(body: Any) -> None:
    list(webhook().changes(body))
    event = {"subscriptionType": "contact.merge", "objectId": body, "mergedObjectIds": body, "associationType": body}
    list(webhook().changes([event]))
