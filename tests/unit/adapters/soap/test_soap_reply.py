import httpx
import pytest

from adapters.errors import (
    AdapterError,
    ContractBroken,
    NotAuthorized,
    OutcomeUnknown,
    RefusalReason,
    Refused,
)
from adapters.http import HttpAnswer
from adapters.soap import SoapFault, SoapPayload, fault_error, read_reply
from tests.support.soap_partner import answer, envelope, fault

PAGE = b"<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"


def reply_to(response: httpx.Response) -> SoapPayload | SoapFault:
    return read_reply(HttpAnswer("ping", response.status_code, {}, response.content, b"<sent/>"))


def test_the_element_inside_the_body_is_the_payload() -> None:
    reply = reply_to(answer("ping", "<b:ok>1</b:ok>"))
    assert isinstance(reply, SoapPayload)
    assert reply.element[0].text == "1"
    assert reply.http.evidence().request_sha256 is not None


@pytest.mark.parametrize("status", [200, 500])
def test_a_fault_is_a_fault_whatever_the_status(status: int) -> None:
    reply = reply_to(fault("Server.Busy", "later", status))
    assert isinstance(reply, SoapFault)
    assert (reply.code, reply.text) == ("Server.Busy", "later")


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, PAGE),
        (502, PAGE),
        (200, b"<html><body/></html>"),
        (200, b""),
        (200, b'<?xml version="1.0"?><e:Envelope xmlns:e="http://sch'),
        (200, envelope("").content),
        (200, envelope("<a/><b/>").content),
        (200, answer("pong", "").content),
        (500, answer("ping", "").content),
        (404, b"no such resource"),
    ],
)
def test_an_answer_without_the_partners_own_words_proves_nothing(status: int, content: bytes) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        reply_to(httpx.Response(status, content=content))
    assert caught.value.evidence is not None
    assert caught.value.evidence.response_sha256 is not None


def test_a_doctype_bomb_breaks_the_contract() -> None:
    bomb = b'<!DOCTYPE e [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><e>&b;</e>'
    with pytest.raises(ContractBroken):
        reply_to(httpx.Response(200, content=bomb))


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_page_means_not_authorized(status: int) -> None:
    with pytest.raises(NotAuthorized):
        reply_to(httpx.Response(status, content=PAGE))


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("Client.Authentication", 500, NotAuthorized),
        ("Server", 403, NotAuthorized),
        ("Client", 500, Refused),
        ("Server", 500, OutcomeUnknown),
        ("Server.Database", 500, OutcomeUnknown),
        ("MustUnderstand", 500, ContractBroken),
        ("VersionMismatch", 500, ContractBroken),
        ("", 500, ContractBroken),
    ],
)
def test_the_fault_code_says_what_can_be_done(code: str, status: int, error: type[AdapterError]) -> None:
    reply = reply_to(fault(code, status=status))
    assert isinstance(reply, SoapFault)
    assert type(fault_error(reply)) is error


def test_a_client_fault_keeps_the_partners_words() -> None:
    reply = reply_to(fault("Client", "ngaySinh: no such day"))
    assert isinstance(reply, SoapFault)
    refusal = fault_error(reply)
    assert isinstance(refusal, Refused)
    assert refusal.reason is RefusalReason.CONTENT
    assert [each.text for each in refusal.faults] == ["ngaySinh: no such day"]
    assert refusal.evidence is not None
    assert refusal.evidence.partner_code == "Client"
