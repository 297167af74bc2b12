"""The Freshdesk connector against answers written from Freshdesk's documentation (README.md beside this file)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.freshdesk import CONNECTOR
from hub.remote.send import signed
from hub.spec import ApiKey, Change, Delivery, Next, Reply, Request, Token, Webhook, records
from tests.connectors.anything import unhurried
from tests.spec.anything import JSON

SINCE = datetime(2025, 3, 1, 10, 0, 30, tzinfo=UTC)
NEXT = {"link": '<https://acme.freshdesk.com/api/v2/tickets?page=2>; rel="next"'}


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def asked(path: str, **params: str | int) -> Request:
    return Request(path=f"/api/v2/{path}", params={"per_page": 100, "page": 1, **params})


def tickets(since: str, **params: str | int) -> Request:
    return asked("tickets", updated_since=since, order_by="updated_at", order_type="asc", **params)


def following(stream: str, request: Request, body: Any, headers: dict[str, str] = NEXT) -> Request | None:
    found = CONNECTOR.stream(stream).following(request, Reply(status=200, body=body, headers=headers))
    return found.request if found else None


def changed(*moments: str) -> list[dict[str, object]]:
    return [{"id": number, "updated_at": moment} for number, moment in enumerate(moments)]


@pytest.mark.parametrize("name", ["companies", "agents"])
def test_what_cannot_be_asked_for_by_change_is_read_whole(name: str) -> None:
    stream = CONNECTOR.stream(name)
    assert stream.start(None) == stream.start(SINCE) == asked(name)
    assert (stream.incremental, stream.sweep) == (False, stream.every)


def test_contacts_are_asked_for_by_a_parameter_with_an_underscore() -> None:
    stream = CONNECTOR.stream("contacts")
    assert stream.start(None) == asked("contacts")
    assert stream.start(SINCE) == asked("contacts", _updated_since="2025-03-01T10:00:30Z")
    deleted = CONNECTOR.stream("deleted_contacts")
    assert deleted.start(SINCE) == asked("contacts", state="deleted", _updated_since="2025-03-01T10:00:30Z")
    assert deleted.tombstones_of == "contacts"


def test_tickets_are_asked_for_since_ever_for_else_only_the_newest_are_listed() -> None:
    stream = CONNECTOR.stream("tickets")
    assert stream.start(None) == tickets("2010-01-01T00:00:00Z", include="stats")
    assert stream.start(SINCE) == tickets("2025-03-01T10:00:30Z", include="stats")


@pytest.mark.parametrize("why", ["deleted", "spam"])
def test_tickets_that_no_other_list_shows_are_gone(why: str) -> None:
    stream = CONNECTOR.stream(f"{why}_tickets")
    assert stream.start(SINCE) == tickets("2025-03-01T10:00:30Z", filter=why)
    assert (stream.tombstones_of, stream.some) == ("tickets", None)


def test_ratings_are_asked_for_by_when_they_were_given_and_a_day_longer() -> None:
    stream = CONNECTOR.stream("satisfaction_ratings")
    assert stream.start(SINCE) == asked("surveys/satisfaction_ratings", created_since="2025-03-01T10:00:30Z")
    assert stream.start(None) == asked("surveys/satisfaction_ratings", created_since="2010-01-01T00:00:00Z")
    assert stream.lag.days == 1


def test_the_header_link_tells_whether_another_page_follows() -> None:
    second = following("contacts", asked("contacts", state="deleted"), [])
    assert second == asked("contacts", state="deleted", page=2)
    assert following("contacts", second, [], {}) is None
    assert following("contacts", second, [], {"link": '<https://acme.freshdesk.com/api/v2/contacts?page=1>; rel="prev"'}) is None


def test_tickets_go_on_from_the_last_change_so_that_no_page_beyond_the_300th_is_asked_for() -> None:
    first = tickets("2010-01-01T00:00:00Z", include="stats")
    onward = following("tickets", first, changed("2025-03-01T09:00:00Z", "2025-03-01T10:00:01Z"))
    assert onward == tickets("2025-03-01T10:00:00Z", include="stats")
    assert following("tickets", onward, changed("2025-03-01T10:00:01Z", "2025-03-02T10:00:01Z")) == tickets(
        "2025-03-02T10:00:00Z", include="stats"
    )
    assert following("tickets", onward, changed("2025-03-01T10:00:01Z"), {}) is None


def test_tickets_changed_within_one_second_are_paged_through() -> None:
    first = tickets("2025-03-01T10:00:00Z")
    second = following("tickets", first, changed("2025-03-01T10:00:01Z", "2025-03-01T10:00:01Z"))
    assert second == tickets("2025-03-01T10:00:00Z", page=2)
    assert following("tickets", second, changed("2025-03-01T10:00:01Z", "2025-03-01T10:00:09Z")) == tickets(
        "2025-03-01T10:00:08Z"
    )
    assert [following("tickets", first, changed(said)) for said in ("yesterday", "0001-01-01T00:00:00Z")] == [second, second]


def walk(moments: Sequence[int], size: int) -> list[int]:
    """What is read of tickets with these moments (seconds), of a system that lists what changed after the second asked for."""
    base = datetime(2025, 3, 1, tzinfo=UTC).timestamp()
    request, read = tickets("2010-01-01T00:00:00Z"), list[int]()
    for _ in range(100):
        since = datetime.fromisoformat(str(request.params["updated_since"])).timestamp() - base
        listed = sorted((at, number) for number, at in enumerate(moments) if at > since)
        start = (int(str(request.params["page"])) - 1) * size
        page = listed[start : start + size]
        read += [number for _, number in page]
        body = [{"id": n, "updated_at": f"{datetime.fromtimestamp(base + at, UTC):%Y-%m-%dT%H:%M:%SZ}"} for at, n in page]
        onward = following("tickets", request, body, NEXT if len(listed) > start + size else {})
        if onward is None:
            return read
        request = onward
    raise AssertionError("the pages do not end")


@unhurried
@given(moments=st.lists(st.integers(min_value=0, max_value=6), max_size=12), size=st.integers(min_value=1, max_value=4))
def test_every_ticket_is_read_however_many_changed_at_once(moments: list[int], size: int) -> None:
    assert set(walk(moments, size)) == set(range(len(moments)))


@pytest.mark.parametrize(("name", "params"), [("contacts", {}), ("tickets", {"include": "stats"})])
def test_single_records_are_read_again(name: str, params: dict[str, str]) -> None:
    again = CONNECTOR.stream(name).some
    assert again is not None
    assert (again.request(["7/8"]), again.size) == (Request(path=f"/api/v2/{name}/7%2F8", params={**params}), 1)
    single = recorded(name.removesuffix("s"))
    assert records(single, again.records) == [single]


def test_a_deleted_contact_and_a_ticket_taken_for_spam_say_so_themselves() -> None:
    contacts, helped = CONNECTOR.stream("contacts").gone, CONNECTOR.stream("tickets").gone
    assert contacts is not None
    assert helped is not None
    assert contacts(recorded("contact"))
    assert [contacts(each) for each in recorded("contacts")] == [False, False]
    assert helped(recorded("spam_tickets")[0])
    assert helped(recorded("deleted_tickets")[0])
    assert [helped(each) for each in (*recorded("tickets"), recorded("ticket"))] == [False] * 3


def test_tickets_are_never_swept_away_for_they_may_only_have_been_archived() -> None:
    assert CONNECTOR.stream("tickets").sweep is None
    contacts = CONNECTOR.stream("contacts").sweep
    assert contacts is not None
    assert contacts.days == 7


def test_the_key_is_the_user_name_of_http_basic() -> None:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, ApiKey)
    token = Token(data={"key": "s3cret"}, version=1, expires_at=None)
    # echo -n s3cret:X | base64
    assert signed(Request(path="/"), auth, token).headers == {"Authorization": "Basic czNjcmV0Olg="}


def test_the_account_is_named_by_itself() -> None:
    assert CONNECTOR.account.request == Request(path="/api/v2/account")
    assert CONNECTOR.account.id(recorded("account")) == "1840509"
    assert CONNECTOR.account.name(recorded("account")) == "Acme"


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


def test_a_push_names_what_to_read_again() -> None:
    assert [list(webhook().changes(push)) for push in recorded("pushes")] == [
        [Change(stream="tickets", id="21"), Change(stream="contacts", id="501001204038")],
        [Change(stream="tickets", id="22")],
        [Change(stream="contacts", id="501001204047")],
        [],
        [],
    ]


def test_pushes_are_not_signed_so_the_address_is_the_secret_and_the_admin_is_told_what_to_send() -> None:
    delivery = Delivery(method="POST", url="https://hub.example/webhooks/a", headers={}, body=b"{}", received_at=SINCE)
    assert webhook().genuine(delivery, "")
    assert not webhook().signed
    told = webhook().preparation
    content = json.loads(told[told.index("{") : told.rindex("}") + 1])
    assert content == {
        "ticket_id": "{{ticket.id}}",
        "contact_id": "{{ticket.requester.id}}",
        "event": "{{triggered_event}}",
        "at": "{{ticket.modified_on}}",
    }


@unhurried
@given(JSON)
def test_answers_and_pushes_of_any_form_are_survived(body: Any) -> None:
    for push in (body, {"ticket_id": body}, {"freshdesk_webhook": body}):
        list(webhook().changes(push))
    for answer in (body, [{"updated_at": body}]):
        for stream in (*CONNECTOR.references, *CONNECTOR.streams):
            stream.found(Reply(status=200, body=answer))
            onward = stream.following(stream.start(None), Reply(status=200, body=answer, headers=NEXT))
            assert onward is None or isinstance(onward, Next)
