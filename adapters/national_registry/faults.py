"""What the registry's refusals mean: error numbers as a table, glued sentences taken apart."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from adapters.errors import PartnerFault
from adapters.partner_text import comparable, storable

RECEIVED_ALREADY = comparable("đã được tiếp nhận")
"""The only sign of a repeated push [S]; no error number says it."""

_FAULTS_MAX = 100
_CONTRACT = files("adapters.national_registry") / "contract"
_BOUNDARY = re.compile(
    r"(?:^|[\n;]\s*|(?P<glue>\.)\s*)(?P<field>[a-z][A-Za-z0-9]+)(?=\s+(?:có độ dài vượt quá|không tồn tại"
    r"|có định dạng không đúng|không được để trống|không có trong tài liệu))"
)


_LOST_LINE_BREAK = re.compile(r"\.n?\s*$")


class Reaction(StrEnum):
    """What an error number asks of us; spelled as in the contract's table."""

    NEW_TOKEN = "new_token"  # noqa: S105 a word of the table, no secret
    OPERATOR = "operator"
    CORRECT = "correct"
    ASK_LATER = "ask_later"
    ACCEPTED = "accepted"


@cache
def reactions() -> Mapping[str, Reaction]:
    """Error number to reaction, read from the contract's table."""
    rows = csv.DictReader((_CONTRACT / "codes" / "error.csv").read_text("utf-8").splitlines())
    return {row["code"]: Reaction(row["reaction"]) for row in rows}


def reaction_to(code: str | None) -> Reaction:
    """A number that the table lacks is a refusal like any other: its text goes to a person."""
    return reactions().get(code or "", Reaction.CORRECT)


def says_received_already(text: str | None) -> bool:
    """True when the sentence says that the registry holds this dossier."""
    return RECEIVED_ALREADY in comparable(text or "")


def faults_in(errors: object) -> tuple[PartnerFault, ...]:
    """The faults that a refusal names; text that fits no pattern is kept whole."""
    return tuple(fault for fault, _ in zip(_faults(errors), range(_FAULTS_MAX), strict=False))


def text_in(errors: object) -> str | None:
    """All words of a refusal, whatever their shape."""
    return storable(" ".join(fault.text for fault in faults_in(errors)))


def _faults(errors: object) -> Iterator[PartnerFault]:
    if isinstance(errors, str):
        yield from _split(unicodedata.normalize("NFC", errors).strip())
    elif isinstance(errors, Mapping):
        for field, inner in errors.items():
            yield from (
                PartnerFault(fault.text, fault.field or storable(str(field))) for fault in _faults(inner)
            )
    elif isinstance(errors, list):
        for inner in errors:
            yield from _faults(inner)


def _split(text: str) -> Iterator[PartnerFault]:
    """Sentences run together: each begins with its field; a lost line break left an `n` before it."""
    hits = list(_BOUNDARY.finditer(text))
    starts = [hit.start("field") + _glue_length(hit) for hit in hits]
    ends = [*starts[1:], len(text)]
    yield from _fault(text[: starts[0]] if starts else text, None)
    for hit, start, end in zip(hits, starts, ends, strict=False):
        yield from _fault(text[start:end], text[start : hit.end("field")])


def _fault(sentence: str, field: str | None) -> Iterator[PartnerFault]:
    words = storable(_LOST_LINE_BREAK.sub("", sentence))
    if words is not None:
        yield PartnerFault(words, field)


def _glue_length(hit: re.Match[str]) -> int:
    """1 when the field's first letter is the `n` of a lost line break; field names of the contract decide."""
    name = hit["field"]
    if hit["glue"] is None or not name.startswith("n") or name in field_names():
        return 0
    return 1 if name[1:] in field_names() or name[1:2].islower() else 0


@cache
def field_names() -> frozenset[str]:
    """Every field of the contract's messages, inner names too."""
    found: set[str] = set()
    for table in (_CONTRACT / "messages").iterdir():
        for row in csv.DictReader(table.read_text("utf-8").splitlines()):
            found.update(re.findall(r"[A-Za-z0-9]+", row["field"]))
    return frozenset(found)
