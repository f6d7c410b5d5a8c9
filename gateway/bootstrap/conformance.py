"""A conformance check built from settings: the judge over the real rules, with a reader for every way in."""

from collections.abc import Collection, Mapping
from importlib.metadata import version

from gateway.api.dialects.conformance import dialect_readers
from gateway.api.dialects.rules import RULES_OF_BOTH, RULES_OF_XML
from gateway.api.soap.conformance import RULES_OF_SOAP, SoapReader
from gateway.bootstrap.code_lists import use_added_editions
from gateway.model.clock import Clock
from gateway.model.conforming import ConformanceRule, JudgedMessage
from gateway.operations.conformance.report import Report
from gateway.receive.conformance.catalogue import load_rules
from gateway.receive.conformance.judge import Judge, Measure
from gateway.receive.conformance.readers import Reader, shipped_readers
from gateway.receive.earlier_events import FindEarlier, find_nothing
from gateway.receive.parse import BodyLimits
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import Rulebook
from gateway.settings import Settings


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
    dialects = dialect_readers(limits, clock)
    return soap_reader(settings), *dialects, *shipped_readers(limits, dialects)


def soap_reader(settings: Settings) -> SoapReader:
    """Of envelopes with as many events as the service takes."""
    return SoapReader(body_limits(settings), settings.soap.events_max)


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
