"""What an accepted change sets off, written in its own transaction: links, office notices, warnings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from gateway.model.correction_making import changes_an_entry, newest_step, notice_of, warning_of
from gateway.model.corrections import EntryLink
from gateway.model.entry_history import tell_history
from gateway.model.ids import RandomBytes, new_uuid7
from gateway.storage.corrections_ports import EntryLinks, OfficeNotices, Oversight
from gateway.storage.entry_reading import EntryReader
from gateway.storage.ports import FeedEntry, NewEvent
from mappings.canonical.declaration import matter_of
from mappings.canonical.registration import EntryIdentity

TransactionT = TypeVar("TransactionT")

Witness = Callable[[TransactionT, Sequence[NewEvent], datetime, RandomBytes], Sequence[FeedEntry]]
"""Transaction, events already written in it, now, chance -> what the feed is to be told as well."""


def nobody_witnesses(
    _transaction: object, _events: Sequence[NewEvent], _now: datetime, _random_bytes: RandomBytes
) -> Sequence[FeedEntry]:
    """Where corrections set nothing off."""
    return ()


@dataclass(frozen=True, slots=True)
class CorrectionStores(Generic[TransactionT]):
    """Where it is written."""

    reader: EntryReader[TransactionT]
    links: EntryLinks[TransactionT]
    notices: OfficeNotices[TransactionT]
    oversight: Oversight[TransactionT]


@dataclass(frozen=True, slots=True)
class ChangeWitness(Generic[TransactionT]):
    """Committed with the event or not at all: nobody is told of a change that was not kept."""

    stores: CorrectionStores[TransactionT]
    remind_every: timedelta

    def __call__(
        self,
        transaction: TransactionT,
        events: Sequence[NewEvent],
        now: datetime,
        random_bytes: RandomBytes,
    ) -> Sequence[FeedEntry]:
        """A batch without changes costs nothing."""
        linked = [(new, entry) for new in events if (entry := new.submission.event.amended_entry())]
        if not linked:
            return ()
        self.stores.links.add(transaction, [_link(new, entry) for new, entry in linked])
        told: list[FeedEntry] = []
        for new, entry in linked:
            if changes_an_entry(matter_of(new.submission.event)):
                told += self._witness(transaction, new, entry, now, random_bytes)
        return told

    def _witness(
        self,
        transaction: TransactionT,
        new: NewEvent,
        entry: EntryIdentity,
        now: datetime,
        random_bytes: RandomBytes,
    ) -> Iterable[FeedEntry]:
        event, event_id = matter_of(new.submission.event), new.receipt.event_id
        history = tell_history(entry, self.stores.reader.of_entry(transaction, entry))
        step = newest_step(history, event_id)
        if step is not None:
            warning = warning_of(
                event, step, entry, new_uuid7(now, random_bytes), new.submission.client_id, now
            )
            self.stores.oversight.insert(transaction, warning)
        notice_id = new_uuid7(now, random_bytes)
        told = notice_of(event, event_id, history, new.receipt.due_at, notice_id, now, self.remind_every)
        if told is None or not self.stores.notices.insert(transaction, told.notice, told.units):
            return
        detail = {"authority_code": told.notice.made_by, "notice_id": notice_id}
        # Under the original event its own office reads it in the feed; under the change the other side does.
        for known in dict.fromkeys((told.notice.original_event_id, event_id)):
            if known is not None:
                yield FeedEntry(known, "office_notice.made", None, detail, now)


def _link(new: NewEvent, entry: EntryIdentity) -> EntryLink:
    return EntryLink(entry, new.receipt.event_id, new.submission.event.registration.registered_at)
