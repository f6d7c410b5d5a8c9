"""How an office hands in: whatever has no receipt is sent again, until it has one."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.gateway_process import GatewayProcess

Event = Mapping[str, Any]


def hand_in(gateway: GatewayProcess, events: Sequence[Event], receipts: dict[str, str]) -> None:
    """Fills `receipts` (source event id -> event id); stops when the gateway is gone."""
    for event in events:
        name = event["source_event_id"]
        if name not in receipts:
            receipt = gateway.post(event)
            if receipt is None:
                return
            receipts[name] = receipt["event_id"]


def live_through(gateway: GatewayProcess, events: Sequence[Event], kills: Sequence[str]) -> dict[str, str]:
    """Start, hand in, die; and again; then live on until everything is delivered."""
    receipts: dict[str, str] = {}
    for kill_at in kills:
        gateway.start(kill_at)
        hand_in(gateway, events, receipts)
        gateway.wait_until_killed()
    gateway.start()
    hand_in(gateway, events, receipts)
    for event in events:
        gateway.wait_until_complete(receipts[event["source_event_id"]])
    return receipts
