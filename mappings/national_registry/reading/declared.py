"""A dossier that stands in no book yet: the registry registers it and tells number and day later."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mappings.canonical import EVENT_TYPES, OpenField
from mappings.national_registry.reading.draft import Draft, JsonObject
from mappings.national_registry.reading.tables import Form, ReadingRow

_NUMBER: Final = "registration.number"
_DAY_READER: Final = "registered_at"
_OF_THE_ENTRY: Final[tuple[OpenField, ...]] = (_NUMBER, "registration.volume")
_KIND: Final[OpenField] = "registration.kind"
_MARRIED_ON: Final[OpenField] = "established_on"
_BIRTH_KIND: Final[tuple[OpenField, ...]] = ("birth.abandoned", "unknown")
_AGAIN: Final = "re_registration"
_REMARK: Final = "remark"


def says_no_entry(record: Mapping[str, object], rows: Sequence[ReadingRow]) -> bool:
    """Neither a number nor a day of registration; one without the other is a fault, not a declaration."""
    return not any(row.field in record for row in rows if row.path == _NUMBER or row.reader == _DAY_READER)


def open_fields_of(draft: Draft, form: Form) -> tuple[OpenField, ...]:
    """What only the registration will say: what an entry has and the dossier does not say."""
    return tuple(_open(draft, form))


def require_intake(draft: Draft) -> None:
    """The registry takes no dossier without the day on which the citizen handed it in."""
    if draft.find("dossier.received_at") is None and "ngayTiepNhan" not in {
        each.field for each in draft.faults
    }:
        draft.refuse(
            "ngayTiepNhan",
            "dialect_field_missing",
            "Thiếu ngayTiepNhan; hồ sơ chưa đăng ký phải có ngày tiếp nhận, hãy bổ sung.",
            "ngayTiepNhan is missing; a dossier before its registration must say when it was taken in.",
        )


def require_dossier(draft: Draft, code_field: str) -> None:
    """Its result is asked for by the code of its dossier; without entry and dossier nothing names it.

    Only of a record that can be read: from another no procedure follows, so that it has no dossier anyway.
    """
    if draft.faults or "dossier" in draft.event:
        return
    draft.refuse(
        code_field,
        "dialect_declaration_without_dossier",
        f"{code_field} phải là mã hồ sơ một cửa, vì hồ sơ chưa đăng ký chỉ được nhận ra theo mã đó.",
        f"{code_field} must be a one-stop code: nothing else names a dossier before its registration.",
    )


def _open(draft: Draft, form: Form) -> Iterator[OpenField]:
    yield "registration.registered_at"
    model = EVENT_TYPES[form.event_type]
    registration: Any = model.model_fields["registration"].annotation
    kind = draft.find(_KIND)
    if kind != _REMARK:  # a remark has the number of the entry in which it is written
        yield from (path for path in _OF_THE_ENTRY if draft.find(path) is None)
    if kind is None and "kind" in registration.model_fields:
        yield _KIND
    if form.event_type == "birth":
        yield from _left_to_the_clerk(draft)
    married = model.model_fields.get(_MARRIED_ON)
    if married is not None and married.is_required() and draft.find(_MARRIED_ON) is None and kind != _AGAIN:
        yield _MARRIED_ON


def _left_to_the_clerk(draft: Draft) -> Iterator[OpenField]:
    """The messages of the linked service say neither nationality nor which parents are known [S]."""
    if draft.find("child.nationality") is None and draft.find("child.name") is not None:
        yield "child.nationality"
        _is_known_after_all(draft.event["child"], "nationality")
        draft.assume(
            "nksQuocTich",
            "dialect_left_to_registration",
            "nksQuocTich bỏ trống: để cán bộ đăng ký ghi; nếu kết quả không nói thì coi là VN.",
            "nksQuocTich is empty: left to the registrar, and taken as VN if the result does not say it.",
        )
    if draft.find("unknown") is None and not any(each.field == "nksLoaiKhaiSinh" for each in draft.faults):
        yield from _BIRTH_KIND
        draft.assume(
            "nksLoaiKhaiSinh",
            "dialect_left_to_registration",
            "nksLoaiKhaiSinh bỏ trống: để cán bộ đăng ký ghi; cha, mẹ không ghi tên coi là không rõ.",
            "nksLoaiKhaiSinh is empty: left to the registrar; a parent without a name counts as unknown.",
        )


def _is_known_after_all(person: JsonObject, name: str) -> None:
    """Left open is not the same as stated to be unknown."""
    unknown = [each for each in person.pop("unknown", ()) if each != name]
    if unknown:
        person["unknown"] = unknown
