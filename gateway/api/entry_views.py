"""Entries within what the caller may see: the office that holds the book all, others their own events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.correction_views import step_json
from gateway.api.entries import BookBody, PlanApproval
from gateway.api.visibility import SEES_UNITS, may_see
from gateway.model.clock import VIETNAM, Clock
from gateway.model.corrections import BookStatement, StatementState
from gateway.model.ids import EventId
from gateway.model.operating import EventVersion
from gateway.model.units import UnitsAbove
from gateway.operations.book_views import BookOrder, BookView
from gateway.operations.book_wins import BookDesk
from gateway.operations.entries import EntryDesk, EntryView, Scope
from gateway.operations.office_notices import tell_notice
from gateway.operations.orders import Asker
from gateway.operations.plain import plain
from gateway.operations.refusals import ActRefused
from mappings.canonical.registration import EntryIdentity

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class EntryViews(Generic[TransactionT]):
    """What is not for the caller does not exist."""

    entries: EntryDesk[TransactionT]
    book: BookDesk[TransactionT]
    units_above: UnitsAbove
    clock: Clock

    def show(self, entry: EntryIdentity, until: date | None, caller: Caller) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        choose = _Chooser(caller, self.units_above, self._today())
        return entry_json(self.entries.show(entry, choose, self._today(), until), self.clock)

    def show_event(self, event_id: EventId, until: date | None, caller: Caller) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        choose = _Chooser(caller, self.units_above, self._today())
        return entry_json(self.entries.show_event(event_id, choose, self._today(), until), self.clock)

    def state(
        self, entry: EntryIdentity, body: BookBody, caller: Caller, request_id: str
    ) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        self._require_holder(entry, caller)
        order = BookOrder(
            entry=entry,
            values=body.values,
            page_reference=body.page_reference,
            asker=Asker(caller.client_id, body.reason, request_id),
            holder=body.holder,
            is_preview=body.dry_run,
        )
        return book_json(self.book.state(order, self.clock()))

    def list_statements(self, state: StatementState | None, limit: int, caller: Caller) -> Mapping[str, Any]:
        """Without those of other units."""
        found = self.book.list_statements(state, limit)
        return {"statements": [plain(each) for each in found if self._covers(each, caller)]}

    def show_statement(self, statement_id: str, caller: Caller) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        self._find(statement_id, caller)
        return book_json(self.book.show(statement_id, self.clock()))

    def approve(
        self, statement_id: str, body: PlanApproval, caller: Caller, request_id: str
    ) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        self._find(statement_id, caller)
        asker = Asker(caller.client_id, body.reason, request_id)
        return book_json(self.book.approve(statement_id, asker, body.plan_sha256, self.clock()))

    def reject(self, statement_id: str, reason: str, caller: Caller, request_id: str) -> Mapping[str, Any]:
        """Raises `ActRefused`."""
        self._find(statement_id, caller)
        asker = Asker(caller.client_id, reason, request_id)
        return book_json(self.book.reject(statement_id, asker, self.clock()))

    def _today(self) -> date:
        return self.clock().astimezone(VIETNAM).date()

    def _find(self, statement_id: str, caller: Caller) -> None:
        if not self._covers(self.book.get(statement_id), caller):
            raise ActRefused("not_found")

    def _covers(self, statement: BookStatement, caller: Caller) -> bool:
        above = self.units_above(statement.authority_code, self._today())
        return not caller.authorities.isdisjoint({statement.authority_code, *above})

    def _require_holder(self, entry: EntryIdentity, caller: Caller) -> None:
        """Only for the book's own office and those above it may somebody say what it says."""
        with self.entries.database.read() as transaction:
            scope = self.entries.scope_of(transaction, entry, self._today())
        if scope is None or not _Chooser(caller, self.units_above, self._today()).holds(scope):
            raise ActRefused("book_entry_unknown")


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Which events about an entry a caller may see."""

    caller: Caller
    units_above: UnitsAbove
    today: date

    def __call__(self, scope: Scope) -> Collection[EventId]:
        if self.holds(scope):
            return scope.origins.keys()
        return [
            event_id
            for event_id, origin in scope.origins.items()
            if may_see(
                self.caller, origin.client_id, origin.authority_code, origin.registered_at, self.units_above
            )
        ]

    def holds(self, scope: Scope) -> bool:
        """A client of the office that holds the book; one who sees units, also of the units above it."""
        codes = set(scope.holders.codes)
        if not self.caller.roles.isdisjoint(SEES_UNITS):
            codes |= {unit for code in scope.holders.codes for unit in self.units_above(code, self.today)}
        return not self.caller.authorities.isdisjoint(codes)


def entry_json(view: EntryView, clock: Clock) -> dict[str, Any]:
    """The entry with its state, and step by step how it came to it."""
    history = view.history
    return {
        "entry": plain(history.entry),
        "at": None if view.until is None else view.until.isoformat(),
        "is_original_known": history.is_original_known,
        "is_partial": view.is_partial,
        "held_by": list(view.holders.codes),
        "state": plain({field: history.state[field] for field in sorted(history.state)}),
        "steps": [
            {**step_json(step), "edits": [_edit(each) for each in view.edits.get(step.event_id, ())]}
            for step in history.steps
        ],
        "office_notices": [plain(tell_notice(each, clock())) for each in view.notices],
    }


def book_json(view: BookView) -> dict[str, Any]:
    """The statement as JSON."""
    return cast("dict[str, Any]", plain(view))


def _edit(version: EventVersion) -> dict[str, Any]:
    """Who, when and why; the content is shown to operators who ask for it."""
    shown = cast("dict[str, Any]", plain(replace(version, content=b"")))
    del shown["content"]
    return shown
