"""What deliveries know of the replays that they were in."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from gateway.model.ids import DeliveryId
from gateway.operations.replays.stories import ReplayMention, mention
from gateway.storage.replay_ports import Replays

TransactionT = TypeVar("TransactionT")


def mentions_of(
    replays: Replays[TransactionT], transaction: TransactionT, delivery_ids: Collection[DeliveryId]
) -> Mapping[DeliveryId, tuple[ReplayMention, ...]]:
    """By delivery, oldest first; what was only listed is not told."""
    wanted = set(delivery_ids)
    found: dict[DeliveryId, tuple[ReplayMention, ...]] = {}
    for replay, item in replays.items_of_deliveries(transaction, wanted):
        if item.acted_at is None:
            continue
        for name in sorted({item.delivery_id, item.carrier_id or item.delivery_id} & wanted):
            found[name] = (*found.get(name, ()), mention(replay, item))
    return found
