"""From bytes to plain values: size, encoding, syntax, depth, repeated keys; and one canonical spelling."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from gateway.receive.finding import Finding, Path
from mappings.text import nfc

JsonObject: TypeAlias = dict[str, object]
_DIGITS_MAX: Final = 15
"""Whole numbers up to here survive every JSON reader; no field needs more."""
_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What a message may be at most."""

    body_bytes_max: int = 16 * 1024 * 1024
    depth_max: int = 32


@dataclass(frozen=True, slots=True)
class ParsedBody:
    """The message as plain values with all text in NFC, or what is wrong with it."""

    value: JsonObject | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _BadNumber:
    """Stands where the message has a number that is not whole, or too long."""


class _Object(dict[str, object]):
    """An object that remembers which keys came twice."""

    repeated: tuple[str, ...] = ()


def parse_body(body: bytes, limits: BodyLimits) -> ParsedBody:
    """Read one JSON object. Findings with a value are faults inside it; more may be said of the rest."""
    if len(body) > limits.body_bytes_max:
        return _refused(Finding("body_too_large", (), {"bytes_max": limits.body_bytes_max}))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _refused(Finding("body_not_utf8", (), {"byte": error.start + 1}))
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_bad_number,
            parse_int=_whole_number,
            parse_constant=_bad_number,
        )
    except json.JSONDecodeError as error:
        return _refused(Finding("body_not_json", (), {"line": error.lineno, "column": error.colno}))
    except RecursionError:
        return _refused(Finding("json_too_deep", (), {"depth_max": limits.depth_max}))
    if not isinstance(value, dict):
        return _refused(Finding("body_not_object", ()))
    findings = tuple(_faults_inside(value, (), limits.depth_max))
    if any(finding.code == "json_too_deep" for finding in findings):
        return ParsedBody(None, findings)
    return ParsedBody({nfc(key): _composed(item) for key, item in value.items()}, findings)


def canonical_json(value: JsonObject) -> bytes:
    """One spelling for one content: keys sorted, no blanks, UTF-8; the text is in NFC already."""
    return _CANONICAL.encode(value).encode()


def content_sha256(content: bytes) -> str:
    """The fingerprint of canonical JSON, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _refused(finding: Finding) -> ParsedBody:
    return ParsedBody(None, (finding,))


def _object(pairs: list[tuple[str, object]]) -> _Object:
    read = _Object(pairs)
    if len(read) != len(pairs):
        read.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return read


def _bad_number(_text: str) -> _BadNumber:
    return _BadNumber()


def _whole_number(text: str) -> int | _BadNumber:
    return int(text) if len(text.removeprefix("-")) <= _DIGITS_MAX else _BadNumber()


def _faults_inside(value: object, path: Path, depth_left: int) -> Iterator[Finding]:
    if isinstance(value, _BadNumber):
        yield Finding("number_not_whole", path)
    elif isinstance(value, str):
        if not _is_unicode(value):
            yield Finding("text_not_unicode", path)
    elif isinstance(value, dict | list):
        if depth_left == 0:
            yield Finding("json_too_deep", path, {"depth_max": len(path)})
            return
        if isinstance(value, _Object):
            yield from (Finding("key_repeated", (*path, _nameable(key))) for key in value.repeated)
            yield from (Finding("text_not_unicode", path) for key in value if not _is_unicode(key))
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in items:
            yield from _faults_inside(item, (*path, _nameable(step)), depth_left - 1)


def _nameable(step: str | int) -> str | int:
    return step if isinstance(step, int) or _is_unicode(step) else "?"


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _composed(value: object) -> object:
    match value:
        case str():
            return value if value.isascii() else nfc(value)
        case dict():
            return {nfc(key): _composed(item) for key, item in value.items()}
        case list():
            return [_composed(item) for item in value]
        case _:
            return value
