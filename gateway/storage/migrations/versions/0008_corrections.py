"""Corrections: links from events to earlier entries, notices to offices, warnings, book statements.

Only new tables. The links of events that are there already are read from their bodies.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    "entry_links",
    "office_notices",
    "office_notice_units",
    "oversight_changes",
    "oversight_units",
    "book_statements",
)
ENTRY = ("entry_authority", "entry_book", "entry_year", "entry_number")
ROWS_A_TIME = 500


def upgrade() -> None:
    _create_entry_links()
    _create_office_notices()
    _create_oversight()
    _create_book_statements()
    _link_known_events()


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


def _entry() -> list[sa.Column[Any]]:
    return [
        *_text("entry_authority", "entry_book"),
        sa.Column("entry_year", sa.Integer(), nullable=False),
        *_text("entry_number"),
    ]


def _create_entry_links() -> None:
    op.create_table(
        "entry_links",
        *_entry(),
        _of("event_id", "events.event_id"),
        _instant("registered_at"),
        sa.PrimaryKeyConstraint(*ENTRY, "event_id", name="entry_links_pk"),
    )


def _create_office_notices() -> None:
    op.create_table(
        "office_notices",
        sa.Column("notice_id", sa.Text(), primary_key=True, nullable=False),
        _of("event_id", "events.event_id"),
        *_entry(),
        _of("original_event_id", "events.event_id", nullable=True),
        *_text("made_by", "addressees", "route"),
        _instant("made_at"),
        _instant("due_at"),
        *_text("legal_basis", "state"),
        _instant("fetched_at", nullable=True),
        *_text("fetched_by", nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        _instant("next_reminder_at", nullable=True),
        _instant("acknowledged_at", nullable=True),
        *_text("acknowledged_by", "acknowledged_note", nullable=True),
        sa.UniqueConstraint("event_id", *ENTRY, name="office_notices_once"),
    )
    waiting = sa.text("next_reminder_at IS NOT NULL")
    op.create_index(
        "office_notices_reminders",
        "office_notices",
        ["next_reminder_at", "notice_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "office_notice_units",
        *_text("unit_code"),
        _of("notice_id", "office_notices.notice_id"),
        sa.PrimaryKeyConstraint("unit_code", "notice_id", name="office_notice_units_pk"),
    )
    op.create_index("office_notice_units_notice_id", "office_notice_units", ["notice_id"])


def _create_oversight() -> None:
    op.create_table(
        "oversight_changes",
        sa.Column("oversight_id", sa.Text(), primary_key=True, nullable=False),
        *_text("kind"),
        _of("event_id", "events.event_id"),
        *_text("source"),
        *_entry(),
        *_text("authority_code"),
        _instant("made_at"),
        *_text("made_by"),
        *_text("reason", "legal_basis", nullable=True),
        *_text("units", "changes", "detail"),
        _instant("seen_at", nullable=True),
        *_text("seen_by", "seen_note", nullable=True),
        sa.UniqueConstraint("event_id", "kind", "source", name="oversight_changes_once"),
    )
    op.create_table(
        "oversight_units",
        *_text("unit_code"),
        _of("oversight_id", "oversight_changes.oversight_id"),
        sa.PrimaryKeyConstraint("unit_code", "oversight_id", name="oversight_units_pk"),
    )
    op.create_index("oversight_units_oversight_id", "oversight_units", ["oversight_id"])


def _create_book_statements() -> None:
    op.create_table(
        "book_statements",
        sa.Column("statement_id", sa.Text(), primary_key=True, nullable=False),
        *_text("request_id"),
        *_entry(),
        *_text("authority_code", "stated", "page_reference", "reason", "stated_by"),
        _instant("stated_at"),
        *_text("asked_sha256", "plan_sha256", "state"),
        _of("event_id", "events.event_id", nullable=True),
        *_text("decided_by", nullable=True),
        _instant("decided_at", nullable=True),
        *_text("decision_reason", nullable=True),
        sa.UniqueConstraint("stated_by", "request_id", name="book_statements_request"),
    )
    op.create_index("book_statements_state", "book_statements", ["state", "stated_at"])


def _link_known_events() -> None:
    """Page by page, by the key, so that the memory stays small whatever the table holds."""
    connection = op.get_bind()
    columns = ", ".join((*ENTRY, "event_id", "registered_at"))
    values = ", ".join(f":{name}" for name in (*ENTRY, "event_id", "registered_at"))
    insert = sa.text(f"INSERT INTO entry_links ({columns}) VALUES ({values})")  # noqa: S608 - names of ours only
    page = sa.text(
        "SELECT event_id, registered_at, body FROM events"
        " WHERE event_id > :after ORDER BY event_id LIMIT :rows"
    )
    after = ""
    while True:
        found = connection.execute(page, {"after": after, "rows": ROWS_A_TIME}).all()
        if not found:
            return
        after = found[-1].event_id
        links = [link for row in found for link in _links(row)]
        if links:
            connection.execute(insert, links)


def _links(row: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 - a row of the page above
    amends = json.loads(bytes(row.body)).get("amends")
    entry = amends.get("entry") if isinstance(amends, dict) else None
    if entry is None:
        return
    named = (entry["authority_code"], entry["book_code"], entry["registered_on"]["year"], entry["number"])
    yield {
        **dict(zip(ENTRY, named, strict=True)),
        "event_id": row.event_id,
        "registered_at": row.registered_at,
    }
