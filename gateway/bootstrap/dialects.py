"""The registry's dialects as a façade over the stores and the receiving corridor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from gateway.api.body import ReadLimits
from gateway.api.dialects.changes import DayChanges
from gateway.api.dialects.desk import Desk
from gateway.api.dialects.first import first_router
from gateway.api.dialects.intake import DossierIntake
from gateway.api.dialects.journeys import DossierJourneys
from gateway.api.dialects.second import second_router
from gateway.api.dialects.tokens import bus_token_router
from gateway.api.events import Intake
from gateway.bootstrap.reading import journey_reader, units_above
from gateway.bootstrap.stores import Stores
from gateway.model.clock import Clock
from gateway.observability.metrics import Metrics
from mappings.canonical import AnyEvent
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from mappings.national_registry.reading.check import check_reading

_REGISTRY = "national_registry"
_FIRST_GENERATION = "1"
_RECORDS = ("record", "record_birth", "record_start")
"""The first record of an event; an event that makes two is shown by it."""


@dataclass(frozen=True, slots=True)
class DialectParts:
    """What the façade is built over."""

    stores: Stores
    clock: Clock
    metrics: Metrics
    limits: ReadLimits
    intake: Intake | None
    """None in a process that accepts no events: it still answers questions."""


def dialect_routers(parts: DialectParts, tokens: APIRouter) -> list[APIRouter]:
    """Both generations and the bus's token call. Raises `IncompleteReading` when a table lacks something."""
    check_reading()
    stores, clock = parts.stores, parts.clock
    intake = None if parts.intake is None else DossierIntake(parts.intake, clock, parts.metrics)
    desk = Desk(
        intake=intake,
        dossiers=DossierJourneys(
            stores.database,
            stores.events,
            stores.deliveries,
            stores.declarations,
            journey_reader(stores),
            units_above,
            clock,
        ),
        changes=DayChanges(stores.database, stores.events, stores.feed, units_above),
        record_of=lambda event: record_of(event, clock()),
        limits=parts.limits,
        clock=clock,
    )
    return [first_router(desk), second_router(desk), bus_token_router(tokens)]


def record_of(event: AnyEvent, now: datetime) -> Mapping[str, Any] | None:
    """The record of generation 1; None for an event that has none there, or that it cannot say."""
    context = TranslationContext("-", {}, now)
    act = getattr(event, "act", None)
    names = (*_RECORDS, f"record_{act}") if isinstance(act, str) else _RECORDS
    for name in names:
        made = load_catalog().translate_in(_FIRST_GENERATION, event, _REGISTRY, name, context)
        if isinstance(made, TranslatedMessage):
            record = made.body["data"]
            return record if isinstance(record, Mapping) else None
    return None
