"""What was accepted is read again without our checks, and is the same event in every respect."""

import json
from datetime import datetime

import pytest
from pydantic import BaseModel, ValidationError

from mappings.canonical import EVENT_TYPES, parse_event, parse_stored_json, sample_event
from mappings.canonical import declaration as stored_forms
from mappings.canonical.read_again import has_folded_blanks
from tests.support.declarations import a_declaration, declarable
from tests.support.events import ABSENT, a_birth

_EVERY_BLANK = [chr(number) for number in range(0x110000) if chr(number).isspace()]
"""All that the folding of blanks takes away or makes one plain blank."""


def _compact(value: object) -> bytes:
    """As an accepted event lies in the database."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _read_with_every_check(content: bytes) -> object:
    return stored_forms._ADAPTER.validate_json(content)  # noqa: SLF001 - to compare with


def _all_of(value: object) -> object:
    """A value with its kind and, of models, the fields that were given: equality would overlook both."""
    if isinstance(value, BaseModel):
        inner = {name: _all_of(each) for name, each in vars(value).items()}
        return type(value), value.model_fields_set, inner
    if isinstance(value, tuple):
        return tuple(map(_all_of, value))
    if isinstance(value, datetime):
        return type(value), value.isoformat(), value.utcoffset(), type(value.tzinfo)
    return type(value), value


def _named(name: str) -> bytes:
    return _compact(a_birth(child__name={"full": name}))


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_event_is_the_same_as_when_it_was_read_with_every_check(event_type: str) -> None:
    content = _compact(sample_event(event_type))
    assert has_folded_blanks(content)
    assert _all_of(parse_stored_json(content)) == _all_of(_read_with_every_check(content))


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_declaration_too(event_type: str) -> None:
    content = _compact(a_declaration(declarable(event_type)))
    assert has_folded_blanks(content)
    assert _all_of(parse_stored_json(content)) == _all_of(_read_with_every_check(content))


@pytest.mark.parametrize("blank", _EVERY_BLANK, ids=lambda blank: f"U+{ord(blank):04X}")
@pytest.mark.parametrize("written", ["{0}MẪU BA", "MẪU BA{0}", "MẪU{0}{0}BA", "MẪU {0}BA", "MẪU{0} BA"])
def test_blanks_that_the_sender_wrote_are_folded_again(written: str, blank: str) -> None:
    """The stored content is what was sent; the names in the event have single blanks all the same."""
    content = _named(written.format(blank))
    assert not has_folded_blanks(content)
    assert parse_stored_json(content) == parse_event(a_birth(child__name={"full": "MẪU BA"}))


@pytest.mark.parametrize("blank", [each for each in _EVERY_BLANK if each != " "], ids=ascii)
def test_a_blank_other_than_the_plain_one_is_seen_wherever_it_stands(blank: str) -> None:
    assert not has_folded_blanks(_named(f"MẪU{blank}BA"))


def test_json_with_blanks_between_its_parts_is_read_with_every_check() -> None:
    content = json.dumps(a_birth(), ensure_ascii=False).encode()
    assert not has_folded_blanks(content)
    assert parse_stored_json(content) == parse_event(a_birth())


@pytest.mark.parametrize(
    "broken",
    [
        {"child__sex": "of no kind"},
        {"child__name": {"full": "M" * 101}},
        {"child__personal_id": "99326000027"},
        {"child__no_such_field": "x"},
        {"birth__certificate_date": "2026-02-30"},
        {"registration__registered_at": "2026-11-16T09:40:00"},
        {"copies_requested": 1000},
        {"event_type": "of no kind"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_kinds_limits_patterns_and_codes_are_looked_at_as_ever(broken: dict[str, object]) -> None:
    content = _compact(a_birth(**broken))
    assert has_folded_blanks(content)
    with pytest.raises(ValidationError):
        parse_stored_json(content)


@pytest.mark.parametrize(
    "against_a_rule",
    [
        {"child__birth_date": {"day": 2, "certainty": "exact"}},
        {"mother": ABSENT},
        {"child__nationality": ABSENT},
        {"mother__residence__place__country": "LA"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_the_rules_between_fields_are_not_asked_again(against_a_rule: dict[str, object]) -> None:
    """An event that was accepted stays readable when a later release adds a rule."""
    content = _compact(a_birth(**against_a_rule))
    with pytest.raises(ValidationError):
        _read_with_every_check(content)
    assert isinstance(parse_stored_json(content), EVENT_TYPES["birth"])
