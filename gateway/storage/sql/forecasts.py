"""Counts of the queues and kept forecasts on SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from gateway.model.foresight import KeptForecast
from gateway.storage.sql.foresight_tables import forecasts, queue_samples
from gateway.storage.sql.statements import insert_missing, upsert
from retry_queue.job import Lane, Track
from retry_queue.observation import Sample


class SqlForecasts:
    """Small tables that only the forecasting chore writes."""

    def add_samples(self, transaction: Connection, samples: Sequence[Sample]) -> None:
        """Those of an instant that is there already are left as they are."""
        rows = [
            {
                "sampled_at": each.at,
                "lane": each.lane,
                "track": each.track.value,
                "seconds": each.seconds,
                "up_to_sequence": each.up_to_sequence,
                "ready": each.ready,
                "unfinished": each.unfinished,
                "enqueued": each.enqueued,
                "finished": each.finished,
            }
            for each in samples
        ]
        unique = ("sampled_at", "lane", "track")
        insert_missing(transaction, queue_samples, rows, unique, queue_samples.c.lane)

    def list_samples(self, transaction: Connection, since: datetime) -> Sequence[Sample]:
        """Of every lane and track, after that instant, oldest first."""
        table = queue_samples.c
        query = select(queue_samples).where(table.sampled_at > since)
        rows = transaction.execute(query.order_by(table.sampled_at, table.lane, table.track))
        return [_sample(row) for row in rows]

    def delete_samples(self, transaction: Connection, before: datetime) -> int:
        """Housekeeping; says how many."""
        return transaction.execute(delete(queue_samples).where(queue_samples.c.sampled_at < before)).rowcount

    def keep(self, transaction: Connection, kept: Sequence[KeptForecast]) -> None:
        """Insert; one that is there already stays as it is."""
        rows = [_row(each) for each in kept]
        insert_missing(transaction, forecasts, rows, ("lane", "track", "made_at"), forecasts.c.lane)

    def delete_kept(
        self, transaction: Connection, lane: Lane, track: Track, before: datetime, limit: int
    ) -> int:
        """Housekeeping along the primary key, the oldest first; says how many."""
        table = forecasts.c
        own = (table.lane == lane, table.track == track.value)
        oldest = (
            select(table.made_at).where(*own, table.made_at < before).order_by(table.made_at).limit(limit)
        )
        return transaction.execute(delete(forecasts).where(*own, table.made_at.in_(oldest))).rowcount

    def settle(self, transaction: Connection, learnt: Sequence[KeptForecast]) -> None:
        """Replace: something was learnt about them."""
        for each in learnt:
            upsert(transaction, forecasts, _row(each))

    def list_open(self, transaction: Connection) -> Sequence[KeptForecast]:
        """Not settled yet, oldest first."""
        query = select(forecasts).where(forecasts.c.settled_at.is_(None)).order_by(forecasts.c.made_at)
        return [_kept(row) for row in transaction.execute(query)]

    def list_settled(
        self, transaction: Connection, lane: Lane, track: Track, limit: int
    ) -> Sequence[KeptForecast]:
        """Newest first."""
        table = forecasts.c
        query = (
            select(forecasts)
            .where(table.lane == lane, table.track == track.value, table.settled_at.is_not(None))
            .order_by(table.made_at.desc())
            .limit(limit)
        )
        return [_kept(row) for row in transaction.execute(query)]


def _sample(row: Row[Any]) -> Sample:
    return Sample(
        lane=Lane(row.lane),
        track=Track(row.track),
        at=row.sampled_at,
        seconds=row.seconds,
        up_to_sequence=row.up_to_sequence,
        ready=row.ready,
        unfinished=row.unfinished,
        enqueued=row.enqueued,
        finished=row.finished,
    )


def _row(kept: KeptForecast) -> dict[str, object]:
    return {**asdict(kept), "track": kept.track.value}


def _kept(row: Row[Any]) -> KeptForecast:
    values = {**row._mapping, "lane": Lane(row.lane), "track": Track(row.track)}  # noqa: SLF001 - SQLAlchemy's public name for it
    return KeptForecast(**values)
