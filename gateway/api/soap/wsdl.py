"""The contract as WSDL 1.1: document/literal, one part a message, a binding for each version of SOAP."""

from dataclasses import dataclass
from functools import cache

from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.soap.operations import Operation, operations
from gateway.api.soap.schema import PROBLEM, schema_element
from gateway.api.soap.shapes import NAMESPACE

WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP_OVER_HTTP = "http://schemas.xmlsoap.org/soap/http"
_FAULT = "RegistryFault"
_PORT_TYPE = "Registry"


@dataclass(frozen=True, slots=True)
class _Binding:
    port: str
    namespace: str


_BINDINGS = (
    _Binding("RegistrySoap11", "http://schemas.xmlsoap.org/wsdl/soap/"),
    _Binding("RegistrySoap12", "http://schemas.xmlsoap.org/wsdl/soap12/"),
)
VERSIONS = {"1.1": (_BINDINGS[0],), "1.2": (_BINDINGS[1],)}
"""What `?wsdl=1.1` leaves: Basic Profile 1.1 knows no other binding, and some old tools refuse it."""


def wsdl_document(address: str, version: str | None = None) -> bytes:
    """The WSDL with this address; of both versions unless one is named (a key of `VERSIONS`)."""
    root = etree.fromstring(_without_address(version))
    for place in root.iter("{*}address"):
        place.set("location", address)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


@cache
def _without_address(version: str | None) -> bytes:
    bindings = _BINDINGS if version is None else VERSIONS[version]
    names = {
        "wsdl": WSDL,
        "tns": NAMESPACE,
        "soap": _BINDINGS[0].namespace,
        "soap12": _BINDINGS[1].namespace,
    }
    root = etree.Element(_wsdl("definitions"), {"name": _PORT_TYPE, "targetNamespace": NAMESPACE}, names)
    _documentation(root, "Hộ tịch Gateway: hand in civil-status events (sự kiện hộ tịch) and follow them.")
    etree.SubElement(root, _wsdl("types")).append(schema_element())
    every = tuple(operations().values())
    for each in every:
        _message(root, each.request.name, each.request.name)
        _message(root, each.response.name, each.response.name)
    _message(root, _FAULT, PROBLEM, part="fault")
    _port_type(root, every)
    for binding in bindings:
        _bind(root, binding, every)
    service = etree.SubElement(root, _wsdl("service"), name="RegistryService")
    for binding in bindings:
        port = etree.SubElement(service, _wsdl("port"), name=binding.port, binding=f"tns:{binding.port}")
        etree.SubElement(port, f"{{{binding.namespace}}}address", location="")
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8")


def _message(root: Element, name: str, element: str, part: str = "parameters") -> None:
    message = etree.SubElement(root, _wsdl("message"), name=name)
    etree.SubElement(message, _wsdl("part"), name=part, element=f"tns:{element}")


def _port_type(root: Element, every: tuple[Operation, ...]) -> None:
    port_type = etree.SubElement(root, _wsdl("portType"), name=_PORT_TYPE)
    for each in every:
        operation = etree.SubElement(port_type, _wsdl("operation"), name=each.name)
        _documentation(operation, each.description)
        etree.SubElement(operation, _wsdl("input"), message=f"tns:{each.request.name}")
        etree.SubElement(operation, _wsdl("output"), message=f"tns:{each.response.name}")
        etree.SubElement(operation, _wsdl("fault"), name=_FAULT, message=f"tns:{_FAULT}")


def _bind(root: Element, binding: _Binding, every: tuple[Operation, ...]) -> None:
    bound = etree.SubElement(root, _wsdl("binding"), name=binding.port, type=f"tns:{_PORT_TYPE}")
    soap = f"{{{binding.namespace}}}"
    etree.SubElement(bound, f"{soap}binding", style="document", transport=_SOAP_OVER_HTTP)
    for each in every:
        operation = etree.SubElement(bound, _wsdl("operation"), name=each.name)
        etree.SubElement(operation, f"{soap}operation", soapAction=action_of(each.name), style="document")
        for direction in ("input", "output"):
            way = etree.SubElement(operation, _wsdl(direction))
            etree.SubElement(way, f"{soap}body", use="literal")
        fault = etree.SubElement(operation, _wsdl("fault"), name=_FAULT)
        etree.SubElement(fault, f"{soap}fault", name=_FAULT, use="literal")


def action_of(operation: str) -> str:
    """The SOAPAction that the WSDL names; what counts is the element in the body."""
    return f"{NAMESPACE}:{operation}"


def _documentation(parent: Element, text: str) -> None:
    etree.SubElement(parent, _wsdl("documentation")).text = text


def _wsdl(name: str) -> str:
    return f"{{{WSDL}}}{name}"
