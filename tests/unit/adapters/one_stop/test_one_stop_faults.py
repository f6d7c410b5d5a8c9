"""Codes and sentences of the one-stop system, each with one meaning."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.one_stop.faults import Meaning, meaning_of

CODES = files("adapters.one_stop") / "contract" / "codes"
STEP, DOSSIER, LOOK_UP = "CapNhatTienDoHoSoMC", "DongBoHoSoMC", "TraCuuHoSo"


def _step(code: str | None, text: str | None) -> Meaning:
    return meaning_of(STEP, "", code, text)


@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        ("00", "Cập nhật thành công", Meaning.DONE),
        ("0", None, Meaning.DONE),
        ("3", "Cập nhật THÀNH CÔNG", Meaning.DONE),
        ("3", "Cập nhật không thành công", Meaning.WRONG),
        ("3", "Chưa thành công", Meaning.WRONG),
        ("3", "Hồ sơ đã trả kết quả, không được cập nhật trạng thái", Meaning.ALREADY),
        ("3", "Hồ sơ chưa cập nhật trạng thái", Meaning.LATER),
        ("3", "Client received SOAP Fault from server", Meaning.UNCLEAR),
        ("3", "Có lỗi trong quá trình thêm mới", Meaning.UNCLEAR),
        ("3", "Logic xử lý không hợp lệ", Meaning.WRONG),
        ("3", "Một câu chưa ai thấy", Meaning.WRONG),
        ("-3", "thành công", Meaning.NEW_SESSION),
        ("3", None, Meaning.SILENT),
        (None, None, Meaning.SILENT),
        (None, "Một câu chưa ai thấy", Meaning.SILENT),
        (None, "Cập nhật thành công", Meaning.DONE),
    ],
)
def test_code_and_sentence_have_one_meaning(code: str | None, text: str | None, meaning: Meaning) -> None:
    assert _step(code, text) is meaning


@pytest.mark.parametrize("service", [STEP, LOOK_UP])
@pytest.mark.parametrize("code", ["00", "3", None])
def test_a_lost_dossier_never_looks_finished(service: str, code: str | None) -> None:
    assert meaning_of(service, "", code, "Hồ sơ H08 không tồn tại") is Meaning.MISSING


def test_a_dossier_that_exists_is_an_update_only_when_it_was_sent_as_new() -> None:
    assert meaning_of(DOSSIER, "False", "3", "Hồ sơ H08 đã tồn tại") is Meaning.EXISTS
    assert meaning_of(DOSSIER, "True", "3", "Hồ sơ H08 không tồn tại") is Meaning.MISSING
    assert _step("3", "Hồ sơ đã tồn tại trong một cửa điện tử") is Meaning.ALREADY


def test_every_sentence_of_the_table_is_understood_inside_a_longer_answer() -> None:
    rows = list(csv.DictReader((CODES / "answer_sentence.csv").read_text("utf-8").splitlines()))
    allowed = {
        "done": {Meaning.DONE, Meaning.ALREADY},
        "retry": {Meaning.LATER, Meaning.UNCLEAR},
        "give_up": {Meaning.WRONG},
    }
    understood = {row["sentence"]: _step("3", f"Hồ sơ H08: {row['sentence'].upper()}.") for row in rows}
    assert understood.pop("không tồn tại") is Meaning.MISSING
    outcomes = {row["sentence"]: row["outcome"] for row in rows}
    assert {
        words for words, meaning in understood.items() if meaning not in allowed[outcomes[words]]
    } == set()
    assert len(understood) == len(rows) - 1


@given(code=st.none() | st.text(), text=st.none() | st.text())
def test_every_answer_has_some_meaning(code: str | None, text: str | None) -> None:
    assert meaning_of(STEP, "", code, text) in Meaning
