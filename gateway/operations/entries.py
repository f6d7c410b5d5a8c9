"""One entry and everything that was registered about it: the history, and what it says on a day."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from gateway.errors import EventNotFound
from gateway.model.corrections import OfficeNotice
from gateway.model.entry_history import EntryHistory, Recorded, makes, tell_history
from gateway.model.ids import EventId
from gateway.model.operating import EventVersion
from gateway.operations.refusals import ActRefused
from gateway.storage.corrections_ports import OfficeNotices
from gateway.storage.entry_reading import EntryReader
from gateway.storage.ports import Database, EventOrigin
from mappings.canonical.registration import VIETNAM_TIME, EntryIdentity
from mappings.holders import Holders, holders_of

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class Scope:
    """Who holds the book, and the events about the entry with their origins."""

    entry: EntryIdentity
    holders: Holders
    origins: Mapping[EventId, EventOrigin]


Chooses = Callable[[Scope], Collection[EventId]]
"""Which of the events the asker may see."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """The history as somebody may see it."""

    history: EntryHistory
    holders: Holders
    is_partial: bool
    """Some events about the entry are not for the asker: the state is that of those he may see."""
    until: date | None
    edits: Mapping[EventId, Sequence[EventVersion]]
    notices: Sequence[OfficeNotice]


@dataclass(frozen=True, slots=True)
class EntryDesk(Generic[TransactionT]):
    """Computed when asked; nothing is stored that could disagree with the events."""

    database: Database[TransactionT]
    reader: EntryReader[TransactionT]
    notices: OfficeNotices[TransactionT]

    def show(
        self, entry: EntryIdentity, choose: Chooses, today: date, until: date | None = None
    ) -> EntryView:
        """Raises `ActRefused` when there is nothing that the asker may see."""
        with self.database.read() as transaction:
            return self._show(transaction, entry, choose, today, until)

    def show_event(
        self, event_id: EventId, choose: Chooses, today: date, until: date | None = None
    ) -> EntryView:
        """Of the entry that the event amends, else of its own. Raises `ActRefused`."""
        with self.database.read() as transaction:
            try:
                event = self.reader.events.get(transaction, event_id).event
            except EventNotFound as unknown:
                raise ActRefused("not_found") from unknown
            entry = event.amended_entry() or event.entry()
            view = self._show(transaction, entry, choose, today, until)
        if until is None and all(step.event_id != event_id for step in view.history.steps):
            raise ActRefused("not_found")
        return view

    def scope_of(self, transaction: TransactionT, entry: EntryIdentity, today: date) -> Scope | None:
        """None when nothing about the entry came through the gateway."""
        event_ids = self.reader.ids_of(transaction, entry)
        if not event_ids:
            return None
        first = self.reader.read(transaction, event_ids[:1])[0]
        holders = holders_of(entry.authority_code, _made_on(first, entry), today)
        return Scope(entry, holders, self.reader.events.origins_of(transaction, event_ids))

    def _show(
        self,
        transaction: TransactionT,
        entry: EntryIdentity,
        choose: Chooses,
        today: date,
        until: date | None,
    ) -> EntryView:
        scope = self.scope_of(transaction, entry, today)
        visible = [] if scope is None else [each for each in scope.origins if each in set(choose(scope))]
        if scope is None or not visible:
            raise ActRefused("not_found")
        history = tell_history(entry, self.reader.read(transaction, visible), until)
        return EntryView(
            history=history,
            holders=scope.holders,
            is_partial=len(visible) < len(scope.origins),
            until=until,
            edits={each: self.reader.events.list_versions(transaction, each) for each in visible},
            notices=[notice for each in visible for notice in self.notices.of_event(transaction, each)],
        )


def everything(scope: Scope) -> Collection[EventId]:
    """For whoever sits at the machine itself."""
    return scope.origins


def _made_on(first: Recorded, entry: EntryIdentity) -> date:
    """The day of the entry: by its own event, else as the event that amends it names it."""
    if makes(first.event, entry):
        return first.registered_at.astimezone(VIETNAM_TIME).date()
    amends = first.event.amends
    named = None if amends is None or amends.entry is None else amends.entry.registered_on
    if named is None:
        return date(entry.year, 1, 1)
    return date(entry.year, named.month or 1, named.day or 1)
