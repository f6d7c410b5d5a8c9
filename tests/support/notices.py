"""Ladders, notices and receivers for tests of the escalation."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.model.foresight import Channel, Crossing, Mark, Notice, NoticeId, Sending, SendingState
from gateway.model.ids import DeliveryId
from gateway.operations.escalation import Ladder, Receiver

NOON = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
PROMISE = timedelta(hours=12)
EVERY_RUNG = frozenset({50, 75, 90, 100})
IT_LOG = Receiver("province_it", Channel.LOG, "log", EVERY_RUNG)
HEAD_LOG = Receiver("province_head", Channel.LOG, "log", frozenset({90, 100}))


def a_ladder(*receivers: Receiver, quiet_seconds: float = 1_800) -> Ladder:
    return Ladder(
        promise=PROMISE,
        percents=(50, 75, 90, 100),
        grace=timedelta(seconds=300),
        quiet=timedelta(seconds=quiet_seconds),
        receivers=receivers or (IT_LOG, HEAD_LOG),
    )


def a_crossing(left: timedelta, *reached: int, name: str = "delivery-1") -> Crossing:
    """So much time is left at noon."""
    return Crossing(DeliveryId(name), "one_stop", NOON + left, frozenset(reached))


def a_mark(name: str = "delivery-1", percent: int = 50, **changes: Any) -> Mark:  # noqa: ANN401 - any of its values
    values: dict[str, Any] = {
        "delivery_id": DeliveryId(name),
        "destination": "national_registry",
        "percent": percent,
        "told_as": percent,
        "crossed_at": NOON,
        "recorded_at": NOON,
    }
    return Mark(**(values | changes))


def a_notice(name: str = "notice-1", percent: int = 90, **changes: Any) -> Notice:  # noqa: ANN401 - any of its values
    values: dict[str, Any] = {
        "notice_id": NoticeId(name),
        "destination": "national_registry",
        "percent": percent,
        "made_at": NOON,
        "deliveries": 3,
        "worst_delivery_id": DeliveryId("delivery-1"),
        "worst_due_at": NOON + timedelta(hours=1),
        "first_breach_at": None,
        "text_vi": "Sắp trễ hạn.",
        "text_en": "Time runs out.",
    }
    return Notice(**(values | changes))


def a_sending(name: str = "notice-1", number: int = 1, **changes: Any) -> Sending:  # noqa: ANN401 - any of its values
    values: dict[str, Any] = {
        "notice_id": NoticeId(name),
        "number": number,
        "role": "province_it",
        "channel": Channel.LOG,
        "address": "log",
        "state": SendingState.PENDING,
        "attempts": 0,
        "next_attempt_at": NOON,
    }
    return Sending(**(values | changes))
