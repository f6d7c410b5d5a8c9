from datetime import date
from pathlib import Path

import pytest

import adapters.population_db
from adapters.hardened_xml import read_xml
from adapters.population_db.citizen import (
    LOOK_UP_CODE,
    VERIFICATION_CODE,
    Citizen,
    CitizenAddress,
    CitizenBirthDate,
    CitizenName,
    CitizenQuery,
    Relative,
    query_body,
    read_citizens,
)
from adapters.population_db.wire import contract

SAMPLES = Path(adapters.population_db.__file__).parent / "contract" / "samples"


def sample(name: str) -> tuple[Citizen, ...]:
    return read_citizens(read_xml((SAMPLES / f"TraCuuThongTinCongDan_answer_{name}.xml").read_bytes())[0][0])


def citizen(inside: str) -> Citizen:
    name = "<HoVaTen><Ten>LÊ THỊ MẪU</Ten></HoVaTen>"
    (found,) = read_citizens(
        read_xml(f"<CongdanCollection><CongDan>{name}{inside}</CongDan></CongdanCollection>".encode())
    )
    return found


def test_the_live_form_is_read() -> None:
    assert sample("live") == (
        Citizen(
            name=CitizenName("LÊ THỊ MẪU"),
            personal_id="099197000001",
            sex_code="2",
            ethnic_group_code="01",
            marital_status_code="1",
            birth_date=CitizenBirthDate(1997, date(1997, 3, 14)),
            permanent_residence=CitizenAddress("VN", "08", None, "00691", "Tổ 3"),
        ),
    )


def test_the_published_form_is_read() -> None:
    assert sample("published") == (
        Citizen(
            name=CitizenName("Lê Thị Mẫu", "Lê", "Thị", "Mẫu"),
            personal_id="099197000001",
            sex_code="2",
            ethnic_group_code="02",
            ethnic_subgroup="Thù Lao",
            marital_status_code="1",
            birth_date=CitizenBirthDate(1997, date(1997, 3, 14)),
            permanent_residence=CitizenAddress("VN", None, None, "00691", "Tổ 3"),
            nationality="VN",
        ),
    )


def test_an_answer_without_a_citizen_names_nobody() -> None:
    assert sample("missing") == ()


@pytest.mark.parametrize("name", ["", "<HoVaTen/>", "<HoVaTen><Ho>LÊ</Ho><Ten> </Ten></HoVaTen>"])
def test_a_citizen_without_a_name_is_nobody(name: str) -> None:
    inside = f"<CongDan><SoDinhDanh>099197000001</SoDinhDanh>{name}</CongDan>"
    assert read_citizens(read_xml(f"<CongdanCollection>{inside}</CongdanCollection>".encode())) == ()


def test_several_citizens_are_all_read() -> None:
    one = "<CongDan><HoVaTen><Ten>A</Ten></HoVaTen></CongDan>"
    found = read_citizens(read_xml(f"<CongdanCollection>{one}{one}</CongdanCollection>".encode()))
    assert [each.name.full for each in found] == ["A", "A"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<Nam>1992</Nam>", CitizenBirthDate(1992)),
        ("<NgayThangNam>19921122</NgayThangNam>", CitizenBirthDate(1992, date(1992, 11, 22))),
        ("<NgayThangNam>1992-11-22</NgayThangNam>", CitizenBirthDate(1992, date(1992, 11, 22))),
        ("<Nam>1992</Nam><NgayThangNam/>", CitizenBirthDate(1992)),
        ("<NgayThangNam>1992</NgayThangNam>", CitizenBirthDate(1992)),
        ("<NgayThangNam>19920000</NgayThangNam>", CitizenBirthDate(1992)),
        ("<NgayThangNam>199211</NgayThangNam>", CitizenBirthDate(1992)),
        ("<Nam>khong ro</Nam>", None),
        ("", None),
    ],
)
def test_each_spelling_of_a_birth_date_is_read(inside: str, expected: CitizenBirthDate | None) -> None:
    assert citizen(f"<NgayThangNamSinh>{inside}</NgayThangNamSinh>").birth_date == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<MaDonViHanhChinh>08</MaDonViHanhChinh>", CitizenAddress(province_code="08")),
        ("<MaDonViHanhChinh>070</MaDonViHanhChinh>", CitizenAddress(district_code="070")),
        ("<MaDonViHanhChinh>00691</MaDonViHanhChinh>", CitizenAddress(commune_code="00691")),
        (
            "<MaTinhThanh>08</MaTinhThanh><MaQuanHuyen>070</MaQuanHuyen><MaPhuongXa>00691</MaPhuongXa>",
            CitizenAddress(province_code="08", district_code="070", commune_code="00691"),
        ),
        ("<ChiTiet/><QuocGia> </QuocGia>", None),
    ],
)
def test_an_address_has_one_code_or_three(inside: str, expected: CitizenAddress | None) -> None:
    assert citizen(f"<QueQuan>{inside}</QueQuan>").place_of_origin == expected


def test_relatives_and_codes_are_read_and_unknown_elements_passed_over() -> None:
    found = citizen(
        "<TonGiao><MaTonGiao>99</MaTonGiao></TonGiao><MaVach>?</MaVach><DanToc> 09 </DanToc>"
        "<Cha><SoCMND>099999999</SoCMND><HoVaTen><Ho>LÊ</Ho><ChuDem/><Ten>ÔNG</Ten></HoVaTen></Cha>"
        "<ChuHo><QuanHe>CH01</QuanHe></ChuHo><Me><HoVaTen/></Me>"
    )
    assert (found.religion_code, found.ethnic_group_code, found.mother) == ("99", "09", None)
    assert found.father == Relative(CitizenName("LÊ ÔNG", "LÊ", None, "ÔNG"), None, "099999999")
    assert found.household_head == Relative(relation="CH01")


def test_a_citizen_never_prints_himself() -> None:
    found = citizen("<SoDinhDanh>099197000001</SoDinhDanh>")
    assert "099197000001" not in repr(found)
    assert "MẪU" not in repr(found)


@pytest.mark.parametrize(
    ("birth", "expected"),
    [(date(1997, 3, 14), {"NgayThangNam": "19970314"}), (1997, {"Nam": "1997"})],
)
def test_a_query_asks_with_three_facts_and_follows_the_contract(
    birth: date | int, expected: dict[str, str]
) -> None:
    query = CitizenQuery("q-1", "1.001193", "099180000009", "LETHIMAU", birth, "099197000001", "099999999")
    body = query_body(query, LOOK_UP_CODE)
    assert body["NgayThangNamSinh"] == expected
    assert body["SoCMND"] is None
    assert b"037" in contract().write("TraCuuThongTinCongDan", body)


def test_without_a_personal_number_the_old_one_is_asked_with() -> None:
    query = CitizenQuery("q-1", "1.001193", "099180000009", "LETHIMAU", 1997, None, "099999999")
    written = contract().write("XacThucThongTinCongDan", query_body(query, VERIFICATION_CODE))
    assert b"SoCMND>099999999<" in written
    assert b"SoDinhDanh" not in written
