"""Follows the feed for every webhook and sends what is due; one process serves a webhook at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Generic, TypeVar

from gateway.model.clock import Clock
from gateway.model.webhooks import Webhook, WebhookId, WebhookMessage, WebhookState
from gateway.observability.logging import get_log
from gateway.operations.webhooks.payload import message_of
from gateway.operations.webhooks.policy import Answer, Patience, Random, record
from gateway.operations.webhooks.post import Post
from gateway.operations.webhooks.signing import Seal, SealBroken, headers_of
from gateway.storage.ports import Clients, Database, Events, Feed
from gateway.storage.webhook_ports import Webhooks

TransactionT = TypeVar("TransactionT")

ENTRIES_AT_ONCE: Final = 500
MESSAGES_AT_ONCE: Final = 50
LEASE_ATTEMPTS: Final = 3
"""A lease lasts for so many attempts at their longest; it is renewed with every one."""

CLIENT_REVOKED: Final = "client_revoked"

log = get_log("operations.webhooks")


@dataclass(frozen=True, slots=True)
class CourierStores(Generic[TransactionT]):
    """Where it reads and writes."""

    database: Database[TransactionT]
    webhooks: Webhooks[TransactionT]
    events: Events[TransactionT]
    feed: Feed[TransactionT]
    clients: Clients[TransactionT]


@dataclass(frozen=True, slots=True)
class CourierTerms:
    """What it goes by."""

    seal: Seal
    patience: Patience
    gateway_url: str
    attempt_seconds: float
    messages_kept_seconds: float


@dataclass(slots=True)
class Courier(Generic[TransactionT]):
    """`look` finds who has something to be told, and lets threads of its own tell them."""

    stores: CourierStores[TransactionT]
    terms: CourierTerms
    post: Post
    clock: Clock
    random: Random
    count: Callable[[str], None]
    """Told of every attempt: `taken`, `refused`, `unreachable`."""
    pool: ThreadPoolExecutor
    _scanned: dict[WebhookId, int] = field(default_factory=dict)
    """How far the feed was read in vain; after a restart those entries are read once more."""
    _under_way: set[WebhookId] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """Hand everybody who has something to be told to a thread. Raises `StorageUnavailable`."""
        for webhook_id in self._with_work():
            with self._lock:
                if webhook_id in self._under_way:
                    continue
                self._under_way.add(webhook_id)
            self.pool.submit(self.serve, webhook_id).add_done_callback(self._ended(webhook_id))

    def serve(self, webhook_id: WebhookId) -> None:
        """Everything that is due for one receiver, in order per event. Raises `StorageUnavailable`."""
        webhook = self._claim(webhook_id)
        if webhook is None:
            return  # another process has it, or it is not active any more
        try:
            self._follow_feed(webhook)
            self._send_due(webhook)
        finally:
            with self.stores.database.write() as transaction:
                self.stores.webhooks.release(transaction, webhook_id, webhook.fence)

    def clear_away(self) -> int:
        """Housekeeping: how many finished messages were deleted."""
        before = self.clock() - timedelta(seconds=self.terms.messages_kept_seconds)
        with self.stores.database.write() as transaction:
            return self.stores.webhooks.delete_finished(transaction, before)

    def stop(self) -> None:
        """Let attempts under way end."""
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _with_work(self) -> list[WebhookId]:
        """One reading transaction while nothing happens."""
        webhooks, now = self.stores.webhooks, self.clock()
        with self.stores.database.read() as transaction:
            active = [
                each
                for each in webhooks.list_all(transaction)
                if each.state is WebhookState.ACTIVE
                and (each.leased_until is None or each.leased_until <= now)
            ]
            if not active:
                return []
            last = self.stores.feed.last_position(transaction)
            due = webhooks.due_among(transaction, [each.webhook_id for each in active], now)
        return [each.webhook_id for each in active if each.webhook_id in due or self._read_up_to(each) < last]

    def _read_up_to(self, webhook: Webhook) -> int:
        return max(webhook.position, self._scanned.get(webhook.webhook_id, 0))

    def _claim(self, webhook_id: WebhookId) -> Webhook | None:
        now, webhooks = self.clock(), self.stores.webhooks
        with self.stores.database.write() as transaction:
            webhook = webhooks.claim(transaction, webhook_id, now, now + self._lease())
            if webhook is None:
                return None
            client = self.stores.clients.find(transaction, webhook.client_id)
            if client is not None and client.revoked_at is None:
                return webhook
            webhooks.put(
                transaction,
                replace(webhook, state=WebhookState.DISABLED, disabled_because=CLIENT_REVOKED),
            )
            return None

    def _lease(self) -> timedelta:
        return timedelta(seconds=LEASE_ATTEMPTS * self.terms.attempt_seconds)

    def _follow_feed(self, webhook: Webhook) -> None:
        """Messages and the place up to which they were made are one commit: nothing is lost between them."""
        stores, position = self.stores, self._read_up_to(webhook)
        while True:
            with stores.database.read() as transaction:
                page = stores.feed.list_after(transaction, position, ENTRIES_AT_ONCE)
                wanted = [each for each in page if webhook.wants(each.entry.change)]
                origins = stores.events.origins_of(transaction, {each.entry.event_id for each in wanted})
            if not page:
                return
            position = page[-1].position
            his = [
                message_of(webhook, each, self.terms.gateway_url)
                for each in wanted
                if (origin := origins.get(each.entry.event_id)) is not None
                and origin.client_id == webhook.client_id
            ]
            if his or len(page) == ENTRIES_AT_ONCE:
                self._keep(webhook, his, position)
            self._scanned[webhook.webhook_id] = position

    def _keep(self, webhook: Webhook, messages: list[WebhookMessage], position: int) -> None:
        with self.stores.database.write() as transaction:
            current = self._mine(transaction, webhook)
            if current is not None:
                self.stores.webhooks.add_messages(transaction, messages)
                self.stores.webhooks.put(transaction, replace(current, position=position))

    def _send_due(self, webhook: Webhook) -> None:
        while True:
            with self.stores.database.read() as transaction:
                due = self.stores.webhooks.list_due(
                    transaction, webhook.webhook_id, self.clock(), MESSAGES_AT_ONCE
                )
            if not due:
                return
            for message in due:
                if not self._attempt(webhook, message):
                    return

    def _attempt(self, webhook: Webhook, message: WebhookMessage) -> bool:
        """False when there is no point, or no right, to go on."""
        leased = self._renewed(webhook)
        if leased is None:
            return False
        now = self.clock()
        answer = self._post(leased, message)
        with self.stores.database.write() as transaction:
            current = self._mine(transaction, webhook)
            if current is None:
                return False  # it will be sent once more under the same id
            after, tried = record(current, message, answer, self.terms.patience, now, self.random)
            self.stores.webhooks.put_message(transaction, tried)
            self.stores.webhooks.put(transaction, after)
        self.count(_word(answer))
        if after.state is WebhookState.DISABLED and current.state is WebhookState.ACTIVE:
            log.warning(
                "webhook.disabled",
                webhook_id=webhook.webhook_id,
                client_id=webhook.client_id,
                reason=after.disabled_because,
            )
        return after.state is WebhookState.ACTIVE

    def _post(self, webhook: Webhook, message: WebhookMessage) -> Answer:
        now = self.clock()
        try:
            secrets = [self.terms.seal.open(webhook.sealed_secret)]
            if webhook.earlier_sealed_secret and webhook.earlier_until and now < webhook.earlier_until:
                secrets.append(self.terms.seal.open(webhook.earlier_sealed_secret))
        except SealBroken:
            return Answer(None, "secret_not_readable")
        headers = headers_of(message.message_id, message.body, secrets, now)
        return self.post(webhook.url, message.body, headers, now)

    def _renewed(self, webhook: Webhook) -> Webhook | None:
        """Ours for another attempt, with the secrets as they are now; None for one who has been replaced."""
        with self.stores.database.write() as transaction:
            current = self._mine(transaction, webhook)
            if current is None or current.state is not WebhookState.ACTIVE:
                return None
            leased = replace(current, leased_until=self.clock() + self._lease())
            self.stores.webhooks.put(transaction, leased)
            return leased

    def _mine(self, transaction: TransactionT, webhook: Webhook) -> Webhook | None:
        current = self.stores.webhooks.find(transaction, webhook.webhook_id, for_change=True)
        return current if current is not None and current.fence == webhook.fence else None

    def _ended(self, webhook_id: WebhookId) -> Callable[["Future[None]"], None]:
        def ended(future: "Future[None]") -> None:
            with self._lock:
                self._under_way.discard(webhook_id)
            error = None if future.cancelled() else future.exception()
            if error is not None:
                # Its lease runs out by itself, and the next look takes it up again.
                log.error("webhook.survived", webhook_id=webhook_id, error_type=type(error).__qualname__)

        return ended


def _word(answer: Answer) -> str:
    if answer.is_taken:
        return "taken"
    return "unreachable" if answer.status is None else "refused"
