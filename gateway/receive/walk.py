"""RECEIVE, from raw bytes to a receipt: intake → validate → dedupe → once → store → plan → queue.

The first half is pure and runs at the edge; the second runs in the intake writer's one transaction.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from gateway.model.clock import Clock
from gateway.model.delivery import Delivery, StoredEvent
from gateway.model.ids import EventId, RandomBytes, new_uuid7
from gateway.model.planning import LIVE, PlannedStep, Share, build_delivery
from gateway.model.questioning import HELD_FOR_QUESTION
from gateway.model.receipts import receipt_document, signed_bytes
from gateway.model.submission import (
    Accepted,
    IntakeResult,
    RawSubmission,
    Receipt,
    ReceiptDelivery,
    ReceiptSignature,
    ValidSubmission,
    Violation,
)
from gateway.receive.batch import Batch
from gateway.receive.dedupe import New, check_duplicate
from gateway.receive.earlier_events import Referred, refer
from gateway.receive.finding import Finding
from gateway.receive.once import NOTHING_KEPT, OnceStores, describe, open_register
from gateway.receive.parse import BodyLimits, ParsedBody, canonical_json, content_sha256, parse_body
from gateway.receive.persons import PersonRegister, personal_ids_of
from gateway.receive.plan import (
    Plans,
    plan_book_steps,
    plan_declaration_steps,
    plan_steps,
    plan_steps_after_declaration,
)
from gateway.receive.validate import (
    Rulebook,
    Validated,
    Watch,
    validate_declaration,
    validate_event,
    violations_of,
)
from gateway.receive.witness import Witness, nobody_witnesses
from gateway.storage.identity_keys import identities_of
from gateway.storage.ports import Database, Deliveries, Events, Feed, FeedEntry, NewEvent
from mappings.canonical import DECLARATION, Declaration, matter_of
from retry_queue.job import JobId, NewJob, Track
from retry_queue.store import Operations, Producer

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

BULK_PROMISE_SECONDS: Final = 90 * 86_400.0

_IDEMPOTENCY_KEY: Final = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")


def prepare(
    raw: RawSubmission, limits: BodyLimits, rulebook: Rulebook
) -> ValidSubmission | tuple[Violation, ...]:
    """Intake and validate: a submission that breaks no rule, or every rule that it breaks.

    Pure but for the look-up of an earlier event that the message names.

    Raises:
        StorageUnavailable: such an event could not be looked up.

    """
    return prepare_parsed(raw, parse_body(raw.body, limits), rulebook)


def prepare_parsed(
    raw: RawSubmission, parsed: ParsedBody, rulebook: Rulebook
) -> ValidSubmission | tuple[Violation, ...]:
    """The same for a message that is there as plain values, with all text in NFC."""
    examined = examine(raw, parsed, rulebook)
    referred, validated, findings = examined.referred, examined.validated, examined.findings
    event = validated.event
    if findings or event is None or parsed.value is None:
        return violations_of(findings)
    content = canonical_json(parsed.value)
    return ValidSubmission(
        client_id=raw.client_id,
        idempotency_key=raw.idempotency_key or event.source_event_id,
        event=event,
        content=content if referred.value is parsed.value else canonical_json(referred.value),
        content_sha256=content_sha256(content),
        received_at=raw.received_at,
        warnings=violations_of([*validated.warnings, *rulebook.look_back(raw, matter_of(event))]),
        track=raw.track,
        was_declared=raw.was_declared,
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """A message after every rule has been applied to it."""

    referred: Referred
    validated: Validated
    findings: tuple[Finding, ...]
    """All that speaks against it, header and form included."""


def examine(
    raw: RawSubmission, parsed: ParsedBody, rulebook: Rulebook, watch: Watch | None = None
) -> Examined:
    """Apply every rule to what was read, whoever read it. Raises `StorageUnavailable`."""
    referred = refer(raw, parsed.value or {}, rulebook.find_earlier)
    validated, findings = _validated(raw, parsed, referred, rulebook, watch)
    return Examined(referred, validated, (*_findings_of_key(raw.idempotency_key), *findings))


class IntakeQueue(
    Producer[TransactionT_contra], Operations[TransactionT_contra], Protocol[TransactionT_contra]
):
    """What the intake needs of the queue."""


@dataclass(frozen=True, slots=True)
class IntakeStores(Generic[TransactionT]):
    """Where accepted events go; all of it takes part in one transaction."""

    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    queue: IntakeQueue[TransactionT]
    feed: Feed[TransactionT]
    once: OnceStores[TransactionT]
    witness: Witness[TransactionT] = nobody_witnesses
    """Writes what changes of earlier entries set off."""


SignReceipt = Callable[[bytes], ReceiptSignature]
"""The canonical form of a receipt -> its signature."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised with a receipt."""

    plans: Plans
    promise_seconds: float
    """From registration to the latest moment every destination must hold the event."""
    bulk_promise_seconds: float = BULK_PROMISE_SECONDS
    """The same for entries of old books, from acceptance: their registration lies decades back."""
    sign: SignReceipt | None = None
    """None: receipts are given without a signature."""

    def due_at(self, submission: ValidSubmission, now: datetime) -> datetime:
        """Fixed at acceptance; nothing moves it."""
        if submission.track is Track.BULK:
            return now + timedelta(seconds=self.bulk_promise_seconds)
        if isinstance(
            submission.event, Declaration
        ):  # nothing is registered yet: it is handed on in this time
            return now + timedelta(seconds=self.promise_seconds)
        registered_at = submission.event.registration.registered_at
        return registered_at + timedelta(seconds=self.promise_seconds)


def commit_batch(
    transaction: TransactionT,
    submissions: Sequence[ValidSubmission],
    stores: IntakeStores[TransactionT],
    promise: Promise,
    now: datetime,
    random_bytes: RandomBytes,
) -> list[IntakeResult]:
    """Dedupe, once, store, plan, queue, last the feed; nothing counts before the transaction is committed.

    Raises:
        IdentityTaken: another process was faster; roll back and try again.

    """
    described = [describe(each.event) for each in submissions]
    # Looked up first: an event that commits meanwhile is then known by its entry, not mistaken for another.
    once = open_register(transaction, stores.once, (stores.events, stores.deliveries), described)
    holders = stores.events.find_known(transaction, [identities_of(each) for each in submissions])
    numbers = personal_ids_of(each.event for each in submissions)
    register = PersonRegister(stores.events.find_persons(transaction, numbers), now, random_bytes)
    batch = Batch()
    results: list[IntakeResult] = []
    for submission, known, facets in zip(submissions, holders, described, strict=True):
        verdict = check_duplicate(submission, [*known, *batch.holders_of(submission)])
        measured = once.measure(submission, facets) if isinstance(verdict, New) else verdict
        if isinstance(measured, tuple):
            new, planned = _accept(submission, register, promise, now, random_bytes)
            is_declared = isinstance(submission.event, Declaration)
            kept, suspicions = (NOTHING_KEPT, ()) if is_declared else (facets, measured)
            new = _signed(once.add(new, kept, suspicions, random_bytes), promise.sign)
            batch.add(new, planned)
            results.append(Accepted(new.receipt))
        else:
            results.append(measured)
    stores.events.insert(transaction, batch.new_events)
    once.write(transaction, stores.once)
    stores.deliveries.insert(transaction, batch.deliveries)
    stores.queue.enqueue(transaction, batch.jobs, now)
    for delivery in batch.deliveries:
        if delivery.event_id in once.waiting:
            stores.queue.hold(transaction, JobId(delivery.delivery_id), HELD_FOR_QUESTION, now)
    told = stores.witness(transaction, batch.new_events, now, random_bytes)
    entries = [entry for new in batch.new_events for entry in (_accepted_entry(new, now), *_asked(new, now))]
    stores.feed.append(transaction, [*entries, *told])
    return results


@dataclass(frozen=True, slots=True)
class Committer(Generic[TransactionT]):
    """Commits a batch in a transaction of its own."""

    database: Database[TransactionT]
    stores: IntakeStores[TransactionT]
    promise: Promise
    clock: Clock
    random_bytes: RandomBytes

    def __call__(self, submissions: Sequence[ValidSubmission]) -> list[IntakeResult]:
        """All of it is on disk when this returns. Raises `IdentityTaken`, `StorageUnavailable`."""
        with self.database.write() as transaction:
            return commit_batch(
                transaction, submissions, self.stores, self.promise, self.clock(), self.random_bytes
            )


def _validated(
    raw: RawSubmission, parsed: ParsedBody, referred: Referred, rulebook: Rulebook, watch: Watch | None
) -> tuple[Validated, list[Finding]]:
    if parsed.value is None:
        return Validated(None, ()), [*parsed.findings]
    is_declaration = raw.may_declare and referred.value.get("event_type") == DECLARATION
    validate = validate_declaration if is_declaration else validate_event
    validated = validate(referred.value, raw.authorities, rulebook, raw.received_at, watch)
    told = {finding.path for finding in parsed.findings}
    # A number with a fraction is also of the wrong kind: say the more exact of the two.
    rest = (referred.told_at(finding) for finding in validated.findings if finding.path not in told)
    found = (finding for finding in rest if finding is not None)
    return validated, [*parsed.findings, *referred.findings, *found]


def _findings_of_key(idempotency_key: str | None) -> Iterable[Finding]:
    if idempotency_key is not None and _IDEMPOTENCY_KEY.fullmatch(idempotency_key) is None:
        yield Finding("idempotency_key_invalid", ())


def _accept(
    submission: ValidSubmission,
    register: PersonRegister,
    promise: Promise,
    now: datetime,
    random_bytes: RandomBytes,
) -> tuple[NewEvent, list[tuple[Delivery, NewJob]]]:
    """Give the event its id, its people, its due time and its deliveries."""
    event = submission.event
    stored = StoredEvent(
        event_id=EventId(new_uuid7(now, random_bytes)),
        client_id=submission.client_id,
        event=event,
        content_sha256=submission.content_sha256,
        accepted_at=now,
        due_at=promise.due_at(submission, now),
    )
    persons = register.persons_of(event)
    is_bulk = submission.track is Track.BULK
    steps = _steps_of(submission, promise.plans)
    share = Share(Track.BULK, submission.client_id) if is_bulk else LIVE
    planned = [build_delivery(stored, persons, step, now, random_bytes, share=share) for step in steps]
    return NewEvent(submission, _receipt(stored, planned, submission.warnings), persons), planned


def _steps_of(submission: ValidSubmission, plans: Plans) -> tuple[PlannedStep, ...]:
    event = submission.event
    if isinstance(event, Declaration):
        return plan_declaration_steps(plans, event)
    if submission.track is Track.BULK:
        return plan_book_steps(plans, event)
    return plan_steps_after_declaration(plans, event) if submission.was_declared else plan_steps(plans, event)


def _signed(new: NewEvent, sign: SignReceipt | None) -> NewEvent:
    """Last of all: whatever the receipt says is signed."""
    if sign is None:
        return new
    signature = sign(signed_bytes(receipt_document(new.receipt)))
    return replace(new, receipt=replace(new.receipt, signature=signature))


def _receipt(
    stored: StoredEvent, planned: Iterable[tuple[Delivery, NewJob]], warnings: tuple[Violation, ...]
) -> Receipt:
    return Receipt(
        event_id=stored.event_id,
        accepted_at=stored.accepted_at,
        due_at=stored.due_at,
        content_sha256=stored.content_sha256,
        deliveries=tuple(
            ReceiptDelivery(delivery.delivery_id, delivery.destination, delivery.message)
            for delivery, _ in planned
        ),
        warnings=warnings,
    )


def _asked(new: NewEvent, now: datetime) -> Iterable[FeedEntry]:
    for question in new.receipt.questions:
        detail = {"question_id": question.question_id, "kind": question.kind}
        yield FeedEntry(new.receipt.event_id, "question.asked", None, detail, now)


def _accepted_entry(new: NewEvent, now: datetime) -> FeedEntry:
    event = new.submission.event
    detail = {"event_type": event.event_type, "authority_code": event.registration.authority_code}
    return FeedEntry(new.receipt.event_id, "event.accepted", None, detail, now)
