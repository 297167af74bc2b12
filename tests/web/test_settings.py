"""API keys and the audit log."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from hub.store import access, audit
from hub.store import access_tables as t
from hub.sync.hub import Hub
from tests.web.visiting import admin, words


def test_a_key_is_shown_once_and_opens_what_its_scopes_say(hub: Hub) -> None:
    somebody = admin(hub)
    page = somebody.post("/settings/keys/new", label="Nightly report", scopes=["read", "push"], days="30")
    (text,) = re.findall(r'value="(hub_[0-9a-z]{8}_[0-9A-Za-z]{32})"', page.text)
    now = hub.time.now()
    with hub.database.reading() as tx:
        found = access.key(tx, text, now)
        assert found is not None
        assert (found.label, found.scopes) == ("Nightly report", frozenset({"read", "push"}))
        assert access.key(tx, text, now + timedelta(days=31)) is None
        assert access.key(tx, text[:-1] + ("a" if text[-1] != "a" else "b"), now) is None
    assert text not in somebody.get("/settings/keys").text
    assert text.rpartition("_")[2] not in somebody.get("/settings/audit").text


def test_a_revoked_key_opens_nothing_any_more(hub: Hub) -> None:
    somebody = admin(hub)
    with hub.database.writing() as tx:
        made, text = access.new_key(tx, hub.time.now(), label="Old", scopes=["read"], expires_at=None)
    assert somebody.post(f"/settings/keys/{made.id}/revoke").status_code == 303
    with hub.database.reading() as tx:
        assert access.key(tx, text, hub.time.now()) is None
    assert "Old hub_" + made.id + "_… read Revoked" in somebody.text("/settings/keys")
    assert somebody.post(f"/settings/keys/{made.id}/revoke").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"label": ""}, {"label": "two\nlines"}, {"scopes": []}, {"scopes": ["read", "everything"]}, {"days": "9999"}]
)
def test_a_key_that_is_not_described_is_not_made(hub: Hub, wrong: dict[str, object]) -> None:
    answer = admin(hub).post("/settings/keys/new", **({"label": "Report", "scopes": ["read"], "days": "30"} | wrong))
    assert answer.status_code == 422
    with hub.database.reading() as tx:
        assert access.api_keys(tx) == []


def record(hub: Hub, *objects: str) -> None:
    for each in objects:
        with hub.database.writing() as tx:
            audit.record(tx, hub.time.now(), actor="user:1", action="connections.pause", of=each, detail={})


def test_the_log_is_whole_until_a_row_is_changed_or_removed(hub: Hub) -> None:
    record(hub, "a", "b", "c")
    with hub.database.writing() as tx:
        assert audit.broken(tx) is None
        tx.execute(update(t.audit).where(t.audit.c.id == 2).values(object="somebody else"))
        assert audit.broken(tx) == 2
        tx.execute(update(t.audit).where(t.audit.c.id == 2).values(object="b"))
        assert audit.broken(tx) is None
        tx.execute(delete(t.audit).where(t.audit.c.id == 2))
        assert audit.broken(tx) == 3
    assert "The chain is broken at row 3" in words(admin(hub).get("/settings/audit"))


def test_the_log_is_read_page_by_page(hub: Hub) -> None:
    record(hub, *(f"thing-{number}" for number in range(70)))
    somebody = admin(hub)
    first = somebody.get("/settings/audit").text
    second = somebody.get(re.findall(r'href="([^"]+before=\d+)"', first)[0]).text
    found = re.findall(r"<code>(thing-\d+)</code>", first + second)
    assert found == [f"thing-{number}" for number in range(69, -1, -1)]


def test_a_failed_sign_in_and_a_refused_form_are_no_changes(hub: Hub) -> None:
    somebody = admin(hub)
    somebody.post("/settings/keys/new", label="")
    with hub.database.reading() as tx:
        assert [entry.action for entry in audit.entries(tx)] == ["signin.signed_in"]
