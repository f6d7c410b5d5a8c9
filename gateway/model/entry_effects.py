"""What an event does to an earlier entry: fields get values, and standings begin or end, as by a divorce."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from gateway.model.entry_fields import Fields, agree, person_fields
from mappings.canonical import (
    AnyEvent,
    CertificateRevocation,
    CivilStatusChange,
    CourtDecision,
    DomesticAdoption,
    FieldChange,
    ForeignActNote,
    ForeignDivorceNote,
    GuardianshipChange,
    GuardianshipEnd,
    GuardianshipSupervisionEnd,
    ParentChildRecognition,
    Person,
)
from mappings.canonical.registration import VIETNAM_TIME

NO_CHANGE: Final = frozenset({"extract_copy", "information_confirmation"})
"""Events that name an earlier entry without changing it."""
_DECISIONS: Final[Mapping[str, tuple[str, str]]] = {
    "nationality_change": ("nationality.status", "changed_by_decision"),
    "parent_determination": ("parents.status", "determined_by_court"),
    "sex_redetermination": ("sex.status", "redetermined"),
    "adoption": ("adoption.status", "in_force"),
    "adoption_end": ("adoption.status", "ended"),
    "divorce": ("marriage.status", "divorced"),
    "annulment": ("marriage.status", "annulled"),
    "marriage_recognition": ("marriage.status", "recognised"),
    "guardianship_recognition": ("guardianship.status", "in_force"),
    "missing": ("missing.status", "declared"),
    "missing_cancelled": ("missing.status", "cancelled"),
    "capacity_limited": ("capacity.status", "limited"),
    "capacity_cancelled": ("capacity.status", "restored"),
    "death_declared": ("death.status", "declared_by_court"),
    "death_declaration_cancelled": ("death.status", "cancelled"),
}
"""Each kind of decision -> which standing of the entry it sets, and to what."""
_MADE: Final[Mapping[str, str]] = {
    "marriage": "marriage.status",
    "death": "death.status",
    "guardianship_start": "guardianship.status",
    "guardianship_change": "guardianship.status",
    "guardianship_supervision_start": "supervision.status",
    "domestic_adoption": "adoption.status",
}
"""Standings that begin with the entry itself."""
_OTHER_SIDE: Final = {"husband": "wife", "wife": "husband"}
_MARRIAGE_BOOKS: Final = frozenset({"KH", "GCLH"})
_SUBJECTS: Final[Mapping[str, str]] = {
    "KS": "child",
    "KT": "deceased",
    "GH": "ward",
    "GSGH": "ward",
    "CMC": "child",
    "NCN": "child",
}
"""Whom an entry of a book is about first."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One field of an entry gets one value."""

    field: str
    after: str | None
    """None: blank from now on."""
    before: str | None = None
    """As the event states it."""
    states_before: bool = False


def standing_made_by(event: AnyEvent) -> Iterator[tuple[str, str]]:
    """The standing that begins with the entry."""
    event_type = str(event.event_type)
    if event_type in _MADE:
        yield _MADE[event_type], "in_force"
    if isinstance(event, ForeignActNote):
        field = {"marriage": "marriage.status", "death": "death.status", "adoption": "adoption.status"}
        if event.act in field:
            yield field[event.act], "in_force"
    if isinstance(event, ForeignDivorceNote):
        yield "marriage.status", "divorced" if event.act == "divorce" else "annulled"


def effects_on_earlier(event: AnyEvent, state: Fields, book_code: str) -> tuple[Effect, ...]:
    """What the event changes in the entry that it amends, as that entry stands now."""
    return tuple(_effects(event, state, book_code))


def subject_role(subject: Person, state: Fields, book_code: str) -> str:
    """Which person of the entry the subject of a change is: by number, by name, else by the book."""
    roles = {field.partition(".")[0] for field in state if field.endswith(".name")}
    for name, value in (("personal_id", subject.personal_id), ("name", subject.name.whole)):
        found = [
            role
            for role in sorted(roles)
            if value and (known := state.get(f"{role}.{name}")) and agree(name, value, known)
        ]
        if len(found) == 1:
            return found[0]
    if book_code in _MARRIAGE_BOOKS:
        return "husband" if subject.sex == "male" else "wife"
    return _SUBJECTS.get(book_code, "subject")


def field_of_entry(field: str, role: str) -> str:
    """A field as a change names it, seen from its subject -> as the entry names it."""
    top = field.partition(".")[0]
    if top in {"mother", "father", "death", "guardian"} or field == "established_on":
        return field
    if top == "spouse":
        return f"{_OTHER_SIDE.get(role, 'spouse')}.{field.partition('.')[2]}"
    return f"{role}.{field}"


def of_changes(changes: Iterable[FieldChange], role: str) -> Iterator[Effect]:
    """Field by field; `other` is words for people only."""
    for change in changes:
        if change.field != "other":
            yield Effect(field_of_entry(change.field, role), change.after, change.before, states_before=True)


def _effects(event: AnyEvent, state: Fields, book_code: str) -> Iterator[Effect]:
    match event:
        case CivilStatusChange():
            yield from of_changes(event.changes, subject_role(event.subject, state, book_code))
        case CourtDecision():
            yield from of_changes(event.changes, subject_role(event.subject, state, book_code))
            yield Effect(*_DECISIONS[event.kind])
        case CertificateRevocation():
            yield Effect(f"paper.{event.revocation.paper}", "revoked")
        case ParentChildRecognition():
            yield from _recognised(event)
        case DomesticAdoption():
            yield Effect("adoption.status", "in_force")
            yield from _people(event, "adoptive_father", "adoptive_mother")
        case ForeignDivorceNote():
            yield Effect("marriage.status", "divorced" if event.act == "divorce" else "annulled")
        case ForeignActNote():
            yield from _noted(event, state, book_code)
        case GuardianshipEnd() | GuardianshipChange():
            yield Effect("guardianship.status", "ended")
        case GuardianshipSupervisionEnd():
            yield Effect("supervision.status", "ended")
        case _:
            return


def _recognised(event: ParentChildRecognition) -> Iterator[Effect]:
    match event.recognition.kind:
        case "father_recognises_child" | "child_recognises_father":
            parent = "father"
        case "mother_recognises_child" | "child_recognises_mother":
            parent = "mother"
        case _:
            assert_never(event.recognition.kind)
    yield Effect(f"{parent}.status", "recognised")
    day = event.registration.registered_at.astimezone(VIETNAM_TIME).date()
    for name, value in person_fields(event.parent, day):
        yield Effect(f"{parent}.{name}", value)


def _noted(event: ForeignActNote, state: Fields, book_code: str) -> Iterator[Effect]:
    if event.act == "adoption":
        yield Effect("adoption.status", "in_force")
        yield from _people(event, "adoptive_father", "adoptive_mother")
    if event.act == "parent_determination":
        yield Effect("parents.status", "determined_abroad")
    if event.subject is not None:
        yield from of_changes(event.changes, subject_role(event.subject, state, book_code))


def _people(event: AnyEvent, *roles: str) -> Iterator[Effect]:
    day = event.registration.registered_at.astimezone(VIETNAM_TIME).date()
    for role, person in event.parties().items():
        if role in roles:
            for name, value in person_fields(person, day):
                yield Effect(f"{role}.{name}", value)
