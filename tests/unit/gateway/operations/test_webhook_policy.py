"""When a message is tried again, given up, and when its receiver is left alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.model.ids import ClientId, EventId
from gateway.model.webhooks import (
    MessageId,
    MessageState,
    Webhook,
    WebhookId,
    WebhookMessage,
    WebhookState,
)
from gateway.operations.webhooks.policy import Answer, Patience, record
from gateway.settings import Settings
from tests.support.submissions import RECEIVED_AT as NOW

PATIENCE = Patience((10, 100), 0.2, 3_600, 1_000)
WEBHOOK = Webhook(
    WebhookId("w"), ClientId("c"), "https://x.example", frozenset({"*"}), WebhookState.ACTIVE, NOW, 0, "s"
)
MESSAGE = WebhookMessage(MessageId("m"), WebhookId("w"), 1, "delivery.done", EventId("e"), b"{}", NOW, NOW)
BAD = Answer(503, "HTTP 503")


def _after(answer: Answer, attempts: int = 0, chance: float = 0.5) -> tuple[Webhook, WebhookMessage]:
    return record(WEBHOOK, replace(MESSAGE, attempts=attempts), answer, PATIENCE, NOW, lambda: chance)


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_any_2xx_is_taken_and_ends_the_failing(status: int) -> None:
    failing = replace(WEBHOOK, failing_since=NOW)
    webhook, message = record(failing, MESSAGE, Answer(status, "x"), PATIENCE, NOW, lambda: 0.5)
    assert (message.state, message.finished_at, message.attempts) == (MessageState.TAKEN, NOW, 1)
    assert webhook.failing_since is None


@pytest.mark.parametrize("status", [301, 302, 400, 404, 429, 500, None])
def test_anything_else_is_tried_again(status: int | None) -> None:
    webhook, message = _after(Answer(status, "x"))
    assert (message.state, message.last_result) == (MessageState.PENDING, "x")
    assert webhook.failing_since == NOW


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 80), (0.5, 100), (1.0, 120)])
def test_waits_grow_by_the_schedule_and_are_spread(chance: float, seconds: float) -> None:
    _, message = _after(BAD, attempts=1, chance=chance)
    assert message.next_attempt_at == NOW + timedelta(seconds=seconds)


def test_after_the_whole_schedule_it_is_given_up() -> None:
    _, message = _after(BAD, attempts=2)
    assert (message.state, message.finished_at, message.attempts) == (MessageState.GIVEN_UP, NOW, 3)


@pytest.mark.parametrize(("said", "seconds"), [(1, 10), (60, 60), (1e9, 3_600)])
def test_retry_after_is_obeyed_within_bounds(said: float, seconds: float) -> None:
    _, message = _after(Answer(429, "x", said))
    assert message.next_attempt_at == NOW + timedelta(seconds=seconds)


def test_a_receiver_that_has_gone_is_disabled_at_once() -> None:
    webhook, _ = _after(Answer(410, "HTTP 410"))
    assert (webhook.state, webhook.disabled_because) == (WebhookState.DISABLED, "receiver_gone")


@pytest.mark.parametrize(("seconds", "state"), [(999, WebhookState.ACTIVE), (1_000, WebhookState.DISABLED)])
def test_one_that_fails_too_long_without_a_success_is_disabled(seconds: float, state: WebhookState) -> None:
    failing = replace(WEBHOOK, failing_since=NOW - timedelta(seconds=seconds))
    webhook, _ = record(failing, MESSAGE, BAD, PATIENCE, NOW, lambda: 0.5)
    assert webhook.state is state


def test_by_default_a_message_is_tried_for_more_than_a_day() -> None:
    wanted = Settings().webhooks
    assert sum(wanted.schedule_seconds) > 86_400
    assert wanted.disable_after_seconds > sum(wanted.schedule_seconds)
