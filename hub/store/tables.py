"""The tables. Constraints come before code: what must not happen twice has a unique key here."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from hub.store.columns import Body, Bytes, Instant, Name, Number, metadata


def _connection(*, primary_key: bool = False) -> Column[str]:
    return Column("connection_id", Name, ForeignKey("connection.id"), nullable=False, primary_key=primary_key)


app = Table(
    "app",
    metadata,
    Column("id", Number, primary_key=True),
    Column("connector", Name, nullable=False),
    Column("origin", Name, nullable=False),
    Column("client_id", Name, nullable=False),
    Column("secret", Body, nullable=False),
    Column("webhook_secret", Body),
    Column("door", Name, nullable=False, unique=True),
    UniqueConstraint("connector", "origin"),
)
connection = Table(
    "connection",
    metadata,
    Column("id", Name, primary_key=True),
    Column("connector", Name, nullable=False),
    Column("label", Name, nullable=False),
    Column("environment", Name, nullable=False),
    Column("auth", Name, nullable=False),
    Column("answers", Body, nullable=False),
    Column("account", Name),
    Column("account_name", Name),
    Column("state", Name, nullable=False),
    Column("problem", Body),
    Column("door", Name, nullable=False, unique=True),
    Column("webhook_secret", Body),
    Column("subscription", Body),
    Column("created_at", Instant, nullable=False),
)
credential = Table(
    "credential",
    metadata,
    _connection(primary_key=True),
    Column("sealed", Body, nullable=False),
    Column("version", Number, nullable=False),
    Column("expires_at", Instant),
    Column("lease_owner", Name),
    Column("lease_until", Instant),
)
stream = Table(
    "stream",
    metadata,
    _connection(primary_key=True),
    Column("name", Name, primary_key=True),
    Column("checkpoint", Body),
    Column("watermark", Instant),
    Column("swept_at", Instant),
    Column("due_at", Instant),
    Column("run_id", Number),
    Column("done_at", Instant),
    Column("terms", Name),
    Column("failures", Number, nullable=False, server_default="0"),
    Column("missing", Number),
    Column("confirmed", Number),
)
run = Table(
    "run",
    metadata,
    Column("id", Number, primary_key=True),
    _connection(),
    Column("stream", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("state", Name, nullable=False),
    Column("full", Boolean, nullable=False),
    Column("since", Instant),
    Column("pages", Number, nullable=False, server_default="0"),
    *(
        Column(name, Number, nullable=False, server_default="0")
        for name in ("read", "written", "same", "skipped", "gone", "unknown")
    ),
    Column("unread", Body, nullable=False, server_default="[]"),
    Column("expected", Number),
    Column("certified", Boolean),
    Column("error", Body),
    Index("ix_run_stream", "connection_id", "stream", "id"),
)
seen = Table(
    "seen",
    metadata,
    Column("run_id", Number, primary_key=True),
    Column("source_id", Name, primary_key=True),
)
question = Table(
    "question",
    metadata,
    _connection(primary_key=True),
    Column("stream", Name, primary_key=True),
    Column("path", Name, primary_key=True),
    Column("raw", Name, primary_key=True),
    Column("why", Name, nullable=False),
    Column("count", Number, nullable=False),
    Column("last_at", Instant, nullable=False),
)
decision = Table(
    "decision",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("key", Name, nullable=False),
    Column("value", Body, nullable=False),
    Column("by", Name, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index("ix_decision_kind_key", "kind", "key", "id"),
)
work = Table(
    "work",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("connection_id", Name, nullable=False, server_default=""),
    Column("key", Name, nullable=False, server_default=""),
    Column("state", Name, nullable=False),
    Column("again", Boolean, nullable=False, server_default=text("false")),
    Column("attempt", Number, nullable=False, server_default="0"),
    Column("failures", Number, nullable=False, server_default="0"),
    Column("not_before", Instant, nullable=False),
    Column("enqueued_at", Instant),
    Column("lease_owner", Name),
    Column("lease_until", Instant),
    Column("error", Body),
    UniqueConstraint("kind", "connection_id", "key"),
    Index("ix_work_due", "state", "not_before"),
)
lease = Table(
    "lease",
    metadata,
    Column("name", Name, primary_key=True),
    Column("owner", Name, nullable=False),
    Column("until", Instant, nullable=False),
)
inbox = Table(
    "inbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("door", Name, nullable=False),
    Column("key", Name, nullable=False),
    Column("connection_id", Name, nullable=False),
    Column("stream", Name, nullable=False),
    Column("source_id", Name, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("done_at", Instant),
    UniqueConstraint("door", "key"),
    Index("ix_inbox_open", "connection_id", "stream", "done_at"),
)
source = Table(
    "source",
    metadata,
    _connection(primary_key=True),
    Column("stream", Name, primary_key=True),
    Column("source_id", Name, primary_key=True),
    Column("hash", Name, nullable=False),
    Column("terms", Name, nullable=False),
    Column("raw_id", Number, nullable=False),
    Column("changed_at", Instant),
    Column("received_at", Instant, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=text("false")),
    Column("gone_at", Instant),
    Column("problem", Body),
)
raw = Table(
    "raw",
    metadata,
    Column("id", Number, primary_key=True),
    _connection(),
    Column("stream", Name, nullable=False),
    Column("source_id", Name, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("changed_at", Instant),
    Column("op", Name, nullable=False),
    Column("hash", Name, nullable=False),
    Column("body", Bytes),
    Index("ix_raw_source", "connection_id", "stream", "source_id", "id"),
)
record = Table(
    "record",
    metadata,
    Column("id", Name, primary_key=True),
    _connection(),
    Column("type", Name, nullable=False),
    Column("source_id", Name, nullable=False),
    Column("stream", Name, nullable=False),
    Column("origin_id", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=text("false")),
    Column("merged_into", Name),
    Column("hash", Name, nullable=False),
    Column("body", Body, nullable=False),
    Column("created_at", Instant),
    Column("changed_at", Instant),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("connection_id", "type", "source_id"),
    Index("ix_record_type", "type", "id"),
    Index("ix_record_origin", "connection_id", "stream", "origin_id"),
)
identifier = Table(
    "identifier",
    metadata,
    Column("record_id", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Index("ix_identifier_key", "key"),
)
mention = Table(
    "mention",
    metadata,
    Column("record_id", Name, primary_key=True),
    Column("target_id", Name, primary_key=True),
    Index("ix_mention_target_id", "target_id"),
)
merger = Table(
    "merger",
    metadata,
    Column("loser_id", Name, primary_key=True),
    Column("said_by", Name, primary_key=True),
    Column("winner_id", Name, nullable=False),
    Index("ix_merger_said_by", "said_by"),
)
dirty = Table(
    "dirty",
    metadata,
    Column("record_id", Name, primary_key=True),
    Column("version", Number, nullable=False),
)
link = Table(
    "link",
    metadata,
    Column("record_id", Name, primary_key=True),
    Column("customer_id", Name, nullable=False, index=True),
)
customer = Table(
    "customer",
    metadata,
    Column("id", Name, primary_key=True),
    Column("type", Name, nullable=False),
    Column("name", Name, nullable=False),
    Column("search", Body, nullable=False),
    Column("hash", Name, nullable=False),
    Column("document", Body, nullable=False),
    Column("systems", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_customer_name", "name", "id"),
)
identity_log = Table(
    "identity_log",
    metadata,
    Column("customer_id", Name, primary_key=True),
    Column("merged_into", Name),
    Column("at", Instant, nullable=False),
)
change = Table(
    "change",
    metadata,
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("customer_id", Name, nullable=False),
    Column("action", Name, nullable=False),
    Column("at", Instant, nullable=False),
    Column("records", Body, nullable=False),
)
