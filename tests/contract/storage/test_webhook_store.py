"""Every store of webhooks, and of the public keys of receipts, keeps these."""

from dataclasses import replace
from datetime import timedelta

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
from gateway.storage.ports import Client, Role
from tests.contract.storage.conftest import Backend
from tests.support.submissions import RECEIVED_AT

NOW = RECEIVED_AT
LATER = NOW + timedelta(minutes=1)
MINE, OTHERS = WebhookId("w-1"), WebhookId("w-2")


def _webhook(webhook_id: WebhookId = MINE, client: str = "a") -> Webhook:
    return Webhook(
        webhook_id=webhook_id,
        client_id=ClientId(client),
        url=f"https://{client}.example/hook",
        types=frozenset({"delivery.held", "delivery.done"}),
        state=WebhookState.ACTIVE,
        created_at=NOW,
        position=7,
        sealed_secret="sealed",
    )


def _message(number: int, event: str | None = "e-1", webhook_id: WebhookId = MINE) -> WebhookMessage:
    return WebhookMessage(
        message_id=MessageId(f"msg-{webhook_id}-{number}"),
        webhook_id=webhook_id,
        position=number,
        change="delivery.done",
        event_id=None if event is None else EventId(event),
        body=f'{{"số": {number}}}'.encode(),
        created_at=NOW + timedelta(seconds=number),
        next_attempt_at=NOW,
        delivery_id=DeliveryId(f"d-{number}"),
    )


def _with(backend: Backend, *webhooks: Webhook) -> None:
    with backend.database.write() as transaction:
        for client_id in sorted({each.client_id for each in webhooks}):
            client = Client(
                client_id, client_id, frozenset({Role.SENDER}), frozenset({"08"}), "scrypt$x", NOW, None
            )
            backend.clients.insert(transaction, client)
        for webhook in webhooks:
            backend.webhooks.insert(transaction, webhook)


def _add(backend: Backend, *messages: WebhookMessage) -> None:
    with backend.database.write() as transaction:
        backend.webhooks.add_messages(transaction, messages)


def _put(backend: Backend, message: WebhookMessage) -> None:
    with backend.database.write() as transaction:
        backend.webhooks.put_message(transaction, message)


def _due(backend: Backend, webhook_id: WebhookId = MINE, limit: int = 10) -> list[int]:
    with backend.database.read() as transaction:
        found = backend.webhooks.list_due(transaction, webhook_id, NOW, limit)
        has_some = webhook_id in backend.webhooks.due_among(transaction, [MINE, OTHERS], NOW)
    assert has_some is bool(found)
    return [each.position for each in found]


def test_a_webhook_comes_back_as_it_was_put_and_only_of_its_client(backend: Backend) -> None:
    full = replace(
        _webhook(),
        earlier_sealed_secret="old",
        earlier_until=LATER,
        failing_since=NOW,
        disabled_because="receiver_gone",
        state=WebhookState.DISABLED,
        types=frozenset({"*"}),
    )
    _with(backend, _webhook(), _webhook(OTHERS, "b"))
    with backend.database.write() as transaction:
        backend.webhooks.put(transaction, full)
    with backend.database.read() as transaction:
        assert backend.webhooks.find(transaction, MINE) == full
        assert backend.webhooks.find(transaction, WebhookId("nobody")) is None
        assert backend.webhooks.list_all(transaction, ClientId("a")) == [full]
        assert backend.webhooks.list_all(transaction) == [full, _webhook(OTHERS, "b")]


def test_a_removed_one_is_not_listed(backend: Backend) -> None:
    _with(backend, _webhook(), _webhook(OTHERS, "b"))
    with backend.database.write() as transaction:
        backend.webhooks.put(transaction, replace(_webhook(), state=WebhookState.REMOVED))
        assert [each.webhook_id for each in backend.webhooks.list_all(transaction)] == [OTHERS]


def test_one_holds_a_lease_until_he_lets_go_or_it_runs_out(backend: Backend) -> None:
    _with(backend, _webhook())
    with backend.database.write() as transaction:
        first = backend.webhooks.claim(transaction, MINE, NOW, LATER)
        assert first is not None
        assert (first.leased_until, first.fence) == (LATER, 1)
        assert backend.webhooks.claim(transaction, MINE, NOW, LATER) is None
        second = backend.webhooks.claim(transaction, MINE, LATER, LATER + timedelta(minutes=1))
        assert second is not None
        backend.webhooks.release(transaction, MINE, first.fence)
        assert backend.webhooks.claim(transaction, MINE, LATER, LATER) is None
        backend.webhooks.release(transaction, MINE, second.fence)
        assert backend.webhooks.claim(transaction, MINE, LATER, LATER) is not None


def test_only_an_active_one_is_leased(backend: Backend) -> None:
    _with(backend, replace(_webhook(), state=WebhookState.DISABLED))
    with backend.database.write() as transaction:
        assert backend.webhooks.claim(transaction, MINE, NOW, LATER) is None
        assert backend.webhooks.claim(transaction, WebhookId("nobody"), NOW, LATER) is None


def test_of_each_event_only_the_first_unfinished_message_is_due(backend: Backend) -> None:
    _with(backend, _webhook(), _webhook(OTHERS, "b"))
    _add(
        backend,
        _message(8),
        _message(9, "e-2"),
        _message(10),
        _message(11, None),
        _message(12, None),
        _message(13, webhook_id=OTHERS),
    )
    assert _due(backend) == [8, 9, 11, 12]
    assert _due(backend, limit=1) == [8]
    assert _due(backend, OTHERS) == [13]
    _put(backend, replace(_message(8), next_attempt_at=LATER, attempts=1, last_result="HTTP 503"))
    assert _due(backend) == [9, 11, 12]
    _put(backend, replace(_message(8), state=MessageState.GIVEN_UP, finished_at=NOW))
    assert _due(backend) == [9, 10, 11, 12]


def test_a_message_that_is_there_already_stays_as_it_is(backend: Backend) -> None:
    _with(backend, _webhook())
    taken = replace(
        _message(8), state=MessageState.TAKEN, attempts=2, last_attempt_at=NOW, last_result="HTTP 204",
        finished_at=LATER,
    )  # fmt: skip
    _add(backend, _message(8))
    _put(backend, taken)
    _add(backend, _message(8), _message(9))
    with backend.database.read() as transaction:
        assert backend.webhooks.find_message(transaction, _message(8).message_id) == taken
        assert backend.webhooks.find_message(transaction, _message(9).message_id) == _message(9)
        assert backend.webhooks.find_message(transaction, MessageId("nobody")) is None


def test_the_log_goes_backwards_page_by_page(backend: Backend) -> None:
    _with(backend, _webhook(), _webhook(OTHERS, "b"))
    _add(backend, *(_message(number) for number in range(1, 6)), _message(9, webhook_id=OTHERS))
    with backend.database.read() as transaction:
        first = backend.webhooks.list_messages(transaction, MINE, None, 2)
        second = backend.webhooks.list_messages(transaction, MINE, first[-1].message_id, 9)
        assert backend.webhooks.list_messages(transaction, MINE, MessageId("nobody"), 9) == []
    assert [each.position for each in (*first, *second)] == [5, 4, 3, 2, 1]


def test_what_waits_can_be_made_due(backend: Backend) -> None:
    _with(backend, _webhook(), _webhook(OTHERS, "b"))
    _add(backend, replace(_message(8), next_attempt_at=LATER))
    _add(backend, replace(_message(9, webhook_id=OTHERS), next_attempt_at=LATER))
    assert _due(backend) == []
    with backend.database.write() as transaction:
        backend.webhooks.make_due(transaction, MINE, NOW)
    assert _due(backend) == [8]
    assert _due(backend, OTHERS) == []


def test_only_old_finished_messages_are_cleared_away(backend: Backend) -> None:
    _with(backend, _webhook())
    _add(backend, _message(1), _message(2), _message(3))
    _put(backend, replace(_message(1), state=MessageState.TAKEN, finished_at=NOW))
    _put(backend, replace(_message(2), state=MessageState.TAKEN, finished_at=LATER))
    with backend.database.write() as transaction:
        assert backend.webhooks.delete_finished(transaction, LATER) == 1
        left = backend.webhooks.list_messages(transaction, MINE, None, 9)
    assert [each.position for each in left] == [3, 2]


def test_webhooks_and_waiting_messages_are_counted_by_state(backend: Backend) -> None:
    _with(backend, _webhook(), replace(_webhook(OTHERS, "b"), state=WebhookState.DISABLED))
    _add(backend, _message(1), _message(2), _message(3, webhook_id=OTHERS))
    _put(backend, replace(_message(1), state=MessageState.TAKEN, finished_at=NOW))
    with backend.database.read() as transaction:
        assert backend.webhooks.count(transaction) == [
            WebhookCount(WebhookState.ACTIVE, 1, 1),
            WebhookCount(WebhookState.DISABLED, 1, 1),
        ]


def test_a_public_key_stays_for_ever_as_it_was_first_seen(backend: Backend) -> None:
    first, second = SigningKey("k-2", "pem", NOW), SigningKey("k-1", "pem", LATER)
    with backend.database.write() as transaction:
        backend.signing_keys.add(transaction, first)
        backend.signing_keys.add(transaction, second)
        backend.signing_keys.add(transaction, replace(first, first_used_at=LATER))
    with backend.database.read() as transaction:
        assert list(backend.signing_keys.list_all(transaction).items()) == [("k-2", first), ("k-1", second)]
