"""What alembic runs: on the connection it was handed, in one transaction where the database has transactional DDL."""

from alembic import context

from hub.store import access_tables, tables  # noqa: F401 - importing them fills the metadata
from hub.store.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
