"""What an operator asks for, and what he thought the delivery looked like when he asked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId
from gateway.model.operating import Act, OperatorAct
from gateway.operations.refusals import ActRefused
from retry_queue.job import Job
from retry_queue.states import State


@dataclass(frozen=True, slots=True)
class Expected:
    """How the delivery looked to the person who decided; None: did not say."""

    state: State | None = None
    fence: int | None = None
    """Grows with each attempt."""
    version: int | None = None
    """Of the content."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, why, and under which number of his own."""

    actor: str
    reason: str
    request_id: str
    """The same number again is the same act."""


@dataclass(frozen=True, slots=True)
class Order:
    """One act on one delivery."""

    delivery_id: DeliveryId
    act: Act
    asker: Asker
    expected: Expected = field(default_factory=Expected)
    evidence: str = ""
    """What a person saw at the destination, or which paper says it."""
    reference: str | None = None
    """The destination's own number."""


@dataclass(frozen=True, slots=True)
class Performed:
    """The act as recorded."""

    act: OperatorAct
    is_repeat: bool
    """It had been done already under this request number; nothing was done now."""


def asked_sha256(**wishes: object) -> str:
    """The fingerprint of everything that was asked for."""
    text = json.dumps(wishes, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def order_sha256(order: Order) -> str:
    """The same wish has the same fingerprint, whatever the delivery looks like now."""
    return asked_sha256(
        act=order.act.value,
        delivery_id=order.delivery_id,
        reason=order.asker.reason,
        evidence=order.evidence,
        reference=order.reference,
    )


def require_same(known: OperatorAct, wish_sha256: str) -> None:
    """Raises `ActRefused` when the request number stands for something else."""
    if known.asked_sha256 != wish_sha256:
        raise ActRefused("request_id_reused", act=known.act.value, at=known.happened_at.isoformat())


def require_expected(expected: Expected, job: Job, delivery: Delivery) -> None:
    """Raises `ActRefused` that names everything that has changed meanwhile."""
    found = {"state": job.state.value, "fence": int(job.fence), "version": delivery.version}
    wanted: Mapping[str, object] = {
        "state": None if expected.state is None else expected.state.value,
        "fence": expected.fence,
        "version": expected.version,
    }
    changed = {
        name: {"expected": value, "found": found[name]}
        for name, value in wanted.items()
        if value is not None and value != found[name]
    }
    if changed:
        since = job.updated_at.isoformat()
        raise ActRefused("changed_meanwhile", changed=changed, since=since, reason=job.held_reason)
