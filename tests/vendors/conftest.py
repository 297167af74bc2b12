"""Stand-ins under the vendors' own host names: a proxy on this machine ends TLS with a certificate of a test authority."""

import datetime as dt
import http.client
import ssl
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.clickup.sandbox import STANDIN as CLICKUP
from connectors.hubspot.sandbox import STANDIN as HUBSPOT
from connectors.salesforce.sandbox import STANDIN as SALESFORCE
from connectors.zendesk.sandbox import STANDIN as ZENDESK
from hub.sandbox.serve import serving
from hub.sandbox.world import World

HOSTS = {host.format(**each.answers): each.id for each in (HUBSPOT, ZENDESK, SALESFORCE, CLICKUP) for host in each.hosts}


@pytest.fixture(scope="session")
def world() -> World:
    return World(230)


@pytest.fixture
def origins(world: World) -> Iterator[dict[str, str]]:
    with serving([HUBSPOT, ZENDESK], world, now=time.time) as served:
        yield served


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key())
        built = built.add_extension(names, critical=False).add_extension(authority, critical=False)
    else:
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
        )
        signs = x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
        built = built.add_extension(signs, critical=True)
    return built.sign(issuer[1] if issuer else key, hashes.SHA256())


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The test authority's certificate, and the proxy's own with its key."""
    folder = tmp_path_factory.mktemp("authority")
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _certificate("Test authority", ca_key, None)
    leaf = _certificate("Stand-ins", key, (ca, ca_key))
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "proxy.pem").write_bytes(private + leaf.public_bytes(pem))
    return folder / "ca.pem", folder / "proxy.pem"


class _Forwarder(BaseHTTPRequestHandler):
    """Answers CONNECT, ends TLS, and passes each request on to the stand-in of the host it is for."""

    protocol_version = "HTTP/1.1"
    origins: dict[str, str]
    context: ssl.SSLContext

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.connection = self.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.close_connection = False

    def forward(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        length = int(self.headers.get("Content-Length") or 0)
        onward = http.client.HTTPConnection(urlsplit(self.origins[HOSTS[host]]).netloc, timeout=30)
        onward.request(self.command, self.path, self.rfile.read(length), dict(self.headers))
        answer = onward.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        onward.close()

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def proxy(origins: dict[str, str], authority: tuple[Path, Path]) -> Iterator[str]:
    """The proxy's address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority[1])
    answers = {f"do_{method}": _Forwarder.forward for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
    handler = type("Forwarder", (_Forwarder,), {"origins": origins, "context": context, **answers})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def ask(origin: str, path: str, form: dict[str, str] | None = None) -> http.client.HTTPResponse:
    """One plain request to a stand-in, redirects not followed."""
    line = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    line.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


@pytest.fixture
def allow(origins: dict[str, str]) -> Callable[[str, str, dict[str, str]], str]:
    """Signs in as a person would, pressing Allow on the consent page; the code."""

    def pressed(system: str, path: str, asked: dict[str, str]) -> str:
        assert ask(origins[system], f"{path}?{urlencode(asked)}").status == 200
        answer = ask(origins[system], path, {**asked, "decision": "allow"})
        location = answer.getheader("Location") or ""
        assert location.startswith(asked["redirect_uri"])
        query = parse_qs(urlsplit(location).query)
        assert query["state"] == [asked["state"]]
        return query["code"][0]

    return pressed


@pytest.fixture
def control(origins: dict[str, str]) -> Callable[[str, str, str], http.client.HTTPResponse]:
    """Posts JSON to a stand-in's control door."""

    def posted(system: str, act: str, body: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection(urlsplit(origins[system]).netloc, timeout=10)
        line.request("POST", f"/__sandbox/{act}", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    return posted
