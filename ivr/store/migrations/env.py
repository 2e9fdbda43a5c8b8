"""Run by Alembic for every command: the connection comes from `migrate`, which owns the transaction."""

from __future__ import annotations

from alembic import context

from ivr.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
