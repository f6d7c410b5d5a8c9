"""The layout is whole: so many columns as the books have, each with a place in an event that exists."""

from typing import get_args

import pytest
from pydantic import BaseModel

from mappings.canonical import EVENT_TYPES
from mappings.digitised_books.columns import BOOK_TYPES, BookType, column_of_pointer
from mappings.digitised_books.names import list_terms
from mappings.digitised_books.page import PAGE, page
from tests.support.source_tree import ROOT

COUNTS = {"KS": 60, "KT": 48, "KH": 44, "HN": 35, "CMC": 50}
INSIDE_VALUES = {"note"}


def _has_path(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    name, *rest = path
    if name not in model.model_fields:
        return False
    if not rest:
        return True
    annotation = model.model_fields[name].annotation
    inner = [each for each in (annotation, *get_args(annotation)) if isinstance(each, type)]
    return any(issubclass(each, BaseModel) and _has_path(each, tuple(rest)) for each in inner)


@pytest.mark.parametrize("book_type", BOOK_TYPES.values(), ids=BOOK_TYPES.keys())
def test_each_type_of_book_has_the_columns_of_the_layout(book_type: BookType) -> None:
    assert len(book_type.columns) == COUNTS[book_type.code]


@pytest.mark.parametrize("book_type", BOOK_TYPES.values(), ids=BOOK_TYPES.keys())
def test_every_target_is_a_field_of_the_event(book_type: BookType) -> None:
    model = EVENT_TYPES[book_type.event_type]
    targets = [column.target for column in book_type.columns.values() if column.target]
    assert [target for target in targets if not _has_path(model, target)] == []


def test_every_term_of_the_codes_is_one_of_the_models() -> None:
    terms = list_terms()
    person = EVENT_TYPES["death"].model_fields["deceased"].annotation
    assert isinstance(person, type)
    assert issubclass(person, BaseModel)
    assert terms["sex"] == set(get_args(person.model_fields["sex"].annotation))
    recognition = EVENT_TYPES["parent_child_recognition"].model_fields["recognition"].annotation
    assert isinstance(recognition, type)
    assert issubclass(recognition, BaseModel)
    assert terms["parent_child_kind"] == set(get_args(recognition.model_fields["kind"].annotation))


@pytest.mark.parametrize(
    ("pointer", "column"),
    [
        ("/mother/birth_date", "meNgaySinh"),
        ("/mother/birth_date/year", "meNgaySinh"),
        ("/mother/name", "meHoTen"),
        ("/mother/identity_paper/number", "meSoGiayToTuyThan"),
        ("/registration/registered_at", "ngayDangKy"),
        ("/dossier/code", None),
        ("", None),
    ],
)
def test_a_fault_of_the_event_is_told_at_the_cell_it_comes_from(pointer: str, column: str | None) -> None:
    assert column_of_pointer(BOOK_TYPES["KS"], pointer) == column


def test_the_page_of_the_layout_is_up_to_date() -> None:
    written = (ROOT / PAGE).read_text(encoding="utf-8")
    assert written == page(), "run: python -m mappings.digitised_books.page"
