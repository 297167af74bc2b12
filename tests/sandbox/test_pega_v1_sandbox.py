"""The stand-in for Pega's API v1: who is let in, what data pages list, how they write it, and how much there is."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.pega.sandbox import STANDIN as V2
from connectors.pega_v1.sandbox import LOGIN, STANDIN
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World, record_id

NOW = 1_795_000_000
WORLD = World(900)
BASE = "/prweb/api/v1"
OPERATOR, PASSWORD = LOGIN.split(":")
TYPES = {"Service": "ticket", "Opportunity": "deal", "Purchase": "order", "Lead": "lead"}


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: NOW)
    made.faults.limits = False
    return made


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def got(client: FlaskClient, path: str, **parameters: str) -> Any:
    return client.get(f"{BASE}/{path}", query_string=parameters, auth=(OPERATOR, PASSWORD))


def walked(client: FlaskClient, page: str = "D_HubCases", moment: str = "pxUpdateDateTime") -> list[Any]:
    """Every row, each page from the last moment of the one before."""
    rows: dict[str, Any] = {}
    since = ""
    while (found := got(client, f"data/{page}", **({"Since": since} if since else {})).json["pxResults"])[-1][moment] != since:
        rows |= {row["pzInsKey"]: row for row in found}
        since = found[-1][moment]
    return list(rows.values())


def test_an_operator_is_let_in_by_basic_and_a_client_by_a_token(client: FlaskClient) -> None:
    assert got(client, "authenticate").status_code == 200
    assert got(client, "authenticate").data == b""
    sent = {"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    access = client.post("/prweb/PRRestService/oauth2/v1/token", data=sent).json
    assert access is not None
    bearing = {"Authorization": f"Bearer {access['access_token']}"}
    assert client.get(f"{BASE}/data/D_HubCases/metadata", headers=bearing).status_code == 200


def test_nobody_else_is(client: FlaskClient) -> None:
    assert client.get(f"{BASE}/authenticate").status_code == 401
    assert client.get(f"{BASE}/authenticate", auth=(OPERATOR, "guessed")).status_code == 401
    refused = client.get(f"{BASE}/data/D_HubCases", headers={"Authorization": "Bearer guessed"})
    assert refused.status_code == 401
    assert refused.json is not None
    assert refused.json["errors"][0]["pxObjClass"] == "Pega-API-Error"


def test_who_asks_too_often_is_told_so(client: FlaskClient, held: Controls) -> None:
    held.faults.limit_next = 1
    assert got(client, "authenticate").status_code == 429
    assert got(client, "authenticate").status_code == 200


def test_a_data_page_says_of_which_class_it_is_and_what_it_can_be_asked(client: FlaskClient) -> None:
    told = got(client, "data/D_HubCases/metadata").json
    assert (told["dataTypeID"], told["ID"], told["structure"]) == ("CICLO-CRM-Work", "D_HubCases", "list")
    assert [one["name"] for one in told["parameters"]] == ["Since"]


def test_a_data_page_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    for path in ("data/d_hubcases", "data/d_hubcases/metadata"):
        refused = got(client, path)
        assert refused.status_code == 404
        assert refused.json["pxObjClass"] == "Pega-API"


def test_a_list_ends_where_its_report_ends_with_the_oldest_first(client: FlaskClient) -> None:
    page = got(client, "data/D_HubCases").json
    moments = [row["pxUpdateDateTime"] for row in page["pxResults"]]
    assert (page["pxObjClass"], page["pxResultCount"], len(moments)) == ("Code-Pega-List", "500", 500)
    assert moments == sorted(moments)
    assert len(walked(client)) > 500


def test_since_leaves_what_has_that_time_or_a_later_one(client: FlaskClient) -> None:
    times = sorted(row["pxUpdateDateTime"] for row in walked(client))
    found = got(client, "data/D_HubCases", Since=times[-7]).json["pxResults"]
    assert [row["pxUpdateDateTime"] for row in found] == times[-7:]
    assert got(client, "data/D_HubCases", Since="29990101T000000.000 GMT").json["pxResults"] == []
    assert got(client, "data/D_HubCases", Since="2025-01-01").status_code == 400


def test_parameters_that_a_data_page_does_not_have_change_nothing(client: FlaskClient) -> None:
    assert got(client, "data/D_HubCases", Until="tomorrow").json == got(client, "data/D_HubCases").json


def values(row: Any) -> list[Any]:
    return [found for held in row.values() for found in (values(held) if isinstance(held, dict) else [held])]


def test_all_is_text_nothing_is_null_and_moments_and_days_have_pegas_own_form(client: FlaskClient) -> None:
    rows = got(client, "data/D_HubCases").json["pxResults"]
    assert {type(value) for row in rows for value in values(row)} == {str}
    assert all(row["pxCreateDateTime"].endswith(" GMT") for row in rows)
    assert {row["pxUrgencyWork"] for row in rows} == {"10"}
    closing = [row["CloseDate"] for row in rows if "CloseDate" in row]
    assert {len(day) for day in closing if day.isdecimal()} == {8} == {len(day) for day in closing}


def test_a_person_who_is_called_otherwise_changes_their_cases(client: FlaskClient, held: Controls) -> None:
    index = next(number for number in range(900) if WORLD.knows("pega_v1", number))
    held.collections["Data-Party-Person"].change(record_id("contact", index), {"pyLastName": "Novinski"})
    theirs = [row for row in walked(client) if row["pyWorkParty"].get("Customer", {}).get("pyLastName") == "Novinski"]
    assert {row["pyWorkParty"]["Customer"]["pyWorkPartyUri"] for row in theirs} == {STANDIN.contact_id(index)}
    newest = max(row["pxUpdateDateTime"] for row in walked(client))
    assert {row["pxUpdateDateTime"] for row in theirs} == {newest}


def test_there_is_as_much_as_the_truth_says_which_is_not_that_of_another_pega(client: FlaskClient) -> None:
    rows, truth = walked(client), STANDIN.truth(WORLD)
    parties = {(party["pxObjClass"], party["pyWorkPartyUri"]) for row in rows for party in row["pyWorkParty"].values()}
    counted = {kind: sum(row["pxObjClass"].endswith(f"-{name}") for row in rows) for name, kind in TYPES.items()}
    for kind, name in (("contact", "Person"), ("company", "Com"), ("owner", "Operator")):
        counted[kind] = sum(each == f"Data-Party-{name}" for each, _ in parties)
    assert {**counted, "activity": len(walked(client, "D_HubPosts", "pxCreateDateTime"))} == truth
    assert truth != V2.truth(WORLD)
