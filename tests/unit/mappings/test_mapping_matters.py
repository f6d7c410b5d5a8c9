"""Every row of the law is a matter; who may register it, and how soon it is answered, depends on the day."""

from datetime import date

import pytest

from mappings import reference_matters
from mappings.canonical import EVENT_TYPES
from mappings.codes import find_book, find_procedure
from mappings.competence import AuthorityLevel, competent_levels, level_of, list_competence
from mappings.editions import list_entries
from mappings.loading import PARTNERS
from mappings.matters import deadline_of, find_matter, get_matter, list_matters
from tests.support.source_tree import ROOT

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
MATTERS = [matter.code for matter in list_matters()]
NOTHING: frozenset[str] = frozenset()
LAW_ROWS_WITHOUT_A_MATTER = {35}
"""Missions abroad: any matter, with an authority of another level."""

COMMUNE, DISTRICT, PROVINCE = frozenset({"commune"}), frozenset({"district"}), frozenset({"province"})
NOBODY: frozenset[str] = frozenset()
DISTRICT_THEN_COMMUNE = {
    "birth_foreign_element",
    "birth_with_recognition_foreign_element",
    "birth_with_papers_foreign_element",
    "marriage_foreign_element",
    "death_foreign_element",
    "guardianship_start_foreign_element",
    "guardianship_end_foreign_element",
    "guardianship_change_foreign_element",
    "parent_child_recognition_foreign_element",
    "civil_status_change_from_14",
    "ethnic_redetermination",
    "civil_status_change_foreign_element",
    "foreign_note_birth",
    "foreign_note_guardianship",
    "foreign_note_parent_child",
    "foreign_note_parent_determination",
    "foreign_note_adoption",
    "foreign_note_change",
    "foreign_note_death",
    "foreign_note_marriage",
    "foreign_divorce_note",
    "foreign_annulment_note",
}
"""Decree 120/2025: what the district did, the commune does."""
OTHERWISE = {
    "birth_re_registration_foreign_element": (COMMUNE | DISTRICT, COMMUNE),
    "marriage_re_registration_foreign_element": (COMMUNE | DISTRICT, COMMUNE),
    "death_re_registration_foreign_element": (COMMUNE | DISTRICT, COMMUNE),
    "guardianship_supervision_start": (NOBODY, COMMUNE),
    "guardianship_supervision_end": (NOBODY, COMMUNE),
    "extract_copy": (COMMUNE | DISTRICT | PROVINCE, COMMUNE | PROVINCE),
    "information_confirmation": (COMMUNE | DISTRICT | PROVINCE, COMMUNE | PROVINCE),
    "certificate_revocation": (DISTRICT | PROVINCE, PROVINCE),
}
DEADLINES = {
    "birth": ("same_day", "same_day"),
    "birth_with_recognition_foreign_element": ("15 days", "10 wd"),
    "marriage": ("same_day max 5 wd", "same_day max 5 wd"),
    "marriage_foreign_element": ("15 days", "5 wd max 10 wd"),
    "marriage_border": ("3 wd max 8 wd", "3 wd max 8 wd"),
    "death": ("same_day max 3 wd", "same_day max 3 wd"),
    "parent_child_recognition_foreign_element": ("15 days", "10 wd"),
    "foreign_note_marriage": ("12 days", "5 wd max 8 wd"),
    "foreign_divorce_note": ("12 days", "5 wd max 8 wd"),
    "foreign_annulment_note": ("12 days", "5 wd max 8 wd"),
    "guardianship_supervision_start": ("", ""),
}


def _domestic_levels(matter: str, on_date: date) -> frozenset[str]:
    return frozenset(level.value for level in competent_levels(matter, on_date)) - {"mission"}


def _expected(matter: str) -> tuple[frozenset[str], frozenset[str]]:
    if matter in DISTRICT_THEN_COMMUNE:
        return DISTRICT, COMMUNE
    if matter.startswith("court_decision_"):
        return COMMUNE | DISTRICT, COMMUNE
    return OTHERWISE.get(matter, (COMMUNE, COMMUNE))


@pytest.mark.parametrize("matter", MATTERS)
def test_who_may_register_a_matter_changes_with_july_2025(matter: str) -> None:
    assert (_domestic_levels(matter, BEFORE), _domestic_levels(matter, AFTER)) == _expected(matter)


@pytest.mark.parametrize("matter", MATTERS)
def test_no_district_registers_anything_after_june_2025(matter: str) -> None:
    assert AuthorityLevel.DISTRICT not in competent_levels(matter, AFTER)
    assert competent_levels(matter, AFTER)


@pytest.mark.parametrize("matter", MATTERS)
def test_every_competence_names_its_source(matter: str) -> None:
    for on_date in (BEFORE, AFTER):
        assert all(len(each.source) > 8 for each in list_competence(matter, on_date))


def test_missions_register_all_but_what_needs_a_commune_at_home() -> None:
    without = {code for code in MATTERS if AuthorityLevel.MISSION not in competent_levels(code, AFTER)}
    assert without == {
        "birth_linked",
        "birth_mobile",
        "marriage_border",
        "marriage_mobile",
        "death_linked",
        "death_mobile",
        "certificate_revocation",
    }


@pytest.mark.parametrize(("matter", "deadlines"), DEADLINES.items(), ids=str)
def test_decree_120_shortens_deadlines_from_its_day_on(matter: str, deadlines: tuple[str, str]) -> None:
    found = get_matter(matter)
    assert (deadline_of(found, BEFORE), deadline_of(found, AFTER)) == deadlines


def test_only_these_deadlines_change() -> None:
    changed = {matter.code for matter in list_matters() if matter.deadline_old != matter.deadline_new}
    assert changed == {matter for matter, (old, new) in DEADLINES.items() if old != new}


def test_every_row_of_the_law_has_its_matter() -> None:
    assert {matter.law_row for matter in list_matters()} == (set(range(36)) - LAW_ROWS_WITHOUT_A_MATTER)


def test_every_kind_of_event_has_a_matter_and_no_matter_another_event() -> None:
    assert {matter.event_type for matter in list_matters()} == set(EVENT_TYPES)


def test_every_procedure_leads_to_a_matter_and_every_matter_to_known_procedures() -> None:
    named = {code for matter in list_matters() for code in matter.procedure_codes}
    assert named == {entry.code for entry in list_entries("procedures", "official", AFTER)}
    assert all(find_procedure(code, AFTER) for code in named)


def test_every_book_and_destination_of_a_matter_is_known() -> None:
    for matter in list_matters():
        assert matter.book_code is None or find_book(matter.book_code, AFTER), matter.code
        assert set(matter.destinations) <= set(PARTNERS)
        assert "national_registry" in matter.destinations
        assert ("one_stop" in matter.destinations) is bool(matter.procedure_codes), matter.code


def test_a_birth_certificate_goes_to_the_population_database_and_an_extract_does_not() -> None:
    assert "population_db" in get_matter("birth").destinations
    without = {matter.event_type for matter in list_matters() if "population_db" not in matter.destinations}
    assert without == {
        "guardianship_supervision_start",
        "guardianship_supervision_end",
        "marital_status_certificate",
        "extract_copy",
        "information_confirmation",
    }


@pytest.mark.parametrize(
    ("event_type", "procedure", "kind", "flags", "matter"),
    [
        ("birth", None, "on_time", set(), "birth"),
        ("birth", "1.001193", "late", set(), "birth"),
        ("birth", "1.001193.000.00.00.H56", "on_time", set(), "birth"),
        ("birth", None, "on_time", {"foreign_element"}, "birth_foreign_element"),
        ("birth", "2.000528", "on_time", set(), "birth_foreign_element"),
        ("birth", "1.004772", "on_time", set(), "birth_with_papers"),
        ("birth", "1.001193", "on_time", {"abandoned"}, "birth_abandoned"),
        ("birth", "1.001193", "on_time", {"linked"}, "birth_linked"),
        ("birth", "2.000986", "on_time", set(), "birth_linked"),
        ("birth", "1.001193", "on_time", {"mobile"}, "birth_mobile"),
        ("birth", "1.004884", "re_registration", set(), "birth_re_registration"),
        ("marriage", "1.000094", "first", {"foreign_element"}, "marriage_border"),
        (
            "civil_status_change",
            "1.004859",
            "new",
            {"act:change", "under_14"},
            "civil_status_change_under_14",
        ),
        (
            "civil_status_change",
            "1.004859",
            "new",
            {"act:correction", "from_14"},
            "civil_status_change_from_14",
        ),
        (
            "civil_status_change",
            "1.004859",
            "remark",
            {"act:supplement", "from_14"},
            "civil_status_supplement",
        ),
        ("court_decision", None, "remark", {"decision:divorce"}, "court_decision_divorce"),
        ("foreign_divorce_note", "2.000554", "foreign_note", {"note_of:annulment"}, "foreign_annulment_note"),
    ],
)
def test_the_fields_of_an_event_tell_its_matter(
    event_type: str, procedure: str | None, kind: str, flags: set[str], matter: str
) -> None:
    found = find_matter(event_type, procedure, kind, frozenset(flags), AFTER)
    assert found is not None
    assert found.code == matter


@pytest.mark.parametrize(
    ("procedure", "kind", "flags"),
    [
        ("1.004884", "on_time", NOTHING),
        ("1.001193", "on_time", frozenset({"foreign_element"})),
        ("1.000894", "on_time", NOTHING),
        ("9.999999", "on_time", NOTHING),
    ],
)
def test_fields_that_contradict_each_other_tell_no_matter(
    procedure: str, kind: str, flags: frozenset[str]
) -> None:
    assert find_matter("birth", procedure, kind, flags, AFTER) is None


@pytest.mark.parametrize(
    ("code", "on_date", "level"),
    [
        ("08", BEFORE, "province"),
        ("024", BEFORE, "district"),
        ("024", AFTER, None),
        ("00691", AFTER, "commune"),
        ("MJP01", AFTER, "mission"),
        ("MXX01", AFTER, None),
    ],
)
def test_the_level_of_an_authority_is_that_of_the_day(code: str, on_date: date, level: str | None) -> None:
    assert level_of(code, on_date) == level


def test_the_page_of_all_matters_is_up_to_date() -> None:
    written = (ROOT / "docs" / "reference" / reference_matters.PAGE).read_text(encoding="utf-8")
    expected = f"{reference_matters.render_matters().rstrip()}\n"
    assert written == expected, "run: python -m mappings.reference_matters"
