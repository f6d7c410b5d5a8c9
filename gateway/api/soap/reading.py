"""From elements to the plain values that a JSON reader would give: a translation by the schema, no judgement.

What the schema cannot place (an unknown element, a text where an element belongs) goes into the values as it
is, so that the one set of rules says of it what it says of JSON. Only what JSON cannot say is found here.
The order of elements is not looked at: it carries no meaning, and some toolkits write as their caller did.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.soap.references import TOLERATED, References
from gateway.api.soap.shapes import NAMESPACE, Base, Kind, Member, Record, Scalar
from gateway.receive.finding import Finding, Path

Value: TypeAlias = "str | int | bool | dict[str, Value] | list[Value]"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_NIL: Final = f"{{{_INSTANCE}}}nil"
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_ZONE_OF_A_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})")
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_BLANKS: Final = " \t\r\n"
_OURS: Final = f"{{{NAMESPACE}}}"


@dataclass(slots=True)
class Reading:
    """What was read, and what no JSON could have said."""

    references: References
    values: dict[str, Value] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_record(element: Element, shape: Record, references: References) -> Reading:
    """The members of an element; pointers begin at it."""
    reading = Reading(references)
    reading.values = _members(element, shape, (), reading)
    return reading


def _members(pointing: Element, shape: Record, path: Path, reading: Reading) -> dict[str, Value]:
    findings = reading.findings
    element = reading.references.follow(pointing)
    if element is None:
        findings.append(Finding("reference_unresolved", path, {"field": _local_name(pointing)}))
        return {}
    findings.extend(_misplaced(element, path))
    values: dict[str, Value] = {}
    is_foreign = _is_foreign(element)
    for child in element.iterchildren(etree.Element):
        name = _local_name(child)
        member = shape.by_name.get(name)
        place = _place(values, name, member, path)
        if not is_foreign and _is_foreign(child):
            findings.append(Finding("element_of_other_namespace", place, {"namespace": NAMESPACE}))
        if _is_nil(child):
            continue
        value = _value(child, member.kind if member else None, place, reading)
        if member is not None and member.is_list:
            _listed(values, name).append(value)
        elif name in values:
            findings.append(Finding("key_repeated", place))
        else:
            values[name] = value
    return values


def _place(values: dict[str, Value], name: str, member: Member | None, path: Path) -> Path:
    if member is not None and member.is_list:
        known = values.get(name)
        return (*path, name, len(known) if isinstance(known, list) else 0)
    return (*path, name)


def _listed(values: dict[str, Value], name: str) -> list[Value]:
    known = values.setdefault(name, [])
    if not isinstance(known, list):
        raise TypeError(name)
    return known


def _value(element: Element, kind: Kind | None, path: Path, reading: Reading) -> Value:
    if isinstance(kind, Record):
        return _members(element, kind, path, reading)
    if len(element):
        return _as_it_is(element)
    text = element.text or ""  # the whole of it: comments were left out when it was parsed
    if kind is None:
        return text
    if element.keys():
        reading.findings.extend(_attributes(element, path))
    return read_text(text, kind)


def read_text(text: str, kind: Scalar) -> Value:
    """A text as its kind of value; one that is none of it stays a text, for the rules to refuse."""
    if kind.base is Base.STRING:
        return text.strip(_BLANKS) if kind.values else text
    trimmed = text.strip(_BLANKS)
    match kind.base:
        case Base.INT:
            return int(trimmed) if _WHOLE.fullmatch(trimmed) else text
        case Base.BOOLEAN:
            return _FLAGS.get(trimmed, text)
        case Base.DATE:
            return _ZONE_OF_A_DAY.sub(r"\1", trimmed)
        case Base.BASE64:
            return "".join(text.split())
        case _:
            return trimmed


def _as_it_is(element: Element) -> Value:
    """Elements for which the schema has no place."""
    found: dict[str, Value] = {}
    for child in element.iterchildren(etree.Element):
        value = _as_it_is(child) if len(child) else (child.text or "")
        found.setdefault(_local_name(child), value)
    return found


def _misplaced(element: Element, path: Path) -> Iterator[Finding]:
    if element.keys():
        yield from _attributes(element, path)
    texts = (element.text, *(child.tail for child in element))
    if any(text and not text.isspace() for text in texts):
        yield Finding("text_between_elements", path, {"field": _local_name(element)})


def _attributes(element: Element, path: Path) -> Iterator[Finding]:
    """Attributes with a namespace belong to the toolkit or to SOAP; ours has none."""
    for name in element.attrib:
        if not str(name).startswith("{") and name not in TOLERATED:
            yield Finding("attribute_unknown", (*path, f"@{name}"))


def _is_nil(element: Element) -> bool:
    return bool(element.keys()) and element.get(_NIL, "").strip(_BLANKS) in {"true", "1"}


def _is_foreign(element: Element) -> bool:
    return not str(element.tag).startswith(_OURS)


def _local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
