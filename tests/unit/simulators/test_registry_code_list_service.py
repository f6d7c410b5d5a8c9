"""The simulated registry gives its code lists in the words of the contract."""

import json
from typing import Any

import pytest

from simulators.contract import contract_of
from simulators.shape import find_faults
from tests.unit.simulators.calls import RegistryCaller, answered, post

CONTRACT = contract_of("national_registry")


def _asked(kind: object, headers: dict[str, str] | None = None) -> dict[str, Any]:
    registry = RegistryCaller()
    body = json.dumps({"loaiDanhMuc": kind}).encode()
    request = post("/apiHoTichTuPhap/danhMuc", body, registry.headers if headers is None else headers)
    answer: dict[str, Any] = json.loads(answered(registry.send(request)).body)
    return answer


@pytest.mark.parametrize(
    ("kind", "count", "item"),
    [
        (1, 249, "gen1_code_list_item"),
        (2, 249, "gen1_code_list_item"),
        (3, 56, "gen1_code_list_item"),
        (4, 34 + 3_321, "gen1_code_list_unit"),
        (5, 9, "gen1_code_list_item"),
    ],
)
def test_every_kind_of_list_follows_its_contract(kind: int, count: int, item: str) -> None:
    answer = _asked(kind)
    assert answer["status"] == 1
    listed = json.loads(answer["value"])
    assert len(listed) == count
    assert find_faults(CONTRACT, item, listed[0]) == []
    assert find_faults(CONTRACT, item, listed[-1]) == []


def test_the_units_are_those_of_today() -> None:
    names = {
        each["maDonViHanhChinh"]: each["tenDayDuDonViHanhChinh"] for each in json.loads(_asked(4)["value"])
    }
    assert names["52"] == "Tỉnh Gia Lai"
    assert "64" not in names


def test_an_unknown_kind_has_an_error_number_of_its_own() -> None:
    assert _asked(9) == {"status": 0, "errorCode": 302, "errorDescription": "DATA_TYPE_INVALID"}


def test_without_a_token_nothing_is_given() -> None:
    assert _asked(3, {})["errorCode"] == 100


def test_a_question_without_a_kind_is_refused() -> None:
    assert _asked(None)["status"] == 0
