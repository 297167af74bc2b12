"""Facts, stages, candidates and rulings; when a record's event happened.

Adds empty tables and columns, which locks `record`, `identifier` and `customer` for a moment. What is stored is read again by
the release's own digest of how records are read; what people said of who is not who is carried over.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from hub.store.columns import Instant

revision = "0003"
down_revision = "0002"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NAME = sa.String(length=200)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "fact",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("retracted_at", Instant(), nullable=True),
        sa.Column("type", _NAME, nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("precision", _NAME, nullable=False),
        sa.Column("record_id", _NAME, nullable=False),
        sa.Column("raw_id", _NUMBER, nullable=False),
        sa.Column("system", _NAME, nullable=False),
        sa.Column("person_id", _NAME, nullable=True),
        sa.Column("company_id", _NAME, nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("attrs", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "recorded_at", name=op.f("pk_fact")),
    )
    for name in ("record_id", "person_id", "company_id"):
        op.create_index(op.f(f"ix_fact_{name}"), "fact", [name])
    op.create_table(
        "ruling",
        sa.Column("first_id", _NAME, nullable=False),
        sa.Column("second_id", _NAME, nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("decision_id", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("first_id", "second_id", "decision_id", name=op.f("pk_ruling")),
    )
    op.create_index(op.f("ix_ruling_second_id"), "ruling", ["second_id"])
    op.create_index(op.f("ix_ruling_decision_id"), "ruling", ["decision_id"])
    op.create_table(
        "candidate",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("first_id", _NAME, nullable=False),
        sa.Column("second_id", _NAME, nullable=False),
        sa.Column("rule", _NAME, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
    )
    op.create_index(op.f("ix_candidate_first_id"), "candidate", ["first_id"])
    op.create_index(op.f("ix_candidate_second_id"), "candidate", ["second_id"])
    op.create_index("ix_candidate_score", "candidate", ["score", "id"])
    op.create_table(
        "interval",
        sa.Column("customer_id", _NAME, nullable=False),
        sa.Column("framework", _NAME, nullable=False),
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("stage", _NAME, nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("exited_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "framework", "number", name=op.f("pk_interval")),
    )
    op.create_index("ix_interval_stage", "interval", ["framework", "stage", "entered_at"])
    _dirty(sa.Column("id", _NUMBER, nullable=False), sa.Column("record_id", _NAME, nullable=False), key="id")
    op.create_index(op.f("ix_dirty_record_id"), "dirty", ["record_id"])
    with op.batch_alter_table("record") as record:
        record.add_column(sa.Column("occurred_at", Instant(), nullable=True))
        record.add_column(sa.Column("kind", _NAME, nullable=True))
    with op.batch_alter_table("identifier") as identifier:
        identifier.add_column(sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("customer") as customer:
        customer.add_column(sa.Column("revised_at", Instant(), nullable=True))
        customer.add_column(sa.Column("known_at", Instant(), nullable=True))
        customer.add_column(sa.Column("employer_id", _NAME, nullable=True))
        customer.create_index(op.f("ix_customer_employer_id"), ["employer_id"])
    _carry_over()


def downgrade() -> None:
    """Take back; what people said stays in the table of decisions."""
    with op.batch_alter_table("customer") as customer:
        customer.drop_index(op.f("ix_customer_employer_id"))
        for name in ("employer_id", "known_at", "revised_at"):
            customer.drop_column(name)
    with op.batch_alter_table("identifier") as identifier:
        identifier.drop_column("own")
    with op.batch_alter_table("record") as record:
        record.drop_column("kind")
        record.drop_column("occurred_at")
    _dirty(sa.Column("record_id", _NAME, nullable=False), sa.Column("version", _NUMBER, nullable=False), key="record_id")
    for name in ("interval", "candidate", "ruling", "fact"):
        op.drop_table(name)


def _dirty(*columns: sa.Column[Any], key: str) -> None:
    """Make the table anew: what was touched and not derived yet is touched again by being read again."""
    op.drop_table("dirty")
    op.create_table("dirty", *columns, sa.PrimaryKeyConstraint(key, name=op.f("pk_dirty")))


def _carry_over() -> None:
    """The newest decision of every pair that was parted."""
    decision = sa.table("decision", sa.column("id"), sa.column("kind"), sa.column("key"), sa.column("value"))
    ruling = sa.table("ruling", sa.column("first_id"), sa.column("second_id"), sa.column("same"), sa.column("decision_id"))
    database = op.get_bind()
    held: dict[frozenset[str], int] = {}
    newest = {
        row.key: row for row in database.execute(sa.select(decision).where(decision.c.kind == "apart").order_by(decision.c.id))
    }
    for row in newest.values():
        record, *others = json.loads(row.value) or [None]
        held |= {frozenset((record, other)): row.id for other in others if other != record}
    rows = [
        dict(zip(("first_id", "second_id"), sorted(pair), strict=True)) | {"same": False, "decision_id": held[pair]}
        for pair in held
    ]
    if rows:
        database.execute(ruling.insert(), rows)
