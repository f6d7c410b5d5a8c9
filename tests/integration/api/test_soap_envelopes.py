"""What can be wrong with an envelope, and what must not matter."""

import httpx
import pytest
from lxml import etree

from tests.support.edge_desk import EdgeDesk
from tests.support.soap_messages import (
    MEDIA_TYPES,
    PATH,
    SOAP_11,
    SOAP_12,
    a_question,
    answer_in,
    enveloped,
    fault_in,
    pointers,
    registering,
)
from tests.support.submissions import another_birth

NOTHING = a_question("FindEvents", source_event_id="x")
STRANGE = '<a:Route xmlns:a="urn:other" xmlns:e="{version}" e:mustUnderstand="{must}"{more}/>'
BOMB = b"""<!DOCTYPE e [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>&b;</e:Body></e:Envelope>"""


def _send(desk: EdgeDesk, content: bytes, content_type: str = "text/xml", **headers: str) -> httpx.Response:
    named = {"content-type": content_type} | headers
    return desk.call("POST", PATH, desk.badge(), content=content, headers=named)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "soap_not_readable"),
        (b"{}", "soap_not_readable"),
        (b"<a>", "soap_not_readable"),
        (BOMB, "soap_not_readable"),
        (b"<e:Envelope/>", "soap_not_readable"),
        (b"<Envelope/>", "soap_version_unknown"),
        (b'<Envelope xmlns="urn:another"/>', "soap_version_unknown"),
        (b"<html/>", "soap_envelope_invalid"),
        (f'<Envelope xmlns="{SOAP_11}"/>'.encode(), "soap_envelope_invalid"),
        (f'<Envelope xmlns="{SOAP_11}"><Body/></Envelope>'.encode(), "soap_envelope_invalid"),
        (f'<Envelope xmlns="{SOAP_11}"><Body><a/><b/></Body></Envelope>'.encode(), "soap_envelope_invalid"),
        (f'<Envelope xmlns="{SOAP_11}"><Body><a/></Body><b/></Envelope>'.encode(), "soap_envelope_invalid"),
        (f'<Envelope xmlns="{SOAP_11}"><Body><a/></Body></Envelope>'.encode(), "soap_operation_unknown"),
        (enveloped("<RegisterBirth/>"), "soap_operation_unknown"),
        (enveloped('<Drop xmlns="urn:hotich-gateway:registry:1"/>'), "soap_operation_unknown"),
    ],
)
def test_what_is_no_message_of_ours_gets_a_fault(desk: EdgeDesk, content: bytes, code: str) -> None:
    assert fault_in(_send(desk, content)).problem["code"] == [code]


def test_where_the_xml_breaks_is_said_with_how_to_mend_it(desk: EdgeDesk) -> None:
    content = enveloped('<RegisterBirth>\n<note>"A & B"</note></RegisterBirth>')
    (error,) = fault_in(_send(desk, content)).problem["errors"]
    assert error["code"] == ["body_not_xml"]
    assert "&amp;" in error["message_vi"][0]
    assert "line 2, column 1" in error["message_en"][0]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "", "text/xml; charset=iso-8859-1", 'multipart/related; type="application/xop+xml"'],
)
def test_what_is_no_soap_is_not_read(desk: EdgeDesk, content_type: str) -> None:
    answer = _send(desk, enveloped(NOTHING), content_type)
    assert answer.status_code == httpx.codes.UNSUPPORTED_MEDIA_TYPE
    assert fault_in(answer).problem["code"] == ["soap_media_type"]


def test_an_encoding_that_the_document_names_itself_is_refused_too(desk: EdgeDesk) -> None:
    content = b'<?xml version="1.0" encoding="iso-8859-1"?>' + enveloped(NOTHING)
    assert fault_in(_send(desk, content)).problem["code"] == ["soap_media_type"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_unicode_is_read_in_both_encodings_of_the_basic_profile(desk: EdgeDesk, encoding: str) -> None:
    event = another_birth(child__name={"full": "NGUYỄN THỬ ĐẶNG"})
    content = etree.tostring(
        etree.fromstring(enveloped(registering(event))), encoding=encoding, xml_declaration=True
    )
    assert answer_in(_send(desk, content, f"text/xml; charset={encoding}"))["receipt"]


@pytest.mark.parametrize(
    "action", ['""', "", '"urn:hotich-gateway:registry:1:FindEvents"', "FindEvents", '"other"']
)
def test_the_operation_is_the_element_whatever_the_action_says(desk: EdgeDesk, action: str) -> None:
    assert answer_in(_send(desk, enveloped(NOTHING), SOAPAction=action)) == {}


@pytest.mark.parametrize("version", [SOAP_11, SOAP_12])
def test_the_envelope_decides_on_the_version_not_the_media_type(desk: EdgeDesk, version: str) -> None:
    (other,) = {SOAP_11, SOAP_12} - {version}
    answer = _send(desk, enveloped(NOTHING, version=version), MEDIA_TYPES[other])
    assert answer.headers["content-type"] == MEDIA_TYPES[version]
    assert answer_in(answer) == {}


@pytest.mark.parametrize(
    ("version", "must", "more", "is_refused"),
    [
        (SOAP_11, "1", "", True),
        (SOAP_11, "0", "", False),
        (SOAP_11, "1", ' e:actor="http://schemas.xmlsoap.org/soap/actor/next"', True),
        (SOAP_11, "1", ' e:actor="urn:somebody-else"', False),
        (SOAP_12, "true", "", True),
        (SOAP_12, "false", "", False),
        (SOAP_12, "1", ' e:role="http://www.w3.org/2003/05/soap-envelope/role/none"', False),
    ],
)
def test_a_header_that_must_be_understood_and_is_not(
    desk: EdgeDesk, version: str, must: str, more: str, *, is_refused: bool
) -> None:
    header = STRANGE.format(version=version, must=must, more=more)
    answer = _send(desk, enveloped(NOTHING, header, version), MEDIA_TYPES[version])
    if not is_refused:
        assert answer_in(answer) == {}
        return
    fault = fault_in(answer)
    assert (answer.status_code, fault.code) == (500, "soap:MustUnderstand")
    assert "{urn:other}Route" in fault.reason


def test_another_version_of_soap_is_told_so(desk: EdgeDesk) -> None:
    answer = _send(desk, enveloped(NOTHING, version="http://www.w3.org/2001/12/soap-envelope"))
    assert (answer.status_code, fault_in(answer).code) == (500, "soap:VersionMismatch")


def test_comments_and_blanks_say_nothing(desk: EdgeDesk) -> None:
    text = f"<!-- a --> {etree.tostring(NOTHING, encoding='unicode')} <?b c?>"
    assert answer_in(_send(desk, enveloped(text))) == {}


def test_a_body_that_is_too_large_is_a_fault(desk: EdgeDesk) -> None:
    fault = fault_in(_send(desk, b" " * (16 * 1024 * 1024 + 1)))
    assert (fault.problem["code"], fault.problem["limit_bytes"]) == (["body_too_large"], ["16777216"])


def test_the_unexpected_is_a_fault_with_a_number_and_nothing_else(
    desk: EdgeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "LÊ THỬ NGHIỆM"
        raise RuntimeError(message)

    monkeypatch.setattr("gateway.api.soap.router.write_record", broken)
    answer = _send(desk, enveloped(NOTHING))
    fault = fault_in(answer)
    assert (fault.code, fault.problem["code"]) == ("soap:Server", ["internal_error"])
    assert fault.problem["error_id"]
    assert "LÊ THỬ" not in answer.text


def test_named_faults_of_one_message_are_told_by_pointer(desk: EdgeDesk) -> None:
    event = another_birth(child__sex="nam")
    assert pointers(fault_in(_send(desk, enveloped(registering(event)))).problem) == {
        "/child/sex": "not_in_list"
    }
