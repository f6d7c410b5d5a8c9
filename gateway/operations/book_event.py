"""From what the paper book says to the event that tells the national systems: differences and message; pure.

The gateway registers nothing: the event is an alignment of data (Law on civil status, art. 60). It has no
number in any book, names the entry that it is about, and is signed by nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, get_args

from gateway.model.clock import VIETNAM
from gateway.model.entry_effects import field_of_entry, subject_role
from gateway.model.entry_fields import agree
from gateway.model.entry_history import EntryHistory, Recorded, makes
from mappings.canonical import AmendedEntry, PartialDate, Person
from mappings.canonical.change import ChangedField
from mappings.canonical.registration import EntryIdentity
from mappings.canonical.roles import Subject
from mappings.units import find_unit

ALIGNMENT: Final = "data_alignment"
SETTABLE: Final = frozenset(get_args(ChangedField)) - {"other"}
"""Fields that a book can be said to hold, seen from the person the entry is first about."""
_FIRST_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "KS": ("child",),
    "KH": ("husband",),
    "KT": ("deceased",),
    "GH": ("ward",),
    "GSGH": ("ward",),
    "CMC": ("child",),
    "NCN": ("child",),
    "GCLH": ("husband",),
}
_COMMITTEE: Final = "Ủy ban nhân dân"
_KEEPER: Final = "Cơ quan giữ sổ hộ tịch"
_OWN: Final = ("name", "sex", "birth_date", "personal_id")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the electronic data say something else than the book."""

    field: str
    """As a change names it."""
    before: str | None
    """What we know the national systems to have been told."""
    after: str | None
    """What the book says."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The person an entry is first about, as the national systems know him."""

    role: str
    person: Person


def person_of(history: EntryHistory, events: Sequence[Recorded]) -> Whom | None:
    """By the original event; else the subject of the newest change."""
    for each in events:
        if makes(each.event, history.entry):
            parties = each.event.parties()
            wanted = (*_FIRST_ROLES.get(history.entry.book_code, ()), *parties)
            role = next((name for name in wanted if name in parties), None)
            return None if role is None else Whom(role, parties[role])
    for each in reversed(events):
        person = each.event.parties().get("subject")
        if person is not None:
            role = subject_role(person, history.values(), history.entry.book_code)
            return Whom(role, person)
    return None


def differences_of(
    values: Mapping[str, str | None], history: EntryHistory, role: str
) -> tuple[Difference, ...]:
    """Field by field, in the order stated; capitals make no difference in a name."""
    known = history.values()
    found = []
    for field, after in values.items():
        name = field_of_entry(field, role)
        before = known.get(name)
        is_same = before == after or (
            before is not None
            and after is not None
            and name.endswith("name")
            and agree(name, after, before) is True
        )
        if not is_same:
            found.append(Difference(field, before, after))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Everything that the message is made of."""

    statement_id: str
    entry: EntryIdentity
    registered_on: PartialDate
    authority_code: str
    """Who holds the book today."""
    whom: Whom
    differences: tuple[Difference, ...]
    reason: str
    page_reference: str
    stated_at: datetime


def event_of(alignment: Alignment, known: Mapping[str, str]) -> dict[str, Any]:
    """As a sender would hand it in; the same statement gives the same message."""
    entry = alignment.entry
    return {
        "event_type": "civil_status_change",
        "source_event_id": f"BOOK-{alignment.statement_id}",
        "registration": {
            "authority_code": alignment.authority_code,
            "registered_at": alignment.stated_at.astimezone(VIETNAM).isoformat(),
            "book_code": entry.book_code,
            "kind": "remark",
        },
        "act": ALIGNMENT,
        "amends": {
            "entry": {
                "authority_code": entry.authority_code,
                "book_code": entry.book_code,
                "registered_on": alignment.registered_on.model_dump(mode="json", exclude_none=True),
                "number": entry.number,
            }
        },
        "subject": _subject(alignment.whom, known),
        "changes": [
            {
                name: value
                for name, value in (("field", each.field), ("before", each.before), ("after", each.after))
                if value is not None
            }
            for each in alignment.differences
        ],
        "reason": alignment.reason,
        "requester": _office(alignment),
        "note": f"Theo sổ giấy: {alignment.page_reference}",
    }


def registered_on_of(entry: EntryIdentity, events: Sequence[Recorded]) -> PartialDate:
    """The day of the original entry as far as anybody has said it."""
    for each in events:
        if makes(each.event, entry):
            day: date = each.registered_on
            return PartialDate(year=day.year, month=day.month, day=day.day)
    for each in events:
        amended: AmendedEntry | None = None if each.event.amends is None else each.event.amends.entry
        if amended is not None and amended.identity() == entry:
            return amended.registered_on
    return PartialDate(year=entry.year)


def _office(alignment: Alignment) -> dict[str, Any]:
    """No citizen asked: the office that keeps the book did, and the national registry wants to know who."""
    unit = find_unit(alignment.authority_code, alignment.stated_at.astimezone(VIETNAM).date())
    name = alignment.authority_code if unit is None else unit.full_name
    return {"name": {"full": f"{_COMMITTEE} {name}"}, "relation": _KEEPER}


def _subject(whom: Whom, known: Mapping[str, str]) -> dict[str, Any]:
    """As the systems know him now: earlier corrections count."""
    dumped = whom.person.model_dump(mode="json", exclude_none=True)
    fields = {name: value for name, value in dumped.items() if name in Subject.model_fields}
    fields["unknown"] = [name for name in dumped.get("unknown", ()) if name not in fields]
    current = {name: known.get(f"{whom.role}.{name}") for name in _OWN}
    if current["name"]:
        fields["name"] = {"full": current["name"]}
    for name in ("sex", "personal_id"):
        if current[name]:
            fields[name] = current[name]
    if current["personal_id"]:
        fields["unknown"] = [name for name in fields["unknown"] if name != "personal_id"]
    if current["birth_date"]:
        fields["birth_date"] = _date(current["birth_date"], dumped["birth_date"])
    return fields


def _date(text: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Kept with its certainty while nobody has changed it."""
    parts = dict(zip(("year", "month", "day"), (int(part) for part in text.split("-")), strict=False))
    unchanged = all(given.get(name) == parts.get(name) for name in ("year", "month", "day"))
    return dict(given) if unchanged else {**parts, "certainty": "exact"}
