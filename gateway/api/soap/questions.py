"""Questions that are not events: their few parameters read and checked, every fault at once. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.hardened_xml import Element
from gateway.api.problems import Problem
from gateway.api.soap.operations import Operation
from gateway.api.soap.reading import Reading, read_record
from gateway.api.soap.references import References
from gateway.receive.finding import Finding
from gateway.receive.validate import violations_of

SOURCE_ID_CHARACTERS_MAX: Final = 100
CURSOR_CHARACTERS_MAX: Final = 200
EVENT_ID_CHARACTERS_MAX: Final = 100
PAGE_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class ChangesQuestion:
    """Which page of the feed."""

    after: str | None
    limit: int


def read_text_question(question: Element, operation: Operation, name: str, characters_max: int) -> str:
    """The one text that is asked by. Raises an `invalid_parameter` problem."""
    reading = _read(question, operation)
    value = reading.values.get(name)
    _refuse([*reading.findings, *_text_faults(reading, name, value, characters_max)])
    return str(value)


def read_changes_question(question: Element, operation: Operation, page_size_max: int) -> ChangesQuestion:
    """Cursor and size of the page. Raises an `invalid_parameter` problem."""
    reading = _read(question, operation)
    after, limit = reading.values.get("after"), reading.values.get("limit", min(PAGE_SIZE, page_size_max))
    faults = [*reading.findings]
    if after == "":
        after = None  # a toolkit's way to leave it out
    if after is not None:
        faults.extend(_text_faults(reading, "after", after, CURSOR_CHARACTERS_MAX))
    if not isinstance(limit, int) or not 1 <= limit <= page_size_max:
        faults.append(Finding("parameter_out_of_range", ("limit",), {"minimum": 1, "maximum": page_size_max}))
    _refuse(faults)
    return ChangesQuestion(None if after is None else str(after), int(str(limit)))


def items_of(question: Element, operation: Operation, items_max: int) -> list[Element]:
    """The items of a question that holds many. Raises an `invalid_parameter` problem."""
    (member,) = operation.request.members
    items = [*question.iterchildren(f"{{*}}{member.name}")]
    strange = [str(child.tag) for child in question if child not in items]
    faults = [Finding("field_unknown", (name.rpartition("}")[2],)) for name in strange]
    if not items:
        faults.append(Finding("field_missing", (member.name,)))
    if len(items) > items_max:
        faults.append(Finding("too_many_items", (member.name,), {"items_max": items_max}))
    _refuse(faults)
    return items


def _read(question: Element, operation: Operation) -> Reading:
    reading = read_record(question, operation.request, References(question))
    members = operation.request.by_name
    reading.findings.extend(
        Finding("field_unknown", (name,)) for name in reading.values if name not in members
    )
    reading.findings.extend(
        Finding("field_missing", (name,))
        for name, member in members.items()
        if member.is_required and name not in reading.values
    )
    return reading


def _text_faults(reading: Reading, name: str, value: object, characters_max: int) -> Iterator[Finding]:
    if name not in reading.values:
        return
    if not isinstance(value, str) or not 1 <= len(value) <= characters_max or not value.isprintable():
        yield Finding("parameter_text", (name,), {"characters_max": characters_max})


def _refuse(faults: Sequence[Finding]) -> None:
    if faults:
        raise Problem("invalid_parameter", errors=violations_of(faults))
