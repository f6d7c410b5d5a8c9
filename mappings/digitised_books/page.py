"""The reference page of the layout, written from the tables: `python -m mappings.digitised_books.page`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mappings.csv_files import read_rows
from mappings.digitised_books.columns import BOOK_TYPES, BookColumn, BookType
from mappings.digitised_books.names import FOLDER
from mappings.digitised_books.wordings import FAULTS, WARNINGS

PAGE: Final = Path("docs") / "reference" / "digitised-books.md"
_INTRODUCTION: Final = """\
# Digitised books: the layout

Written by `python -m mappings.digitised_books.page` from the tables; do not edit.

What `hotich-gateway import` reads ([how to](../how-to/import-old-books.md)). Columns are found by name,
in any order; a name that the layout lacks is refused, a column that begins with `#` is ignored. The
names and their numbers are seen [S]; that the columns of a sheet bear exactly these names, and which are
needed, is ours [I]. `meGiayToKhac` and `chaGiayToKhac` complete the sixty columns of births [I]. A blank
cell is "the book does not say".
"""
_EASED: Final = (
    "In old books `authority_not_competent`, `below_marriage_age`, `marital_detail_missing`,"
    " `purpose_partner_missing` and `purpose_text_missing` are warnings, too: the book is what counts."
)
_READ_AS: Final = {
    "birth_kind": "code 0–5; must agree with the parents that are named",
    "book_number": "number; leading zeros mean nothing",
    "certificate_purpose": "code 0–5",
    "clock_time": "`05:40`, `5 giờ 40 phút`",
    "country": "name or two letters (ISO 3166-1)",
    "date_words": "date in words: compared, not carried",
    "day": "`dd/MM/yyyy`",
    "death_notice": "code 0–7",
    "ethnic_group": "name, other name, or two digits",
    "identity_document": "code 0–8, or its name",
    "kept_text": "text",
    "note": "text, begins the note",
    "paper_number": "number of a paper; lost zeros put back where only one way is left",
    "parent_child_kind": "code 1–4, or its name",
    "partial_date": "`dd/MM/yyyy`, `MM/yyyy`, `yyyy`, `không rõ`, or an age",
    "place": "free text; abroad when it ends with `, <country>`",
    "registered_at": "`dd/MM/yyyy`; taken as 00:00 in Viet Nam [I]",
    "registering_unit": "code or name: must be the unit of the book",
    "registration_kind": "code 0–4, or its name",
    "registration_kind_marriage": "code 0–2, or its name",
    "registration_kind_parent_child": "code 0–2, or its name",
    "remark": "text, kept in the note",
    "residence": "code 0–2, or its name",
    "sex": "code 1–3, or `Nam`, `Nữ`",
    "text": "text",
    "volume": "number of the volume",
}


def page() -> str:
    """All of it."""
    lines = [_INTRODUCTION]
    for book_type in BOOK_TYPES.values():
        lines += _book(book_type)
    lines += _codes()
    lines += ["## Faults that keep a row out", "", "| code | words |", "|---|---|"]
    lines += [f"| `{code}` | {wording.english}<br>{wording.vietnamese} |" for code, wording in FAULTS.items()]
    lines += ["", "Beside these every rule of a live event applies ([errors](errors.md)).", ""]
    lines += ["## Warnings", "", "| code | words |", "|---|---|"]
    lines += [
        f"| `{code}` | {wording.english}<br>{wording.vietnamese} |" for code, wording in WARNINGS.items()
    ]
    lines += [
        "",
        _EASED,
    ]
    return "\n".join(lines) + "\n"


def _book(book_type: BookType) -> Iterator[str]:
    columns = book_type.columns
    yield f"## {book_type.code}: {book_type.name_en} ({book_type.name_vi}), {len(columns)} columns"
    yield ""
    yield f"Each row is an event of type `{book_type.event_type}`."
    yield ""
    yield "| column | tiếng Việt | goes to | is read as | needed | mark |"
    yield "|---|---|---|---|---|---|"
    for column in columns.values():
        yield _column(column)
    yield ""


def _column(column: BookColumn) -> str:
    target = f"`{'.'.join(column.target)}`" if column.target else ""
    needed = "yes" if column.is_needed else ""
    read_as = _READ_AS[column.converter_name]
    return f"| `{column.name}` | {column.name_vi} | {target} | {read_as} | {needed} | {column.mark} |"


def _codes() -> Iterator[str]:
    yield "## Codes"
    yield ""
    yield "| list | code | meaning | also written | mark |"
    yield "|---|---|---|---|---|"
    for row in read_rows(FOLDER / "codes.csv", ("list", "code", "term", "names", "mark")):
        also = row["names"].replace(";", ", ")
        yield f"| `{row['list']}` | {row['code']} | {row['term'] or 'nothing'} | {also} | {row['mark']} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
