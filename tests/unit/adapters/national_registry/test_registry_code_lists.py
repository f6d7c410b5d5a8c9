"""The registry's code lists: taken whole, or not at all."""

import json

import pytest

from adapters.errors import AdapterError, Busy, ContractBroken, NotAuthorized, OutcomeUnknown, Refused
from adapters.national_registry.code_lists import CodeListDesk, CodeListKind, RegistryCode
from tests.support.partner_wire import PartnerWire
from tests.support.registry_partner import SETTINGS, TOKEN

PATH = f"{SETTINGS.first_generation_path}/danhMuc"


@pytest.fixture
def desk(wire: PartnerWire) -> CodeListDesk:
    return CodeListDesk(SETTINGS, wire.channel(), wire.tell_time)


def _told(value: object) -> dict[str, object]:
    return {"status": 1, "value": json.dumps(value, ensure_ascii=False)}


def test_a_list_is_asked_for_by_its_kind_with_one_token(wire: PartnerWire, desk: CodeListDesk) -> None:
    wire.will_answer(PATH, _told([{"ma": "01", "ten": "Kinh"}, {"ma": "63001", "ten": "Kinh khác"}]))
    assert desk.fetch(CodeListKind.ETHNIC_GROUPS) == (
        RegistryCode("01", "Kinh"),
        RegistryCode("63001", "Kinh khác"),
    )
    assert wire.bodies(PATH) == [{"loaiDanhMuc": 3}]
    assert wire.paths() == [TOKEN, PATH]
    assert "lgspaccesstoken" not in wire.arrived[-1].headers


def test_units_come_in_their_own_words_with_leading_zeros(wire: PartnerWire, desk: CodeListDesk) -> None:
    unit = {
        "maDonViHanhChinh": "00691",
        "tenDonViHanhChinh": "Hà Giang 2",
        "tenDayDuDonViHanhChinh": "Phường Hà Giang 2",
        "maDonViHanhChinhCha": "08",
    }
    wire.will_answer(PATH, _told([unit]))
    (code,) = desk.fetch(CodeListKind.UNITS)
    assert code == RegistryCode("00691", "Hà Giang 2", "Phường Hà Giang 2", "08")


def test_a_list_that_is_not_wrapped_in_text_is_read_too(wire: PartnerWire, desk: CodeListDesk) -> None:
    wire.will_answer(PATH, {"status": "1", "value": [{"ma": "VN", "ten": "Việt Nam"}]})
    assert [code.code for code in desk.fetch(CodeListKind.COUNTRIES)] == ["VN"]


def test_a_refused_token_is_renewed_once(wire: PartnerWire, desk: CodeListDesk) -> None:
    wire.will_answer(PATH, {"status": 0, "errorCode": 100, "errorDescription": "AUTHEN_ERROR"})
    wire.will_answer(TOKEN, {"access_token": "bearer-2", "expires_in": 3600})
    wire.will_answer(PATH, _told([{"ma": "01", "ten": "Kinh"}]))
    assert len(desk.fetch(CodeListKind.ETHNIC_GROUPS)) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 0, "errorCode": 101, "errorDescription": "IP_DISALLOWED"}, NotAuthorized),
        ({"status": 0, "errorCode": 302, "errorDescription": "DATA_TYPE_INVALID"}, Refused),
        ({"status": 0}, ContractBroken),
        ({"status": 7, "value": "[]"}, ContractBroken),
        ({"status": 1, "value": "không phải JSON"}, ContractBroken),
        ({"status": 1, "value": "[]"}, ContractBroken),
        (_told([{"ma": "01", "ten": "Kinh"}, {"ma": "01", "ten": "Tày"}]), ContractBroken),
        (_told([{"ma": "01", "ten": "Kinh"}, {"ma": "02"}]), ContractBroken),
        (_told([{"ma": "01", "ten": "Kinh"}, "02"]), ContractBroken),
        ({"answer": "later"}, OutcomeUnknown),
    ],
)
def test_half_a_list_is_no_list(
    wire: PartnerWire, desk: CodeListDesk, answer: object, error: type[AdapterError]
) -> None:
    wire.will_answer(PATH, answer)
    with pytest.raises(error):
        desk.fetch(CodeListKind.ETHNIC_GROUPS)


def test_a_busy_bus_is_asked_again_later(wire: PartnerWire, desk: CodeListDesk) -> None:
    wire.will_answer(PATH, {}, status=503)
    with pytest.raises(Busy):
        desk.fetch(CodeListKind.ETHNIC_GROUPS)
    desk.close()
