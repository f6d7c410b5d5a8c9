"""Subscribing and unsubscribing: what a client does with his own webhooks, and an operator with all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Generic, TypeVar

from gateway.model.clock import Clock
from gateway.model.ids import ClientId, RandomBytes, new_uuid7
from gateway.model.webhooks import (
    DEFAULT_TYPES,
    TEST_TYPE,
    MessageId,
    Webhook,
    WebhookCount,
    WebhookId,
    WebhookMessage,
    WebhookState,
)
from gateway.operations.refusals import ActRefused
from gateway.operations.webhooks.guard import Forbidden, Guard
from gateway.operations.webhooks.payload import message_id_of, trial_body
from gateway.operations.webhooks.signing import Seal, new_secret
from gateway.storage.ports import Clients, Database, Feed
from gateway.storage.webhook_ports import Webhooks

TransactionT = TypeVar("TransactionT")

BY_PERSON: Final = "by_person"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook with its secret, which is told once and never again."""

    webhook: Webhook
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"NewSecret({self.webhook!r})"


@dataclass(frozen=True, slots=True)
class DeskTerms:
    """What holds for every webhook."""

    seal: Seal | None
    guard: Guard
    secret_overlap_seconds: float
    subscriptions_max: int


@dataclass(frozen=True, slots=True)
class WebhookDesk(Generic[TransactionT]):
    """`client_id` is the asker; None asks for all, as operators and the command line do."""

    database: Database[TransactionT]
    webhooks: Webhooks[TransactionT]
    clients: Clients[TransactionT]
    feed: Feed[TransactionT]
    terms: DeskTerms
    clock: Clock
    random_bytes: RandomBytes

    def add(self, client_id: ClientId, url: str, types: Collection[str]) -> NewSecret:
        """Begins with what happens from now on. Raises `ActRefused`."""
        seal, now = self._seal(), self.clock()
        try:
            self.terms.guard.check(url)
        except Forbidden as forbidden:
            raise ActRefused("webhook_address_refused", reason=forbidden.reason) from forbidden
        secret = new_secret(self.random_bytes)
        with self.database.write() as transaction:
            client = self.clients.find(transaction, client_id)
            if client is None or client.revoked_at is not None:
                raise ActRefused("not_found")
            if len(self.webhooks.list_all(transaction, client_id)) >= self.terms.subscriptions_max:
                raise ActRefused("too_many_webhooks", limit=self.terms.subscriptions_max)
            webhook = Webhook(
                webhook_id=WebhookId(new_uuid7(now, self.random_bytes)),
                client_id=client_id,
                url=url,
                types=frozenset(types) or DEFAULT_TYPES,
                state=WebhookState.ACTIVE,
                created_at=now,
                position=self.feed.last_position(transaction),
                sealed_secret=seal.close(secret),
            )
            self.webhooks.insert(transaction, webhook)
        return NewSecret(webhook, secret)

    def list_all(self, client_id: ClientId | None) -> Sequence[Webhook]:
        """Oldest first."""
        with self.database.read() as transaction:
            return self.webhooks.list_all(transaction, client_id)

    def show(self, webhook_id: WebhookId, client_id: ClientId | None) -> Webhook:
        """Raises `ActRefused`."""
        with self.database.read() as transaction:
            return self._get(transaction, webhook_id, client_id)

    def remove(self, webhook_id: WebhookId, client_id: ClientId | None) -> None:
        """Nothing is sent any more; its log is kept for its time. Raises `ActRefused`."""
        with self.database.write() as transaction:
            webhook = self._get(transaction, webhook_id, client_id, for_change=True)
            self.webhooks.put(transaction, replace(webhook, state=WebhookState.REMOVED))

    def set_active(self, webhook_id: WebhookId, client_id: ClientId | None, *, is_active: bool) -> Webhook:
        """Disabled, its changes wait; enabled, they go out at once. Raises `ActRefused`."""
        with self.database.write() as transaction:
            webhook = self._get(transaction, webhook_id, client_id, for_change=True)
            if is_active:
                changed = replace(
                    webhook, state=WebhookState.ACTIVE, failing_since=None, disabled_because=None
                )
                self.webhooks.make_due(transaction, webhook_id, self.clock())
            else:
                changed = replace(webhook, state=WebhookState.DISABLED, disabled_because=BY_PERSON)
            self.webhooks.put(transaction, changed)
        return changed

    def rotate(self, webhook_id: WebhookId, client_id: ClientId | None) -> NewSecret:
        """A new secret; the earlier one signs beside it for a while. Raises `ActRefused`."""
        seal, secret = self._seal(), new_secret(self.random_bytes)
        until = self.clock() + timedelta(seconds=self.terms.secret_overlap_seconds)
        with self.database.write() as transaction:
            webhook = self._get(transaction, webhook_id, client_id, for_change=True)
            rotated = replace(
                webhook,
                sealed_secret=seal.close(secret),
                earlier_sealed_secret=webhook.sealed_secret,
                earlier_until=until,
            )
            self.webhooks.put(transaction, rotated)
        return NewSecret(rotated, secret)

    def send_trial(self, webhook_id: WebhookId, client_id: ClientId | None) -> WebhookMessage:
        """A message of the type `webhook.test`, sent like any other. Raises `ActRefused`."""
        now = self.clock()
        with self.database.write() as transaction:
            webhook = self._get(transaction, webhook_id, client_id, for_change=True)
            if webhook.state is not WebhookState.ACTIVE:
                raise ActRefused("webhook_disabled", reason=webhook.disabled_because)
            message = WebhookMessage(
                message_id=message_id_of(webhook, self.random_bytes(16).hex()),
                webhook_id=webhook_id,
                position=webhook.position,
                change=TEST_TYPE,
                event_id=None,
                body=trial_body(now.isoformat()),
                created_at=now,
                next_attempt_at=now,
            )
            self.webhooks.add_messages(transaction, [message])
        return message

    def log(
        self, webhook_id: WebhookId, client_id: ClientId | None, before: MessageId | None, limit: int
    ) -> Sequence[WebhookMessage]:
        """Its messages, newest first. Raises `ActRefused`."""
        with self.database.read() as transaction:
            self._get(transaction, webhook_id, client_id)
            return self.webhooks.list_messages(transaction, webhook_id, before, limit)

    def count(self) -> Sequence[WebhookCount]:
        """For metrics."""
        with self.database.read() as transaction:
            return self.webhooks.count(transaction)

    def _seal(self) -> Seal:
        if self.terms.seal is None:
            raise ActRefused("webhooks_not_set_up")
        return self.terms.seal

    def _get(
        self,
        transaction: TransactionT,
        webhook_id: WebhookId,
        client_id: ClientId | None,
        *,
        for_change: bool = False,
    ) -> Webhook:
        """Another client's webhook does not exist for him."""
        found = self.webhooks.find(transaction, webhook_id, for_change=for_change)
        if found is None or found.state is WebhookState.REMOVED or client_id not in {None, found.client_id}:
            raise ActRefused("not_found")
        return found
