"""The simulated registry's generation 1: same holdings, same identity, other words."""

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import pytest

from simulators.exchange_values import Cut
from tests.support.first_generation import first_record
from tests.unit.simulators.calls import RegistryCaller, answered, faults, post

BASE = "/apiHoTichTuPhap"
RULE = {"system": "national_registry", "operation": "dangKyHoTich"}
CODE = "H08.1-1"


def xml(record: Mapping[str, str]) -> str:
    fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in record.items())
    return f"<hotich><hoso>{fields}</hoso></hotich>"


class FirstCaller(RegistryCaller):
    def ask(self, operation: str, **body: object) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(answered(self.try_ask(operation, **body)).body)
        return answer

    def try_ask(self, operation: str, **body: object) -> Any:  # noqa: ANN401 - a reply or a cut
        headers = {"authorization": f"Bearer {self.token}"}
        return self.send(post(f"{BASE}/{operation}", json.dumps(body).encode(), headers))

    def hand_over(self, module: str = "KS", code: str = CODE, **changes: str) -> dict[str, Any]:
        return self.ask("dangKyHoTich", **envelope(module, code, **changes))


def envelope(module: str = "KS", code: str = CODE, **changes: str) -> dict[str, Any]:
    return {
        "maDonVi": 691,
        "module": module,
        "maHoSo": code,
        "ngayTiepNhan": "2025-06-12",
        "data": xml(first_record(module, **changes)),
    }


@pytest.mark.parametrize("module", ["KS", "KT", "KH", "CMC", "HN", "TDCC"])
def test_a_dossier_is_taken_and_comes_back_registered(module: str) -> None:
    registry = FirstCaller()
    assert registry.hand_over(module)["status"] == 1
    question = {"maDonVi": 691, "maHoSo": CODE}
    assert registry.ask("traTrangThaiHoSo", **question)["status"] == 4
    result = json.loads(registry.ask("ketQuaDangKyHS", **question)["value"])
    assert result["ngayDangKy"]
    assert [each["identity"] for each in registry.held()] == [f"{module}/{CODE}"]


def test_a_dossier_waits_then_is_worked_on_then_registered() -> None:
    registry = FirstCaller(clerk_seconds=10)
    registry.hand_over()
    question = {"maDonVi": 691, "maHoSo": CODE}
    seen = []
    for _ in range(3):
        seen.append(registry.ask("traTrangThaiHoSo", **question)["status"])
        if seen[-1] != 4:
            assert registry.ask("ketQuaDangKyHS", **question)["errorCode"] == 200
        registry.clock.advance(10)
    assert seen == [1, 3, 4]


def test_a_second_push_is_absorbed_whichever_generation_it_comes_through() -> None:
    registry = FirstCaller()
    registry.hand_over()
    again = registry.hand_over()
    assert (again["status"], again["errorCode"]) == (0, 500)
    assert "đã được tiếp nhận" in again["errorDescription"]
    registry.push("KS", CODE)
    assert len(registry.held()) == 1
    assert registry.held()[0]["repeats_absorbed"] == 2


def test_a_dossier_of_generation_1_is_shown_to_a_poll_of_generation_2() -> None:
    registry = FirstCaller()
    registry.hand_over()
    (item,) = registry.poll(CODE)["value"]
    assert (item["maHoSoMCDT"], item["maDonVi"], item["trangThai"]) == (CODE, "691", "4")


@pytest.mark.parametrize(
    "data",
    [
        "<hotich><hoso><nksHoTen>A & B</nksHoTen></hoso></hotich>",
        "<hotich><hoso/><hoso/></hotich>",
        "<other><hoso/></other>",
        "<hotich><hoso><a><b>x</b></a></hoso></hotich>",
        "<hotich><hoso><a>1</a><a>2</a></hoso></hotich>",
        '<!DOCTYPE x [<!ENTITY e "x">]><hotich><hoso><nksHoTen>&e;</nksHoTen></hoso></hotich>',
        "null",
    ],
)
def test_text_that_is_no_flat_dossier_is_refused(data: str) -> None:
    registry = FirstCaller()
    answer = registry.ask("dangKyHoTich", **{**envelope(), "data": data})
    assert (answer["status"], answer["errorCode"]) == (0, 500)
    assert "data có định dạng không đúng" in answer["errorDescription"]
    assert registry.held() == []


def test_every_faulty_field_is_named() -> None:
    answer = FirstCaller().hand_over(nksHoTen="A" * 101, nksGioiTinh="7", ngayDangKy="2025-06-12")
    assert answer["errorCode"] == 500
    for field in ("nksHoTen", "nksGioiTinh", "ngayDangKy"):
        assert field in answer["errorDescription"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"maDonVi": 99999}, 106), ({"module": "XX"}, 500), ({"maDonVi": "00691"}, 500)],
)
def test_a_wrong_envelope_is_refused(changes: Mapping[str, object], code: int) -> None:
    registry = FirstCaller()
    answer = registry.ask("dangKyHoTich", **{**envelope(), **changes})
    assert (answer["status"], answer["errorCode"]) == (0, code)
    assert registry.held() == []


def test_without_a_token_nothing_is_told() -> None:
    registry = FirstCaller()
    registry.token = "no-such-token"
    for operation in ("dangKyHoTich", "traTrangThaiHoSo", "dsHoSoDangKy"):
        assert registry.ask(operation, **envelope())["errorCode"] == 100


def test_what_is_not_there_is_not_found() -> None:
    registry = FirstCaller()
    for operation in ("traTrangThaiHoSo", "ketQuaDangKyHS"):
        assert registry.ask(operation, maDonVi=691, maHoSo="H08.9-9")["errorCode"] == 201
    assert registry.ask("traHoSo", module="KS", maHoSo=77)["errorCode"] == 201
    assert registry.ask("traTrangThaiHoSo", maDonVi=691)["errorCode"] == 500


def test_a_day_lists_internal_numbers_and_these_give_the_records() -> None:
    registry = FirstCaller()
    registry.hand_over()
    registry.hand_over("KT", "H08.1-2")
    day = json.loads(registry.ask("dsHoSoDangKy", module="KS", ngayCapNhat="2026-11-22")["value"])
    assert day == [{"id": 1, "maDonVi": 691}]
    assert json.loads(registry.ask("dsHoSoDangKy", module="KS", ngayCapNhat="2026-11-21")["value"]) == []
    (record,) = json.loads(registry.ask("traHoSo", module="KS", maHoSo=1)["value"])
    assert (record["id"], record["so"]) == (1, "41")
    many = registry.ask("traDanhSachHoSo", maTinh="08", module="KS", dsMaHoSo=[1, 2])
    assert [each["id"] for each in json.loads(many["value"])] == [1]
    assert registry.ask("traDanhSachHoSo", maTinh="99", module="KS", dsMaHoSo=[1])["errorCode"] == 108


def test_planted_faults_strike_generation_1_too() -> None:
    registry = FirstCaller(faults({**RULE, "kind": "refusal", "field": "meHoTen"}))
    assert "meHoTen" in registry.hand_over()["errorDescription"]
    assert registry.held() == []
    late = FirstCaller(faults({**RULE, "kind": "late_visibility", "seconds": 60}))
    late.hand_over()
    assert late.ask("traTrangThaiHoSo", maDonVi=691, maHoSo=CODE)["errorCode"] == 201
    late.clock.advance(61)
    assert late.ask("traTrangThaiHoSo", maDonVi=691, maHoSo=CODE)["status"] == 4
    lost = FirstCaller(faults({**RULE, "kind": "answer_lost"}))
    assert isinstance(lost.try_ask("dangKyHoTich", **envelope()), Cut)
    assert len(lost.held()) == 1


def test_a_clerk_who_refuses_asks_for_a_supplement_because_there_is_no_other_word() -> None:
    registry = FirstCaller(faults({**RULE, "kind": "clerk_decision", "status": 6}))
    registry.hand_over()
    answer = registry.ask("traTrangThaiHoSo", maDonVi=691, maHoSo=CODE)
    assert (answer["status"], answer["value"]) == (2, "Yêu cầu bổ sung hồ sơ")
