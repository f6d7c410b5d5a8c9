"""Who may register what on which day, as the sender is told it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.model.submission import Violation
from gateway.receive.validate import Rulebook, validate_event, violations_of
from mappings.canonical import parse_event, sample_event
from mappings.matter_flags import possible_matters
from tests.support.events import ABSENT, a_birth, a_death, a_marriage
from tests.support.source_tree import ROOT

EXAMPLES = sorted((ROOT / "examples" / "events").glob("*.json"))
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OLD_COMMUNE, OLD_DISTRICT, OLD_PROVINCE = "00691", "024", "02"
LAST_MOMENT, FIRST_MOMENT = "2025-06-30T23:59:59+07:00", "2025-07-01T00:00:00+07:00"
FOREIGN_BIRTH = {"dossier__procedure_code": "2.000528", "foreign_element": True}


def _told(event: Mapping[str, Any]) -> list[Violation]:
    authorities = frozenset({str(event["registration"]["authority_code"])})
    findings = validate_event(dict(event), authorities, Rulebook(), NOW).findings
    codes = {"authority_not_competent", "matter_contradicts_procedure", "matter_does_not_agree"}
    return [each for each in violations_of(findings) if each.code in codes]


def _codes(event: Mapping[str, Any]) -> list[str]:
    return [each.code for each in _told(event)]


def _birth(authority: str, moment: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return a_birth(registration__authority_code=authority, registration__registered_at=moment, **changes)


@pytest.mark.parametrize(
    ("authority", "moment", "codes"),
    [
        (OLD_DISTRICT, LAST_MOMENT, []),
        (OLD_COMMUNE, LAST_MOMENT, ["authority_not_competent"]),
        (OLD_PROVINCE, LAST_MOMENT, ["authority_not_competent"]),
        ("00691", FIRST_MOMENT, []),
        ("08", FIRST_MOMENT, ["authority_not_competent"]),
        ("MJP01", FIRST_MOMENT, []),
    ],
)
def test_births_with_a_foreign_element_go_over_to_communes_at_midnight(
    authority: str, moment: str, codes: list[str]
) -> None:
    assert _codes(_birth(authority, moment, **FOREIGN_BIRTH)) == codes


def test_the_day_is_that_of_viet_nam_not_of_the_sender() -> None:
    """17:30 on 30 June in London is already July in Viet Nam."""
    assert _codes(_birth("00691", "2025-06-30T17:30:00+00:00", **FOREIGN_BIRTH)) == []
    assert _codes(_birth("00691", "2025-06-30T16:30:00+00:00", **FOREIGN_BIRTH)) == [
        "authority_not_competent"
    ]


@pytest.mark.parametrize("moment", [LAST_MOMENT, FIRST_MOMENT])
def test_an_ordinary_birth_is_the_communes_on_both_days(moment: str) -> None:
    assert _codes(_birth("00691", moment)) == []


def test_a_district_never_registered_an_ordinary_birth() -> None:
    assert _codes(_birth(OLD_DISTRICT, LAST_MOMENT)) == ["authority_not_competent"]


def test_the_answer_names_rule_matter_levels_and_source_in_both_languages() -> None:
    (violation,) = _told(_birth(OLD_COMMUNE, LAST_MOMENT, **FOREIGN_BIRTH))
    assert violation.pointer == "/registration/authority_code"
    for text, words in (
        (violation.message_vi, ("Quy tắc thẩm quyền", "cấp xã", "cấp huyện", "yếu tố nước ngoài")),
        (violation.message_en, ("Rule of competence", "commune", "district", "foreign element")),
    ):
        assert all(word in text for word in words)
        assert "Luật Hộ tịch 60/2014/QH13, Điều 35–36" in text
        assert "2025-06-30" in text


def test_where_nobody_was_competent_yet_the_answer_says_so() -> None:
    event = sample_event("guardianship_supervision_start")
    event["registration"] |= {"authority_code": OLD_COMMUNE, "registered_at": LAST_MOMENT}
    (violation,) = _told(event)
    assert "không cơ quan nào" in violation.message_vi
    assert "no authority" in violation.message_en
    assert "Nghị định 07/2025/NĐ-CP" in violation.message_en


@pytest.mark.parametrize(
    ("born", "authority", "codes"),
    [
        ({"year": 2012, "month": 1, "day": 1, "certainty": "exact"}, OLD_COMMUNE, []),
        ({"year": 2000, "month": 1, "day": 1, "certainty": "exact"}, OLD_DISTRICT, []),
        ({"year": 2000, "certainty": "exact"}, OLD_COMMUNE, ["authority_not_competent"]),
        ({"year": 2011, "month": 6, "day": 30, "certainty": "exact"}, OLD_DISTRICT, []),
        (
            {"year": 2011, "month": 7, "day": 1, "certainty": "exact"},
            OLD_DISTRICT,
            ["authority_not_competent"],
        ),
        ({"year": 2011, "certainty": "exact"}, OLD_COMMUNE, []),
        ({"year": 2011, "certainty": "exact"}, OLD_DISTRICT, []),
        ({"certainty": "unknown"}, OLD_DISTRICT, []),
    ],
)
def test_of_a_change_the_age_decides_and_where_it_cannot_be_told_nobody_is_refused(
    born: dict[str, object], authority: str, codes: list[str]
) -> None:
    event = sample_event("civil_status_change")
    event["act"] = "change"
    event["subject"]["birth_date"] = born
    event["registration"] |= {"authority_code": authority, "registered_at": LAST_MOMENT}
    assert _codes(event) == codes


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_registered_by_whom_it_may_be(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    assert len(possible_matters(parse_event(event))) == 1
    assert _codes(event) == []


def test_no_authority_of_that_day_is_another_fault() -> None:
    assert _codes(_birth(OLD_DISTRICT, FIRST_MOMENT, **FOREIGN_BIRTH)) == []


@pytest.mark.parametrize(
    "event",
    [
        a_birth(dossier__procedure_code="1.004884"),
        a_birth(foreign_element=True),
        a_marriage(dossier__procedure_code="1.004746"),
        a_death(registration__kind="re_registration", dossier__procedure_code="1.000656"),
    ],
    ids=["kind of birth", "foreign element", "kind of marriage", "kind of death"],
)
def test_a_procedure_that_contradicts_the_other_fields_is_told(event: dict[str, Any]) -> None:
    (violation,) = _told(event)
    assert violation.code == "matter_contradicts_procedure"
    assert violation.pointer == "/dossier/procedure_code"


@pytest.mark.parametrize(
    "event",
    [
        a_birth(),
        a_birth(dossier__procedure_code="1.001193", registration__kind="late"),
        a_birth(dossier__procedure_code="1.004884", registration__kind="re_registration"),
        a_birth(dossier=ABSENT, foreign_element=True),
        a_marriage(),
        a_death(),
    ],
    ids=["birth", "late", "again", "foreign without dossier", "marriage", "death"],
)
def test_what_agrees_is_not_complained_about(event: dict[str, Any]) -> None:
    assert _codes(event) == []


@pytest.mark.parametrize(("matter", "codes"), [("birth", []), ("marriage", ["matter_does_not_agree"])])
def test_a_stated_matter_must_agree(matter: str, codes: list[str]) -> None:
    assert _codes(a_birth(matter=matter)) == codes
