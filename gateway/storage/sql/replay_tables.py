"""The tables of replays: what was asked for and how far it is, a row per item, and who did what."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gateway.storage.sql.tables import WIDE, metadata
from retry_queue.columns import UtcTime

replays = Table(
    "replays",
    metadata,
    Column("replay_id", Text, primary_key=True),
    Column("act", Text, nullable=False),
    Column("selection", Text, nullable=False),
    Column("limits", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("asked_sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("selected_up_to", WIDE, nullable=False),
    Column("items", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("stopped_because", Text),
    Column("started_by", Text),
    Column("started_at", UtcTime),
    Column("start_request_id", Text),
    Column("finished_at", UtcTime),
    Column("is_driven", Boolean, nullable=False),
    Column("driver", Text),
    Column("driven_until", UtcTime),
    Column("fence", WIDE, nullable=False),
    UniqueConstraint("created_by", "request_id", name="replays_request"),
    Index("replays_created_at", "created_at"),
    Index("replays_driven", "created_at", sqlite_where=text("is_driven"), postgresql_where=text("is_driven")),
)
"""One act on many deliveries, and how far it has come."""

replay_items = Table(
    "replay_items",
    metadata,
    Column("replay_id", Text, ForeignKey("replays.replay_id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("step", Integer),
    Column("acted_at", UtcTime),
    Column("track", Text),
    Column("carrier_id", Text),
    Column("result", Text),
    Column("settled_at", UtcTime),
    PrimaryKeyConstraint("replay_id", "ordinal", name="replay_items_pk"),
    UniqueConstraint("replay_id", "delivery_id", name="replay_items_delivery"),
    Index("replay_items_state", "replay_id", "state", "ordinal"),
    Index("replay_items_counts", "replay_id", "step", "state", "result"),
    Index("replay_items_delivery_id", "delivery_id"),
    Index("replay_items_carrier_id", "carrier_id"),
)
"""The ledger: a row per item."""

replay_changes = Table(
    "replay_changes",
    metadata,
    Column("replay_id", Text, ForeignKey("replays.replay_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("change", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("happened_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("replay_id", "number", name="replay_changes_pk"),
)
"""Who drafted, started, paused, resumed or cancelled a replay, and when it stopped itself."""
