"""The Flowlu connector against answers written from Flowlu's documentation (README.md beside this file)."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.flowlu import CONNECTOR
from hub.errors import HubError, Missing, RateLimited, Reconnect, Retry, StopStream
from hub.spec import ApiKey, Change, Delivery, Next, Reply, Request, Webhook, records
from hub.sync.reader import pages
from tests.connectors.anything import unhurried
from tests.spec.anything import JSON

NOW = datetime(2025, 3, 20, 10, 0, tzinfo=UTC)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def told(body: Any, status: int = 200) -> HubError | None:
    assert CONNECTOR.errors is not None
    return CONNECTOR.errors(Reply(status=status, body=body))


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


def page(number: int, found: int, total: object) -> Reply:
    items = [{"id": 1000 * number + each} for each in range(found)]
    return Reply(status=200, body={"response": {"total": total, "page": number, "count": found, "items": items}})


def read(sizes: list[int], total: object) -> list[int]:
    """The pages that are asked for where the pages of a list are as long as this, all others empty."""
    asked: list[int] = []

    def send(request: Request) -> Reply:
        asked.append(int(str(request.params["page"])))
        return page(asked[-1], dict(enumerate(sizes, 1)).get(asked[-1], 0), total)

    stream = CONNECTOR.stream("tasks")
    assert sum(len(each.records) for each in pages(stream, stream.start(None), send)) == sum(sizes)
    return asked


@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("accounts", "/crm/account/list"),
        ("leads", "/crm/lead/list"),
        ("invoices", "/fin/invoice/list"),
        ("payments", "/fin/customer_payment/list"),
        ("tasks", "/task/tasks/list"),
        ("owners", "/core/user/list"),
        ("pipelines", "/crm/pipeline/list"),
        ("loss_reasons", "/crm/loss_reason/list"),
    ],
)
def test_lists_are_read_whole_from_their_first_page(stream: str, path: str) -> None:
    found = CONNECTOR.stream(stream)
    assert found.start(None) == found.start(NOW) == Request(path=path, params={"limit": 100, "page": 1})
    assert (found.incremental, found.sweep) == (False, found.every)


@pytest.mark.parametrize(
    ("sizes", "total", "asked"),
    [
        ([0], 0, [1]),
        ([20], 20, [1]),
        ([20], None, [1]),
        ([100, 100, 20], None, [1, 2, 3]),
        ([100, 20], "120", [1, 2, 3]),
        ([100, 100], 200, [1, 2, 3]),
        ([50, 50, 20], 120, [1, 2, 3, 4]),
        ([50, 50], 100, [1, 2]),
        ([100, 100, 1], 3, [1, 2, 3]),
        ([100, 100, 1], 5, [1, 2, 3, 4]),
    ],
)
def test_pages_of_any_size_are_read_to_the_last(sizes: list[int], total: object, asked: list[int]) -> None:
    assert read(sizes, total) == asked


def test_a_server_that_repeats_its_last_page_is_not_asked_for_ever() -> None:
    stream = CONNECTOR.stream("tasks")
    beyond = stream.start(None).asking(page=3)
    assert stream.following(beyond, page(2, 100, 500)) is None
    assert stream.following(beyond, page(3, 100, 500)) == Next(request=beyond.asking(page=4))


def test_what_lies_in_the_bin_or_was_merged_is_gone() -> None:
    def gone(name: str) -> list[bool]:
        stream = CONNECTOR.stream(name)
        assert stream.gone is not None
        return [stream.gone(each) for each in records(recorded(name), "response.items")]

    assert gone("accounts") == [False, False, False]
    assert gone("tasks") == [False, False, True]
    assert gone("pipelines") == [False, True]
    leads = CONNECTOR.stream("leads").gone
    assert leads is not None
    assert [leads({"id": 1, "merged_to_id": said}) for said in (None, 0, "0", "", 7)] == [False, False, False, False, True]


def test_the_stages_of_a_pipeline_are_folded_in() -> None:
    (lookup,) = CONNECTOR.stream("pipelines").also
    assert lookup.size == 1
    assert lookup.request(["1"]) == Request(
        path="/crm/pipeline_stage/list", params={"limit": 100, "page": 1, "filter[pipeline_id]": "1"}
    )
    assert [each["name"] for each in lookup.read(recorded("pipeline_stages"))["1"]] == ["Contact", "Offer"]


def test_the_reasons_of_losses_are_one_record() -> None:
    stream = CONNECTOR.stream("loss_reasons")
    (found,) = pages(stream, stream.start(None), lambda _request: Reply(status=200, body=recorded("loss_reasons")))
    assert found.next is None
    reasons = recorded("loss_reasons")["response"]["items"]
    assert list(found.records) == [{"id": "loss_reasons", "name": "Loss reasons", "reasons": reasons}]


def test_a_full_page_of_reasons_is_not_followed_by_one_that_would_take_its_place() -> None:
    stream = CONNECTOR.stream("loss_reasons")
    assert stream.following(stream.start(None), page(1, 100, 250)) is None


def test_an_answer_without_a_list_is_none_of_reasons() -> None:
    assert CONNECTOR.stream("loss_reasons").found(Reply(status=200, body={"response": None})) is None


def test_the_time_zone_of_the_portal_is_asked_for_and_may_be_left_open() -> None:
    ask = {each.name: each for each in CONNECTOR.asks}["time_zone"]
    assert not ask.required
    told = ("America/Sao_Paulo", "UTC", "Etc/GMT+3", "America/Argentina/Salta", "Sao Paulo", "-03:00")
    assert [bool(re.fullmatch(ask.pattern, each)) for each in told] == [True, True, True, True, False, False]


def test_a_single_record_is_read_again_by_its_id() -> None:
    again = CONNECTOR.stream("accounts").some
    assert again is not None
    assert again.request(["17"]) == Request(path="/crm/account/get/17")
    assert again.request(["../list?x=1"]) == Request(path="/crm/account/get/..%2Flist%3Fx%3D1")
    assert [each["id"] for each in records(recorded("account"), again.records)] == [17]


@pytest.mark.parametrize("status", [200, 401, 403])
@pytest.mark.parametrize(
    ("code", "kind"), [("11", Reconnect), ("13", Retry), ("20", Missing), ("22", StopStream), ("31", StopStream)]
)
def test_an_error_is_told_by_its_code_whatever_the_status(code: str, kind: type[HubError], status: int) -> None:
    error = told(recorded(f"error_{code}"), status)
    assert type(error) is kind
    as_text = {"error": {"error_code": code, "error_msg": None}}
    assert type(told(as_text, status)) is kind


def test_a_missing_right_is_told_from_other_refusals() -> None:
    assert "right" in str(told(recorded("error_22")))
    assert "right" not in str(told(recorded("error_31")))


def test_a_limit_within_success_is_waited_out() -> None:
    error = told({"error": {"error_code": 12, "error_msg": "Request limit exceeded"}})
    assert isinstance(error, RateLimited)
    assert error.after == timedelta(minutes=1)
    assert told({"error": {"error_code": 12, "error_msg": "Request limit exceeded"}}, 429) is None


def test_a_good_answer_is_no_error() -> None:
    bodies: list[Any] = [recorded("accounts"), {"error": None}, {"response": {}}, [], None]
    assert [told(body) for body in bodies] == [None] * 5
    assert told("<html>", 502) is None


def test_pushes_name_what_is_to_be_read_again() -> None:
    assert [list(webhook().changes(each)) for each in recorded("pushes")] == [
        [Change(stream="accounts", id="17")],
        [Change(stream="leads", id="203")],
        [Change(stream="invoices", id="301")],
        [],
    ]


@pytest.mark.parametrize("entity", ["tasks", "task"])
def test_a_task_is_known_by_either_of_its_names(entity: str) -> None:
    body: Any = {"meta": {"module": "task", "model": entity, "action": "update"}, "current": {"id": 501}, "previous": None}
    assert list(webhook().changes(body)) == [Change(stream="tasks", id="501")]


def test_an_id_that_is_no_number_is_not_asked_for() -> None:
    body = {"meta": {"module": "crm", "model": "account", "action": "update"}, "current": {"id": "1/../2"}, "previous": None}
    assert list(webhook().changes(body)) == []


def test_pushes_are_not_signed_and_change_nothing_by_themselves() -> None:
    delivery = Delivery(method="POST", url="https://hub.example/in", headers={}, body=b"{}", received_at=NOW)
    assert (webhook().genuine(delivery, ""), webhook().signed, webhook().per) == (True, False, "connection")


def test_the_key_goes_among_the_parameters_and_the_portal_is_known_by_its_first_user() -> None:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, ApiKey)
    assert (auth.query, auth.user) == ("api_key", "")
    assert CONNECTOR.account.request == Request(path="/core/user/list", params={"limit": 100, "page": 1})
    assert CONNECTOR.account.id(recorded("owners")) == "3"


def test_visits_to_a_record_are_no_change() -> None:
    assert CONNECTOR.stream("accounts").volatile == (
        *("last_active", "last_activity_id", "last_activity_model", "last_activity_time", "ordering"),
    )


@unhurried
@given(JSON, st.sampled_from([200, 400, 401, 429, 500]))
def test_answers_of_any_form_are_survived(body: Any, status: int) -> None:
    wrapped = {"response": {"items": body, "total": body, "page": body}}
    for answer in (body, {"error": body}, {"error": {"error_code": body, "error_msg": body}}, wrapped):
        told(answer, status)
        for stream in (*CONNECTOR.references, *CONNECTOR.streams):
            following = stream.following(stream.start(NOW), Reply(status=status, body=answer))
            assert following is None or isinstance(following, Next)
            for lookup in stream.also:
                lookup.read(answer)
    for push in (body, {"meta": body, "current": body}, {"meta": {"module": "crm", "model": "lead"}, "current": body}):
        assert len(list(webhook().changes(push))) <= 1
