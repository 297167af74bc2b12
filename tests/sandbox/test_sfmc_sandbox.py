"""The stand-in for Marketing Cloud: tokens, rows and their pages, filters."""

from datetime import datetime, timedelta
from operator import eq, ge, lt
from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.sfmc.sandbox import STANDIN
from connectors.sfmc.sandbox_records import EXTENSIONS, central, number_of
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World

NOW = 1_795_000_000
WORLD = World(400)
MID, SUBDOMAIN = 510001234, "mcsandbox0000000000000000000"
CLIENT = {"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "sandbox-secret"}


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: NOW)
    made.faults.limits = False
    return made


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def key(client: FlaskClient, **more: Any) -> dict[str, str]:
    answer: Any = client.post("/v2/token", json={**CLIENT, **more}).json
    return {"Authorization": f"Bearer {answer['access_token']}"}


def got(client: FlaskClient, path: str, **query: Any) -> Any:
    return client.get(path, query_string={f"${name}": said for name, said in query.items()}, headers=key(client)).json


def rowset(client: FlaskClient, name: str, **query: Any) -> list[dict[str, str]]:
    """All rows of a data extension, through all pages."""
    answer, found = got(client, f"/data/v1/customobjectdata/key/{name}/rowset", **query), []
    while True:
        found += [{**item["keys"], **item["values"]} for item in answer.get("items", [])]
        if "next" not in answer["links"]:
            return found
        answer = client.get(f"/data{answer['links']['next']}", headers=key(client)).json


def test_a_subdomain_is_as_long_as_those_of_tenants() -> None:
    assert len(SUBDOMAIN) == 28
    assert STANDIN.answers == {"subdomain": SUBDOMAIN}


def test_a_token_tells_where_the_apis_are_and_lasts_eighteen_minutes(client: FlaskClient, held: Controls) -> None:
    told: Any = client.post("/v2/token", json={**CLIENT, "account_id": str(MID)}).json
    assert told.pop("access_token").startswith("eyJ")
    assert told == {
        "token_type": "Bearer",
        "expires_in": 1079,
        "scope": "data_extensions_read list_and_subscribers_read journeys_read",
        "rest_instance_url": f"https://{SUBDOMAIN}.rest.marketingcloudapis.com/",
        "soap_instance_url": f"https://{SUBDOMAIN}.soap.marketingcloudapis.com/",
    }
    opened = key(client)
    whose = {"enterprise": {"id": 510000001}, "organization": {"id": MID}, "user": {"id": MID + 1}}
    assert client.get("/platform/v1/tokenContext", headers=opened).json == whose
    assert held.server is not None
    assert held.server.expire() == 2
    late: Any = client.get("/platform/v1/tokenContext", headers=opened)
    assert (late.status_code, late.json["errorcode"], late.json["message"]) == (401, 0, "Not Authorized")


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({"json": {**CLIENT, "client_secret": "wrong"}}, 401, "invalid_client"),
        ({"json": {**CLIENT, "grant_type": "password"}}, 400, "unsupported_grant_type"),
        ({"json": {**CLIENT, "account_id": "1"}}, 400, "invalid_request"),
        ({"data": CLIENT}, 400, "invalid_request"),
    ],
)
def test_a_token_request_that_is_wrong_is_refused(client: FlaskClient, sent: dict[str, Any], status: int, error: str) -> None:
    answer: Any = client.post("/v2/token", **sent)
    assert (answer.status_code, answer.json["error"]) == (status, error)


def test_there_are_as_many_rows_as_the_truth_has(client: FlaskClient) -> None:
    counted = {name: len(rowset(client, name)) for name in EXTENSIONS}
    truth = STANDIN.truth(WORLD)
    assert counted["Hub_Subscribers"] == truth["contact"] == truth["consent"] == 160
    assert sum(counted.values()) == 160 + truth["activity"]
    assert all(counted.values())


def test_pages_hold_every_row_once_and_the_last_one_leads_nowhere(client: FlaskClient) -> None:
    whole = rowset(client, "Hub_Subscribers")
    assert rowset(client, "Hub_Subscribers", pageSize=50) == whole
    first = got(client, "/data/v1/customobjectdata/key/Hub_Subscribers/rowset", pageSize=50)
    token = first["requestToken"]
    assert (first["count"], first["page"], first["pageSize"], len(first["items"])) == (160, 1, 50, 50)
    assert first["links"]["next"] == f"/v1/customobjectdata/token/{token}/rowset?$page=2"
    last = client.get(f"/data/v1/customobjectdata/token/{token}/rowset?$page=4", headers=key(client)).json
    assert (len(last["items"]), "next" in last["links"]) == (10, False)  # type: ignore[index]
    beyond: Any = client.get(f"/data/v1/customobjectdata/token/{token}/rowset?$page=5", headers=key(client)).json
    assert (beyond["count"], "items" in beyond) == (160, False)


def test_a_page_belongs_to_what_was_found_first_and_its_token_ends_after_a_day() -> None:
    moments = [NOW]
    made = controls(lambda: moments[-1])
    client = application(STANDIN, WORLD, made).test_client()
    first = got(client, "/data/v1/customobjectdata/key/Hub_Subscribers/rowset", pageSize=100)
    path = f"/data{first['links']['next']}"
    before = [item["keys"] for item in client.get(path, headers=key(client)).json["items"]]  # type: ignore[index]
    gone = first["items"][0]["keys"]["subscriberkey"]
    assert client.post("/__sandbox/delete", json={"object": "Hub_Subscribers", "id": gone}).status_code == 200
    assert [item["keys"] for item in client.get(path, headers=key(client)).json["items"]] == before  # type: ignore[index]
    assert gone not in {row["subscriberkey"] for row in rowset(client, "Hub_Subscribers")}
    again: Any = client.get(f"/data{first['links']['self']}", headers=key(client)).json
    assert [item["keys"]["subscriberkey"] for item in again["items"]] == [
        item["keys"]["subscriberkey"] for item in first["items"][1:]
    ]
    moments.append(NOW + 24 * 3600 + 1)
    assert client.get(path, headers=key(client)).status_code == 404


def test_no_row_means_no_list(client: FlaskClient) -> None:
    answer = got(client, "/data/v1/customobjectdata/key/Hub_Subscribers/rowset", filter="emailaddress eq 'nobody@x.example'")
    assert answer["count"] == 0
    assert "items" not in answer


def test_a_row_is_text_and_its_columns_are_lower_case(client: FlaskClient) -> None:
    row = got(client, "/data/v1/customobjectdata/key/Hub_Click/rowset", pageSize=1)["items"][0]
    assert list(row["keys"]) == ["jobid", "batchid", "subscriberkey", "eventdate"]
    assert list(row["values"]) == ["listid", "isunique", "url", "linkname", "emailname"]
    assert all(isinstance(said, str) for said in [*row["keys"].values(), *row["values"].values()])
    assert (row["values"]["isunique"], row["values"]["listid"]) == ("True", "77")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (1_771_948_805_000, "2/24/2026 10:00:05 AM"),
        (1_771_912_800_000, "2/24/2026 12:00:00 AM"),
        (1_782_756_000_999, "6/29/2026 12:00:00 PM"),
    ],
)
def test_times_are_those_of_the_servers_all_year(moment: int, shown: str) -> None:
    assert central(moment) == shown


def test_a_time_without_a_zone_is_the_servers_and_a_bound_may_be_included(client: FlaskClient) -> None:
    whole = rowset(client, "Hub_Sent", orderBy="EventDate asc")
    local = datetime.strptime(whole[7]["eventdate"], "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007  # it says no zone
    after, zoned = local + timedelta(hours=1), local + timedelta(hours=7)
    for moment in (after.isoformat(), f"{zoned.isoformat()}Z"):
        assert rowset(client, "Hub_Sent", orderBy="EventDate asc", filter=f"EventDate gte '{moment}'") == whole[8:]
    job = int(whole[7]["jobid"])
    for operator, compared in (("gte", ge), ("lt", lt), ("eq", eq)):
        found = rowset(client, "Hub_Sent", orderBy="EventDate asc", filter=f"JobID {operator} '{job}'")
        assert found == [row for row in whole if compared(int(row["jobid"]), job)]


def test_rows_are_narrowed_by_time_and_sorted(client: FlaskClient) -> None:
    whole = rowset(client, "Hub_Sent", orderBy="EventDate asc")
    assert rowset(client, "Hub_Sent", orderBy="EventDate desc") == whole[::-1]
    late = [row for row in whole if int(row["eventdate"].split(" ")[0].split("/")[2]) >= 2026]
    assert 0 < len(late) < len(whole)
    assert rowset(client, "Hub_Sent", orderBy="EventDate asc", filter="EventDate gte '2026-01-01'") == late
    zoned = rowset(client, "Hub_Sent", orderBy="EventDate asc", filter="EventDate gte '2026-01-01T06:00:00Z'")
    assert zoned == late
    between = "EventDate between '2025-01-01' and '2026-01-01' and JobID gt '4100'"
    found = rowset(client, "Hub_Sent", filter=between)
    assert found
    assert all(row["eventdate"].split(" ")[0].endswith("2025") and int(row["jobid"]) > 4100 for row in found)
    assert len(found) < len(whole) - len(late)
    assert rowset(client, "Hub_Sent", filter="EventDate gt '2999-01-01'") == []


def test_a_quote_in_a_value_is_doubled(client: FlaskClient) -> None:
    one = rowset(client, "Hub_Subscribers")[3]["subscriberkey"]
    client.post("/__sandbox/change", json={"object": "Hub_Subscribers", "id": one, "fields": {"lastname": "O'Neil"}})
    assert [row["lastname"] for row in rowset(client, "Hub_Subscribers", filter="LastName eq 'o''neil'")] == ["O'Neil"]


def test_a_status_follows_from_what_happened(client: FlaskClient) -> None:
    people = {row["subscriberkey"]: row for row in rowset(client, "Hub_Subscribers")}
    left = {row["subscriberkey"]: row for row in rowset(client, "Hub_Unsubscribe")}
    assert {found for found, row in people.items() if row["status"] == "Unsubscribed"} == set(left)
    assert all(people[found]["dateunsubscribed"] == row["eventdate"] for found, row in left.items())
    bounced = {row["subscriberkey"] for row in rowset(client, "Hub_Bounce")}
    assert {found for found, row in people.items() if row["status"] == "Bounced"} == bounced - set(left)
    assert {row["dateunsubscribed"] for row in people.values() if row["status"] == "Active"} == {""}


def test_opens_and_clicks_are_of_messages_that_were_sent_before(client: FlaskClient) -> None:
    def of(name: str) -> set[tuple[str, str, str]]:
        return {(row["jobid"], row["batchid"], row["subscriberkey"]) for row in rowset(client, name)}

    assert of("Hub_Click") < of("Hub_Open") < of("Hub_Sent")
    assert of("Hub_Bounce") < of("Hub_Sent")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"filter": "Invented eq 'a'"}, 400),
        ({"filter": "EventDate since '2024-01-01'"}, 400),
        ({"filter": "EventDate gt 'soon'"}, 400),
        ({"filter": "EventDate between '2024-01-01'"}, 400),
        ({"filter": "JobID gt 'many'"}, 400),
        ({"filter": "EventDate gt 2024-01-01"}, 400),
        ({"orderBy": "Invented asc"}, 400),
        ({"pageSize": 2501}, 400),
    ],
)
def test_what_it_cannot_find_by_is_refused(client: FlaskClient, query: dict[str, Any], status: int) -> None:
    told = {f"${name}": said for name, said in query.items()}
    answer: Any = client.get("/data/v1/customobjectdata/key/Hub_Sent/rowset", query_string=told, headers=key(client))
    assert (answer.status_code, answer.json["errorcode"]) == (status, 10001)


def test_a_data_extension_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    answer = got(client, "/data/v1/customobjectdata/key/Other/rowset")
    assert (answer["errorcode"], answer["message"]) == (404, "Not Found")


def test_who_entered_a_journey_is_told_with_its_name(client: FlaskClient) -> None:
    entered = rowset(client, "Hub_JourneyEntry")
    assert {row["journeyname"] for row in entered} == {"Welcome", "Renewal"}
    assert {row["contactkey"] for row in entered} <= {row["subscriberkey"] for row in rowset(client, "Hub_Subscribers")}


def test_more_than_so_many_requests_a_minute_are_refused(client: FlaskClient, held: Controls) -> None:
    opened = key(client)
    held.faults.limit_next = 1
    answer: Any = client.get("/platform/v1/tokenContext", headers=opened)
    assert (answer.status_code, answer.json["errorcode"], answer.json["message"]) == (429, 50200, "Rate limit exceeded")
    assert client.get("/platform/v1/tokenContext", headers=opened).status_code == 200


def test_a_contact_key_is_a_persons_and_reads_back_as_their_number() -> None:
    assert (STANDIN.contact_id(4), number_of("Hub_Subscribers", "CICLO-10000005")) == ("CICLO-10000005", 10_000_005)
