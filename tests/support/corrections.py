"""A birth of one office and what others do to its entry; invented people."""

from typing import Any

from gateway.storage.ports import Role
from tests.support.edge_desk import Badge, EdgeDesk
from tests.support.events import ABSENT, a_birth, a_change, a_decision

BIRTH_OFFICE = "00691"
OTHER_OFFICE = "00715"
OTHER_PROVINCE = "01"
JsonObject = dict[str, Any]
ENTRY_PATH = f"/api/v1/entries/{BIRTH_OFFICE}/KS/2026/41"


def the_entry(number: str = "41", **changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """As a paper of the birth names it."""
    day = {"year": 2026, "month": 11, "day": 16, "certainty": "exact"}
    entry = {"authority_code": BIRTH_OFFICE, "book_code": "KS", "registered_on": day, "number": number}
    return {"entry": {**entry, **changes}}


def a_birth_of_the_office(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """Registered on 16 November 2026 by the birth office, entry 41."""
    registered_at = "2026-11-16T08:40:00+07:00"
    dossier = changes.pop("dossier", ABSENT)
    return a_birth(registration__registered_at=registered_at, dossier=dossier, **changes)


def a_correction(number: str = "21", office: str = OTHER_OFFICE, **changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """Of the mother's birth year, by another office where the child lives."""
    own: JsonObject = {
        "source_event_id": f"TDCC-{office}-2026-{number}",
        "registration__authority_code": office,
        "registration__registered_at": "2026-11-16T09:00:00+07:00",
        "registration__number": number,
        "dossier": ABSENT,
        "amends": the_entry(),
        "subject__name": {"full": "LÊ THỬ NGHIỆM"},
        "subject__birth_date": {"year": 2026, "month": 11, "day": 2, "certainty": "exact"},
        "subject__personal_id": ABSENT,
        "subject__identity_paper": ABSENT,
        "subject__residence__place__commune_code": office,
        "changes": [{"field": "mother.birth_date", "before": "1997-03-14", "after": "1996-03-14"}],
        "reason": "Sai sót khi đăng ký: ghi nhầm năm sinh của mẹ",
    }
    return a_change(**(own | changes))


def a_remark(**changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A court determines the parents of the child; any office notes it."""
    own: JsonObject = {
        "source_event_id": "GC-2026-7",
        "registration__authority_code": OTHER_OFFICE,
        "registration__registered_at": "2026-11-16T09:30:00+07:00",
        "registration__book_code": "KS",
        "amends": the_entry(),
        "kind": "parent_determination",
        "effective_on": ABSENT,
        "spouse": ABSENT,
        "subject__name": {"full": "LÊ THỬ NGHIỆM"},
        "subject__birth_date": {"year": 2026, "month": 11, "day": 2, "certainty": "exact"},
        "subject__personal_id": ABSENT,
        "subject__identity_paper": ABSENT,
        "content": "Xác định cha theo bản án",
    }
    return a_decision(**(own | changes))


def office_badge(desk: EdgeDesk, office: str = BIRTH_OFFICE) -> Badge:
    """The software of one office, which sends and reads for it."""
    return desk.badge(f"office {office}", Role.SENDER, authorities=frozenset({office}))


def province_badge(desk: EdgeDesk, province: str = "08") -> Badge:
    """The higher office."""
    return desk.badge(f"province {province}", Role.CONSUMER, authorities=frozenset({province}))
