"""The stand-in for Pega: who is let in, how data views page, filter, sort and refuse, and how much there is."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from connectors.pega.sandbox import STANDIN
from hub.sandbox.oauth import challenge_of
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World, record_id

NOW = 1_795_000_000
WORLD = World(300)
VIEWS, OAUTH, BACK = "/prweb/api/application/v2/data_views", "/prweb/PRRestService/oauth2/v1", "https://hub.example/back"
BY_CREATION = [{"field": "pxCreateDateTime", "type": "ASC"}, {"field": "pzInsKey", "type": "ASC"}]
TYPES = {"Service": "ticket", "Opportunity": "deal", "Purchase": "order", "Lead": "lead"}


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: NOW)
    made.faults.limits = False
    return made


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def token(client: FlaskClient, **changed: str) -> Any:
    sent = {"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "sandbox-secret", **changed}
    return client.post(f"{OAUTH}/token", data=sent)


def allowed(client: FlaskClient, verifier: str = "v" * 43) -> str:
    """The code with which somebody who pressed Allow is sent back."""
    said = {"client_id": "sandbox-client", "redirect_uri": BACK, "response_type": "code", "scope": "openid", "state": "s"}
    proof = {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    assert client.get(f"{OAUTH}/authorize", query_string=said | proof).status_code == 200
    answer = client.post(f"{OAUTH}/authorize", data={**said, **proof, "decision": "allow"})
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s"]
    return back["code"][0]


def exchanged(client: FlaskClient, code: str, verifier: str = "v" * 43) -> Any:
    return token(client, grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=verifier)


def asked(client: FlaskClient, view: str = "D_HubCases", **body: Any) -> Any:
    access = token(client).json["access_token"]
    return client.post(f"{VIEWS}/{view}", json=body, headers={"Authorization": f"Bearer {access}"})


def bearing(given: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {given['access_token']}"}


def everything(client: FlaskClient, view: str = "D_HubCases") -> list[Any]:
    return list(asked(client, view).json["data"])


def since(field: str, value: str, comparator: str = "GTE") -> dict[str, Any]:
    return {
        "filterConditions": {"F1": {"lhs": {"field": field}, "comparator": comparator, "rhs": {"value": value}}},
        "logic": "F1",
    }


def test_client_credentials_give_a_token_for_an_hour_and_no_more() -> None:
    given = token(application(STANDIN, WORLD, controls(lambda: NOW)).test_client())
    assert given.status_code == 200
    assert {name: given.json[name] for name in ("token_type", "expires_in")} == {"token_type": "bearer", "expires_in": 3600}
    assert set(given.json) == {"access_token", "token_type", "expires_in"}


def test_a_code_gives_tokens_once_and_to_nobody_who_did_not_ask_for_it(client: FlaskClient) -> None:
    assert exchanged(client, allowed(client), verifier="w" * 43).status_code == 400
    code = allowed(client)
    given = exchanged(client, code).json
    assert set(given) == {"access_token", "refresh_token", "token_type", "expires_in"}
    told = client.get(f"{VIEWS}/D_HubCases/metadata", headers=bearing(given)).json
    assert told is not None
    assert told["classID"] == "CICLO-CRM-Work"
    assert exchanged(client, code).status_code == 400


def test_a_refresh_token_gives_another_access_token_until_the_grant_is_ended(client: FlaskClient) -> None:
    first = exchanged(client, allowed(client)).json
    again = token(client, grant_type="refresh_token", refresh_token=first["refresh_token"]).json
    assert client.get(f"{VIEWS}/D_HubCases/metadata", headers=bearing(again)).status_code == 200
    ended = {"token": first["refresh_token"], "token_type_hint": "refresh_token"}
    assert client.post(f"{OAUTH}/revoke", data=ended, auth=("sandbox-client", "guessed")).status_code == 401
    assert client.post(f"{OAUTH}/revoke", data=ended, auth=("sandbox-client", "sandbox-secret")).status_code == 200
    assert client.get(f"{VIEWS}/D_HubCases/metadata", headers=bearing(again)).status_code == 401
    assert token(client, grant_type="refresh_token", refresh_token=first["refresh_token"]).status_code == 400


def test_a_wrong_secret_or_no_token_lets_nobody_in(client: FlaskClient) -> None:
    assert token(client, client_secret="guessed").status_code == 401
    assert client.post(f"{VIEWS}/D_HubCases", json={}).status_code == 401
    assert client.get(f"{VIEWS}/D_HubCases/metadata").status_code == 401


def test_pages_with_a_number_tell_nothing_of_those_after_them(client: FlaskClient) -> None:
    page = asked(client, query={"sortBy": BY_CREATION}, paging={"pageNumber": 1, "pageSize": 20}).json
    assert (page["pageNumber"], page["pageSize"], len(page["data"])) == (1, 20, 20)
    assert "hasMoreResults" not in page


def test_pages_together_are_all_cases_each_once_in_the_order_of_creation(client: FlaskClient) -> None:
    keys, made = [], []
    for number in range(1, 50):
        page = asked(client, query={"sortBy": BY_CREATION}, paging={"pageNumber": number, "pageSize": 100}).json["data"]
        keys += [row["pzInsKey"] for row in page]
        made += [row["pxCreateDateTime"] for row in page]
    assert sorted(keys) == sorted(row["pzInsKey"] for row in everything(client))
    assert len(set(keys)) == len(keys)
    assert made == sorted(made)


def test_what_changed_since_is_what_has_that_time_or_a_later_one(client: FlaskClient) -> None:
    times = sorted(row["pxUpdateDateTime"] for row in everything(client))
    found = asked(client, query={"filter": since("pxUpdateDateTime", times[-7])}).json["data"]
    assert sorted(row["pxUpdateDateTime"] for row in found) == times[-7:]


def test_a_person_who_is_called_otherwise_changes_their_cases(client: FlaskClient, held: Controls) -> None:
    index = next(number for number in range(300) if WORLD.knows("pega", number))
    held.collections["Data-Party-Person"].change(record_id("contact", index), {"pyLastName": "Novinski"})
    theirs = [row for row in everything(client) if row["pyWorkParty"].get("Customer", {}).get("pyLastName") == "Novinski"]
    assert theirs
    assert {row["pyWorkParty"]["Customer"]["pyWorkPartyUri"] for row in theirs} == {STANDIN.contact_id(index)}
    newest = max(row["pxUpdateDateTime"] for row in everything(client))
    assert {row["pxUpdateDateTime"] for row in theirs} == {newest}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"paging": {"pageNumber": 1, "maxResultsToFetch": 5}}, 400),
        ({"paging": {"pageNumber": 1, "pageSize": 5001}}, 400),
        ({"paging": {"pageNumber": 0}}, 400),
        ({"paging": {"page": 1}}, 400),
        ({"where": {}}, 400),
        ({"query": {"orderBy": []}}, 400),
        ({"query": {"sortBy": [{"field": "Nothing", "type": "ASC"}]}}, 400),
        ({"query": {"filter": since("pzInsKey", "CICLO-CRM-WORK S-1")}}, 400),
        ({"query": {"filter": since("pyResolvedTimestamp", "2025-01-01T00:00:00.000Z")}}, 400),
        ({"query": {"filter": since("pxUpdateDateTime", "yesterday")}}, 400),
        ({"query": {"filter": since("pxUpdateDateTime", "2025-01-01T00:00:00.000Z", "AFTER")}}, 400),
    ],
)
def test_what_pega_does_not_know_it_refuses(client: FlaskClient, body: dict[str, Any], status: int) -> None:
    refused = asked(client, **body)
    assert refused.status_code == status
    assert set(refused.json) == {"errorClassification", "localizedValue", "errorDetails"}


def test_a_data_view_is_named_to_the_letter(client: FlaskClient) -> None:
    assert asked(client, "d_hubcases").status_code == 404
    assert asked(client, "d_hubcases").json["localizedValue"] == "Dataview not found"


def test_what_was_deleted_is_nowhere(client: FlaskClient, held: Controls) -> None:
    gone = everything(client)[0]["pzInsKey"]
    name = everything(client)[0]["pxObjClass"]
    held.delete(held.collections[name], held.identity(name, gone))
    assert gone not in [row["pzInsKey"] for row in everything(client)]


def test_there_is_as_much_as_the_truth_says(client: FlaskClient) -> None:
    rows, truth = everything(client), STANDIN.truth(WORLD)
    parties = {(party["pxObjClass"], party["pyWorkPartyUri"]) for row in rows for party in row["pyWorkParty"].values()}
    counted = {kind: sum(row["pxObjClass"].endswith(f"-{name}") for row in rows) for name, kind in TYPES.items()}
    for kind, name in (("contact", "Person"), ("company", "Com"), ("owner", "Operator")):
        counted[kind] = sum(each == f"Data-Party-{name}" for each, _ in parties)
    assert {**counted, "activity": len(everything(client, "D_HubPosts"))} == truth
