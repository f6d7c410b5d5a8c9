"""Courier bundles within the caller's units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.bundles import Brought, ExportBody
from gateway.api.delivery_views import DeliveryViews
from gateway.api.problems import Problem
from gateway.model.clock import Clock
from gateway.model.operating import Bundle, BundleItem
from gateway.operations.bundle_apply import BundleApplying, Receipt
from gateway.operations.bundle_choice import Wanted
from gateway.operations.bundle_export import BundleExporting
from gateway.operations.orders import Asker
from gateway.operations.plain import plain

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class BundleViews(Generic[TransactionT]):
    """A bundle is shown to whoever may see each of its messages."""

    exporting: BundleExporting[TransactionT]
    applying: BundleApplying[TransactionT]
    deliveries: DeliveryViews[TransactionT]
    clock: Clock

    def export(self, body: ExportBody, caller: Caller, request_id: str) -> Mapping[str, Any]:
        """Only messages of the caller's units go in."""
        wanted = Wanted(body.destination, body.due_before, body.at_risk, body.named())
        asker = Asker(caller.client_id, body.reason, request_id)
        made = self.exporting.export(
            wanted, asker, self.clock(), lambda event_ids: self.deliveries.visible(event_ids, caller)
        )
        return {
            **bundle_document(made.bundle, made.items),
            "excluded": plain(made.excluded),
            "is_repeat": made.is_repeat,
        }

    def list_all(self, limit: int, caller: Caller) -> Mapping[str, Any]:
        """Newest first."""
        found = [
            bundle
            for bundle in self.exporting.list_all(limit)
            if self._is_visible(self.exporting.show(bundle.bundle_id)[1], caller)
        ]
        return {"bundles": plain(found)}

    def show(self, bundle_id: str, caller: Caller) -> Mapping[str, Any]:
        """With what became of each message."""
        return bundle_document(*self._found(bundle_id, caller))

    def file(self, bundle_id: str, caller: Caller) -> bytes:
        """The signed ZIP."""
        self._found(bundle_id, caller)
        return self.exporting.file_of(bundle_id)

    def apply(self, bundle_id: str, brought: Brought, caller: Caller, request_id: str) -> Mapping[str, Any]:
        """Settle each message as the list says."""
        self._found(bundle_id, caller)
        asker = Asker(caller.client_id, brought.reason, request_id)
        receipt = Receipt(brought.data, asker, brought.brought_by, bundle_id, keeps_rest=brought.keeps_rest)
        applied = self.applying.apply(receipt, self.clock())
        return {**bundle_document(applied.bundle, applied.items), "changed": applied.changed}

    def verify(self, data: bytes) -> Mapping[str, Any]:
        """With this gateway's own key."""
        return {"is_whole": True, "manifest": dict(self.applying.verify(data, None))}

    def _found(self, bundle_id: str, caller: Caller) -> tuple[Bundle, Sequence[BundleItem]]:
        bundle, items = self.exporting.show(bundle_id)
        if not self._is_visible(items, caller):
            raise Problem("bundle_unknown", bundle_id=bundle_id)
        return bundle, items

    def _is_visible(self, items: Sequence[BundleItem], caller: Caller) -> bool:
        event_ids = frozenset(item.event_id for item in items)
        return self.deliveries.visible(event_ids, caller) == event_ids


def bundle_document(bundle: Bundle, items: Sequence[BundleItem]) -> dict[str, Any]:
    """As JSON, with counts of what became of the messages."""
    results = [item.result.value if item.result else "open" for item in items]
    return {
        **cast("dict[str, Any]", plain(bundle)),
        "counts": {name: results.count(name) for name in ("open", "accepted", "refused", "returned")},
        "items": plain(items),
    }
