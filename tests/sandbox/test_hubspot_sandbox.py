"""What the HubSpot stand-in promises, seen through its API."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from connectors.hubspot.sandbox import STANDIN
from connectors.hubspot.sandbox_pushes import signature_v1, signature_v3
from hub.sandbox.push import Delivery
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World

AUTH = {"Authorization": "Bearer pat-na1-sandbox"}
NAMES = {"contacts": "contact", "companies": "company", "deals": "deal", "tickets": "ticket"}
Client = Any
"""Flask's test client, whose answers' `.json` may be anything."""
NOW = 1_795_000_000.0


@pytest.fixture(scope="module")
def world() -> World:
    return World(260)


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: NOW)
    made.faults.limits = False
    return made


@pytest.fixture
def api(world: World, held: Controls) -> Client:
    return application(STANDIN, world, held).test_client()


def listed(api: Client, name: str, query: str = "limit=100") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        answer = api.get(f"/crm/v3/objects/{name}?{query}{after}", headers=AUTH).json
        found += answer["results"]
        if "paging" not in answer:
            return found
        after = f"&after={answer['paging']['next']['after']}"


def searched(api: Client, name: str, **asked: Any) -> Any:
    return api.post(f"/crm/v3/objects/{name}/search", json=asked, headers=AUTH)


def test_lists_hold_what_the_truth_says(api: Client, world: World) -> None:
    truth = STANDIN.truth(world)
    assert {kind: len(listed(api, name)) for name, kind in NAMES.items()} == {kind: truth[kind] for kind in NAMES.values()}
    assert len(api.get("/crm/v3/owners/", headers=AUTH).json["results"]) == truth["owner"]
    found = [len(api.get(f"/crm/v3/pipelines/{name}", headers=AUTH).json["results"]) for name in ("deals", "tickets")]
    assert sum(found) == truth["pipeline"]
    assert api.get("/__sandbox/truth").json == {name: truth[kind] for name, kind in NAMES.items()}


def test_type_ids_and_the_dated_version_name_the_same_objects(api: Client) -> None:
    plain = api.get("/crm/v3/objects/deals?limit=3", headers=AUTH).json["results"]
    assert api.get("/crm/v3/objects/0-3?limit=3", headers=AUTH).json["results"] == plain
    assert api.get("/crm/objects/2026-03/deals?limit=3", headers=AUTH).json["results"] == plain


def test_every_value_is_text_or_nothing_and_only_what_was_asked_for(api: Client) -> None:
    for record in listed(api, "contacts", "limit=100&properties=email,phone,no_such_thing"):
        assert set(record["properties"]) == {"createdate", "hs_object_id", "lastmodifieddate", "email", "phone"}
        assert all(value is None or isinstance(value, str) for value in record["properties"].values())
    assert None in [record["properties"]["phone"] for record in listed(api, "contacts", "limit=100&properties=phone")]


def test_addresses_are_unique_among_contacts(api: Client) -> None:
    emails = [record["properties"]["email"] for record in listed(api, "contacts")]
    kept = [email.lower() for email in emails if email]
    assert len(kept) == len(set(kept))
    assert None in emails


def test_every_company_and_owner_that_a_contact_names_exists(api: Client) -> None:
    contacts = listed(api, "contacts", "limit=100&properties=associatedcompanyid,hubspot_owner_id")
    companies = {record["id"] for record in listed(api, "companies")}
    owners = {owner["id"] for owner in api.get("/crm/v3/owners", headers=AUTH).json["results"]}
    assert {record["properties"]["associatedcompanyid"] for record in contacts} <= companies | {None}
    assert {record["properties"]["hubspot_owner_id"] for record in contacts} <= owners | {None}


def test_deals_stand_in_open_won_lost_and_custom_stages_and_some_have_nobody(api: Client) -> None:
    deals = listed(api, "deals", "limit=100&associations=contacts,companies")
    stages = {deal["properties"]["dealstage"] for deal in deals}
    assert {"closedwon", "closedlost", "1072359814"} <= stages
    pipeline = api.get("/crm/v3/pipelines/deals", headers=AUTH).json["results"][0]
    assert stages <= {stage["id"] for stage in pipeline["stages"]}
    linked = [set(deal.get("associations", ())) for deal in deals]
    assert {"contacts", "companies"} in linked
    assert {"companies"} in linked
    assert any("companies" not in one for one in linked)


def test_a_contact_entered_the_stage_that_it_is_in_and_the_truth_counts_all_but_other(api: Client, world: World) -> None:
    stages = (
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
    )
    dates = ",".join(f"hs_v2_date_entered_{stage}" for stage in stages)
    found = [each["properties"] for each in listed(api, "contacts", f"limit=100&properties=lifecyclestage,createdate,{dates}")]
    assert {each["lifecyclestage"] for each in found} == set(stages)
    assert all(each["createdate"] <= each[f"hs_v2_date_entered_{each['lifecyclestage']}"] for each in found)
    assert sum(each["lifecyclestage"] != "other" for each in found) == STANDIN.truth(world)["lead"]


def test_the_time_of_a_stage_is_noted_when_it_is_entered(api: Client) -> None:
    found = listed(api, "contacts", "limit=100&properties=lifecyclestage,hs_v2_date_entered_evangelist")
    other = next(each["id"] for each in found if each["properties"]["hs_v2_date_entered_evangelist"] is None)
    path = f"/crm/v3/objects/contacts/{other}"
    api.patch(path, json={"properties": {"lifecyclestage": "evangelist"}}, headers=AUTH)
    shown = api.get(f"{path}?properties=hs_v2_date_entered_evangelist", headers=AUTH).json["properties"]
    assert shown["hs_v2_date_entered_evangelist"] == "2026-11-18T11:06:40.000Z"


def test_only_deals_that_are_lost_say_why(api: Client) -> None:
    found = [each["properties"] for each in listed(api, "deals", "limit=100&properties=dealstage,closed_lost_reason")]
    said = {each["dealstage"] for each in found if each["closed_lost_reason"]}
    assert said == {"closedlost"}


def test_filters_outside_of_any_group_are_a_group_of_their_own(api: Client) -> None:
    first = listed(api, "deals")[0]["id"]
    only = {"propertyName": "hs_object_id", "operator": "EQ", "value": first}
    assert [record["id"] for record in searched(api, "deals", filters=[only]).json["results"]] == [first]


@pytest.mark.parametrize("name", NAMES)
def test_the_properties_are_those_that_records_have(api: Client, held: Controls, name: str) -> None:
    told = {each["name"]: each["type"] for each in api.get(f"/properties/v2/{NAMES[name]}/properties", headers=AUTH).json}
    row = held.collections[name].row(int(listed(api, name)[0]["id"]))
    changed = "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate"
    assert row
    assert set(told) == {*row.fields, "hs_object_id", "createdate", changed}
    assert (told["hs_object_id"], told["createdate"], told["hubspot_owner_id"]) == ("number", "datetime", "enumeration")


def test_what_an_account_keeps_nothing_in_can_be_described_and_linked_to_but_what_does_not_exist_cannot(api: Client) -> None:
    told = api.get("/properties/v2/line_item/properties", headers=AUTH).json
    assert [each["name"] for each in told] == ["hs_object_id", "createdate", "hs_lastmodifieddate"]
    assert api.get("/crm/v3/schemas", headers=AUTH).json == {"results": []}
    inputs = {"inputs": [{"id": record["id"]} for record in listed(api, "deals")[:3]]}
    assert api.post("/crm/v4/associations/deals/line_items/batch/read", json=inputs, headers=AUTH).json["results"] == []
    assert len(listed(api, "deals", "limit=100&associations=line_items")) == len(listed(api, "deals"))
    assert api.get("/properties/v2/nothing/properties", headers=AUTH).status_code == 400
    assert api.get("/crm/v3/objects/line_items", headers=AUTH).status_code == 400
    assert api.get("/properties/v2/contact/properties").status_code == 401


def test_a_search_shows_nothing_beyond_ten_thousand(api: Client) -> None:
    assert searched(api, "contacts", limit=200, after="9800").status_code == 200
    answer = searched(api, "contacts", limit=200, after="9801")
    assert (answer.status_code, answer.json["category"]) == (400, "VALIDATION_ERROR")
    assert searched(api, "contacts", limit=201).status_code == 400
    unknown = [{"filters": [{"propertyName": "email", "operator": "LIKE"}]}]
    assert searched(api, "contacts", filterGroups=unknown).status_code == 400


def test_a_search_pages_by_place(api: Client, world: World) -> None:
    first = searched(api, "companies", limit=20).json
    assert (first["total"], first["paging"]) == (world.count("hubspot", "company"), {"next": {"after": "20"}})
    last = searched(api, "companies", limit=20, after="20").json
    assert "paging" not in last
    assert len(first["results"]) + len(last["results"]) == first["total"]


def test_a_search_since_a_change_finds_that_change_alone(api: Client) -> None:
    first = listed(api, "deals")[0]["id"]
    answer = api.patch(f"/crm/v3/objects/deals/{first}", json={"properties": {"amount": "9"}}, headers=AUTH).json
    since = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": answer["updatedAt"]}
    assert answer["updatedAt"] == "2026-11-18T11:06:40.000Z"
    assert [record["id"] for record in searched(api, "deals", filterGroups=[{"filters": [since]}]).json["results"]] == [first]


def test_a_repeated_cursor_repeats(api: Client, held: Controls) -> None:
    held.faults.repeat_cursor = True
    answer = api.get("/crm/v3/objects/contacts?limit=5&after=10000100", headers=AUTH).json
    assert answer["paging"]["next"]["after"] == "10000100"
    assert searched(api, "contacts", limit=5, after="20").json["paging"]["next"]["after"] == "20"


def test_limits_have_their_own_body_and_searches_no_headers(world: World) -> None:
    api: Client = application(STANDIN, world, controls(lambda: NOW)).test_client()
    answers = [searched(api, "contacts", limit=1) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5].json["policyName"] == "SECONDLY"
    assert "Retry-After" not in answers[5].headers
    assert not [name for name in answers[0].headers.keys() if name.startswith("X-HubSpot-RateLimit")]  # noqa: SIM118  # werkzeug's headers iterate over pairs
    lists = [api.get("/crm/v3/objects/contacts?limit=1", headers=AUTH) for _ in range(111)]
    assert [lists[place].headers["X-HubSpot-RateLimit-Remaining"] for place in (0, 109)] == ["109", "0"]
    assert lists[110].json["policyName"] == "TEN_SECONDLY_ROLLING"


def test_associations_agree_between_lists_and_batches_in_every_direction(api: Client) -> None:
    pairs: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for name in NAMES:
        inputs = [{"id": record["id"]} for record in listed(api, name)]
        for to in NAMES:
            if name == to:
                continue
            path = f"/crm/v4/associations/{name}/{to}/batch/read"
            found = api.post(path, json={"inputs": inputs}, headers=AUTH).json["results"]
            pairs[name, to] = {(one["from"]["id"], str(other["toObjectId"])) for one in found for other in one["to"]}
    for name, to in (("contacts", "companies"), ("deals", "contacts"), ("deals", "companies"), ("tickets", "contacts")):
        assert pairs[name, to]
        assert pairs[name, to] == {(one, other) for other, one in pairs[to, name]}


def test_a_merge_moves_the_losers_links_to_the_winner(api: Client, held: Controls) -> None:
    told: list[Any] = []
    held.listen(told.append)
    linked = [one for one in listed(api, "contacts", "limit=100&associations=deals") if "associations" in one]
    winner, loser = linked[0], linked[1]
    body = {"primaryObjectId": winner["id"], "objectIdToMerge": loser["id"]}
    api.post("/crm/v3/objects/contacts/merge", json=body, headers=AUTH)
    path = f"/crm/v4/objects/contacts/{winner['id']}/associations/deals"
    found = {str(one["toObjectId"]) for one in api.get(path, headers=AUTH).json["results"]}
    before = [one["associations"]["deals"]["results"] for one in (winner, loser)]
    assert found == {other["id"] for others in before for other in others}
    assert api.get(f"/crm/v3/objects/contacts/{loser['id']}", headers=AUTH).status_code == 404
    assert [(change.kind, change.loser) for change in told] == [("merged", int(loser["id"]))]


def test_the_control_door_changes_deletes_restores_and_merges(api: Client) -> None:
    one, two = [record["id"] for record in listed(api, "contacts")[:2]]
    done = [
        api.post("/__sandbox/change", json={"object": "contacts", "id": one, "fields": {"firstname": "Nova"}}),
        api.post("/__sandbox/delete", json={"object": "contacts", "id": two}),
        api.post("/__sandbox/restore", json={"object": "contacts", "id": two}),
        api.post("/__sandbox/merge", json={"object": "contacts", "id": one, "loser": two}),
        api.post("/__sandbox/create", json={"object": "contacts", "fields": {"email": "a@b.example"}}),
    ]
    assert [(answer.status_code, answer.json["state"]) for answer in done] == [
        (200, "live"),
        (200, "archived"),
        (200, "live"),
        (200, "live"),
        (201, "live"),
    ]
    assert api.get(f"/crm/v3/objects/contacts/{one}", headers=AUTH).json["properties"]["firstname"] == "Nova"
    wrong = [
        api.post("/__sandbox/delete", json={"object": "contacts", "id": two}),
        api.post("/__sandbox/delete", json={"object": "people", "id": one}),
        api.post("/__sandbox/delete", json={"object": "contacts"}),
        api.post("/__sandbox/faults", json={"no_such_fault": 1}),
    ]
    assert [answer.status_code for answer in wrong] == [404, 404, 400, 400]


def test_the_published_signature_of_version_1() -> None:
    # https://developers.hubspot.com/docs/guides/apps/authentication/validating-requests
    body = (
        b'[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,'
        b'"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM",'
        b'"changeFlag":"NEW","appId":54321}]'
    )
    expected = "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de"
    assert signature_v1("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy", body) == expected


def test_version_3_signs_the_decoded_address() -> None:
    signed = b"POSThttps://hub.example/a%20b?to=x@y.example/1" + b"[]" + b"1795000000000"
    expected = b64encode(hmac.new(b"key", signed, sha256).digest()).decode()
    assert signature_v3("key", "https://hub.example/a%20b?to=x%40y.example%2f1", b"[]", "1795000000000") == expected


class Sender:
    def __init__(self) -> None:
        self.sent: list[Delivery] = []

    def send(self, delivery: Delivery) -> None:
        self.sent.append(delivery)


def test_a_change_of_many_properties_is_pushed_in_arrays_of_a_hundred(api: Client, held: Controls) -> None:
    held.sender = Sender()  # type: ignore[assignment]  # keeps instead of sending
    api.post("/__sandbox/push", json={"url": "https://hub.example/in", "secret": "key"})
    one = listed(api, "contacts")[0]["id"]
    fields = {f"custom_{number}": str(number) for number in range(130)}
    api.post("/__sandbox/change", json={"object": "contacts", "id": one, "fields": fields})
    api.delete(f"/crm/v3/objects/contacts/{one}", headers=AUTH)
    sent: list[Delivery] = held.sender.sent  # type: ignore[attr-defined]  # as above
    events = [json.loads(delivery.body(1)) for delivery in sent]
    assert [len(part) for part in events] == [100, 30, 1]
    assert {event["attemptNumber"] for part in events for event in part} == {1}
    assert len({event["eventId"] for part in events for event in part}) == 131
    assert events[2][0]["subscriptionType"] == "contact.deletion"
    headers = sent[2].headers(sent[2].body(0))
    assert headers["X-HubSpot-Request-Timestamp"] == str(held.clock.now())


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda api: api.get("/crm/v3/objects/contacts"), 401),
        (lambda api: api.get("/crm/v3/objects/contacts", headers={"Authorization": "Bearer guess"}), 401),
        (lambda api: api.get("/crm/v3/objects/contacts/7", headers=AUTH), 404),
        (lambda api: api.get("/crm/v3/objects/things", headers=AUTH), 400),
        (lambda api: api.get("/crm/v3/objects/contacts?limit=101", headers=AUTH), 400),
        (lambda api: api.get("/oauth/authorize?client_id=stranger&redirect_uri=https://x.example"), 400),
        (lambda api: api.post("/oauth/v1/token", data={"grant_type": "password"}), 400),
    ],
)
def test_mistakes_have_the_systems_status(api: Client, ask: Callable[[Client], Any], status: int) -> None:
    answer = ask(api)
    assert answer.status_code == status
    if status != 400:
        assert {"status", "message", "correlationId", "category"} <= set(answer.json)
