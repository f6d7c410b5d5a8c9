"""A dossier in the registry's words, of either generation, read as a canonical event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mappings.canonical import DECLARATION, VIETNAM_TIME, OpenField
from mappings.national_registry.reading import files, papers, places, values
from mappings.national_registry.reading.declared import (
    open_fields_of,
    require_dossier,
    require_intake,
    says_no_entry,
)
from mappings.national_registry.reading.draft import Draft, JsonObject, ReadingFault
from mappings.national_registry.reading.envelope import (
    Dossier,
    is_whole,
    read_codes,
    read_moments,
    read_office,
    source_event_id,
)
from mappings.national_registry.reading.finish import finish
from mappings.national_registry.reading.spelling import Unreadable, find_text
from mappings.national_registry.reading.tables import (
    NEWEST,
    NOT_READ,
    Form,
    ReadingRow,
    find_form,
    modules,
    rows_of,
)

__all__ = ["READERS", "Dossier", "Reading", "read_dossier", "source_event_id"]

_FIELD_CHARACTERS_MAX: Final = 60

READERS: Final[Mapping[str, values.Reader]] = {
    "birth_kind": papers.birth_kind,
    "book_note": values.book_note,
    "book_number": values.book_number,
    "certified_status_words": papers.certified_status_words,
    "changes": papers.changes,
    "changes_in_words": papers.changes_in_words,
    "clock_time": values.clock_time,
    "code": values.code,
    "copy_kind": papers.copy_kind,
    "country": values.country,
    "day": values.day,
    "day_of_last": values.day,
    "digits": values.text_without_blanks,
    "document": papers.document,
    "ethnic_group": values.ethnic_group,
    "name": values.name,
    "number": values.number,
    "paper_kind": papers.paper_kind,
    "paper_name": papers.paper_name,
    "paper_number": values.text_without_blanks,
    "partial_date": values.partial_date,
    "place": places.place,
    "place_abroad": places.place_abroad,
    "place_unit": places.place_unit,
    "registered_at": values.registered_at,
    "residence_kind": places.residence_kind,
    "residence_place": places.residence_place,
    "text": values.text,
    "text_of_last": values.text,
    "unit": values.unit,
    "yes_no": values.yes_no,
}
"""Every word that may stand in the column `reader` of readers.csv."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The event as far as it can be read, and everything that could not."""

    event: JsonObject
    faults: tuple[ReadingFault, ...]
    assumed: tuple[ReadingFault, ...]
    """Read by a rule or a guess: to be told to the sender."""
    origins: Mapping[str, str]
    """Dotted path in the event -> field of the dialect."""
    open: tuple[OpenField, ...] = ()
    """Of a declaration: what only its registration will say. Empty: it stands in a book."""
    received_at: str | None = None
    """When the dossier was taken in, ISO 8601."""

    @property
    def message(self) -> JsonObject:
        """What is handed to receiving: the event, or its declaration."""
        if not self.open or not self.event:
            return self.event
        return {
            "event_type": DECLARATION,
            "received_at": self.received_at,
            "open": list(self.open),
            "declared": self.event,
        }

    def field_of(self, path: str) -> str | None:
        """The field of the dialect in which a person corrects what stands at a path of the event."""
        steps = path.split(".")
        for length in range(len(steps), 0, -1):
            found = self.origins.get(".".join(steps[:length]))
            if found is not None:
                return found
        inside = (field for place, field in self.origins.items() if place.startswith(f"{path}."))
        return next(inside, None)


def read_dossier(dossier: Dossier, arrived_at: datetime) -> Reading:
    """Read everything; what cannot be read is named, and the rest is read all the same.

    `arrived_at` bounds the moment of registration where the dossier says only the day.
    """
    cleaned = ((name, _clean(value)) for name, value in dossier.record.items())
    record = {name: value for name, value in cleaned if not _is_nothing(value)}
    form = find_form(dossier.module, record)
    if form is None:
        return Reading({}, (_unknown_module(),), (), {})
    everything = rows_of(form, dossier.generation)
    rows = tuple(row for row in everything if row.reader != NOT_READ)
    draft = Draft(
        arrived_at.astimezone(VIETNAM_TIME).date(), record, is_declaration=says_no_entry(record, rows)
    )
    if draft.is_declaration:  # until it is registered, the day of intake is the day that codes are read on
        draft.origins["registration.registered_at"] = "ngayTiepNhan"
    read_moments(draft, rows, dossier, arrived_at)
    read_office(draft, dossier)
    for row in rows:
        value = record.get(row.field)
        if value is not None:
            _read_field(draft, row, value)
    _note_fields(draft, rows)
    files.read_files(draft, dossier.files)
    finish(draft, form, rows)
    wanted = rows_of(form, NEWEST, alone=True)
    open_fields = open_fields_of(draft, form) if draft.is_declaration else ()
    _ask_for_what_the_registry_wants(draft, wanted, frozenset(open_fields))
    received_at = draft.find("dossier.received_at")
    if open_fields:
        require_intake(draft)
    read_codes(draft, dossier, form, open_fields)
    if open_fields and is_whole(draft, open_fields):
        require_dossier(draft, dossier.code_field)
    _tell_what_is_not_carried(draft, {row.field for row in everything}, form)
    return Reading(
        draft.event, tuple(draft.faults), tuple(draft.assumed), draft.origins, open_fields, received_at
    )


def _clean(value: object) -> object:
    """Scalars as text with single blanks, None for nothing; readers clean objects and lists."""
    try:
        return find_text(value)
    except Unreadable:
        return value


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, Mapping | list) and not value)


def _unknown_module() -> ReadingFault:
    known = ", ".join(modules())
    return ReadingFault(
        "module",
        "dialect_module_unknown",
        f"module không tồn tại trong danh mục; hãy dùng một trong: {known}.",
        f"module is not in the list; use one of: {known}.",
    )


def _read_field(draft: Draft, row: ReadingRow, value: object) -> None:
    try:
        READERS[row.reader](draft, row, value)
    except Unreadable:
        draft.wrong_format(row.field, "đúng kiểu của trường này", "the kind of value that this field has")


def _note_fields(draft: Draft, rows: Sequence[ReadingRow]) -> None:
    """Where a person fills in what is missing: the field that would have said it."""
    for row in rows:
        for path in _paths_of(row):
            draft.origins.setdefault(path, row.field)
    draft.origins.setdefault("registration.authority_code", "maDonVi")


def _paths_of(row: ReadingRow) -> tuple[str, ...]:
    match row.reader:
        case "registered_at":
            return ("registration.registered_at",)
        case "residence_kind" | "paper_kind":
            return (f"{row.path}.kind", row.path)
        case "residence_place":
            return (f"{row.path}.place",)
        case "paper_name":
            return (f"{row.path}.other_kind",)
        case "name":
            role = row.path.removesuffix(".name")
            return (row.path, role) if role != row.path else (row.path,)
        case "document":
            return (f"documents.0.{row.argument}", "documents")
        case _:
            return (row.path,)


def _ask_for_what_the_registry_wants(
    draft: Draft, wanted: Sequence[ReadingRow], open_fields: frozenset[str]
) -> None:
    """Without these fields our own mapping could not tell the registry of the event: better said at once."""
    told = {fault.field for fault in draft.faults}
    for row in wanted:
        if not open_fields.isdisjoint(_paths_of(row)):
            continue
        is_said = row.reader == NOT_READ or draft.find(_paths_of(row)[0]) is not None
        if row.is_required and not is_said and row.field not in told:
            draft.refuse(
                row.field,
                "dialect_field_missing",
                f"Thiếu {row.field}, trường mà hệ thống hộ tịch bắt buộc phải có; hãy bổ sung.",
                f"{row.field} is missing, without which the registry takes no such record; fill it in.",
            )


def _tell_what_is_not_carried(draft: Draft, known: set[str], form: Form) -> None:
    """A filled field that no event of ours has room for: the sender hears of it."""
    said_by_form = {field for field, _ in form.conditions}
    for field in sorted(set(draft.record) - known - said_by_form):
        draft.assume(
            field[:_FIELD_CHARACTERS_MAX],
            "dialect_field_not_carried",
            f"Trường {field[:_FIELD_CHARACTERS_MAX]} không được chuyển tiếp trong loại việc này.",
            f"The field {field[:_FIELD_CHARACTERS_MAX]} is not carried on in this matter.",
        )
