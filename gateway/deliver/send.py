"""One call of a partner, and the one place where an unforeseen failure becomes an outcome."""

import traceback
from collections.abc import Callable
from typing import TypeVar

from adapters.errors import (
    AdapterError,
    Busy,
    ContractBroken,
    NotAuthorized,
    NotSent,
    OutcomeUnknown,
    Refused,
)
from adapters.port import Absent, Accepted, Adapter, OutboundMessage
from gateway.model.outcome import (
    AbsentThere,
    BrokenAnswer,
    Crashed,
    Delivered,
    LaterPlease,
    LockedOut,
    NobodyKnows,
    NothingSent,
    Outcome,
    RefusedThere,
)
from gateway.observability.logging import get_log
from retry_queue.errors import LeaseLost

ResultT = TypeVar("ResultT")

log = get_log("deliver.send")


class Trail:
    """How far an attempt has come; what is decided after a crash hangs on it."""

    def __init__(self, *, maybe_sent: bool) -> None:
        self.maybe_sent = maybe_sent

    def mark_announced(self) -> None:
        """From here on the message may be at the partner."""
        self.maybe_sent = True


def send(adapter: Adapter, message: OutboundMessage, announce: Callable[[], None], trail: Trail) -> Outcome:
    """Hand the message over; "about to send" is committed by `announce` before its first byte leaves."""

    def announce_and_mark() -> None:
        announce()
        trail.mark_announced()

    try:
        return Delivered(adapter.send(message, announce_and_mark))
    except AdapterError as error:
        return outcome_of(error, trail)


def ask(adapter: Adapter, message: OutboundMessage, trail: Trail) -> Outcome:
    """What became of an earlier attempt; nothing is applied a second time."""
    try:
        standing = adapter.ask(message)
    except AdapterError as error:
        return outcome_of(error, trail)
    match standing:
        case Accepted():
            return Delivered(standing)
        case Absent(evidence=evidence):
            return AbsentThere(evidence)


def outcome_of(error: AdapterError, trail: Trail) -> Outcome:
    """One clause per kind of failure; the kind says what can be done."""
    match error:
        case NotSent():
            return NothingSent(error.evidence)
        case Busy():
            return LaterPlease(error.evidence, error.retry_after_seconds)
        case OutcomeUnknown():
            return NobodyKnows(error.evidence)
        case Refused():
            return RefusedThere(error.reason, error.faults, error.evidence, error.facts)
        case NotAuthorized():
            return LockedOut(error.evidence)
        case ContractBroken():
            return BrokenAnswer(error.evidence, maybe_sent=trail.maybe_sent)
        case _:
            raise error


def shielded(
    attempt: Callable[[], ResultT], trail: Trail, new_error_id: Callable[[], str]
) -> ResultT | Crashed:
    """Run an attempt or a part of it; whatever nobody foresaw becomes `Crashed`.

    `LeaseLost` passes: the job is another's.
    """
    try:
        return attempt()
    except LeaseLost:
        raise
    except Exception as error:  # noqa: BLE001 - the one broad except of the house: a crash is an outcome too
        error_id = new_error_id()
        log.error(  # noqa: TRY400 - `exception` would also write the text; the frames alone name nobody
            "delivery.crashed",
            error_id=error_id,
            error_type=type(error).__qualname__,
            frames=traceback.format_tb(error.__traceback__),
        )
        return Crashed(error_id=error_id, maybe_sent=trail.maybe_sent)
