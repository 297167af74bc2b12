"""Files that people sent, until they are read. Adds two empty tables."""

import sqlalchemy as sa
from alembic import op

from hub.store.columns import Instant

revision = "0004"
down_revision = "0003"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NAME = sa.String(length=200)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "upload",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("connection_id", _NAME, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("digest", _NAME, nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("state", _NAME, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("row", _NUMBER, nullable=False),
        sa.Column("run_id", _NUMBER, nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], name=op.f("fk_upload_connection_id_connection")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_connection_id"), "upload", ["connection_id"])
    op.create_table(
        "part",
        sa.Column("upload_id", _NUMBER, nullable=False),
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_part_upload_id_upload")),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_part")),
    )


def downgrade() -> None:
    """Take back; files that were not read yet are lost."""
    op.drop_table("part")
    op.drop_table("upload")
