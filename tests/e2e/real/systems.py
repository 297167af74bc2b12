"""The three real systems on this machine: their start scripts, where they listen, and how to sign in.

REAL_STATE names the folder that holds them, by default hub-real in the temporary folder.
"""

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.real.client import Client

HERE = Path(__file__).parent
_STARTS_WITHIN_SECONDS = 1800


def state() -> Path:
    """The folder of all that the systems keep."""
    return Path(os.environ.get("REAL_STATE", str(Path(tempfile.gettempdir()) / "hub-real")))


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """`secret` is the file with its token or OAuth application, below the state folder."""

    name: str
    port: int
    scheme: str
    secret: str

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def token(self) -> str:
        """What signs in to its API."""
        text = (state() / self.name / self.secret).read_text().strip()
        return str(json.loads(text)["api_token"]) if self.secret.endswith(".json") else text

    def started(self) -> Client:
        """A client of the running system, which is installed and started where it is not yet."""
        script = ["bash", str(HERE / self.name / "start.sh")]
        surroundings = {**os.environ, "REAL_STATE": str(state()), "PORT": str(self.port)}
        subprocess.run(script, env=surroundings, check=True, timeout=_STARTS_WITHIN_SECONDS, stdout=subprocess.DEVNULL)  # noqa: S603 - our own script
        return Client(origin=self.origin, headers={"Authorization": f"{self.scheme} {self.token()}"})


BOTTLECRM = System(name="bottlecrm", port=18010, scheme="Bearer", secret="token")
RT = System(name="rt", port=18030, scheme="token", secret="token")
PRETIX = System(name="pretix", port=18120, scheme="Token", secret="oauth.json")


def signed_in_person() -> str:
    """A JWT of BottleCRM's administrator, by the command that the package brings along for that."""
    folder = state() / BOTTLECRM.name
    command = f'. "{folder}/env"; "{state()}/venv-bottle/bin/django-admin" devlogin admin@example.com --org "Acme Loopback"'
    said = subprocess.run(["bash", "-c", command], cwd=folder, check=True, capture_output=True, text=True, timeout=120)  # noqa: S603, S607 - our own folder
    return str(re.findall(r"access_token:\s+(\S+)", said.stdout)[0])
