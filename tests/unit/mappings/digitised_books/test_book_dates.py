"""Dates that can be read in one way are read; all others are refused, never guessed."""

import pytest

from mappings.digitised_books.cells import Cell, CellKind, CellRefused
from mappings.digitised_books.dates import read_age, read_day, read_partial, shown_date

TEXT, BARE, NUMBER, DATE = CellKind.TEXT, CellKind.BARE, CellKind.NUMBER, CellKind.DATE


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12/03/1995", (1995, 3, 12)),
        ("2.3.1995", (1995, 3, 2)),
        ("12-03-1995", (1995, 3, 12)),
        ("1995-03-12", (1995, 3, 12)),
        ("29/02/1996", (1996, 2, 29)),
        ("03/1995", (1995, 3)),
        ("3.1995", (1995, 3)),
        ("1995", (1995,)),
        ("00/00/1960", (1960,)),
        ("00/05/1960", (1960, 5)),
    ],
)
def test_a_date_as_text_keeps_what_is_known_and_no_more(text: str, parts: tuple[int, ...]) -> None:
    expected = dict(zip(("year", "month", "day"), parts, strict=False))
    for kind in (TEXT, BARE):
        assert read_partial(Cell(kind, text), trusts_dates=False) == expected


def test_unknown_is_said_and_is_not_the_first_of_january() -> None:
    assert read_partial(Cell(TEXT, "Không rõ"), trusts_dates=False) == {"certainty": "unknown"}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (Cell(TEXT, "04/25/1995"), "date_not_in_calendar"),
        (Cell(TEXT, "29/02/1995"), "date_not_in_calendar"),
        (Cell(TEXT, "12/03/95"), "date_format"),
        (Cell(TEXT, "12/03-1995"), "date_format"),
        (Cell(TEXT, "12031995"), "date_format"),
        (Cell(TEXT, "tháng ba"), "date_format"),
        (Cell(TEXT, "0995"), "date_format"),
        (Cell(NUMBER, "34770"), "date_is_serial"),
        (Cell(BARE, "34770"), "date_is_serial"),
        (Cell(NUMBER, "34770.5"), "date_format"),
        (Cell(CellKind.BOOLEAN, "1"), "cell_wrong_kind"),
    ],
)
def test_what_could_be_two_things_or_none_is_refused(cell: Cell, code: str) -> None:
    with pytest.raises(CellRefused) as refused:
        read_partial(cell, trusts_dates=False)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("serial", "day"),
    [("34770.0", "12/03/1995"), ("34782.0", "24/03/1995"), ("34761.0", "03/03/1995")],
)
def test_a_date_of_the_spreadsheet_is_taken_when_day_and_month_cannot_be_swapped(
    serial: str, day: str
) -> None:
    cell = Cell(DATE, serial)
    assert shown_date(cell) == day
    if day == "12/03/1995":
        with pytest.raises(CellRefused) as refused:
            read_partial(cell, trusts_dates=False)
        assert refused.value.code == "date_ambiguous"
    else:
        assert read_day(cell, trusts_dates=False).strftime("%d/%m/%Y") == day
    assert read_day(cell, trusts_dates=True).strftime("%d/%m/%Y") == day


def test_serial_numbers_before_march_1900_are_refused_because_spreadsheets_count_them_wrong() -> None:
    with pytest.raises(CellRefused):
        read_day(Cell(DATE, "60.0"), trusts_dates=True)


def test_part_of_a_date_is_no_day() -> None:
    with pytest.raises(CellRefused) as refused:
        read_day(Cell(TEXT, "03/1995"), trusts_dates=False)
    assert refused.value.code == "day_needed"


@pytest.mark.parametrize(("text", "age"), [("45 tuổi", 45), ("7 TUỔI", 7), ("45", None), ("tuổi 45", None)])
def test_an_age_is_told_from_a_year(text: str, age: int | None) -> None:
    assert read_age(Cell(TEXT, text)) == age
