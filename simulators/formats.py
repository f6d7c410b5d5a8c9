"""Formats named in the contract files, and the strict reading of JSON."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

REGEX_MARK = "regex:"
_PIECES = {
    "dd": r"(?P<day>[0-9]{2})",
    "MM": r"(?P<month>[0-9]{2})",
    "yyyy": r"(?P<year>[0-9]{4})",
    "HH": r"(?P<hour>[0-9]{2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
}
_ENDS = {"hour": 23, "minute": 59, "second": 59}


class NotStrictJson(ValueError):
    """The text is no JSON, holds a key twice, or is nested too deeply."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"not usable JSON: {fault}")


class KeyTwice(NotStrictJson):
    """One object holds the same key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(f"key twice: {key}")


def parse_json(text: bytes | str) -> Any:  # noqa: ANN401 - JSON may be anything; callers look
    """JSON with no key twice in one object; raises `NotStrictJson`."""
    try:
        return json.loads(text, object_pairs_hook=_unique_pairs)
    except KeyTwice:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrictJson(str(error)) from error


def matches(format_: str, value: str) -> bool:
    """Say whether a text follows the contract's `format` column; an empty format takes everything."""
    if not format_:
        return True
    if format_.startswith(REGEX_MARK):
        return re.fullmatch(format_.removeprefix(REGEX_MARK), value) is not None
    return any(_check_of(alternative)(value) for alternative in format_.split("|"))


@cache
def _check_of(alternative: str) -> Callable[[str], bool]:
    if alternative == "json":
        return _is_json
    if alternative == "base64":
        return _is_base64
    pattern = re.escape(alternative)
    for piece, expression in _PIECES.items():
        pattern = pattern.replace(piece, expression)
    compiled = re.compile(pattern)
    return lambda value: _is_moment(compiled.fullmatch(value))


def _is_json(value: str) -> bool:
    try:
        parse_json(value)
    except NotStrictJson:
        return False
    return True


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_moment(match: re.Match[str] | None) -> bool:
    if match is None:
        return False
    parts = {name: int(text) for name, text in match.groupdict().items()}
    if any(parts.get(name, 0) > end for name, end in _ENDS.items()):
        return False
    try:
        date(parts.get("year", 2000), parts.get("month", 1), parts.get("day", 1))
    except ValueError:
        return False
    return True


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise KeyTwice(key)
        found[key] = value
    return found
