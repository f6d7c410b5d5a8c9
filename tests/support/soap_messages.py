"""SOAP messages as toolkits write them, and answers as plain values."""

import base64
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.soap.event_shapes import event_shape
from gateway.api.soap.faults import WSSE
from gateway.api.soap.operations import operations
from gateway.api.soap.shapes import NAMESPACE
from gateway.api.soap.writing import write_record
from gateway.operations.soap_access import password_digest

PATH = "/soap/registry"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
MEDIA_TYPES = {SOAP_11: "text/xml; charset=utf-8", SOAP_12: "application/soap+xml; charset=utf-8"}
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#"

_nonces = itertools.count(1)


def a_question(operation: str, **members: Any) -> Element:  # noqa: ANN401 - any JSON value
    """The element of an operation, written by the schema."""
    shape = operations()[operation].request
    return write_record(operation, shape, members)


def registering(event: Mapping[str, Any], key: str | None = None) -> Element:
    """The question that registers this event."""
    event_type = str(event["event_type"])
    name = f"Register{event_shape(event_type).name}"
    return a_question(name, **{event_type: event}, idempotency_key=key)


def enveloped(body: Element | str, header: str = "", version: str = SOAP_11) -> bytes:
    """The whole message; strings are put in as they are."""
    text = body if isinstance(body, str) else etree.tostring(body, encoding="unicode")
    head = f"<e:Header>{header}</e:Header>" if header else ""
    return f'<e:Envelope xmlns:e="{version}">{head}<e:Body>{text}</e:Body></e:Envelope>'.encode()


def security_header(
    username: str,
    password: str,
    created: datetime,
    *,
    nonce: bytes | None = None,
    is_digest: bool = True,
    more: str = "",
) -> str:
    """A UsernameToken as the toolkits write it; a new nonce unless one is given."""
    nonce = nonce or next(_nonces).to_bytes(16, "big")
    moment = created.strftime("%Y-%m-%dT%H:%M:%SZ")
    kind = "PasswordDigest" if is_digest else "PasswordText"
    shown = password_digest(nonce, moment, password) if is_digest else password
    return (
        f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">{more}<wsse:UsernameToken>'
        f"<wsse:Username>{username}</wsse:Username>"
        f'<wsse:Password Type="{PROFILE}{kind}">{shown}</wsse:Password>'
        f"<wsse:Nonce>{base64.b64encode(nonce).decode()}</wsse:Nonce><wsu:Created>{moment}</wsu:Created>"
        "</wsse:UsernameToken></wsse:Security>"
    )


@dataclass(frozen=True, slots=True)
class SoapFault:
    """A fault as its receiver sees it."""

    code: str
    subcode: str | None
    reason: str
    problem: dict[str, Any]


def answer_in(answer: httpx.Response) -> dict[str, Any]:
    """The members of a response that is no fault."""
    assert answer.status_code == httpx.codes.OK, answer.text
    return plain_members(_content(answer))


def fault_in(answer: httpx.Response) -> SoapFault:
    """The fault, of either version."""
    fault = _content(answer)
    assert etree.QName(fault).localname == "Fault", answer.text
    is_11 = etree.QName(fault).namespace == SOAP_11
    code = fault.findtext("faultcode") if is_11 else fault.findtext("{*}Code/{*}Value")
    reason = fault.findtext("faultstring") if is_11 else fault.findtext("{*}Reason/{*}Text")
    detail = fault.find("detail" if is_11 else "{*}Detail")
    problem = plain_members(detail[0]) if detail is not None else {}
    return SoapFault(code or "", fault.findtext("{*}Code/{*}Subcode/{*}Value"), reason or "", problem)


def plain_members(element: Element) -> dict[str, Any]:
    """Elements by name; always lists, so that nothing depends on how many there are."""
    found: dict[str, Any] = {}
    for child in element:
        assert etree.QName(child).namespace == NAMESPACE
        value: Any = plain_members(child) if len(child) else (child.text or "")
        found.setdefault(etree.QName(child).localname, []).append(value)
    return found


def pointers(problem: Mapping[str, Any]) -> dict[str, str]:
    """Pointer -> code of every fault that a problem names."""
    return {each["pointer"][0]: each["code"][0] for each in problem["errors"]}


def _content(answer: httpx.Response) -> Element:
    (body,) = etree.fromstring(answer.content).iterchildren("{*}Body")
    (content,) = body
    return content
