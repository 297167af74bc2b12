"""The one way to send, over real sockets: what it refuses, what it bounds, and what it never tells."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread

import pytest

from hub import registry
from hub.errors import HubError, Reconnect, Retry, StopStream
from hub.remote import oauth
from hub.remote.endpoint import Endpoint
from hub.remote.send import Remote
from hub.remote.token import Time
from hub.remote.token_endpoint import Client
from hub.settings import Network
from hub.spec import OAuth2, Reply, Request, Token
from hub.spec.jsontext import MAX_BYTES
from tests.watching import Clock

KEY = "1-14-a-very-secret-key"
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)

Answer = tuple[int, dict[str, str], bytes]


class Server:
    """Answers everything in one way, and remembers who asked."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self.asked: list[tuple[str, str | None]] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked.append((self.path, self.headers.get("Authorization")))
                status, headers, body = answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *_about: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def answering(status: int = 200, body: bytes = b"{}", **headers: str) -> Iterator[Server]:
    written = {name.replace("_", "-"): value for name, value in headers.items()}
    server = Server(lambda _path: (status, written, body))
    try:
        yield server
    finally:
        server.close()


def remote(origin: str, networks: tuple[Network, ...] = LOOPBACK) -> Remote:
    """A self-hosted system at that address."""
    connector, clock = registry.connector("rt"), Clock()
    return Remote(
        endpoint=Endpoint(connector=connector, connection_id="rt-1", answers={"address": origin}, networks=networks),
        auth=connector.auth[0],
        token=lambda _than: Token(data={"key": KEY}, version=1, expires_at=None),
        keep_pace=lambda _path: None,
        time=Time(now=clock.now, wait=clock.wait),
    )


def sent(server: Server, path: str = "/REST/2.0/rt", networks: tuple[Network, ...] = LOOPBACK) -> Reply:
    return remote(server.origin, networks).send(Request(path=path))


def refused(kind: type[HubError], server: Server, *, networks: tuple[Network, ...] = LOOPBACK) -> str:
    """The message with which sending fails; the key is never in it."""
    with pytest.raises(kind) as caught:
        sent(server, networks=networks)
    assert type(caught.value) is kind
    assert KEY not in str(caught.value)
    return str(caught.value)


def test_a_call_is_signed_and_its_answer_read() -> None:
    with answering(body=b'{"Version": "5.0.3"}', X_Some="thing") as server:
        found = sent(server)
        assert (found.status, found.body, found.headers["x-some"]) == (200, {"Version": "5.0.3"}, "thing")
        assert server.asked == [("/REST/2.0/rt", f"token {KEY}")]


@pytest.mark.parametrize("networks", [(), (ip_network("10.0.0.0/8"),), (ip_network("127.0.0.2/32"),)])
def test_a_loopback_address_is_refused_unless_the_settings_name_it(networks: tuple[Network, ...]) -> None:
    with answering() as server:
        assert "HUB_PRIVATE_NETWORKS" in refused(StopStream, server, networks=networks)
        assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "https://10.0.0.1",
        "https://192.168.1.1",
        "https://172.16.0.1",
        "https://169.254.169.254",
        "https://100.64.0.1",
        "https://0.0.0.0",
        "https://[::1]",
        "https://[fd00::1]",
        "https://[fe80::1]",
        "https://[::ffff:127.0.0.1]",
        "https://2130706433",
        "https://localhost",
    ],
)
def test_a_private_address_in_whatever_writing_is_refused_before_a_byte_is_sent(address: str) -> None:
    with pytest.raises(StopStream, match="does not connect to such an address"):
        remote(address, ()).send(Request(path="/REST/2.0/rt"))


def test_a_name_that_leads_to_loopback_is_refused_too() -> None:
    with answering() as server:
        by_name = server.origin.replace("127.0.0.1", "localhost")
        with pytest.raises(StopStream):
            remote(by_name, (ip_network("10.0.0.0/8"),)).send(Request(path="/REST/2.0/rt"))
        assert server.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_nobody_else_sees_the_key(status: int) -> None:
    with answering() as other, answering(status, Location=f"{other.origin}/REST/2.0/rt") as server:
        assert "sends us elsewhere" in refused(StopStream, server)
        assert other.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_token_endpoint_that_sends_us_elsewhere_gives_our_secrets_to_nobody(status: int) -> None:
    server = Server(lambda _path: (status, {"Location": server.origin.replace("127.0.0.1", "localhost")}, b"{}"))
    connector = registry.connector("pretix")
    answers = {"address": server.origin, "organizer": "acme"}
    endpoint = Endpoint(connector=connector, connection_id="pretix-1", answers=answers, networks=LOOPBACK)
    (auth,) = connector.auth
    assert isinstance(auth, OAuth2)
    try:
        with pytest.raises(StopStream, match="elsewhere"):
            oauth.renewed(endpoint, auth, Client(client_id="us", secret=KEY, redirect_uri=""), {"refresh_token": "old"})
        assert [path for path, _ in server.asked] == ["/api/v1/oauth/token"]
    finally:
        server.close()


def test_an_absolute_link_to_another_host_never_gets_the_key() -> None:
    with answering() as other, answering() as server:
        with pytest.raises(StopStream):
            remote(server.origin).send(Request(path=f"{other.origin}/REST/2.0/rt"))
        assert (server.asked, other.asked) == ([], [])


def test_proxies_and_passwords_of_the_surroundings_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering() as proxy, answering() as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        sent(server)
        assert proxy.asked == []
        assert server.asked == [("/REST/2.0/rt", f"token {KEY}")]


def test_an_answer_that_unpacks_to_more_than_we_hold_is_refused() -> None:
    bomb = gzip.compress(b'"' + b"a" * (MAX_BYTES + 10) + b'"')
    assert len(bomb) < 100_000
    with answering(body=bomb, Content_Encoding="gzip", Content_Type="application/json") as server:
        assert "larger than 20,000,000 bytes" in refused(StopStream, server)


def test_an_answer_just_as_large_as_we_hold_is_read() -> None:
    whole = gzip.compress(b'"' + b"a" * (MAX_BYTES - 2) + b'"')
    with answering(body=whole, Content_Encoding="gzip") as server:
        assert len(sent(server).body) == MAX_BYTES - 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>Maintenance</title>",
        b'{"items": [1, 2',
        b"NaN",
        b"\xff\xfe",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
    ids=["empty", "page", "cut", "no number", "no text", "deep list", "deep object"],
)
def test_an_answer_that_is_no_json_is_asked_for_again(body: bytes) -> None:
    with answering(body=body) as server:
        assert "not JSON" in refused(Retry, server)


@pytest.mark.parametrize(
    ("body", "said"),
    [("\ufeffId,Name\n1,José\n".encode(), "Id,Name\n1,José\n"), (b"Id\n\xff\n", "Id\n\ufffd\n"), (b"", ""), (b"7", "7")],
)
def test_a_csv_is_its_text(body: bytes, said: str) -> None:
    with answering(body=body, Content_Type="text/CSV; charset=UTF-8") as server:
        assert remote(server.origin).send(Request(path="/x", headers={"Accept": "text/csv"})).body == said


def test_no_content_is_an_answer() -> None:
    with answering(204, b"") as server:
        assert sent(server).body is None


def test_half_a_character_does_not_spoil_a_page() -> None:
    with answering(body=rb'{"name": "cut \ud83d"}') as server:
        assert sent(server).body == {"name": "cut \ufffd"}


def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    with answering(body=b'{"items": []}', Content_Length="500") as server:
        assert "no answer" in refused(Retry, server)


def test_a_packed_answer_that_is_damaged_is_asked_for_again() -> None:
    with answering(body=b"no gzip at all", Content_Encoding="gzip") as server:
        assert "no answer" in refused(Retry, server)


def test_a_system_that_is_not_there_is_asked_again() -> None:
    with answering() as server:
        gone = server.origin
    with pytest.raises(Retry, match="no answer"):
        remote(gone).send(Request(path="/REST/2.0/rt"))


def test_a_refused_key_is_not_tried_twice() -> None:
    with answering(401) as server:
        assert "sign in again" in refused(Reconnect, server)
        assert len(server.asked) == 1


def test_the_pace_is_kept_before_anything_is_sent() -> None:
    paths: list[str] = []
    with answering() as server:
        replace(remote(server.origin), keep_pace=paths.append).send(Request(path="/REST/2.0/tickets", params={"page": 1}))
        assert paths == ["/REST/2.0/tickets"]
        assert server.asked == [("/REST/2.0/tickets?page=1", f"token {KEY}")]
