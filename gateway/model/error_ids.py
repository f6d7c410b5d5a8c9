"""Ids under which an unforeseen failure is told and logged."""

from base64 import b32encode
from typing import Final

from gateway.model.ids import RandomBytes

_BYTES: Final = 10


def new_error_id(random_bytes: RandomBytes) -> str:
    """Short, for reading out over the telephone, and mostly letters: never mistaken for somebody's number."""
    return b32encode(random_bytes(_BYTES)).decode().lower()
