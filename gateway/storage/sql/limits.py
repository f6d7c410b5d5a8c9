"""The limits of a database: nothing may wait for ever."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatabaseLimits:
    """How many connections, and how long anything may take."""

    connections: int = 10
    """Of PostgreSQL; of SQLite the reading ones, beside the one that writes."""
    wait_seconds: float = 10.0
    """For a connection, for the writing connection of SQLite, for another process that writes to the file."""
    statement_seconds: float = 30.0
    """One statement of PostgreSQL."""
    lock_seconds: float = 10.0
    """For a row that another transaction of PostgreSQL has."""
    idle_seconds: float = 60.0
    """A transaction of PostgreSQL in which nothing happens."""
