"""Every form of answer of the linked service, and what the gateway may do after it."""

import json
from importlib.resources import files

import httpx
import pytest
from pydantic import SecretStr

from adapters.credential import LOGIN_TRIES
from adapters.errors import Busy, ContractBroken, NotAuthorized, NotSent, OutcomeUnknown, Refused
from adapters.http import HttpSettings
from adapters.one_stop.adapter import OneStop
from adapters.one_stop.linked_service import STATUS
from adapters.one_stop.settings import OneStopSettings
from adapters.port import Absent, Accepted, JsonValue, OutboundMessage, RequestId, Stage
from tests.support.partner_wire import BASE_URL, Announcements, PartnerWire

CONTRACT = files("adapters.one_stop") / "contract"
SETTINGS = OneStopSettings(
    HttpSettings(BASE_URL),
    username="gateway",
    password=SecretStr("example"),
    agency_code="000.00.00.H08",
    linked_secret_id="linked",
    linked_secret_pass=SecretStr("other"),
)
TOKEN, PATH = SETTINGS.linked_token_path, SETTINGS.linked_status_path
HTML = b"<html>th\xc3\xa0nh c\xc3\xb4ng</html>"


def _sample(name: str) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = json.loads((CONTRACT / "samples" / f"{name}.json").read_text("utf-8"))
    return found


def _message(status: str = "7", **changed: JsonValue) -> OutboundMessage:
    return OutboundMessage(RequestId(status), STATUS, {**_sample(STATUS), "trangThai": status, **changed})


def _said(errors: object) -> dict[str, object]:
    return {**_sample("linked_answer_order"), "errors": errors}


DOSSIER = f"{SETTINGS.linked_dossier_path}/{_sample(STATUS)['soHoSoLT']}"
GRANTED = {**_sample("linked_token_answer"), "token": "token-1"}
SUCCESS, SHOWN = _sample("linked_answer_success"), _sample("linked_dossier")


@pytest.fixture
def wire() -> PartnerWire:
    wire = PartnerWire()
    wire.will_answer(TOKEN, GRANTED)
    return wire


@pytest.fixture
def one_stop(wire: PartnerWire) -> OneStop:
    return OneStop(SETTINGS, wire.channel(), wire.tell_time)


@pytest.fixture
def announce(wire: PartnerWire) -> Announcements:
    return Announcements(wire)


def test_paths_are_those_of_the_contract() -> None:
    operations = json.loads((CONTRACT / "operations.json").read_text("utf-8"))["linked_service"]["operations"]
    assert operations["token"]["path"] == TOKEN
    assert operations[STATUS]["path"] == PATH
    assert operations["hosolienthong"]["path"] == f"{SETTINGS.linked_dossier_path}/{{soHoSoLT}}"


def test_a_state_goes_with_the_service_s_own_token(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    wire.will_answer(PATH, SUCCESS)
    accepted = one_stop.send(_message(), announce)
    assert (accepted.already_there, accepted.pending) == (False, False)
    assert wire.bodies(TOKEN) == [{"SecretId": "linked", "SecretPass": "other"}]
    assert wire.bodies(PATH) == [_sample(STATUS)]
    assert wire.arrived[-1].headers["authorization"] == f"Bearer {GRANTED['token']}"
    assert announce.arrived_before == [[TOKEN]]


def test_without_a_pair_of_its_own_the_account_is_used() -> None:
    bare = OneStopSettings(HttpSettings(BASE_URL), "gateway", SecretStr("example"), "000.00.00.H08")
    name, secret = bare.linked_pair
    assert (name, secret.get_secret_value()) == ("gateway", "example")


def test_a_result_is_watched_until_it_is_handed_over(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    wire.will_answer(PATH, SUCCESS)
    assert one_stop.send(_message("4"), announce).pending


@pytest.mark.parametrize(
    ("code", "stage"),
    [("4", None), ("9", None), ("10", Stage.COMPLETED), ("7", Stage.REFUSED), ("8", Stage.REFUSED)],
)
def test_only_the_end_at_the_desk_is_news_for_a_result(
    wire: PartnerWire, one_stop: OneStop, code: str, stage: Stage | None
) -> None:
    wire.will_answer("/api/login", _sample("login_answer"))
    found = {**_sample("TraCuuHoSo_answer")}
    step = {"TrangThai": code, "ThoiDiemXuLy": "20261124093000"}
    found["result"] = [{"MaHoSo": _sample(STATUS)["maHoSo"], "TrangThaiHoSo": code, "DanhSachTienDo": [step]}]
    wire.will_answer(SETTINGS.look_up_path, found)
    news = one_stop.fetch([_message("4")])
    assert [(each.stage, each.partner_code) for each in news] == ([] if stage is None else [(stage, code)])


@pytest.mark.parametrize(
    "sentence",
    [
        "Hồ sơ G22 đã có kết quả xử lý. Không thể cập nhật trạng thái",
        "Hồ sơ G22 đã trả kết quả, không được cập nhật trạng thái",
    ],
)
def test_what_is_past_this_state_has_it(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements, sentence: str
) -> None:
    wire.will_answer(PATH, _said(sentence), status=400)
    assert one_stop.send(_message(), announce).already_there


def test_a_refused_dossier_takes_no_result_but_has_its_refusal(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    for _ in range(2):
        wire.will_answer(PATH, _said("Hồ sơ G22 bị từ chối. Không thể cập nhật trạng thái"), status=400)
    with pytest.raises(Refused):
        one_stop.send(_message("4"), announce)
    assert one_stop.send(_message("6"), announce).already_there


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (_said("Hồ sơ G22 chưa cập nhật trạng thái 3"), 400, Busy),
        (_said("Logic xử lý không hợp lệ"), 400, Refused),
        (_said({"soHoSoLT[0]": ["soHoSoLT không hợp lệ"]}), 400, Refused),
        (_said("Hồ sơ G22 không tồn tại"), 400, Refused),
        (_said("Client received SOAP Fault from server"), 400, OutcomeUnknown),
        (_said(None) | {"title": "Có lỗi xảy ra"}, 400, ContractBroken),
        ({"data": [], "success": "maybe"}, 200, OutcomeUnknown),
        (_said("Cập nhật thành công một phần"), 400, Refused),
    ],
)
def test_every_other_answer_says_what_may_be_done(
    wire: PartnerWire,
    one_stop: OneStop,
    announce: Announcements,
    body: object,
    status: int,
    outcome: type[Exception],
) -> None:
    wire.will_answer(PATH, body, status=status)
    with pytest.raises(outcome):
        one_stop.send(_message(), announce)


def test_a_page_in_place_of_an_answer_proves_nothing(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    wire.will_answer(PATH, content=HTML)
    with pytest.raises(OutcomeUnknown):
        one_stop.send(_message(), announce)


@pytest.mark.parametrize(("status", "kind"), [("1", Accepted), ("3", Accepted), ("7", Absent)])
def test_asking_looks_for_the_state(
    wire: PartnerWire, one_stop: OneStop, status: str, kind: type[object]
) -> None:
    wire.will_answer(DOSSIER, SHOWN)
    assert isinstance(one_stop.ask(_message(status)), kind)


def test_a_supplement_is_known_by_its_time(wire: PartnerWire, one_stop: OneStop) -> None:
    first, second = "03/11/2026 09:00:00", "05/11/2026 09:00:00"
    states = [{"trangThai": "2", "thoiGianThucHien": first}]
    for _ in range(2):
        wire.will_answer(DOSSIER, {"data": {"maHoSo": "G22", "danhSachTrangThai": states}})
    assert isinstance(one_stop.ask(_message("2", thoiGianThucHien=first)), Accepted)
    assert isinstance(one_stop.ask(_message("2", thoiGianThucHien=second)), Absent)


def test_a_dossier_that_is_not_there_shows_no_state(wire: PartnerWire, one_stop: OneStop) -> None:
    wire.will_answer(DOSSIER, _said("Hồ sơ G22 không tồn tại"), status=404)
    assert isinstance(one_stop.ask(_message()), Absent)


def test_a_question_that_fails_refuses_nothing(wire: PartnerWire, one_stop: OneStop) -> None:
    wire.will_answer(DOSSIER, _said("Logic xử lý không hợp lệ"), status=400)
    with pytest.raises(ContractBroken):
        one_stop.ask(_message())


def test_an_expired_token_is_renewed_once(
    wire: PartnerWire, one_stop: OneStop, announce: Announcements
) -> None:
    wire.will_answer(TOKEN, GRANTED)
    for _ in range(2):
        wire.will_answer(PATH, _said("Phiên làm việc đã hết hạn"), status=401)
    with pytest.raises(NotAuthorized):
        one_stop.send(_message(), announce)
    assert wire.paths() == [TOKEN, PATH, TOKEN, PATH]
    assert len(announce.arrived_before) == 1


def test_a_refused_pair_sends_nothing(announce: Announcements) -> None:
    wire = PartnerWire()
    wire.will_answer(TOKEN, _said("Thông tin xác thực không đúng"), status=401)
    for _ in range(LOGIN_TRIES):
        wire.will_answer(TOKEN, content=HTML)
    for _ in range(LOGIN_TRIES):
        wire.will_answer(TOKEN, {**GRANTED, "token": "dấu"})
    wire.will_fail(TOKEN, httpx.ConnectError("no"))
    one_stop = OneStop(SETTINGS, wire.channel(connect_tries=1), wire.tell_time)
    for outcome in (NotAuthorized, NotSent, NotSent, NotSent):
        with pytest.raises(outcome):
            one_stop.send(_message(), announce)
    assert PATH not in wire.paths()
