"""Accepted events on SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import BindParameter, Connection, Row, bindparam, exc, insert, select, tuple_, update

from gateway.errors import EventNotFound, IdentityTaken
from gateway.model.delivery import StoredEvent
from gateway.model.ids import ClientId, EventId, PersonId
from gateway.model.operating import FIRST_VERSION, EventVersion
from gateway.model.submission import Receipt
from gateway.storage.identity_keys import IdentityKey, IdentityKind, identities_of, identity_keys
from gateway.storage.ports import EventOrigin, Identities, KnownSubmission, NewEvent
from gateway.storage.sql import versions
from gateway.storage.sql.declarations import begin_declarations
from gateway.storage.sql.event_batches import SqlEventBatches
from gateway.storage.sql.event_rows import STORED, read_event, stored_of
from gateway.storage.sql.statements import insert_missing
from gateway.storage.sql.tables import event_identities, event_persons, events, person_identifiers
from gateway.storage.stored_forms import receipt_from_text, receipt_to_text
from mappings.canonical.declaration import Declaration

_KEYS_A_QUERY: Final = 500
T = TypeVar("T")

_KNOWN = (
    events.c.event_id,
    events.c.client_id,
    events.c.idempotency_key,
    events.c.source_event_id,
    events.c.content_sha256,
    events.c.receipt,
    events.c.registered_at,
    events.c.authority_code,
)

_OF_EVENT: BindParameter[str] = bindparam("of_event")
_GET = select(*STORED).where(events.c.event_id == _OF_EVENT)
_BODY = select(events.c.body).where(events.c.event_id == _OF_EVENT)
_LOCK = select(events.c.event_id).where(events.c.event_id == _OF_EVENT).with_for_update(key_share=True)
_RECEIPT = select(events.c.receipt).where(events.c.event_id == _OF_EVENT)
_PERSONS = select(event_persons.c.role, event_persons.c.person_id).where(
    event_persons.c.event_id == _OF_EVENT
)


class SqlEvents(SqlEventBatches):
    """Events, identities and persons."""

    def find_known(
        self, transaction: Connection, identities: Sequence[Identities]
    ) -> Sequence[Sequence[tuple[str, KnownSubmission]]]:
        """A few queries for the whole batch."""
        keys = sorted({key for one in identities for key in identity_keys(one)})
        taken: dict[IdentityKey, KnownSubmission] = {}
        for part in _parts(keys):
            named = tuple_(event_identities.c.kind, event_identities.c.key).in_(
                [(kind.value, key) for kind, key in part]
            )
            query = (
                select(event_identities.c.kind, event_identities.c.key, *_KNOWN)
                .join(events, events.c.event_id == event_identities.c.event_id)
                .where(named)
            )
            for row in transaction.execute(query):
                taken[IdentityKind(row.kind), row.key] = _known(row)
        return [
            [(kind.value, taken[kind, key]) for kind, key in identity_keys(one) if (kind, key) in taken]
            for one in identities
        ]

    def find_persons(self, transaction: Connection, personal_ids: Iterable[str]) -> Mapping[str, PersonId]:
        """By any number a person ever had; its first holder where two of our persons have it."""
        found: dict[str, PersonId] = {}
        for part in _parts(sorted(set(personal_ids))):
            query = select(person_identifiers.c.personal_id, person_identifiers.c.person_id).where(
                person_identifiers.c.personal_id.in_(part), person_identifiers.c.is_first_holder
            )
            found |= {row.personal_id: PersonId(row.person_id) for row in transaction.execute(query)}
        return found

    def insert(self, transaction: Connection, new_events: Sequence[NewEvent]) -> None:
        """Four statements a batch. Raises `IdentityTaken`: the transaction must then be rolled back."""
        if not new_events:
            return
        try:
            transaction.execute(insert(events), [_event_row(new) for new in new_events])
            transaction.execute(insert(event_identities), [*_identity_rows(new_events)])
            transaction.execute(insert(event_persons), [*_person_rows(new_events)])
            insert_missing(
                transaction,
                person_identifiers,
                [*_identifier_rows(new_events)],
                ("personal_id", "person_id"),
                person_identifiers.c.personal_id,
            )
            declared = [new for new in new_events if isinstance(new.submission.event, Declaration)]
            if declared:
                ids = [new.receipt.event_id for new in declared]
                begin_declarations(transaction, ids, declared[0].receipt.accepted_at)
        except exc.IntegrityError as error:
            raise IdentityTaken(events=len(new_events)) from error

    def get(self, transaction: Connection, event_id: EventId, version: int = FIRST_VERSION) -> StoredEvent:
        """Raises `EventNotFound`."""
        stored = self._first(transaction, event_id)
        if version == FIRST_VERSION:
            return stored
        edited = versions.get_version(transaction, event_id, version)
        return replace(stored, event=read_event(edited.content), content_sha256=edited.content_sha256)

    def content_of(self, transaction: Connection, event_id: EventId, version: int = FIRST_VERSION) -> bytes:
        """Raises `EventNotFound`."""
        if version != FIRST_VERSION:
            return versions.get_version(transaction, event_id, version).content
        body = transaction.scalar(_BODY, {"of_event": event_id})
        if body is None:
            raise EventNotFound(event_id=event_id)
        return bytes(body)

    def add_version(self, transaction: Connection, version: EventVersion) -> None:
        """The event itself stays as it is."""
        versions.add_version(transaction, version)

    def list_versions(self, transaction: Connection, event_id: EventId) -> Sequence[EventVersion]:
        """Oldest first."""
        return versions.list_versions(transaction, event_id)

    def _first(self, transaction: Connection, event_id: EventId) -> StoredEvent:
        row = transaction.execute(_GET, {"of_event": event_id}).one_or_none()
        if row is None:
            raise EventNotFound(event_id=event_id)
        return stored_of(row)

    def list_after(self, transaction: Connection, after: EventId | None, limit: int) -> Sequence[StoredEvent]:
        """By the primary key."""
        query = select(*STORED).order_by(events.c.event_id).limit(limit)
        if after is not None:
            query = query.where(events.c.event_id > after)
        return [stored_of(row) for row in transaction.execute(query)]

    def origins_of(
        self, transaction: Connection, event_ids: Iterable[EventId]
    ) -> Mapping[EventId, EventOrigin]:
        """Of those that exist."""
        columns = (events.c.event_id, events.c.client_id, events.c.authority_code, events.c.registered_at)
        return {
            EventId(row.event_id): EventOrigin(row.client_id, row.authority_code, row.registered_at)
            for part in _parts(sorted(set(event_ids)))
            for row in transaction.execute(select(*columns).where(events.c.event_id.in_(part)))
        }

    def lock(self, transaction: Connection, event_id: EventId) -> None:
        """SQLite has one writer anyway; on PostgreSQL the row stays locked until we commit."""
        if transaction.dialect.name != "sqlite":
            transaction.execute(_LOCK, {"of_event": event_id})

    def find_receipt(self, transaction: Connection, event_id: EventId) -> Receipt | None:
        """The receipt as it was given."""
        text = transaction.scalar(_RECEIPT, {"of_event": event_id})
        return None if text is None else receipt_from_text(text)

    def find_by_source(
        self, transaction: Connection, client_id: ClientId | None, source_event_id: str
    ) -> Sequence[EventId]:
        """Oldest first."""
        query = select(events.c.event_id).where(events.c.source_event_id == source_event_id)
        if client_id is not None:
            query = query.where(events.c.client_id == client_id)
        return [EventId(found) for found in transaction.scalars(query.order_by(events.c.event_id))]

    def persons_of(self, transaction: Connection, event_id: EventId) -> Mapping[str, PersonId]:
        """Role -> person."""
        rows = transaction.execute(_PERSONS, {"of_event": event_id})
        return {row.role: PersonId(row.person_id) for row in rows}

    def attach_personal_id(
        self, transaction: Connection, person_id: PersonId, personal_id: str, now: datetime
    ) -> None:
        """The person's other numbers count as replaced from now on."""
        number = person_identifiers.c
        row = {"personal_id": personal_id, "person_id": person_id, "recorded_at": now, "replaced_at": None}
        first = {**row, "is_first_holder": True}
        later = {**row, "is_first_holder": False}
        # Either unique index may refuse the first; the second then says whose number it also is.
        if not insert_missing(transaction, person_identifiers, [first], (), number.personal_id):
            insert_missing(transaction, person_identifiers, [later], (), number.personal_id)
        ours = number.person_id == person_id
        transaction.execute(
            update(person_identifiers)
            .where(ours, number.personal_id != personal_id, number.replaced_at.is_(None))
            .values(replaced_at=now)
        )
        transaction.execute(
            update(person_identifiers)
            .where(ours, number.personal_id == personal_id, number.replaced_at.is_not(None))
            .values(replaced_at=None, recorded_at=now)
        )


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _KEYS_A_QUERY):
        yield values[start : start + _KEYS_A_QUERY]


def _known(row: Row[*tuple[Any, ...]]) -> KnownSubmission:
    return KnownSubmission(
        event_id=EventId(row.event_id),
        client_id=ClientId(row.client_id),
        idempotency_key=row.idempotency_key,
        source_event_id=row.source_event_id,
        content_sha256=row.content_sha256,
        receipt=receipt_from_text(row.receipt),
        registered_at=row.registered_at,
        authority_code=row.authority_code,
    )


def _event_row(new: NewEvent) -> dict[str, object]:
    submission, entry = new.submission, new.submission.event.entry()
    dossier = submission.event.dossier
    return {
        "event_id": new.receipt.event_id,
        "client_id": submission.client_id,
        "idempotency_key": submission.idempotency_key,
        "source_event_id": submission.event.source_event_id,
        "event_type": submission.event.event_type,
        "authority_code": entry.authority_code,
        "book_code": entry.book_code,
        "book_year": entry.year,
        "entry_number": entry.number,
        "dossier_code": None if dossier is None else dossier.code,
        "registered_at": _counts_from(new),
        "accepted_at": new.receipt.accepted_at,
        "due_at": new.receipt.due_at,
        "content_sha256": submission.content_sha256,
        "receipt": receipt_to_text(new.receipt),
        "body": submission.content,
    }


def _counts_from(new: NewEvent) -> datetime:
    """Nothing is registered by a declaration: its time runs from its acceptance."""
    event = new.submission.event
    return new.receipt.accepted_at if isinstance(event, Declaration) else event.registration.registered_at


def _identity_rows(new_events: Iterable[NewEvent]) -> Iterator[dict[str, object]]:
    # In one order everywhere, so that two batches on PostgreSQL wait for each other instead of locking up.
    rows = sorted(
        (kind.value, key, new.receipt.event_id)
        for new in new_events
        for kind, key in identity_keys(identities_of(new.submission))
    )
    for kind, key, event_id in rows:
        yield {"kind": kind, "key": key, "event_id": event_id}


def _person_rows(new_events: Iterable[NewEvent]) -> Iterator[dict[str, object]]:
    for new in new_events:
        for role, person_id in new.persons.items():
            yield {"event_id": new.receipt.event_id, "role": role, "person_id": person_id}


def _identifier_rows(new_events: Iterable[NewEvent]) -> Iterator[dict[str, object]]:
    holders: dict[tuple[str, PersonId], datetime] = {}
    for new in new_events:
        for role, person in new.submission.event.parties().items():
            if person.personal_id is not None:
                holders.setdefault((person.personal_id, new.persons[role]), new.receipt.accepted_at)
    for (personal_id, person_id), recorded_at in sorted(holders.items()):
        yield {
            "personal_id": personal_id,
            "person_id": person_id,
            "recorded_at": recorded_at,
            "replaced_at": None,
            "is_first_holder": True,
        }
