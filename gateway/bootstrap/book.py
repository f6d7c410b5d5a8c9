"""The desk at which the book wins, over the rules and the commit of receiving."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from gateway.bootstrap.corrections import entry_desk, intake_stores
from gateway.bootstrap.receiving import build_plans
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import ClientId, RandomBytes
from gateway.model.submission import IntakeResult, RawSubmission, ValidSubmission, Violation
from gateway.operations.book_views import Planned
from gateway.operations.book_wins import BookDesk, BookTools
from gateway.receive.parse import BodyLimits
from gateway.receive.plan import Plans, plan_steps
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import IntakeStores, Promise, commit_batch, prepare
from gateway.settings import Settings, policy_settings
from gateway.storage.sql.oversight import SqlBookStatements
from mappings.canonical.event import AnyEvent
from mappings.catalog import Catalog


@dataclass(frozen=True, slots=True)
class _Commit:
    """The second half of receiving, in somebody else's transaction."""

    stores: IntakeStores[StoreTransaction]
    promise: Promise
    random_bytes: RandomBytes

    def __call__(self, transaction: Connection, submission: ValidSubmission, now: datetime) -> IntakeResult:
        (result,) = commit_batch(transaction, [submission], self.stores, self.promise, now, self.random_bytes)
        return result


def build_book_desk(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    catalog: Catalog,
    on_committed: Callable[[], None],
) -> BookDesk[StoreTransaction]:
    """Needs no destination to be set: what it commits waits in the queue."""
    plans = build_plans(settings, catalog)
    promise = Promise(plans, policy_settings(settings).promise_seconds)
    tools = BookTools(
        statements=SqlBookStatements(),
        deliveries=stores.deliveries,
        queue=stores.queue,
        measure=partial(_measure, settings),
        commit=_Commit(intake_stores(stores, settings), promise, surroundings.random_bytes),
        plan=partial(_plan, plans),
        needs_second_person=settings.operations.edit_needs_second_person,
        random_bytes=surroundings.random_bytes,
        on_committed=on_committed,
    )
    return BookDesk(entry_desk(stores), tools)


def _measure(
    settings: Settings, body: bytes, authorities: frozenset[str], actor: str, now: datetime
) -> ValidSubmission | tuple[Violation, ...]:
    """Every rule that a new message is measured by, but that data may be aligned."""
    limits = BodyLimits(settings.server.body_bytes_max, settings.server.json_depth_max)
    tolerance = settings.intake.future_tolerance_seconds
    rulebook = Rulebook(limits=RuleLimits(future_tolerance_seconds=tolerance, allows_alignment=True))
    return prepare(RawSubmission(ClientId(actor), authorities, None, body, now), limits, rulebook)


def _plan(plans: Plans, event: AnyEvent) -> Sequence[Planned]:
    return [Planned(step.destination.value, step.name, step.message) for step in plan_steps(plans, event)]
