"""What the house asks of its storage, split by need; memory and SQL pass one contract suite."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from adapters.port import RequestId
from gateway.model.delivery import AttemptRow, Delivery, Fact, StoredEvent, Watch
from gateway.model.ids import ClientId, DeliveryId, Destination, EventId, PersonId
from gateway.model.operating import FIRST_VERSION, EarlierRequest, EventVersion
from gateway.model.submission import Receipt, ValidSubmission
from gateway.storage.batch_ports import DeliveryBatches, EventBatches
from mappings.canonical.registration import EntryIdentity

TransactionT_co = TypeVar("TransactionT_co", covariant=True)
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class Database(Protocol[TransactionT_co]):
    """Opens transactions; SQLite has one writing connection for the whole process."""

    def write(self) -> AbstractContextManager[TransactionT_co]:
        """Commit on leaving, roll back on an exception."""
        ...

    def read(self) -> AbstractContextManager[TransactionT_co]:
        """A consistent view that writes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class KnownSubmission:
    """An accepted event as the duplicate check sees it."""

    event_id: EventId
    client_id: ClientId
    idempotency_key: str
    source_event_id: str
    content_sha256: str
    receipt: Receipt
    registered_at: datetime
    authority_code: str


@dataclass(frozen=True, slots=True)
class Identities:
    """Everything that a submission must not share with another event."""

    client_id: ClientId
    idempotency_key: str
    source_event_id: str
    entry: EntryIdentity
    dossier: tuple[str, str] | None
    """Event type and dossier code."""
    second_entry: EntryIdentity | None = None
    """The other entry of an event that makes two."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event ready to be written, with its receipt and its people."""

    submission: ValidSubmission
    receipt: Receipt
    persons: Mapping[str, PersonId]
    """Role -> our own key of the person."""


@dataclass(frozen=True, slots=True)
class EventOrigin:
    """Whose event it is: enough to decide who may see it."""

    client_id: ClientId
    authority_code: str
    registered_at: datetime


class Events(EventBatches[TransactionT_contra], Protocol[TransactionT_contra]):
    """Accepted events and their identities (entry, persons, dossier)."""

    def find_known(
        self, transaction: TransactionT_contra, identities: Sequence[Identities]
    ) -> Sequence[Sequence[tuple[str, KnownSubmission]]]:
        """For each, the events that hold one of its identities already.

        Named `idempotency_key`, `source_event`, `entry` or `dossier`.
        """
        ...

    def find_persons(
        self, transaction: TransactionT_contra, personal_ids: Iterable[str]
    ) -> Mapping[str, PersonId]:
        """The people known under these personal IDs."""
        ...

    def insert(self, transaction: TransactionT_contra, events: Sequence[NewEvent]) -> None:
        """Write events with identities, persons and receipts. Raises `IdentityTaken` after a lost race."""
        ...

    def get(
        self, transaction: TransactionT_contra, event_id: EventId, version: int = FIRST_VERSION
    ) -> StoredEvent:
        """With the content of that version. Raises `EventNotFound`."""
        ...

    def content_of(
        self, transaction: TransactionT_contra, event_id: EventId, version: int = FIRST_VERSION
    ) -> bytes:
        """The message of that version in canonical JSON. Raises `EventNotFound`."""
        ...

    def add_version(self, transaction: TransactionT_contra, version: EventVersion) -> None:
        """The event itself stays as it is; the caller holds its lock."""
        ...

    def list_versions(self, transaction: TransactionT_contra, event_id: EventId) -> Sequence[EventVersion]:
        """The edited ones, oldest first."""
        ...

    def list_after(
        self, transaction: TransactionT_contra, after: EventId | None, limit: int
    ) -> Sequence[StoredEvent]:
        """Up to `limit` events by their ids, which grow with the time of acceptance; None begins."""
        ...

    def origins_of(
        self, transaction: TransactionT_contra, event_ids: Iterable[EventId]
    ) -> Mapping[EventId, EventOrigin]:
        """Of those that exist, without reading their bodies."""
        ...

    def lock(self, transaction: TransactionT_contra, event_id: EventId) -> None:
        """Make later writers of this event's plan wait until we commit."""
        ...

    def find_receipt(self, transaction: TransactionT_contra, event_id: EventId) -> Receipt | None:
        """The receipt as it was given."""
        ...

    def find_by_source(
        self, transaction: TransactionT_contra, client_id: ClientId | None, source_event_id: str
    ) -> Sequence[EventId]:
        """The sender's own number; without a client, of any sender."""
        ...

    def persons_of(self, transaction: TransactionT_contra, event_id: EventId) -> Mapping[str, PersonId]:
        """Role -> person."""
        ...

    def attach_personal_id(
        self, transaction: TransactionT_contra, person_id: PersonId, personal_id: str, now: datetime
    ) -> None:
        """A number became known; earlier numbers stay in the history."""
        ...


class Deliveries(DeliveryBatches[TransactionT_contra], Protocol[TransactionT_contra]):
    """Deliveries, attempts, facts and watches."""

    def insert(
        self, transaction: TransactionT_contra, deliveries: Sequence[Delivery]
    ) -> Sequence[DeliveryId]:
        """Write those whose (event, step) is new; say which. Each has an id of its own."""
        ...

    def get(self, transaction: TransactionT_contra, delivery_id: DeliveryId) -> Delivery:
        """Raises `DeliveryNotFound`."""
        ...

    def list_of_event(self, transaction: TransactionT_contra, event_id: EventId) -> Sequence[Delivery]:
        """In the order they were planned."""
        ...

    def newest_version(self, transaction: TransactionT_contra, event_id: EventId) -> int:
        """The newest version of the content that any delivery of the event carries."""
        ...

    def use_version(
        self,
        transaction: TransactionT_contra,
        delivery_id: DeliveryId,
        version: int,
        request_id: RequestId,
        now: datetime,
    ) -> None:
        """From now on it carries that content under that number; the earlier number is remembered."""
        ...

    def earlier_requests(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId
    ) -> Sequence[EarlierRequest]:
        """The numbers it had before, oldest first."""
        ...

    def begin_attempt(self, transaction: TransactionT_contra, attempt: AttemptRow) -> None:
        """Written together with "about to send"."""
        ...

    def finish_attempt(self, transaction: TransactionT_contra, attempt: AttemptRow) -> None:
        """Write what came of it; inserts if it never began (nothing was sent)."""
        ...

    def list_attempts(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId
    ) -> Sequence[AttemptRow]:
        """By number."""
        ...

    def add_fact(self, transaction: TransactionT_contra, fact: Fact) -> bool:
        """False if the same fact was known already."""
        ...

    def facts_of(self, transaction: TransactionT_contra, event_id: EventId) -> Mapping[str, Fact]:
        """By name."""
        ...

    def put_watch(self, transaction: TransactionT_contra, watch: Watch) -> None:
        """Insert or replace."""
        ...

    def watches_of(self, transaction: TransactionT_contra, event_id: EventId) -> Sequence[Watch]:
        """All watches of an event, ended ones too."""
        ...

    def list_due_watches(
        self, transaction: TransactionT_contra, destination: Destination, now: datetime, limit: int
    ) -> Sequence[Watch]:
        """Those to be fetched now, longest waiting first."""
        ...


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Something that happened to an event, for readers of the change feed."""

    event_id: EventId
    change: str
    """`event.accepted`, `delivery.done`, `delivery.held`, `fact.recorded`, `stage.changed` …"""
    delivery_id: DeliveryId | None
    detail: Mapping[str, str]
    """Codes only: no personal data."""
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class PositionedEntry:
    """A feed entry with its place; positions follow commit order without gaps a reader could skip."""

    position: int
    entry: FeedEntry


class Feed(Protocol[TransactionT_contra]):
    """The change feed."""

    def append(self, transaction: TransactionT_contra, entries: Sequence[FeedEntry]) -> None:
        """Call last in the transaction: it serialises writers until the commit."""
        ...

    def list_after(
        self, transaction: TransactionT_contra, position: int, limit: int
    ) -> Sequence[PositionedEntry]:
        """In position order."""
        ...

    def last_position(self, transaction: TransactionT_contra) -> int:
        """0 when empty."""
        ...


class Role(StrEnum):
    """What a client may do."""

    SENDER = "sender"
    CONSUMER = "consumer"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may call us."""

    client_id: ClientId
    name: str
    roles: frozenset[Role]
    authorities: frozenset[str]
    """Unit codes it may speak for or see; a province code covers its communes."""
    secret_hash: str
    created_at: datetime
    revoked_at: datetime | None


class Clients(Protocol[TransactionT_contra]):
    """Clients and their bearer tokens (stored only as hashes)."""

    def insert(self, transaction: TransactionT_contra, client: Client) -> None:
        """Raises `ClientNameTaken`."""
        ...

    def find(self, transaction: TransactionT_contra, client_id: ClientId) -> Client | None:
        """Revoked ones too."""
        ...

    def list_all(self, transaction: TransactionT_contra) -> Sequence[Client]:
        """By name."""
        ...

    def revoke(self, transaction: TransactionT_contra, client_id: ClientId, now: datetime) -> bool:
        """Also ends its tokens; False if unknown."""
        ...

    def put_token(
        self, transaction: TransactionT_contra, token_sha256: str, client_id: ClientId, expires_at: datetime
    ) -> None:
        """Remember a token by its hash."""
        ...

    def find_by_token(
        self, transaction: TransactionT_contra, token_sha256: str, now: datetime
    ) -> Client | None:
        """The client of an unexpired token; None if expired, unknown or revoked."""
        ...

    def delete_expired_tokens(self, transaction: TransactionT_contra, now: datetime) -> int:
        """Housekeeping."""
        ...
