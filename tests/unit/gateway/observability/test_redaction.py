"""Nothing personal and nothing secret survives in a log line, wherever it stands."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.observability.redaction import DEPTH_MAX, HIDDEN, redact_line, redact_text

FAMILY_NAMES = ("NGUYỄN", "TRẦN", "LÊ", "PHẠM", "HOÀNG", "VÕ", "ĐẶNG", "BÙI", "LÒ", "GIÀNG", "Ỷ")
MIDDLE_AND_GIVEN = ("THỊ", "VĂN", "ĐỨC", "ÁNH", "ƯỚC", "ƠN", "ỔN", "YẾN", "Ề", "A", "SÌ", "KNƠNG", "H'MÔNG")
TOKEN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"

names = st.builds(
    lambda family, rest, form: unicodedata.normalize(form, " ".join([family, *rest])),
    st.sampled_from(FAMILY_NAMES),
    st.lists(st.sampled_from(MIDDLE_AND_GIVEN), min_size=1, max_size=4),
    st.sampled_from(["NFC", "NFD"]),
)
numbers = st.one_of(
    st.integers(0, 10**9 - 1).map(lambda rest: f"099{rest:09}"),
    st.integers(0, 10**9 - 1).map(lambda number: f"{number:09}"),
)
tokens = st.text(TOKEN_LETTERS, min_size=16, max_size=60).map(lambda token: f"x{token}x")
# Around a secret stands what people and machines write; no digits, which would make a number longer.
around = st.text(
    st.characters(codec="utf-8", exclude_categories=("Nd", "Cs")),
    max_size=20,
)
keys = st.one_of(
    st.sampled_from(["event", "code", "count", "event_id", "reason", "error_id", "note", "x"]), around
)


def _nested(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The same at any depth: in lists, in mappings as value and as key."""
    return st.recursive(
        st.one_of(inside, inside.map(lambda text: {text: 1})),
        lambda deeper: st.one_of(
            st.lists(deeper, min_size=1, max_size=3),
            st.tuples(deeper),
            st.dictionaries(keys, deeper, min_size=1, max_size=3),
        ),
        max_leaves=4,
    )


def _written(line: Mapping[str, Any]) -> str:
    return json.dumps(redact_line(None, "info", dict(line)), ensure_ascii=False)


@given(keys, numbers, around, around, st.data())
def test_no_identity_number_survives(
    key: str, number: str, before: str, after: str, data: st.DataObject
) -> None:
    value = data.draw(_nested(st.just(before + number + after)))
    assert number not in _written({key: value})


@given(keys, names, around, around, st.data())
def test_no_name_in_capitals_survives(
    key: str, name: str, before: str, after: str, data: st.DataObject
) -> None:
    value = data.draw(_nested(st.just(f"{before} {name} {after}")))
    assert name not in unicodedata.normalize("NFC", _written({key: value}))
    assert name not in _written({key: value})
    assert unicodedata.normalize("NFC", name.rsplit(maxsplit=1)[-1]) not in unicodedata.normalize(
        "NFC", redact_text(f"{name}")
    )


@given(
    keys,
    tokens,
    st.sampled_from(["Bearer ", "bearer ", "Basic ", "BEARER  ", "Authorization: Bearer "]),
    around,
)
def test_no_bearer_token_survives(key: str, token: str, scheme: str, before: str) -> None:
    assert token not in _written({key: [f"{before} {scheme}{token}"]})


@given(
    keys,
    st.text(TOKEN_LETTERS + "@:!$", min_size=8, max_size=30).map(lambda text: f"q{text}q"),
    st.sampled_from(["postgresql+psycopg://hotich:", "https://gateway:", "http://:"]),
    around,
)
@example("reason", "qp@ss/word@q", "postgresql+psycopg://hotich:", "")
def test_no_password_in_a_url_survives(key: str, password: str, scheme: str, before: str) -> None:
    assert password not in _written({key: {"at": f"{before} {scheme}{password}@db.test:5432/hotich"}})


@given(tokens, st.sampled_from(["client_secret", "password", "access_token", "authorization", "session"]))
def test_no_value_of_a_secret_key_survives(token: str, key: str) -> None:
    assert token not in _written({key: token})
    assert token not in _written({"form": f"a=1&{key}={token}&b=2"} if key != "session" else {key: [token]})


@given(st.integers(10**8, 10**12 - 1), st.sampled_from(["count", "number", "x"]))
def test_an_identity_number_that_became_a_number_does_not_survive(number: int, key: str) -> None:
    assert str(number) not in _written({key: number, "more": [number, float(number), -number]})


@pytest.mark.parametrize(
    "key", ["full_name", "mother", "body", "content", "personal_id", "birth_date", "phone"]
)
def test_a_key_that_speaks_of_a_person_hides_all_it_holds(key: str) -> None:
    assert redact_line(None, "info", {key: {"anything": "Lò Thị Mẫu"}}) == {key: HIDDEN}


@pytest.mark.parametrize(
    "kept",
    [
        "019a8a5c-0000-7000-8000-012345678901",
        "hotich-0123456789012345",
        "GW-0123456789abcdef012345678901abcd",
        "0123456789" * 6 + "abcd",
        "2026-11-16T02:00:00.123456+00:00",
        "delivery.refused",
        "NotSent",
        "MARRIAGE",
        "12345678",
        "1234567890",
    ],
)
def test_what_names_nobody_stays_readable(kept: str) -> None:
    assert redact_text(f"see {kept} there") == f"see {kept} there"


def test_numbers_flags_and_nothing_stay_what_they_are() -> None:
    line = {"count": 3, "seconds": 0.25, "well": True, "reason": None, "many": 12_345_678}
    assert redact_line(None, "info", dict(line)) == line


def test_bytes_are_never_written() -> None:
    values = {"a": b"LE", "b": [bytearray(b"x")], "c": {"d": memoryview(b"x")}}
    assert redact_line(None, "info", values) == {"a": HIDDEN, "b": [HIDDEN], "c": {"d": HIDDEN}}


def test_what_is_nested_without_end_is_hidden_at_the_limit() -> None:
    endless: list[Any] = []
    endless.append(endless)
    written = _written({"x": endless})
    assert written.count("[") <= DEPTH_MAX + 2
    assert HIDDEN in written


def test_an_object_of_any_kind_is_searched_too() -> None:
    class Person:
        def __str__(self) -> str:
            return "LÒ THỊ MẪU 099197000001"

    assert redact_line(None, "info", {"who": Person(), "they": {Person()}}) == {
        "who": f"{HIDDEN} {HIDDEN}",
        "they": [f"{HIDDEN} {HIDDEN}"],
    }
