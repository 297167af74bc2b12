"""Whatever is sent, the answer is never that we failed: bodies and addresses that have broken others, at every path we have."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hub.sync.hub import Hub
from hub.web import create_app
from tests.web.asking import Program, filled, program
from tests.web.visiting import Visitor, signed_in

NASTY = {
    "lone surrogate": b'"\\ud800"',
    "lone surrogate as a key": b'{"\\udfff": 1}',
    "bytes that are no text": b'"\xed\xa0\x80\xff"',
    "NUL": b'"a\\u0000b"',
    "raw NUL": b'"a\x00b"',
    "number of 5,000 digits": b"1" * 5000,
    "fraction of 5,000 digits": b"0." + b"1" * 5000,
    "number beyond any float": b"1e400",
    "integer of 65 bits": b"36893488147419103232",
    "array 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "array 1,000 deep": b"[" * 1000 + b"]" * 1000,
    "object 5,000 deep": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "the same key twice": b'{"a": 1, "a": 2}',
    "NaN": b"NaN",
    "nothing": b"",
    "null": b"null",
    "half": b'{"records": [',
    "long text": b'"' + b"x" * 200_000 + b'"',
    "too much": b'"' + b"x" * 1_000_000 + b'"',
}
PLACES = (
    b"%s",
    b'{"records": %s}',
    b'{"records": [%s]}',
    b'{"records": [{"type": "contact", "id": %s, "changed_at": "2025-03-01T10:00:00Z", "data": {}}]}',
    b'{"records": [{"type": "contact", "id": "7", "changed_at": %s, "data": {}}]}',
    b'{"records": [{"type": "contact", "id": "7", "changed_at": "2025-03-01T10:00:00Z", "data": {"full_name": %s}}]}',
    b'{"records": [{"type": "contact", "id": "7", "changed_at": "2025-03-01T10:00:00Z", "data": {"custom": {"a": %s}}}]}',
    b'{"records": [{"type": "company", "id": "7", "changed_at": "2025-03-01T10:00:00Z", "data": {"employee_count": %s}}]}',
    b'{"records": [{"type": "contact", "id": "7", "changed_at": "2025-03-01T10:00:00Z", "merged_into": %s}]}',
)
IDS = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "%2F",
    "..%2f..%2fetc",
    "%0d%0aX-Injected:1",
    "9" * 5000,
    "18446744073709551616",
    "-1",
    "0",
    "1e9",
    "a" * 300,
    quote("é💥\u202e"),
    quote("' OR 1=1 --"),
    "%25",
    "None",
    "00000000-0000-0000-0000-000000000000",
    "push-1",
)
TEXTS = ("\0", "a\0b", "x" * 100_000, "é💥\u202e", "' OR 1=1 --", "{{7*7}}", "9" * 5000, "-1", "a\r\nb", "\ufffe", "%")
WORST = ("a\0b", "é💥\u202e", "9" * 5000, "-1")
"""Those that are also sent in one parameter after the other."""


@pytest.fixture
def app(hub: Hub) -> Flask:
    filled(hub)
    return create_app(hub)


def rules(app: Flask, method: str, start: str = "/") -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.rule.startswith(start)]


def addresses(rule: Rule, values: tuple[str, ...]) -> Iterator[str]:
    """The rule with each value in the place of all its variables."""
    parts = [part for piece in rule.rule.split("<") for part in piece.split(">")]
    for value in values if len(parts) > 1 else ("",):
        yield "".join(value if number % 2 else part for number, part in enumerate(parts))


def failed(answer: TestResponse) -> bool:
    return answer.status_code >= 500 or "X-Injected" in answer.headers


def test_no_body_makes_the_api_or_a_door_fail(hub: Hub, app: Flask) -> None:
    asks = program(hub, app)
    paths = [path for rule in rules(app, "POST", "/api/") for path in addresses(rule, ("push-1",))]
    assert "/api/v1/connections/push-1/records" in paths
    broken = []
    for name, value in NASTY.items():
        for place in PLACES:
            body = place.replace(b"%s", value)
            answers = [_posted(asks, path, body) for path in (*paths, f"/webhooks/{'A' * 32}")]
            broken += [(name, place, answer.status_code) for answer in answers if failed(answer)]
    assert broken == []


def _posted(asks: Program, path: str, body: bytes) -> TestResponse:
    key = {"Authorization": f"Bearer {asks.key}"}
    return asks.client.post(path, data=body, content_type="application/json", headers=key)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-7", "nonsense", ""]
)
def test_the_api_reads_nothing_but_json(hub: Hub, app: Flask, kind: str) -> None:
    asks = program(hub, app)
    answer = asks.post("connections/push-1/records", data=b"{}", content_type=kind)
    assert answer.status_code == (422 if "json" in kind else 415)


def test_no_address_makes_anything_fail(hub: Hub, app: Flask) -> None:
    asks, visits = program(hub, app), signed_in(app, hub)
    broken = []
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            for path in addresses(rule, IDS):
                answer = _asked(asks, visits, method, path)
                broken += [(method, path[:80], answer.status_code)] if failed(answer) else []
    assert broken == []


def _asked(asks: Program, visits: Visitor, method: str, path: str) -> TestResponse:
    if path.startswith("/api/"):
        key = {"Authorization": f"Bearer {asks.key}"}
        return asks.client.open(path, method=method, headers=key, json={"records": [{}]} if method == "POST" else None)
    if method == "POST" and path != "/sign-out":
        return visits.post(path)
    return visits.get(path)


def test_no_query_makes_anything_fail(hub: Hub, app: Flask) -> None:
    asks, visits = program(hub, app), signed_in(app, hub)
    names = ("q", "type", "cursor", "limit", "after", "state", "connection", "modified_after", "page", "before", "next", "code")
    broken = []
    for rule in rules(app, "GET"):
        (path, *_) = addresses(rule, ("push-1",))
        for text in TEXTS:
            query = "&".join(f"{name}={quote(text[:2000])}" for name in names)
            alone = text in WORST and path.startswith("/api/") and not path.endswith(("docs", ".json"))
            for asked in (query, *(f"{name}={quote(text[:2000])}" for name in names if alone)):
                answer = _asked(asks, visits, "GET", f"{path}?{asked}")
                broken += [(path, asked[:60], answer.status_code)] if failed(answer) else []
    assert broken == []


def test_no_form_makes_a_page_fail(hub: Hub, app: Flask) -> None:
    visits = signed_in(app, hub)
    token = visits.token()
    names = ("email", "password", "current", "name", "label", "role", "scopes", "days", "key", "subdomain", "environment", "raw")
    broken = []
    for rule in rules(app, "POST"):
        if rule.rule.startswith(("/api/", "/webhooks/")) or rule.rule == "/sign-out":
            continue
        for path in addresses(rule, ("push-1", "zendesk")):
            for text in TEXTS:
                sent = dict.fromkeys((*names, "stream", "path", "value", "secret"), text)
                answer = visits.client.post(path, data={"csrf_token": token, **sent})
                broken += [(path, text[:20], answer.status_code)] if failed(answer) else []
    assert broken == []
