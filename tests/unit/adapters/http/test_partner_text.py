"""Partners' sentences, compared and stored."""

import unicodedata

from adapters.partner_text import comparable, storable


def test_form_case_and_spaces_do_not_matter_but_marks_do() -> None:
    spelled_apart = unicodedata.normalize("NFD", "ĐÃ  được\ttiếp nhận ")
    assert comparable(spelled_apart) == "đã được tiếp nhận"
    assert comparable("da duoc tiep nhan") != "đã được tiếp nhận"


def test_text_that_a_database_refuses_is_made_storable() -> None:
    assert storable("a\x00b\ud800c") == "a\ufffdb\ufffdc"
    assert storable("  ") is None
    assert storable(None) is None
    assert storable("x" * 10, characters_max=4) == "xxxx"
