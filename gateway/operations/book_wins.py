"""The book wins (Law on civil status, art. 60): what a person reads in the paper book is told to the systems.

Nothing is registered and nothing already sent is touched: a new event says, field by field, what was known
and what the book says. It goes the way of every event: planned, queued behind whatever is still under way for
the entry, kept in the history, told to the higher office.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from gateway.errors import RequestRepeated
from gateway.model.clock import VIETNAM
from gateway.model.corrections import BookStatement, StatementState
from gateway.model.entry_fields import HOME
from gateway.model.entry_history import EntryHistory, Recorded, tell_history
from gateway.model.ids import RandomBytes, new_uuid7
from gateway.model.submission import Accepted, IntakeResult, ValidSubmission, Violation
from gateway.observability.logging import get_log
from gateway.operations.book_event import (
    SETTABLE,
    Alignment,
    Difference,
    Whom,
    differences_of,
    event_of,
    person_of,
    registered_on_of,
)
from gateway.operations.book_views import BookOrder, BookView, Planned, Waiting, bare_view
from gateway.operations.entries import EntryDesk
from gateway.operations.orders import Asker, asked_sha256
from gateway.operations.refusals import ActRefused
from gateway.storage.corrections_ports import BookStatements
from gateway.storage.ports import Deliveries
from mappings.canonical.declaration import matter_of
from mappings.canonical.event import AnyEvent
from mappings.canonical.registration import EntryIdentity
from mappings.holders import Holders
from retry_queue.job import JobId
from retry_queue.states import State
from retry_queue.store import Inspection

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

log = get_log("operations.book_wins")


class Measures(Protocol):
    """The rules of receiving, with the one exception that data may be aligned; bootstrap hands it over."""

    def __call__(
        self, body: bytes, authorities: frozenset[str], actor: str, now: datetime
    ) -> ValidSubmission | tuple[Violation, ...]:
        """A submission, or every fault."""
        ...


class Commits(Protocol[TransactionT_contra]):
    """The second half of receiving, inside the caller's transaction."""

    def __call__(
        self, transaction: TransactionT_contra, submission: ValidSubmission, now: datetime
    ) -> IntakeResult:
        """Stored, planned, queued, told."""
        ...


@dataclass(frozen=True, slots=True)
class BookTools(Generic[TransactionT]):
    """What a statement needs besides the entry."""

    statements: BookStatements[TransactionT]
    deliveries: Deliveries[TransactionT]
    queue: Inspection[TransactionT]
    measure: Measures
    commit: Commits[TransactionT]
    plan: Callable[[AnyEvent], Sequence[Planned]]
    needs_second_person: bool
    random_bytes: RandomBytes
    on_committed: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A statement that breaks no rule."""

    statement_id: str
    submission: ValidSubmission
    view: BookView


@dataclass(frozen=True, slots=True)
class BookDesk(Generic[TransactionT]):
    """One statement is one transaction: kept, sent, and told to the higher office, or nothing at all."""

    entries: EntryDesk[TransactionT]
    tools: BookTools[TransactionT]

    def state(self, order: BookOrder, now: datetime) -> BookView:
        """Preview, propose or apply. Raises `ActRefused` with everything that speaks against it."""
        try:
            view = self._state(order, now)
        except RequestRepeated:
            view = self._state(order, now)  # somebody was faster with the same request
        return self._told(view)

    def approve(self, statement_id: str, asker: Asker, plan_sha256: str, now: datetime) -> BookView:
        """A second person lets exactly those differences go. Raises `ActRefused`."""
        with self.entries.database.write() as transaction:
            statement = self._open(transaction, statement_id)
            if asker.actor == statement.stated_by:
                raise ActRefused("second_person_needed", proposed_by=statement.stated_by)
            draft = self._draft(transaction, _order_of(statement), statement.statement_id, now)
            if not plan_sha256 == draft.view.plan_sha256 == statement.plan_sha256:
                raise ActRefused("book_plan_changed", plan_sha256=draft.view.plan_sha256)
            decided = replace(statement, decided_by=asker.actor, decided_at=now, decision_reason=asker.reason)
            view = self._apply(transaction, draft, decided, now)
        return self._told(view)

    def reject(self, statement_id: str, asker: Asker, now: datetime) -> BookView:
        """It is closed and nothing changes. Raises `ActRefused`."""
        with self.entries.database.write() as transaction:
            statement = self._open(transaction, statement_id)
            rejected = replace(
                statement,
                state=StatementState.REJECTED,
                decided_by=asker.actor,
                decided_at=now,
                decision_reason=asker.reason,
            )
            self.tools.statements.put(transaction, rejected)
        return bare_view(rejected)

    def get(self, statement_id: str) -> BookStatement:
        """Raises `ActRefused` when there is none."""
        with self.entries.database.read() as transaction:
            statement = self.tools.statements.find(transaction, statement_id)
        if statement is None:
            raise ActRefused("not_found")
        return statement

    def show(self, statement_id: str, now: datetime) -> BookView:
        """With its differences as they are now, while it is open. Raises `ActRefused`."""
        statement = self.get(statement_id)
        if statement.state is not StatementState.PROPOSED:
            return bare_view(statement)
        with self.entries.database.read() as transaction:
            draft = self._draft(transaction, _order_of(statement), statement_id, now)
        return replace(draft.view, status="proposed", statement=statement)

    def list_statements(self, state: StatementState | None, limit: int) -> Sequence[BookStatement]:
        """Newest first."""
        with self.entries.database.read() as transaction:
            return self.tools.statements.list_by(transaction, state, limit)

    def _state(self, order: BookOrder, now: datetime) -> BookView:
        database, tools = self.entries.database, self.tools
        statement_id = new_uuid7(now, tools.random_bytes)
        if order.is_preview:
            with database.read() as transaction:
                return self._draft(transaction, order, statement_id, now).view
        with database.write() as transaction:
            asker = order.asker
            known = tools.statements.find_by_request(transaction, asker.actor, asker.request_id)
            if known is not None:
                if known.asked_sha256 != _wish(order):
                    raise ActRefused("request_id_reused", act="book-wins", at=known.stated_at.isoformat())
                return replace(bare_view(known), is_repeat=True)
            draft = self._draft(transaction, order, statement_id, now)
            statement = _statement(order, draft, now)
            if tools.needs_second_person:
                tools.statements.insert(transaction, statement)
                return replace(draft.view, status="proposed", statement=statement)
            return self._apply(transaction, draft, statement, now)

    def _apply(
        self, transaction: TransactionT, draft: _Draft, statement: BookStatement, now: datetime
    ) -> BookView:
        result = self.tools.commit(transaction, draft.submission, now)
        if not isinstance(result, Accepted):
            raise ActRefused("book_statement_conflicts", kind=type(result).__name__)
        applied = replace(statement, state=StatementState.APPLIED, event_id=result.receipt.event_id)
        if statement.decided_by is None:
            self.tools.statements.insert(transaction, applied)
        else:
            self.tools.statements.put(transaction, applied)
        return replace(draft.view, status="applied", statement=applied)

    def _draft(self, transaction: TransactionT, order: BookOrder, statement_id: str, now: datetime) -> _Draft:
        unknown = sorted(set(order.values) - SETTABLE)
        if unknown or not order.values:
            raise ActRefused("book_field_unknown", fields=unknown, known=sorted(SETTABLE))
        scope = self.entries.scope_of(transaction, order.entry, now.astimezone(VIETNAM).date())
        events = self.entries.reader.of_entry(transaction, order.entry)
        history = tell_history(order.entry, events)
        whom = person_of(history, events)
        if scope is None or whom is None:
            raise ActRefused("book_entry_unknown")
        differences = differences_of(order.values, history, whom.role)
        if not differences:
            raise ActRefused("book_agrees")
        alignment = _alignment(order, statement_id, (events, whom, scope.holders), differences, now)
        submission = self._measured(alignment, history, order, now)
        view = self._view(transaction, order, events, differences, matter_of(submission.event))
        return _Draft(statement_id, submission, view)

    def _measured(
        self, alignment: Alignment, history: EntryHistory, order: BookOrder, now: datetime
    ) -> ValidSubmission:
        event = event_of(alignment, _with_number(history.values(), order, alignment.whom))
        subject = event["subject"]
        if subject.get("nationality") == HOME and not {"personal_id", "identity_paper"} & subject.keys():
            raise ActRefused("book_number_unknown", role=alignment.whom.role)
        body, authorities = json.dumps(event, ensure_ascii=False).encode(), {alignment.authority_code}
        found = self.tools.measure(body, frozenset(authorities), order.asker.actor, now)
        if isinstance(found, tuple):
            raise ActRefused("book_statement_invalid", errors=found)
        return found

    def _view(
        self,
        transaction: TransactionT,
        order: BookOrder,
        events: Sequence[Recorded],
        differences: tuple[Difference, ...],
        event: AnyEvent,
    ) -> BookView:
        differing = {each.field for each in differences}
        return BookView(
            status="preview",
            entry=order.entry,
            differences=differences,
            agrees=tuple(field for field in order.values if field not in differing),
            sends=tuple(self.tools.plan(event)),
            waits_behind=tuple(self._waiting(transaction, events)),
            plan_sha256=_plan_sha256(order.entry, differences),
        )

    def _waiting(self, transaction: TransactionT, events: Sequence[Recorded]) -> Sequence[Waiting]:
        found = []
        for each in events:
            deliveries = self.tools.deliveries.list_of_event(transaction, each.event_id)
            jobs = self.tools.queue.find_jobs(transaction, [JobId(one.delivery_id) for one in deliveries])
            for delivery in deliveries:
                job = jobs[JobId(delivery.delivery_id)]
                if not job.state.is_final:
                    editable = job.state is State.HELD and not job.maybe_sent
                    found.append(
                        Waiting(
                            delivery.delivery_id,
                            each.event_id,
                            delivery.destination.value,
                            delivery.step,
                            job.state.value,
                            editable,
                        )
                    )
        return found

    def _open(self, transaction: TransactionT, statement_id: str) -> BookStatement:
        statement = self.tools.statements.find(transaction, statement_id, for_change=True)
        if statement is None:
            raise ActRefused("not_found")
        if statement.state is not StatementState.PROPOSED:
            raise ActRefused("proposal_decided", state=statement.state.value, decided_by=statement.decided_by)
        return statement

    def _told(self, view: BookView) -> BookView:
        if view.status == "applied" and not view.is_repeat and view.statement is not None:
            log.info(
                "book.wins",
                event_id=view.statement.event_id,
                client_id=view.statement.stated_by,
                count=len(view.differences),
            )
            self.tools.on_committed()
        return view


def _with_number(known: Mapping[str, str], order: BookOrder, whom: Whom) -> Mapping[str, str]:
    """A number that the book itself bears names the person too, where nobody knew one."""
    number = order.values.get("personal_id")
    return known if number is None else {f"{whom.role}.personal_id": number, **known}


def _alignment(
    order: BookOrder,
    statement_id: str,
    known: tuple[Sequence[Recorded], Whom, Holders],
    differences: tuple[Difference, ...],
    now: datetime,
) -> Alignment:
    events, whom, holders = known
    return Alignment(
        statement_id=statement_id,
        entry=order.entry,
        registered_on=registered_on_of(order.entry, events),
        authority_code=_holder(order, holders),
        whom=whom,
        differences=differences,
        reason=order.asker.reason,
        page_reference=order.page_reference,
        stated_at=now,
    )


def _holder(order: BookOrder, holders: Holders) -> str:
    """Where the old unit was divided, a person says whose book it is; nothing is chosen for him."""
    if order.holder is not None and order.holder in holders.codes:
        return order.holder
    if order.holder is None and holders.is_certain and len(holders.codes) == 1:
        return holders.codes[0]
    raise ActRefused("book_holder_unclear", candidates=list(holders.codes))


def _statement(order: BookOrder, draft: _Draft, now: datetime) -> BookStatement:
    return BookStatement(
        statement_id=draft.statement_id,
        request_id=order.asker.request_id,
        entry=order.entry,
        values=dict(order.values),
        page_reference=order.page_reference,
        reason=order.asker.reason,
        stated_by=order.asker.actor,
        stated_at=now,
        asked_sha256=_wish(order),
        plan_sha256=draft.view.plan_sha256,
        state=StatementState.PROPOSED,
        authority_code=draft.submission.event.registration.authority_code,
    )


def _order_of(statement: BookStatement) -> BookOrder:
    asker = Asker(statement.stated_by, statement.reason, statement.request_id)
    return BookOrder(
        statement.entry, statement.values, statement.page_reference, asker, statement.authority_code
    )


def _wish(order: BookOrder) -> str:
    return asked_sha256(
        entry=str(order.entry),
        values=dict(order.values),
        page=order.page_reference,
        reason=order.asker.reason,
        holder=order.holder,
    )


def _plan_sha256(entry: EntryIdentity, differences: tuple[Difference, ...]) -> str:
    return asked_sha256(
        entry=str(entry), differences=[[each.field, each.before, each.after] for each in differences]
    )
