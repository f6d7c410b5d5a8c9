"""A cursor leads back to its place, for ever, and nothing else passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import CursorInvalid
from gateway.feed.cursor import cursor_of, position_of


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_cursor_leads_back_to_its_place(position: int) -> None:
    assert position_of(cursor_of(position)) == position


def test_a_cursor_given_once_stays_good() -> None:
    # Written down by a reader of this release; a later one must still take it.
    assert cursor_of(42) == "AQAAAAAAAAAqzcg7Ng"
    assert position_of("AQAAAAAAAAAqzcg7Ng") == 42


@pytest.mark.parametrize("text", ["", "42", "AQAAAAAAAAAqzcg7Nh", "AQAAAAAAAAArzcg7Ng", "con trỏ", "=" * 40])
def test_what_was_not_given_is_no_cursor(text: str) -> None:
    with pytest.raises(CursorInvalid):
        position_of(text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        position = position_of(text)
    except CursorInvalid:
        return
    assert position >= 0
