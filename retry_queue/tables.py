"""The queue's tables. No bodies in here: the rows stay small, so the tail of a claim stays short."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from retry_queue.columns import UtcTime
from retry_queue.job import Track
from retry_queue.states import READY, State
from retry_queue.store import BreakerState

metadata = MetaData()

_WIDE = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER


def quoted(words: list[str]) -> str:
    """An SQL list of our own fixed words."""
    return ", ".join(f"'{word}'" for word in words)


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index over the few rows in one state, for both databases."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


READY_STATES = f"state IN ({quoted(sorted(state.value for state in READY))})"
NOTHING_TO_WAIT_FOR = "next_attempt_at IS NULL"
"""Together they say what a worker may take; each stands in statements as it stands in the index."""

queue_jobs = Table(
    "queue_jobs",
    metadata,
    Column("sequence", _WIDE, primary_key=True, autoincrement=True),
    Column("job_id", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("enqueued_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("asks", Integer, nullable=False),
    Column("fence", _WIDE, nullable=False),
    Column("maybe_sent", Boolean, nullable=False),
    Column("next_attempt_at", UtcTime),
    Column("lease_until", UtcTime),
    Column("leased_by", Text),
    Column("gate", Text),
    Column("gate_opens_at", UtcTime),
    Column("gate_shut", Boolean, nullable=False),
    Column("held_reason", Text),
    Column("finished_at", UtcTime),
    # Defaults for rows that are older than these columns.
    Column(
        "track",
        Text,
        CheckConstraint(
            f"track IN ({quoted([track.value for track in Track])})", name="queue_jobs_track_known"
        ),
        nullable=False,
        server_default=Track.LIVE.value,
    ),
    Column("party", Text, nullable=False, server_default=""),
    Column("rank", BigInteger, nullable=False, server_default=text("0")),
    Column("leads", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("job_id", name="queue_jobs_job_id"),
    CheckConstraint(f"state IN ({quoted([state.value for state in State])})", name="queue_jobs_state_known"),
    CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="queue_jobs_lease"),
    CheckConstraint("(state = 'held') = (held_reason IS NOT NULL)", name="queue_jobs_held_reason"),
    CheckConstraint(
        "(state IN ('done', 'cancelled')) = (finished_at IS NOT NULL)", name="queue_jobs_finished"
    ),
    CheckConstraint("state <> 'unknown' OR maybe_sent", name="queue_jobs_unknown_was_sent"),
    _partial(
        "queue_jobs_ready",
        *("lane", "track", "rank", "sequence"),
        where=f"{READY_STATES} AND {NOTHING_TO_WAIT_FOR}",
    ),
    _partial("queue_jobs_later", "next_attempt_at", "sequence", where="next_attempt_at IS NOT NULL"),
    _partial("queue_jobs_leading", "rank", "sequence", where="leads AND finished_at IS NULL"),
    _partial("queue_jobs_leased", "lease_until", where="state = 'leased'"),
    _partial("queue_jobs_waiting", "sequence", where="state = 'waiting'"),
    _partial("queue_jobs_held", "sequence", where="state = 'held'"),
    _partial("queue_jobs_gate_by_name", "gate", where="gate_shut"),
    _partial("queue_jobs_gate_by_time", "gate_opens_at", where="gate_shut AND state = 'waiting'"),
    sqlite_autoincrement=True,  # a number is never given twice, even after old rows are deleted
    # A step of a job finds room on its page; cleaning does not wait until a fifth of all rows has changed.
    postgresql_with={
        "fillfactor": 70,
        "autovacuum_vacuum_scale_factor": 0.02,
        "autovacuum_analyze_scale_factor": 0.05,
    },
)
"""One row a job, finished ones too; each state that is searched has an index of its own."""

queue_job_keys = Table(
    "queue_job_keys",
    metadata,
    Column("lane", Text, nullable=False),
    Column("ordering_key", Text, nullable=False),
    Column("sequence", _WIDE, ForeignKey("queue_jobs.sequence"), nullable=False),
    PrimaryKeyConstraint("lane", "ordering_key", "sequence", name="queue_job_keys_pk"),
    Index("queue_job_keys_sequence", "sequence"),
)
"""The keys of unfinished jobs only: the smallest number of a key is the job that may go."""

queue_gates = Table(
    "queue_gates",
    metadata,
    Column("gate", Text, primary_key=True),
    Column("opened_at", UtcTime, nullable=False),
)
"""Gates that have been opened, also those that nobody waits at yet."""

queue_lanes = Table(
    "queue_lanes",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("breaker", Text, nullable=False),
    Column("failures_in_row", Integer, nullable=False),
    Column("open_until", UtcTime),
    Column("hold_reason", Text),
    Column("window", Float),
    Column("window_goal", Float),
    Column("window_changed_at", UtcTime),
    Column("next_start_at", UtcTime),
    Column("window_cut_at", UtcTime),
    Column("recent_failures", Integer, nullable=False, server_default=text("0")),
    CheckConstraint(
        f"breaker IN ({quoted([state.value for state in BreakerState])})", name="queue_lanes_breaker_known"
    ),
)
"""What every process knows of a destination."""

queue_parties = Table(
    "queue_parties",
    metadata,
    Column("lane", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("next_turn", BigInteger, nullable=False),
    PrimaryKeyConstraint("lane", "party", name="queue_parties_pk"),
)
"""Where in the bulk work of a lane each party's next job will stand."""

queue_turns = Table(
    "queue_turns",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("served", BigInteger, nullable=False),
)
"""The turn that the bulk work of a lane has come to: a newcomer begins here, not at zero."""

queue_heads = Table(
    "queue_heads",
    metadata,
    Column("lane", Text, nullable=False),
    Column("track", Text, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("in_time_from", BigInteger, nullable=False),
    Column("first_from", BigInteger, nullable=False),
    PrimaryKeyConstraint("lane", "track", name="queue_heads_pk"),
)
"""Nothing ready stands below `first_from`, nor after `as_of` up to `in_time_from` (PostgreSQL only)."""
