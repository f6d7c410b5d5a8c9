"""Webhooks, their messages and the public keys of receipts, on SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, text, tuple_, update
from sqlalchemy.sql.elements import ColumnElement

from gateway.model.ids import ClientId, DeliveryId, EventId
from gateway.model.signing import SigningKey
from gateway.model.webhooks import (
    MessageId,
    MessageState,
    Webhook,
    WebhookCount,
    WebhookId,
    WebhookMessage,
    WebhookState,
)
from gateway.storage.sql.statements import insert_missing
from gateway.storage.sql.webhook_tables import signing_keys, webhook_messages, webhooks
from gateway.storage.stored_forms import texts_from_text, texts_to_text

_PENDING = text("webhook_messages.state = 'pending'")
"""Spelled out, so that the partial index is used."""
_IS_THERE = webhooks.c.state != WebhookState.REMOVED.value


class SqlWebhooks:
    """A row a webhook, a row a message."""

    def insert(self, transaction: Connection, webhook: Webhook) -> None:
        """A new one."""
        transaction.execute(insert(webhooks).values(_webhook_row(webhook)))

    def find(
        self, transaction: Connection, webhook_id: WebhookId, *, for_change: bool = False
    ) -> Webhook | None:
        """Locked on PostgreSQL; SQLite has one writer."""
        query = select(webhooks).where(webhooks.c.webhook_id == webhook_id)
        row = transaction.execute(query.with_for_update() if for_change else query).one_or_none()
        return None if row is None else _webhook(row)

    def put(self, transaction: Connection, webhook: Webhook) -> None:
        """Replace."""
        same = webhooks.c.webhook_id == webhook.webhook_id
        transaction.execute(update(webhooks).where(same).values(_webhook_row(webhook)))

    def list_all(self, transaction: Connection, client_id: ClientId | None = None) -> Sequence[Webhook]:
        """Oldest first."""
        query = select(webhooks).where(_IS_THERE).order_by(webhooks.c.created_at, webhooks.c.webhook_id)
        if client_id is not None:
            query = query.where(webhooks.c.client_id == client_id)
        return [_webhook(row) for row in transaction.execute(query)]

    def claim(
        self, transaction: Connection, webhook_id: WebhookId, now: datetime, until: datetime
    ) -> Webhook | None:
        """One guarded update: of two processes one sees its row."""
        table = webhooks.c
        statement = (
            update(webhooks)
            .where(
                table.webhook_id == webhook_id,
                table.state == WebhookState.ACTIVE.value,
                or_(table.leased_until.is_(None), table.leased_until <= now),
            )
            .values(leased_until=until, fence=table.fence + 1)
            .returning(*webhooks.columns)
        )
        row = transaction.execute(statement).one_or_none()
        return None if row is None else _webhook(row)

    def release(self, transaction: Connection, webhook_id: WebhookId, fence: int) -> None:
        """Only our own lease."""
        same = (webhooks.c.webhook_id == webhook_id, webhooks.c.fence == fence)
        transaction.execute(update(webhooks).where(*same).values(leased_until=None))

    def add_messages(self, transaction: Connection, messages: Sequence[WebhookMessage]) -> None:
        """What is there already stays."""
        rows = [_message_row(each) for each in messages]
        insert_missing(transaction, webhook_messages, rows, ("message_id",), webhook_messages.c.message_id)

    def put_message(self, transaction: Connection, message: WebhookMessage) -> None:
        """Replace."""
        same = webhook_messages.c.message_id == message.message_id
        transaction.execute(update(webhook_messages).where(same).values(_message_row(message)))

    def list_due(
        self, transaction: Connection, webhook_id: WebhookId, now: datetime, limit: int
    ) -> Sequence[WebhookMessage]:
        """The first unfinished one of each event, where its time has come."""
        table = webhook_messages.c
        query = (
            select(webhook_messages)
            .where(table.webhook_id == webhook_id, _PENDING, table.next_attempt_at <= now, _is_first())
            .order_by(table.position, table.message_id)
            .limit(limit)
        )
        return [_message(row) for row in transaction.execute(query)]

    def due_among(
        self, transaction: Connection, webhook_ids: Sequence[WebhookId], now: datetime
    ) -> frozenset[WebhookId]:
        """One look at the index of pending messages."""
        table = webhook_messages.c
        query = (
            select(table.webhook_id)
            .distinct()
            .where(table.webhook_id.in_(webhook_ids), _PENDING, table.next_attempt_at <= now, _is_first())
        )
        return (
            frozenset(WebhookId(each) for each in transaction.scalars(query)) if webhook_ids else frozenset()
        )

    def find_message(self, transaction: Connection, message_id: MessageId) -> WebhookMessage | None:
        """By its id."""
        query = select(webhook_messages).where(webhook_messages.c.message_id == message_id)
        row = transaction.execute(query).one_or_none()
        return None if row is None else _message(row)

    def list_messages(
        self, transaction: Connection, webhook_id: WebhookId, before: MessageId | None, limit: int
    ) -> Sequence[WebhookMessage]:
        """Newest first."""
        table = webhook_messages.c
        query = select(webhook_messages).where(table.webhook_id == webhook_id)
        if before is not None:
            earlier = select(table.created_at).where(table.message_id == before).scalar_subquery()
            query = query.where(tuple_(table.created_at, table.message_id) < tuple_(earlier, before))
        page = query.order_by(table.created_at.desc(), table.message_id.desc()).limit(limit)
        return [_message(row) for row in transaction.execute(page)]

    def make_due(self, transaction: Connection, webhook_id: WebhookId, now: datetime) -> None:
        """One statement."""
        table = webhook_messages.c
        waiting = (table.webhook_id == webhook_id, _PENDING, table.next_attempt_at > now)
        transaction.execute(update(webhook_messages).where(*waiting).values(next_attempt_at=now))

    def delete_finished(self, transaction: Connection, before: datetime) -> int:
        """Housekeeping."""
        old = webhook_messages.c.finished_at < before
        return transaction.execute(delete(webhook_messages).where(old)).rowcount

    def count(self, transaction: Connection) -> Sequence[WebhookCount]:
        """Two counts."""
        table = webhooks.c
        query = select(table.state, func.count().label("number")).where(_IS_THERE).group_by(table.state)
        states = {row.state: row.number for row in transaction.execute(query)}
        waiting = (
            select(table.state, func.count().label("number"))
            .join(webhook_messages, webhook_messages.c.webhook_id == table.webhook_id)
            .where(_IS_THERE, _PENDING)
            .group_by(table.state)
        )
        pending = {row.state: row.number for row in transaction.execute(waiting)}
        return [
            WebhookCount(WebhookState(state), number, pending.get(state, 0))
            for state, number in sorted(states.items())
        ]


class SqlSigningKeys:
    """Only ever grows."""

    def add(self, transaction: Connection, key: SigningKey) -> None:
        """What is there already stays."""
        insert_missing(transaction, signing_keys, [asdict(key)], ("key_id",), signing_keys.c.key_id)

    def list_all(self, transaction: Connection) -> Mapping[str, SigningKey]:
        """Oldest first."""
        query = select(signing_keys).order_by(signing_keys.c.first_used_at, signing_keys.c.key_id)
        return {
            row.key_id: SigningKey(row.key_id, row.public_pem, row.first_used_at)
            for row in transaction.execute(query)
        }


def _is_first() -> ColumnElement[bool]:
    """No earlier message about the same event is unfinished."""
    other = webhook_messages.alias("earlier")
    table = webhook_messages.c
    return ~(
        select(other.c.message_id)
        .where(
            other.c.webhook_id == table.webhook_id,
            other.c.event_id == table.event_id,
            other.c.position < table.position,
            text("earlier.state = 'pending'"),
        )
        .exists()
    )


def _webhook_row(webhook: Webhook) -> dict[str, object]:
    return {
        **asdict(webhook),
        "types": texts_to_text(sorted(webhook.types)),
        "state": webhook.state.value,
    }


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        webhook_id=WebhookId(row.webhook_id),
        client_id=ClientId(row.client_id),
        url=row.url,
        types=frozenset(texts_from_text(row.types)),
        state=WebhookState(row.state),
        created_at=row.created_at,
        position=row.position,
        sealed_secret=row.sealed_secret,
        earlier_sealed_secret=row.earlier_sealed_secret,
        earlier_until=row.earlier_until,
        failing_since=row.failing_since,
        disabled_because=row.disabled_because,
        leased_until=row.leased_until,
        fence=row.fence,
    )


def _message_row(message: WebhookMessage) -> dict[str, object]:
    return {**asdict(message), "state": message.state.value}


def _message(row: Row[Any]) -> WebhookMessage:
    return WebhookMessage(
        message_id=MessageId(row.message_id),
        webhook_id=WebhookId(row.webhook_id),
        position=row.position,
        change=row.change,
        event_id=None if row.event_id is None else EventId(row.event_id),
        body=bytes(row.body),
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        state=MessageState(row.state),
        attempts=row.attempts,
        last_attempt_at=row.last_attempt_at,
        last_result=row.last_result,
        finished_at=row.finished_at,
        delivery_id=None if row.delivery_id is None else DeliveryId(row.delivery_id),
    )
