"""What a dossier says without saying it: roles, what is left out, kinds that the module names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel

from mappings.canonical import EVENT_TYPES, CivilEvent
from mappings.canonical.person import Person, Requester
from mappings.national_registry.reading.draft import Draft, JsonObject
from mappings.national_registry.reading.tables import Form, ReadingRow, sex_of_role

_HOME: Final = "VN"
_OTHER_PAPER: Final = "Giấy tờ khác"
"""What code 8 says by itself."""
_PADDING: Final = frozenset({"nationality", "ethnic_group_code"})
_SELF: Final = "bản thân"
"""The requester is the person whom the matter is about [S]."""
_OTHER_SEX: Final[Mapping[str, str]] = {"male": "female", "female": "male"}


def finish(draft: Draft, form: Form, rows: Sequence[ReadingRow]) -> None:
    """Fill in what follows from the module and the rest; in this order."""
    model = EVENT_TYPES[form.event_type]
    _set_what_the_module_says(draft, form)
    _finish_papers(draft, rows)
    _finish_residences(draft, rows)
    _drop_people_of_padding_alone(draft, model)
    _finish_special(draft, form)
    for role, kind in _people(model):
        if role in draft.event:
            _finish_person(draft, role, kind)
    _finish_facts(draft, form)
    if _has_foreign_element(draft, model):
        draft.event["foreign_element"] = True


def _set_what_the_module_says(draft: Draft, form: Form) -> None:
    draft.event["event_type"] = form.event_type
    for path, text, only_beside_others in form.fixed:
        if not only_beside_others or draft.find(path.rpartition(".")[0]) is not None:
            draft.put(path, text, "module")


def _people(model: type[CivilEvent]) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, info in model.model_fields.items():
        for candidate in (info.annotation, *get_args(info.annotation)):
            if isinstance(candidate, type) and issubclass(candidate, Person | Requester):
                yield name, candidate


def _drop_people_of_padding_alone(draft: Draft, model: type[CivilEvent]) -> None:
    """Clients fill in nationality and ethnic group of an unknown father; without more he is not there."""
    for role, _ in _people(model):
        person = draft.event.get(role)
        if not isinstance(person, dict) or not set(person) <= _PADDING:
            continue
        field = next((draft.origins[path] for path in draft.origins if path.startswith(f"{role}.")), role)
        del draft.event[role]
        draft.assume(
            field,
            "dialect_person_without_name",
            f"{field} không được dùng: người này không có họ tên.",
            f"{field} is not used: this person has no name.",
        )


def _finish_papers(draft: Draft, rows: Sequence[ReadingRow]) -> None:
    """A paper is a kind and a number: the one without the other is a fault, unless it is nothing at all."""
    for row in _with_reader(rows, "paper_kind"):
        paper = draft.find(row.path)
        if paper is None:
            continue
        if "number" not in paper:
            if set(paper) <= {"kind"}:  # the kind alone says nothing
                _drop(draft, row.path)
                continue
            number_field = row.field.replace("LoaiGiayTo", "SoGiayTo")
            _require(
                draft, number_field, f"Có giấy tờ tùy thân nhưng thiếu {number_field}", "the paper's number"
            )
        if "kind" not in paper:
            if "other_kind" in paper:
                paper["kind"] = "other"
            else:
                _require(
                    draft, row.field, f"Có số giấy tờ nhưng thiếu {row.field}", "which paper it is, 1 to 8"
                )
        elif paper["kind"] == "other" and "other_kind" not in paper:
            paper["other_kind"] = _OTHER_PAPER
            name_field = row.field.replace("LoaiGiayToTuyThan", "GiayToKhac")
            draft.assume(
                name_field,
                "dialect_paper_unnamed",
                f"{row.field} là 8 nhưng không ghi tên giấy tờ; hãy ghi tên vào {name_field}.",
                f"{row.field} is 8 and the paper has no name; write it into {name_field}.",
            )


def _finish_residences(draft: Draft, rows: Sequence[ReadingRow]) -> None:
    """A residence is a kind and an address; a kind alone pads a message and says nothing [S]."""
    for row in _with_reader(rows, "residence_kind"):
        residence = draft.find(row.path)
        if residence is None:
            continue
        if "place" not in residence:
            _drop(draft, row.path)
        elif "kind" not in residence:
            _require(draft, row.field, f"Có nơi cư trú nhưng thiếu {row.field}", "1 permanent or 2 temporary")


def _finish_person(draft: Draft, role: str, kind: type[BaseModel]) -> None:
    person: JsonObject = draft.event[role]
    if not issubclass(kind, Person) or not isinstance(person, dict):
        return
    sex = sex_of_role(role)
    if sex is not None:
        person.setdefault("sex", sex)
    person.setdefault("birth_date", {"certainty": "unknown"})
    stated = set(person) | ({"ethnic_group_code"} if "ethnic_group_other" in person else set())
    left_out = sorted(kind.must_state - stated)
    if left_out:
        person["unknown"] = left_out


def _finish_special(draft: Draft, form: Form) -> None:
    finish_event = _SPECIAL.get(form.event_type)
    if finish_event is not None:
        finish_event(draft)
    relation = draft.find("requester.relation")
    if relation is not None and relation.casefold() == _SELF and draft.find("subject.name"):
        draft.put("requester.name", dict(draft.find("subject.name")), "nycQuanHe")
    sex = draft.find("subject.sex")
    if "spouse" in draft.event and sex in _OTHER_SEX:
        draft.put("spouse.sex", _OTHER_SEX[sex], "module")
    if "foreign_act" in draft.event and "number" not in draft.event["foreign_act"]:
        draft.event["foreign_act"]["unknown"] = ["number"]


def _finish_change(draft: Draft) -> None:
    """A supplement stands in the original entry, everything else in the book of changes."""
    is_supplement = draft.event.get("act") == "supplement"
    book = draft.find("amends.entry.book_code") if is_supplement else "TDCC"
    draft.put("registration.book_code", book, "nghiepVuDK")
    draft.put("registration.kind", "remark" if is_supplement else "new", "viecDangKy")


def _finish_remark(draft: Draft) -> None:
    draft.put("registration.book_code", draft.find("amends.entry.book_code"), "module")


def _finish_marriage(draft: Draft) -> None:
    """The day they sign is the day of marriage (Law on civil status, art. 18), at a first registration."""
    if draft.is_declaration:
        return
    if draft.find("registration.kind") == "first" and "established_on" not in draft.event:
        day = draft.day
        draft.event["established_on"] = {
            "year": day.year,
            "month": day.month,
            "day": day.day,
            "certainty": "exact",
        }


def _finish_recognition(draft: Draft) -> None:
    kind = draft.find("recognition.kind") or ""
    if "parent" in draft.event and kind:
        draft.put("parent.sex", "male" if "father" in kind else "female", "loaiXacNhan")


_SPECIAL: Final[Mapping[str, Callable[[Draft], None]]] = {
    "civil_status_change": _finish_change,
    "court_decision": _finish_remark,
    "certificate_revocation": _finish_remark,
    "marriage": _finish_marriage,
    "parent_child_recognition": _finish_recognition,
}


def _finish_facts(draft: Draft, form: Form) -> None:
    """Facts of the matter that the dialect says by leaving them out."""
    act = draft.event.get("act")
    if form.event_type == "birth" or act == "birth":
        birth = draft.event.setdefault("birth", {})
        if birth.get("abandoned"):  # who is named all the same is known
            draft.event["unknown"] = [role for role in draft.event["unknown"] if role not in draft.event]
    if form.event_type == "death" or act == "death":
        death = draft.event.setdefault("death", {})
        if "place" not in death:
            death["unknown"] = ["place"]


def _with_reader(rows: Sequence[ReadingRow], reader: str) -> Iterator[ReadingRow]:
    return (row for row in rows if row.reader == reader)


def _drop(draft: Draft, path: str) -> None:
    holder: Any = draft.event
    *parents, name = path.split(".")
    for parent in parents:
        holder = holder[parent]
    del holder[name]
    if not holder and parents:
        _drop(draft, ".".join(parents))


def _require(draft: Draft, field: str, vietnamese: str, english: str) -> None:
    draft.refuse(
        field,
        "dialect_field_missing",
        f"{vietnamese}; hãy bổ sung {field}.",
        f"{field} is missing: say {english}, or leave out what it belongs to.",
    )


def _has_foreign_element(draft: Draft, model: type[CivilEvent]) -> bool:
    """An act or a residence abroad, or another nationality (Law on civil status, art. 35 to 37)."""
    people = [draft.event.get(role) for role, kind in _people(model) if issubclass(kind, Person)]
    return "foreign_act" in draft.event or any(_is_foreign(each) for each in people if isinstance(each, dict))


def _is_foreign(person: JsonObject) -> bool:
    if person.get("nationality", _HOME) != _HOME or "other_nationality" in person:
        return True
    place = (person.get("residence") or {}).get("place") or {}
    return bool(place.get("country", _HOME) != _HOME)
