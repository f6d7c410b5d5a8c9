"""Dossiers before their registration: handed on as they are, events once the registry has entered them."""

import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
)
from gateway.bootstrap.declaring import build_registering
from gateway.bootstrap.surroundings import Surroundings
from gateway.deliver.assignment import Shelves, read_assignment
from gateway.deliver.translate import translate
from gateway.model.declaring import DeclarationState
from gateway.model.ids import DeliveryId, EventId
from gateway.model.outcome import NotTranslated
from gateway.storage.ports import Role
from mappings.catalog import load_catalog
from tests.support.dialects import (
    AUTUMN,
    CORRECTION,
    ELECTRONIC_MARRIAGE,
    FIRST,
    FIRST_BIRTH_XML,
    FIRST_DAY,
    GIA_LAI,
    LINKED_BIRTH,
    LINKED_DEATH,
    SECOND,
    WHOLE_BIRTH,
    client_on,
    fields_of,
    first_push,
    post,
    registry_finished,
    second_push,
    stored_event,
)
from tests.support.edge_desk import Badge, EdgeDesk

PUSH_1, PUSH_2 = f"{FIRST}/dangKyHoTich", f"{SECOND}/nhanHoSoDKHT"
POLL, STATUS, RESULT = f"{SECOND}/layKetQuaHoSoDKHT", f"{FIRST}/traTrangThaiHoSo", f"{FIRST}/ketQuaDangKyHS"
CODE: Final = "H21.129-250705-0012"
ENTRY: Final = {
    FACT_REGISTRATION_DATE: "2025-10-06",
    FACT_REGISTRATION_NUMBER: "41",
    FACT_REGISTRATION_VOLUME: "01/2025",
    FACT_REGISTRATION_PAGE: "41",
}
NUMBER: Final = "099225000003"


def _pushed(desk: EdgeDesk, record: dict[str, Any], module: str, **changes: object) -> dict[str, Any]:
    answer = post(desk, PUSH_2, second_push(record, module, **changes), client_on(desk, AUTUMN))
    assert answer.json()["status"] == "1", answer.text
    return dict(answer.json()["receipt"])


def _operator(desk: EdgeDesk) -> Badge:
    return desk.badge(f"operator-{desk.clock():%d%H%M}", Role.OPERATOR, Role.CONSUMER, authorities=GIA_LAI)


def _register(desk: EdgeDesk, seconds: float = 60) -> int:
    """A while later the chore has its turn."""
    desk.clock.advance(seconds)
    gateway = desk.gateway
    around = Surroundings(desk.clock, lambda: 0.5, secrets.token_bytes)
    return build_registering(around, gateway.settings, gateway.stores, load_catalog(), lambda: None).run()


def _poll(desk: EdgeDesk, module: str, badge: Badge) -> dict[str, Any]:
    question = {"maDinhDanhHoSo": [CODE], "maTinh": "52", "module": module}
    (item,) = post(desk, POLL, question, badge).json()["value"]
    return dict(item)


def _course(desk: EdgeDesk, receipt: dict[str, Any]) -> Any:  # noqa: ANN401 - a course, or nothing
    stores, event_id = desk.gateway.stores, EventId(receipt["event_id"])
    with stores.database.read() as transaction:
        return stores.declarations.find_all(transaction, [event_id]).get(event_id)


def _event_of(desk: EdgeDesk, receipt: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    registered = _course(desk, receipt).registered_event_id
    with desk.gateway.stores.database.read() as transaction:
        content = desk.gateway.stores.events.content_of(transaction, registered)
    return registered, json.loads(content)


def _changes_of(desk: EdgeDesk, receipt: dict[str, Any]) -> list[str]:
    changes = desk.call("GET", "/api/v1/changes", _operator(desk)).json()["changes"]
    return [each["change"] for each in changes if each["event_id"] == receipt["event_id"]]


def _sent(desk: EdgeDesk, receipt: dict[str, Any], destination: str = "national_registry") -> dict[str, Any]:
    """The message as the destination would get it now."""
    stores = desk.gateway.stores
    shelves = Shelves(stores.events, stores.deliveries, stores.feed, stores.queue)
    name = next(each["delivery_id"] for each in receipt["deliveries"] if each["destination"] == destination)
    with stores.database.read() as transaction:
        assignment = read_assignment(shelves, transaction, DeliveryId(name))
    made = translate(assignment, load_catalog(), desk.clock())
    assert not isinstance(made, NotTranslated), made
    return dict(made.body)


def test_the_example_of_generation_1_as_it_stands_is_taken(desk: EdgeDesk) -> None:
    answer = post(desk, PUSH_1, first_push(FIRST_BIRTH_XML), client_on(desk, FIRST_DAY))
    body = answer.json()
    assert (body["status"], body["value"]) == (1, "Thành công"), body
    declared = stored_event(desk, answer)
    assert declared["event_type"] == "declaration"
    assert "number" not in declared["declared"]["registration"]
    assert declared["received_at"] == "2025-06-12T00:00:00+07:00"
    sent = _sent(desk, body["receipt"])
    assert (sent["module"], sent["maHoSo"]) == ("KS", "H21.129-250612-0007")
    assert not {"so", "quyenSo", "trangSo", "ngayDangKy", "loaiDangKy"} & sent["data"].keys()
    assert sent["data"]["nksHoTen"] == "LÊ THỬ NGHIỆM"


def test_the_linked_birth_of_the_contract_as_it_stands_is_taken(desk: EdgeDesk) -> None:
    """It says neither the entry nor what the clerk will write: nationality, and which parents are known."""
    badge = client_on(desk, AUTUMN)
    answer = post(desk, PUSH_2, second_push(LINKED_BIRTH), badge)
    assert answer.json()["status"] == "1", answer.text
    assert {each["field"] for each in answer.json()["warnings"]} == {"nksQuocTich", "nksLoaiKhaiSinh"}
    sent = _sent(desk, answer.json()["receipt"])["data"]
    assert sent == {
        **{name: LINKED_BIRTH[name] for name in LINKED_BIRTH if name != "meLoaiCuTru"},
        "nksNgaySinhBangChu": sent["nksNgaySinhBangChu"],
    }


@pytest.mark.parametrize(
    ("record", "module", "event_type"),
    [
        (LINKED_BIRTH, "LTKS", "birth"),
        (LINKED_DEATH, "LTKT", "death"),
        (ELECTRONIC_MARRIAGE, "LTKH", "marriage"),
        (CORRECTION, "TDCC", "civil_status_change"),
    ],
)
def test_every_real_dossier_becomes_its_event_when_the_registry_has_entered_it(
    desk: EdgeDesk, record: dict[str, Any], module: str, event_type: str
) -> None:
    receipt = _pushed(desk, record, module, ngayTiepNhan="01/08/2025 ")
    assert {each["destination"] for each in receipt["deliveries"]} == {"national_registry", "one_stop"}
    assert _register(desk) == 0
    registry_finished(desk, receipt, entry=ENTRY)
    assert _register(desk) == 1
    event_id, event = _event_of(desk, receipt)
    assert event["event_type"] == event_type
    place = event["registration"]
    assert (place["number"], place["volume"], place["page"]) == ("41", "01/2025", "41")
    assert place["registered_at"] == "2025-10-06T10:01:00+07:00"
    told = desk.call("GET", f"/api/v1/events/{event_id}", _operator(desk)).json()
    assert told["source_event_id"] == f"{module}/{CODE}"
    assert not {"national_registry", "one_stop"} & {each["destination"] for each in told["deliveries"]}
    assert _register(desk) == 0


def test_a_registered_birth_with_its_number_needs_none_from_the_population_database(desk: EdgeDesk) -> None:
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    registry_finished(desk, receipt, entry={**ENTRY, FACT_PERSONAL_ID: NUMBER})
    _register(desk)
    event_id, event = _event_of(desk, receipt)
    assert event["child"]["personal_id"] == NUMBER
    assert event["child"]["nationality"] == "VN"
    assert event["unknown"] == ["father"]
    journey = desk.call("GET", f"/api/v1/events/{event_id}", _operator(desk)).json()
    assert "personal_id_request" not in {each["message"] for each in journey["deliveries"]}


def test_a_birth_without_number_asks_for_one_and_is_due_twelve_hours_after_its_registration(
    desk: EdgeDesk,
) -> None:
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    registry_finished(desk, receipt, entry=ENTRY)
    _register(desk)
    event_id, event = _event_of(desk, receipt)
    journey = desk.call("GET", f"/api/v1/events/{event_id}", _operator(desk)).json()
    assert [each["message"] for each in journey["deliveries"]] == ["personal_id_request"]
    assert event["registration"]["kind"] == "on_time"
    due_at = datetime.fromisoformat(event["registration"]["registered_at"]) + timedelta(hours=12)
    assert datetime.fromisoformat(journey["due_at"]) == due_at


def test_the_poll_goes_from_waiting_to_registered(desk: EdgeDesk) -> None:
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    badge = client_on(desk, AUTUMN)
    before = _poll(desk, "LTKS", badge)
    assert (before["trangThai"], before["event_id"]) == ("1", receipt["event_id"])
    assert "ketQuaXuLy" not in before
    registry_finished(desk, receipt, "supplement_asked", "Thiếu giấy chứng sinh")
    assert (_poll(desk, "LTKS", badge)["trangThai"], _poll(desk, "LTKS", badge)["noiDungXuLy"]) == (
        "2",
        "Thiếu giấy chứng sinh",
    )
    registry_finished(desk, receipt, entry={**ENTRY, FACT_PERSONAL_ID: NUMBER})
    told = {
        "ngayDangKy": "06/10/2025",
        "soDangKy": "41",
        "quyenSo": "01/2025",
        "trangSo": "41",
        "soDinhDanh": NUMBER,
    }
    at_once = _poll(desk, "LTKS", badge)
    assert at_once["trangThai"] == "4"
    assert at_once["ketQuaXuLy"].items() >= told.items()
    _register(desk)
    after = _poll(desk, "LTKS", client_on(desk, desk.clock()))
    assert after["ketQuaXuLy"].items() >= told.items()
    assert after["event_id"] == _course(desk, receipt).registered_event_id


def test_what_the_clerk_refuses_is_told_as_refused(desk: EdgeDesk) -> None:
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    registry_finished(desk, receipt, "refused", "Trẻ đã được đăng ký khai sinh")
    assert _poll(desk, "LTKS", client_on(desk, AUTUMN))["trangThai"] == "6"
    journey = desk.call("GET", f"/api/v1/events/{receipt['event_id']}", _operator(desk)).json()
    assert journey["declaration"]["state"] == "refused"
    assert _register(desk) == 0


def test_generation_1_asks_for_status_and_result(desk: EdgeDesk) -> None:
    badge = client_on(desk, FIRST_DAY)
    receipt = post(desk, PUSH_1, first_push(FIRST_BIRTH_XML), badge).json()["receipt"]
    question = {"maDonVi": 23941, "maHoSo": "H21.129-250612-0007"}
    assert post(desk, STATUS, question, badge).json()["status"] == 1
    assert post(desk, RESULT, question, badge).json()["errorCode"] == 200
    registry_finished(desk, receipt, entry={**ENTRY, FACT_REGISTRATION_DATE: "2025-06-12"})
    for _ in range(2):  # before there is an event, and after
        told = json.loads(post(desk, RESULT, question, badge).json()["value"])
        assert (told["so"], told["quyenSo"], told["ngayDangKy"]) == ("41", "01/2025", "12/06/2025")
        _register(desk)


def test_the_same_dossier_again_was_received_already(desk: EdgeDesk) -> None:
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    desk.clock.advance(600)
    badge = desk.badges[f"at-{AUTUMN:%Y%m%d}"]
    again = post(desk, PUSH_2, second_push(LINKED_BIRTH), badge).json()
    assert again["errorDescription"] == "Hồ sơ đã được tiếp nhận"
    assert again["receipt"]["event_id"] == receipt["event_id"]
    other = second_push({**LINKED_BIRTH, "nksHoTen": "PHẠM KHÁC"})
    refused = post(desk, PUSH_2, other, badge)
    assert (refused.json()["status"], fields_of(refused)) == ("0", {"maHoSoMCDT"})
    stranger = desk.badge("other-office", authorities=GIA_LAI)
    refused = post(desk, PUSH_2, second_push(LINKED_BIRTH), stranger)
    assert (refused.json()["status"], fields_of(refused)) == ("0", {"maHoSoMCDT"})


def test_the_sender_may_hand_in_the_entry_himself(desk: EdgeDesk) -> None:
    """Then that event is what the declaration became: nothing is made a second time."""
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    own = post(
        desk, PUSH_2, second_push({**WHOLE_BIRTH, "ngayDangKy": "06.10.2025"}), client_on(desk, AUTUMN)
    ).json()
    assert own["status"] == "1", own
    registry_finished(desk, receipt, entry=ENTRY)
    assert _register(desk) == 1
    course = _course(desk, receipt)
    assert (course.state, course.registered_event_id) == (
        DeclarationState.REGISTERED,
        own["receipt"]["event_id"],
    )


def test_a_child_that_is_registered_already_is_not_declared_again(desk: EdgeDesk) -> None:
    first = post(
        desk, PUSH_2, second_push({**WHOLE_BIRTH, "ngayDangKy": "06.10.2025"}), client_on(desk, AUTUMN)
    )
    assert first.json()["status"] == "1", first.text
    again = second_push({**WHOLE_BIRTH, **dict.fromkeys(("so", "quyenSo", "trangSo", "ngayDangKy"), "")})
    push = {**again, "maHoSoMCDT": "H21.129-250705-0099", "maHoSoLT": "G22.99.01-250705-0099"}
    refused = post(desk, PUSH_2, push, client_on(desk, AUTUMN))
    assert refused.json()["status"] == "0", refused.text
    (fault,) = refused.json()["errors"]
    assert fault["code"] == "event_already_registered"


def test_what_speaks_against_the_event_is_kept_for_a_person(desk: EdgeDesk) -> None:
    """The registry tells an entry that a stranger's event has."""
    stranger = desk.badge("other-office", authorities=GIA_LAI)
    taken = {**WHOLE_BIRTH, "ngayDangKy": "06.10.2025", "nksHoTen": "TRẦN VĂN BỐN", "meHoTen": "TRẦN THỊ NĂM"}
    del taken["meSoDDCN"]
    desk.clock.now = AUTUMN
    other = second_push(taken, maHoSoMCDT="H21.129-250705-0077", maHoSoLT="G22.99.01-250705-0077")
    assert post(desk, PUSH_2, other, stranger).json()["status"] == "1"
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    registry_finished(desk, receipt, entry=ENTRY)
    assert _register(desk) == 0
    course = _course(desk, receipt)
    assert course.state is DeclarationState.NOT_ENTERED
    assert [each.code for each in course.problems] == ["entry_already_registered"]
    assert _register(desk) == 0
    told = _changes_of(desk, receipt)
    assert told[-2:] == ["declaration.not_entered", "question.asked"]
    journey = desk.call("GET", f"/api/v1/events/{receipt['event_id']}", _operator(desk)).json()
    assert journey["declaration"]["state"] == "not_entered"
    assert journey["declaration"]["registered_event_id"] is None
    assert journey["declaration"]["problems"][0]["code"] == "entry_already_registered"


def test_a_person_has_the_event_made_once_more_when_nothing_stands_in_its_way_any_longer(
    desk: EdgeDesk,
) -> None:
    """The day that the registry first told was wrong; it tells another, and a person says: again."""
    receipt = _pushed(desk, LINKED_BIRTH, "LTKS")
    registry_finished(desk, receipt, entry={**ENTRY, FACT_REGISTRATION_DATE: "2035-10-06"})
    assert _register(desk) == 0
    operator = _operator(desk)
    (line,) = desk.call("GET", "/api/v1/questions?kind=not_entered", operator).json()["questions"]
    assert (line["event_id"], line["reason"]) == (receipt["event_id"], "registered_in_future")
    page = desk.call("GET", f"/api/v1/questions/{line['question_id']}", operator).json()
    assert [each["answer"] for each in page["allowed"]] == ["try_again", "set_aside"]
    assert page["others"] == []
    assert [each["code"] for each in page["problems"]] == ["registered_in_future"]
    registry_finished(desk, receipt, entry=ENTRY)
    assert _register(desk) == 0
    answer = desk.call(
        "POST",
        f"/api/v1/questions/{line['question_id']}/answer",
        operator,
        json={"answer": "try_again", "reason": "Bộ phận đăng ký đã sửa ngày"},
        headers={"Idempotency-Key": "again-1"},
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    assert _register(desk) == 1
    event_id, _ = _event_of(desk, receipt)
    told = desk.call("GET", f"/api/v1/events/{event_id}", _operator(desk)).json()["declaration"]
    assert (told["event_id"], told["state"], told["registered_event_id"]) == (
        receipt["event_id"],
        "registered",
        event_id,
    )
    assert _changes_of(desk, receipt)[-1] == "declaration.registered"


def test_a_dossier_without_a_day_of_intake_or_a_one_stop_code_is_refused_by_name(desk: EdgeDesk) -> None:
    badge = client_on(desk, AUTUMN)
    without_day = post(desk, PUSH_2, second_push(LINKED_BIRTH, ngayTiepNhan=""), badge)
    assert fields_of(without_day) == {"ngayTiepNhan"}
    made_up = second_push(LINKED_BIRTH, "KS", maHoSoMCDT="23941-KS-2025-41", maHoSoLT="23941-KS-2025-41")
    assert fields_of(post(desk, PUSH_2, made_up, badge)) == {"maHoSoMCDT"}


def test_an_event_of_this_type_cannot_be_handed_in_as_one(desk: EdgeDesk) -> None:
    answer = post(desk, PUSH_2, second_push(LINKED_BIRTH), client_on(desk, AUTUMN))
    refused = desk.post(stored_event(desk, answer), client_on(desk, AUTUMN))
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert [each["code"] for each in refused.json()["errors"]] == ["event_type_unknown"]


def test_two_processes_make_one_event(desk_on_both: EdgeDesk) -> None:
    desk = desk_on_both
    receipt = _pushed(desk, LINKED_DEATH, "LTKT", ngayTiepNhan="01/08/2025")
    registry_finished(desk, receipt, entry=ENTRY)
    stores = desk.gateway.stores
    with stores.database.read() as transaction:
        ready = stores.declarations.list_told(transaction, 10)
    assert ready == [receipt["event_id"]]
    assert _register(desk) == 1
    first = _course(desk, receipt)
    with stores.database.write() as transaction:  # as if the first had died before it could write it down
        stores.declarations.put(transaction, first)
        assert not stores.declarations.put(
            transaction, replace(first, state=DeclarationState.NOT_ENTERED, registered_event_id=None)
        )
    assert _course(desk, receipt) == first


def test_a_declared_supplement_becomes_a_remark_without_a_number(desk: EdgeDesk) -> None:
    """What is told is the place of the entry that it is written in."""
    blank_before = [{"truong": "meNgaySinh", "giaTriMoi": "1961"}]
    supplement = {**CORRECTION, "viecDangKy": "Bổ sung hộ tịch", "thayDoi": blank_before}
    receipt = _pushed(desk, supplement, "TDCC")
    registry_finished(desk, receipt, entry=ENTRY)
    assert _register(desk) == 1
    _, event = _event_of(desk, receipt)
    place = event["registration"]
    assert (place["kind"], place["book_code"]) == ("remark", "KS")
    assert place.keys().isdisjoint({"number", "volume", "page"})
