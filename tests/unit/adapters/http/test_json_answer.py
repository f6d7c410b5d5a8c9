"""JSON that could mean two things, or be a weapon, is not read."""

import json

import pytest

from adapters.json_answer import JsonUnreadable, find_json_object, read_json, text_of, write_json


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"a": 1',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b"[" * 20 + b"]" * 20,
        b"1" * 5000,
        b"<html></html>",
    ],
)
def test_doubtful_json_is_not_read(content: bytes) -> None:
    with pytest.raises(JsonUnreadable) as caught:
        read_json(content)
    assert caught.value.args == ()


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        (b"1", 0),
        (b"{}", 0),
        (b"[[], {}]", 1),
        (b'{"a": 1}', 1),
        (b'{"a": [{}], "b": 1}', 2),
        (b'{"a": {"b": [null]}}', 3),
    ],
)
def test_a_text_is_as_deep_as_what_lies_deepest(text: bytes, depth: int) -> None:
    assert read_json(text, depth_max=depth) == json.loads(text)
    if depth:
        with pytest.raises(JsonUnreadable):
            read_json(text, depth_max=depth - 1)


def test_size_and_depth_are_limited_exactly() -> None:
    assert read_json(b"[[1]]", bytes_max=5, depth_max=2) == [[1]]
    with pytest.raises(JsonUnreadable):
        read_json(b"[[1]]", bytes_max=4)
    with pytest.raises(JsonUnreadable):
        read_json(b"[[1]]", depth_max=1)


def test_a_byte_order_mark_and_fractions_do_no_harm() -> None:
    assert find_json_object(b'\xef\xbb\xbf{"expires_in": 3600.5}') == {"expires_in": "3600.5"}


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b'"text"', b"{"])
def test_only_an_object_counts_as_an_answer(content: bytes) -> None:
    assert find_json_object(content) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [("1", "1"), (1, "1"), (" x ", "x"), ("", None), (None, None), (True, None), ([1], None)],
)
def test_numbers_and_strings_are_the_same_text(value: object, text: str | None) -> None:
    assert text_of(value) == text


def test_marks_are_written_as_they_are() -> None:
    assert write_json({"a": "hộ tịch"}) == '{"a":"hộ tịch"}'.encode()
