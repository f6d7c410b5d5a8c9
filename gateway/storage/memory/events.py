"""Accepted events in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.errors import EventNotFound, IdentityTaken
from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.delivery import StoredEvent
from gateway.model.ids import ClientId, EventId, PersonId
from gateway.model.operating import FIRST_VERSION, EventVersion
from gateway.model.submission import Receipt
from gateway.storage.batch_ports import VersionOf
from gateway.storage.identity_keys import (
    IdentityKey,
    IdentityKind,
    entry_key,
    identities_of,
    identity_keys,
)
from gateway.storage.ports import EventOrigin, Identities, KnownSubmission, NewEvent
from mappings.canonical.declaration import Declaration, parse_stored_json
from mappings.canonical.registration import EntryIdentity
from retry_queue.memory.transactions import MemoryTransaction


@dataclass(frozen=True, slots=True)
class _Holding:
    """That a person has, or had, a number."""

    recorded_at: datetime
    replaced_at: datetime | None = None


class MemoryEvents:
    """Events, identities and persons."""

    def __init__(self) -> None:
        self._events: dict[EventId, NewEvent] = {}
        self._owners: dict[IdentityKey, EventId] = {}
        self._first_holders: dict[str, PersonId] = {}
        self._versions: dict[tuple[EventId, int], EventVersion] = {}
        self._holdings: dict[tuple[PersonId, str], _Holding] = {}
        self.declarations: dict[EventId, DeclarationCourse] = {}
        """What `MemoryDeclarations` goes on with."""

    def find_known(
        self, transaction: MemoryTransaction, identities: Sequence[Identities]
    ) -> Sequence[Sequence[tuple[str, KnownSubmission]]]:
        """By each identity."""
        transaction.require_open()
        return [
            [
                (kind.value, _known(self._events[self._owners[kind, key]]))
                for kind, key in identity_keys(one)
                if (kind, key) in self._owners
            ]
            for one in identities
        ]

    def owner_of(self, entry: EntryIdentity) -> EventId | None:
        """The event whose own entry it is."""
        return self._owners.get((IdentityKind.ENTRY, entry_key(entry)))

    def find_persons(
        self, transaction: MemoryTransaction, personal_ids: Iterable[str]
    ) -> Mapping[str, PersonId]:
        """By any number a person ever had."""
        transaction.require_open()
        wanted = set(personal_ids)
        return {number: person for number, person in self._first_holders.items() if number in wanted}

    def insert(self, transaction: MemoryTransaction, new_events: Sequence[NewEvent]) -> None:
        """Raises `IdentityTaken`."""
        for new in new_events:
            self._insert(transaction, new)

    def _insert(self, transaction: MemoryTransaction, new: NewEvent) -> None:
        keys = identity_keys(identities_of(new.submission))
        if any(key in self._owners for key in keys):
            raise IdentityTaken(events=1)
        event_id = new.receipt.event_id
        transaction.put(self._events, event_id, new)
        for key in keys:
            transaction.put(self._owners, key, event_id)
        if isinstance(new.submission.event, Declaration):
            begun = DeclarationCourse(event_id, DeclarationState.OPEN, None, (), new.receipt.accepted_at)
            transaction.put(self.declarations, event_id, begun)
        for role, person in new.submission.event.parties().items():
            if person.personal_id is not None:
                self._hold_first(transaction, new.persons[role], person.personal_id, new.receipt.accepted_at)

    def _hold_first(
        self, transaction: MemoryTransaction, person_id: PersonId, personal_id: str, now: datetime
    ) -> None:
        if (person_id, personal_id) in self._holdings:
            return
        if personal_id in self._first_holders:
            raise IdentityTaken(events=1)
        transaction.put(self._first_holders, personal_id, person_id)
        transaction.put(self._holdings, (person_id, personal_id), _Holding(now))

    def get(
        self, transaction: MemoryTransaction, event_id: EventId, version: int = FIRST_VERSION
    ) -> StoredEvent:
        """Raises `EventNotFound`."""
        transaction.require_open()
        if event_id not in self._events:
            raise EventNotFound(event_id=event_id)
        stored = _stored(self._events[event_id])
        if version == FIRST_VERSION:
            return stored
        edited = self._version(event_id, version)
        event = parse_stored_json(edited.content)
        return replace(stored, event=event, content_sha256=edited.content_sha256)

    def content_of(
        self, transaction: MemoryTransaction, event_id: EventId, version: int = FIRST_VERSION
    ) -> bytes:
        """Raises `EventNotFound`."""
        transaction.require_open()
        if event_id not in self._events:
            raise EventNotFound(event_id=event_id)
        if version == FIRST_VERSION:
            return self._events[event_id].submission.content
        return self._version(event_id, version).content

    def add_version(self, transaction: MemoryTransaction, version: EventVersion) -> None:
        """A number that exists already is a mistake of the caller and raises."""
        key = (version.event_id, version.version)
        if key in self._versions:
            raise KeyError(key)
        transaction.put(self._versions, key, version)

    def list_versions(self, transaction: MemoryTransaction, event_id: EventId) -> Sequence[EventVersion]:
        """Oldest first."""
        transaction.require_open()
        return [self._versions[key] for key in sorted(self._versions) if key[0] == event_id]

    def _version(self, event_id: EventId, version: int) -> EventVersion:
        if (event_id, version) not in self._versions:
            raise EventNotFound(event_id=event_id, version=version)
        return self._versions[event_id, version]

    def list_after(
        self, transaction: MemoryTransaction, after: EventId | None, limit: int
    ) -> Sequence[StoredEvent]:
        """Sorted by id."""
        transaction.require_open()
        later = sorted(each for each in self._events if after is None or each > after)
        return [_stored(self._events[each]) for each in later[:limit]]

    def origins_of(
        self, transaction: MemoryTransaction, event_ids: Iterable[EventId]
    ) -> Mapping[EventId, EventOrigin]:
        """Of those that exist."""
        transaction.require_open()
        return {
            event_id: _origin(self._events[event_id]) for event_id in event_ids if event_id in self._events
        }

    def lock(self, transaction: MemoryTransaction, event_id: EventId) -> None:
        """There is one writer: everything is locked already."""

    def lock_all(self, transaction: MemoryTransaction, event_ids: Collection[EventId]) -> None:
        """There is one writer: everything is locked already."""

    def get_all(
        self, transaction: MemoryTransaction, wanted: Collection[VersionOf]
    ) -> Mapping[VersionOf, StoredEvent]:
        """Those that exist."""
        transaction.require_open()
        return {
            (event_id, version): self.get(transaction, event_id, version)
            for event_id, version in wanted
            if event_id in self._events
            and (version == FIRST_VERSION or (event_id, version) in self._versions)
        }

    def persons_of_all(
        self, transaction: MemoryTransaction, event_ids: Collection[EventId]
    ) -> Mapping[EventId, Mapping[str, PersonId]]:
        """Role -> person, for each."""
        return {each: self.persons_of(transaction, each) for each in event_ids}

    def find_receipt(self, transaction: MemoryTransaction, event_id: EventId) -> Receipt | None:
        """The receipt as it was given."""
        transaction.require_open()
        return self._events[event_id].receipt if event_id in self._events else None

    def find_by_source(
        self, transaction: MemoryTransaction, client_id: ClientId | None, source_event_id: str
    ) -> Sequence[EventId]:
        """Oldest first."""
        transaction.require_open()
        return sorted(
            event_id
            for event_id, new in self._events.items()
            if new.submission.event.source_event_id == source_event_id
            and client_id in {None, new.submission.client_id}
        )

    def persons_of(self, transaction: MemoryTransaction, event_id: EventId) -> Mapping[str, PersonId]:
        """Role -> person."""
        transaction.require_open()
        return dict(self._events[event_id].persons) if event_id in self._events else {}

    def attach_personal_id(
        self, transaction: MemoryTransaction, person_id: PersonId, personal_id: str, now: datetime
    ) -> None:
        """The person's other numbers count as replaced from now on."""
        if personal_id not in self._first_holders:
            transaction.put(self._first_holders, personal_id, person_id)
        held = self._holdings.get((person_id, personal_id))
        if held is None or held.replaced_at is not None:
            transaction.put(self._holdings, (person_id, personal_id), _Holding(now))
        for (holder, number), holding in list(self._holdings.items()):
            if holder == person_id and number != personal_id and holding.replaced_at is None:
                transaction.put(self._holdings, (holder, number), replace(holding, replaced_at=now))


def _origin(new: NewEvent) -> EventOrigin:
    registration = new.submission.event.registration
    return EventOrigin(new.submission.client_id, registration.authority_code, registration.registered_at)


def _stored(new: NewEvent) -> StoredEvent:
    return StoredEvent(
        event_id=new.receipt.event_id,
        client_id=new.submission.client_id,
        event=new.submission.event,
        content_sha256=new.submission.content_sha256,
        accepted_at=new.receipt.accepted_at,
        due_at=new.receipt.due_at,
    )


def _known(new: NewEvent) -> KnownSubmission:
    registration = new.submission.event.registration
    return KnownSubmission(
        event_id=new.receipt.event_id,
        client_id=new.submission.client_id,
        idempotency_key=new.submission.idempotency_key,
        source_event_id=new.submission.event.source_event_id,
        content_sha256=new.submission.content_sha256,
        receipt=new.receipt,
        registered_at=registration.registered_at,
        authority_code=registration.authority_code,
    )
