"""Who may correct what, with whose consent, in which book (quy tắc thay đổi, cải chính): tables with days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from mappings.csv_files import MAPPINGS, Row, Validity, read_rows, read_validity

_TABLES: Final = MAPPINGS / "tables"
_OFFICE_COLUMNS: Final = (
    "event_type",
    "act",
    "book",
    "office",
    "effect",
    "valid_from",
    "valid_to",
    "source",
    "mark",
)
_CONSENT_COLUMNS: Final = (
    "act",
    "field",
    "age_from",
    "age_below",
    "who",
    "valid_from",
    "valid_to",
    "source",
    "mark",
)
_SOURCE_MISSING: Final = "a source and a mark, S or I, must be given"
_EFFECT_WRONG: Final = "an effect is given where, and only where, not any office may"
_BOOK_COLUMNS: Final = ("field", "books", "valid_from", "valid_to", "source", "mark")


class Office(StrEnum):
    """Which offices a rule lets correct an entry."""

    ANY = "any"
    HOLDER = "holder"
    """Who holds the book of the original entry (cơ quan giữ sổ gốc)."""
    HOLDER_OR_RESIDENCE = "holder_or_residence"
    """Or the office where the person lives."""
    HOLDER_OR_ABOVE = "holder_or_above"
    """Or an office above it."""
    PROVINCE_OF_HOLDER = "province_of_holder"


class Effect(StrEnum):
    """What a rule does that is not kept."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """Which office may do one act to entries of one book, between two days."""

    event_type: str
    act: str
    """Empty: whatever the act."""
    book: str
    """Empty: any book that has no row of its own."""
    office: Office
    effect: Effect | None
    """None only where any office may."""
    validity: Validity
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """Whose consent an act needs while the person is of an age."""

    act: str
    field: str
    age_from: int
    age_below: int
    who: str
    validity: Validity
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class BookRule:
    """In which books a field, or all below it, stands."""

    field: str
    books: frozenset[str]
    validity: Validity
    source: str
    mark: str


def find_office_rule(event_type: str, act: str | None, book: str, on_date: date) -> OfficeRule | None:
    """Find the rule in force that says most about the act: its own book before any book."""
    fitting = [
        rule
        for rule in _office_rules()
        if rule.event_type == event_type
        and rule.act in {"", act}
        and rule.book in {"", book}
        and rule.validity.covers(on_date)
    ]
    return max(fitting, key=lambda rule: (bool(rule.book), bool(rule.act)), default=None)


def list_consent_rules(act: str, field: str, on_date: date) -> tuple[ConsentRule, ...]:
    """List whose consent is needed at which ages."""
    return tuple(
        rule
        for rule in _consent_rules()
        if rule.act == act and rule.field == field and rule.validity.covers(on_date)
    )


def find_book_rule(field: str, on_date: date) -> BookRule | None:
    """Find in which books a field may stand; None when it may in any: `mother.name` is below `mother`."""
    top = field.partition(".")[0]
    found = (rule for rule in _book_rules() if rule.field == top and rule.validity.covers(on_date))
    return next(found, None)


def _validity(row: Row) -> Validity:
    if not row["source"] or row["mark"] not in {"S", "I"}:
        raise row.broken(_SOURCE_MISSING)
    try:
        return read_validity(row["valid_from"], row["valid_to"])
    except ValueError as error:
        raise row.broken(str(error)) from error


@cache
def _office_rules() -> tuple[OfficeRule, ...]:
    return tuple(_office_rule(row) for row in read_rows(_TABLES / "correction_offices.csv", _OFFICE_COLUMNS))


def _office_rule(row: Row) -> OfficeRule:
    validity = _validity(row)
    try:
        office = Office(row["office"])
        effect = Effect(row["effect"]) if row["effect"] else None
    except ValueError as error:
        raise row.broken(str(error)) from error
    if (effect is None) != (office is Office.ANY):
        raise row.broken(_EFFECT_WRONG)
    return OfficeRule(
        row["event_type"], row["act"], row["book"], office, effect, validity, row["source"], row["mark"]
    )


@cache
def _consent_rules() -> tuple[ConsentRule, ...]:
    return tuple(
        _consent_rule(row) for row in read_rows(_TABLES / "correction_consents.csv", _CONSENT_COLUMNS)
    )


def _consent_rule(row: Row) -> ConsentRule:
    validity = _validity(row)
    try:
        ages = int(row["age_from"]), int(row["age_below"])
    except ValueError as error:
        raise row.broken(str(error)) from error
    return ConsentRule(row["act"], row["field"], *ages, row["who"], validity, row["source"], row["mark"])


@cache
def _book_rules() -> tuple[BookRule, ...]:
    return tuple(
        BookRule(row["field"], frozenset(row["books"].split()), _validity(row), row["source"], row["mark"])
        for row in read_rows(_TABLES / "changed_field_books.csv", _BOOK_COLUMNS)
    )
