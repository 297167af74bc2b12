"""What the API promises programs: stable pages, one shape of errors, and that an id leads somewhere for good."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from hub.store import access, connections
from hub.sync import plan, push
from hub.sync.hub import Hub
from tests.web.asking import Program, derive_all, filled, happened, program, said, served

LISTS = {
    "customers": 3,
    "contacts": 2,
    "companies": 1,
    "deals": 1,
    "tickets": 1,
    "survey-responses": 1,
    "orders": 1,
    "owners": 1,
    "pipelines": 1,
    "connections": 1,
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Hub, Flask]]:
    hub, app = served(tmp_path)
    yield hub, app
    hub.database.close()


@pytest.fixture(scope="module")
def asks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Asks a hub that no test changes."""
    hub, app = served(tmp_path_factory.mktemp("hub"))
    filled(hub)
    yield program(hub, app)
    hub.database.close()


def test_every_type_is_listed_under_its_plural(asks: Program) -> None:
    assert {name: len(asks.get(name).get_json()["items"]) for name in LISTS} == LISTS


def test_a_record_is_its_canonical_form_with_what_the_hub_knows_of_it(asks: Program) -> None:
    (deal,) = asks.get("deals").get_json()["items"]
    assert deal | {"id": "", "received_at": ""} == {
        "id": "",
        "connection_id": "push-1",
        "system": "push",
        "type": "deal",
        "source_id": "D1",
        "state": "live",
        "merged_into": None,
        "customer_id": None,
        "created_at": None,
        "changed_at": "2025-03-01T10:00:00Z",
        "received_at": "",
        "data": {
            "id": "D1",
            "changed_at": "2025-03-01T10:00:00Z",
            "name": "Ana's kitchen",
            "status": "won",
            "amount": {"amount": "12000", "currency": "BRL"},
            "contact_ids": ["7"],
        },
    }
    assert asks.get(f"deals/{deal['id']}").get_json() == deal


def test_a_page_leads_to_the_next_until_everything_was_seen_once(made: tuple[Hub, Flask]) -> None:
    connection = push.create(made[0], "").id
    for start in range(0, 450, 150):
        push.accept(made[0], connection, [said("contact", str(n), full_name=f"P {n}") for n in range(start, start + 150)])
    asks = program(*made)
    page = asks.get("contacts?limit=200").get_json()
    sizes = [len(page["items"])]
    seen = [one["source_id"] for one in page["items"]]
    while page["next"] is not None:
        page = asks.get(f"contacts?limit=200&cursor={page['next']}").get_json()
        seen += [one["source_id"] for one in page["items"]]
        sizes.append(len(page["items"]))
    assert sizes == [200, 200, 50]
    assert len(set(seen)) == 450


def test_a_list_that_fits_one_page_has_no_next(asks: Program) -> None:
    assert asks.get("contacts?limit=2").get_json()["next"] is None
    assert asks.get("contacts?limit=1").get_json()["next"] is not None


def test_records_are_filtered_by_state_connection_and_when_they_were_received(made: tuple[Hub, Flask]) -> None:
    connection = filled(made[0])
    asks = program(*made)
    push.accept(made[0], connection, [happened("contact", "8", deleted=True)])
    for query, count in {
        "": 1,
        "?state=deleted": 1,
        "?state=all": 2,
        "?state=merged": 0,
        "?connection=push-1": 1,
        "?connection=push-2": 0,
        "?modified_after=2999-01-01": 0,
        "?modified_after=2020-01-01T00:00:00Z": 1,
    }.items():
        assert len(asks.get(f"contacts{query}").get_json()["items"]) == count, query


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=ana", ["Ana Souza"]),
        ("q=jose%20conceicao", ["José da Conceição"]),
        ("q=ACME.com", ["Ana Souza"]),
        ("q=912345", ["Ana Souza"]),
        ("q=%25", []),
        ("q=_", []),
        ("type=company", ["Acme Ltda"]),
        ("system=push&type=person", ["Ana Souza", "José da Conceição"]),
        ("system=elsewhere", []),
        ("connection=push-1&q=acme", ["Acme Ltda", "Ana Souza"]),
        ("modified_after=2999-01-01", []),
    ],
)
def test_customers_are_found(asks: Program, query: str, names: list[str]) -> None:
    assert sorted(one["name"] for one in asks.get(f"customers?{query}").get_json()["items"]) == names


def test_a_customer_shows_each_value_with_its_source(asks: Program) -> None:
    (ana,) = asks.get("customers?q=ana").get_json()["items"]
    found = asks.get(f"customers/{ana['id']}").get_json()
    assert found["fields"]["full_name"]["value"] == "Ana Souza"
    assert found["fields"]["full_name"]["source"] == {
        "connection_id": "push-1",
        "system": "push",
        "type": "contact",
        "id": "7",
        "field": "full_name",
    }
    assert {kind: held["live"] for kind, held in found["activity"].items()} == {"deal": 1, "ticket": 1}


def test_the_records_of_a_customer_are_its_own_and_those_that_mention_it(asks: Program) -> None:
    (ana,) = asks.get("customers?q=ana").get_json()["items"]
    (company,) = asks.get("customers?type=company").get_json()["items"]
    path = f"customers/{ana['id']}/records"
    assert sorted(one["source_id"] for one in asks.get(path).get_json()["items"]) == ["7", "D1", "T1"]
    assert [one["source_id"] for one in asks.get(f"{path}?type=deal").get_json()["items"]] == ["D1"]
    assert [one["source_id"] for one in asks.get(f"customers/{company['id']}/records").get_json()["items"]] == ["C1"]


def test_a_merged_customer_leads_to_the_one_that_it_is_now(made: tuple[Hub, Flask]) -> None:
    connection = filled(made[0])
    asks = program(*made)
    (jose,) = asks.get("customers?q=jose").get_json()["items"]
    push.accept(made[0], connection, [happened("contact", "8", merged_into="7")])
    derive_all(made[0])
    (left,) = asks.get("customers?type=person").get_json()["items"]
    gone = ({jose["id"]} | {one["customer_id"] for one in asks.get("changes").get_json()["items"]}) - {
        one["id"] for one in asks.get("customers").get_json()["items"]
    }
    (merged,) = gone
    answer = asks.get(f"customers/{merged}")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"/api/v1/customers/{left['id']}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json() == {"id": merged, "state": "merged", "merged_into": left["id"]}
    assert asks.get(f"customers/{merged}/records").status_code == 410


def test_a_customer_whose_records_are_gone_is_gone_and_one_that_never_was_is_missing(made: tuple[Hub, Flask]) -> None:
    connection = filled(made[0])
    asks = program(*made)
    ids = [one["id"] for one in asks.get("customers").get_json()["items"]]
    with made[0].database.writing() as tx:
        plan.forget(tx, connection, made[0].time.now())
    derive_all(made[0])
    assert {asks.get(f"customers/{one}").status_code for one in ids} == {410}
    assert asks.get("customers/00000000-0000-0000-0000-000000000000").status_code == 404


def test_who_has_the_present_form_already_is_told_so(asks: Program) -> None:
    for name in ("customers", "deals", "connections"):
        path = f"{name}/{asks.get(name).get_json()['items'][0]['id']}"
        tag = asks.get(path).headers["ETag"]
        again = asks.get(path, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert asks.get(path, If_None_Match='"other"').status_code == 200


def test_the_feed_is_read_on_from_where_one_was(made: tuple[Hub, Flask]) -> None:
    connection = filled(made[0])
    asks = program(*made)
    first = asks.get("changes?limit=2").get_json()
    assert [(one["position"], one["action"]) for one in first["items"]] == [(1, "created"), (2, "created")]
    rest = asks.get(f"changes?after={first['next']}").get_json()
    assert ([one["position"] for one in rest["items"]], rest["next"]) == ([3], 3)
    assert asks.get("changes?after=3").get_json() == {"items": [], "next": 3}
    push.accept(made[0], connection, [said("contact", "8", "2025-04-01T00:00:00Z", full_name="José Lima")])
    derive_all(made[0])
    assert [one["action"] for one in asks.get("changes?after=3").get_json()["items"]] == ["updated"] * 2  # His company too.


def test_a_connection_shows_its_counts_streams_and_runs_and_no_secret(asks: Program) -> None:
    found = asks.get("connections/push-1").get_json()
    assert found["records"]["contact"] == 2
    assert [stream["name"] for stream in found["streams"]][:2] == ["companies", "contacts"]
    assert found["runs"] == []
    assert "door" not in found


def test_pushed_records_are_answered_one_by_one(made: tuple[Hub, Flask]) -> None:
    filled(made[0])
    asks = program(*made)
    bad = said("deal", "D2", amount={"amount": "x"})
    sent = {"records": [said("contact", "9", full_name="Bia"), bad, happened("contact", "8", deleted=True)]}
    answer = asks.post("connections/push-1/records", sent)
    assert answer.get_json() == {
        "records": [
            {"type": "contact", "id": "9", "outcome": "written", "error": None},
            {
                "type": "deal",
                "id": "D2",
                "outcome": "rejected",
                "error": "Invalid decimal string - at `$.data.amount.amount`",
            },
            {"type": "contact", "id": "8", "outcome": "deleted", "error": None},
        ]
    }


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"records": ["Missing data for required field."]}),
        ({"records": []}, {"records": ["Length must be between 1 and 200."]}),
        ({"records": [{}] * 201}, {"records": ["Length must be between 1 and 200."]}),
        ({"records": [{}, 7]}, {"records.1": ["Not a valid mapping type."]}),
        ({"records": [{}], "more": 1}, {"more": ["Unknown field."]}),
        ([], {"_schema": ["Invalid input type."]}),
    ],
)
def test_a_body_of_another_shape_is_refused_as_a_whole(asks: Program, sent: object, errors: object) -> None:
    answer = asks.post("connections/push-1/records", sent)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json()["errors"] == errors


def test_only_open_push_connections_take_records(made: tuple[Hub, Flask]) -> None:
    filled(made[0])
    asks = program(*made)
    sent = {"records": [said("contact", "9")]}
    assert asks.post("connections/push-9/records", sent).status_code == 404
    with made[0].database.writing() as tx:
        connections.change(tx, "push-1", state=connections.PAUSED)
    answer = asks.post("connections/push-1/records", sent)
    assert (answer.status_code, answer.get_json()["detail"]) == (
        409,
        "push-1 is paused; resume it under Settings, Connections.",
    )


def test_saying_when_something_was_known_needs_the_scope_backfill(made: tuple[Hub, Flask]) -> None:
    filled(made[0])
    sent = {"records": [said("contact", "9") | {"observed_at": "2025-03-01T10:00:00Z"}]}
    assert program(*made, ["push"]).post("connections/push-1/records", sent).status_code == 403
    assert program(*made, ["backfill"]).post("connections/push-1/records", sent).status_code == 200


@pytest.mark.parametrize(
    ("path", "errors"),
    [
        ("contacts?limit=0", {"limit": ["Must be greater than or equal to 1 and less than or equal to 200."]}),
        ("contacts?limit=201", {"limit": ["Must be greater than or equal to 1 and less than or equal to 200."]}),
        ("contacts?limit=many", {"limit": ["Not a valid integer."]}),
        ("contacts?cursor=x", {"cursor": ["Must be the `next` of an earlier page."]}),
        ("contacts?cursor=" + "A" * 5000, {"cursor": ["Must be the `next` of an earlier page."]}),
        ("contacts?state=gone", {"state": ["Must be one of: live, deleted, merged, all."]}),
        ("contacts?modified_after=lately", {"modified_after": ["Not a valid datetime."]}),
        ("contacts?modified_after=0001-01-01T00:00%2B02:00", {"modified_after": ["Must lie within the years 1 to 9999."]}),
        ("contacts?colour=red", {"colour": ["Unknown field."]}),
        (f"customers?q={quote('x' * 201)}", {"q": ["Longer than maximum length 200."]}),
        ("changes?after=-1", {"after": ["Must be greater than or equal to 0 and less than or equal to 9223372036854775807."]}),
    ],
)
def test_what_does_not_fit_is_named_by_its_field(asks: Program, path: str, errors: object) -> None:
    answer = asks.get(path)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "Some of what was sent does not fit.",
        "errors": errors,
    }


@pytest.mark.parametrize("path", ["nothing", "contacts/7", "customers/../contacts", "connections/push-9"])
def test_what_is_not_there_is_a_problem_document_too(asks: Program, path: str) -> None:
    answer = asks.get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_key_is_noted_as_used(made: tuple[Hub, Flask]) -> None:
    program(*made).get("contacts")
    with made[0].database.reading() as tx:
        assert [key.used_at is not None for key in access.api_keys(tx)] == [True]
