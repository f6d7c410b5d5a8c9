"""Reads a partner's JSON with suspicion: size, depth, one meaning for every key."""

import json
from collections.abc import Iterable, Mapping, Sequence

ANSWER_BYTES_MAX = 16 * 1024 * 1024
"""A result with its certificate as base64 PDF has a few megabytes; more is no answer."""
DEPTH_MAX = 16


class JsonUnreadable(ValueError):
    """Not one JSON text in UTF-8 within the limits, or a key that stands twice."""


def read_json(content: bytes, *, bytes_max: int = ANSWER_BYTES_MAX, depth_max: int = DEPTH_MAX) -> object:
    """The value of a JSON text; fractions come as text. Raises JsonUnreadable."""
    if len(content) > bytes_max:
        raise JsonUnreadable
    try:
        value: object = _read(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise JsonUnreadable from None  # the library's message quotes the text, which may name people
    if _is_deeper_than(value, depth_max):
        raise JsonUnreadable
    return value


def find_json_object(content: bytes) -> Mapping[str, object] | None:
    """The object that an answer consists of; None if the answer is anything else."""
    try:
        value = read_json(content)
    except JsonUnreadable:
        return None
    return value if isinstance(value, dict) else None


def text_of(value: object) -> str | None:
    """Text that a partner spells now as a string, now as a number; None for anything else and for blanks."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def write_json(value: Mapping[str, object]) -> bytes:
    """Compact UTF-8 with marks as they are."""
    return _write(value).encode()


def _unambiguous(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise JsonUnreadable
    return named


def _refuse(_constant: str) -> object:
    raise JsonUnreadable


_read = json.JSONDecoder(object_pairs_hook=_unambiguous, parse_float=str, parse_constant=_refuse).decode
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _is_deeper_than(value: object, depth_max: int) -> bool:
    """Goes from objects and lists to those inside; what lies in the last of them is too deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth_max):
        level = [inner for outer in level for inner in _values(outer) if isinstance(inner, dict | list)]
        if not level:
            return False
    return any(level)


def _values(outer: dict[str, object] | list[object]) -> Iterable[object]:
    return outer.values() if isinstance(outer, dict) else outer
