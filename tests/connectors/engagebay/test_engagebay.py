"""The EngageBay connector against answers written from EngageBay's documentation (README.md beside this file)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given

from connectors.engagebay import CONNECTOR
from hub.errors import HubError, StopStream
from hub.spec import ApiKey, Change, Delivery, Next, Reply, Request, Webhook, records
from tests.connectors.anything import unhurried
from tests.spec.anything import JSON

ROOT = "/dev/api/panel"
NOW = datetime(2025, 3, 20, 10, 0, tzinfo=UTC)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def reply(body: Any, status: int = 200) -> Reply:
    return Reply(status=status, body=body)


def post(path: str, **form: str) -> Request:
    return Request(method="POST", path=f"{ROOT}/{path}", form={"page_size": "100", "sort_key": "created_time", **form})


def following(stream: str, request: Request, body: Any) -> Request | None:
    found = CONNECTOR.stream(stream).following(request, reply(body))
    return found.request if found else None


@pytest.mark.parametrize("name", ["subscribers", "companies", "tickets"])
def test_lists_are_asked_for_by_form_in_the_order_of_making(name: str) -> None:
    stream = CONNECTOR.stream(name)
    assert stream.start(None) == stream.start(NOW) == post(name)
    assert not stream.incremental


def test_the_cursor_lies_in_the_last_row() -> None:
    page = recorded("subscribers")
    onward = following("subscribers", post("subscribers"), page)
    assert onward == post("subscribers", cursor="Cl0KFgoMY3JlYXRlZF90aW1lEgYI2IWV3AU")
    assert following("subscribers", onward, page[:1]) is None
    assert following("subscribers", onward, [page[1], page[0]]) is None
    assert following("subscribers", onward, []) is None


def test_the_cursor_and_what_must_not_be_kept_are_taken_out_of_records() -> None:
    assert CONNECTOR.stream("subscribers").volatile == CONNECTOR.stream("owners").volatile
    assert set(CONNECTOR.stream("owners").volatile) == {"cursor", "password_decrypted", "loggedin_time", "misc_info"}


def test_deals_are_read_of_every_track() -> None:
    start = CONNECTOR.stream("deals").start(None)
    assert start == Request(path=f"{ROOT}/tracks")
    stream = CONNECTOR.stream("deals")
    assert stream.found(reply(recorded("tracks"))) == []
    assert stream.found(reply(recorded("deals"))) == recorded("deals")
    assert stream.found(reply({"error": "none"})) is None
    first = following("deals", start, recorded("tracks"))
    assert first == kept(["5697266736168962"], track_id="5697266736168961")
    paged = following("deals", first, [{"id": 1, "cursor": "Cl0"}])
    assert paged == kept(["5697266736168962"], track_id="5697266736168961", cursor="Cl0")
    second = following("deals", paged, [{"id": 2}])
    assert second == kept([], track_id="5697266736168962")
    assert following("deals", second, []) is None


def kept(tracks: list[str], **form: str) -> Request:
    """The request of deals that keeps which tracks are still to come."""
    return msgspec.structs.replace(post("deals", **form), kept={"tracks": tracks})


def test_an_account_without_tracks_has_no_deals() -> None:
    assert following("deals", Request(path=f"{ROOT}/tracks"), []) is None
    assert following("deals", Request(path=f"{ROOT}/tracks"), [{"id": None}, {"id": "../users"}]) is None


def test_tasks_are_read_of_every_status() -> None:
    request, asked = CONNECTOR.stream("tasks").start(None), []
    while True:
        assert request.form is not None
        asked.append(request.form["taskStatus"])
        assert request.form["taskType"] == "ALL"
        onward = following("tasks", request, [{"id": 1}])
        if onward is None:
            break
        request = onward
    assert asked == ["not_started", "in_progress", "waiting", "completed", "deferred"]
    assert following("tasks", request, [{"id": 1, "cursor": "C"}]) == post(
        "tasks", taskType="ALL", taskStatus="deferred", cursor="C"
    )


@pytest.mark.parametrize("name", ["subscribers", "companies", "deals", "tickets", "tasks"])
def test_single_records_are_read_again_whether_they_come_alone_or_in_a_list(name: str) -> None:
    again = CONNECTOR.stream(name).some
    assert again is not None
    assert (again.request(["7/8"]), again.size) == (Request(path=f"{ROOT}/{name}/7%2F8"), 1)
    assert [each["id"] for each in records(recorded("subscriber"), again.records)] == [4997280348241921]
    assert records(recorded("subscriber")[0], again.records) == recorded("subscriber")


def test_the_key_is_sent_bare_and_the_account_is_that_of_its_users() -> None:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, ApiKey)
    assert (auth.header, auth.format) == ("Authorization", "{key}")
    assert CONNECTOR.account.request == Request(path=f"{ROOT}/users")
    assert CONNECTOR.account.id(recorded("owners")) == "5641864006860801"
    assert CONNECTOR.account.name(recorded("owners")) == "EngageBay 5641864006860801"


def problem(body: Any, status: int) -> HubError | None:
    assert CONNECTOR.errors is not None
    return CONNECTOR.errors(reply(body, status))


def test_an_error_within_success_stops_and_all_else_is_left_to_the_status() -> None:
    assert isinstance(problem(recorded("error_input"), 200), StopStream)
    assert problem(recorded("error_key"), 401) is None
    assert problem(recorded("error_input"), 400) is None
    assert problem(recorded("subscribers"), 200) is None


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


def test_a_push_names_the_record_to_read_again() -> None:
    assert [list(webhook().changes(push)) for push in recorded("pushes")] == [
        [Change(stream="subscribers", id="5667649732233534")],
        [Change(stream="deals", id="5667649732233535")],
        [Change(stream="companies", id="5667649732233536")],
        [],
    ]
    assert list(webhook().changes({"event": "contact.created", "entity": {"id": "../1"}})) == []


def test_pushes_are_not_signed_so_the_address_is_the_secret() -> None:
    delivery = Delivery(method="POST", url="https://hub.example/webhooks/a", headers={}, body=b"{}", received_at=NOW)
    assert webhook().genuine(delivery, "")
    assert not webhook().signed
    assert "address" in webhook().preparation


@unhurried
@given(JSON)
def test_answers_and_pushes_of_any_form_are_survived(body: Any) -> None:
    list(webhook().changes(body))
    list(webhook().changes({"event": body, "entity": {"id": body}}))
    for answer in (body, [{"id": body, "cursor": body}]):
        problem(answer, 200)
        for stream in (*CONNECTOR.references, *CONNECTOR.streams):
            stream.found(reply(answer))
            onward = stream.following(stream.start(None), reply(answer))
            assert onward is None or isinstance(onward, Next)
