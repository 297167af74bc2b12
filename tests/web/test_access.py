"""Deny by default: every path of the application, asked by everybody."""

import re

import pytest
from werkzeug.routing import Rule

from hub.store import access
from hub.sync.hub import Hub
from hub.web import create_app
from tests.web.visiting import signed_in, visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOBODY: set[str] = set()
EVERYBODY = set(access.ROLES)
OPERATORS = {"operator", "admin"}
ADMINS = {"admin"}

OPEN = {"web.home", "signin.sign_in", "signin.welcome", "static"}
ALLOWED = {
    "signin.sign_out": EVERYBODY,
    "signin.account": EVERYBODY,
    "customers.listing": EVERYBODY,
    "customers.detail": EVERYBODY,
    "happened.listing": EVERYBODY,
    "corrections.apart": OPERATORS,
    "corrections.together": OPERATORS,
    "corrections.unmerge": OPERATORS,
    "corrections.lock": OPERATORS,
    "corrections.unlock": OPERATORS,
    "review.show": EVERYBODY,
    "review.same": OPERATORS,
    "review.different": OPERATORS,
    "review.later": OPERATORS,
    "review.undo": OPERATORS,
    "connections.listing": EVERYBODY,
    "connections.listing_live": EVERYBODY,
    "connections.detail": EVERYBODY,
    "connections.progress": EVERYBODY,
    "connections.history": EVERYBODY,
    "connections.skipped": OPERATORS,
    "operations.sync": OPERATORS,
    "operations.pause": OPERATORS,
    "operations.resume": OPERATORS,
    "operations.gone": OPERATORS,
    "operations.rename": ADMINS,
    "operations.signing_secret": ADMINS,
    "operations.webhook_secret": ADMINS,
    "operations.disconnect": ADMINS,
    "decisions.mapping": EVERYBODY,
    "decisions.decide": OPERATORS,
    "own_fields.save": OPERATORS,
    "lifecycle_rules.show": EVERYBODY,
    "lifecycle_rules.preview": ADMINS,
    "lifecycle_rules.save": ADMINS,
    "organisation.show": EVERYBODY,
    "organisation.save": ADMINS,
    "catalogue.catalogue": ADMINS,
    "catalogue.new": ADMINS,
    "catalogue.new_push": ADMINS,
    "catalogue.with_key": ADMINS,
    "catalogue.sign_in": ADMINS,
    "catalogue.callback": ADMINS,
    "catalogue.renew": ADMINS,
    "sheets.new": ADMINS,
    "sheets.send": ADMINS,
    "sheets.meaning": ADMINS,
    "sheets.errors": ADMINS,
    "people.everyone": ADMINS,
    "people.invite": ADMINS,
    "people.new_link": ADMINS,
    "people.role": ADMINS,
    "people.deactivate": ADMINS,
    "people.activate": ADMINS,
    "people.log": {"admin", "privacy"},
    "programs.keys": ADMINS,
    "programs.make": ADMINS,
    "programs.revoke": ADMINS,
}
PROGRAMS = ("/api/v1/", "/webhooks/", "/healthz", "/readyz", "/metrics")
"""Doors with locks of their own: keys and signatures, never a cookie."""


def pages(hub: Hub) -> list[Rule]:
    return [rule for rule in create_app(hub).url_map.iter_rules() if not rule.rule.startswith(PROGRAMS)]


def filled(rule: Rule) -> str:
    return re.sub(r"<number:\w+>", "7", re.sub(r"<(?:path:)?(\w+)>", r"some-\1", rule.rule))


def test_every_page_is_in_the_list_of_who_may_ask_for_it(hub: Hub) -> None:
    assert {rule.endpoint for rule in pages(hub)} == OPEN | set(ALLOWED)


def test_nobody_gets_past_the_sign_in(hub: Hub) -> None:
    somebody = visitor(create_app(hub))
    for rule in pages(hub):
        if rule.endpoint in ALLOWED:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                answer = somebody.client.open(filled(rule), method=method)
                assert (rule.endpoint, answer.location.partition("?")[0]) == (rule.endpoint, "/sign-in")


@pytest.mark.parametrize("role", access.ROLES)
def test_each_role_gets_what_is_its_own_and_403_for_the_rest(hub: Hub, role: str) -> None:
    somebody = signed_in(create_app(hub), hub, role)
    token = somebody.token()
    for rule in pages(hub):
        if rule.endpoint not in ALLOWED or rule.endpoint == "signin.sign_out":
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            data = {"csrf_token": token} if method == "POST" else None
            answer = somebody.client.open(filled(rule), method=method, data=data)
            refused = answer.status_code == 403
            assert (rule.endpoint, method, refused) == (rule.endpoint, method, role not in ALLOWED[rule.endpoint])
            assert answer.status_code < 500, (rule.endpoint, answer.status_code)


def test_a_cookie_opens_no_door_of_programs(hub: Hub) -> None:
    somebody = signed_in(create_app(hub), hub)
    assert somebody.get("/api/v1/customers").status_code == 401


def test_a_role_that_is_taken_away_is_gone_at_the_next_click(hub: Hub) -> None:
    app = create_app(hub)
    boss, second = signed_in(app, hub), signed_in(app, hub, "operator")
    with hub.database.reading() as tx:
        operator = access.by_email(tx, "operator@example.com")
    assert operator is not None
    assert boss.post(f"/settings/people/{operator.id}/role", role="admin").status_code == 303
    assert second.get("/settings/keys").status_code == 200
    assert boss.post(f"/settings/people/{operator.id}/role", role="viewer").status_code == 303
    assert second.get("/settings/keys").status_code == 403
    assert boss.post(f"/settings/people/{operator.id}/deactivate").status_code == 303
    assert second.get("/customers").status_code == 302


def test_the_last_admin_stays_one(hub: Hub) -> None:
    boss = signed_in(create_app(hub), hub)
    with hub.database.reading() as tx:
        (me,) = access.users(tx)
    assert boss.post(f"/settings/people/{me.id}/role", role="viewer").status_code == 422
    assert boss.post(f"/settings/people/{me.id}/deactivate").status_code == 422
    assert boss.get("/settings/people").status_code == 200
