"""What is wrong with a message is said all at once, in both languages, with pointers; nothing is stored."""

import json

import pytest

from tests.support.edge_desk import EdgeDesk, expect_problem, in_parts
from tests.support.submissions import another_birth


def _with_five_faults() -> dict[str, object]:
    return another_birth(
        registration__authority_code="99999",
        child__sex="nam",
        child__birth_date={"year": 2026, "month": 2, "day": 30},
        mother__personal_id="123",
        copies_requested=-1,
    )


def test_five_faults_are_named_at_once_in_both_languages(desk: EdgeDesk) -> None:
    document = expect_problem(desk.post(_with_five_faults()), 422, "invalid_message")
    named = {error["pointer"]: error for error in document["errors"]}
    assert {
        "/registration/authority_code",
        "/child/sex",
        "/child/birth_date",
        "/mother/personal_id",
        "/copies_requested",
    } <= named.keys()
    for error in named.values():
        assert error["code"]
        assert error["message_en"]
        assert error["message_vi"]
        assert error["message_vi"] != error["message_en"]


def test_nothing_of_a_faulty_message_is_stored(desk: EdgeDesk) -> None:
    event = _with_five_faults()
    expect_problem(desk.post(event), 422, "invalid_message")
    found = desk.call("GET", f"/api/v1/events?source_event_id={event['source_event_id']}", desk.operator())
    assert found.json() == {"events": []}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body_not_json"),
        (b"[]", "body_not_object"),
        (b'"birth"', "body_not_object"),
        (b'{"event_type": "birth",}', "body_not_json"),
        (b'{"event_type": "birth", "event_type": "death"}', "key_repeated"),
        (b'{"event_type": "\xff"}', "body_not_utf8"),
        (json.dumps({"event_type": "birth"}).encode("utf-16"), "body_not_utf8"),
        (b'{"event_type": "birth", "copies_requested": 1.5}', "number_not_whole"),
        (b'{"event_type": "birth", "copies_requested": NaN}', "number_not_whole"),
        (b'{"event_type": "birth", "copies_requested": Infinity}', "number_not_whole"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "json_too_deep"),
        (b'{"a":' * 20_000, "json_too_deep"),
        (b'{"event_type": "birth", "note": "\\ud800"}', "text_not_unicode"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:24]),
)
def test_a_body_that_is_no_message_is_refused_with_its_reason(desk: EdgeDesk, body: bytes, code: str) -> None:
    document = expect_problem(desk.post(body), 422, "invalid_message")
    assert code in {error["code"] for error in document["errors"]}


def test_a_large_faulty_message_is_checked_as_a_small_one_is(desk: EdgeDesk) -> None:
    document = expect_problem(
        desk.post(another_birth(note="n" * 20_000, child__sex="nam")), 422, "invalid_message"
    )
    assert {error["pointer"] for error in document["errors"]} == {"/note", "/child/sex"}


def test_a_declared_length_over_the_limit_is_refused_before_it_is_read(desk: EdgeDesk) -> None:
    limit = desk.gateway.settings.server.body_bytes_max
    answer = desk.call(
        "POST",
        "/api/v1/events",
        desk.badge(),
        content=in_parts(b"{}"),
        headers={"Content-Length": str(limit + 1)},
    )
    assert expect_problem(answer, 413, "body_too_large")["limit_bytes"] == limit
    assert answer.headers["connection"] == "close"


def test_a_stream_over_the_limit_is_refused_as_soon_as_it_is_too_long(desk: EdgeDesk) -> None:
    limit = desk.gateway.settings.server.body_bytes_max
    drawn = 0

    async def endless() -> object:
        nonlocal drawn
        while True:
            drawn += 1
            yield b" " * 1_048_576

    answer = desk.call("POST", "/api/v1/events", desk.badge(), content=endless())
    expect_problem(answer, 413, "body_too_large")
    assert drawn <= limit // 1_048_576 + 2
