"""What the versions of pushed records tell: data, deletions and restorations put back into one order."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from hub.model import Entity
from hub.spec.jsontext import loads
from hub.store import facts
from hub.store.database import Transaction
from hub.sync import history
from hub.sync.history import Said
from hub.sync.lanes_kind import Kind
from hub.sync.pushed import DATA, DELETED, RESTORED, Version, version


def tell(tx: Transaction, kind: Kind, source_ids: Sequence[str]) -> None:
    """Tell the facts of these records anew, from every version that was pushed."""
    pushed: dict[str, list[tuple[int, datetime, Version]]] = defaultdict(list)
    for lane in (DATA, DELETED, RESTORED):
        origin = kind.origin(lane)
        for row in facts.versions(tx, origin.connection_id, origin.stream, source_ids):
            if row.body is not None:
                found = version(loads(row.body), row.received_at)
                pushed[row.source_id].append((row.id, row.received_at, found))
    history.settle(tx, kind.origin(DATA), {source_id: _said(versions) for source_id, versions in pushed.items()})


def _said(versions: list[tuple[int, datetime, Version]]) -> list[Said]:
    """In the order of their own times, for what is restored is what was there before."""
    said: list[Said] = []
    entity: Entity | None = None
    for raw_id, received_at, found in sorted(versions, key=lambda each: (each[2].changed_at, each[0])):
        entity = found.entity or entity
        entities = () if found.sent.deleted or entity is None else (entity,)
        known = found.sent.observed_at
        at = received_at if known is None else known.astimezone(UTC) if known.tzinfo else known.replace(tzinfo=UTC)
        said.append(Said(raw_id=raw_id, changed_at=found.changed_at, recorded_at=min(at, received_at), entities=entities))
    return said
