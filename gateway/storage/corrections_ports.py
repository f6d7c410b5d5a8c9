"""What corrections ask of the storage; memory and SQL pass one contract suite."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from gateway.model.corrections import (
    BookStatement,
    EntryLink,
    NoticeState,
    OfficeNotice,
    OversightChange,
    StatementState,
)
from gateway.model.ids import EventId
from mappings.canonical.registration import EntryIdentity

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which rows somebody may see, and the page of them."""

    units: Collection[str] | None
    """Unit codes he answers for; None: all of them, at the machine itself."""
    after: str = ""
    """The last id of an earlier page."""
    limit: int = 100
    of_unit: str | None = None
    """Only what also concerns this unit."""


class EntryLinks(Protocol[TransactionT_contra]):
    """Which events concern which entry."""

    def add(self, transaction: TransactionT_contra, links: Sequence[EntryLink]) -> None:
        """Those that are there already stay."""
        ...

    def makers_of(self, transaction: TransactionT_contra, entry: EntryIdentity) -> Sequence[EventId]:
        """The event whose own entry it is; none when it never came through the gateway."""
        ...

    def amending(self, transaction: TransactionT_contra, entry: EntryIdentity) -> Sequence[EventId]:
        """The events that name it as an earlier entry, by the moment of registration."""
        ...


class OfficeNotices(Protocol[TransactionT_contra]):
    """Notices to offices of original entries."""

    def insert(self, transaction: TransactionT_contra, notice: OfficeNotice, units: Collection[str]) -> bool:
        """With the units that may see it; False when the event has told that office already."""
        ...

    def find(
        self, transaction: TransactionT_contra, notice_id: str, *, for_change: bool = False
    ) -> OfficeNotice | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def put(self, transaction: TransactionT_contra, notice: OfficeNotice) -> None:
        """Replace; the units stay."""
        ...

    def units_of(self, transaction: TransactionT_contra, notice_id: str) -> frozenset[str]:
        """The units that may see it."""
        ...

    def list_page(
        self, transaction: TransactionT_contra, sight: Sight, states: Collection[NoticeState]
    ) -> Sequence[OfficeNotice]:
        """Oldest first."""
        ...

    def of_event(self, transaction: TransactionT_contra, event_id: EventId) -> Sequence[OfficeNotice]:
        """Oldest first."""
        ...

    def list_due(self, transaction: TransactionT_contra, now: datetime, limit: int) -> Sequence[OfficeNotice]:
        """Those whose reminder is due, longest waiting first."""
        ...


class Oversight(Protocol[TransactionT_contra]):
    """Warnings to higher offices."""

    def insert(self, transaction: TransactionT_contra, change: OversightChange) -> bool:
        """False when it was told already."""
        ...

    def find(
        self, transaction: TransactionT_contra, oversight_id: str, *, for_change: bool = False
    ) -> OversightChange | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def put(self, transaction: TransactionT_contra, change: OversightChange) -> None:
        """Replace; the units stay."""
        ...

    def list_page(
        self, transaction: TransactionT_contra, sight: Sight, *, only_unseen: bool
    ) -> Sequence[OversightChange]:
        """Oldest first."""
        ...

    def of_event(self, transaction: TransactionT_contra, event_id: EventId) -> Sequence[OversightChange]:
        """Oldest first."""
        ...


class BookStatements(Protocol[TransactionT_contra]):
    """What people read in paper books."""

    def insert(self, transaction: TransactionT_contra, statement: BookStatement) -> None:
        """Raises `RequestRepeated` when author and request are known; then roll back."""
        ...

    def put(self, transaction: TransactionT_contra, statement: BookStatement) -> None:
        """Replace."""
        ...

    def find(
        self, transaction: TransactionT_contra, statement_id: str, *, for_change: bool = False
    ) -> BookStatement | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def find_by_request(
        self, transaction: TransactionT_contra, stated_by: str, request_id: str
    ) -> BookStatement | None:
        """The statement that this request led to."""
        ...

    def list_by(
        self, transaction: TransactionT_contra, state: StatementState | None, limit: int
    ) -> Sequence[BookStatement]:
        """Newest first."""
        ...
