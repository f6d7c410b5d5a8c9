"""A check that stands ready takes and orders exactly what the contract takes, and nothing more."""

import re
from itertools import product

import pytest

from mappings.contracts import Contract, ContractField, breaches, in_contract_order
from mappings.rules import JsonValue
from mappings.swift_checks import NO_QUICK_LOOK, check_of, quick_look


def _field(path: str, kind: str = "text", *, required: bool = False, **more: object) -> ContractField:
    limits: dict[str, object] = {"length_max": None, "pattern": None, "format": "", "codes": None, **more}
    return ContractField(path=path, kind=kind, required=required, **limits)  # type: ignore[arg-type]  # as each limit wants it


PLACE = {
    "code": _field("place.code", codes=frozenset({"01", "02"}), required=True),
    "number": _field("place.number", "number", length_max=2),
    "detail": _field("place.detail", length_max=3),
    "reason": _field("place.reason", required_with=("detail", "number")),
    "inner": _field("place.inner", "object"),
}
CONTRACT = Contract(
    "test",
    {},
    {
        "": {"place": _field("place", "object"), "files": _field("files", "list")},
        "place": PLACE,
        "place.inner": {
            "b": _field("place.inner.b", required=True),
            "a": _field("place.inner.a"),
        },
        "files[]": {"name": _field("files[].name", required=True), "size": _field("files[].size", "number")},
    },
)
PLACES: tuple[JsonValue, ...] = tuple(
    dict(pair for pair in (*detail, *number, *reason, *code, *inner))
    for detail, number, reason, code, inner in product(
        ((), (("detail", "abc"),), (("detail", "abcd"),), (("detail", ""),)),
        ((), (("number", 7),), (("number", 777),), (("number", True),), (("number", "7"),)),
        ((), (("reason", "x"),), (("reason", None),)),
        ((), (("code", "01"),), (("code", "03"),), (("code", 1),), (("unknown", "x"), ("code", "02"))),
        ((), (("inner", {"a": "1", "b": "2"}),), (("inner", {"a": "1"}),), (("inner", "text"),)),
    )
)
LISTS: tuple[JsonValue, ...] = (
    [],
    [{"name": "a"}],
    [{"size": 1, "name": "a"}, {"name": "b"}],
    [{"size": 1}],
    [{"name": "a", "size": "1"}],
    [{"name": "a", "other": "1"}],
    ["text"],
    "text",
    {"name": "a"},
)


def _as_contract_says(name: str, value: JsonValue) -> JsonValue:
    body = {name: value}
    return None if any(breaches(CONTRACT, body)) else in_contract_order(CONTRACT, body)[name]


def _written(value: JsonValue) -> str:
    """The order counts."""
    return repr(value)


@pytest.mark.parametrize(("name", "values"), [("place", PLACES), ("files", LISTS)])
def test_a_check_is_as_strict_as_the_contract(name: str, values: tuple[JsonValue, ...]) -> None:
    check = check_of(CONTRACT, CONTRACT.children("")[name])
    said = [(_written(check(value)), _written(_as_contract_says(name, value))) for value in values]
    assert [mine for mine, _ in said] == [theirs for _, theirs in said]
    taken = sum(mine != "None" for mine, _ in said)
    assert 0 < taken < len(values)


FIELDS = (
    _field("free"),
    _field("short", length_max=3),
    _field("code", codes=frozenset({"01", "02"})),
    _field("code", codes=frozenset({"01", "0102"}), length_max=3),
    _field("digits", pattern=re.compile("[0-9]{2}"), required=True),
    _field("both", pattern=re.compile("[0-9]{2}"), codes=frozenset({"01", "ab"})),
    _field("number", "number", length_max=2),
    _field("object", "object"),
    _field("list", "list"),
)
TEXTS = ("", "01", "02", "0102", "ab", "abcd", "1", "Đạt", " ")


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.path)
def test_what_passes_the_quick_look_passes_the_check_as_it_is(field: ContractField) -> None:
    quick, check = quick_look(field), check_of(CONTRACT, field)
    for text in TEXTS:
        if 0 < len(text) <= quick.length_max and (quick.passes is None or quick.passes(text)):
            assert check(text) == text


def test_nearly_every_text_passes_the_quick_look() -> None:
    """Only what is no text, and a field with two limits, is left to the check."""
    left = {field.path for field in FIELDS if quick_look(field) == NO_QUICK_LOOK}
    assert left == {"both", "number", "object", "list"}
