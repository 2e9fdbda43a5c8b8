"""The schema's history, and the one function that brings a database up to it."""

from __future__ import annotations

import threading

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from ivr.errors import StoreError
from ivr.store.faults import faults
from ivr.store.transaction import altering, reading

_ONE_AT_A_TIME = threading.Lock()  # Alembic's `op` and `context` are global to the process


def migrate(engine: Engine) -> None:
    """Bring the schema of `engine` up to date, all of it or nothing; several starters at once wait for each other.

    Raises StoreError: a newer program's database, another program's database, locked, read-only, full.
    """
    with faults(engine.url):
        script = ScriptDirectory.from_config(_config())
    with reading(engine) as connection:
        current = _revision(connection, script)
    # a database that is up to date is opened without the write lock
    if current == script.get_current_head():
        return
    with _ONE_AT_A_TIME, altering(engine) as connection:
        # another starter may have been here since, even a newer one
        _revision(connection, script)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "ivr.store:migrations")
    return config


def _revision(connection: Connection, script: ScriptDirectory) -> str | None:
    """Read the schema, None for an empty database. Raises StoreError for one that we must not touch."""
    file = connection.engine.url.database
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None and inspect(connection).get_table_names():
        raise StoreError("this database belongs to another program; name another file", where=file)
    if current is not None and current not in {known.revision for known in script.walk_revisions()}:
        raise StoreError(
            f"this database was made by a newer version of this program (its schema is {current},"
            f" ours is {script.get_current_head()}); update the program or name another file",
            where=file,
        )
    return current
