"""The receiving corridor: rules, plans and the one intake writer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gateway.bootstrap.corrections import entry_reader, intake_stores
from gateway.bootstrap.reading import units_above
from gateway.bootstrap.signing import receipt_signer
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.submission import RawSubmission, ValidSubmission, Violation
from gateway.receive.earlier_events import EarlierEvents
from gateway.receive.intake_writer import IntakeWriter, OnCommitted, WriterLimits
from gateway.receive.look_back import EntryLookBack
from gateway.receive.parse import BodyLimits
from gateway.receive.plan import Plans, check_plans, shipped_plans
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import Committer, Promise, prepare
from gateway.settings import Settings, policy_settings
from mappings.catalog import Catalog

Prepare = Callable[[RawSubmission], ValidSubmission | tuple[Violation, ...]]


@dataclass(frozen=True, slots=True)
class Receiving:
    """What the edge hands messages to."""

    prepare: Prepare
    writer: IntakeWriter


def build_receiving(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    catalog: Catalog,
    on_committed: OnCommitted,
) -> Receiving:
    """Raises `PlanBroken` when a plan names a message that no mapping can build."""
    committer = build_committer(surroundings, settings, stores, catalog)
    intake = settings.intake
    limits = WriterLimits(intake.linger_milliseconds / 1000, intake.batch_max, intake.queue_max)
    rulebook = build_rulebook(settings, stores)
    body = BodyLimits(body_bytes_max=settings.server.body_bytes_max, depth_max=settings.server.json_depth_max)
    return Receiving(
        prepare=partial(prepare, limits=body, rulebook=rulebook),
        writer=IntakeWriter(committer, limits, on_committed),
    )


def build_rulebook(settings: Settings, stores: Stores) -> Rulebook:
    """What every message is measured by."""
    intake = settings.intake
    return Rulebook(
        limits=RuleLimits(intake.future_tolerance_seconds, intake.registration_age_days_max),
        find_earlier=EarlierEvents(stores.database, stores.events, units_above).find,
        look_back=EntryLookBack(stores.database, entry_reader(stores), units_above),
    )


def build_committer(
    surroundings: Surroundings, settings: Settings, stores: Stores, catalog: Catalog
) -> Committer[StoreTransaction]:
    """What turns submissions into events with their deliveries. Raises `PlanBroken`."""
    promise = Promise(
        build_plans(settings, catalog),
        policy_settings(settings).promise_seconds,
        settings.imports.promise_seconds,
        receipt_signer(settings),
    )
    return Committer(
        database=stores.database,
        stores=intake_stores(stores, settings),
        promise=promise,
        clock=surroundings.clock,
        random_bytes=surroundings.random_bytes,
    )


def build_plans(settings: Settings, catalog: Catalog) -> Plans:
    """The plans as shipped, with the waits as set, checked against the mappings."""
    wait_seconds = policy_settings(settings).personal_id_wait_seconds
    plans = shipped_plans({"personal_id_wait_seconds": wait_seconds})
    check_plans(plans, catalog.messages)
    return plans
