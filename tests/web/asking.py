"""Programs that ask the API of a hub of their own, and what there is for them to find."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from hub.store import access, customers
from hub.sync import derive, push
from hub.sync.hub import Hub
from hub.web import create_app
from tests import support

EVERYTHING = ("read", "read:pii", "push", "backfill", "admin")


@dataclass(frozen=True, kw_only=True)
class Program:
    """Asks with one key."""

    client: Client
    key: str

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        sent = {"json": body} if body is not None else options
        return self.client.post(f"/api/v1/{path}", headers=self._headers({}), **sent)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return named | ({"Authorization": f"Bearer {self.key}"} if self.key else {})


def served(data: Path, **environment: str) -> tuple[Hub, Flask]:
    hub = support.made(data, **environment)
    return hub, create_app(hub)


def program(hub: Hub, app: Flask, scopes: Collection[str] = EVERYTHING) -> Program:
    """A program with a key of these scopes, or without any key."""
    key = ""
    if scopes:
        with hub.database.writing() as tx:
            _, key = access.new_key(tx, hub.time.now(), label="test", scopes=scopes, expires_at=None)
    return Program(client=app.test_client(), key=key)


def filled(hub: Hub) -> str:
    """A push connection with a little company in it; its id."""
    connection = push.create(hub, "Till").id
    push.accept(hub, connection, COMPANY)
    derive_all(hub)
    return connection


def derive_all(hub: Hub) -> None:
    with hub.database.writing() as tx:
        changes = derive.settle(tx, customers.dirty(tx, 500), hub.time.now())
        customers.announce(tx, changes, hub.time.now())


def said(kind: str, key: str, at: str = "2025-03-01T10:00:00Z", /, **data: Any) -> dict[str, Any]:
    return {"type": kind, "id": key, "changed_at": at, "data": data}


def happened(kind: str, key: str, at: str = "2025-03-02T10:00:00Z", **what: Any) -> dict[str, Any]:
    return {"type": kind, "id": key, "changed_at": at, **what}


COMPANY = (
    said(
        "contact",
        "7",
        full_name="Ana Souza",
        emails=[{"address": "Ana.Souza@Acme.com.br"}],
        phones=[{"number": "+5511912345678"}],
        company_ids=["C1"],
        country="BR",
        tags=["vip customer"],
        custom={"note": "allergic to nuts"},
    ),
    said("contact", "8", full_name="José da Conceição", emails=[{"address": "jose@example.org"}]),
    said("company", "C1", name="Acme Ltda", domains=["acme.com.br"], industry="Food", employee_count=40),
    said("deal", "D1", name="Ana's kitchen", status="won", amount={"amount": "12000", "currency": "BRL"}, contact_ids=["7"]),
    said("ticket", "T1", subject="Cold soup", status="open", requester_ids=["7"]),
    said("survey_response", "S1", kind="nps", score=9, comment="Lovely", respondent_id="8"),
    said("order", "O1", number="A-1", status="paid", email="jose@example.org", contact_ids=["8"]),
    said("owner", "U1", name="Rita Alves", email="rita@acme.com.br", active=True),
    said("pipeline", "P1", name="Sales", kind="sales", stages=[{"id": "won", "category": "won"}]),
)
SECRETS = (
    "Ana",
    "Souza",
    "acme.com.br",
    "912345678",
    "José",
    "jose@example.org",
    "Acme",
    "kitchen",
    "Cold soup",
    "Lovely",
    "Rita",
    "vip customer",
    "allergic",
)
"""What says who somebody is, in the company above."""
