"""Codes of administrative units as dialects write them: as numbers, so that leading zeros are lost."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from mappings.codes import find_unit

_WIDTHS: Final = (5, 3, 2)
"""A commune, a district until 30 June 2025, a province."""


def units_meant(said: str, on_date: date) -> tuple[str, ...]:
    """Every unit of that day that the digits can mean with zeros in front."""
    return tuple(dict.fromkeys(_units_meant(said, on_date)))


def read_unit(said: str, on_date: date) -> str:
    """The one unit that is meant; the text as it stands when none is, or several are."""
    if find_unit(said, on_date) is not None:
        return said
    meant = units_meant(said, on_date)
    return meant[0] if len(meant) == 1 else said


def _units_meant(said: str, on_date: date) -> Iterator[str]:
    if not (said.isascii() and said.isdigit()):
        return
    for width in _WIDTHS:
        code = said.zfill(width)
        if len(code) == width and find_unit(code, on_date) is not None:
            yield code
