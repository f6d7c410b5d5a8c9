"""What a workbook is made of: its sheets, its shared texts, and which styles show a number as a date."""

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from gateway.operations.imports.shared_strings import SharedStrings
from gateway.operations.imports.sheet import FileLimits
from gateway.operations.imports.xml_parts import MAIN, PACKAGE, RELATIONS, elements
from gateway.operations.imports.zip_part import damaged, open_archive

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STYLES: Final = "xl/styles.xml"
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in formats that show a date or a time (ECMA-376, part 1, 18.8.30)."""
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_SIGNS: Final = re.compile(r"[dmyhs]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a workbook."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """Open until it is closed; raises `ImportRefused` for what it cannot read."""

    def __init__(self, path: str, limits: FileLimits) -> None:
        self.archive, self.limits = open_archive(path, limits), limits
        self.strings = SharedStrings(limits.cell_characters_max)
        try:
            self._parts = set(self.archive.namelist())
            self.counts_from_1904 = False
            self.sheets = self._read_sheets()
            self.date_styles = self._read_styles()
            shared = self._targets("sharedStrings")
            if shared:
                self.strings.load(self.archive, shared[0], limits)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the files."""
        self.strings.close()
        self.archive.close()

    def _read_sheets(self) -> tuple[SheetName, ...]:
        if _WORKBOOK not in self._parts or _RELATIONS not in self._parts:
            raise damaged()
        targets = self._relations()
        found: list[SheetName] = []
        tags = (f"{{{MAIN}}}sheet", f"{{{MAIN}}}workbookPr")
        for element in elements(self.archive, _WORKBOOK, self.limits, *tags):
            if element.tag == tags[1]:
                self.counts_from_1904 = element.get("date1904") in {"1", "true"}
                continue
            part = targets.get(element.get(f"{{{RELATIONS}}}id", ""), ("", ""))[1]
            if part in self._parts:
                hidden = element.get("state", "visible") != "visible"
                found.append(SheetName(element.get("name", ""), part, hidden))
        return tuple(found)

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Id -> kind and part."""
        tag = f"{{{PACKAGE}}}Relationship"
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/xl", each.get("Target", ""))).lstrip("/"),
            )
            for each in elements(self.archive, _RELATIONS, self.limits, tag)
        }

    def _targets(self, kind: str) -> list[str]:
        return [part for name, part in self._relations().values() if name == kind and part in self._parts]

    def _read_styles(self) -> frozenset[int]:
        """Numbers of the cell styles that show a date or time."""
        if _STYLES not in self._parts:
            return frozenset()
        own: dict[str, str] = {}
        styles: list[int] = []
        tags = (f"{{{MAIN}}}numFmt", f"{{{MAIN}}}cellXfs")
        for element in elements(self.archive, _STYLES, self.limits, *tags):
            if element.tag == tags[0]:
                own[element.get("numFmtId", "")] = element.get("formatCode", "")
            else:
                formats = [style.get("numFmtId", "0") for style in element]
                styles = [number for number, name in enumerate(formats) if _shows_date(name, own.get(name))]
        return frozenset(styles)


def _shows_date(name: str, code: str | None) -> bool:
    if code is not None:
        return _DATE_SIGNS.search(_LITERAL.sub("", code)) is not None
    return name.isdecimal() and int(name) in _DATE_FORMATS
