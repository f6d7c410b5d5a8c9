"""The HTTP edge over the stores and the receiving corridor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI

from gateway.api.app import Edge, create_app
from gateway.api.authenticate import TokenCheck
from gateway.api.body import ReadLimits
from gateway.api.change_views import ChangeViews
from gateway.api.changes import change_router
from gateway.api.deliveries import delivery_router
from gateway.api.delivery_views import DeliveryViews
from gateway.api.destination_views import DestinationViews
from gateway.api.destinations import destination_router
from gateway.api.event_views import EventViews
from gateway.api.events import Intake, Journeys, journey_router, submission_router
from gateway.api.health import health_router
from gateway.api.schemas import schema_router
from gateway.api.tokens import token_router
from gateway.bootstrap.reading import journey_reader, summary_reader, units_above
from gateway.bootstrap.receiving import Receiving
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import Destination
from gateway.observability.metrics import Metrics
from gateway.operations.acts import Acts
from gateway.operations.clients import ClientRegister
from gateway.operations.destination_acts import DestinationActs
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
    page_size_max, body_seconds_max = settings.server.page_size_max, settings.server.body_seconds_max
    schemas = {event_type: json_schema(event_type) for event_type in EVENT_TYPES}
    views = _delivery_views(parts)
    changes = ChangeViews(stores.database, stores.events, stores.feed, units_above)
    routers = [
        *_event_routers(parts, receiving),
        schema_router(schemas),
        change_router(changes.read, page_size_max),
        delivery_router(views.list_page, views.summarize, views.perform, page_size_max, body_seconds_max),
        destination_router(_destination_views(parts).perform, body_seconds_max),
        token_router(parts.clients.give_token, clock, body_seconds_max),
        health_router(parts.health, parts.metrics),
    ]
    return create_app(
        Edge(
            routers=routers,
            tokens=TokenCheck(parts.clients.find_by_token, clock, settings.security.token_cache_seconds),
            schemas=schemas,
            version=parts.version,
            random_bytes=parts.surroundings.random_bytes,
        )
    )


def _event_routers(parts: EdgeParts, receiving: Receiving | None) -> list[APIRouter]:
    stores, clock = parts.stores, parts.surroundings.clock
    views = EventViews(stores.database, stores.events, journey_reader(stores), units_above, clock)
    journeys = journey_router(Journeys(views.find, views.find_by_source))
    if receiving is None:
        return [journeys]
    writer = receiving.writer
    intake = Intake(receiving.prepare, writer.submit, writer.is_full)
    server = parts.settings.server
    limits = ReadLimits(server.body_bytes_max, server.body_seconds_max)
    return [submission_router(intake, tuple(EVENT_TYPES), limits, clock, parts.metrics), journeys]


def _delivery_views(parts: EdgeParts) -> DeliveryViews[StoreTransaction]:
    stores, clock = parts.stores, parts.surroundings.clock
    return DeliveryViews(
        database=stores.database,
        events=stores.events,
        deliveries=stores.deliveries,
        queue=stores.queue,
        journeys=journey_reader(stores),
        summary=summary_reader(stores, clock),
        acts=Acts(stores.database, stores.deliveries, stores.queue, stores.feed, parts.notify),
        units_above=units_above,
        clock=clock,
    )


def _destination_views(parts: EdgeParts) -> DestinationViews[StoreTransaction]:
    stores = parts.stores
    acts = DestinationActs(stores.database, stores.queue, parts.notify)
    office_code = parts.settings.office.authority_code
    return DestinationViews(acts, office_code, units_above, parts.surroundings.clock)


def _queue_counts(stores: Stores) -> tuple[list[LaneCount], list[LaneHealth]]:
    with stores.database.read() as transaction:
        lanes = [stores.queue.get_lane(transaction, Lane(each.value)) for each in Destination]
        return list(stores.queue.count_lanes(transaction)), lanes
