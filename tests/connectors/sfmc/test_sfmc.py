"""The Marketing Cloud connector against answers written from Salesforce's documentation (README.md beside this file)."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sfmc import CONNECTOR
from hub.errors import Missing
from hub.spec import ClientCredentials, Next, Reply, Request

SINCE = datetime(2025, 3, 20, 10, 0, tzinfo=UTC)
TOKEN = "7c1e4f0a-1111-4222-8333-000000000001"
EVENTS = ("sends", "opens", "clicks", "bounces", "unsubscribes", "journeys")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
unhurried = settings(deadline=None, database=None, max_examples=60)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def rows(stream: str, body: Any) -> list[dict[str, Any]] | None:
    return CONNECTOR.stream(stream).found(Reply(status=200, body=body))


@pytest.mark.parametrize(
    ("name", "extension", "column"),
    [
        ("subscribers", "Hub_Subscribers", None),
        ("sends", "Hub_Sent", "EventDate"),
        ("opens", "Hub_Open", "EventDate"),
        ("clicks", "Hub_Click", "EventDate"),
        ("bounces", "Hub_Bounce", "EventDate"),
        ("unsubscribes", "Hub_Unsubscribe", "EventDate"),
        ("journeys", "Hub_JourneyEntry", "EntryDate"),
    ],
)
def test_events_are_read_since_a_moment_of_the_servers_time_and_subscribers_all(
    name: str, extension: str, column: str | None
) -> None:
    start = CONNECTOR.stream(name).start
    path, params = f"/data/v1/customobjectdata/key/{extension}/rowset", {"$page": 1, "$pageSize": 200}
    changed = {"$filter": f"{column} gt '2025-03-20T04:00:00'"} if column else {}
    assert start(None) == Request(path=path, params={**params})
    assert start(SINCE) == Request(path=path, params={**params, **changed})


def test_events_that_a_daily_query_adds_late_are_still_seen() -> None:
    assert {CONNECTOR.stream(name).lag for name in EVENTS} == {timedelta(hours=36)}


def test_subscribers_are_swept_for_those_who_were_deleted() -> None:
    stream = CONNECTOR.stream("subscribers")
    assert (stream.incremental, stream.sweep) == (False, timedelta(hours=1))


def test_the_next_page_is_told_from_below_data() -> None:
    stream = CONNECTOR.stream("subscribers")
    onward = stream.following(stream.start(None), Reply(status=200, body=recorded("subscribers")))
    assert onward == Next(request=Request(path=f"/data/v1/customobjectdata/token/{TOKEN}/rowset?$page=2"))
    assert stream.following(stream.start(None), Reply(status=200, body=recorded("sends"))) is None


@pytest.mark.parametrize("link", [None, "", 7, "https://elsewhere.example/v1/", "@elsewhere.example/", "/v2/else"])
def test_a_link_to_anywhere_else_ends_the_stream(link: Any) -> None:
    stream = CONNECTOR.stream("sends")
    assert stream.following(stream.start(None), Reply(status=200, body={"links": {"next": link}})) is None


def test_a_row_is_one_object_with_its_columns_in_lower_case() -> None:
    found = rows("sends", {"count": 1, "items": [{"keys": {"JobID": "1"}, "values": {"EventDate": "x", "jobid": "2"}}]})
    assert found is not None
    assert [{name: held for name, held in row.items() if name != "id"} for row in found] == [{"jobid": "1", "eventdate": "x"}]


def test_events_are_told_apart_by_their_primary_key_and_their_extension() -> None:
    keys, other = {"jobid": "1", "subscriberkey": "a"}, {"jobid": "1", "subscriberkey": "b"}
    body = {"count": 2, "items": [{"keys": keys, "values": {"x": "1"}}, {"keys": other}, {"keys": keys, "values": {"x": "2"}}]}
    ids = [row["id"] for row in rows("sends", body) or []]
    assert (len(set(ids)), ids[0]) == (2, ids[2])
    assert not {row["id"] for row in rows("bounces", body) or []} & set(ids)
    backwards = {"count": 1, "items": [{"keys": dict(reversed(keys.items()))}]}
    assert [row["id"] for row in rows("sends", backwards) or []] == ids[:1]


def test_events_without_a_primary_key_are_told_apart_by_all_that_they_say() -> None:
    body = {"count": 3, "items": [{"keys": {}, "values": {"x": "1"}}, {"values": {"x": "2"}}, {"values": {}}]}
    first, second, nothing = [row["id"] for row in rows("sends", body) or []]
    assert first != second
    assert nothing is None


def test_subscribers_are_known_by_their_key() -> None:
    assert CONNECTOR.stream("subscribers").id == "subscriberkey"
    found = rows("subscribers", recorded("subscribers")) or []
    assert [row["subscriberkey"] for row in found] == ["0035e00000AbCdEAAX", "bruno@acme.example", "carla-7"]


def test_no_rows_are_no_items_and_an_error_is_no_answer() -> None:
    assert rows("sends", recorded("nothing")) == []
    assert rows("sends", {"message": "Not Found"}) is None


@unhurried
@given(JSON)
def test_pages_of_any_form_end_a_stream_or_lead_on(body: Any) -> None:
    for stream in CONNECTOR.streams:
        for answer in (body, {"count": 1, "items": body, "links": {"next": body}}, {"items": [{"keys": body, "values": body}]}):
            assert isinstance(stream.found(Reply(status=200, body=answer)), list | None)
            following = stream.following(stream.start(None), Reply(status=200, body=answer))
            assert following is None or following.request.path.startswith("/data/v1/")


def test_the_account_is_the_business_unit() -> None:
    body = recorded("context")
    assert CONNECTOR.account.request == Request(path="/platform/v1/tokenContext")
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == ("510001234", "Marketing Cloud 510001234")


def test_an_extension_that_is_not_there_is_missing_and_a_token_that_is_not_accepted_is_renewed() -> None:
    assert CONNECTOR.errors is not None
    assert isinstance(CONNECTOR.errors(Reply(status=404, body=recorded("error_missing"))), Missing)
    assert CONNECTOR.errors(Reply(status=401, body=recorded("error_token"))) is None
    assert CONNECTOR.errors(Reply(status=200, body=recorded("sends"))) is None


def test_a_token_is_fetched_as_json_at_the_tenants_host_and_tells_where_the_api_is() -> None:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, ClientCredentials)
    assert auth.token_url == "https://{subdomain}.auth.marketingcloudapis.com/v2/token"
    assert (auth.client_auth, auth.parameters) == ("json", (("account_id", "{mid}"),))
    assert (CONNECTOR.base_url, CONNECTOR.token_domains) == ("{token.rest_instance_url}", ("marketingcloudapis.com",))
    assert [(ask.name, ask.required) for ask in CONNECTOR.asks] == [("subdomain", True), ("mid", False)]
