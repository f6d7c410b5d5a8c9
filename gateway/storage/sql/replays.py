"""Replays, their ledgers and histories on SQL."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, case, exc, func, insert, or_, select, update

from gateway.errors import RequestRepeated
from gateway.model.ids import DeliveryId
from gateway.model.replaying import (
    OPEN,
    Candidate,
    ItemCount,
    ItemState,
    Replay,
    ReplayChange,
    ReplayId,
    ReplayItem,
    Selection,
)
from gateway.storage.sql.replay_rows import change_of, item_of, item_row, replay_of, replay_row
from gateway.storage.sql.replay_selection import list_candidates
from gateway.storage.sql.replay_tables import replay_changes, replay_items, replays
from gateway.storage.sql.statements import upsert
from retry_queue.states import State

BATCH = 500


class SqlReplays:
    """One row a replay, one an item, one a change."""

    def select(
        self,
        transaction: Connection,
        selection: Selection,
        states: Collection[State],
        after: int,
        limit: int,
    ) -> Sequence[Candidate]:
        """One page, by the queue's number."""
        return list_candidates(transaction, selection, states, after, limit)

    def insert(self, transaction: Connection, replay: Replay) -> None:
        """Raises `RequestRepeated`; the transaction must then be rolled back."""
        try:
            transaction.execute(insert(replays).values(replay_row(replay)))
        except exc.IntegrityError as error:
            raise RequestRepeated(replay_id=replay.replay_id) from error

    def find(
        self, transaction: Connection, replay_id: ReplayId, *, for_change: bool = False
    ) -> Replay | None:
        """Locked on PostgreSQL; SQLite has one writer."""
        query = select(replays).where(replays.c.replay_id == replay_id)
        row = transaction.execute(query.with_for_update() if for_change else query).one_or_none()
        return None if row is None else replay_of(row)

    def find_by_request(self, transaction: Connection, created_by: str, request_id: str) -> Replay | None:
        """By the unique pair."""
        table = replays.c
        query = select(replays).where(table.created_by == created_by, table.request_id == request_id)
        row = transaction.execute(query).one_or_none()
        return None if row is None else replay_of(row)

    def put(self, transaction: Connection, replay: Replay) -> None:
        """The row must be there."""
        row = replay_row(replay)
        statement = update(replays).where(replays.c.replay_id == replay.replay_id).values(row)
        transaction.execute(statement)

    def list_all(self, transaction: Connection, limit: int) -> Sequence[Replay]:
        """Newest first."""
        query = select(replays).order_by(replays.c.created_at.desc(), replays.c.replay_id.desc())
        return [replay_of(row) for row in transaction.execute(query.limit(limit))]

    def list_driven(self, transaction: Connection) -> Sequence[Replay]:
        """Oldest first."""
        query = select(replays).where(replays.c.is_driven)
        rows = transaction.execute(query.order_by(replays.c.created_at, replays.c.replay_id))
        return [replay_of(row) for row in rows]

    def list_open(self, transaction: Connection) -> Sequence[Replay]:
        """Oldest first."""
        states = sorted(state.value for state in OPEN)
        query = select(replays).where(replays.c.state.in_(states))
        rows = transaction.execute(query.order_by(replays.c.created_at, replays.c.replay_id))
        return [replay_of(row) for row in rows]

    def add_items(self, transaction: Connection, items: Sequence[ReplayItem]) -> None:
        """A batch."""
        if items:
            transaction.execute(insert(replay_items), [item_row(item) for item in items])

    def put_items(self, transaction: Connection, items: Sequence[ReplayItem]) -> None:
        """Replace."""
        for item in items:
            upsert(transaction, replay_items, item_row(item))

    def items_after(
        self,
        transaction: Connection,
        replay_id: ReplayId,
        after: int,
        limit: int,
        state: ItemState | None = None,
    ) -> Sequence[ReplayItem]:
        """By ordinal."""
        table = replay_items.c
        query = select(replay_items).where(table.replay_id == replay_id, table.ordinal > after)
        if state is not None:
            query = query.where(table.state == state.value)
        return [item_of(row) for row in transaction.execute(query.order_by(table.ordinal).limit(limit))]

    def items_of_deliveries(
        self, transaction: Connection, delivery_ids: Collection[DeliveryId]
    ) -> Sequence[tuple[Replay, ReplayItem]]:
        """Two indexes, one look each."""
        wanted, table = sorted(set(delivery_ids)), replay_items.c
        found: list[ReplayItem] = []
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            query = select(replay_items).where(or_(table.delivery_id.in_(some), table.carrier_id.in_(some)))
            found += [item_of(row) for row in transaction.execute(query)]
        names = {item.replay_id for item in found}
        query = select(replays).where(replays.c.replay_id.in_(sorted(names)))
        known = {row.replay_id: replay_of(row) for row in transaction.execute(query)} if names else {}
        pairs = {(item.replay_id, item.ordinal): (known[item.replay_id], item) for item in found}
        return sorted(pairs.values(), key=lambda pair: (pair[0].created_at, pair[1].ordinal))

    def count_items(self, transaction: Connection, replay_id: ReplayId) -> Sequence[ItemCount]:
        """By step, state and result."""
        table = replay_items.c
        query = (
            select(table.step, table.state, table.result, func.count())
            .where(table.replay_id == replay_id)
            .group_by(table.step, table.state, table.result)
            .order_by(case((table.step.is_(None), 1), else_=0), table.step, table.state, table.result)
        )
        return [
            ItemCount(step, ItemState(state), result, items)
            for step, state, result, items in transaction.execute(query)
        ]

    def drop_pending(self, transaction: Connection, replay_id: ReplayId) -> int:
        """One statement."""
        table = replay_items.c
        pending = (table.replay_id == replay_id) & (table.state == ItemState.PENDING.value)
        statement = update(replay_items).where(pending).values(state=ItemState.DROPPED.value)
        return transaction.execute(statement).rowcount

    def add_change(self, transaction: Connection, change: ReplayChange) -> None:
        """A number that is there already is a mistake of the caller and raises."""
        row = {
            "replay_id": change.replay_id,
            "number": change.number,
            "change": change.change,
            "who": change.who,
            "reason": change.reason,
            "happened_at": change.happened_at,
        }
        transaction.execute(insert(replay_changes).values(row))

    def changes_of(self, transaction: Connection, replay_id: ReplayId) -> Sequence[ReplayChange]:
        """Oldest first."""
        query = select(replay_changes).where(replay_changes.c.replay_id == replay_id)
        return [change_of(row) for row in transaction.execute(query.order_by(replay_changes.c.number))]
