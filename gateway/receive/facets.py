"""An event reduced to what makes it this one and no other: which people, day and kind of entry. Pure.

What has no facets is once by its entry alone; the table says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from mappings.canonical import AnyEvent, PartialDate, Person
from mappings.canonical.registration import VIETNAM_TIME, EntryIdentity


class Series(StrEnum):
    """Entries of one series are compared with each other only.

    Who registers a birth again, because book and papers are lost, registers the same birth; so does who
    notes here what was registered abroad. Neither repeats the first entry, but may be repeated itself.
    """

    FIRST = "first"
    AGAIN = "again"
    ABROAD = "abroad"


_SERIES: Final[Mapping[str, Series]] = MappingProxyType(
    {
        "on_time": Series.FIRST,
        "late": Series.FIRST,
        "first": Series.FIRST,
        "new": Series.FIRST,
        "re_registration": Series.AGAIN,
        "foreign_note": Series.ABROAD,
    }
)


@dataclass(frozen=True, slots=True)
class Someone:
    """A party as far as it is told from others by it."""

    name: str
    sex: str
    birth_date: PartialDate
    personal_id: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """By what one event is compared with another of its family and series."""

    family: str
    """`birth`, `marriage`, `death`, `recognition` or `adoption`."""
    series: Series
    people: Mapping[str, Someone]
    on: PartialDate
    """The day of birth, death, marriage, adoption."""
    entry: EntryIdentity
    is_late: bool
    """Registered when the time for it was over: whoever does so may not know of the first entry."""
    amended_entry: EntryIdentity | None
    """The earlier entry that the message itself names."""
    found_in: str | None = None
    """Of a child without parents: the commune where it was born or found, else the office."""
    order: int | None = None
    """Which child of one birth, where the message says that there were several."""


FacetsOf = Callable[[AnyEvent], Facets | None]


def facets_of(event: AnyEvent) -> Facets | None:
    """None: events of this type repeat nothing but their own entry."""
    find = _FACETS.get(event.event_type)
    return None if find is None else find(event)


def known_parts(date: PartialDate) -> tuple[int, ...]:
    """Year, month and day as far as they say something; a first of January by rule says the year only."""
    parts = [part for part in (date.year, date.month, date.day) if part is not None]
    if date.certainty == "by_rule":
        parts = parts[: 1 if date.month == 1 else 2]
    return tuple(parts)


def _birth(event: AnyEvent) -> Facets | None:
    child = getattr(event, "child", None)
    if child is None:
        return None
    place = child.place_of_birth
    commune = None if place is None else place.commune_code
    people = _people(event, "child", "mother", "father")
    found = _facets("birth", event, people, child.birth_date, commune or event.registration.authority_code)
    several = getattr(getattr(event, "birth", None), "multiple", None)
    return found if found is None or several is None else replace(found, order=several.order)


def _marriage(event: AnyEvent) -> Facets | None:
    people = _people(event, "husband", "wife")
    on = getattr(event, "established_on", None)
    return _facets("marriage", event, people, on or _day_of(event)) if len(people) > 1 else None


def _death(event: AnyEvent) -> Facets | None:
    people, death = _people(event, "deceased"), getattr(event, "death", None)
    return _facets("death", event, people, death.date) if people and death is not None else None


def _recognition(event: AnyEvent) -> Facets | None:
    people = _people(event, "parent", "child")
    return _facets("recognition", event, people, _day_of(event)) if len(people) > 1 else None


def _adoption(event: AnyEvent) -> Facets | None:
    people, adoption = _people(event, "child", "adoptive_father", "adoptive_mother"), _adopted(event)
    if "child" not in people or adoption is None:
        return None
    return _facets("adoption", event, people, adoption)


def _adopted(event: AnyEvent) -> PartialDate | None:
    adoption = getattr(event, "adoption", None)
    return None if adoption is None else adoption.adopted_on


def _foreign(event: AnyEvent) -> Facets | None:
    find = _OF_ACTS.get(str(getattr(event, "act", "")))
    return None if find is None else find(event)


_OF_ACTS: Final[Mapping[str, FacetsOf]] = MappingProxyType(
    {
        "birth": _birth,
        "marriage": _marriage,
        "death": _death,
        "parent_child": _recognition,
        "adoption": _adoption,
    }
)

_FACETS: Final[Mapping[str, FacetsOf]] = MappingProxyType(
    {
        "birth": _birth,
        "birth_with_recognition": _birth,
        "marriage": _marriage,
        "death": _death,
        "parent_child_recognition": _recognition,
        "domestic_adoption": _adoption,
        "foreign_act_note": _foreign,
    }
)

ONCE_BY_ENTRY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "guardianship_start": "the same guardian may come back; a ward may have two guardians",
        "guardianship_change": "it is an end and a beginning, of people who may have been there before",
        "guardianship_end": "it names the entry that it ends, and two ends of one entry are one remark",
        "guardianship_supervision_start": "the same supervisor may come back",
        "guardianship_supervision_end": "it names the entry that it ends",
        "civil_status_change": "one entry may be corrected often; the decision or moment names the remark",
        "court_decision": "paper and entry name it; one paper may touch several entries",
        "foreign_divorce_note": "a couple may divorce more than once; the foreign paper names it",
        "marital_status_certificate": "anybody may ask for as many as he needs, each for its purpose",
        "extract_copy": "copies are given as often as they are asked for",
        "information_confirmation": "confirmations are given as often as they are asked for",
        "certificate_revocation": "it names the entry whose paper it revokes",
    }
)
"""Event types without natural key, and why their entry is enough."""

COMPARED: Final = frozenset(_FACETS)
"""Event types with one."""


def _facets(
    family: str, event: AnyEvent, people: Mapping[str, Someone], on: PartialDate, found_in: str | None = None
) -> Facets | None:
    kind = str(getattr(event.registration, "kind", ""))
    series = _SERIES.get(kind)
    if series is None:
        return None
    return Facets(
        family=family,
        series=series,
        people=people,
        on=on,
        entry=event.entry(),
        is_late=kind == "late",
        amended_entry=event.amended_entry(),
        found_in=found_in,
    )


def _people(event: AnyEvent, *roles: str) -> Mapping[str, Someone]:
    found: dict[str, Any] = {role: getattr(event, role, None) for role in roles}
    return {role: _someone(person) for role, person in found.items() if person is not None}


def _someone(person: Person) -> Someone:
    return Someone(person.name.whole, person.sex, person.birth_date, person.personal_id)


def _day_of(event: AnyEvent) -> PartialDate:
    day = event.registration.registered_at.astimezone(VIETNAM_TIME).date()
    return PartialDate(year=day.year, month=day.month, day=day.day)
