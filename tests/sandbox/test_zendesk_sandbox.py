"""What the Zendesk stand-in promises, seen through its API."""

from base64 import b64encode
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.zendesk.sandbox import STANDIN
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World, record_id

Client = Any
"""Flask's test client, whose answers' `.json` may be anything."""
NOW = 1_795_000_000.0
BACK = "https://hub.example/back"
CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}


@pytest.fixture(scope="module")
def world() -> World:
    return World(260)


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: NOW)
    made.faults.limits = False
    made.faults.lag_seconds = 0
    return made


@pytest.fixture
def api(world: World, held: Controls) -> Client:
    made = application(STANDIN, world, held).test_client()
    key = b64encode(f"{world.staff[0].email}/token:sandbox-api-token".encode()).decode()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Basic {key}"
    return made


def exported(api: Client, name: str, address: str | None = None) -> tuple[list[dict[str, Any]], str]:
    """Everything up to the end, and the cursor to go on with."""
    found: list[dict[str, Any]] = []
    address = address or f"/api/v2/incremental/{name}/cursor.json?start_time=0&per_page=30"
    while True:
        answer = api.get(address).json
        found += answer[name]
        if answer["end_of_stream"]:
            return found, answer["after_cursor"]
        address = f"/api/v2/incremental/{name}/cursor.json?per_page=30&cursor={answer['after_cursor']}"


def listed(api: Client, name: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    address = f"/api/v2/{name}.json?page[size]=40&{query}"
    while address:
        answer = api.get(address).json
        found += answer[name]
        address = answer["links"]["next"]
    return found


def test_lists_and_exports_hold_what_the_truth_says(api: Client, world: World) -> None:
    truth = STANDIN.truth(world)
    users = listed(api, "users")
    assert Counter(user["role"] for user in users) == {"end-user": truth["contact"], "agent": 11, "admin": 1}
    assert len(listed(api, "tickets")) == truth["ticket"]
    assert len(listed(api, "organizations")) == truth["company"]
    assert len(listed(api, "satisfaction_ratings")) == truth["survey_response"]
    for name, kept in (("users", users), ("tickets", listed(api, "tickets"))):
        records, _ = exported(api, name)
        assert sorted(record["id"] for record in records) == [record["id"] for record in kept]


def test_a_saved_cursor_gives_exactly_what_changed_later(api: Client) -> None:
    _, cursor = exported(api, "tickets")
    one, two = [ticket["id"] for ticket in listed(api, "tickets")[:2]]
    again = f"/api/v2/incremental/tickets/cursor?cursor={cursor}"
    assert exported(api, "tickets", again) == ([], cursor)
    api.put(f"/api/v2/tickets/{two}.json", json={"ticket": {"status": "solved"}})
    api.delete(f"/api/v2/tickets/{one}.json")
    records, later = exported(api, "tickets", again)
    assert [(record["id"], record["status"]) for record in records] == [(two, "solved"), (one, "deleted")]
    assert records[1]["subject"] == "SCRUBBED"
    hidden = exported(api, "tickets", f"/api/v2/incremental/tickets/cursor?cursor={later}")
    assert hidden == ([], later)


def test_what_changed_in_the_last_minute_waits_for_the_next_export(world: World) -> None:
    moment = [NOW]
    held = controls(lambda: moment[0])
    api: Client = application(STANDIN, world, held).test_client()
    key = b64encode(f"{world.staff[0].email}/token:sandbox-api-token".encode()).decode()
    api.environ_base["HTTP_AUTHORIZATION"] = f"Basic {key}"
    _, cursor = exported(api, "tickets", "/api/v2/incremental/tickets/cursor?start_time=0")
    first = next(iter(world.keys("zendesk", "ticket")))[0]
    api.post("/__sandbox/change", json={"object": "tickets", "id": 1 + 4 * first, "fields": {"priority": "low"}})
    again = f"/api/v2/incremental/tickets/cursor?cursor={cursor}"
    assert exported(api, "tickets", again)[0] == []
    moment[0] += 61
    assert [record["priority"] for record in exported(api, "tickets", again)[0]] == ["low"]


def test_organizations_have_only_the_export_by_time(api: Client) -> None:
    answer = api.get("/api/v2/incremental/organizations.json?start_time=0&per_page=9").json
    assert (answer["count"], answer["end_of_stream"]) == (9, False)
    end = answer["organizations"][-1]["updated_at"]
    following = api.get(answer["next_page"]).json
    assert following["organizations"][0]["updated_at"] == end
    assert following["organizations"][0]["id"] == answer["organizations"][-1]["id"]
    assert api.get("/api/v2/incremental/organizations/cursor.json?start_time=0").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("incremental/users/cursor?start_time=1794999960", 422, "StartTimeTooRecent"),
        ("incremental/users/cursor?start_time=0&cursor=MXx8MQ", 400, "InvalidValue"),
        ("incremental/users/cursor", 400, "MissingParameter"),
        ("incremental/users/cursor?cursor=nonsense", 400, "InvalidPaginationParameter"),
        ("users?page=101", 400, "InvalidPaginationDepth"),
        ("tickets/999999", 404, "RecordNotFound"),
        ("nothing", 404, "RecordNotFound"),
        ("search?query=x&page=11", 422, "invalid"),
    ],
)
def test_mistakes_have_the_systems_status_and_word(api: Client, path: str, status: int, error: str) -> None:
    answer = api.get(f"/api/v2/{path}")
    assert (answer.status_code, answer.json["error"]) == (status, error)


def test_pages_by_number_have_a_count_and_neighbours(api: Client, world: World) -> None:
    answer = api.get("/api/v2/tickets.json?per_page=10&page=2").json
    assert answer["count"] == world.count("zendesk", "ticket")
    assert [parse_qs(urlsplit(answer[name]).query)["page"] for name in ("next_page", "previous_page")] == [["3"], ["1"]]


def test_ratings_are_filtered_by_score_comment_and_time(api: Client) -> None:
    every = listed(api, "satisfaction_ratings")
    bad = [rating for rating in every if rating["score"] == "bad"]
    said = [rating["id"] for rating in bad if rating["comment"]]
    assert [rating["id"] for rating in listed(api, "satisfaction_ratings", "score=bad_with_comment")] == said
    assert len(listed(api, "satisfaction_ratings", "score=bad")) == len(bad) > len(said) > 0
    late = sorted(rating["created_at"] for rating in every)
    assert late[-1] < "2026-11-01T00:00:00Z"
    scores = Counter(ticket["satisfaction_rating"]["score"] for ticket in listed(api, "tickets"))
    assert scores["good"] + scores["bad"] == len(every)
    assert scores["offered"]
    assert scores["unoffered"] > scores["offered"]


def test_without_a_score_ratings_that_were_only_asked_for_are_listed_too(api: Client, held: Controls) -> None:
    before = listed(api, "satisfaction_ratings", "start_time=0")
    held.collections["satisfaction_ratings"].change(before[0]["id"], {"score": "offered", "comment": None})
    every = {rating["id"]: rating["score"] for rating in listed(api, "satisfaction_ratings", "start_time=0")}
    assert set(every) == {rating["id"] for rating in before}
    assert every[before[0]["id"]] == "offered"
    assert [rating["id"] for rating in listed(api, "satisfaction_ratings", "score=offered&start_time=0")] == [before[0]["id"]]
    assert before[0]["id"] not in {rating["id"] for rating in listed(api, "satisfaction_ratings", "score=received&start_time=0")}


def test_the_settings_tell_that_there_are_organizations(api: Client) -> None:
    features = api.get("/api/v2/account/settings.json").json["settings"]["active_features"]
    assert features["organization_access_enabled"] is True


def test_some_users_carry_the_id_that_the_crm_gives_them(api: Client, world: World) -> None:
    carried = {user["id"]: user["external_id"] for user in listed(api, "users") if user["external_id"]}
    truth = {
        int(STANDIN.contact_id(index)): f"hubspot:{record_id('contact', index)}"
        for index in range(world.people)
        if world.reference(index) and {"hubspot", "zendesk"} <= set(world.tools(index))
    }
    assert carried == truth
    assert carried


def test_a_merged_user_is_inactive_and_the_winner_has_the_tickets(api: Client) -> None:
    ticket = listed(api, "tickets")[0]
    loser = ticket["requester_id"]
    winner = next(user["id"] for user in listed(api, "users") if user["role"] == "end-user" and user["id"] != loser)
    assert api.put(f"/api/v2/users/{loser}/merge.json", json={"user": {"id": winner}}).json["user"]["id"] == winner
    assert api.get(f"/api/v2/users/{loser}.json").json["user"]["active"] is False
    assert api.get(f"/api/v2/tickets/{ticket['id']}.json").json["ticket"]["requester_id"] == winner
    assert loser not in [user["id"] for user in listed(api, "users")]
    assert [(user["id"], user["active"]) for user in exported(api, "users")[0][-2:]] == [(loser, False), (winner, True)]


def test_every_organization_requester_and_assignee_that_is_named_exists(api: Client) -> None:
    users, organizations = ({one["id"] for one in listed(api, name)} for name in ("users", "organizations"))
    tickets = listed(api, "tickets")
    assert {one["organization_id"] for one in (*tickets, *listed(api, "users"))} <= organizations | {None}
    assert {ticket["requester_id"] for ticket in tickets} <= users
    assert {ticket["assignee_id"] for ticket in tickets} <= users | {None}


def test_agents_can_be_asked_for_alone(api: Client) -> None:
    assert len(listed(api, "users", "role[]=agent&role[]=admin")) == 12
    assert {user["role"] for user in listed(api, "users", "role=end-user")} == {"end-user"}


def token(api: Client, **fields: str) -> Any:
    return api.post("/oauth/tokens", json={**CLIENT, **fields}, headers={"Authorization": ""})


def signed_in(api: Client, scope: str) -> dict[str, Any]:
    asked = {"client_id": "sandbox-client", "redirect_uri": BACK, "scope": scope, "state": "s", "response_type": "code"}
    page = api.get("/oauth/authorizations/new", query_string=asked)
    assert "Allow" in page.text
    answer = api.post("/oauth/authorizations/new", data={**asked, "decision": "allow"})
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["s"]
    pair = token(api, grant_type="authorization_code", code=query["code"][0], redirect_uri=BACK)
    assert pair.status_code == 200
    return dict(pair.json)


def asking(api: Client, access: str, path: str = "/api/v2/users/me.json") -> int:
    return int(api.get(path, headers={"Authorization": f"Bearer {access}"}).status_code)


def test_a_refresh_ends_the_pair_before_it(api: Client) -> None:
    first = signed_in(api, "read")
    assert (first["expires_in"], first["scope"]) == (1800, "read")
    assert asking(api, first["access_token"]) == 200
    second = token(api, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert asking(api, first["access_token"]) == 401
    assert asking(api, second.json["access_token"]) == 200
    again = token(api, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")


def test_a_token_can_end_itself(api: Client) -> None:
    pair = signed_in(api, "read")
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert api.delete("/api/v2/oauth/tokens/current.json", headers=headers).status_code == 204
    assert asking(api, pair["access_token"]) == 401
    assert token(api, grant_type="refresh_token", refresh_token=pair["refresh_token"]).status_code == 400


def test_scopes_open_their_own_paths_only(api: Client) -> None:
    access = signed_in(api, "tickets:read")["access_token"]
    paths = ("/api/v2/tickets.json", "/api/v2/incremental/tickets/cursor.json?start_time=0", "/api/v2/users.json")
    assert [asking(api, access, path) for path in paths] == [200, 200, 403]
    assert api.post("/api/v2/tickets.json", json={}, headers={"Authorization": f"Bearer {access}"}).status_code == 403


def test_somebody_who_refuses_is_sent_back_without_a_code(api: Client) -> None:
    asked = {"client_id": "sandbox-client", "redirect_uri": BACK + "?x=1", "scope": "read", "state": "s"}
    answer = api.post("/oauth/authorizations/new", data={**asked, "decision": "deny"})
    assert answer.headers["Location"] == f"{BACK}?x=1&error=access_denied&state=s"


def test_exports_have_a_limit_of_their_own(world: World) -> None:
    api: Client = application(STANDIN, world, controls(lambda: NOW)).test_client()
    key = b64encode(f"{world.staff[0].email}/token:sandbox-api-token".encode()).decode()
    api.environ_base["HTTP_AUTHORIZATION"] = f"Basic {key}"
    answers = [api.get("/api/v2/incremental/users/cursor.json?start_time=0&per_page=1") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[0].headers["zendesk-ratelimit-incremental-exports-cursor"].startswith("total=20; remaining=19;")
    assert 1 <= int(answers[20].headers["Retry-After"]) <= 61
    assert answers[20].json["error"] == "APIRateLimitExceeded"
    assert int(answers[20].headers["X-Rate-Limit-Remaining"]) > 600


def test_a_search_compares_statuses_by_order_and_dates_by_time(api: Client) -> None:
    def found(query: str) -> set[int]:
        answer = api.get("/api/v2/search.json", query_string={"query": query}).json
        return {hit["id"] for hit in answer["results"] if hit["result_type"] == "ticket"}

    tickets = listed(api, "tickets")
    waiting = {ticket["id"] for ticket in tickets if ticket["status"] in ("new", "open", "pending", "hold")}
    assert found("type:ticket status<solved") == waiting
    assert found("type:ticket -status<solved") == {ticket["id"] for ticket in tickets} - waiting
    late = {ticket["id"] for ticket in tickets if ticket["updated_at"] >= "2026-06-01T00:00:00Z"}
    assert found("type:ticket updated>=2026-06-01") == late
    unset = {ticket["id"] for ticket in tickets if ticket["priority"] is None}
    assert found("type:ticket priority:none") == unset
