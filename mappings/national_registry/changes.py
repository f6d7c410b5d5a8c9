"""Converters for what changes in an entry: field by field, named as the registry's record names them."""

import re
from collections.abc import Mapping
from typing import Final, get_args

from mappings.canonical.certificate import CertifiedStatus
from mappings.canonical.change import ChangeAct, ChangedField, FieldChange
from mappings.canonical.person import Sex
from mappings.converters import partner_code
from mappings.rules import Converter, JsonValue, Scene

_PARTNER: Final = "national_registry"
_MARRIAGE_BOOKS: Final = frozenset({"KH", "GCLH"})
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_DATES: Final = frozenset(
    {
        "birth_date",
        "mother.birth_date",
        "father.birth_date",
        "spouse.birth_date",
        "guardian.birth_date",
        "established_on",
        "death.date",
    }
)
_OTHER_SIDE: Final[Mapping[str, str]] = {"male": "female", "female": "male"}

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "correction_kind": get_args(ChangeAct),
    "changed_field": get_args(ChangedField),
    "changed_field_name": get_args(ChangedField),
    "changed_subject": ("KS", "KT", "HN", "entry", "spouse.male", "spouse.female"),
    "sex": get_args(Sex),
    "certified_status": get_args(CertifiedStatus),
}
"""Lists of `codes.csv` that the converters below use, and the terms that must have a code there."""


def _code(scene: Scene, list_name: str, term: str) -> str:
    return partner_code(_PARTNER, list_name, term, scene)


def correction_kind(scene: Scene, act: str) -> str:
    """What is done with the entry, in the words of the form [S]."""
    return _code(scene, "correction_kind", act)


def _subject(scene: Scene, book: str, sex: str, field: str) -> str:
    """How the record of a book begins the fields of one person, `nks` in births."""
    if book in _MARRIAGE_BOOKS:
        side = _OTHER_SIDE.get(sex, sex) if field.startswith("spouse.") else sex
        return _code(scene, "changed_subject", f"spouse.{side}")
    return _code(scene, "changed_subject", book if book in {"KS", "KT", "HN"} else "entry")


def _name(scene: Scene, book: str, sex: str, field: str) -> str:
    code = _code(scene, "changed_field", field)
    return code if code[0].islower() else f"{_subject(scene, book, sex, field)}{code}"


def _value(scene: Scene, field: str, text: str | None) -> str | None:
    if text is None:
        return None
    match = _DATE.fullmatch(text) if field in _DATES else None
    if match is not None:
        return "/".join(part for part in reversed(match.groups()) if part is not None)
    if field == "sex" and text in get_args(Sex):
        return _code(scene, "sex", text)
    if field == "marital_status" and text in get_args(CertifiedStatus):
        return _code(scene, "certified_status", text)
    return text


def changed_fields(
    scene: Scene, changes: tuple[FieldChange, ...], book: str | None, sex: str | None
) -> JsonValue:
    """Each field with its value before and after, named as in the record of the entry's book [I]."""
    items: list[JsonValue] = []
    for change in changes:
        item = {
            "truong": _name(scene, book or "", sex or "", change.field),
            "giaTriCu": _value(scene, change.field, change.before),
            "giaTriMoi": _value(scene, change.field, change.after),
        }
        items.append({name: value for name, value in item.items() if value is not None})
    return items or None


def _words(scene: Scene, change: FieldChange) -> str:
    label = _code(scene, "changed_field_name", change.field)
    before, after = _value(scene, change.field, change.before), _value(scene, change.field, change.after)
    steps = [f"{word} {value}" for word, value in (("từ", before), ("thành", after)) if value is not None]
    return " ".join([label, *steps])


def changes_in_words(scene: Scene, changes: tuple[FieldChange, ...]) -> str | None:
    """The same for people to read: which field, from what to what [I]."""
    return "; ".join(_words(scene, change) for change in changes) or None


CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function for function in (changed_fields, changes_in_words, correction_kind)
}
