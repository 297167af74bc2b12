"""Coming in: who may, how often they may try, and what ends it."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.store import access, sessions
from hub.sync.hub import Hub
from hub.web import create_app, first_admin_link
from tests import support
from tests.web.visiting import PASSWORD, admin, later, path_of, person, signed_in, visitor, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def link(hub: Hub) -> str:
    found = first_admin_link(hub)
    assert found is not None
    return path_of(found)


def failures(hub: Hub, count: int) -> None:
    """So many sign-ins that failed from the address that tests come from."""
    for _ in range(count):
        with hub.database.writing() as tx:
            sessions.failed(tx, ["address:127.0.0.1"], hub.time.now())


def test_the_first_link_makes_an_admin_who_is_signed_in_and_then_there_is_no_link_any_more(hub: Hub) -> None:
    somebody, path = visitor(create_app(hub)), link(hub)
    answer = somebody.post(path, email="Ana@Example.com", name="Ana", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "ana@example.com, Admin" in somebody.text("/account")
    assert somebody.get(path).status_code == 410
    assert first_admin_link(hub) is None


def test_each_start_ends_the_link_of_the_start_before(hub: Hub) -> None:
    first, second = link(hub), link(hub)
    somebody = visitor(create_app(hub))
    assert (somebody.get(first).status_code, somebody.get(second).status_code) == (410, 200)


def test_looking_at_a_link_does_not_spend_it(hub: Hub) -> None:
    somebody, path = visitor(create_app(hub)), link(hub)
    assert [somebody.get(path).status_code for _ in range(3)] == [200, 200, 200]


def test_a_link_is_worth_nothing_after_a_day(hub: Hub) -> None:
    path = link(hub)
    assert visitor(create_app(later(hub, timedelta(hours=25)))).get(path).status_code == 410


@pytest.mark.parametrize("password", ["short", "x" * 201, "ana@example.com"])
def test_a_bad_password_makes_no_admin_and_leaves_the_link(hub: Hub, password: str) -> None:
    somebody, path = visitor(create_app(hub)), link(hub)
    answer = somebody.post(path, email="ana@example.com", name="Ana", password=password)
    assert answer.status_code == 422
    assert "hoose a password" in words(answer)
    assert somebody.get(path).status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_refused_with_the_same_words(hub: Hub) -> None:
    person(hub)
    somebody = visitor(create_app(hub))
    wrong = somebody.post("/sign-in", email="admin@example.com", password="wrong")
    unknown = somebody.post("/sign-in", email="nobody@example.com", password="wrong")
    said = "The address or the password is wrong."
    assert [(each.status_code, said in words(each)) for each in (wrong, unknown)] == [(422, True), (422, True)]


def test_after_ten_failures_even_the_right_password_waits_a_quarter_of_an_hour(hub: Hub) -> None:
    who = person(hub)
    somebody = visitor(create_app(hub))
    for _ in range(10):
        assert somebody.post("/sign-in", email=who.email, password="wrong").status_code == 422
    refused = somebody.post("/sign-in", email=who.email.upper(), password=PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 901
    again = visitor(create_app(later(hub, timedelta(minutes=16))))
    assert again.post("/sign-in", email=who.email, password=PASSWORD).status_code == 303


def test_thirty_failures_from_one_address_stop_it_for_every_account(hub: Hub) -> None:
    somebody, who = visitor(create_app(hub)), person(hub)
    failures(hub, 29)
    assert somebody.post("/sign-in", email="guess@example.com", password="wrong").status_code == 422
    assert somebody.post("/sign-in", email=who.email, password=PASSWORD).status_code == 429


def test_a_cookie_from_before_the_sign_in_is_not_signed_in_afterwards(hub: Hub) -> None:
    app, who = create_app(hub), person(hub)
    victim, attacker = visitor(app), visitor(app)
    attacker.get("/sign-in")
    planted = attacker.client.get_cookie("hub_session")
    assert planted is not None
    victim.client.set_cookie("hub_session", planted.value)
    victim.post("/sign-in", email=who.email, password=PASSWORD)
    assert (victim.get("/account").status_code, attacker.get("/account").status_code) == (200, 302)


def test_signing_out_ends_every_copy_of_the_cookie(hub: Hub) -> None:
    app = create_app(hub)
    owner, thief = signed_in(app, hub), visitor(app)
    copied = owner.client.get_cookie("hub_session")
    assert copied is not None
    thief.client.set_cookie("hub_session", copied.value)
    assert thief.get("/account").status_code == 200
    owner.post("/sign-out")
    assert (owner.get("/account").status_code, thief.get("/account").status_code) == (302, 302)


def test_a_new_password_signs_out_everywhere_else(hub: Hub) -> None:
    app, who = create_app(hub), person(hub)
    here, there = visitor(app), visitor(app)
    for each in (here, there):
        each.post("/sign-in", email=who.email, password=PASSWORD)
    assert here.post("/account", current="wrong", password="another long password").status_code == 422
    assert here.post("/account", current=PASSWORD, password="another long password").status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)
    assert visitor(app).post("/sign-in", email=who.email, password="another long password").status_code == 303


def test_a_session_ends_after_a_day_without_use(hub: Hub) -> None:
    app = create_app(hub)
    copied = signed_in(app, hub).client.get_cookie("hub_session")
    assert copied is not None
    tomorrow = visitor(create_app(later(hub, timedelta(hours=25))))
    tomorrow.client.set_cookie("hub_session", copied.value)
    assert tomorrow.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/settings/keys?x=1", "/settings/keys?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_on_within_the_hub_only(hub: Hub, target: str, location: str) -> None:
    who = person(hub)
    answer = visitor(create_app(hub)).post("/sign-in", email=who.email, password=PASSWORD, next=target)
    assert answer.location == location


def test_who_is_not_signed_in_is_led_back_after_signing_in(hub: Hub) -> None:
    answer = visitor(create_app(hub)).get("/settings/connections?x=1")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/settings/connections?x%3D1")


def test_a_form_without_our_token_changes_nothing(hub: Hub) -> None:
    app = create_app(hub)
    somebody = signed_in(app, hub)
    answer = somebody.client.post("/settings/people/invite", data={"email": "rui@example.com", "role": "viewer"})
    assert answer.status_code == 400
    with hub.database.reading() as tx:
        assert [each.email for each in access.users(tx)] == ["admin@example.com"]


def test_over_tls_the_cookie_is_bound_to_the_host_and_sent_over_tls_only(database_url: str, tmp_path: Path) -> None:
    hub = support.made(tmp_path, DATABASE_URL=database_url, PUBLIC_URL="https://hub.example.com")
    answer = create_app(hub).test_client().get("/sign-in", base_url="https://hub.example.com")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-hub_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    hub.database.close()


def test_an_address_in_the_forwarded_header_counts_only_behind_a_proxy(hub: Hub) -> None:
    app, who = create_app(hub), person(hub)
    failures(hub, 30)
    somebody = visitor(app)
    form = {"csrf_token": somebody.token(), "email": who.email, "password": PASSWORD}
    answer = somebody.client.post("/sign-in", data=form, headers={"X-Forwarded-For": "198.51.100.7"})
    assert answer.status_code == 429


def test_somebody_invited_sets_a_password_once(hub: Hub) -> None:
    boss = admin(hub)
    page = boss.post("/settings/people/invite", email="rui@example.com", role="operator")
    shown = page.text.split('id="link" value="')[1].split('"')[0]
    guest = visitor(boss.client.application)
    assert "You sign in as rui@example.com" in words(guest.get(path_of(shown)))
    assert guest.post(path_of(shown), name="Rui", password=PASSWORD).status_code == 303
    assert "rui@example.com, Operator" in guest.text("/account")
    assert guest.get(path_of(shown)).status_code == 410
