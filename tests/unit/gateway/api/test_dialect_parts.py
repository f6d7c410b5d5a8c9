"""The façade's own parts: XML and JSON as they come, sentences, numbers of events."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.api.dialects import wire
from gateway.api.dialects.answers import FIRST, SECOND, DialectFault
from gateway.api.dialects.bodies import NotReadable, read_object, require_few_fields
from gateway.api.dialects.faults import number_of, pointer_of, sentences_of
from gateway.api.dialects.journeys import number_of_event
from gateway.api.dialects.xml_record import read_record
from gateway.api.problems import Problem
from gateway.model.ids import EventId, new_uuid7

WRAP = "<hotich><hoso>{}</hoso></hotich>"
FAULT = DialectFault("quyenSo", "/data/quyenSo", "field_missing", "Thiếu quyenSo.", "quyenSo is missing.")


def _refused(text: str) -> DialectFault:
    with pytest.raises(NotReadable) as refused:
        read_record(text)
    return refused.value.fault


def test_xml_is_read_with_entities_parts_and_blanks() -> None:
    text = WRAP.format("<a> x &amp; y &#65; </a><b><c>1</c><d/></b><e><![CDATA[& <]]></e><!-- n --><f/>")
    assert read_record(text) == {"a": " x & y A ", "b": {"c": "1", "d": ""}, "e": "& <", "f": ""}


@pytest.mark.parametrize(
    ("inside", "code", "field"),
    [
        ("<a>1</a><b>x & y</b>", "xml_bare_ampersand", "b"),
        ("<a>1</a><b>x &nbsp; y</b>", "xml_bare_ampersand", "b"),
        ("<b>3 < 4</b>", "xml_broken", "b"),
        ("<b>\x01</b>", "xml_broken", "b"),
        ("<a>1</a><a>2</a>", "xml_field_repeated", "a"),
    ],
)
def test_what_breaks_the_xml_is_told_with_its_field(inside: str, code: str, field: str) -> None:
    fault = _refused(WRAP.format(inside))
    assert (fault.code, fault.field) == (code, field)


def test_an_ampersand_is_found_in_its_line_and_column() -> None:
    fault = _refused("<hotich>\n<hoso>\n <b>x & y</b>\n</hoso></hotich>")
    assert "dòng 3, cột 7" in fault.message_vi
    assert "line 3, column 7" in fault.message_en


@pytest.mark.parametrize(
    "bomb", ['<!DOCTYPE a SYSTEM "file:///etc/passwd">', "<!doctype a>", "<!ENTITY a 'b'>"]
)
def test_a_document_type_is_refused_before_anything_is_parsed(bomb: str) -> None:
    assert _refused(bomb + WRAP.format("<a>1</a>")).code == "xml_doctype"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xff\xfe", "body_not_utf8"),
        (b"{", "body_not_json"),
        (b'"x"', "body_not_object"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "body_not_object"),
        (b'{"a":"\\ud800"}', "body_not_object"),
        (b"[" * 100_000, "body_not_json"),
        (b'{"a":' + b"9" * 5_000 + b"}", "body_not_json"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_as_such(body: bytes, code: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read_object(body)
    assert refused.value.fault.code == code


def test_numbers_with_a_fraction_stay_as_they_were_written() -> None:
    assert read_object(b'\xef\xbb\xbf{"a": 1.50, "b": 2, "c": NaN}') == {"a": "1.50", "b": 2, "c": "NaN"}


def test_a_record_of_any_length_is_refused() -> None:
    with pytest.raises(NotReadable):
        require_few_fields({str(number): "1" for number in range(wire.RECORD_FIELDS_MAX + 1)})


@pytest.mark.parametrize(
    ("field", "pointer"),
    [
        ("quyenSo", "/data/quyenSo"),
        ("nksNoiSinh.maXa", "/data/nksNoiSinh/maXa"),
        ("thayDoi[0].truong", "/data/thayDoi/0/truong"),
        ("fileDinhKem[1].tenGiayTo", "/fileDinhKem/1/tenGiayTo"),
        ("maDonVi", "/maDonVi"),
        ("data", "/data"),
    ],
)
def test_a_field_is_pointed_to_in_the_dialects_own_message(field: str, pointer: str) -> None:
    assert pointer_of(field) == pointer


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("field_missing", "không được để trống"),
        ("purpose_partner_missing", "không được để trống"),
        ("text_too_long", "có độ dài vượt quá"),
        ("dialect_code_unknown", "không tồn tại"),
        ("commune_unknown", "không tồn tại"),
        ("dialect_wrong_format", "có định dạng không đúng"),
        ("any_other", "có định dạng không đúng"),
    ],
)
def test_a_sentence_is_worded_as_the_registry_words_it(code: str, words: str) -> None:
    told = sentences_of([replace(FAULT, code=code)] * 2)
    assert told.startswith(f"quyenSo {words}")
    assert told.count("quyenSo") == 1


def test_only_a_wrong_office_alone_is_106() -> None:
    office = replace(FAULT, code="authority_unknown")
    assert (number_of([office]), number_of([office, FAULT])) == (106, 500)


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("unauthenticated", (200, 100), (401, "100")),
        ("forbidden", (200, 101), (403, "101")),
        ("too_many_requests", (429, 503), (429, "503")),
        ("storage_unavailable", (503, 503), (503, "503")),
        ("body_too_large", (413, 500), (413, "500")),
    ],
)
def test_a_problem_of_the_edge_is_told_in_the_dialects_shape(
    code: str, first: tuple[int, int], second: tuple[int, str]
) -> None:
    for voice, (status, number) in ((FIRST, first), (SECOND, second)):
        answer = voice.failed(Problem(code))
        body = json.loads(bytes(answer.body))
        assert (answer.status_code, body["errorCode"]) == (status, number)
        assert body["errors"][0]["code"] == code
        assert "đã được tiếp nhận" not in str(body)


def test_the_number_of_an_event_fits_a_long_and_grows_with_time() -> None:
    now = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
    early = number_of_event(EventId(new_uuid7(now, lambda size: b"\xff" * size)))
    late = number_of_event(EventId(new_uuid7(now.replace(second=1), lambda size: b"\x00" * size)))
    assert 0 < early < late < 2**63
