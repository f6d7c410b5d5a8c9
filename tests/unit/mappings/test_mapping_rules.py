"""What a row does with its value, and how the contract is held against the result."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from mappings.contracts import Breach, Contract, breaches, in_contract_order, load_contract
from mappings.converters import as_written, first_known, upper_whole_name
from mappings.csv_files import TableBroken
from mappings.loading import PARTNERS
from mappings.rules import (
    MAPPING_CODES,
    CannotTranslate,
    FieldRule,
    JsonValue,
    Scene,
    WhenMissing,
    apply,
    reader_of,
)
from tests.support.events import a_birth
from tests.support.mapping_scenes import scene
from tests.support.source_tree import texts_under


def rule(
    target: str,
    *sources: str,
    convert: Callable[..., JsonValue] = as_written,
    when_missing: WhenMissing = WhenMissing.OMIT,
    constant: str | None = None,
) -> FieldRule:
    return FieldRule(
        target=tuple(target.split(".")),
        sources=sources,
        constant=constant,
        converter_name=convert.__name__,
        convert=convert,
        when_missing=when_missing,
        mark="S",
        note="",
    )


def applied(*rules: FieldRule, facts: Mapping[str, str] | None = None) -> Mapping[str, JsonValue]:
    message, violations = apply(rules, scene(a_birth(), facts or {}))
    assert violations == ()
    return message


def test_a_value_goes_where_its_row_says() -> None:
    name = rule("body.a.b", "child.name", convert=upper_whole_name)
    assert applied(name, rule("body.a.c", constant="x")) == {"body": {"a": {"b": "LÊ THỬ NGHIỆM", "c": "x"}}}


@pytest.mark.parametrize(
    ("when_missing", "message"), [(WhenMissing.OMIT, {}), (WhenMissing.BLANK, {"body": {"x": ""}})]
)
def test_what_is_missing_is_left_out_or_blank(
    when_missing: WhenMissing, message: Mapping[str, JsonValue]
) -> None:
    assert applied(rule("body.x", "note", when_missing=when_missing)) == message


def test_what_must_be_there_is_asked_for_with_field_and_remedy() -> None:
    rules = [
        rule("body.x", "context.personal_id", "child.personal_id", when_missing=WhenMissing.REFUSE),
        rule("body.y", "context.stage", when_missing=WhenMissing.REFUSE),
    ]
    _, violations = apply(rules, scene(a_birth(), {}))
    assert [(each.path, each.code) for each in violations] == [
        ("child.personal_id", "mapping_missing"),
        ("context.stage", "mapping_missing"),
    ]
    assert "child.personal_id" in violations[0].message_vi
    assert "child.personal_id" in violations[0].message_en


def test_every_obstacle_is_collected() -> None:
    def refuse(_scene: Scene, _value: object) -> JsonValue:
        raise CannotTranslate("mapping_code_unknown", "sai", "wrong")

    rules = [
        rule("body.x", "child.name", convert=refuse),
        rule("body.y", "note", when_missing=WhenMissing.REFUSE),
        rule("body.z", "child.sex"),
    ]
    message, violations = apply(rules, scene(a_birth()))
    assert [each.code for each in violations] == ["mapping_code_unknown", "mapping_missing"]
    assert message == {"body": {"z": "female"}}


def test_a_converter_is_asked_when_any_source_is_there() -> None:
    fact = rule("body.x", "child.personal_id", "context.personal_id", convert=first_known)
    assert applied(fact, facts={"personal_id": "099326000021"}) == {"body": {"x": "099326000021"}}
    assert applied(fact, facts={"personal_id": ""}) == {}


def test_a_path_ends_where_a_part_is_not_there() -> None:
    event = scene(a_birth())
    assert reader_of("registration.signed_by.name")(event) == "Trần Văn Mẫu"
    assert reader_of("child.residence.place.detail")(event) is None
    assert reader_of("context.request_id")(event) == event.context.request_id
    assert reader_of("context.now")(event) == "2026-11-24T02:30:00+00:00"
    assert reader_of("context.personal_id.child")(event) is None


def _contract(tmp_path: Any, rows: str) -> Contract:  # noqa: ANN401 - pytest's path
    folder = tmp_path / "partner" / "contract"
    (folder / "messages").mkdir(parents=True)
    (folder / "codes").mkdir()
    (folder / "codes" / "sex.csv").write_text("code,name\n1,Nam\n2,Nữ\n", encoding="utf-8")
    header = "field,kind,max_length,format,code_list,required,mark,source\n"
    (folder / "messages" / "M.csv").write_text(header + rows, encoding="utf-8")
    return load_contract("partner", "M", tmp_path)


ROWS = """\
name,text,5,,,yes,S,
born,date,10,dd.MM.yyyy|yyyy,,no,S,
sex,code,1,,sex,no,S,
count,number,,regex:[1-9],,no,S,
home,object,,,,no,S,
home.country,code,2,regex:[A-Z]{2},,yes,S,
home.detail,text,3,,,no,S,
files,list,,,,no,S,
files[].id,number,,,,yes,S,
entry,text,3,,,with:entry|day,S,
day,text,3,,,with:entry|day,S,
office,text,3,,,with:entry|day,S,
rest,list,,,,no,S,
"""


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"name": "A"}, []),
        ({"name": "A", "born": "1990", "sex": "1", "count": 9, "files": [{"id": 1}], "rest": [{"x": 1}]}, []),
        ({}, [Breach("name", "missing")]),
        ({"name": ""}, [Breach("name", "missing")]),
        ({"name": "Á" * 6}, [Breach("name", "too_long", "5")]),
        ({"name": "A", "born": "01.1990"}, [Breach("born", "wrong_format", "dd.MM.yyyy|yyyy")]),
        ({"name": "A", "sex": "3"}, [Breach("sex", "not_in_code_list")]),
        ({"name": "A", "count": 10}, [Breach("count", "wrong_format", "regex:[1-9]")]),
        ({"name": "A", "count": "1"}, [Breach("count", "wrong_kind", "number")]),
        ({"name": "A", "count": True}, [Breach("count", "wrong_kind", "number")]),
        ({"name": 1}, [Breach("name", "wrong_kind", "text")]),
        ({"name": "A", "home": {"detail": "xyz"}}, [Breach("home.country", "missing")]),
        (
            {"name": "A", "home": {"country": "VN", "detail": "long"}},
            [Breach("home.detail", "too_long", "3")],
        ),
        ({"name": "A", "home": "VN"}, [Breach("home", "wrong_kind", "object")]),
        ({"name": "A", "files": [{}]}, [Breach("files[].id", "missing")]),
        ({"name": "A", "files": ["x"]}, [Breach("files", "wrong_kind", "object")]),
        ({"name": "A", "files": "x"}, [Breach("files", "wrong_kind", "list")]),
        ({"name": "A", "home": {"country": "VN", "x": "1"}}, [Breach("home.x", "unknown_field")]),
        ({"name": "A", "office": "x"}, []),
        ({"name": "A", "entry": "1", "day": "2", "office": "x"}, []),
        ({"name": "A", "entry": "1", "day": ""}, [Breach("day", "missing"), Breach("office", "missing")]),
        ({"name": "A", "day": "2", "office": "x"}, [Breach("entry", "missing")]),
        ({"x": "1"}, [Breach("x", "unknown_field"), Breach("name", "missing")]),
    ],
)
def test_what_the_partner_would_refuse_is_found_first(
    tmp_path: Any,  # noqa: ANN401 - pytest's path
    body: Mapping[str, JsonValue],
    found: list[Breach],
) -> None:
    assert list(breaches(_contract(tmp_path, ROWS), body)) == found


def test_fields_take_the_order_of_the_contract(tmp_path: Any) -> None:  # noqa: ANN401 - pytest's path
    body: Mapping[str, JsonValue] = {"home": {"detail": "x", "country": "VN"}, "other": 1, "name": "A"}
    ordered = in_contract_order(_contract(tmp_path, ROWS), body)
    assert list(ordered) == ["name", "home", "other"]
    home = ordered["home"]
    assert isinstance(home, Mapping)
    assert list(home) == ["country", "detail"]


@pytest.mark.parametrize(
    "row", ["a,text,5,,,maybe,S,\n", "a,date,8,yyyy-MM,,no,S,\n", "a,text,,regex:(,,no,S,\n"]
)
def test_a_contract_that_cannot_be_read_says_so(tmp_path: Any, row: str) -> None:  # noqa: ANN401 - pytest's path
    with pytest.raises(TableBroken):
        _contract(tmp_path, row)


def test_every_code_that_a_converter_raises_is_documented() -> None:
    sources = texts_under("mappings", *(f"mappings/{partner}" for partner in PARTNERS))
    raised = {
        code
        for name, text in sources.items()
        if name.endswith(".py")
        for code in re.findall(r'"(mapping_[a-z_]+)"', text)
    }
    assert len(raised) > 5
    assert raised - set(MAPPING_CODES) == set()


def test_what_is_open_reads_as_nothing_and_is_neither_blank_nor_asked_for() -> None:
    opened = replace(scene(a_birth()), open=frozenset({"registration.number", "registration.volume"}))
    rules = [
        rule("body.x", "registration.number", when_missing=WhenMissing.REFUSE),
        rule("body.y", "registration.volume", when_missing=WhenMissing.BLANK),
        rule("body.z", "note", when_missing=WhenMissing.REFUSE),
        rule("body.name", "child.sex"),
    ]
    message, violations = apply(rules, opened)
    assert message == {"body": {"name": "female"}}
    assert [each.path for each in violations] == ["note"]
    assert [each.is_open(opened) for each in rules] == [True, True, False, False]
    assert not any(each.is_open(scene(a_birth())) for each in rules)


def test_where_one_of_several_sources_is_open_the_others_are_read() -> None:
    opened = replace(scene(a_birth()), open=frozenset({"registration.number"}))
    either = rule("body.x", "registration.number", "registration.volume", convert=first_known)
    assert apply([either], opened)[0] == {"body": {"x": a_birth()["registration"]["volume"]}}
