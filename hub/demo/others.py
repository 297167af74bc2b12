"""The ways in that need no connector, shown with all systems: a table that is imported, and a web form that pushes."""

import base64
import csv
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from rich.console import Console

from hub import registry
from hub.errors import Misdeclared
from hub.sandbox.world import World
from hub.store import connections
from hub.sync import push, signed
from hub.sync.hub import Hub

TABLE, FORM = registry.SHEET.id, registry.PUSH.id
"""What the invented company calls them; ids in both are the people's numbers."""
_PARTS: Final = ("contact", "order", "ticket")
_TRIES, _BUSY = 30, 503


def _of_table(world: World) -> dict[str, int]:
    return {"contact": world.count(TABLE, "contact")}


def _of_form(world: World) -> dict[str, int]:
    return {kind: world.count(FORM, kind) for kind in _PARTS} | {"lead": world.count(FORM, "contact")}


TRUTHS: Final[Mapping[str, Callable[[World], dict[str, int]]]] = MappingProxyType({TABLE: _of_table, FORM: _of_form})


def send(hub: Hub, world: World, environment: Mapping[str, str], console: Console) -> list[str]:
    """Import the table and push what the form holds; the connections' ids. Sending all of it again changes nothing."""
    with hub.database.reading() as tx:
        known = {each.connector: each.id for each in connections.everyone(tx)}
    imported = _import(world, known.get(TABLE), environment)
    console.print(f"imported a [bold]Spreadsheet[/]: {imported}")
    pushed = known.get(FORM) or push.create(hub, "Web form").id
    _push(hub, pushed, world)
    console.print(f"a [bold]Web form[/] pushed, signed: {pushed}")
    return [imported, pushed]


def _import(world: World, connection_id: str | None, environment: Mapping[str, str]) -> str:
    """Through the command that people use."""
    with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("Number", "First name", "Last name", "E-mail", "Phone", "Country"))
        for index, _ in world.keys(TABLE, "contact"):
            seen = world.as_seen(index, TABLE)
            rows.writerow((index, seen.given_name, seen.family_name, seen.email, seen.phone or "", seen.country))
        file.flush()
        whose = ["--connection", connection_id] if connection_id else ["--type", "contact", "--label", "Newsletter"]
        command = [sys.executable, "-m", "hub", "import", file.name, *whose, "--id", "Number"]
        done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise Misdeclared(f"the table was not imported: {done.stderr.strip()}")
    return done.stdout.strip()


def _push(hub: Hub, connection_id: str, world: World) -> None:
    secret = signed.new_secret(hub, connection_id)
    with hub.database.reading() as tx:
        door = connections.get(tx, connection_id).door
    records = _filled_in(world)
    for number, some in enumerate(iter(lambda: list(islice(records, push.MOST)), [])):
        body = json.dumps({"records": some}).encode()
        headers = _signature(secret, f"form-{number}", hub, body)
        sent = Request(f"{hub.settings.public_url}/webhooks/{door}", data=body, headers=headers)  # noqa: S310 - our own address
        told = _taken(hub, sent)
        if wrong := next((each for each in told if each["outcome"] == push.REJECTED), None):
            raise Misdeclared(f"what the form sent was rejected: {wrong['error']}")


def _taken(hub: Hub, sent: Request) -> list[dict[str, Any]]:
    """What became of each record. A hub that is busy says when to send again, as senders do: what comes twice counts once."""
    for _ in range(_TRIES):
        try:
            with urlopen(sent, timeout=60) as answer:  # noqa: S310 - our own address
                told: list[dict[str, Any]] = json.load(answer)["records"]
                return told
        except HTTPError as refused:
            refused.close()
            if refused.code != _BUSY:
                raise
            hub.time.wait(float(refused.headers["Retry-After"]))
    raise Misdeclared(f"the hub was too busy to take what the form sent, {_TRIES} times")


def _signature(secret: str, named: str, hub: Hub, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks, as any sender makes them: its secret is base64 behind `whsec_`."""
    at = str(int(hub.time.now().timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = base64.b64encode(hmac.new(key, f"{named}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"webhook-id": named, "webhook-timestamp": at, "webhook-signature": f"v1,{made}", "Content-Type": "application/json"}


def _filled_in(world: World) -> Iterator[dict[str, Any]]:
    """Everybody who filled in the form, as somebody who wants to hear more, and what they ordered and asked there."""
    for index, _ in world.keys(FORM, "contact"):
        seen = world.as_seen(index, FORM)
        phones = [{"number": seen.phone}] if seen.phone else []
        data = {"full_name": f"{seen.given_name} {seen.family_name}", "emails": [{"address": seen.email}], "phones": phones}
        at = seen.updated_at.isoformat()
        yield {"type": "contact", "id": str(index), "changed_at": at, "data": data | {"country": seen.country}}
        captured = {"contact_id": str(index), "status": "new", "captured_at": seen.created_at.isoformat()}
        yield {"type": "lead", "id": str(index), "changed_at": at, "data": captured}
    for index, number in world.keys(FORM, "order"):
        order = world.order(index, FORM, number)
        total = {"amount": str(order.total), "currency": order.currency}
        bought = {"contact_ids": [str(index)], "status": order.status, "total": total, "placed_at": order.placed_at.isoformat()}
        bought |= {"paid_at": order.paid_at.isoformat()} if order.paid_at else {}
        yield {"type": "order", "id": f"{index}-{number}", "changed_at": order.updated_at.isoformat(), "data": bought}
    for index, number in world.keys(FORM, "ticket"):
        ticket = world.ticket(index, FORM, number)
        asked = {"subject": ticket.subject, "status": ticket.status, "requester_ids": [str(index)]}
        asked |= {"opened_at": ticket.opened_at.isoformat()}
        yield {"type": "ticket", "id": f"{index}-{number}", "changed_at": ticket.updated_at.isoformat(), "data": asked}
