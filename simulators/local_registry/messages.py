"""Happenings as the events that the gateway takes: the published schema, written by hand on this side."""

from datetime import timedelta
from typing import Any, assert_never

from simulators.local_registry.books import Books, Entry, write_day
from simulators.local_registry.happenings import (
    Birth,
    Bond,
    Counter,
    Death,
    Happening,
    Marriage,
    Matter,
    Numbering,
)
from simulators.local_registry.names import MALE
from simulators.local_registry.parties import write_name, write_party, write_requester

REMARK_BOOK = "GC"
"""No book of the law: the communes count their remarks in a list of their own."""
WITHOUT_COPIES = frozenset({"court_decision", "certificate_revocation", "extract_copy"})
NOT_SAID = {
    Numbering.ENTRY: (),
    Numbering.PAPER: ("volume", "page"),
    Numbering.REMARK: ("volume", "number", "page"),
}
LATE_DAYS, DEATH_LATE_DAYS = 60, 15
PDF_BASE64 = "JVBERi0xLjQKJSBt4bqrdQo="
NOTICE_OFFICES = {
    "death_notice": "Bệnh viện Đa khoa tỉnh Tuyên Quang",
    "execution_confirmation": "Hội đồng thi hành án tử hình tỉnh Tuyên Quang",
    "court_decision": "Tòa án nhân dân khu vực 1 - Tuyên Quang",
    "police_or_forensic_paper": "Công an tỉnh Tuyên Quang",
    "district_health_paper": "Trung tâm Y tế khu vực Chiêm Hóa",
}

Json = dict[str, Any]


def book_of(happening: Happening) -> str:
    """Code of the book: KS births, KH marriages, KT deaths, and those of the other matters."""
    match happening:
        case Birth():
            return "KS"
        case Marriage():
            return "KH"
        case Death():
            return "KT"
        case Matter():
            return REMARK_BOOK if happening.numbering is Numbering.REMARK else happening.book
        case never:
            assert_never(never)


def write_event(happening: Happening, entry: Entry, books: Books) -> Json:
    """The message about one entry."""
    match happening:
        case Birth():
            matter, kind, procedure = _birth(happening, entry, books)
        case Marriage():
            matter, kind, procedure = _marriage(happening, entry)
        case Death():
            matter, kind, procedure = _death(happening, entry)
        case Matter():
            return _matter(happening, entry, books)
        case never:
            assert_never(never)
    found = {**_envelope(happening.counter, entry, books, kind, procedure), **matter}
    return found if happening.counter.has_dossier else {**found, "mobile": True}


def _envelope(counter: Counter, entry: Entry, books: Books, kind: str, procedure: str) -> Json:
    found: Json = {"source_event_id": entry.source_event_id, "registration": entry.registration(kind)}
    if counter.has_dossier:
        found["dossier"] = books.dossier(entry, procedure, is_linked=counter.is_linked)
    if counter.has_attachment:
        found["attachments"] = [
            {
                "file_name": "to-khai.pdf",
                "title": "Tờ khai",
                "kind": "declaration_form",
                "media_type": "application/pdf",
                "content_base64": PDF_BASE64,
            }
        ]
    return {**found, "copies_requested": counter.copies}


def _matter(matter: Matter, entry: Entry, books: Books) -> Json:
    found = _envelope(matter.counter, entry, books, matter.kind, matter.procedure)
    if matter.event_type in WITHOUT_COPIES:
        del found["copies_requested"]
    registration = found["registration"]
    registration["book_code"] = matter.book
    for field in NOT_SAID[matter.numbering]:
        del registration[field]
    if matter.event_type == "guardianship_change":
        found["end_entry"] = _second_entry(entry, matter.book, books)
    for role, citizen in matter.people.items():
        found[role] = {**write_party(citizen, entry), **matter.traits.get(role, {})}
    if matter.requester is not None:
        found["requester"] = write_requester(matter.requester, entry)
    if matter.event_type == "parent_child_recognition":
        found["requester"]["relation_to_recognised"] = "Cha" if matter.people["parent"].sex == MALE else "Mẹ"
    return {**found, "event_type": matter.event_type, **matter.facts}


def _second_entry(entry: Entry, book: str, books: Books) -> Json:
    second = books.enter(entry.commune, book, entry.registered_at)
    return {"book_code": book, **second.place_in_book}


def _birth(birth: Birth, entry: Entry, books: Books) -> tuple[Json, str, str]:
    born, certified = birth.child.citizen.born, {}
    if birth.child.certificate:
        written = min(born + timedelta(days=1), entry.day)
        certified = {
            "certificate_code": birth.child.certificate,
            "certificate_date": written.isoformat(),
        }
    facts: Json = {"abandoned": birth.child.is_abandoned, **certified}
    if birth.child.twin is not None:
        facts["multiple"] = {"order": birth.child.twin[0], "total": birth.child.twin[1]}
    event: Json = {"event_type": "birth", "child": _child(birth), "birth": facts}
    event["requester"] = write_requester(birth.requester, entry)
    unknown = []
    for role, parent in (("mother", birth.mother), ("father", birth.father)):
        if parent is None:
            unknown.append(role)
        else:
            event[role] = write_party(parent, entry)
    event["unknown"] = unknown
    if birth.recognised_by:
        event["event_type"] = "birth_with_recognition"
        event["recognition"] = {"kind": birth.recognised_by, "evidence": "Văn bản giám định ADN"}
        event["recognition_entry"] = _second_entry(entry, "CMC", books)
    if any(parent is not None and parent.nationality != "VN" for parent in (birth.mother, birth.father)):
        event["foreign_element"] = True
    kind = "late" if (entry.day - born).days > LATE_DAYS else "on_time"
    return event, "re_registration" if birth.is_again else kind, _procedure_of_birth(birth, event)


def _procedure_of_birth(birth: Birth, event: Json) -> str:
    if birth.is_again:
        return "1.004884"
    if birth.recognised_by:
        return "1.000689"
    if event.get("foreign_element"):
        return "2.000528"
    return "2.000986" if birth.counter.is_linked else "1.001193"


def _child(birth: Birth) -> Json:
    child, citizen = birth.child, birth.child.citizen
    commune, detail = child.place
    found: Json = {
        "name": write_name(citizen),
        "sex": citizen.sex,
        "birth_date": citizen.birth_date(),
        "nationality": "VN",
        "place_of_birth": commune.place(detail),
        "place_of_origin": child.origin.place(),
    }
    if citizen.personal_id:
        found["personal_id"] = citizen.personal_id
    if child.is_abandoned:
        return {**found, "unknown": ["ethnic_group_code"]}
    return {**found, "ethnic_group_code": citizen.group}


def _marriage(marriage: Marriage, entry: Entry) -> tuple[Json, str, str]:
    since = marriage.since or entry.day
    event: Json = {
        "event_type": "marriage",
        "husband": _spouse(marriage.husband, entry),
        "wife": _spouse(marriage.wife, entry),
        "established_on": write_day(since),
    }
    is_foreign = any(bond.citizen.nationality != "VN" for bond in (marriage.husband, marriage.wife))
    if marriage.since is not None:
        return event, "re_registration", "1.004746"
    if is_foreign:
        event["foreign_element"] = True
    return event, "first", "2.000806" if is_foreign else "1.000894"


def _spouse(bond: Bond, entry: Entry) -> Json:
    return {
        **write_party(bond.citizen, entry),
        "marital_status_before": bond.before,
        "marriage_number": bond.count,
    }


def _death(death: Death, entry: Entry) -> tuple[Json, str, str]:
    passing = death.passing
    commune, detail = passing.place
    facts: Json = {
        "date": write_day(passing.day),
        "place": commune.place(detail),
        "notice": _notice(death, entry),
        "unknown": [],
    }
    for field, value in (("time", passing.clock), ("cause", passing.cause)):
        if value:
            facts[field] = value
        else:
            facts["unknown"].append(field)
    event: Json = {
        "event_type": "death",
        "deceased": write_party(death.deceased, entry),
        "death": facts,
        "requester": write_requester(death.requester, entry),
    }
    is_late = (entry.day - passing.day).days > DEATH_LATE_DAYS
    procedure = "1.006714" if death.counter.is_linked else "1.000656"
    return event, "late" if is_late else "on_time", procedure


def _notice(death: Death, entry: Entry) -> Json:
    kind, day = death.passing.notice, death.passing.day
    office = NOTICE_OFFICES.get(kind, death.counter.commune.office)
    issued_on = min(day + timedelta(days=1), entry.day)
    found = {"kind": kind, "issued_on": issued_on.isoformat(), "issued_by": office}
    if kind in NOTICE_OFFICES:
        found["number"] = f"{entry.number}/GBT-{day.year}"
    return found
