"""The SOAP way in, over the parts that REST is built of."""

from fastapi import APIRouter

from gateway.api.body import ReadLimits
from gateway.api.changes import ReadChanges
from gateway.api.events import Intake, Journeys
from gateway.api.soap.desk import SoapDesk
from gateway.api.soap.router import SoapAccessCheck, SoapService, soap_router
from gateway.bootstrap.stores import Stores
from gateway.bootstrap.surroundings import Surroundings
from gateway.observability.metrics import Metrics
from gateway.operations.soap_access import SoapAccess
from gateway.settings import Settings
from gateway.storage.sql.nonces import SqlNonces


def build_soap_router(
    surroundings: Surroundings,
    settings: Settings,
    stores: Stores,
    metrics: Metrics,
    ways: tuple[Intake | None, Journeys, ReadChanges],
) -> APIRouter:
    """Mounted beside REST; a process that accepts no events still answers for them."""
    intake, journeys, read_changes = ways
    soap, server = settings.soap, settings.server
    key = soap.password_key.get_secret_value() if soap.password_key else None
    access = SoapAccess(
        stores.database,
        stores.clients,
        SqlNonces(),
        key,
        soap.clock_tolerance_seconds,
        settings.security.token_cache_seconds,
    )
    desk = SoapDesk(
        intake=intake,
        journeys=journeys,
        read_changes=read_changes,
        clock=surroundings.clock,
        metrics=metrics,
        page_size_max=server.page_size_max,
        events_max=soap.events_max,
    )
    return soap_router(
        SoapService(
            desk=desk,
            access=SoapAccessCheck(access, surroundings.clock, soap.text_checks_max),
            limits=ReadLimits(server.body_bytes_max, server.body_seconds_max),
            random_bytes=surroundings.random_bytes,
            public_address=soap.public_address,
        )
    )
