"""A conformance check built from settings: the judge over the real rules, and an edge that stores nothing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI

from gateway.api.app import Edge, create_app
from gateway.api.authenticate import TokenCheck
from gateway.api.body import ReadLimits
from gateway.api.conformance import report_router
from gateway.api.dialects.conformance import dialect_readers
from gateway.api.dialects.rules import RULES_OF_BOTH, RULES_OF_XML
from gateway.api.event_views import EventViews
from gateway.api.events import Intake, Journeys, journey_router, submission_router
from gateway.api.schemas import schema_router
from gateway.api.soap.conformance import RULES_OF_SOAP, SoapReader
from gateway.api.tokens import GiveToken, token_router
from gateway.bootstrap.code_lists import use_added_editions
from gateway.bootstrap.reading import units_above
from gateway.bootstrap.receiving import build_plans
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.clock import Clock
from gateway.model.conforming import ConformanceRule, JudgedMessage
from gateway.model.submission import RawSubmission, ValidSubmission, Violation
from gateway.observability.metrics import Metrics
from gateway.operations.clients import NewToken
from gateway.operations.conformance.report import Report
from gateway.operations.read_journey import JourneyReader
from gateway.receive.conformance.catalogue import load_rules
from gateway.receive.conformance.judge import SENDER, Judge, Measure
from gateway.receive.conformance.readers import Reader, shipped_readers
from gateway.receive.earlier_events import EarlierEvents, FindEarlier, find_nothing
from gateway.receive.intake_writer import IntakeWriter, WriterLimits
from gateway.receive.once import OnceStores
from gateway.receive.parse import BodyLimits, parse_body
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import Rulebook
from gateway.receive.walk import Committer, IntakeStores, Promise, prepare
from gateway.settings import Settings, policy_settings
from gateway.storage.memory.deliveries import MemoryDeliveries
from gateway.storage.memory.events import MemoryEvents
from gateway.storage.memory.feed import MemoryFeed
from gateway.storage.memory.questions import MemoryNaturalKeys, MemoryQuestions
from gateway.storage.ports import Client, Role
from mappings.canonical import EVENT_TYPES, json_schema
from mappings.catalog import load_catalog
from retry_queue.memory.transactions import MemoryTransactions
from retry_queue.memory_store import MemoryStore

TOKEN: Final = "conformance"  # noqa: S105 - it opens nothing
"""Whoever checks his software needs no account."""
TOKEN_SECONDS: Final = 3_600.0


def build_judge(
    settings: Settings,
    clock: Clock,
    authorities: Collection[str] = (),
    find_earlier: FindEarlier = find_nothing,
    *,
    is_complete: bool = False,
) -> Judge:
    """Over the real rules and lists. Raises `SettingsInvalid`."""
    use_added_editions(settings)
    intake = settings.intake
    limits = RuleLimits(intake.future_tolerance_seconds, intake.registration_age_days_max)
    rulebook = Rulebook(limits=limits, find_earlier=find_earlier)
    measure = Measure(rulebook, frozenset(authorities), is_complete=is_complete)
    return Judge(measure, _readers(settings, clock), clock)


def _readers(settings: Settings, clock: Clock) -> tuple[Reader, ...]:
    """Every way in; the first that recognises a document reads it."""
    limits = body_limits(settings)
    return (
        SoapReader(limits, settings.soap.events_max),
        *dialect_readers(limits, clock),
        *shipped_readers(limits),
    )


def body_limits(settings: Settings) -> BodyLimits:
    """What the gateway reads at most."""
    server = settings.server
    return BodyLimits(body_bytes_max=server.body_bytes_max, depth_max=server.json_depth_max)


def report_of(messages: Collection[JudgedMessage], clock: Clock) -> Report:
    """With the catalogue of this release."""
    return Report(clock(), version("hotich-gateway"), every_rule(), tuple(messages))


def every_rule() -> Mapping[str, ConformanceRule]:
    """The catalogue, and behind it what only SOAP envelopes and dialects can get wrong."""
    return {**load_rules(), **RULES_OF_SOAP, **RULES_OF_BOTH, **RULES_OF_XML}


@dataclass(frozen=True, slots=True)
class Listening:
    """An edge that answers as the gateway would and remembers its verdicts; nothing outlives it."""

    app: FastAPI
    writer: IntakeWriter
    report: Callable[[], Report]


@dataclass(slots=True)
class _Listener:
    """Judges what comes in and lets the real corridor answer."""

    judge: Judge
    limits: BodyLimits
    messages_max: int
    messages: list[JudgedMessage] = field(default_factory=list)

    def take(self, raw: RawSubmission) -> ValidSubmission | tuple[Violation, ...]:
        """The answer of the gateway; the verdict is kept as long as there is room."""
        parsed = parse_body(raw.body, self.limits)
        if len(self.messages) < self.messages_max:
            place = f"POST {len(self.messages) + 1}"
            self.messages.append(
                self.judge.judge_parsed(place, "json", parsed, idempotency_key=raw.idempotency_key)
            )
        spoken_for = replace(raw, authorities=self.judge.authorities_of(parsed))
        return prepare(spoken_for, self.limits, self.judge.rulebook)


def build_listening(
    surroundings: Surroundings, settings: Settings, authorities: Collection[str], messages_max: int
) -> Listening:
    """Real paths, rules, plans and duplicate checks over stores in memory."""
    clock, server = surroundings.clock, settings.server
    database, events = MemoryTransactions(), MemoryEvents()
    once = OnceStores(MemoryNaturalKeys(), MemoryQuestions())
    deliveries, queue = MemoryDeliveries(), MemoryStore(database)
    stores = IntakeStores(events, deliveries, queue, MemoryFeed(), once)
    promise = Promise(build_plans(settings, load_catalog()), policy_settings(settings).promise_seconds)
    committer = Committer(database, stores, promise, clock, surroundings.random_bytes)
    writer = IntakeWriter(committer, WriterLimits(), lambda _lanes, _count: None)
    find_earlier = EarlierEvents(database, events, units_above).find
    judge = build_judge(settings, clock, authorities, find_earlier, is_complete=True)
    listener = _Listener(judge, body_limits(settings), messages_max)
    read_limits = ReadLimits(server.body_bytes_max, server.body_seconds_max)
    intake = Intake(listener.take, writer.submit, writer.is_full)
    journeys = JourneyReader(database, events, deliveries, queue)
    views = EventViews(database, events, journeys, units_above, clock)

    def report() -> Report:
        return report_of(listener.messages, clock)

    schemas = {event_type: json_schema(event_type) for event_type in EVENT_TYPES}
    routers = [
        submission_router(intake, tuple(EVENT_TYPES), read_limits, clock, Metrics()),
        journey_router(Journeys(views.find, views.find_by_source)),
        schema_router(schemas),
        token_router(_give_token(clock), clock, server.body_seconds_max),
        report_router(report),
    ]
    tokens = TokenCheck(_anybody(clock), clock, TOKEN_SECONDS)
    edge = Edge(routers, tokens, schemas, version("hotich-gateway"), surroundings.random_bytes)
    return Listening(create_app(edge), writer, report)


def _give_token(clock: Clock) -> GiveToken:
    return lambda _client_id, _secret, _now: NewToken(TOKEN, clock() + timedelta(seconds=TOKEN_SECONDS))


def _anybody(clock: Clock) -> Callable[[str, datetime], Client]:
    client = Client(
        client_id=SENDER,
        name="conformance",
        roles=frozenset({Role.SENDER}),
        authorities=frozenset(),
        secret_hash="",
        created_at=clock(),
        revoked_at=None,
    )
    return lambda _token, _now: client
