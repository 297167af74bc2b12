"""The stand-in for BottleCRM answers the same requests as the real one does, and signs its pushes as it does."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from connectors.bottlecrm.sandbox import PERSON
from connectors.bottlecrm.sandbox_pushes import signature
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.shapes import differences, shape
from tests.e2e.real.systems import signed_in_person

pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]

NOBODY = "00000000-0000-0000-0000-000000000000"
RECORDED = Path(__file__).parents[2] / "connectors" / "bottlecrm" / "pushes.json"
OBJECTS = ("contacts", "accounts", "opportunities", "cases")
REQUESTS = {
    **{f"{name}": f"/api/{name}/?limit=100" for name in OBJECTS},
    **{f"{name} without a limit": f"/api/{name}/" for name in OBJECTS},
    **{f"{name} beyond the last": f"/api/{name}/?limit=5&offset=9999" for name in OBJECTS},
    **{f"{name} with a limit that is no number": f"/api/{name}/?limit=abc&offset=-1" for name in OBJECTS},
    **{f"{name} made later": f"/api/{name}/?created_at__gte=2099-01-01" for name in OBJECTS},
    **{f"{name} made at no time": f"/api/{name}/?created_at__gte=garbage" for name in OBJECTS},
    **{
        f"{name} with parameters that are ignored": f"/api/{name}/?limit=2&updated_at__gte=2099-01-01&page=3&ids=1"
        for name in OBJECTS
    },
    **{f"{name} that do not exist": f"/api/{name}/{NOBODY}/" for name in OBJECTS},
    **{f"{name} whose id is none": f"/api/{name}/nonsense/" for name in OBJECTS},
    "slim cases": "/api/cases/?limit=100&slim=true",
    "merged cases": "/api/cases/?limit=100&slim=true&show_merged=true",
    "inactive contacts": "/api/contacts/?limit=100&is_active=false",
    "closed accounts": "/api/accounts/?limit=100&is_active=false",
    "pipelines": "/api/opportunities/pipelines/",
    "users": "/api/users/",
    "people to choose from": "/api/users/get-teams-and-users/",
    "organisations": "/api/org/",
    "the organisation's settings": "/api/org/settings/",
    "webhooks with a token": "/api/webhooks/",
}
# What an organisation named its own fields and how it paid belong to it alone.
FREE = frozenset({"$.custom_fields"})


@pytest.fixture(scope="module")
def people(bottlecrm: Pair) -> list[Client]:
    """A person signed in to each, who alone may manage webhooks."""
    token = signed_in_person()
    return [
        Client(origin=bottlecrm.real.origin, headers={"Authorization": f"Bearer {token}"}),
        Client(origin=bottlecrm.stand_in.origin, headers={"Authorization": f"Bearer {PERSON}"}),
    ]


def ids(client: Client, name: str, query: str = "limit=100") -> list[str]:
    return [str(row["id"]) for row in rows_of(name, client.done(f"/api/{name}/?{query}", method="GET"))]


def rows_of(name: str, answer: Any) -> list[dict[str, Any]]:
    if name == "accounts":
        return [*answer["active_accounts"]["open_accounts"], *answer["closed_accounts"]["close_accounts"]]
    return list(answer["results" if name == "contacts" else name])


def total_of(name: str, answer: Any) -> int:
    if name == "accounts":
        return int(answer["active_accounts"]["open_accounts_count"]) + int(answer["closed_accounts"]["close_accounts_count"])
    return int(answer["count" if name == "contacts" else f"{name}_count"])


@pytest.mark.parametrize("path", REQUESTS.values(), ids=REQUESTS.keys())
def test_an_answer_has_status_and_shape_of_the_real_one(bottlecrm: Pair, path: str) -> None:
    real, stand_in = bottlecrm.ask(path)
    assert (stand_in.status, stand_in.media_type) == (real.status, real.media_type)
    if real.status < 400:
        assert differences(shape(real.body), shape(stand_in.body), FREE) == []
    elif real.media_type == "application/json":
        assert stand_in.body == real.body


@pytest.mark.parametrize("name", OBJECTS)
def test_single_records_have_the_same_shape(bottlecrm: Pair, name: str) -> None:
    shapes = []
    for client in (bottlecrm.real, bottlecrm.stand_in):
        found = [client.done(f"/api/{name}/{one}/", method="GET") for one in ids(client, name)[:30]]
        shapes.append(shape(found))
    free = frozenset({"$[].activities", "$[].comments", "$[].internal_notes", "$[].open_deals.by_currency"})
    assert differences(shapes[0], shapes[1], free) == []


@pytest.mark.parametrize("name", OBJECTS)
def test_both_are_walked_by_offset_to_the_totals_they_name(bottlecrm: Pair, name: str) -> None:
    for client in (bottlecrm.real, bottlecrm.stand_in):
        seen: list[str] = []
        total = total_of(name, client.done(f"/api/{name}/?limit=1", method="GET"))
        for offset in range(0, total, 7):
            seen += ids(client, name, f"limit=7&offset={offset}")
        assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize("name", ["accounts", "opportunities"])
def test_both_order_by_the_random_id_whatever_is_asked(bottlecrm: Pair, name: str) -> None:
    for client in (bottlecrm.real, bottlecrm.stand_in):
        found = ids(client, name, "limit=100&is_active=true&ordering=created_at")
        assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("ordering", ["", "created_at", "-created_at", "id", "-id", "name", "-priority", "updated_at"])
def test_cases_can_be_ordered_by_four_fields_and_come_newest_first_else(bottlecrm: Pair, ordering: str) -> None:
    field = ordering.lstrip("-") if ordering not in ("", "updated_at") else "created_at"
    descending = ordering.startswith("-") or ordering in ("", "updated_at")
    for client in (bottlecrm.real, bottlecrm.stand_in):
        cases = client.done(f"/api/cases/?limit=100&slim=true&ordering={ordering}", method="GET")["cases"]
        cases = [case for case in cases if field != "name" or case["name"].isascii()]
        wanted = sorted(
            sorted(cases, key=lambda case: case["id"], reverse=True), key=lambda case: case[field], reverse=descending
        )
        assert [case["id"] for case in cases] == [case["id"] for case in wanted]


@pytest.mark.parametrize("authorization", [None, "Bearer bcrm_pat_wrong", "Bearer nonsense"])
def test_nobody_without_a_token_is_let_in(bottlecrm: Pair, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answers = [Client(origin=one.origin, headers=headers).ask("/api/contacts/") for one in (bottlecrm.real, bottlecrm.stand_in)]
    assert [(one.status, one.body) for one in answers] == [
        (403, {"detail": "Organization context is required. Please login again."})
    ] * 2


@pytest.mark.parametrize("name", OBJECTS)
def test_what_is_missing_in_a_new_record_is_named(bottlecrm: Pair, name: str) -> None:
    answers = [one.ask(f"/api/{name}/", method="POST", body={}) for one in (bottlecrm.real, bottlecrm.stand_in)]
    assert [answer.status for answer in answers] == [400, 400]
    named = [set(answer.body["errors"]) for answer in answers]
    assert named[1] <= named[0]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("contacts", {"first_name": "Eva", "last_name": "Gone"}),
        ("opportunities", {"name": f"Gone {time.time()}", "stage": "PROSPECTING"}),
        ("cases", {"name": f"Gone {time.time()}", "status": "New", "priority": "Low", "case_type": "Question"}),
        ("accounts", {"name": f"Gone {time.time()}"}),
    ],
)
def test_a_deleted_record_is_gone_for_good(bottlecrm: Pair, name: str, body: dict[str, str]) -> None:
    for client in (bottlecrm.real, bottlecrm.stand_in):
        made = client.done(f"/api/{name}/", body=body)["id"]
        assert made in ids(client, name, "limit=1000&slim=true")
        client.done(f"/api/{name}/{made}/", method="DELETE")
        assert client.ask(f"/api/{name}/{made}/").status == 404
        assert made not in ids(client, name, "limit=1000&slim=true&include_deleted=true&show_merged=true")


def test_a_merged_case_says_where_to_go(bottlecrm: Pair) -> None:
    for client in (bottlecrm.real, bottlecrm.stand_in):
        body = {"status": "New", "priority": "Low", "case_type": "Question"}
        names = [f"{time.time()} {place}" for place in range(2)]
        loser, winner = (client.done("/api/cases/", body={**body, "name": name})["id"] for name in names)
        client.done(f"/api/cases/{loser}/merge/{winner}/", body={})
        told = {"redirect_to": winner, "merged_into": winner, "source_case_id": loser, "source_case_name": names[0]}
        assert client.done(f"/api/cases/{loser}/", method="GET") == told
        assert loser not in ids(client, "cases", "limit=1000&slim=true")
        assert loser in ids(client, "cases", "limit=1000&slim=true&show_merged=true")


def test_of_merged_contacts_only_one_can_be_read(bottlecrm: Pair) -> None:
    for client in (bottlecrm.real, bottlecrm.stand_in):
        body = {"first_name": "Eva", "last_name": "Twice"}
        keep, loser = (client.done("/api/contacts/", body=body)["id"] for _ in range(2))
        refused = client.ask(f"/api/contacts/{keep}/merge/", method="POST", body={})
        assert (refused.status, refused.body) == (400, {"error": True, "errors": {"merge_id": ["This field is required."]}})
        client.done(f"/api/contacts/{keep}/merge/", body={"merge_id": loser})
        assert client.ask(f"/api/contacts/{loser}/").status == 404
        assert client.ask(f"/api/contacts/{keep}/").status == 200


class Heard:
    """Deliveries to an address on this machine."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[dict[str, str], bytes]] = []
        kept = self.deliveries

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                kept.append(
                    (
                        {name.lower(): text for name, text in self.headers.items()},
                        self.rfile.read(int(self.headers["Content-Length"])),
                    )
                )
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"

    def until(self, number: int) -> list[tuple[dict[str, str], bytes]]:
        """So many deliveries, or what came within twenty seconds."""
        patience = time.monotonic() + 20
        while len(self.deliveries) < number and time.monotonic() < patience:
            time.sleep(0.1)
        return self.deliveries


@pytest.fixture
def heard() -> Iterator[Heard]:
    listening = Heard()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


def test_both_push_the_same_events_and_sign_them_by_one_recipe(people: list[Client], heard: Heard) -> None:
    events = [
        "contact.created",
        "contact.updated",
        "contact.deleted",
        "deal.created",
        "deal.updated",
        "deal.won",
        "ticket.created",
    ]
    told: list[list[tuple[str, Any]]] = []
    for client in people:
        heard.deliveries.clear()
        hook = client.done("/api/webhooks/", body={"url": heard.url, "events": events})
        _happen(client)
        client_deliveries = heard.until(len(events))
        client.done(f"/api/webhooks/{hook['id']}/", method="DELETE")
        for headers, body in client_deliveries:
            moment = headers["x-bottlecrm-signature"].partition(",")[0].removeprefix("t=")
            assert headers["x-bottlecrm-signature"] == signature(hook["secret"], int(moment), body)
            assert json.loads(body)["event"] == headers["x-bottlecrm-event"]
        told.append(sorted((headers["x-bottlecrm-event"], shape(json.loads(body))) for headers, body in client_deliveries))
    assert [event for event, _ in told[1]] == [event for event, _ in told[0]] == sorted(events)
    for (_, real), (event, stand_in) in zip(*told, strict=True):
        assert differences(real, stand_in) == [], event


def _happen(client: Client) -> None:
    """A contact, a won deal and a case; the contact is deleted in the end."""
    contact = client.done(
        "/api/contacts/", body={"first_name": "Eva", "last_name": "Push", "email": f"eva{time.time()}@push.example"}
    )["id"]
    client.done(f"/api/contacts/{contact}/", method="PATCH", body={"title": "CEO"})
    sale = {"name": f"Push {time.time()}", "stage": "PROSPECTING", "amount": "12.50", "currency": "EUR"}
    deal = client.done("/api/opportunities/", body=sale)["id"]
    client.done(f"/api/opportunities/{deal}/", method="PATCH", body={"stage": "CLOSED_WON", "closed_on": "2026-11-22"})
    client.done("/api/cases/", body={"name": f"Push {time.time()}", "status": "New", "priority": "Low", "case_type": "Incident"})
    client.done(f"/api/contacts/{contact}/", method="DELETE")


def test_registered_webhooks_have_the_same_shape(people: list[Client]) -> None:
    shapes = []
    for client in people:
        hook = client.done("/api/webhooks/", body={"url": "http://127.0.0.1:9/in", "events": ["contact.created"]})
        shapes.append((shape(hook), shape(client.done("/api/webhooks/", method="GET"))))
        client.done(f"/api/webhooks/{hook['id']}/", method="DELETE")
    assert differences(shapes[0][0], shapes[1][0]) == []
    assert differences(shapes[0][1], shapes[1][1]) == []


def test_recorded_deliveries_carry_the_signature_of_that_recipe() -> None:
    recorded = json.loads(RECORDED.read_text())
    for delivery in recorded["deliveries"]:
        said = delivery["headers"]["X-BottleCRM-Signature"]
        moment = int(said.partition(",")[0].removeprefix("t="))
        assert said == signature(recorded["secret"], moment, delivery["body"].encode())
