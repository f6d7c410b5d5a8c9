"""Courier bundles on SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, exc, insert, select, update

from adapters.port import RequestId
from gateway.errors import RequestRepeated
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.operating import Bundle, BundleItem, BundleState, ItemResult
from gateway.storage.sql.operating_tables import bundle_items, bundles
from gateway.storage.stored_forms import texts_from_text, texts_to_text

_WITHOUT_FILE = [column for column in bundles.c if column.name != "file"]


class SqlBundles:
    """Bundles, their files and their items."""

    def insert(
        self, transaction: Connection, bundle: Bundle, file: bytes, items: Sequence[BundleItem]
    ) -> None:
        """Raises `RequestRepeated`; the transaction must then be rolled back."""
        try:
            transaction.execute(insert(bundles).values({**_bundle_row(bundle), "file": file}))
        except exc.IntegrityError as error:
            raise RequestRepeated(bundle_id=bundle.bundle_id) from error
        if items:
            transaction.execute(insert(bundle_items), [_item_row(item) for item in items])

    def find(self, transaction: Connection, bundle_id: str, *, for_change: bool = False) -> Bundle | None:
        """On SQLite there is one writer anyway."""
        query = select(*_WITHOUT_FILE).where(bundles.c.bundle_id == bundle_id)
        row = transaction.execute(query.with_for_update() if for_change else query).one_or_none()
        return None if row is None else _bundle(row)

    def find_by_request(self, transaction: Connection, created_by: str, request_id: str) -> Bundle | None:
        """By the unique pair."""
        query = select(*_WITHOUT_FILE).where(
            bundles.c.created_by == created_by, bundles.c.request_id == request_id
        )
        row = transaction.execute(query).one_or_none()
        return None if row is None else _bundle(row)

    def file_of(self, transaction: Connection, bundle_id: str) -> bytes | None:
        """The ZIP as it was signed."""
        file = transaction.scalar(select(bundles.c.file).where(bundles.c.bundle_id == bundle_id))
        return None if file is None else bytes(file)

    def items_of(self, transaction: Connection, bundle_id: str) -> Sequence[BundleItem]:
        """In the order of the bundle."""
        query = select(bundle_items).where(bundle_items.c.bundle_id == bundle_id)
        return _items(transaction, query.order_by(bundle_items.c.ordinal))

    def items_of_delivery(self, transaction: Connection, delivery_id: DeliveryId) -> Sequence[BundleItem]:
        """Oldest bundle first."""
        query = (
            select(bundle_items)
            .join(bundles, bundles.c.bundle_id == bundle_items.c.bundle_id)
            .where(bundle_items.c.delivery_id == delivery_id)
        )
        return _items(transaction, query.order_by(bundles.c.created_at, bundles.c.bundle_id))

    def put_bundle(self, transaction: Connection, bundle: Bundle) -> None:
        """Replace; the file stays."""
        ours = bundles.c.bundle_id == bundle.bundle_id
        transaction.execute(update(bundles).where(ours).values(_bundle_row(bundle)))

    def put_item(self, transaction: Connection, item: BundleItem) -> None:
        """Replace."""
        table = bundle_items.c
        ours = (table.bundle_id == item.bundle_id) & (table.ordinal == item.ordinal)
        transaction.execute(update(bundle_items).where(ours).values(_item_row(item)))

    def list_all(self, transaction: Connection, limit: int) -> Sequence[Bundle]:
        """Newest first."""
        query = select(*_WITHOUT_FILE).order_by(bundles.c.created_at.desc(), bundles.c.bundle_id.desc())
        return [_bundle(row) for row in transaction.execute(query.limit(limit))]


def _items(transaction: Connection, query: Select[Any]) -> Sequence[BundleItem]:
    return [_item(row) for row in transaction.execute(query)]


def _bundle_row(bundle: Bundle) -> dict[str, object]:
    return {
        "bundle_id": bundle.bundle_id,
        "destination": bundle.destination.value,
        "created_at": bundle.created_at,
        "created_by": bundle.created_by,
        "request_id": bundle.request_id,
        "asked_sha256": bundle.asked_sha256,
        "reason": bundle.reason,
        "file_sha256": bundle.file_sha256,
        "state": bundle.state.value,
        "closed_at": bundle.closed_at,
    }


def _bundle(row: Row[Any]) -> Bundle:
    return Bundle(
        bundle_id=row.bundle_id,
        destination=Destination(row.destination),
        created_at=row.created_at,
        created_by=row.created_by,
        request_id=row.request_id,
        asked_sha256=row.asked_sha256,
        reason=row.reason,
        file_sha256=row.file_sha256,
        state=BundleState(row.state),
        closed_at=row.closed_at,
    )


def _item_row(item: BundleItem) -> dict[str, object]:
    return {
        "bundle_id": item.bundle_id,
        "ordinal": item.ordinal,
        "delivery_id": item.delivery_id,
        "event_id": item.event_id,
        "request_id": item.request_id,
        "due_at": item.due_at,
        "file_name": item.file_name,
        "sha256": item.sha256,
        "facts_used": texts_to_text(item.facts_used),
        "result": None if item.result is None else item.result.value,
        "reference": item.reference,
        "refusal": item.refusal,
        "brought_by": item.brought_by,
        "settled_at": item.settled_at,
    }


def _item(row: Row[Any]) -> BundleItem:
    return BundleItem(
        bundle_id=row.bundle_id,
        ordinal=row.ordinal,
        delivery_id=DeliveryId(row.delivery_id),
        event_id=EventId(row.event_id),
        request_id=RequestId(row.request_id),
        due_at=row.due_at,
        file_name=row.file_name,
        sha256=row.sha256,
        facts_used=texts_from_text(row.facts_used),
        result=None if row.result is None else ItemResult(row.result),
        reference=row.reference,
        refusal=row.refusal,
        brought_by=row.brought_by,
        settled_at=row.settled_at,
    )
