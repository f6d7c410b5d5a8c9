"""One event, once: natural keys, judged pairs, questions to people. Only new tables.

Events accepted before have no natural keys: a repetition of one of them is known by its entry only.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = ("natural_keys", "questions", "judged_pairs")


def upgrade() -> None:
    _create_natural_keys()
    _create_questions()
    _create_judged_pairs()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _of(name: str, target: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), sa.ForeignKey(target), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    # Microseconds since 1970, UTC.
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _create_natural_keys() -> None:
    op.create_table(
        "natural_keys",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _of("event_id", "events.event_id"),
        *_text("day"),
        sa.PrimaryKeyConstraint("digest", "ordinal", name="natural_keys_pk"),
    )
    op.create_index("natural_keys_event_id", "natural_keys", ["event_id"])


def _create_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("question_id", sa.Text(), primary_key=True, nullable=False),
        *_text("kind"),
        _of("event_id", "events.event_id"),
        *_text("suspicions", "authority_code"),
        _instant("registered_at"),
        _instant("due_at"),
        _instant("asked_at"),
        *_text("state"),
        *_text("answer", nullable=True),
        _of("same_as", "events.event_id", nullable=True),
        *_text("answered_by", nullable=True),
        _instant("answered_at", nullable=True),
        *_text("reason", "request_id", nullable=True),
    )
    op.create_index("questions_event_id", "questions", ["event_id"])
    waiting = sa.text("state = 'open'")
    op.create_index(
        "questions_open", "questions", ["question_id"], sqlite_where=waiting, postgresql_where=waiting
    )


def _create_judged_pairs() -> None:
    op.create_table(
        "judged_pairs",
        *_text("first", "second"),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        _of("question_id", "questions.question_id"),
        sa.PrimaryKeyConstraint("first", "second", name="judged_pairs_pk"),
    )
