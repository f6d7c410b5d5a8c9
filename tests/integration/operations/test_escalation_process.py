"""A served gateway whose destinations are down tells people by itself, and keeps the proof."""

import json
from pathlib import Path
from typing import Any

from tests.support.database import sqlite_url
from tests.support.receivers import Heard, webhook_receiver
from tests.support.served import Served, served, settings_of
from tests.support.submissions import another_birth
from tests.support.waiting import wait_for

SOON = "0.2"
STEPS = 'hotich_escalations_total{destination="one_stop",percent="100"} 1.0'


def _notices(running: Served, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running.call("GET", "/api/v1/notices", token).json()["notices"]
    return found


def _accepted_hooks(notices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = [each for notice in notices for each in notice["told"]]
    return [each for each in told if (each["channel"], each["state"]) == ("webhook", "accepted")]


def test_a_gateway_tells_people_of_what_is_overdue_and_keeps_who_took_it(tmp_path: Path) -> None:
    heard = Heard()
    with webhook_receiver(heard) as address:
        settings = settings_of(
            sqlite_url(tmp_path),
            DELIVERY__ESCALATION__EVERY_SECONDS=SOON,
            DELIVERY__ESCALATION__GRACE_SECONDS=SOON,
            DELIVERY__FORECAST__EVERY_SECONDS=SOON,
            DELIVERY__ESCALATION__PROVINCE_HEAD__WEBHOOKS=f"[{address}]",
        )
        with served(settings=settings, cwd=tmp_path) as running:
            client = running.first_client
            assert client is not None
            token = running.token(*client)
            # Registered twelve hours ago and more: every rung is reached when it arrives.
            old = another_birth(registration__registered_at="2026-11-16T08:00:00+07:00")
            assert running.call("POST", "/api/v1/events", token, json=old).status_code == 202
            wait_for(
                lambda: len(_accepted_hooks(_notices(running, token))) >= 3,
                "the head of the province is told of each destination",
            )
            wait_for(
                lambda: STEPS in running.call("GET", "/metrics", token).text,
                "steps are counted",
            )
            notices = _notices(running, token)
            assert running.call("GET", "/health/ready").json()["parts"]["chore.forecast"]
            assert running.stop() == 0
    assert [(each["percent"], each["deliveries"]) for each in notices] == [(100, 1)] * 3
    assert {each["role"] for each in _accepted_hooks(notices)} == {"province_head"}
    content = json.loads(heard.body)
    assert content["notice_id"] in {each["notice_id"] for each in notices}
    assert content["role"] == "province_head"
