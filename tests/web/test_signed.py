"""Signed pushes of canonical records, as a web form or a tool of one's own sends them."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from hub.store import connections
from hub.store import tables as t
from hub.sync import connect, push
from tests import support
from tests.web.asking import program, said, served
from tests.web.visiting import signed_in, words

ANA = said("contact", "7", full_name="Ana Souza", emails=[{"address": "ana@acme.example"}])


class Form:
    """A web form that signs what it sends to the connection of its own."""

    def __init__(self, data: Path) -> None:
        self.hub, self.app = served(data)
        self.connection = push.create(self.hub, "Web form").id
        with self.hub.database.reading() as tx:
            self.door = connections.get(tx, self.connection).door
        self.admin = signed_in(self.app, self.hub)
        self.secret = self.new_secret()

    def new_secret(self) -> str:
        page = self.admin.post(f"/settings/connections/{self.connection}/signing-secret")
        assert page.status_code == 200, words(page)
        found = re.search(r"whsec_[A-Za-z0-9+/=]+", page.text)
        assert found
        return found[0]

    def send(self, body: Any, *, secret: str | None = None) -> TestResponse:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = str(int(self.hub.time.now().timestamp()))
        key = base64.b64decode((secret or self.secret).removeprefix("whsec_"))
        signature = base64.b64encode(hmac.new(key, f"msg_1.{at}.".encode() + text, hashlib.sha256).digest()).decode()
        headers = {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"}
        return self.app.test_client().post(f"/webhooks/{self.door}", data=text, headers=headers)


def outcomes(answer: TestResponse) -> list[str]:
    found: Any = answer.json
    return [each["outcome"] for each in found["records"]]


@pytest.fixture
def form(tmp_path: Path) -> Iterator[Form]:
    found = Form(tmp_path)
    yield found
    found.hub.database.close()


def test_what_a_form_sends_becomes_a_customer_and_sent_again_changes_nothing(form: Form) -> None:
    answer = form.send({"records": [ANA, {"type": "contact"}]})
    assert answer.status_code == 200
    assert outcomes(answer) == ["written", "rejected"]
    support.drained(form.hub)
    found: Any = program(form.hub, form.app).get("customers?q=ana").json
    assert [each["name"] for each in found["items"]] == ["Ana Souza"]
    assert outcomes(form.send({"records": [ANA]})) == ["same"]


def test_one_record_may_come_alone(form: Form) -> None:
    assert outcomes(form.send(ANA)) == ["written"]


@pytest.mark.parametrize(
    ("sent", "status", "why"),
    [
        (b"{", 400, "not JSON"),
        (b"\xff", 400, "not JSON"),
        ([ANA], 400, "send one record"),
        ({"records": []}, 400, "send one record"),
        ({"records": ANA}, 400, "send one record"),
        ({"records": [ANA] * 201}, 400, "at most 200"),
        ({"records": [ANA | {"observed_at": "2025-01-01T00:00:00Z"}]}, 400, "scope backfill"),
        ({"records": [7]}, 422, "rejected"),
        ({"type": "form.sent", "data": {}}, 422, "rejected"),
    ],
)
def test_what_holds_no_record_is_refused_with_the_reason(form: Form, sent: Any, status: int, why: str) -> None:
    answer = form.send(sent)
    assert (answer.status_code, why in answer.text) == (status, True), answer.text


def test_forged_and_replayed_pushes_are_refused_and_keep_nothing(form: Form) -> None:
    assert form.send(ANA, secret="whsec_" + "A" * 43 + "=").status_code == 401
    assert form.app.test_client().post(f"/webhooks/{form.door}", json=ANA).status_code == 401
    with form.hub.database.reading() as tx:
        assert tx.execute(t.raw.select()).all() == []


def test_a_new_secret_ends_the_old_one_at_once(form: Form) -> None:
    old, form.secret = form.secret, form.new_secret()
    assert form.send(ANA, secret=old).status_code == 401
    assert form.send(ANA).status_code == 200


def test_while_it_is_paused_the_sender_is_told_to_come_again(form: Form) -> None:
    connect.pause(form.hub, form.connection)
    answer = form.send(ANA)
    assert (answer.status_code, "resume it" in answer.text) == (409, True)


def test_the_secret_is_shown_once_and_stands_sealed(form: Form) -> None:
    page = form.admin.get(f"/settings/connections/{form.connection}")
    assert form.secret not in page.text
    assert "A secret is in use" in words(page)
    with form.hub.database.reading() as tx:
        assert form.secret not in str(tx.execute(t.connection.select()).all())


def test_only_an_admin_makes_it_and_only_for_ones_own_program(form: Form) -> None:
    operator = signed_in(form.app, form.hub, "operator")
    assert operator.post(f"/settings/connections/{form.connection}/signing-secret").status_code == 403
    with form.hub.database.writing() as tx:
        made: dict[str, Any] = {"label": "Z", "environment": "production", "auth": "oauth2", "answers": {"subdomain": "acme"}}
        other = connections.create(tx, "zendesk", form.hub.time.now(), **made).id
    assert form.admin.post(f"/settings/connections/{other}/signing-secret").status_code == 404
    assert form.admin.post("/settings/connections/none/signing-secret").status_code == 404
