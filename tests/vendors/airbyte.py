"""Airbyte's sources as programs: each installed by itself, asked for a check, a catalogue or records, answering in lines of JSON.

https://docs.airbyte.com/platform/understanding-airbyte/airbyte-protocol
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]
_UV = Path(sys.executable).with_name("uv")
_PYTHON = "3.11"
"""The newest one that all of the sources allow."""
_SECONDS = 240
"""A run takes ten; a source that gets no good answer goes on asking for longer than this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a source read: the records of each stream, and the state to go on from."""

    records: Mapping[str, list[Json]]
    state: list[Json]


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """An installed source that reaches the world through a proxy alone. `folder` takes what it is told."""

    path: Path
    proxy: str
    folder: Path

    def check(self, config: Json) -> str:
        """SUCCEEDED or FAILED."""
        said = next(each for each in self._said("check", config=config) if each["type"] == "CONNECTION_STATUS")
        return str(said["connectionStatus"]["status"])

    def catalogue(self, config: Json) -> dict[str, Json]:
        """The streams by name, each with the schema of its records."""
        said = next(each for each in self._said("discover", config=config) if each["type"] == "CATALOG")
        return {stream["name"]: stream for stream in said["catalog"]["streams"]}

    def read(self, config: Json, streams: Iterable[Json], mode: str, state: Sequence[Json] = ()) -> Reading:
        """Read streams of the catalogue, `full_refresh` or `incremental` from a state."""
        told = {"streams": [_configured(stream, mode) for stream in streams]}
        records, kept = defaultdict(list), {}
        for each in self._said("read", config=config, catalog=told, state=list(state)):
            if each["type"] == "RECORD":
                records[each["record"]["stream"]].append(each["record"]["data"])
            elif each["type"] == "STATE":
                kept[each["state"]["stream"]["stream_descriptor"]["name"]] = each["state"]
        return Reading(records=records, state=[*kept.values()])

    def _said(self, command: str, **told: Json | list[Json]) -> list[Json]:
        """The lines that a run wrote."""
        asked: list[str | Path] = [self.path, command]
        for name, content in told.items():
            file = self.folder / f"{name}.json"
            file.write_text(json.dumps(content))
            asked += [f"--{name}", file]
        environment = {"HTTPS_PROXY": self.proxy, "NO_PROXY": ""}
        ran = subprocess.run(  # noqa: S603  # our own words
            asked, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        said = [json.loads(line) for line in ran.stdout.splitlines()]
        failed = [each["trace"]["error"]["message"] for each in said if "error" in each.get("trace", ())]
        assert command == "check" or not failed, failed
        return said


def _configured(stream: Json, mode: str) -> Json:
    keys = {"cursor_field": stream.get("default_cursor_field"), "primary_key": stream.get("source_defined_primary_key")}
    return {"stream": stream, "sync_mode": mode, "destination_sync_mode": "append", **keys}


def install(packages: Sequence[str], folder: Path, authority: Path) -> Path:
    """A new environment with a source, which believes nobody but the authority; where its programs are.

    Airbyte's requests are sent without what REQUESTS_CA_BUNDLE says, so the environment's own list of authorities is replaced.
    """
    subprocess.run([_UV, "venv", "--quiet", "--no-config", "--python", _PYTHON, folder], check=True)  # noqa: S603  # our own words
    asked: list[str | Path] = [_UV, "pip", "install", "--quiet", "--no-config", "--python", folder, *packages]
    subprocess.run(asked, check=True)  # noqa: S603  # our own words
    for trusted in folder.glob("lib/*/site-packages/certifi/cacert.pem"):
        trusted.unlink()  # It is a hard link to what other environments use too.
        trusted.write_bytes(authority.read_bytes())
    return folder / "bin"
