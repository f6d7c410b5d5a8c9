"""Shape, formats and calendar of the parts of an event."""

import base64
import unicodedata
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from mappings.canonical import (
    ATTACHMENT_BYTES_MAX,
    WORDINGS,
    Attachment,
    IdentityPaper,
    MultipleBirth,
    PartialDate,
    Person,
    PersonName,
    Place,
    Registration,
)


def codes(model: type[BaseModel], value: object) -> set[str]:
    """Codes of everything the model has against a value."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(value)
    return {error["type"] for error in caught.value.errors()}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"year": 2026, "month": 2, "day": 29}, "partial_date_not_in_calendar"),
        ({"year": 2026, "day": 3}, "partial_date_order"),
        ({"month": 3}, "partial_date_order"),
        ({}, "partial_date_empty"),
        ({"year": 1990, "certainty": "unknown"}, "partial_date_unknown_but_filled"),
        ({"year": 1990, "certainty": "by_rule"}, "partial_date_by_rule_not_first"),
        ({"year": 1990, "month": 5, "day": 2, "certainty": "by_rule"}, "partial_date_by_rule_not_first"),
        ({"year": "1990"}, "int_type"),
        ({"year": True}, "int_type"),
        ({"year": 1799}, "greater_than_equal"),
        ({"year": 1990, "certainty": "perhaps"}, "literal_error"),
        ({"year": 1990, "years": 1}, "extra_forbidden"),
    ],
)
def test_a_date_that_cannot_be_is_refused(value: dict[str, Any], code: str) -> None:
    assert codes(PartialDate, value) == {code}


@pytest.mark.parametrize(
    ("value", "is_known", "is_whole"),
    [
        ({"year": 1990}, True, False),
        ({"year": 1990, "month": 2}, True, False),
        ({"year": 2024, "month": 2, "day": 29}, True, True),
        ({"year": 1960, "month": 1, "day": 1, "certainty": "by_rule"}, True, True),
        ({"certainty": "unknown"}, False, False),
    ],
)
def test_a_date_may_be_known_in_part(value: dict[str, Any], *, is_known: bool, is_whole: bool) -> None:
    moment = PartialDate.model_validate(value)
    assert (moment.is_known, moment.whole is not None) == (is_known, is_whole)


def test_first_of_january_by_rule_is_not_first_of_january() -> None:
    by_rule = PartialDate(year=1960, month=1, day=1, certainty="by_rule")
    assert by_rule != PartialDate(year=1960, month=1, day=1)
    assert by_rule.whole == PartialDate(year=1960, month=1, day=1).whole


def test_parts_of_a_name_make_the_whole() -> None:
    assert PersonName(family="Lê", middle="Thị", given="Mẫu").whole == "Lê Thị Mẫu"
    assert PersonName(given="Mẫu").whole == "Mẫu"


def test_the_same_name_composed_or_decomposed_agrees_with_its_parts() -> None:
    decomposed = unicodedata.normalize("NFD", "LÊ  THỊ MẪU ")
    name = PersonName(full=decomposed, family="Lê", middle="Thị", given="Mẫu")
    assert name.whole == "LÊ THỊ MẪU"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"full": "LÊ THỊ MẪU", "family": "LÊ", "given": "MẪU"}, "name_parts_disagree"),
        ({"family": "LÊ"}, "name_missing"),
        ({}, "name_missing"),
        ({"full": "  "}, "string_too_short"),
        ({"full": "LÊ\u0000MẪU"}, "text_control_character"),
        ({"full": "LÊ\u200bMẪU"}, "text_control_character"),
        ({"full": "A" * 101}, "string_too_long"),
        ({"full": 1}, "string_type"),
    ],
)
def test_a_name_that_says_two_things_or_nothing_is_refused(value: dict[str, Any], code: str) -> None:
    assert codes(PersonName, value) == {code}


def test_a_place_abroad_has_no_vietnamese_codes() -> None:
    assert codes(Place, {"country": "LA", "province_code": "08"}) == {"place_abroad_with_codes"}
    assert Place(country="LA", detail="Viêng Chăn").province_code is None


@pytest.mark.parametrize(
    ("field", "text"),
    [("province_code", "8"), ("commune_code", "0691"), ("district_code", "٠٠١"), ("country", "vn")],
)
def test_a_code_of_the_wrong_length_or_alphabet_is_refused(field: str, text: str) -> None:
    assert codes(Place, {field: text}) == {"string_pattern_mismatch"}


def test_an_other_paper_is_named_and_a_known_one_is_not() -> None:
    assert codes(IdentityPaper, {"kind": "other", "number": "1"}) == {"other_kind_missing"}
    named = {"kind": "passport", "other_kind": "Thẻ", "number": "B1"}
    assert codes(IdentityPaper, named) == {"other_kind_unexpected"}


def test_the_order_of_birth_stays_within_the_number_of_children() -> None:
    assert codes(MultipleBirth, {"order": 3, "total": 2}) == {"multiple_order"}
    assert codes(MultipleBirth, {"order": 1, "total": 1}) == {"greater_than_equal"}


PERSON = {"name": {"full": "LÊ MẪU"}, "sex": "female", "birth_date": {"year": 1990}}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"nationality": "VN", "unknown": ["nationality"]}, "unknown_but_filled"),
        ({"ethnic_group_other": "Thù Lao", "unknown": ["ethnic_group_code"]}, "unknown_but_filled"),
        ({"unknown": ["residence", "residence"]}, "unknown_repeated"),
        ({"unknown": ["name"]}, "literal_error"),
        ({"personal_id": "0991970000012"}, "string_pattern_mismatch"),
        ({"sex": "f"}, "literal_error"),
    ],
)
def test_unknown_and_filled_exclude_each_other(more: dict[str, Any], code: str) -> None:
    assert codes(Person, PERSON | more) == {code}


def test_unknown_is_kept_apart_from_not_stated() -> None:
    silent = Person.model_validate(PERSON)
    stated = Person.model_validate(PERSON | {"unknown": ["residence"]})
    assert (silent.unknown, stated.unknown) == ((), ("residence",))


ATTACHMENT = {"file_name": "a.pdf", "title": "Giấy", "kind": "other", "media_type": "application/pdf"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "attachment_content_missing"),
        ("JVBERi0", "attachment_base64"),
        ("JVBE Ri0=", "attachment_base64"),
        (base64.b64encode(bytes(ATTACHMENT_BYTES_MAX + 1)).decode(), "attachment_too_large"),
        ("A" * (4 * ATTACHMENT_BYTES_MAX), "string_too_long"),
    ],
)
def test_content_that_cannot_be_read_or_sent_is_refused(content: str | None, code: str) -> None:
    assert codes(Attachment, ATTACHMENT | {"content_base64": content}) == {code}


def test_a_withdrawn_attachment_needs_no_content() -> None:
    assert Attachment.model_validate(ATTACHMENT | {"withdrawn": True}).content_base64 is None


def test_the_largest_attachment_is_taken() -> None:
    content = base64.b64encode(bytes(ATTACHMENT_BYTES_MAX)).decode()
    assert Attachment.model_validate(ATTACHMENT | {"content_base64": content}).content_base64 == content


REGISTRATION = {"authority_code": "00691", "book_code": "KS", "volume": "01/2026", "number": "41"}


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-11-22T08:15:00", "instant_offset_missing"),
        ("2026-11-22", "instant_format"),
        ("22/11/2026", "instant_format"),
        ("2026-02-30T08:15:00+07:00", "instant_format"),
        (1795313700, "instant_format"),
        ("0001-01-01T00:00:00+14:00", "year_out_of_range"),
    ],
)
def test_a_moment_needs_a_day_an_hour_and_an_offset(moment: object, code: str) -> None:
    assert codes(Registration, REGISTRATION | {"registered_at": moment}) == {code}


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        ("2026-12-31T16:59:59+00:00", 2026),
        ("2026-12-31T17:00:00Z", 2027),
        ("2027-01-01T00:00:00+07:00", 2027),
    ],
)
def test_the_year_of_the_book_is_the_year_in_vietnam(moment: str, year: int) -> None:
    assert Registration.model_validate(REGISTRATION | {"registered_at": moment}).book_year == year


def test_every_wording_says_something_in_both_languages() -> None:
    assert all(each.vietnamese and each.english for each in WORDINGS.values())
    assert all(each.vietnamese != each.english for each in WORDINGS.values())
