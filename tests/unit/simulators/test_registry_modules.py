import json

import pytest

from simulators.contract import contract_of
from simulators.shape import find_faults
from tests.unit.simulators.calls import RegistryCaller, faults

CONTRACT = contract_of("national_registry")
MODULES = sorted(CONTRACT.codes("module"))
RULE = {"system": "national_registry", "operation": "nhanHoSoDKHT"}


def said(body: bytes) -> dict[str, object]:
    answer: dict[str, object] = json.loads(body)
    return answer


def facts(registry: RegistryCaller) -> list[dict[str, object]]:
    return [each["facts"] for each in registry.held()]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_taken_and_its_result_follows_the_result_file(module: str) -> None:
    registry = RegistryCaller()
    assert said(registry.push(module).body)["status"] == "1"
    item = registry.poll("H08.1-1", module=module)["value"][0]
    assert item["trangThai"] == "4"
    assert find_faults(CONTRACT, f"result_{module}", item["ketQuaXuLy"]) == []
    assert item["ketQuaXuLy"]["ngayDangKy"]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_checked_strictly(module: str) -> None:
    registry = RegistryCaller()
    reply = registry.push(module, khongCo="x")
    assert reply.status == 500
    assert "khongCo không có trong tài liệu kỹ thuật" in str(said(reply.body)["errors"])
    assert registry.held() == []


@pytest.mark.parametrize("module", MODULES)
def test_a_refusal_can_be_planted_on_every_module(module: str) -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "refusal"}))
    assert "không tồn tại trong danh mục" in str(said(registry.push(module).body)["errors"])
    assert said(registry.push(module).body)["status"] == "1"


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("status", [2, 6])
def test_the_clerk_decides_in_every_module(module: str, status: int) -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "clerk_decision", "status": status}))
    registry.push(module)
    item = registry.poll("H08.1-1", module=module)["value"][0]
    assert item["trangThai"] == str(status)
    assert "ketQuaXuLy" not in item


@pytest.mark.parametrize("modules", [("KS", "CMC"), ("CDGH", "GH")])
def test_one_dossier_may_hold_two_records_of_different_modules(modules: tuple[str, str]) -> None:
    registry = RegistryCaller()
    for module in modules:
        assert said(registry.push(module).body)["status"] == "1"
    assert len(registry.held()) == 2
    for module in modules:
        found = registry.poll("H08.1-1", module=module)["value"]
        assert [each["module"] for each in found] == [module]


def test_a_linked_birth_without_a_number_gets_one_from_the_clerk() -> None:
    registry = RegistryCaller()
    registry.push("LTKS")
    result = registry.poll("H08.1-1", module="LTKS")["value"][0]["ketQuaXuLy"]
    assert (result["soDangKy"], result["quyenSo"]) == ("1", "01/2026")


def test_a_remark_is_taken_under_the_module_of_the_matter() -> None:
    registry = RegistryCaller()
    assert said(registry.push_remark().body)["status"] == "1"
    result = registry.poll("H08.1-1", module="KH")["value"][0]["ketQuaXuLy"]
    assert find_faults(CONTRACT, "result_remark", result) == []
    assert (result["loaiGhiChu"], result["soVanBan"]) == ("LY_HON", "45/2026/QĐST-HNGĐ")


def test_the_same_decision_about_the_same_entry_is_absorbed_under_another_dossier() -> None:
    registry = RegistryCaller()
    registry.push_remark()
    answer = said(registry.push_remark(code="H08.1-2").body)
    assert "đã được tiếp nhận" in str(answer["errorDescription"])
    assert len(registry.held()) == 1


@pytest.mark.parametrize(
    "changes",
    [{"soVanBan": "46/2026/QĐST-HNGĐ"}, {"soDangKyGoc": "19"}, {"loaiGhiChu": "HUY_KET_HON"}],
)
def test_another_decision_entry_or_kind_is_another_remark_of_the_dossier(changes: dict[str, str]) -> None:
    registry = RegistryCaller()
    registry.push_remark()
    assert said(registry.push_remark(**changes).body)["status"] == "1"
    assert len(registry.poll("H08.1-1", module="KH")["value"]) == 2


def test_a_remark_and_a_record_of_one_dossier_are_both_held() -> None:
    registry = RegistryCaller()
    registry.push("KH")
    assert said(registry.push_remark().body)["status"] == "1"
    assert len(registry.poll("H08.1-1", module="KH")["value"]) == 2


def test_a_remark_that_names_another_book_than_its_envelope_is_refused() -> None:
    registry = RegistryCaller()
    assert str(said(registry.push_remark(module="KS").body)["errors"]).startswith("module không tồn tại")
    assert registry.held() == []


def test_a_remark_lacks_no_paper() -> None:
    registry = RegistryCaller()
    errors = str(said(registry.push_remark(noiDung="", coQuanBanHanh="").body)["errors"])
    assert "noiDung không được để trống" in errors
    assert "coQuanBanHanh không được để trống" in errors


@pytest.mark.parametrize(
    ("earlier", "later", "changes"),
    [
        ("KS", "NCN", {}),
        ("GH", "CDGH", {}),
        ("GH", "GSGH", {}),
        ("GSGH", "CDGSGH", {}),
        ("KH", "GCLH", {}),
        ("KS", "BS", {}),
        ("KS", "XNHT", {"soDangKyGoc": "41", "ngayDangKyGoc": "2026"}),
        ("KS", "TDCC", {"quyenDangKyHSGoc": ""}),
    ],
)
def test_whether_the_original_entry_is_held_is_noted(
    earlier: str, later: str, changes: dict[str, str]
) -> None:
    registry = RegistryCaller()
    registry.push(later, code="before", **changes)
    registry.push(earlier, code="original")
    registry.push(later, code="after", **changes)
    assert [each.get("original_is_held") for each in facts(registry)] in (
        [False, None, True],
        [False, False, True],
    )


def test_a_remark_notes_whether_its_marriage_is_held() -> None:
    registry = RegistryCaller()
    registry.push_remark()
    registry.push("KH", code="H08.1-2")
    registry.push_remark(soVanBan="46/2026/QĐST-HNGĐ")
    assert [each.get("original_is_held") for each in facts(registry)] == [False, None, True]


@pytest.mark.parametrize(
    "changes",
    [{"soDangKyGoc": "99"}, {"donViGoc": "00694"}, {"ngayDangKyGoc": "2024"}, {"quyenSoGoc": "02/2026"}],
)
def test_an_entry_that_differs_in_any_known_part_is_not_the_original(changes: dict[str, str]) -> None:
    registry = RegistryCaller()
    registry.push("KH", code="H08.1-2")
    registry.push_remark(**changes)
    assert facts(registry)[1] == {"original_is_held": False}


def test_an_office_abroad_may_push() -> None:
    assert said(RegistryCaller().push(unit="MLA01").body)["status"] == "1"
    assert said(RegistryCaller().push(unit="MXX99").body)["errorCode"] == "106"
