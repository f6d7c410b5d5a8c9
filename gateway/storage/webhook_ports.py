"""What webhooks and signed receipts ask of the storage; memory and SQL pass one contract suite."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from gateway.model.ids import ClientId
from gateway.model.signing import SigningKey
from gateway.model.webhooks import MessageId, Webhook, WebhookCount, WebhookId, WebhookMessage

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class Webhooks(Protocol[TransactionT_contra]):
    """Receivers, and the messages that they were and are to be sent."""

    def insert(self, transaction: TransactionT_contra, webhook: Webhook) -> None:
        """A new one."""
        ...

    def find(
        self, transaction: TransactionT_contra, webhook_id: WebhookId, *, for_change: bool = False
    ) -> Webhook | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def put(self, transaction: TransactionT_contra, webhook: Webhook) -> None:
        """Replace what moves; the row must be there."""
        ...

    def list_all(
        self, transaction: TransactionT_contra, client_id: ClientId | None = None
    ) -> Sequence[Webhook]:
        """Oldest first, without the removed ones; of one client, or of all."""
        ...

    def claim(
        self, transaction: TransactionT_contra, webhook_id: WebhookId, now: datetime, until: datetime
    ) -> Webhook | None:
        """Lease an active one that nobody else holds now; None otherwise."""
        ...

    def release(self, transaction: TransactionT_contra, webhook_id: WebhookId, fence: int) -> None:
        """End the lease, if it is still ours."""
        ...

    def add_messages(self, transaction: TransactionT_contra, messages: Sequence[WebhookMessage]) -> None:
        """Those whose id is there already are left as they are."""
        ...

    def put_message(self, transaction: TransactionT_contra, message: WebhookMessage) -> None:
        """What came of an attempt."""
        ...

    def list_due(
        self, transaction: TransactionT_contra, webhook_id: WebhookId, now: datetime, limit: int
    ) -> Sequence[WebhookMessage]:
        """Pending ones whose turn has come, in order; of each event only the first that is not finished."""
        ...

    def due_among(
        self, transaction: TransactionT_contra, webhook_ids: Sequence[WebhookId], now: datetime
    ) -> frozenset[WebhookId]:
        """Those that have something to send now."""
        ...

    def find_message(self, transaction: TransactionT_contra, message_id: MessageId) -> WebhookMessage | None:
        """None when it is unknown, or no longer kept."""
        ...

    def list_messages(
        self,
        transaction: TransactionT_contra,
        webhook_id: WebhookId,
        before: MessageId | None,
        limit: int,
    ) -> Sequence[WebhookMessage]:
        """Newest first; `before` goes on after an earlier page."""
        ...

    def make_due(self, transaction: TransactionT_contra, webhook_id: WebhookId, now: datetime) -> None:
        """Whatever is pending need not wait any longer."""
        ...

    def delete_finished(self, transaction: TransactionT_contra, before: datetime) -> int:
        """Housekeeping: finished messages older than that; says how many."""
        ...

    def count(self, transaction: TransactionT_contra) -> Sequence[WebhookCount]:
        """By state of the webhook, removed ones left out."""
        ...


class SigningKeys(Protocol[TransactionT_contra]):
    """Public keys that sign or have signed receipts; none is ever deleted."""

    def add(self, transaction: TransactionT_contra, key: SigningKey) -> None:
        """One that is there already stays as it is."""
        ...

    def list_all(self, transaction: TransactionT_contra) -> Mapping[str, SigningKey]:
        """By key id, oldest first."""
        ...
