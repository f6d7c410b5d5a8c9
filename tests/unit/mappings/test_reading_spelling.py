"""What a field of the dialect says, whatever way it is spelled."""

from datetime import date, time

import pytest

from mappings.national_registry.reading.spelling import (
    Unreadable,
    find_text,
    read_day,
    read_moment,
    read_partial_date,
)
from mappings.national_registry.reading.units import read_unit, units_meant

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    "value", [None, "", "  ", "null", " NULL ", "Không có thông tin", "undefined", "\u00a0"]
)
def test_nothing_is_nothing_however_it_is_written(value: object) -> None:
    assert find_text(value) is None


@pytest.mark.parametrize(
    ("value", "text"), [(" Lê  Thử ", "Lê Thử"), (7, "7"), ("0", "0"), ("Mẹ ", "Mẹ"), ("Me\u0323", "Mẹ")]
)
def test_text_is_composed_with_single_blanks(value: object, text: str) -> None:
    assert find_text(value) == text


@pytest.mark.parametrize("value", [{}, [], True, 1.5])
def test_what_is_no_text_is_not_read_as_text(value: object) -> None:
    with pytest.raises(Unreadable):
        find_text(value)


@pytest.mark.parametrize(
    "value",
    [
        "2025-07-03",
        "03/07/2025",
        "03/07/2025 08:15:00",
        "3.7.2025",
        "03.07.2025",
        "20250703",
        "03-07-2025",
        "2025-07-03T08:15:00",
        {"namSinh": "2025", "thangSinh": "07", "ngaySinh": "03"},
        {"namSinh": 2025, "thangSinh": 7, "ngaySinh": 3},
    ],
)
def test_each_spelling_of_a_date_is_the_same_day(value: object) -> None:
    assert read_partial_date(value) == {"year": 2025, "month": 7, "day": 3, "certainty": "exact"}
    assert read_day(value) == date(2025, 7, 3)


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("1941", {"year": 1941}),
        (1941, {"year": 1941}),
        ("02.1941", {"year": 1941, "month": 2}),
        ("02/1941", {"year": 1941, "month": 2}),
        ("194102", {"year": 1941, "month": 2}),
        ("00.00.1941", {"year": 1941}),
        ("00/02/1941", {"year": 1941, "month": 2}),
        ({"namSinh": "1941"}, {"year": 1941}),
        ({"namSinh": "1941", "thangSinh": "null", "ngaySinh": ""}, {"year": 1941}),
    ],
)
def test_a_part_that_is_not_known_stays_unknown(value: object, parts: dict[str, int]) -> None:
    assert read_partial_date(value) == {**parts, "certainty": "exact"}
    with pytest.raises(Unreadable):
        read_day(value)


def test_the_first_of_january_that_is_written_is_a_day_and_not_unknown() -> None:
    assert read_partial_date("01/01/1960") == {"year": 1960, "month": 1, "day": 1, "certainty": "exact"}


@pytest.mark.parametrize(
    "value",
    [
        "31.02.2025",
        "13/13/2025",
        "2025",
        "soon",
        "03.07.25",
        "٠٣.٠٧.٢٠٢٥",
        "03.07.2025 x",
        {"nam": "1"},
        {"namSinh": "x"},
    ],
)
def test_what_is_no_day_is_not_guessed(value: object) -> None:
    with pytest.raises(Unreadable):
        read_day(value)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("05/07/2025 08:15:00", (date(2025, 7, 5), time(8, 15))),
        ("12/08/2025 ", (date(2025, 8, 12), None)),
        ("2025-06-12", (date(2025, 6, 12), None)),
        ("2025-06-12T23:30:00Z", (date(2025, 6, 13), time(6, 30))),
        ("2025-06-12T08:15:00+07:00", (date(2025, 6, 12), time(8, 15))),
    ],
)
def test_a_moment_is_read_by_vietnamese_time(value: str, moment: tuple[date, time | None]) -> None:
    assert read_moment(value) == moment


@pytest.mark.parametrize("value", ["05/07/2025 25:15:00", "08:15:00", "9999-12-31T23:59:59-14:00", ""])
def test_what_is_no_moment_is_not_guessed(value: str) -> None:
    with pytest.raises(Unreadable):
        read_moment(value)


@pytest.mark.parametrize(
    ("said", "code"),
    [("691", "00691"), ("00691", "00691"), ("08", "08"), ("MLA01", "MLA01"), ("99999", "99999"), ("x", "x")],
)
def test_lost_zeros_are_put_back_where_one_unit_can_be_meant(said: str, code: str) -> None:
    assert read_unit(said, TODAY) == code


def test_digits_that_can_mean_two_units_are_left_as_they_are() -> None:
    assert set(units_meant("8", TODAY)) == {"08", "00008"}
    assert read_unit("8", TODAY) == "8"
