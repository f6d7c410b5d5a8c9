"""One content has one canonical spelling, whatever the sender's program made of it."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from gateway.receive.parse import BodyLimits, canonical_json, content_sha256, parse_body
from tests.support.events import a_birth

LIMITS = BodyLimits()
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


def _canonical(body: bytes) -> bytes:
    parsed = parse_body(body, LIMITS)
    assert parsed.value is not None
    return canonical_json(parsed.value)


def test_order_blanks_escapes_and_composition_make_no_difference() -> None:
    event = a_birth()
    backwards = dict(reversed(event.items()))
    spellings = [
        json.dumps(event).encode(),
        json.dumps(event, ensure_ascii=False, indent=4).encode(),
        unicodedata.normalize("NFD", json.dumps(backwards, ensure_ascii=False)).encode(),
    ]
    assert len({content_sha256(_canonical(spelling)) for spelling in spellings}) == 1


def test_another_value_is_another_content() -> None:
    one, other = a_birth(note="một"), a_birth(note="hai")
    assert _canonical(json.dumps(one).encode()) != _canonical(json.dumps(other).encode())


def test_the_canonical_spelling_is_sorted_dense_and_readable() -> None:
    assert _canonical('{"b": [1, true, null], "a": "Thị trấn Phố Bảng"}'.encode()) == (
        '{"a":"Thị trấn Phố Bảng","b":[1,true,null]}'.encode()
    )


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_the_canonical_spelling_is_its_own(value: dict[str, object]) -> None:
    once = _canonical(json.dumps(value).encode())
    assert _canonical(once) == once


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    parsed = parse_body(body, LIMITS)
    assert parsed.value is not None or parsed.findings


def test_the_deepest_allowed_message_is_read() -> None:
    deep = '{"a":' + "[" * 31 + "]" * 31 + "}"
    assert parse_body(deep.encode(), LIMITS).findings == ()
    assert parse_body(f'{{"a":[{deep}]}}'.encode(), LIMITS).value is None


def test_a_repeated_key_deep_inside_is_told_with_its_place() -> None:
    parsed = parse_body(b'{"child": {"name": {"full": "a", "full": "b"}}}', LIMITS)
    assert [(finding.code, finding.path) for finding in parsed.findings] == [
        ("key_repeated", ("child", "name", "full"))
    ]
