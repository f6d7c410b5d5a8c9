"""The earlier event that a message names by number: its entry is what books, order and destinations go by.

`amends.event_id` is ours, `amends.source_event_id` the sender's own. Either becomes `amends.entry` at
acceptance; an event that does not exist and one that the sender may not see are told alike.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from gateway.model.delivery import StoredEvent
from gateway.model.ids import EventId
from gateway.model.submission import RawSubmission
from gateway.model.units import UnitsAbove, is_covered
from gateway.receive.finding import Finding, Path
from gateway.receive.parse import JsonObject
from gateway.receive.rules.earlier import books_of_earlier_entry
from gateway.storage.ports import Database, EventOrigin, Events
from mappings.canonical import AmendedEntry, AnyEvent, Declaration, PartialDate, matter_of
from mappings.canonical.registration import VIETNAM_TIME

TransactionT = TypeVar("TransactionT")

_NUMBERS: Final = ("event_id", "source_event_id")
_ENTRY: Final[Path] = ("amends", "entry")
_CHARACTERS_MAX: Final = 100
_NAMES_AN_ENTRY: Final = ("authority_code", "book_code", "number")

FindEarlier = Callable[[RawSubmission, str, str], StoredEvent | None]
"""Who asks, which of the two numbers, and the number -> the event, if he may see it."""


@dataclass(frozen=True, slots=True)
class Referred:
    """The message with the entry of the earlier event in it, and what speaks against the reference."""

    value: JsonObject
    findings: tuple[Finding, ...] = ()
    filled_by: str | None = None
    """The number from which the entry was taken, because the message did not name it."""

    def told_at(self, finding: Finding) -> Finding | None:
        """Faults of an entry that was filled in are told of the number; of an unknown event once."""
        if finding.path[:2] != _ENTRY:
            return finding
        if self.filled_by is not None:
            return Finding(finding.code, ("amends", self.filled_by), finding.values)
        is_told = finding.code == "amended_entry_missing" and bool(self.findings)
        return None if is_told else finding


def refer(raw: RawSubmission, value: JsonObject, find: FindEarlier) -> Referred:
    """Look the named event up; without a number nothing is asked."""
    amends = value.get("amends")
    if not isinstance(amends, dict):
        return Referred(value)
    numbers = {name: amends[name] for name in _NUMBERS if _is_number(amends.get(name))}
    found = {name: find(raw, name, number) for name, number in numbers.items()}
    known = {name: stored for name, stored in found.items() if stored is not None}
    unknown = tuple(Finding("earlier_event_unknown", ("amends", name)) for name in found if name not in known)
    if unknown or not known:
        return Referred(value, unknown)
    if len({stored.event_id for stored in known.values()}) > 1:
        return Referred(value, (Finding("earlier_events_differ", ("amends", "source_event_id")),))
    name, stored = next(iter(known.items()))
    return _with_entry(value, amends, name, matter_of(stored.event))


def _is_number(value: object) -> bool:
    """Whatever else it is, the model tells."""
    return isinstance(value, str) and 0 < len(value) <= _CHARACTERS_MAX and value.isprintable()


def _with_entry(value: JsonObject, amends: Mapping[str, object], name: str, earlier: AnyEvent) -> Referred:
    entries = [entry.model_dump(mode="json", exclude_none=True) for entry in entries_of(earlier)]
    given = amends.get("entry")
    if given is not None:
        agrees = not isinstance(given, dict) or any(_agree(given, entry) for entry in entries)
        return Referred(value, () if agrees else (Finding("amended_entry_differs", _ENTRY),))
    if not entries:
        return Referred(value)
    books = books_of_earlier_entry(str(value.get("event_type")))
    fitting = [entry for entry in entries if not books or entry["book_code"] in books]
    filled = {**amends, "entry": (fitting or entries)[0]}
    return Referred({**value, "amends": filled}, (), name)


def entries_of(event: AnyEvent) -> Iterator[AmendedEntry]:
    """The entries that an event made, its own first; a remark stands in the entry that it remarks."""
    place, second = event.registration, event.second_place()
    if place.number is None:
        if event.amends is not None and event.amends.entry is not None:
            yield event.amends.entry
        return
    day = place.registered_at.astimezone(VIETNAM_TIME).date()
    registered_on = PartialDate(year=day.year, month=day.month, day=day.day)
    yield AmendedEntry.model_validate(
        {
            "authority_code": place.authority_code,
            "book_code": place.book_code,
            "registered_on": registered_on,
            "number": place.number,
            "volume": place.volume,
            "page": place.page,
        }
    )
    if second is not None:
        yield AmendedEntry.model_validate(
            {
                "authority_code": place.authority_code,
                "book_code": second.book_code,
                "registered_on": registered_on,
                "number": second.number,
                "volume": second.volume,
                "page": second.page,
            }
        )


def _agree(given: Mapping[str, object], entry: Mapping[str, object]) -> bool:
    """As far as both say it; a year alone agrees with any day of it."""
    if any(given.get(name) != entry[name] for name in _NAMES_AN_ENTRY):
        return False
    if any(given.get(name) not in {None, entry.get(name, given.get(name))} for name in ("volume", "page")):
        return False
    given_on, on = given.get("registered_on"), entry["registered_on"]
    if not isinstance(given_on, dict) or not isinstance(on, dict):
        return True  # a malformed date is told by the model
    return all(given_on.get(part) in {None, on.get(part)} for part in ("year", "month", "day"))


@dataclass(frozen=True, slots=True)
class EarlierEvents(Generic[TransactionT]):
    """Finds earlier events in the store, within what the sender may see."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    units_above: UnitsAbove

    def find(self, raw: RawSubmission, name: str, number: str) -> StoredEvent | None:
        """The sender's own number names his own events only; a declaration is no entry to go back to.

        Raises:
            StorageUnavailable: it cannot be read now.

        """
        with self.database.read() as transaction:
            event_ids = (
                [EventId(number)]
                if name == "event_id"
                else self.events.find_by_source(transaction, raw.client_id, number)
            )
            origins = self.events.origins_of(transaction, event_ids)
            visible = [each for each, origin in origins.items() if self._may_see(raw, origin)]
            found = self.events.get(transaction, visible[0]) if visible else None
        return None if found is None or isinstance(found.event, Declaration) else found

    def _may_see(self, raw: RawSubmission, origin: EventOrigin) -> bool:
        if origin.client_id == raw.client_id:
            return True
        return raw.sees_units and is_covered(
            origin.authority_code, origin.registered_at, raw.authorities, self.units_above
        )


def find_nothing(_raw: RawSubmission, _name: str, _number: str) -> None:
    """Where there is no store, no earlier event is known."""
