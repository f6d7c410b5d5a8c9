"""Reading again what was accepted: every check of ours was passed then, and none needs to be made twice.

Kinds, limits, patterns and codes are looked at as ever, for that costs next to nothing. Left out are the
rules written in Python: relations between fields, the years of a calendar, blanks, invisible characters.
"""

import re
from collections.abc import Callable, Collection
from typing import Any, Final

from pydantic_core import CoreSchema, SchemaValidator

_AS_THEY_ARE: Final = frozenset({"cls", "function", "metadata"})
"""Parts of a schema that hold no schema."""
_UNFOLDED: Final = re.compile(rb' (?:[ "]|(?<=" ))')
"""A plain blank beside another, or at an end of a text; begins with the blank, which is found fast."""
_OTHER_BLANKS: Final = (b"\\", b"\xc2", b"\xe2", b"\xe3", b"\xe1\x9a\x80")
"""An escape, and the bytes with which every other blank begins."""


def has_folded_blanks(content: bytes) -> bool:
    """Whether every text in this JSON certainly has single plain blanks and none at its ends.

    JSON that is not written compactly, and other signs that begin with the same bytes, count as no.
    """
    return not any(each in content for each in _OTHER_BLANKS) and _UNFOLDED.search(content) is None


def reader_again(schema: CoreSchema, settled: Collection[Callable[..., object]]) -> SchemaValidator:
    """A reader of what has passed the checks of `schema`: it makes the same models of it.

    Checks that follow the reading are left out, for they give back what they are given; of functions that
    go before it only those named as `settled`: all others may make another value. Each model is read by its
    part of the schema, and not, as is usual, by the reader that its class has: that one makes every check.
    """
    return SchemaValidator(_without_checks(schema, settled), _use_prebuilt=False)


def _without_checks(part: Any, settled: Collection[Callable[..., object]]) -> Any:  # noqa: ANN401 - schemas are nested without end
    if isinstance(part, dict):
        if _is_left_out(part, settled):
            inner = _without_checks(part["schema"], settled)
            return {**inner, "ref": part["ref"]} if "ref" in part else inner
        return {
            name: value if name in _AS_THEY_ARE else _without_checks(value, settled)
            for name, value in part.items()
        }
    if isinstance(part, list | tuple):
        return type(part)(_without_checks(each, settled) for each in part)
    return part


def _is_left_out(part: dict[str, Any], settled: Collection[Callable[..., object]]) -> bool:
    match part.get("type"):
        case "function-after":
            return True
        case "function-before":
            return part["function"]["function"] in settled
        case _:
            return False
