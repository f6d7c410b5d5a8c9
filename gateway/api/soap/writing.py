"""From plain values, as REST would write them in JSON, to elements in the order of the schema."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lxml import etree

from adapters.hardened_xml import Element
from gateway.api.soap.answer_shapes import PAIRS
from gateway.api.soap.shapes import NAMESPACE, Kind, Record

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry; a partner's text may hold any."""


def write_record(name: str, shape: Record, values: Mapping[str, Any]) -> Element:
    """An element of this name; what the values lack is left out, what the shape lacks is not shown."""
    element = etree.Element(qualified(name), nsmap={"r": NAMESPACE})
    _fill(element, shape, values)
    return element


def qualified(name: str) -> str:
    """A name in our namespace, as lxml writes it."""
    return f"{{{NAMESPACE}}}{name}"


def _fill(element: Element, shape: Record, values: Mapping[str, Any]) -> None:
    for member in shape.members:
        value = values.get(member.name)
        if value is None:
            continue
        for each in _each(value) if member.is_list else (value,):
            _write(etree.SubElement(element, qualified(member.name)), member.kind, each)


def _each(value: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)


def _write(element: Element, kind: Kind, value: Any) -> None:  # noqa: ANN401 - any JSON value
    if kind is PAIRS:
        entries = [{"name": name, "value": text} for name, text in value.items()]
        line = "; ".join(f"{name}: {text}" for name, text in value.items())
        _fill(element, PAIRS, {"line": line, "entry": entries})
    elif isinstance(kind, Record):
        _fill(element, kind, value)
    else:
        element.text = _NOT_XML.sub("\ufffd", _text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
