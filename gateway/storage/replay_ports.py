"""What replays ask of the storage; memory and SQL pass one contract suite."""

from collections.abc import Collection, Sequence
from typing import Protocol, TypeVar

from gateway.model.ids import DeliveryId
from gateway.model.replaying import (
    Candidate,
    ItemCount,
    ItemState,
    Replay,
    ReplayChange,
    ReplayId,
    ReplayItem,
    Selection,
)
from retry_queue.states import State

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class Replays(Protocol[TransactionT_contra]):
    """Replays, their ledgers and their histories."""

    def select(
        self,
        transaction: TransactionT_contra,
        selection: Selection,
        states: Collection[State],
        after: int,
        limit: int,
    ) -> Sequence[Candidate]:
        """Deliveries in these states, by their number after the given one; the unit is not looked at."""
        ...

    def insert(self, transaction: TransactionT_contra, replay: Replay) -> None:
        """Raises `RequestRepeated` when creator and request are known; then roll back."""
        ...

    def find(
        self, transaction: TransactionT_contra, replay_id: ReplayId, *, for_change: bool = False
    ) -> Replay | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def find_by_request(
        self, transaction: TransactionT_contra, created_by: str, request_id: str
    ) -> Replay | None:
        """The replay that this request led to."""
        ...

    def put(self, transaction: TransactionT_contra, replay: Replay) -> None:
        """Replace what moves; what was asked for stays."""
        ...

    def list_all(self, transaction: TransactionT_contra, limit: int) -> Sequence[Replay]:
        """Newest first."""
        ...

    def list_driven(self, transaction: TransactionT_contra) -> Sequence[Replay]:
        """Those with something to do or to look at, oldest first."""
        ...

    def list_open(self, transaction: TransactionT_contra) -> Sequence[Replay]:
        """Those that run or are paused, oldest first."""
        ...

    def add_items(self, transaction: TransactionT_contra, items: Sequence[ReplayItem]) -> None:
        """New rows of the ledger."""
        ...

    def put_items(self, transaction: TransactionT_contra, items: Sequence[ReplayItem]) -> None:
        """Replace what moves."""
        ...

    def items_after(
        self,
        transaction: TransactionT_contra,
        replay_id: ReplayId,
        after: int,
        limit: int,
        state: ItemState | None = None,
    ) -> Sequence[ReplayItem]:
        """By ordinal, after the given one."""
        ...

    def items_of_deliveries(
        self, transaction: TransactionT_contra, delivery_ids: Collection[DeliveryId]
    ) -> Sequence[tuple[Replay, ReplayItem]]:
        """Of these deliveries, also as the new delivery of a resend; oldest replay first."""
        ...

    def count_items(self, transaction: TransactionT_contra, replay_id: ReplayId) -> Sequence[ItemCount]:
        """By step, state and result."""
        ...

    def drop_pending(self, transaction: TransactionT_contra, replay_id: ReplayId) -> int:
        """Whatever was not begun never will be; says how many."""
        ...

    def add_change(self, transaction: TransactionT_contra, change: ReplayChange) -> None:
        """One line of the history; the caller holds the replay."""
        ...

    def changes_of(self, transaction: TransactionT_contra, replay_id: ReplayId) -> Sequence[ReplayChange]:
        """Oldest first."""
        ...
