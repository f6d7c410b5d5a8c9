"""What an entry says, as texts by field: written like the values of a change, so that one can compare."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from mappings.canonical import AnyEvent, PartialDate, Person, Place
from mappings.text import fold_spaces
from mappings.units import find_unit

_COMPARABLE: Final = frozenset(
    {
        "name",
        "sex",
        "birth_date",
        "ethnic_group",
        "nationality",
        "other_nationality",
        "personal_id",
        "established_on",
        "date",
        "time",
    }
)
"""Last parts of fields whose values are codes, dates or names; places and causes are free text."""
_DATES: Final = frozenset({"birth_date", "established_on", "date"})
HOME: Final = "VN"

Fields = Mapping[str, str]


def fields_made_by(event: AnyEvent, on_date: date) -> dict[str, str]:
    """Everything that the entry of an event says: `child.name`, `mother.birth_date`, `death.date`."""
    fields: dict[str, str] = {}
    for role, person in event.parties().items():
        fields.update({f"{role}.{name}": value for name, value in person_fields(person, on_date)})
    fields.update(_facts(event, on_date))
    return fields


def person_fields(person: Person, on_date: date) -> Iterator[tuple[str, str]]:
    """What the book says of one person; what it does not say is left out."""
    residence = person.residence
    paper = person.identity_paper
    texts: dict[str, str | None] = {
        "name": person.name.whole,
        "sex": person.sex,
        "birth_date": date_text(person.birth_date),
        "ethnic_group": person.ethnic_group_code or person.ethnic_group_other,
        "nationality": person.nationality,
        "other_nationality": person.other_nationality,
        "personal_id": person.personal_id,
        "identity_paper": None if paper is None else paper.number,
        "residence": None if residence is None else place_text(residence.place, on_date),
        "place_of_origin": None
        if person.place_of_origin is None
        else place_text(person.place_of_origin, on_date),
    }
    born_at: Place | None = getattr(person, "place_of_birth", None)
    if born_at is not None:
        texts["place_of_birth"] = place_text(born_at, on_date)
    yield from ((name, value) for name, value in texts.items() if value)


def date_text(day: PartialDate) -> str | None:
    """`1988-02-09`, `1988-02` or `1988`; None when unknown."""
    if day.year is None:
        return None
    parts = [f"{day.year:04}"]
    if day.month is not None:
        parts.append(f"{day.month:02}")
        if day.day is not None:
            parts.append(f"{day.day:02}")
    return "-".join(parts)


def place_text(place: Place, on_date: date) -> str:
    """In words, with the names of the day: an entry keeps the place names under which it was made."""
    day = place.as_of or on_date
    codes = (place.commune_code, place.district_code, place.province_code)
    units = (find_unit(code, day) for code in codes if code is not None)
    names = [unit.full_name for unit in units if unit is not None]
    country = [] if place.country == HOME else [place.country]
    return ", ".join(part for part in (place.detail, *names, *country) if part)


def agree(field: str, stated: str, known: str) -> bool | None:
    """Whether two values of a field say the same; None where free text cannot tell."""
    kind = field.rpartition(".")[2]
    if kind not in _COMPARABLE:
        return None
    if kind == "name":
        return fold_spaces(stated).casefold() == fold_spaces(known).casefold()
    if kind in _DATES:
        # What is known in part agrees with any day of it.
        return stated.startswith(known) or known.startswith(stated)
    return stated.strip() == known.strip()


def _facts(event: AnyEvent, on_date: date) -> Iterator[tuple[str, str]]:
    established: PartialDate | None = getattr(event, "established_on", None)
    if established is not None and (text := date_text(established)):
        yield "established_on", text
    death = getattr(event, "death", None)
    if death is None:
        return
    texts = {
        "date": date_text(death.date),
        "time": death.time,
        "place": None if death.place is None else place_text(death.place, on_date),
        "cause": death.cause,
    }
    yield from ((f"death.{name}", value) for name, value in texts.items() if value)
