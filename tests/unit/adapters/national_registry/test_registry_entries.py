"""The entry that the registry tells of a completed dossier, in both generations."""

import json

import pytest

from adapters.national_registry.adapter import NationalRegistry
from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
    News,
    OutboundMessage,
    Stage,
)
from tests.support.first_generation import RESULT, STATUS, first_message
from tests.support.partner_wire import PartnerWire
from tests.support.registry_partner import POLL, TOKEN, item, message

CODE = "H08.129-261102-0012"
RESULT_2 = {"soDangKy": "7", "quyenSo": "01/2026", "trangSo": 7, "ngayDangKy": "03/11/2026"}
WHOLE = {
    FACT_REGISTRATION_NUMBER: "7",
    FACT_REGISTRATION_VOLUME: "01/2026",
    FACT_REGISTRATION_PAGE: "7",
    FACT_REGISTRATION_DATE: "2026-11-03",
}
DAY = {FACT_REGISTRATION_DATE: "2026-11-03"}
REMARK = {"ngayGhiChu": "03/11/2026", "module": "KS", "soDangKyGoc": "18", "quyenSoGoc": "01/2015"}


def poll(
    wire: PartnerWire, registry: NationalRegistry, result: object, status: str = "4", module: str = "KS"
) -> News:
    asked: OutboundMessage = message(CODE, module)
    wire.will_answer(POLL, {"status": 1, "value": [{**item(CODE, status, module), "ketQuaXuLy": result}]})
    (news,) = registry.fetch([asked])
    return news


def test_a_completed_dossier_tells_its_entry_and_the_number_of_the_child(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    news = poll(wire, registry, {**RESULT_2, "soDinhDanh": "099226000003"})
    assert news.facts == {**WHOLE, FACT_PERSONAL_ID: "099226000003"}


@pytest.mark.parametrize("status", ["1", "2", "3", "6"])
def test_only_a_completed_dossier_has_an_entry(
    wire: PartnerWire, registry: NationalRegistry, status: str
) -> None:
    assert poll(wire, registry, {**RESULT_2, "soDinhDanh": "099226000003"}, status).facts == {}


@pytest.mark.parametrize("number", ["so", "soDangKy"])
def test_the_number_is_read_in_both_spellings(
    wire: PartnerWire, registry: NationalRegistry, number: str
) -> None:
    result = {name: value for name, value in RESULT_2.items() if name != "soDangKy"}
    assert poll(wire, registry, {**result, number: "7"}).facts == WHOLE


@pytest.mark.parametrize(
    ("module", "original"),
    [
        ("TDCC", {"soDangKyHSGoc": "112", "quyenDangKyHSGoc": "01/1988", "ngayDangKyHSGoc": "20/02/1988"}),
        ("BS", {"soDangKyTruocDay": "41", "quyenSoDangKyTruocDay": "01/2025"}),
        ("GCLH", {"soDangKyGoc": "18", "quyenSoGoc": "01/2015"}),
    ],
)
def test_the_entry_of_the_original_is_not_the_one_that_was_made(
    wire: PartnerWire, registry: NationalRegistry, module: str, original: dict[str, str]
) -> None:
    assert poll(wire, registry, {**original, **RESULT_2}, module=module).facts == WHOLE
    assert poll(wire, registry, {**original, "ngayDangKy": "03/11/2026"}, module=module).facts == DAY


def test_a_remark_tells_the_day_on_which_it_was_written(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    assert poll(wire, registry, REMARK).facts == DAY
    assert poll(wire, registry, {**RESULT_2, **REMARK, "ngayDangKy": "06/05/2015"}).facts == DAY, (
        "of the entry"
    )
    assert poll(wire, registry, {**REMARK, "ngayGhiChu": None, "ngayDangKy": "06/05/2015"}).facts == {}


@pytest.mark.parametrize(
    "spelled",
    [
        *("03/11/2026", " 03/11/2026 ", "3/11/2026", "03.11.2026", "2026-11-03", "20261103"),
        *("03/11/2026 08:15:00", "03.11.2026 08:15:00"),
    ],
)
def test_the_day_is_read_in_every_spelling_of_the_contract(
    wire: PartnerWire, registry: NationalRegistry, spelled: str
) -> None:
    assert poll(wire, registry, {**RESULT_2, "ngayDangKy": spelled}).facts == WHOLE
    assert poll(wire, registry, {**REMARK, "ngayGhiChu": spelled}).facts == DAY


@pytest.mark.parametrize(
    "spelled",
    [
        *("31/02/2026", "11/2026", "202611", "2026113", "03/11.2026", "03/11/2026 sáng", "03/11/0000"),
        *("hôm qua", "", None, 2026, ["03/11/2026"]),
    ],
)
def test_a_day_that_cannot_be_read_is_left_out(
    wire: PartnerWire, registry: NationalRegistry, spelled: object
) -> None:
    told = poll(wire, registry, {**RESULT_2, "ngayDangKy": spelled}).facts
    assert told == {name: text for name, text in WHOLE.items() if name != FACT_REGISTRATION_DATE}


def test_parts_that_are_not_told_are_left_out(wire: PartnerWire, registry: NationalRegistry) -> None:
    told = poll(wire, registry, {**RESULT_2, "quyenSo": None, "trangSo": {"so": 7}}).facts
    assert set(told) == {FACT_REGISTRATION_NUMBER, FACT_REGISTRATION_DATE}


@pytest.mark.parametrize("number", [None, "", " ", [], True])
def test_a_number_that_cannot_be_read_is_left_out(
    wire: PartnerWire, registry: NationalRegistry, number: object
) -> None:
    told = poll(wire, registry, {**RESULT_2, "soDangKy": number}).facts
    assert told == {name: text for name, text in WHOLE.items() if name != FACT_REGISTRATION_NUMBER}


class TestGeneration1:
    """The same over `ketQuaDangKyHS`, whose number may be spelled `so`."""

    @pytest.fixture
    def wire(self) -> PartnerWire:
        wire = PartnerWire()
        wire.will_answer(TOKEN, {"access_token": "bearer-1", "expires_in": 3600})
        wire.will_answer(STATUS, {"status": 4})
        return wire

    @pytest.mark.parametrize("number", ["so", "soDangKy"])
    def test_the_result_is_fetched_and_tells_the_entry(
        self, wire: PartnerWire, registry: NationalRegistry, number: str
    ) -> None:
        result = {number: "7", "quyenSo": "01/2026", "trangSo": "7", "ngayDangKy": "03/11/2026"}
        wire.will_answer(RESULT, {"status": 1, "value": json.dumps(result)})
        (news,) = registry.fetch([first_message()])
        assert (news.stage, news.facts) == (Stage.COMPLETED, WHOLE)

    def test_it_is_not_completed_before_the_entry_is_known(
        self, wire: PartnerWire, registry: NationalRegistry
    ) -> None:
        wire.will_answer(RESULT, {"status": 0, "errorCode": 200, "errorDescription": "RECORD_UNCOMPLETE"})
        (news,) = registry.fetch([first_message()])
        assert (news.stage, news.facts) == (Stage.PROCESSING, {})
