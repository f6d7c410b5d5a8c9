"""Dossiers of the registry's dialect as events: rules of reading, one by one."""

from datetime import datetime
from typing import Any

import pytest

from mappings.national_registry.reading import check, tables
from mappings.national_registry.reading.dossier import Reading
from tests.support.dialects import ARRIVED_AT, BOOK, LINKED_BIRTH, read_second

BIRTH = {**LINKED_BIRTH, **BOOK, "nksQuocTich": "VN", "nksLoaiKhaiSinh": "3"}
MORNING = datetime.fromisoformat("2025-07-07T09:00:00+07:00")
NIGHT = datetime.fromisoformat("2025-07-07T23:00:00+07:00")


def _read(**changes: Any) -> Reading:  # noqa: ANN401 - any value of a record
    return read_second({**BIRTH, **changes})


def _faults(reading: Reading) -> dict[str, str]:
    return {fault.field: fault.code for fault in reading.faults}


def test_the_tables_are_whole() -> None:
    assert list(check.problems()) == []


def test_a_converter_that_nobody_reads_back_keeps_the_process_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {key: row for key, row in tables._readers().items() if key[0] != "birth_kind"}  # noqa: SLF001 - a table with a gap
    monkeypatch.setattr(tables, "_readers", lambda: known)
    tables.rows_of.cache_clear()
    try:
        told = [text for text in check.problems() if "birth_kind" in text]
        assert told
        assert all("does not say how birth_kind is read back" in text for text in told)
    finally:
        tables.rows_of.cache_clear()


def test_a_module_of_the_contract_without_a_form_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "modules", lambda: tuple(each for each in tables.modules() if each != "GSGH"))
    assert "modules.csv does not say how GSGH is read" in list(check.problems())


@pytest.mark.parametrize(
    ("written", "taken_in", "arrived_at", "moment"),
    [
        ("07.07.2025", "05/07/2025 08:15:00", ARRIVED_AT, "2025-07-07T17:00:00+07:00"),
        ("07.07.2025", "07/07/2025 08:15:00", ARRIVED_AT, "2025-07-07T08:15:00+07:00"),
        ("07.07.2025", "07/07/2025", MORNING, "2025-07-07T09:00:00+07:00"),
        ("07.07.2025", "07/07/2025", NIGHT, "2025-07-07T17:00:00+07:00"),
        ("07/07/2025 14:20:00", "07/07/2025 08:15:00", ARRIVED_AT, "2025-07-07T14:20:00+07:00"),
    ],
)
def test_the_moment_of_registration_is_never_later_than_it_can_have_been(
    written: str, taken_in: str, arrived_at: datetime, moment: str
) -> None:
    reading = read_second({**BIRTH, "ngayDangKy": written}, taken_in=taken_in, arrived_at=arrived_at)
    assert reading.event["registration"]["registered_at"] == moment


def test_what_is_left_out_is_unknown_and_what_is_padded_too() -> None:
    padded = {"quocGia": "VN", "dcChiTiet": "Không có thông tin"}
    mother = _read(meNoiCuTru=padded, meDanToc="null").event["mother"]
    assert mother["unknown"] == ["ethnic_group_code", "nationality", "residence"]
    assert "residence" not in mother
    assert mother["sex"] == "female"
    assert mother["birth_date"] == {"certainty": "unknown"}


def test_an_address_without_its_kind_is_asked_for_and_a_kind_alone_says_nothing() -> None:
    place = {"quocGia": "VN", "maTinh": "52", "maXa": "23941"}
    assert _faults(_read(meNoiCuTru=place, meLoaiCuTru="0")) == {"meLoaiCuTru": "dialect_field_missing"}
    assert _faults(_read(meLoaiCuTru="1")) == {}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (
            "Tổ 3, Phường Hà Giang 2, Tỉnh Tuyên Quang",
            {"country": "VN", "province_code": "08", "commune_code": "00691", "detail": "Tổ 3"},
        ),
        ("tỉnh tuyên quang", {"country": "VN", "province_code": "08"}),
        ("Tổ 3, Hà Giang", {"country": "VN", "detail": "Tổ 3, Hà Giang"}),
        ("Bản Na, Viêng Chăn, Lào", {"country": "LA", "detail": "Bản Na, Viêng Chăn"}),
        ({"maTinh": 8, "maXa": 691}, {"country": "VN", "province_code": "08", "commune_code": "00691"}),
        ({"quocGia": "Lào", "dcChiTiet": "Viêng Chăn"}, {"country": "LA", "detail": "Viêng Chăn"}),
        (
            {"maTinh": "52", "maHuyen": "000", "maXa": "23941", "dcChiTiet": None},
            {"country": "VN", "province_code": "52", "commune_code": "23941"},
        ),
    ],
)
def test_an_address_is_read_from_an_object_or_from_flat_words(address: object, place: dict[str, str]) -> None:
    assert _read(nksQueQuan=address).event["child"]["place_of_origin"] == place


def test_the_unit_beside_a_birthplace_in_words_is_used() -> None:
    place = _read(nksNoiSinh="Trung tâm y tế", nksNoiSinhDVHC="23941").event["child"]["place_of_birth"]
    assert place == {"country": "VN", "detail": "Trung tâm y tế", "commune_code": "23941"}


@pytest.mark.parametrize(
    ("said", "code"), [("1", "01"), (1, "01"), ("01", "01"), ("Kinh", "01"), ("tày", "02"), ("63001", "01")]
)
def test_an_ethnic_group_is_read_from_digits_or_its_name(said: object, code: str) -> None:
    assert _read(nksDanToc=said).event["child"]["ethnic_group_code"] == code


@pytest.mark.parametrize("said", ["63002", "99", "Người lạ", "0"])
def test_an_ethnic_group_that_is_in_no_list_is_asked_for(said: str) -> None:
    assert _faults(_read(nksDanToc=said)) == {"nksDanToc": "dialect_code_unknown"}


@pytest.mark.parametrize(
    ("said", "sex"), [("1", "male"), (2, "female"), ("02", "female"), ("Nữ", "female"), (3, "undetermined")]
)
def test_a_code_is_read_as_number_text_or_word(said: object, sex: str) -> None:
    assert _read(nksGioiTinh=said).event["child"]["sex"] == sex


@pytest.mark.parametrize("said", ["0", "4", "x", {"a": 1}])
def test_a_code_that_is_in_no_list_is_named(said: object) -> None:
    assert set(_faults(_read(nksGioiTinh=said))) == {"nksGioiTinh"}


@pytest.mark.parametrize(
    ("more", "paper"),
    [
        (
            {"meLoaiGiayToTuyThan": 4, "meSoGiayToTuyThan": "099 197 000001"},
            {"kind": "citizen_id_card", "number": "099197000001"},
        ),
        (
            {"meLoaiGiayToTuyThan": "8", "meGiayToKhac": "Thẻ căn cước", "meSoGiayToTuyThan": "1"},
            {"kind": "identity_card_2024", "number": "1"},
        ),
        (
            {"meLoaiGiayToTuyThan": "8", "meGiayToKhac": "Thẻ nhà báo", "meSoGiayToTuyThan": "1"},
            {"kind": "other", "other_kind": "Thẻ nhà báo", "number": "1"},
        ),
        (
            {"meGiayToKhac": "Thẻ nhà báo", "meSoGiayToTuyThan": "1"},
            {"kind": "other", "other_kind": "Thẻ nhà báo", "number": "1"},
        ),
        ({"meLoaiGiayToTuyThan": "0"}, None),
        ({"meLoaiGiayToTuyThan": "4"}, None),
    ],
)
def test_an_identity_paper_is_a_kind_and_a_number(more: dict[str, object], paper: object) -> None:
    reading = _read(**more)
    assert reading.faults == ()
    assert reading.event["mother"].get("identity_paper") == paper


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"meSoGiayToTuyThan": "1"}, "meLoaiGiayToTuyThan"),
        ({"meLoaiGiayToTuyThan": "0", "meSoGiayToTuyThan": "1"}, "meLoaiGiayToTuyThan"),
        ({"meLoaiGiayToTuyThan": "4", "meNgayCapGiayToTuyThan": "01.01.2020"}, "meSoGiayToTuyThan"),
    ],
)
def test_half_a_paper_is_asked_for(more: dict[str, object], field: str) -> None:
    assert _faults(_read(**more)) == {field: "dialect_field_missing"}


@pytest.mark.parametrize(
    ("kind", "unknown", "abandoned"),
    [
        ("1", [], False),
        ("3", ["father"], False),
        (2, ["mother"], False),
        ("4", ["mother", "father"], False),
        ("5", ["father"], True),
    ],
)
def test_the_kind_of_birth_says_who_is_unknown(kind: object, unknown: list[str], abandoned: bool) -> None:  # noqa: FBT001 - a row of the table
    event = _read(nksLoaiKhaiSinh=kind).event
    assert (event["unknown"], event["birth"]["abandoned"]) == (unknown, abandoned)


def test_an_office_that_contradicts_the_envelope_is_named() -> None:
    assert _faults(_read(noiDangKy="23942")) == {"noiDangKy": "dialect_office_contradicts"}


def test_the_office_in_the_record_gives_back_the_zeros_that_a_number_has_lost() -> None:
    reading = read_second({**BIRTH, "noiDangKy": "08"}, authority=8)
    assert reading.event["registration"]["authority_code"] == "08"
    assert _faults(read_second({**BIRTH, "noiDangKy": ""}, authority=8)) == {
        "maDonVi": "dialect_unit_ambiguous"
    }


def test_a_field_that_is_not_carried_on_is_told_and_one_that_repeats_is_not() -> None:
    reading = _read(meXacThucThongTin="1", nksNgaySinhBangChu="Ngày ba", x="null")
    assert [each.field for each in reading.assumed] == ["meXacThucThongTin"]


@pytest.mark.parametrize("field", ["nksQuocTich", "nksLoaiKhaiSinh", "nksHoTen", "so"])
def test_what_the_registry_would_not_take_is_asked_for_at_once(field: str) -> None:
    assert _faults(_read(**{field: ""})) == {field: "dialect_field_missing"}


def test_a_linked_dossier_without_its_code_is_an_ordinary_one_and_the_sender_hears_of_it() -> None:
    reading = read_second(BIRTH, "LTKS", linked_code="BS")
    assert reading.faults == ()
    assert [(each.field, each.code) for each in reading.assumed] == [
        ("maHoSoLT", "dialect_linked_code_missing")
    ]
    assert "linked_code" not in reading.event["dossier"]
    assert reading.event["dossier"]["procedure_code"] == "1.001193"


@pytest.mark.parametrize("kind", ["3", 3, " 3 ", "03"])
def test_a_note_of_a_birth_abroad_is_known_by_its_kind_however_that_is_written(kind: object) -> None:
    event = _read(loaiDangKy=kind, cqNuocNgoaiDaDangKy="Viêng Chăn").event
    assert (event["event_type"], event["act"]) == ("foreign_act_note", "birth")
    assert event["registration"]["kind"] == "foreign_note"
    assert event["foreign_act"]["unknown"] == ["number"]
    assert event["foreign_element"] is True


def test_a_father_of_padding_alone_is_not_there_and_one_with_a_number_is_asked_for() -> None:
    reading = _read(chaQuocTich="VN", chaDanToc="01", chaLoaiCuTru="0", chaHoTen="null")
    assert "father" not in reading.event
    assert reading.event["unknown"] == ["father"]
    assert [each.code for each in reading.assumed] == ["dialect_person_without_name"]
    assert _read(chaQuocTich="VN", chaSoDDCN="099094000002").event["father"]["personal_id"] == "099094000002"


def test_words_without_end_are_not_taken_apart() -> None:
    record = {**BOOK, "viecDangKy": "Cải chính", "nghiepVuDK": "KS", "noiDungDK": "a" + " từ x" * 100_000}
    (change,) = read_second(record, "TDCC").event["changes"]
    assert change["field"] == "other"


def test_a_module_that_nobody_knows_is_named_and_nothing_else_is_said() -> None:
    reading = read_second(BIRTH, "QQ")
    assert (reading.event, _faults(reading)) == ({}, {"module": "dialect_module_unknown"})


def test_a_code_made_from_an_entry_is_no_dossier() -> None:
    event = read_second(BIRTH, "KS", code="23941-KS-2025-41").event
    assert "dossier" not in event
    assert event["source_event_id"] == "KS/23941-KS-2025-41"


def test_changes_in_free_words_are_kept_whole() -> None:
    record = {
        **BOOK,
        "ntdHoTen": "BÙI THỊ VÍ DỤ",
        "ntdGioiTinh": "2",
        "viecDangKy": "Cải chính",
        "nghiepVuDK": "KS",
    }
    words = {**record, "noiDungDK": "sửa năm sinh của mẹ"}
    assert read_second(words, "TDCC").event["changes"] == [{"field": "other", "after": "sửa năm sinh của mẹ"}]
    ours = {**record, "noiDungDK": "ngày sinh của mẹ từ 1960 thành 02/1961; giới tính thành 2"}
    assert read_second(ours, "TDCC").event["changes"] == [
        {"field": "mother.birth_date", "before": "1960", "after": "1961-02"},
        {"field": "sex", "after": "female"},
    ]


def test_a_changed_field_that_the_record_lacks_is_named() -> None:
    changes = [{"truong": "khongCo", "giaTriMoi": "1"}, {"truong": "nksHoTen", "giaTriMoi": "LÊ MỚI"}]
    reading = read_second({**BOOK, "viecDangKy": "Cải chính", "nghiepVuDK": "KS", "thayDoi": changes}, "TDCC")
    assert _faults(reading)["thayDoi[0].truong"] == "dialect_code_unknown"
    assert reading.event["changes"] == [{"field": "name", "after": "LÊ MỚI"}]


def test_a_withdrawn_file_comes_without_its_content() -> None:
    file = {
        "loaiGiayTo": 1,
        "tenGiayTo": "Giấy",
        "tenTepDinhKem": "a.PDF",
        "huyGiayTo": 1,
        "duLieuTepDinhKem": "QQ==",
    }
    (read,) = read_second(BIRTH, files=[file]).event["attachments"]
    assert (read["withdrawn"], read["media_type"], "content_base64" in read) == (
        True,
        "application/pdf",
        False,
    )
    (kept,) = read_second(BIRTH, files=[{**file, "huyGiayTo": 0, "loaiGiayTo": 77}]).event["attachments"]
    assert (kept["kind"], kept["content_base64"]) == ("other", "QQ==")


@pytest.mark.parametrize(
    ("files", "field"),
    [("x", "fileDinhKem"), ([5], "fileDinhKem[0]"), ([{"tenGiayTo": []}], "fileDinhKem[0]")],
)
def test_files_of_another_form_are_named(files: object, field: str) -> None:
    assert _faults(read_second(BIRTH, files=files)) == {field: "dialect_wrong_format"}


def test_no_fault_quotes_what_was_sent() -> None:
    secret = "NGUYỄN BÍ MẬT"
    codes = ("nksGioiTinh", "nksNgaySinh", "nksDanToc", "nksQuocTich", "meLoaiCuTru", "soLuongBanSao")
    wrong: dict[str, object] = dict.fromkeys(codes, secret)
    reading = read_second({**BIRTH, **wrong, "ngayDangKy": secret}, taken_in=secret)
    assert len(reading.faults) >= len(wrong)
    assert all(secret not in fault.message_vi + fault.message_en + fault.field for fault in reading.faults)
