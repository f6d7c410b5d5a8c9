"""How alike two names are; every pair is invented."""

import unicodedata

import pytest

from mappings.names import NameLikeness, compare_names, name_key, name_spelling

N = NameLikeness

PAIRS = (
    ("Mẫu Văn Hòa", "MẪU VĂN HOÀ", N.SAME, "tone on the other letter of a rhyme, capitals"),
    ("Mẫu Thị Thúy", "Mẫu Thị Thuý", N.SAME, "the same with uy"),
    ("Lý Thị Mỹ", "LÍ THỊ MĨ", N.SAME, "i and y after one consonant"),
    ("Mẫu Như Ý", "Mẫu Như Í", N.SAME, "i and y alone"),
    ("Mẫu Quý", "Mẫu Quí", N.SAME, "i and y after qu"),
    ("  Mẫu   Văn  An ", "mẫu văn an", N.SAME, "blanks and small letters"),
    ("H'Hen Mẫu", "HHen Mẫu", N.SAME, "an apostrophe"),
    ("Mẫu Thị \u00d0ào", "Mẫu Thị \u0110ào", N.SAME, "the letter eth in the place of Đ"),
    ("Mẫu Văn An", "Mẫu Văn Ân", N.OTHER_MARKS, "a letter mark"),
    ("Mẫu Thị Lan", "MAU THI LAN", N.OTHER_MARKS, "no marks at all"),
    ("Mẫu Đức Đạt", "Mau Duc Dat", N.OTHER_MARKS, "đ and d"),
    ("Mẫu Hồng Vân", "Mẫu Hống Vấn", N.OTHER_MARKS, "tones"),
    ("Mẫu Văn An", "An Mẫu Văn", N.OTHER_ORDER, "given name first"),
    ("MẪU VĂN AN", "Van An Mau", N.OTHER_ORDER, "order and marks"),
    ("Mẫu Thị Xuân", "Mẫu Thị Suân", N.NEAR, "s and x sound alike"),
    ("Mẫu Thị Dung", "Mẫu Thị Giung", N.NEAR, "d and gi sound alike"),
    ("Mẫu Văn Trung", "Mẫu Văn Chung", N.NEAR, "tr and ch sound alike"),
    ("Mẫu Văn Đắk", "Mẫu Văn Đắc", N.NEAR, "k and c sound alike"),
    ("Mẫu Minh Khanh", "Mẫu Minh Khan", N.NEAR, "a letter forgotten"),
    ("Mẫu Minh Khanh", "Mẫu Minh Khnah", N.NEAR, "two letters swapped"),
    ("Mẫu Minh Khanh", "Mẫu Minh Khang", N.NEAR, "a wrong letter"),
    ("Mẫu An", "Mẫu Anh", N.DIFFERENT, "in a short name a letter makes another name"),
    ("Mẫu Thị Mai", "Mẫu Thị May", N.NEAR, "ai and ay are two rhymes: only one letter apart"),
    ("Mẫu Văn Bình", "Mẫu Thị Lan", N.DIFFERENT, "two names"),
    ("Mẫu Văn An", "Mẫu Văn", N.DIFFERENT, "a word missing"),
    ("H Hen Mẫu Niê", "HHen Mẫu Niê", N.NEAR, "a blank more"),
    ("", "Mẫu", N.DIFFERENT, "nothing"),
)


@pytest.mark.parametrize(("one", "other", "likeness", "why"), PAIRS, ids=[pair[3] for pair in PAIRS])
def test_likeness_of_two_names(one: str, other: str, likeness: NameLikeness, why: str) -> None:
    assert compare_names(one, other) is likeness, why
    assert compare_names(other, one) is likeness, why


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_unicode_form_of_a_name_is_the_same_name(form: str) -> None:
    name = "Mẫu Thị Ngọc Uyển"
    assert compare_names(name, unicodedata.normalize(form, name)) is N.SAME  # type: ignore[arg-type]  # one of the four


def test_what_is_alike_but_for_a_slip_of_the_pen_has_one_key() -> None:
    """The key is what is looked up: without it nobody would compare the two."""
    for one, other, likeness, why in PAIRS:
        if likeness >= N.OTHER_ORDER:
            assert name_key(one) == name_key(other), why


def test_the_key_forgives_what_the_spelling_does_not() -> None:
    assert name_spelling("Mẫu Văn An") != name_spelling("Mẫu Văn Ân")
    assert name_key("Mẫu Xuân Trung") == name_key("Chung Mẫu Suân")
    assert name_key("Mẫu Văn An") != name_key("Mẫu Văn Bình")
