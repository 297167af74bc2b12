"""HubSpot's own client (hubspot-api-client) judges the HubSpot stand-in."""

import json
from collections.abc import Callable
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.contacts import (
    BatchReadInputSimplePublicObjectId,
    PublicGdprDeleteInput,
    PublicMergeInput,
    PublicObjectSearchRequest,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.contacts.exceptions import ApiException
from hubspot.crm.deals.exceptions import ApiException as DealsException
from hubspot.oauth.exceptions import ApiException as OauthException
from hubspot.utils.signature import Signature

from hub.sandbox.world import Kind, World, record_id

pytestmark = pytest.mark.vendors

KINDS: dict[str, Kind] = {"contacts": "contact", "companies": "company", "deals": "deal", "tickets": "ticket"}
REDIRECT = "https://hub.example/oauth/callback/hubspot"
SCOPE = "oauth crm.objects.contacts.read crm.objects.contacts.write"
ASKED = {"client_id": "sandbox-client", "redirect_uri": REDIRECT, "scope": SCOPE, "state": "s1"}
CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}


@pytest.fixture
def connect(proxy: str, authority: tuple[Path, Path]) -> Callable[[str], Any]:
    return lambda token: HubSpot(access_token=token, proxy=proxy, ssl_ca_cert=str(authority[0]))


@pytest.fixture
def client(connect: Callable[[str], Any]) -> Any:
    return connect("pat-na1-sandbox")


@pytest.mark.parametrize("name", KINDS)
def test_lists_every_record_of_an_object_once(client: Any, world: World, name: str) -> None:
    found = [record.id for record in getattr(client.crm, name).get_all()]
    truth = [str(record_id(KINDS[name], *key)) for key in world.keys("hubspot", KINDS[name])]
    assert found == truth


@pytest.mark.parametrize("name", KINDS)
def test_searches_walk_by_ascending_id_to_the_end(client: Any, world: World, name: str) -> None:
    found: list[str] = []
    while True:
        after = {"propertyName": "hs_object_id", "operator": "GT", "value": found[-1] if found else "0"}
        sorts = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
        request = PublicObjectSearchRequest(filter_groups=[{"filters": [after]}], sorts=sorts, limit=50)
        page = getattr(client.crm, name).search_api.do_search(request)
        assert page.total == world.count("hubspot", KINDS[name]) - len(found)
        if not page.results:
            break
        found += [record.id for record in page.results]
    assert len(set(found)) == len(found) == world.count("hubspot", KINDS[name])


def test_owners_and_pipelines_have_the_types_the_client_wants(client: Any) -> None:
    owners = client.crm.owners.get_all()
    assert len(owners) == 12
    assert owners[0].user_id == int(owners[0].id) - 25_000_000
    stages = client.crm.pipelines.pipelines_api.get_all("deals").results[0].stages
    assert {stage.id: stage.metadata["isClosed"] for stage in stages}["1072359814"] == "false"
    states = [stage.metadata["ticketState"] for stage in client.crm.pipelines.pipelines_api.get_all("tickets").results[0].stages]
    assert states == ["OPEN", "OPEN", "OPEN", "CLOSED"]


def test_a_contact_is_created_read_by_address_changed_and_archived(client: Any, world: World) -> None:
    api = client.crm.contacts.basic_api
    made = api.create(SimplePublicObjectInputForCreate(properties={"email": "Nova@firma.example", "firstname": "Nova"}))
    assert api.get_by_id("nova@firma.example", id_property="email").id == made.id
    api.update(made.id, SimplePublicObjectInput(properties={"lastname": "Silva"}))
    changed = api.get_by_id(made.id, properties=["lastname"])
    assert changed.properties["lastname"] == "Silva"
    assert changed.updated_at > made.updated_at
    api.archive(made.id)
    assert [record.id for record in api.get_page(archived=True).results] == [made.id]
    with pytest.raises(ApiException) as gone:
        api.get_by_id(made.id)
    assert gone.value.status == 404
    assert len(client.crm.contacts.get_all()) == world.count("hubspot", "contact")


def test_a_merge_leaves_the_winner_with_both_companies_and_no_loser(client: Any, world: World) -> None:
    winner, loser = [record.id for record in client.crm.contacts.basic_api.get_page(limit=2).results]
    client.crm.contacts.basic_api.merge(PublicMergeInput(primary_object_id=winner, object_id_to_merge=loser))
    kept = client.crm.contacts.basic_api.get_by_id(winner, properties=["hs_merged_object_ids"])
    assert kept.properties["hs_merged_object_ids"] == loser
    with pytest.raises(ApiException) as gone:
        client.crm.contacts.basic_api.get_by_id(loser)
    assert gone.value.status == 404
    assert len(client.crm.contacts.get_all()) == world.count("hubspot", "contact") - 1


def test_a_privacy_deletion_leaves_nothing(client: Any) -> None:
    first = client.crm.contacts.basic_api.get_page(limit=1).results[0].id
    client.crm.contacts.basic_api.purge(PublicGdprDeleteInput(object_id=first))
    assert client.crm.contacts.basic_api.get_page(archived=True).results == []
    with pytest.raises(ApiException) as gone:
        client.crm.contacts.basic_api.get_by_id(first)
    assert gone.value.status == 404


def test_a_batch_with_a_missing_id_answers_in_part(client: Any) -> None:
    known = client.crm.contacts.basic_api.get_page(limit=1).results[0].id
    wanted = BatchReadInputSimplePublicObjectId(
        inputs=[{"id": known}, {"id": "7"}], properties=["email"], properties_with_history=[]
    )
    answer = client.crm.contacts.batch_api.read(wanted)
    assert ([record.id for record in answer.results], answer.num_errors) == ([known], 1)
    assert answer.errors[0].context == {"ids": ["7"]}


def test_associations_agree_in_both_directions(client: Any) -> None:
    inputs = [{"id": record.id} for record in client.crm.deals.get_all()]
    request = BatchInputPublicFetchAssociationsBatchRequest(inputs=inputs)
    answer = client.crm.associations.v4.batch_api.get_page("deals", "contacts", request)
    pairs = {(str(entry._from.id), str(other.to_object_id)) for entry in answer.results for other in entry.to}
    assert pairs
    for deal, contact in sorted(pairs)[:5]:
        back = client.crm.associations.v4.basic_api.get_page("contacts", contact, "deals").results
        assert deal in [str(other.to_object_id) for other in back]


def test_the_client_exchanges_a_code_once_and_refreshes_without_rotation(
    connect: Callable[[str], Any], allow: Callable[[str, str, dict[str, str]], str], world: World
) -> None:
    tokens = connect("none").oauth.tokens_api
    code = allow("hubspot", "/oauth/authorize", ASKED)
    with pytest.raises(OauthException) as elsewhere:
        tokens.create(grant_type="authorization_code", code=code, redirect_uri=REDIRECT + "/", **CLIENT)
    assert json.loads(elsewhere.value.body)["status"] == "BAD_REDIRECT_URI"
    code = allow("hubspot", "/oauth/authorize", ASKED)
    pair = tokens.create(grant_type="authorization_code", code=code, redirect_uri=REDIRECT, **CLIENT)
    assert (pair.token_type, pair.expires_in) == ("bearer", 1800)
    with pytest.raises(OauthException) as again:
        tokens.create(grant_type="authorization_code", code=code, redirect_uri=REDIRECT, **CLIENT)
    assert json.loads(again.value.body)["status"] == "BAD_AUTH_CODE"
    fresh = tokens.create(grant_type="refresh_token", refresh_token=pair.refresh_token, **CLIENT)
    assert fresh.refresh_token == pair.refresh_token
    assert fresh.access_token != pair.access_token
    signed_in = connect(fresh.access_token)
    assert len(signed_in.crm.contacts.get_all()) == world.count("hubspot", "contact")
    assert signed_in.oauth.access_tokens_api.get(fresh.access_token).scopes == SCOPE.split()
    with pytest.raises(DealsException) as missing:
        signed_in.crm.deals.basic_api.get_page()
    assert missing.value.status == 403


def test_an_expired_token_a_bad_limit_a_taken_address_and_too_many_requests_raise_typed_errors(
    client: Any,
    connect: Callable[[str], Any],
    allow: Callable[[str, str, dict[str, str]], str],
    control: Callable[[str, str, str], Any],
) -> None:
    code = allow("hubspot", "/oauth/authorize", ASKED)
    pair = client.oauth.tokens_api.create(grant_type="authorization_code", code=code, redirect_uri=REDIRECT, **CLIENT)
    control("hubspot", "expire", "{}")
    raised = []
    email = client.crm.contacts.basic_api.get_page(limit=1).results[0].properties["email"]
    taken = SimplePublicObjectInputForCreate(properties={"email": email})
    acts: tuple[Callable[[], Any], ...] = (
        connect(pair.access_token).crm.contacts.basic_api.get_page,
        lambda: client.crm.contacts.basic_api.get_page(limit=101),
        lambda: client.crm.contacts.search_api.do_search(PublicObjectSearchRequest(limit=200, after="9801")),
        lambda: client.crm.contacts.basic_api.create(taken),
    )
    for act in acts:
        with pytest.raises(ApiException) as error:
            act()
        raised.append((error.value.status, json.loads(error.value.body)["category"]))
    assert raised == [
        (401, "EXPIRED_AUTHENTICATION"),
        (400, "VALIDATION_ERROR"),
        (400, "VALIDATION_ERROR"),
        (409, "CONFLICT"),
    ]
    control("hubspot", "faults", '{"limit_next": 1}')
    with pytest.raises(ApiException) as error:
        client.crm.contacts.basic_api.get_page()
    assert (error.value.status, json.loads(error.value.body)["policyName"]) == (429, "TEN_SECONDLY_ROLLING")


def test_the_client_finds_the_signatures_of_a_push_valid(client: Any, control: Callable[[str, str, str], Any]) -> None:
    got: list[tuple[str, str, Message]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append((f"http://127.0.0.1:{server.server_port}{self.path}", content, self.headers))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = Thread(target=server.handle_request, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/webhooks/a%20b?x=1"
        control("hubspot", "push", json.dumps({"url": url, "secret": "shh"}))
        first = client.crm.contacts.basic_api.get_page(limit=1).results[0].id
        client.crm.contacts.basic_api.update(first, SimplePublicObjectInput(properties={"jobtitle": "Sócia"}))
        thread.join(timeout=10)
    ((uri, content, headers),) = got
    v3 = {"signature_version": "v3", "http_uri": uri, "timestamp": headers["X-HubSpot-Request-Timestamp"]}
    assert Signature.is_valid(headers["X-HubSpot-Signature-v3"], "shh", content, **v3)
    assert Signature.is_valid(headers["X-HubSpot-Signature"], "shh", content, signature_version="v1")
    (event,) = json.loads(content)
    assert (event["subscriptionType"], event["objectId"], event["propertyValue"]) == (
        "contact.propertyChange",
        int(first),
        "Sócia",
    )
