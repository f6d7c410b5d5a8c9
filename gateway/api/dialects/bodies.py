"""Bodies of old clients: JSON whatever the content type says, with or without a byte-order mark."""

import json
from typing import Final

from starlette.concurrency import run_in_threadpool

from gateway.api.dialects import wire
from gateway.api.dialects.answers import DialectFault
from gateway.api.events import PREPARED_INLINE_BYTES_MAX

JsonObject = dict[str, object]
_DEPTH_MAX: Final = 32


class NotReadable(Exception):
    """A body, or the text inside it, that cannot be read at all."""

    def __init__(self, fault: DialectFault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def read_object(text: bytes | str, field: str = "") -> JsonObject:
    """One JSON object; numbers with a fraction stay text, as they were written.

    Raises:
        NotReadable: no UTF-8, no JSON, no object, too deep.

    """
    pointer = f"/{field}" if field else ""
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as broken:
        place = broken.start + 1
        raise NotReadable(
            DialectFault(
                field,
                pointer,
                "body_not_utf8",
                f"Thông điệp không phải UTF-8 (sai ở byte {place}); mã hóa lại bằng UTF-8.",
                f"The message is not UTF-8 (wrong at byte {place}); encode it as UTF-8.",
            )
        ) from broken
    try:
        value = json.loads(decoded, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as broken:
        raise _not_json(field, pointer, broken.lineno, broken.colno) from broken
    except (RecursionError, ValueError) as broken:
        raise _not_json(field, pointer, 1, 1) from broken
    if not isinstance(value, dict) or _is_too_deep(value, _DEPTH_MAX) or not _is_unicode(value):
        raise NotReadable(
            DialectFault(
                field,
                pointer,
                "body_not_object",
                f"{field or 'Thông điệp'} phải là một đối tượng JSON, lồng nhau không quá {_DEPTH_MAX} cấp.",
                f"{field or 'The message'} must be a JSON object, at most {_DEPTH_MAX} levels deep.",
            )
        )
    return value


async def read_later(text: bytes | str, field: str = "") -> JsonObject:
    """The same; a long text is read in a thread, so that others need not wait. Raises NotReadable."""
    if len(text) <= PREPARED_INLINE_BYTES_MAX:
        return read_object(text, field)
    return await run_in_threadpool(read_object, text, field)


def _not_json(field: str, pointer: str, line: int, column: int) -> NotReadable:
    where = f"{field} (văn bản JSON)" if field else "Thông điệp"
    return NotReadable(
        DialectFault(
            field,
            pointer,
            "body_not_json",
            f"{where} không phải JSON hợp lệ (dòng {line}, cột {column}); hãy dùng thư viện JSON để ghi.",
            f"{field or 'The message'} is not valid JSON (line {line}, column {column}); use a JSON library.",
        )
    )


def _is_too_deep(value: object, depth_left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if depth_left == 0:
        return True
    items = value.values() if isinstance(value, dict) else value
    return any(_is_too_deep(item, depth_left - 1) for item in items)


def _is_unicode(value: object) -> bool:
    """No half characters (lone surrogates): nothing could store them."""
    if isinstance(value, dict):
        return all(_is_unicode(key) and _is_unicode(item) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_unicode(item) for item in value)
    if not isinstance(value, str):
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def require_few_fields(record: JsonObject) -> JsonObject:
    """A record of any length would make an answer of any length. Raises NotReadable."""
    if len(record) > wire.RECORD_FIELDS_MAX:
        raise NotReadable(
            DialectFault(
                "data",
                "/data",
                "record_too_long",
                f"Bản ghi có quá {wire.RECORD_FIELDS_MAX} trường; bỏ các trường thừa.",
                f"The record has more than {wire.RECORD_FIELDS_MAX} fields; take out what is not needed.",
            )
        )
    return record
