"""Dossiers that stand in no book yet: which fields are open, and what is asked for all the same."""

from dataclasses import replace
from typing import Any, Final

import pytest

from gateway.api.dialects.pushes import read_second_push
from mappings.canonical import Declaration, OpenField
from mappings.national_registry.reading.dossier import Reading, read_dossier
from tests.support.dialects import (
    BOOK,
    CORRECTION,
    ELECTRONIC_MARRIAGE,
    GOLDEN,
    GUARDIANSHIP,
    LINKED_BIRTH,
    LINKED_DEATH,
    REMARK,
    golden,
    read_second,
)

MOMENT: Final[tuple[OpenField, ...]] = ("registration.registered_at",)
ENTRY: Final[tuple[OpenField, ...]] = (*MOMENT, "registration.number", "registration.volume")
KIND: Final[tuple[OpenField, ...]] = (*ENTRY, "registration.kind")
TOLD_BY_THE_BOOK: Final = frozenset({*BOOK, "ngayGhiChu"})
SUPPLEMENT: Final[dict[str, Any]] = {**CORRECTION, "viecDangKy": "Bổ sung hộ tịch"}
WHOLE_GUARDIANSHIP: Final[dict[str, Any]] = {
    **GUARDIANSHIP,
    "nghGioiTinh": "1",
    "ndghGioiTinh": "1",
    "tinhTrangNguoiDuocGiamHo": "1",
}
OFFICE_ASKED: Final = {"noiDangKy": "23941"}


def _before_its_registration(example: str) -> Reading:
    """An example of ours, read as if it had been pushed before it stood in a book."""
    body, _, now = golden(GOLDEN["2"] / f"{example}.json")
    dossier = read_second_push(body)
    record = {name: said for name, said in dossier.record.items() if name not in TOLD_BY_THE_BOOK}
    return read_dossier(replace(dossier, record=record), now)


def _faults(reading: Reading) -> dict[str, str]:
    return {fault.field: fault.code for fault in reading.faults}


@pytest.mark.parametrize(
    ("example", "event_type", "fields"),
    [
        ("birth.record", "birth", KIND),
        ("birth_twin_first.record", "birth", KIND),
        ("death.record", "death", KIND),
        ("death_linked.record", "death", KIND),
        ("marriage.record", "marriage", KIND),
        ("marital_status_certificate.record", "marital_status_certificate", ENTRY),
        ("parent_child_recognition.record", "parent_child_recognition", KIND),
        ("guardianship_start.record", "guardianship_start", KIND),
        ("guardianship_end.record", "guardianship_end", ENTRY),
        ("guardianship_supervision_start.record", "guardianship_supervision_start", ENTRY),
        ("guardianship_supervision_end.record", "guardianship_supervision_end", ENTRY),
        ("civil_status_change.record", "civil_status_change", ENTRY),
        ("civil_status_supplement.record", "civil_status_change", MOMENT),
        ("foreign_act_note_change.record_change", "foreign_act_note", ENTRY),
        ("domestic_adoption.record", "domestic_adoption", KIND),
        ("foreign_divorce_note.record", "foreign_divorce_note", ENTRY),
        ("information_confirmation.record", "information_confirmation", ENTRY),
        ("extract_copy.record", "extract_copy", ENTRY),
    ],
)
def test_what_is_open_is_what_the_registration_says_of_such_a_matter(
    example: str, event_type: str, fields: tuple[OpenField, ...]
) -> None:
    reading = _before_its_registration(example)
    assert reading.faults == ()
    assert (reading.event["event_type"], reading.open) == (event_type, fields)
    assert (
        reading.event["registration"]
        .keys()
        .isdisjoint({path.removeprefix("registration.") for path in fields if path not in MOMENT})
    )
    assert Declaration.model_validate(reading.message).declared.event_type == event_type


@pytest.mark.parametrize(
    ("record", "module", "fields"),
    [
        (LINKED_BIRTH, "LTKS", {*ENTRY, "child.nationality", "birth.abandoned", "unknown"}),
        (LINKED_DEATH, "LTKT", {*ENTRY}),
        (ELECTRONIC_MARRIAGE, "LTKH", {*ENTRY, "established_on"}),
        (CORRECTION, "TDCC", {*ENTRY}),
        (SUPPLEMENT, "TDCC", {*MOMENT}),
        (WHOLE_GUARDIANSHIP, "GH", {*KIND}),
    ],
)
def test_the_messages_of_the_contract_are_declarations(
    record: dict[str, Any], module: str, fields: set[str]
) -> None:
    reading = read_second(record, module)
    assert reading.faults == ()
    assert set(reading.open) == fields
    assert reading.received_at == "2025-07-05T08:15:00+07:00"
    assert Declaration.model_validate(reading.message).source_event_id == (
        f"declared:{module}/H21.129-250705-0012"
    )


def test_a_remark_has_no_entry_of_its_own_to_wait_for() -> None:
    reading = read_second({**REMARK, **OFFICE_ASKED, "ntdHoTen": "BÙI THỊ VÍ DỤ"}, "KH")
    assert (reading.event["event_type"], reading.open) == ("court_decision", MOMENT)
    assert "ntdHoTen" not in _faults(reading)


def test_a_registered_dossier_has_nothing_open_and_is_its_event() -> None:
    reading = read_second({**LINKED_BIRTH, **BOOK, "nksQuocTich": "VN", "nksLoaiKhaiSinh": "3"}, "LTKS")
    assert (reading.open, reading.faults) == ((), ())
    assert reading.message == reading.event


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"so": "41"}, {"quyenSo", "ngayDangKy"}),
        ({"ngayDangKy": "07.07.2025"}, {"so", "quyenSo"}),
        ({"so": "41", "quyenSo": "01/2025"}, {"ngayDangKy"}),
        ({"so": "41", "ngayDangKy": "07.07.2025"}, {"quyenSo"}),
    ],
)
def test_half_an_entry_is_a_fault_and_no_declaration(said: dict[str, str], missing: set[str]) -> None:
    record = {**LINKED_BIRTH, "nksQuocTich": "VN", "nksLoaiKhaiSinh": "3", **said}
    reading = read_second(record, "LTKS")
    assert reading.open == ()
    assert _faults(reading) == dict.fromkeys(missing, "dialect_field_missing")


def test_a_volume_prepared_beforehand_is_no_entry_yet_and_is_kept() -> None:
    reading = read_second({**LINKED_BIRTH, "quyenSo": "01/2025"}, "LTKS")
    assert reading.faults == ()
    assert "registration.volume" not in reading.open
    assert reading.event["registration"]["volume"] == "01/2025"


def test_a_marriage_is_of_its_registration_unless_the_day_is_said_or_it_is_registered_again() -> None:
    first = read_second(ELECTRONIC_MARRIAGE, "LTKH")
    assert "established_on" in first.open
    assert "established_on" not in first.event
    said = read_second({**ELECTRONIC_MARRIAGE, "ngayXacLapQuanHeHonNhan": "01.02.1990"}, "LTKH")
    assert "established_on" not in said.open
    assert said.event["established_on"]["year"] == 1990
    again = read_second({**ELECTRONIC_MARRIAGE, "loaiDangKy": "2"}, "LTKH")
    assert again.event["registration"]["kind"] == "re_registration"
    assert "established_on" not in again.open


def test_what_the_linked_birth_leaves_to_the_clerk_is_told_and_not_taken_as_unknown() -> None:
    reading = read_second(LINKED_BIRTH, "LTKS")
    told = {each.field for each in reading.assumed if each.code == "dialect_left_to_registration"}
    assert told == {"nksQuocTich", "nksLoaiKhaiSinh"}
    assert "nationality" not in reading.event["child"].get("unknown", [])
    assert reading.event["child"].keys().isdisjoint({"nationality"})
    said = read_second({**LINKED_BIRTH, "nksQuocTich": "LA", "nksLoaiKhaiSinh": "3"}, "LTKS")
    assert {*said.open}.isdisjoint({"child.nationality", "unknown", "birth.abandoned"})
    assert not [each for each in said.assumed if each.code == "dialect_left_to_registration"]


def test_a_kind_of_birth_that_cannot_be_read_is_a_fault_and_left_to_nobody() -> None:
    reading = read_second({**LINKED_BIRTH, "nksLoaiKhaiSinh": "9"}, "LTKS")
    assert _faults(reading) == {"nksLoaiKhaiSinh": "dialect_code_unknown"}
    assert "unknown" not in reading.open


@pytest.mark.parametrize("missing", ["nksHoTen", "nksGioiTinh"])
def test_what_no_registration_will_say_is_asked_for(missing: str) -> None:
    record = {**LINKED_BIRTH, "nksQuocTich": "VN", missing: ""}
    assert _faults(read_second(record, "LTKS")) == {missing: "dialect_field_missing"}


def test_it_says_when_it_was_taken_in() -> None:
    assert _faults(read_second(LINKED_BIRTH, "LTKS", taken_in="")) == {
        "ngayTiepNhan": "dialect_field_missing"
    }
    wrong = read_second(LINKED_BIRTH, "LTKS", taken_in="soon")
    assert _faults(wrong) == {"ngayTiepNhan": "dialect_wrong_format"}


@pytest.mark.parametrize("code", ["23941-KS-2025-41", "", "BS"])
def test_it_has_a_code_by_which_its_result_can_be_asked_for(code: str) -> None:
    reading = read_second(LINKED_BIRTH, "KS", code=code, linked_code=code)
    assert set(_faults(reading)) == {"maHoSoMCDT"}
    assert "dossier" not in reading.event


def test_of_a_record_with_faults_no_dossier_is_asked_for_besides() -> None:
    reading = read_second({**LINKED_BIRTH, "nksGioiTinh": "9"}, "KS", code="23941-KS-2025-41")
    assert _faults(reading) == {"nksGioiTinh": "dialect_code_unknown"}


def test_what_is_wrong_with_the_day_is_told_by_the_day_of_intake() -> None:
    """Until it is registered, codes are read in the lists of the day of intake."""
    reading = read_second(LINKED_BIRTH, "LTKS")
    assert reading.field_of("registration.registered_at") == "ngayTiepNhan"
    assert "registered_at" not in reading.event["registration"]
