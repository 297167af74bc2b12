"""Connecting, watching and ending connections through the pages; the systems are faked at the wire."""

import re

import pytest
import responses

from hub import registry
from hub.store import connections, runs, work
from hub.store.connections import Connection
from hub.sync import push
from hub.sync.hub import Hub
from hub.web import create_app
from tests.web.visiting import Visitor, admin, signed_in, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

KEY = "pat-na1-11111111-2222"
ACCOUNT = "https://api.hubapi.com/account-info/v3/details"


def accepted() -> None:
    responses.get(ACCOUNT, json={"portalId": 4711})


def connected(somebody: Visitor) -> None:
    accepted()
    answer = somebody.post("/settings/connections/new/hubspot/key", key=KEY, label="Sales", environment="production")
    assert (answer.status_code, answer.location) == (303, "/settings/connections/hubspot-1"), words(answer)


def stored(hub: Hub) -> list[Connection]:
    with hub.database.reading() as tx:
        return connections.everyone(tx)


def audited(somebody: Visitor) -> str:
    return somebody.text("/settings/audit")


def test_the_catalogue_lists_every_connector_with_what_it_brings(hub: Hub) -> None:
    page = admin(hub).text("/settings/connections/new")
    for each in registry.connector_ids():
        connector = registry.connector(each)
        assert connector.label in page
        assert connector.summary in page
        assert connector.category in page
        assert all(auth.label in page for auth in connector.auth)


@pytest.mark.parametrize("connector_id", registry.connector_ids())
def test_each_system_says_how_it_is_connected_what_to_prepare_and_what_it_does_not_bring(hub: Hub, connector_id: str) -> None:
    connector = registry.connector(connector_id)
    page = admin(hub).get(f"/settings/connections/new/{connector_id}")
    said = words(page)
    assert all(auth.label in said and auth.preparation in said for auth in connector.auth)
    assert all(limit in said for limit in connector.limits)
    for ask in connector.asks:
        assert f'name="{ask.name}"' in page.text
    if any(hasattr(auth, "authorize_url") for auth in connector.auth):
        assert f'value="http://127.0.0.1:8000/oauth/callback/{connector_id}"' in page.text


@responses.activate
def test_a_key_that_the_system_accepts_makes_a_connection_whose_key_is_shown_nowhere(hub: Hub) -> None:
    somebody = admin(hub)
    connected(somebody)
    assert responses.calls[0].request.headers["Authorization"] == f"Bearer {KEY}"
    page = somebody.get("/settings/connections/hubspot-1")
    assert "Sales is connected." in words(page)
    for path in ("/settings/connections", "/settings/connections/hubspot-1", "/settings/connections/hubspot-1/renew"):
        assert KEY not in somebody.get(path).text
    assert "Connected by key Admin hubspot address: 127.0.0.1; connection: hubspot-1" in audited(somebody)
    assert KEY not in somebody.get("/settings/audit").text


@responses.activate
def test_a_key_that_the_system_refuses_is_told_in_words_and_nothing_is_kept(hub: Hub) -> None:
    responses.get(ACCOUNT, status=401, json={"message": "no"})
    somebody = admin(hub)
    answer = somebody.post("/settings/connections/new/hubspot/key", key=KEY, label="Sales")
    assert answer.status_code == 422
    assert "our credentials are not accepted (401)" in words(answer)
    assert 'value="Sales"' in answer.text
    assert KEY not in answer.text
    assert stored(hub) == []


@responses.activate
def test_a_system_that_does_not_answer_is_told_in_words(hub: Hub) -> None:
    responses.get(ACCOUNT, status=503, body="<html>maintenance</html>")
    answer = admin(hub).post("/settings/connections/new/hubspot/key", key=KEY)
    assert (answer.status_code, "fault of its own (503)" in words(answer)) == (422, True)


def test_an_answer_that_does_not_fit_is_marked_at_its_field(hub: Hub) -> None:
    answer = admin(hub).post("/settings/connections/new/hubspot/key", key=KEY, currency="reais")
    assert answer.status_code == 422
    (field,) = re.findall(r'<input id="key-currency"[^>]+>', answer.text)
    assert 'aria-invalid="true"' in field
    assert "key-currency-wrong" in field
    assert "Company currency is not of the form it must have, for example BRL." in words(answer)


def test_signing_in_needs_the_apps_credentials_once_for_each_address(hub: Hub) -> None:
    somebody = admin(hub)
    path = "/settings/connections/new/hubspot/sign-in"
    refused = somebody.post(path)
    assert refused.status_code == 422
    said = "Enter the client ID and the secret of the app you registered at https://app.hubspot.com."
    assert said in words(refused)
    left = somebody.post(path, client_id="our-app", client_secret="our-app-secret")
    assert left.status_code == 200
    assert "https://app.hubspot.com/oauth/authorize?" in left.text
    assert "client_id=our-app" in left.text
    assert somebody.post(path).status_code == 200
    again = somebody.get("/settings/connections/new/hubspot")
    assert "our-app" in again.text
    assert "our-app-secret" not in again.text


@responses.activate
def test_the_way_back_from_the_sign_in_is_for_who_began_it_and_once(hub: Hub) -> None:
    app = create_app(hub)
    somebody = signed_in(app, hub)
    form = {"client_id": "our-app", "client_secret": "our-app-secret"}
    left = somebody.post("/settings/connections/new/hubspot/sign-in", **form)
    state = re.findall(r"state=([\w-]+)", left.text)[0]
    responses.post(
        "https://api.hubapi.com/oauth/2026-03/token", json={"access_token": "a", "refresh_token": "r", "expires_in": 1800}
    )
    accepted()
    back = f"/oauth/callback/hubspot?code=c0de&state={state}"
    answer = somebody.get(back)
    assert (answer.status_code, answer.location) == (303, "/settings/connections/hubspot-1")
    again = somebody.get(back)
    assert (again.status_code, "HubSpot is not connected" in words(again)) == (422, True)
    assert len(stored(hub)) == 1
    assert "Connected by sign-in" in audited(somebody)


def test_somebody_elses_sign_in_cannot_be_finished_here(hub: Hub) -> None:
    app = create_app(hub)
    attacker = signed_in(app, hub)
    form = {"client_id": "our-app", "client_secret": "our-app-secret"}
    left = attacker.post("/settings/connections/new/hubspot/sign-in", **form)
    state = re.findall(r"state=([\w-]+)", left.text)[0]
    attacker.post("/sign-out")
    with hub.database.reading() as tx:
        assert connections.everyone(tx) == []
    victim = attacker
    victim.post("/sign-in", email="admin@example.com", password="correct horse battery")
    answer = victim.get(f"/oauth/callback/hubspot?code=c0de&state={state}")
    assert (answer.status_code, stored(hub)) == (422, [])


def test_what_the_system_says_in_a_refusal_is_not_repeated(hub: Hub) -> None:
    answer = admin(hub).get("/oauth/callback/hubspot?error=access_denied&error_description=Call+0800-EVIL&state=x")
    assert answer.status_code == 422
    assert "HubSpot did not let us in." in words(answer)
    assert "EVIL" not in answer.text


@responses.activate
def test_a_connection_is_paused_resumed_and_synced_by_its_buttons(hub: Hub) -> None:
    somebody = admin(hub)
    connected(somebody)
    one = "/settings/connections/hubspot-1"
    somebody.post(f"{one}/pause")
    assert stored(hub)[0].state == "paused"
    assert "Paused" in somebody.text(one)
    refused = somebody.post(f"{one}/sync")
    assert refused.status_code == 303
    assert "resume or re-authorise it first" in somebody.text(one)
    somebody.post(f"{one}/resume")
    assert stored(hub)[0].state == "connected"
    with hub.database.writing() as tx:
        work.drop(tx, "hubspot-1")
    somebody.post(f"{one}/sync")
    assert "Syncing" in somebody.text(one)
    log = audited(somebody)
    assert [
        word in log for word in ("Paused Admin hubspot-1", "Resumed Admin hubspot-1", "Asked for a sync Admin hubspot-1")
    ] == [
        True,
        True,
        True,
    ]


@responses.activate
def test_many_records_that_vanished_are_marked_only_when_a_person_says_so(hub: Hub) -> None:
    somebody = admin(hub)
    connected(somebody)
    with hub.database.writing() as tx:
        work.drop(tx, "hubspot-1")
        runs.set_stream(tx, "hubspot-1", "contacts", missing=1200, done_at=hub.time.now())
    one = "/settings/connections/hubspot-1"
    page = somebody.text(one)
    assert "Contacts: 1,200 records were not seen any more; confirm that they were deleted" in page
    assert "Yes, 1,200 contacts were deleted" in page
    assert somebody.post(f"{one}/streams/contacts/gone").status_code == 303
    assert "Confirmed." in somebody.text(one)
    with hub.database.reading() as tx:
        assert runs.standing(tx, "hubspot-1", "contacts").confirmed == 1200
    assert "Confirmed deletions Admin hubspot-1/contacts" in audited(somebody)
    somebody.post(f"{one}/streams/companies/gone")
    assert "This stream misses nothing any more." in somebody.text(one)
    assert somebody.post(f"{one}/streams/nonsense/gone").status_code == 404


@responses.activate
def test_a_connection_gets_another_name_and_keeps_its_id(hub: Hub) -> None:
    somebody = admin(hub)
    connected(somebody)
    one = "/settings/connections/hubspot-1"
    somebody.post(f"{one}/rename", label="  Sales, North ")
    assert [(each.id, each.label) for each in stored(hub)] == [("hubspot-1", "Sales, North")]
    somebody.post(f"{one}/rename", label=" ")
    assert "The name is missing." in somebody.text(one)
    assert [each.label for each in stored(hub)] == ["Sales, North"]


@responses.activate
def test_a_new_key_keeps_the_connection_and_another_accounts_key_is_refused(hub: Hub) -> None:
    somebody = admin(hub)
    connected(somebody)
    with hub.database.writing() as tx:
        connections.change(tx, "hubspot-1", state="reconnect", problem="the system refuses our key; enter a new one")
    one = "/settings/connections/hubspot-1"
    assert "Sign in again" in somebody.text(one)
    assert "The system refuses our key; enter a new one." in somebody.text(one)
    assert somebody.post(f"{one}/renew", key="pat-new").status_code == 303
    assert [(each.id, each.state, each.problem) for each in stored(hub)] == [("hubspot-1", "connected", None)]
    responses.replace(responses.GET, ACCOUNT, json={"portalId": 9999})
    answer = somebody.post(f"{one}/renew", key="pat-other")
    assert (answer.status_code, "this is another account" in words(answer).lower()) == (422, True)


@responses.activate
@pytest.mark.parametrize(("data", "left"), [("keep", ["disconnected"]), ("delete", [])])
def test_disconnecting_asks_what_becomes_of_the_data(hub: Hub, data: str, left: list[str]) -> None:
    somebody = admin(hub)
    connected(somebody)
    one = "/settings/connections/hubspot-1/disconnect"
    assert "Disconnect Sales?" in somebody.text(one)
    assert somebody.post(one).status_code == 422
    assert [each.state for each in stored(hub)] == ["connected"]
    assert somebody.post(one, data=data).status_code == 303
    assert [each.state for each in stored(hub)] == left
    assert f"data: {data}" in audited(somebody)


@responses.activate
def test_a_stream_shows_how_far_it_is_what_it_waits_for_and_what_stopped_it(hub: Hub) -> None:
    somebody = admin(hub)
    connected(somebody)
    now = hub.time.now()
    with hub.database.writing() as tx:
        work.drop(tx, "hubspot-1")
        work.add(tx, "sync", now, connection_id="hubspot-1", key="contacts")
        run = runs.begin(tx, "hubspot-1", "contacts", now, kind="sync", full=True, since=None)
        runs.advance(tx, run, {"read": 400, "written": 390, "skipped": 10}, ["properties.shoe_size"])
        runs.expect(tx, run, 1200)
        stopped = runs.begin(tx, "hubspot-1", "deals", now, kind="sync", full=True, since=None)
        runs.end(tx, stopped, now, state="stopped", error="HubSpot: missing the permission crm.objects.deals.read; grant it")
        counted = runs.begin(tx, "hubspot-1", "companies", now, kind="sync", full=True, since=None)
        runs.expect(tx, counted, 3)
        runs.advance(tx, counted, {"read": 3, "written": 3}, [])
        runs.end(tx, counted, now)
    said = somebody.text("/settings/connections/hubspot-1/progress")
    assert "400 of 1,200 read" in said
    assert "Deals: HubSpot: missing the permission crm.objects.deals.read; grant it." in said
    assert "Complete, counted" in said
    assert "Needs attention" in said
    assert 'data-running="yes"' in somebody.get("/settings/connections/hubspot-1/progress").text
    history = somebody.text("/settings/connections/hubspot-1/runs")
    assert "400 390 0 10 0 0 1" in history
    assert "Complete Counted" in history
    only = somebody.text("/settings/connections/hubspot-1/runs?stream=deals")
    assert "Stopped HubSpot: missing the permission" in only
    assert "400" not in only
    assert "properties.shoe_size" in somebody.text("/settings/connections/hubspot-1/mapping")


@responses.activate
def test_a_hundred_runs_are_read_page_by_page(hub: Hub) -> None:
    somebody = admin(hub)
    connected(somebody)
    with hub.database.writing() as tx:
        for number in range(60):
            run = runs.begin(tx, "hubspot-1", "contacts", hub.time.now(), kind="sync", full=False, since=None)
            runs.advance(tx, run, {"read": 1000 + number}, [])
            runs.end(tx, run, hub.time.now())
    first = somebody.get("/settings/connections/hubspot-1/runs")
    older = re.findall(r'href="([^"]+before=\d+)"', first.text)[0]
    second = somebody.get(older)
    numbers = [re.findall(r"<span>(1,0\d\d)</span>", page.text) for page in (first, second)]
    assert [len(numbers[0]), len(numbers[1])] == [50, 10]
    assert (numbers[0][0], numbers[1][-1]) == ("1,059", "1,000")


def test_a_push_connection_is_made_by_its_name_and_says_where_to_send(hub: Hub) -> None:
    somebody = admin(hub)
    answer = somebody.post("/settings/connections/new/push", label="Old shop")
    assert answer.location == "/settings/connections/push-1"
    page = somebody.get("/settings/connections/push-1")
    assert 'value="http://127.0.0.1:8000/api/v1/connections/push-1/records"' in page.text
    assert "Old shop" in somebody.text("/settings/connections")
    sent = {"type": "contact", "id": "1", "changed_at": "2026-01-02T03:04:05Z", "data": {"full_name": "Ana"}}
    assert push.accept(hub, "push-1", [sent]).outcomes[0].error is None
    assert "contact 1" in somebody.text("/settings/connections/push-1")


def test_a_stand_in_is_offered_only_where_it_runs(hub: Hub) -> None:
    somebody = admin(hub)
    assert "Sandbox" not in somebody.text("/settings/connections/new/hubspot")
    refused = somebody.post("/settings/connections/new/hubspot/key", key=KEY, environment="sandbox")
    assert (refused.status_code, "Choose one of the environments." in words(refused)) == (422, True)
