"""The queue gets tracks, parties and ranks, and one index for whatever a worker may take.

Jobs keep what they had: they are live, ranked by their due time or that of the most urgent behind them.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

# A rule of a column is accepted by SQLite only as part of the column.
ON_TRACK = "CONSTRAINT queue_jobs_track_known CHECK (track IN ('live', 'bulk'))"
OF_JOBS = (
    f"track TEXT DEFAULT 'live' NOT NULL {ON_TRACK}",
    "party TEXT DEFAULT '' NOT NULL",
    "rank BIGINT DEFAULT 0 NOT NULL",
    "leads BOOLEAN DEFAULT false NOT NULL",
)
OF_LANES = ("window", "window_goal", "window_changed_at", "next_start_at")
# A step of a job finds room on its own page; cleaning does not wait until a fifth of all rows has changed.
ROOM = {
    "fillfactor": 70,
    "autovacuum_vacuum_scale_factor": 0.02,
    "autovacuum_analyze_scale_factor": 0.05,
}


def upgrade() -> None:
    for column in OF_JOBS:
        op.execute(f"ALTER TABLE queue_jobs ADD COLUMN {column}")
    for name in OF_LANES:
        kind = sa.BigInteger() if name.endswith("_at") else sa.Float()
        op.add_column("queue_lanes", sa.Column(name, kind))
    _rank_old_jobs()
    for ending in ("queued", "unknown", "deferred"):
        op.drop_index(f"queue_jobs_{ending}", "queue_jobs")
    _index(
        "ready",
        ["lane", "track", "rank", "sequence"],
        "state IN ('queued', 'unknown') AND next_attempt_at IS NULL",
    )
    _index("later", ["next_attempt_at", "sequence"], "next_attempt_at IS NOT NULL")
    _index("leading", ["rank", "sequence"], "leads AND finished_at IS NULL")
    _create_tables()
    _on_postgres(
        f"ALTER TABLE queue_jobs SET ({', '.join(f'{name} = {value}' for name, value in ROOM.items())})"
    )


def downgrade() -> None:
    _on_postgres(f"ALTER TABLE queue_jobs RESET ({', '.join(ROOM)})")
    for table in ("queue_heads", "queue_turns", "queue_parties"):
        op.drop_table(table)
    for ending in ("ready", "later", "leading"):
        op.drop_index(f"queue_jobs_{ending}", "queue_jobs")
    op.execute(
        "UPDATE queue_jobs SET next_attempt_at = 0 WHERE state = 'unknown' AND next_attempt_at IS NULL"
    )
    for name in OF_LANES:
        op.drop_column("queue_lanes", name)
    for column in reversed(OF_JOBS):
        op.execute(f"ALTER TABLE queue_jobs DROP COLUMN {column.split()[0]}")
    _index("queued", ["lane", "due_at", "sequence"], "state = 'queued'")
    _index("unknown", ["lane", "next_attempt_at"], "state = 'unknown'")
    _index("deferred", ["next_attempt_at"], "state = 'deferred'")


BEHIND = (
    "FROM queue_job_keys AS mine JOIN queue_job_keys AS later ON later.lane = mine.lane "
    "AND later.ordering_key = mine.ordering_key AND later.sequence > mine.sequence "
    "JOIN queue_jobs AS follower ON follower.sequence = later.sequence "
    "WHERE mine.sequence = queue_jobs.sequence"
)


def _rank_old_jobs() -> None:
    op.execute("UPDATE queue_jobs SET rank = due_at")
    op.execute(
        f"UPDATE queue_jobs SET leads = true WHERE finished_at IS NULL AND EXISTS (SELECT 1 {BEHIND})"  # noqa: S608  # our own words
    )
    op.execute(
        f"UPDATE queue_jobs SET rank = (SELECT min(follower.due_at) {BEHIND}) "  # noqa: S608  # our own words
        f"WHERE leads AND rank > (SELECT min(follower.due_at) {BEHIND})"
    )


def _on_postgres(statement: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(statement)


def _index(ending: str, columns: list[str], where: str) -> None:
    part = sa.text(where)
    op.create_index(f"queue_jobs_{ending}", "queue_jobs", columns, sqlite_where=part, postgresql_where=part)


def _create_tables() -> None:
    op.create_table(
        "queue_parties",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("next_turn", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "party", name="queue_parties_pk"),
    )
    op.create_table(
        "queue_turns",
        sa.Column("lane", sa.Text(), primary_key=True, nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "queue_heads",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("in_time_from", sa.BigInteger(), nullable=False),
        sa.Column("first_from", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "track", name="queue_heads_pk"),
    )
