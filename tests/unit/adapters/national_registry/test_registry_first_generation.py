"""Generation 1 of the registry: XML that survives any name, and what each answer means."""

import json

import pytest
from lxml import etree

from adapters.errors import (
    ContractBroken,
    NotAuthorized,
    OutcomeUnknown,
    Refused,
)
from adapters.national_registry import first_wire
from adapters.national_registry.adapter import NationalRegistry
from adapters.port import FACT_PERSONAL_ID, Absent, Accepted, OutboundMessage, Stage
from tests.support.first_generation import PUSH, RESULT, STATUS, first_message
from tests.support.partner_wire import Announcements, PartnerWire
from tests.support.registry_partner import CONTRACT, HTML, SETTINGS, TAKEN, TOKEN, message
from tests.support.registry_partner import PUSH as PUSH_2

TAKEN_1 = {"status": 1, "value": "Thành công"}


@pytest.fixture
def wire() -> PartnerWire:
    wire = PartnerWire()
    wire.will_answer(TOKEN, {"access_token": "bearer-1", "expires_in": 3600})
    return wire


def failed(code: int, text: str = "không rõ") -> dict[str, object]:
    return {"status": 0, "errorCode": code, "errorDescription": text}


def test_the_paths_are_those_of_the_contract() -> None:
    operations = json.loads((CONTRACT / "operations_gen1.json").read_text("utf-8"))["operations"]
    spoken = (first_wire.PUSH, first_wire.STATUS, first_wire.RESULT)
    paths = {operations[name]["path"] for name in spoken}
    assert paths == {f"{SETTINGS.first_generation_path}/{name}" for name in spoken}


def test_a_dossier_travels_as_xml_text_with_one_token_only(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, TAKEN_1)
    accepted = registry.send(first_message(), announce)
    (body,) = wire.bodies(PUSH)
    assert (accepted.pending, accepted.already_there) == (True, False)
    assert (body["maDonVi"], body["module"], body["ngayTiepNhan"]) == (691, "KS", "2025-06-12")
    root = etree.fromstring(str(body["data"]))
    assert root.findtext("hoso/nksHoTen") == "LÊ THỬ NGHIỆM"
    assert "lgspaccesstoken" not in wire.arrived[-1].headers
    assert announce.arrived_before == [[TOKEN]]


@pytest.mark.parametrize("name", ["A & B", "<B>", "H'HEN", '"TÝ"', "ĐẶNG THỊ ƯỜNG", "]]>", "&amp;"])
def test_a_name_comes_out_of_the_xml_as_it_went_in(name: str) -> None:
    text = first_wire.record_xml({"nksHoTen": name, "ghiChu": None, "trangSo": ""})
    root = etree.fromstring(text)
    assert [(field.tag, field.text) for field in root[0]] == [("nksHoTen", name)]
    assert "null" not in text


def test_fields_keep_the_order_of_the_record() -> None:
    root = etree.fromstring(first_wire.record_xml({"so": "1", "quyenSo": "2", "nksHoTen": "A"}))
    assert [field.tag for field in root[0]] == ["so", "quyenSo", "nksHoTen"]


def test_an_object_has_no_place_in_flat_xml() -> None:
    with pytest.raises(TypeError):
        first_wire.record_xml({"nksNoiSinh": {"maXa": "00691"}})


def test_received_already_is_accepted(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, failed(500, "Hồ sơ đã được tiếp nhận"))
    assert registry.send(first_message(), announce).already_there


@pytest.mark.parametrize(
    ("code", "error"),
    [(101, NotAuthorized), (106, Refused), (108, Refused), (302, Refused), (500, Refused)],
)
def test_each_error_number_of_a_push_has_its_meaning(
    wire: PartnerWire,
    registry: NationalRegistry,
    announce: Announcements,
    code: int,
    error: type[Exception],
) -> None:
    wire.will_answer(PUSH, failed(code))
    with pytest.raises(error):
        registry.send(first_message(), announce)


def test_a_refusal_names_its_field(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, failed(500, "meNgaySinh có định dạng không đúng. Vui lòng kiểm tra lại."))
    with pytest.raises(Refused) as caught:
        registry.send(first_message(), announce)
    assert [fault.field for fault in caught.value.faults] == ["meNgaySinh"]


def test_a_refused_token_is_renewed_once(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(PUSH, failed(100))
    wire.will_answer(TOKEN, {"access_token": "bearer-2", "expires_in": 3600})
    wire.will_answer(PUSH, TAKEN_1)
    assert registry.send(first_message(), announce).pending
    assert wire.arrived[-1].headers["authorization"] == "Bearer bearer-2"
    assert len(announce.arrived_before) == 1


@pytest.mark.parametrize("content", [HTML, b"", b'{"status"', b"[]", b'{"value": "x"}'])
def test_an_answer_that_cannot_be_used_proves_nothing(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements, content: bytes
) -> None:
    wire.will_answer(PUSH, content=content)
    with pytest.raises(OutcomeUnknown):
        registry.send(first_message(), announce)


@pytest.mark.parametrize("body", [{"status": 7}, {"status": 0}])
def test_a_decision_in_other_words_breaks_the_contract(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements, body: object
) -> None:
    wire.will_answer(PUSH, body)
    with pytest.raises(ContractBroken):
        registry.send(first_message(), announce)


def test_a_message_that_is_too_long_is_refused_before_it_leaves(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    huge = "A" * (SETTINGS.message_bytes_max + 1)
    with pytest.raises(Refused) as caught:
        registry.send(first_message(ghiChu=huge), announce)
    assert [fault.field for fault in caught.value.faults] == ["data"]
    assert wire.arrived == []


@pytest.mark.parametrize(("status", "found"), [(1, True), (2, True), (3, True), (4, True)])
def test_a_status_shows_that_the_registry_has_it(
    wire: PartnerWire, registry: NationalRegistry, status: int, *, found: bool
) -> None:
    wire.will_answer(STATUS, {"status": status, "value": "Chờ tiếp nhận"})
    standing = registry.ask(first_message())
    assert isinstance(standing, Accepted) is found
    (body,) = wire.bodies(STATUS)
    assert body == {"maDonVi": 691, "maHoSo": "H08.129-250612-0007"}


def test_no_such_record_is_absent(wire: PartnerWire, registry: NationalRegistry) -> None:
    wire.will_answer(STATUS, failed(201, "RECORD_NOT_FOUND"))
    assert isinstance(registry.ask(first_message()), Absent)


@pytest.mark.parametrize(("body", "error"), [(failed(101), NotAuthorized), (failed(106), ContractBroken)])
def test_a_question_that_fails_says_nothing_about_the_dossier(
    wire: PartnerWire, registry: NationalRegistry, body: object, error: type[Exception]
) -> None:
    wire.will_answer(STATUS, body)
    with pytest.raises(error):
        registry.ask(first_message())


@pytest.mark.parametrize(
    ("status", "stage"),
    [(1, Stage.RECEIVED), (2, Stage.SUPPLEMENT_ASKED), (3, Stage.PROCESSING)],
)
def test_unfinished_dossiers_come_as_stages(
    wire: PartnerWire, registry: NationalRegistry, status: int, stage: Stage
) -> None:
    wire.will_answer(STATUS, {"status": status, "value": "Cần bổ sung giấy tờ"})
    (news,) = registry.fetch([first_message()])
    assert (news.stage, news.partner_code, news.text) == (stage, str(status), "Cần bổ sung giấy tờ")


@pytest.mark.parametrize("as_text", [True, False])
def test_a_finished_dossier_brings_its_facts(
    wire: PartnerWire, registry: NationalRegistry, *, as_text: bool
) -> None:
    result = {"so": "41", "quyenSo": "01/2025", "ngayDangKy": "13/06/2025", "soDinhDanh": "099225000003"}
    wire.will_answer(STATUS, {"status": 4})
    wire.will_answer(RESULT, {"status": 1, "value": json.dumps([result]) if as_text else result})
    (news,) = registry.fetch([first_message()])
    assert news.stage is Stage.COMPLETED
    assert news.facts[FACT_PERSONAL_ID] == "099225000003"
    assert (news.facts["registration_number"], news.facts["registration_date"]) == ("41", "2025-06-13")


def test_a_dossier_is_not_finished_before_its_result_can_be_had(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    wire.will_answer(STATUS, {"status": 4})
    wire.will_answer(RESULT, failed(200, "RECORD_UNCOMPLETE"))
    (news,) = registry.fetch([first_message()])
    assert (news.stage, news.facts) == (Stage.PROCESSING, {})


def test_a_result_that_cannot_be_read_does_not_hide_the_others(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    wire.will_answer(STATUS, {"status": 4})
    wire.will_answer(RESULT, {"status": 1, "value": "no json"})
    wire.will_answer(STATUS, {"status": 3})
    messages = [first_message("H08.129-250612-0001"), first_message("H08.129-250612-0002")]
    (news,) = registry.fetch(messages)
    assert news.request_id == messages[1].request_id


def test_what_the_registry_does_not_have_brings_no_news(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    wire.will_answer(STATUS, failed(201))
    assert registry.fetch([first_message()]) == []


def test_both_generations_go_through_one_adapter(
    wire: PartnerWire, registry: NationalRegistry, announce: Announcements
) -> None:
    wire.will_answer(TOKEN, {"access_token": "bearer-2", "expires_in": 3600})
    wire.will_answer("/lgsp/token", {"access_token": "second-2", "expires_in": 3600})
    wire.will_answer(PUSH, TAKEN_1)
    wire.will_answer(PUSH_2, TAKEN)
    registry.send(first_message(), announce)
    registry.send(message(), announce)
    assert [path for path in wire.paths() if "oken" not in path] == [PUSH, PUSH_2]


def test_an_operation_of_no_generation_is_a_fault_of_ours(registry: NationalRegistry) -> None:
    strange = OutboundMessage(first_message().request_id, "danhMuc", {})
    with pytest.raises(ValueError, match="danhMuc"):
        registry.ask(strange)
