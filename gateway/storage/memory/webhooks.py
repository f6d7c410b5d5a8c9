"""Webhooks, their messages and the public keys of receipts, in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from gateway.model.ids import ClientId
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
from retry_queue.memory.transactions import MemoryTransaction


class MemoryWebhooks:
    """The twin of the SQL store."""

    def __init__(self) -> None:
        self._webhooks: dict[WebhookId, Webhook] = {}
        self._messages: dict[MessageId, WebhookMessage] = {}

    def insert(self, transaction: MemoryTransaction, webhook: Webhook) -> None:
        """A new one."""
        transaction.put(self._webhooks, webhook.webhook_id, webhook)

    def find(
        self,
        transaction: MemoryTransaction,
        webhook_id: WebhookId,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> Webhook | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._webhooks.get(webhook_id)

    def put(self, transaction: MemoryTransaction, webhook: Webhook) -> None:
        """Replace."""
        transaction.put(self._webhooks, webhook.webhook_id, webhook)

    def list_all(
        self, transaction: MemoryTransaction, client_id: ClientId | None = None
    ) -> Sequence[Webhook]:
        """Oldest first."""
        transaction.require_open()
        found = (
            each
            for each in self._webhooks.values()
            if each.state is not WebhookState.REMOVED and client_id in {None, each.client_id}
        )
        return sorted(found, key=lambda each: (each.created_at, each.webhook_id))

    def claim(
        self, transaction: MemoryTransaction, webhook_id: WebhookId, now: datetime, until: datetime
    ) -> Webhook | None:
        """Lease."""
        found = self._webhooks.get(webhook_id)
        if found is None or found.state is not WebhookState.ACTIVE:
            return None
        if found.leased_until is not None and found.leased_until > now:
            return None
        leased = replace(found, leased_until=until, fence=found.fence + 1)
        transaction.put(self._webhooks, webhook_id, leased)
        return leased

    def release(self, transaction: MemoryTransaction, webhook_id: WebhookId, fence: int) -> None:
        """Only our own lease."""
        found = self._webhooks.get(webhook_id)
        if found is not None and found.fence == fence:
            transaction.put(self._webhooks, webhook_id, replace(found, leased_until=None))

    def add_messages(self, transaction: MemoryTransaction, messages: Sequence[WebhookMessage]) -> None:
        """What is there already stays."""
        for message in messages:
            if message.message_id not in self._messages:
                transaction.put(self._messages, message.message_id, message)

    def put_message(self, transaction: MemoryTransaction, message: WebhookMessage) -> None:
        """Replace."""
        transaction.put(self._messages, message.message_id, message)

    def list_due(
        self, transaction: MemoryTransaction, webhook_id: WebhookId, now: datetime, limit: int
    ) -> Sequence[WebhookMessage]:
        """The first unfinished one of each event, where its time has come."""
        transaction.require_open()
        pending = sorted(
            (
                each
                for each in self._messages.values()
                if each.webhook_id == webhook_id and each.state is MessageState.PENDING
            ),
            key=lambda each: (each.position, each.message_id),
        )
        first: dict[str, int] = {}
        for each in pending:
            if each.event_id is not None:
                first.setdefault(each.event_id, each.position)
        return [
            each
            for each in pending
            if each.next_attempt_at <= now
            and (each.event_id is None or first[each.event_id] == each.position)
        ][:limit]

    def due_among(
        self, transaction: MemoryTransaction, webhook_ids: Sequence[WebhookId], now: datetime
    ) -> frozenset[WebhookId]:
        """Those with something to send."""
        return frozenset(each for each in webhook_ids if self.list_due(transaction, each, now, 1))

    def find_message(self, transaction: MemoryTransaction, message_id: MessageId) -> WebhookMessage | None:
        """By its id."""
        transaction.require_open()
        return self._messages.get(message_id)

    def list_messages(
        self, transaction: MemoryTransaction, webhook_id: WebhookId, before: MessageId | None, limit: int
    ) -> Sequence[WebhookMessage]:
        """Newest first."""
        transaction.require_open()
        found = sorted(
            (each for each in self._messages.values() if each.webhook_id == webhook_id),
            key=_age,
            reverse=True,
        )
        if before is not None:
            known = self._messages.get(before)
            found = [each for each in found if known is not None and _age(each) < _age(known)]
        return found[:limit]

    def make_due(self, transaction: MemoryTransaction, webhook_id: WebhookId, now: datetime) -> None:
        """Whatever is pending need not wait any longer."""
        for each in list(self._messages.values()):
            is_waiting = each.state is MessageState.PENDING and each.next_attempt_at > now
            if each.webhook_id == webhook_id and is_waiting:
                transaction.put(self._messages, each.message_id, replace(each, next_attempt_at=now))

    def delete_finished(self, transaction: MemoryTransaction, before: datetime) -> int:
        """Housekeeping."""
        old = [
            each.message_id
            for each in self._messages.values()
            if each.finished_at is not None and each.finished_at < before
        ]
        for message_id in old:
            transaction.drop(self._messages, message_id)
        return len(old)

    def count(self, transaction: MemoryTransaction) -> Sequence[WebhookCount]:
        """By state."""
        there = {each.webhook_id: each.state for each in self.list_all(transaction)}
        states = Counter(there.values())
        pending = Counter(
            there[each.webhook_id]
            for each in self._messages.values()
            if each.webhook_id in there and each.state is MessageState.PENDING
        )
        return [WebhookCount(state, states[state], pending[state]) for state in sorted(states)]


class MemorySigningKeys:
    """Only ever grows."""

    def __init__(self) -> None:
        self._keys: dict[str, SigningKey] = {}

    def add(self, transaction: MemoryTransaction, key: SigningKey) -> None:
        """What is there already stays."""
        if key.key_id not in self._keys:
            transaction.put(self._keys, key.key_id, key)

    def list_all(self, transaction: MemoryTransaction) -> Mapping[str, SigningKey]:
        """Oldest first."""
        transaction.require_open()
        found = sorted(self._keys.values(), key=lambda key: (key.first_used_at, key.key_id))
        return {key.key_id: key for key in found}


def _age(message: WebhookMessage) -> tuple[datetime, str]:
    return message.created_at, message.message_id
