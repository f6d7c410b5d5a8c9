"""The envelope of a push: office, moments and codes; they say what the record's codes mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from pydantic import ValidationError

from mappings.canonical import VIETNAM_TIME, AnyEvent, OpenField, parse_event
from mappings.canonical.declaration import filled_in
from mappings.canonical.registration import moment_of_day
from mappings.codes import find_procedure
from mappings.matter_flags import flags_of, possible_matters
from mappings.matters import find_matter
from mappings.national_registry.reading.draft import Draft, JsonObject
from mappings.national_registry.reading.spelling import Unreadable, find_text, read_moment
from mappings.national_registry.reading.tables import LINKED, Form, ReadingRow
from mappings.national_registry.reading.units import read_unit, units_meant

_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{2,49}")
_MADE_FROM_ENTRY: Final = re.compile(r"(?:\d{2,5}|M[A-Z]{2}\d{2})-[A-Z]{2,4}-\d{4}(?:-.+)?")
"""A code that stands for an entry without a dossier: `00691-KS-2026-41`."""
_OFFICE_FIELDS: Final = ("noiDangKy", "noiCap")


@dataclass(frozen=True, slots=True)
class Dossier:
    """One push as it came, its record already an object of fields."""

    module: str
    authority: object
    """`maDonVi`: text or a number without its leading zeros."""
    code: object
    """`maHoSoMCDT` or `maHoSo`."""
    linked_code: object
    """`maHoSoLT`; counts only in the modules of the linked service."""
    taken_in: object
    """`ngayTiepNhan`."""
    record: Mapping[str, object]
    files: object = None
    generation: str = "2"
    """Of the interface that the push came by."""

    @property
    def code_field(self) -> str:
        """The field of the dossier code."""
        return "maHoSoMCDT" if self.generation == "2" else "maHoSo"


def source_event_id(module: str, code: str) -> str:
    """The sender's own number of the event: module and dossier code name a dossier for good."""
    return f"{module}/{code}"


def read_moments(draft: Draft, rows: Sequence[ReadingRow], dossier: Dossier, arrived_at: datetime) -> None:
    """The day of registration first: every code is read in the lists of that day."""
    taken_in = _moment(draft, "ngayTiepNhan", dossier.taken_in)
    if taken_in is not None:
        day, clock = taken_in
        received = datetime.combine(day, clock or time(), VIETNAM_TIME)
        draft.put("dossier.received_at", received.isoformat(), "ngayTiepNhan")
        draft.day = day
    row = next((row for row in rows if row.reader == "registered_at"), None)
    said = None if row is None else _moment(draft, row.field, draft.record.get(row.field))
    if row is None or said is None:
        return
    draft.day = said[0]
    moment = _registered_at(said, taken_in, arrived_at)
    draft.put("registration.registered_at", moment.isoformat(), row.field)


def _registered_at(
    said: tuple[date, time | None], taken_in: tuple[date, time | None] | None, arrived_at: datetime
) -> datetime:
    """The time that is written; else that of the intake on the same day, which is never later.

    Else the end of the working day, or the arrival where that is earlier.
    """
    day, clock = said
    if clock is None and taken_in is not None and taken_in[0] == day:
        clock = taken_in[1]
    if clock is not None:
        return datetime.combine(day, clock, VIETNAM_TIME)
    return moment_of_day(day, arrived_at)


def _moment(draft: Draft, field: str, value: object) -> tuple[date, time | None] | None:
    try:
        if find_text(value) is None:
            return None
        return read_moment(value)
    except Unreadable:
        draft.wrong_format(
            field,
            "dd/MM/yyyy, dd/MM/yyyy HH:mm:ss hoặc yyyy-MM-dd",
            "dd/MM/yyyy, dd/MM/yyyy HH:mm:ss or yyyy-MM-dd",
        )
        return None


def read_office(draft: Draft, dossier: Dossier) -> None:
    """The office of the envelope; the record may say it with the zeros that a number has lost."""
    try:
        said = find_text(dossier.authority)
    except Unreadable:
        said = None
    if said is None:
        return
    beside = next((draft.record[name] for name in _OFFICE_FIELDS if name in draft.record), None)
    written = str(beside).strip() if isinstance(beside, str | int) else said
    same = said.lstrip("0") == written.lstrip("0")
    code = read_unit(written if same and len(written) > len(said) else said, draft.day)
    if code not in units_meant(said, draft.day) and len(units_meant(said, draft.day)) > 1:
        draft.refuse(
            "maDonVi",
            "dialect_unit_ambiguous",
            "maDonVi mất số 0 ở đầu nên có thể chỉ nhiều đơn vị; hãy ghi đủ chữ số, dạng chữ.",
            "maDonVi has lost its leading zeros and may mean several units; write all digits as text.",
        )
    draft.put("registration.authority_code", code, "maDonVi")
    if not same and read_unit(written, draft.day) != code:
        field = next(name for name in _OFFICE_FIELDS if name in draft.record)
        draft.refuse(
            field,
            "dialect_office_contradicts",
            f"{field} khác maDonVi; hãy ghi cùng một cơ quan đăng ký vào cả hai.",
            f"{field} differs from maDonVi; write the same registering office into both.",
        )


def read_codes(draft: Draft, dossier: Dossier, form: Form, open_fields: Sequence[OpenField] = ()) -> None:
    """The codes of the dossier: they name the event for good."""
    code, linked = _code_in(dossier.code), _code_in(dossier.linked_code)
    is_linked = dossier.module.startswith(LINKED)
    received = draft.event.pop("dossier", {})
    code = code or (linked if is_linked else None)
    if code is None:
        draft.refuse(
            dossier.code_field,
            "dialect_field_missing",
            f"{dossier.code_field} thiếu hoặc sai; hãy ghi mã hồ sơ một cửa, ví dụ H60.129-261116-0041.",
            f"{dossier.code_field} is missing or wrong; write the one-stop code, as H60.129-261116-0041.",
        )
        return
    draft.event["source_event_id"] = source_event_id(dossier.module, code)
    draft.origins["source_event_id"] = draft.origins["dossier.code"] = dossier.code_field
    if _MADE_FROM_ENTRY.fullmatch(code):
        return
    found: JsonObject = {"code": code, **received}
    if is_linked and linked is not None:
        found["linked_code"] = linked
        draft.origins["dossier.linked_code"] = "maHoSoLT"
    elif is_linked:
        draft.assume(
            "maHoSoLT",
            "dialect_linked_code_missing",
            "Thiếu maHoSoLT: coi là hồ sơ thường, phần mềm liên thông không được báo trạng thái.",
            "maHoSoLT is missing: taken as an ordinary dossier, and the linked service hears nothing of it.",
        )
    procedure = _procedure_of(draft, open_fields, is_linked="linked_code" in found) or form.procedure
    if procedure is not None:
        draft.event["dossier"] = {**found, "procedure_code": procedure}
        draft.origins["dossier"] = draft.origins["dossier.procedure_code"] = "module"


def _code_in(value: object) -> str | None:
    try:
        text = find_text(value)
    except Unreadable:
        return None
    return text if text is not None and _CODE.fullmatch(text) else None


def _procedure_of(draft: Draft, open_fields: Sequence[OpenField], *, is_linked: bool) -> str | None:
    """The first procedure of the matter, which is what a module stands for; None while faults are left."""
    event = _parsed(draft, open_fields)
    if event is None:
        return None
    matters = list(possible_matters(event))
    if is_linked:
        kind: str | None = getattr(event.registration, "kind", None)
        linked = find_matter(event.event_type, None, kind, flags_of(event) | {"linked"}, draft.day)
        matters = [*([] if linked is None else [linked]), *matters]
    codes = (code for matter in matters for code in matter.procedure_codes)
    return next((code for code in codes if find_procedure(code, draft.day) is not None), None)


def is_whole(draft: Draft, open_fields: Sequence[OpenField]) -> bool:
    """Whether an event can be made of what was read."""
    return _parsed(draft, open_fields) is not None


def _parsed(draft: Draft, open_fields: Sequence[OpenField]) -> AnyEvent | None:
    moment = datetime.combine(draft.day, time(), VIETNAM_TIME).isoformat()
    asked = {"declared": draft.event, "open": list(open_fields), "received_at": moment}
    try:
        return parse_event(filled_in(asked)["declared"])
    except ValidationError:
        return None
