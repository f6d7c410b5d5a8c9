"""Who holds a book today, and who is above him."""

from datetime import date

import pytest

from mappings.bridge import list_links
from mappings.corrections import Effect, Office, find_book_rule, find_office_rule, list_consent_rules
from mappings.holders import holders_of, units_above

TODAY = date(2026, 11, 16)
BEFORE = date(2020, 5, 6)


@pytest.mark.parametrize(
    ("code", "registered_on", "holders", "is_certain"),
    [
        ("00691", date(2026, 1, 2), ("00691",), True),
        ("02", BEFORE, ("08",), True),  # Hà Giang became a part of Tuyên Quang
        ("MLA01", BEFORE, ("MLA01",), True),
        ("99999", BEFORE, (), False),
    ],
)
def test_the_office_that_made_it_or_took_it_over(
    code: str, registered_on: date, holders: tuple[str, ...], *, is_certain: bool
) -> None:
    found = holders_of(code, registered_on, TODAY)
    assert (found.codes, found.is_certain, found.is_mission) == (holders, is_certain, code == "MLA01")


def test_the_books_of_a_district_are_asked_for_at_its_province() -> None:
    found = holders_of("024", BEFORE, TODAY)
    assert (found.codes, found.is_certain) == (("08",), False)


def test_of_a_divided_unit_nobody_is_chosen() -> None:
    split = next(link.old_code for link in list_links(TODAY) if link.is_split and link.level == "commune")
    found = holders_of(split, BEFORE, TODAY)
    assert len(found.codes) > 1
    assert not found.is_certain


def test_before_a_division_it_is_the_office_itself() -> None:
    split = next(link.old_code for link in list_links(TODAY) if link.is_split and link.level == "commune")
    assert holders_of(split, BEFORE, date(2025, 6, 30)).codes == (split,)


@pytest.mark.parametrize(
    ("code", "day", "above"),
    [
        ("00691", TODAY, ("08", "BTP")),
        ("00691", BEFORE, ("024", "02", "BTP")),
        ("08", TODAY, ("BTP",)),
        ("MLA01", TODAY, ("BNG",)),
        ("99999", TODAY, ()),
    ],
)
def test_the_offices_above_nearest_first(code: str, day: date, above: tuple[str, ...]) -> None:
    assert units_above(code, day) == above


@pytest.mark.parametrize(
    ("event_type", "act", "book", "day", "office", "effect"),
    [
        ("civil_status_change", "correction", "KT", TODAY, Office.HOLDER, Effect.REFUSE),
        ("civil_status_change", "correction", "KS", TODAY, Office.HOLDER_OR_RESIDENCE, Effect.WARN),
        ("civil_status_change", "change", "KT", TODAY, Office.HOLDER_OR_RESIDENCE, Effect.WARN),
        ("court_decision", None, "KH", BEFORE, Office.ANY, None),
        ("certificate_revocation", None, "KS", date(2025, 6, 30), Office.HOLDER_OR_ABOVE, Effect.WARN),
        ("certificate_revocation", None, "KS", date(2025, 7, 1), Office.PROVINCE_OF_HOLDER, Effect.REFUSE),
    ],
)
def test_the_rule_that_says_most(
    event_type: str, act: str | None, book: str, day: date, office: Office, effect: Effect | None
) -> None:
    rule = find_office_rule(event_type, act, book, day)
    assert rule is not None
    assert (rule.office, rule.effect) == (office, effect)
    assert rule.source


def test_other_matters_have_no_such_rule() -> None:
    assert find_office_rule("birth", None, "KS", TODAY) is None
    assert list_consent_rules("correction", "name", TODAY) == ()
    assert find_book_rule("name", TODAY) is None
