"""The queue on SQLite or PostgreSQL, in transactions that it shares with its user.

PostgreSQL must run at READ COMMITTED: what is read after a lock was taken must be what the last owner left.
SQLite must have one writing connection at a time (BEGIN IMMEDIATE).
"""

from contextlib import AbstractContextManager

from sqlalchemy import Connection

from retry_queue.sql.claims import SqlClaims
from retry_queue.sql.completions import SqlCompletions
from retry_queue.sql.heads import RAISE_AFTER_JOBS, Heads
from retry_queue.sql.inspection import SqlInspection
from retry_queue.sql.lanes import SqlLanes
from retry_queue.sql.operations import SqlOperations
from retry_queue.sql.producer import SqlProducer
from retry_queue.sql.profile import SqlProfile
from retry_queue.sql.tracks import SqlTracks
from retry_queue.sql.upkeep import SqlUpkeep
from retry_queue.store import Transactions


class SqlStore(
    SqlProducer,
    SqlClaims,
    SqlCompletions,
    SqlUpkeep,
    SqlOperations,
    SqlTracks,
    SqlLanes,
    SqlInspection,
    SqlProfile,
):
    """All of the port on a database; in memory it only counts its claims."""

    def __init__(
        self, transactions: Transactions[Connection], raise_heads_after_jobs: int = RAISE_AFTER_JOBS
    ) -> None:
        super().__init__(Heads(raise_heads_after_jobs))
        self._transactions = transactions

    def write(self) -> AbstractContextManager[Connection]:
        """Commit on leaving, roll back on an exception."""
        return self._transactions.write()

    def read(self) -> AbstractContextManager[Connection]:
        """A consistent view that writes nothing."""
        return self._transactions.read()
