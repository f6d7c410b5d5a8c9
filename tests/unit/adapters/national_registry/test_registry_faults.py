"""Sentences that ran together are taken apart; nothing that a partner writes can break the reading."""

import csv
import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import PartnerFault
from adapters.national_registry.faults import (
    Reaction,
    faults_in,
    reaction_to,
    says_received_already,
    text_in,
)

CHECK = "Vui lòng kiểm tra lại thông tin"
CONTRACT = files("adapters.national_registry") / "contract"


def _fields(errors: object) -> list[str | None]:
    return [fault.field for fault in faults_in(errors)]


def test_the_contract_sample_gives_one_fault_for_each_field() -> None:
    sample = json.loads((CONTRACT / "samples" / "refusal.json").read_text("utf-8"))
    assert faults_in(sample["errors"]) == (
        PartnerFault(f"meSoDDCN có độ dài vượt quá số lượng cho phép. {CHECK}", "meSoDDCN"),
        PartnerFault(f"nycLoaiGiayToTuyThan không tồn tại trong danh mục. {CHECK}", "nycLoaiGiayToTuyThan"),
    )


@pytest.mark.parametrize(
    ("errors", "fields"),
    [
        (
            f"cbsSoDDCN có độ dài vượt quá cho phép. {CHECK}.ncbsLoaiGiayToTuyThan không tồn tại.",
            ["cbsSoDDCN", "cbsLoaiGiayToTuyThan"],
        ),
        ("meSoDDCN có định dạng không đúng.nksHoTen có độ dài vượt quá giới hạn.", ["meSoDDCN", "nksHoTen"]),
        ("meSoDDCN có định dạng không đúng.nnksHoTen không tồn tại.", ["meSoDDCN", "nksHoTen"]),
        ("meSoDDCN có định dạng không đúng. nksHoTen không tồn tại.", ["meSoDDCN", "nksHoTen"]),
        ("meSoDDCN có định dạng không đúng.\nnksHoTen không tồn tại.", ["meSoDDCN", "nksHoTen"]),
        ("Có 1 lỗi.nmeSoDDCN không tồn tại", [None, "meSoDDCN"]),
        ("Hồ sơ không hợp lệ.", [None]),
        ("Không kết nối được. Thử lại sau.", [None]),
        ({"maDonVi": ["không tồn tại"], "data": "sai"}, ["maDonVi", "data"]),
        (["meSoDDCN không tồn tại", "khác"], ["meSoDDCN", None]),
        ("", []),
        (None, []),
        (7, []),
    ],
)
def test_faults_are_split_at_lost_line_breaks(errors: object, fields: list[str | None]) -> None:
    assert _fields(errors) == fields


def test_every_sentence_of_the_contract_names_its_field() -> None:
    rows = csv.DictReader((CONTRACT / "codes" / "refusal_sentence.csv").read_text("utf-8").splitlines())
    glued = "n".join(f"nksHoTen {row['sentence']}" for row in rows)
    assert glued.count("nksHoTen") > 1
    assert _fields(glued) == ["nksHoTen"] * glued.count("nksHoTen")


def test_text_without_a_pattern_is_kept_whole() -> None:
    text = "Lỗi hệ thống: không ghi được hồ sơ. Mã tra cứu 12.nB"
    assert [fault.text for fault in faults_in(text)] == [text]


@given(st.text())
def test_no_text_breaks_the_splitting(text: str) -> None:
    assert all(fault.text for fault in faults_in(text))
    assert text_in(text) is None or text_in(text)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_shape_breaks_the_splitting(errors: object) -> None:
    assert len(faults_in(errors)) <= 100


def test_received_already_is_known_in_any_spelling_but_not_from_a_number() -> None:
    assert says_received_already("HỒ SƠ ĐÃ  ĐƯỢC TIẾP NHẬN.")
    assert says_received_already("Hồ sơ đã được tiếp nhận")
    assert not says_received_already("Hồ sơ chưa được tiếp nhận")
    assert not says_received_already("99")
    assert not says_received_already(None)


@pytest.mark.parametrize(
    ("code", "reaction"),
    [
        ("100", Reaction.NEW_TOKEN),
        ("101", Reaction.OPERATOR),
        ("106", Reaction.CORRECT),
        ("201", Reaction.ASK_LATER),
        ("12345", Reaction.CORRECT),
        (None, Reaction.CORRECT),
    ],
)
def test_error_numbers_ask_for_what_the_contract_says(code: str | None, reaction: Reaction) -> None:
    assert reaction_to(code) is reaction
