"""The quality card of a connector: what it brings and how, who judged that, what is wrong; computed, never written by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import connectors
from hub import registry
from hub.cli.quality import consistent, declared, recorded
from hub.sandbox import standins

ROOT = Path(connectors.__file__).parent.parent


def card(connector_id: str, root: Path = ROOT) -> dict[str, Any]:
    """The card; `recordings` is None where this is no checkout, `wrong` lists what its author has to mend."""
    connector, mappings = registry.connector(connector_id), registry.mappings_of(connector_id)
    checkout = root if (root / "tests" / "connectors").is_dir() else None
    found = declared.card(connector, mappings)
    found["stand_in"] = connector_id in standins.available()
    found["wrong"] = consistent.contradictions(connector, mappings, checkout)
    found["recordings"] = None
    if checkout is not None:
        _recorded(found, checkout / "tests" / "connectors" / connector_id)
    return found


def _recorded(found: dict[str, Any], folder: Path) -> None:
    """Add what the recordings show: to the card, and to each stream what of it nobody reads."""
    connector, mappings = registry.connector(found["id"]), registry.mappings_of(found["id"])
    readme = folder / "README.md"
    origin = recorded.origin(readme.read_text()) if readme.exists() else None
    files = recorded.recordings(folder, connector, mappings, consistent.examples(connector))
    for stream in found["streams"]:
        mine = [each for each in files if stream["name"] in each.streams]
        stream |= {"recordings": [each.file for each in mine], "unmapped": sorted(set().union(*(each.unread for each in mine)))}
    found["recordings"] = {
        "files": len(files),
        "origin": origin,
        "records_read": sum(each.read for each in files),
        "unknown": sorted(set().union(*(each.unknown for each in files))),
    }
    found["wrong"] += _wrong(files, origin)


def _wrong(files: Sequence[recorded.Recording], origin: str | None) -> list[str]:
    if not files:
        return ["there are no recordings of its answers in tests/connectors"]
    said = [f"{each.file}: {problem}" for each in files for problem in each.problems]
    return said if origin else [*said, "README.md of its recordings does not say where they are from"]
