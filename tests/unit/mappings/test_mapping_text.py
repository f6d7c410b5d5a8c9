import unicodedata

import pytest

from mappings.text import (
    NameParts,
    date_in_words,
    find_forbidden_character,
    fold_name,
    fold_spaces,
    number_in_words,
    split_name,
    strip_marks,
    upper_name,
)


@pytest.mark.parametrize(
    ("text", "upper"),
    [
        ("lê thị mẫu", "LÊ THỊ MẪU"),
        ("  Đỗ   văn  đạt ", "ĐỖ VĂN ĐẠT"),
        ("o'brien & sons <x>", "O'BRIEN & SONS <X>"),
        (unicodedata.normalize("NFD", "nguyễn thị hường"), "NGUYỄN THỊ HƯỜNG"),
    ],
)
def test_capitals_keep_their_marks(text: str, upper: str) -> None:
    assert upper_name(text) == upper


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("LÊ THỊ MẪU", "LETHIMAU"),
        ("Đặng Thị Đượm", "DANGTHIDUOM"),
        ("H'Hen Niê", "HHENNIE"),
        ("Nguyễn-Văn  A.", "NGUYENVANA"),
        ("王", ""),
    ],
)
def test_the_look_up_name_has_letters_only(text: str, folded: str) -> None:
    assert fold_name(text) == folded


def test_marks_are_taken_away_letter_by_letter() -> None:
    assert strip_marks("Đường Trường Sơn, ươ ăâêô") == "Duong Truong Son, uo aaeo"


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("LÊ THỊ MẪU", NameParts("LÊ", "THỊ", "MẪU")),
        ("LÊ MẪU", NameParts("LÊ", "", "MẪU")),
        ("MẪU", NameParts("", "", "MẪU")),
        ("TÔN NỮ THỊ MINH CHÂU", NameParts("TÔN", "NỮ THỊ MINH", "CHÂU")),
        ("", NameParts("", "", "")),
    ],
)
def test_a_name_is_cut_at_its_first_and_last_word(whole: str, parts: NameParts) -> None:
    assert split_name(whole) == parts


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (11, "mười một"),
        (21, "hai mươi mốt"),
        (25, "hai mươi lăm"),
        (30, "ba mươi"),
        (105, "một trăm lẻ năm"),
        (1000, "một nghìn"),
        (1905, "một nghìn chín trăm lẻ năm"),
        (1990, "một nghìn chín trăm chín mươi"),
        (2000, "hai nghìn"),
        (2005, "hai nghìn không trăm lẻ năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (9999, "chín nghìn chín trăm chín mươi chín"),
    ],
)
def test_numbers_are_read_aloud(number: int, words: str) -> None:
    assert number_in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10000])
def test_numbers_beyond_four_digits_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        number_in_words(number)


def test_dates_in_words_have_the_parts_that_are_known() -> None:
    assert date_in_words(2026, 4, 12) == "Ngày mười hai tháng tư năm hai nghìn không trăm hai mươi sáu"
    assert date_in_words(1990, 11) == "Tháng mười một năm một nghìn chín trăm chín mươi"
    assert date_in_words(1990) == "Năm một nghìn chín trăm chín mươi"
    assert date_in_words(None) == ""


def test_spaces_of_every_kind_become_one() -> None:
    assert fold_spaces(" a\u00a0\u2003b\t\n c ") == "a b c"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\u0000", "U+0000"),
        ("\u202ea", "U+202E"),
        ("a\ufeff", "U+FEFF"),
        ("a\ud800", "U+D800"),
        ("ổn", None),
    ],
)
def test_invisible_characters_are_named(text: str, name: str | None) -> None:
    assert find_forbidden_character(text) == name
