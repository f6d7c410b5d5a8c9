"""Opaque, stable cursors: a position with a version and a check, so that a mistyped one is noticed."""

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from gateway.errors import CursorInvalid

_VERSION: Final = 1
_CHECK_BYTES: Final = 4
_POSITION_BYTES: Final = 8


def cursor_of(position: int) -> str:
    """The cursor behind the entry at this position; 0 is before the first."""
    body = bytes([_VERSION]) + position.to_bytes(_POSITION_BYTES, "big")
    return urlsafe_b64encode(body + _check(body)).rstrip(b"=").decode()


def position_of(cursor: str) -> int:
    """Raises `CursorInvalid` for anything that `cursor_of` did not give."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        raise CursorInvalid(reason="not_a_cursor") from error
    position = int.from_bytes(raw[1 : 1 + _POSITION_BYTES], "big")
    if cursor_of(position) != cursor:
        raise CursorInvalid(reason="not_a_cursor")
    return position


def _check(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:_CHECK_BYTES]
