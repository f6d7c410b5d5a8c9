"""The entry that the registry makes of a dossier which came without one, in both generations."""

import json

import pytest

from adapters.national_registry.adapter import NationalRegistry
from adapters.port import (
    FACT_ENTRY_NUMBER,
    FACT_ENTRY_PAGE,
    FACT_ENTRY_VOLUME,
    FACT_PERSONAL_ID,
    FACT_REGISTERED_ON,
    News,
    OutboundMessage,
    Stage,
)
from tests.support.first_generation import RESULT, STATUS, first_message
from tests.support.partner_wire import PartnerWire
from tests.support.registry_partner import ENTRY, POLL, TOKEN, declared, item, message

CODE = "H08.129-261102-0012"
RESULT_2 = {"soDangKy": "7", "quyenSo": "01/2026", "trangSo": 7, "ngayDangKy": "03/11/2026"}
WHOLE = {
    FACT_ENTRY_NUMBER: "7",
    FACT_ENTRY_VOLUME: "01/2026",
    FACT_ENTRY_PAGE: "7",
    FACT_REGISTERED_ON: "2026-11-03",
}
NO_ENTRY = {"so": "", "quyenSo": "", "trangSo": "", "ngayDangKy": ""}


def told(news: News) -> dict[str, str]:
    return {name: text for name, text in news.facts.items() if name in WHOLE}


def poll(
    wire: PartnerWire,
    registry: NationalRegistry,
    asked: OutboundMessage,
    status: str = "4",
    **result: object,
) -> News:
    answer = {**item(CODE, status, str(asked.body["module"])), "ketQuaXuLy": {**RESULT_2, **result}}
    wire.will_answer(POLL, {"status": 1, "value": [answer]})
    (news,) = registry.fetch([asked])
    return news


def test_a_dossier_that_came_without_an_entry_brings_the_one_that_was_made(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    news = poll(wire, registry, declared(), soDinhDanh="099226000003")
    assert told(news) == WHOLE
    assert news.facts[FACT_PERSONAL_ID] == "099226000003"


def test_a_dossier_that_stands_in_a_book_brings_nothing_more_than_before(
    wire: PartnerWire, registry: NationalRegistry
) -> None:
    assert told(poll(wire, registry, message())) == {}


@pytest.mark.parametrize("field", ["so", "quyenSo", "trangSo", "ngayDangKy"])
def test_any_part_of_an_entry_tells_that_there_is_one(
    wire: PartnerWire, registry: NationalRegistry, field: str
) -> None:
    assert told(poll(wire, registry, declared(**{**NO_ENTRY, field: "7"}))) == {}


@pytest.mark.parametrize("module", ["TDCC", "BS"])
def test_where_the_number_is_optional_its_absence_tells_nothing(
    wire: PartnerWire, registry: NationalRegistry, module: str
) -> None:
    assert told(poll(wire, registry, declared(module))) == {}


def test_a_remark_gets_no_entry_of_its_own(wire: PartnerWire, registry: NationalRegistry) -> None:
    assert told(poll(wire, registry, declared("KH", module="KH", soDangKyGoc="18"))) == {}


@pytest.mark.parametrize("status", ["1", "2", "3", "6"])
def test_only_a_completed_dossier_has_an_entry(
    wire: PartnerWire, registry: NationalRegistry, status: str
) -> None:
    assert told(poll(wire, registry, declared(), status)) == {}


@pytest.mark.parametrize(
    "spelled",
    ["03/11/2026", " 03/11/2026 ", "03.11.2026", "2026-11-03", "20261103", "03/11/2026 08:15:00"],
)
def test_the_day_is_read_in_every_spelling_of_the_contract(
    wire: PartnerWire, registry: NationalRegistry, spelled: str
) -> None:
    assert told(poll(wire, registry, declared(), ngayDangKy=spelled)) == WHOLE


@pytest.mark.parametrize("spelled", ["31/02/2026", "11/2026", "hôm qua", "", None, 2026, ["03/11/2026"]])
def test_a_day_that_cannot_be_read_is_left_out(
    wire: PartnerWire, registry: NationalRegistry, spelled: object
) -> None:
    facts = told(poll(wire, registry, declared(), ngayDangKy=spelled))
    assert facts == {name: text for name, text in WHOLE.items() if name != FACT_REGISTERED_ON}


def test_parts_that_are_not_told_are_left_out(wire: PartnerWire, registry: NationalRegistry) -> None:
    facts = told(poll(wire, registry, declared(), quyenSo=None, trangSo={"so": 7}))
    assert set(facts) == {FACT_ENTRY_NUMBER, FACT_REGISTERED_ON}


@pytest.mark.parametrize("number", [None, "", " ", [], True])
def test_without_a_number_there_is_no_entry(
    wire: PartnerWire, registry: NationalRegistry, number: object
) -> None:
    assert told(poll(wire, registry, declared(), soDangKy=number)) == {}


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
        (news,) = registry.fetch([first_message(**NO_ENTRY)])
        assert (news.stage, told(news)) == (Stage.COMPLETED, WHOLE)

    def test_a_dossier_that_stands_in_a_book_brings_nothing_more_than_before(
        self, wire: PartnerWire, registry: NationalRegistry
    ) -> None:
        wire.will_answer(RESULT, {"status": 1, "value": json.dumps(RESULT_2)})
        (news,) = registry.fetch([first_message()])
        assert (news.stage, told(news)) == (Stage.COMPLETED, {})
        assert news.facts["registration_number"] == "7"

    def test_it_is_not_completed_before_the_entry_is_known(
        self, wire: PartnerWire, registry: NationalRegistry
    ) -> None:
        wire.will_answer(RESULT, {"status": 0, "errorCode": 200, "errorDescription": "RECORD_UNCOMPLETE"})
        (news,) = registry.fetch([first_message(**NO_ENTRY)])
        assert (news.stage, news.facts) == (Stage.PROCESSING, {})


def test_an_ordinary_dossier_of_these_tests_has_an_entry() -> None:
    data = message().body["data"]
    assert isinstance(data, dict)
    assert ENTRY.items() <= data.items()
