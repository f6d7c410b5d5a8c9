"""What the courier brings back: accepted messages are done, refused ones held, the rest is released."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from gateway.model.ids import DeliveryId, RandomBytes, new_uuid7
from gateway.model.operating import Act, Bundle, BundleItem, BundleState, ItemResult, OperatorAct
from gateway.model.submission import Violation
from gateway.observability.logging import get_log
from gateway.operations.acts import IN_COURIER_BUNDLE, ActStores, get_job
from gateway.operations.bundle_export import require_bundle
from gateway.operations.bundle_file import is_zip, open_bundle, require_same_bundle, require_signature
from gateway.operations.bundle_key import Signer
from gateway.operations.bundle_results import ResultLine, Results, read_results
from gateway.operations.orders import Asker, asked_sha256
from gateway.operations.refusals import ActRefused
from gateway.storage.operating_ports import Bundles
from gateway.storage.ports import FeedEntry
from retry_queue.job import Job
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

REFUSED_BY_COURIER = "refused_by_courier"
_ACTS = {
    ItemResult.ACCEPTED: Act.BUNDLE_ACCEPTED,
    ItemResult.REFUSED: Act.BUNDLE_REFUSED,
    ItemResult.RETURNED: Act.BUNDLE_RETURNED,
}

log = get_log("operations.bundle")


class SettlesByCourier(Protocol[TransactionT_contra]):
    """Records an arrival by courier; deliver provides it, bootstrap hands it over."""

    def lock(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId, facts: Mapping[str, str]
    ) -> None:
        """Before anything else in the transaction."""
        ...

    def brought(
        self,
        transaction: TransactionT_contra,
        item: BundleItem,
        number: int,
        personal_id: str | None,
        now: datetime,
    ) -> list[FeedEntry]:
        """Attempt, facts, follow-ups; gives the feed entries."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the courier brought, and who says so."""

    data: bytes
    """The bundle with the results in it, or the list of results alone (CSV or JSON)."""
    asker: Asker
    brought_by: str
    bundle_id: str | None = None
    """Needed where the list does not name its bundle."""
    keeps_rest: bool = False
    """Messages without a result stay reserved: a second list will come."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The bundle afterwards."""

    bundle: Bundle
    items: tuple[BundleItem, ...]
    changed: int
    """Messages that this call settled; none when the same list comes again."""


@dataclass(frozen=True, slots=True)
class BundleApplying(Generic[TransactionT]):
    """One transaction a message: what was done stays done, and the same list again does the rest."""

    stores: ActStores[TransactionT]
    bundles: Bundles[TransactionT]
    settler: SettlesByCourier[TransactionT]
    signer: Signer | None
    random_bytes: RandomBytes
    on_moved: Callable[[], None]

    def apply(self, receipt: Receipt, now: datetime) -> Applied:
        """Raises `ActRefused`: bundle changed or unknown, results wrong or contradicting (all at once)."""
        bundle_id, results = self._read(receipt)
        with self.stores.database.read() as transaction:
            bundle = require_bundle(self.bundles, transaction, bundle_id)
            items = self.bundles.items_of(transaction, bundle_id)
        settled = _settled(bundle, items, results, receipt)
        changed = sum(self._settle(bundle, item, line, receipt, now) for item, line in settled)
        with self.stores.database.write() as transaction:
            bundle = require_bundle(self.bundles, transaction, bundle_id, for_change=True)
            items = self.bundles.items_of(transaction, bundle_id)
            if bundle.state is BundleState.OPEN and all(item.result is not None for item in items):
                bundle = replace(bundle, state=BundleState.CLOSED, closed_at=now)
                self.bundles.put_bundle(transaction, bundle)
        log.info(
            "bundle.applied",
            bundle_id=bundle_id,
            destination=bundle.destination.value,
            state=bundle.state.value,
            count=changed,
            client_id=receipt.asker.actor,
        )
        if changed:
            self.on_moved()
        return Applied(bundle, tuple(items), changed)

    def verify(self, data: bytes, public_pem: str | None) -> Mapping[str, object]:
        """The manifest of a whole, signed bundle. Raises `ActRefused`; without a key our own is taken."""
        opened = open_bundle(data)
        if public_pem is None:
            if self.signer is None:
                raise ActRefused("bundle_key_missing")
            public_pem = self.signer.public_pem
        require_signature(opened, public_pem)
        return opened.manifest

    def _read(self, receipt: Receipt) -> tuple[str, Results]:
        if not is_zip(receipt.data):
            results = read_results(receipt.data)
            bundle_id = receipt.bundle_id or results.bundle_id
            if bundle_id is None:
                raise ActRefused("results_name_no_bundle")
            if results.bundle_id not in {None, bundle_id}:
                raise ActRefused("bundle_unknown", bundle_id=results.bundle_id)
            return bundle_id, results
        opened = open_bundle(receipt.data)
        with self.stores.database.read() as transaction:
            original = self.bundles.file_of(transaction, opened.bundle_id)
        if original is None or receipt.bundle_id not in {None, opened.bundle_id}:
            raise ActRefused("bundle_unknown", bundle_id=opened.bundle_id)
        require_same_bundle(opened, original)
        if opened.results is None:
            raise ActRefused("results_missing", bundle_id=opened.bundle_id)
        results = read_results(opened.results)
        if results.bundle_id not in {None, opened.bundle_id}:
            raise ActRefused("bundle_unknown", bundle_id=results.bundle_id)
        return opened.bundle_id, results

    def _settle(
        self, bundle: Bundle, item: BundleItem, line: ResultLine | None, receipt: Receipt, now: datetime
    ) -> bool:
        """False: somebody has settled it meanwhile, or it is no longer reserved."""
        personal_id = line.personal_id if line else None
        facts = {} if personal_id is None else {"personal_id": personal_id}
        after_item = _item_after(item, line, receipt, now)
        with self.stores.database.write() as transaction:
            self.settler.lock(transaction, item.delivery_id, facts)
            job = get_job(self.stores.queue, transaction, item.delivery_id)
            current = self.bundles.items_of(transaction, bundle.bundle_id)[item.ordinal - 1]
            is_reserved = job.state is State.HELD and job.held_reason == IN_COURIER_BUNDLE
            if current.result is not None or not is_reserved:
                return False
            after, entries = self._move(transaction, job, after_item, personal_id, now)
            self.bundles.put_item(transaction, after_item)
            act = self._act(bundle, after_item, job, after, receipt, now)
            self.stores.acts.insert(transaction, [act])
            self.stores.feed.append(transaction, [*entries, _entry(act, after)])
        return True

    def _move(
        self,
        transaction: TransactionT,
        job: Job,
        item: BundleItem,
        personal_id: str | None,
        now: datetime,
    ) -> tuple[Job, list[FeedEntry]]:
        queue = self.stores.queue
        if item.result is ItemResult.ACCEPTED:
            entries = self.settler.brought(transaction, item, int(job.fence) + 1, personal_id, now)
            return queue.confirm(transaction, job.job_id, now), entries
        released = queue.release(transaction, job.job_id, now)
        if item.result is ItemResult.RETURNED:
            return released, []
        return queue.hold(transaction, job.job_id, REFUSED_BY_COURIER, now), []

    def _act(
        self, bundle: Bundle, item: BundleItem, before: Job, after: Job, receipt: Receipt, now: datetime
    ) -> OperatorAct:
        detail = {
            "bundle_id": bundle.bundle_id,
            "bundle_sha256": bundle.file_sha256,
            "results_sha256": hashlib.sha256(receipt.data).hexdigest(),
            "brought_by": receipt.brought_by,
            "reference": item.reference or "",
            "refusal": item.refusal or "",
        }
        return OperatorAct(
            act_id=new_uuid7(now, self.random_bytes),
            request_id=f"{receipt.asker.request_id}/{bundle.bundle_id}",
            actor=receipt.asker.actor,
            act=_ACTS[item.result or ItemResult.RETURNED],
            delivery_id=item.delivery_id,
            event_id=item.event_id,
            reason=receipt.asker.reason,
            asked_sha256=asked_sha256(bundle_id=bundle.bundle_id, results=detail["results_sha256"]),
            before_state=before.state.value,
            after_state=after.state.value,
            before_fence=int(before.fence),
            happened_at=now,
            detail={name: value for name, value in detail.items() if value},
        )


def _settled(
    bundle: Bundle, items: Sequence[BundleItem], results: Results, receipt: Receipt
) -> list[tuple[BundleItem, ResultLine | None]]:
    """What is to be done; None: goes back to the queue. Raises `ActRefused` with every contradiction."""
    by_request = {str(item.request_id): item for item in items}
    lines = {line.request_id: line for line in results.lines}
    faults = [*_faults(by_request, results.lines)]
    if faults:
        raise ActRefused("results_invalid", errors=faults, bundle_id=bundle.bundle_id)
    open_items = [item for item in items if item.result is None]
    return [
        (item, lines.get(item.request_id))
        for item in open_items
        if item.request_id in lines or not receipt.keeps_rest
    ]


def _faults(by_request: Mapping[str, BundleItem], lines: Sequence[ResultLine]) -> list[Violation]:
    faults: list[Violation] = []
    for line in lines:
        item = by_request.get(line.request_id)
        if item is None:
            faults.append(
                _fault(line, "request_not_in_bundle", "không có trong gói này", "is not in this bundle")
            )
        elif item.result not in {None, line.result} or (
            item.result is not None and (item.reference, item.refusal) != (line.reference, line.reason)
        ):
            faults.append(
                _fault(line, "results_contradict", "đã có kết quả khác", "has another result already")
            )
    return faults


def _fault(line: ResultLine, code: str, vietnamese: str, english: str) -> Violation:
    return Violation(
        f"/{line.request_id}",
        code,
        f"{line.request_id} {vietnamese}; hãy kiểm tra với người đưa.",
        f"{line.request_id} {english}; settle it with whoever brought it.",
    )


def _item_after(item: BundleItem, line: ResultLine | None, receipt: Receipt, now: datetime) -> BundleItem:
    return replace(
        item,
        result=ItemResult.RETURNED if line is None else line.result,
        reference=line.reference if line else None,
        refusal=line.reason if line else None,
        brought_by=receipt.brought_by,
        settled_at=now,
    )


def _entry(act: OperatorAct, after: Job) -> FeedEntry:
    changes = {State.DONE: "confirmed", State.HELD: "held"}
    detail = {
        "why": act.reason,
        "by": act.actor,
        "state": act.after_state,
        "bundle_id": act.detail["bundle_id"],
    }
    if after.held_reason:
        detail["reason"] = after.held_reason
    change = f"delivery.{changes.get(after.state, 'released')}"
    return FeedEntry(act.event_id, change, act.delivery_id, detail, act.happened_at)
