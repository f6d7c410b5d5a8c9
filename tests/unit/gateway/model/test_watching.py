from datetime import UTC, datetime, timedelta

import pytest

from gateway.model.watching import next_fetch_at

CHANGED_AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
SCHEDULE_SECONDS = (30, 60, 300)


@pytest.mark.parametrize(
    ("silent_seconds", "wait_seconds"),
    [(0, 30), (29, 30), (30, 60), (89, 60), (90, 300), (389, 300), (390, 300), (10**6, 300)],
)
def test_the_longer_nothing_changes_the_more_seldom_we_ask(silent_seconds: int, wait_seconds: int) -> None:
    now = CHANGED_AT + timedelta(seconds=silent_seconds)
    assert next_fetch_at(SCHEDULE_SECONDS, CHANGED_AT, now) == now + timedelta(seconds=wait_seconds)
