"""The HTTP edge over the stores and the receiving corridor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, FastAPI

from gateway.api.app import Edge, create_app
from gateway.api.authenticate import TokenCheck
from gateway.api.batch import batch_router
from gateway.api.batch_run import BatchTools
from gateway.api.body import ReadLimits
from gateway.api.bundle_views import BundleViews
from gateway.api.bundles import BundlePaths, bundle_router
from gateway.api.change_views import ChangeViews
from gateway.api.changes import ReadChanges, change_router
from gateway.api.deliveries import delivery_router
from gateway.api.delivery_views import DeliveryViews
from gateway.api.destination_views import DestinationViews
from gateway.api.destinations import destination_router
from gateway.api.edit_views import EditViews
from gateway.api.edits import EditPaths, edit_router
from gateway.api.event_views import EventViews
from gateway.api.events import Intake, Journeys, journey_router, submission_router
from gateway.api.foresight import foresight_router
from gateway.api.health import health_router
from gateway.api.question_views import QuestionViews
from gateway.api.questions import question_router
from gateway.api.receipt_check import receipt_router
from gateway.api.replay_views import ReplayViews
from gateway.api.replays import replay_router
from gateway.api.schemas import schema_router
from gateway.api.tokens import token_router
from gateway.api.webhooks import webhook_router
from gateway.bootstrap.correction_paths import correction_routers
from gateway.bootstrap.dialects import DialectParts, dialect_routers
from gateway.bootstrap.foresight import build_forecaster, notice_reader
from gateway.bootstrap.operating import Operating, build_operating
from gateway.bootstrap.policies import lane_settings
from gateway.bootstrap.questions import build_question_desk
from gateway.bootstrap.reading import (
    decision_reader,
    journey_reader,
    replay_reader,
    summary_reader,
    units_above,
)
from gateway.bootstrap.receiving import Receiving
from gateway.bootstrap.replays import build_replay_desk, covers_unit, replay_limits
from gateway.bootstrap.signing import receipt_desk
from gateway.bootstrap.soap import build_soap_router
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.bootstrap.webhooks import webhook_desk
from gateway.model.ids import Destination
from gateway.observability.metrics import Metrics
from gateway.operations.clients import ClientRegister
from gateway.operations.destination_acts import DestinationActs
from gateway.operations.pace import PaceReader
from gateway.operations.plain import plain
from gateway.settings import Settings
from mappings.canonical import EVENT_TYPES, json_schema
from retry_queue.job import Lane
from retry_queue.store import LaneCount, LaneHealth

Health = Callable[[], Mapping[str, bool]]


@dataclass(frozen=True, slots=True)
class EdgeParts:
    """What the edge is built over."""

    surroundings: Surroundings
    settings: Settings
    stores: Stores
    clients: ClientRegister[StoreTransaction]
    metrics: Metrics
    health: Health
    notify: Callable[[], None]
    """There may be work for the workers."""
    version: str


def build_app(parts: EdgeParts, receiving: Receiving | None) -> FastAPI:
    """A process that does not accept events still answers for health, journeys and operations."""
    settings, clock, stores = parts.settings, parts.surroundings.clock, parts.stores
    parts.metrics.watch_queue(lambda: _queue_counts(stores))
    parts.metrics.watch_forecast(build_forecaster(stores, settings, clock).look_ahead)
    page_size_max, body_seconds_max = settings.server.page_size_max, settings.server.body_seconds_max
    schemas = {event_type: json_schema(event_type) for event_type in EVENT_TYPES}
    operating = build_operating(parts.surroundings, settings, stores, parts.notify)
    views, destinations = _delivery_views(parts, operating), _destination_views(parts)
    parts.metrics.watch_paces(destinations.paces.read)
    parts.metrics.watch_replays(replay_reader(stores, clock).open_tallies)
    changes = ChangeViews(stores.database, stores.events, stores.feed, units_above)
    token_paths = token_router(parts.clients.give_token, clock, body_seconds_max)
    tokens = TokenCheck(parts.clients.find_by_token, clock, settings.security.token_cache_seconds)
    routers = [
        *_event_routers(parts, receiving, changes.read, tokens),
        *_dialect_routers(parts, receiving, token_paths),
        _receipt_router(parts),
        _webhook_router(parts),
        schema_router(schemas),
        change_router(changes.read, page_size_max),
        delivery_router(
            views.list_page, views.summarize, views.perform, views.decide, page_size_max, body_seconds_max
        ),
        *_operating_routers(parts, operating, views),
        _question_router(parts, operating),
        _foresight_router(parts),
        _replay_router(parts),
        *correction_routers(parts.stores, settings, parts.surroundings, parts.notify),
        destination_router(destinations.read, destinations.perform, body_seconds_max),
        token_paths,
        health_router(parts.health, parts.metrics),
    ]
    return create_app(
        Edge(
            routers=routers,
            tokens=tokens,
            schemas=schemas,
            version=parts.version,
            random_bytes=parts.surroundings.random_bytes,
        )
    )


def _event_routers(
    parts: EdgeParts, receiving: Receiving | None, read_changes: ReadChanges, tokens: TokenCheck
) -> list[APIRouter]:
    stores, clock = parts.stores, parts.surroundings.clock
    views = EventViews(stores.database, stores.events, journey_reader(stores), units_above, clock)
    journeys = Journeys(views.find, views.find_by_source)
    intake = _intake(receiving)
    ways = (intake, journeys, read_changes)
    soap = build_soap_router(parts.surroundings, parts.settings, stores, parts.metrics, ways)
    if intake is None:
        return [journey_router(journeys), soap]
    server = parts.settings.server
    limits = ReadLimits(server.body_bytes_max, server.body_seconds_max)
    posting = submission_router(intake, tuple(EVENT_TYPES), limits, clock, parts.metrics)
    batches = BatchTools(intake, limits, parts.settings.batches, parts.metrics)
    return [posting, batch_router(batches, clock, tokens), journey_router(journeys), soap]


def _dialect_routers(parts: EdgeParts, receiving: Receiving | None, tokens: APIRouter) -> list[APIRouter]:
    server = parts.settings.server
    limits = ReadLimits(server.body_bytes_max, server.body_seconds_max)
    clock = parts.surroundings.clock
    return dialect_routers(
        DialectParts(parts.stores, clock, parts.metrics, limits, _intake(receiving)), tokens
    )


def _intake(receiving: Receiving | None) -> Intake | None:
    if receiving is None:
        return None
    return Intake(receiving.prepare, receiving.writer.submit, receiving.writer.is_full)


def _webhook_router(parts: EdgeParts) -> APIRouter:
    desk = webhook_desk(parts.stores, parts.settings, parts.surroundings)
    parts.metrics.watch_webhooks(desk.count)
    server = parts.settings.server
    return webhook_router(desk, server.page_size_max, server.body_seconds_max)


def _receipt_router(parts: EdgeParts) -> APIRouter:
    stores = parts.stores
    desk = receipt_desk(stores, parts.settings)
    views = EventViews(
        stores.database, stores.events, journey_reader(stores), units_above, parts.surroundings.clock
    )
    seconds = parts.settings.server.body_seconds_max
    return receipt_router(desk.key_set, desk.check, desk.is_as_given, views.may_see, seconds)


def _operating_routers(
    parts: EdgeParts, operating: Operating, deliveries: DeliveryViews[StoreTransaction]
) -> list[APIRouter]:
    clock, server = parts.surroundings.clock, parts.settings.server
    edits = EditViews(operating.edits, deliveries, clock)
    bundles = BundleViews(operating.exporting, operating.applying, deliveries, clock)
    edit_paths = EditPaths(edits.edit, edits.approve, edits.reject, edits.list_proposals, edits.show)
    bundle_paths = BundlePaths(
        bundles.export, bundles.list_all, bundles.show, bundles.file, bundles.apply, bundles.verify
    )
    return [
        edit_router(edit_paths, server.body_bytes_max, server.body_seconds_max),
        bundle_router(bundle_paths, server.body_seconds_max),
    ]


def _delivery_views(parts: EdgeParts, operating: Operating) -> DeliveryViews[StoreTransaction]:
    stores, clock = parts.stores, parts.surroundings.clock
    return DeliveryViews(
        database=stores.database,
        events=stores.events,
        deliveries=stores.deliveries,
        queue=stores.queue,
        journeys=journey_reader(stores),
        summary=summary_reader(stores, clock),
        acts=operating.acts,
        decisions=decision_reader(stores),
        units_above=units_above,
        clock=clock,
    )


def _question_router(parts: EdgeParts, operating: Operating) -> APIRouter:
    surroundings, server = parts.surroundings, parts.settings.server
    desk = build_question_desk(parts.stores, operating, surroundings.random_bytes, parts.notify)
    parts.metrics.watch_questions(desk.inbox.count, surroundings.clock)
    views = QuestionViews(desk, units_above, surroundings.clock)
    return question_router(
        views.list_page, views.show, views.answer, server.page_size_max, server.body_seconds_max
    )


def _foresight_router(parts: EdgeParts) -> APIRouter:
    forecaster = build_forecaster(parts.stores, parts.settings, parts.surroundings.clock)
    notices = notice_reader(parts.stores)
    return foresight_router(
        lambda: {"forecasts": plain(forecaster.outlooks())},
        lambda after, limit: cast("dict[str, Any]", plain(notices.list_page(after, limit))),
        parts.settings.server.page_size_max,
    )


def _replay_router(parts: EdgeParts) -> APIRouter:
    stores, settings, clock = parts.stores, parts.settings, parts.surroundings.clock
    views = ReplayViews(
        desk=build_replay_desk(stores, settings, parts.surroundings.random_bytes),
        reader=replay_reader(stores, clock),
        limits=replay_limits(settings),
        covers=covers_unit,
        clock=clock,
    )
    server = settings.server
    return replay_router(
        views.draft,
        views.show,
        views.list_all,
        views.ledger,
        views.move,
        server.page_size_max,
        server.body_seconds_max,
    )


def _destination_views(parts: EdgeParts) -> DestinationViews[StoreTransaction]:
    stores = parts.stores
    acts = DestinationActs(stores.database, stores.queue, parts.notify)
    office_code = parts.settings.office.authority_code
    clock = parts.surroundings.clock
    pacing = {destination: lane_settings(parts.settings, destination).paces for destination in Destination}
    paces = PaceReader(stores.database, stores.queue, pacing, clock)
    return DestinationViews(acts, paces, office_code, units_above, clock)


def _queue_counts(stores: Stores) -> tuple[list[LaneCount], list[LaneHealth]]:
    with stores.database.read() as transaction:
        lanes = [stores.queue.get_lane(transaction, Lane(each.value)) for each in Destination]
        return list(stores.queue.count_lanes(transaction)), lanes
