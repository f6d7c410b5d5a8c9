"""SOAP 1.1 in and out: hardened reading, strict check against the schema, plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from simulators.contract import Contract
from simulators.exchange_values import Reply
from simulators.formats import matches

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
BCA = "http://dancuquocgia.bca"
XML_TYPE = "text/xml; charset=utf-8"


MALFORMED = "not well-formed"
DOCTYPE = "a DOCTYPE is not allowed"
NO_ENVELOPE = "not a SOAP 1.1 envelope"
NOT_ONE_ELEMENT = "the body must hold one element"


class NotAcceptable(Exception):
    """The message cannot be taken; becomes a SOAP fault `Client`."""


class UnknownOperation(NotAcceptable):
    """The body's element belongs to no operation."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown operation {name}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that follows the schema: operation and its values, lists as lists."""

    operation: str
    values: dict[str, Any]


class SoapReader:
    """Reads envelopes; the schema is compiled once."""

    def __init__(self, contract: Contract, operations: Sequence[str]) -> None:
        self._contract = contract
        self._operations = operations
        self._schema = etree.XMLSchema(etree.parse(str(contract.folder / "xsd" / "dancuquocgia.xsd")))

    def read(self, body: bytes) -> Asked:
        """Request of an envelope; raises `NotAcceptable` with the first faults."""
        payload = _payload(body)
        operation = etree.QName(payload).localname
        if etree.QName(payload).namespace != BCA or operation not in self._operations:
            raise UnknownOperation(operation)
        if not self._schema.validate(payload):
            raise NotAcceptable("; ".join(str(error.message) for error in self._schema.error_log)[:900])
        values = _values(payload, self._lists(operation))
        faults = self._faults(operation, values)
        if faults:
            raise NotAcceptable("; ".join(faults))
        return Asked(operation, values)

    def _lists(self, operation: str) -> frozenset[str]:
        return frozenset(field.path for field in self._contract.message(operation) if field.kind == "list")

    def _faults(self, operation: str, values: Mapping[str, Any]) -> list[str]:
        """What the schema cannot say: real calendar days, codes of long lists."""
        faults = []
        for field in self._contract.message(operation):
            value = _find(values, field.path)
            if not isinstance(value, str) or not value:
                continue
            if field.kind == "date" and not matches(field.format, value):
                faults.append(f"{field.path}: no such day")
            if field.code_list and value not in self._contract.codes(field.code_list):
                faults.append(f"{field.path}: {value} is not in the code list")
        return faults


def answer(operation: str, children: Sequence[tuple[str, object]]) -> Reply:
    """Wrapped answer of an operation; a value may be text or a nested sequence of the same kind."""
    root = etree.Element(f"{{{BCA}}}{operation}Response", nsmap={"ns1": BCA})
    _append(root, children)
    return envelope(root)


def envelope(payload: etree._Element, status: int = 200) -> Reply:
    """Put an element into a SOAP body."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    etree.SubElement(root, f"{{{SOAP}}}Body").append(payload)
    return Reply(status, etree.tostring(root, encoding="utf-8", xml_declaration=True), XML_TYPE)


def soap_fault(code: str, text: str) -> Reply:
    """SOAP 1.1 fault, HTTP 500; `code` without prefix."""
    fault = etree.Element(f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = f"soapenv:{code}"
    etree.SubElement(fault, "faultstring").text = text
    return envelope(fault, 500)


def _payload(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAcceptable(MALFORMED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAcceptable(DOCTYPE)
    if root.tag != f"{{{SOAP}}}Envelope":
        raise NotAcceptable(NO_ENVELOPE)
    found = root.findall(f"{{{SOAP}}}Body/*")
    if len(found) != 1:
        raise NotAcceptable(NOT_ONE_ELEMENT)
    return found[0]


def _values(element: etree._Element, lists: frozenset[str], path: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        here = f"{path}{name}"
        value = _values(child, lists, f"{here}.") if len(child) else (child.text or "")
        if here in lists:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values


def _find(values: Mapping[str, Any], path: str) -> object:
    found: Any = values
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _append(parent: etree._Element, children: Sequence[tuple[str, object]]) -> None:
    for name, value in children:
        child = etree.SubElement(parent, f"{{{BCA}}}{name}")
        if isinstance(value, str):
            child.text = value
        elif isinstance(value, Sequence):
            _append(child, value)
