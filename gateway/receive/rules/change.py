"""Rules of changes (Law on civil status, art. 26 to 29, 45 to 47; Circular 04/2020, art. 17 to 20)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from gateway.receive.finding import Finding, Path
from gateway.receive.formats import VALUES_OF_CHANGES
from gateway.receive.rules.scene import Scene
from mappings.canonical import CivilStatusChange, FieldChange

_CHANGE_BOOK: Final = "TDCC"
_REMARKS: Final = frozenset({"supplement", "data_alignment"})
"""Acts that stand in the original entry, without a number of their own."""
_PARTIAL_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PERSONAL_ID: Final = re.compile(r"[0-9]{12}")
_SEXES: Final = frozenset({"male", "female", "undetermined"})


def book_of_the_act(_scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """A supplement is a remark in the original entry; everything else has an entry of its own."""
    book, entry = event.registration.book_code, event.amends.entry
    if event.act not in _REMARKS:
        if book != _CHANGE_BOOK:
            yield _book(_CHANGE_BOOK)
    elif entry is not None and book != entry.book_code:
        yield _book(entry.book_code)


def number_of_the_act(_scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """Only an entry of its own has a number."""
    registration = event.registration
    if event.act in _REMARKS:
        if registration.number is not None:
            yield Finding("remark_with_number", ("registration", "number"))
        return
    for name in ("number", "volume"):
        if getattr(registration, name) is None:
            yield Finding("entry_number_missing", ("registration", name))


def kind_of_the_act(_scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """`remark` for a supplement, `new` for the rest."""
    expected = "remark" if event.act in _REMARKS else "new"
    if event.registration.kind != expected:
        yield Finding("change_kind_does_not_fit", ("registration", "kind"), {"expected": expected})


def fields_of_the_act(_scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """A re-determination is of the ethnic group, a supplement of a blank, a correction of what is there."""
    for index, change in enumerate(event.changes):
        path = ("changes", index)
        if event.act == "ethnic_redetermination" and not change.field.endswith("ethnic_group"):
            yield Finding("change_field_not_of_act", (*path, "field"))
        if event.act == "supplement" and change.before is not None:
            yield Finding("supplement_replaces", (*path, "before"))
        if event.act == "correction" and change.before is None:
            yield Finding("correction_of_nothing", (*path, "before"))


def changes_are_sound(scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """Each field once, each value readable by a machine."""
    yield from of_changes(scene, event.changes)


def of_changes(scene: Scene, changes: Sequence[FieldChange]) -> Iterator[Finding]:
    """Of any event that carries changes."""
    seen: set[str] = set()
    for index, change in enumerate(changes):
        if change.field in seen and change.field != "other":
            yield Finding("change_field_repeated", ("changes", index, "field"))
        seen.add(change.field)
        for name in ("before", "after"):
            value: str | None = getattr(change, name)
            kind = change.field.rpartition(".")[2]
            readable = _READABLE.get(change.field) or _READABLE.get(kind)
            if value is not None and readable is not None and not readable(scene, value):
                yield _unreadable(("changes", index, name), _KIND_NAMES.get(kind, kind))


def _unreadable(path: Path, kind: str) -> Finding:
    vietnamese, english = VALUES_OF_CHANGES[kind]
    return Finding("change_value_unreadable", path, {"hint_vi": vietnamese, "hint_en": english})


def _book(expected: str) -> Finding:
    return Finding("book_does_not_fit", ("registration", "book_code"), {"expected": expected})


def _is_date(_scene: Scene, value: str) -> bool:
    found = _PARTIAL_DATE.fullmatch(value)
    if found is None:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_ethnic_group(scene: Scene, value: str) -> bool:
    return scene.lists.find_ethnic_group(value, scene.registered_on) is not None


def _is_country(scene: Scene, value: str) -> bool:
    return scene.lists.find_country(value, scene.registered_on) is not None


_READABLE: Final[Mapping[str, Callable[[Scene, str], bool]]] = {
    "birth_date": _is_date,
    "established_on": _is_date,
    "death.date": _is_date,
    "sex": lambda _scene, value: value in _SEXES,
    "ethnic_group": _is_ethnic_group,
    "nationality": _is_country,
    "other_nationality": _is_country,
    "personal_id": lambda _scene, value: _PERSONAL_ID.fullmatch(value) is not None,
    "death.time": lambda _scene, value: _CLOCK.fullmatch(value) is not None,
}
"""By the whole name of the field, else by its last part."""
_KIND_NAMES: Final[Mapping[str, str]] = {
    "birth_date": "date",
    "established_on": "date",
    "date": "date",
    "other_nationality": "nationality",
}

CHANGE_OF_ENTRY_RULES: Final = (
    book_of_the_act,
    number_of_the_act,
    kind_of_the_act,
    fields_of_the_act,
    changes_are_sound,
)
