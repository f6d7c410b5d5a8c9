"""The envelope: which version, what is in it, what must be understood; and answers in the same version."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import Enum
from typing import Final

from lxml import etree

from adapters.hardened_xml import Element, UnreadableXml, read_xml
from gateway.api.problems import Problem
from gateway.receive.finding import Finding
from gateway.receive.validate import violations_of

SECURITY: Final = (
    "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}Security"
)
_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
_TRUE: Final = frozenset({"1", "true"})


class Version(Enum):
    """A version of SOAP by the namespace of its envelope."""

    SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
    SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"

    @property
    def media_type(self) -> str:
        """Of questions and answers."""
        return "text/xml" if self is Version.SOAP_11 else "application/soap+xml"

    def name_of(self, local: str) -> str:
        """One of the envelope's own elements or attributes, as lxml writes it."""
        return f"{{{self.value}}}{local}"


_BY_MEDIA_TYPE: Final = {version.media_type: version for version in Version}
_NEAREST: Final = frozenset(
    {
        "",
        "http://schemas.xmlsoap.org/soap/actor/next",
        "http://www.w3.org/2003/05/soap-envelope/role/next",
        "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
    }
)
"""Actors and roles that are us."""


@dataclass(frozen=True, slots=True)
class SoapMessage:
    """A question that could be opened."""

    version: Version
    security: Element | None
    body: Element
    """The one element in the Body."""


def version_of(content_type: str) -> Version | None:
    """What the media type says; None when it is no SOAP. The envelope itself decides."""
    return _BY_MEDIA_TYPE.get(_parsed(content_type).get_content_type())


def open_envelope(content: bytes, content_type: str) -> SoapMessage:
    """The message inside. Raises a problem of the envelope, such as `soap_not_readable`."""
    if version_of(content_type) is None:
        raise Problem("soap_media_type")
    root = _root(content, _parsed(content_type).get_content_charset())
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise Problem("soap_envelope_invalid")
    try:
        version = Version(name.namespace)
    except ValueError as unknown:
        raise Problem("soap_version_unknown") from unknown
    header, body = _parts(root, version)
    security = _security(header, version) if header is not None else None
    inside = [*body.iterchildren(etree.Element)]
    if len(inside) != 1:
        raise Problem("soap_envelope_invalid")
    return SoapMessage(version, security, inside[0])


def put_into_envelope(version: Version, content: Element) -> bytes:
    """The answer as it goes over the wire."""
    envelope = etree.Element(version.name_of("Envelope"), nsmap={"soap": version.value})
    etree.SubElement(envelope, version.name_of("Body")).append(content)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _root(content: bytes, charset: str | None) -> Element:
    if charset is not None and charset not in _ENCODINGS:
        raise Problem("soap_media_type")
    try:
        root = read_xml(content)
    except UnreadableXml as unreadable:
        raise Problem("soap_not_readable", errors=violations_of(_where(unreadable))) from unreadable
    if (root.getroottree().docinfo.encoding or "utf-8").lower() not in _ENCODINGS:
        raise Problem("soap_media_type")
    return root


def _where(unreadable: UnreadableXml) -> Iterator[Finding]:
    cause = unreadable.__cause__
    if isinstance(cause, etree.XMLSyntaxError):
        line, column = cause.position
        yield Finding("body_not_xml", (), {"line": line or 1, "column": column or 1})


def _parts(root: Element, version: Version) -> tuple[Element | None, Element]:
    parts = [*root.iterchildren(etree.Element)]
    names = [part.tag for part in parts]
    header, body = version.name_of("Header"), version.name_of("Body")
    if names == [body]:
        return None, parts[0]
    if names == [header, body]:
        return parts[0], parts[1]
    raise Problem("soap_envelope_invalid")


def _security(header: Element, version: Version) -> Element | None:
    blocks = [block for block in header.iterchildren(etree.Element) if _is_for_us(block, version)]
    ours = [block for block in blocks if block.tag == SECURITY]
    strange = [str(block.tag) for block in blocks if block.tag != SECURITY and _must(block, version)]
    if strange:
        raise Problem("soap_header_not_understood", needed=strange)
    if len(ours) > 1:
        raise Problem("soap_security_malformed")
    return ours[0] if ours else None


def _is_for_us(block: Element, version: Version) -> bool:
    attribute = "actor" if version is Version.SOAP_11 else "role"
    return block.get(version.name_of(attribute), "") in _NEAREST


def _must(block: Element, version: Version) -> bool:
    return block.get(version.name_of("mustUnderstand"), "").strip() in _TRUE


def _parsed(content_type: str) -> Message:
    parsed = Message()
    parsed["Content-Type"] = content_type
    return parsed
