"""Alembic comes in here; the connection, already in its transaction, is handed over by `migrate`."""

from alembic import context

from gateway.storage.sql.schema import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SCHEMA,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
