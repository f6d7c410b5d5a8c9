"""Who may correct what on which day, with whose consent, and why: as tables."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.model.submission import Violation
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import Rulebook, validate_event, violations_of
from mappings.bridge import list_links
from tests.support.events import ABSENT, a_change, a_decision, a_revocation
from tests.support.faulty_corrections import a_death_correction, a_name_change

NOW = datetime(2026, 11, 20, tzinfo=UTC)
OLD_DAY = "2024-11-13T09:40:00+07:00"
NEW_DAY = "2026-11-13T09:40:00+07:00"
EVERYWHERE = frozenset({"08", "01", "02", "00691", "00715", "024", "MLA01"})
OFFICE = "/registration/authority_code"


def _told(event: dict[str, Any], **limits: Any) -> tuple[set[str], set[str]]:  # noqa: ANN401 - limits of several kinds
    rulebook = Rulebook(limits=RuleLimits(**limits))
    validated = validate_event(event, EVERYWHERE, rulebook, NOW)
    faults: tuple[Violation, ...] = violations_of(validated.findings)
    return {each.code for each in faults}, {each.code for each in violations_of(validated.warnings)}


@pytest.mark.parametrize(
    ("office", "is_refused"),
    [
        ("00691", False),  # holds the book: the commune of 1988 became it
        ("00715", True),
        ("08", True),
    ],
)
def test_a_death_is_corrected_by_the_office_that_made_it(office: str, *, is_refused: bool) -> None:
    event = a_death_correction(registration__authority_code=office)
    assert ("correction_by_other_office" in _told(event)[0]) is is_refused


@pytest.mark.parametrize("act", ["change", "supplement"])
def test_only_the_correction_of_a_death_is_bound_to_its_office(act: str) -> None:
    event = a_death_correction(registration__authority_code="00715", act=act)
    assert "correction_by_other_office" not in _told(event)[0]


def test_nobody_is_refused_where_the_old_unit_was_divided() -> None:
    """Which of them holds the book is a question to a person."""
    divided = next(
        link.old_code for link in list_links(NOW.date()) if link.is_split and link.level == "commune"
    )
    event = a_death_correction(registration__authority_code="00715", amends__entry__authority_code=divided)
    assert "correction_by_other_office" not in _told(event)[0]


@pytest.mark.parametrize(
    ("office", "registered_at", "code", "is_told"),
    [
        ("08", NEW_DAY, "correction_by_other_office", False),
        ("01", NEW_DAY, "correction_by_other_office", True),
        ("00691", NEW_DAY, "correction_by_other_office", True),
        ("02", OLD_DAY, "correction_by_other_office", False),
        ("024", OLD_DAY, "correction_by_other_office", False),
    ],
)
def test_since_july_2025_the_province_of_the_book_revokes(
    office: str, registered_at: str, code: str, *, is_told: bool
) -> None:
    event = a_revocation(
        registration__authority_code=office,
        registration__registered_at=registered_at,
        decision__date="2024-01-02",
        amends__entry__authority_code="00691",
        amends__entry__registered_on={"year": 2020, "certainty": "exact"},
    )
    assert (code in _told(event)[0]) is is_told


@pytest.mark.parametrize("office", ["00691", "00715"])
def test_a_court_decision_is_noted_by_any_office(office: str) -> None:
    faults, warnings = _told(a_decision(registration__authority_code=office))
    assert not {each for each in faults | warnings if "office" in each}


@pytest.mark.parametrize(
    ("office", "lives_in", "is_warned"),
    [
        ("00691", "00691", False),
        ("00715", "00715", False),  # where the person lives
        ("00715", "00691", True),
        ("00691", "00715", False),  # holds the book
    ],
)
def test_a_change_is_expected_where_the_book_or_the_person_is(
    office: str, lives_in: str, *, is_warned: bool
) -> None:
    event = a_change(registration__authority_code=office, subject__residence__place__commune_code=lives_in)
    faults, warnings = _told(event)
    assert "correction_by_other_office" not in faults
    assert ("correcting_office_unexpected" in warnings) is is_warned


@pytest.mark.parametrize(
    ("born", "office", "registered_at", "is_competent"),
    [
        (2015, "00715", NEW_DAY, True),
        (1988, "00715", NEW_DAY, True),
        (2015, "00715", OLD_DAY, True),
        (1988, "00715", OLD_DAY, False),  # from 14 on it was the district
        (1988, "024", OLD_DAY, True),
        (2015, "024", OLD_DAY, False),
    ],
)
def test_until_june_2025_the_district_changed_those_of_14_and_over(
    born: int, office: str, registered_at: str, *, is_competent: bool
) -> None:
    event = a_name_change(
        born,
        registration__authority_code=office,
        registration__registered_at=registered_at,
        dossier=ABSENT,
        amends__entry__registered_on={"year": born, "certainty": "exact"},
    )
    assert ("authority_not_competent" not in _told(event)[0]) is is_competent


@pytest.mark.parametrize(
    ("born", "consents", "more", "lacking"),
    [
        (2020, ["mother", "father"], {}, False),  # 6 years old
        (2020, ["mother"], {}, True),
        (2020, ["mother"], {"consent_exception": "Cha đã chết"}, False),
        (2020, ["guardian"], {}, False),
        (2016, ["mother", "father"], {}, True),  # 10 years old: he himself
        (2016, ["mother", "father", "subject"], {}, False),
        (2016, ["mother", "father"], {"consent_exception": "Trẻ không muốn"}, True),
        (2008, ["mother"], {}, False),  # of age
    ],
)
def test_whose_consent_a_name_under_18_needs(
    born: int, consents: list[str], more: dict[str, str], *, lacking: bool
) -> None:
    event = a_name_change(born, consents=consents, **more)
    assert ("consent_missing" in _told(event)[0]) is lacking


@pytest.mark.parametrize(
    ("event", "is_warned"),
    [
        (a_name_change(2016), True),
        (a_name_change(1988), False),
        (a_name_change(2016, act="correction"), False),
        (a_name_change(2016, subject__birth_date={"certainty": "unknown"}), False),
        (a_name_change(2016, subject__birth_date={"year": 2008, "certainty": "exact"}), False),
    ],
)
def test_silence_about_consents_is_only_a_warning(event: dict[str, Any], *, is_warned: bool) -> None:
    faults, warnings = _told(event)
    assert "consent_missing" not in faults
    assert ("consents_not_stated" in warnings) is is_warned


@pytest.mark.parametrize(
    ("reason", "fault", "warning"),
    [
        ("Sai sót khi đăng ký khai sinh", False, False),
        ("Lỗi của công chức tư pháp", False, False),
        ("...", True, False),
        ("sai", True, False),
        ("12/2020", True, False),
        ("Cho phù hợp với căn cước công dân", False, True),
        ("Để thống nhất hồ sơ, giấy tờ cá nhân", False, True),
        ("Khớp học bạ của con", False, True),
        ("Hộ khẩu ghi đúng, sổ ghi sai tên", False, False),
    ],
)
def test_a_correction_says_what_was_wrong_at_registration(reason: str, *, fault: bool, warning: bool) -> None:
    faults, warnings = _told(a_change(reason=reason))
    assert ("correction_reason_missing" in faults) is fault
    assert ("correction_to_fit_papers" in warnings) is warning


@pytest.mark.parametrize(
    ("book", "field", "fits"),
    [
        ("KS", "mother.name", True),
        ("KH", "mother.name", False),
        ("KT", "death.cause", True),
        ("KS", "death.cause", False),
        ("KH", "established_on", True),
        ("GH", "guardian.name", True),
        ("KS", "guardian.name", False),
        ("TDCC", "death.cause", True),  # an entry of the change book may be about any
        ("KT", "name", True),
    ],
)
def test_a_field_stands_in_its_book(book: str, field: str, *, fits: bool) -> None:
    values = {"established_on": ("2001", "2002")}.get(field, ("A B", "A C"))
    change = {"field": field, "before": values[0], "after": values[1]}
    event = a_change(amends__entry__book_code=book, changes=[change])
    assert ("change_field_not_in_book" not in _told(event)[0]) is fits


def test_an_alignment_is_for_the_gateway_itself() -> None:
    remark = {
        "act": "data_alignment",
        "registration__book_code": "KS",
        "registration__kind": "remark",
        "registration__number": ABSENT,
        "registration__volume": ABSENT,
        "dossier": ABSENT,
    }
    assert _told(a_change(**remark))[0] == {"alignment_not_by_message"}
    assert _told(a_change(**remark), allows_alignment=True)[0] == set()
    far = a_change(**remark, registration__authority_code="00715")
    assert _told(far, allows_alignment=True)[0] == {"correction_by_other_office"}
