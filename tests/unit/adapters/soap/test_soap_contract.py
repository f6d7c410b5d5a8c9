import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import adapters.population_db
from adapters.hardened_xml import Element, local_name, read_xml
from adapters.population_db.wire import contract
from adapters.port import JsonValue
from adapters.soap import BodyUnfit, OutsideContract, SoapContract

CONTRACT = Path(adapters.population_db.__file__).parent / "contract"
NOTICE: dict[str, JsonValue] = {
    "maDonVi": "00691",
    "thayDoi": [{"giaTriMoi": "DA_CHET", "giaTriCu": "", "truong": "tinhTrang"}, {"truong": "hoTen"}],
    "suKienBiThayThe": None,
    "ngayDangKy": "20261103",
    "quyenSo": "01/2026",
    "soDangKy": "7",
    "ngaySuKien": "20261101",
    "soDinhDanh": "099041000004",
    "loaiSuKien": "DEATH",
    "maYeuCau": "event-1.notice",
}


def payload_of(content: bytes) -> Element:
    return read_xml(content)[0][0]


def faults_of(operation: str, body: Mapping[str, JsonValue]) -> dict[str | None, str]:
    with pytest.raises(BodyUnfit) as caught:
        contract().write(operation, body)
    return {fault.field: fault.text for fault in caught.value.faults}


def test_elements_stand_in_the_contracts_order_whatever_the_order_of_the_body() -> None:
    payload = payload_of(contract().write("thongBaoHoTich", NOTICE))
    assert [local_name(child) for child in payload] == [
        *(
            "maYeuCau",
            "loaiSuKien",
            "soDinhDanh",
            "ngaySuKien",
            "soDangKy",
            "quyenSo",
            "ngayDangKy",
            "maDonVi",
        ),
        *("thayDoi", "thayDoi"),
    ]


def test_an_absent_value_is_an_absent_element_and_an_empty_text_an_empty_one() -> None:
    payload = payload_of(contract().write("thongBaoHoTich", NOTICE | {"thayDoi": NOTICE["thayDoi"]}))
    changes = payload.findall("{*}thayDoi")
    assert [local_name(child) for child in changes[0]] == ["truong", "giaTriCu", "giaTriMoi"]
    assert [local_name(child) for child in changes[1]] == ["truong"]
    assert payload.find("{*}suKienBiThayThe") is None


def test_all_broken_rules_are_named_at_once_with_field_and_remedy_in_both_languages() -> None:
    faults = faults_of("thongBaoHoTich", NOTICE | {"soDinhDanh": "12", "loaiSuKien": "X", "quyenSo": ""})
    assert set(faults) == {"soDinhDanh", "loaiSuKien", "quyenSo"}
    assert "sai định dạng, hãy sửa" in faults["soDinhDanh"]
    assert "wrong format, correct" in faults["soDinhDanh"]
    assert "code list" in faults["loaiSuKien"]
    assert "empty" in faults["quyenSo"]


def test_a_broken_rule_does_not_repeat_the_value() -> None:
    faults = faults_of("thongBaoHoTich", NOTICE | {"soDinhDanh": "099041"})
    assert "099041" not in "".join(faults.values())


def test_a_fault_inside_an_object_is_named_by_its_path() -> None:
    faults = faults_of("thongBaoHoTich", NOTICE | {"thayDoi": [{"truong": ""}]})
    assert list(faults) == ["thayDoi.truong"]


def test_a_missing_required_field_is_named() -> None:
    body = {name: value for name, value in NOTICE.items() if name != "soDangKy"}
    assert "required field soDangKy is missing" in faults_of("thongBaoHoTich", body)["soDangKy"]


def test_a_field_that_the_contract_lacks_is_named() -> None:
    assert "not in the contract" in faults_of("thongBaoHoTich", NOTICE | {"ghiChu": "x"})["ghiChu"]


@pytest.mark.parametrize("value", ["a\x01b", {"a": "b"}, ["a", "b"]])
def test_a_value_that_xml_cannot_carry_is_a_fault_and_no_crash(value: JsonValue) -> None:
    assert "wrong kind" in "".join(faults_of("thongBaoHoTich", NOTICE | {"soDangKy": value}).values())


def test_an_operation_that_the_contract_lacks_is_a_fault_of_the_mapping() -> None:
    assert "operation xoaSoDinhDanh" in "".join(faults_of("xoaSoDinhDanh", NOTICE).values())


def test_a_contract_that_points_outside_its_folder_is_not_loaded(tmp_path: Path) -> None:
    copy = tmp_path / "contract"
    shutil.copytree(CONTRACT, copy)
    wsdl = copy / "dancuquocgia.wsdl"
    text = wsdl.read_text(encoding="utf-8")
    (tmp_path / "dancu-1.0.xsd").write_bytes((CONTRACT / "xsd" / "dancu-1.0.xsd").read_bytes())
    wsdl.write_text(text.replace("xsd/dancu-1.0.xsd", "../dancu-1.0.xsd"), encoding="utf-8")
    with pytest.raises(OutsideContract):
        SoapContract(wsdl, copy / "xsd" / "dancuquocgia.xsd")


def test_the_contract_is_read_once_and_shared() -> None:
    assert contract() is contract()


def test_eight_threads_write_and_refuse_side_by_side_without_mixing() -> None:
    def write(number: int) -> str:
        if number % 2:
            return "".join(
                str(field) for field in faults_of("thongBaoHoTich", NOTICE | {"soDinhDanh": str(number)})
            )
        body = NOTICE | {"maYeuCau": f"event-{number}.notice"}
        return payload_of(contract().write("thongBaoHoTich", body))[0].text or ""

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(write, range(400)))
    assert written == ["soDinhDanh" if n % 2 else f"event-{n}.notice" for n in range(400)]
