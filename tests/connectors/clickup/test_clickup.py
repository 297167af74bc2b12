"""The ClickUp connector against answers written from ClickUp's documentation (README.md beside this file)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.clickup import CONNECTOR
from hub.errors import HubError, Missing, StopStream
from hub.spec import Change, Delivery, Next, OAuth2, Reply, Request, Webhook, hmac_sha256, records

SINCE = datetime(2025, 3, 20, 10, 0, tzinfo=UTC)
CHANGED = datetime(2025, 3, 20, 11, 0, tzinfo=UTC)
"""When the pushed change happened, by the date in it."""
SECRET = "invented-secret-for-tests"
SIGNED = "5845336d2c15bea028ef1da452b7f836ddde3e1b2abcdae4e2f8edd20f4babc4"
ALL: dict[str, Any] = {"page": 0, "archived": "false", "include_closed": "true", "order_by": "created", "reverse": "true"}
HOOK = "4b67ac88-e506-4a29-9d42-26e504e3435e"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
unhurried = settings(deadline=None, database=None, max_examples=60)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


def after(body: Any, **params: Any) -> Request | None:
    request = Request(path="/team/{workspace}/task", params={**ALL, **params})
    following = CONNECTOR.stream("tasks").following(request, Reply(status=200, body=body))
    assert following is None or following == Next(request=following.request)
    return following.request if following else None


def test_all_tasks_of_the_workspace_are_read_closed_ones_too_or_those_changed_since() -> None:
    start = CONNECTOR.stream("tasks").start
    assert start(None) == Request(path="/team/{workspace}/task", params=ALL)
    assert start(SINCE) == Request(path="/team/{workspace}/task", params={**ALL, "date_updated_gt": 1742464799999})


def test_members_are_read_at_once() -> None:
    members = CONNECTOR.stream("members")
    assert members.start(SINCE) == Request(path="/team")
    assert members.following(members.start(None), Reply(status=200, body=recorded("teams"))) is None
    assert (members.records, members.id) == ("teams.0.members", "user.id")
    assert [each["user"]["id"] for each in records(recorded("teams"), "teams.0.members")] == [183, 184]


def test_pages_follow_until_the_last_one_and_then_the_archived_tasks() -> None:
    onward, archived = after(recorded("tasks")), after(recorded("tasks_last"), page=4)
    assert onward == Request(path="/team/{workspace}/task", params={**ALL, "page": 1})
    assert archived == Request(path="/team/{workspace}/task", params={**ALL, "page": 0, "archived": "true"})


def test_the_archived_tasks_end_the_stream() -> None:
    assert after(recorded("tasks_last"), archived="true") is None
    onward = after(recorded("tasks"), archived="true")
    assert onward is not None
    assert (onward.params["page"], onward.params["archived"]) == (1, "true")


@pytest.mark.parametrize(("count", "page"), [(100, 1), (99, None), (0, None)])
def test_without_a_mark_of_the_last_page_a_page_that_is_not_full_is_the_last(count: int, page: int | None) -> None:
    onward = after({"tasks": [{"id": str(number)} for number in range(count)]}, archived="true")
    assert (onward.params["page"] if onward else None) == page


def test_an_empty_page_is_the_last_one_whatever_it_says() -> None:
    assert after({"tasks": [], "last_page": False}, archived="true") is None


@unhurried
@given(JSON)
def test_pages_of_any_form_end_a_stream_or_lead_on(body: Any) -> None:
    for answer in (body, {"tasks": body, "last_page": body}):
        after(answer)
        assert after(answer, archived="true") is None or isinstance(answer, dict)


def test_a_change_of_the_newest_moment_is_not_missed() -> None:
    assert CONNECTOR.stream("tasks").lag >= timedelta(minutes=1)


def test_a_task_is_read_again_by_its_id() -> None:
    again = CONNECTOR.stream("tasks").some
    assert again is not None
    assert again.request(["86ana0001"]) == Request(path="/task/86ana0001")
    assert again.request(["a/../b"]) == Request(path="/task/a%2F..%2Fb")
    assert (again.size, again.records) == (1, "")


def test_a_subtask_is_no_record_of_its_own() -> None:
    gone = CONNECTOR.stream("tasks").gone
    assert gone is not None
    assert gone(recorded("task"))
    assert [gone(task) for task in recorded("tasks")["tasks"]] == [False] * 8
    assert [gone({"parent": parent}) for parent in (None, "")] == [False, False]


def test_what_was_deleted_is_noticed_within_a_day() -> None:
    assert {stream.sweep for stream in CONNECTOR.streams} == {timedelta(days=1)}


def test_what_moves_by_itself_is_no_change() -> None:
    assert set(CONNECTOR.stream("tasks").volatile) == {"orderindex", "permission_level", "sharing"}
    assert CONNECTOR.stream("members").volatile == ("user.last_active",)


def test_the_account_is_the_one_workspace() -> None:
    body = recorded("teams")
    assert CONNECTOR.account.request == Request(path="/team")
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == ("9015256096", "ClickUp Ciclo")


def problem(name: str, status: int) -> type[HubError] | None:
    assert CONNECTOR.errors is not None
    error = CONNECTOR.errors(Reply(status=status, body=recorded(name)))
    return type(error) if error else None


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("teams", 200, None),
        ("teams_two", 200, StopStream),
        ("tasks", 200, None),
        # The status says enough: sign in again, gone, wait.
        ("error_token", 401, None),
        ("error_task", 404, None),
        ("error_rate", 429, None),
        # A task that nobody knows is refused as if the token were wrong.
        ("error_team", 401, Missing),
    ],
)
def test_errors_say_what_to_do(name: str, status: int, error: type[HubError] | None) -> None:
    assert problem(name, status) is error


@pytest.mark.parametrize("code", ["OAUTH_017", "OAUTH_019", "OAUTH_021", "OAUTH_025", "OAUTH_077", None, 25])
def test_a_token_that_is_not_accepted_has_somebody_sign_in_again(code: Any) -> None:
    assert CONNECTOR.errors is not None
    assert CONNECTOR.errors(Reply(status=401, body={"err": "Token invalid", "ECODE": code})) is None


def test_no_workspace_is_not_one() -> None:
    assert CONNECTOR.errors is not None
    assert isinstance(CONNECTOR.errors(Reply(status=200, body={"teams": []})), StopStream)


@unhurried
@given(JSON, st.sampled_from([200, 400, 401, 403, 404, 429, 500]))
def test_answers_of_any_form_are_judged(body: Any, status: int) -> None:
    assert CONNECTOR.errors is not None
    found = CONNECTOR.errors(Reply(status=status, body=body))
    assert found is None or isinstance(found, HubError)


def delivery(name: str, **changed: Any) -> Delivery:
    body = json.dumps(recorded("pushes")[name]).encode()
    headers = {"x-signature": hmac_sha256(SECRET, body).hex()}
    made = Delivery(method="POST", url="https://hub.example/webhooks/d", headers=headers, body=body, received_at=CHANGED)
    return replace(made, **changed)


def test_a_push_is_genuine_by_the_hexadecimal_signature_of_its_body() -> None:
    pushed = Delivery(
        method="POST",
        url="https://hub.example/webhooks/d",
        # Made with openssl: printf %s '{"event":"taskDeleted","task_id":"c0j"}' | openssl dgst -sha256 -hmac <the secret>
        headers={"x-signature": SIGNED},
        body=b'{"event":"taskDeleted","task_id":"c0j"}',
        received_at=CHANGED,
    )
    assert webhook().genuine(pushed, SECRET)
    assert not webhook().genuine(pushed, "another")
    assert not webhook().genuine(replace(pushed, body=pushed.body + b" "), SECRET)
    assert not webhook().genuine(replace(pushed, headers={}), SECRET)


def test_a_push_of_a_change_that_was_long_ago_is_a_replay() -> None:
    received = {minutes: CHANGED + timedelta(minutes=minutes) for minutes in (-6, -4, 0, 4, 6)}
    genuine = {minutes: webhook().genuine(delivery("status", received_at=at), SECRET) for minutes, at in received.items()}
    assert genuine == {-6: False, -4: True, 0: True, 4: True, 6: False}
    assert all(webhook().genuine(delivery("deleted", received_at=at), SECRET) for at in received.values())


def test_the_newest_of_its_changes_tells_when_a_push_was_made() -> None:
    body = json.dumps({"history_items": [{"date": "1742468400000"}, {"date": "1642734631523"}, {"date": None}]}).encode()
    headers = {"x-signature": hmac_sha256(SECRET, body).hex()}
    assert webhook().genuine(delivery("status", body=body, headers=headers), SECRET)


@pytest.mark.parametrize("body", [b"\xff{", b"[]", b"{}", b'{"history_items": [{"date": "yesterday"}]}', b'{"history_items": 7}'])
def test_a_signed_push_of_any_form_is_taken_for_what_it_is(body: bytes) -> None:
    assert webhook().genuine(delivery("status", body=body, headers={"x-signature": hmac_sha256(SECRET, body).hex()}), SECRET)


def test_a_push_names_the_task_that_changed() -> None:
    pushes = recorded("pushes")
    assert [list(webhook().changes(pushes[name])) for name in ("status", "created", "deleted", "of_a_list")] == [
        [Change(stream="tasks", id="86tick001", key=f"{HOOK}:2800763136717140857:taskStatusUpdated")],
        [Change(stream="tasks", id="86tick002", key=f"{HOOK}:2800763136717140858:taskCreated")],
        [Change(stream="tasks", id="86nada001")],
        [],
    ]


@unhurried
@given(JSON)
def test_pushes_of_any_form_name_tasks_or_nothing(body: Any) -> None:
    for found in (body, {"task_id": body, "history_items": body}, {"task_id": "c0j", "history_items": [body]}):
        assert all(change.stream == "tasks" and change.id for change in webhook().changes(found))


@pytest.mark.parametrize("task", ["", "a/b", "a b", "x" * 61, 7, None])
def test_what_is_no_id_of_a_task_is_not_read(task: Any) -> None:
    assert list(webhook().changes({"event": "taskUpdated", "task_id": task})) == []


def test_pushes_are_registered_for_the_workspace_and_ended() -> None:
    hook, answer = webhook(), Reply(status=200, body=recorded("webhook"))
    assert hook.subscribe is not None
    assert hook.secret is not None
    assert hook.unsubscribe is not None
    asked = hook.subscribe("https://hub.example/webhooks/d")
    assert (asked.method, asked.path) == ("POST", "/team/{workspace}/webhook")
    assert asked.json["endpoint"] == "https://hub.example/webhooks/d"
    assert {"taskCreated", "taskUpdated", "taskDeleted", "taskStatusUpdated", "taskMoved"} <= set(asked.json["events"])
    assert hook.secret(answer) == SECRET
    assert hook.unsubscribe(answer) == Request(method="DELETE", path=f"/webhook/{HOOK}")


def test_it_is_signed_in_to_without_scopes_and_without_proof_keys() -> None:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, OAuth2)
    assert (auth.authorize_url, auth.token_url) == ("https://app.clickup.com/api", "https://api.clickup.com/api/v2/oauth/token")
    assert (auth.scopes, auth.pkce, auth.client_auth) == ((), False, "json")


def test_the_smallest_plans_limit_is_kept() -> None:
    assert [(pace.calls, pace.per) for pace in CONNECTOR.pace] == [(90, 60)]
