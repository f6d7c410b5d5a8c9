from typing import Any

import pytest

from simulators.contract import contract_of
from simulators.formats import NotStrictJson, matches, parse_json
from simulators.shape import FaultOfShape, ShapeFault, find_faults
from tests.unit.simulators.calls import sample

REGISTRY = contract_of("national_registry")


def birth(**changes: object) -> dict[str, Any]:
    return {**sample("national_registry", "KS.json"), **changes}


@pytest.mark.parametrize(
    ("changes", "path", "fault"),
    [
        ({"nksHoTen": ""}, "nksHoTen", FaultOfShape.MISSING),
        ({"nksHoTen": None}, "nksHoTen", FaultOfShape.MISSING),
        ({"ngayDangKy": ""}, "ngayDangKy", FaultOfShape.MISSING),
        ({"loaiDangKy": None}, "loaiDangKy", FaultOfShape.MISSING),
        ({"nksHoTen": "A" * 101}, "nksHoTen", FaultOfShape.TOO_LONG),
        ({"nksGioiTinh": "0"}, "nksGioiTinh", FaultOfShape.NOT_IN_CODE_LIST),
        ({"nksNgaySinh": "30/10/2026"}, "nksNgaySinh", FaultOfShape.WRONG_FORMAT),
        ({"nksNgaySinh": "31.11.2026"}, "nksNgaySinh", FaultOfShape.WRONG_FORMAT),
        ({"nksGioiTinh": 1}, "nksGioiTinh", FaultOfShape.WRONG_FORMAT),
        ({"nksNoiSinh": "Tuyên Quang"}, "nksNoiSinh", FaultOfShape.WRONG_FORMAT),
        ({"nksNoiSinh": {"maTinh": "08"}}, "nksNoiSinh.quocGia", FaultOfShape.MISSING),
        ({"nksNoiSinh": {"quocGia": "VN", "maXa": "691"}}, "nksNoiSinh.maXa", FaultOfShape.WRONG_FORMAT),
        ({"nksHoVaTen": "X"}, "nksHoVaTen", FaultOfShape.UNKNOWN_FIELD),
    ],
)
def test_each_fault_is_found_at_its_place(changes: dict[str, object], path: str, fault: FaultOfShape) -> None:
    assert find_faults(REGISTRY, "KS", birth(**changes)) == [ShapeFault(path, fault)]


def test_all_faults_are_found_at_once() -> None:
    found = find_faults(REGISTRY, "KS", birth(nksHoTen="", nksGioiTinh="9", meNgaySinh="1998-01-01"))
    assert {each.path for each in found} == {"nksHoTen", "nksGioiTinh", "meNgaySinh"}


def test_a_field_is_asked_for_once_a_field_it_belongs_to_is_there() -> None:
    no_entry = {"so": "", "quyenSo": None, "trangSo": "", "ngayDangKy": "", "loaiDangKy": ""}
    assert find_faults(REGISTRY, "KS", birth(**no_entry)) == []
    found = find_faults(REGISTRY, "KS", birth(**{**no_entry, "trangSo": "4"}))
    assert [each.path for each in found] == ["so", "quyenSo", "ngayDangKy", "loaiDangKy"]
    assert {each.fault for each in found} == {FaultOfShape.MISSING}


def test_fields_of_an_absent_object_are_not_asked_for() -> None:
    record = birth()
    del record["nksNoiSinh"]
    assert find_faults(REGISTRY, "KS", record) == []


def test_elements_of_a_list_are_looked_into() -> None:
    record = sample("national_registry", "TDCC.json")
    record["thayDoi"].append({"giaTriMoi": "x"})
    assert find_faults(REGISTRY, "TDCC", record) == [ShapeFault("thayDoi[].truong", FaultOfShape.MISSING)]


def test_length_counts_composed_letters() -> None:
    decomposed = "a\u0302\u0301" * 100  # one hundred ấ, each written as three code points
    assert find_faults(REGISTRY, "KS", birth(nksHoTen=decomposed)) == []


@pytest.mark.parametrize(
    ("format_", "value", "fits"),
    [
        ("dd.MM.yyyy|MM.yyyy|yyyy", "29.02.2024", True),
        ("dd.MM.yyyy|MM.yyyy|yyyy", "29.02.2025", False),
        ("dd.MM.yyyy|MM.yyyy|yyyy", "02.2025", True),
        ("dd.MM.yyyy|MM.yyyy|yyyy", "1941", True),
        ("dd.MM.yyyy|MM.yyyy|yyyy", "13.2025", False),
        ("dd/MM/yyyy HH:mm:ss", "02/11/2026 23:59:59", True),
        ("dd/MM/yyyy HH:mm:ss", "02/11/2026 24:00:00", False),
        ("yyyyMMdd", "20261131", False),
        ("yyyyMMddHHmmss", "20261122080000", True),
        ("regex:[0-9]{5}|[0-9]{2}", "08", True),
        ("regex:[0-9]{5}|[0-9]{2}", "081", False),
        ("json", "{", False),
        ("base64", "JVBERi0=", True),
        ("base64", "không", False),
        ("", "anything", True),
    ],
)
def test_formats_of_the_contract_files(format_: str, value: str, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    assert matches(format_, value) is fits


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "{", "[" * 100_000])
def test_json_that_is_ambiguous_or_endless_is_not_read(text: str) -> None:
    with pytest.raises(NotStrictJson):
        parse_json(text)
