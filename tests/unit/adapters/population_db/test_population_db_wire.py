import base64
import csv
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import SecretStr

import adapters.population_db
from adapters.hardened_xml import Element, local_name, read_xml
from adapters.http import HttpSettings
from adapters.population_db.settings import PopulationDatabaseSettings
from adapters.population_db.wire import (
    AnswerUnknown,
    NoticeStatus,
    NumberStatus,
    Operation,
    contract,
    is_personal_number,
    read_number_answer,
    read_verification,
    request_headers,
)
from adapters.port import JsonValue
from adapters.setting_fault import SettingFault

CONTRACT = Path(adapters.population_db.__file__).parent / "contract"
NOW = datetime(2026, 11, 22, 1, 2, 3, 456000, tzinfo=UTC)
HTTP = HttpSettings("http://population.test/dancuquocgia")
LISTS = {"thayDoi"}


def codes(name: str) -> set[str]:
    with (CONTRACT / "codes" / f"{name}.csv").open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file)}


def body_of(element: Element) -> dict[str, JsonValue]:
    """A sample message as a body; the adapter itself never reads requests."""
    body: dict[str, JsonValue] = {}
    for child in element:
        value: JsonValue = body_of(child) if len(child) else (child.text or "")
        name = local_name(child)
        if name in LISTS:
            found = body.get(name)
            body[name] = [*(found if isinstance(found, list) else []), value]
        else:
            body[name] = value
    return body


def as_text(element: Element) -> list[tuple[str, str]]:
    return [(each.tag, (each.text or "").strip()) for each in element.iter() if isinstance(each.tag, str)]


@pytest.mark.parametrize(
    ("states", "name"), [(NumberStatus, "number_status"), (NoticeStatus, "notice_status")]
)
def test_each_state_of_the_contract_is_known_and_no_other(states: type[StrEnum], name: str) -> None:
    assert {str(state) for state in states} == codes(name)


def test_the_operations_are_those_of_the_wsdl() -> None:
    assert {str(operation) for operation in Operation} == contract().operations


@pytest.mark.parametrize("operation", [str(operation) for operation in Operation])
def test_each_sample_request_is_written_as_it_stands_in_the_contract(operation: str) -> None:
    sample = read_xml((CONTRACT / "samples" / f"{operation}.xml").read_bytes())[0][0]
    turned: Mapping[str, JsonValue] = dict(reversed(body_of(sample).items()))
    assert as_text(read_xml(contract().write(operation, turned))[0][0]) == as_text(sample)


def test_the_credentials_bind_address_user_moment_and_secret() -> None:
    headers = request_headers(PopulationDatabaseSettings(HTTP, "gateway", SecretStr("invented")), NOW)
    assert headers["Timestamp"] == "1795309323456"
    scheme, _, account = headers["Authorization"].partition(" ")
    user, _, signature = base64.b64decode(account).decode().partition(":")
    signed = "http://population.test/dancuquocgiagateway1795309323456invented"
    assert (scheme, user) == ("Basic", "gateway")
    assert signature == hashlib.sha256(signed.encode()).hexdigest()
    assert headers["SOAPAction"] == '""'


def test_the_signed_address_can_differ_from_the_one_that_is_called() -> None:
    settings = PopulationDatabaseSettings(HTTP, "gateway", SecretStr("invented"), signed_url="https://c06/x")
    headers = request_headers(settings, NOW)
    signature = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode().partition(":")[2]
    assert signature == hashlib.sha256(b"https://c06/xgateway1795309323456invented").hexdigest()


def test_the_secret_does_not_show() -> None:
    assert "invented" not in repr(PopulationDatabaseSettings(HTTP, "gateway", SecretStr("invented")))


@pytest.mark.parametrize(
    ("user", "secret", "fetch_requests_max", "field"),
    [
        ("", "s", 10, "user"),
        ("a:b", "s", 10, "user"),
        ("a", "", 10, "secret"),
        ("a", "s", 0, "fetch_requests_max"),
        ("a", "s", 101, "fetch_requests_max"),
    ],
)
def test_a_setting_that_could_never_work_is_refused_by_name(
    user: str, secret: str, fetch_requests_max: int, field: str
) -> None:
    with pytest.raises(SettingFault) as caught:
        PopulationDatabaseSettings(HTTP, user, SecretStr(secret), fetch_requests_max=fetch_requests_max)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("099226000003", True),
        ("99226000003", False),
        ("09922600000x", False),
        ("09922600000٣", False),
        (None, False),
    ],
)
def test_a_personal_number_is_twelve_digits(value: str | None, *, expected: bool) -> None:
    assert is_personal_number(value) is expected


@pytest.mark.parametrize(
    "children",
    [
        "",
        "<trangThai/>",
        "<trangThai>DA_CHO</trangThai>",
        "<trangThai>DA_CAP</trangThai>",
        "<trangThai>DA_CAP</trangThai><soDinhDanh>12</soDinhDanh>",
    ],
)
def test_an_unknown_state_or_a_number_promised_and_not_given_is_no_answer(children: str) -> None:
    with pytest.raises(AnswerUnknown):
        read_number_answer(read_xml(f"<a>{children}</a>".encode()))


def test_a_duplicate_that_only_the_sentence_quotes_is_found() -> None:
    answer = read_number_answer(
        read_xml("<a><trangThai>NGHI_TRUNG</trangThai><moTa>trùng với 099226000004.</moTa></a>".encode())
    )
    assert [person.personal_id for person in answer.suspected] == ["099226000004"]


@pytest.mark.parametrize(("word", "expected"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_verification_is_yes_or_no(word: str, *, expected: bool) -> None:
    element = read_xml(f"<a><KetQuaXacThuc><TonTai>{word}</TonTai></KetQuaXacThuc></a>".encode())
    assert read_verification(element) is expected


@pytest.mark.parametrize(
    "inside", ["", "<KetQuaXacThuc/>", "<KetQuaXacThuc><TonTai>co</TonTai></KetQuaXacThuc>"]
)
def test_a_verification_that_is_neither_is_no_answer(inside: str) -> None:
    with pytest.raises(AnswerUnknown):
        read_verification(read_xml(f"<a>{inside}</a>".encode()))
