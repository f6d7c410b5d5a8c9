"""Operators' acts over the stores: the same for the API and the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from adapters.port import FACT_PERSONAL_ID, RequestId
from gateway.bootstrap.corrections import act_witness
from gateway.bootstrap.documents import DOCUMENTS
from gateway.bootstrap.office import speaking_office
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.deliver.assignment import Shelves
from gateway.deliver.preview import Previewer
from gateway.deliver.record import Recorder
from gateway.deliver.settle import Proof, Settler
from gateway.model.delivery import OutcomeCode, Verb
from gateway.model.ids import ClientId, DeliveryId
from gateway.model.operating import BundleItem
from gateway.model.submission import RawSubmission, ValidSubmission, Violation
from gateway.operations.acts import Acts, ActStores
from gateway.operations.bundle_apply import BundleApplying
from gateway.operations.bundle_export import BundleExporting, BundleOffice
from gateway.operations.bundle_key import signer_of
from gateway.operations.edit_draft import Spoken
from gateway.operations.edits import Edits, EditTools
from gateway.operations.orders import Order
from gateway.receive.once import add_missing_keys
from gateway.receive.parse import BodyLimits
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import prepare
from gateway.settings import Settings, policy_settings
from gateway.storage.ports import FeedEntry
from mappings.canonical.declaration import AnyStored
from mappings.catalog import load_catalog

EDITOR = ClientId("edit")
"""In whose name edited content is measured; the sender's own units are checked beside it."""


@dataclass(frozen=True, slots=True)
class Operating:
    """Everything that operators may do with deliveries."""

    acts: Acts[StoreTransaction]
    edits: Edits[StoreTransaction]
    exporting: BundleExporting[StoreTransaction]
    applying: BundleApplying[StoreTransaction]


@dataclass(frozen=True, slots=True)
class OperatorSettler:
    """What a person or a courier vouches for, in the words of the delivering walk."""

    settler: Settler[StoreTransaction]

    def lock(self, transaction: Connection, delivery_id: DeliveryId, facts: Mapping[str, str]) -> None:
        """Before anything else in the transaction."""
        self.settler.lock(transaction, delivery_id, facts)

    def confirmed(self, transaction: Connection, order: Order, number: int, now: datetime) -> list[FeedEntry]:
        """A person has looked."""
        proof = Proof(
            verb=Verb.CHECK,
            outcome=OutcomeCode.CONFIRMED_BY_PERSON,
            text=order.evidence,
            reference=order.reference,
        )
        return self.settler.arrived(transaction, order.delivery_id, number, proof, now)

    def brought(
        self,
        transaction: Connection,
        item: BundleItem,
        number: int,
        personal_id: str | None,
        now: datetime,
    ) -> list[FeedEntry]:
        """A courier has brought the destination's receipt."""
        proof = Proof(
            verb=Verb.COURIER,
            outcome=OutcomeCode.ACCEPTED_BY_COURIER,
            text=item.bundle_id,
            reference=item.reference,
            facts=facts_of(personal_id),
            facts_used=item.facts_used,
            request_sha256=item.sha256,
        )
        return self.settler.arrived(transaction, item.delivery_id, number, proof, now)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says a delivery in its destination's words, as the delivering walk does."""

    previewer: Previewer[StoreTransaction]

    def message(
        self, transaction: Connection, delivery_id: DeliveryId, now: datetime
    ) -> tuple[Spoken, tuple[str, ...]]:
        """As it stands, and the names of the facts that it uses."""
        preview = self.previewer.preview(transaction, delivery_id, now)
        return preview.message, preview.facts_used

    def edited_message(
        self,
        transaction: Connection,
        delivery_id: DeliveryId,
        edited: tuple[AnyStored, RequestId],
        now: datetime,
    ) -> Spoken:
        """With other content, under another number."""
        return self.previewer.preview_edited(transaction, delivery_id, edited, now).message


def facts_of(personal_id: str | None) -> Mapping[str, str]:
    """What a receipt tells besides its yes."""
    return {} if personal_id is None else {FACT_PERSONAL_ID: personal_id}


def build_operating(
    surroundings: Surroundings, settings: Settings, stores: Stores, on_moved: Callable[[], None]
) -> Operating:
    """Needs no destination to be set: nothing is sent from here."""
    shelves = Shelves(stores.events, stores.deliveries, stores.feed, stores.queue)
    first_fetch_seconds = policy_settings(settings).watch_schedule_seconds[0]
    recorder = Recorder(shelves, surroundings.random_bytes, first_fetch_seconds)
    settler = OperatorSettler(Settler(shelves, recorder))
    speaker = Speaker(Previewer(shelves, speaking_office(load_catalog(), settings)))
    random_bytes = surroundings.random_bytes
    act_stores = ActStores(
        stores.database,
        stores.events,
        stores.deliveries,
        stores.queue,
        stores.feed,
        stores.acts,
        act_witness(stores, random_bytes),
    )
    tools = EditTools(
        proposals=stores.proposals,
        speaker=speaker,
        validate=partial(_validate, settings),
        needs_second_person=settings.operations.edit_needs_second_person,
        random_bytes=random_bytes,
        on_moved=on_moved,
        find_again_by=partial(add_missing_keys, stores.natural_keys),
    )
    office = BundleOffice(settings.office.name, settings.office.authority_code)
    signer = signer_of(settings.operations.bundle_signing_key)
    exporting = BundleExporting(act_stores, stores.bundles, speaker, DOCUMENTS, office, signer, random_bytes)
    applying = BundleApplying(act_stores, stores.bundles, settler, signer, random_bytes, on_moved)
    return Operating(
        acts=Acts(act_stores, settler, random_bytes, on_moved),
        edits=Edits(act_stores, tools),
        exporting=exporting,
        applying=applying,
    )


def _validate(
    settings: Settings, body: bytes, authorities: frozenset[str], now: datetime
) -> ValidSubmission | tuple[Violation, ...]:
    """Every rule that a new message is measured by."""
    limits = BodyLimits(settings.server.body_bytes_max, settings.server.json_depth_max)
    tolerance = settings.intake.future_tolerance_seconds
    limits_of_rules = RuleLimits(future_tolerance_seconds=tolerance, allows_alignment=True)
    rulebook = Rulebook(limits=limits_of_rules)
    raw = RawSubmission(EDITOR, authorities, None, body, now, may_declare=True)
    return prepare(raw, limits, rulebook)
