"""One frozen value with everything the surroundings decide; the only reader of the environment."""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from hub.errors import Misdeclared

Network = IPv4Network | IPv6Network
_LONGEST_SOCKET = 100
"""Characters; the kernel takes 107."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`redis_url` is None for the embedded Valkey, which listens on a socket in `data`; `keys` seal what is secret at rest."""

    data: Path
    database_url: str
    redis_url: str | None
    keys: tuple[tuple[str, bytes], ...]
    public_url: str
    host: str
    port: int
    workers: int
    sandbox: bool
    sandbox_origins: tuple[tuple[str, str], ...]
    private_networks: tuple[Network, ...]
    proxies: int
    log_level: str

    @property
    def redis(self) -> str:
        """Where Redis is, embedded or not."""
        return self.redis_url or f"unix://{self.socket}"

    @property
    def socket(self) -> Path:
        """Where the embedded Valkey listens: in the data folder, or in a short place where that path is too long for one."""
        wanted = self.data / "valkey" / "socket"
        if len(str(wanted)) <= _LONGEST_SOCKET:
            return wanted
        name = hashlib.blake2b(str(wanted).encode(), digest_size=8).hexdigest()
        return Path(tempfile.gettempdir()) / f"ciclo-hub-{name}" / "socket"

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS, so that cookies may say so."""
        return self.public_url.startswith("https://")

    @property
    def sqlite(self) -> bool:
        """Whether the database is a file of ours."""
        return self.database_url.startswith("sqlite")


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings as the environment has them; Misdeclared names the variable and gives an example."""
    data = Path(environment.get("HUB_DATA", "data")).absolute()
    port = _number(environment, "PORT", 8000)
    sandbox = environment.get("HUB_SANDBOX", "") == "1"
    return Settings(
        data=data,
        database_url=_database(environment.get("DATABASE_URL") or f"sqlite:///{data / 'hub.db'}"),
        redis_url=environment.get("REDIS_URL") or None,
        keys=_keys(environment, data),
        public_url=environment.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        host=environment.get("HUB_HOST", "127.0.0.1"),
        port=port,
        workers=_number(environment, "HUB_WORKERS", 2),
        sandbox=sandbox,
        sandbox_origins=_origins(environment.get("HUB_SANDBOX_ORIGINS", "")) if sandbox else (),
        private_networks=_networks(environment.get("HUB_PRIVATE_NETWORKS", "")),
        proxies=_number(environment, "HUB_PROXIES", 0),
        log_level=_level(environment.get("HUB_LOG_LEVEL", "INFO")),
    )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    said = environment.get(name, str(default))
    if not said.isdigit():
        raise Misdeclared(f"{name} must be a whole number, for example {name}={default}")
    return int(said)


def _level(said: str) -> str:
    if said not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise Misdeclared("HUB_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    return said


def _database(url: str) -> str:
    """Hosting platforms hand out `postgres://`; our driver's name stands in the URL."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


def _keys(environment: Mapping[str, str], data: Path) -> tuple[tuple[str, bytes], ...]:
    """`HUB_KEYS=id:hex,id:hex`; the first seals, all open. Without it, the file `keys` in the data folder."""
    path = data / "keys"
    said = environment.get("HUB_KEYS") or (path.read_text() if path.exists() else "")
    found = []
    for entry in filter(None, (part.strip() for part in said.split(","))):
        name, _, key = entry.partition(":")
        if not re.fullmatch(r"[A-Za-z0-9-]{1,32}", name) or not re.fullmatch(r"[0-9a-f]{64}", key):
            raise Misdeclared("HUB_KEYS must list id:key with keys of 64 hexadecimal digits, as `hub keys new` prints them")
        found.append((name, bytes.fromhex(key)))
    return tuple(found)


def _networks(said: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in said.split(",") if part.strip())
    except ValueError as error:
        raise Misdeclared("HUB_PRIVATE_NETWORKS must list networks, for example 10.1.0.0/16,192.168.5.7/32") from error


def _origins(said: str) -> tuple[tuple[str, str], ...]:
    """`HUB_SANDBOX_ORIGINS=connector=http://127.0.0.1:1234,…`: where the stand-ins are; only loopback is taken."""
    found = []
    for part in filter(None, said.split(",")):
        name, _, origin = part.partition("=")
        if not re.fullmatch(r"http://127\.0\.0\.1:\d{1,5}", origin):
            raise Misdeclared("HUB_SANDBOX_ORIGINS takes loopback origins, for example hubspot=http://127.0.0.1:18201")
        found.append((name.strip(), origin))
    return tuple(found)
