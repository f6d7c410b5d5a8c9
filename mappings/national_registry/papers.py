"""Converters for papers: decisions, remarks, certificates, copies of extracts."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Final, get_args

from mappings.canonical import PartialDate, PersonName, Place
from mappings.canonical.certificate import CertifiedStatus, ExtractKind, PurposeKind
from mappings.canonical.decision import DecisionKind, RevokedPaper
from mappings.canonical.earlier import Decision
from mappings.canonical.foreign_note import EndOfMarriage
from mappings.canonical.registration import MatterBook
from mappings.converters import day_dots, partner_code
from mappings.national_registry.converters import smallest_unit
from mappings.places import province_of_authority
from mappings.rules import CannotTranslate, Converter, JsonValue, Scene
from mappings.text import split_name, upper_name

_PARTNER: Final = "national_registry"
_MARRIED: Final = frozenset({"married", "unmarried_for_a_time"})
_REMARK_DIGEST_CHARACTERS: Final = 8
MOBILE: Final = "Đăng ký lưu động"
"""What the book says of a mobile registration (Circular 04/2020)."""

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "remark_kind": (*get_args(DecisionKind), *get_args(EndOfMarriage)),
    "divorce_note_kind": get_args(EndOfMarriage),
    "remark_text": get_args(EndOfMarriage),
    "revoked_paper": get_args(RevokedPaper),
    "certified_status": get_args(CertifiedStatus),
    "certified_status_name": get_args(CertifiedStatus),
    "certificate_purpose": get_args(PurposeKind),
    "copy_kind": ("birth_certificate_copy", *get_args(MatterBook)),
    "yes_no": ("yes", "no"),
}
"""Lists of `codes.csv` that the converters below use, and the terms that must have a code there."""


def _code(scene: Scene, list_name: str, term: str) -> str:
    return partner_code(_PARTNER, list_name, term, scene)


def book_note(
    _scene: Scene,
    note: str | None,
    mobile: bool,  # noqa: FBT001 - converters take their sources in the order of the row
) -> str | None:
    """The note in the book; a mobile registration is named there first, and only once."""
    if not mobile or (note is not None and MOBILE.casefold() in note.casefold()):
        return note
    return MOBILE if note is None else f"{MOBILE}; {note}"


def linked_module(_scene: Scene, book_code: str, linked_code: str | None) -> str:
    """The module of the book, with `LT` before it for a dossier of the linked service [S]."""
    return book_code if linked_code is None else f"LT{book_code}"


def birth_unit(scene: Scene, place: Place | None, linked_code: str | None) -> str | None:
    """The commune or province of the birthplace, for which the linked modules have no field [S]."""
    if place is None or linked_code is not None:
        return None
    return smallest_unit(scene, place)


def poll_province(scene: Scene, authority_code: str) -> str:
    """The province of the registering authority; 00 for a mission abroad, which lies in none [I]."""
    if authority_code.startswith("M"):
        return "00"
    return province_of_authority(authority_code, scene.registration_day)


def remark_code(scene: Scene, linked: str | None, dossier: str | None, authority_code: str) -> str:
    """The dossier code; without one, the remarked entry and a short sign of the remark [I]."""
    if linked or dossier:
        return linked or dossier or ""
    identity = scene.event.entry()
    entry = scene.event.amended_entry()
    sign = hashlib.sha256(f"{authority_code}/{identity.number}".encode()).hexdigest()
    place = identity if entry is None else entry
    number = "" if entry is None else f"-{entry.number}"
    short = sign[:_REMARK_DIGEST_CHARACTERS]
    return f"{place.authority_code}-{place.book_code}-{place.year}{number}-{short}"


def decision_number(_scene: Scene, decisions: tuple[Decision, ...]) -> str | None:
    """The number of the first decision on which the entry rests."""
    return decisions[0].number if decisions else None


def decision_day(_scene: Scene, decisions: tuple[Decision, ...]) -> str | None:
    """The day of the first decision, `02.11.2026`."""
    return f"{decisions[0].date:%d.%m.%Y}" if decisions else None


def decision_day_slashes(_scene: Scene, decisions: tuple[Decision, ...]) -> str | None:
    """The day of the first decision, `02/11/2026`."""
    return f"{decisions[0].date:%d/%m/%Y}" if decisions else None


def decision_issuer(_scene: Scene, decisions: tuple[Decision, ...]) -> str | None:
    """Who issued the first decision."""
    return decisions[0].issued_by if decisions else None


def remark_kind(scene: Scene, kind: str) -> str:
    """What is noted in the entry [I]."""
    return _code(scene, "remark_kind", kind)


def remark_text(scene: Scene, kind: str) -> str:
    """What is noted in the entry, in words."""
    return _code(scene, "remark_text", kind)


def divorce_note_code(scene: Scene, act: str) -> str:
    """Divorce or annulment [I]."""
    return _code(scene, "divorce_note_kind", act)


def revoked_paper_code(scene: Scene, paper: str) -> str:
    """Which paper is taken back [I]."""
    return _code(scene, "revoked_paper", paper)


def certified_status_code(scene: Scene, status: str) -> str:
    """1 to 6 as in the form of the certificate [S; 1 I]."""
    return _code(scene, "certified_status", status)


def certified_status_words(scene: Scene, status: str, text: str | None) -> str:
    """The certified status in words, with what else is certified about it."""
    words = _code(scene, "certified_status_name", status)
    return text if status == "other" and text else "; ".join(part for part in (words, text) if part)


def certificate_purpose_code(scene: Scene, kind: str) -> str:
    """1 to 5: for which marriage, or another purpose [S]."""
    return _code(scene, "certificate_purpose", kind)


def marriage_paper(_scene: Scene, status: str, text: str | None) -> str | None:
    """The paper of someone who is married: the marriage certificate."""
    return text if status in _MARRIED else None


def marriage_paper_day(scene: Scene, status: str, day: date | None) -> str | None:
    """The day of the marriage certificate of someone who is married."""
    return None if day is None or status not in _MARRIED else day_dots(scene, day)


def end_paper(_scene: Scene, status: str, text: str | None) -> str | None:
    """The divorce decision, or the death paper, which goes in the same three fields [S]."""
    return None if status in _MARRIED else text


def end_paper_day(scene: Scene, status: str, day: date | None) -> str | None:
    """The day of the divorce decision or of the death paper."""
    return None if day is None or status in _MARRIED else day_dots(scene, day)


def copy_kind(scene: Scene, kind: ExtractKind, book_code: str | None) -> str:
    """A copy of the birth certificate, or an extract of the book in question [I]."""
    if kind == "birth_certificate_copy":
        return _code(scene, "copy_kind", kind)
    if book_code is None:
        raise CannotTranslate(
            "mapping_missing",
            "Chưa biết trích lục của sổ nào; hãy bổ sung amends.entry.book_code.",
            "It is not said of which book the extract is; fill in amends.entry.book_code.",
        )
    return _code(scene, "copy_kind", book_code)


def yes_no(scene: Scene, answer: bool) -> str:  # noqa: FBT001 - converters take their sources in the order of the row
    """1 yes, 0 no [S]."""
    return _code(scene, "yes_no", "yes" if answer else "no")


def name_parts(_scene: Scene, name: PersonName) -> JsonValue:
    """Family, middle and given name in capitals; empty parts are left out [S]."""
    if name.family is not None and name.given is not None:
        parts = {"Ho": name.family, "ChuDem": name.middle or "", "Ten": name.given}
    else:
        cut = split_name(name.whole)
        parts = {"Ho": cut.family, "ChuDem": cut.middle, "Ten": cut.given}
    return {label: upper_name(part) for label, part in parts.items() if part}


def date_parts(_scene: Scene, moment: PartialDate) -> JsonValue:
    """Year, month and day as three texts; what is not known is left out [S]."""
    parts = {
        "namSinh": None if moment.year is None else f"{moment.year:04d}",
        "thangSinh": None if moment.month is None else f"{moment.month:02d}",
        "ngaySinh": None if moment.day is None else f"{moment.day:02d}",
    }
    return {label: part for label, part in parts.items() if part is not None} or None


CONVERTERS: Final[Mapping[str, Converter]] = {
    function.__name__: function
    for function in (
        birth_unit,
        book_note,
        certificate_purpose_code,
        certified_status_code,
        certified_status_words,
        copy_kind,
        date_parts,
        decision_day,
        decision_day_slashes,
        decision_issuer,
        decision_number,
        divorce_note_code,
        end_paper,
        end_paper_day,
        linked_module,
        marriage_paper,
        marriage_paper_day,
        name_parts,
        poll_province,
        remark_code,
        remark_kind,
        remark_text,
        revoked_paper_code,
        yes_no,
    )
}
