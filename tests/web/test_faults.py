"""What goes wrong is answered in words, and nothing that anybody sends is answered with a fault of ours."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule

from hub.sync.hub import Hub
from hub.web import create_app
from tests.web.test_access import PROGRAMS
from tests.web.visiting import Visitor, admin, signed_in, visitor, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NASTY = [
    "\0",
    "a\0b",
    "\ud800",
    "%ED%A0%80",
    "%00",
    "%FF%FE",
    "..%2F..%2Fetc%2Fpasswd",
    "' OR 1=1 --",
    "%25%5F%5C",
    "9" * 5000,
    "-1",
    "1e400",
    "NaN",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "WyJhIl0",  # A list of one: no place in a list.
    "W1sxXSxbMl1d",  # Two lists.
    "eyJhIjoxfQ",
    "x" * 10_000,
    "\u202e\u200b\U0001f469\u200d\U0001f4bb",
]
FIELDS = (
    "client_id client_secret currency current data days domain email environment host key label name next password path raw role"
    " scopes secret stream subdomain url value webhook_secret"
)


def rules(method: str, app_of: Visitor) -> Iterator[Rule]:
    for rule in app_of.client.application.url_map.iter_rules():
        ours = not rule.rule.startswith(PROGRAMS) and rule.endpoint not in {"static", "signin.sign_out"}
        if ours and rule.methods and method in rule.methods:
            yield rule


def sent(text: str) -> str:
    return text.encode(errors="surrogatepass").decode(errors="replace") if "%" not in text else text


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_page_fails_whatever_the_address_says(hub: Hub, text: str) -> None:
    somebody = admin(hub)
    query = {name: sent(text) for name in ("q", "type", "after", "before", "stream", "next", "state", "code", "error")}
    part = sent(text).replace("/", "%2F").replace("?", "%3F").replace("#", "%23")
    for rule in rules("GET", somebody):
        answer = somebody.client.get(re.sub(r"<[^>]+>", lambda _: part, rule.rule), query_string=query)
        assert answer.status_code < 500, (rule.rule, answer.status_code)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_form_fails_whatever_is_sent(hub: Hub, text: str) -> None:
    somebody = admin(hub)
    token = somebody.token()
    for rule in rules("POST", somebody):
        if rule.endpoint == "signin.welcome":
            continue
        fields = {"csrf_token": token} | {name: sent(text) for name in FIELDS.split()}
        answer = somebody.client.post(
            re.sub(r"<connector_id>", "hubspot", re.sub(r"<number:[^>]+>", "7", rule.rule)), data=fields
        )
        assert answer.status_code < 500, (rule.rule, answer.status_code, words(answer)[:200])


def test_a_character_that_only_some_databases_take_is_refused_by_all(hub: Hub) -> None:
    somebody = admin(hub)
    assert somebody.get("/customers?q=a%00b").status_code == 400
    assert somebody.get("/customers/a%00b").status_code == 400
    assert somebody.post("/settings/keys/new", label="a\0b", scopes=["read"], days="30").status_code == 400


def test_a_body_over_a_megabyte_is_refused(hub: Hub) -> None:
    somebody = admin(hub)
    answer = somebody.client.post("/settings/keys/new", data={"label": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "larger than what this page takes" in words(answer)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/nowhere", 404, "There is nothing at this address."),
        ("GET", "/customers/some-id", 404, "There is no customer with this id, and there never was."),
        ("GET", "/settings/connections/nothing-1", 404, "There is no connection of that name."),
        ("DELETE", "/customers", 405, "does not take that kind of request"),
        ("GET", "/customers?after=!!", 400, "This address leads to no page of the list."),
        ("GET", "/settings/audit?before=99999999999999999999", 400, "This address leads to no page of the list."),
    ],
)
def test_a_fault_is_a_page_in_words(hub: Hub, method: str, path: str, status: int, said: str) -> None:
    answer = admin(hub).client.open(path, method=method)
    assert (answer.status_code, said in words(answer)) == (status, True)


def test_under_the_api_a_fault_is_a_problem_document(hub: Hub) -> None:
    answer = visitor(create_app(hub)).get("/api/nowhere")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json()["status"] == 404


def test_a_busy_database_is_answered_with_when_to_try_again(hub: Hub) -> None:
    app = create_app(hub)
    somebody = signed_in(app, hub)

    def away() -> None:
        raise OperationalError("select", {}, Exception("database is locked"))

    app.before_request_funcs.setdefault(None, []).append(away)
    answer = somebody.get("/customers")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_fault_of_ours_shows_nothing_of_its_inside(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(hub)
    somebody = signed_in(app, hub)

    def fails() -> None:
        raise RuntimeError("the inside")

    app.before_request_funcs.setdefault(None, []).append(fails)
    answer = somebody.get("/customers")
    assert answer.status_code == 500
    assert "the inside" not in answer.text
    assert "request failed" in caplog.text


def test_every_answer_tells_the_browser_what_not_to_do(hub: Hub) -> None:
    somebody = admin(hub)
    for path in ("/customers", "/nowhere", "/static/hub.css", "/api/nowhere"):
        with somebody.get(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_hold_no_script_or_style_of_their_own_and_are_kept_by_nobody(hub: Hub) -> None:
    somebody = admin(hub)
    for rule in rules("GET", somebody):
        if "<" in rule.rule:
            continue
        answer = somebody.get(rule.rule)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", answer.text), rule.rule
        assert answer.headers["Cache-Control"] == "no-store"


def test_each_answer_has_a_nonce_of_its_own(hub: Hub) -> None:
    somebody = admin(hub)
    nonces = [re.findall(r'nonce="([^"]+)"', somebody.get("/customers").text)[0] for _ in range(2)]
    assert nonces[0] != nonces[1]
