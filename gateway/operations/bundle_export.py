"""Packing a courier bundle: reserve, translate, sign, keep; nothing else sends those messages meanwhile."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from adapters.port import OutboundMessage
from gateway.errors import RequestRepeated
from gateway.model.delivery import Delivery
from gateway.model.ids import Destination, EventId, RandomBytes, new_uuid7
from gateway.model.operating import Act, Bundle, BundleItem, OperatorAct
from gateway.model.outcome import NotTranslated
from gateway.observability.logging import get_log
from gateway.operations.acts import IN_COURIER_BUNDLE, ActStores
from gateway.operations.bundle_choice import Choosing, Chosen, Excluded, Wanted
from gateway.operations.bundle_cover import CoverFacts, cover_page
from gateway.operations.bundle_file import COVER, FORM, FORMAT, FORMAT_VERSION, MANIFEST, write_bundle
from gateway.operations.bundle_key import Signer
from gateway.operations.bundle_results import blank_form
from gateway.operations.edit_draft import Speaks
from gateway.operations.orders import Asker, asked_sha256
from gateway.operations.refusals import ActRefused
from gateway.storage.operating_ports import Bundles
from gateway.storage.ports import FeedEntry
from retry_queue.errors import NotAllowed
from retry_queue.job import Job

TransactionT = TypeVar("TransactionT")

ITEMS_MAX: Final = 1_000
"""Messages of one bundle: a courier and a clerk must be able to deal with it, and a transaction too."""

log = get_log("operations.bundle")


@dataclass(frozen=True, slots=True)
class Document:
    """A destination's own message as a file."""

    ending: str
    content: bytes


@dataclass(frozen=True, slots=True)
class BundleOffice:
    """Who hands it over."""

    name: str
    authority_code: str


@dataclass(frozen=True, slots=True)
class Exported:
    """The bundle as it was made."""

    bundle: Bundle
    items: tuple[BundleItem, ...]
    excluded: tuple[Excluded, ...]
    """What stays with us and why; empty when the same request is repeated."""
    file: bytes
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class _Packed:
    job: Job
    delivery: Delivery
    document: Document
    facts_used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BundleExporting(Generic[TransactionT]):
    """Everything about one bundle is committed together."""

    stores: ActStores[TransactionT]
    bundles: Bundles[TransactionT]
    speaker: Speaks[TransactionT]
    documents: Mapping[Destination, Callable[[OutboundMessage], Document | None]]
    office: BundleOffice
    signer: Signer | None
    random_bytes: RandomBytes

    def export(
        self,
        wanted: Wanted,
        asker: Asker,
        now: datetime,
        visible: Callable[[frozenset[EventId]], frozenset[EventId]] | None = None,
    ) -> Exported:
        """Reserve and pack. Raises `ActRefused`: no key, nothing to pack, request number used otherwise."""
        try:
            exported = self._export(wanted, asker, now, visible)
        except RequestRepeated:
            exported = self._export(wanted, asker, now, visible)
        log.info(
            "bundle.exported",
            bundle_id=exported.bundle.bundle_id,
            destination=wanted.destination.value,
            count=len(exported.items),
            client_id=asker.actor,
        )
        return exported

    def show(self, bundle_id: str) -> tuple[Bundle, Sequence[BundleItem]]:
        """Raises `ActRefused` when there is none."""
        with self.stores.database.read() as transaction:
            return require_bundle(self.bundles, transaction, bundle_id), self.bundles.items_of(
                transaction, bundle_id
            )

    def file_of(self, bundle_id: str) -> bytes:
        """The very same bytes again. Raises `ActRefused` when there is none."""
        with self.stores.database.read() as transaction:
            file = self.bundles.file_of(transaction, bundle_id)
        if file is None:
            raise ActRefused("bundle_unknown", bundle_id=bundle_id)
        return file

    def list_all(self, limit: int) -> Sequence[Bundle]:
        """Newest first."""
        with self.stores.database.read() as transaction:
            return self.bundles.list_all(transaction, limit)

    def _export(
        self,
        wanted: Wanted,
        asker: Asker,
        now: datetime,
        visible: Callable[[frozenset[EventId]], frozenset[EventId]] | None,
    ) -> Exported:
        if self.signer is None:
            raise ActRefused("bundle_key_missing")
        choosing, wish = Choosing(self.stores), _wish(wanted, asker)
        with self.stores.database.read() as transaction:
            known = self.bundles.find_by_request(transaction, asker.actor, asker.request_id)
            if known is not None:
                return self._repeated(transaction, known, wish)
            events = choosing.events_of(transaction, wanted) if visible else frozenset()
        may_see = None if visible is None else visible(events)
        with self.stores.database.read() as transaction:
            chosen = choosing.choose(transaction, wanted, ITEMS_MAX, may_see, now)
            packed, unpacked = self._pack(transaction, chosen, now)
        with self.stores.database.write() as transaction:
            reserved, lost = self._reserve(transaction, packed, now)
            excluded = (*chosen.excluded, *unpacked, *lost)
            if not reserved:
                raise ActRefused("bundle_empty", excluded=[[each.delivery_id, each.why] for each in excluded])
            bundle, items, file = self._made(reserved, wanted.destination, asker, wish, now)
            self.bundles.insert(transaction, bundle, file, items)
            acts = [self._act(bundle, each, asker, wish, now) for each in reserved]
            self.stores.acts.insert(transaction, acts)
            self.stores.feed.append(transaction, [_entry(act, bundle) for act in acts])
        return Exported(bundle, tuple(items), excluded, file, is_repeat=False)

    def _repeated(self, transaction: TransactionT, known: Bundle, wish: str) -> Exported:
        if known.asked_sha256 != wish:
            raise ActRefused(
                "request_id_reused", act=Act.BUNDLE_EXPORT.value, at=known.created_at.isoformat()
            )
        items = tuple(self.bundles.items_of(transaction, known.bundle_id))
        file = self.bundles.file_of(transaction, known.bundle_id) or b""
        return Exported(known, items, (), file, is_repeat=True)

    def _pack(
        self, transaction: TransactionT, chosen: Chosen, now: datetime
    ) -> tuple[list[_Packed], list[Excluded]]:
        packed: list[_Packed] = []
        excluded: list[Excluded] = []
        for job, delivery in chosen.pairs:
            message, facts_used = self.speaker.message(transaction, delivery.delivery_id, now)
            document = (
                None if isinstance(message, NotTranslated) else self.documents[delivery.destination](message)
            )
            if document is None:
                excluded.append(Excluded(delivery.delivery_id, "not_mapped"))
            else:
                packed.append(_Packed(job, delivery, document, facts_used))
        return packed, excluded

    def _reserve(
        self, transaction: TransactionT, packed: Iterable[_Packed], now: datetime
    ) -> tuple[list[_Packed], list[Excluded]]:
        """Held in our name; whatever has moved since it was packed stays out."""
        queue = self.stores.queue
        wanted = list(packed)
        queue.lock_keys(transaction, job_ids=[each.job.job_id for each in wanted])
        reserved: list[_Packed] = []
        lost: list[Excluded] = []
        for each in wanted:
            try:
                held = queue.hold(transaction, each.job.job_id, IN_COURIER_BUNDLE, now)
            except NotAllowed:
                lost.append(Excluded(each.delivery.delivery_id, "under_way"))
                continue
            delivery = self.stores.deliveries.get(transaction, each.delivery.delivery_id)
            facts = self.stores.deliveries.facts_of(transaction, delivery.event_id)
            is_same = (held.fence, delivery.version) == (each.job.fence, each.delivery.version)
            if not is_same or held.maybe_sent or tuple(sorted(facts)) != each.facts_used:
                queue.release(transaction, each.job.job_id, now)
                lost.append(Excluded(delivery.delivery_id, "changed_meanwhile"))
            else:
                reserved.append(each)
        return reserved, lost

    def _made(
        self,
        reserved: Sequence[_Packed],
        destination: Destination,
        asker: Asker,
        wish: str,
        now: datetime,
    ) -> tuple[Bundle, list[BundleItem], bytes]:
        assert self.signer is not None  # noqa: S101 - asked for at the very beginning
        bundle_id = new_uuid7(now, self.random_bytes)
        items = [_item(bundle_id, number, each) for number, each in enumerate(reserved, start=1)]
        facts = CoverFacts(
            bundle_id=bundle_id,
            destination=destination,
            office=self.office.name,
            authority_code=self.office.authority_code,
            created_at=now,
            created_by=asker.actor,
            key_id=self.signer.key_id,
        )
        contents = {
            **{item.file_name: each.document.content for item, each in zip(items, reserved, strict=True)},
            MANIFEST: _manifest(facts, items, reserved),
            COVER: cover_page(facts, items),
            FORM: blank_form([item.request_id for item in items]),
        }
        file = write_bundle(contents, now, self.signer)
        bundle = Bundle(
            bundle_id=bundle_id,
            destination=destination,
            created_at=now,
            created_by=asker.actor,
            request_id=asker.request_id,
            asked_sha256=wish,
            reason=asker.reason,
            file_sha256=hashlib.sha256(file).hexdigest(),
        )
        return bundle, items, file

    def _act(self, bundle: Bundle, packed: _Packed, asker: Asker, wish: str, now: datetime) -> OperatorAct:
        return OperatorAct(
            act_id=new_uuid7(now, self.random_bytes),
            request_id=asker.request_id,
            actor=asker.actor,
            act=Act.BUNDLE_EXPORT,
            delivery_id=packed.delivery.delivery_id,
            event_id=packed.delivery.event_id,
            reason=asker.reason,
            asked_sha256=wish,
            before_state=packed.job.state.value,
            after_state="held",
            before_fence=int(packed.job.fence),
            happened_at=now,
            detail={"bundle_id": bundle.bundle_id, "bundle_sha256": bundle.file_sha256},
        )


def require_bundle(
    bundles: Bundles[TransactionT],
    transaction: TransactionT,
    bundle_id: str,
    *,
    for_change: bool = False,
) -> Bundle:
    """Raises `ActRefused`."""
    bundle = bundles.find(transaction, bundle_id, for_change=for_change)
    if bundle is None:
        raise ActRefused("bundle_unknown", bundle_id=bundle_id)
    return bundle


def _item(bundle_id: str, number: int, packed: _Packed) -> BundleItem:
    delivery, document = packed.delivery, packed.document
    return BundleItem(
        bundle_id=bundle_id,
        ordinal=number,
        delivery_id=delivery.delivery_id,
        event_id=delivery.event_id,
        request_id=delivery.request_id,
        due_at=packed.job.due_at,
        file_name=f"messages/{number:04}-{delivery.request_id}.{document.ending}",
        sha256=hashlib.sha256(document.content).hexdigest(),
        facts_used=packed.facts_used,
    )


def _manifest(facts: CoverFacts, items: Sequence[BundleItem], packed: Sequence[_Packed]) -> bytes:
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "bundle_id": facts.bundle_id,
        "gateway": {"name": facts.office, "authority_code": facts.authority_code},
        "destination": facts.destination.value,
        "created_at": facts.created_at.isoformat(),
        "created_by": facts.created_by,
        "key_id": facts.key_id,
        "deliveries": [
            {
                "ordinal": item.ordinal,
                "delivery_id": item.delivery_id,
                "event_id": item.event_id,
                "step": each.delivery.step,
                "message": each.delivery.message,
                "request_id": item.request_id,
                "due_at": item.due_at.isoformat(),
                "file": item.file_name,
                "sha256": item.sha256,
                "bytes": len(each.document.content),
            }
            for item, each in zip(items, packed, strict=True)
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _wish(wanted: Wanted, asker: Asker) -> str:
    return asked_sha256(
        destination=wanted.destination.value,
        due_before=wanted.due_before,
        at_risk=wanted.at_risk,
        delivery_ids=wanted.delivery_ids,
        reason=asker.reason,
    )


def _entry(act: OperatorAct, bundle: Bundle) -> FeedEntry:
    detail = {"why": act.reason, "by": act.actor, "state": "held", "reason": IN_COURIER_BUNDLE}
    detail |= {"bundle_id": bundle.bundle_id, "destination": bundle.destination.value}
    return FeedEntry(act.event_id, "delivery.held", act.delivery_id, detail, act.happened_at)
