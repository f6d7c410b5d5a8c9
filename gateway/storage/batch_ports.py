"""What deliveries ask of the storage for many at once: one statement each, whatever the number."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from gateway.model.delivery import AttemptRow, Delivery, Fact, StoredEvent, Watch
from gateway.model.ids import DeliveryId, EventId, PersonId

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

VersionOf = tuple[EventId, int]
"""An event with the version of its content."""


class EventBatches(Protocol[TransactionT_contra]):
    """Many events at once."""

    def get_all(
        self, transaction: TransactionT_contra, wanted: Collection[VersionOf]
    ) -> Mapping[VersionOf, StoredEvent]:
        """Those that exist and can be read, each with the content of that version."""
        ...

    def lock_all(self, transaction: TransactionT_contra, event_ids: Collection[EventId]) -> None:
        """As `lock` for each, in one order."""
        ...

    def persons_of_all(
        self, transaction: TransactionT_contra, event_ids: Collection[EventId]
    ) -> Mapping[EventId, Mapping[str, PersonId]]:
        """Role -> person, for each."""
        ...


class DeliveryBatches(Protocol[TransactionT_contra]):
    """Many deliveries at once."""

    def get_all(
        self, transaction: TransactionT_contra, delivery_ids: Collection[DeliveryId]
    ) -> Mapping[DeliveryId, Delivery]:
        """Those that exist."""
        ...

    def newest_versions(
        self, transaction: TransactionT_contra, event_ids: Collection[EventId]
    ) -> Mapping[EventId, int]:
        """As `newest_version` for each."""
        ...

    def begin_attempts(self, transaction: TransactionT_contra, attempts: Sequence[AttemptRow]) -> None:
        """As `begin_attempt` for each."""
        ...

    def finish_attempts(self, transaction: TransactionT_contra, attempts: Sequence[AttemptRow]) -> None:
        """As `finish_attempt` for each."""
        ...

    def facts_of_all(
        self, transaction: TransactionT_contra, event_ids: Collection[EventId]
    ) -> Mapping[EventId, Mapping[str, Fact]]:
        """As `facts_of` for each."""
        ...

    def put_watches(self, transaction: TransactionT_contra, watches: Sequence[Watch]) -> None:
        """As `put_watch` for each; no two of one delivery."""
        ...
