from pathlib import Path
from typing import Any

import pytest

from simulators.exchange_values import Cut
from tests.unit.simulators.calls import OneStopCaller, answered, faults, post

RULE = {"system": "one_stop"}


def look_up(one_stop: OneStopCaller, code: str = "H08.129-261102-0012") -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = one_stop.ask("TraCuuHoSo", mahoso=code)["result"]
    return result


def test_a_new_dossier_is_taken_and_found() -> None:
    one_stop = OneStopCaller()
    assert one_stop.synchronise()["error_code"] == "00"
    assert look_up(one_stop)[0]["TrangThaiHoSo"] == "2"
    assert look_up(one_stop, "other") == []


def test_a_dossier_that_is_there_must_be_updated() -> None:
    one_stop = OneStopCaller()
    one_stop.synchronise()
    assert "đã tồn tại" in one_stop.synchronise()["message"]
    assert one_stop.synchronise(is_updating=True, TrangThaiHoSo="4")["error_code"] == "00"
    assert look_up(one_stop)[0]["TrangThaiHoSo"] == "4"
    assert one_stop.summary()["by_operation"]["DongBoHoSoMC"] == {
        "held": 2,
        "repeats_absorbed": 1,
        "duplicates": 0,
        "refused": 0,
    }


def test_a_dossier_that_is_missing_cannot_be_updated() -> None:
    one_stop = OneStopCaller()
    assert "không tồn tại" in one_stop.synchronise(is_updating=True)["message"]
    assert one_stop.held() == []


def test_the_same_update_twice_changes_nothing() -> None:
    one_stop = OneStopCaller()
    one_stop.synchronise()
    one_stop.synchronise(is_updating=True)
    assert one_stop.summary()["held"] == 1
    assert one_stop.summary()["repeats_absorbed"] == 1


def test_steps_are_appended_in_order() -> None:
    one_stop = OneStopCaller()
    one_stop.synchronise()
    one_stop.step(TrangThai="4", ThoiDiemXuLy="20261102090000")
    one_stop.step(TrangThai="9")
    found = look_up(one_stop)[0]
    assert [step["TrangThai"] for step in found["DanhSachTienDo"]] == ["4", "9"]
    assert found["TrangThaiHoSo"] == "9"


def test_a_step_sent_twice_is_there_twice_and_counted_as_a_duplicate() -> None:
    one_stop = OneStopCaller()
    one_stop.synchronise()
    one_stop.step()
    assert one_stop.step()["error_code"] == "00"
    assert len(look_up(one_stop)[0]["DanhSachTienDo"]) == 2
    assert one_stop.summary()["duplicates"] == 1


def test_a_step_of_a_missing_dossier_is_refused() -> None:
    assert "không tồn tại" in OneStopCaller().step()["message"]


def test_nothing_moves_after_the_result_was_handed_over() -> None:
    one_stop = OneStopCaller()
    one_stop.synchronise()
    one_stop.step(TrangThai="9")
    assert "đã có kết quả xử lý" in one_stop.step(TrangThai="4")["message"]
    one_stop.step(TrangThai="10")
    assert "đã trả kết quả" in one_stop.step(TrangThai="9", ThoiDiemXuLy="20261103000000")["message"]


def test_sessions_end_and_a_login_opens_a_new_one() -> None:
    one_stop = OneStopCaller(session_seconds=60)
    one_stop.clock.advance(61)
    assert one_stop.synchronise()["error_code"] == "-3"
    one_stop.log_in()
    assert one_stop.synchronise()["error_code"] == "00"


def test_a_wrong_password_gets_no_session() -> None:
    reply = answered(OneStopCaller().send(post("/api/login", b'{"username": "tester", "password": "x"}')))
    assert reply.body == b'{"error_code": 3}'


def test_an_expired_session_can_be_planted() -> None:
    one_stop = OneStopCaller(faults({**RULE, "kind": "expired_token"}))
    assert one_stop.synchronise()["error_code"] == "-3"
    one_stop.log_in()
    assert one_stop.synchronise()["error_code"] == "00"


def test_a_refusal_is_told_in_the_real_sentence() -> None:
    one_stop = OneStopCaller(faults({**RULE, "kind": "refusal", "operation": "CapNhatTienDoHoSoMC"}))
    one_stop.synchronise()
    assert one_stop.step() == {"error_code": "3", "message": "Logic xử lý không hợp lệ"}
    assert one_stop.step()["error_code"] == "00"


@pytest.mark.parametrize(
    "changes",
    [{"TrangThaiHoSo": "11"}, {"MaTTHC": ""}, {"NgayTiepNhan": "02/11/2026"}, {"TrichYeuHoSo": "x" * 1001}],
)
def test_a_dossier_that_breaks_the_contract_is_refused(changes: dict[str, Any]) -> None:
    one_stop = OneStopCaller()
    answer = one_stop.synchronise(**changes)
    assert answer["error_code"] == "3"
    assert next(iter(changes)) in answer["message"]
    assert one_stop.held() == []


def test_more_than_ten_items_are_refused() -> None:
    one_stop = OneStopCaller()
    assert "data" in one_stop.ask("CapNhatTienDoHoSoMC", data=[{}] * 11)["message"]


def test_an_answer_lost_after_commit_can_be_told_by_looking_up() -> None:
    one_stop = OneStopCaller(faults({**RULE, "kind": "answer_lost", "operation": "CapNhatTienDoHoSoMC"}))
    one_stop.synchronise()
    with pytest.raises(AssertionError):
        one_stop.step()
    assert len(look_up(one_stop)[0]["DanhSachTienDo"]) == 1


def test_an_outage_that_only_answers_unavailable() -> None:
    rule = {**RULE, "kind": "outage", "form": "unavailable", "from_seconds": 5, "to_seconds": 10}
    one_stop = OneStopCaller(faults(rule))
    request = post("/api/login", b"{}")
    statuses = []
    for _ in range(3):
        reply = one_stop.send(request)
        statuses.append("cut" if isinstance(reply, Cut) else reply.status)
        one_stop.clock.advance(5)
    assert statuses == [200, 503, 200]


def test_a_restarted_one_stop_still_holds_dossiers_and_steps(tmp_path: Path) -> None:
    before = OneStopCaller(directory=tmp_path)
    before.synchronise()
    before.step()
    again = OneStopCaller(directory=tmp_path)
    assert len(look_up(again)[0]["DanhSachTienDo"]) == 1
