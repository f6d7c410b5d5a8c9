"""A problem as a SOAP fault: the same code and the same list of violations as in REST's problem document."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.problems import Problem, problem_json
from gateway.api.soap.answer_shapes import problem_shape
from gateway.api.soap.envelope import Version, put_into_envelope
from gateway.api.soap.schema import PROBLEM
from gateway.api.soap.writing import write_record

WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_SECURITY_CODES: Final = {
    "soap_security_malformed": "InvalidSecurity",
    "soap_authentication_failed": "FailedAuthentication",
    "soap_message_stale": "MessageExpired",
    "soap_nonce_replayed": "FailedAuthentication",
    "unauthenticated": "FailedAuthentication",
}
"""As the WS-Security SOAP Message Security 1.1 names them, section 12."""
_ENVELOPE_CODES: Final = {
    "soap_version_unknown": "VersionMismatch",
    "soap_header_not_understood": "MustUnderstand",
}


@dataclass(frozen=True, slots=True)
class FaultAnswer:
    """A fault ready to be sent."""

    content: bytes
    status: int
    media_type: str
    headers: Mapping[str, str]


def fault_of(problem: Problem, version: Version) -> FaultAnswer:
    """SOAP 1.1 sends faults with status 500, SOAP 1.2 with 400 or 500; without a bearer token it is 401."""
    document = problem_json(problem)
    fault = _fault_11(problem, document) if version is Version.SOAP_11 else _fault_12(problem, document)
    return FaultAnswer(
        put_into_envelope(version, fault),
        _status(problem, document, version),
        version.media_type,
        problem.headers,
    )


def _status(problem: Problem, document: Mapping[str, Any], version: Version) -> int:
    if problem.code in {"unauthenticated", "soap_media_type"}:
        return int(document["status"])  # spoken before any envelope is looked at, in HTTP's own words
    if version is Version.SOAP_12 and _is_sender(document) and problem.code not in _ENVELOPE_CODES:
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _is_sender(document: Mapping[str, Any]) -> bool:
    """Sending the same again will not help; "too many" and "not now" are ours."""
    status = int(document["status"])
    return status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS


def _detail(document: Mapping[str, Any]) -> Element:
    return write_record(PROBLEM, problem_shape(), document)


def _fault_11(problem: Problem, document: Mapping[str, Any]) -> Element:
    version = Version.SOAP_11
    fault = etree.Element(version.name_of("Fault"), nsmap={"soap": version.value, "wsse": WSSE})
    if problem.code in _SECURITY_CODES:
        code = f"wsse:{_SECURITY_CODES[problem.code]}"
    else:
        code = "soap:" + _ENVELOPE_CODES.get(problem.code, "Client" if _is_sender(document) else "Server")
    etree.SubElement(fault, "faultcode").text = code
    etree.SubElement(fault, "faultstring", {_XML_LANG: "en"}).text = _sentence(document)
    if problem.code != "soap_header_not_understood":  # SOAP 1.1 section 4.4: detail is about the Body only
        etree.SubElement(fault, "detail").append(_detail(document))
    return fault


def _fault_12(problem: Problem, document: Mapping[str, Any]) -> Element:
    version = Version.SOAP_12
    fault = etree.Element(version.name_of("Fault"), nsmap={"soap": version.value, "wsse": WSSE})
    code = etree.SubElement(fault, version.name_of("Code"))
    main = _ENVELOPE_CODES.get(problem.code, "Sender" if _is_sender(document) else "Receiver")
    etree.SubElement(code, version.name_of("Value")).text = f"soap:{main}"
    if problem.code in _SECURITY_CODES:
        subcode = etree.SubElement(code, version.name_of("Subcode"))
        etree.SubElement(subcode, version.name_of("Value")).text = f"wsse:{_SECURITY_CODES[problem.code]}"
    reason = etree.SubElement(fault, version.name_of("Reason"))
    etree.SubElement(reason, version.name_of("Text"), {_XML_LANG: "en"}).text = _sentence(document)
    # One Text only, although SOAP 1.2 allows one for each language: gSOAP cannot read a second.
    etree.SubElement(fault, version.name_of("Detail")).append(_detail(document))
    return fault


def _sentence(document: Mapping[str, Any]) -> str:
    named = ": " + ", ".join(document["needed"]) if "needed" in document else "."
    return f"{document['title']}{named} {document['detail']}"
