"""What people have fixed about customers: the newest word on a field of a customer's eldest record holds."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from hub.store import tables as t
from hub.store.database import Transaction, chunks
from hub.unify.golden import Lock

KIND = "lock"


def locks(tx: Transaction, record_ids: Collection[str]) -> Mapping[str, Mapping[str, Lock]]:
    """The locked fields of the customers whose eldest records are among these, by record and field."""
    query = select(t.decision).where(t.decision.c.kind == KIND).order_by(t.decision.c.id)
    found: dict[str, dict[str, Lock]] = defaultdict(dict)
    for some in chunks(sorted(record_ids)):
        for row in tx.execute(query.where(t.decision.c.key.in_(some))):
            said = json.loads(row.value)
            if said["locked"]:
                found[row.key][said["field"]] = Lock(value=said["value"], by=row.by, at=row.recorded_at)
            else:
                found[row.key].pop(said["field"], None)
    return found
