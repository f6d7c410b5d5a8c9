"""Converters for notices of civil-status events: what happened, when, and what it changes [I]."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias, get_args

from mappings.canonical import PartialDate, PersonName
from mappings.canonical.change import ChangeAct, ChangedField, FieldChange
from mappings.canonical.decision import DecisionKind, RevokedPaper
from mappings.canonical.parent_child import RecognitionKind
from mappings.canonical.person import Sex
from mappings.codes import find_partner_code
from mappings.converters import ethnic_group, partial_date_compact, partner_code
from mappings.rules import CannotTranslate, Converter, JsonValue, Scene
from mappings.text import upper_name

_PARTNER: Final = "population_db"
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_DATES: Final = frozenset({"birth_date", "date", "established_on"})
_MARITAL_STATUSES: Final = ("not_married_now", "married", "divorced", "widowed")
_DECLARED: Final = (
    "missing",
    "missing_cancelled",
    "capacity_limited",
    "capacity_cancelled",
    "death_declared",
)
_TAKES_BACK: Final = "DEATH_CANCELLED"
_NEEDS_CHANGES: Final = frozenset({"BIRTH_CHANGE", "CHANGE"})
"""Kinds of notice that say nothing without a change: see the contract."""
_RECOGNISED_FACTS: Final = 7
"""Kind of recognition and sex, then name, birth date, number, ethnic group, nationality of the parent."""

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "change_event": get_args(ChangeAct),
    "decision_event": get_args(DecisionKind),
    "spouse_event": ("divorce", "annulment", "marriage_recognition"),
    "declaration": _DECLARED,
    "changed_field": get_args(ChangedField),
    "marital_status": _MARITAL_STATUSES,
    "recognised_side": (*get_args(RecognitionKind), "male", "female"),
    "revoked_paper": get_args(RevokedPaper),
}
"""Lists of `codes.csv` that the converters below use, and the terms that must have a code there."""

Fact: TypeAlias = "PersonName | PartialDate | str | None"


def first_day_compact(scene: Scene, *days: PartialDate | date | None) -> str | None:
    """The first day that is there, `20261102`, `202611` or `2026`."""
    found = next((day for day in days if day is not None), None)
    if isinstance(found, PartialDate):
        return partial_date_compact(scene, found)
    return None if found is None else f"{found:%Y%m%d}"


def entry_volume(
    _scene: Scene, number: str | None, volume: str | None, entry_volume: str | None
) -> str | None:
    """The volume of the own entry; without a number of its own, that of the entry the remark stands in."""
    return entry_volume if number is None else volume


def change_event(scene: Scene, act: str) -> str:
    """What kind of event a change of an entry is [I]."""
    return partner_code(_PARTNER, "change_event", act, scene)


def decision_event(scene: Scene, kind: str) -> str:
    """What kind of event a court's or agency's decision is [I]."""
    return partner_code(_PARTNER, "decision_event", kind, scene)


def spouse_event(scene: Scene, kind: str) -> str:
    """What a decision means to the other side of the marriage; nothing but the marriage itself.

    Raises:
        CannotTranslate: the decision is about the subject alone.

    """
    code = _find_code(scene, "spouse_event", kind)
    if code is None:
        raise CannotTranslate(
            "mapping_code_unknown",
            f"Quyết định loại {kind} không thay đổi hôn nhân nên không thông báo về người kia;"
            " hủy gói tin này.",
            f"A decision of the kind {kind} does not change the marriage: nothing is told of the other side;"
            " cancel this message.",
        )
    return code


def taken_back(scene: Scene, kind: str, request_id: str | None) -> str | None:
    """The notice of the death that a court takes back, as it was named then."""
    return request_id if decision_event(scene, kind) == _TAKES_BACK else None


def changed_fields(scene: Scene, changes: tuple[FieldChange, ...]) -> JsonValue:
    """Each field with its value before and after; what was not said is left out [I]."""
    items = [_change(scene, change) for change in changes]
    return items or None


def _change(scene: Scene, change: FieldChange) -> Mapping[str, JsonValue]:
    name = partner_code(_PARTNER, "changed_field", change.field, scene)
    before = _value(scene, change.field, change.before)
    return _item(name, _value(scene, change.field, change.after), before)


def _item(name: str, after: str | None, before: str | None = None) -> Mapping[str, JsonValue]:
    item = {"truong": name, "giaTriCu": before, "giaTriMoi": after}
    return {key: value for key, value in item.items() if value is not None}


def _value(scene: Scene, field: str, text: str | None) -> str | None:
    """Dates, sex and marital status as this partner writes them; everything else as it stands."""
    if text is None:
        return None
    kind = field.rpartition(".")[2]
    if kind in _DATES and _DATE.fullmatch(text):
        return text.replace("-", "")
    if kind == "name":
        return upper_name(text)
    if kind == "sex" and text in get_args(Sex):
        return partner_code(_PARTNER, "sex", text, scene)
    if kind == "marital_status":
        return _find_code(scene, "marital_status", text) or text
    return text


def decision_changes(scene: Scene, kind: str, changes: tuple[FieldChange, ...], content: str) -> JsonValue:
    """What a decision declares and changes; else the text of the remark, where a change is needed [I]."""
    declared = _find_code(scene, "declaration", kind)
    items = [] if declared is None else [_item("tuyenBo", declared)]
    items += [_change(scene, change) for change in changes]
    if not items and decision_event(scene, kind) in _NEEDS_CHANGES:
        items = [_item("khac", content)]
    return items or None


def recognised_parent(scene: Scene, kind: str, *parent: Fact) -> JsonValue:
    """The father or mother as the entry of birth is to name him or her from now on [I]."""
    side = partner_code(_PARTNER, "recognised_side", kind, scene)
    return list(_parent(scene, side, *parent))


def adoptive_parents(scene: Scene, *parents: Fact) -> JsonValue:
    """The adoptive father and mother; name, birth date and number of each [I]."""
    father, mother = parents[:3], parents[3:]
    items = [*_parent(scene, "chaNuoi", *father), *_parent(scene, "meNuoi", *mother)]
    return items or None


def new_parents(scene: Scene, *facts: Fact) -> JsonValue:
    """The recognised or determined parent of an act abroad, else the adoptive parents [I]."""
    kind, sex, *parent = facts[:_RECOGNISED_FACTS]
    role = kind or sex
    if isinstance(role, str) and parent[0] is not None:
        return recognised_parent(scene, role, *parent)
    return adoptive_parents(scene, *facts[_RECOGNISED_FACTS:])


def _parent(
    scene: Scene,
    side: str,
    name: Fact,
    birth_date: Fact,
    personal_id: Fact,
    *more: Fact,
) -> Iterator[Mapping[str, JsonValue]]:
    """Name what is known of a parent, field by field."""
    if isinstance(name, PersonName):
        yield _item(f"{side}.hoTen", upper_name(name.whole))
    born = partial_date_compact(scene, birth_date) if isinstance(birth_date, PartialDate) else None
    group, nationality = more or (None, None)
    texts = {
        "ngaySinh": born,
        "soDinhDanh": personal_id,
        "danToc": ethnic_group(scene, group) if isinstance(group, str) else None,
        "quocTich": nationality,
    }
    for field, text in texts.items():
        if isinstance(text, str):
            yield _item(f"{side}.{field}", text)


def revoked_paper(scene: Scene, paper: str, number: str | None) -> JsonValue:
    """The paper that counts no longer, in words, as what was before [I]."""
    words = partner_code(_PARTNER, "revoked_paper", paper, scene)
    return [_item("khac", None, f"{words} số {number}" if number else words)]


def _find_code(scene: Scene, list_name: str, term: str) -> str | None:
    return find_partner_code(_PARTNER, list_name, term, scene.registration_day, scene.folder)


CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function
    for function in (
        adoptive_parents,
        change_event,
        changed_fields,
        decision_changes,
        decision_event,
        entry_volume,
        first_day_compact,
        new_parents,
        recognised_parent,
        revoked_paper,
        spouse_event,
        taken_back,
    )
}
