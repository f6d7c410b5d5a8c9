"""Converters for guardianship, recognition of parents, and adoption."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, get_args

from mappings.canonical.adoption import GiverKind
from mappings.canonical.guardianship import EndKind, GuardianshipKind, WardCondition
from mappings.canonical.parent_child import RecognitionKind
from mappings.canonical.registration import AdoptionEntryKind, NewEntryKind
from mappings.converters import (
    as_written,
    country,
    country_name,
    day_dots,
    ethnic_group,
    partial_date_dots,
    partner_code,
    upper_whole_name,
)
from mappings.national_registry import converters as registry
from mappings.national_registry.generation_1 import place_words, residence_words, second_record_code
from mappings.rules import Converter, JsonValue, Scene

_PARTNER: Final = "national_registry"

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "guardianship_kind": get_args(GuardianshipKind),
    "ward_condition": get_args(WardCondition),
    "guardianship_end_kind": get_args(EndKind),
    "parent_child_kind": get_args(RecognitionKind),
    "registration_kind_parent_child": get_args(NewEntryKind),
    "registration_kind_book": (*get_args(AdoptionEntryKind), "foreign_note"),
    "adoption_giver": get_args(GiverKind),
}
"""Lists of `codes.csv` that the converters below use, and the terms that must have a code there."""


def _code(scene: Scene, list_name: str, term: str) -> str:
    return partner_code(_PARTNER, list_name, term, scene)


def guardianship_kind_code(scene: Scene, kind: str) -> str:
    """1 natural, 2 appointed [I]."""
    return _code(scene, "guardianship_kind", kind)


def ward_condition_code(scene: Scene, condition: str) -> str:
    """1 minor, 2 incapacitated, 3 limited cognition [I]."""
    return _code(scene, "ward_condition", condition)


def guardianship_end_code(scene: Scene, kind: str) -> str:
    """Why a guardianship or its supervision ends, 1 to 6 [I]."""
    return _code(scene, "guardianship_end_kind", kind)


def parent_child_code(scene: Scene, kind: str) -> str:
    """1 father, 2 mother recognises the child, 3, 4 the child its father, mother [S]."""
    return _code(scene, "parent_child_kind", kind)


def registration_kind_parent_child_code(scene: Scene, kind: str) -> str:
    """1 new, 2 noted from abroad [S]."""
    return _code(scene, "registration_kind_parent_child", kind)


def registration_kind_book_code(scene: Scene, kind: str) -> str:
    """Guardianship and adoption: 1 new, 2 again [I], 3 noted from abroad [S]."""
    return _code(scene, "registration_kind_book", kind)


def adoption_giver_code(scene: Scene, kind: str) -> str:
    """Who gives the child away, 1 to 5 [I]."""
    return _code(scene, "adoption_giver", kind)


def relation_to_recogniser(_scene: Scene, kind: str | None, relation: str | None) -> str | None:
    """The relation to the child, when the child is the one who recognises."""
    return relation if kind is not None and kind.startswith("child_") else None


def relation_to_recognised(_scene: Scene, kind: str | None, relation: str | None) -> str | None:
    """The relation to the child, when the child is the one who is recognised."""
    return None if kind is None or kind.startswith("child_") else relation


def new_entry_kind(scene: Scene, _moment: datetime) -> str:
    """A recognition that is registered with the birth is always a new one."""
    return registration_kind_parent_child_code(scene, "new")


def _of_parent(name: str, convert: Callable[..., JsonValue]) -> Converter:
    def chosen(scene: Scene, kind: str, father: Any, mother: Any) -> JsonValue:  # noqa: ANN401 - values of any field
        value = father if "father" in kind else mother
        return None if value is None else convert(scene, value)

    chosen.__name__ = name
    chosen.__doc__ = f"Of the parent in the recognition: {(convert.__doc__ or '').strip()}"
    return chosen


def end_record_code(
    scene: Scene, dossier: str | None, authority_code: str, book_code: str, moment: datetime, number: str
) -> str:
    """The dossier code with `-CDGH` behind it, for the end that goes beside a new guardianship [I]."""
    return second_record_code(scene, "CDGH", dossier, authority_code, book_code, moment, number)


def recognition_record_code(
    scene: Scene, dossier: str | None, authority_code: str, book_code: str, moment: datetime, number: str
) -> str:
    """The dossier code with `-CMC` behind it, for the recognition that goes beside a birth [I]."""
    return second_record_code(scene, "CMC", dossier, authority_code, book_code, moment, number)


_OF_PARENT: Final[Mapping[str, Callable[..., JsonValue]]] = {
    "parent_name": upper_whole_name,
    "parent_sex": registry.sex_code,
    "parent_birth_date": partial_date_dots,
    "parent_ethnic_group": ethnic_group,
    "parent_text": as_written,
    "parent_country": country,
    "parent_country_name": country_name,
    "parent_place_words": place_words,
    "parent_residence_words": residence_words,
    "parent_address": registry.address,
    "parent_residence_kind": registry.residence_kind,
    "parent_residence_address": registry.residence_address,
    "parent_document_code": registry.identity_document_code,
    "parent_document_name": registry.identity_document_name,
    "parent_day": day_dots,
}

CONVERTERS: Final[Mapping[str, Converter]] = {
    **{
        function.__name__: function
        for function in (
            adoption_giver_code,
            end_record_code,
            guardianship_end_code,
            guardianship_kind_code,
            new_entry_kind,
            parent_child_code,
            recognition_record_code,
            registration_kind_book_code,
            registration_kind_parent_child_code,
            relation_to_recognised,
            relation_to_recogniser,
            ward_condition_code,
        )
    },
    **{name: _of_parent(name, convert) for name, convert in _OF_PARENT.items()},
}
