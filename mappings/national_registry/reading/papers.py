"""Readers of papers, files, changes, and of what two fields of the event are said by one."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

from mappings.codes import find_partner_code, list_partner_terms
from mappings.national_registry.reading.draft import Draft, JsonObject
from mappings.national_registry.reading.spelling import Unreadable, find_text, read_day, read_partial_date
from mappings.national_registry.reading.tables import PARTNER, ReadingRow, find_term

_OTHER: Final = "other"
_CHANGE_FIELDS: Final = frozenset({"truong", "giaTriCu", "giaTriMoi"})
_DATED: Final = re.compile(r"(^|\.)(birth_date|date)$|^established_on$")
_WORDS_CHARACTERS_MAX: Final = 2_000
"""Longer words are nobody's list of changes; taking them apart would cost more than reading them."""
_FROM_TO: Final = re.compile(r"(?P<name>.+?)(?: từ (?P<before>.+?))?(?: thành (?P<after>.+))?", re.DOTALL)
_UNKNOWN_PARENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "both_parents_known": (),
    "mother_unknown": ("mother",),
    "father_unknown": ("father",),
    "both_parents_unknown": ("mother", "father"),
    "abandoned": ("mother", "father"),
}


def paper_kind(draft: Draft, row: ReadingRow, value: object) -> None:
    """Which identity paper; 0 is nothing."""
    term, is_known = find_term("identity_document", find_text(value) or "", draft.day)
    if not is_known:
        draft.not_in_list(
            row.field,
            "giấy tờ tùy thân (0–8)",
            "; thẻ căn cước mới ghi 8 kèm tên giấy tờ ở "
            + row.field.replace("LoaiGiayToTuyThan", "GiayToKhac"),
            "; the newest cards are 8 with their name in "
            + row.field.replace("LoaiGiayToTuyThan", "GiayToKhac"),
        )
    elif term is not None:
        draft.put(f"{row.path}.kind", term, row.field)


def paper_name(draft: Draft, row: ReadingRow, value: object) -> None:
    """The name of a paper without a code of its own; two newest papers are known by it."""
    said = find_text(value) or ""
    kind = draft.find(f"{row.path}.kind")
    if kind is not None and kind != _OTHER:
        return  # the code names the paper already
    term, _ = find_term("identity_document", said, draft.day)
    if term is not None:
        draft.put(row.path, {}, row.field)
        draft.find(row.path)["kind"] = term
        draft.origins.setdefault(f"{row.path}.kind", row.field)
    else:
        draft.put(f"{row.path}.other_kind", said, row.field)


def birth_kind(draft: Draft, row: ReadingRow, value: object) -> None:
    """Which parents are known, or that the child was abandoned."""
    term, is_known = find_term("birth_kind", find_text(value) or "", draft.day)
    if not is_known or term is None:
        draft.not_in_list(row.field, "1–5")
        return
    draft.put("birth.abandoned", term == "abandoned", row.field)
    draft.put("unknown", list(_UNKNOWN_PARENTS[term]), row.field)


def document(draft: Draft, row: ReadingRow, value: object) -> None:
    """One part of the one decision that the record has room for."""
    documents = draft.event.setdefault("documents", [{}])
    said = find_text(value)
    if row.argument == "date":
        try:
            said = read_day(value).isoformat()
        except Unreadable:
            draft.wrong_format(row.field, "dd.MM.yyyy hoặc dd/MM/yyyy", "dd.MM.yyyy or dd/MM/yyyy")
            return
    documents[0][row.argument] = said
    draft.origins[f"documents.0.{row.argument}"] = row.field


def copy_kind(draft: Draft, row: ReadingRow, value: object) -> None:
    """A copy of the birth certificate, or an extract of the book that the code names."""
    term, _ = find_term("copy_kind", find_text(value) or "", draft.day)
    if term is None:
        draft.not_in_list(row.field, "GKS, TLKS, TLKT, TLKH, TLCMC, TLGH, TLGSGH, TLTDCC, TLNCN, TLGCLH")
        return
    is_certificate = term == "birth_certificate_copy"
    draft.put("extract.kind", term if is_certificate else "extract_copy", row.field)
    draft.put("amends.entry.book_code", "KS" if is_certificate else term, row.field)


def certified_status_words(draft: Draft, row: ReadingRow, value: object) -> None:
    """The certified status in words, and what else is certified, behind a semicolon."""
    said = find_text(value) or ""
    for term in list_partner_terms(PARTNER, "certified_status_name"):
        words = find_partner_code(PARTNER, "certified_status_name", term, draft.day) or ""
        if term != _OTHER and said.casefold().startswith(words.casefold()):
            draft.put("marital.status", term, row.field)
            rest = said[len(words) :].lstrip("; ")
            if rest:
                draft.put("marital.text", rest, row.field)
            return
    draft.put("marital.status", _OTHER, row.field)
    draft.put("marital.text", said, row.field)


def changes(draft: Draft, row: ReadingRow, value: object) -> None:
    """Each field with its value before and after."""
    if not isinstance(value, list):
        raise Unreadable
    found: list[JsonObject] = []
    for position, item in enumerate(value):
        if not isinstance(item, Mapping) or set(item) - _CHANGE_FIELDS:
            raise Unreadable
        theirs = find_text(item.get("truong")) or ""
        field = _changed_field(theirs, draft)
        if field is None:
            draft.not_in_list(f"{row.field}[{position}].truong", "tên trường của bản ghi gốc")
            continue
        found.append(_change(draft, field, find_text(item.get("giaTriCu")), find_text(item.get("giaTriMoi"))))
        draft.origins[f"changes.{len(found) - 1}"] = f"{row.field}[{position}]"
    draft.put("changes", found, row.field)


def changes_in_words(draft: Draft, row: ReadingRow, value: object) -> None:
    """The same in words, as our own mapping writes them; any other words are kept whole, as one change."""
    if draft.record.get("thayDoi") is not None:
        return
    found: list[JsonObject] = []
    said = find_text(value) or ""
    for sentence in said.split("; ") if len(said) <= _WORDS_CHARACTERS_MAX else [said]:
        match = _FROM_TO.fullmatch(sentence) if len(sentence) <= _WORDS_CHARACTERS_MAX else None
        field = None if match is None else _named_fields(draft.day).get(match["name"].casefold())
        if match is None or field is None or not (match["before"] or match["after"]):
            found = [{"field": _OTHER, "after": said}]
            break
        found.append(_change(draft, field, match["before"], match["after"]))
    draft.put("changes", found, row.field)


def _change(draft: Draft, field: str, before: str | None, after: str | None) -> JsonObject:
    told = {"field": field, "before": _plain(draft, field, before), "after": _plain(draft, field, after)}
    return {name: value for name, value in told.items() if value is not None}


def _plain(draft: Draft, field: str, said: str | None) -> str | None:
    """A value as the event writes it: dates with the year first, sexes and statuses as words."""
    if said is None:
        return None
    if _DATED.search(field):
        try:
            parts = read_partial_date(said)
        except Unreadable:
            return said
        return "-".join(f"{parts[name]:02d}" for name in ("year", "month", "day") if name in parts)
    list_name = {"sex": "sex", "marital_status": "certified_status"}.get(field)
    return (find_term(list_name, said, draft.day)[0] or said) if list_name else said


def _changed_field(theirs: str, draft: Draft) -> str | None:
    """The field of the event that a field of the original record is."""
    whole, endings = _changed_fields(draft.day)
    if theirs in whole:
        return whole[theirs]
    subjects = {"nks", "nkt", "nxn", "ntd", *_spouses(draft)}
    for subject in sorted(subjects, key=len, reverse=True):
        ending = theirs.removeprefix(subject)
        if ending != theirs and ending in endings:
            return endings[ending]
    other = next((each for each in ("chong", "vo") if theirs.startswith(each)), None)
    field = endings.get(theirs.removeprefix(other)) if other else None
    return f"spouse.{field}" if field else None


def _spouses(draft: Draft) -> frozenset[str]:
    """How the record of a marriage begins the fields of the person whom the change is about."""
    sex = draft.find("subject.sex")
    return frozenset({"chong"}) if sex == "male" else frozenset({"vo"}) if sex == "female" else frozenset()


@cache
def _changed_fields(on_date: date) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Whole names, and names that follow the short name of a person."""
    whole: dict[str, str] = {}
    endings: dict[str, str] = {}
    for term in list_partner_terms(PARTNER, "changed_field"):
        code = find_partner_code(PARTNER, "changed_field", term, on_date) or ""
        if not term.startswith("spouse."):
            (whole if code[:1].islower() else endings)[code] = term
    return whole, endings


@cache
def _named_fields(on_date: date) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for term in list_partner_terms(PARTNER, "changed_field_name"):
        words = find_partner_code(PARTNER, "changed_field_name", term, on_date) or ""
        found.setdefault(words.casefold(), term)
    return found
