import json
from pathlib import Path

import pytest

from simulators.exchange_values import Cut
from tests.unit.simulators.calls import BASE, RegistryCaller, answered, faults, post, sample

RULE = {"system": "national_registry", "operation": "nhanHoSoDKHT"}


def said(body: bytes) -> dict[str, object]:
    answer: dict[str, object] = json.loads(body)
    return answer


@pytest.mark.parametrize("module", ["KS", "KT", "KH", "TDCC"])
def test_a_dossier_is_taken_and_comes_back_registered(module: str) -> None:
    registry = RegistryCaller()
    answer = said(registry.push(module).body)
    assert answer["status"] == "1"
    item = registry.poll("H08.1-1", module=module)["value"][0]
    assert item["trangThai"] == "4"
    assert item["ketQuaXuLy"]["ngayDangKy"]


def test_a_registered_birth_echoes_what_was_sent_with_result_spellings() -> None:
    registry = RegistryCaller()
    registry.push("KS")
    result = registry.poll("H08.1-1")["value"][0]["ketQuaXuLy"]
    sent = sample("national_registry", "KS.json")
    assert (result["soDangKy"], result["quyenSo"]) == (sent["so"], sent["quyenSo"])
    assert result["soDinhDanh"] == sent["nksSoDDCN"]
    assert result["ngayDangKy"] == "02/11/2026"
    assert result["nksGioiTinh"] == 1


def test_a_second_push_is_absorbed_and_never_a_second_record() -> None:
    registry = RegistryCaller()
    registry.push()
    answer = said(registry.push().body)
    assert answer["status"] == "0"
    assert "đã được tiếp nhận" in str(answer["errorDescription"])
    assert len(registry.held()) == 1
    assert registry.held()[0]["repeats_absorbed"] == 1


def test_the_same_code_in_another_module_is_another_dossier() -> None:
    registry = RegistryCaller()
    registry.push("KS")
    assert said(registry.push("KT").body)["status"] == "1"
    assert [each["identity"] for each in registry.held()] == ["KS/H08.1-1", "KT/H08.1-1"]


def test_content_that_breaks_the_contract_is_refused_in_glued_sentences() -> None:
    registry = RegistryCaller()
    reply = registry.push("KS", nksHoTen="A" * 200, meLoaiGiayToTuyThan="10")
    answer = said(reply.body)
    assert reply.status == 500
    assert set(answer) == {"title", "errors", "status", "inputSend"}
    assert str(answer["errors"]).startswith("nksHoTen có độ dài vượt quá")
    assert ".nmeLoaiGiayToTuyThan không tồn tại" in str(answer["errors"])
    assert registry.held() == []
    assert registry.summary()["refused"] == 1


def test_status_moves_from_waiting_over_processing_to_registered() -> None:
    registry = RegistryCaller(clerk_seconds=10)
    registry.push()
    seen = []
    for _ in range(3):
        seen.append(registry.poll("H08.1-1")["value"][0]["trangThai"])
        registry.clock.advance(10)
    assert seen == ["1", "3", "4"]


@pytest.mark.parametrize("status", [2, 6])
def test_the_clerk_may_ask_for_a_supplement_or_refuse(status: int) -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "clerk_decision", "status": status}))
    registry.push()
    item = registry.poll("H08.1-1")["value"][0]
    assert item["trangThai"] == str(status)
    assert "ketQuaXuLy" not in item


def test_a_poll_takes_three_codes_and_leaves_out_what_is_not_held() -> None:
    registry = RegistryCaller()
    registry.push(code="H08.1-1")
    assert [each["maHoSoMCDT"] for each in registry.poll("H08.1-1", "x", "y")["value"]] == ["H08.1-1"]
    assert registry.poll("a", "b", "c", "d")["errorCode"] == "302"
    assert registry.poll()["errorCode"] == "302"


@pytest.mark.parametrize("header", ["authorization", "lgspaccesstoken"])
def test_both_tokens_are_needed(header: str) -> None:
    registry = RegistryCaller()
    headers = {name: value for name, value in registry.headers.items() if name != header}
    body = json.dumps(sample("national_registry", "push.json")).encode()
    reply = answered(registry.send(post(f"{BASE}/nhanHoSoDKHT", body, headers)))
    assert reply.status == 401
    assert registry.held() == []


def test_tokens_end() -> None:
    registry = RegistryCaller(token_seconds=60)
    registry.clock.advance(61)
    assert registry.push().status == 401
    registry.log_in()
    assert registry.push().status == 200


def test_a_wrong_secret_gets_no_token() -> None:
    assert RegistryCaller().ask_token("/token", "other") == {"error": "invalid_client"}


def test_an_expired_token_can_be_planted_and_a_new_one_works() -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "expired_token"}))
    assert registry.push().status == 401
    assert registry.push().status == 401, "the old token stays dead"
    registry.log_in()
    assert registry.push().status == 200


def test_an_answer_lost_after_commit_leaves_exactly_one_record() -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "answer_lost"}))
    assert isinstance(registry.try_push(), Cut)
    assert len(registry.held()) == 1
    assert "đã được tiếp nhận" in registry.push().body.decode()
    assert len(registry.held()) == 1


def test_a_server_error_comes_before_the_commit_and_looks_unlike_a_refusal() -> None:
    registry = RegistryCaller(
        faults({**RULE, "kind": "server_error", "status": 503, "retry_after_seconds": 7})
    )
    reply = registry.push()
    assert (reply.status, reply.headers["Retry-After"]) == (503, "7")
    assert "errors" not in said(reply.body)
    assert registry.held() == []
    assert registry.push().status == 200


def test_a_dossier_may_be_held_before_polls_show_it() -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "late_visibility", "seconds": 30}))
    registry.push()
    assert registry.poll("H08.1-1")["value"] == []
    assert "đã được tiếp nhận" in registry.push().body.decode()
    registry.clock.advance(30)
    assert len(registry.poll("H08.1-1")["value"]) == 1


def test_a_planted_refusal_strikes_only_what_it_matches_and_is_listed() -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "refusal", "match": "H08.1-2", "field": "meDanToc"}))
    assert registry.push(code="H08.1-1").status == 200
    reply = registry.push(code="H08.1-2")
    assert reply.status == 500
    assert str(said(reply.body)["errors"]).startswith("meDanToc không tồn tại")
    planted = registry.book.list_planted()
    assert [(each.kind, each.identity) for each in planted] == [("refusal", "KS/H08.1-2")]


def test_a_refusal_is_never_planted_on_what_is_held_already() -> None:
    registry = RegistryCaller()
    registry.push()
    registry.book.set_plan(RegistryCaller(faults({**RULE, "kind": "refusal"})).book.plan)
    assert "đã được tiếp nhận" in registry.push().body.decode()
    assert registry.book.list_planted() == []


@pytest.mark.parametrize(("is_committed", "held"), [(True, 1), (False, 0)])
def test_a_wrong_answer_can_come_before_or_after_the_commit(
    is_committed: bool,  # noqa: FBT001 - a column of the table
    held: int,
) -> None:
    registry = RegistryCaller(faults({**RULE, "kind": "wrong_answer", "committed": is_committed}))
    with pytest.raises(json.JSONDecodeError):
        said(registry.push().body)
    assert len(registry.held()) == held


def test_a_late_number_notes_whether_the_birth_is_held() -> None:
    registry = RegistryCaller()
    registry.push("TDCC", code="early")
    registry.push("KS")
    registry.push("TDCC", code="after")
    facts = {each["identity"]: each["facts"] for each in registry.held()}
    assert facts["TDCC/early"] == {"original_is_held": False}
    assert facts["TDCC/after"] == {"original_is_held": True}


def test_a_restarted_registry_still_holds_what_it_took(tmp_path: Path) -> None:
    RegistryCaller(directory=tmp_path).push()
    again = RegistryCaller(directory=tmp_path)
    assert "đã được tiếp nhận" in again.push().body.decode()
    assert len(again.held()) == 1
    assert len(again.poll("H08.1-1")["value"]) == 1


def test_a_unit_that_is_not_in_force_on_the_day_is_unknown() -> None:
    registry = RegistryCaller()
    old_district = said(registry.push(unit="001").body)
    assert (old_district["status"], old_district["errorCode"]) == ("0", "106")
    assert registry.held() == []


def test_an_unknown_path_is_not_found() -> None:
    assert answered(RegistryCaller().send(post("/elsewhere", b"{}"))).status == 404
