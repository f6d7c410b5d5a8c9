"""What a finished dossier tells: the entry, the number, and the person in question. Pure."""

from collections.abc import Mapping
from typing import Final

from gateway.api.dialects.journeys import FoundDossier
from mappings.canonical import VIETNAM_TIME, AnyEvent, PartialDate, Person

_SEXES: Final[Mapping[str, int]] = {"male": 1, "female": 2, "undetermined": 3}
_SHOWN: Final[Mapping[str, str]] = {"child": "nks", "deceased": "nkt"}
_PERSONAL_ID: Final = "personal_id"

Result = dict[str, object]


def dossier_codes(event: AnyEvent) -> tuple[str, str]:
    """The linked code and the one-stop code; an ordinary dossier repeats the one [S]."""
    if event.dossier is None:
        code = event.source_event_id.rpartition("/")[2]
        return code, code
    return event.dossier.linked_code or event.dossier.code, event.dossier.code


def result_of(found: FoundDossier) -> Result:
    """Day, number, volume and page of the entry, who it is about, and the personal ID where it is known."""
    event = found.stored.event
    place = event.registration
    day = place.registered_at.astimezone(VIETNAM_TIME)
    told: Result = {
        "ngayDangKy": f"{day:%d/%m/%Y}",
        "soDangKy": place.number,
        "quyenSo": place.volume,
        "trangSo": place.page,
        "soDinhDanh": _number_in(found),
    }
    for role, prefix in _SHOWN.items():
        person = event.parties().get(role)
        if person is not None and event.event_type in {"birth", "death", "birth_with_recognition"}:
            told |= _person(person, prefix)
    return {name: value for name, value in told.items() if value is not None}


def _number_in(found: FoundDossier) -> str | None:
    """The number of the first party: as the event says it, else as a national system has told it since."""
    for role, person in found.stored.event.parties().items():
        return person.personal_id or found.facts.get(f"{_PERSONAL_ID}.{role}")
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
