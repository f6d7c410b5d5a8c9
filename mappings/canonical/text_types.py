"""Kinds of text and number that the canonical event is made of, each with its limits."""

import re
from datetime import date, datetime
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, StringConstraints

from mappings.canonical.violations import violation
from mappings.text import find_forbidden_character, fold_spaces, nfc

NAME_CHARACTERS_MAX: Final = 100
YEAR_MIN: Final = 1800
YEAR_MAX: Final = 2199
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_MOMENT_SCHEMA: Final = {
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}.*(Z|[+-][0-9]{2}:[0-9]{2})$",
}


def _clean(value: object) -> object:
    """NFC, single spaces, no invisible characters; other kinds of value are left for pydantic to refuse."""
    if not isinstance(value, str):
        return value
    text = fold_spaces(nfc(value))
    if text.isprintable():  # nearly always; looked at here, for this is asked twenty times an event
        return text
    character = find_forbidden_character(text)
    if character is not None:
        raise violation("text_control_character", character=character)
    return text


def _instant(value: object) -> object:
    if not isinstance(value, str):
        return value if isinstance(value, datetime) else None
    try:
        return datetime.fromisoformat(value) if _MOMENT.fullmatch(value) else None
    except ValueError:
        return None


def _aware(value: object) -> datetime:
    instant = _instant(value)
    if not isinstance(instant, datetime):
        raise violation("instant_format")
    if instant.tzinfo is None:
        raise violation("instant_offset_missing")
    if not YEAR_MIN <= instant.year <= YEAR_MAX:
        raise violation("year_out_of_range", year=instant.year)
    return instant


def _parse_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) == len("2026-11-22"):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise violation("calendar_day") from error
    raise violation("calendar_day")


def _calendar_day(value: object) -> date:
    day = _parse_day(value)
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise violation("year_out_of_range", year=day.year)
    return day


BARE_OF_NEWS: Final = frozenset({_clean, _calendar_day})
"""Of what was accepted these make nothing else, where its blanks are folded already."""


def _codes_are_ascii(value: str) -> str:
    if not value.isascii():
        raise violation("code_not_ascii")
    return value


Text100: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=100), BeforeValidator(_clean)]
Text200: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(_clean)]
Text500: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500), BeforeValidator(_clean)]
Text1000: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=1000), BeforeValidator(_clean)
]
Text50: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=50), BeforeValidator(_clean)]
NameText: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=NAME_CHARACTERS_MAX), BeforeValidator(_clean)
]

_code = AfterValidator(_codes_are_ascii)
SourceEventId: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[!-~]([ -~]*[!-~])?$")
]
DossierCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{2,49}$")]
ProcedureCode: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9]\.[0-9]{6}(\.[0-9A-Z]{1,4}){0,4}$")
]
AuthorityCode: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{2}|[0-9]{3}|[0-9]{5}|M[A-Z]{2}[0-9]{2})$")
]
"""An administrative unit, or a mission abroad: M, the country, a serial number (cơ quan đại diện) [I]."""
MatterCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
BookNumber: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z][0-9A-Z./-]{0,19}$")]
PersonalId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
PaperNumber: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z][0-9A-Z./-]{0,19}$")]
CountryCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
EthnicGroupCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
ProvinceCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
DistrictCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
CommuneCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
ClockTime: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Phone: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]([0-9 ]{6,17})[0-9]$")]
Email: TypeAlias = Annotated[
    str, StringConstraints(max_length=100, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), _code
]
MediaType: TypeAlias = Annotated[
    str, StringConstraints(max_length=100, pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]*$")
]

Instant: TypeAlias = Annotated[
    datetime,
    BeforeValidator(
        _aware, json_schema_input_type=Annotated[str, Field(json_schema_extra={**_MOMENT_SCHEMA})]
    ),
]
"""A moment with its offset from UTC, RFC 3339."""
CalendarDay: TypeAlias = Annotated[
    date,
    BeforeValidator(
        _calendar_day, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date"})]
    ),
]
"""A whole day, `yyyy-MM-dd`."""
Count: TypeAlias = Annotated[StrictInt, Field(ge=0, le=999)]
Ordinal: TypeAlias = Annotated[StrictInt, Field(ge=1, le=9)]
Flag: TypeAlias = StrictBool
