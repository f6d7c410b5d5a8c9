"""SOAP beside REST on real databases: the same receipts, the same faults, the same rights."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from adapters.hardened_xml import Element
from gateway.operations.soap_access import soap_password
from gateway.settings import read_settings
from gateway.storage.ports import Role
from mappings.canonical import EVENT_TYPES, sample_event
from tests.support.database import sqlite_url
from tests.support.edge_desk import Badge, EdgeDesk, expect_problem, opened_edge
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
    security_header,
)
from tests.support.submissions import another_birth

KEY = "a key of at least thirty-two characters"


@pytest.fixture
def keyed_desk(tmp_path: Path) -> Iterator[EdgeDesk]:
    with opened_edge(sqlite_url(tmp_path), SOAP__PASSWORD_KEY=KEY) as opened:
        yield opened


def _ask(
    desk: EdgeDesk, body: Element | str, badge: Badge | None = None, version: str = SOAP_11
) -> httpx.Response:
    """By bearer token, the office's unless another is given."""
    headers = {"content-type": MEDIA_TYPES[version]}
    content = enveloped(body, version=version)
    return desk.call("POST", PATH, badge or desk.badge(), content=content, headers=headers)


def _sign(desk: EdgeDesk, body: Element, version: str = SOAP_11, **changes: Any) -> httpx.Response:  # noqa: ANN401 - of the header
    """By security header."""
    badge = desk.badge()
    client = desk.gateway.clients.get(badge.client_id)
    values: dict[str, Any] = {
        "username": badge.client_id,
        "password": soap_password(KEY, client),
        "created": desk.clock(),
    }
    header = security_header(**(values | changes))
    content = enveloped(body, header, version)
    return desk.call("POST", PATH, None, content=content, headers={"content-type": MEDIA_TYPES[version]})


def _with_five_faults() -> dict[str, Any]:
    return another_birth(
        registration__authority_code="99999",
        child__sex="nam",
        child__birth_date={"year": 2026, "month": 2, "day": 30},
        mother__personal_id="123",
        copies_requested=-1,
    )


@pytest.mark.parametrize("version", [SOAP_11, SOAP_12])
def test_a_birth_gets_the_receipt_that_rest_gives(desk_on_both: EdgeDesk, version: str) -> None:
    desk, event = desk_on_both, another_birth()
    answer = _ask(desk, registering(event), version=version)
    assert answer.headers["content-type"] == MEDIA_TYPES[version]
    (receipt,) = answer_in(answer)["receipt"]
    again = desk.post(_without_empty_lists(event))
    assert again.status_code == httpx.codes.OK, again.text
    told = again.json()
    for name in ("event_id", "accepted_at", "due_at", "content_sha256"):
        assert receipt[name] == [told[name]]
    assert [each["delivery_id"] for each in receipt["deliveries"]] == [
        [each["delivery_id"]] for each in told["deliveries"]
    ]


def _without_empty_lists(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _without_empty_lists(each) for name, each in value.items() if each != []}
    return [_without_empty_lists(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_type_is_accepted(desk: EdgeDesk, event_type: str) -> None:
    answer = _ask(desk, registering(sample_event(event_type)), desk.badge(authorities=_everywhere()))
    assert answer_in(answer)["receipt"][0]["event_id"]


def _everywhere() -> frozenset[str]:
    """The samples are of several offices."""
    return frozenset({"08", "MLA01"})


def test_the_same_again_gets_the_same_receipt(desk: EdgeDesk) -> None:
    event = another_birth()
    first, second = (_ask(desk, registering(event)) for _ in range(2))
    assert first.content == second.content


def test_the_same_key_with_other_content_is_a_conflict(desk: EdgeDesk) -> None:
    answer_in(_ask(desk, registering(another_birth(), key="k")))
    fault = fault_in(_ask(desk, registering(another_birth(), key="k")))
    assert (fault.code, fault.problem["code"]) == ("soap:Client", ["idempotency_key_reused"])
    assert fault.problem["status"] == ["409"]
    assert fault.problem["first_event_id"]


@pytest.mark.parametrize("version", [SOAP_11, SOAP_12])
def test_a_fault_names_what_the_problem_document_names(desk: EdgeDesk, version: str) -> None:
    event = _with_five_faults()
    answer = _ask(desk, registering(event), version=version)
    fault = fault_in(answer)
    document = expect_problem(desk.post(event), 422, "invalid_message")
    assert [{name: value for name, (value,) in each.items()} for each in fault.problem["errors"]] == document[
        "errors"
    ]
    assert len(document["errors"]) >= 5
    assert fault.code == ("soap:Client" if version == SOAP_11 else "soap:Sender")
    assert answer.status_code == (500 if version == SOAP_11 else 400)
    assert fault.problem["title_vi"] == [document["title_vi"]]


def test_what_only_xml_gets_wrong_is_told_together_with_the_rest(desk: EdgeDesk) -> None:
    question = registering(_with_five_faults())
    event = question[0]
    etree.SubElement(event, "hobby").text = "x"
    event.set("lang", "vi")
    found = pointers(fault_in(_ask(desk, question)).problem)
    assert found["/@lang"] == "attribute_unknown"
    assert found["/child/sex"] == "not_in_list"
    assert "/hobby" in found


def test_nothing_is_stored_when_only_the_xml_was_wrong(desk: EdgeDesk) -> None:
    event = another_birth()
    question = registering(event)
    question[0].set("lang", "vi")
    assert pointers(fault_in(_ask(desk, question)).problem) == {"/@lang": "attribute_unknown"}
    found = desk.call("GET", f"/api/v1/events?source_event_id={event['source_event_id']}", desk.operator())
    assert found.json() == {"events": []}


def test_each_of_many_is_answered_for_itself(desk: EdgeDesk) -> None:
    good, bad, other = another_birth(), _with_five_faults(), sample_event("marriage")
    answer_in(_ask(desk, registering(good)))
    items = [{"birth": good}, {"birth": bad}, {"marriage": other}, {}, {"birth": good, "marriage": other}]
    results = answer_in(_ask(desk, a_question("RegisterMany", event=items)))["result"]
    assert [each["position"] for each in results] == [["1"], ["2"], ["3"], ["4"], ["5"]]
    outcomes = [each["outcome"][0] for each in results]
    assert outcomes == ["repeated", "refused", "accepted", "refused", "refused"]
    assert results[0]["receipt"][0]["event_id"]
    assert len(results[1]["problem"][0]["errors"]) >= 5
    assert results[1]["source_event_id"] == [bad["source_event_id"]]
    assert pointers(results[3]["problem"][0]) == {"": "one_event_each"}


def test_the_same_event_twice_in_one_message_is_one_event(desk: EdgeDesk) -> None:
    event = another_birth()
    results = answer_in(_ask(desk, a_question("RegisterMany", event=[{"birth": event}] * 3)))["result"]
    assert sorted(each["outcome"][0] for each in results) == ["accepted", "repeated", "repeated"]
    assert len({each["receipt"][0]["event_id"][0] for each in results}) == 1


def test_more_than_the_limit_at_once_is_refused_whole(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), SOAP__EVENTS_MAX="2") as desk:
        items = [{"birth": another_birth()} for _ in range(3)]
        fault = fault_in(_ask(desk, a_question("RegisterMany", event=items)))
        assert pointers(fault.problem) == {"/event": "too_many_items"}


def test_the_journey_is_the_one_of_rest(desk: EdgeDesk) -> None:
    receipt = desk.accepted(another_birth())
    (event,) = answer_in(_ask(desk, a_question("GetEventStatus", event_id=receipt["event_id"])))["event"]
    told = desk.call("GET", f"/api/v1/events/{receipt['event_id']}", desk.badge()).json()
    assert event["due_at"] == [told["due_at"]]
    for shown, delivery in zip(event["deliveries"], told["deliveries"], strict=True):
        assert shown["state"] == [delivery["state"]]
        assert shown["why"] == [{"vi": [delivery["why"]["vi"]], "en": [delivery["why"]["en"]]}]
        assert shown["due_at"] == [delivery["due_at"]]


def test_own_events_are_found_and_those_of_others_are_not(desk: EdgeDesk) -> None:
    event = another_birth()
    desk.accepted(event)
    question = a_question("FindEvents", source_event_id=event["source_event_id"])
    (found,) = answer_in(_ask(desk, question))["event"]
    assert found["source_event_id"] == [event["source_event_id"]]
    assert answer_in(_ask(desk, question, desk.badge("stranger"))) == {}


def test_the_feed_goes_on_from_its_cursor(desk: EdgeDesk) -> None:
    reader = desk.badge("reader", Role.CONSUMER)
    for _ in range(3):
        desk.accepted(another_birth())
    first = answer_in(_ask(desk, a_question("FetchChanges", limit=2), reader))
    assert (len(first["change"]), first["has_more"]) == (2, ["true"])
    rest = answer_in(_ask(desk, a_question("FetchChanges", after=first["cursor"][0]), reader))
    assert (len(rest["change"]), rest["has_more"]) == (1, ["false"])
    assert rest["change"][0]["detail"][0]["event_type"] == ["birth"]


@pytest.mark.parametrize(
    ("operation", "members", "code", "pointer"),
    [
        ("GetEventStatus", {}, "field_missing", "/event_id"),
        ("GetEventStatus", {"event_id": ""}, "parameter_text", "/event_id"),
        ("FindEvents", {"source_event_id": "x" * 101}, "parameter_text", "/source_event_id"),
        ("RegisterMany", {}, "field_missing", "/event"),
    ],
)
def test_a_wrong_parameter_is_named(
    desk: EdgeDesk, operation: str, members: dict[str, str], code: str, pointer: str
) -> None:
    fault = fault_in(_ask(desk, a_question(operation, **members)))
    assert fault.problem["code"] == ["invalid_parameter"]
    assert pointers(fault.problem) == {pointer: code}


@pytest.mark.parametrize("limit", ["0", "501", "ten", "-1"])
def test_a_page_has_its_bounds(desk: EdgeDesk, limit: str) -> None:
    fault = fault_in(_ask(desk, a_question("FetchChanges", limit=limit), desk.operator()))
    assert pointers(fault.problem) == {"/limit": "parameter_out_of_range"}


def test_roles_are_those_of_rest(desk: EdgeDesk) -> None:
    fault = fault_in(_ask(desk, a_question("FetchChanges")))
    assert (fault.problem["code"], fault.problem["needed"]) == (["forbidden"], ["consumer", "operator"])
    fault = fault_in(_ask(desk, registering(another_birth()), desk.operator()))
    assert (fault.problem["status"], fault.problem["needed"]) == (["403"], ["sender"])


def test_an_unknown_event_is_not_found(desk: EdgeDesk) -> None:
    for event_id in ("01a22450-71ea-7337-91f1-dfdef10ac962", "nothing of ours"):
        fault = fault_in(_ask(desk, a_question("GetEventStatus", event_id=event_id)))
        assert fault.problem["code"] == ["not_found"]


def test_without_a_token_it_is_401_and_still_a_fault(desk: EdgeDesk) -> None:
    content = enveloped(registering(another_birth()))
    answer = desk.call("POST", PATH, content=content, headers={"content-type": "text/xml"})
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert fault_in(answer).code == "wsse:FailedAuthentication"


@pytest.mark.parametrize("version", [SOAP_11, SOAP_12])
def test_a_security_header_is_enough(keyed_desk: EdgeDesk, version: str) -> None:
    answer = _sign(keyed_desk, registering(another_birth()), version)
    assert answer_in(answer)["receipt"][0]["event_id"]


def test_a_password_in_clear_is_the_ordinary_secret(keyed_desk: EdgeDesk) -> None:
    secret = keyed_desk.badge().client_secret
    answer = _sign(keyed_desk, registering(another_birth()), password=secret, is_digest=False)
    assert answer_in(answer)["receipt"]


def test_a_replayed_nonce_is_refused(keyed_desk: EdgeDesk) -> None:
    event, nonce = another_birth(), b"the same nonce"
    answer_in(_sign(keyed_desk, registering(event), nonce=nonce))
    answer = _sign(keyed_desk, registering(event), nonce=nonce)
    fault = fault_in(answer)
    assert (answer.status_code, fault.code) == (500, "wsse:FailedAuthentication")
    assert (fault.problem["code"], fault.problem["status"]) == (["soap_nonce_replayed"], ["401"])


def test_two_processes_refuse_the_nonce_that_one_has_seen(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with opened_edge(url, SOAP__PASSWORD_KEY=KEY) as one, opened_edge(url, SOAP__PASSWORD_KEY=KEY) as two:
        two.badges["office"] = one.badge()
        question = a_question("FindEvents", source_event_id="x")
        assert answer_in(_sign(one, question, nonce=b"the same nonce")) == {}
        fault = fault_in(_sign(two, question, nonce=b"the same nonce"))
        assert fault.problem["code"] == ["soap_nonce_replayed"]


@pytest.mark.parametrize(
    ("changes", "code", "fault_code"),
    [
        ({"password": "wrong"}, "soap_authentication_failed", "wsse:FailedAuthentication"),
        ({"username": "nobody"}, "soap_authentication_failed", "wsse:FailedAuthentication"),
        (
            {"password": "wrong", "is_digest": False},
            "soap_authentication_failed",
            "wsse:FailedAuthentication",
        ),
        ({"nonce": b"short"}, "soap_security_malformed", "wsse:InvalidSecurity"),
        ({"nonce": b"x" * 65}, "soap_security_malformed", "wsse:InvalidSecurity"),
        ({"username": ""}, "soap_security_malformed", "wsse:InvalidSecurity"),
        ({"username": "x" * 101}, "soap_security_malformed", "wsse:InvalidSecurity"),
        ({"more": "<wsse:UsernameToken/>"}, "soap_security_malformed", "wsse:InvalidSecurity"),
        (
            {"more": "<wsu:Timestamp><wsu:Expires>2020-01-01T00:00:00Z</wsu:Expires></wsu:Timestamp>"},
            "soap_message_stale",
            "wsse:MessageExpired",
        ),
        (
            {"more": "<wsu:Timestamp><wsu:Expires>yesterday</wsu:Expires></wsu:Timestamp>"},
            "soap_security_malformed",
            "wsse:InvalidSecurity",
        ),
    ],
)
def test_a_bad_security_header_says_what_is_wrong(
    keyed_desk: EdgeDesk, changes: dict[str, Any], code: str, fault_code: str
) -> None:
    fault = fault_in(_sign(keyed_desk, a_question("FindEvents", source_event_id="x"), **changes))
    assert (fault.problem["code"], fault.code) == ([code], fault_code)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_stale_header_is_refused(keyed_desk: EdgeDesk, seconds: int) -> None:
    created = keyed_desk.clock() + timedelta(seconds=seconds)
    fault = fault_in(_sign(keyed_desk, a_question("FindEvents", source_event_id="x"), created=created))
    assert (fault.code, fault.problem["code"]) == ("wsse:MessageExpired", ["soap_message_stale"])


def test_a_password_key_that_is_too_short_stops_the_start() -> None:
    with pytest.raises(Exception, match=r"password_key") as refused:
        read_settings({"HOTICH_SOAP__PASSWORD_KEY": "short-and-secret"})
    assert "short-and-secret" not in str(refused.value)


def test_no_secret_reaches_the_log(keyed_desk: EdgeDesk, capfd: pytest.CaptureFixture[str]) -> None:
    secret = keyed_desk.badge().client_secret
    password = soap_password(KEY, keyed_desk.gateway.clients.get(keyed_desk.badge().client_id))
    question = a_question("FindEvents", source_event_id="x")
    _sign(keyed_desk, question)
    _sign(keyed_desk, question, password=secret, is_digest=False)
    _sign(keyed_desk, question, password=f"{password}?", is_digest=False)
    written = "".join(capfd.readouterr())
    assert not [word for word in (secret, password, KEY) if word in written]


def test_the_wsdl_names_the_address_that_was_asked(desk: EdgeDesk) -> None:
    for asked in ("wsdl", "WSDL", "wsdl=", "wsdl=1.1"):
        answer = desk.call("GET", f"{PATH}?{asked}")
        assert answer.headers["content-type"].startswith("text/xml")
        found = re.findall(rb'location="([^"]*)"', answer.content)
        assert set(found) == {b"http://gateway.test/soap/registry"}


def test_behind_a_proxy_the_wsdl_names_the_address_that_is_set(tmp_path: Path) -> None:
    address = "https://hotich.example.vn/soap/registry"
    with opened_edge(sqlite_url(tmp_path), SOAP__PUBLIC_ADDRESS=address) as desk:
        assert f'location="{address}"' in desk.call("GET", f"{PATH}?wsdl").text


@pytest.mark.parametrize("asked", ["", "?wsdl=2.0", "?xsd"])
def test_anything_else_is_not_found(desk: EdgeDesk, asked: str) -> None:
    expect_problem(desk.call("GET", PATH + asked), 404, "not_found")
