"""Which deliveries fit a selection, page by page."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, text

from gateway.model.ids import DeliveryId, EventId
from gateway.model.replaying import Candidate, Selection
from gateway.storage.sql.tables import attempts, deliveries, events
from retry_queue.states import State
from retry_queue.tables import queue_jobs, quoted


def list_candidates(
    transaction: Connection, selection: Selection, states: Collection[State], after: int, limit: int
) -> Sequence[Candidate]:
    """By the queue's number; the unit is for the caller to look at."""
    query = (
        select(
            queue_jobs.c.sequence,
            deliveries.c.delivery_id,
            events.c.event_id,
            events.c.authority_code,
            events.c.registered_at,
        )
        .join(deliveries, deliveries.c.delivery_id == queue_jobs.c.job_id)
        .join(events, events.c.event_id == deliveries.c.event_id)
        .where(queue_jobs.c.sequence > after, *_conditions(selection, states))
        .order_by(queue_jobs.c.sequence)
        .limit(limit)
    )
    return [
        Candidate(sequence, DeliveryId(delivery_id), EventId(event_id), authority, registered_at)
        for sequence, delivery_id, event_id, authority, registered_at in transaction.execute(
            _with_last_attempt(query, selection)
        )
    ]


def _conditions(selection: Selection, states: Collection[State]) -> list[Any]:
    wanted = {
        queue_jobs.c.held_reason: selection.held_reason,
        queue_jobs.c.lane: None if selection.destination is None else selection.destination.value,
        deliveries.c.step: selection.step,
        deliveries.c.message: selection.message,
        events.c.event_type: selection.event_type,
    }
    # As literal words: with parameters neither database would use the partial indexes.
    in_states = text(f"queue_jobs.state IN ({quoted(sorted(state.value for state in states))})")
    return [
        in_states,
        *(column == value for column, value in wanted.items() if value is not None),
        *_between(queue_jobs.c.due_at, selection.due_from, selection.due_until),
        *_between(events.c.registered_at, selection.registered_from, selection.registered_until),
    ]


def _between(column: ColumnElement[Any], start: object, end: object) -> list[ColumnElement[bool]]:
    found = [] if start is None else [column >= start]
    return found if end is None else [*found, column < end]


def _with_last_attempt(query: Select[Any], selection: Selection) -> Select[Any]:
    if selection.outcome is None and selection.partner_code is None:
        return query
    numbers = select(func.max(attempts.c.number)).where(attempts.c.delivery_id == deliveries.c.delivery_id)
    last = numbers.correlate(deliveries).scalar_subquery()
    found = query.join(
        attempts, (attempts.c.delivery_id == deliveries.c.delivery_id) & (attempts.c.number == last)
    )
    if selection.outcome is not None:
        found = found.where(attempts.c.outcome == selection.outcome.value)
    if selection.partner_code is not None:
        found = found.where(attempts.c.partner_code == selection.partner_code)
    return found
