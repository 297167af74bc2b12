"""A stream that waits for a person says how many records it misses, and how many a person confirmed.

Locks `stream`, a table of a few rows a connection, for a moment. A stream that waits is read again and waits anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("stream") as stream:
        stream.add_column(sa.Column("missing", _NUMBER, nullable=True))
        stream.add_column(sa.Column("confirmed", _NUMBER, nullable=True))
        stream.drop_column("held")


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("stream") as stream:
        stream.add_column(sa.Column("held", sa.Text(), nullable=True))
        stream.drop_column("confirmed")
        stream.drop_column("missing")
