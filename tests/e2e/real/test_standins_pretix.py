"""The stand-in for pretix answers the same requests as the real one does, and signs in by the same rules."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from hub.sandbox.oauth import DEFAULT_CLIENT, DEFAULT_SECRET
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.pretix.sign_in import App, Browser, real_app
from tests.e2e.real.shapes import differences, shape

pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]

ACME = "/api/v1/organizers/acme"
REQUESTS = {
    "customers": f"{ACME}/customers/",
    "the last page of customers": f"{ACME}/customers/?page_size=2&page=last",
    "two customers a page": f"{ACME}/customers/?page_size=2",
    "customers changed later, which is ignored": f"{ACME}/customers/?modified_since=2099-01-01T00:00:00Z&page_size=2",
    "customers by an unknown address": f"{ACME}/customers/?email=nobody@nowhere.example",
    "five hundred customers a page": f"{ACME}/customers/?page_size=500",
    "no customers a page": f"{ACME}/customers/?page_size=0",
    "a page beyond the last": f"{ACME}/customers/?page=9999",
    "a page that is no number": f"{ACME}/customers/?page=abc",
    "orders": f"{ACME}/orders/",
    "orders by the time of change": f"{ACME}/orders/?ordering=last_modified&page_size=50",
    "orders changed later": f"{ACME}/orders/?modified_since=2099-01-01T00:00:00Z",
    "orders changed at no time": f"{ACME}/orders/?modified_since=garbage",
    "paid orders": f"{ACME}/orders/?status=p&page_size=2",
    "cancelled orders": f"{ACME}/orders/?status=c&page_size=50",
    "orders with two fields": f"{ACME}/orders/?include=code&include=status&page_size=2",
    "orders without secrets": f"{ACME}/orders/?exclude=secret&exclude=positions&exclude=payments.payment_url&page_size=2",
    "orders by an unknown customer": f"{ACME}/orders/?customer=NOPE",
    "events": f"{ACME}/events/",
    "organizers": "/api/v1/organizers/",
    "the organizer": f"{ACME}/",
    "the version": "/api/v1/version",
    "a customer that does not exist": f"{ACME}/customers/NOPE/",
    "an order that does not exist": f"{ACME}/orders/NOPE/",
    "an organizer that does not exist": "/api/v1/organizers/nope/customers/",
    "an event that does not exist": f"{ACME}/events/nope/orders/",
}
# A name's parts, an event's name and its languages are a shop's own keys.
FREE = frozenset({"$.results[].name_parts", "$.name_parts", "$.results[].name", "$.results[].location"})
REDIRECT = "http://127.0.0.1:9999/callback"
Ask = Callable[[App, Browser], requests.Response]


@pytest.fixture(scope="module")
def apps(pretix: Pair) -> list[tuple[App, Browser]]:
    """An OAuth application of each, with somebody's browser."""
    app, email, password = real_app()
    signed_in = Browser()
    signed_in.sign_in(app.origin, email, password)
    other = App(
        origin=pretix.stand_in.origin, client_id=DEFAULT_CLIENT, client_secret=DEFAULT_SECRET, redirect_uri=app.redirect_uri
    )
    return [(app, signed_in), (other, Browser())]


@pytest.mark.parametrize("path", REQUESTS.values(), ids=REQUESTS.keys())
def test_an_answer_has_status_and_shape_of_the_real_one(pretix: Pair, path: str) -> None:
    real, stand_in = pretix.ask(path)
    assert (stand_in.status, stand_in.media_type) == (real.status, real.media_type)
    assert ("X-Page-Generated" in stand_in.headers) == ("X-Page-Generated" in real.headers)
    assert differences(shape(real.body), shape(stand_in.body), FREE) == []
    if real.status >= 400:
        assert stand_in.body == real.body


@pytest.mark.parametrize("path", ["/customers/?page_size=5", "/orders/?ordering=last_modified&page_size=5"])
def test_both_are_walked_by_their_links_to_the_count_they_name(pretix: Pair, path: str) -> None:
    for client in (pretix.real, pretix.stand_in):
        seen, page = [], client.done(ACME + path, method="GET")
        count = page["count"]
        while True:
            seen += [one.get("identifier") or one["code"] for one in page["results"]]
            if page["next"] is None:
                break
            page = client.done(page["next"], method="GET")
        assert len(seen) == len(set(seen)) == count


def test_customers_come_by_address_and_those_without_one_last(pretix: Pair) -> None:
    for client in (pretix.real, pretix.stand_in):
        emails, url = [], f"{ACME}/customers/"
        while url:
            page = client.done(url, method="GET")
            emails += [one["email"] for one in page["results"]]
            url = page["next"]
        assert emails == sorted(emails, key=lambda email: (email is None, email or ""))


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Token wrong", "wrong"])
def test_nobody_without_a_token_is_let_in(pretix: Pair, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    real, stand_in = (
        Client(origin=one.origin, headers=headers).ask(f"{ACME}/customers/") for one in (pretix.real, pretix.stand_in)
    )
    assert (stand_in.status, stand_in.body, stand_in.headers["WWW-Authenticate"]) == (401, real.body, "Token")
    assert real.status == 401


def test_a_customer_is_anonymised_but_never_deleted(pretix: Pair) -> None:
    answers: list[Any] = []
    for client in (pretix.real, pretix.stand_in):
        made = client.done(f"{ACME}/customers/", body={"email": f"gone{id(client)}@mail.example", "name_parts": {}})["identifier"]
        refused = client.ask(f"{ACME}/customers/{made}/", method="DELETE")
        assert (refused.status, refused.body) == (405, {"detail": 'Method "Customers cannot be deleted." not allowed.'})
        answer = client.done(f"{ACME}/customers/{made}/anonymize/", body={})
        answers.append({key: answer[key] for key in ("email", "phone", "name", "name_parts", "is_active", "is_verified")})
    assert answers[0] == answers[1]


def consented(app: App, browser: Browser, **other: str) -> dict[str, str]:
    code = browser.answer(app)["code"]
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect_uri, **other}


def used_code(app: App, browser: Browser) -> requests.Response:
    fields = consented(app, browser)
    app.token(**fields)
    return app.token(**fields)


def another_redirect(app: App, browser: Browser) -> requests.Response:
    return app.token(**consented(app, browser, redirect_uri="http://127.0.0.1:9999/other"))


def code_after_another_redirect(app: App, browser: Browser) -> requests.Response:
    fields = consented(app, browser)
    app.token(**{**fields, "redirect_uri": "http://127.0.0.1:9999/other"})
    return app.token(**fields)


def no_redirect(app: App, browser: Browser) -> requests.Response:
    fields = consented(app, browser)
    del fields["redirect_uri"]
    return app.token(**fields)


def wrong_verifier(app: App, browser: Browser) -> requests.Response:
    challenge = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    code = browser.answer(app, challenge)["code"]
    fields = {"grant_type": "authorization_code", "redirect_uri": app.redirect_uri, "code_verifier": "x" * 50}
    return app.token(code=code, **fields)


def refreshed(app: App, browser: Browser) -> requests.Response:
    return app.token(grant_type="refresh_token", refresh_token=app.tokens(browser)["refresh_token"])


def refreshed_too_widely(app: App, browser: Browser) -> requests.Response:
    refresh = app.tokens(browser, "read")["refresh_token"]
    return app.token(grant_type="refresh_token", refresh_token=refresh, scope="read write")


def json_body(app: App, _browser: Browser) -> requests.Response:
    fields = {"grant_type": "refresh_token", "refresh_token": "x", "client_id": app.client_id, "client_secret": app.client_secret}
    return requests.post(f"{app.origin}/api/v1/oauth/token", json=fields, timeout=60)


TOKEN_REQUESTS: dict[str, Ask] = {
    "a code": lambda app, browser: app.token(**consented(app, browser)),
    "a used code": used_code,
    "an unknown code": lambda app, _: app.token(grant_type="authorization_code", code="nope", redirect_uri=app.redirect_uri),
    "another redirect address": another_redirect,
    "a code that was tried with another redirect address": code_after_another_redirect,
    "no redirect address": no_redirect,
    "a wrong verifier, which is ignored": wrong_verifier,
    "a refresh token": refreshed,
    "an unknown refresh token": lambda app, _: app.token(grant_type="refresh_token", refresh_token="nope"),
    "a wider scope": refreshed_too_widely,
    "a wrong secret": lambda app, _: app.token(secret="nope", grant_type="refresh_token", refresh_token="nope"),
    "no grant type": lambda app, _: app.token(),
    "client credentials": lambda app, _: app.token(grant_type="client_credentials"),
    "a JSON body": json_body,
    "the end of an unknown token": lambda app, _: app.revoke("nope"),
}


@pytest.mark.parametrize("ask", TOKEN_REQUESTS.values(), ids=TOKEN_REQUESTS.keys())
def test_a_token_request_is_answered_alike(apps: list[tuple[App, Browser]], ask: Ask) -> None:
    real, stand_in = (ask(app, browser) for app, browser in apps)
    assert stand_in.status_code == real.status_code
    assert stand_in.headers.get("WWW-Authenticate") == real.headers.get("WWW-Authenticate")
    if not real.text:
        assert stand_in.text == ""
    elif real.ok:
        kept = ("expires_in", "token_type", "scope")
        assert set(stand_in.json()) == set(real.json())
        assert [stand_in.json()[name] for name in kept] == [real.json()[name] for name in kept]
    else:
        assert stand_in.json() == real.json()


@pytest.mark.parametrize(
    "other", [{}, {"scope": "everything"}, {"response_type": "token"}], ids=["plainly", "unknown scope", "implicit grant"]
)
@pytest.mark.parametrize("allow", [True, False])
def test_consent_sends_back_the_same_words(apps: list[tuple[App, Browser]], other: dict[str, str], *, allow: bool) -> None:
    real, stand_in = (browser.answer(app, other, allow=allow) for app, browser in apps)
    assert {name: value for name, value in stand_in.items() if name != "code"} == {
        name: value for name, value in real.items() if name != "code"
    }
    assert ("code" in stand_in) == ("code" in real)


@pytest.mark.parametrize("other", [{"client_id": "nope"}], ids=["unknown client"])
def test_an_unknown_client_is_told_so_without_being_sent_anywhere(apps: list[tuple[App, Browser]], other: dict[str, str]) -> None:
    assert [browser.asked(app, other).status_code for app, browser in apps] == [400, 400]


def test_a_refresh_ends_the_access_token_before_it_and_keeps_the_refresh_token(apps: list[tuple[App, Browser]]) -> None:
    for app, browser in apps:
        first = app.tokens(browser)
        second = app.token(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
        assert second["refresh_token"] == first["refresh_token"]
        statuses = [reads(app, pair["access_token"]) for pair in (first, second)]
        assert statuses == [401, 200]


def test_ending_the_access_token_leaves_the_refresh_token_good_and_not_the_other_way_round(
    apps: list[tuple[App, Browser]],
) -> None:
    for app, browser in apps:
        pair = app.tokens(browser)
        app.revoke(pair["access_token"])
        assert reads(app, pair["access_token"]) == 401
        again = app.token(grant_type="refresh_token", refresh_token=pair["refresh_token"]).json()
        assert reads(app, again["access_token"]) == 200
        app.revoke(pair["refresh_token"])
        assert app.token(grant_type="refresh_token", refresh_token=pair["refresh_token"]).status_code == 400


def test_a_grant_to_read_may_not_write(apps: list[tuple[App, Browser]]) -> None:
    told = []
    for app, browser in apps:
        client = Client(origin=app.origin, headers={"Authorization": f"Bearer {app.tokens(browser, 'read')['access_token']}"})
        answer = client.ask(f"{ACME}/customers/", method="POST", body={"email": "a@b.example"})
        told.append((answer.status, answer.body))
    assert told[0] == told[1] == (403, {"detail": "You do not have permission to perform this action."})


def reads(app: App, access: str) -> int:
    return Client(origin=app.origin, headers={"Authorization": f"Bearer {access}"}).ask("/api/v1/organizers/").status
