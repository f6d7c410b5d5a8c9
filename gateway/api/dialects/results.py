"""What a finished dossier tells: the entry, the number, and the person in question. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
)
from gateway.api.dialects.journeys import FoundDossier
from mappings.canonical import VIETNAM_TIME, AnyStored, PartialDate, Person

_SEXES: Final[Mapping[str, int]] = {"male": 1, "female": 2, "undetermined": 3}
_SHOWN: Final[Mapping[str, str]] = {"child": "nks", "deceased": "nkt"}
_TOLD: Final[Mapping[str, str]] = {
    "soDangKy": FACT_REGISTRATION_NUMBER,
    "quyenSo": FACT_REGISTRATION_VOLUME,
    "trangSo": FACT_REGISTRATION_PAGE,
}

Result = dict[str, object]


def dossier_codes(event: AnyStored) -> tuple[str, str]:
    """The linked code and the one-stop code; an ordinary dossier repeats the one [S]."""
    if event.dossier is None:
        code = event.source_event_id.rpartition("/")[2]
        return code, code
    return event.dossier.linked_code or event.dossier.code, event.dossier.code


def result_of(found: FoundDossier) -> Result:
    """Day, number, volume and page of the entry, who it is about, and the personal ID where it is known."""
    event = found.event
    told: Result = {**told_entry(found), "soDinhDanh": _number_in(found)}
    for role, prefix in _SHOWN.items():
        person = event.parties().get(role)
        if person is not None and event.event_type in {"birth", "death", "birth_with_recognition"}:
            told |= _person(person, prefix)
    return {name: value for name, value in told.items() if value is not None}


def told_entry(found: FoundDossier) -> Result:
    """The entry as the event has it, or as the registry has told it before there is an event."""
    if not found.is_registered:
        facts = found.facts
        return {name: facts[fact] for name, fact in _TOLD.items() if fact in facts} | _day_told(facts)
    place = found.stored.event.registration
    day = place.registered_at.astimezone(VIETNAM_TIME)
    told: Result = {
        "ngayDangKy": f"{day:%d/%m/%Y}",
        "soDangKy": place.number,
        "quyenSo": place.volume,
        "trangSo": place.page,
    }
    return {name: value for name, value in told.items() if value is not None}


def _day_told(facts: Mapping[str, str]) -> Result:
    day = facts.get(FACT_REGISTRATION_DATE)
    return {} if day is None else {"ngayDangKy": f"{date.fromisoformat(day):%d/%m/%Y}"}


def _number_in(found: FoundDossier) -> str | None:
    """The number of the first party: as the event says it, else as a national system has told it since."""
    for role, person in found.stored.event.parties().items():
        told = found.facts.get(f"{FACT_PERSONAL_ID}.{role}")
        return person.personal_id or told or found.facts.get(FACT_PERSONAL_ID)
    return None


def _person(person: Person, prefix: str) -> Result:
    return {
        f"{prefix}HoTen": person.name.whole.upper(),
        f"{prefix}GioiTinh": _SEXES[person.sex],
        f"{prefix}NgaySinh": _date(person.birth_date),
        f"{prefix}DanToc": person.ethnic_group_code,
        f"{prefix}QuocTich": person.nationality,
    }


def _date(date: PartialDate) -> str | None:
    if date.year is None:
        return None
    parts = (date.day, date.month)
    return "/".join([*(f"{part:02d}" for part in parts if part is not None), f"{date.year:04d}"])
