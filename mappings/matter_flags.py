"""Which matter a canonical event is about: its fields as the flags that `tables/matters.csv` knows."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

from mappings.canonical import VIETNAM_TIME, CivilEvent, PartialDate, Person
from mappings.matters import FOREIGN_ELEMENT, Matter, find_matter

_FOURTEEN: Final = 14
UNDER_14: Final = "under_14"
FROM_14: Final = "from_14"
_NOTED_AS: Final = {
    "birth": "birth",
    "death": "death",
    "marriage": "marriage",
    "guardianship_start": "guardianship",
    "parent_child_recognition": "parent_child",
}
"""An entry of kind `foreign_note` among the ordinary entries is a note of an act abroad."""


def matter_of(event: CivilEvent) -> Matter | None:
    """Say which matter an event is about; None when its fields fit no matter, or leave two open."""
    possible = possible_matters(event)
    return possible[0] if len(possible) == 1 else None


def possible_matters(event: CivilEvent) -> tuple[Matter, ...]:
    """Give every matter that the event can be about: two only where an age of 14 cannot be told."""
    registration_day = event.registration.registered_at.astimezone(VIETNAM_TIME).date()
    procedure = None if event.dossier is None else event.dossier.procedure_code
    kind: str | None = getattr(event.registration, "kind", None)
    event_type, flags = _named(event, kind)
    ages = _ages(event, registration_day)
    found = (
        find_matter(event_type, procedure, kind, flags | {age} if age else flags, registration_day)
        for age in ages
    )
    matters = tuple(dict.fromkeys(matter for matter in found if matter is not None))
    stated = tuple(matter for matter in matters if matter.code == event.matter)
    return stated or matters


def flags_of(event: CivilEvent) -> frozenset[str]:
    """Give everything about an event that tells its matter, but for the age."""
    return frozenset(_flags(event))


def _named(event: CivilEvent, kind: str | None) -> tuple[str, frozenset[str]]:
    event_type: str = getattr(event, "event_type")  # noqa: B009 - the discriminator stands in the subclasses
    flags = flags_of(event)
    if kind == "foreign_note" and event_type in _NOTED_AS:
        return "foreign_act_note", flags | {f"note_of:{_NOTED_AS[event_type]}"}
    return event_type, flags


def _flags(event: CivilEvent) -> Iterator[str]:
    if event.foreign_element:
        yield FOREIGN_ELEMENT
    if event.mobile:
        yield "mobile"
    if event.dossier is not None and event.dossier.linked_code is not None:
        yield "linked"
    if getattr(getattr(event, "birth", None), "abandoned", False):
        yield "abandoned"
    act: str | None = getattr(event, "act", None)
    if act is not None:
        event_type: str = getattr(event, "event_type", "")
        yield f"act:{act}" if event_type == "civil_status_change" else f"note_of:{act}"
    decision: str | None = getattr(event, "kind", None)
    if decision is not None:
        yield f"decision:{decision}"


def _ages(event: CivilEvent, on_date: date) -> tuple[str | None, ...]:
    subject = getattr(event, "subject", None)
    if not isinstance(subject, Person):
        return (None,)
    bounds = _bounds(subject.birth_date)
    if bounds is None:
        return (UNDER_14, FROM_14)
    earliest, latest = bounds
    oldest, youngest = _reaches_14(earliest) <= on_date, _reaches_14(latest) <= on_date
    if oldest != youngest:
        return (UNDER_14, FROM_14)
    return (FROM_14,) if youngest else (UNDER_14,)


def _bounds(born: PartialDate) -> tuple[date, date] | None:
    if born.year is None:
        return None
    by_rule = born.certainty == "by_rule"
    if born.month is None or (by_rule and born.month == 1):
        return date(born.year, 1, 1), date(born.year, 12, 31)
    if born.day is None or by_rule:
        last = monthrange(born.year, born.month)[1]
        return date(born.year, born.month, 1), date(born.year, born.month, last)
    day = date(born.year, born.month, born.day)
    return day, day


def _reaches_14(born: date) -> date:
    """Of 29 February: 1 March."""
    try:
        return born.replace(year=born.year + _FOURTEEN)
    except ValueError:
        return date(born.year + _FOURTEEN, 3, 1)
