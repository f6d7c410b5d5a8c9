"""Deliveries in the states that only workers bring about, and operators who act on them over HTTP."""

import hashlib
from typing import Any

import httpx
from sqlalchemy import text

from gateway.storage.ports import Role
from tests.support.edge_desk import Badge, EdgeDesk
from tests.support.submissions import another_birth

PATH = "/api/v1/deliveries"
REASON = "as agreed by telephone"


def planned(desk: EdgeDesk, destination: str = "one_stop", **changes: Any) -> tuple[str, str]:  # noqa: ANN401 - any JSON value
    """Event and delivery of a new birth."""
    receipt = desk.accepted(another_birth(**changes))
    found = next(each for each in receipt["deliveries"] if each["destination"] == destination)
    return receipt["event_id"], found["delivery_id"]


def put_into(
    desk: EdgeDesk, delivery_id: str, state: str, *, maybe_sent: bool = False, reason: str = ""
) -> None:
    """As a worker leaves it."""
    statement = text(
        "UPDATE queue_jobs SET state = :state, maybe_sent = :sent, held_reason = :reason WHERE job_id = :id"
    )
    values = {"state": state, "sent": maybe_sent, "reason": reason or None, "id": delivery_id}
    with desk.gateway.stores.database.write() as transaction:
        transaction.execute(statement, values)


def refused(desk: EdgeDesk, destination: str = "one_stop") -> tuple[str, str]:
    """Event and delivery that the destination has refused."""
    event_id, delivery_id = planned(desk, destination)
    put_into(desk, delivery_id, "held", reason="refused.content")
    return event_id, delivery_id


def in_doubt(desk: EdgeDesk, destination: str = "one_stop") -> tuple[str, str]:
    """Event and delivery that may be there, and asking has not helped."""
    event_id, delivery_id = planned(desk, destination)
    put_into(desk, delivery_id, "held", maybe_sent=True, reason="outcome_unknown")
    return event_id, delivery_id


def act(
    desk: EdgeDesk,
    delivery_id: str,
    name: str,
    badge: Badge | None = None,
    key: str | None = None,
    **body: Any,  # noqa: ANN401 - any JSON value
) -> httpx.Response:
    """One act by an operator."""
    headers = {} if key is None else {"Idempotency-Key": key}
    wish = {"reason": REASON, **body}
    badge = badge or desk.operator()
    return desk.call("POST", f"{PATH}/{delivery_id}/{name}", badge, json=wish, headers=headers)


def page_of(desk: EdgeDesk, delivery_id: str) -> dict[str, Any]:
    """What a person who must decide sees."""
    answer = desk.call("GET", f"{PATH}/{delivery_id}", desk.operator())
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, Any] = answer.json()
    return found


def second_operator(desk: EdgeDesk) -> Badge:
    """Another person of the same province."""
    return desk.badge("second-operator", Role.OPERATOR)


def sha256_of(content: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(content).hexdigest()
