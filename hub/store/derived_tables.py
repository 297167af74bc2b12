"""The tables of what is derived: who is who, what happened to them, where they stand; all but the rulings can be made again."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, false

from hub.store.columns import Body, Instant, Name, Number, metadata

identifier = Table(
    "identifier",
    metadata,
    Column("record_id", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("own", Boolean, nullable=False, server_default=false()),
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
fact = Table(
    "fact",
    metadata,
    Column("id", Name, primary_key=True),
    Column("recorded_at", Instant, primary_key=True),
    Column("retracted_at", Instant),
    Column("type", Name, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("precision", Name, nullable=False),
    Column("record_id", Name, nullable=False, index=True),
    Column("raw_id", Number, nullable=False),
    Column("system", Name, nullable=False),
    Column("person_id", Name, index=True),
    Column("company_id", Name, index=True),
    Column("confidence", Float, nullable=False),
    Column("attrs", Body, nullable=False),
)
ruling = Table(
    "ruling",
    metadata,
    Column("first_id", Name, primary_key=True),
    Column("second_id", Name, primary_key=True, index=True),
    Column("same", Boolean, nullable=False),
    Column("decision_id", Number, primary_key=True, autoincrement=False, index=True),
)
candidate = Table(
    "candidate",
    metadata,
    Column("id", Name, primary_key=True),
    Column("first_id", Name, nullable=False, index=True),
    Column("second_id", Name, nullable=False, index=True),
    Column("rule", Name, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", Body, nullable=False),
    Index("ix_candidate_score", "score", "id"),
)
interval = Table(
    "interval",
    metadata,
    Column("customer_id", Name, primary_key=True),
    Column("framework", Name, primary_key=True),
    Column("number", Number, primary_key=True),
    Column("stage", Name, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("exited_at", Instant),
    Index("ix_interval_stage", "framework", "stage", "entered_at"),
)
dirty = Table(
    "dirty",
    metadata,
    Column("id", Number, primary_key=True),
    Column("record_id", Name, nullable=False, index=True),
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
    Column("revised_at", Instant),
    Column("known_at", Instant),
    Column("employer_id", Name, index=True),
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
