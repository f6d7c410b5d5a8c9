"""A new edition is compared and checked before it is written; it is written whole, and never over another."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gateway.operations.code_lists import (
    EditionRefused,
    NewEdition,
    plan_edition,
    read_edition_file,
    write_edition,
)
from mappings.added_editions import read_also_from
from mappings.codes import find_book
from mappings.editions import list_entries

FIRST_DAY = date(2027, 1, 1)
BOOKS = NewEdition("books", "official", "from_2027", FIRST_DAY)


@pytest.fixture(autouse=True)
def _forget_the_folder() -> Iterator[None]:
    yield
    read_also_from(None)


def _books() -> list[dict[str, str]]:
    return [
        {"code": entry.code, "name": entry.name} for entry in list_entries("books", "official", FIRST_DAY)
    ]


def _problems(rows: list[dict[str, str]], folder: Path, new: NewEdition = BOOKS) -> str:
    with pytest.raises(EditionRefused) as caught:
        plan_edition(new, rows, folder)
    problems = caught.value.details["problems"]
    assert isinstance(problems, list)
    return "\n".join(problems)


def test_the_plan_says_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    rows = [
        {**row, "name": "Sổ mới"} if row["code"] == "KT" else row for row in _books() if row["code"] != "KH"
    ]
    planned = plan_edition(BOOKS, [*rows, {"code": "ZZ", "name": "Sổ thử"}], tmp_path)
    assert [entry.code for entry in planned.diff.added] == ["ZZ"]
    assert [entry.code for entry in planned.diff.removed] == ["KH"]
    assert [(old.code, new.name) for old, new in planned.diff.renamed] == [("KT", "Sổ mới")]
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_in_force_from_its_first_day(tmp_path: Path) -> None:
    planned = plan_edition(BOOKS, [*_books(), {"code": "ZZ", "name": "Sổ thử"}], tmp_path / "new")
    write_edition(planned)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["books.official.from_2027.csv"]
    read_also_from(tmp_path / "new")
    assert find_book("ZZ", date(2026, 12, 31)) is None
    assert find_book("ZZ", FIRST_DAY) is not None
    assert find_book("KS", FIRST_DAY) is not None


def test_an_edition_is_never_written_over_another(tmp_path: Path) -> None:
    write_edition(plan_edition(BOOKS, _books(), tmp_path))
    assert "exists" in _problems(_books(), tmp_path)
    shipped = NewEdition("books", "official", "books", FIRST_DAY)
    assert "exists" in _problems(_books(), tmp_path, shipped)


def test_all_faults_of_the_rows_are_named_at_once(tmp_path: Path) -> None:
    rows = [
        {"code": "KS", "name": "Sổ"},
        {"code": "KS", "name": "Sổ"},
        {"code": "K S", "name": "Sổ"},
        {"code": "KT", "name": " "},
        {"code": "KH", "name": "x" * 301},
    ]
    problems = _problems(rows, tmp_path)
    for line, word in ((3, "twice"), (4, "no code"), (5, "empty"), (6, "too long")):
        assert any(f"line {line}" in problem and word in problem for problem in problems.splitlines())


@pytest.mark.parametrize(
    ("rows", "word"),
    [([], "at least 1"), ([{"code": "01"}], "name are missing"), ([{"ma": "01"}], "code, name")],
)
def test_rows_that_are_no_list_are_refused(tmp_path: Path, rows: list[dict[str, str]], word: str) -> None:
    assert word in _problems(rows, tmp_path)


def test_an_official_list_must_keep_the_columns_that_rules_read(tmp_path: Path) -> None:
    new = NewEdition("procedures", "official", "from_2027", FIRST_DAY)
    problems = _problems([{"code": "1.001193", "name": "Đăng ký khai sinh"}], tmp_path, new)
    assert "matter, is_ordinary are missing" in problems


@pytest.mark.parametrize("edition", ["", "../x", "From 2027", "a.b"])
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, edition: str) -> None:
    new = NewEdition("books", "official", edition, FIRST_DAY)
    assert "a to z" in _problems(_books(), tmp_path, new)


def test_a_list_that_is_not_known_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    new = NewEdition("colours", "official", "x", FIRST_DAY)
    assert "books/official" in _problems(_books(), tmp_path, new)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "books.csv"
    path.write_text("\ufeffcode,name\nKS,Sổ\n", encoding="utf-8")
    assert read_edition_file(path) == ({"code": "KS", "name": "Sổ"},)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'code,name\n"KS,x\n'])
def test_a_file_that_is_no_csv_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "books.csv"
    path.write_bytes(content)
    with pytest.raises(EditionRefused):
        read_edition_file(path)
    with pytest.raises(EditionRefused):
        read_edition_file(tmp_path / "missing.csv")
