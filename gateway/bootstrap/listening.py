"""A listening conformance check: every way in, answered as the gateway would, over stores in memory."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter

from gateway.api.app import Edge, create_app
from gateway.api.authenticate import TokenCheck
from gateway.api.batch import batch_router
from gateway.api.batch_run import BatchTools
from gateway.api.body import ReadLimits
from gateway.api.change_views import ChangeViews
from gateway.api.conformance import Application, Listener, Overhearing, report_router
from gateway.api.dialects import wire
from gateway.api.dialects.changes import DayChanges
from gateway.api.dialects.conformance import dialect_readers
from gateway.api.dialects.desk import Desk
from gateway.api.dialects.first import first_router
from gateway.api.dialects.intake import DossierIntake
from gateway.api.dialects.journeys import DossierJourneys
from gateway.api.dialects.second import second_router
from gateway.api.dialects.tokens import bus_token_router
from gateway.api.event_views import EventViews
from gateway.api.events import Intake, Journeys, journey_router, submission_router
from gateway.api.overheard import LineByLine, Verdicts, WholeBody
from gateway.api.schemas import schema_router
from gateway.api.soap.desk import SoapDesk
from gateway.api.soap.router import PATH as SOAP_PATH
from gateway.api.soap.router import SoapAccessCheck, SoapService, soap_router
from gateway.api.tokens import GiveToken, token_router
from gateway.bootstrap.conformance import body_limits, build_judge, report_of, soap_reader
from gateway.bootstrap.dialects import record_of
from gateway.bootstrap.reading import units_above
from gateway.bootstrap.receiving import build_plans
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.clock import Clock
from gateway.model.submission import RawSubmission, ValidSubmission, Violation
from gateway.observability.metrics import Metrics
from gateway.operations.clients import NewToken
from gateway.operations.conformance.report import Report
from gateway.operations.read_journey import JourneyReader
from gateway.operations.soap_access import UsernameToken
from gateway.receive.conformance.judge import SENDER, Judge
from gateway.receive.earlier_events import EarlierEvents
from gateway.receive.intake_writer import IntakeWriter, WriterLimits
from gateway.receive.once import OnceStores
from gateway.receive.parse import BodyLimits, parse_body
from gateway.receive.walk import Committer, IntakeStores, Promise, prepare
from gateway.settings import Settings, policy_settings
from gateway.storage.memory.declarations import MemoryDeclarations
from gateway.storage.memory.deliveries import MemoryDeliveries
from gateway.storage.memory.events import MemoryEvents
from gateway.storage.memory.feed import MemoryFeed
from gateway.storage.memory.questions import MemoryNaturalKeys, MemoryQuestions
from gateway.storage.ports import Client, Role
from mappings.canonical import EVENT_TYPES, json_schema
from mappings.catalog import load_catalog
from retry_queue.memory.transactions import MemoryTransaction, MemoryTransactions
from retry_queue.memory_store import MemoryStore

EVENTS_PATH: Final = "/api/v1/events"
BATCH_PATH: Final = "/api/v1/events/batch"
TOKEN: Final = "conformance"  # noqa: S105 - it opens nothing
"""Whoever checks his software needs no account."""
TOKEN_SECONDS: Final = 3_600.0
MakeListener = Callable[[str | None], Listener]


@dataclass(frozen=True, slots=True)
class Listening:
    """An edge that answers as the gateway would and remembers its verdicts; nothing outlives it."""

    app: Application
    writer: IntakeWriter
    report: Callable[[], Report]


@dataclass(frozen=True, slots=True)
class _Stores:
    """In memory; gone with the check."""

    database: MemoryTransactions
    events: MemoryEvents
    deliveries: MemoryDeliveries
    feed: MemoryFeed
    queue: MemoryStore

    @property
    def journeys(self) -> JourneyReader[MemoryTransaction]:
        """What became of an event: it waits, for nothing is delivered."""
        return JourneyReader(self.database, self.events, self.deliveries, self.queue)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What every way in is built over."""

    stores: _Stores
    intake: Intake
    surroundings: Surroundings
    settings: Settings
    metrics: Metrics

    @property
    def clock(self) -> Clock:
        """Of the surroundings."""
        return self.surroundings.clock

    @property
    def limits(self) -> ReadLimits:
        """As in the gateway."""
        return ReadLimits(self.settings.server.body_bytes_max, self.settings.server.body_seconds_max)


def build_listening(
    surroundings: Surroundings, settings: Settings, authorities: Collection[str], messages_max: int
) -> Listening:
    """Real paths, rules, plans and duplicate checks. Raises `SettingsInvalid`."""
    clock = surroundings.clock
    database = MemoryTransactions()
    stores = _Stores(database, MemoryEvents(), MemoryDeliveries(), MemoryFeed(), MemoryStore(database))
    writer = _writer(stores, surroundings, settings)
    find_earlier = EarlierEvents(database, stores.events, units_above).find
    judge = build_judge(settings, clock, authorities, find_earlier, is_complete=True)
    verdicts = Verdicts(judge, body_limits(settings), messages_max)
    intake = Intake(_taker(judge, verdicts.limits), writer.submit, writer.is_full)
    parts = _Parts(stores, intake, surroundings, settings, Metrics())

    def report() -> Report:
        return report_of(tuple(verdicts.messages), clock)

    schemas = {event_type: json_schema(event_type) for event_type in EVENT_TYPES}
    tokens = TokenCheck(lambda _token, _now: _anybody(clock), clock, TOKEN_SECONDS)
    token_paths = token_router(_give_token(clock), clock, settings.server.body_seconds_max)
    routers = [
        *_event_routers(parts, tokens),
        *_dialect_routers(parts, token_paths),
        schema_router(schemas),
        token_paths,
        report_router(report),
    ]
    app = create_app(Edge(routers, tokens, schemas, version("hotich-gateway"), surroundings.random_bytes))
    return Listening(Overhearing(app, _ways(verdicts, settings, clock)), writer, report)


def _writer(stores: _Stores, surroundings: Surroundings, settings: Settings) -> IntakeWriter:
    once = OnceStores(MemoryNaturalKeys(), MemoryQuestions())
    kept = IntakeStores(stores.events, stores.deliveries, stores.queue, stores.feed, once)
    promise = Promise(build_plans(settings, load_catalog()), policy_settings(settings).promise_seconds)
    committer = Committer(stores.database, kept, promise, surroundings.clock, surroundings.random_bytes)
    return IntakeWriter(committer, WriterLimits(), lambda _lanes, _count: None)


def _taker(
    judge: Judge, limits: BodyLimits
) -> Callable[[RawSubmission], ValidSubmission | tuple[Violation, ...]]:
    """The answer of the gateway to a sender who speaks for whom he says."""

    def take(raw: RawSubmission) -> ValidSubmission | tuple[Violation, ...]:
        spoken_for = replace(raw, authorities=judge.authorities_of(parse_body(raw.body, limits)))
        return prepare(spoken_for, limits, judge.rulebook)

    return take


def _ways(verdicts: Verdicts, settings: Settings, clock: Clock) -> Mapping[str, MakeListener]:
    """Path -> who listens there. Calls that hand nothing in are answered, and not judged."""
    first, second = dialect_readers(verdicts.limits, clock)
    envelopes = soap_reader(settings)
    pushes = {f"{base}/{wire.PUSH_FIRST}": first for base in wire.FIRST_PATHS}
    pushes |= {f"{base}/{wire.PUSH_SECOND}": second for base in wire.SECOND_PATHS}
    found: dict[str, MakeListener] = {
        EVENTS_PATH: lambda key: WholeBody(verdicts, None, key),
        BATCH_PATH: lambda _key: LineByLine(verdicts),
        SOAP_PATH: lambda _key: WholeBody(verdicts, envelopes),
    }
    for path, reader in pushes.items():
        found[path] = lambda _key, reader=reader: WholeBody(verdicts, reader)  # type: ignore[misc]  # bound now
    return found


def _event_routers(parts: _Parts, tokens: TokenCheck) -> list[APIRouter]:
    stores, clock, settings = parts.stores, parts.clock, parts.settings
    views = EventViews(stores.database, stores.events, stores.journeys, units_above, clock)
    journeys = Journeys(views.find, views.find_by_source)
    changes = ChangeViews(stores.database, stores.events, stores.feed, units_above)
    desk = SoapDesk(
        parts.intake,
        journeys,
        changes.read,
        clock,
        parts.metrics,
        settings.server.page_size_max,
        settings.soap.events_max,
    )
    service = SoapService(
        desk=desk,
        access=SoapAccessCheck(_believe(clock), clock, settings.soap.text_checks_max),
        limits=parts.limits,
        random_bytes=parts.surroundings.random_bytes,
        public_address=settings.soap.public_address,
    )
    batches = BatchTools(parts.intake, parts.limits, settings.batches, parts.metrics)
    return [
        submission_router(parts.intake, tuple(EVENT_TYPES), parts.limits, clock, parts.metrics),
        batch_router(batches, clock, tokens),
        journey_router(journeys),
        soap_router(service),
    ]


def _dialect_routers(parts: _Parts, tokens: APIRouter) -> list[APIRouter]:
    stores, clock = parts.stores, parts.clock
    desk = Desk(
        intake=DossierIntake(parts.intake, clock, parts.metrics),
        dossiers=DossierJourneys(
            stores.database,
            stores.events,
            stores.deliveries,
            MemoryDeclarations(stores.events, stores.deliveries),
            stores.journeys,
            units_above,
            clock,
        ),
        changes=DayChanges(stores.database, stores.events, stores.feed, units_above),
        record_of=lambda event: record_of(event, clock()),
        limits=parts.limits,
        clock=clock,
    )
    return [first_router(desk), second_router(desk), bus_token_router(tokens)]


def _give_token(clock: Clock) -> GiveToken:
    return lambda _client_id, _secret, _now: NewToken(TOKEN, clock() + timedelta(seconds=TOKEN_SECONDS))


def _believe(clock: Clock) -> Callable[[UsernameToken, datetime], Client]:
    """Passwords are not looked at: a check has no accounts."""
    return lambda _token, _now: _anybody(clock)


def _anybody(clock: Clock) -> Client:
    return Client(
        client_id=SENDER,
        name="conformance",
        roles=frozenset({Role.SENDER}),
        authorities=frozenset(),
        secret_hash="",
        created_at=clock(),
        revoked_at=None,
    )
