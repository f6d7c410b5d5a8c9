"""The XML text of generation 1, also as programs paste it together; what cannot be read is said exactly."""

import re
from typing import Final

from lxml import etree

from gateway.api.dialects.answers import DialectFault
from gateway.api.dialects.bodies import JsonObject, NotReadable

_ROOT: Final = "hotich"
_RECORD: Final = "hoso"
_FIELD: Final = "data"
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OPENED: Final = re.compile(r"<([A-Za-z_][A-Za-z0-9_]{0,59})[^<>]*>[^<]*$")
_HALF_A_TAG: Final = re.compile(r"<[^<>]*$")
_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_DEPTH_MAX: Final = 2


def read_record(text: str) -> JsonObject:
    """Fields of `<hotich><hoso>…</hoso></hotich>` as text; a field with parts inside is an object.

    Raises:
        NotReadable: no XML, a document type, another root, a field that stands twice.

    """
    plain = _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
    if _DOCTYPE.search(plain):
        raise _refusal(
            "xml_doctype",
            "data không được chứa DOCTYPE hay ENTITY; hãy bỏ đi.",
            "data must not hold a DOCTYPE or ENTITY; take it out.",
        )
    bare = _BARE_AMPERSAND.search(plain)
    if bare is not None and "<![CDATA[" not in plain:
        raise _bare_ampersand(plain, bare.start())
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(plain.strip().encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as broken:
        raise _not_xml(plain, broken) from broken
    return _fields_of(_dossier_in(root), _DEPTH_MAX)


def _dossier_in(root: etree._Element) -> etree._Element:
    dossiers = [child for child in root if _name(child).casefold() == _RECORD]
    if _name(root).casefold() != _ROOT or len(dossiers) != 1:
        raise _refusal(
            "xml_wrong_root",
            "data phải có dạng <hotich><hoso>…</hoso></hotich> với đúng một hoso.",
            "data must be <hotich><hoso>…</hoso></hotich> with exactly one hoso.",
        )
    return dossiers[0]


def _fields_of(holder: etree._Element, depth_left: int) -> JsonObject:
    found: JsonObject = {}
    for child in holder:
        name = _name(child)
        if name in found:
            raise _refusal(
                "xml_field_repeated",
                f"Trường {name[:60]} xuất hiện nhiều lần; chỉ giữ một.",
                f"The field {name[:60]} stands more than once; keep one.",
                name[:60],
            )
        has_parts = len(child) > 0 and depth_left > 1
        found[name] = _fields_of(child, depth_left - 1) if has_parts else "".join(child.itertext())
    return found


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _not_xml(text: str, broken: Exception) -> NotReadable:
    line, column = getattr(broken, "position", (0, 0))
    lines = text.strip().split("\n")
    before = "\n".join(
        [*lines[: max(line - 1, 0)], lines[min(max(line, 1), len(lines)) - 1][: max(column - 1, 0)]]
    )
    field = _field_at(before)
    near = f" trong trường {field}" if field else ""
    return _refusal(
        "xml_broken",
        f"data không phải XML hợp lệ (dòng {line}, cột {column}{near}): hãy ghi & thành &amp;, < thành &lt;"
        " và đóng mọi thẻ.",
        f"data is not valid XML (line {line}, column {column}{f', field {field}' if field else ''}): write &"
        " as &amp;, < as &lt; and close every tag.",
        field,
    )


def _bare_ampersand(text: str, position: int) -> NotReadable:
    before = text[:position]
    line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
    field = _field_at(before)
    near_vi, near_en = (f" trong trường {field}", f" in the field {field}") if field else ("", "")
    return _refusal(
        "xml_bare_ampersand",
        f"Ký tự & chưa được mã hóa ở dòng {line}, cột {column} của data{near_vi}; hãy ghi &amp; thay cho &.",
        f"An & is not escaped at line {line}, column {column} of data{near_en}; write &amp; instead of &.",
        field,
    )


def _field_at(before: str) -> str:
    opened = _OPENED.search(_HALF_A_TAG.sub("", before))
    return opened.group(1) if opened and opened.group(1).casefold() not in {_ROOT, _RECORD} else ""


def _refusal(code: str, message_vi: str, message_en: str, field: str = "") -> NotReadable:
    pointer = f"/{_FIELD}/{field}" if field else f"/{_FIELD}"
    return NotReadable(DialectFault(field or _FIELD, pointer, code, message_vi, message_en))
