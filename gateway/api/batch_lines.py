"""Cutting a stream of bytes into lines, never holding more of a line than the limit."""

from collections.abc import Iterator
from dataclasses import dataclass

_NEWLINE = b"\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch, without its end; numbers begin with 1."""

    number: int
    body: bytes
    is_too_long: bool = False
    """More than a message may have; the bytes are gone."""

    @property
    def is_blank(self) -> bool:
        """Nothing, or nothing but blanks."""
        return not self.is_too_long and not self.body.strip()


class LineCutter:
    """Fed with whatever arrives; gives the lines that are whole."""

    def __init__(self, line_bytes_max: int) -> None:
        self._bytes_max = line_bytes_max
        self._begun = bytearray()
        self._is_too_long = False
        self._number = 0

    def feed(self, part: bytes) -> Iterator[Line]:
        """The lines that end in this part."""
        *whole, begun = part.split(_NEWLINE)
        for piece in whole:
            self._add(piece)
            yield self._line()
        self._add(begun)

    def end(self) -> Line | None:
        """The last line, when nothing ends it; none after a final line end."""
        return self._line() if self._begun or self._is_too_long else None

    def _add(self, piece: bytes) -> None:
        if self._is_too_long:
            return
        self._begun += piece
        if len(self._begun) > self._bytes_max + 1:  # one more: a carriage return may end the line
            self._is_too_long = True
            self._begun = bytearray()

    def _line(self) -> Line:
        body, too_long = bytes(self._begun).removesuffix(b"\r"), self._is_too_long
        if len(body) > self._bytes_max:
            body, too_long = b"", True
        self._begun, self._is_too_long = bytearray(), False
        self._number += 1
        return Line(self._number, body, too_long)
