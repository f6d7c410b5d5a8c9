"""One event out of its element: the JSON body that REST would get, and what only XML can get wrong. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.problems import Problem
from gateway.api.soap.event_shapes import EVENT_TYPE
from gateway.api.soap.operations import KEY, Operation, operations
from gateway.api.soap.reading import Reading, Value, read_record
from gateway.api.soap.references import References
from gateway.api.soap.shapes import NAMESPACE, Record
from gateway.receive.finding import Finding, Path
from mappings.canonical import EVENT_TYPES

SOURCE_EVENT_ID: Final = "source_event_id"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An event as a sender handed it in."""

    body: bytes | None
    """The event as JSON; None when there is not exactly one."""
    idempotency_key: str | None
    source_event_id: str | None
    findings: tuple[Finding, ...]
    """Pointers begin at the event, as over REST."""


def operation_in(body: Element) -> Operation:
    """By the element in the Body; SOAPAction is for those on the way. Raises `soap_operation_unknown`."""
    name = etree.QName(body)
    found = operations().get(name.localname)
    if found is None or name.namespace != NAMESPACE:
        raise Problem("soap_operation_unknown")
    return found


def read_handed_in(wrapper: Element, shape: Record, references: References) -> HandedIn:
    """From the element around one event: a question, or one item of many."""
    reading = read_record(wrapper, shape, references)
    strange = tuple(Finding("field_unknown", (name,)) for name in reading.values if name not in shape.by_name)
    events = [name for name in reading.values if name in EVENT_TYPES and name in shape.by_name]
    if len(events) != 1:
        count = Finding("one_event_each", (), {"count": len(events)})
        return HandedIn(None, None, None, (*reading.findings, *strange, count))
    (event_type,) = events
    event = _event(reading, event_type)
    return HandedIn(
        body=json.dumps({**event, EVENT_TYPE: event_type}, ensure_ascii=False).encode(),
        idempotency_key=_key(reading),
        source_event_id=_source_event_id(event),
        findings=(
            *(_seen_from_event(finding, event_type) for finding in reading.findings),
            *strange,
            *_other_type(event, event_type),
        ),
    )


def _event(reading: Reading, event_type: str) -> dict[str, Value]:
    event = reading.values[event_type]
    return event if isinstance(event, dict) else {}


def _key(reading: Reading) -> str | None:
    """What is no text is no key either, and refused as such."""
    key = reading.values.get(KEY.name)
    return key if key is None or isinstance(key, str) else ""


def _source_event_id(event: dict[str, Value]) -> str | None:
    number = event.get(SOURCE_EVENT_ID)
    return number if isinstance(number, str) else None


def _seen_from_event(finding: Finding, event_type: str) -> Finding:
    first, *rest = finding.path or ("",)
    path: Path = tuple(rest) if first == event_type else finding.path
    return Finding(finding.code, path, finding.values)


def _other_type(event: dict[str, Value], event_type: str) -> Iterator[Finding]:
    """The element around the event names its type; who repeats it must say the same."""
    if event.get(EVENT_TYPE, event_type) != event_type:
        yield Finding("not_in_list", (EVENT_TYPE,), {"expected": f"'{event_type}'"})
