import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from simulators.contract import contract_of
from simulators.exchange_values import Cut, Reply
from simulators.shape import find_faults
from tests.unit.simulators.calls import OneStopCaller, faults

CONTRACT = contract_of("one_stop")
RULE = {"system": "one_stop", "operation": "capNhatTrangThaiHoSoDVCLTHoTich"}


def said(reply: Reply) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(reply.body)
    return answer


def send_all(one_stop: OneStopCaller, statuses: str) -> list[int]:
    return [one_stop.linked(status).status for status in statuses]


def test_the_whole_ladder_is_taken_in_its_order() -> None:
    one_stop = OneStopCaller()
    assert send_all(one_stop, "13745") == [200] * 5
    assert [each["body"]["trangThai"] for each in one_stop.held()] == list("13745")
    answer = said(one_stop.linked("5"))
    assert "thành công" in answer["title"]
    assert find_faults(CONTRACT, "linked_answer", answer) == []


@pytest.mark.parametrize(
    ("before", "status", "missing"),
    [
        ("", "3", "1"),
        ("", "4", "1, 3, 7"),
        ("1", "7", "3"),
        ("13", "4", "7"),
        ("137", "5", "4"),
        ("", "6", "1"),
    ],
)
def test_a_state_too_early_is_refused_and_names_what_is_missing(
    before: str, status: str, missing: str
) -> None:
    one_stop = OneStopCaller()
    send_all(one_stop, before)
    reply = one_stop.linked(status)
    assert reply.status == 400
    assert said(reply)["errors"].endswith(f"chưa cập nhật trạng thái {missing}")
    assert len(one_stop.held()) == len(before)


@pytest.mark.parametrize(
    ("before", "status", "sentence"),
    [
        ("1374", "2", "đã có kết quả xử lý. Không thể cập nhật trạng thái"),
        ("1374", "6", "đã có kết quả xử lý. Không thể cập nhật trạng thái"),
        ("13745", "6", "đã trả kết quả, không được cập nhật trạng thái"),
        ("16", "3", "bị từ chối. Không thể cập nhật trạng thái"),
        ("1376", "4", "bị từ chối. Không thể cập nhật trạng thái"),
    ],
)
def test_nothing_moves_back_after_a_result_or_a_refusal(before: str, status: str, sentence: str) -> None:
    one_stop = OneStopCaller()
    send_all(one_stop, before)
    assert said(one_stop.linked(status))["errors"].endswith(sentence)


def test_every_sentence_of_refusal_stands_in_the_contract() -> None:
    known = {row["sentence"] for row in CONTRACT.table("answer_sentence")}
    for before, status in (("", "3"), ("1374", "2"), ("13745", "6"), ("16", "3")):
        one_stop = OneStopCaller()
        send_all(one_stop, before)
        errors = said(one_stop.linked(status))["errors"].lower()
        assert any(sentence in errors for sentence in known), errors


def test_a_state_sent_again_is_absorbed() -> None:
    one_stop = OneStopCaller()
    assert send_all(one_stop, "113") == [200] * 3
    assert one_stop.summary()["repeats_absorbed"] == 1
    assert [each["identity"][-1] for each in one_stop.held()] == ["1", "3"]


def test_a_supplement_may_be_asked_for_twice_at_different_times() -> None:
    one_stop = OneStopCaller()
    one_stop.linked("1")
    for moment in ("02/11/2026 09:00:00", "02/11/2026 09:00:00", "04/11/2026 09:00:00"):
        assert one_stop.linked("2", thoiGianThucHien=moment).status == 200
    assert [each["body"]["trangThai"] for each in one_stop.held()] == ["1", "2", "2"]


def test_dossiers_have_ladders_of_their_own() -> None:
    one_stop = OneStopCaller()
    send_all(one_stop, "13")
    assert one_stop.linked("7", soHoSoLT="G22.99.01-261102-0004").status == 400


def test_content_that_breaks_the_contract_is_refused_field_by_field() -> None:
    one_stop = OneStopCaller()
    errors = said(one_stop.linked("1", coQuanXuLy=4, thoiGianThucHien="2026-11-02"))["errors"]
    assert sorted(errors) == ["coQuanXuLy", "thoiGianThucHien"]
    assert one_stop.held() == []


def test_it_has_a_token_pair_of_its_own() -> None:
    one_stop = OneStopCaller()
    answer = one_stop.linked_token()
    assert find_faults(CONTRACT, "linked_token_answer", answer) == []
    assert datetime.fromisoformat(answer["expiration"]) > one_stop.clock.now()
    assert "token" not in one_stop.linked_token("wrong")
    assert one_stop.linked("1", token=one_stop.session).status == 401


def test_a_token_ends() -> None:
    one_stop = OneStopCaller(session_seconds=60)
    token = one_stop.linked_token()["token"]
    assert one_stop.linked("1", token).status == 200
    one_stop.clock.advance(61)
    assert one_stop.linked("3", token).status == 401


@pytest.mark.parametrize(
    ("kind", "status"), [("server_error", 500), ("refusal", 400), ("expired_token", 401)]
)
def test_faults_strike_before_anything_is_held(kind: str, status: int) -> None:
    one_stop = OneStopCaller(faults({**RULE, "kind": kind}))
    assert one_stop.linked("1").status == status
    assert one_stop.held() == []
    assert one_stop.linked("1").status == 200


def test_an_answer_lost_after_commit_leaves_one_state() -> None:
    one_stop = OneStopCaller(faults({**RULE, "kind": "answer_lost"}))
    assert isinstance(one_stop.try_linked("1"), Cut)
    assert one_stop.linked("1").status == 200
    assert len(one_stop.held()) == 1


def test_a_restarted_software_knows_the_states(tmp_path: Path) -> None:
    send_all(OneStopCaller(directory=tmp_path), "137")
    again = OneStopCaller(directory=tmp_path)
    assert again.linked("4").status == 200
    assert again.synchronise()["error_code"] == "00"


def test_a_dossier_shows_its_states_as_they_came() -> None:
    one_stop = OneStopCaller()
    send_all(one_stop, "137")
    code = one_stop.held()[0]["body"]["soHoSoLT"]
    shown = said(one_stop.linked_dossier(code))
    assert [each["trangThai"] for each in shown["data"]["danhSachTrangThai"]] == list("137")
    assert find_faults(CONTRACT, "linked_dossier", shown) == []


def test_a_dossier_of_which_nothing_was_told_is_not_there() -> None:
    one_stop = OneStopCaller()
    assert one_stop.linked_dossier("G22.99.01-261102-0009").status == 404
    assert one_stop.linked_dossier("G22.99.01-261102-0009", token="of-nobody").status == 401
