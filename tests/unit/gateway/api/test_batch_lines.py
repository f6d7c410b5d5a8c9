"""Lines are the same however the stream arrives, and a line without end costs no memory."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gateway.api.batch_lines import Line, LineCutter

LIMIT = 8


def _cut(*parts: bytes) -> list[Line]:
    cutter = LineCutter(LIMIT)
    lines = [line for part in parts for line in cutter.feed(part)]
    last = cutter.end()
    return lines if last is None else [*lines, last]


@given(st.lists(st.sampled_from([b"", b"a", b"{}", b"\r", b"12345678", b"123456789", b" "])), st.randoms())
def test_lines_do_not_depend_on_the_parts_in_which_they_arrive(pieces: list[bytes], random: object) -> None:
    whole = b"\n".join(pieces)
    cuts = sorted(getattr(random, "randrange")(len(whole) + 1) for _ in range(4))  # noqa: B009 - a Random of hypothesis
    edges = [0, *cuts, len(whole)]
    parts = [whole[start:end] for start, end in itertools.pairwise(edges)]
    assert _cut(*parts) == _cut(whole)


def test_numbers_begin_with_one_and_the_last_line_needs_no_end() -> None:
    assert _cut(b"{}\r\n\n{1}") == [Line(1, b"{}"), Line(2, b""), Line(3, b"{1}")]
    assert _cut(b"{}\n") == [Line(1, b"{}")]
    assert _cut(b"") == []


def test_a_line_of_exactly_the_limit_is_whole_and_one_byte_more_is_too_long() -> None:
    assert _cut(b"12345678\r\n123456789\nx") == [
        Line(1, b"12345678"),
        Line(2, b"", is_too_long=True),
        Line(3, b"x"),
    ]


def test_a_line_that_never_ends_is_not_kept() -> None:
    cutter = LineCutter(LIMIT)
    for _ in range(1000):
        assert list(cutter.feed(b"x" * 100)) == []
    assert len(cutter._begun) == 0  # noqa: SLF001 - that nothing is kept is the point
    assert cutter.end() == Line(1, b"", is_too_long=True)


def test_blank_is_nothing_but_blanks() -> None:
    assert [line.is_blank for line in _cut(b" \t\r\nx\n" + b"y" * 20)] == [True, False, False]
