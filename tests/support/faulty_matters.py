"""For every fault of the matters beside birth, marriage, death, a message that has it."""

import json
from collections.abc import Mapping
from typing import Any

from tests.support.earlier import BIRTH_WITH_RECOGNITION, GUARDIANSHIP, REMARK_OF_NOTHING_KNOWN
from tests.support.events import (
    ABSENT,
    a_birth_with_recognition,
    a_change,
    a_decision,
    a_foreign_divorce,
    a_foreign_note,
    a_guardianship_change,
    a_guardianship_end,
    a_guardianship_start,
    a_marital_certificate,
    a_recognition,
    a_supervision_start,
    an_adoption,
    an_extract,
)

Case = tuple[str, str, bytes]
"""Code, where it is told, and the message."""


def _case(code: str, pointer: str, event: Mapping[str, Any]) -> Case:
    return code, pointer, json.dumps(event, ensure_ascii=False).encode()


def _day(text: str, certainty: str = "exact") -> dict[str, Any]:
    year, month, day = (int(part) for part in text.split("-"))
    return {"year": year, "month": month, "day": day, "certainty": certainty}


_ENTRY = "amends__entry"
_NOBODYS = {"source_event_id": "GH-1"}
_SUPPLEMENT = {
    "act": "supplement",
    "registration__book_code": "KS",
    "registration__kind": "remark",
    "registration__number": ABSENT,
    "registration__page": ABSENT,
}

OF_EARLIER = (
    _case(
        "organisation_not_carried",
        "/guardian/organisation",
        a_guardianship_start(guardian={"organisation": {"name": "Trung tâm bảo trợ xã hội Mẫu"}}),
    ),
    _case(
        "amended_entry_year_missing",
        "/amends/entry",
        a_guardianship_end(amends__entry__registered_on={"certainty": "unknown"}),
    ),
    _case("amends_nothing", "/amends", a_guardianship_end(amends={})),
    _case("earlier_event_unknown", "/amends/source_event_id", a_guardianship_end(amends=_NOBODYS)),
    _case(
        "amended_entry_missing",
        "/amends/entry",
        a_guardianship_end(amends={"event_id": REMARK_OF_NOTHING_KNOWN}),
    ),
    _case(
        "earlier_events_differ",
        "/amends/source_event_id",
        a_guardianship_end(
            amends={
                "event_id": BIRTH_WITH_RECOGNITION,
                "source_event_id": a_guardianship_start()["source_event_id"],
            }
        ),
    ),
    _case("amended_entry_differs", "/amends/entry", a_guardianship_end(amends__event_id=GUARDIANSHIP)),
    _case(
        "amended_book_does_not_fit",
        "/amends/event_id",
        a_guardianship_end(amends={"event_id": BIRTH_WITH_RECOGNITION}),
    ),
    _case(
        "amended_entry_later",
        "/amends/entry/registered_on",
        a_guardianship_end(amends__entry__registered_on=_day("2026-12-01")),
    ),
    _case(
        "authority_unknown",
        "/amends/entry/authority_code",
        a_guardianship_end(amends__entry__authority_code="99999"),
    ),
    _case(
        "amended_book_does_not_fit",
        "/amends/entry/book_code",
        a_guardianship_end(amends__entry__book_code="KS"),
    ),
    _case(
        "amended_book_does_not_fit",
        "/amends/entry/book_code",
        an_extract(extract__kind="birth_certificate_copy", amends__entry__book_code="KH"),
    ),
    _case("amended_book_does_not_fit", "/amends/entry/book_code", a_decision(amends__entry__book_code="KS")),
    _case(
        "foreign_act_missing",
        "/foreign_act",
        a_guardianship_start(registration__kind="foreign_note", dossier__procedure_code="2.000547"),
    ),
    _case("foreign_act_missing", "/foreign_act", a_recognition(registration__kind="foreign_note")),
    _case("foreign_act_at_home", "/foreign_act/country", a_foreign_note(foreign_act__country="VN")),
    _case("country_unknown", "/foreign_act/country", a_foreign_note(foreign_act__country="XX")),
    _case(
        "foreign_act_after_registration",
        "/foreign_act/date",
        a_foreign_note(foreign_act__date=_day("2026-11-14")),
    ),
    _case("neither_filled_nor_unknown", "/foreign_act/number", a_foreign_note(foreign_act__number=ABSENT)),
    _case("decision_after_registration", "/decision/date", a_decision(decision__date="2026-11-17")),
    _case(
        "decision_after_registration",
        "/documents/0/date",
        a_guardianship_start(documents=[{"number": "1", "date": "2026-11-17", "issued_by": "Tòa án"}]),
    ),
    _case("second_entry_repeats", "/end_entry/number", a_guardianship_change(end_entry__number="6")),
    _case("mobile_not_for_matter", "/mobile", a_guardianship_start(mobile=True)),
)

OF_PEOPLE_WHO_ACT = (
    _case("ward_of_age", "/ward/birth_date", a_guardianship_start(ward__birth_date=_day("2000-01-01"))),
    _case(
        "not_of_age", "/guardian/birth_date", a_guardianship_start(guardian__birth_date=_day("2010-01-01"))
    ),
    _case("not_of_age", "/supervisor/birth_date", a_supervision_start(supervisor__birth_date={"year": 2012})),
    _case(
        "starts_after_registration",
        "/guardianship/starts_on",
        a_guardianship_start(guardianship__starts_on=_day("2026-11-13")),
    ),
    _case(
        "starts_after_registration",
        "/supervision/starts_on",
        a_supervision_start(supervision__starts_on=_day("2026-11-17")),
    ),
    _case(
        "ended_after_registration", "/ending/ended_on", a_guardianship_end(ending__ended_on={"year": 2027})
    ),
    _case("ended_before_it_began", "/ending/ended_on", a_guardianship_end(ending__ended_on={"year": 2020})),
    _case(
        "recognised_parent_missing", "/father", a_birth_with_recognition(father=ABSENT, unknown=["father"])
    ),
    _case("father_is_female", "/parent/sex", a_recognition(parent__sex="female")),
    _case("mother_is_male", "/parent/sex", a_recognition(recognition__kind="child_recognises_mother")),
    _case("parent_not_older", "/parent/birth_date", a_recognition(parent__birth_date=_day("2021-02-20"))),
    _case(
        "adoptive_parent_missing",
        "/adoptive_father",
        an_adoption(adoptive_father=ABSENT, adoptive_mother=ABSENT),
    ),
    _case("father_is_female", "/adoptive_father/sex", an_adoption(adoptive_father__sex="female")),
    _case("mother_is_male", "/adoptive_mother/sex", an_adoption(adoptive_mother__sex="male")),
    _case("adoptee_of_age", "/child/birth_date", an_adoption(child__birth_date=_day("2008-01-01"))),
    _case(
        "adopted_after_registration",
        "/adoption/adopted_on",
        an_adoption(adoption__adopted_on=_day("2026-11-14")),
    ),
)

OF_CHANGES = (
    _case("too_few_items", "/changes", a_change(changes=[])),
    _case(
        "nothing_changes", "/changes/0", a_change(changes=[{"field": "name", "before": "A", "after": "A"}])
    ),
    _case("book_does_not_fit", "/registration/book_code", a_change(registration__book_code="KS")),
    _case(
        "book_does_not_fit",
        "/registration/book_code",
        a_change(**_SUPPLEMENT, amends__entry__book_code="KH", changes=[{"field": "sex", "after": "male"}]),
    ),
    _case("entry_number_missing", "/registration/number", a_change(registration__number=ABSENT)),
    _case("entry_number_missing", "/registration/volume", a_change(registration__volume=ABSENT)),
    _case(
        "remark_with_number", "/registration/number", a_change(**{**_SUPPLEMENT, "registration__number": "5"})
    ),
    _case("remark_with_number", "/registration/number", a_decision(registration__number="5")),
    _case("change_kind_does_not_fit", "/registration/kind", a_change(registration__kind="remark")),
    _case("change_field_not_of_act", "/changes/0/field", a_change(act="ethnic_redetermination")),
    _case("supplement_replaces", "/changes/0/before", a_change(**_SUPPLEMENT)),
    _case(
        "correction_of_nothing", "/changes/0/before", a_change(changes=[{"field": "sex", "after": "male"}])
    ),
    _case(
        "change_field_repeated",
        "/changes/1/field",
        a_change(
            changes=[{"field": "sex", "before": "male", "after": each} for each in ("female", "undetermined")]
        ),
    ),
    *(
        _case(
            "change_value_unreadable",
            "/changes/0/after",
            a_change(changes=[{"field": field, "before": before, "after": after}]),
        )
        for field, before, after in (
            ("birth_date", "1988", "09/02/1988"),
            ("mother.birth_date", "1960", "1960-02-30"),
            ("established_on", "2015", "2015-1"),
            ("death.date", "2015", "hôm qua"),
            ("sex", "male", "nữ"),
            ("ethnic_group", "01", "Tày"),
            ("father.nationality", "VN", "Lào"),
            ("other_nationality", "LA", "XX"),
            ("personal_id", "099188000041", "0991"),
            ("death.time", "05:40", "25:00"),
        )
    ),
)

OF_NOTES = (
    _case("book_does_not_fit", "/registration/book_code", a_decision(registration__book_code="KS")),
    _case("spouse_missing", "/spouse", a_decision(spouse=ABSENT)),
    _case("spouse_unexpected", "/spouse", a_decision(kind="missing", registration__book_code="KS")),
    _case("not_yet_effective", "/effective_on", a_decision(effective_on=_day("2026-11-20"))),
    _case("not_yet_effective", "/effective_on", a_foreign_divorce(effective_on={"year": 2027})),
    _case("book_does_not_fit", "/registration/book_code", a_foreign_note(registration__book_code="KT")),
    _case("note_part_missing", "/child", a_foreign_note(child=ABSENT)),
    _case("note_part_missing", "/husband", a_foreign_note(act="marriage")),
    _case("note_part_unexpected", "/birth", a_foreign_note(act="change")),
    _case("neither_filled_nor_unknown", "/father", a_foreign_note(father=ABSENT)),
    _case("unknown_but_filled", "/father", a_foreign_note(unknown=["father"])),
    _case(
        "parent_not_older",
        "/mother/birth_date",
        a_foreign_note(mother__birth_date={"year": 2026, "month": 9}),
    ),
    _case("mother_is_male", "/mother/sex", a_foreign_note(mother__sex="male")),
    _case("father_is_female", "/father/sex", a_foreign_note(father__sex="female")),
)

OF_PAPERS = (
    _case("purpose_partner_missing", "/purpose/partner", a_marital_certificate(purpose__partner=ABSENT)),
    _case("purpose_partner_unexpected", "/purpose/partner", a_marital_certificate(purpose__kind="other")),
    _case("purpose_text_missing", "/purpose/text", a_marital_certificate(purpose={"kind": "other"})),
    _case("one_copy_for_marriage", "/copies_requested", a_marital_certificate(copies_requested=2)),
    _case("marital_detail_missing", "/marital/paper", a_marital_certificate(marital__paper=ABSENT)),
    _case("married_cannot_marry", "/purpose/kind", a_marital_certificate(marital__status="married")),
    _case("period_reversed", "/period/ends_on", a_marital_certificate(period__ends_on="2020-01-01")),
    _case(
        "country_unknown",
        "/purpose/partner/nationality",
        a_marital_certificate(purpose__partner__nationality="XX"),
    ),
)

OF_OTHER_MATTERS = (*OF_EARLIER, *OF_PEOPLE_WHO_ACT, *OF_CHANGES, *OF_NOTES, *OF_PAPERS)
