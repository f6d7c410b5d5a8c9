"""A row becomes an event that says what the book says, and nothing that it does not."""

import pytest

from mappings.canonical import parse_event
from mappings.digitised_books.cells import Cell, CellKind
from mappings.digitised_books.columns import BOOK_TYPES
from mappings.digitised_books.reading import HeaderRefused, RowReader
from mappings.digitised_books.scene import Book
from tests.support.books import ROWS, UNIT, a_row, fault_codes, read_row


@pytest.mark.parametrize("book_type", BOOK_TYPES)
def test_a_row_of_each_type_of_book_is_an_event_of_its_type(book_type: str) -> None:
    reading = read_row(a_row(book_type), book_type)
    assert fault_codes(reading) == []
    event = parse_event(reading.event)
    assert event.event_type == BOOK_TYPES[book_type].event_type
    assert event.entry().number == "41"
    assert event.source_event_id == f"book:{UNIT}:{book_type}:1995:01/1995:41"


def test_what_the_book_does_not_say_is_stated_as_unknown() -> None:
    reading = read_row(a_row(meDanToc=None, meNgaySinh=None, meLoaiCuTru="0"))
    assert reading.event is not None
    mother = reading.event["mother"]
    assert mother["unknown"] == ["ethnic_group_code"]
    assert mother["birth_date"] == {"certainty": "unknown"}
    assert mother["residence"]["kind"] == "not_stated"


def test_a_marriage_of_an_old_book_states_that_earlier_marriages_are_unknown() -> None:
    reading = read_row(a_row("KH"), "KH")
    assert reading.event is not None
    assert reading.event["husband"]["unknown"] == ["marital_status_before", "marriage_number", "residence"]
    assert reading.event["established_on"] == {"year": 1995, "month": 3, "day": 20}


def test_a_parent_who_is_not_named_is_unknown_and_the_kind_of_birth_must_agree() -> None:
    alone = {name: None for name in ROWS["KS"] if name.startswith("cha")}
    reading = read_row(a_row(nksLoaiKhaiSinh="3", **alone))
    assert reading.event is not None
    assert reading.event["unknown"] == ["father"]
    contradicted = read_row(a_row(nksLoaiKhaiSinh="1", **alone))
    assert fault_codes(contradicted) == [("nksLoaiKhaiSinh", "parents_disagree")]


def test_addresses_are_free_text_never_codes_and_abroad_when_they_end_so() -> None:
    reading = read_row(a_row(nksQueQuan="Bản Mẫu, Lào"))
    assert reading.event is not None
    assert reading.event["child"]["place_of_origin"] == {"country": "LA", "detail": "Bản Mẫu, Lào"}
    assert reading.event["child"]["place_of_birth"] == {"detail": "Trạm xá, xã Thử, huyện Mẫu"}


@pytest.mark.parametrize(
    ("name", "code"),
    [("Kinh", "01"), ("KINH", "01"), ("Kính", "01"), ("1", "01"), ("Mông (Hmông)", "08"), ("Hán", "04")],
)
def test_an_ethnic_group_is_found_by_its_names(name: str, code: str) -> None:
    reading = read_row(a_row(nksDanToc=name))
    assert reading.event is not None, fault_codes(reading)
    assert reading.event["child"]["ethnic_group_code"] == code


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("nksDanToc", "Sao Hỏa", "ethnic_group_not_found"),
        ("nksQuocTich", "Sao Hỏa", "country_not_found"),
        ("nksGioiTinh", "9", "not_in_code_list"),
        ("meLoaiGiayToTuyThan", "10", "not_in_code_list"),
        ("ngayDangKy", "03/1995", "registration_day_needed"),
        ("so", "số 41!", "book_number_format"),
        ("nksHoTen", "NguyÔn V¨n A", "text_is_tcvn3"),
        ("nksHoTen", "A" * 2001, "cell_too_long"),
        ("nksHoTen", Cell(CellKind.FORMULA, ""), "cell_is_formula"),
        ("nksHoTen", Cell(CellKind.ERROR, "#N/A"), "cell_is_error"),
        ("nksHoTen", Cell(CellKind.DATE, "34770.0"), "cell_is_date"),
        ("quyenSo", Cell(CellKind.DATE, "34700.0"), "cell_is_date"),
        ("nksHoTen", Cell(CellKind.BOOLEAN, "1"), "cell_wrong_kind"),
        ("so", Cell(CellKind.NUMBER, "41.5"), "number_not_whole"),
        ("so", None, "cell_blank"),
        ("noiDangKy", "00694", "other_unit"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_with_the_reason(column: str, text: object, code: str) -> None:
    reading = read_row(a_row(**{column: text}))
    assert (column, code) in fault_codes(reading)
    assert reading.event is None


def test_every_fault_of_a_row_is_told_at_once() -> None:
    reading = read_row(a_row(so=None, nksDanToc="?", nksNgaySinh="?", meQuocTich="?"))
    assert {column for column, _ in fault_codes(reading)} == {"so", "nksDanToc", "nksNgaySinh", "meQuocTich"}


@pytest.mark.parametrize(
    ("kind", "number", "restored"),
    [
        ("1", 99123456, "099123456"),
        ("4", 99195000001, "099195000001"),
        ("4", 9195000001, "00" + "9195000001"),
    ],
)
def test_zeros_are_put_back_where_the_length_leaves_one_way(kind: str, number: int, restored: str) -> None:
    reading = read_row(a_row(meLoaiGiayToTuyThan=kind, meSoGiayToTuyThan=number))
    assert reading.event is not None
    assert reading.event["mother"]["identity_paper"]["number"] == restored
    assert [(each.column, each.code) for each in reading.warnings] == [
        ("meSoGiayToTuyThan", "zeros_restored")
    ]


@pytest.mark.parametrize(
    ("kind", "number"), [("1", 9123456), ("1", "99123456"), ("2", 99123456), ("4", 195000001)]
)
def test_zeros_are_not_made_up(kind: str, number: object) -> None:
    """Too many are missing, the cell was text, or the kind has no fixed length."""
    reading = read_row(a_row(meLoaiGiayToTuyThan=kind, meSoGiayToTuyThan=number))
    assert reading.event is not None
    assert reading.event["mother"]["identity_paper"]["number"] == str(number)


def test_a_unit_code_that_lost_its_zeros_is_the_unit_of_the_book() -> None:
    reading = read_row(a_row(noiDangKy=691))
    assert reading.event is not None
    assert [each.code for each in reading.warnings] == ["zeros_restored"]


def test_a_register_number_is_the_same_with_and_without_leading_zeros() -> None:
    assert {read_row(a_row(so=so)).key for so in ("041", "41", 41)} == {f"book:{UNIT}:KS:1995:01/1995:41"}


def test_year_and_volume_of_the_file_name_must_be_those_of_the_row() -> None:
    assert fault_codes(read_row(a_row(), year=1994)) == [("ngayDangKy", "other_year")]
    assert fault_codes(read_row(a_row(), volume="02")) == [("quyenSo", "other_volume")]
    assert fault_codes(read_row(a_row(), year=1995, volume="01")) == []
    filled = read_row(a_row(quyenSo=None), volume="01")
    assert filled.event is not None
    assert filled.event["registration"]["volume"] == "01"


def test_an_age_gives_the_year_of_birth_with_a_warning() -> None:
    reading = read_row(a_row("KT", nktNgaySinh="64 tuổi"), "KT")
    assert reading.event is not None
    assert reading.event["deceased"]["birth_date"] == {"year": 1931}
    assert ("nktNgaySinh", "year_from_age") in [(each.column, each.code) for each in reading.warnings]


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        ("Ngày mười hai tháng ba năm một ngàn chín trăm chín mươi lăm", False),
        ("Ngày mười ba, tháng ba, năm một nghìn chín trăm chín mươi lăm", True),
    ],
)
def test_the_date_in_words_is_compared_with_the_figures(words: str, *, warned: bool) -> None:
    reading = read_row(a_row(nksNgaySinhBangChu=words))
    assert [each.code for each in reading.warnings] == (["words_differ"] if warned else [])


def test_later_marks_are_kept_in_the_note_and_warned_of() -> None:
    reading = read_row(a_row(ghiChu="Bản sao cũ", nksMatTichCanCuTuyenBo="QĐ 01/2001"))
    assert reading.event is not None
    assert reading.event["note"] == "Bản sao cũ; nksMatTichCanCuTuyenBo: QĐ 01/2001"
    assert [each.code for each in reading.warnings] == ["kept_in_note"]


def test_a_requester_without_relation_is_kept_in_the_note_and_none_is_made_up() -> None:
    reading = read_row(a_row(nycQuanHe=None))
    assert reading.event is not None
    assert "requester" not in reading.event
    assert reading.event["note"] == "nycHoTen: LÊ THỊ MẪU"


@pytest.mark.parametrize(
    ("header", "unknown", "repeated", "missing"),
    [
        ([*BOOK_TYPES["KS"].columns, "nksMau"], ("nksMau",), (), ()),
        ([*BOOK_TYPES["KS"].columns, "SO"], (), ("so",), ()),
        ([name for name in BOOK_TYPES["KS"].columns if name != "nksHoTen"], (), (), ("nksHoTen",)),
        ([*BOOK_TYPES["KS"].columns, "", "#loi"], (), (), ()),
    ],
)
def test_a_header_must_be_that_of_the_layout(
    header: list[str], unknown: tuple[str, ...], repeated: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    def read() -> RowReader:
        return RowReader(BOOK_TYPES["KS"], Book("KS", UNIT), header, 100)

    if unknown or repeated or missing:
        with pytest.raises(HeaderRefused) as refused:
            read()
        assert (refused.value.unknown, refused.value.repeated, refused.value.missing) == (
            unknown,
            repeated,
            missing,
        )
    else:
        assert read().names == frozenset(BOOK_TYPES["KS"].columns)
