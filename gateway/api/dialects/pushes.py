"""A push as its client wrote it, opened: envelope and record, of either generation. Pure."""

from typing import Final

from gateway.api.dialects.answers import DialectFault
from gateway.api.dialects.bodies import JsonObject, NotReadable, read_object, require_few_fields
from gateway.api.dialects.xml_record import read_record
from mappings.national_registry.reading.dossier import Dossier
from mappings.national_registry.reading.spelling import Unreadable, find_text
from mappings.national_registry.reading.tables import name_of_module

RECORD: Final = "data"


def said(sent: JsonObject, field: str) -> str:
    """A field as text; empty when it says nothing or is no text."""
    try:
        return find_text(sent.get(field)) or ""
    except Unreadable:
        return ""


def read_first_push(sent: JsonObject) -> Dossier:
    """Of generation 1: XML text in `data`. Raises NotReadable."""
    text = sent.get(RECORD)
    if not isinstance(text, str) or not text.strip():
        raise NotReadable(missing(RECORD, "<hotich><hoso>…</hoso></hotich>"))
    return Dossier(
        module=name_of_module(said(sent, "module")),
        authority=sent.get("maDonVi"),
        code=sent.get("maHoSo"),
        linked_code=None,
        taken_in=sent.get("ngayTiepNhan"),
        record=require_few_fields(read_record(text)),
        generation="1",
    )


def read_second_push(sent: JsonObject) -> Dossier:
    """Of generation 2: JSON text in `data`. Raises NotReadable."""
    text = sent.get(RECORD)
    record = read_object(text, RECORD) if isinstance(text, str) else text
    if not isinstance(record, dict):
        raise NotReadable(
            DialectFault(
                RECORD,
                f"/{RECORD}",
                "dialect_wrong_format",
                "data thiếu; hãy ghi bản ghi dưới dạng văn bản JSON.",
                "data is missing; write the record as JSON text.",
            )
        )
    return Dossier(
        module=name_of_module(said(sent, "module")),
        authority=sent.get("maDonVi"),
        code=sent.get("maHoSoMCDT"),
        linked_code=sent.get("maHoSoLT"),
        taken_in=sent.get("ngayTiepNhan"),
        record=require_few_fields(record),
        files=sent.get("fileDinhKem"),
        generation="2",
    )


def missing(field: str, wanted: str) -> DialectFault:
    """A field that is not there, or not as it must be."""
    return DialectFault(
        field,
        f"/{field}",
        "dialect_wrong_format",
        f"{field} thiếu hoặc sai; hãy ghi {wanted}.",
        f"{field} is missing or wrong; write {wanted}.",
    )
