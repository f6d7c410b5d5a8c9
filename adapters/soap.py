"""SOAP 1.1 for every partner that speaks it: zeep writes from package files, answers are read hardened.

Calls go over `adapters.http`, never over zeep's own transport: one classification of network errors for all.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zeep
import zeep.exceptions
from lxml import etree

from adapters.errors import (
    ContractBroken,
    NotAuthorized,
    OutcomeUnknown,
    PartnerFault,
    RefusalReason,
    Refused,
)
from adapters.hardened_xml import DoctypeRefused, Element, UnreadableXml, local_name, read_xml, text_of
from adapters.http import HttpAnswer, HttpChannel, unusable
from adapters.partner_text import storable
from adapters.port import Announce, JsonValue

ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
_ENVELOPE = f"{{{ENVELOPE_NAMESPACE}}}Envelope"
_BODY = f"{{{ENVELOPE_NAMESPACE}}}Body"
_FAULT = f"{{{ENVELOPE_NAMESPACE}}}Fault"
_STEP = re.compile(r"(?:[^/:]+:)?([^/]+)")
"""One step of a path as libxml2 writes it: `ns:name`, `ns:change[2]`."""
_QUOTED = re.compile(r"'([^']+)'")
_RULES = {
    "SCHEMAV_CVC_PATTERN_VALID": ("sai định dạng", "has the wrong format"),
    "SCHEMAV_CVC_MAXLENGTH_VALID": ("quá dài", "is too long"),
    "SCHEMAV_CVC_MINLENGTH_VALID": ("không được để trống", "must not be empty"),
    "SCHEMAV_CVC_ENUMERATION_VALID": ("không có trong danh mục mã", "is not in the code list"),
    "SCHEMAV_ELEMENT_CONTENT": ("thừa hoặc sai vị trí", "is one too many or out of place"),
}
"""The schema's rules in both languages, without the value: values name people."""
_RULE_UNNAMED = ("không theo hợp đồng", "does not follow the contract")


class OutsideContract(ValueError):
    """A contract file names a document outside its own folder."""


class BodyUnfit(ValueError):
    """The body cannot be written as the contract says; `faults` names each field and its rule."""

    def __init__(self, faults: tuple[PartnerFault, ...]) -> None:
        super().__init__(self.__doc__)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class SoapPayload:
    """The answer that the contract promises: the one element inside the body."""

    element: Element
    http: HttpAnswer


@dataclass(frozen=True, slots=True)
class SoapFault:
    """The partner said no in the protocol's own words."""

    code: str
    """Local part, the general first: `Client.Authentication`."""
    text: str
    http: HttpAnswer


SoapReply = SoapPayload | SoapFault


class _PackageFiles:
    """What zeep reads a contract from: files of one folder. It holds no session and cannot send."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def load(self, location: str) -> bytes:
        path = Path(location).resolve()
        if not path.is_relative_to(self._folder):
            raise OutsideContract(location)
        return path.read_bytes()


class SoapContract:
    """A WSDL with the schema of its messages, read once; safe to share between threads.

    zeep knows operations, element order and envelope; the schema also knows lengths, patterns, code lists.
    """

    def __init__(self, wsdl: Path, schema: Path) -> None:
        settings = zeep.Settings(strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        # zeep carries no types: from here on its objects stay inside this class.
        client: Any = zeep.Client(  # type: ignore[no-untyped-call]  # zeep is not annotated
            str(wsdl.resolve()), transport=_PackageFiles(wsdl.parent), settings=settings
        )
        self._client = client
        self._service: Any = client.service
        self._schema = etree.XMLSchema(etree.fromstring(schema.read_bytes(), base_url=str(schema)))
        self._schema_lock = threading.Lock()
        self.operations: frozenset[str] = frozenset(name for name, _ in self._service)

    def write(self, operation: str, body: Mapping[str, JsonValue]) -> bytes:
        """The whole envelope in UTF-8; elements stand in the contract's order whatever the order of `body`.

        None and empty lists are absent. Raises BodyUnfit with every fault that the schema finds.
        """
        if operation not in self.operations:
            raise BodyUnfit((_unknown_operation(operation),))
        try:
            envelope: Element = self._client.create_message(self._service, operation, **_present(body))
        except (zeep.exceptions.ValidationError, TypeError, AttributeError, ValueError) as error:
            # zeep says "wrong shape" in these four ways; the network is not touched in here.
            raise BodyUnfit((_shape_fault(error),)) from None
        self._check(envelope)
        return etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)

    def _check(self, envelope: Element) -> None:
        """Hold the message against the schema; the lock keeps two threads' error logs apart."""
        payload = envelope[-1][0]
        with self._schema_lock:
            if self._schema.validate(payload):
                return
            broken = [(entry.path or "", entry.type_name) for entry in self._schema.error_log]
        rule_by_field: dict[str, str] = {}
        for path, rule in broken:
            rule_by_field.setdefault(_field_of(path), rule)
        raise BodyUnfit(tuple(_rule_fault(field, rule) for field, rule in rule_by_field.items()))


class SoapClient:
    """Calls the operations of one contract at one address; safe to share between threads."""

    def __init__(self, channel: HttpChannel, contract: SoapContract, path: str) -> None:
        self._channel = channel
        self._contract = contract
        self._path = path

    def call(
        self,
        operation: str,
        body: Mapping[str, JsonValue],
        *,
        headers: Mapping[str, str],
        announce: Announce | None = None,
    ) -> SoapReply:
        """One call. Raises BodyUnfit before anything leaves; NotSent, Busy, and what `read_reply` raises."""
        content = self._contract.write(operation, body)
        answer = self._channel.exchange(
            "POST", self._path, headers=headers, content=content, operation=operation, announce=announce
        )
        return read_reply(answer)


def read_reply(answer: HttpAnswer) -> SoapReply:
    """What the partner said; the body decides, the HTTP status only where its own words are missing.

    Raises OutcomeUnknown for what proves nothing (an HTML page, half a document, another operation's answer),
    ContractBroken for a DOCTYPE, NotAuthorized.
    """
    try:
        root = read_xml(answer.content)
    except DoctypeRefused as error:
        if (error.root or "").lower() == "html":
            raise unusable(answer) from error
        raise ContractBroken(answer.evidence("DOCTYPE")) from error
    except UnreadableXml as error:
        raise unusable(answer) from error
    if root.tag != _ENVELOPE:
        raise unusable(answer)
    body = root.find(_BODY)
    if body is None or len(body) != 1:
        raise unusable(answer)
    if body[0].tag == _FAULT:
        return _read_fault(body[0], answer)
    if not answer.is_success or local_name(body[0]) != f"{answer.operation}Response":
        raise unusable(answer)
    return SoapPayload(body[0], answer)


def fault_error(fault: SoapFault) -> Refused | NotAuthorized | ContractBroken | OutcomeUnknown:
    """What a SOAP 1.1 fault code allows."""
    evidence = fault.http.evidence(fault.code, fault.text)
    general, _, particular = fault.code.partition(".")
    if particular == "Authentication" or fault.http.status in {401, 403}:
        return NotAuthorized(evidence)
    if general == "Client":
        return Refused(evidence, RefusalReason.CONTENT, (PartnerFault(storable(fault.text) or fault.code),))
    if general == "Server":  # which does not say that nothing was applied
        return OutcomeUnknown(evidence)
    return ContractBroken(evidence)


def _read_fault(element: Element, answer: HttpAnswer) -> SoapFault:
    code = (text_of(element, "faultcode") or "").rpartition(":")[2]
    return SoapFault(code, text_of(element, "faultstring") or "", answer)


def _present(body: Mapping[str, JsonValue]) -> dict[str, Any]:
    """The body without what is absent; an absent value is an absent element, never an empty one."""
    return {name: _present_value(value) for name, value in body.items() if value is not None and value != []}


def _present_value(value: JsonValue) -> object:
    if isinstance(value, Mapping):
        return _present(value)
    if isinstance(value, str | int) or value is None:
        return value
    return [_present_value(item) for item in value]


def _field_of(path: str) -> str:
    """`/ns:operation/ns:mother/ns:name` → `mother.name`."""
    return ".".join(_STEP.findall(path)[1:])


def _rule_fault(field: str, rule: str) -> PartnerFault:
    rule_vi, rule_en = _RULES.get(rule, _RULE_UNNAMED)
    return PartnerFault(
        f"Trường {field} {rule_vi}, hãy sửa giá trị / field {field} {rule_en}, correct the value",
        field or None,
    )


def _unknown_operation(operation: str) -> PartnerFault:
    return PartnerFault(
        f"Thao tác {operation} không có trong hợp đồng, hãy sửa bảng ánh xạ"
        f" / operation {operation} is not in the contract, correct the mapping"
    )


def _shape_fault(error: Exception) -> PartnerFault:
    """What zeep could not write; its words may quote a value, so only the field's name is taken."""
    if isinstance(error, zeep.exceptions.ValidationError):
        field = ".".join(str(step) for step in error.path[1:]) or None
        return PartnerFault(
            f"Thiếu trường bắt buộc {field}, hãy bổ sung / required field {field} is missing, add it", field
        )
    if isinstance(error, TypeError) and (quoted := _QUOTED.search(str(error))):
        field = quoted.group(1)
        return PartnerFault(
            f"Trường {field} không có trong hợp đồng, hãy bỏ"
            f" / field {field} is not in the contract, leave it out",
            field,
        )
    return PartnerFault(
        "Có giá trị sai kiểu hoặc chứa ký tự mà XML không cho phép, hãy sửa"
        " / a value is of the wrong kind or holds a character that XML forbids, correct it"
    )
