"""Replays and their rows."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from gateway.model.ids import DeliveryId, EventId
from gateway.model.replaying import (
    ItemState,
    Replay,
    ReplayAct,
    ReplayChange,
    ReplayId,
    ReplayItem,
    ReplayState,
)
from gateway.storage.stored_forms import texts_from_text, texts_to_text
from gateway.storage.stored_replays import (
    limits_from_text,
    limits_to_text,
    selection_from_text,
    selection_to_text,
)


def replay_row(replay: Replay) -> dict[str, Any]:
    """Every column."""
    return {
        **{name: getattr(replay, name) for name in Replay.__dataclass_fields__},
        "act": replay.act.value,
        "state": replay.state.value,
        "selection": selection_to_text(replay.selection),
        "limits": limits_to_text(replay.limits),
        "scope": texts_to_text(sorted(replay.scope)),
    }


def replay_of(row: Row[Any]) -> Replay:
    """As `replay_row` wrote it."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Replay(
        **{
            **values,
            "replay_id": ReplayId(row.replay_id),
            "act": ReplayAct(row.act),
            "state": ReplayState(row.state),
            "selection": selection_from_text(row.selection),
            "limits": limits_from_text(row.limits),
            "scope": frozenset(texts_from_text(row.scope)),
        }
    )


def item_row(item: ReplayItem) -> dict[str, Any]:
    """Every column."""
    return {**asdict(item), "state": item.state.value}


def item_of(row: Row[Any]) -> ReplayItem:
    """As `item_row` wrote it."""
    return ReplayItem(
        replay_id=ReplayId(row.replay_id),
        ordinal=row.ordinal,
        delivery_id=DeliveryId(row.delivery_id),
        event_id=EventId(row.event_id),
        state=ItemState(row.state),
        step=row.step,
        acted_at=row.acted_at,
        track=row.track,
        carrier_id=None if row.carrier_id is None else DeliveryId(row.carrier_id),
        result=row.result,
        settled_at=row.settled_at,
    )


def change_of(row: Row[Any]) -> ReplayChange:
    """One line of the history."""
    return ReplayChange(ReplayId(row.replay_id), row.number, row.change, row.who, row.reason, row.happened_at)
