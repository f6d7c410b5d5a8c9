"""Counts of the queues, kept forecasts, the ladder of escalation with its notices: only new tables."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = ("queue_samples", "forecasts", "notices", "notice_sendings", "escalation_marks")


def upgrade() -> None:
    _create_queue_samples()
    _create_forecasts()
    _create_notices()
    _create_notice_sendings()
    _create_escalation_marks()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(name: str, *rules: sa.ForeignKey, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), *rules, nullable=nullable)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _wide(name: str, *, primary_key: bool = False, autoincrement: bool = False) -> sa.Column[int]:
    # SQLite numbers rows by itself only for INTEGER.
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=False, primary_key=primary_key, autoincrement=autoincrement)


def _rate(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    # Microseconds since 1970, UTC.
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _index(table: str, ending: str, columns: list[str], where: str | None = None) -> None:
    part = None if where is None else sa.text(where)
    op.create_index(f"{table}_{ending}", table, columns, sqlite_where=part, postgresql_where=part)


def _create_queue_samples() -> None:
    op.create_table(
        "queue_samples",
        _instant("sampled_at"),
        *_texts("lane", "track"),
        _rate("seconds"),
        _wide("up_to_sequence"),
        *_numbers("ready", "unfinished", "enqueued", "finished"),
        sa.PrimaryKeyConstraint("sampled_at", "lane", "track", name="queue_samples_pk"),
    )


def _create_forecasts() -> None:
    op.create_table(
        "forecasts",
        *_texts("lane", "track"),
        _instant("made_at"),
        _instant("until"),
        *_numbers("waiting", "misses"),
        _instant("first_breach_at", nullable=True),
        _instant("done_at", nullable=True),
        _rate("drain_per_second"),
        _rate("arrivals_per_second"),
        _text("basis"),
        _instant("actual_first_breach_at", nullable=True),
        _instant("actual_done_at", nullable=True),
        _instant("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("lane", "track", "made_at", name="forecasts_pk"),
    )
    _index("forecasts", "open", ["made_at"], "settled_at IS NULL")


def _create_notices() -> None:
    op.create_table(
        "notices",
        _wide("position", primary_key=True, autoincrement=True),
        *_texts("notice_id", "destination"),
        *_numbers("percent"),
        _instant("made_at"),
        *_numbers("deliveries"),
        _text("worst_delivery_id"),
        _instant("worst_due_at"),
        _instant("first_breach_at", nullable=True),
        *_texts("text_vi", "text_en"),
        sa.UniqueConstraint("notice_id", name="notices_notice_id"),
        sqlite_autoincrement=True,
    )
    _index("notices", "destination_percent", ["destination", "percent", "made_at"])


def _create_notice_sendings() -> None:
    op.create_table(
        "notice_sendings",
        _text("notice_id", sa.ForeignKey("notices.notice_id")),
        *_numbers("number"),
        *_texts("role", "channel", "address", "state"),
        *_numbers("attempts"),
        _instant("next_attempt_at", nullable=True),
        _instant("last_attempt_at", nullable=True),
        _instant("accepted_at", nullable=True),
        _text("answer", nullable=True),
        sa.PrimaryKeyConstraint("notice_id", "number", name="notice_sendings_pk"),
        sa.CheckConstraint(
            "(state = 'pending') = (next_attempt_at IS NOT NULL)", name="notice_sendings_pending"
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL)", name="notice_sendings_accepted"
        ),
    )
    _index("notice_sendings", "due", ["next_attempt_at"], "state = 'pending'")


def _create_escalation_marks() -> None:
    op.create_table(
        "escalation_marks",
        _text("delivery_id", sa.ForeignKey("deliveries.delivery_id")),
        *_numbers("percent"),
        _text("destination"),
        *_numbers("told_as"),
        _instant("crossed_at"),
        _instant("recorded_at"),
        _text("notice_id", sa.ForeignKey("notices.notice_id"), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", "percent", name="escalation_marks_pk"),
    )
    _index("escalation_marks", "untold", ["destination", "told_as"], "notice_id IS NULL")
