"""Named conversions of text, shared by the model and by every partner's mapping. Pure; no partner words."""

import unicodedata
from dataclasses import dataclass
from typing import Final

_FORBIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_DIGIT_WORDS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def nfc(text: str) -> str:
    """Give the composed form, in which one accented letter is one character (chuẩn hóa Unicode)."""
    return unicodedata.normalize("NFC", text)


def fold_spaces(text: str) -> str:
    """Strip the ends and make every run of blanks one space."""
    return " ".join(text.split())


def find_forbidden_character(text: str) -> str | None:
    """Name the first character that no register may hold (control, invisible, unassigned), as `U+0000`."""
    if text.isprintable():  # which all of these are not
        return None
    for character in text:
        if unicodedata.category(character) in _FORBIDDEN_CATEGORIES:
            return f"U+{ord(character):04X}"
    return None


def upper_name(text: str) -> str:
    """Write a name in capitals with its tone marks, as the books do (chữ in hoa, có dấu)."""
    return nfc(fold_spaces(nfc(text)).upper())


def strip_marks(text: str) -> str:
    """Take tone and letter marks away; Đ becomes D."""
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def fold_name(text: str) -> str:
    """Write a name as the population look-up wants it: A to Z only, no marks, blanks or punctuation."""
    return "".join(character for character in strip_marks(text).upper() if "A" <= character <= "Z")


@dataclass(frozen=True, slots=True)
class NameParts:
    """A whole name cut into family name, middle name and given name (họ, chữ đệm, tên)."""

    family: str
    middle: str
    given: str


def split_name(whole: str) -> NameParts:
    """Cut at blanks: first word, words between, last word; a one-word name is a given name."""
    words = whole.split()
    if not words:
        return NameParts("", "", "")
    if len(words) == 1:
        return NameParts("", "", words[0])
    return NameParts(words[0], " ".join(words[1:-1]), words[-1])


def _below_hundred(number: int) -> str:
    tens, units = divmod(number, 10)
    if tens == 0:
        return _DIGIT_WORDS[units]
    head = "mười" if tens == 1 else f"{_DIGIT_WORDS[tens]} mươi"
    if units == 0:
        return head
    if units == 1 and tens > 1:
        return f"{head} mốt"
    if units == 5:  # noqa: PLR2004 - the word for five changes after a ten
        return f"{head} lăm"
    return f"{head} {_DIGIT_WORDS[units]}"


def _below_thousand(number: int, *, full: bool) -> str:
    hundreds, rest = divmod(number, 100)
    if hundreds == 0 and not full:
        return _below_hundred(rest)
    head = f"{_DIGIT_WORDS[hundreds]} trăm"
    if rest == 0:
        return head if hundreds else ""
    return f"{head} lẻ {_DIGIT_WORDS[rest]}" if rest < 10 else f"{head} {_below_hundred(rest)}"  # noqa: PLR2004 - one digit


def number_in_words(number: int) -> str:
    """Read a number from 0 to 9999 aloud in Vietnamese.

    Raises:
        ValueError: the number lies outside.

    """
    if not 0 <= number <= 9999:  # noqa: PLR2004 - the range that years and days need
        raise ValueError(number)
    thousands, rest = divmod(number, 1000)
    if thousands == 0:
        return _below_thousand(rest, full=False)
    return f"{_DIGIT_WORDS[thousands]} nghìn {_below_thousand(rest, full=True)}".rstrip()


def date_in_words(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """Write a date in words as the books do: "Ngày mười hai, tháng tư, năm hai nghìn"."""
    parts: list[str] = []
    if day is not None:
        parts.append(f"ngày {number_in_words(day)}")
    if month is not None:
        parts.append(f"tháng {'tư' if month == 4 else number_in_words(month)}")  # noqa: PLR2004 - April has its own word
    if year is not None:
        parts.append(f"năm {number_in_words(year)}")
    sentence = " ".join(parts)
    return sentence[:1].upper() + sentence[1:]
