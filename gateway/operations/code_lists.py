"""A new edition of a code list: read, compared with what is in force, and only then written."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from gateway.errors import GatewayError
from mappings.added_editions import OFFICIAL, REQUIRED_COLUMNS
from mappings.csv_files import Validity
from mappings.editions import CodeEntry, EditionDiff, diff_entries, list_editions, list_entries

_EDITION_NAME: Final = re.compile(r"[a-z0-9_]{1,60}")
_CODE: Final = re.compile(r"[0-9A-Za-z._-]{1,50}")
_NAME_CHARACTERS_MAX: Final = 300
_ROWS_MAX: Final = 100_000
_KEPT_BY_US: Final = frozenset({"edition", "valid_from", "valid_to", "mark", "code_mark", "name_mark"})

RowCells = Mapping[str, str]


class EditionRefused(GatewayError):
    """The new edition cannot be taken."""


@dataclass(frozen=True, slots=True)
class NewEdition:
    """Which edition of which list, from which day."""

    list_name: str
    series: str
    edition: str
    begins: date

    @property
    def file_name(self) -> str:
        """As added editions are looked for."""
        return f"{self.list_name}.{self.series}.{self.edition}.csv"


@dataclass(frozen=True, slots=True)
class PlannedEdition:
    """What would be written, and what it changes."""

    path: Path
    text: str
    codes: int
    diff: EditionDiff


def plan_edition(new: NewEdition, rows: Sequence[RowCells], folder: Path) -> PlannedEdition:
    """Check the rows, all faults at once, and compare them with the edition in force on the first day.

    Raises:
        EditionRefused: the list is not known, the rows are faulty, or there is such a file already.

    """
    try:
        before = list_entries(new.list_name, new.series, new.begins)
    except KeyError:
        raise EditionRefused(problems=[_unknown_list(new)]) from None
    columns = _columns_of(new, before)
    path = folder / new.file_name
    problems = [*_faults_of(new, path), *_faults_in(rows, columns)]
    if problems:
        raise EditionRefused(problems=problems[:100])
    after = [_entry(new, row) for row in rows]
    return PlannedEdition(path, _written(new, rows, columns), len(rows), diff_entries(before, after))


def write_edition(planned: PlannedEdition) -> None:
    """Write the file whole or not at all; processes that run read it when they start again."""
    planned.path.parent.mkdir(parents=True, exist_ok=True)
    draft = planned.path.with_suffix(".draft")
    draft.write_text(planned.text, encoding="utf-8", newline="")
    draft.replace(planned.path)


def read_edition_file(path: Path) -> tuple[RowCells, ...]:
    """Read a CSV file with a header.

    Raises:
        EditionRefused: it cannot be read as UTF-8 CSV.

    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = [
                {str(name): value or "" for name, value in row.items()}
                for row in csv.DictReader(file, strict=True)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EditionRefused(problems=[f"{path}: {type(error).__name__}"]) from error
    return tuple(found)


def _unknown_list(new: NewEdition) -> str:
    known = sorted({f"{each.series.list_name}/{each.series.series}" for each in list_editions()})
    return (
        f"{new.list_name}/{new.series}: there is no such list; known: {', '.join(known)}"
        f" (không có danh mục này; xem `hotich-gateway codes list`)"
    )


def _columns_of(new: NewEdition, before: Iterable[CodeEntry]) -> tuple[str, ...]:
    """An official list keeps the columns that our rules read; a system's own list has only code and name."""
    shipped = next((tuple(entry.more) for entry in before), REQUIRED_COLUMNS)
    ours = tuple(name for name in shipped if name not in _KEPT_BY_US) if new.series == OFFICIAL else ()
    return ours or ("code", "name")


def _faults_of(new: NewEdition, path: Path) -> Iterable[str]:
    names = {each.name for each in list_editions(new.list_name) if each.series.series == new.series}
    if not _EDITION_NAME.fullmatch(new.edition):
        yield f"edition {new.edition!r}: use a to z, digits and _ only (chỉ dùng chữ thường, số, dấu _)"
    if new.edition in names or path.exists():
        yield f"edition {new.edition!r} exists; an edition is never overwritten (đã có, không ghi đè)"


def _faults_in(rows: Sequence[RowCells], columns: Sequence[str]) -> Iterable[str]:
    if not 0 < len(rows) <= _ROWS_MAX:
        yield f"{len(rows)} rows: at least 1 and at most {_ROWS_MAX} (số dòng không hợp lệ)"
        return
    missing = [name for name in columns if name not in rows[0]]
    if missing:
        yield f"the columns {', '.join(missing)} are missing (thiếu cột)"
        return
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        code, name = row["code"], row["name"]
        if not _CODE.fullmatch(code):
            yield f"line {line}: {code[:50]!r} is no code (mã không hợp lệ)"
        if not name.strip() or len(name) > _NAME_CHARACTERS_MAX:
            yield f"line {line}: the name is empty or too long (tên trống hoặc quá dài)"
        if code in seen:
            yield f"line {line}: the code {code[:50]} stands twice (mã trùng)"
        seen.add(code)


def _entry(new: NewEdition, row: RowCells) -> CodeEntry:
    return CodeEntry(new.list_name, new.edition, row["code"], row["name"], Validity(new.begins, None), row)


def _written(new: NewEdition, rows: Sequence[RowCells], columns: Sequence[str]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow((*columns, "valid_from", "valid_to"))
    for row in rows:
        writer.writerow((*(row[name] for name in columns), new.begins.isoformat(), ""))
    return buffer.getvalue()
