"""zenpy judges the Zendesk stand-in, under the host name of an account."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Organization, SatisfactionRating, Ticket, User, Webhook
from zenpy.lib.exception import APIException, RatelimitBudgetExceeded, RecordNotFoundException

from hub.sandbox.world import Kind, World

pytestmark = pytest.mark.vendors


@pytest.fixture
def connect(proxy: str, authority: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    for name, value in {"HTTPS_PROXY": proxy, "REQUESTS_CA_BUNDLE": str(authority[0]), "NO_PROXY": ""}.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.lower() if "PROXY" in name else name, value)
    return lambda **how: Zenpy(subdomain="acme", disable_cache=True, **how)


@pytest.fixture
def client(connect: Callable[..., Any], world: World) -> Any:
    return connect(email=world.staff[0].email, token="sandbox-api-token")


def test_lists_every_record_by_cursor(client: Any, world: World) -> None:
    counts: dict[str, Kind] = {
        "users": "contact",
        "organizations": "company",
        "tickets": "ticket",
        "satisfaction_ratings": "survey_response",
    }
    found = {name: [record.id for record in getattr(client, name)()] for name in counts}
    truth = {name: world.count("zendesk", kind) for name, kind in counts.items()}
    truth["users"] += 12
    assert {name: len(ids) for name, ids in found.items()} == truth
    assert {name: len(set(ids)) for name, ids in found.items()} == truth


@pytest.mark.parametrize("name", ["users", "tickets"])
def test_exports_give_every_record_in_the_order_of_change(client: Any, name: str) -> None:
    exported = [(record.updated_at, record.id) for record in getattr(client, name).incremental(start_time=1, per_page=20)]
    assert len(exported) == len({identity for _, identity in exported}) == len(list(getattr(client, name)()))
    assert [moment for moment, _ in exported] == sorted(moment for moment, _ in exported)


def test_organizations_are_exported_by_time(client: Any, world: World) -> None:
    found = {record.id for record in client.organizations.incremental(start_time=1)}
    assert len(found) == world.count("zendesk", "company")


def test_a_ticket_is_created_read_solved_rated_and_deleted(client: Any) -> None:
    requester = next(user for user in client.users(role="end-user") if user.role == "end-user")
    comment = Comment(body="It does not start")
    made = client.tickets.create(Ticket(subject="Broken", comment=comment, requester_id=requester.id)).ticket
    made.status = "solved"
    assert client.tickets.update(made).ticket.status == "solved"
    client.satisfaction_ratings.create(made.id, SatisfactionRating(score="good", comment="Fast"))
    rated = [rating for rating in client.satisfaction_ratings(score="good_with_comment") if rating.ticket_id == made.id]
    assert [rating.comment for rating in rated] == ["Fast"]
    client.tickets.delete(made)
    with pytest.raises(RecordNotFoundException):
        client.tickets(id=made.id)


def test_a_deleted_ticket_is_exported_as_deleted_and_scrubbed(client: Any, control: Callable[[str, str, str], Any]) -> None:
    control("zendesk", "faults", '{"lag_seconds": 0}')
    first = next(iter(client.tickets()))
    client.tickets.delete(first)
    last = list(client.tickets.incremental(start_time=1))[-1]
    assert (last.id, last.status, last.subject) == (first.id, "deleted", "SCRUBBED")


def test_what_happened_in_the_last_minute_is_not_exported_yet(client: Any) -> None:
    first = next(iter(client.tickets()))
    client.tickets.delete(first)
    assert "deleted" not in [ticket.status for ticket in client.tickets.incremental(start_time=1)]


def test_users_are_created_found_merged_and_deleted(client: Any, world: World) -> None:
    one = client.users.create(User(name="Uma Silva", email="uma@firma.example", external_id="crm-1"))
    other = client.users.create(User(name="Uma S.", email="uma@casa.example"))
    assert [user.id for user in client.search(type="user", email="uma@casa.example")] == [other.id]
    client.users.merge(source_user=other, dest_user=one)
    assert client.users(id=other.id).active is False
    assert client.users(id=one.id).active is True
    client.users.delete(one)
    assert client.users(id=one.id).active is False
    assert len(list(client.users())) == world.count("zendesk", "contact") + 12


def test_several_are_read_by_their_ids(client: Any) -> None:
    wanted = [ticket.id for ticket in client.tickets()][3:6]
    assert [ticket.id for ticket in client.tickets(ids=wanted)] == wanted


def test_agents_are_told_from_customers_and_the_one_who_asks_is_known(client: Any, world: World) -> None:
    assert client.users.me().email == world.staff[0].email
    assert {user.role for user in client.users(role="end-user")} == {"end-user"}


def test_a_search_compares_statuses_by_their_order(client: Any) -> None:
    found = {ticket.status for ticket in client.search(type="ticket", status_less_than="solved")}
    assert found <= {"new", "open", "pending", "hold"}
    assert "open" in found


def test_organizations_are_written_and_checked(client: Any) -> None:
    made = client.organizations.create(Organization(name="Nova Ltda"))
    made.name = "Nova SA"
    assert client.organizations.update(made).name == "Nova SA"
    client.organizations.delete(made)
    with pytest.raises(RecordNotFoundException):
        client.organizations(id=made.id)
    with pytest.raises(APIException) as error:
        client.organizations.create(Organization(details="no name"))
    assert error.value.response.status_code == 422


def test_webhooks_are_registered_and_have_a_secret(client: Any) -> None:
    wanted = Webhook(
        name="hub",
        endpoint="https://hub.example/webhooks/1",
        http_method="POST",
        request_format="json",
        status="active",
        subscriptions=["zen:event-type:ticket.created"],
    )
    made = client.webhooks.create(wanted)
    assert [webhook.id for webhook in client.webhooks()] == [made.id]
    assert client.webhooks.show_secret(made).secret
    client.webhooks.delete(made)
    assert list(client.webhooks()) == []


def test_a_wrong_token_and_too_many_requests_raise_typed_errors(
    connect: Callable[..., Any], world: World, control: Callable[[str, str, str], Any]
) -> None:
    with pytest.raises(APIException) as refused:
        connect(email=world.staff[0].email, token="guess").users.me()
    assert refused.value.response.status_code == 401
    with pytest.raises(APIException) as stranger:
        connect(oauth_token="guess").users.me()
    assert stranger.value.response.json()["error"] == "invalid_token"
    control("zendesk", "faults", '{"limit_next": 9, "retry_after": "1"}')
    with pytest.raises(RatelimitBudgetExceeded):
        connect(email=world.staff[0].email, token="sandbox-api-token", ratelimit_budget=1).users.me()
