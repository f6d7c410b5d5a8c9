"""What a dossier is: which message its content follows, by what it is known, which earlier entry it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from simulators.administrative_units import is_unit

REMARK: Final = "remark"
_TOLD_BY: Final = "module"
"""Only a remark names a book inside its content; the contract's README says so."""
_REMARK_KEY: Final = (
    *("module", "donViGoc", "quyenSoGoc", "soDangKyGoc", "ngayDangKyGoc"),
    *("loaiGhiChu", "soVanBan", "ngayVanBan", "coQuanBanHanh"),
)
_BOOKS: Final = {"LTKS": "KS", "LTKT": "KT", "LTKH": "KH", "CDGH": "GH", "CDGSGH": "GSGH"}
"""Modules that write in the book of another; all others have a book of their own."""
_OWN_ORIGINAL: Final = ("donViGoc", "quyenSoGoc", "soDangKyGoc", "ngayDangKyGoc")
_ORIGINAL_NAMES: Final = {
    "TDCC": ("noiDangKyHSGoc", "quyenDangKyHSGoc", "soDangKyHSGoc", "ngayDangKyHSGoc"),
    "BS": ("noiDangKyTruocDay", "quyenSoDangKyTruocDay", "soDangKyTruocDay", "ngayDangKyTruocDay"),
}
_ORIGINAL_BOOKS: Final = {"CDGH": "GH", "GSGH": "GH", "CDGSGH": "GSGH", "NCN": "KS", "GCLH": "KH"}
_BOOK_FIELDS: Final = {REMARK: "module", "TDCC": "nghiepVuDK", "XNHT": "nghiepVuDK"}
_ENTRY: Final = ("so", "quyenSo", "trangSo", "ngayDangKy")
_SUPPLEMENTS: Final = frozenset({"Bổ sung", "Bổ sung hộ tịch"})
"""Kinds of change that are written into the original entry and have no number of their own."""
_YEAR_DIGITS: Final = 4
_UNIT_WIDTHS: Final = (5, 3, 2)
"""A number has lost its leading zeros: it may be a commune, a district or a province."""


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One entry of one book; an unknown volume or year is empty and agrees with any."""

    book: str
    office: str
    number: str
    volume: str
    year: str

    def agrees_with(self, other: "BookEntry") -> bool:
        """Whether both may be the same entry."""
        return (
            (self.book, self.office, self.number) == (other.book, other.office, other.number)
            and _same_or_unknown(self.volume, other.volume)
            and _same_or_unknown(self.year, other.year)
        )


def message_of(module: str, record: object) -> str:
    """Name of the message file that the content must follow."""
    return REMARK if isinstance(record, Mapping) and _TOLD_BY in record else module


def identity_of(sent: Mapping[str, Any], record: object) -> str:
    """Module and dossier; a remark is what it says, whatever dossier it comes with."""
    if isinstance(record, Mapping) and message_of(sent["module"], record) == REMARK:
        return f"{sent['module']}/{REMARK}/" + "|".join(str(record.get(name) or "") for name in _REMARK_KEY)
    return f"{sent['module']}/{sent['maHoSoMCDT']}"


def day_field(module: str, record: Mapping[str, Any]) -> str:
    """Field of the record that names the day on which it was written in the book."""
    return "ngayGhiChu" if message_of(module, record) == REMARK else "ngayDangKy"


def gains_entry(module: str, record: Mapping[str, Any]) -> bool:
    """Whether the clerk makes an entry of it: it came without any part of one and has one of its own."""
    is_in_another = message_of(module, record) == REMARK or record.get("viecDangKy") in _SUPPLEMENTS
    return not is_in_another and not any(record.get(name) for name in _ENTRY)


def awaits_clerk(module: str, record: Mapping[str, Any]) -> bool:
    """Whether something of it is known only when it is registered: an entry, or the day at least."""
    return not record.get(day_field(module, record))


def office_field(module: str) -> str:
    """Field of the record that names the office of the entry."""
    return "noiCap" if module == "HN" else "noiDangKy"


def find_unit(number: int, day: date) -> str | None:
    """Code of a unit that generation 1 writes as a number; None if none was in force on that day."""
    codes = (f"{number:0{width}d}" for width in _UNIT_WIDTHS if len(str(number)) <= width)
    return next((code for code in codes if is_unit(code, day)), None)


def unit_of(body: Mapping[str, Any]) -> str:
    """Code of the unit that a dossier was handed to, in either generation."""
    unit = body["maDonVi"]
    if isinstance(unit, str):
        return unit
    return find_unit(unit, date.fromisoformat(body["ngayTiepNhan"])) or str(unit)


def find_entry(module: str, record: Mapping[str, Any]) -> BookEntry | None:
    """Name the entry that a record makes; None for a remark and for a record without a number."""
    if message_of(module, record) == REMARK or not record.get("so"):
        return None
    book, office, year = series_of(module, record)
    return BookEntry(book, office, str(record["so"]), str(record.get("quyenSo") or ""), year)


def series_of(module: str, record: Mapping[str, Any]) -> tuple[str, str, str]:
    """Book, office and year within which the numbers of entries run on."""
    office = str(record.get(office_field(module)) or "")
    return _BOOKS.get(module, module), office, _year_of(record.get("ngayDangKy"))


def find_original(module: str, record: Mapping[str, Any]) -> BookEntry | None:
    """Name the earlier entry that the content refers to; None if it names none."""
    message = message_of(module, record)
    office, volume, number, day = _ORIGINAL_NAMES.get(message, _OWN_ORIGINAL)
    if not record.get(number):
        return None
    return BookEntry(
        _original_book(message, record),
        str(record.get(office) or ""),
        str(record[number]),
        str(record.get(volume) or ""),
        _year_of(record.get(day)),
    )


def _original_book(message: str, record: Mapping[str, Any]) -> str:
    if message == "BS":
        kind = str(record.get("loaiBanSao") or "")
        return "KS" if kind == "GKS" else kind.removeprefix("TL")
    if message in _BOOK_FIELDS:
        return str(record.get(_BOOK_FIELDS[message]) or "")
    return _ORIGINAL_BOOKS.get(message, message)


def _year_of(day: object) -> str:
    """Last four digits of a day, a month and year, or a year."""
    return day[-_YEAR_DIGITS:] if isinstance(day, str) else ""


def _same_or_unknown(one: str, other: str) -> bool:
    return not one or not other or one == other
