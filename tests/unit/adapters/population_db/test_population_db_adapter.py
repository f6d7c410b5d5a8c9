from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from adapters.errors import (
    AdapterError,
    Busy,
    ContractBroken,
    NotAuthorized,
    NotSent,
    OutcomeUnknown,
    RefusalReason,
    Refused,
)
from adapters.port import OutboundMessage
from tests.support.population_messages import VERIFY, birth, death, query
from tests.support.soap_partner import SETTINGS, ScriptedPartner, answer, fault

ISSUED = "<b:trangThai>DA_CAP</b:trangThai><b:soDinhDanh>099226000003</b:soDinhDanh>"
PENDING = "<b:trangThai>CHO_XU_LY</b:trangThai><b:moTa>số sẽ được cấp sau</b:moTa>"
TECHNICAL = "<b:trangThai>LOI_KY_THUAT</b:trangThai><b:maLoi>DOWN</b:maLoi>"
DUPLICATE = (
    "<b:trangThai>NGHI_TRUNG</b:trangThai>"
    "<b:nghiTrung><b:soDinhDanh>099226000004</b:soDinhDanh><b:mucDo>CAO</b:mucDo></b:nghiTrung>"
    "<b:nghiTrung><b:soDinhDanh>099226000005</b:soDinhDanh></b:nghiTrung>"
    "<b:maLoi>DUPLICATE_SUSPECTED</b:maLoi><b:moTa>Nghi trùng</b:moTa>"
)
NAME = "<c:HoVaTen><c:Ten>LÊ THỊ MẪU</c:Ten></c:HoVaTen>"


def number_answer(children: str) -> httpx.Response:
    return answer("capSoDinhDanh", children)


def citizens(*inside: str) -> httpx.Response:
    found = "".join(f"<c:CongDan>{each}</c:CongDan>" for each in inside)
    collection = (
        f'<c:CongdanCollection xmlns:c="http://www.mic.gov.vn/dancu/1.0">{found}</c:CongdanCollection>'
    )
    return answer("TraCuuThongTinCongDan", collection)


def silent() -> None:
    """Nothing to write down before sending."""


def refusal_of(message: OutboundMessage, told: httpx.Response) -> Refused:
    with pytest.raises(Refused) as caught:
        ScriptedPartner(told).adapter().send(message, silent)
    return caught.value


def test_an_issued_number_is_accepted_with_the_number_as_fact() -> None:
    partner = ScriptedPartner(number_answer(ISSUED))
    accepted = partner.adapter().send(birth(), silent)
    assert (accepted.facts, accepted.pending) == ({"personal_id": "099226000003"}, False)
    assert accepted.evidence.partner_code == "DA_CAP"
    assert accepted.evidence.request_sha256
    assert b"event-1.pid" in partner.requests[0].content


def test_a_number_that_follows_is_accepted_and_pending() -> None:
    accepted = ScriptedPartner(number_answer(PENDING)).adapter().send(birth(), silent)
    assert (accepted.pending, accepted.facts) == (True, {})


def test_a_suspected_duplicate_is_refused_and_quotes_the_numbers() -> None:
    refusal = refusal_of(birth(), number_answer(DUPLICATE))
    assert refusal.reason is RefusalReason.SUSPECTED_DUPLICATE
    assert refusal.facts == {"existing_personal_id": "099226000004"}
    assert ["099226000004" in each.text for each in refusal.faults] == [True, False]
    assert refusal.evidence is not None
    assert refusal.evidence.partner_code == "NGHI_TRUNG/DUPLICATE_SUSPECTED"


def test_refused_content_keeps_code_and_text() -> None:
    told = "<b:trangThai>TU_CHOI</b:trangThai><b:maLoi>BAD_REQUEST</b:maLoi><b:moTa>does not pass</b:moTa>"
    refusal = refusal_of(birth(), number_answer(told))
    assert refusal.reason is RefusalReason.CONTENT
    assert [each.text for each in refusal.faults] == ["does not pass"]
    assert refusal.evidence is not None
    assert (refusal.evidence.partner_code, refusal.evidence.partner_text) == (
        "TU_CHOI/BAD_REQUEST",
        "does not pass",
    )


def test_a_technical_fault_means_later_with_the_same_request() -> None:
    with pytest.raises(Busy):
        ScriptedPartner(number_answer(TECHNICAL)).adapter().send(birth(), silent)


def test_an_unknown_state_breaks_the_contract() -> None:
    told = number_answer("<b:trangThai>DA_CHO</b:trangThai>")
    with pytest.raises(ContractBroken) as caught:
        ScriptedPartner(told).adapter().send(birth(), silent)
    assert caught.value.evidence is not None
    assert caught.value.evidence.partner_code == "DA_CHO"


def test_a_notice_that_was_taken_is_accepted() -> None:
    told = answer("thongBaoHoTich", "<b:trangThai>DA_NHAN</b:trangThai>")
    assert ScriptedPartner(told).adapter().send(death(), silent).pending is False


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("TU_CHOI", RefusalReason.CONTENT),
        ("KHONG_TIM_THAY", RefusalReason.PERSON_NOT_FOUND),
        ("NGHI_SAI", RefusalReason.PERSON_MISMATCH),
        ("PHAI_CAP_LAI_SO", RefusalReason.NEW_NUMBER_NEEDED),
    ],
)
def test_a_notice_is_refused_for_the_reason_that_the_state_names(status: str, reason: RefusalReason) -> None:
    told = f"<b:trangThai>{status}</b:trangThai><b:moTa>vì sao</b:moTa>"
    refusal = refusal_of(death(), answer("thongBaoHoTich", told))
    assert refusal.reason is reason
    assert [each.text for each in refusal.faults] == ["vì sao"]


def test_a_found_citizen_is_accepted_with_his_number() -> None:
    told = citizens(f"<c:SoDinhDanh>099226000003</c:SoDinhDanh>{NAME}")
    assert ScriptedPartner(told).adapter().send(query(), silent).facts == {"personal_id": "099226000003"}


@pytest.mark.parametrize("inside", [(), ("<c:SoDinhDanh>099226000003</c:SoDinhDanh>",)])
def test_nobody_found_names_the_three_facts_to_check(inside: tuple[str, ...]) -> None:
    refusal = refusal_of(query(), citizens(*inside))
    assert refusal.reason is RefusalReason.PERSON_NOT_FOUND
    assert [each.field for each in refusal.faults] == ["SoDinhDanh", "HoVaTen", "NgayThangNamSinh"]


def test_more_than_one_citizen_is_a_mismatch() -> None:
    assert refusal_of(query(), citizens(NAME, NAME)).reason is RefusalReason.PERSON_MISMATCH


def test_an_answer_about_somebody_else_breaks_the_contract() -> None:
    told = citizens(f"<c:SoDinhDanh>099226000009</c:SoDinhDanh>{NAME}")
    with pytest.raises(ContractBroken):
        ScriptedPartner(told).adapter().send(query(), silent)


def test_a_verification_that_agrees_is_accepted_and_one_that_does_not_a_mismatch() -> None:
    def told(word: str) -> httpx.Response:
        inside = f"<b:KetQuaXacThuc><b:TonTai>{word}</b:TonTai></b:KetQuaXacThuc>"
        return answer("XacThucThongTinCongDan", inside)

    message = query(operation=VERIFY)
    assert ScriptedPartner(told("true")).adapter().send(message, silent).facts == {}
    assert refusal_of(message, told("false")).reason is RefusalReason.PERSON_MISMATCH


def test_a_look_up_that_names_no_unit_asks_for_ours() -> None:
    partner = ScriptedPartner(citizens(), citizens())
    adapter = partner.adapter(replace(SETTINGS, unit_code="000.00.00.H08"))
    named = replace(query(), body={**query().body, "MaDonVi": "H08.1"})
    for message in (query(), named):
        with pytest.raises(Refused):
            adapter.send(message, silent)
    assert [b"MaDonVi>000.00.00.H08<" in each.content for each in partner.requests] == [True, False]


def test_a_body_that_breaks_the_contract_never_leaves_and_is_never_announced() -> None:
    partner = ScriptedPartner()
    announced: list[str] = []
    bad = birth(gioiTinh="9", maDonVi=None)
    with pytest.raises(Refused) as caught:
        partner.adapter().send(bad, lambda: announced.append("sent"))
    assert caught.value.reason is RefusalReason.CONTENT
    assert caught.value.faults
    assert (partner.requests, announced) == ([], [])


def test_the_message_is_announced_once_before_it_leaves() -> None:
    partner = ScriptedPartner(number_answer(ISSUED))
    seen: list[int] = []
    partner.adapter().send(birth(), lambda: seen.append(len(partner.requests)))
    assert seen == [0]


def test_when_the_announcement_fails_nothing_leaves() -> None:
    def fail() -> None:
        raise RuntimeError("the database is gone")

    partner = ScriptedPartner(number_answer(ISSUED))
    with pytest.raises(RuntimeError, match="the database is gone"):
        partner.adapter().send(birth(), fail)
    assert partner.requests == []


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (httpx.ReadTimeout("slow"), OutcomeUnknown),
        (httpx.RemoteProtocolError("gone"), OutcomeUnknown),
        (httpx.Response(502, content=b"<html/>"), OutcomeUnknown),
        (httpx.Response(200, content=b"<!DOCTYPE html><html></html>"), OutcomeUnknown),
        (fault("Server"), OutcomeUnknown),
        (httpx.Response(200, content=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), ContractBroken),
        (httpx.Response(503, headers={"Retry-After": "7"}), Busy),
        (fault("Client"), Refused),
    ],
)
def test_sending_and_asking_say_the_same_of_the_same_trouble(
    told: httpx.Response | Exception, error: type[AdapterError]
) -> None:
    with pytest.raises(error):
        ScriptedPartner(told).adapter().send(birth(), silent)
    fresh = (
        httpx.Response(told.status_code, headers=told.headers, content=told.content)
        if isinstance(told, httpx.Response)
        else told
    )
    with pytest.raises(error):
        ScriptedPartner(fresh).adapter().ask(birth())


def test_a_partner_that_cannot_be_reached_was_sent_nothing() -> None:
    with pytest.raises(NotSent):
        ScriptedPartner(is_reachable=False).adapter().send(birth(), silent)


def test_refused_credentials_are_made_anew_once_and_announced_once() -> None:
    partner = ScriptedPartner(fault("Client.Authentication"), number_answer(ISSUED))
    announced: list[str] = []
    accepted = partner.adapter().send(birth(), lambda: announced.append("sent"))
    assert (accepted.facts["personal_id"], announced) == ("099226000003", ["sent"])


def test_credentials_refused_twice_hold_the_destination() -> None:
    partner = ScriptedPartner(fault("Client.Authentication"), fault("Client.Authentication"))
    with pytest.raises(NotAuthorized):
        partner.adapter().send(birth(), silent)
    assert len(partner.requests) == 2


def test_asking_repeats_the_same_request() -> None:
    partner = ScriptedPartner(httpx.ReadTimeout("lost"), number_answer(ISSUED))
    adapter = partner.adapter()
    with pytest.raises(OutcomeUnknown):
        adapter.send(birth(), silent)
    assert adapter.ask(birth()).facts == {"personal_id": "099226000003"}
    assert partner.requests[0].content == partner.requests[1].content


def test_a_refusal_found_by_asking_is_raised() -> None:
    with pytest.raises(Refused):
        ScriptedPartner(number_answer(DUPLICATE)).adapter().ask(birth())


def test_eight_threads_share_one_adapter() -> None:
    partner = ScriptedPartner(*(number_answer(ISSUED) for _ in range(160)))
    adapter = partner.adapter()
    names = [f"event-{number}.pid" for number in range(160)]
    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(lambda name: adapter.send(birth(name), silent), names))
    adapter.close()
    assert {each.facts["personal_id"] for each in accepted} == {"099226000003"}
    sent = b"".join(request.content for request in partner.requests).decode()
    assert all(sent.count(f">{name}<") == 1 for name in names)
