"""Where a connection may go: its addresses, filled in and pinned, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit

from ssrfguard import Policy

from hub.errors import BadInput, StopStream
from hub.settings import Network
from hub.spec import Connector

_LOOPBACK = ip_network("127.0.0.0/8")
_PLACE = re.compile(r"\{(\w+)\}")
_TOLD = re.compile(r"\{token\.(\w+)\}")
_ORIGIN = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One account's addresses.

    `sandbox` is the loopback origin of a stand-in that answers for every declared host; `networks` are the private
    networks in which a self-hosted system may be; `told` is the token reply, which may tell where the API is.
    """

    connector: Connector
    connection_id: str
    answers: Mapping[str, str]
    sandbox: str | None = None
    networks: tuple[Network, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)

    def filled(self, text: str) -> str:
        """A declared address or path with the admin's answers in their places."""
        try:
            return _PLACE.sub(lambda place: self.answers[place[1]], text)
        except KeyError as error:
            raise BadInput(f"{self.connector.label} needs an answer to {error.args[0]!r}", where=str(error.args[0])) from error

    def answered(self, text: str) -> bool:
        """Whether the admin answered everything that has a place in a text."""
        return all(place in self.answers for place in _PLACE.findall(text))

    @property
    def base(self) -> str:
        """The origin and path that relative paths are joined to; StopStream where the token names no host of the system."""
        return self.filled(_TOLD.sub(lambda place: self._origin_told(place[1]), self.connector.base_url)).rstrip("/")

    def still_told(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """What an earlier token reply told of where the API is, should the next one leave it out."""
        return {name: held[name] for name in _TOLD.findall(self.connector.base_url) if name in held}

    def url(self, path: str) -> str:
        """The URL of a path, or of an absolute link; StopStream where it leads to a host that is not the connection's."""
        absolute = path if "://" in path else self.base + self.filled(path)
        parts = urlsplit(absolute)
        if self.sandbox and absolute.startswith(f"{self.sandbox}/"):
            return absolute
        if f"{parts.scheme}://{parts.netloc}" not in self._origins():
            raise StopStream(
                f"{self.connection_id}: the answer leads to {parts.hostname or 'no host'}, not a host of this connection;"
                " if the system has moved, enter its new address under Settings"
            )
        if self.sandbox:
            return urljoin(self.sandbox, absolute.removeprefix(f"{parts.scheme}://{parts.netloc}"))
        return absolute

    def policy(self, url: str) -> Policy:
        """What the socket may connect to for this URL: public ones, private ones only where allowed."""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        allowed = (_LOOPBACK,) if self.sandbox else self.networks if self.connector.self_hosted else ()
        return Policy(
            allowed_schemes=frozenset({parts.scheme} if allowed else {"https"}),
            allowed_ports=frozenset({port}),
            allowed_networks=allowed,
            max_redirects=0,
        )

    def _origins(self) -> set[str]:
        declared = {f"https://{self.filled(host)}" for host in self.connector.hosts}
        if self.connector.told_by_token and not self.told:
            return declared
        base = urlsplit(self.base)
        return {f"{base.scheme}://{base.netloc}"} | declared

    def _origin_told(self, name: str) -> str:
        """The origin that the token reply names: the system's own, or in the sandbox the stand-in's."""
        said = str(self.told.get(name) or "").lower()
        if self.sandbox and said.rstrip("/") == self.sandbox:
            return self.sandbox
        found = _ORIGIN.fullmatch(said)
        if found is None or not found[1].endswith(tuple(f".{domain}" for domain in self.connector.token_domains)):
            raise StopStream(
                f"{self.connection_id}: the sign-in does not name a host of {self.connector.label} as the place of its API"
                f" ({name}); sign in again, and check that the address entered is the system's own"
            )
        return f"https://{found[1]}"
