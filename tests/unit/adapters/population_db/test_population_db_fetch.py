from dataclasses import replace

import httpx
import pytest

from adapters.errors import Busy
from adapters.port import Stage
from tests.support.population_messages import birth, death
from tests.support.soap_partner import SETTINGS, ScriptedPartner, answer

ISSUED = "<b:trangThai>DA_CAP</b:trangThai><b:soDinhDanh>099226000003</b:soDinhDanh>"
PENDING = "<b:trangThai>CHO_XU_LY</b:trangThai><b:moTa>số sẽ được cấp sau</b:moTa>"
TECHNICAL = "<b:trangThai>LOI_KY_THUAT</b:trangThai><b:maLoi>DOWN</b:maLoi>"
DUPLICATE = (
    "<b:trangThai>NGHI_TRUNG</b:trangThai>"
    "<b:nghiTrung><b:soDinhDanh>099226000004</b:soDinhDanh><b:mucDo>CAO</b:mucDo></b:nghiTrung>"
    "<b:nghiTrung><b:soDinhDanh>099226000005</b:soDinhDanh></b:nghiTrung>"
    "<b:maLoi>DUPLICATE_SUSPECTED</b:maLoi><b:moTa>Nghi trùng</b:moTa>"
)


def number_answer(children: str) -> httpx.Response:
    return answer("capSoDinhDanh", children)


def test_fetch_brings_numbers_waits_and_refusals() -> None:
    partner = ScriptedPartner(number_answer(ISSUED), number_answer(PENDING), number_answer(DUPLICATE))
    news = partner.adapter().fetch([birth("a"), death(), birth("b"), birth("c")])
    assert [(each.request_id, each.stage, each.facts) for each in news] == [
        ("a", Stage.COMPLETED, {"personal_id": "099226000003"}),
        ("b", Stage.PROCESSING, {}),
        ("c", Stage.REFUSED, {"existing_personal_id": "099226000004"}),
    ]
    assert [each.partner_code for each in news] == ["DA_CAP", "CHO_XU_LY", "NGHI_TRUNG/DUPLICATE_SUSPECTED"]


def test_one_request_in_trouble_does_not_hide_the_news_of_the_others() -> None:
    partner = ScriptedPartner(
        number_answer(TECHNICAL), number_answer("<b:trangThai>X</b:trangThai>"), number_answer(ISSUED)
    )
    news = partner.adapter().fetch([birth(name) for name in "abc"])
    assert [each.request_id for each in news] == ["c"]


def test_fetch_stops_at_a_destination_in_trouble_and_keeps_what_it_has() -> None:
    partner = ScriptedPartner(number_answer(ISSUED), httpx.ReadTimeout("slow"), number_answer(ISSUED))
    news = partner.adapter().fetch([birth(name) for name in "abc"])
    assert [each.request_id for each in news] == ["a"]
    assert len(partner.requests) == 2


def test_fetch_raises_when_there_is_trouble_and_no_news() -> None:
    with pytest.raises(Busy):
        ScriptedPartner(httpx.Response(503)).adapter().fetch([birth("a"), birth("b")])


def test_fetch_asks_about_no_more_than_its_limit() -> None:
    partner = ScriptedPartner(*(number_answer(PENDING) for _ in range(3)))
    adapter = partner.adapter(replace(SETTINGS, fetch_requests_max=2))
    assert len(adapter.fetch([birth(name) for name in "abc"])) == adapter.fetch_limit == 2
