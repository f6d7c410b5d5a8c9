"""How alike two written names are: tone marks, spelling, letters that sound alike, order of words. Pure.

The same Vietnamese name is written in several ways, by software (composed or decomposed letters, `hoà` or
`hòa`) and by people (`Lý` or `Lí`, `Xuân` or `Suân`, the family name last). Each step of the comparison
forgives one more of them, and says which.
"""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import Final

from mappings.text import strip_marks

_NAMES_KEPT: Final = 4096
_LETTERS_MIN: Final = 8
"""Below so many letters one letter more makes another name: Lê An is not a slip of the pen for Lê Anh."""
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Huyền, sắc, ngã, hỏi, nặng; the other marks (ă, â, ê, ô, ơ, ư) belong to the letter."""
_LOOKALIKES: Final = str.maketrans("ðɖ", "đđ")
"""Capitals Ð and Ɖ of other languages look like Đ, and old keyboards and fonts give them."""
_APOSTROPHES: Final = re.compile(r"['’ʼ`´]")
_NO_LETTER: Final = re.compile(r"[^\w]+|_")
_LONG_Y: Final = re.compile(r"^(|h|k|l|m|n|s|t|v|qu|b|d|r|x|g|c|p|th|ch|tr|ph|kh|nh)y$")
"""`kỹ` and `kĩ`, `Ý` and `Í`; but `thúy` is not `thúi`, nor `may` `mai`."""
_SOUNDS: Final = (
    (re.compile(r"^y(?=e)"), "i"),
    (re.compile(r"^gi(?=[aeou])"), "z"),
    (re.compile(r"^[dr]"), "z"),
    (re.compile(r"^x"), "s"),
    (re.compile(r"^tr"), "ch"),
    (re.compile(r"^(?:c(?=[aou])|q)"), "k"),
    (re.compile(r"k$"), "c"),
)
"""Beginnings that whole regions pronounce alike and clerks write by ear: d, gi, r; s, x; ch, tr; c, k, q."""


class NameLikeness(IntEnum):
    """How alike, from nothing to the same; what is greater is more alike."""

    DIFFERENT = 0
    NEAR = 1
    """One letter or blank apart, or letters that sound alike."""
    OTHER_ORDER = 2
    """The same words in another order (đảo thứ tự họ, tên)."""
    OTHER_MARKS = 3
    """The same letters, other tone or letter marks (sai dấu)."""
    SAME = 4
    """The same name; only its spelling in Unicode, capitals, spaces, tone placement or i and y may differ."""


def name_spelling(name: str) -> str:
    """Give the one spelling of all that write the same name: small letters, each word's tone at its end."""
    return " ".join(_spelt(word) for word in _words(name))


def name_key(name: str) -> str:
    """Give what all names have in common that may be taken for each other but for a slip of the pen."""
    return " ".join(sorted(_sound(word) for word in _words(name)))


@lru_cache(maxsize=_NAMES_KEPT)
def compare_names(one: str, other: str) -> NameLikeness:
    """Say how alike two whole names are; symmetric."""
    if name_spelling(one) == name_spelling(other):
        return NameLikeness.SAME
    ours, theirs = [_letters(word) for word in _words(one)], [_letters(word) for word in _words(other)]
    if ours == theirs:
        return NameLikeness.OTHER_MARKS
    if sorted(ours) == sorted(theirs):
        return NameLikeness.OTHER_ORDER
    if name_key(one) == name_key(other) or _is_one_slip_apart("".join(ours), "".join(theirs)):
        return NameLikeness.NEAR
    return NameLikeness.DIFFERENT


def _words(name: str) -> list[str]:
    """Small letters in composed form; an apostrophe joins (`H'Hen`), every other sign parts."""
    composed = unicodedata.normalize("NFC", name).casefold().translate(_LOOKALIKES)
    return _NO_LETTER.sub(" ", _APOSTROPHES.sub("", composed)).split()


def _spelt(word: str) -> str:
    """Letters with their own marks, i for a long y, then the tone."""
    taken_apart = unicodedata.normalize("NFD", word)
    tone = "".join(mark for mark in taken_apart if mark in _TONES)
    letters = "".join(mark for mark in taken_apart if mark not in _TONES)
    return unicodedata.normalize("NFC", _with_short_i(letters)) + tone


@lru_cache(maxsize=_NAMES_KEPT)
def _letters(word: str) -> str:
    return _with_short_i(strip_marks(word).casefold())


def _with_short_i(letters: str) -> str:
    return f"{letters[:-1]}i" if _LONG_Y.match(letters) else letters


@lru_cache(maxsize=_NAMES_KEPT)
def _sound(word: str) -> str:
    letters = _letters(word)
    for pattern, sound in _SOUNDS:
        letters = pattern.sub(sound, letters)
    return letters


def _is_one_slip_apart(one: str, other: str) -> bool:
    """A letter too many, too few or wrong, or two neighbours swapped; short names must agree."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if len(shorter) < _LETTERS_MIN or len(longer) - len(shorter) > 1:
        return False
    first = next((at for at, letter in enumerate(shorter) if letter != longer[at]), len(shorter))
    if len(longer) > len(shorter):
        return shorter[first:] == longer[first + 1 :]
    swapped = shorter[first : first + 2] == longer[first : first + 2][::-1]
    return shorter[first + 1 :] == longer[first + 1 :] or (
        swapped and shorter[first + 2 :] == longer[first + 2 :]
    )
