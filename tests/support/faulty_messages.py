"""For every fault that a message can have, a message that has it: code -> where it is told, and the bytes."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mappings.canonical import ATTACHMENT_BYTES_MAX
from tests.support.events import ABSENT, a_birth, a_death, a_marriage
from tests.support.faulty_corrections import OF_CORRECTIONS
from tests.support.faulty_matters import OF_OTHER_MATTERS

BODY_BYTES_MAX = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Faulty:
    """A message with a fault, and where the fault is to be told."""

    code: str
    pointer: str
    body: bytes
    idempotency_key: str | None = None

    def __str__(self) -> str:
        return f"{self.code} at {self.pointer or 'the whole'}"


def as_bytes(event: Mapping[str, Any]) -> bytes:
    """As a sender would write it."""
    return json.dumps(event, ensure_ascii=False).encode()


def _day(text: str, certainty: str = "exact") -> dict[str, Any]:
    year, month, day = (int(part) for part in text.split("-"))
    return {"year": year, "month": month, "day": day, "certainty": certainty}


def _birth(code: str, pointer: str, **changes: Any) -> Faulty:  # noqa: ANN401 - a field may hold any JSON value
    return Faulty(code, pointer, as_bytes(a_birth(**changes)))


def _marriage(code: str, pointer: str, **changes: Any) -> Faulty:  # noqa: ANN401 - a field may hold any JSON value
    return Faulty(code, pointer, as_bytes(a_marriage(**changes)))


def _death(code: str, pointer: str, **changes: Any) -> Faulty:  # noqa: ANN401 - a field may hold any JSON value
    return Faulty(code, pointer, as_bytes(a_death(**changes)))


def _text(code: str, pointer: str, body: str) -> Faulty:
    return Faulty(code, pointer, body.encode())


def _in_text(code: str, pointer: str, change: Callable[[str], str]) -> Faulty:
    return _text(code, pointer, change(json.dumps(a_birth())))


_ATTACHMENT = {
    "file_name": "gcs.pdf",
    "title": "Giấy chứng sinh",
    "kind": "birth_certificate",
    "media_type": "application/pdf",
    "content_base64": "JVBERi0=",
}
_OLD_PLACE = {"province_code": "02", "as_of": "2025-06-30"}

OF_BODIES = (
    Faulty("body_too_large", "", b" " * (BODY_BYTES_MAX + 1)),
    Faulty("body_not_utf8", "", b'{"event_type": "\xff"}'),
    _text("body_not_json", "", '{"event_type": "birth",}'),
    _text("body_not_object", "", "[]"),
    _text("json_too_deep", "/note" + "/0" * 31, json.dumps({"note": json.loads("[" * 40 + "]" * 40)})),
    _text("json_too_deep", "", "[" * 60_000),
    _in_text("key_repeated", "/note", lambda text: text[:-1] + ', "note": "a", "note": "b"}'),
    _birth("number_not_whole", "/copies_requested", copies_requested=1.5),
    _birth("number_not_whole", "/copies_requested", copies_requested=10**400),
    _in_text("number_not_whole", "/note", lambda text: text[:-1] + ', "note": NaN}'),
    _in_text("text_not_unicode", "/note", lambda text: text[:-1] + ', "note": "\\ud800"}'),
    _text("too_many_violations", "", json.dumps({**a_birth(), **{f"x{n}": 1 for n in range(300)}})),
    Faulty("idempotency_key_invalid", "", as_bytes(a_birth()), idempotency_key=" x"),
    Faulty("idempotency_key_invalid", "", as_bytes(a_birth()), idempotency_key="khóa"),
    _birth("event_type_unknown", "/event_type", event_type="wedding"),
    _birth("event_type_unknown", "/event_type", event_type=ABSENT),
)

OF_FIELDS = (
    _birth("field_missing", "/child/name", child__name=ABSENT),
    _birth("field_unknown", "/child/ho_ten", child__ho_ten="x"),
    _birth("wrong_type", "/child/birth_date/year", child__birth_date={"year": "2026"}),
    _birth("wrong_type", "/child", child="x"),
    _birth("wrong_format", "/mother/personal_id", mother__personal_id="123"),
    _birth("text_too_short", "/note", note=""),
    _birth("text_too_long", "/note", note="n" * 1001),
    _birth("not_in_list", "/child/sex", child__sex="nam"),
    _birth("book_does_not_fit", "/registration/book_code", registration__book_code="KH"),
    _birth("number_too_small", "/copies_requested", copies_requested=-1),
    _birth("number_too_large", "/child/birth_date/month", child__birth_date={"year": 2026, "month": 13}),
    _birth("too_many_items", "/attachments", attachments=[_ATTACHMENT] * 21),
)

OF_MODEL = (
    _birth("text_control_character", "/note", note="a\u200bb"),
    _birth("code_not_ascii", "/requester/email", requester__email="thư@example.com"),
    _birth("instant_format", "/registration/registered_at", registration__registered_at="16/11/2026"),
    _birth(
        "instant_offset_missing",
        "/registration/registered_at",
        registration__registered_at="2026-11-16T09:40:00",
    ),
    _birth("calendar_day", "/birth/certificate_date", birth__certificate_date="2026-02-30"),
    _birth("partial_date_order", "/child/birth_date", child__birth_date={"year": 2026, "day": 1}),
    _birth(
        "partial_date_not_in_calendar",
        "/child/birth_date",
        child__birth_date={"year": 2026, "month": 2, "day": 30},
    ),
    _birth("partial_date_empty", "/child/birth_date", child__birth_date={}),
    _birth(
        "partial_date_unknown_but_filled",
        "/child/birth_date",
        child__birth_date={"year": 2026, "certainty": "unknown"},
    ),
    _birth(
        "partial_date_by_rule_not_first",
        "/mother/birth_date",
        mother__birth_date=_day("1990-01-02", "by_rule"),
    ),
    _birth(
        "year_out_of_range",
        "/registration/registered_at",
        registration__registered_at="0001-01-01T00:00:00+07:00",
    ),
    _birth("name_missing", "/child/name", child__name={"family": "LÊ"}),
    _birth("name_parts_disagree", "/child/name", child__name={"full": "LÊ THỬ", "given": "MẪU"}),
    _birth("unknown_but_filled", "/mother/nationality", mother__unknown=["nationality"]),
    _birth("neither_filled_nor_unknown", "/father", father=ABSENT),
    _birth("neither_filled_nor_unknown", "/mother/residence", mother__residence=ABSENT),
    _birth("unknown_repeated", "/mother", mother__unknown=["place_of_origin", "place_of_origin"]),
    _birth("place_abroad_with_codes", "/child/place_of_birth", child__place_of_birth__country="LA"),
    _birth("other_kind_missing", "/mother/identity_paper", mother__identity_paper__kind="other"),
    _birth("other_kind_unexpected", "/mother/identity_paper", mother__identity_paper__other_kind="Thẻ"),
    _birth("multiple_order", "/birth/multiple", birth__multiple={"order": 3, "total": 2}),
    _birth("attachment_base64", "/attachments/0", attachments=[{**_ATTACHMENT, "content_base64": "?"}]),
    _birth(
        "attachment_too_large",
        "/attachments/0",
        attachments=[
            {**_ATTACHMENT, "content_base64": base64.b64encode(bytes(ATTACHMENT_BYTES_MAX + 1)).decode()}
        ],
    ),
    _birth(
        "attachment_content_missing", "/attachments/0", attachments=[{**_ATTACHMENT, "content_base64": None}]
    ),
)

OF_REGISTRATIONS = (
    _birth("authority_unknown", "/registration/authority_code", registration__authority_code="99999"),
    _birth("authority_not_yours", "/registration/authority_code", registration__authority_code="00004"),
    _birth(
        "registered_in_future",
        "/registration/registered_at",
        registration__registered_at="2026-11-16T10:06:00+07:00",
    ),
    _birth(
        "registered_too_long_ago",
        "/registration/registered_at",
        registration__registered_at="1926-11-16T09:00:00+07:00",
    ),
    _birth("procedure_unknown", "/dossier/procedure_code", dossier__procedure_code="9.999999"),
    _birth("matter_contradicts_procedure", "/dossier/procedure_code", dossier__procedure_code="1.004884"),
    _birth("matter_does_not_agree", "/matter", matter="marriage"),
    _birth("authority_not_competent", "/registration/authority_code", registration__authority_code="08"),
    _birth("procedure_of_other_matter", "/dossier/procedure_code", dossier__procedure_code="1.000894"),
    _birth("dossier_due_before_received", "/dossier/due_at", dossier__due_at="2026-11-15T17:00:00+07:00"),
)

OF_PLACES = (
    _birth("country_unknown", "/child/nationality", child__nationality="XX"),
    _birth("country_unknown", "/child/place_of_birth/country", child__place_of_birth={"country": "XX"}),
    _birth(
        "province_unknown",
        "/child/place_of_birth/province_code",
        child__place_of_birth={"province_code": "02"},
    ),
    _birth(
        "district_unknown",
        "/child/place_of_origin/district_code",
        child__place_of_origin={**_OLD_PLACE, "district_code": "999"},
    ),
    _birth(
        "district_abolished",
        "/child/place_of_origin/district_code",
        child__place_of_origin={"province_code": "08", "district_code": "024"},
    ),
    _birth(
        "commune_unknown", "/child/place_of_birth/commune_code", child__place_of_birth__commune_code="99999"
    ),
    _birth(
        "district_not_in_province",
        "/child/place_of_origin/district_code",
        child__place_of_origin={**_OLD_PLACE, "district_code": "001"},
    ),
    _birth(
        "commune_not_in_district",
        "/child/place_of_origin/commune_code",
        child__place_of_origin={**_OLD_PLACE, "district_code": "024", "commune_code": "00712"},
    ),
    _birth(
        "commune_not_in_province",
        "/child/place_of_birth/commune_code",
        child__place_of_birth={"province_code": "01", "commune_code": "00691"},
    ),
)

OF_PEOPLE = (
    _birth("nationality_repeated", "/child/other_nationality", child__other_nationality="VN"),
    _birth("ethnic_group_unknown", "/child/ethnic_group_code", child__ethnic_group_code="99"),
    _birth("born_after_registration", "/child/birth_date", child__birth_date=_day("2026-11-17")),
    _birth("personal_id_of_two_people", "/father/personal_id", father__personal_id="099197000001"),
    _birth("paper_number_length", "/mother/identity_paper/number", mother__identity_paper__number="099"),
    _birth(
        "paper_issued_after_registration",
        "/mother/identity_paper/issued_on",
        mother__identity_paper__issued_on="2026-11-17",
    ),
)

OF_MATTERS = (
    _birth("mother_is_male", "/mother/sex", mother__sex="male"),
    _birth("father_is_female", "/father/sex", father__sex="female"),
    _birth("parent_not_older", "/mother/birth_date", mother__birth_date=_day("2026-11-02")),
    _birth("certificate_before_birth", "/birth/certificate_date", birth__certificate_date="2026-11-01"),
    _birth("certificate_after_registration", "/birth/certificate_date", birth__certificate_date="2026-11-17"),
    _birth("abandoned_with_parents", "/father", birth__abandoned=True),
    _marriage("husband_not_male", "/husband/sex", husband__sex="female"),
    _marriage("wife_not_female", "/wife/sex", wife__sex="undetermined"),
    _marriage("below_marriage_age", "/husband/birth_date", husband__birth_date=_day("2006-11-13")),
    _marriage("below_marriage_age", "/wife/birth_date", wife__birth_date=_day("2008-11-13")),
    _marriage("established_after_registration", "/established_on", established_on=_day("2026-11-13")),
    _marriage("marriage_number_does_not_fit", "/wife/marriage_number", wife__marriage_number=1),
    _marriage("marriage_number_does_not_fit", "/husband/marriage_number", husband__marriage_number=2),
    _death("died_after_registration", "/death/date", death__date=_day("2026-11-11")),
    _death("died_before_birth", "/death/date", death__date=_day("1941-02-07")),
    _death("notice_after_registration", "/death/notice/issued_on", death__notice__issued_on="2026-11-11"),
)

FAULTY_MESSAGES = (
    *OF_BODIES,
    *OF_FIELDS,
    *OF_MODEL,
    *OF_REGISTRATIONS,
    *OF_PLACES,
    *OF_PEOPLE,
    *OF_MATTERS,
    *(Faulty(code, pointer, body) for code, pointer, body in (*OF_OTHER_MATTERS, *OF_CORRECTIONS)),
)
