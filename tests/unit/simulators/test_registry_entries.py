"""The simulated registry takes dossiers that stand in no book yet, and its clerk enters them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from simulators.contract import contract_of
from simulators.shape import find_faults
from tests.support.first_generation import first_record
from tests.unit.simulators.calls import RegistryCaller, faults, sample
from tests.unit.simulators.test_registry_first_generation import FirstCaller, envelope

CONTRACT = contract_of("national_registry")
ENTRY = ("so", "quyenSo", "trangSo", "ngayDangKy")
NO_ENTRY = dict.fromkeys(ENTRY, "")
NOTHING = {**NO_ENTRY, "loaiDangKy": ""}
DECISION = {"system": "national_registry", "operation": "nhanHoSoDKHT", "kind": "clerk_decision"}
BOOKS = sorted(
    module
    for module in CONTRACT.codes("module")
    if any(field.path == "so" and field.required_with for field in CONTRACT.message(module))
)
FIRST_BOOKS = ["CMC", "HN", "KH", "KS", "KT"]
OPTIONAL = ["BS", "TDCC"]
"""Modules whose number is optional even for what is registered."""
SUPPLEMENTS = ["Bổ sung", "Bổ sung hộ tịch"]
FIRST_BIRTH = (
    "<hotich><hoso><nksHoTen>LÊ THỬ NGHIỆM</nksHoTen><nksGioiTinh>2</nksGioiTinh>"
    "<nksNgaySinh>02.06.2025</nksNgaySinh><nksDanToc>01</nksDanToc><nksQuocTich>VN</nksQuocTich>"
    "<nksLoaiKhaiSinh>3</nksLoaiKhaiSinh><meHoTen>LÊ THỊ MẪU</meHoTen><meNgaySinh>1997</meNgaySinh>"
    "<meLoaiGiayToTuyThan>4</meLoaiGiayToTuyThan><meSoGiayToTuyThan>099197000001</meSoGiayToTuyThan>"
    "<nycHoTen>LÊ THỊ MẪU</nycHoTen><nycQuanHe>Mẹ</nycQuanHe></hoso></hotich>"
)
"""As clients of generation 1 send a birth: no entry, no kind of registration, no office."""


def declare(registry: RegistryCaller, code: str = "H08.1-1", module: str = "KS", **changes: str) -> None:
    taken = {name: text for name, text in NOTHING.items() if name in sample_of(module)}
    reply = registry.push(module, code, **{**taken, **changes})
    assert json.loads(reply.body)["status"] == "1", reply.body


def sample_of(module: str) -> dict[str, Any]:
    return sample("national_registry", f"{module}.json")


def result(registry: RegistryCaller, code: str = "H08.1-1", module: str = "KS") -> dict[str, Any]:
    (item,) = registry.poll(code, module=module)["value"]
    found: dict[str, Any] = item["ketQuaXuLy"]
    return found


def numbers(registry: RegistryCaller, *codes: str, module: str = "KS") -> list[str]:
    return [result(registry, code, module)["soDangKy"] for code in codes]


def test_the_books_are_those_with_numbers_of_their_own() -> None:
    assert set(BOOKS) == CONTRACT.codes("module") - set(OPTIONAL)


@pytest.mark.parametrize("module", BOOKS)
def test_a_dossier_without_an_entry_is_taken_and_entered_on_the_day(module: str) -> None:
    registry = RegistryCaller()
    declare(registry, module=module)
    found = result(registry, module=module)
    assert find_faults(CONTRACT, f"result_{module}", found) == []
    entry = [found[name] for name in ("soDangKy", "quyenSo", "trangSo", "ngayDangKy")]
    assert entry == ["1", "01/2026", "1", "22/11/2026"]


@pytest.mark.parametrize("module", BOOKS)
@pytest.mark.parametrize("told", ENTRY)
def test_a_part_of_an_entry_is_refused_with_a_sentence(module: str, told: str) -> None:
    registry = RegistryCaller()
    part = {**dict.fromkeys(ENTRY, ""), told: "22.11.2026" if told == "ngayDangKy" else "1"}
    answer = json.loads(registry.push(module, **part).body)
    required = {field.path for field in CONTRACT.message(module) if field.required_with}
    for field in set(ENTRY) & required - {told}:
        assert f"{field} không được để trống" in answer["errors"]
    assert f"{told} không" not in answer["errors"]
    assert registry.held() == []


@pytest.mark.parametrize("field", ["loaiDangKy", "noiDangKy"])
def test_what_an_entry_needs_is_still_asked_for_with_one(field: str) -> None:
    answer = json.loads(RegistryCaller().push("KS", **{field: ""}).body)
    assert answer["errors"].startswith(f"{field} không được để trống")


def test_an_entry_that_was_sent_comes_back_as_it_was() -> None:
    registry = RegistryCaller()
    registry.push("KS", so="300", trangSo="150")
    found = result(registry)
    assert (found["soDangKy"], found["trangSo"], found["ngayDangKy"]) == ("300", "150", "02/11/2026")


def test_numbers_run_on_after_those_that_were_sent() -> None:
    registry = RegistryCaller()
    declare(registry, "H08.1-1")
    registry.push("KS", "H08.1-2", so="41")
    registry.push("KS", "H08.1-3", so="12A")
    declare(registry, "H08.1-4")
    assert numbers(registry, "H08.1-1", "H08.1-4") == ["1", "42"]


def test_each_office_book_and_year_counts_for_itself() -> None:
    registry = RegistryCaller()
    registry.clock.moment = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    registry.log_in()
    declare(registry, "H08.1-1")
    declare(registry, "H08.1-2", noiDangKy="00694")
    declare(registry, "H08.1-3", "KT")
    declare(registry, "H08.1-4", "LTKS", noiDangKy="00691")
    registry.clock.advance(3599)
    declare(registry, "H08.1-6")
    registry.clock.advance(1)
    registry.log_in()
    declare(registry, "H08.1-5")
    assert numbers(registry, "H08.1-1", "H08.1-2") == ["1", "1"]
    assert numbers(registry, "H08.1-6") == ["3"]
    assert numbers(registry, "H08.1-3", module="KT") == ["1"]
    assert numbers(registry, "H08.1-4", module="LTKS") == ["2"], "one book of births"
    found = result(registry, "H08.1-5")
    assert (found["soDangKy"], found["quyenSo"], found["ngayDangKy"]) == ("1", "01/2027", "01/01/2027")


def test_numbers_follow_the_order_of_registration_and_not_of_questions() -> None:
    registry = RegistryCaller(clerk_seconds=10)
    declare(registry, "H08.1-1")
    registry.clock.advance(5)
    declare(registry, "H08.1-2")
    assert "ketQuaXuLy" not in registry.poll("H08.1-1")["value"][0]
    registry.clock.advance(86400)
    registry.log_in()
    assert numbers(registry, "H08.1-2", "H08.1-1") == ["2", "1"]
    assert result(registry)["ngayDangKy"] == "22/11/2026", "the day of the clerk, not of the question"


@pytest.mark.parametrize("status", [2, 6])
def test_a_dossier_that_is_not_registered_uses_up_no_number(status: int) -> None:
    registry = RegistryCaller(faults({**DECISION, "status": status, "match": "H08.1-1"}))
    declare(registry, "H08.1-1")
    declare(registry, "H08.1-2")
    assert "ketQuaXuLy" not in registry.poll("H08.1-1")["value"][0]
    assert numbers(registry, "H08.1-2") == ["1"]


def test_a_restarted_registry_tells_the_same_entries(tmp_path: Path) -> None:
    registry = RegistryCaller(directory=tmp_path)
    for number in (1, 2, 3):
        declare(registry, f"H08.1-{number}")
    before = [result(registry, f"H08.1-{number}") for number in (1, 2, 3)]
    again = RegistryCaller(directory=tmp_path)
    assert [result(again, f"H08.1-{number}") for number in (1, 2, 3)] == before
    declare(again, "H08.1-4")
    assert numbers(again, "H08.1-4") == ["4"]


def test_an_entry_that_the_clerk_made_is_found_by_what_refers_to_it() -> None:
    registry = RegistryCaller(clerk_seconds=10)
    declare(registry, "H08.1-1", "KH")
    reference = {"soDangKyGoc": "1", "quyenSoGoc": "01/2026", "ngayDangKyGoc": "22/11/2026"}
    registry.push_remark(code="early", **reference)
    registry.clock.advance(20)
    registry.push_remark(code="after", soVanBan="46/2026/QĐST-HNGĐ", **reference)
    noted = [each["facts"].get("original_is_held") for each in registry.held()]
    assert noted == [None, False, True]


class TestPersonalNumbers:
    """A child that is entered here gets its number here."""

    def test_a_child_gets_one_of_the_invented_place(self) -> None:
        registry = RegistryCaller()
        declare(registry, nksSoDDCN="", nksGioiTinh="2", nksNgaySinh="30.10.2026")
        assert result(registry)["soDinhDanh"].startswith("099326")

    def test_it_is_the_same_in_every_run_with_the_same_seed(self) -> None:
        runs = []
        for order in (("H08.1-1", "H08.1-2"), ("H08.1-2", "H08.1-1")):
            registry = RegistryCaller()
            for code in order:
                declare(registry, code, nksSoDDCN="")
            runs.append([result(registry, code)["soDinhDanh"] for code in sorted(order)])
        assert runs[0] == runs[1]
        assert len(set(runs[0])) == 2
        other = RegistryCaller(seed=2)
        declare(other, nksSoDDCN="")
        assert result(other)["soDinhDanh"] != runs[0][0]

    def test_one_that_was_sent_stays(self) -> None:
        registry = RegistryCaller()
        declare(registry, nksSoDDCN="099226000007")
        assert result(registry)["soDinhDanh"] == "099226000007"

    @pytest.mark.parametrize("module", ["KS", "LTKS"])
    def test_a_child_of_whom_no_nationality_is_told_is_vietnamese(self, module: str) -> None:
        registry = RegistryCaller()
        declare(registry, module=module, nksSoDDCN="", nksQuocTich="", nksLoaiKhaiSinh="")
        found = result(registry, module=module)
        assert find_faults(CONTRACT, f"result_{module}", found) == []
        assert (found["nksQuocTich"], found["soDinhDanh"][:3]) == ("VN", "099")

    @pytest.mark.parametrize("field", ["nksQuocTich", "nksLoaiKhaiSinh"])
    @pytest.mark.parametrize("module", ["KS", "LTKS"])
    def test_a_registered_birth_says_both(self, module: str, field: str) -> None:
        entry = {"so": "41", "quyenSo": "01/2026", "ngayDangKy": "02.11.2026"}
        answer = json.loads(RegistryCaller().push(module, **{**entry, field: ""}).body)
        assert answer["errors"].startswith(f"{field} không được để trống")

    @pytest.mark.parametrize("changes", [{"nksQuocTich": "LA"}, {"nksNgaySinh": "1899"}])
    def test_some_get_none(self, changes: Mapping[str, str]) -> None:
        registry = RegistryCaller()
        declare(registry, **{"nksSoDDCN": "", **changes})
        assert "soDinhDanh" not in result(registry)

    def test_a_registered_birth_without_one_gets_none_here(self) -> None:
        registry = RegistryCaller()
        registry.push("KS", nksSoDDCN="")
        assert "soDinhDanh" not in result(registry)


@pytest.mark.parametrize("kind", ["Thay đổi", "Cải chính", "Xác định lại dân tộc"])
def test_a_change_that_is_asked_for_gets_a_number_of_its_own(kind: str) -> None:
    registry = RegistryCaller()
    registry.push("TDCC", "H08.1-8", so="6", quyenSo="01/2026", ngayDangKy="20/11/2026")
    registry.push("TDCC", viecDangKy=kind, **NO_ENTRY)
    found = result(registry, module="TDCC")
    assert find_faults(CONTRACT, "result_TDCC", found) == []
    entry = [found[name] for name in ("soDangKy", "quyenSo", "trangSo", "ngayDangKy", "soDangKyHSGoc")]
    assert entry == ["7", "01/2026", "7", "22/11/2026", "41"]


@pytest.mark.parametrize("kind", SUPPLEMENTS)
def test_a_supplement_is_written_into_the_entry_and_gets_the_day_only(kind: str) -> None:
    registry = RegistryCaller(clerk_seconds=10)
    registry.push("TDCC", viecDangKy=kind, **NO_ENTRY)
    registry.clock.advance(10 * 86400)
    registry.log_in()
    found = result(registry, module="TDCC")
    assert {"soDangKy", "quyenSo", "trangSo"}.isdisjoint(found)
    assert found["ngayDangKy"] == "22/11/2026", "the day of its registration, whenever it is asked"


def test_copies_are_numbered_with_their_kind_and_run_on_whatever_the_kind() -> None:
    registry = RegistryCaller()
    registry.push("BS", "H08.1-1")
    registry.push("BS", "H08.1-2", so="", ngayDangKy="")
    registry.push("BS", "H08.1-3", so="", ngayDangKy="", loaiBanSao="TLKT")
    assert numbers(registry, "H08.1-1", "H08.1-2", module="BS") == ["34/TLKS-BS", "35/TLKS-BS"]
    last = result(registry, "H08.1-3", "BS")
    assert (last["soDangKy"], last["ngayDangKy"]) == ("36/TLKT-BS", "22/11/2026")
    assert find_faults(CONTRACT, "result_BS", last) == []


@pytest.mark.parametrize("module", OPTIONAL)
@pytest.mark.parametrize("told", [{"so": "9"}, {"ngayDangKy": "20/11/2026"}])
def test_a_part_of_what_is_optional_is_kept_and_no_number_is_made(module: str, told: dict[str, str]) -> None:
    registry = RegistryCaller()
    registry.push(module, **{name: "" for name in NO_ENTRY if name in sample_of(module)} | told)
    found = result(registry, module=module)
    assert found.get("soDangKy") == told.get("so")
    assert found["ngayDangKy"] == told.get("ngayDangKy", "22/11/2026")


def test_a_remark_without_a_day_gets_that_of_the_clerk_and_no_number() -> None:
    registry = RegistryCaller(clerk_seconds=10)
    registry.push_remark(ngayGhiChu="", noiDangKy="", ntdHoTen="")
    registry.clock.advance(10 * 86400)
    registry.log_in()
    found = result(registry, module="KH")
    assert find_faults(CONTRACT, "result_remark", found) == []
    assert found["ngayGhiChu"] == "22/11/2026"
    assert {"soDangKy", "quyenSo", "trangSo", "ngayDangKy"}.isdisjoint(found)


@pytest.mark.parametrize("field", ["noiDangKy", "ntdHoTen"])
def test_a_remark_that_is_written_says_where_and_about_whom(field: str) -> None:
    answer = json.loads(RegistryCaller().push_remark(**{field: ""}).body)
    assert answer["errors"].startswith(f"{field} không được để trống")


class TestGeneration1:
    """The same clerk, asked in other words."""

    @pytest.mark.parametrize("module", FIRST_BOOKS)
    def test_a_dossier_without_an_entry_comes_back_with_one(self, module: str) -> None:
        registry = FirstCaller()
        gone = {name: "" for name in NOTHING if name in first_record(module)}
        assert registry.hand_over(module, **gone)["status"] == 1
        value = json.loads(registry.ask("ketQuaDangKyHS", maDonVi=691, maHoSo="H08.1-1")["value"])
        entry = [value[name] for name in ("so", "soDangKy", "quyenSo", "trangSo", "ngayDangKy")]
        assert entry == ["1", "1", "01/2026", "1", "22/11/2026"]
        (record,) = json.loads(registry.ask("traHoSo", module=module, maHoSo=1)["value"])
        assert record == value

    def test_a_birth_as_real_clients_send_it_is_entered_at_the_office_of_the_envelope(self) -> None:
        registry = FirstCaller()
        declare(registry, "H08.1-9")
        assert registry.ask("dangKyHoTich", **{**envelope(), "data": FIRST_BIRTH})["status"] == 1
        value = json.loads(registry.ask("ketQuaDangKyHS", maDonVi=691, maHoSo="H08.1-1")["value"])
        assert (value["so"], value["ndkksMaXa"]) == ("2", "00691")
        assert value["soDinhDanh"].startswith("099325")

    @pytest.mark.parametrize(
        ("kind", "number"), [("Cải chính", "1"), *((each, None) for each in SUPPLEMENTS)]
    )
    def test_a_change_gets_its_own_number_and_a_supplement_none(self, kind: str, number: str | None) -> None:
        registry = FirstCaller()
        assert registry.hand_over("TDCC", viecDangKy=kind, **NO_ENTRY)["status"] == 1
        value = json.loads(registry.ask("ketQuaDangKyHS", maDonVi=691, maHoSo="H08.1-1")["value"])
        assert [value.get(name) for name in ("so", "soDangKy", "trangSo")] == [number] * 3
        assert value["ngayDangKy"] == "22/11/2026"

    def test_a_birth_that_leaves_the_nationality_to_the_clerk_is_that_of_a_vietnamese(self) -> None:
        registry = FirstCaller()
        gone = {**NOTHING, "nksSoDDCN": "", "nksQuocTich": "", "nksLoaiKhaiSinh": ""}
        assert registry.hand_over("KS", **gone)["status"] == 1
        value = json.loads(registry.ask("ketQuaDangKyHS", maDonVi=691, maHoSo="H08.1-1")["value"])
        assert (value["nksQuocTich"], value["soDinhDanh"][:3]) == ("VN", "099")

    def test_a_part_of_an_entry_is_refused(self) -> None:
        answer = FirstCaller().hand_over(ngayDangKy="")
        assert answer["errorCode"] == 500
        assert answer["errorDescription"].startswith("ngayDangKy không được để trống")
