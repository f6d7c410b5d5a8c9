"""What no cell says by itself: who is unknown, what a role implies, lost zeros, the note, the event's id."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, get_args

from mappings.canonical import EVENT_TYPES, Person
from mappings.digitised_books.cells import CellRefused
from mappings.digitised_books.columns import BookType
from mappings.digitised_books.converters import bare, is_bare
from mappings.digitised_books.names import find_term
from mappings.digitised_books.scene import RowScene

Draft = dict[str, Any]

_SEX_OF_ROLE: Final = {"mother": "female", "wife": "female", "father": "male", "husband": "male"}
_PREFIXES: Final = {
    "child": "nks",
    "mother": "me",
    "father": "cha",
    "deceased": "nkt",
    "husband": "chong",
    "wife": "vo",
    "subject": "nxn",
    "parent": "cm",
    "requester": "nyc",
}
_DIGITS: Final = {"identity_card_9": (9, 8), "citizen_id_card": (12, 10)}
"""Digits of a number, and the fewest from which lost zeros can be told: a card's number begins with its
province, 01 to 38 on the old card and 001 to 096 on the new one, so that at most one or two can be lost."""
_KINDS: Final = {"KS": "on_time", "KT": "on_time", "KH": "first", "CMC": "new", "HN": "issue"}
_NOTE_CHARACTERS_MAX: Final = 1000
_FILE_SEPARATOR: Final = ":"


def finish(book_type: BookType, draft: Draft, scene: RowScene) -> Draft:
    """The event as the rules want it; faults and warnings go to the scene."""
    draft["event_type"] = book_type.event_type
    _finish_registration(book_type, draft, scene)
    for role in book_type.roles:
        if isinstance(draft.get(role), dict):
            _finish_person(book_type, role, draft[role], scene)
    _OF_TYPE[book_type.code](draft, scene)
    _finish_requester(draft, scene)
    _finish_foreign(draft)
    nationalities = {draft[role].get("nationality") for role in book_type.roles if role in draft}
    if nationalities - {None, "VN"}:
        draft["foreign_element"] = True
    if scene.remarks:
        draft["note"] = "; ".join(scene.remarks)
        if len(draft["note"]) > _NOTE_CHARACTERS_MAX:
            scene.fault("ghiChu", "cell_too_long", {"characters_max": _NOTE_CHARACTERS_MAX})
    draft["source_event_id"] = source_event_id(draft, scene)
    return draft


def source_event_id(draft: Mapping[str, Any], scene: RowScene) -> str:
    """From unit, type, year, volume and number: the same entry has the same one whoever types it again."""
    place = draft["registration"]
    year = scene.registered_on.year if scene.registered_on else 0
    parts = ("book", scene.book.unit_code, scene.book.book_type, str(year))
    return _FILE_SEPARATOR.join((*parts, place.get("volume", ""), place.get("number", "")))


def _finish_registration(book_type: BookType, draft: Draft, scene: RowScene) -> None:
    place = draft.setdefault("registration", {})
    place["authority_code"], place["book_code"] = scene.book.unit_code, book_type.code
    if "volume" not in place:
        if scene.book.volume is None:
            scene.fault("quyenSo", "cell_blank")
        else:
            place["volume"] = scene.book.volume
    if place.get("kind") is None:
        place["kind"] = _KINDS[book_type.code]
        if "loaiDangKy" in book_type.columns:
            scene.warn("kind_assumed", "loaiDangKy")


def _finish_person(book_type: BookType, role: str, person: Draft, scene: RowScene) -> None:
    if role in _SEX_OF_ROLE:
        person.setdefault("sex", _SEX_OF_ROLE[role])
    person.setdefault("birth_date", {"certainty": "unknown"})
    residence = person.get("residence")
    if residence is not None:
        if "place" in residence:
            residence.setdefault("kind", "not_stated")
        else:
            del person["residence"]
    _finish_paper(person, role, scene)
    silent = _must_state(book_type.event_type, role) - person.keys()
    if silent:
        person["unknown"] = sorted(silent)


def _finish_paper(person: Draft, role: str, scene: RowScene) -> None:
    paper = person.get("identity_paper")
    if paper is None:
        return
    number = paper.get("number")
    if number is None:
        if paper.keys() == {"kind"}:
            del person["identity_paper"]
        return
    paper["number"] = bare(number)
    digits, digits_min = _DIGITS.get(paper.get("kind", ""), (0, 0))
    if is_bare(number) and paper["number"].isdecimal() and digits_min <= len(paper["number"]) < digits:
        paper["number"] = paper["number"].zfill(digits)
        scene.warn("zeros_restored", f"{_PREFIXES[role]}SoGiayToTuyThan", digits=digits)


def _finish_requester(draft: Draft, scene: RowScene) -> None:
    requester = draft.get("requester")
    if requester is None:
        return
    _finish_paper(requester, "requester", scene)
    if "relation" not in requester and "name" in requester:
        # Who asked is kept; that he asked as something that the book does not say is not made up.
        scene.remarks.append(f"nycHoTen: {requester['name']['full']}")
        scene.warn("kept_in_note", "nycHoTen")
        del draft["requester"]
    elif not requester:
        del draft["requester"]


def _finish_foreign(draft: Draft) -> None:
    act = draft.get("foreign_act")
    if act is not None:
        act.setdefault("date", {"certainty": "unknown"})
        if "number" not in act:
            act["unknown"] = ["number"]


def _finish_birth(draft: Draft, scene: RowScene) -> None:
    unit = scene.scratch.get("nksNoiSinhDVHC")
    child = draft.get("child", {})
    if unit is not None:
        place = child.setdefault("place_of_birth", {})
        place["detail"] = ", ".join(part for part in (place.get("detail"), unit) if part)
        child["unknown"] = [name for name in child.get("unknown", ()) if name != "place_of_birth"]
    unknown = [role for role in ("mother", "father") if role not in draft]
    if unknown:
        draft["unknown"] = unknown
    kind = scene.scratch.get("nksLoaiKhaiSinh")
    if kind is not None and tuple(unknown) not in _PARENTS_UNKNOWN[kind]:
        scene.fault("nksLoaiKhaiSinh", "parents_disagree")
    draft["birth"] = {"abandoned": True} if kind == "abandoned" else {}


def _finish_death(draft: Draft, _scene: RowScene) -> None:
    death = draft.setdefault("death", {})
    if "place" not in death:
        death["unknown"] = ["place"]


def _finish_marriage(draft: Draft, scene: RowScene) -> None:
    day = scene.registered_on
    if "established_on" not in draft and day is not None:
        # A marriage begins on the day on which it is signed in the book, unless the book says otherwise.
        draft["established_on"] = {"year": day.year, "month": day.month, "day": day.day}


def _finish_certificate(draft: Draft, scene: RowScene) -> None:
    said = scene.scratch.get("nxnTinhTrangHonNhan", "")
    try:
        status = find_term("certified_status", said)
    except CellRefused:
        status = None
    draft["marital"] = (
        {"status": status} if status not in {None, "other"} else {"status": "other", "text": said}
    )
    draft.setdefault("purpose", {}).setdefault("kind", "other")


def _finish_recognition(_draft: Draft, _scene: RowScene) -> None:
    """Nothing beyond what every book needs."""


_OF_TYPE: Final[Mapping[str, Callable[[Draft, RowScene], None]]] = {
    "KS": _finish_birth,
    "KT": _finish_death,
    "KH": _finish_marriage,
    "HN": _finish_certificate,
    "CMC": _finish_recognition,
}
_PARENTS_UNKNOWN: Final[Mapping[str, frozenset[tuple[str, ...]]]] = {
    "both_parents_known": frozenset({()}),
    "mother_unknown": frozenset({("mother",)}),
    "father_unknown": frozenset({("father",)}),
    "both_parents_unknown": frozenset({("mother", "father")}),
    "abandoned": frozenset({("mother", "father")}),
}


@cache
def _must_state(event_type: str, role: str) -> frozenset[str]:
    return next(_people(EVENT_TYPES[event_type].model_fields[role].annotation)).must_state


def _people(annotation: object) -> Iterator[type[Person]]:
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, Person):
            yield candidate
