"""What a change says it found, against what the entry says as far as we know: a warning, told to no stranger.

Never a refusal: the entry may have been changed before the gateway came, or past it, and the book wins.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from gateway.model.entry_effects import effects_on_earlier
from gateway.model.entry_history import EntryHistory, agreement, tell_history
from gateway.model.ids import EventId
from gateway.model.submission import RawSubmission
from gateway.model.units import UnitsAbove, is_covered
from gateway.receive.finding import Finding
from gateway.storage.entry_reading import EntryReader
from gateway.storage.ports import Database
from mappings.canonical import AnyEvent, FieldChange
from mappings.canonical.registration import VIETNAM_TIME, EntryIdentity
from mappings.holders import holders_of

TransactionT = TypeVar("TransactionT")

VALUE_CHARACTERS_MAX: Final = 100

LookBack = Callable[[RawSubmission, AnyEvent], Iterable[Finding]]
"""Who hands in, and what -> what should be looked at."""


def look_back_at_nothing(_raw: RawSubmission, _event: AnyEvent) -> Iterable[Finding]:
    """Where there is no store, nothing is known of the entry."""
    return ()


@dataclass(frozen=True, slots=True)
class EntryLookBack(Generic[TransactionT]):
    """Reads the entry as it stands, within what the sender may see."""

    database: Database[TransactionT]
    reader: EntryReader[TransactionT]
    units_above: UnitsAbove

    def __call__(self, raw: RawSubmission, event: AnyEvent) -> Iterable[Finding]:
        """Raises `StorageUnavailable`."""
        entry = event.amended_entry()
        changes: tuple[FieldChange, ...] = getattr(event, "changes", ())
        if entry is None or not changes:
            return ()
        with self.database.read() as transaction:
            event_ids = self.reader.ids_of(transaction, entry)
            if not event_ids or not self._may_see(transaction, raw, event_ids[0], entry):
                return ()
            history = tell_history(entry, self.reader.read(transaction, event_ids))
        return tuple(differing(event, changes, history))

    def _may_see(
        self, transaction: TransactionT, raw: RawSubmission, event_id: EventId, entry: EntryIdentity
    ) -> bool:
        """The sender of the original, the office that holds its book, or one who sees its units."""
        origin = self.reader.events.origins_of(transaction, [event_id]).get(event_id)
        if origin is None:
            return False
        if origin.client_id == raw.client_id:
            return True
        if raw.sees_units and is_covered(
            origin.authority_code, origin.registered_at, raw.authorities, self.units_above
        ):
            return True
        return _holds_the_book(raw, entry, origin.registered_at)


def _holds_the_book(raw: RawSubmission, entry: EntryIdentity, registered_at: datetime) -> bool:
    """The book is his own: whoever entered it, he may open it."""
    day = registered_at.astimezone(VIETNAM_TIME).date()
    today = raw.received_at.astimezone(VIETNAM_TIME).date()
    return not raw.authorities.isdisjoint(holders_of(entry.authority_code, day, today).codes)


def differing(event: AnyEvent, changes: tuple[FieldChange, ...], history: EntryHistory) -> Iterator[Finding]:
    """Each change whose old value is not the one that the entry has; both are named."""
    known = history.values()
    effects = [
        each for each in effects_on_earlier(event, known, history.entry.book_code) if each.states_before
    ]
    places = [index for index, change in enumerate(changes) if change.field != "other"]
    for index, effect in zip(places, effects, strict=True):
        found = known.get(effect.field)
        if agreement(effect, found) is False:
            values = {"stated": _short(effect.before), "known": _short(found)}
            yield Finding("before_differs_from_entry", ("changes", index, "before"), values)


def _short(value: str | None) -> str:
    return "—" if value is None else value[:VALUE_CHARACTERS_MAX]
