"""Every form of answer of the one-stop system, and what the gateway may do after it."""

import json
from collections.abc import Mapping
from importlib.resources import files

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from adapters.errors import (
    AdapterError,
    Busy,
    ContractBroken,
    NotAuthorized,
    NotSent,
    OutcomeUnknown,
    Refused,
)
from adapters.http import HttpSettings
from adapters.one_stop import wire as words
from adapters.one_stop.adapter import OneStop
from adapters.one_stop.settings import OneStopSettings
from adapters.port import Absent, Accepted, JsonValue, OutboundMessage, RequestId, Stage
from tests.support.partner_wire import BASE_URL, Announcements, PartnerWire

CONTRACT = files("adapters.one_stop") / "contract"
SETTINGS = OneStopSettings(
    HttpSettings(BASE_URL), username="gateway", password=SecretStr("example"), agency_code="000.00.00.H08"
)
LOGIN, DOSSIER, STEP, LOOK_UP = "/api/login", SETTINGS.dossier_path, SETTINGS.step_path, SETTINGS.look_up_path
HTML = b"<html><body>th\xc3\xa0nh c\xc3\xb4ng</body></html>"


def _sample(name: str) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = json.loads((CONTRACT / "samples" / f"{name}.json").read_text("utf-8"))
    return found


def _message(operation: str) -> OutboundMessage:
    items = _sample(operation)["data"]
    assert isinstance(items, list)
    item: Mapping[str, JsonValue] = items[0]
    return OutboundMessage(RequestId(f"request-{operation}"), operation, item)


STEP_MESSAGE, DOSSIER_MESSAGE = _message(words.STEP), _message(words.DOSSIER)
SUCCESS, EXISTS, MISSING = _sample("answer_success"), _sample("answer_exists"), _sample("answer_missing")
EXPIRED, FOUND = _sample("answer_session_expired"), _sample("TraCuuHoSo_answer")


@pytest.fixture
def wire() -> PartnerWire:
    wire = PartnerWire()
    wire.will_answer(LOGIN, _sample("login_answer"))
    return wire


@pytest.fixture
def one_stop(wire: PartnerWire) -> OneStop:
    return OneStop(SETTINGS, wire.channel(), wire.tell_time)


@pytest.fixture
def announce(wire: PartnerWire) -> Announcements:
    return Announcements(wire)


def test_defaults_are_those_of_the_contract() -> None:
    operations = json.loads((CONTRACT / "operations.json").read_text("utf-8"))
    assert {name: each["path"] for name, each in operations["operations"].items()} == {
        "login": LOGIN,
        words.DOSSIER: DOSSIER,
        words.STEP: STEP,
        words.LOOK_UP: LOOK_UP,
    }
    assert operations["limits"]["body_bytes_max"] == SETTINGS.message_bytes_max


def test_bodies_are_those_of_the_contract(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    for path in (DOSSIER, STEP):
        wire.will_answer(path, SUCCESS)
    wire.will_answer(LOOK_UP, FOUND)
    one_stop.send(DOSSIER_MESSAGE, announce)
    one_stop.send(STEP_MESSAGE, announce)
    one_stop.ask(DOSSIER_MESSAGE)
    assert wire.bodies(LOGIN) == [_sample("login")]
    assert wire.bodies(DOSSIER) == [_sample(words.DOSSIER)]
    assert wire.bodies(STEP) == [_sample(words.STEP)]
    assert wire.bodies(LOOK_UP) == [_sample(words.LOOK_UP)]
    assert announce.arrived_before == [[LOGIN], [LOGIN, DOSSIER]]


def test_a_dossier_that_exists_is_repeated_as_an_update_in_the_same_attempt(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    wire.will_answer(DOSSIER, EXISTS)
    wire.will_answer(DOSSIER, SUCCESS)
    accepted = one_stop.send(DOSSIER_MESSAGE, announce)
    assert (accepted.already_there, accepted.pending) == (True, False)
    assert [body["isUpdating"] for body in wire.bodies(DOSSIER)] == ["False", "True"]
    assert len(announce.arrived_before) == 1


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([EXISTS, MISSING], Refused),
        ([EXISTS, {"error_code": "3", "message": "server error"}], OutcomeUnknown),
        ([MISSING], Refused),
    ],
)
def test_an_update_that_fails_is_no_acceptance(
    wire: PartnerWire,
    one_stop: OneStop,
    announce: Announcements,
    answers: list[object],
    outcome: type[AdapterError],
) -> None:
    for answer in answers:
        wire.will_answer(DOSSIER, answer)
    with pytest.raises(outcome):
        one_stop.send(DOSSIER_MESSAGE, announce)
    assert len(wire.bodies(DOSSIER)) == len(answers)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, MISSING, Refused),
        (200, _sample("answer_logic"), Refused),
        (200, {"error_code": 3, "thongBao": "Trường TrangThai không hợp lệ"}, Refused),
        (400, {"error_code": "3", "message": "Sai"}, Refused),
        (200, {"error_code": "3", "message": "Hồ sơ chưa cập nhật trạng thái"}, Busy),
        (200, {"error_code": "3", "message": "Client received SOAP Fault"}, OutcomeUnknown),
        (500, {"message": "Internal Server Error"}, OutcomeUnknown),
        (500, {"error_code": "00", "message": "Cập nhật thành công"}, OutcomeUnknown),
        (502, {}, OutcomeUnknown),
        (200, {"error_code": "17"}, ContractBroken),
        (200, {}, OutcomeUnknown),
        (200, [SUCCESS], OutcomeUnknown),
        (403, {}, NotAuthorized),
        (429, {}, Busy),
    ],
)
def test_each_answer_has_one_meaning(
    wire: PartnerWire,
    one_stop: OneStop,
    announce: Announcements,
    status: int,
    body: object,
    outcome: type[AdapterError],
) -> None:
    wire.will_answer(STEP, body, status=status)
    with pytest.raises(outcome) as caught:
        one_stop.send(STEP_MESSAGE, announce)
    assert type(caught.value) is outcome


@pytest.mark.parametrize(
    "content", [HTML, b"", b'{"error_code": "00", "mess', b'{"error_code":"0","error_code":"3"}']
)
def test_an_unusable_answer_leaves_the_outcome_unknown(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements, content: bytes
) -> None:
    wire.will_answer(STEP, content=content)
    with pytest.raises(OutcomeUnknown):
        one_stop.send(STEP_MESSAGE, announce)


def test_a_refusal_keeps_code_and_words(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    wire.will_answer(STEP, MISSING)
    with pytest.raises(Refused) as caught:
        one_stop.send(STEP_MESSAGE, announce)
    evidence = caught.value.evidence
    assert evidence is not None
    assert (evidence.partner_code, evidence.partner_text) == ("3", MISSING["message"])
    assert [fault.text for fault in caught.value.faults] == [MISSING["message"]]


def test_a_step_that_the_dossier_is_past_counts_as_accepted(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    text = "Hồ sơ đã trả kết quả, không được cập nhật trạng thái"
    wire.will_answer(STEP, {"error_code": "3", "message": text})
    assert one_stop.send(STEP_MESSAGE, announce).already_there


@pytest.mark.parametrize(("status", "body"), [(200, EXPIRED), (401, {})])
def test_an_expired_session_is_renewed_once_within_the_attempt(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements, status: int, body: object
) -> None:
    wire.will_answer(LOGIN, {"session": "second-session", "error_code": 0})
    wire.will_answer(STEP, body, status=status)
    wire.will_answer(STEP, SUCCESS)
    assert not one_stop.send(STEP_MESSAGE, announce).already_there
    assert [each["session"] for each in wire.bodies(STEP)] == ["example-session", "second-session"]
    assert len(announce.arrived_before) == 1


def test_a_session_refused_twice_is_not_authorised(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    wire.will_answer(LOGIN, {"session": "second-session", "error_code": 0})
    wire.will_answer(STEP, EXPIRED)
    wire.will_answer(STEP, EXPIRED)
    with pytest.raises(NotAuthorized):
        one_stop.send(STEP_MESSAGE, announce)


def test_a_session_is_kept_for_its_time(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    for _ in range(3):
        wire.will_answer(STEP, SUCCESS)
    one_stop.send(STEP_MESSAGE, announce)
    wire.pass_time(SETTINGS.session_seconds - 1)
    one_stop.send(STEP_MESSAGE, announce)
    wire.pass_time(1)
    wire.will_answer(LOGIN, {"session": "second-session", "error_code": 0})
    one_stop.send(STEP_MESSAGE, announce)
    assert wire.paths().count(LOGIN) == 2


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"error_code": 1, "message": "Sai mật khẩu"}, NotAuthorized),
        (401, {}, NotAuthorized),
        (500, {}, NotSent),
        (200, {"error_code": 0}, NotSent),
        (200, {"session": "x"}, NotSent),
    ],
)
def test_without_a_session_nothing_is_sent(
    announce: Announcements, status: int, body: object, outcome: type[AdapterError]
) -> None:
    wire = PartnerWire()
    tries = 2 if outcome is NotSent else 1
    for _ in range(tries):
        wire.will_answer(LOGIN, body, status=status)
    with pytest.raises(outcome):
        OneStop(SETTINGS, wire.channel(), wire.tell_time).send(STEP_MESSAGE, announce)
    assert (wire.paths(), announce.arrived_before) == ([LOGIN] * tries, [])


def test_a_login_that_breaks_off_has_sent_nothing(announce: Announcements) -> None:
    wire = PartnerWire()
    for _ in range(2):
        wire.will_fail(LOGIN, httpx.ReadTimeout("silent"))
    with pytest.raises(NotSent):
        OneStop(SETTINGS, wire.channel(), wire.tell_time).send(STEP_MESSAGE, announce)
    assert announce.arrived_before == []


@pytest.mark.parametrize("message", [STEP_MESSAGE, DOSSIER_MESSAGE])
def test_asking_finds_dossier_and_step(
    wire: PartnerWire, one_stop: OneStop, message: OutboundMessage
) -> None:
    wire.will_answer(LOOK_UP, FOUND)
    standing = one_stop.ask(message)
    assert isinstance(standing, Accepted)
    assert standing.already_there


@pytest.mark.parametrize("field", ["TrangThai", "ThoiDiemXuLy"])
def test_another_step_of_the_dossier_is_not_this_one(
    wire: PartnerWire, one_stop: OneStop, field: str
) -> None:
    wire.will_answer(LOOK_UP, FOUND)
    other = OutboundMessage(RequestId("other"), words.STEP, {**STEP_MESSAGE.body, field: "4"})
    assert isinstance(one_stop.ask(other), Absent)


@pytest.mark.parametrize(
    "body", [MISSING, {"error_code": "00", "result": []}, {"error_code": "00", "result": [{"MaHoSo": "H99"}]}]
)
def test_a_dossier_that_is_not_held_is_absent(wire: PartnerWire, one_stop: OneStop, body: object) -> None:
    wire.will_answer(LOOK_UP, body)
    assert isinstance(one_stop.ask(STEP_MESSAGE), Absent)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (_sample("answer_logic"), ContractBroken),
        ({"error_code": "3", "message": "server error"}, OutcomeUnknown),
        ({}, OutcomeUnknown),
    ],
)
def test_a_question_that_failed_is_no_statement_about_the_dossier(
    wire: PartnerWire, one_stop: OneStop, body: object, outcome: type[AdapterError]
) -> None:
    wire.will_answer(LOOK_UP, body)
    with pytest.raises(outcome):
        one_stop.ask(STEP_MESSAGE)


def test_news_tells_state_time_and_actor(wire: PartnerWire, one_stop: OneStop) -> None:
    wire.will_answer(LOOK_UP, FOUND)
    (news,) = one_stop.fetch([STEP_MESSAGE])
    assert (news.request_id, news.stage, news.partner_code) == (
        STEP_MESSAGE.request_id,
        Stage.COMPLETED,
        "9",
    )
    assert news.occurred_at is not None
    assert news.occurred_at.isoformat() == "2026-11-02T03:22:31+00:00"
    assert (news.actor, news.text) == (
        "Trần Văn Mẫu, Công chức, UBND phường",
        "Đã đăng ký, số 41 quyển 01/2026",
    )
    assert one_stop.fetch_limit == 1


def test_an_unknown_state_is_left_out_and_logged(wire: PartnerWire, one_stop: OneStop) -> None:
    wire.will_answer(LOOK_UP, {"error_code": "00", "result": [{"MaHoSo": "H08.129-261102-0012"}]})
    with capture_logs() as logs:
        assert one_stop.fetch([DOSSIER_MESSAGE]) == []
    assert [log["event"] for log in logs] == ["partner_item_unreadable"]


def test_the_stages_are_those_of_the_contract() -> None:
    rows = (CONTRACT / "codes" / "dossier_status.csv").read_text("utf-8").splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == set(words.STAGES)


def test_a_message_that_is_too_long_is_refused_before_it_leaves(
    wire: PartnerWire, announce: Announcements
) -> None:
    settings = OneStopSettings(
        HttpSettings(BASE_URL), "gateway", SecretStr("example"), "000.00.00.H08", message_bytes_max=100
    )
    with pytest.raises(Refused):
        OneStop(settings, wire.channel(), wire.tell_time).send(STEP_MESSAGE, announce)
    assert (wire.paths(), announce.arrived_before) == ([LOGIN], [])


def test_an_operation_of_another_partner_is_a_mistake_of_ours(
    one_stop: OneStop, announce: Announcements
) -> None:
    with pytest.raises(ValueError, match="other"):
        one_stop.send(OutboundMessage(RequestId("x"), "other", {}), announce)
