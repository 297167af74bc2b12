"""Stand-ins as servers: faults on the line, open connections, and deliveries that arrive."""

import http.client
import json
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.hubspot.sandbox import STANDIN as HUBSPOT
from connectors.zendesk.sandbox import STANDIN as ZENDESK
from hub.sandbox.serve import serving
from hub.sandbox.world import World

AUTH = {"Authorization": "Bearer pat-na1-sandbox", "Content-Type": "application/json"}
LIST = "/crm/v3/objects/contacts?limit=50"


@pytest.fixture(scope="module")
def origins() -> Iterator[dict[str, str]]:
    with serving([HUBSPOT, ZENDESK], World(60), now=lambda: 1_795_000_000) as served:
        yield served


@pytest.fixture
def line(origins: dict[str, str]) -> Iterator[http.client.HTTPConnection]:
    opened = http.client.HTTPConnection(urlsplit(origins["hubspot"]).netloc, timeout=10)
    yield opened
    ask(opened, "POST", "/__sandbox/faults", dict.fromkeys(("html_every", "error_every", "truncate_every", "drop_every"), 0))
    opened.close()


def ask(line: http.client.HTTPConnection, method: str, path: str, body: object = None) -> tuple[int, bytes, Message]:
    line.request(method, path, None if body is None else json.dumps(body), AUTH)
    answer = line.getresponse()
    return answer.status, answer.read(), answer.headers


def test_each_stand_in_has_an_origin_of_its_own_on_this_machine(origins: dict[str, str]) -> None:
    assert set(origins) == {"hubspot", "zendesk"}
    assert {urlsplit(origin).hostname for origin in origins.values()} == {"127.0.0.1"}
    assert len({urlsplit(origin).port for origin in origins.values()}) == 2


def test_a_connection_stays_open(line: http.client.HTTPConnection) -> None:
    ask(line, "GET", LIST)
    first = line.sock
    assert ask(line, "GET", LIST)[0] == 200
    assert line.sock is first


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        ({"error_every": 1, "error_status": 502}, 502, "text/html"),
        ({"html_every": 1}, 200, "text/html"),
        ({"truncate_every": 1}, 200, "application/json"),
    ],
)
def test_faults_spoil_answers(line: http.client.HTTPConnection, fault: dict[str, int], status: int, kind: str) -> None:
    assert ask(line, "POST", "/__sandbox/faults", fault)[0] == 200
    answered, content, headers = ask(line, "GET", LIST)
    assert (answered, headers.get_content_type()) == (status, kind)
    with pytest.raises(json.JSONDecodeError):
        json.loads(content)


def test_every_nth_answer_is_spoilt(line: http.client.HTTPConnection) -> None:
    ask(line, "POST", "/__sandbox/faults", {"error_every": 3, "error_status": 503})
    statuses = [ask(line, "GET", LIST)[0] for _ in range(6)]
    assert (statuses.count(503), statuses.count(200)) == (2, 4)


def test_a_dropped_connection_gives_no_answer(line: http.client.HTTPConnection) -> None:
    ask(line, "POST", "/__sandbox/faults", {"drop_every": 1})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError, http.client.IncompleteRead)):
        ask(line, "GET", LIST)
    line.close()


def test_a_delivery_that_fails_is_tried_once_more(line: http.client.HTTPConnection) -> None:
    got: list[tuple[Any, Message]] = []
    statuses = iter((500, 200))

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((json.loads(self.rfile.read(int(self.headers["Content-Length"]))), self.headers))
            self.send_response(next(statuses))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        ask(line, "POST", "/__sandbox/push", {"url": f"http://127.0.0.1:{server.server_port}/in"})
        made = json.loads(ask(line, "POST", "/__sandbox/create", {"object": "companies", "fields": {"name": "N"}})[1])
        for _ in range(2):
            waiting = Thread(target=server.handle_request, daemon=True)
            waiting.start()
            waiting.join(timeout=10)
    assert [events[0]["attemptNumber"] for events, _ in got] == [0, 1]
    assert {(events[0]["objectId"], events[0]["subscriptionType"]) for events, _ in got} == {
        (int(made["id"]), "company.creation")
    }
    assert all(headers["X-HubSpot-Signature-v3"] for _, headers in got)
