"""The tables of who may do what: people, their sessions and one-time tickets, API keys, and the audit log."""

from sqlalchemy import Column, ForeignKey, Table

from hub.store.columns import Body, Instant, Name, Number, metadata

user = Table(
    "hub_user",
    metadata,
    Column("id", Number, primary_key=True),
    Column("email", Name, nullable=False, unique=True),
    Column("name", Name),
    Column("role", Name, nullable=False),
    Column("password", Body),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant),
    Column("deactivated_at", Instant),
)
session = Table(
    "session",
    metadata,
    Column("hash", Name, primary_key=True),
    Column("user_id", Number, ForeignKey("hub_user.id"), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("key", Name, primary_key=True),
    Column("failures", Number, nullable=False),
    Column("until", Instant, nullable=False),
)
ticket = Table(
    "one_time_ticket",
    metadata,
    Column("hash", Name, primary_key=True),
    Column("purpose", Name, nullable=False),
    Column("data", Body, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
api_key = Table(
    "api_key",
    metadata,
    Column("id", Name, primary_key=True),
    Column("hash", Name, nullable=False),
    Column("label", Name, nullable=False),
    Column("scopes", Body, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)
audit = Table(
    "audit",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Name, nullable=False),
    Column("action", Name, nullable=False),
    Column("object", Name, nullable=False),
    Column("detail", Body, nullable=False),
    Column("chain", Name, nullable=False),
)
