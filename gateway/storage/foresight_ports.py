"""What forecasts and notices ask of the storage; memory and SQL pass one contract suite."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from gateway.model.foresight import (
    Crossing,
    KeptForecast,
    Mark,
    Notice,
    NoticeId,
    Sending,
    ToldNotice,
    Untold,
)
from gateway.model.ids import DeliveryId
from retry_queue.job import Lane, Track
from retry_queue.observation import Sample

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class Forecasts(Protocol[TransactionT_contra]):
    """Counts of the queues, and forecasts with what became of them."""

    def add_samples(self, transaction: TransactionT_contra, samples: Sequence[Sample]) -> None:
        """Those of an instant that is there already are left as they are: another process was faster."""
        ...

    def list_samples(self, transaction: TransactionT_contra, since: datetime) -> Sequence[Sample]:
        """Of every lane and track, after that instant, oldest first."""
        ...

    def delete_samples(self, transaction: TransactionT_contra, before: datetime) -> int:
        """Housekeeping; says how many."""
        ...

    def keep(self, transaction: TransactionT_contra, forecasts: Sequence[KeptForecast]) -> None:
        """Insert; one that is there already stays as it is."""
        ...

    def delete_kept(
        self, transaction: TransactionT_contra, lane: Lane, track: Track, before: datetime, limit: int
    ) -> int:
        """Housekeeping, the oldest first, whether settled or not; says how many."""
        ...

    def settle(self, transaction: TransactionT_contra, forecasts: Sequence[KeptForecast]) -> None:
        """Replace: something was learnt about them."""
        ...

    def list_open(self, transaction: TransactionT_contra) -> Sequence[KeptForecast]:
        """Not settled yet, oldest first."""
        ...

    def list_settled(
        self, transaction: TransactionT_contra, lane: Lane, track: Track, limit: int
    ) -> Sequence[KeptForecast]:
        """Newest first."""
        ...


class Notices(Protocol[TransactionT_contra]):
    """Who has reached which rung, who was told, and whether it arrived."""

    def lock(self, transaction: TransactionT_contra) -> None:
        """One process at a time decides what to tell."""
        ...

    def list_crossings(
        self,
        transaction: TransactionT_contra,
        due_until: Mapping[int, datetime],
        planned_until: datetime,
        limit: int,
    ) -> Sequence[Crossing]:
        """Unfinished live deliveries due by the instant of a rung (percent) that is not recorded for them.

        Those planned after `planned_until` are left out.
        """
        ...

    def add_marks(self, transaction: TransactionT_contra, marks: Sequence[Mark]) -> Sequence[Mark]:
        """Write those that are new; say which were written."""
        ...

    def marks_of(
        self, transaction: TransactionT_contra, delivery_ids: Iterable[DeliveryId]
    ) -> Sequence[Mark]:
        """In the order of the rungs."""
        ...

    def list_untold(self, transaction: TransactionT_contra) -> Sequence[Untold]:
        """By destination and rung."""
        ...

    def list_untold_ids(
        self, transaction: TransactionT_contra, destination: str, percent: int
    ) -> Sequence[DeliveryId]:
        """Of this destination, to be told as this rung."""
        ...

    def tell_with(
        self, transaction: TransactionT_contra, notice: Notice, delivery_ids: Iterable[DeliveryId]
    ) -> None:
        """What is untold of these deliveries at the notice's destination and rung belongs to it."""
        ...

    def last_made(self, transaction: TransactionT_contra) -> Mapping[tuple[str, int], datetime]:
        """By destination and rung: when the newest notice was made."""
        ...

    def insert(self, transaction: TransactionT_contra, notice: Notice, sendings: Sequence[Sending]) -> None:
        """A notice with everybody it goes to."""
        ...

    def claim_due(
        self, transaction: TransactionT_contra, now: datetime, again_at: datetime, limit: int
    ) -> Sequence[tuple[Notice, Sending]]:
        """Sendings whose turn has come; nobody else gets them before `again_at`. Counts the attempt."""
        ...

    def finish(self, transaction: TransactionT_contra, sending: Sending) -> None:
        """What came of an attempt."""
        ...

    def list_after(self, transaction: TransactionT_contra, position: int, limit: int) -> Sequence[ToldNotice]:
        """In the order they were made."""
        ...

    def find_all(
        self, transaction: TransactionT_contra, notice_ids: Iterable[NoticeId]
    ) -> Mapping[NoticeId, ToldNotice]:
        """Those that exist."""
        ...
