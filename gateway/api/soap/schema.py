"""The shapes as one XML Schema, in the small part of its language that every SOAP toolkit understands.

Named complex types with a sequence each, named enumerations, limits as facets. No choice, substitution,
extension, attribute, list type or nil: each of them is read wrongly by some toolkit.
"""

from collections.abc import Iterator

from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.soap.answer_shapes import problem_shape
from gateway.api.soap.operations import Operation, operations
from gateway.api.soap.shapes import NAMESPACE, Member, Record, Scalar, every_record

XSD = "http://www.w3.org/2001/XMLSchema"
PROBLEM = "problem"
"""The element that every fault carries in its detail."""


def schema_element() -> Element:
    """The whole schema."""
    schema = etree.Element(
        _xsd("schema"),
        {"targetNamespace": NAMESPACE, "elementFormDefault": "qualified"},
        {"xs": XSD, "tns": NAMESPACE},
    )
    every = tuple(operations().values())
    records = tuple(every_record(*_named(every)))
    for scalar in _enumerations(records):
        _restriction(etree.SubElement(schema, _xsd("simpleType"), name=str(scalar.name)), scalar)
    for record in records:
        _complex_type(etree.SubElement(schema, _xsd("complexType"), name=record.name), record)
    for wrapper in (part for each in every for part in (each.request, each.response)):
        element = etree.SubElement(schema, _xsd("element"), name=wrapper.name)
        _complex_type(etree.SubElement(element, _xsd("complexType")), wrapper)
    etree.SubElement(schema, _xsd("element"), name=PROBLEM, type=f"tns:{problem_shape().name}")
    return schema


def _named(every: tuple[Operation, ...]) -> Iterator[Record]:
    """The records that have a type of their own; questions and answers are elements."""
    yield problem_shape()
    for each in every:
        for member in (*each.request.members, *each.response.members):
            if isinstance(member.kind, Record):
                yield member.kind


def _enumerations(records: tuple[Record, ...]) -> Iterator[Scalar]:
    """Each once. Raises `ValueError` when one name stands for two lists of values."""
    found: dict[str, Scalar] = {}
    for record in records:
        for member in record.members:
            kind = member.kind
            if isinstance(kind, Scalar) and kind.name and found.setdefault(kind.name, kind) != kind:
                raise ValueError(kind.name)
    yield from found.values()


def _complex_type(parent: Element, record: Record) -> None:
    _annotate(parent, record.description)
    sequence = etree.SubElement(parent, _xsd("sequence"))
    for member in record.members:
        _element(sequence, member)


def _element(sequence: Element, member: Member) -> None:
    element = etree.SubElement(sequence, _xsd("element"), name=member.name)
    kind = member.kind
    if isinstance(kind, Record) or kind.name:
        element.set("type", f"tns:{kind.name}")
    elif not kind.facets:
        element.set("type", f"xs:{kind.base}")
    if not member.is_required:
        element.set("minOccurs", "0")
    if member.is_list:
        element.set("maxOccurs", "unbounded" if member.items_max is None else str(member.items_max))
    _annotate(element, member.description)
    if "type" not in element.attrib and isinstance(kind, Scalar):
        _restriction(etree.SubElement(element, _xsd("simpleType")), kind)


def _restriction(parent: Element, scalar: Scalar) -> None:
    restriction = etree.SubElement(parent, _xsd("restriction"), base=f"xs:{scalar.base}")
    for value in scalar.values:
        etree.SubElement(restriction, _xsd("enumeration"), value=value)
    for facet, value in scalar.facets:
        etree.SubElement(restriction, _xsd(facet), value=value)


def _annotate(parent: Element, text: str) -> None:
    if text:
        annotation = etree.SubElement(parent, _xsd("annotation"))
        etree.SubElement(annotation, _xsd("documentation")).text = text


def _xsd(name: str) -> str:
    return f"{{{XSD}}}{name}"
